"""Rare disasters: properties and known answers beyond the worked examples."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from parley.mechanisms.tail import (
    claimed,
    damage,
    delay_months,
    granted,
    liability,
    relieved,
    shares_of_harmed,
    strike_chance,
)

share = st.floats(0.0, 1.0)
money = st.floats(0.0, 1e12)


@given(share, st.floats(0.0, 50.0), st.floats(0.0, 10.0))
def test_the_hazard_is_a_chance_that_ignored_warnings_never_lower(h, ignored, rise):
    chance = strike_chance(h, ignored, rise)
    assert 0.0 <= chance <= 1.0
    assert chance >= strike_chance(h, 0.0, rise) - 1e-12


@given(st.floats(0.0, 50.0), st.floats(0.0, 10.0))
def test_hazard_0_never_and_hazard_1_at_once(ignored, rise):
    assert strike_chance(0.0, ignored, rise) == 0.0
    assert strike_chance(1.0, ignored, rise) == 1.0


@given(share)
def test_twelve_months_without_warnings_add_up_to_the_year(h):
    kept = (1.0 - strike_chance(h, 0.0, 1.0)) ** 12
    assert kept == pytest.approx(1.0 - h, abs=1e-9)


@given(st.floats(0.0, 0.999999), st.floats(0.01, 10.0), st.floats(1.0, 10.0), st.floats(0.1, 9.0))
def test_damage_stays_within_its_bounds(draw, lowest, factor, tail):
    highest = lowest * factor
    assert lowest * (1 - 1e-9) <= damage(draw, lowest, highest, tail) <= highest * (1 + 1e-9)


def test_damage_follows_the_bounded_pareto_law():
    """Known answer: its distribution function, on 20,000 draws."""
    draws = damage(np.random.default_rng(1).random(20_000), 1.0, 10.0, 1.5)

    def below(x):
        return (1.0 - x**-1.5) / (1.0 - 10.0**-1.5)

    assert stats.kstest(draws, below).pvalue > 0.01
    wrong = damage(np.random.default_rng(1).random(20_000), 1.0, 10.0, 1.3)
    assert stats.kstest(wrong, below).pvalue < 1e-6


def test_no_least_damage_is_no_damage():
    assert damage(0.7, 0.0, 0.0, 1.0) == 0.0
    assert damage(np.array([0.1, 0.9]), 0.0, 5.0, 1.0).tolist() == [0.0, 0.0]


@given(money, money, st.floats(-10.0, 1.0))
def test_liability_never_exceeds_claim_nor_reach(claim, equity, shield):
    owed = liability(claim, equity, shield)
    assert 0.0 <= owed <= claim
    assert owed <= equity * (1.0 - shield)
    assert owed >= liability(claim, equity, 1.0) == 0.0


def test_the_cap_binds_exactly():
    assert liability(100.0, 60.0, 0.0) == 60.0
    assert liability(60.0, 60.0, 0.0) == 60.0
    assert liability(59.0, 60.0, 0.0) == 59.0
    assert granted(1000.0, 0.5, liability(1000.0, 60.0, 0.25)) == 45.0
    assert granted(1000.0, 0.01, liability(1000.0, 60.0, 0.25)) == 10.0


@given(st.floats(0.0, 10.0), st.floats(0.0, 100.0))
def test_the_claim_is_in_proportion_to_the_damage(hurt, incomes):
    assert claimed(2.0 * hurt, incomes, 50.0) == pytest.approx(2.0 * claimed(hurt, incomes, 50.0))


def test_delays_have_the_median_and_the_spread_they_should():
    normal = np.random.default_rng(2).standard_normal(4000)
    months = np.array([delay_months(float(z), 5.0, 0.5) for z in normal])
    assert np.median(months) == pytest.approx(60.5, abs=2.0)
    assert np.log(months).std() == pytest.approx(0.5, abs=0.02)
    assert delay_months(0.0, 0.0, 0.5) == delay_months(-50.0, 5.0, 3.0) == 1


@given(share, share, share)
def test_a_claim_met_never_adds_grievance(grievance, relief, met):
    after = float(relieved(np.array([grievance]), relief, met)[0])
    assert 0.0 <= after <= grievance
    assert float(relieved(np.array([grievance]), 0.0, met)[0]) == grievance


def test_those_harmed_share_by_harm():
    exposure = np.array([0.0, 0.5, 1.0])
    shares = shares_of_harmed(exposure, 2.0)
    assert math.fsum(shares) == pytest.approx(1.0)
    assert shares[0] == 0.0
    assert shares[2] / shares[1] == pytest.approx((1 - math.exp(-2)) / (1 - math.exp(-1)))
    assert shares_of_harmed(exposure, 0.0).tolist() == [0.0, 0.0, 0.0]
