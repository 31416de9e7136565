"""From a scenario file to a frozen `Scenario`: read, check everything, resolve once.

A scenario file names a place and a stack of practices and says what differs from the usual. All
problems of the file, of its place and of its practices are raised together. Values are resolved in
this order, later ones winning: registry, place, file that is extended, file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NotRequired, TypedDict, Unpack, cast

from parley.errors import ScenarioError
from parley.interventions import read_interventions, setting_of, tables_of
from parley.parameter_changes import plain_number, read_changes
from parley.place import PlaceFile, available_places, load_place, place_quantities, read_place
from parley.practice_types import Practices
from parley.practices import (
    EMPTY,
    available_practices,
    file_name,
    load_practices,
    read_inline,
    read_phases,
)
from parley.reading import Bounds, Reading, Table, check_number
from parley.registry import build_parameters, load_registry
from parley.scenario_types import (
    PRICE_SOURCES,
    TRUST_RULES,
    PlaceFacts,
    PriceSource,
    Scenario,
    TrustRule,
)
from parley.tail_events import read_tail_events
from parley.timed_events import read_events
from parley.toml_files import available, find, read_with_parents

__all__ = [
    "available_places",
    "available_practices",
    "available_scenarios",
    "check_run",
    "load_place",
    "load_practices",
    "load_scenario",
    "make_scenario",
    "place_quantities",
]

MONTHS = Bounds(1, 1200, "months", integer=True)
"""The rule for the length of a run."""

POPULATION = Bounds(50, 10_000_000, "persons", integer=True)
"""The rule for the number of simulated residents."""

DEFAULT_MONTHS = 120
DEFAULT_POPULATION = 20_000


def available_scenarios() -> tuple[str, ...]:
    """Names of the ready scenarios that come with Parley."""
    return available("")


def load_scenario(name: str | Path) -> Scenario:
    """Read a scenario file.

    Args:
        name: The path of a file, or the name of a ready scenario.

    Raises:
        ScenarioError: The file, its place or its practices are missing or wrong; all problems at
            once, each with file, key, value, what is allowed and what to do.
    """
    path = find(name, "")
    data = read_with_parents(path, "")
    reading = Reading(str(path), frozenset(load_registry().references))
    table = Table(reading, data)
    for label in ("author", "date"):
        table.has(label)
    return _resolve(table, path.parent)


class ScenarioKeys(TypedDict):
    """Keywords of `make_scenario`: the keys of a scenario file."""

    place: str | Path
    """The name of a place, or the path of a place file."""
    practices: str | Path | Practices | Mapping[str, Any]
    """The name of a stack, the path of its file, the stack itself, or the table `[practices]`."""
    months: NotRequired[int]
    """Length of the run (months), 1 to 1200; 120 when left out."""
    population: NotRequired[int]
    """Simulated residents (persons), at least 50; 2000 when left out."""
    start: NotRequired[str | date | None]
    """First month (`YYYY-MM`); None for the one the place suggests."""
    parameters: NotRequired[Mapping[str, float]]
    """`section.name` to value."""
    trust_rule: NotRequired[TrustRule]
    """`linear` or `counts`; `linear` when left out."""
    price_source: NotRequired[PriceSource]
    """`replay` or `process`; `replay` when left out."""
    interventions: NotRequired[Sequence[str | Mapping[str, Any]]]
    """Names, or tables with the keys of `[[interventions]]`."""
    tail_events: NotRequired[Sequence[str]]
    """Names or files of rare disasters to load; those of the place when left out."""
    title: NotRequired[str]
    """Title for reports."""
    question: NotRequired[str]
    """What the scenario is to answer."""
    conservation_checks: NotRequired[bool]
    """Whether money, people and promises are counted every month; True when left out."""


def make_scenario(**keys: Unpack[ScenarioKeys]) -> Scenario:
    """Build a scenario without a file.

    Args:
        **keys: The keys of a scenario file; `place` and `practices` are required.

    Raises:
        ScenarioError: Something is wrong; all problems at once.
    """
    data: dict[str, Any] = {key: plain_number(value) for key, value in keys.items()}
    for key in ("place", "practices"):
        if isinstance(data.get(key), Path):
            data[key] = str(data[key])
    if data.get("start", "") is None:
        del data["start"]
    parameters = data.get("parameters")
    if isinstance(parameters, Mapping):
        data["parameters"] = {key: plain_number(value) for key, value in parameters.items()}
    reading = Reading("make_scenario", frozenset(load_registry().references))
    return _resolve(Table(reading, data), None)


def check_run(*, months: int, population: int) -> None:
    """Check the length and the size of a run.

    Raises:
        ScenarioError: A value is not allowed; all problems at once.
    """
    reading = Reading("run")
    check_number(reading, "months", plain_number(months), MONTHS)
    check_number(reading, "population", plain_number(population), POPULATION)
    reading.stop_if_wrong()


def _resolve(table: Table, near: Path | None) -> Scenario:
    """All checks, then the frozen value; relative paths start from the folder `near`."""
    reading = table.reading
    title, question = table.text("title", ""), table.text("question", "")
    months = table.integer("months", MONTHS, DEFAULT_MONTHS)
    population = table.integer("population", POPULATION, DEFAULT_POPULATION)
    trust_rule = table.choice("trust_rule", TRUST_RULES, TRUST_RULES[0])
    price_source = table.choice("price_source", PRICE_SOURCES, PRICE_SOURCES[0])
    checks = table.boolean("conservation_checks", True)
    practices = _practices(table, near)
    file = _place(table, near, price_source)
    changes = read_changes(table.table("parameters"))
    events = table.list_of_tables("events")
    begin, horizon = (file.start, months) if file and months else (date(1800, 1, 1), None)
    extra = read_events(events, begin, horizon)
    setting = setting_of(file.place, file.start, months) if file and months else None
    interventions = read_interventions(tables_of(table), near, setting)
    tail_events = read_tail_events(table, near, file.tail_events if file else ())
    table.close()
    if file is None or reading.problems:
        raise ScenarioError(reading.problems)
    parameters = build_parameters({**dict(file.parameters), **changes})
    _check_money(reading, file.place.facts, parameters.budget.cost_share)
    reading.stop_if_wrong()
    together = sorted((*file.place.events, *extra), key=lambda event: event.month)
    place = replace(file.place, events=tuple(together))
    return Scenario(
        title=title,
        question=question,
        place=place,
        practices=practices,
        parameters=parameters,
        start=file.start,
        months=months,
        population=population,
        trust_rule=cast("TrustRule", trust_rule),
        price_source=cast("PriceSource", price_source),
        conservation_checks=checks,
        interventions=interventions,
        tail_events=tail_events,
    )


def _practices(table: Table, near: Path | None) -> Practices:
    """The stack that `practices` names, describes or is; an empty one when it does not read."""
    given = table.data.get("practices") if table.has("practices") else None
    if isinstance(given, Practices):
        return given
    if isinstance(given, Mapping):
        read = read_phases if "phases" in given else read_inline
        practices = read(table.table("practices"), near)
        return practices if practices.key else replace(practices, key="phases")
    name = file_name(table, "practices", "practices", near)
    if name:
        try:
            return load_practices(name, near)
        except ScenarioError as error:
            table.reading.absorb(error)
    return EMPTY


def _place(table: Table, near: Path | None, price_source: str) -> PlaceFile | None:
    """The place that `place` names, from the scenario's start on; None when it does not read."""
    start: date | None = None
    if table.has("start"):
        start = table.month("start")
        if start.day != 1:
            step = f'write "{start:%Y-%m}"'
            table.fail("start", "is not the first day of a month", "a month", step)
    name = file_name(table, "place", "places", near)
    if not name:
        return None
    try:
        return read_place(name, start, price_source, near)
    except ScenarioError as error:
        own = [
            replace(p, file=table.reading.file) if p.key == "start" else p for p in error.problems
        ]
        table.reading.absorb(ScenarioError(own))
        return None


def _check_money(reading: Reading, facts: PlaceFacts, cost_share: float) -> None:
    """What residents earn from the site is part of what operating it costs."""
    local = facts.local_wage_share + facts.local_purchase_share
    if local > cost_share:
        reading.fail(
            "parameters.budget.cost_share",
            cost_share,
            f"local wages and purchases take {local:g} of revenue, more than all operating cost",
            f"at least {local:g} (share of reference revenue)",
            "raise it, or lower local_wage_share and local_purchase_share of the place",
        )
