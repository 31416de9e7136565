"""Verdicts on channels, and alarms that go when the right thing is taken out."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from parley_analysis import channels, tracing


def contrast(**medians):
    rows = [
        {"channel": name, "low": 0.7 if median else 0.4, "high": 0.95 if median else 0.6,
         "median": median}
        for name, median in medians.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("medians", "said"),
    [
        ({"money": 0.1, "process": 0.0, "delivery": 0.04}, "money"),
        ({"money": 0.0, "process": -0.2, "delivery": 0.04}, "process"),
        ({"money": 0.1, "process": 0.0, "delivery": 0.06}, "unclear"),
        ({"money": 0.0, "process": 0.0, "delivery": 0.0}, "unclear"),
    ],
)
def test_the_channel_that_dominates_is_named(medians, said):
    assert channels.judge(contrast(**medians)) == said


def test_a_large_median_without_a_sure_sign_is_unclear():
    table = contrast(money=0.1, process=0.0)
    table.loc[0, "low"] = 0.45
    assert channels.judge(table) == "unclear"


INDEX = ["place", "outcome", "group", "replicate"]


def levels(gain):
    index = pd.MultiIndex.from_product([["coast"], ["harm"], ["all"], range(20)], names=INDEX)
    return pd.DataFrame({"hsbp": gain, "none": np.zeros(20)}, index)


CELL = ("coast", "harm", "all", "hsbp", "none")
BATCH = SimpleNamespace(outcome=lambda name: SimpleNamespace(sign=1))


def test_an_alarm_goes_with_the_block_that_makes_it():
    half = np.where(np.arange(20) % 2, 0.1, -0.1)
    variants = [
        tracing.Variant("block a off", "a", levels(half)),
        tracing.Variant("block b off", "b", levels(np.full(20, 0.05))),
        tracing.Variant("without mapping", "", levels(np.zeros(20))),
    ]
    table = tracing.trace(BATCH, levels(np.full(20, 0.1)), [CELL], variants)
    assert list(table["share_drawn"]) == [1.0, 1.0, 1.0]
    assert list(table["share"]) == [0.5, 1.0, 0.5]
    assert list(table["ties"]) == [0.0, 0.0, 1.0]
    assert list(table["gone"]) == [True, False, True]
    assert tracing.blocks_to_open(table) == ("a",)
    path = tracing.paths(table).iloc[0]
    assert path["needs"] == "block a off; without mapping"
    assert (path["n"], path["share_drawn"]) == (20, 1.0)


def test_an_alarm_that_nothing_removes_has_no_path():
    variants = [tracing.Variant("block b off", "b", levels(np.full(20, 0.05)))]
    table = tracing.trace(BATCH, levels(np.full(20, 0.1)), [CELL], variants)
    assert tracing.paths(table)["needs"].iloc[0] == ""
    assert tracing.blocks_to_open(table) == ()


def test_a_trace_counts_only_draws_that_both_have():
    few = levels(np.full(20, 0.05)).iloc[:6]
    table = tracing.trace(BATCH, levels(np.full(20, 0.1)), [CELL], [tracing.Variant("x", "x", few)])
    assert table["n"].iloc[0] == 6


def test_a_placebo_gains_only_beyond_two_standard_errors():
    row = dict(zip(("place", "outcome", "group", "arm", "other"), CELL, strict=True))
    shares = pd.DataFrame([{**row, "n": 100, "share": share} for share in (0.6, 0.61)])
    assert tracing.placebo_cells(shares) == [CELL]
