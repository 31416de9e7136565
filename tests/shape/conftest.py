"""The source files of the four packages, read and parsed once."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "parley": ROOT / "sim",
    "parley_experiments": ROOT / "experiments",
    "parley_analysis": ROOT / "analysis",
    "parley_workshop": ROOT / "workshop",
}


@dataclass(frozen=True)
class Source:
    """One source file: where it lies, what it is called when imported, what it says."""

    path: Path
    module: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @cached_property
    def name(self) -> str:
        """Path from the top of the checkout, for messages."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def generated(self) -> bool:
        return "Generated from" in (ast.get_docstring(self.tree) or "").partition("\n")[0]

    def walk(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def at(self, node: Any) -> str:
        return f"{self.name}:{node.lineno}"

    def within(self, *modules: str) -> bool:
        """Whether this is one of the modules or lies in one of the packages named."""
        return any(self.module == m or self.module.startswith(m + ".") for m in modules)

    @cached_property
    def _only_for_types(self) -> set[ast.AST]:
        guarded = (n for n in self.walk(ast.If) if ast.unparse(n.test).endswith("TYPE_CHECKING"))
        return {inner for block in guarded for inner in ast.walk(block)}

    def only_for_types(self, node: ast.AST) -> bool:
        """Whether a statement stands under `if TYPE_CHECKING`, so is never executed."""
        return node in self._only_for_types

    def imported(self) -> Iterator[tuple[ast.AST, str]]:
        """Every imported module, `from a import b` given as `a.b`."""
        for node in self.walk(ast.Import, ast.ImportFrom):
            for alias in node.names:
                if isinstance(node, ast.ImportFrom):
                    yield node, f"{'.' * node.level}{node.module or ''}.{alias.name}"
                else:
                    yield node, alias.name


def _read(path: Path, folder: Path) -> Source:
    parts = path.relative_to(folder).with_suffix("").parts
    module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Source(path, module, path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> tuple[Source, ...]:
    """Every Python file of the four packages."""
    return tuple(
        _read(path, folder)
        for package, folder in PACKAGES.items()
        for path in sorted((folder / package).rglob("*.py"))
    )


@pytest.fixture(scope="session")
def sources_of_tests() -> tuple[Source, ...]:
    """Every Python file of the tests and benchmarks."""
    return tuple(
        _read(path, ROOT / folder)
        for folder in ("tests", "benchmarks")
        for path in sorted((ROOT / folder).rglob("*.py"))
    )


RULES = (
    *("mechanisms", "institutions", "steps", "schedule", "model"),
    *("state", "build", "population", "population_draw", "people", "person"),
    *("ledger", "promises", "event_effects", "event_kinds", "timed_events", "measures", "recorder"),
    *("policy", "interventions", "intervention_kinds", "intervention_types"),
    *("tail_events", "tail_types"),
)


@pytest.fixture(scope="session")
def rules(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """The files that hold the model's rules, their order, and the state they act on."""
    modules = [f"parley.{name}" for name in RULES]
    return tuple(source for source in sources if source.within(*modules))


@pytest.fixture(scope="session")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
