"""PAWN and delta: any sample, a floor that is measured, and the samples they are not for."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from planted import column, ishigami, latin_sample, morris_sample, sobol_sample
from SALib.analyze import delta, pawn

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity import CONSTANT, MATTERS, MORE_RUNS, NOTHING, Sampling, problem
from parley_analysis.sensitivity_convergence import convergence
from parley_analysis.sensitivity_given import delta_indices, pawn_index, pawn_indices

NAMES = ("w.one", "w.two", "w.three", "dummy")
BOTH = [pawn_indices, delta_indices]


def line(units):
    return 2.0 * units["w.one"] + units["w.two"]


def factorial(levels=(0.0, 0.5, 1.0), repeats=10):
    """All combinations of levels of three factors, in order; repeats stand in for a fourth."""
    rows = [(*point, extra) for point in itertools.product(levels, repeat=3)
            for extra in np.linspace(0, 1, repeats)]  # fmt: skip
    return pd.DataFrame(rows, columns=list(NAMES)), Sampling("full_factorial", 1)


@pytest.mark.parametrize("indices", BOTH)
def test_ranks_and_verdicts_of_a_line(indices):
    units, sampling = latin_sample(NAMES, 1024, 1)
    found = indices(units, line(units), sampling)
    values = found.set_index("factor")["value"]
    assert values["w.one"] > values["w.two"] > values["w.three"]
    assert found["verdict"].tolist() == [MATTERS, MATTERS, NOTHING, NOTHING]
    assert set(found["used"]) == {1024 if indices is pawn_indices else 768}


def test_too_few_rows_for_a_weak_factor_ask_for_more_runs():
    """A fifth of the variance, seen by PAWN in 512 rows: not enough to call it, nor to deny it."""
    units, sampling = latin_sample(NAMES, 512, 1)
    assert pawn_indices(units, line(units), sampling)["verdict"][1] == MORE_RUNS


def test_delta_of_the_sum_of_two_uniforms():
    """One third, by integration; smoothing and wide slices make the estimate low, not wrong."""
    x, grid = np.linspace(0, 1, 2001), np.linspace(0, 2, 4001)
    triangle = np.minimum(grid, 2 - grid)
    exact = np.mean(
        [np.trapezoid(np.abs(triangle - ((grid >= v) & (grid <= v + 1))), grid) / 2 for v in x]
    )
    assert exact == pytest.approx(1 / 3, abs=0.001)
    units, sampling = latin_sample(("w.one", "w.two"), 768, 5)
    for value in delta_indices(units, units.sum(axis=1), sampling)["value"]:
        assert 0.7 * exact < value < 1.05 * exact


@pytest.mark.filterwarnings("ignore")
def test_delta_beside_that_of_the_library():
    """The library (1.6) starts from a resample of the sample, ours from the sample itself, as
    Plischke et al. (2013) do. So theirs scatters from seed to seed, and is higher by what is
    left of the bias: little for what matters, all of it for what does not.
    """
    units, sampling = latin_sample(NAMES, 512, 2)
    y, before = line(units), np.random.get_state()  # noqa: NPY002
    style, given = warnings.formatwarning, (problem(NAMES), units.to_numpy(), y.to_numpy())
    try:
        seeds = [delta.analyze(*given, 10, seed=k, method="delta") for k in range(1, 7)]
    finally:
        np.random.set_state(before)  # noqa: NPY002
        warnings.formatwarning = style
    theirs = np.mean([one["delta_raw"] for one in seeds], axis=0)
    ours = delta_indices(units, y, sampling)["value"].to_numpy()
    assert ours[0] == pytest.approx(theirs[0], abs=0.03)
    assert (np.abs(ours[2:]) < theirs[2:]).all()
    assert np.abs(ours[2:]).max() < 0.06


def test_our_own_pawn_is_that_of_the_library():
    """Except that the library leaves the highest row out of the last slice."""
    units, _ = latin_sample(NAMES, 500, 2)
    y = ishigami(units).to_numpy()
    theirs = pawn.analyze(problem(NAMES), units.to_numpy(), y, S=10)["median"]
    ours = [pawn_index(units[name].to_numpy(), y) for name in NAMES]
    assert ours == pytest.approx(theirs, abs=0.015)


@pytest.mark.parametrize("indices", BOTH)
def test_the_rows_of_a_sobol_sample_that_are_independent(indices):
    units, sampling = sobol_sample(NAMES, 128, 1)
    found = indices(units, line(units), sampling)
    assert set(found["used"]) == {256}
    assert found["verdict"].tolist()[0] == MATTERS
    assert found["verdict"].tolist()[3] == NOTHING


@pytest.mark.parametrize("indices", BOTH)
def test_a_factorial_design_is_sliced_at_its_levels(indices):
    units, sampling = factorial()
    found = indices(units, line(units), sampling)
    assert found["verdict"].tolist()[:2] == [MATTERS, MATTERS]
    assert MATTERS not in found["verdict"].tolist()[2:]


def test_the_highest_level_counts():
    """An outcome that only the highest of three levels moves."""
    units, sampling = factorial()
    found = pawn_indices(units, (units["w.one"] == 1.0).astype(float), sampling)
    assert found["value"][0] == pytest.approx(1 / 3, abs=1e-9)
    assert found["verdict"].tolist()[0] == MATTERS


@pytest.mark.parametrize("indices", BOTH)
def test_of_a_morris_sample_one_row_per_trajectory(indices):
    units, sampling = morris_sample(NAMES, 100, 1)
    found = indices(units, line(units), sampling)
    assert set(found["used"]) == {100}
    assert found["verdict"].tolist()[0] == MATTERS
    assert MATTERS not in found["verdict"].tolist()[2:]


@pytest.mark.parametrize("indices", BOTH)
def test_one_at_a_time_is_refused(indices):
    units, _ = latin_sample(NAMES, 100, 1)
    with pytest.raises(AnalysisError, match=r"one factor at a time .* latin_hypercube"):
        indices(units, line(units), Sampling("one_at_a_time"))


@pytest.mark.parametrize("indices", BOTH)
def test_a_permuted_outcome_has_no_factor_that_matters(indices):
    found = []
    for seed in range(1, 6):
        units, sampling = latin_sample(NAMES, 400, seed)
        mixed = pd.Series(np.random.default_rng(seed).permutation(line(units)))
        found += indices(units, mixed, sampling)["verdict"].tolist()
    assert len(found) == 20
    assert found.count(MATTERS) == 0
    assert found.count(NOTHING) >= 19


def test_missing_rows_are_left_out_and_counted():
    units, sampling = latin_sample(NAMES, 200, 1)
    y = line(units)
    y[[1, 2, 3]] = [np.nan, np.inf, -np.inf]
    found = pawn_indices(units, y, sampling)
    assert set(found["used"]) == {197}
    assert set(found["dropped"]) == {3}
    y[:50] = np.nan
    with pytest.raises(AnalysisError, match="50 of 200 rows"):
        pawn_indices(units, y, sampling)


@pytest.mark.parametrize("indices", BOTH)
def test_constant_and_short_outcomes(indices):
    units, sampling = latin_sample(NAMES, 40, 1)
    assert set(indices(units, line(units) * 0 + 3, sampling)["verdict"]) == {CONSTANT}
    assert set(indices(units, line(units), sampling)["verdict"]) == {MORE_RUNS}
    with pytest.raises(AnalysisError, match="5 rows"):
        indices(units[:5], line(units)[:5], sampling)


@pytest.mark.parametrize("indices", BOTH)
def test_an_outcome_that_is_mostly_one_number(indices):
    """Days lost are zero in most runs: slices without spread must not stop anything."""
    units, sampling = latin_sample(NAMES, 300, 1)
    found = indices(units, (units["w.one"] - 0.8).clip(lower=0), sampling)
    assert found["value"].between(-0.2, 1).all()
    assert column(found, found["index"][0], "verdict")["dummy"] != MATTERS


@pytest.mark.parametrize("indices", BOTH)
def test_luck_is_sliced_only_where_it_has_levels(indices):
    """Half the variance is luck, but its draws are in no order, so slices would not see it."""
    units, sampling = latin_sample(("w.one", "luck"), 300, 1)
    scattered = np.random.default_rng(1).permutation(units["luck"])
    found = indices(units, units["w.one"] + scattered, sampling)
    assert found["factor"].tolist() == ["w.one"]
    units["luck"] = (units["luck"] * 4).round() / 4
    found = indices(units, units["w.one"] + units["luck"], sampling)
    assert found["verdict"].tolist() == [MATTERS, MATTERS]


@pytest.mark.parametrize("indices", BOTH)
def test_an_outcome_that_differs_at_two_points_only(indices):
    """Some resamples of it are constant, which has no density."""
    units, sampling = latin_sample(NAMES, 100, 1)
    y = pd.Series(0.0, index=units.index)
    y[[3, 70]] = 1.0
    found = indices(units, y, sampling)
    assert MATTERS not in set(found["verdict"])


@pytest.mark.parametrize("indices", BOTH)
def test_the_same_call_gives_the_same_numbers_and_leaves_global_state_alone(indices):
    units, sampling = latin_sample(NAMES, 100, 1)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    one, two = (indices(units, line(units), sampling) for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_convergence_is_for_growing_samples():
    units, sampling = latin_sample(NAMES, 100, 1)
    with pytest.raises(AnalysisError, match="not for latin_hypercube"):
        convergence(units, line(units), sampling)
