"""Nothing in, nothing out: a place where nothing happens stays as it is.

No rent, no wages, no harm, no events, no municipal money, no meetings and no past: then trust stays
at its prior, grievance at nothing and nobody acts. Two drifts remain and are no news: opinions of
the company settle among neighbours, since people start with their own, and security rounds in the
last bit. Everything else that moves in a quiet place is traced below to the one thing that moves
it, and stops with it.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import worlds
from world.helpers import finished

from parley.model import PartneringModel
from parley.scenario_types import TimedEvent

MONTHS = 36
NOTHING = {
    "local_wage_share": 0.0,
    "local_purchase_share": 0.0,
    "royalty_rate_share": 0.0,
    "ramp_up_months": 0.0,
    "municipal_income_per_month": 0.0,
    "operational_grievance_start": 0.0,
    "legacy_affected_share": 0.0,
    "environment_start": 0.0,
}
STILL = {
    "price.volatility_per_sqrt_year": 0.0,
    "budget.cost_share": 1.0,
    "harm.emission_per_output": 0.0,
}
"""At the reference price the site earns exactly what it costs, and emits nothing."""

EMPTY = worlds.practices(
    0.0, spends=False, owner="company", payer="company", admits="organisations", hires_staff=False
)
BANNED = TimedEvent(0, date(2012, 1, 1), "contact_ban", "", 0.0, 10_000, "assumption")
SETTLING = {"opinion"}
"""Moves by itself: people start with their own view and mix it with their neighbours'."""


def quiet(stack=EMPTY, events=(BANNED,), rule="linear", parameters=(), **facts):
    """A place where nothing happens, but for what is asked for."""
    place = replace(
        worlds.place(**NOTHING | facts), events=events, producing_area_share=((0, 0.0),)
    )
    world = worlds.world(stack, place, months=MONTHS, trust_rule=rule)
    return world.with_parameters(**STILL | dict(parameters))


def moved(world, tolerance=1e-12):
    """Run, and name every column of people that has moved from its start."""
    model = PartneringModel(world)
    start = {name: column.copy() for name, column in model.people.columns.items()}
    model.run_model()
    far = {
        name: float(np.abs(column.astype(float) - start[name]).max(initial=0.0))
        for name, column in model.people.columns.items()
    }
    return {name for name, distance in far.items() if distance > tolerance}, model


def unrest(model):
    other = ("vote", "diversion_found", "turnover", "joined")
    return [e for e in model.recorder.events if e.kind not in other]


@pytest.mark.parametrize("rule", ["linear", "counts"])
def test_without_rent_harm_and_news_nothing_moves(rule):
    found, model = moved(quiet(rule=rule))
    assert found == SETTLING
    assert unrest(model) == []
    assert model.now.rent == 0.0
    assert model.company.trust_in_community == worlds.FACTS.trust_in_community
    for name in ("active_share", "harm", "benefit", "state_benefit", "grievance_operational"):
        assert not model.recorder.series[name].any(), name
    for whom in ("company", "state", "community"):
        series = model.recorder.series[f"trust_{whom}"]
        assert np.abs(series - series[0]).max() < 1e-12
    assert model.ledger.balance("people") == 0


def test_opinion_only_settles_its_mean_stays():
    """Neighbours' views spread in the network; the mean moves by a thousandth and then rests."""
    series = finished(quiet()).recorder.series["trust_company"]
    assert np.ptp(series, axis=0).max() < 1e-12, "nobody's trust follows opinion"
    model = PartneringModel(quiet())
    before = float(model.people["opinion"].mean())
    model.run_model()
    assert abs(float(model.people["opinion"].mean()) - before) < 0.002


def test_practices_that_are_carried_out_in_private_change_nothing():
    """Every dial at 0.6 and free, but no budget to spend and meetings banned: still no news."""
    stack = worlds.practices(0.6, price_multiplier=0.0)
    found, model = moved(quiet(stack, parameters={"budget.social_budget_share": 0.0}))
    assert min(model.site_team.executed[np.asarray(stack.nominal) > 0]) > 0.0
    assert found == SETTLING
    assert unrest(model) == []


@pytest.mark.parametrize("admits", ["organisations", "individuals"])
def test_what_meetings_alone_bring_falls_on_those_they_reach(admits):
    """Where people meet over nothing, contact, time and voice are all that is felt.

    Contact is as often good as bad, so it moves attenders and whom they talk to, hardly the mean.
    Meeting takes time, which is benefit forgone. The agenda alone moves voice, and through it
    what attenders expect; heard or not, they are part of dignity. Nobody else changes.
    """
    stack = worlds.practices(0.6, price_multiplier=0.0, admits=admits)
    world = quiet(stack, events=(), parameters={"budget.social_budget_share": 0.0})
    model = PartneringModel(world)
    trust = model.people["trust_company"].copy()
    model.run_model()
    people = model.people
    met = people["ever_partner"]
    told = model.ties.row_mean(met.astype(float)) > 0.0
    others = ~(met | told)
    assert 0 < int(met.sum()) < int(others.sum()) + int(told.sum())
    assert bool((people["trust_company"] == trust)[others].all())
    assert abs(float((people["trust_company"] - trust).mean())) < 0.02
    assert not people["grievance_operational"][~met].any()
    assert not people["expected_influence"][~met].any()
    assert unrest(model) == []


def test_each_thing_that_meetings_bring_has_its_switch():
    """Contact, time and voice switched off, meetings leave trust and grievance alone."""
    stack = worlds.practices(0.6, price_multiplier=0.0)
    off = {
        "budget.social_budget_share": 0.0,
        "appraisal.weight_contact": 0.0,
        "appraisal.weight_voice": 0.0,
        "grievance.voice_inflow": 0.0,
        "room.meeting_cost_days": 0.0,
    }
    found, model = moved(quiet(stack, events=(), parameters=off))
    assert bool(model.people["ever_partner"].any())
    of_meetings = {"ever_partner", "attended", "invited", "informed", "signal_voice"}
    assert found - of_meetings == SETTLING | {"expected_influence", "dignity"}


def test_the_company_trusts_more_after_every_meeting_that_agrees():
    """A drift that remains: agreement alone, over nothing, raises the company's own trust."""
    stack = worlds.practices(0.6, price_multiplier=0.0)
    world = quiet(stack, events=(), parameters={"budget.social_budget_share": 0.0})
    model = finished(world)
    series = model.recorder.series["trust_in_community"][:, 0]
    assert bool((np.diff(series) >= 0.0).all())
    assert series[-1] > series[0]


# --- the state ----------------------------------------------------------------------------------


def test_a_municipality_that_loses_part_of_its_money_disappoints_by_itself():
    """A drift that remains: services are held against what people are entitled to.

    What is diverted, spent on overhead or not needed is missing each month, so trust in the state
    falls and grievance arises although nothing happens; all of it is laid at the state's door,
    and the company's standing does not move.
    """
    found, model = moved(quiet(municipal_income_per_month=0.05))
    assert {"trust_state", "grievance_operational", "blame_state"} <= found
    assert not {"trust_company", "trust_community", "grievance_legacy", "benefit"} & found
    series = model.recorder.series
    assert series["trust_state"][-1, 0] < series["trust_state"][0, 0]
    assert not series["grievance_at_company"].any()
    assert series["grievance_at_state"][-1, 0] > 0.0


def test_who_judges_the_state_by_habit_alone_has_nothing_to_hold_against_it():
    """Full adaptation: people are used to the services they have, and keep their trust."""
    habit = {"appraisal.adaptation_share": 1.0}
    found, model = moved(quiet(municipal_income_per_month=0.05, parameters=habit))
    assert found == SETTLING | {"state_benefit", "state_aspiration", "security"}
    assert unrest(model) == []
    assert not model.recorder.series["grievance_operational"].any()


def test_services_mend_security_although_the_start_was_a_rest_without_them():
    """A drift that remains: pressure at the start balances natural repair only, so a municipality
    that has always run its services makes people a little safer from the first month on."""
    model = finished(quiet(municipal_income_per_month=0.05))
    start = PartneringModel(quiet(municipal_income_per_month=0.05)).people["security"]
    gain = model.people["security"] - start
    assert gain.min() >= 0.0
    assert 0.0 < float(gain.mean()) < 0.03


# --- the past -----------------------------------------------------------------------------------


def test_old_grievance_neither_grows_nor_fades_by_itself_and_present_grievance_fades():
    """Legacy stays to the bit; operational grievance without inflow falls at its own rate."""
    world = quiet(operational_grievance_start=0.3, legacy_affected_share=0.3)
    model = finished(world)
    legacy = model.recorder.series["grievance_legacy"]
    assert bool((legacy == legacy[0]).all())
    assert legacy[0, 0] > 0.0
    left = 0.3 * (1.0 - world.parameters.grievance.decay_per_month) ** np.arange(1, MONTHS + 1)
    found = model.recorder.series["grievance_operational"][:, 0]
    assert found == pytest.approx(left, rel=1e-12)


def test_a_heavy_past_can_move_people_without_any_news():
    """With low thresholds, legacy alone makes some act; a place without a past stays calm."""
    low = {"mobilisation.threshold_mean": 0.2}
    heavy = finished(quiet(legacy_affected_share=0.8, parameters=low))
    calm = finished(quiet(parameters=low))
    assert heavy.recorder.series["active_share"][:, 0].max() > 0.0
    assert not calm.recorder.series["active_share"].any()


def test_distrust_can_move_people_only_where_its_weight_is_switched_on():
    """`weight_trust` is 0 by default. Switched on, low opinion pushes like a small grievance."""
    low = {"mobilisation.threshold_mean": 0.1}
    push = finished(quiet(parameters=low | {"mobilisation.weight_trust": 0.5}))
    none = finished(quiet(parameters=low))
    assert push.recorder.series["active_share"].any()
    assert not none.recorder.series["active_share"].any()


# --- each input is news -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "parameters", "felt"),
    [
        ({"local_wage_share": 0.1}, {}, "benefit"),
        ({}, {"harm.emission_per_output": 0.05}, "grievance_operational"),
        ({}, {"budget.cost_share": 0.6}, "grievance_operational"),
        ({"environment_start": 0.5}, {}, "trust_company"),
        ({}, {"price.volatility_per_sqrt_year": 0.3}, "aspiration"),
    ],
)
def test_each_of_the_things_taken_out_would_be_felt(facts, parameters, felt):
    """The quiet is not deafness: put one thing back, and people move."""
    found, _ = moved(quiet(parameters=parameters, **facts))
    assert felt in found
