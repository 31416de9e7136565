"""Places side by side: what each is, and the numbers by which they are compared.

Every number keeps its unit, its stated range, its source and its grade, so that a reader never
takes an assumption for a measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from parley.place import available_places, read_place
from parley.place_context import CONTEXT
from parley.reading import Quantity
from parley.registry import load_registry
from parley.scenario_types import NEEDS
from parley.toml_files import find, read_with_parents

if TYPE_CHECKING:
    from pandas import DataFrame

    from parley.place import PlaceFile

ASPECTS = ("governance", "trust", "poverty", "violence", "dependence", "size")
"""What places are compared by, in the order of tables and figures."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number by which places are compared.

    Attributes:
        aspect: One of `ASPECTS`.
        key: Dotted key in a place file.
        drawn: Whether the figure shows it; the table shows all.
        log: Whether places differ by factors rather than by differences.
    """

    aspect: str
    key: str
    drawn: bool = False
    log: bool = False

    @property
    def label(self) -> str:
        """Its name on pages."""
        section, name, *need = self.key.split(".")
        if section == "context":
            return CONTEXT[name].label
        label = load_registry().parameters[f"place.{name}"].label
        return f"{label}: {need[0].replace('_', ' and ')}" if need else label


MEASURES = (
    Measure("governance", "context.rule_of_law_percentile", drawn=True),
    Measure("governance", "context.voice_percentile", drawn=True),
    Measure("governance", "context.effectiveness_percentile"),
    Measure("governance", "context.corruption_control_percentile"),
    Measure("trust", "facts.trust_company", drawn=True),
    Measure("trust", "facts.trust_state", drawn=True),
    Measure("trust", "facts.trust_community"),
    Measure("trust", "context.people_trusted_share"),
    Measure("poverty", "context.poverty_share", drawn=True),
    Measure("poverty", "facts.median_income_usd", log=True),
    Measure("violence", "facts.security_start.safety"),
    Measure("violence", "facts.spoiler_presence", drawn=True),
    Measure("violence", "context.stability_percentile"),
    Measure("violence", "context.conflict_deaths_per_million_year", log=True),
    Measure("dependence", "context.dependence_share", drawn=True),
    Measure("dependence", "facts.local_wage_share"),
    Measure("size", "facts.catchment_population", drawn=True, log=True),
    Measure("size", "context.site_jobs", log=True),
)
"""Every number of a comparison, in order."""


@dataclass(frozen=True, slots=True)
class PlaceSummary:
    """One place in a list of places.

    Attributes:
        key: Its name in commands.
        title: Title.
        country: Country.
        people: Residents of the catchment (persons).
        groups: Labels of its groups.
        sold: Series of the price of what the company sells.
        start: First month that the file suggests (`YYYY-MM`).
        numbers: Numbers of the file with a source or the word `assumption` (count).
        assumptions: Those that are assumptions (count).
    """

    key: str
    title: str
    country: str
    people: float
    groups: tuple[str, ...]
    sold: str
    start: str
    numbers: int
    assumptions: int


@dataclass(frozen=True, slots=True)
class PlaceNumber:
    """One number of one place, as one row of a comparison.

    Attributes:
        place: Key of the place.
        aspect: One of `ASPECTS`.
        key: Dotted key in the place file.
        label: Its name on pages.
        unit: Unit.
        value: The number.
        low: Lower end of the stated range, None when none is stated.
        high: Upper end of the stated range, None when none is stated.
        grade: `measured`, `estimated elsewhere`, `expert` or `assumption`, as in the file.
        source: Keys of references, or `assumption`.
        year: Year or span the value refers to, else empty.
        note: Arithmetic or caveats, else empty.
        drawn: Whether the figure shows it.
        log: Whether places differ by factors rather than by differences.
    """

    place: str
    aspect: str
    key: str
    label: str
    unit: str
    value: float
    low: float | None
    high: float | None
    grade: str
    source: str
    year: str
    note: str
    drawn: bool
    log: bool


def place_summaries(names: Sequence[str | Path] | None = None) -> list[PlaceSummary]:
    """Say what each place is.

    Args:
        names: Names of places that come with Parley, or paths of files; None for all that come
            with it.

    Raises:
        ScenarioError: A place is missing or wrong; all problems of that place at once.
    """
    return [_summary(name) for name in (available_places() if names is None else names)]


def _summary(name: str | Path) -> PlaceSummary:
    """One place of the list."""
    file = _read(name)
    place = file.place
    return PlaceSummary(
        key=place.key,
        title=place.title,
        country=place.country,
        people=place.facts.catchment_population,
        groups=tuple(group.label for group in place.groups),
        sold=sold(name),
        start=f"{file.start:%Y-%m}",
        numbers=len(file.quantities),
        assumptions=sum(quantity.grade == "assumption" for quantity in file.quantities),
    )


def sold(name: str | Path) -> str:
    """The series of prices that stands for what the company of a place sells.

    Raises:
        ScenarioError: The file is missing or does not read.
    """
    return str(read_with_parents(find(name, "places"), "places")["price"]["series"])


def place_numbers(names: Sequence[str | Path] | None = None) -> list[PlaceNumber]:
    """The numbers by which places are compared; one that a place does not state is left out.

    Args:
        names: Names of places that come with Parley, or paths of files; None for all that come
            with it.

    Raises:
        ScenarioError: A place is missing or wrong; all problems of that place at once.
    """
    rows = []
    for name in available_places() if names is None else names:
        file = _read(name)
        stated = {one.key: one for quantity in file.quantities for one in _single(quantity)}
        rows += [
            _number(file.place.key, measure, stated[measure.key])
            for measure in MEASURES
            if measure.key in stated
        ]
    return rows


def places_table(names: Sequence[str | Path] | None = None) -> DataFrame:
    """Compare places: one row per place and number, the fields of `PlaceNumber` as columns.

    Args:
        names: Names of places that come with Parley, or paths of files; None for all that come
            with it.

    Returns:
        A tidy table; `low` and `high` are missing where a file states no range.

    Raises:
        ScenarioError: A place is missing or wrong; all problems of that place at once.
    """
    import pandas as pd

    columns = tuple(PlaceNumber.__dataclass_fields__)
    table = pd.DataFrame([asdict(row) for row in place_numbers(names)], columns=list(columns))
    return table.astype({"value": float, "low": float, "high": float})


def _read(name: str | Path) -> PlaceFile:
    """A place with its price left to be drawn, so that no record limits its start."""
    return read_place(name, None, "process")


def _single(quantity: Quantity) -> list[Quantity]:
    """A quantity, and one for each kind of need where it holds six numbers."""
    if not isinstance(quantity.value, tuple) or len(quantity.value) != len(NEEDS):
        return [quantity]
    same = {name: getattr(quantity, name) for name in Quantity.__dataclass_fields__}
    return [
        Quantity(**(same | {"key": f"{quantity.key}.{need}", "value": value}))
        for need, value in zip(NEEDS, quantity.value, strict=True)
    ]


def _number(place: str, measure: Measure, quantity: Quantity) -> PlaceNumber:
    """One row of a comparison."""
    return PlaceNumber(
        place=place,
        aspect=measure.aspect,
        key=measure.key,
        label=measure.label,
        unit=quantity.unit,
        value=float(str(quantity.value)),
        low=quantity.low,
        high=quantity.high,
        grade=quantity.grade,
        source=quantity.source,
        year=quantity.year,
        note=quantity.note,
        drawn=measure.drawn,
        log=measure.log,
    )
