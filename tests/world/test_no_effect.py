"""Interventions with nothing to work on, and what a company cannot pay: both are said."""

from dataclasses import replace

import pytest
from world.given import intervention
from world.helpers import differing, finished, small

from parley.no_effect import no_effect
from parley.place import available_places

HIRING, ROYALTY, FUND = "local_hiring", "royalty_rule", "facilitator_fund"
IDLE = {
    HIRING: {"angola", "mexico"},
    ROYALTY: {"colombia_pilot", "mexico"},
    FUND: set(),
}
"""Places in which a kind has nothing to work on under the framework."""


def with_one(place, kind, stack="hsbp"):
    world = small(place, stack, 12, 100)
    return replace(world, interventions=(intervention(kind, first=2),))


def why(world):
    return no_effect(world, world.interventions[0])


@pytest.mark.parametrize("kind", IDLE)
def test_where_there_is_nothing_to_work_on_is_said(kind):
    assert {place for place in available_places() if why(with_one(place, kind))} == IDLE[kind]


@pytest.mark.parametrize(
    ("place", "kind", "stack"),
    [
        ("angola", HIRING, "hsbp"),
        ("mexico", HIRING, "transactional"),
        ("mexico", ROYALTY, "hsbp"),
        ("colombia", FUND, "transactional"),
    ],
)
def test_what_is_said_to_change_nothing_changes_no_bit(place, kind, stack):
    world = with_one(place, kind, stack)
    assert why(world)
    assert differing(finished(world), finished(replace(world, interventions=()))) == []


@pytest.mark.parametrize("kind", [HIRING, ROYALTY, FUND])
def test_elsewhere_the_same_changes_something(kind):
    world = with_one("colombia", kind)
    assert why(world) == ""
    assert differing(finished(world), finished(replace(world, interventions=())))


def test_a_stack_that_announces_facilitation_later_has_work_for_the_fund():
    world = with_one("colombia", FUND, "hrdd_then_hsbp")
    assert len(world.practices.phases) > 1
    assert why(world) == ""


def test_the_reason_names_the_keys_that_decide():
    assert "local_wage_share, local_purchase_share" in why(with_one("angola", HIRING))
    assert "royalty_rate_share" in why(with_one("mexico", ROYALTY))
    assert "facilitation" in why(with_one("mexico", FUND, "none"))


# --- what the company cannot pay ----------------------------------------------------------------


def noted(model, kind):
    return {e.month: e.amount for e in model.recorder.events if e.kind == kind}


def test_what_the_company_could_not_pay_is_kept():
    """US$ 26 a head asked for each month: paid and unpaid make up what was due, to the cent."""
    huge = intervention("cash_transfer", "company", first=2, strengths={"amount": 5.0})
    model = finished(replace(small("colombia", "hsbp", 9, 200), interventions=(huge,)))
    due = 5 * model.cents_per_income * 200
    paid, unpaid = noted(model, "intervention_cost"), noted(model, "intervention_unpaid")
    assert set(unpaid) == set(range(2, 9))
    for month, cents in unpaid.items():
        assert cents > 0.5 * due
        assert paid.get(month, 0.0) + cents == pytest.approx(due, abs=1.0)


def test_where_all_is_paid_nothing_is_noted():
    small_sum = intervention("cash_transfer", "company", first=2, strengths={"amount": 0.001})
    model = finished(replace(small("colombia", "hsbp", 9, 200), interventions=(small_sum,)))
    assert noted(model, "intervention_cost")
    assert noted(model, "intervention_unpaid") == {}
