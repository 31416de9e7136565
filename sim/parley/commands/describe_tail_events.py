"""The part of `parley describe` that shows rare disasters."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from parley.commands.grids import source_and_grade, value_and_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import RenderableType

    from parley.commands.describe_interventions import Grid
    from parley.tail_types import TailEvent


def all_tail_events() -> dict[str, Any]:
    """Every module that comes with Parley."""
    from parley.tail_events import available_tail_events

    return {"modules": [one_tail_event(name) for name in available_tail_events()]}


def one_tail_event(name: str) -> dict[str, Any]:
    """One module, with every number and its source."""
    from parley.tail_events import load_tail_event

    file = load_tail_event(name)
    numbers = [asdict(quantity) for quantity in file.quantities]
    about = {"title": file.title, "story": file.story, "source": file.source}
    return {"key": file.event.key, **about, "numbers": numbers}


def tail_event_parts(content: Mapping[str, Any], grid: Grid) -> Iterable[RenderableType]:
    """Lay out one module, or all of them."""
    from rich.markup import escape

    from parley.tail_types import NUMBERS

    if content["kind"] == "tail events":
        rows = []
        for module in content["modules"]:
            value = {q["key"].rpartition(".")[2]: q["value"] for q in module["numbers"]}
            rows.append((module["key"], module["title"], *(f"{value[k]:g}" for k in _SHORT)))
        head = ("Name", "Title", *(NUMBERS[key].label for key in _SHORT))
        yield grid("Rare disasters, off unless named", head, rows)
        yield "Load one with --tail-events NAME; parley describe NAME shows its numbers."
        return
    yield f"[bold]{content['title']}[/] ({content['key']})"
    yield escape(" ".join(content["story"].split()))
    yield f"Source of the story: {content['source']}\n"
    lines = [
        (
            q["key"].rpartition(".")[2],
            value_and_range(f"{q['value']:g}", q),
            source_and_grade(q),
        )
        for q in content["numbers"]
    ]
    yield grid("Numbers", ("Number", "Value, range", "Source, grade"), lines)
    yield "What each means: docs/reference/tail-events.md"


_SHORT = ("hazard_per_year", "damage_lowest", "damage_highest", "share_paid", "shield")
"""Numbers shown in the list of all modules."""


def loaded_parts(events: Sequence[Mapping[str, Any]], grid: Grid) -> Iterable[RenderableType]:
    """Lay out the modules that a scenario loads, if it loads any."""
    from parley.tail_types import NUMBERS

    if events:
        rows = [
            (key, *(f"{event[key]:g}" for event in events), number.bounds.unit)
            for key, number in NUMBERS.items()
        ]
        head = ("Number", *(event["key"] for event in events), "Unit")
        yield grid("Rare disasters loaded", head, rows)


def loaded(events: Iterable[TailEvent]) -> list[dict[str, Any]]:
    """The modules of a scenario as plain tables."""
    return [asdict(event) for event in events]
