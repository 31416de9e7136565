"""Morris' elementary effects: exact on a straight line, and never on a sample out of order."""

import numpy as np
import pandas as pd
import pytest
from planted import column, ishigami, morris_sample

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity import CONSTANT, MATTERS, MORE_RUNS, NOTHING
from parley_analysis.sensitivity_convergence import convergence
from parley_analysis.sensitivity_morris import elementary_effects, morris_indices
from parley_analysis.sensitivity_sample import trajectories

NAMES = ("w.one", "w.two", "w.three", "dummy")


def line(units):
    return 5.0 + 3.0 * units["w.one"] - 2.0 * units["w.two"] + 0.05 * units["w.three"]


@pytest.mark.parametrize("levels", [4, 6])
def test_a_straight_line_gives_its_slopes_and_no_spread(levels):
    units, sampling = morris_sample(NAMES, 10, 1, levels)
    found = morris_indices(units, line(units), sampling)
    assert column(found, "mu").to_numpy() == pytest.approx([3.0, -2.0, 0.05, 0.0], abs=1e-9)
    assert column(found, "mu_star").to_numpy() == pytest.approx([3.0, 2.0, 0.05, 0.0], abs=1e-9)
    assert column(found, "sigma").to_numpy() == pytest.approx(np.zeros(4), abs=1e-9)
    for index in ("mu", "mu_star"):
        assert column(found, index, "verdict").tolist() == [MATTERS, MATTERS, NOTHING, NOTHING]
    assert set(column(found, "sigma", "verdict")) == {NOTHING}


def test_effects_of_our_own_intervals_are_those_of_the_library():
    units, sampling = morris_sample(NAMES, 30, 2)
    y = ishigami(units)
    effects = elementary_effects(trajectories(units, y, sampling))
    found = morris_indices(units, y, sampling)
    assert column(found, "mu").to_numpy() == pytest.approx(effects.mean(axis=0), abs=1e-9)
    assert column(found, "sigma").to_numpy() == pytest.approx(effects.std(axis=0, ddof=1), abs=1e-9)


def test_ishigami_shows_interaction_where_there_is_some():
    """w.three acts through w.one alone: no mean effect, all spread."""
    units, sampling = morris_sample(NAMES, 200, 3)
    found = morris_indices(units, ishigami(units), sampling)
    assert column(found, "sigma", "verdict")["w.three"] == MATTERS
    assert column(found, "mu", "verdict")["w.three"] != MATTERS
    assert set(column(found, "mu_star", "verdict")[:3]) == {MATTERS}
    assert column(found, "mu_star", "verdict")["dummy"] == NOTHING


def test_intervals_hold_the_value_of_a_long_sample():
    """mu* of the line plus a product, from 4,000 trajectories, in intervals from 40."""

    def bent(units):
        return line(units) + 4.0 * (units["w.one"] - 0.5) * (units["w.three"] - 0.5)

    units, sampling = morris_sample(NAMES, 4000, 99)
    truth = column(morris_indices(units, bent(units), sampling), "mu_star")
    held = []
    for seed in range(1, 16):
        units, sampling = morris_sample(NAMES, 40, seed)
        found = morris_indices(units, bent(units), sampling)
        low, high = column(found, "mu_star", "low"), column(found, "mu_star", "high")
        held += [low[k] - 1e-9 <= truth[k] <= high[k] + 1e-9 for k in ("w.one", "w.three")]
    assert 0.8 <= np.mean(held) <= 1.0


@pytest.mark.parametrize("count", [4, 6, 10])
def test_intervals_of_few_trajectories_are_as_wide_as_they_say(count):
    """y = (x - 1/2) times the sum of twelve others: effects are spread like a normal, mean 0.

    With the quantile of the normal and the error of a bare resample 78 to 89 of 100 hold it.
    """
    keys = [f"w.{i}" for i in range(13)]
    held = []
    for seed in range(1, 161):
        units, sampling = morris_sample(keys, count, seed)
        x = units.to_numpy()
        found = morris_indices(
            units, pd.Series((x[:, 0] - 0.5) * (x[:, 1:] - 0.5).sum(axis=1)), sampling
        )
        held.append(column(found, "mu", "low")["w.0"] <= 0.0 <= column(found, "mu", "high")["w.0"])
    assert 0.92 <= np.mean(held) <= 0.99


def test_a_permuted_outcome_is_held_against_the_dummy():
    """Noise of its own in every run has effects everywhere; the dummy has them as well."""
    matters, judged = 0, 0
    for seed in range(1, 11):
        units, sampling = morris_sample(NAMES, 40, seed)
        mixed = pd.Series(np.random.default_rng(seed).permutation(ishigami(units)))
        found = morris_indices(units, mixed, sampling)
        matters += int((found["verdict"] == MATTERS).sum())
        judged += len(found)
    assert judged == 120
    assert matters <= 2
    bare = morris_indices(units.rename(columns={"dummy": "w.four"}), mixed, sampling)
    assert set(column(bare, "mu_star", "verdict")) == {MATTERS}


def test_groups_are_summed():
    units, sampling = morris_sample(NAMES, 10, 1)
    groups = {"role uncertainty": ["w.one", "w.two"]}
    found = morris_indices(units, line(units), sampling, groups)
    assert column(found, "mu_star sum", level="role").tolist() == pytest.approx([5.0])
    assert column(found, "mu_star rms", level="role").tolist() == pytest.approx([np.sqrt(6.5)])


def test_trajectories_with_a_missing_value_are_left_out_and_counted():
    units, sampling = morris_sample(NAMES, 10, 1)
    y = line(units)
    y[[0, 7]] = [np.nan, np.inf]
    found = morris_indices(units, y, sampling)
    assert set(found["used"]) == {8}
    assert set(found["dropped"]) == {2}
    assert column(found, "mu").to_numpy() == pytest.approx([3.0, -2.0, 0.05, 0.0], abs=1e-9)
    y[20] = np.nan
    with pytest.raises(AnalysisError, match="3 of 10 trajectories"):
        morris_indices(units, y, sampling)


def test_a_shuffled_sample_is_refused():
    units, sampling = morris_sample(NAMES, 10, 1)
    mixed = units.sample(frac=1, random_state=1).reset_index(drop=True)
    with pytest.raises(AnalysisError, match="not in the order of a Morris sample"):
        morris_indices(mixed, line(units), sampling)
    other, _ = morris_sample(NAMES, 10, 1, levels=8)
    with pytest.raises(AnalysisError, match="not in the order of a Morris sample"):
        morris_indices(other, line(units), sampling)
    with pytest.raises(AnalysisError, match="do not make whole trajectories of 5 rows"):
        morris_indices(units[:-1], line(units)[:-1], sampling)


def test_an_outcome_that_does_not_vary_says_so():
    units, sampling = morris_sample(NAMES, 10, 1)
    found = morris_indices(units, pd.Series(2.0, index=units.index), sampling)
    assert set(found["verdict"]) == {CONSTANT}


def test_few_trajectories_say_nothing():
    units, sampling = morris_sample(NAMES, 3, 1)
    assert set(morris_indices(units, line(units), sampling)["verdict"]) == {MORE_RUNS}


def test_the_sample_grows_by_trajectories():
    units, sampling = morris_sample(NAMES, 40, 1)
    found = convergence(units, ishigami(units), sampling)
    assert sorted(set(found["used"])) == [10, 20, 30, 40]
