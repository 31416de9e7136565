"""Dated events of a place or a scenario, as data; the model applies them.

What each kind changes and must state is in `event_kinds`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from parley.event_kinds import EVENT_KINDS
from parley.price_data import month_after, months_between
from parley.reading import GRADES, Table
from parley.scenario_types import TimedEvent


def read_events(
    tables: Sequence[Table], start: date, horizon: int | None = None
) -> tuple[TimedEvent, ...]:
    """Events in the order of their months.

    Args:
        tables: One table per event.
        start: First month of the run.
        horizon: Length of the run (months); an event outside it is a problem. None for the
            history of a place, which also tells what came before the start.

    Returns:
        The events, those before the start in negative months.
    """
    events = []
    for table in tables:
        event = _read_event(table, start)
        if horizon is None or 0 <= event.month < horizon:
            events.append(event)
        elif not _faulty(table, "date"):
            last = month_after(start, horizon - 1)
            table.fail(
                "date",
                "the event falls outside the run",
                f"{start:%Y-%m} to {last:%Y-%m}",
                "change the date, the start or the months of the run",
            )
    return tuple(sorted(events, key=lambda event: event.month))


def _read_event(table: Table, start: date) -> TimedEvent:
    """One event; a faulty one still has all its fields."""
    sourced = table.reading.sourced
    when = table.month("date")
    kind = table.choice("kind", tuple(EVENT_KINDS))
    label = table.text("label")
    source = table.text("source", None if sourced else "assumption")
    table.check_source("source", source)
    graded = sourced or table.has("grade")
    grade = table.choice("grade", GRADES) if graded else "assumption"
    magnitude, months = 0.0, 0
    rule = EVENT_KINDS[kind if table.data.get("kind") == kind else "note"]
    if rule.magnitude:
        magnitude = table.number("magnitude", rule.magnitude)
    if rule.months:
        months = int(table.number("months", rule.months))
    for name in ("magnitude", "months"):
        superfluous = getattr(rule, name) is None and table.has(name)
        if superfluous and not _faulty(table, "kind"):
            table.fail(name, f"an event of kind {kind!r} has no {name}", "", "leave it out")
    note = table.text("note", "")
    table.close(("date", "kind", "label", "magnitude", "months", "source", "grade", "note"))
    return TimedEvent(
        month=months_between(start, when),
        date=when,
        kind=kind,
        label=label,
        magnitude=magnitude,
        months=months,
        source=source,
        grade=grade,
        note=note,
    )


def _faulty(table: Table, name: str) -> bool:
    """Whether a problem with this key is noted already."""
    return any(problem.key == table.key(name) for problem in table.reading.problems)
