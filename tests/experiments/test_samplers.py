"""Samples: their size, their order, their balance; factors: positions, values and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from SALib.sample import morris, sobol

from parley.registry import Prior
from parley_experiments.factors import Factor, dummy_factor, luck_factor
from parley_experiments.samplers import Settings, sample


def factors(count):
    prior = Prior("uniform", 0.0, 10.0)
    return [
        Factor(f"f.{i}", "parameter", "", "1", "uncertainty", "M1", prior, 2.5)
        for i in range(count)
    ]


@pytest.mark.parametrize(
    "settings",
    [
        Settings("sobol", n=8),
        Settings("sobol", n=8, second_order=True),
        Settings("morris", trajectories=3, levels=4),
        Settings("latin_hypercube", n=9),
        Settings("full_factorial", levels=3),
        Settings("full_factorial", levels=1),
        Settings("fractional_factorial"),
        Settings("one_at_a_time", levels=2),
    ],
    ids=lambda s: s.method,
)
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_sample_has_the_announced_size_and_is_the_same_again(settings, count):
    if settings.method == "morris" and count == 1:
        count = 4
    drawn = sample(settings, factors(count))
    assert drawn.shape == (settings.points(count), count)
    assert drawn.min() >= 0.0
    assert drawn.max() <= 1.0
    np.testing.assert_array_equal(drawn, sample(settings, factors(count)))


def test_sobol_and_morris_samples_are_salibs_in_its_order():
    problem = {"num_vars": 3, "names": ["f.0", "f.1", "f.2"], "bounds": [[0.0, 1.0]] * 3}
    ours = sample(Settings("sobol", n=16, second_order=True, seed=5), factors(3))
    theirs = sobol.sample(dict(problem), 16, calc_second_order=True, seed=5)
    np.testing.assert_array_equal(ours, theirs)
    ours = sample(Settings("morris", trajectories=4, levels=6, seed=5), factors(3))
    np.testing.assert_array_equal(ours, morris.sample(dict(problem), 4, num_levels=6, seed=5))


def test_a_fractional_factorial_is_balanced_and_orthogonal():
    drawn = 2.0 * sample(Settings("fractional_factorial"), factors(5)) - 1.0
    assert drawn.shape == (16, 5)  # the full factorial has 32
    np.testing.assert_array_equal(drawn.T @ drawn, 16.0 * np.eye(5))
    np.testing.assert_array_equal(drawn.sum(axis=0), np.zeros(5))


def test_a_full_factorial_holds_every_combination_once():
    drawn = sample(Settings("full_factorial", levels=3), factors(3))
    assert len({tuple(row) for row in drawn.tolist()}) == 27
    assert set(np.unique(drawn)) == {0.0, 0.5, 1.0}


def test_one_at_a_time_moves_one_factor_from_the_defaults():
    drawn = sample(Settings("one_at_a_time", levels=2), factors(3))
    assert drawn[0].tolist() == pytest.approx([0.25] * 3)  # 2.5 of 0 to 10
    moved = drawn[1:] != drawn[0]
    assert moved.sum(axis=1).tolist() == [1] * 6
    assert drawn[1:][moved].tolist() == [0.0, 1.0] * 3


def test_a_factor_added_leaves_the_others_of_a_hypercube_where_they_are():
    few = sample(Settings("latin_hypercube", n=20), factors(2))
    more = sample(Settings("latin_hypercube", n=20), factors(4))
    np.testing.assert_array_equal(few, more[:, :2])
    assert not np.array_equal(few, sample(Settings("latin_hypercube", n=20, seed=2), factors(2)))


def test_luck_has_whole_replicates_and_the_dummy_is_a_share():
    luck = luck_factor()
    values = [luck.value(u) for u in np.linspace(0.0, 1.0, 101)]
    assert all(value == int(value) >= 0 for value in values)
    assert len(set(values)) == 101
    assert [dummy_factor().value(u) for u in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]


@given(
    st.sampled_from(["uniform", "triangular", "zero_inflated_uniform"]),
    st.floats(-5, 5),
    st.floats(0.1, 10),
    st.floats(0, 1),
)
def test_a_position_is_where_its_value_is_reached_first(kind, low, width, share):
    mode = low + 0.3 * width if kind == "triangular" else None
    mass = 0.4 if kind == "zero_inflated_uniform" else 0.0
    prior = Prior(kind, low, low + width, mode, mass)
    factor = Factor("f", "parameter", "", "1", "uncertainty", "M1", prior, low)
    value = low + share * width
    position = factor.position(value)
    assert factor.value(position) == pytest.approx(value, abs=1e-6 * width)
    assert position == 0.0 or factor.value(max(position - 1e-3, 0.0)) < value + 1e-12
