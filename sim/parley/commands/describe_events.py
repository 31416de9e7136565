"""The part of `parley describe` that shows the kinds of dated events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import RenderableType

    from parley.commands.describe_interventions import Grid


def all_kinds() -> dict[str, Any]:
    """The closed set of kinds, each with what it changes and what it must state."""
    from parley.event_kinds import EVENT_KINDS
    from parley.generate_events import REMARKS, example, joins, lasting, size

    return {
        "kinds": [
            {
                "key": kind.key,
                "label": kind.label,
                "changes": kind.changes,
                "remark": REMARKS[kind.key],
                "input": kind.input,
                "size": size(kind),
                "joins": joins(kind),
                "lasting": lasting(kind),
                "example": example(kind),
            }
            for kind in EVENT_KINDS.values()
        ]
    }


def kind_parts(content: Mapping[str, Any], grid: Grid) -> Iterable[RenderableType]:
    """Lay the kinds out."""
    from rich.text import Text

    rows = [
        (k["key"], k["changes"], f"{k['size']}\n{k['joins']}", k["lasting"])
        for k in content["kinds"]
    ]
    head = ("Kind", "What it changes", "Size, how sizes join", "Holds for")
    yield grid("Kinds of dated events", head, rows)
    yield "In a file, for example:"
    yield Text(content["kinds"][0]["example"])
    yield "Everything on them: docs/reference/events.md"
