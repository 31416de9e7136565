"""A small invented place, complete and cheap to run, for tests of the whole model."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from parley.practice_types import DIALS, Practices
from parley.registry import build_parameters
from parley.scenario_types import Group, Place, PlaceFacts, Scenario, Tag, TimedEvent

NEEDS_A = (0.10, 0.35, 0.15, 0.15, 0.15, 0.10)
NEEDS_B = (0.20, 0.15, 0.25, 0.20, 0.10, 0.10)
FACTS = PlaceFacts(
    catchment_population=20_000.0,
    villages=4,
    median_income_usd=150.0,
    revenue_usd_per_year=2.0e9,
    catchment_share=0.05,
    capital_cost_usd=5.0e8,
    ramp_up_months=12.0,
    local_wage_share=0.04,
    local_purchase_share=0.02,
    royalty_rate_share=0.08,
    company_capacity=0.6,
    community_capacity=0.4,
    state_capacity=0.4,
    staff_hours_per_1000=10.0,
    officers_per_1000=2.0,
    force_alignment_share=0.4,
    spoiler_presence=0.5,
    election_interval_months=48,
    municipal_income_per_month=0.05,
    trust_company=0.3,
    trust_state=0.2,
    trust_community=0.5,
    trust_in_community=0.5,
    operational_grievance_start=0.1,
    legacy_grievance=0.4,
    legacy_affected_share=0.3,
    legacy_state_share=0.5,
    environment_start=0.0,
    unaffiliated_share=0.4,
    internet_share=0.3,
    leaders_per_1000=5.0,
    income_log_sd=0.6,
    need_concentration=12.0,
    security_start=(0.6, 0.5, 0.6, 0.6, 0.5, 0.6),
    company_interest=(0.1, 0.3, 0.0, 0.1, 0.5, 0.0),
)
GROUPS = (
    Group("majority", "Majority", 0.7, 0.6, False, 1.1, NEEDS_A, 0.5, 0.6),
    Group("minority", "Minority", 0.3, 0.3, True, 0.8, NEEDS_B, 0.7, 0.4),
)
TAGS = (Tag("woman", "Women", True, (0.5, 0.5), 0.9, 0.9, 0.5),)
PARTNERS_STAY = {
    "partnership.entry_caution": 0.0,
    "partnership.exit_caution": 0.0,
    "partnership.task_effort_share": 0.0,
}
"""Everybody joins, stays and keeps its undertakings, whatever the partnership brings."""

CARRIED_OUT = {
    "chain.commitment_mean": 1.0,
    "chain.turnover_per_month": 0.0,
    "chain.attention_tasks": 10_000.0,
}
"""Everything that is funded is carried out, by people who stay."""

EVENTS = (
    TimedEvent(10, date(2012, 11, 1), "price_shock", "Price fall", -0.4, 12, "assumption"),
    TimedEvent(20, date(2013, 9, 1), "accident", "Spill", 0.5, 1, "assumption"),
    TimedEvent(30, date(2014, 7, 1), "protest_wave", "Unrest elsewhere", 0.05, 2, "assumption"),
)


def place(**facts: Any) -> Place:
    """The invented place, with some facts changed."""
    return Place(
        key="testland",
        title="Testland",
        country="Nowhere",
        story="",
        groups=GROUPS,
        tags=TAGS,
        facts=replace(FACTS, **facts),
        producing_area_share=((0, 0.25),),
        events=EVENTS,
        price_path=(),
    )


def practices(level: float = 0.0, **changes: Any) -> Practices:
    """A stack in which every modelled dial has one level.

    Args:
        level: level of every dial, in [0, 1].
        **changes: attributes of `Practices`, or levels of single dials by name.
    """
    nominal = dict.fromkeys(DIALS, level)
    nominal |= {key: changes.pop(key) for key in list(changes) if key in nominal}
    stack = Practices(
        key="stack",
        label="Stack",
        nominal=tuple(nominal.values()),
        owner="joint",
        payer="pooled",
        admits="individuals",
        protection="none",
        judge="joint",
        forum_separation=1.0,
        spends=True,
        delivers=True,
        transfer_share=0.0,
        hires_staff=True,
        hooks_connected=True,
        price_multiplier=1.0,
        note="",
    )
    return replace(stack, **changes)


def world(stack: Practices | None = None, at: Place | None = None, **changes: Any) -> Scenario:
    """A scenario of 400 people and 36 months in the invented place, where partners stay.

    Args:
        stack: practices; all modelled dials at 0.6 if left out.
        at: the place; the invented one if left out.
        **changes: attributes of `Scenario`.
    """
    scenario = Scenario(
        title="Test",
        question="",
        place=at or place(),
        practices=stack or practices(0.6),
        parameters=build_parameters(PARTNERS_STAY),
        start=date(2012, 1, 1),
        months=36,
        population=400,
        trust_rule="linear",
        price_source="process",
        conservation_checks=True,
    )
    return replace(scenario, **changes)
