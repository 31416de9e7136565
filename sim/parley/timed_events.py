"""Dated events of a place or a scenario, as data; the model applies them.

An event may change an input of the model (a price, a stock, a reach), never what people feel or do:
what happened between a firm and its neighbours is for the model to produce, so real protests and
agreements enter as `note` only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from parley.price_data import month_after, months_between
from parley.reading import GRADES, Bounds, Table
from parley.scenario_types import EVENT_KINDS, TimedEvent


@dataclass(frozen=True, slots=True)
class EventRule:
    """What an event of one kind must state.

    Attributes:
        magnitude: Allowed size, None when the kind has none.
        months: Allowed length, None when the kind has none.
    """

    magnitude: Bounds | None = None
    months: Bounds | None = None


_LASTS = Bounds(1, 1200, "months", integer=True)
_LASTS_OR_STAYS = Bounds(0, 1200, "months", integer=True)

EVENT_RULES: dict[str, EventRule] = {
    "price_shock": EventRule(Bounds(-3.0, 3.0, "log price"), _LASTS),
    "accident": EventRule(Bounds(0.0, 10.0, "index")),
    "peace_accord": EventRule(Bounds(0.0, 2.0, "ratio")),
    "protest_wave": EventRule(Bounds(0.0, 1.0, "share of residents"), _LASTS),
    "contact_ban": EventRule(Bounds(0.0, 1.0, "ratio"), _LASTS),
    "output_change": EventRule(Bounds(0.0, 5.0, "ratio"), _LASTS_OR_STAYS),
    "emission_change": EventRule(Bounds(0.0, 5.0, "ratio")),
    "company_leaves": EventRule(),
    "vote": EventRule(),
    "note": EventRule(),
}
"""What each of `EVENT_KINDS` must state."""


def read_events(
    tables: Sequence[Table], start: date, horizon: int | None = None
) -> tuple[TimedEvent, ...]:
    """Events in the order of their months.

    Args:
        tables: One table per event.
        start: First month of the run.
        horizon: Length of the run (months); an event outside it is a problem. None for the
            history of a place: what came before the start is left out, because the starting values
            of the place already stand for it.

    Returns:
        The events from the start on.
    """
    events = []
    for table in tables:
        event = _read_event(table, start)
        if horizon is None:
            if event.month >= 0:
                events.append(event)
        elif 0 <= event.month < horizon:
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
    kind = table.choice("kind", EVENT_KINDS)
    label = table.text("label")
    source = table.text("source", None if sourced else "assumption")
    table.check_source("source", source)
    if sourced or table.has("grade"):
        table.choice("grade", GRADES)
    magnitude, months = 0.0, 0
    rule = EVENT_RULES[kind] if table.data.get("kind") == kind else EventRule()
    if rule.magnitude:
        magnitude = table.number("magnitude", rule.magnitude)
    if rule.months:
        months = int(table.number("months", rule.months))
    for name in ("magnitude", "months"):
        superfluous = getattr(rule, name) is None and table.has(name)
        if superfluous and not _faulty(table, "kind"):
            table.fail(name, f"an event of kind {kind!r} has no {name}", "", "leave it out")
    table.text("note", "")
    table.close(("date", "kind", "label", "magnitude", "months", "source", "grade", "note"))
    return TimedEvent(
        month=months_between(start, when),
        date=when,
        kind=kind,
        label=label,
        magnitude=magnitude,
        months=months,
        source=source,
    )


def _faulty(table: Table, name: str) -> bool:
    """Whether a problem with this key is noted already."""
    return any(problem.key == table.key(name) for problem in table.reading.problems)
