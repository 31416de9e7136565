"""Block M21: when a site is suspended, reopened, sold or closed."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.closing import (
    margin,
    months_of_loss,
    next_move,
    operating_value,
    price_line,
)
from parley.registry import default_parameters

PARAMETERS = default_parameters()
BUDGET = replace(PARAMETERS.budget, cost_share=0.75, fixed_cost_share=0.6)
PRICE = PARAMETERS.price


def test_months_of_loss_by_hand():
    counted, seen = 0, []
    for result in (0.1, -0.1, -0.2, 0.0, -0.1):
        counted = months_of_loss(counted, result)
        seen.append(counted)
    assert seen == [0, 1, 2, 0, 1]


@given(st.floats(-1.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.1), st.floats(0.0, 0.2))
@settings(deadline=None, max_examples=60)
def test_a_margin_is_a_line_in_the_price(log_price, output, burden, royalty):
    gain, cost = price_line(output, burden, royalty, BUDGET)
    found = margin(log_price, output, burden, royalty, BUDGET)
    assert found == pytest.approx(gain * math.exp(log_price) - cost, abs=1e-12)


def test_a_constant_margin_is_worth_an_annuity():
    """Known answer: m (1 - q^H) / (1 - q) with q = (1 + r)^(-1/12), at a price that stays."""
    still = replace(PRICE, reversion_per_year=0.0)
    q = 1.08 ** (-1 / 12)
    worth = 0.16 * (1.0 - q**120) / (1.0 - q)
    line = price_line(1.0, 0.01, 0.08, BUDGET)
    assert operating_value(0.0, line, 120, 0.08, still) == pytest.approx(worth, rel=1e-12)


def test_a_price_that_comes_back_is_worth_waiting_for():
    """At a price at which work loses, a walk says close; reversion within the horizon says wait."""
    line = price_line(1.0, 0.0, 0.08, BUDGET)
    low = math.log(0.7)
    assert margin(low, 1.0, 0.0, 0.08, BUDGET) < 0.0
    assert operating_value(low, line, 120, 0.08, replace(PRICE, reversion_per_year=0.0)) < 0.0
    assert operating_value(low, line, 120, 0.08, replace(PRICE, reversion_per_year=1.0)) > 0.0


def test_the_exit_rule_by_hand():
    assert next_move(1, 0.0, 5.0, 6) == "stay"
    assert next_move(1, 0.01, -5.0, 6) == "reopen"
    assert next_move(5, -0.01, -5.0, 6) == "stay"
    assert next_move(6, -0.01, -5.0, 6) == "give up"
    assert next_move(60, -0.01, 0.0, 6) == "stay"
