"""Copies of models to start from: where they are made, how many, and that they go on alike."""

from dataclasses import replace

import numpy as np
import pytest
from workshop.conftest import SMALL

from parley.model import PartneringModel
from parley_workshop.board import Arm, Change
from parley_workshop.copies import EVERY, Copies, Task
from parley_workshop.scenarios import scenario_of
from parley_workshop.worker import months


def run(copies, board, first=0, number=1):
    """Months told of column 0."""
    told = []
    for _ in months(Task(number, board, 0, first), copies, told.append):
        pass
    return [one for one in told if hasattr(one, "villages")]


def changed(month, level=0.0):
    change = Change(month, (("sharing", level),))
    return replace(SMALL, arms=(Arm("", "hsbp", (change,)), SMALL.arms[1]))


def same(one, other):
    return one.month == other.month and all(
        np.array_equal(one.values[name], other.values[name], equal_nan=True) for name in one.values
    )


@pytest.fixture
def plain():
    return replace(SMALL, arms=(Arm("", "hsbp"), SMALL.arms[1]))


def test_the_nearest_copy_lies_within_a_few_months(plain):
    copies = Copies()
    run(copies, plain)
    for month in range(EVERY, 26):
        found = copies.nearest(Task(2, changed(month), 0, month))
        assert month - EVERY < found.now.index + 1 <= month
    assert copies.nearest(Task(2, changed(3), 0, 3)) is None


def test_trying_one_level_after_the_other_starts_where_they_differ(plain):
    copies = Copies()
    run(copies, plain)
    run(copies, changed(15, 0.1), 15)
    found = copies.nearest(Task(3, changed(15, 0.2), 0, 15))
    assert found.now.index + 1 == 15
    after = run(copies, changed(15, 0.2), 15)
    fresh = run(Copies(), changed(15, 0.2))
    assert all(same(one, other) for one, other in zip(after, fresh[15:], strict=True))


def test_a_copy_is_left_alone_by_what_goes_on(plain):
    copies = Copies()
    run(copies, plain)
    task = Task(2, plain, 0, 12)
    one = copies.nearest(task)
    before = one.people["trust_company"].copy()
    other = copies.nearest(task)
    other.run_model()
    np.testing.assert_array_equal(one.people["trust_company"], before)
    assert not np.array_equal(other.people["trust_company"], before)
    assert other.ties is one.ties


def test_copies_keep_within_their_room(plain):
    model = PartneringModel(scenario_of(plain, 0), plain.seed, plain.replicate)
    none = Copies(most_bytes=model.people.nbytes)
    run(none, plain)
    assert none.nearest(Task(2, plain, 0, 25)) is None
    few = Copies(most_bytes=4 * model.people.nbytes)
    run(few, plain)
    found = few.nearest(Task(2, plain, 0, 25))
    assert found is not None
    assert few.nearest(Task(2, plain, 0, EVERY)) is None


def test_another_branch_leaves_sparse_copies_of_the_first(plain):
    model = PartneringModel(scenario_of(plain, 0), plain.seed, plain.replicate)
    record = sum(months.nbytes for months in model.recorder.series.values())
    copies = Copies(most_bytes=5 * round(1.5 * model.people.nbytes) + 5 * record)
    run(copies, plain)
    run(copies, changed(0, 0.3))
    assert copies.nearest(Task(3, plain, 0, 25)).now.index + 1 == 24
    assert copies.nearest(Task(3, plain, 0, 18)) is None
    assert copies.nearest(Task(3, changed(0, 0.3), 0, 18)).now.index + 1 == 18


def test_a_second_model_of_a_setting_takes_over_people_and_ties(plain):
    copies = Copies()
    task = Task(1, plain, 0, 0)
    models = [copies.build(task, scenario_of(plain, 0)) for _ in range(3)]
    assert models[1].ties is models[0].ties
    assert all(
        np.array_equal(models[0].people[name], models[2].people[name])
        for name in models[0].people.columns
    )
    elsewhere = Task(2, replace(plain, seed=9), 0, 0)
    assert copies.build(elsewhere, scenario_of(plain, 0)).ties is not models[0].ties
