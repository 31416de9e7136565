"""The share of luck: by replicates and as a factor it comes to the same."""

import math

import numpy as np
import pandas as pd
import pytest
from planted import latin_sample, sobol_sample

from parley_analysis.sensitivity_luck import (
    NOT_MEASURED,
    luck_of_factor,
    luck_of_replicates,
)
from parley_analysis.sensitivity_sobol import sobol_indices


def replicated(points, replicates, strength, seed=1):
    """Means and variances of runs x + noise: variance 1/12 between points, strength^2 within."""
    units, _ = latin_sample(("w.one",), points, seed)
    noise = np.random.default_rng(seed).normal(size=(points, replicates)) * strength
    runs = units["w.one"].to_numpy()[:, None] + noise
    return pd.Series(runs.mean(axis=1)), pd.Series(runs.var(axis=1, ddof=1))


@pytest.mark.parametrize("replicates", [2, 8])
def test_the_share_by_replicates(replicates):
    strength = 0.5
    y, noise = replicated(2000, replicates, strength)
    share = luck_of_replicates(y, noise, replicates)
    left = strength**2 / replicates
    truth = left / (1 / 12 + left)
    assert share.how == "replicates"
    assert share.whole == pytest.approx(truth, rel=0.08)
    assert math.isnan(share.alone)
    assert share.low < truth < share.high
    assert math.isnan(share.together)


def test_without_luck_there_is_none():
    y, noise = replicated(200, 4, 0.0)
    share = luck_of_replicates(y, noise, 4)
    assert share.whole == pytest.approx(0.0, abs=1e-12)


def test_missing_points_are_left_out():
    y, noise = replicated(2000, 4, 0.5)
    y[:3], noise[3:6] = np.nan, np.nan
    assert luck_of_replicates(y, noise, 4).whole == pytest.approx(3 / 7, rel=0.1)


def test_one_replicate_says_nothing():
    y, noise = replicated(20, 4, 0.5)
    assert luck_of_replicates(y, noise * np.nan, 1) is NOT_MEASURED
    assert luck_of_replicates(y * 0, noise, 4) is NOT_MEASURED


def test_luck_as_a_factor_that_only_adds():
    """y = x + 2 l: luck makes up 4 of 5 parts, and nothing with parameters."""
    units, sampling = sobol_sample(("w.one", "luck"), 1024, 1, second_order=False)
    found = sobol_indices(units, units["w.one"] + 2 * units["luck"], sampling)
    share = luck_of_factor(found)
    assert share.how == "luck as a factor"
    assert share.alone == pytest.approx(0.8, abs=0.02)
    assert share.low < 0.8 < share.high
    assert share.together == pytest.approx(0.0, abs=0.02)


def test_the_whole_of_luck_holds_what_it_does_with_parameters():
    """y = (x - 1/2)(l - 1/2): no luck alone, and yet nothing could be said without it."""
    units, sampling = sobol_sample(("w.one", "luck"), 1024, 1, second_order=False)
    share = luck_of_factor(
        sobol_indices(units, (units["w.one"] - 0.5) * (units["luck"] - 0.5), sampling)
    )
    assert share.whole == pytest.approx(1.0, abs=0.05)
    assert share.low < 1.0 < share.high
    assert share.alone == pytest.approx(0.0, abs=0.05)
    assert share.together == pytest.approx(1.0, abs=0.05)


def test_no_luck_among_the_factors():
    units, sampling = sobol_sample(("w.one", "w.two"), 32, 1, second_order=False)
    assert luck_of_factor(sobol_indices(units, units["w.one"], sampling)) is NOT_MEASURED
