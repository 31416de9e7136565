"""What a run needs to know, as frozen values.

A `Scenario` is resolved once, by `parley.scenario`, and never changes afterwards. Everything here
can be hashed, compared, pickled and sent to another process. Nothing here reads a file.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

from parley.intervention_types import Intervention
from parley.parameters import Parameters
from parley.practice_types import Practices
from parley.tail_types import TailEvent

type Six = tuple[float, float, float, float, float, float]
"""One number for each of the six kinds of need, in the order of `NEEDS`."""

type TrustRule = Literal["linear", "counts"]
type PriceSource = Literal["replay", "process"]

NEEDS: tuple[str, ...] = (
    "safety",
    "livelihood",
    "land",
    "health_water",
    "services",
    "dignity",
)
"""Kinds of need and of security. The order is fixed; arrays follow it."""

TRUST_RULES: tuple[str, ...] = ("linear", "counts")
PRICE_SOURCES: tuple[str, ...] = ("replay", "process")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of residents. Groups partition the population: their shares sum to one."""

    key: str
    label: str
    share: float
    """Share of residents, in [0, 1]."""
    status: float
    """Local standing, in [0, 1]: how readily the group is known, heard and served."""
    marginalised: bool
    income_ratio: float
    """Median income of the group relative to the place's median, above 0."""
    needs: Six
    """Mean weights of the six kinds of need; they sum to one."""
    near_share: float
    """Share living in the nearer, more exposed half of a village, in [0, 1]."""
    affiliated_share: float
    """Share belonging to an organisation that can speak for them, in [0, 1]."""


@dataclass(frozen=True, slots=True)
class Tag:
    """An attribute that cuts across groups, drawn independently within each group."""

    key: str
    label: str
    marginalised: bool
    shares: tuple[float, ...]
    """Share of each group that carries the tag, in the order of `Place.groups`."""
    status_factor: float
    """Multiplies local standing, at least 0."""
    income_factor: float
    """Multiplies income, above 0."""
    known_factor: float
    """Multiplies the chance of being known to those who invite, at least 0."""


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """Something dated that happens to the place, whatever the practices are.

    What `magnitude` and `months` mean depends on `kind`: see `event_kinds`.
    """

    month: int
    """Months after the start of the run; 0 is the first month."""
    date: date
    kind: str
    label: str
    magnitude: float
    months: int
    source: str
    grade: str = "assumption"
    """How well the date is known, one of `reading.GRADES`."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """The numbers of a place. Every one has a source or the word `assumption` in its file."""

    catchment_population: float
    """Residents whom the site can affect (persons)."""
    villages: int
    median_income_usd: float
    """Median income of an adult resident (US$ per month)."""
    revenue_usd_per_year: float
    """Revenue of the firm at the reference price (US$ per year)."""
    catchment_share: float
    """Part of that revenue earned by the site this catchment lives with (share)."""
    capital_cost_usd: float
    """Capital cost of that site (US$)."""
    ramp_up_months: float
    """Time from the start of the run to full output (months); 0 for a site at full output."""
    local_wage_share: float
    """Wages paid to residents (share of the site's revenue)."""
    local_purchase_share: float
    """Purchases from residents (share of the site's revenue)."""
    royalty_rate_share: float
    """Royalty (share of the site's revenue)."""
    company_capacity: float
    """Skill of the firm's local staff in partnering, in [0, 1]."""
    community_capacity: float
    """Skill of community organisations, in [0, 1]."""
    state_capacity: float
    """Skill and reach of local government, in [0, 1]."""
    staff_hours_per_1000: float
    """Partnering staff at the start (hours per 1000 residents per month)."""
    officers_per_1000: float
    """Police or soldiers within reach (officers per 1000 residents)."""
    force_alignment_share: float
    """Chance that the state grants a firm's call for force, in [0, 1]."""
    spoiler_presence: float
    """How far groups are present who punish those seen to take part (share)."""
    election_interval_months: int
    """Time between municipal elections (months)."""
    municipal_income_per_month: float
    """Own spending of the municipality per resident (median monthly incomes per month)."""
    trust_company: float
    """Mean trust of residents in the firm at the start, in [0, 1]."""
    trust_state: float
    """Mean trust of residents in local government at the start, in [0, 1]."""
    trust_community: float
    """Mean trust of residents in each other at the start, in [0, 1]."""
    trust_in_community: float
    """Trust of the firm in the community at the start, in [0, 1]."""
    operational_grievance_start: float
    """Mean grievance over present operations at the start, in [0, 1]."""
    legacy_grievance: float
    """Mean grievance over past wrongs among those affected, in [0, 1]."""
    legacy_affected_share: float
    """Residents who carry such a grievance (share)."""
    legacy_state_share: float
    """Part of that grievance aimed at the state and not the firm (share)."""
    environment_start: float
    """Environmental burden at the start, at least 0; 1 is a heavy burden."""
    unaffiliated_share: float
    """Residents who belong to no organisation (share)."""
    internet_share: float
    """Residents who can be reached online (share)."""
    leaders_per_1000: float
    """Leaders of community organisations (persons per 1000 residents)."""
    income_log_sd: float
    """Spread of log income within a group, at least 0."""
    need_concentration: float
    """Dirichlet concentration of a person's needs about the group's mean, above 0."""
    security_start: Six
    """Level of each of the six securities at the start, in [0, 1]."""
    company_interest: Six
    """What the firm would rather fund, over the six kinds of need; sums to one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the story plays: people, facts, dated events and the price of what is sold."""

    key: str
    title: str
    country: str
    story: str
    groups: tuple[Group, ...]
    tags: tuple[Tag, ...]
    facts: PlaceFacts
    producing_area_share: tuple[tuple[int, float], ...]
    """Part of the royalty that stays in the producing area: (month, share) steps by month.
    The first step is at month 0."""
    events: tuple[TimedEvent, ...]
    """What happens to the place from the start on; those beyond the end of a run never come."""
    price_path: tuple[float, ...]
    """Log price relative to its mean over the reference window, one a month from the start as far
    as the record goes, which may be shorter or longer than a run. Months beyond it, or all of them
    when it is empty, are drawn by the model."""

    def first_months(self, months: int) -> Self:
        """A copy with only so many months of price, events and royalty steps.

        Votes stay: the date of the next one is known beforehand, and officials look ahead to it.
        """
        steps = tuple(step for step in self.producing_area_share if step[0] < months)
        events = tuple(one for one in self.events if one.month < months or one.kind == "vote")
        path = self.price_path[:months]
        return dataclasses.replace(self, producing_area_share=steps, events=events, price_path=path)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One world, fully resolved: what `parley.run` needs apart from a seed."""

    title: str
    question: str
    place: Place
    practices: Practices
    parameters: Parameters
    start: date
    """First day of the first month."""
    months: int
    population: int
    """Simulated residents; they stand for `place.facts.catchment_population`."""
    trust_rule: TrustRule
    price_source: PriceSource
    conservation_checks: bool
    interventions: tuple[Intervention, ...] = ()
    tail_events: tuple[TailEvent, ...] = ()
    """Modules of rare disasters that the place has loaded."""

    @property
    def arm(self) -> str:
        """Name of the arm: the stack, then the interventions that come on top."""
        return "+".join((self.practices.key, *(one.key for one in self.interventions)))

    def content(self) -> dict[str, Any]:
        """All that can change a result, without labels, ready for canonical JSON.

        Titles, stories, notes, sources, the names of place and practices, and what lies beyond the
        end of the run are left out: a renamed preset is the same scenario.
        """
        begun = (one for one in self.interventions if one.first < self.months)
        within = tuple(one.within(self.months) for one in begun)
        content = _plain(
            dataclasses.replace(
                self,
                place=self.place.first_months(self.months),
                practices=self.practices.first_months(self.months),
                interventions=within,
            )
        )
        if not isinstance(content, dict):
            raise TypeError("a scenario must become a table")
        content["start"] = self.start.isoformat()
        if not self.tail_events:  # a scenario without them is what it was before there were any
            del content["tail_events"]
        return content

    def canonical_json(self) -> str:
        """`content` as one line of JSON with sorted keys, the same in every process."""
        return json.dumps(self.content(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    def digest(self) -> str:
        """SHA-256 of `canonical_json` (64 hexadecimal digits)."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def with_parameters(self, **changes: float) -> Self:
        """A copy with some parameters changed.

        Args:
            **changes: `section.name` to value, e.g. `**{"trust.asymmetry_max": 1.5}`.

        Raises:
            ScenarioError: A name is unknown or a value is out of range; all problems at once.
        """
        from parley.parameter_changes import change_parameters

        return dataclasses.replace(self, parameters=change_parameters(self.parameters, changes))

    def with_practices(self, practices: Practices) -> Self:
        """A copy with other practices in the same place."""
        return dataclasses.replace(self, practices=practices)

    def with_interventions(self, *given: Intervention | str | Path | Mapping[str, Any]) -> Self:
        """A copy with interventions on top of those it has.

        Args:
            *given: Names (`"cash_transfer"`, with changes `"cash_transfer:coverage=0.5"`), tables
                with the keys of `[[interventions]]`, or interventions.

        Raises:
            ScenarioError: One is unknown or does not fit; all problems at once.
        """
        from parley.interventions import add_interventions, setting_of

        more = add_interventions(given, setting_of(self.place, self.start, self.months))
        return dataclasses.replace(self, interventions=(*self.interventions, *more))

    def with_tail_events(self, *given: str | Path) -> Self:
        """A copy with modules of rare disasters on top of those it has; one it has is replaced.

        Args:
            *given: Names (`"bhopal"`, with changes `"bhopal:hazard_per_year=0.2"`) or files.

        Raises:
            ScenarioError: One is unknown or wrong; all problems at once.
        """
        from parley.tail_events import add_tail_events

        return dataclasses.replace(self, tail_events=add_tail_events(self.tail_events, given))

    def with_run(self, *, months: int | None = None, population: int | None = None) -> Self:
        """A copy of another length or size.

        Args:
            months: Length of the run (months), 1 to 1200.
            population: Simulated residents (persons), at least 50.

        Raises:
            ScenarioError: A value is not allowed.
        """
        from parley.scenario import check_run

        months = self.months if months is None else months
        population = self.population if population is None else population
        check_run(months=months, population=population)
        return dataclasses.replace(self, months=months, population=population)


_LABELS: dict[type, frozenset[str]] = {
    Scenario: frozenset({"title", "question"}),
    Place: frozenset({"key", "title", "country", "story"}),
    Group: frozenset({"label"}),
    Tag: frozenset({"label"}),
    TimedEvent: frozenset({"label", "source", "date", "grade", "note"}),
    Practices: frozenset({"key", "label", "note"}),
    Intervention: frozenset({"key", "label", "source", "grade", "note"}),
}


def _plain(value: object) -> object:
    """Dataclasses to dictionaries without labels, tuples to lists, the rest unchanged."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    names = _names(type(value))  # type: ignore[arg-type]  # every class can be hashed
    return {name: _plain(getattr(value, name)) for name in names} if names else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    """Fields of a dataclass that are no labels; none for any other type."""
    labels = _LABELS.get(kind, frozenset())
    return tuple(f.name for f in fields(kind) if f.name not in labels) if is_dataclass(kind) else ()
