"""Block M1: operations, the community budget and the waterfall."""

import math
from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.arrays import Floats
from parley.mechanisms.budget import (
    delay_cost,
    operations,
    rent_ratio,
    social_budget,
    waterfall,
)
from parley.mechanisms.price import step_log_price
from parley.parameters import PriceParams
from parley.registry import default_parameters

P = default_parameters().budget
CENTS = st.integers(0, 10**13)
SHARE = st.floats(0.0, 1.0)


def test_reference_month_earns_one_minus_cost() -> None:
    month = operations(1.0, 1.0, 0.0, replace(P, cost_share=0.75))
    assert astuple(month) == (1.0, 0.75, 0.0, 0.25)


@given(st.floats(0.0, 5.0), st.floats(0.0, 2.0), SHARE)
@settings(deadline=None, max_examples=50)
def test_operations_add_up_and_standing_still_costs_only_the_fixed_part(
    price: float, output: float, royalty: float
) -> None:
    month = operations(price, output, royalty, P)
    assert month.rent + month.cost + month.royalty == pytest.approx(month.revenue, abs=1e-12)
    still = operations(price, 0.0, royalty, P)
    assert still.rent == -P.cost_share * P.fixed_cost_share


def trailing_rents(seed: int, paths: int = 40_000) -> Floats:
    """Mean rent of months 13-24 on simulated price paths, with a thin margin."""
    rng = np.random.default_rng(seed)
    price = PriceParams(volatility_per_sqrt_year=0.25, reversion_per_year=0.1)
    thin = replace(P, cost_share=0.9)
    x, rent = np.zeros(paths), np.zeros(paths)
    for month in range(24):
        x = step_log_price(x, rng.standard_normal(paths), price)
        if month >= 12:
            rent += operations(np.exp(x), np.ones(paths), 0.05, thin).rent / 12
    return rent


def test_sharing_keeps_the_mean_budget() -> None:
    """T-B7: the mean budget is the same at sharing 0 and 1."""
    before, after = trailing_rents(1), trailing_rents(2)
    expected = float(np.maximum(before, 0).mean())
    ratios = np.array([rent_ratio(r, expected) for r in after.tolist()])
    unshared = social_budget(100.0, 0.0, float(ratios.mean()))
    shared = float(np.mean([social_budget(100.0, 1.0, r) for r in ratios.tolist()]))
    error = 100 * ratios.std() * math.sqrt(2 / len(ratios))
    assert unshared == 100.0
    assert abs(shared - 100.0) < 4 * error
    # The test sees the usual mistake: dividing by the positive part of the mean.
    wrong = max(float(before.mean()), 0.0)
    biased = 100 * float(np.mean([rent_ratio(r, wrong) for r in after.tolist()]))
    assert abs(biased - 100.0) > 4 * error
    # And it is not a test of a constant: sharing moves risk to the community.
    assert ratios.std() > 0.5


@given(base=st.floats(0, 1e6), sharing=SHARE, ratio=st.floats(0, 10))
@settings(deadline=None, max_examples=50)
def test_sharing_helps_in_booms_and_hurts_in_busts(
    base: float, sharing: float, ratio: float
) -> None:
    budget = social_budget(base, sharing, ratio)
    assert budget >= 0
    assert (budget - base) * (ratio - 1) >= -1e-9 * base
    assert social_budget(base, 0.0, ratio) == base


def test_rent_that_was_never_expected_leaves_the_budget_alone() -> None:
    assert rent_ratio(0.4, 0.0) == 1.0
    with pytest.raises(ValueError, match=">= 0"):
        rent_ratio(0.4, -0.1)


@given(CENTS, CENTS, SHARE, CENTS, CENTS)
@settings(deadline=None, max_examples=50)
def test_waterfall_keeps_every_cent_and_every_rank(
    available: int, due: int, seniority: float, dividends: int, wanted: int
) -> None:
    paid = waterfall(available, due, seniority, dividends, wanted)
    assert sum(astuple(paid)) == available
    assert min(astuple(paid)) >= 0
    assert all(isinstance(part, int) for part in astuple(paid))
    assert paid.senior + paid.junior <= due
    assert paid.dividends <= dividends
    assert paid.discretionary <= wanted
    if paid.dividends:
        assert paid.senior == round(seniority * due)
    if paid.junior:
        assert paid.dividends == dividends
    if paid.discretionary:
        assert paid.senior + paid.junior == due
    if paid.retained:
        assert paid.discretionary == wanted


@given(CENTS, CENTS, SHARE, SHARE, CENTS)
@settings(deadline=None, max_examples=50)
def test_seniority_moves_money_from_dividends_to_promises(
    available: int, due: int, one: float, other: float, dividends: int
) -> None:
    low = waterfall(available, due, min(one, other), dividends, 0)
    high = waterfall(available, due, max(one, other), dividends, 0)
    assert high.senior + high.junior >= low.senior + low.junior
    assert high.dividends <= low.dividends


@given(CENTS, CENTS, CENTS, SHARE, CENTS)
@settings(deadline=None, max_examples=50)
def test_more_cash_never_pays_anyone_less(
    one: int, other: int, due: int, seniority: float, dividends: int
) -> None:
    poor = waterfall(min(one, other), due, seniority, dividends, 1000)
    rich = waterfall(max(one, other), due, seniority, dividends, 1000)
    assert all(r >= q for q, r in zip(astuple(poor), astuple(rich), strict=True))


@pytest.mark.parametrize("bad", [(-1, 0, 0.0, 0, 0), (0, -1, 0.0, 0, 0), (0, 0, 0.0, -1, 0)])
def test_negative_amounts_are_refused(bad: tuple[int, int, float, int, int]) -> None:
    with pytest.raises(ValueError, match=">= 0 cents"):
        waterfall(*bad)


@pytest.mark.parametrize("seniority", [-0.1, 1.1, math.nan])
def test_seniority_outside_zero_to_one_is_refused(seniority: float) -> None:
    with pytest.raises(ValueError, match="seniority"):
        waterfall(100, 50, seniority, 10, 10)


def test_a_week_costs_what_was_reported() -> None:
    """US$20 million a week on 3 to 5 billion is 0.4 to 0.7 per cent (Franks et al. 2014)."""
    week = delay_cost(4e9, 1.0, replace(P, delay_cost_share_per_week=0.005))
    assert week == pytest.approx(20e6)
    assert delay_cost(4e9, 0.0, P) == 0.0
