"""Robustness metrics against values worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley_analysis.load import AnalysisError
from parley_analysis.robustness import Choice, agreement, metrics, regrets, satisficing

# Three worlds, two arms. More is better:
#   world 0: a 10, b 6;  world 1: a 2, b 5;  world 2: a 6, b 5
LEVELS = pd.DataFrame({"a": [10.0, 2.0, 6.0], "b": [6.0, 5.0, 5.0]})
PLAIN = Choice(resamples=0, threshold=5.0, alpha=0.25)


def value(table, metric, arm):
    row = table[(table["metric"] == metric) & (table["arm"] == arm)]
    return float(row["value"].iloc[0])


@pytest.mark.parametrize(
    ("metric", "a", "b"),
    [
        ("mean_regret", 1.0, 5.0 / 3.0),  # regrets of a: 0, 3, 0; of b: 4, 0, 1
        ("high_regret", 2.4, 3.4),  # linear between the order statistics, at 1.8 of 0..2
        ("max_regret", 3.0, 4.0),
        ("maximin", 2.0, 5.0),
        ("low_percentile", 2.8, 5.0),
        ("mean", 6.0, 16.0 / 3.0),
        ("mean_less_spread", 6.0 - 4.0, 16.0 / 3.0 - np.sqrt(1.0 / 3.0)),
        ("hurwicz", 0.25 * 2.0 + 0.75 * 10.0, 0.25 * 5.0 + 0.75 * 6.0),
        ("satisficing", 2.0 / 3.0, 1.0),
    ],
)
def test_worked_by_hand(metric, a, b):
    table = metrics(LEVELS, 1, PLAIN)
    assert value(table, metric, "a") == pytest.approx(a, abs=1e-12)
    assert value(table, metric, "b") == pytest.approx(b, abs=1e-12)


def test_where_less_is_better_the_worst_world_is_the_highest():
    table = metrics(LEVELS, -1, Choice(resamples=0, threshold=5.0))
    assert value(table, "maximin", "a") == 10.0
    assert value(table, "maximin", "b") == 6.0
    assert value(table, "low_percentile", "a") == pytest.approx(9.2)
    assert value(table, "satisficing", "a") == pytest.approx(1.0 / 3.0)
    assert value(table, "satisficing", "b") == pytest.approx(2.0 / 3.0)
    assert value(table, "mean_regret", "a") == pytest.approx(5.0 / 3.0)
    assert value(table, "mean_less_spread", "a") == pytest.approx(6.0 + 4.0)


def test_ranks_and_their_agreement():
    table = metrics(LEVELS, 1, PLAIN)
    ranks = table.pivot(index="metric", columns="arm", values="rank")
    assert ranks.loc["mean_regret"].to_dict() == {"a": 1.0, "b": 2.0}
    assert ranks.loc["maximin"].to_dict() == {"a": 2.0, "b": 1.0}
    tau = agreement(table)
    assert tau.loc["mean_regret", "max_regret"] == pytest.approx(1.0)
    assert tau.loc["mean_regret", "maximin"] == pytest.approx(-1.0)
    assert tau.loc["mean", "mean"] == pytest.approx(1.0)


def test_equal_arms_share_a_rank_and_have_no_agreement():
    table = metrics(pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]}), 1, Choice(resamples=0))
    assert set(table["rank"]) == {1.5}
    assert agreement(table).isna().all(axis=None)


def test_worlds_without_a_value_in_any_arm_are_left_out():
    holed = pd.concat([LEVELS, pd.DataFrame({"a": [np.nan, 100.0], "b": [0.0, np.nan]})])
    pd.testing.assert_frame_equal(metrics(holed, 1, PLAIN), metrics(LEVELS, 1, PLAIN))
    assert set(metrics(holed, 1, PLAIN)["worlds"]) == {3}


def test_joint_satisficing_needs_every_threshold_in_the_same_world():
    trust = pd.DataFrame({"a": [0.6, 0.6, 0.2, 0.2], "b": [0.9, 0.9, 0.9, np.nan]})
    lost = pd.DataFrame({"a": [5.0, 50.0, 5.0, 5.0], "b": [50.0, 50.0, 1.0, 1.0]})
    table = satisficing(
        {"trust_company": trust, "days_lost": lost}, {"trust_company": 0.5, "days_lost": 10.0}
    )
    found = table.set_index(["outcome", "arm"])["value"]
    assert set(table["worlds"]) == {3}
    assert found["trust_company", "a"] == pytest.approx(2 / 3)
    assert found["days_lost", "a"] == pytest.approx(2 / 3)
    assert found["all", "a"] == pytest.approx(1 / 3)
    assert found["all", "b"] == pytest.approx(1 / 3)


def test_intervals_are_paired_seeded_and_hold_the_value():
    luck = np.random.default_rng(5)
    world = luck.normal(0.0, 10.0, 200)  # worlds differ far more than arms
    levels = pd.DataFrame({"a": world + 1.0, "b": world + luck.normal(0.0, 0.1, 200)})
    choice = Choice(resamples=200, seed=3)
    table = metrics(levels, 1, choice)
    pd.testing.assert_frame_equal(table, metrics(levels, 1, choice))
    assert ((table["low"] <= table["value"]) & (table["value"] <= table["high"])).all()
    b = table[(table["metric"] == "mean_regret") & (table["arm"] == "b")].iloc[0]
    assert b["value"] == pytest.approx(1.0, abs=0.05)
    assert b["high"] - b["low"] < 0.06  # unpaired it would be about 4
    mean = table[(table["metric"] == "mean") & (table["arm"] == "b")].iloc[0]
    assert mean["high"] - mean["low"] > 1.5


@given(
    st.lists(st.tuples(*[st.floats(-100, 100, width=32)] * 3), min_size=2, max_size=12),
    st.sampled_from([1, -1]),
)
def test_regret_is_never_negative_and_somebody_has_none(rows, sign):
    levels = pd.DataFrame(rows, columns=["a", "b", "c"], dtype=float)
    regret = regrets(levels, sign)
    assert (regret >= 0.0).all(axis=None)
    assert (regret.min(axis=1) == 0.0).all()
    shifted = regrets(levels + 7.0, sign)  # what all arms share is no regret
    assert np.allclose(shifted, regret, atol=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics(LEVELS.iloc[:1], 1), "at least two worlds"),
        (lambda: metrics(LEVELS[["a"]], 1), "two arms"),
        (lambda: metrics(LEVELS, 1, Choice(alpha=1.5)), "alpha = 1.5"),
        (lambda: satisficing({"trust_company": LEVELS}, {"trust_compny": 1.0}), "did you mean"),
        (lambda: satisficing({"trust_company": LEVELS}, {}), "no threshold"),
        (lambda: satisficing({"trust_company": LEVELS}, {"trust_company": np.nan}), "finite"),
    ],
)
def test_bad_input(call, words):
    with pytest.raises(AnalysisError, match=words):
        call()
