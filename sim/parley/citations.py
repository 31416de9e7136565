"""Who cites which publication: registry, places, practices, interventions and scenarios."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from parley.paths import scenarios_folder
from parley.registry import ASSUMPTION, load_registry
from parley.toml_files import find, read_toml, read_with_parents

if TYPE_CHECKING:
    from parley.registry import Reference, Registry

_REFERENCES = "references.toml"


def citations() -> dict[str, tuple[str, ...]]:
    """Every key that a `source` names, and where.

    Returns:
        Key of a reference to the places that name it, such as `places/bosnia.toml` or
        `parameters.toml: trust.asymmetry_max`; keys that `references.toml` lacks are there too.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for where, key in (*_of_registry(load_registry()), *_of_files()):
        if key != ASSUMPTION and where not in found[key]:
            found[key].append(where)
    return {key: tuple(where) for key, where in found.items()}


def cited_by(name: str | Path) -> tuple[str, ...]:
    """Keys of the references of a place, parents included, in alphabetical order.

    Args:
        name: The name of a place that comes with Parley, or the path of a file.

    Raises:
        ScenarioError: The file is missing or does not read.
    """
    data = read_with_parents(find(name, "places"), "places")
    return tuple(sorted({key for key in _sources(data) if key != ASSUMPTION}))


def work_of(reference: Reference) -> tuple[str, str, str]:
    """Authors, year and title without case, accents, marks and `and others`.

    Two references of the same work give the same three words.

    >>> from parley.registry import Reference
    >>> work_of(Reference("k", "Jøsang, A. and Ismaïl, R.", "2002", "The Title: a part"))
    ('jøsang a ismail r', '2002', 'the title a part')
    """
    authors = re.sub(r"\b(and|others|et al)\b", " ", _folded(reference.authors))
    return " ".join(authors.split()), _folded(reference.year), _folded(reference.title)


def _folded(words: str) -> str:
    """Letters and digits only, in lower case, accents taken off."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", plain))


def _of_registry(registry: Registry) -> Iterator[tuple[str, str]]:
    """Citations of parameters, outcomes and dials."""
    for parameter in registry.parameters.values():
        yield from ((f"parameters.toml: {parameter.key}", key) for key in parameter.sources)
    for outcome in registry.outcomes:
        yield from ((f"outcomes.toml: {outcome.name}", key) for key in outcome.sources)
    for dial in registry.dials:
        yield f"dials.toml: {dial.key}", dial.source


def _of_files() -> Iterator[tuple[str, str]]:
    """Citations of scenario files of all kinds."""
    folder = scenarios_folder()
    for path in sorted(folder.rglob("*.toml")):
        if path.name != _REFERENCES:
            where = path.relative_to(folder).as_posix()
            yield from ((where, key) for key in _sources(read_toml(path)))


def _sources(content: object) -> Iterator[str]:
    """Keys that stand under `source` anywhere in a file."""
    if isinstance(content, Mapping):
        for name, value in content.items():
            if name in ("source", "sources"):
                yield from _keys(value)
            else:
                yield from _sources(value)
    elif isinstance(content, list):
        for item in content:
            yield from _sources(item)


def _keys(value: object) -> Iterator[str]:
    """The keys of one `source`."""
    if isinstance(value, list):
        for item in value:
            yield from _keys(item)
    elif isinstance(value, str):
        yield from value.split("; ")
