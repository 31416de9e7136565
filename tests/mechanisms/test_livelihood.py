"""Block M21: outside work and skill, ventures, security of livelihood, dependency."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.livelihood import (
    dependency,
    outside_income,
    outside_use,
    resting_skill,
    ruined,
    security_pull,
    step_skill,
    step_ventures,
    venture_chance,
)
from parley.registry import default_parameters

P = default_parameters().livelihood
SHARE = st.floats(0.0, 1.0)
MONEY = st.floats(0.0, 10.0)
SOME = st.floats(0.01, 10.0)


@given(SOME, MONEY, MONEY, SHARE, SHARE)
@settings(deadline=None, max_examples=80)
def test_use_is_a_share_that_falls_with_the_companys_money(outside, pay, given_, one, other):
    p = replace(P, crowding_pay=one, crowding_transfers=other)
    use = float(outside_use(outside, pay, given_, p))
    assert 0.0 <= use <= 1.0
    assert float(outside_use(outside, pay + 1.0, given_, p)) <= use + 1e-12
    assert float(outside_use(outside, 0.0, 0.0, p)) == 1.0


def test_without_crowding_nobody_leaves_outside_work():
    p = replace(P, crowding_pay=0.0, crowding_transfers=0.0)
    assert outside_use(np.array([0.1, 1.0]), np.array([9.0, 0.0]), 5.0, p).tolist() == [1.0, 1.0]


@given(SHARE, st.floats(0.01, 0.3), st.floats(0.0, 0.3), SHARE)
@settings(deadline=None, max_examples=40)
def test_skill_comes_to_rest_where_growth_and_withering_balance(use, grows, withers, start):
    """Known answer: s* = g u / (g u + w (1 - u)), approached at the rate g u + w (1 - u)."""
    p = replace(P, skill_growth_per_month=grows, skill_withering_per_month=withers)
    rest = float(resting_skill(use, p))
    assert float(step_skill(rest, use, p)) == pytest.approx(rest, abs=1e-15)
    speed = grows * use + withers * (1.0 - use)
    if speed == 0.0:
        assert float(step_skill(start, use, p)) == start
        return
    skill = start
    for _ in range(24):
        skill = float(step_skill(skill, use, p))
    assert skill == pytest.approx(rest + (start - rest) * (1.0 - speed) ** 24, abs=1e-9)


def test_skill_that_neither_grows_nor_withers_stays():
    p = replace(P, skill_growth_per_month=0.0, skill_withering_per_month=0.0)
    assert float(step_skill(0.37, 0.2, p)) == 0.37
    assert float(resting_skill(0.2, p)) == 1.0


def test_thin_alternatives_make_a_crowd_poorer():
    """Twice the work on offer: all of it pays where work is plenty, none where it is fixed."""
    for elasticity, total in ((1.0, 2.0), (0.5, 2.0**0.5), (0.0, 1.0)):
        p = replace(P, outside_elasticity=elasticity)
        assert float(outside_income(1.0, 1.0, 2.0, 2.0, p)) == pytest.approx(total, rel=1e-12)
        assert float(outside_income(1.0, 0.5, 1.0, 1.0, p)) == 0.5


@pytest.mark.parametrize("fortune", [0.0, 0.3, 1.0, 2.5])
def test_fortune_multiplies_what_outside_work_brings(fortune):
    usual = float(outside_income(0.8, 0.5, 0.9, 1.4, P))
    assert float(outside_income(0.8, 0.5, 0.9, 1.4, P, fortune)) == pytest.approx(
        fortune * usual, rel=1e-12
    )
    assert float(outside_income(0.8, 0.5, 0.9, 1.4, P, 1.0)) == usual


def test_ventures_start_with_money_and_succeed_as_often_as_they_should():
    p = replace(P, venture_money_share=0.5, venture_cost_income=4.0)
    assert venture_chance(np.array([0.0, 0.8, 100.0]), p).tolist() == [0.0, 0.1, 1.0]
    assert float(venture_chance(3.0, replace(P, venture_money_share=0.0))) == 0.0
    luck = (np.arange(1000) + 0.5) / 1000
    income, lost = step_ventures(0.0, True, luck, replace(P, venture_success_share=0.3))
    assert (income > 0.0).sum() == 300
    assert (lost > 0.0).sum() == 700
    idle, nothing = step_ventures(0.2, False, luck, replace(P, venture_closing_per_month=0.0))
    assert idle.tolist() == [0.2] * 1000
    assert not nothing.any()


@given(MONEY, SOME)
@settings(deadline=None, max_examples=60)
def test_security_is_pulled_one_way_at_a_time(income, start):
    pressure, repair = (float(x) for x in security_pull(income, start, P))
    assert 0.0 <= pressure <= P.security_response_per_month
    assert 0.0 <= repair <= P.security_response_per_month
    assert pressure == 0.0 or repair == 0.0
    assert (pressure > 0.0) == (income / start < 1.0)
    off = replace(P, security_response_per_month=0.0)
    assert [float(x) for x in security_pull(income, start, off)] == [0.0, 0.0]


def test_ruin_and_dependency_are_what_they_say():
    p = replace(P, ruin_loss_share=0.25)
    assert ruined(np.array([0.74, 0.75]), 1.0, p).tolist() == [True, False]
    assert not ruined(0.0, 1.0, replace(P, ruin_loss_share=1.0))
    found = dependency(np.array([2.0, 2.0, 0.0]), np.array([1.5, 2.5, 0.0]))
    assert found.tolist() == [0.25, -0.25, 0.0]
