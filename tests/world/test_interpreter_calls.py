"""People are columns: a month takes as many Python calls for ten times as many people.

Counted with the interpreter's own profile hook, so that a loop over people cannot hide anywhere in
a step, a mechanism or a measure: one Python-level call per person would add thousands.
"""

import sys

import numpy as np
import pytest
import worlds

from parley.model import PartneringModel
from parley.steps import attitudes

WARM_UP, MONTHS = 3, 12
FEW, MANY = 500, 5000


def world(population):
    """A calm place of four villages and two groups, whatever the number of people.

    One leader in a thousand and thresholds that nobody reaches keep the months alike: what a month
    does, and so how often it calls, then depends on its events and not on its people.
    """
    place = worlds.place(leaders_per_1000=0.0)
    calm = {
        "mobilisation.threshold_mean": 2.0,
        "bargain.belief_noise_sd": 0.0,
        "delivery.task_hazard_per_month": 5.0,
    }
    return worlds.world(at=place, months=24, population=population).with_parameters(**calm)


def count_calls(step):
    """Python-level calls, and calls into C, that a function makes."""
    counted = {"call": 0, "c_call": 0}

    def hook(_frame, event, _argument):
        if event in counted:
            counted[event] += 1

    sys.setprofile(hook)
    try:
        step()
    finally:
        sys.setprofile(None)
    return counted


def calls(population, months=MONTHS):
    """Calls of each month once the first have passed, shape (months, 2)."""
    model = PartneringModel(world(population))
    for _ in range(WARM_UP):
        model.step()
    counted = [count_calls(model.step) for _ in range(months)]
    return np.array([[month["call"], month["c_call"]] for month in counted])


@pytest.fixture(scope="module")
def counts():
    return {population: calls(population) for population in (FEW, MANY)}


def test_ten_times_as_many_people_take_the_same_calls(counts):
    """Both kinds of calls, over a year: within two percent."""
    few, many = counts[FEW].sum(axis=0), counts[MANY].sum(axis=0)
    assert many / few == pytest.approx([1.0, 1.0], abs=0.02)


def test_a_month_takes_far_fewer_calls_than_there_are_people(counts):
    per_month = counts[MANY].mean(axis=0)
    assert per_month[0] < MANY / 2
    assert per_month.sum() < 2.5 * MANY


def test_a_loop_over_people_would_be_seen(monkeypatch):
    """One look at every person in one step a month, and the ratio leaves its bounds."""
    honest = attitudes.step_opinion

    def slow(own, others, p):
        assert all(float(value) >= 0.0 for value in own)
        return honest(own, others, p)

    monkeypatch.setattr(attitudes, "step_opinion", slow)
    few, many = calls(FEW, 2).sum(axis=0), calls(MANY, 2).sum(axis=0)
    assert many[0] / few[0] > 1.5
