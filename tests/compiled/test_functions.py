"""Exponential and hyperbolic tangent of kernels are right to a few units in the last place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numba")

from parley.compiled import functions

FEW_UNITS = 8e-16


@pytest.mark.parametrize("name", ["exp", "expm1", "tanh"])
@given(x=st.floats(-700.0, 700.0))
def test_against_numpy(name, x):
    expected = float(getattr(np, name)(x))
    assert getattr(functions, name)(x) == pytest.approx(expected, rel=FEW_UNITS, abs=0.0)


@pytest.mark.parametrize("name", ["expm1", "tanh"])
@given(exponent=st.floats(-300.0, -3.0), sign=st.sampled_from([-1.0, 1.0]))
def test_small_numbers_keep_all_their_digits(name, exponent, sign):
    x = sign * 10.0**exponent
    expected = float(getattr(np, name)(x))
    assert getattr(functions, name)(x) == pytest.approx(expected, rel=FEW_UNITS, abs=0.0)


def test_the_ends():
    assert functions.tanh(np.inf) == 1.0
    assert functions.tanh(-np.inf) == -1.0
    assert functions.exp(0.0) == 1.0
    assert functions.expm1(0.0) == 0.0
    assert functions.expm1(-np.inf) == -1.0
    assert np.isnan(functions.tanh(np.nan))
