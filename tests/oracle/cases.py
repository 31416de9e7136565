"""Worlds in which columns and plain people are compared, and what must happen in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np
from worlds import PARTNERS_STAY, place, practices, world

from parley.price_data import month_after
from parley.registry import build_parameters, load_registry
from parley.scenario import make_scenario
from parley.scenario_types import Scenario, TimedEvent

MONTHS = 120
OWNERS = ("company", "joint", "ngo", "un", "state")
ALWAYS = {
    *("meeting", "agreement", "deprivation", "promises kept", "promises broken"),
    *("unrest elsewhere", "partnership grievance", "successor"),
}


def small_world(population: int = 60, **changes: Any) -> Scenario:
    """The invented place, with every modelled practice at 0.6 unless it says otherwise."""
    return world(months=MONTHS, population=population, **changes)


def colombia(**changes: Any) -> Scenario:
    """A place with dated events of every kind, and its own tags and groups."""
    return make_scenario(place="colombia", practices="hsbp", months=MONTHS, **changes)


def switched_on(scenario: Scenario) -> Scenario:
    """All switches of the registry at the far end of their priors."""
    switches = {
        key: parameter.prior.high
        for key, parameter in load_registry().parameters.items()
        if parameter.role == "switch" and parameter.prior is not None
    }
    assert {"grievance.tunnel_hope", "harm.threat_coupling_per_month"} < switches.keys()
    # habit alone (1) would hide what people think fair
    switches["appraisal.adaptation_share"] = 0.5
    # partners as cautious as can be would never meet
    switches |= PARTNERS_STAY
    # rooms that misread most of what is said would never agree
    switches["skills.misread_share"] = 0.3
    return scenario.with_parameters(**switches)


def unruly(**changes: Any) -> Scenario:
    """People act more readily than usual, and the state always lends force."""
    return small_world(at=place(force_alignment_share=1.0), **changes).with_parameters(
        **{"mobilisation.threshold_mean": 0.45}
    )


def greedy() -> Scenario:
    """Nobody acts; organisations overrate the rent; the company promises what it cannot pay."""
    return small_world().with_parameters(
        **{
            "mobilisation.threshold_mean": 2.0,
            "bargain.belief_bias": 0.8,
            "bargain.standoff_margin_ratio": 0.0,
            "delivery.overpromise_share": 1.0,
        }
    )


def left_alone() -> Scenario:
    """A standing site that pays much and brings ventures, until it leaves."""
    leaves = TimedEvent(70, date(2017, 11, 1), "company_leaves", "", 0.0, 1, "assumption")
    at = replace(place(ramp_up_months=0.0, local_wage_share=0.1), events=(leaves,))
    return small_world(at=at).with_parameters(
        **{
            "budget.social_budget_share": 0.1,
            "livelihood.venture_money_share": 1.0,
            "livelihood.venture_cost_income": 1.0,
            "livelihood.crowding_pay": 1.0,
            "livelihood.crowding_transfers": 0.5,
        }
    )


DATED = (
    ("price_shock", 2, -0.4, 12),
    ("armed_groups", 4, 5.0, 24),
    ("violence", 5, 3.0, 6),
    ("leader_killed", 6, 0.4, 0),
    ("leader_killed", 20, 1.0, 0),
    ("state_income", 7, 0.5, 10),
    ("livelihood_shock", 8, 0.3, 6),
    ("royalty_reform", 9, 2.0, 0),
    ("ownership_change", 10, 1.0, 0),
    ("accident", 12, 0.5, 0),
    ("protest_wave", 14, 0.2, 3),
    ("strike", 16, 0.1, 4),
    ("output_change", 18, 1.5, 0),
    ("emission_change", 19, 0.5, 0),
    ("contact_ban", 24, 0.2, 6),
    ("vote", 26, 0.0, 0),
    ("civic_space", 36, 0.5, 0),
    ("peace_accord", 40, 0.5, 0),
    ("livelihood_shock", 44, 1.5, 0),
    ("note", 50, 0.0, 0),
    ("company_leaves", 60, 0.0, 0),
)
"""Kind, month, size and length of the events that `eventful` meets."""


def eventful() -> Scenario:
    """Dated events of every kind, among people who may be punished; in the end the company goes."""
    events = tuple(
        TimedEvent(
            month, month_after(date(2012, 1, 1), month), kind, "", size, months, "assumption"
        )
        for kind, month, size, months in DATED
    )
    return small_world(at=replace(place(), events=events)).with_parameters(
        **{
            "risk.reprisal_per_visible_act": 0.1,
            "mobilisation.threshold_mean": 0.6,
            "livelihood.crowding_pay": 1.0,
        }
    )


def stubborn() -> Scenario:
    """Rooms hardly move, and soon give up."""
    return small_world().with_parameters(
        **{"room.consensus_step_share": 0.01, "room.max_rounds": 4}
    )


def fearful(**changes: Any) -> Scenario:
    """Whoever is seen may be punished; many file; claims about the past spill over."""
    stack = practices(0.8, price_multiplier=0.3, forum_separation=0.2, **changes)
    return switched_on(
        small_world(150, stack=stack, at=place(spoiler_presence=1.0))
    ).with_parameters(
        **{
            "chain.commitment_mean": 1.0,
            "chain.attention_tasks": 10_000.0,
            "risk.reprisal_per_visible_act": 0.3,
            "mobilisation.threshold_mean": 0.6,
            "desk.known_share": 1.0,
            "desk.authority_share": 0.6,
            "desk.seek_share": 0.9,
            "desk.problem_months": 3.0,
            "desk.servers_per_1000": 60.0,
            "desk.dare_fear": 1.0,
            "desk.file_threshold": 0.05,
        }
    )


def reviewed() -> Scenario:
    """Work is slow, dates pass, and a review every quarter says so in public."""
    return small_world(stack=practices(0.6, monitoring=1.0)).with_parameters(
        **{
            "monitoring.review_interval_months": 3,
            "monitoring.publish_share": 1.0,
            "monitoring.shortfall_weight": 1.0,
            "monitoring.learning_step": 0.2,
            "delivery.task_hazard_per_month": 0.05,
        }
    )


def sheltered() -> Scenario:
    """As `fearful`, with legal aid for some and a judge from outside."""
    return fearful(judge="company").with_interventions(
        {"kind": "legal_aid", "coverage": 0.6, "first": 4},
        {"kind": "ombudsman", "coverage": 0.9, "first": 10, "strengths": {"level": 0.9}},
    )


def helped() -> Scenario:
    """Three payers pay cash to different people at different times; entitlements are published."""
    return small_world().with_interventions(
        {"kind": "cash_transfer", "payer": "donor", "eligible": "minority", "coverage": 0.5},
        {"kind": "cash_transfer", "payer": "company", "first": 13, "last": 40},
        {"kind": "cash_transfer", "payer": "state", "first": 31, "villages": [1, 3]},
        {"kind": "entitlement_audit", "first": 7, "ramp_months": 24, "coverage": 0.8},
    )


def restless() -> Scenario:
    """Organisations soon doubt and leave; meetings may take an afternoon and no longer."""
    return small_world().with_parameters(
        **{
            "partnership.exit_caution": 3.0,
            "partnership.exit_patience_months": 6,
            "partnership.task_effort_share": 0.3,
            "partnership.meeting_cap_hours": 6.0,
            "partnership.feared_loss_share": 1.0,
            "appraisal.exclusion_hurt": 0.3,
        }
    )


def prior_draw(seed: int, *, corner: bool) -> Scenario:
    """Everything drawn at once: parameters from their priors, practices, who owns and attends.

    Args:
        seed: of the draw.
        corner: take each parameter from one end of its prior or the other.
    """
    luck = np.random.default_rng(seed)
    values = {}
    for key, parameter in load_registry().parameters.items():
        u = float(luck.integers(2)) if corner else float(luck.random())
        if parameter.prior is not None and parameter.section != "place":
            values[key] = parameter.prior.ppf(u)
    stack = practices(
        float(luck.random()),
        owner=OWNERS[seed % len(OWNERS)],
        admits=("individuals", "organisations")[seed % 2],
        transfer_share=(0.0, 0.5)[seed % 2],
    )
    rule = ("linear", "counts")[seed // 2 % 2]
    return small_world(stack=stack, parameters=build_parameters(values), trust_rule=rule)


def standing() -> Scenario:
    """An apology that heals, spending elsewhere, and a record that leads to expulsion."""
    stack = practices(0.5, apology=8, outside_share=0.3, disclosure=True)
    return small_world(stack=stack).with_parameters(
        **{
            "attributes.apology_healing": 2.0,
            "attributes.standard_kept_share": 1.0,
            "attributes.standard_window_months": 30,
        }
    )


@dataclass(frozen=True)
class Case:
    """A scenario, and what must have happened in it for the comparison to count."""

    scenario: Callable[[], Scenario]
    reaches: frozenset[str] | set[str]


PROTEST = {"concession", "blockade", "violence", "disruption", "force", "deceived", "no rent"}
SWITCHED = {"hope", "left out"}
RISK = {
    *("reprisal", "hidden grievance", "complaint", "remedy", "overdue"),
    *("desk case just", "desk case declared", "desk case given up"),
    *("forum case just", "forum case declared", "forum case given up"),
}
BESET = {
    *("meeting", "reprisal", "reprisals heard of", "spoilers everywhere", "hard times"),
    *("unrest elsewhere", "contact ban", "peace", "the company gone"),
}
SLOW = {
    "unruly, counts": Case(partial(unruly, trust_rule="counts"), ALWAYS | PROTEST),
    "small world": Case(small_world, ALWAYS),
    "greedy": Case(greedy, {"standoff"}),
    "stubborn": Case(stubborn, {"no agreement"}),
    "switches": Case(lambda: switched_on(small_world(150)), ALWAYS | SWITCHED),
    "switches, counts": Case(
        lambda: switched_on(small_world(150, trust_rule="counts")), ALWAYS | SWITCHED
    ),
    "restless": Case(restless, {"meeting", "out of time", "village stays away"}),
    "reviewed": Case(reviewed, ALWAYS | {"published"}),
    "no practices": Case(partial(small_world, stack=practices(0.0)), {"deprivation"}),
    "legal aid and ombudsman": Case(sheltered, RISK),
    "anonymity": Case(partial(fearful, protection="anonymity", judge="company"), RISK),
    "proxy": Case(partial(fearful, protection="proxy", judge="outside"), RISK),
    "pacing": Case(partial(fearful, protection="pacing"), RISK),
    "cash": Case(
        lambda: small_world(stack=practices(0.3, transfer_share=1.0, owner="ngo")), {"transfers"}
    ),
    "the company leaves": Case(left_alone, {"the company gone", "ventures", "ventures lost"}),
    "every kind of event": Case(eventful, BESET),
    "interventions": Case(
        helped,
        {
            *("cash from the company", "cash from the state", "cash from elsewhere"),
            "entitlements published",
        },
    ),
    "leaders": Case(lambda: small_world(150, stack=practices(0.5, admits="leaders")), ALWAYS),
    "officials": Case(
        lambda: small_world(stack=practices(0.5, admits="officials", initiator="state")),
        {"meeting"},
    ),
    "standing": Case(standing, ALWAYS),
    "colombia": Case(partial(colombia, population=100), ALWAYS | {"peace", "contact ban"}),
    "colombia, counts": Case(partial(colombia, population=60, trust_rule="counts"), ALWAYS),
    "colombia, switches": Case(lambda: switched_on(colombia(population=80)), ALWAYS | SWITCHED),
    **{f"prior {seed}": Case(partial(prior_draw, seed, corner=False), set()) for seed in range(8)},
    **{f"corner {seed}": Case(partial(prior_draw, seed, corner=True), set()) for seed in range(8)},
}
