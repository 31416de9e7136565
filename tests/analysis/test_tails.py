"""The worst runs of an arm."""

import numpy as np
import pandas as pd
import pytest

from parley_analysis import tails
from parley_analysis.tails import lower_tail, worst_mean

TABLE = pd.DataFrame(
    {
        "place": "coast",
        "arm": ["a"] * 10 + ["b"] * 10,
        "replicate": [*range(10)] * 2,
        "group": "all",
        "value": [*np.arange(10.0), *([4.5] * 10)],
    }
)


class FakeBatch:
    """Answers what is asked of a batch."""

    def __init__(self, direction):
        self.direction = direction

    def outcome(self, name):
        assert name == "npv"
        return self


@pytest.fixture(autouse=True)
def known_levels(monkeypatch):
    monkeypatch.setattr(tails, "levels", lambda batch, outcome, horizon: TABLE)


def test_two_arms_of_one_mean_differ_in_their_tails():
    found = lower_tail(FakeBatch("higher"), "npv", 0.2).set_index("arm")
    assert found["mean"].tolist() == [4.5, 4.5]
    assert found["tail"].tolist() == [0.5, 4.5]
    assert found["in_tail"].tolist() == [2, 2]
    high = lower_tail(FakeBatch("lower"), "npv", 0.2).set_index("arm")
    assert high["tail"].tolist() == [8.5, 4.5], "where low is better the highest are the worst"


def test_the_tail_of_all_runs_is_the_mean_and_the_smallest_tail_is_the_worst_run():
    values = np.array([3.0, -1.0, 2.0])
    assert worst_mean(values, 1.0, lower=True) == pytest.approx(4.0 / 3.0)
    assert worst_mean(values, 0.01, lower=True) == -1.0
    assert worst_mean(values, 0.01, lower=False) == 3.0


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1, float("nan")])
def test_impossible_shares_are_refused(share):
    with pytest.raises(tails.AnalysisError, match="worst share"):
        lower_tail(FakeBatch("higher"), "npv", share)


def test_an_outcome_without_a_better_direction_has_no_worst_runs():
    with pytest.raises(tails.AnalysisError, match="no better direction"):
        lower_tail(FakeBatch("neither"), "npv")
