"""Block M2: announced, funded and executed practices."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parley.arrays import Floats
from parley.mechanisms.practice import executed, funded, gap

LEVELS = arrays(np.float64, 18, elements=st.floats(0.0, 1.0))
NEEDS = arrays(np.float64, 18, elements=st.integers(0, 10**6).map(float))
MONEY = st.integers(0, 10**7).map(float)


@given(LEVELS, NEEDS, NEEDS, MONEY, MONEY, st.floats(0, 1), st.floats(0, 1), LEVELS)
@settings(deadline=None, max_examples=50)
def test_executed_never_exceeds_funded_nor_funded_nominal(
    nominal: Floats,
    cash_need: Floats,
    hours_need: Floats,
    cash: float,
    hours: float,
    fidelity: float,
    capacity: float,
    requirement: Floats,
) -> None:
    u = funded(nominal, cash_need, hours_need, cash, hours)
    e = executed(u, fidelity, capacity, requirement)
    assert np.all((e >= 0) & (e <= u) & (u <= nominal))
    assert np.all((gap(nominal, e) >= 0) & (gap(nominal, e) <= 1))


@given(LEVELS, NEEDS, NEEDS, MONEY, MONEY)
@settings(deadline=None, max_examples=50)
def test_what_is_funded_can_be_paid_for(
    nominal: Floats, cash_need: Floats, hours_need: Floats, cash: float, hours: float
) -> None:
    scale = funded(np.ones(18), cash_need, hours_need, cash, hours)
    assert np.sum(scale * cash_need) <= cash * (1 + 1e-12)
    assert np.sum(scale * hours_need) <= hours * (1 + 1e-12)
    tight = scale[0] < 1
    spent = max(np.sum(scale * cash_need) - cash, np.sum(scale * hours_need) - hours)
    assert not tight or spent == pytest.approx(0, abs=1e-6 * (cash + hours + 1))


@given(LEVELS, NEEDS, MONEY, MONEY)
@settings(deadline=None, max_examples=50)
def test_more_cash_never_funds_less(
    nominal: Floats, cash_need: Floats, one: float, other: float
) -> None:
    none = np.zeros(18)
    poor = funded(nominal, cash_need, none, min(one, other), 0.0)
    rich = funded(nominal, cash_need, none, max(one, other), 0.0)
    assert np.all(rich >= poor)


def test_adding_a_practice_can_starve_the_others() -> None:
    """Not monotone on purpose: all practices draw on one budget."""
    need = np.zeros(18)
    nominal = np.zeros(18)
    nominal[0], need[0] = 0.8, 100.0
    alone = funded(nominal, need, np.zeros(18), 100.0, 0.0)
    nominal[1], need[1] = 0.8, 100.0
    both = funded(nominal, need, np.zeros(18), 100.0, 0.0)
    assert alone[0] == 0.8
    assert both[0] == both[1] == 0.4


def test_free_practices_are_funded_without_cash() -> None:
    nominal = np.linspace(0, 1, 18)
    assert np.array_equal(funded(nominal, np.zeros(18), np.zeros(18), 0.0, 0.0), nominal)


@pytest.mark.parametrize(("cash", "hours"), [(-1.0, 0.0), (0.0, -1.0)])
def test_negative_resources_are_refused(cash: float, hours: float) -> None:
    with pytest.raises(ValueError, match=">= 0"):
        funded(np.ones(18), np.ones(18), np.ones(18), cash, hours)


def test_full_capacity_leaves_no_gap() -> None:
    """T-B6: the gap is identically zero, not nearly."""
    nominal = np.linspace(0, 1, 18)
    u = funded(nominal, np.full(18, 5.0), np.full(18, 2.0), 90.0, 36.0)
    e = executed(u, np.ones(18), 0.7, np.linspace(0, 0.7, 18))
    assert np.array_equal(gap(nominal, e), np.zeros(18))
    # And it is not zero by construction.
    short = executed(u, np.full(18, 0.9), 0.7, np.zeros(18))
    assert gap(nominal, short)[1:].min() > 0


def test_capacity_may_differ_by_practice() -> None:
    e = executed(np.full(18, 1.0), 1.0, np.repeat([0.2, 0.8], 9), np.full(18, 0.4))
    assert e.tolist() == [0.5] * 9 + [1.0] * 9
