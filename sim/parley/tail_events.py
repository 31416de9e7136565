"""Modules of rare disasters in files: read, checked and resolved.

A scenario or a place loads them by `tail_events = ["bhopal"]`: names of modules that come with
Parley or paths of files, each with changes after a colon if wanted. A module is off unless named.
All problems are noted, not only the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parley.reading import Quantity, Reading, Table
from parley.registry import load_registry
from parley.tail_types import NUMBERS, TailEvent
from parley.toml_files import available, find, open_named, read_with_parents

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = "tail_events"
"""Folder of the modules that come with Parley, and the key that loads them."""

_FORM = 'a list of names or files, such as ["bhopal", "thor:hazard_per_year=0.02"]'


@dataclass(frozen=True, slots=True)
class TailEventFile:
    """A module with what readers need to know of it.

    Attributes:
        event: The numbers, as the model takes them.
        title: Its title.
        story: What happened, for readers.
        source: Where the story is from, keys of references.
        quantities: Every number with its unit, source, grade, year, range and note.
    """

    event: TailEvent
    title: str
    story: str
    source: str
    quantities: tuple[Quantity, ...]


def available_tail_events() -> tuple[str, ...]:
    """Names of the modules that come with Parley."""
    return available(FOLDER)


def load_tail_event(name: str | Path, near: Path | None = None) -> TailEventFile:
    """Read a module.

    Args:
        name: The name of one that comes with Parley, or the path of a file.
        near: Folder from which a relative path starts; None for the working directory.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    path = find(name, FOLDER, near)
    data = read_with_parents(path, FOLDER)
    reading = Reading(str(path), frozenset(load_registry().references), sourced=True)
    table = Table(reading, data)
    title, story, source = table.text("title"), table.text("story"), table.text("source")
    table.check_source("source", source)
    numbers = table.table("numbers")
    values = {key: numbers.number(key, number.bounds) for key, number in NUMBERS.items()}
    numbers.close(NUMBERS)
    table.close()
    _check_damage(numbers, values)
    reading.stop_if_wrong()
    event = _event(path.stem, values)
    return TailEventFile(event, title, story, source, tuple(reading.quantities))


def read_tail_events(
    table: Table, near: Path | None, default: tuple[TailEvent, ...] = ()
) -> tuple[TailEvent, ...]:
    """The modules that the key `tail_events` of a scenario or a place names.

    Args:
        table: The scenario or the place; problems are noted in its reading.
        near: Folder from which relative paths start.
        default: What holds where the key is left out. An empty list loads nothing.
    """
    if not table.has(FOLDER):
        return default
    given = table.data[FOLDER]
    if not isinstance(given, list | tuple):
        table.fail(FOLDER, "expected a list", _FORM)
        return ()
    return _read_all(table.reading, given, near)


def add_tail_events(
    already: Sequence[TailEvent], given: Sequence[str | Path]
) -> tuple[TailEvent, ...]:
    """Modules given by a caller on top of others; one of the same name takes the other's place.

    Raises:
        ScenarioError: One is unknown or wrong; all problems at once.
    """
    reading = Reading(FOLDER)
    found = _read_all(reading, given, None)
    reading.stop_if_wrong()
    return tuple({event.key: event for event in (*already, *found)}.values())


def _read_all(reading: Reading, given: Sequence[Any], near: Path | None) -> tuple[TailEvent, ...]:
    """Every entry of a list; none may be named twice, since their luck would be one."""
    found: dict[str, TailEvent] = {}
    for at, item in enumerate(given):
        key = f"{FOLDER}[{at}]"
        if not isinstance(item, str | Path) or not str(item).strip():
            reading.fail(key, item, "is no name of a module", _FORM)
            continue
        event = _read_one(reading, key, str(item), near)
        if event is None:
            continue
        if event.key in found:
            step = "keep one of the two, or copy the file under another name"
            reading.fail(key, item, f"{event.key!r} is named twice", "each module once", step)
        found[event.key] = event
    return tuple(found.values())


def _read_one(reading: Reading, key: str, text: str, near: Path | None) -> TailEvent | None:
    """One entry: a name or a file, with its changes; None when it does not read."""
    name, _, changes = (part.strip() for part in text.partition(":"))
    found = open_named(reading, (key, text), name, FOLDER, near, load_tail_event)
    if found is None:
        return None
    event = found.event
    return _changed(reading, key, event, changes) if changes else event


def _changed(reading: Reading, key: str, event: TailEvent, changes: str) -> TailEvent:
    """A module with the numbers that follow the colon."""
    given: dict[str, Any] = {}
    for pair in changes.split(","):
        name, _, value = (part.strip() for part in pair.partition("="))
        given[name] = _number(value)
    before = len(reading.problems)
    table = Table(reading, given, key)
    values: dict[str, float] = {
        name: table.number(name, number.bounds, getattr(event, name))
        for name, number in NUMBERS.items()
    }
    table.close(NUMBERS)
    if len(reading.problems) == before:
        _check_damage(table, values)
    return _event(event.key, values)


def _number(text: str) -> int | float | str:
    """A number of the command line, or the word that it is not."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _check_damage(table: Table, values: dict[str, float]) -> None:
    """The least damage is not above the most."""
    low, high = values["damage_lowest"], values["damage_highest"]
    if low > high:
        allowed = f"at least damage_lowest = {low:g} (index)"
        table.reading.fail(
            table.key("damage_highest"), high, "lies below the least damage", allowed
        )


def _event(key: str, values: dict[str, float]) -> TailEvent:
    """The numbers as the model takes them."""
    whole: Any = {name: NUMBERS[name].bounds.integer for name in NUMBERS}
    plain: dict[str, Any] = {n: int(v) if whole[n] else float(v) for n, v in values.items()}
    return TailEvent(key, **plain)
