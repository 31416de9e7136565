"""The country and district around a place, for readers who compare places; no rule reads them.

They stand in the table `[context]` of a place file, with the same provenance as the facts.
"""

from __future__ import annotations

from dataclasses import dataclass

from parley.reading import Bounds, Table

_PERCENTILE = Bounds(0.0, 100.0, "percentile rank")
_SHARE = Bounds(0.0, 1.0, "share")


@dataclass(frozen=True, slots=True)
class ContextNumber:
    """One number that says where a place stands.

    Attributes:
        label: Its name on pages.
        bounds: What is allowed, with its unit.
        required: Whether every place must state it.
    """

    label: str
    bounds: Bounds
    required: bool = True


CONTEXT: dict[str, ContextNumber] = {
    "rule_of_law_percentile": ContextNumber("Rule of law, country", _PERCENTILE),
    "effectiveness_percentile": ContextNumber("Government effectiveness, country", _PERCENTILE),
    "corruption_control_percentile": ContextNumber("Control of corruption, country", _PERCENTILE),
    "voice_percentile": ContextNumber("Voice and accountability, country", _PERCENTILE),
    "stability_percentile": ContextNumber("Political stability, country", _PERCENTILE),
    "poverty_share": ContextNumber("Residents in poverty", _SHARE),
    "dependence_share": ContextNumber("Local economy tied to the company", _SHARE),
    "people_trusted_share": ContextNumber("Most people can be trusted, country", _SHARE, False),
    "gini": ContextNumber("Gini of income, country", Bounds(0.0, 100.0, "index"), False),
    "unemployment_share": ContextNumber("Unemployed, country", _SHARE, False),
    "youth_unemployment_share": ContextNumber("Unemployed youth, country", _SHARE, False),
    "conflict_deaths_per_million_year": ContextNumber(
        "Deaths in organised violence, country",
        Bounds(0.0, 100_000.0, "deaths per million residents per year"),
        False,
    ),
    "site_jobs": ContextNumber(
        "Jobs at the company's site", Bounds(0.0, 1e6, "persons"), required=False
    ),
    "household_size": ContextNumber("Household size", Bounds(1.0, 20.0, "persons"), required=False),
}
"""Every number of `[context]`, by key."""


def read_context(table: Table) -> tuple[tuple[str, float], ...]:
    """The numbers that a place states, in the order of `CONTEXT`."""
    stated = tuple(
        (key, table.number(key, number.bounds))
        for key, number in CONTEXT.items()
        if table.has(key) or number.required
    )
    table.close(CONTEXT)
    return stated
