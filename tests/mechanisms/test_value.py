"""Block M24: present value, what investors believe, trying practices."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.value import (
    Trial,
    discount,
    judge_trial,
    next_trial,
    payout_share,
    present_value,
    step_believed_disruption,
)
from parley.registry import default_parameters

P = default_parameters().value
SHARE = st.floats(0.0, 1.0)


@given(st.integers(1, 240), st.floats(0.01, 0.3))
@settings(deadline=None, max_examples=30)
def test_a_constant_stream_is_worth_an_annuity(months, rate):
    """Known answer: (1 - q^n) / (1 - q) with q = (1 + r)^(-1/12)."""
    q = (1.0 + rate) ** (-1.0 / 12.0)
    worth = (1.0 - q**months) / (1.0 - q)
    assert present_value(np.ones(months), rate) == pytest.approx(worth, rel=1e-10)
    assert present_value(np.full(months, -2.0), rate) == pytest.approx(-2.0 * worth, rel=1e-10)


def test_without_discount_money_only_adds_up():
    assert present_value(np.array([1.0, -2.0, 4.0]), 0.0) == 3.0
    assert present_value(np.zeros(0), 0.1) == 0.0


def test_the_market_spans_the_published_discounts():
    """Validation target: 72% under conflict, 13 to 37% with support."""
    assert 0.13 <= discount(0.0, P) <= 0.37
    assert discount(1.0, P) == pytest.approx(0.72, abs=1e-6)
    calm = replace(P, discount_calm=0.13)
    assert discount(0.0, calm) == 0.13


@given(SHARE, SHARE)
@settings(deadline=None, max_examples=60)
def test_more_disruption_never_raises_value(one, other):
    low, high = sorted((one, other))
    assert discount(low, P) <= discount(high, P)
    seen = step_believed_disruption(one, other, P)
    assert min(one, other) <= seen <= max(one, other)


def test_belief_comes_to_rest_at_what_is_seen():
    believed = 0.5
    p = replace(P, investor_memory_per_month=0.1)
    for _ in range(24):
        believed = step_believed_disruption(believed, 0.1, p)
    assert believed == pytest.approx(0.1 + 0.4 * 0.9**24, abs=1e-12)
    assert step_believed_disruption(0.3, 1.0, replace(P, investor_memory_per_month=0.0)) == 0.3


@given(SHARE, SHARE)
@settings(deadline=None, max_examples=30)
def test_no_pressure_no_change(base, taken):
    assert payout_share(base, taken, replace(P, investor_pressure=0.0)) == base
    pressed = payout_share(base, taken, replace(P, investor_pressure=2.0))
    assert base <= pressed <= 1.0


# --- trying practices ---------------------------------------------------------------------------

EAGER = replace(P, inertia_share=0.0, dial_step=0.25)


def test_what_paid_is_tried_further_and_what_cost_is_taken_back():
    now = np.array([0.5, 0.0, 0.0])
    tried = Trial(dial=0, before=0.25, step=0.25, baseline=0.10)
    kept, onward = judge_trial(now, tried, 0.11)
    assert kept.tolist() == now.tolist()
    levels, trial = next_trial(kept, onward, 0.11, (0, 1, 2), np.array([0.9, 0.9, 0.9]), EAGER)
    assert levels.tolist() == [0.75, 0.0, 0.0]
    assert trial == Trial(0, 0.5, 0.25, 0.11)
    back, nothing = judge_trial(now, tried, 0.09)
    assert (back.tolist(), nothing) == ([0.25, 0.0, 0.0], None)
    assert judge_trial(now, None, -1.0) == (pytest.approx(now), None)


def test_inertia_and_bounds():
    now = np.array([0.0, 1.0])
    lazy = replace(EAGER, inertia_share=1.0)
    levels, trial = next_trial(now, None, 0.0, (0, 1), np.array([0.99, 0.0, 0.0]), lazy)
    assert levels is now
    assert trial is None
    down = np.array([0.5, 0.0, 0.0])  # the first, downwards: it can only go up
    assert next_trial(now, None, 0.0, (0, 1), down, EAGER)[0].tolist() == [0.25, 1.0]
    top = Trial(1, 0.75, 0.25, 0.0)  # already at the top: nothing further to try
    assert next_trial(now, top, 0.0, (0, 1), down, EAGER)[1] is None
    assert next_trial(now, None, 0.0, (), down, EAGER)[1] is None


def test_hill_climbing_finds_the_top_of_a_hill():
    """A result that peaks at 0.75 of one practice: the firm gets there and stays about it."""
    luck = np.random.default_rng(3)
    levels, trial = np.zeros(2), None
    seen = []
    for _ in range(60):
        result = -((levels[0] - 0.75) ** 2) - levels[1] ** 2
        baseline = result
        levels, onward = judge_trial(levels, trial, result)
        if trial is not None and onward is None:
            baseline = trial.baseline
        levels, trial = next_trial(levels, onward, baseline, (0, 1), luck.random(3), EAGER)
        seen.append(levels)
    late = np.array(seen[30:])
    assert np.abs(late[:, 0].mean() - 0.75) < 0.1
    assert late[:, 1].mean() < 0.15
