"""Every number of the registry is used by the code, in one of a few plain ways.

`p.name` where `p` is annotated `SectionParams`; `....section.name`; `alias.name` after
`alias = ....section`; for facts of a place `facts.name` likewise; a whole section by
`astuple(....section)`; some of a section by `getattr(....section, f"trust_{whom}")`.
"""

import ast
import re
import tomllib
from fnmatch import fnmatchcase

import pytest

OWN_FILES = ("parley.parameters", "parley.registry", "parley.registry_rules", "parley.generate")


@pytest.fixture(scope="module")
def registered(root):
    sections = tomllib.loads((root / "sim/parley/parameters.toml").read_text(encoding="utf-8"))
    keys = {
        f"{section}.{name}"
        for section, entries in sections.items()
        for name, entry in entries.items()
        if isinstance(entry, dict)
    }
    return keys, set(sections)


def section_of_class(annotation):
    """`trust` from `TrustParams`, also inside quotes or a union; None for other classes."""
    for word in ast.unparse(annotation).replace("'", " ").replace('"', " ").split():
        name = word.rpartition(".")[2]
        if name == "PlaceFacts":
            return "place"
        if name.endswith("Params"):
            return re.sub(r"(?<!^)(?=[A-Z])", "_", name.removesuffix("Params")).lower()
    return None


def section_of_value(value, sections):
    """`trust` from `model.parameters.trust`, `place` from `scenario.place.facts`."""
    if isinstance(value, ast.Attribute):
        if value.attr == "facts":
            return "place"
        if value.attr in sections:
            return value.attr
    return None


def local_names(function, sections):
    """Names in a function that stand for one section's parameters."""
    names = {}
    for node in ast.walk(function):
        if isinstance(node, ast.arg) and node.annotation is not None:
            names[node.arg] = section_of_class(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names[node.target.id] = section_of_class(node.annotation)
        elif isinstance(node, ast.Assign):
            names |= dict(assigned(node, sections))
    return {name: section for name, section in names.items() if section}


def assigned(node, sections):
    """Pairs of name and section from `a = x.trust` and from `a, b = x.trust, x.room`."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=False)
        else:
            pairs = [(target, node.value)]
        for name, value in pairs:
            if isinstance(name, ast.Name):
                yield name.id, section_of_value(value, sections)


def used_in(tree, sections):
    """Patterns of the keys that a module reads; `*` stands for any part of a name."""
    scopes = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.Lambda))]
    for scope in (tree, *scopes):
        names = local_names(scope, sections)
        for node in ast.walk(scope):
            base, name = reading(node)
            section = section_of_value(base, sections)
            if isinstance(base, ast.Name):
                section = names.get(base.id)
            if section:
                yield f"{section}.{name}"


def reading(node):
    """What an expression reads from, and which names: `a.b`, `getattr(a, ...)`, `astuple(a)`."""
    match node:
        case ast.Attribute(value=base, attr=name):
            return base, name
        case ast.Call(func=ast.Name(id="getattr"), args=[base, ast.JoinedStr(values=parts), *_]):
            return base, "".join(p.value if isinstance(p, ast.Constant) else "*" for p in parts)
        case ast.Call(func=ast.Name(id="astuple"), args=[base]):
            return base, "*"
    return None, None


def test_every_registered_parameter_is_used(sources, registered):
    keys, sections = registered
    patterns = {
        pattern
        for source in sources
        if not source.within(*OWN_FILES)
        for pattern in used_in(source.tree, sections)
    }
    unused = [key for key in sorted(keys) if not any(fnmatchcase(key, p) for p in patterns)]
    assert unused == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(x, p: TrustParams): return x * p.rate",
        "def f(model): return model.parameters.trust.rate",
        "def f(model):\n    p = model.parameters.trust\n    return p.rate",
        "def f(model):\n    p, q = model.parameters.trust, 1\n    return p.rate",
        "def f(p: 'parameters.TrustParams | None'): return p.rate",
        "def f(model): return astuple(model.p.trust)",
        "def f(p: TrustParams, x): return getattr(p, f'ra{x}')",
    ],
)
def test_use_is_seen(text):
    assert any(fnmatchcase("trust.rate", p) for p in used_in(ast.parse(text), {"trust"}))


@pytest.mark.parametrize(
    "text",
    [
        "rate = 3",
        "def f(p: RoomParams): return p.rate",
        "def f(p): return p.rate",
        "def f(p: TrustParams, x): return getattr(p, f'{x}_start')",
        "def f(model): return list(model.p.trust)",
        "'p.rate, parameters.trust.rate'",
    ],
)
def test_what_is_no_use_is_not_counted(text):
    sections = {"trust", "room"}
    assert not any(fnmatchcase("trust.rate", p) for p in used_in(ast.parse(text), sections))
