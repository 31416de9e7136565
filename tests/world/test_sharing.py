"""Sharing moves the budget over time and adds nothing to it: equal means at S = 0 and S = 1."""

from functools import cache

import numpy as np
import pytest
import worlds
from world.helpers import PLACES, small, started

from parley.mechanisms.budget import operations, rent_ratio, social_budget
from parley.mechanisms.price import shock_sd, step_log_price
from parley.model import PartneringModel
from parley.promises import PromiseBook
from parley.steps.delivery import make_promises
from parley.steps.drivers import built_share
from parley.streams import Streams

MONTHS = 36
FREE = {
    "chain.commitment_mean": 1.0,
    "chain.turnover_per_month": 0.0,
    "mobilisation.disruption_max": 0.0,
    "room.attend_intercept": 5.0,
}
"""Practices are carried out in full, output is never lost, and leaders do meet."""


def sharing_world(level, **parameters):
    """A place whose prices are drawn and whose stack is sharing alone, free and fully executed."""
    stack = worlds.practices(0.0, sharing=level, price_multiplier=0.0)
    skilled = worlds.place(company_capacity=1.0, community_capacity=1.0, ramp_up_months=0.0)
    world = worlds.world(stack, skilled, months=MONTHS, population=60)
    return world.with_parameters(**FREE, **parameters)


@cache
def sample(level, replicates, expected_factor=1.0, **parameters):
    """Sum of budgets of many runs, and the mean of what drives them.

    Args:
        level: announced level of sharing, in [0, 1].
        replicates: how many prices.
        expected_factor: multiplies the rent that the company expects, to plant an error.
        **parameters: numbers that differ.

    Returns:
        budgets in months of the fixed budget, the first as if shared, and twelve-month mean
        prices averaged over the run, both of shape (replicates,), and the exact mean of the latter.
    """
    world = sharing_world(level, **parameters)
    budgets, prices = np.zeros(replicates), np.zeros((replicates, MONTHS))
    for replicate in range(replicates):
        model = PartneringModel(world, 41, replicate)
        model.company.expected_rent *= expected_factor
        base = world.parameters.budget.social_budget_share * model.company.reference_revenue
        for month in range(MONTHS):
            model.step()
            budgets[replicate] += model.now.budget / base if month else first_month(model, level)
            prices[replicate, month] = model.now.price_ratio
        assert model.site_team.levels.sharing == level
    shocks = model.effects.price_shock
    return budgets, trailing(prices).mean(axis=1), trailing(mean_price(world, shocks)).mean()


def first_month(model, level):
    """What the first budget would be: terms hold from the first meeting on, which comes later."""
    company = model.company
    return social_budget(1.0, level, rent_ratio(company.trailing_rent, company.expected_rent))


def mean_price(world, shocks):
    """Exact mean of the price ratio in every month, shape (1, months)."""
    p, variance, means = world.parameters.price, 0.0, []
    for month in range(MONTHS):
        if month:
            variance = float(step_log_price(1.0, 0.0, p)) ** 2 * variance + shock_sd(p) ** 2
        means.append(np.exp(variance / 2.0 + shocks[month]))
    return np.array([means])


def trailing(values):
    """Means over the last twelve months, or as many as there are; shape as given."""
    total = np.cumsum(values, axis=1)
    window = total.copy()
    window[:, 12:] -= total[:, :-12]
    return window / np.minimum(np.arange(1, values.shape[1] + 1), 12)


def adjusted_mean(budgets, prices, expected):
    """Mean budget at the expected price, and its standard error (regression on the price)."""
    slope = float(np.cov(budgets, prices)[0, 1] / prices.var(ddof=1))
    rest = budgets - slope * (prices - expected)
    return float(rest.mean()), float(rest.std(ddof=1) / np.sqrt(rest.size))


CALM = {"price.volatility_per_sqrt_year": 0.13, "budget.cost_share": 0.5}
"""The calmest prices of the prior and a wide margin: a few prices tell enough."""

FORESIGHT_ERROR = 0.01
"""What the foreseen rent may be off by; measured against 40,000 drawn prices below."""


def excess(mean, error):
    """By how much the indexed budgets exceed the fixed one, beyond what luck explains."""
    return (abs(mean - MONTHS) - 4.0 * error) / MONTHS


def test_the_sum_of_budgets_is_the_same_with_and_without_sharing():
    """Eight prices, adjusted for how high they happened to be; two-sided.

    The fixed budget sums to 36 months of itself in every run. The indexed one sums to anything
    between a half and twice that, and to 36 months in the mean.
    """
    fixed, _, _ = sample(0.0, 2, **CALM)
    assert fixed == pytest.approx(MONTHS, rel=1e-6)
    budgets, prices, expected = sample(1.0, 8, **CALM)
    assert np.ptp(budgets) > 0.5 * MONTHS, "indexed budgets do vary"
    mean, error = adjusted_mean(budgets, prices, expected)
    assert error < 0.01 * MONTHS
    assert excess(mean, error) < FORESIGHT_ERROR, (mean, error)


def test_a_sharing_rule_that_adds_money_would_be_found():
    """With rent foreseen a tenth too low the indexed budget is a ninth too high: seen."""
    mean, error = adjusted_mean(*sample(1.0, 8, expected_factor=0.9, **CALM))
    assert excess(mean, error) > FORESIGHT_ERROR, (mean, error)


@pytest.mark.slow
@pytest.mark.parametrize(
    "parameters", [{}, {"budget.cost_share": 0.5}], ids=["thin margin", "wide margin"]
)
def test_the_sum_of_budgets_is_the_same_over_many_prices(parameters):
    """The same at the default volatility, with 200 prices."""
    mean, error = adjusted_mean(*sample(1.0, 200, **parameters))
    assert error < 0.02 * MONTHS
    assert excess(mean, error) < FORESIGHT_ERROR, (mean, error)


# --- the rent foreseen --------------------------------------------------------------------------


def drawn_rent(world, paths=40_000):
    """Mean positive trailing rent over many drawn prices, without any device to save draws."""
    model = PartneringModel(world)
    streams, effects, p = Streams(8, 8), model.effects, world.parameters
    log_price = np.zeros(paths)
    rents = np.empty((paths, world.months))
    for month in range(world.months):
        if month:
            log_price = step_log_price(log_price, streams.normal("x", month, paths), p.price)
        price = np.exp(log_price + effects.price_shock[month])
        use = np.full(paths, effects.output[month])
        royalty = min(world.place.facts.royalty_rate_share * effects.royalty[month], 1.0)
        built = built_share(month, world.place.facts.ramp_up_months)
        rents[:, month] = operations(price, use, royalty, p.budget).rent * built
    found = np.maximum(trailing(rents), 0.0).mean(axis=1)
    return model.company.expected_rent, float(found.mean()), float(found.std() / np.sqrt(paths))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("months", [24, 120])
def test_the_rent_foreseen_at_the_start_is_the_mean_rent(place, months):
    """Two-sided, against many more draws: within one percent and the error of the draws."""
    world = small(place, "hsbp", months, 100, price_source="process")
    foreseen, mean, error = drawn_rent(world)
    assert abs(foreseen - mean) < 4.0 * error + FORESIGHT_ERROR * mean


def test_the_rent_foreseen_from_a_record_is_the_mean_of_the_record():
    """Where every price of the run is known the foreseen rent is exact."""
    world = small("colombia", "hsbp", 60, 100)
    model = PartneringModel(world)
    path = np.array(world.place.price_path[:60])
    built = np.array([built_share(m, world.place.facts.ramp_up_months) for m in range(60)])
    price, use = np.exp(path + model.effects.price_shock), model.effects.output
    royalty = np.minimum(world.place.facts.royalty_rate_share * model.effects.royalty, 1.0)
    rent = operations(price, use, royalty, world.parameters.budget)
    expected = np.maximum(trailing((rent.rent * built)[None]), 0.0).mean()
    assert model.company.expected_rent == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("transfer_share", [0.0, 0.5])
def test_what_is_promised_leaves_cash_for_transfers_and_practices(transfer_share):
    """With cash for the transfers and half of the rest, half of the rest can be promised."""
    stack = worlds.practices(0.0, forward_looking=0.0, transfer_share=transfer_share)
    model = started(worlds.world(stack), 1)
    now, book = model.now, PromiseBook()
    model.promises, now.granted = book, []
    planned = now.process_planned + now.transfers_planned + now.outside_planned
    left = now.budget - planned
    now.for_community = planned + left // 2
    make_promises(model)
    funded = book.rows.cost[~book.rows.deceptive].sum()
    interval = model.p.room.agenda_interval_months
    assert funded == interval * (left // 2)
