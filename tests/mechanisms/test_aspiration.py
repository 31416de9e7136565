"""M11: what people come to count on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.aspiration import step_aspiration
from parley.registry import default_parameters

P = default_parameters().aspiration
STILL = replace(
    P,
    adjustment_per_month=0.0,
    promise_pull=0.0,
    price_pull_income=0.0,
    arrival_pull_income=0.0,
)

money = st.floats(0.0, 1e3)
share = st.floats(0.0, 1.0)


def test_null_switch():
    a = np.array([0.0, 0.1, 5.0])
    assert step_aspiration(a, 3.0, 2.0, 9.0, 1.0, 1.0, STILL).tolist() == a.tolist()


@pytest.mark.parametrize(
    ("change", "inputs", "expected"),
    [
        ({"adjustment_per_month": 0.1, "own_weight": 0.5}, (0.2, 0.4, 0.0, 0.0, 0.0), 0.12),
        ({"promise_pull": 0.5}, (0.0, 0.0, 0.3, 0.0, 0.0), 0.2),
        ({"promise_pull": 0.5}, (0.0, 0.0, 0.05, 0.0, 0.0), 0.1),
        ({"price_pull_income": 0.02}, (0.0, 0.0, 0.0, 0.5, 0.0), 0.11),
        ({"price_pull_income": 0.02}, (0.0, 0.0, 0.0, -0.5, 0.0), 0.1),
        ({"arrival_pull_income": 0.02}, (0.0, 0.0, 0.0, 0.0, 0.5), 0.11),
    ],
)
def test_one_cause_at_a_time(change, inputs, expected):
    assert step_aspiration(0.1, *inputs, replace(STILL, **change)) == pytest.approx(
        expected, abs=1e-15
    )


def test_steady_benefits_are_got_used_to():
    p = replace(STILL, adjustment_per_month=0.05, own_weight=0.7)
    a = 0.0
    for _ in range(1000):
        a = step_aspiration(a, 0.3, 0.1, 0.0, 0.0, 0.0, p)
    assert a == pytest.approx(0.7 * 0.3 + 0.3 * 0.1, abs=1e-12)


def test_standing_promise_holds_aspirations_between_benefit_and_announcement():
    """Rest point (eta b + theta announced) / (eta + theta)."""
    p = replace(STILL, adjustment_per_month=0.05, own_weight=1.0, promise_pull=0.10)
    a = 0.0
    for _ in range(1000):
        a = step_aspiration(a, 0.1, 0.0, 0.4, 0.0, 0.0, p)
    assert a == pytest.approx((0.05 * 0.1 + 0.10 * 0.4) / 0.15, abs=1e-12)


@settings(max_examples=50)
@given(money, money, money, money, st.floats(-5.0, 5.0), share)
def test_aspirations_are_never_negative_and_rise_with_every_cause(a, b, n, announced, gap, growth):
    moved = step_aspiration(a, b, n, announced, gap, growth, P)
    assert moved >= 0.0
    for more in (
        (b + 1.0, n, announced, gap, growth),
        (b, n + 1.0, announced, gap, growth),
        (b, n, announced + 1.0, gap, growth),
        (b, n, announced, gap + 1.0, growth),
        (b, n, announced, gap, growth + 1.0),
    ):
        assert step_aspiration(a, *more, P) >= moved
