"""Named streams: independent, repeatable, stable under growth, cheap."""

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from parley.errors import RunError
from parley.streams import Streams

NAMES = st.text(alphabet="abcdefgh._:", min_size=1, max_size=12)
NATURALS = st.integers(0, 2**63 - 1)

KNOWN_UNIFORM = (0.5809691600931918, 0.5027340976050936, 0.8948178797160554)
KNOWN_NORMAL = (0.2357832887008184, -1.3507787731270702)


@settings(deadline=None, max_examples=50)
@given(seed=NATURALS, replicate=NATURALS, name=NAMES, step=NATURALS, n=st.integers(0, 40))
def test_same_key_same_numbers(seed, replicate, name, step, n):
    first = Streams(seed, replicate).uniform(name, step, n)
    other = Streams(seed, replicate)
    other.normal(name, step, 7)
    other.uniform(name + "x", step, 3)
    np.testing.assert_array_equal(first, other.uniform(name, step, n))
    np.testing.assert_array_equal(first, other.generator(name, step).random(n))
    assert first.dtype == np.float64
    assert ((first >= 0) & (first < 1)).all()


@settings(deadline=None, max_examples=50)
@given(
    short=st.integers(0, 300),
    more=st.integers(0, 300),
    k=st.integers(1, 6),
    draw=st.sampled_from(["uniform", "normal"]),
)
def test_first_rows_do_not_change_when_more_people_are_drawn(short, more, k, draw):
    streams = Streams(3, 1)
    for few, many in ((short, short + more), ((short, k), (short + more, k))):
        expected = getattr(streams, draw)("growth", 5, few)
        np.testing.assert_array_equal(expected, getattr(streams, draw)("growth", 5, many)[:short])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (((0, 0), "x", 0), ((0, 0), "x", 1)),
        (((0, 0), "x", 0), ((0, 0), "y", 0)),
        (((0, 0), "x", 0), ((0, 1), "x", 0)),
        (((0, 0), "x", 0), ((1, 0), "x", 0)),
        (((1, 12), "x", 0), ((11, 2), "x", 0)),
        (((1, 2), "3:x", 0), ((1, 2), "x", 3)),
    ],
)
def test_other_keys_other_numbers(a, b):
    u, v = (Streams(*run).uniform(name, step, 2000) for run, name, step in (a, b))
    assert not np.any(u == v)
    assert abs(np.corrcoef(u, v)[0, 1]) < 0.08


def test_known_numbers_do_not_drift():
    """A change here changes every result of every run: it needs a new model version."""
    streams = Streams(0, 0)
    np.testing.assert_allclose(streams.uniform("known", 0, 3), KNOWN_UNIFORM, rtol=0, atol=1e-15)
    np.testing.assert_allclose(streams.normal("known", 9, 2), KNOWN_NORMAL, rtol=0, atol=1e-15)


def test_distribution_over_names_and_steps():
    streams = Streams(0, 0)
    first = np.array([streams.uniform(f"s{i}", t, 1)[0] for i in range(60) for t in range(60)])
    assert stats.kstest(first, "uniform").pvalue > 0.01
    normals = streams.normal("n", 3, (20_000, 2))
    assert stats.kstest(normals.ravel(), "norm").pvalue > 0.01
    assert abs(np.corrcoef(normals.T)[0, 1]) < 0.03


def test_generators_handed_out_are_independent_objects():
    streams = Streams(4, 4)
    a, b = streams.generator("g", 1), streams.generator("g", 1)
    a.random(5)
    np.testing.assert_array_equal(b.random(3), streams.uniform("g", 1, 3))


@pytest.mark.parametrize("bad", [-1, 2**63, 1.5, "1", None])
def test_bad_numbers_are_refused_by_name(bad):
    with pytest.raises(RunError, match="root_seed"):
        Streams(bad, 0)
    with pytest.raises(RunError, match="replicate"):
        Streams(0, bad)
    with pytest.raises(RunError, match="step"):
        Streams(0, 0).uniform("x", bad, 1)


def test_numpy_integers_are_integers():
    np.testing.assert_array_equal(
        Streams(np.int64(5), np.int32(2)).uniform("x", np.int64(3), 2),
        Streams(5, 2).uniform("x", 3, 2),
    )


def test_same_in_another_process_with_another_hash_seed():
    code = "from parley.streams import Streams; print(Streams(7, 2).uniform('a.b', 3, 2).tolist())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "123"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == str(Streams(7, 2).uniform("a.b", 3, 2).tolist())


def test_a_call_costs_less_than_33_microseconds():
    streams = Streams(1, 1)
    best = min(_microseconds(streams) for _ in range(5))
    assert best < 33


def _microseconds(streams, calls=400):
    start = time.perf_counter()
    for step in range(calls):
        streams.uniform("cost", step, 1)
    return (time.perf_counter() - start) / calls * 1e6
