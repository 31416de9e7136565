"""Places: people, facts, dated events and the price of what is sold, each number with its source.

Bounds and units of the facts are in the registry (`parameters.toml`, section `place`); those of
groups and tags are here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, cast

from parley.errors import ScenarioError
from parley.own_references import read_own_references
from parley.parameter_changes import read_changes
from parley.place_context import read_context
from parley.price_data import log_price_path, months_between
from parley.reading import (
    GRADES,
    SHARE,
    Bounds,
    Quantity,
    Reading,
    Rule,
    Table,
    check_date,
    check_number,
)
from parley.registry import load_registry
from parley.scenario_types import NEEDS, Group, Place, PlaceFacts, PriceSource, Six, Tag, TimedEvent
from parley.tail_events import read_tail_events
from parley.tail_types import TailEvent
from parley.timed_events import read_events
from parley.toml_files import available, find, read_with_parents

MOST_TAGS = 8
"""Tags multiply the kinds of people, so there may not be many."""

_SHARE_OF_PEOPLE = Bounds(0.0, 1.0, "share", above=True)
_INDEX = Bounds(0.0, 1.0, "index")
_RATIO = Bounds(0.0, 10.0, "ratio")
_POSITIVE_RATIO = Bounds(0.0, 100.0, "ratio", above=True)
_WEIGHT = Bounds(0.0, 1.0, "weight")
_RESERVED = ("all", "marginalised")
_SUM_TOLERANCE = 1e-6
_AFFILIATION_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class PlaceFile:
    """A place file, read for one start.

    Attributes:
        place: The place, with the whole record of its price and events from the start on.
        start: First month: the one asked for, else the one the file suggests.
        parameters: Parameters the place sets, `section.name` and value.
        quantities: Every number of the file with its source.
        context: Where the place stands among others, by key of `place_context.CONTEXT`.
        history: Every dated event of the file, those before the start too (months below 0).
        workshop: What the place is good for in a workshop.
        tail_events: Modules of rare disasters that every scenario in the place loads, unless it
            names its own.
    """

    place: Place
    start: date
    parameters: tuple[tuple[str, float], ...]
    quantities: tuple[Quantity, ...]
    context: tuple[tuple[str, float], ...]
    history: tuple[TimedEvent, ...]
    workshop: str
    tail_events: tuple[TailEvent, ...] = ()


def available_places() -> tuple[str, ...]:
    """Names of the places that come with Parley."""
    return available("places")


def load_place(
    name: str | Path,
    start: str | date | None = None,
    months: int | None = None,
    price_source: PriceSource = "replay",
) -> Place:
    """Read a place.

    Args:
        name: The name of a place that comes with Parley, or the path of a file.
        start: First month (`YYYY-MM`); None for the one the file suggests.
        months: Keep only so many months of price and events; None for the whole record.
        price_source: `replay` to carry the recorded price, `process` to leave it to be drawn.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    place = read_place(name, start, price_source).place
    return place if months is None else place.first_months(months)


def place_quantities(name: str | Path) -> tuple[Quantity, ...]:
    """Every number of a place file with its unit, source and grade.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    return read_place(name, None, "process").quantities


def read_place(
    name: str | Path, start: str | date | None, price_source: str, near: Path | None = None
) -> PlaceFile:
    """Read a place file for one start.

    Args:
        name: The name of a place that comes with Parley, or the path of a file.
        start: First month; None for the one the file suggests.
        price_source: `replay` or `process`.
        near: Folder from which a relative path starts; None for the working directory.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    path = find(name, "places", near)
    data = read_with_parents(path, "places")
    reading = Reading(str(path), frozenset(load_registry().references), sourced=True)
    table = Table(reading, data)
    reading.sources |= {one.key for one in read_own_references(table)}
    suggested = table.month("start")
    begin = suggested if start is None else check_date(reading, "start", start)
    begin = begin.replace(day=1)
    groups = _groups(table)
    facts = _facts(table.table("facts"))
    history = read_events(table.list_of_tables("events"), begin)
    place = Place(
        key=path.stem,
        title=table.text("title"),
        country=table.text("country"),
        story=table.text("story"),
        groups=groups,
        tags=_tags(table, tuple(group.key for group in groups)),
        facts=facts,
        producing_area_share=_producing_area_share(table, begin),
        events=tuple(event for event in history if event.month >= 0),
        price_path=_price_path(table.table("price"), begin, price_source),
    )
    parameters = read_changes(table.table("parameters"))
    context, workshop = read_context(table.table("context")), table.text("workshop")
    tail_events = read_tail_events(table, path.parent)
    table.close()
    if not reading.problems:
        _check_together(table, place)
    reading.stop_if_wrong()
    return PlaceFile(
        place=place,
        start=begin,
        parameters=tuple(parameters.items()),
        quantities=tuple(reading.quantities),
        context=context,
        history=history,
        workshop=workshop,
        tail_events=tail_events,
    )


def _groups(table: Table) -> tuple[Group, ...]:
    """The tables `[groups.<key>]`."""
    groups = []
    for key, inner in table.named_tables("groups"):
        if key in _RESERVED:
            inner.fail("", f"the name {key!r} is reserved", "", "choose another name")
        groups.append(
            Group(
                key=key,
                label=inner.text("label"),
                share=inner.number("share", _SHARE_OF_PEOPLE),
                status=inner.number("status", _INDEX),
                marginalised=inner.boolean("marginalised"),
                income_ratio=inner.number("income_ratio", _POSITIVE_RATIO),
                needs=_six(inner, "needs", _WEIGHT, sums_to_one=True),
                near_share=inner.number("near_share", SHARE),
                affiliated_share=inner.number("affiliated_share", SHARE),
            )
        )
        inner.close()
    if not groups:
        table.fail("groups", "a place needs at least one group", "[groups.<name>]")
    return tuple(groups)


def _tags(table: Table, groups: tuple[str, ...]) -> tuple[Tag, ...]:
    """The tables `[tags.<key>]`."""
    tags = []
    for key, inner in table.named_tables("tags"):
        if key in (*_RESERVED, *groups):
            inner.fail("", f"the name {key!r} is taken", "", "choose another name")
        tags.append(
            Tag(
                key=key,
                label=inner.text("label"),
                marginalised=inner.boolean("marginalised"),
                shares=_shares(inner, groups),
                status_factor=inner.number("status_factor", _RATIO),
                income_factor=inner.number("income_factor", _POSITIVE_RATIO),
                known_factor=inner.number("known_factor", _RATIO),
            )
        )
        inner.close()
    if len(tags) > MOST_TAGS:
        table.fail("tags", f"there are {len(tags)} tags", f"at most {MOST_TAGS} tags")
    return tuple(tags)


def _shares(table: Table, groups: tuple[str, ...]) -> tuple[float, ...]:
    """How common a tag is: one number for everybody, or one for each group."""
    raw = table.data.get("share")
    if not isinstance(raw, dict) or not isinstance(raw.get("value"), dict):
        return (table.number("share", SHARE),) * len(groups)
    table.has("share")
    return _by_key(table, "share", groups, SHARE)


def _six(table: Table, name: str, rule: Rule, *, sums_to_one: bool = False) -> Six:
    """Six numbers, one for each kind of need, with one source for all or one for each."""
    before = len(table.reading.problems)
    raw = table.data.get(name)
    if not table.has(name):
        table.fail(name, "is missing", f"one for each of: {', '.join(NEEDS)}")
        values: tuple[float, ...] = (0.0,) * len(NEEDS)
    elif isinstance(raw, dict) and "value" in raw:
        values = _by_key(table, name, NEEDS, rule)
    else:
        inner = table.table(name)
        values = tuple(inner.number(need, rule) for need in NEEDS)
        inner.close(NEEDS)
    if sums_to_one and len(table.reading.problems) == before:
        _check_sum(table, name, values)
    return cast("Six", values)


def _by_key(table: Table, name: str, keys: Sequence[str], rule: Rule) -> tuple[float, ...]:
    """The numbers of `name = { value = { key = number, ... }, unit, source, ... }`."""
    outer = table.quantity_table(name, rule.unit)
    inner = outer.table("value")
    values = []
    for key in keys:
        if inner.has(key):
            values.append(check_number(inner.reading, inner.key(key), inner.data[key], rule))
        else:
            inner.fail(key, "is missing", rule.allowed)
            values.append(0.0)
    inner.close(keys)
    table.keep_quantity(name, outer, tuple(values), rule.unit)
    return tuple(values)


def _check_sum(table: Table, name: str, values: Sequence[float]) -> None:
    """Weights of the six kinds of need sum to one."""
    total = math.fsum(values)
    if abs(total - 1.0) > _SUM_TOLERANCE:
        table.fail(name, f"the weights sum to {total:.6g}", "a sum of 1", "rescale them")


def _facts(table: Table) -> PlaceFacts:
    """The table `[facts]`, one entry for each entry of the registry's section `place`."""
    rules = load_registry().parameters
    values: dict[str, Any] = {}
    for field in fields(PlaceFacts):
        rule = rules[f"place.{field.name}"]
        if rule.kind == "vector6":
            values[field.name] = _six(
                table, field.name, rule, sums_to_one=field.name == "company_interest"
            )
        else:
            number = table.number(field.name, rule)
            values[field.name] = int(number) if rule.integer else number
    table.close(field.name for field in fields(PlaceFacts))
    return PlaceFacts(**values)


def _producing_area_share(table: Table, start: date) -> tuple[tuple[int, float], ...]:
    """Dated steps; the one in force at the start becomes month 0."""
    name = "producing_area_share"
    steps: dict[date, float] = {}
    tables = table.list_of_tables(name)
    for inner in tables:
        since = inner.month("from").replace(day=1)
        if since in steps:
            inner.fail("from", "is given twice", "", "keep one of the two")
        steps[since] = inner.number("share", SHARE)
        inner.close()
    in_force = [since for since in steps if since <= start]
    if not in_force:
        first_known = f"from {min(steps):%Y-%m} on" if steps else f"after a first [[{name}]]"
        message = f"no {name} is in force yet in this month"
        step = "choose a later start or add an earlier step to the place"
        table.reading.fail("start", f"{start:%Y-%m}", message, first_known, step)
        return ()
    later = sorted(since for since in steps if since > start)
    first = (0, steps[max(in_force)])
    return (first, *((months_between(start, since), steps[since]) for since in later))


def _price_path(table: Table, start: date, price_source: str) -> tuple[float, ...]:
    """The recorded log price from the start on, or nothing when it is to be drawn."""
    series = table.text("series")
    reference = (table.month("reference_from"), table.month("reference_to"))
    table.check_source("source", table.text("source"))
    table.choice("grade", GRADES)
    table.text("note", "")
    table.close()
    if not series or any(problem.key.startswith("price.") for problem in table.reading.problems):
        return ()
    try:
        path = log_price_path(series, start, reference)
    except ScenarioError as error:
        for problem in error.problems:
            if problem.key != "start" or price_source == "replay":
                key = "start" if problem.key == "start" else f"price.{problem.key}"
                table.reading.fail(
                    key, problem.value, problem.message, problem.allowed, problem.next_step
                )
        return ()
    return path if price_source == "replay" else ()


def _check_together(table: Table, place: Place) -> None:
    """What must hold between numbers that are right one by one."""
    total = math.fsum(group.share for group in place.groups)
    if abs(total - 1.0) > _SUM_TOLERANCE:
        shares = ", ".join(f"{group.key} {group.share:g}" for group in place.groups)
        table.fail(
            "groups",
            f"the shares of the groups sum to {total:.6g} ({shares})",
            "a sum of 1",
            "rescale the shares or add the missing group",
        )
        return
    facts = place.facts
    outside = math.fsum(group.share * (1.0 - group.affiliated_share) for group in place.groups)
    if abs(outside - facts.unaffiliated_share) > _AFFILIATION_TOLERANCE:
        table.reading.fail(
            "facts.unaffiliated_share",
            facts.unaffiliated_share,
            f"the groups' affiliated_share leave {outside:.4g} of residents in no organisation",
            f"a difference of at most {_AFFILIATION_TOLERANCE}",
            "bring the groups and the fact into line",
        )
    if facts.villages > facts.catchment_population:
        table.reading.fail(
            "facts.villages", facts.villages, "there are more villages than residents"
        )
