"""Writes every file that follows from the registry: `python -m parley.generate`.

With `--check` nothing is written; the command names the files that are out of date and exits 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from parley.registry import Parameter, Registry, load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]


def parameter_classes(registry: Registry) -> str:
    """Source of `parameters.py`: one frozen class per section and `Parameters` over them."""
    lines = ['"""Frozen parameter classes. Generated from `parameters.toml`; do not edit."""', ""]
    lines += ["from dataclasses import dataclass", ""]
    names: list[tuple[str, str]] = []
    for section in registry.sections:
        if section.key == "place":
            continue
        name = "".join(part.capitalize() for part in section.key.split("_")) + "Params"
        names.append((section.key, name))
        lines += _class_head(name, f"{section.title} (block {section.block}).")
        for parameter in registry.parameters.values():
            if parameter.section == section.key:
                lines += _field(parameter)
        lines.append("")
    lines += _class_head("Parameters", "All behavioural parameters of one run, by section.")
    lines += [f"    {key}: {name}" for key, name in names]
    return "\n".join(lines) + "\n"


def _class_head(name: str, doc: str) -> list[str]:
    """Opening lines of a frozen class."""
    return ["", "@dataclass(frozen=True, slots=True)", f"class {name}:", f'    """{doc}"""', ""]


def _field(parameter: Parameter) -> list[str]:
    """One field and the text that describes it, wrapped at 100 columns."""
    kind = "int" if parameter.integer else "float"
    text = f'"""{parameter.label} ({parameter.unit})."""'
    wrapped = textwrap.wrap(text, 96, break_long_words=False, break_on_hyphens=False)
    return [f"    {parameter.name}: {kind}", *(f"    {line}" for line in wrapped)]


def generated_files(registry: Registry) -> dict[Path, str]:
    """Every generated file: where it lies in the checkout and what it must say."""
    from parley.generate_docs import reference_pages
    from parley.generate_events import events_page
    from parley.generate_interventions import interventions_page
    from parley.generate_places import place_pages
    from parley.generate_practices import practice_pages
    from parley.generate_schema import scenario_schema
    from parley.generate_tail_events import tail_events_page

    pages = reference_pages(registry) | practice_pages(registry)
    pages["interventions.md"] = interventions_page(registry)
    pages["events.md"] = events_page()
    pages["tail-events.md"] = tail_events_page(registry)
    places = CHECKOUT / "docs/places"
    return {
        PACKAGE / "parameters.py": parameter_classes(registry),
        CHECKOUT / "scenarios/schema.json": scenario_schema(registry),
        **{CHECKOUT / "docs/reference" / name: text for name, text in pages.items()},
        **{places / name: text for name, text in place_pages(registry, places).items()},
    }


def main(arguments: list[str] | None = None) -> int:
    """Write the generated files, or check them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m parley.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")
    check = parser.parse_args(arguments).check
    if not (CHECKOUT / "pyproject.toml").exists():
        parser.error(f"{CHECKOUT} is no checkout of Parley; generated files belong to one")
    registry = load_registry()
    if put({PACKAGE / "parameters.py": parameter_classes(registry)}, check):
        # Everything else is worked out with these classes, which are imported by now.
        again = [sys.executable, "-m", "parley.generate"]
        return 1 if check else subprocess.run(again, check=False).returncode
    return 1 if put(generated_files(registry), check) and check else 0


def put(files: Mapping[Path, str], check: bool) -> bool:
    """Write the files that differ, or only name them; True if there were any."""
    stale = {p: t for p, t in files.items() if not p.exists() or p.read_text("utf-8") != t}
    for path, text in stale.items():
        sys.stdout.write(f"{'stale' if check else 'wrote'} {path.relative_to(CHECKOUT)}\n")
        sys.stdout.flush()
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
