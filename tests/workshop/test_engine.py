"""Months come from worker processes as they would from `parley run`, whatever happens to them."""

import os
import signal
import sys
from dataclasses import replace

import numpy as np
import pytest
from workshop.conftest import SMALL, Heard

from parley.errors import ScenarioError
from parley.results import RunSpec
from parley.runner import run
from parley_workshop.board import Arm, Board, Change
from parley_workshop.engine import LocalEngine
from parley_workshop.scenarios import scenario_of
from parley_workshop.stream import Order

pytestmark = pytest.mark.slow


def same(one, other):
    """Whether two months carry the same bits."""
    return one.villages == other.villages and all(
        np.array_equal(one.values[name], other.values[name], equal_nan=True) for name in one.values
    )


def test_months_are_those_of_an_ordinary_run(hear):
    heard = hear()
    assert [end.problem for end in heard.ends] == ["", ""]
    for arm in (0, 1):
        result = run(RunSpec(scenario_of(SMALL, arm), SMALL.replicate, SMALL.seed))
        frames = heard.of(arm)
        assert [frame.month for frame in frames] == list(range(26))
        for name, months in result.series.items():
            told = np.array([frame.values[name] for frame in frames])
            np.testing.assert_array_equal(told, months)
        told = [(f.month, h.kind, h.actor, h.target) for f in frames for h in f.happenings]
        assert told == [(e.month, e.kind, e.actor, e.target) for e in result.events]


def test_both_columns_have_the_same_luck(hear):
    twins = replace(SMALL, arms=(Arm("a", "hsbp"), Arm("b", "hsbp")), months=12)
    heard = hear(twins)
    assert all(same(a, b) for a, b in zip(heard.of(0), heard.of(1), strict=True))


def test_a_change_on_the_way_leaves_what_went_before_and_equals_a_run_from_the_start(hear):
    """The first goes on from a copy of the model in month 12, the second starts afresh."""
    plain = hear(arms=(0,)).of(0)
    change = Change(18, (("sharing", 0.0), ("inclusive", 0.0)), (("protection", "proxy"),))
    board = replace(SMALL, arms=(replace(SMALL.arms[0], changes=(change,)), SMALL.arms[1]))
    later = hear(board, (0,), 18)
    assert later.openings == []
    fresh = LocalEngine(1)
    heard = Heard(1)
    try:
        fresh.start(Order(board, (0,)), heard.tell)
        assert heard.done.wait(120)
    finally:
        fresh.close()
    whole = heard.of(0)
    assert all(same(a, b) for a, b in zip(whole[:18], plain[:18], strict=True))
    assert all(same(a, b) for a, b in zip(whole[18:], later.of(0), strict=True))
    assert not same(whole[-1], plain[-1])


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_killed_process_is_replaced_and_no_month_is_lost_or_told_twice():
    engine, heard = LocalEngine(1), Heard(2)
    try:
        engine.start(Order(replace(SMALL, months=60), (0, 1)), heard.tell)
        assert heard.some.wait(60)
        os.kill(engine.pids()[0], signal.SIGKILL)
        assert heard.done.wait(120)
    finally:
        engine.close()
    assert [end.problem for end in heard.ends] == ["", ""]
    assert all([frame.month for frame in heard.of(arm)] == list(range(60)) for arm in (0, 1))


def test_a_stopped_order_falls_silent_and_the_next_one_is_served(engine, hear):
    heard = Heard(1)
    running = engine.start(Order(replace(SMALL, months=360), (0,)), heard.tell)
    assert heard.some.wait(60)
    running.stop()
    running.stop()
    told = len(heard.frames)
    assert len(hear(replace(SMALL, months=12)).frames) == 24
    assert len(heard.frames) == told < 360
    assert heard.ends == []


def test_what_is_wrong_on_a_board_is_told_and_the_process_lives_on(engine, hear):
    heard = hear(replace(SMALL, place="columbia"))
    assert len(heard.ends) == 2
    assert all("did you mean 'colombia'" in end.problem for end in heard.ends)
    assert len(hear(replace(SMALL, months=12)).frames) == 24


def test_everything_wrong_on_a_board_is_said_at_once():
    wrong = Board("colombia", (), months=3, population=1, facts=(("spoiler_presence", 2.0),))
    with pytest.raises(ScenarioError) as caught:
        scenario_of(wrong, 0)
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {"arms", "months", "population", "facts.spoiler_presence"}
