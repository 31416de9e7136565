"""The size and the spread of what shares are shares of."""

import numpy as np
import pandas as pd
import pytest
from planted import latin_sample, morris_sample, sobol_sample
from swept import KEYS, swept

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity_report import write_sensitivity
from parley_analysis.sensitivity_scale import scale_of
from parley_analysis.sensitivity_sweep import Questions, sweep_indices


def test_mean_and_spread_of_an_evenly_spread_outcome():
    units, sampling = sobol_sample(("w.one", "w.two"), 256, 1, second_order=False)
    scale = scale_of(units, 10.0 * units["w.one"], sampling)
    assert scale.worlds == 512  # the rows of A and of B; the others repeat their values
    assert scale.mean == pytest.approx(5.0, abs=0.05)
    assert scale.spread == pytest.approx(10.0 / np.sqrt(12.0), abs=0.05)
    assert (scale.low, scale.high) == pytest.approx((0.5, 9.5), abs=0.1)
    assert scale.same == pytest.approx(1 / 512)
    assert scale.carrying == pytest.approx(512 / 1.8, rel=0.02)  # 1.8 is the kurtosis


def test_a_rare_outcome_is_known_by_its_most_frequent_value():
    units, sampling = latin_sample(("w.one", "w.two"), 100, 1)
    scale = scale_of(units, (units["w.one"] > 0.97).astype(float), sampling)
    assert scale.same == pytest.approx(0.97)
    assert scale.carrying == pytest.approx(100 * 0.03 * 0.97 / (1 - 3 * 0.03 * 0.97))


def test_too_many_missing_values_are_refused():
    units, sampling = morris_sample(("w.one", "w.two"), 8, 1)
    y = pd.Series(1.0, index=units.index)
    y[[0, 3]] = np.nan  # the first rows of two of eight trajectories
    with pytest.raises(AnalysisError, match="2 of 8 rows"):
        scale_of(units, y, sampling)


def test_the_page_says_how_large_the_whole_is(tmp_path):
    """Trust is 3 a + b + luck: mean 2.5, variance 11/12; at 24 months days lost are 24 c."""
    sweep = swept(sobol_sample(KEYS, 128, 1), "sobol")
    asked = Questions.of(sweep.design, methods=["sobol"])
    found = sweep_indices(sweep, asked)
    scale = found.scale[found.scale["horizon"] == 24].set_index(["outcome", "contrast"])
    assert scale.loc[("trust_company", "hsbp"), "spread"] == pytest.approx(0.957, abs=0.03)
    assert scale.loc[("days_lost", "hsbp"), "mean"] == pytest.approx(12.0, abs=0.1)
    write_sensitivity(sweep, tmp_path, asked, found)
    text = (tmp_path / "sensitivity.md").read_text("utf-8")
    arm = text.split("### bosnia: hsbp\n")[1].split("##")[0]
    assert "| Days of output lost | days | 12.0 | 6." in arm
    assert "after 12 months" in arm
    table = pd.read_csv(tmp_path / "sensitivity-scale.csv")
    assert len(table) == 3 * 2 * 3
    assert {"mean", "spread", "same", "carrying"} <= set(table)
