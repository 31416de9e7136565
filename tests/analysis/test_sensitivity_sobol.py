"""Sobol' indices: known answers inside their intervals, guards, verdicts that can say no."""

import numpy as np
import pandas as pd
import pytest
from planted import (
    ISHIGAMI_FIRST,
    ISHIGAMI_TOTAL,
    column,
    g_function,
    g_indices,
    ishigami,
    sobol_sample,
)

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity import CONSTANT, MATTERS, MORE_RUNS, NOTHING, Sampling
from parley_analysis.sensitivity_convergence import convergence
from parley_analysis.sensitivity_sobol import sobol_indices

NAMES = ("w.one", "w.two", "w.three", "dummy")
SEEDS = range(1, 9)


def inside(table, index, truth):
    """Share of factors whose interval holds the truth."""
    low, high = column(table, index, "low"), column(table, index, "high")
    known = dict(zip(low.index, truth, strict=False))
    return [low[key] <= known[key] <= high[key] for key in known]


def test_ishigami_lies_inside_the_intervals():
    """Intervals of 95% from scrambled Sobol' points are on the wide side: at least 0.9 hold."""
    held = {"first": [], "total": []}
    for seed in SEEDS:
        units, sampling = sobol_sample(NAMES, 256, seed)
        found = sobol_indices(units, ishigami(units), sampling)
        held["first"] += inside(found, "first", ISHIGAMI_FIRST)
        held["total"] += inside(found, "total", ISHIGAMI_TOTAL)
        assert column(found, "total")["w.one"] == pytest.approx(0.5576, abs=0.15)
    assert np.mean(held["first"]) >= 0.9
    assert np.mean(held["total"]) >= 0.9


def test_ishigami_with_many_runs_is_near():
    units, sampling = sobol_sample(NAMES, 4096, 3, second_order=False)
    found = sobol_indices(units, ishigami(units), sampling)
    assert column(found, "first").to_numpy()[:3] == pytest.approx(ISHIGAMI_FIRST, abs=0.02)
    assert column(found, "total").to_numpy()[:3] == pytest.approx(ISHIGAMI_TOTAL, abs=0.02)
    assert "second" not in set(found["index"])


def test_ishigami_verdicts():
    units, sampling = sobol_sample(NAMES, 1024, 3)
    found = sobol_indices(units, ishigami(units), sampling)
    assert column(found, "first", "verdict").tolist() == [MATTERS, MATTERS, NOTHING, NOTHING]
    assert column(found, "total", "verdict").tolist() == [MATTERS, MATTERS, MATTERS, NOTHING]
    pairs = found[found["level"] == "pair"].set_index(["factor", "other"])
    assert pairs.loc[("w.one", "w.three"), "verdict"] == MATTERS
    assert pairs.loc[("w.one", "w.three"), "value"] == pytest.approx(0.2437, abs=0.05)
    assert (pairs["verdict"] == MATTERS).sum() == 1


@pytest.mark.parametrize("a", [(0.0, 1.0, 4.5), (0.0, 0.0, 0.0), (0.5, 2.0, 9.0), (99.0, 0.0, 1.0)])
def test_the_g_function_lies_inside_the_intervals(a):
    first, total = g_indices(a)
    held = []
    for seed in SEEDS:
        units, sampling = sobol_sample(NAMES, 256, seed, second_order=False)
        found = sobol_indices(units, g_function(units, a), sampling)
        held += inside(found, "first", first) + inside(found, "total", total)
    assert np.mean(held) >= 0.9


def test_a_permuted_outcome_has_no_factor_that_matters():
    """The same values against the wrong rows: the test of the tests above."""
    matters, nothing, judged = 0, 0, 0
    for seed in SEEDS:
        units, sampling = sobol_sample(NAMES, 2048, seed, second_order=False)
        mixed = np.random.default_rng(seed).permutation(ishigami(units))
        found = sobol_indices(units, pd.Series(mixed), sampling)
        shown = found[found["index"].isin(["first", "total"])]
        matters += int((shown["verdict"] == MATTERS).sum())
        nothing += int((shown["verdict"] == NOTHING).sum())
        judged += len(shown)
    assert judged == 64
    assert matters == 0
    assert nothing >= 62


def test_a_permuted_outcome_is_all_total_and_the_dummy_says_so():
    """Without shared luck every total index is near 1; only the dummy tells that it is noise."""
    units, sampling = sobol_sample(NAMES, 1024, 2, second_order=False)
    mixed = pd.Series(np.random.default_rng(2).permutation(ishigami(units)))
    with_dummy = sobol_indices(units, mixed, sampling)
    assert column(with_dummy, "total").to_numpy() == pytest.approx(np.ones(4), abs=0.2)
    assert MATTERS not in set(column(with_dummy, "total", "verdict"))
    bare = sobol_indices(units.rename(columns={"dummy": "w.four"}), mixed, sampling)
    assert set(column(bare, "total", "verdict")) == {MATTERS}


def test_the_index_of_a_difference_is_not_the_difference_of_indices():
    """Arms 2x + y and 2x - y: each is moved most by x, their difference 2y by y alone."""
    units, sampling = sobol_sample(NAMES, 512, 4)
    x, other = units["w.one"], units["w.two"]
    one, two = 2 * x + other, 2 * x - other
    for arm in (one, two):
        first = column(sobol_indices(units, arm, sampling), "first")
        assert first.to_numpy() == pytest.approx([0.8, 0.2, 0, 0], abs=0.05)
    found = sobol_indices(units, one - two, sampling)
    assert column(found, "first").to_numpy() == pytest.approx([0, 1, 0, 0], abs=0.05)
    assert column(found, "first", "verdict").tolist() == [NOTHING, MATTERS, NOTHING, NOTHING]


def test_luck_as_a_factor_is_told_apart_from_luck_with_parameters():
    """y = x + l + 2(x - 1/2)(l - 1/2): variances 1/12, 1/12 and 4/144."""
    units, sampling = sobol_sample(("w.one", "luck"), 2048, 4)
    x, luck = units["w.one"], units["luck"]
    found = sobol_indices(units, x + luck + 2 * (x - 0.5) * (luck - 0.5), sampling)
    assert column(found, "first")["luck"] == pytest.approx(3 / 7, abs=0.02)
    assert column(found, "interactions")["luck"] == pytest.approx(1 / 7, abs=0.02)


def test_a_group_lies_between_its_bounds():
    """Of w.one and w.three in Ishigami the group index is 1 less the share of w.two: 0.5576."""
    units, sampling = sobol_sample(NAMES, 4096, 1, second_order=False)
    groups = {"block M1": ["w.one", "w.three"], "block M2": ["w.two"], "block M3": ["absent"]}
    found = sobol_indices(units, ishigami(units), sampling, groups)
    least = column(found, "at least", level="block")
    most = column(found, "at most", level="block")
    assert least["block M1"] == pytest.approx(0.3139, abs=0.02)
    assert most["block M1"] == pytest.approx(0.5576 + 0.2437, abs=0.02)
    assert least["block M2"] == pytest.approx(most["block M2"], abs=0.02)
    assert set(least.index) == {"block M1", "block M2"}


def test_blocks_with_a_missing_value_are_left_out_and_counted():
    units, sampling = sobol_sample(NAMES, 256, 1)
    y = ishigami(units)
    broken = y.copy()
    broken[[3, 4, 1007]] = [np.nan, np.inf, -np.inf]
    found = sobol_indices(units, broken, sampling)
    assert set(found["used"]) == {254}
    assert set(found["dropped"]) == {2}
    assert column(found, "total").to_numpy()[:3] == pytest.approx(ISHIGAMI_TOTAL, abs=0.15)


def test_too_many_broken_blocks_are_refused():
    units, sampling = sobol_sample(NAMES, 32, 1)
    y = ishigami(units)
    y[::40] = np.nan
    with pytest.raises(AnalysisError, match=r"8 of 32 Saltelli blocks .* more than 20%"):
        sobol_indices(units, y, sampling)


@pytest.mark.parametrize("second_order", [True, False])
def test_a_shuffled_sample_is_refused(second_order):
    units, sampling = sobol_sample(NAMES, 32, 1, second_order)
    mixed = units.sample(frac=1, random_state=1)
    y = ishigami(units)
    with pytest.raises(AnalysisError, match="not in the order of the sample"):
        sobol_indices(mixed, y, sampling)
    with pytest.raises(AnalysisError, match="not in the order of a Sobol' sample"):
        sobol_indices(mixed.reset_index(drop=True), y, sampling)


def test_values_find_their_points_whatever_their_order():
    units, sampling = sobol_sample(NAMES, 32, 1)
    y = ishigami(units)
    found = sobol_indices(units, y.sample(frac=1, random_state=1), sampling)
    pd.testing.assert_frame_equal(found, sobol_indices(units, y, sampling))


def test_wrong_lengths_and_settings_are_refused():
    units, sampling = sobol_sample(NAMES, 32, 1)
    y = ishigami(units)
    with pytest.raises(AnalysisError, match="319 values for 320 points"):
        sobol_indices(units, y[:-1], sampling)
    with pytest.raises(AnalysisError, match="do not make whole Saltelli blocks of 10 rows"):
        sobol_indices(units[:-1], y[:-1], sampling)
    with pytest.raises(AnalysisError, match=r"do not make whole|not in the order"):
        sobol_indices(units, y, Sampling("sobol", 1, second_order=False))
    with pytest.raises(AnalysisError, match="outside 0 to 1"):
        sobol_indices(units * 3, y, sampling)


def test_an_outcome_that_does_not_vary_says_so():
    units, sampling = sobol_sample(NAMES, 32, 1)
    found = sobol_indices(units, pd.Series(0.1 + 0.2, index=units.index), sampling)
    assert set(found["verdict"]) == {CONSTANT}
    assert found["value"].isna().all()


def test_few_blocks_say_nothing():
    units, sampling = sobol_sample(NAMES, 8, 1)
    assert set(sobol_indices(units, ishigami(units), sampling)["verdict"]) == {MORE_RUNS}


@pytest.mark.parametrize("seed", [0, 7])
def test_the_same_call_gives_the_same_intervals(seed):
    """Also for the seed 0, which SALib takes for none."""
    units, sampling = sobol_sample(NAMES, 32, seed)
    y = ishigami(units)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    one, two = (sobol_indices(units, y, sampling) for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_intervals_shrink_as_the_sample_grows():
    units, sampling = sobol_sample(NAMES, 1024, 1, second_order=False)
    found = convergence(units, ishigami(units), sampling)
    assert sorted(set(found["used"])) == [128, 256, 512, 1024]
    rows = found[(found["index"] == "total") & (found["factor"] == "w.one")]
    widths = (rows["high"] - rows["low"]).to_numpy()
    assert widths[-1] < 0.6 * widths[0]
    assert rows["value"].to_numpy()[-1] == pytest.approx(0.5576, abs=0.03)
    last = found[found["used"] == 1024].reset_index(drop=True)
    pd.testing.assert_frame_equal(last, sobol_indices(units, ishigami(units), sampling))


def test_columns_that_go_together_are_found_out():
    """In 32 blocks of 40 factors, a straight line in one: far off, and sure of it."""
    names = [f"w.{i}" for i in range(40)]
    units, sampling = sobol_sample(names, 32, 1, second_order=False)
    wrong, sure, doubted = 0, 0, 0
    for name in names:
        found = sobol_indices(units, units[name], sampling)
        row = found[(found["index"] == "total") & (found["factor"] == name)].iloc[0]
        if abs(row["value"] - 1.0) > 0.25:
            wrong += 1
            sure += not row["low"] <= 1.0 <= row["high"]
            doubted += row["verdict"] == MORE_RUNS
    assert wrong >= 3
    assert sure >= 2
    assert doubted == wrong


def test_a_variance_that_rests_on_a_few_runs_says_nothing():
    """One run of 4,096 goes off: the intervals alone are sure that every factor matters."""
    names = [f"w.{i}" for i in range(6)]
    units, sampling = sobol_sample(names, 512, 1, second_order=False)
    odd = units["w.0"].copy()
    odd[0] += 1e4  # the first row of the first block
    found = sobol_indices(units, odd, sampling)
    assert (column(found, "total", "low") > column(found, "total", "floor")).all()
    assert set(found["verdict"]) == {MORE_RUNS}
    often = (units[names[:3]] > 0.5).all(axis=1).astype(float)
    assert set(column(sobol_indices(units, often, sampling), "total", "verdict")[:3]) == {MATTERS}


def test_good_columns_are_not_doubted():
    names = [f"w.{i}" for i in range(10)]
    units, sampling = sobol_sample(names, 256, 1, second_order=False)
    found = sobol_indices(units, units.sum(axis=1), sampling)
    assert set(column(found, "total", "verdict")) == {MATTERS}
