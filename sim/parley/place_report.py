"""What a place file that reads still lacks: how much of it is assumed, and what is unwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parley.own_references import own_references
from parley.place import read_place
from parley.reading import GRADES

if TYPE_CHECKING:
    from parley.place import PlaceFile
    from parley.reading import Quantity

STORY_WORDS = (150, 220)
"""Fewest and most words of a story."""

WORKSHOP_WORDS = (30, 80)
"""Fewest and most words of what a place is good for in a workshop."""

UNWRITTEN = "TO WRITE"
"""How a template marks text that nobody has written yet."""

NEAR_SHARE = (0.49, 0.51)
"""Residents in the nearer half of their village: half of them, give or take rounding."""

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """The state of a place file.

    Attributes:
        place: Key of the place.
        numbers: Numbers with a source or the word `assumption` (count).
        by_grade: Count of them by grade, best first.
        events: Dated events (count).
        to_do: What is still missing, one sentence each; empty for a finished file.
    """

    place: str
    numbers: int
    by_grade: dict[str, int]
    events: int
    to_do: tuple[str, ...]

    @property
    def assumptions(self) -> int:
        """Numbers that are assumptions (count)."""
        return self.by_grade["assumption"]


def place_report(name: str | Path) -> PlaceReport:
    """Say what state a place file is in.

    Args:
        name: The name of a place that comes with Parley, or the path of a file.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    file = read_place(name, None, "process")
    grades = [quantity.grade for quantity in file.quantities]
    named = {key for quantity in file.quantities for key in quantity.source.split("; ")}
    named |= {key for event in file.history for key in event.source.split("; ")}
    unused = [one.key for one in own_references(name) if one.key not in named]
    to_do = [*_to_do(file), *(f"cite the reference {key} or take it out" for key in unused)]
    return PlaceReport(
        place=file.place.key,
        numbers=len(grades),
        by_grade={grade: grades.count(grade) for grade in GRADES},
        events=len(file.history),
        to_do=tuple(to_do),
    )


def rangeless(file: PlaceFile) -> tuple[str, ...]:
    """Keys of numbers that state no range.

    Some need none: sets of numbers that must sum to one, because one range cannot hold for all of
    them; the length 0 of an event, which says that it holds for good; and what is known exactly.
    """
    return tuple(
        quantity.key
        for quantity in file.quantities
        if quantity.low is None and not (quantity.exact or _needs_none(quantity))
    )


def outside_range(file: PlaceFile) -> tuple[str, ...]:
    """Keys of numbers that lie outside the range they state."""
    return tuple(
        quantity.key
        for quantity in file.quantities
        if isinstance(quantity.value, int | float)
        and quantity.low is not None
        and quantity.high is not None
        and not quantity.low <= quantity.value <= quantity.high
    )


def near_share(file: PlaceFile) -> float:
    """Residents who live in the nearer half of their village (share)."""
    return sum(group.share * group.near_share for group in file.place.groups)


def _to_do(file: PlaceFile) -> Iterator[str]:
    """What is still missing, one sentence each."""
    yield from _unwritten("title", file.place.title, None)
    yield from _unwritten("story", file.place.story, STORY_WORDS)
    yield from _unwritten("workshop", file.workshop, WORKSHOP_WORDS)
    if without := rangeless(file):
        yield f'state the range of {_named(without)}, or "exact"'
    if beyond := outside_range(file):
        yield f"bring into its own range: {_named(beyond)}"
    near, (low, high) = near_share(file), NEAR_SHARE
    if not low <= near <= high:
        yield f"near_share: the groups put {near:.3g} of residents in the nearer half, not 0.5"
    if not file.history:
        yield "write down what happened there as dated [[events]]"
    if all(quantity.grade == "assumption" for quantity in file.quantities):
        yield "no number has a source yet"


def _unwritten(key: str, text: str, words: tuple[int, int] | None) -> Iterator[str]:
    """Whether a text is still to be written, or is too short or too long."""
    count = len(text.split())
    if UNWRITTEN in text:
        yield f"write the {key}"
    elif words and not words[0] <= count <= words[1]:
        yield f"the {key} has {count} words; {words[0]} to {words[1]} read best"


def _needs_none(quantity: Quantity) -> bool:
    last = quantity.key.rpartition(".")[2]
    for_good = last == "months" and quantity.key.startswith("events[") and quantity.value == 0
    return for_good or last in ("needs", "company_interest")


def _named(keys: tuple[str, ...]) -> str:
    """The first few keys, and how many more there are."""
    more = len(keys) - _MOST_NAMED
    shown = ", ".join(keys[:_MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
