"""Months stop where a dilemma comes up; the answer changes what follows and nothing before."""

from dataclasses import replace

import pytest
from workshop.conftest import SMALL
from workshop.test_session import Slow

from parley_workshop.decisions import Decisions
from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.frames import Frame
from parley_workshop.session import Session

CRASH = next(one for one in load_dilemmas() if one.key == "price_crash")


def price(month):
    """At the reference until month 7, a quarter of it from then on."""
    return 1.0 if month < 8 else 0.25


class Crashing(Slow):
    """Months of a place whose price falls."""

    def run(self, number, months=None, value=0.5, problem=""):
        order, tell = self.orders[number]
        tell_as = tell
        self.orders[number] = (
            order,
            lambda told: tell_as(
                replace(told, price=price(told.month)) if isinstance(told, Frame) else told
            ),
        )
        super().run(number, months, value, problem)
        self.orders[number] = order, tell_as


@pytest.fixture
def room():
    engine = Crashing()
    session = Session(engine, replace(SMALL, arms=SMALL.arms[:1]))
    decisions = Decisions(session, lambda: engine, [CRASH])
    engine.run(0)
    session.pump()
    session.speed = 60.0
    return session, decisions, engine


def stop(session):
    session.play()
    session.tick(1.0)


def test_months_stop_in_the_month_in_which_it_comes_up(room):
    session, decisions, _ = room
    stop(session)
    assert not session.playing
    assert decisions.pending.dilemma.key == "price_crash"
    assert decisions.pending.month == session.month
    assert CRASH.holds(session.frames(0), session.month)
    assert not CRASH.holds(session.frames(0), session.month - 1)


def test_an_answer_holds_from_the_next_month_and_leaves_those_before(room):
    session, decisions, engine = room
    stop(session)
    month = session.month
    option = CRASH.options[0].key
    decisions.decide(option)
    assert decisions.pending is None
    assert session.month == month
    order, _ = engine.orders[-1]
    assert order.first_month == month + 1
    assert {c.option for c in order.board.arms[0].changes} == {option}
    assert session.undo()


def test_it_comes_up_once_a_column_and_the_months_go_on(room):
    session, decisions, engine = room
    stop(session)
    decisions.decide(CRASH.options[0].key)
    engine.run(1)
    session.pump()
    stop(session)
    assert session.month == 25
    assert decisions.pending is None


def test_answers_not_given_are_run_beside_what_the_room_sees(room):
    session, decisions, engine = room
    stop(session)
    month = session.month
    decisions.decide(CRASH.options[0].key)
    branches = list(decisions.branches)
    assert [b.option for b in branches] == [o.key for o in CRASH.options[1:]]
    decisions.run_branches()
    decisions.run_branches()
    assert len(engine.orders) == 2 + len(CRASH.options) - 1
    for number in range(2, len(engine.orders)):
        engine.run(number)
    assert decisions.pump()
    for branch, before in zip(decisions.branches, branches, strict=True):
        assert branch is before
        assert branch.done
        assert [frame.month for frame in branch.frames] == list(range(month + 1, 26))
    assert len(session.frames(0)) == month + 1


def test_every_column_may_take_an_answer(slow_pair):
    session, decisions, _ = slow_pair
    stop(session)
    decisions.decide(CRASH.options[0].key, everywhere=True)
    assert all(arm.changes for arm in session.board.arms)


@pytest.fixture
def slow_pair():
    engine = Crashing()
    session = Session(engine, SMALL)
    decisions = Decisions(session, lambda: engine, [CRASH])
    engine.run(0)
    engine.run(1)
    session.pump()
    session.speed = 60.0
    return session, decisions, engine


def test_an_answer_that_does_not_exist_or_nothing_to_answer(room):
    session, decisions, _ = room
    with pytest.raises(KeyError, match="pending"):
        decisions.decide("x")
    stop(session)
    with pytest.raises(KeyError):
        decisions.decide("x")
    assert decisions.pending is not None
    assert list(decisions.branches) == []
