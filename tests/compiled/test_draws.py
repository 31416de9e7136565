"""Kernels make the very numbers of NumPy's Philox, wherever in a stream they begin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numba")

from parley.compiled.crew import Crew
from parley.compiled.draws import WORDS, fill, unit, words
from parley.network import Ties
from parley.streams import Streams

word = st.integers(0, 2**64 - 1)


@given(key=st.tuples(word, word), step=st.integers(0, 2**63 - 1), n=st.integers(1, 40))
def test_words_are_those_of_numpy(key, step, n):
    theirs = np.random.Philox(key=np.array(key, dtype=np.uint64), counter=[0, 0, 0, step])
    ours = [words(at, np.array([*key, step], dtype=np.uint64)) for at in range(n)]
    assert np.array(ours, dtype=np.uint64).ravel().tolist() == theirs.random_raw(WORDS * n).tolist()


@given(
    seed=st.integers(0, 2**63 - 1),
    step=st.integers(0, 2**63 - 1),
    first=st.integers(0, 300),
    count=st.integers(1, 300),
)
def test_a_stream_from_any_place_on(seed, step, first, count):
    streams = Streams(seed, 1)
    crew = Crew(4, Ties.from_pairs(4, np.array([0]), np.array([1])), streams)
    expected = streams.uniform("any.name", step, WORDS * first + count)[WORDS * first :]
    out = np.empty(count + WORDS)
    fill(out, WORDS * first, count, crew.key("any.name", step))
    assert out[:count].tolist() == expected.tolist()


def test_rows_of_four_are_one_counter_each():
    streams = Streams(7, 0)
    crew = Crew(4, Ties.from_pairs(4, np.array([0]), np.array([1])), streams)
    table = streams.uniform("desk.desk", 9, (50, 4))
    key = crew.key("desk.desk", 9)
    assert [[unit(np.uint64(w)) for w in words(row, key)] for row in range(50)] == table.tolist()
