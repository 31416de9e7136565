"""Block M22: election clock, capacity, spending."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.state import (
    execution,
    months_to_vote,
    state_effort,
    step_capacity,
    visible_spending_factor,
)
from parley.registry import default_parameters

P = default_parameters().state
SHARE = st.floats(0.0, 1.0)


@given(st.integers(0, 600), st.integers(-600, 600), st.integers(1, 120))
@settings(deadline=None, max_examples=50)
def test_the_clock_counts_down_and_starts_again(month: int, offset: int, interval: int) -> None:
    now, later = (int(months_to_vote(m, offset, interval)) for m in (month, month + 1))
    assert 0 <= now < interval
    assert later == (now - 1 if now else interval - 1)
    assert int(months_to_vote(offset, offset, interval)) == 0


def test_a_clock_needs_an_interval() -> None:
    with pytest.raises(ValueError, match="at least 1 month"):
        months_to_vote(3, 0, 0)


def test_spending_rises_in_the_last_year_only() -> None:
    p = replace(P, prevote_rise_share=0.2)
    factor = visible_spending_factor(months_to_vote(np.arange(48), 47, 48), p)
    assert factor.tolist() == [1.0] * 36 + [1.2] * 12
    flat = replace(P, prevote_rise_share=0.0)
    assert np.all(visible_spending_factor(np.arange(48), flat) == 1.0)


@given(SHARE, SHARE, st.booleans(), SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_capacity_stays_a_share(
    capacity: float, normal: float, voted: bool, recovery: float, loss: float
) -> None:
    p = replace(P, capacity_recovery_per_month=recovery, postvote_capacity_loss=loss)
    after = float(step_capacity(capacity, normal, voted, p))
    assert -1e-15 <= after <= 1 + 1e-15
    assert after <= float(step_capacity(capacity, normal, False, p)) + 1e-15


def test_capacity_returns_to_normal_geometrically() -> None:
    p = replace(P, capacity_recovery_per_month=0.1, postvote_capacity_loss=0.5)
    capacity = float(step_capacity(0.8, 0.8, True, p))
    assert capacity == pytest.approx(0.4)
    for _ in range(12):
        capacity = float(step_capacity(capacity, 0.8, False, p))
    assert capacity == pytest.approx(0.8 - 0.4 * 0.9**12)


@pytest.mark.parametrize("share", [0.0, 0.28, 0.68, 1.0])
def test_twelve_months_spend_the_annual_share(share: float) -> None:
    p = replace(P, execution_share_per_year=share)
    balance = 1000.0
    for _ in range(12):
        balance -= float(execution(balance, 1.0, p))
    assert balance == pytest.approx(1000 * (1 - share), abs=1e-9)


@given(st.floats(0, 1e12), SHARE, SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_execution_never_overspends_and_rises_with_capacity(
    balance: float, one: float, other: float, share: float
) -> None:
    p = replace(P, execution_share_per_year=share)
    low, high = (float(execution(balance, k, p)) for k in sorted((one, other)))
    assert 0 <= low <= high <= balance


@given(st.floats(0, 1e6), st.floats(0, 1e6), SHARE)
@settings(deadline=None, max_examples=50)
def test_displacement_withdraws_at_most_the_effort(
    base: float, provision: float, displacement: float
) -> None:
    effort = float(state_effort(base, provision, replace(P, displacement_share=displacement)))
    assert 0 <= effort <= base
    assert float(state_effort(base, provision, replace(P, displacement_share=0.0))) == base
    # At displacement up to 1 the sum of both never falls below what the state did alone.
    assert effort + provision >= base - 1e-9 * (base + 1)
