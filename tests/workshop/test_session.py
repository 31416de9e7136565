"""One trainer's screen, with an engine that does nothing until it is told to."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from workshop.conftest import SMALL

from parley_workshop.board import Arm
from parley_workshop.frames import Ended, Frame, Opening
from parley_workshop.said import PAIRS, Vote
from parley_workshop.session import Session


class Slow:
    """Keeps orders; `run` tells their months."""

    def __init__(self):
        self.orders, self.stopped = [], []

    def start(self, order, tell):
        self.orders.append((order, tell))
        number = len(self.orders) - 1

        return SimpleNamespace(stop=lambda: self.stopped.append(number))

    def run(self, number, months=None, value=0.5, problem=""):
        order, tell = self.orders[number]
        (arm,) = order.arms
        if order.first_month == 0:
            tell(Opening(arm, ("all", "town"), ("Everybody", "Town"), (10,), ((1.0,),), ()))
        last = order.board.months if months is None else months
        for month in range(order.first_month, last):
            values = {"trust_company": (value + month / 1000, 0.1), "days_lost": (3.0,)}
            tell(Frame(arm, month, values, (), (), {}, {}, 1.0))
        if months is None:
            tell(Ended(arm, problem))


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def session(slow):
    made = Session(slow, SMALL)
    slow.run(0)
    slow.run(1)
    made.pump()
    return made


def test_each_column_is_one_order_from_the_start(slow):
    Session(slow, SMALL)
    assert [(order.arms, order.first_month) for order, _ in slow.orders] == [((0,), 0), ((1,), 0)]


def test_months_are_shown_as_far_as_both_columns_have_them(slow):
    session = Session(slow, SMALL)
    slow.run(0, months=9)
    slow.run(1, months=4)
    assert session.pump()
    assert not session.pump()
    session.jump(20)
    assert session.month == 3
    session.step()
    assert session.month == 3
    assert session.shown(0, "trust_company") == [0.5, 0.501, 0.502, 0.503]
    assert session.shown(0, "trust_company", "town") == [0.1] * 4
    assert math.isnan(session.shown(0, "days_lost", "town")[0])


def test_time_goes_by_at_the_chosen_speed_and_stops_at_the_end(session):
    session.speed = 4.0
    session.play()
    assert not session.tick(0.2)
    assert session.tick(0.8)
    assert session.month == 3
    session.tick(1000.0)
    assert (session.month, session.playing) == (25, False)
    session.play()
    assert (session.month, session.playing) == (-1, True)


def test_playing_waits_for_months_that_have_not_come_in(slow):
    session = Session(slow, SMALL)
    session.play()
    assert not session.tick(5.0)
    slow.run(0, months=2)
    slow.run(1, months=2)
    session.pump()
    assert session.tick(0.1)
    assert (session.month, session.playing) == (1, True)


def test_an_edit_on_the_way_runs_one_column_from_its_month(session, slow):
    session.jump(11)
    session.set_dial(0, "sharing", 0.1)
    order, _ = slow.orders[-1]
    assert (len(slow.orders), order.arms, order.first_month) == (3, (0,), 12)
    assert (session.month, len(session.frames(0)), len(session.frames(1))) == (11, 12, 26)
    slow.run(2, value=0.9)
    session.pump()
    session.jump(25)
    shown = session.shown(0, "trust_company")
    assert (shown[11], shown[12]) == (0.511, 0.912)
    assert [(c.month, c.key, c.before, c.after) for c in session.changes(0)] == [
        (12, "sharing", 0.6, 0.1)
    ]


def test_undo_and_redo_put_boards_back_and_run_what_they_touch(session, slow):
    session.jump(11)
    session.set_dial(0, "sharing", 0.1)
    changed = session.board
    assert session.undo()
    assert session.board == SMALL
    assert slow.orders[-1][0].first_month == 12
    assert session.redo()
    assert session.board == changed
    session.undo()
    session.set_dial(1, "sharing", 0.3)
    assert not session.can_redo()
    assert session.can_undo()


def test_nothing_to_undo(session):
    assert not session.undo()
    assert not session.redo()


def test_what_an_old_order_still_tells_is_dropped(session, slow):
    session.jump(5)
    session.set_dial(0, "sharing", 0.1)
    slow.run(0, value=0.0)
    session.pump()
    assert len(session.frames(0)) == 6
    assert 0 not in slow.stopped  # it had ended; the next one has not
    session.set_dial(0, "sharing", 0.2)
    assert slow.stopped == [2]


def test_a_fact_or_a_place_runs_everything_anew(session, slow):
    session.jump(25)
    session.set_fact("spoiler_presence", 0.2)
    assert [order.first_month for order, _ in slow.orders[2:]] == [0, 0]
    assert session.month == -1
    session.set_place("bosnia")
    assert session.board.facts == ()


def test_columns_come_and_go(session):
    assert session.add_arm("csr")
    assert not session.add_arm("msp")
    assert session.remove_arm(0)
    assert [arm.preset for arm in session.board.arms] == ["none", "csr"]
    session.undo()
    assert [arm.preset for arm in session.board.arms] == ["hsbp", "none", "csr"]
    session.remove_arm(0)
    session.remove_arm(0)
    assert not session.remove_arm(0)


def test_what_went_wrong_is_kept_for_the_room_until_the_next_try(slow):
    session = Session(slow, SMALL)
    slow.run(0, problem="the process that ran it ended twice; try again")
    session.pump()
    assert "ended twice" in session.problem()
    session.set_preset(0, "csr")
    assert session.problem() == ""


def test_predictions_stay_with_their_column_when_one_goes_and_comes_back(session):
    session.predict(0, "benefit", [(25, 1.0), (0, 0.5)])
    session.predict(1, "benefit", [(3, 2.0)], group="town")
    session.predict(1, "trust_company", [(3, 2.0)])
    session.predict(1, "trust_company", [])
    vote = Vote("benefit", (0, 1), "all", 25, ("hsbp", "none"))
    session.votes = [vote]
    before = dict(session.predictions)
    assert before == {
        (0, "benefit", "all"): ((0, 0.5), (25, 1.0)),
        (1, "benefit", "town"): ((3, 2.0),),
    }
    session.remove_arm(0)
    assert session.predictions == {(0, "benefit", "town"): ((3, 2.0),)}
    assert session.votes == []
    session.undo()
    assert session.predictions == before
    assert session.votes == [vote]
    session.redo()
    assert session.predictions == {(0, "benefit", "town"): ((3, 2.0),)}


def test_what_is_drawn_while_a_third_column_is_there_stays_when_it_goes(session):
    session.predict(0, "benefit", [(3, 1.0)])
    session.add_arm("csr")
    first, second, third = (Vote("benefit", p, "all", 25, ("x", "y")) for p in PAIRS)
    session.predict(0, "benefit", [(3, 2.0)])
    session.predict(1, "benefit", [(4, 3.0)])
    session.predict(2, "benefit", [(5, 4.0)])
    session.votes = [second, first, third]
    session.remove_arm(2)
    two = {(0, "benefit", "all"): ((3, 2.0),), (1, "benefit", "all"): ((4, 3.0),)}
    assert session.predictions == two
    assert session.votes == [first]
    session.predict(1, "benefit", [(6, 5.0)])
    session.undo()
    assert session.predictions == two | {
        (1, "benefit", "all"): ((6, 5.0),),
        (2, "benefit", "all"): ((5, 4.0),),
    }
    assert session.votes == [second, first, third]
    session.predict(1, "benefit", [])
    session.remove_arm(0)
    session.undo()
    assert session.predictions == {
        (0, "benefit", "all"): ((3, 2.0),),
        (2, "benefit", "all"): ((5, 4.0),),
    }


def test_columns_that_come_and_go_for_hours_leave_little_behind(session):
    for turn in range(120):
        session.set_fact("spoiler_presence", turn / 1000)
        session.add_arm("csr")
        session.remove_arm(2)
    assert len(session._left) <= 100


def test_a_vote_moves_with_its_columns(session):
    session.add_arm("csr")
    session.votes = [Vote("benefit", (1, 2), "all", 25, ("none", "csr"))]
    session.remove_arm(0)
    assert [(v.pair, v.columns) for v in session.votes] == [((0, 1), ("none", "csr"))]


def test_the_way_forward_stops_where_it_is_told_to_and_the_way_back_does_not(session):
    asked = []

    def watch(first, last):
        asked.append((first, last))
        return next((month for month in (4, 9) if first < month <= last), None)

    session.watch = watch
    session.jump(25)
    assert session.month == 4
    session.jump(25)
    assert session.month == 9
    session.jump(2)
    session.reach(20)
    assert session.month == 20
    assert asked == [(0, 25), (4, 25)]


def test_two_sessions_on_one_engine_do_not_disturb_each_other(slow):
    one, two = Session(slow, SMALL), Session(slow, replace(SMALL, arms=(Arm("x", "csr"),)))
    slow.run(2)
    one.pump()
    two.pump()
    assert (len(one.frames(0)), len(two.frames(0))) == (0, 26)


def test_closing_stops_what_runs(slow):
    Session(slow, SMALL).close()
    assert slow.stopped == [0, 1]
