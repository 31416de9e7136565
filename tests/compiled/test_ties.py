"""Kernels see the same ties as `Ties.row_mean`, block by block."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numba")

from parley.compiled.ties import count_ties, means_of_ties, rows
from parley.network import Ties


@st.composite
def networks(draw):
    """Ties of a few people, some of whom have none, and a seed."""
    n = draw(st.integers(2, 40))
    pair = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    some = draw(st.sets(pair.map(sorted).map(tuple).filter(lambda p: p[0] < p[1]), max_size=80))
    one, other = np.array(sorted(some), dtype=np.int64).reshape(-1, 2).T
    return Ties.from_pairs(n, one, other), draw(st.integers(0, 2**32 - 1))


@given(networks(), st.data())
def test_means_of_three_values(network, data):
    ties, seed = network
    x = np.random.default_rng(seed).normal(size=(ties.n, 3))
    apart = np.column_stack((np.maximum(x[:, 0], 0.0), np.maximum(-x[:, 0], 0.0), x[:, 1:]))
    low = data.draw(st.integers(0, ties.n - 1))
    high = data.draw(st.integers(low + 1, ties.n))
    out = np.empty((high - low, 4))
    means_of_ties(rows(ties), x, low, high, out)
    np.testing.assert_allclose(out, ties.row_mean(apart)[low:high], rtol=1e-14, atol=1e-15)


@given(networks(), st.data())
def test_counts(network, data):
    ties, seed = network
    yes = np.random.default_rng(seed).random(ties.n) < 0.4
    low = data.draw(st.integers(0, ties.n - 1))
    out = np.empty(ties.n - low, dtype=np.uint32)
    count_ties(rows(ties), yes.view(np.uint8), low, out)
    expected = [int(yes[ties.neighbours(row)].sum()) for row in range(low, ties.n)]
    assert out.tolist() == expected
