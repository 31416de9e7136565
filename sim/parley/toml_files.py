"""Finds scenario, place and practice files and reads them, parents included.

A file may extend one other file of its kind: it then holds only what differs. Tables are merged key
by key; a number with its source, a list or any other value replaces the parent's as a whole, and
`false` takes a table of the parent away.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parley.errors import Problem, ScenarioError, did_you_mean
from parley.paths import scenarios_folder

if TYPE_CHECKING:
    from parley.reading import Reading

LARGEST_FILE = 1_000_000
"""Bytes; a scenario file is a few thousand."""

VARIANTS = "variants"
"""Folder inside a folder: files that are found by name but are not in the list of the main ones."""

_KINDS = {
    "places": "place",
    "practices": "practices",
    "interventions": "intervention",
    "designs": "design",
    "tail_events": "tail event",
}
_NOT_SCENARIOS = frozenset({"references", "systems"})


def available(folder: str) -> tuple[str, ...]:
    """Names of the files that come with Parley.

    Args:
        folder: `places`, `practices` or the empty string for ready scenarios.
    """
    files = (scenarios_folder() / folder).glob("*.toml")
    return tuple(sorted(file.stem for file in files if file.stem not in _NOT_SCENARIOS))


def find(name: str | Path, folder: str, near: Path | None = None) -> Path:
    """The file meant by a name or a path.

    Args:
        name: The name of a file that comes with Parley, or a path that ends in `.toml` or holds
            a slash.
        folder: `places`, `practices` or the empty string for ready scenarios.
        near: Folder from which a relative path starts; None for the working directory.

    Raises:
        ScenarioError: There is no file of that name.
    """
    text = str(name)
    if isinstance(name, Path) or text.endswith(".toml") or "/" in text or "\\" in text:
        return (near or Path()) / name
    known = available(folder)
    if text in known:
        return scenarios_folder() / folder / f"{text}.toml"
    if text in available(f"{folder}/{VARIANTS}"):
        return scenarios_folder() / folder / VARIANTS / f"{text}.toml"
    kind = _KINDS.get(Path(folder).name, "scenario")
    step = (
        did_you_mean(text, (*known, *available(f"{folder}/{VARIANTS}")))
        or "give one of these names or the path of a .toml file"
    )
    problem = Problem(text or kind, "", None, f"unknown {kind}", ", ".join(known), step)
    raise ScenarioError([problem])


def open_named[T](
    reading: Reading,
    at: tuple[str, object],
    name: str,
    folder: str,
    near: Path | None,
    load: Callable[[str, Path | None], T],
) -> T | None:
    """What a list or a key of a file names, read; None when it does not read, which is noted.

    Args:
        reading: Where problems are noted: an unknown name under its key, those of a file that is
            there under the file.
        at: Dotted key that names it, and the value as given.
        name: Name or path.
        folder: Its kind, as for `find`.
        near: Folder from which a relative path starts.
        load: Reads it.
    """
    try:
        find(name, folder, near)
    except ScenarioError as error:
        problem = error.problems[0]
        reading.fail(*at, problem.message, problem.allowed, problem.next_step)
        return None
    try:
        return load(name, near)
    except ScenarioError as error:
        reading.absorb(error)
        return None


def read_with_parents(path: Path, folder: str, chain: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The contents of a file on top of the file it extends, if any.

    Args:
        path: The file.
        folder: Its kind, as for `find`; or an absolute path, where files of its kind come with
            Parley but lie elsewhere.
        chain: Files that extend this one, the first one read first.

    Raises:
        ScenarioError: A file is missing, does not read or extends itself.
    """
    content = read_toml(path)
    if "extends" not in content:
        return content
    parent = content.pop("extends")
    step = "name one file that comes with Parley, or the path of one, or leave `extends` out"
    if not isinstance(parent, str) or not parent.strip():
        raise _wrong_parent(path, parent, "expected the name of one file", step)
    chain = (*chain, path.resolve())
    try:
        found = find(parent, folder, path.parent)
    except ScenarioError as error:
        known = error.problems[0]
        hint = did_you_mean(parent, available(folder)) or step
        raise _wrong_parent(path, parent, known.message, hint, known.allowed) from error
    if found.resolve() in chain:
        raise _wrong_parent(path, parent, "extends itself, directly or through others", step)
    if not found.exists():
        raise _wrong_parent(path, parent, "there is no such file", step)
    return merge(read_with_parents(found, folder, chain), content)


def merge(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """One table on top of another.

    >>> merge({"a": {"x": 1, "y": 2}, "b": [1]}, {"a": {"y": 3}, "b": [2]})
    {'a': {'x': 1, 'y': 3}, 'b': [2]}
    >>> merge({"groups": {"herders": {"share": 0.3}, "town": {}}}, {"groups": {"herders": False}})
    {'groups': {'town': {}}}
    """
    merged = dict(parent)
    for key, value in child.items():
        old = merged.get(key)
        if value is False and isinstance(old, Mapping):
            del merged[key]
            continue
        patch = isinstance(old, Mapping) and isinstance(value, Mapping) and "value" not in value
        merged[key] = merge(merged[key], value) if patch else value
    return merged


def read_toml(path: Path) -> dict[str, Any]:
    """The contents of one TOML file.

    Raises:
        ScenarioError: It is missing, a folder, too long, not text or not TOML.
    """
    step = "start from one of the ready files"
    try:
        size = path.stat().st_size
        if path.is_file() and size <= LARGEST_FILE:
            return _parse(path.read_bytes(), str(path))
        problem = f"is a file of {size} bytes" if path.is_file() else "is a folder, not a file"
    except FileNotFoundError:
        problem, step = "no such file", "check the spelling and the folder"
    except (OSError, ValueError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or error})"
    raise ScenarioError([Problem(str(path), "", None, problem, "a TOML file of up to 1 MB", step)])


def _parse(raw: bytes, shown: str) -> dict[str, Any]:
    """Text and then tables, with the errors of both in words."""
    step = "start from one of the ready files"
    try:
        text = raw.decode("utf-8-sig")
        if "\0" in text:
            problem = "is a binary file"
        else:
            content = tomllib.loads(text)
            if content:
                return content
            problem = "is empty"
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 text (byte {error.start})"
    except tomllib.TOMLDecodeError as error:
        problem, step = _toml_problem(str(error)), "correct that line"
    except (ValueError, RecursionError):
        problem = "is not valid TOML: a number is too long or tables are too deep"
    allowed = "a TOML file saved as UTF-8"
    raise ScenarioError([Problem(shown, "", None, problem, allowed, step)])


def _toml_problem(message: str) -> str:
    """The parser's message, with its words for a repeated key made plain."""
    where = re.search(r"\(at [^)]*\)$", message)
    if re.match(r"Cannot (overwrite a value|declare .* twice)", message):
        return f"is not valid TOML: a key is given twice {where.group() if where else ''}".rstrip()
    return f"is not valid TOML: {message}"


def _wrong_parent(
    path: Path, parent: object, message: str, step: str, allowed: str = ""
) -> ScenarioError:
    """The error for an `extends` that leads nowhere."""
    shown = parent if isinstance(parent, str) else None
    return ScenarioError([Problem(str(path), "extends", shown, message, allowed, step)])
