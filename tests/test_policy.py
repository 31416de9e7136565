"""From instrument and delivery to the values of a month: pure functions, checked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from world.given import KINDS, intervention

from parley.policy import Reached, Target, neutral, order, policy_of, price, reach, rolled_out

VILLAGE = np.repeat(np.arange(4), 25)
DRAWS = np.random.default_rng(3).random(100)


def target(kind, eligible=None):
    """An order of 100 people in four villages, for a kind."""
    if kind in {"entitlement_audit", "capacity_grant"}:
        rank, n = order(np.array([0.7, 0.1, 0.9, 0.3]), np.ones(4, dtype=bool))
        return Target(rank[VILLAGE], n)
    return Target(*order(DRAWS, np.ones(100, dtype=bool) if eligible is None else eligible))


@pytest.mark.parametrize("kind", KINDS)
@given(
    first=st.integers(0, 5),
    ramp=st.integers(1, 24),
    small=st.floats(0, 1),
    large=st.floats(0, 1),
    month=st.integers(0, 30),
)
def test_more_coverage_reaches_a_superset_and_costs_no_less(kind, first, ramp, small, large, month):
    low, high = sorted((small, large))
    one, other = (
        intervention(kind, first=first, ramp_months=ramp, coverage=c) for c in (low, high)
    )
    few, many = (reach(i, target(kind), month) for i in (one, other))
    assert not (few.people & ~many.people).any()
    assert few.level <= many.level <= 1.0
    assert 0 <= price(one, few, 20_000) <= price(other, many, 20_000)


@given(ramp=st.integers(1, 24), month=st.integers(0, 40))
def test_coverage_never_falls_until_the_end_and_stays_within_bounds(ramp, month):
    one = intervention("cash_transfer", first=4, last=30, ramp_months=ramp, coverage=0.6)
    now, later = rolled_out(one, month), rolled_out(one, month + 1)
    assert 0.0 <= now <= 0.6
    assert later >= now or month == 30
    assert rolled_out(one, 3) == rolled_out(one, 31) == 0.0
    assert rolled_out(one, 30) == 0.6


@given(coverage=st.floats(0, 1))
def test_coverage_is_met_to_the_nearest_person(coverage):
    eligible = np.arange(100) < 40
    found = reach(
        intervention("cash_transfer", coverage=coverage), target("cash_transfer", eligible), 7
    )
    assert found.count == round(40 * coverage)
    assert not found.people[40:].any()


def test_two_of_four_villages():
    found = reach(intervention("entitlement_audit", coverage=0.5), target("entitlement_audit"), 7)
    assert np.unique(VILLAGE[found.people]).tolist() == [1, 3]
    assert (found.level, found.count) == (0.5, 50)


def test_half_coverage_of_the_site_has_half_the_price_and_half_the_effect():
    one = intervention("ombudsman", coverage=0.5)
    whom = reach(one, target("ombudsman"), 7)
    assert price(one, whom, 20_000) == round(0.5 * 100 * 0.5 * 100 / 12)
    policy = policy_of([one], [whom], [1.0], VILLAGE, neutral(100, 4))
    assert (policy.ombudsman_level, policy.ombudsman_judge) == (0.25, 1.0)


def values(*interventions, funded=None):
    whom = [reach(one, target(one.kind), 10) for one in interventions]
    paid = [1.0] * len(whom) if funded is None else funded
    return policy_of(interventions, whom, paid, VILLAGE, neutral(100, 4))


def test_each_kind_sets_its_values():
    p = values(*(intervention(kind) for kind in KINDS))
    assert (p.audit, p.published.tolist()) == (0.2, [0.5] * 4)
    assert p.facilitation_funded == 1.0
    assert (p.royalty_kept, p.royalty_added) == (0.0, 0.9)
    assert (p.wages_raised, p.purchases_raised, p.productivity_cost) == (0.25, 0.25, 0.1)
    assert (p.skill_target, p.skill_speed) == (0.2, 1 / 24)
    assert p.sheltered.tolist() == p.filing_help.tolist() == [0.5] * 100
    assert (p.ombudsman_level, p.ombudsman_judge) == (0.5, 1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nobody_pays_for_changes_nothing(kind):
    start, none = neutral(100, 4), values(intervention(kind), funded=[0.0])
    assert none.audit == none.facilitation_funded == none.skill_target == 0.0
    for name in ("published", "sheltered", "filing_help"):
        assert getattr(none, name).tolist() == getattr(start, name).tolist()


def test_two_of_a_kind_add_up_within_bounds():
    fund = intervention("facilitator_fund", strengths={"fee_share": 0.7})
    assert values(fund, fund).facilitation_funded == 1.0
    audit = intervention("entitlement_audit")
    assert values(audit, audit).audit == 0.4
    assert values(audit, audit).published.tolist() == [0.5] * 4
    half = intervention("royalty_rule", coverage=0.5, strengths={"share": 0.4})
    p = values(half, half)  # base 0.2: first 0.3, then 0.35
    assert p.royalty_kept * 0.2 + p.royalty_added == pytest.approx(0.35)


def test_cash_is_paid_by_head_in_whole_cents():
    one = intervention("cash_transfer", strengths={"amount": 0.1})
    assert price(one, Reached(1.0, np.ones(7, dtype=bool), 7), 12_345) == 7 * 1234
