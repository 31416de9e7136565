"""Months stop where a dilemma comes up; the answer changes what follows and nothing before."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop.conftest import SMALL
from workshop.test_session import Slow

from parley_workshop import edits
from parley_workshop.board import Change
from parley_workshop.decisions import Decisions, comes_up, taken_back, untaken
from parley_workshop.dilemmas import decide, load_dilemmas
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


# --- what is asked again -------------------------------------------------------------------------


def crash_month(session):
    return next(month for month in range(26) if comes_up(CRASH, session.frames(0), month) == month)


def test_what_was_left_is_asked_again_only_when_the_room_starts_over(room):
    session, decisions, _ = room
    stop(session)
    month = session.month
    decisions.pass_over()
    assert decisions.passed == {(0, "price_crash"): month}
    session.jump(2)
    stop(session)
    assert (session.month, decisions.pending) == (25, None)
    session.restart()
    assert decisions.passed == {}
    stop(session)
    assert session.month == month
    assert decisions.pending is not None


def test_what_was_left_is_asked_again_when_the_months_up_to_it_change(room):
    session, decisions, engine = room
    stop(session)
    month = session.month
    decisions.pass_over()
    session.set_dial(0, "sharing", 0.1, month=month + 1)
    assert decisions.passed == {(0, "price_crash"): month}
    session.set_dial(0, "sharing", 0.2, month=month)
    assert decisions.passed == {}
    engine.run(len(engine.orders) - 1)
    session.pump()
    assert session.month == month - 1
    stop(session)
    assert session.month == month


def test_what_was_answered_is_not_asked_again_until_the_answer_is_undone(room):
    session, decisions, engine = room
    stop(session)
    month = session.month
    decisions.decide(CRASH.options[0].key)
    engine.run(1)
    session.pump()
    session.restart()
    stop(session)
    assert session.month == 25
    session.undo()
    assert session.month == month
    assert decisions.branches == []
    decisions.ask()
    assert decisions.pending.month == month
    session.redo()
    assert decisions.pending is None
    assert len(decisions.branches) == len(CRASH.options) - 1


def test_answers_are_those_of_the_board_whoever_opens_it(room):
    session, decisions, engine = room
    stop(session)
    decisions.decide(CRASH.options[0].key)
    other = Session(engine, session.board)
    again = Decisions(other, lambda: engine, [CRASH])
    engine.run(len(engine.orders) - 1)
    other.pump()
    other.speed = 60.0
    stop(other)
    assert (other.month, again.pending) == (25, None)
    keys = [(b.option, b.month, b.arm, b.board) for b in again.branches]
    assert keys == [(b.option, b.month, b.arm, b.board) for b in decisions.branches]


def test_what_lies_behind_the_month_shown_is_not_asked(room):
    session, decisions, _ = room
    month = crash_month(session)
    session.reach(month + 3)
    stop(session)
    assert (session.month, decisions.pending) == (25, None)
    session.reach(month)
    session.step()
    assert session.month == month
    assert decisions.pending.month == month


def test_the_way_forward_stops_in_the_first_open_month_however_far_it_goes(room):
    session, decisions, _ = room
    session.jump(25)
    assert session.month == crash_month(session)
    assert decisions.pending is not None
    session.jump(25)
    assert session.month == crash_month(session)
    session.jump(2)
    assert (session.month, decisions.pending) == (2, None)


def test_nothing_stops_where_stops_are_off(room):
    session, decisions, _ = room
    decisions.stops = False
    session.jump(25)
    assert (session.month, decisions.pending) == (25, None)
    session.reach(crash_month(session))
    decisions.ask()
    assert decisions.pending is None
    decisions.stops = True
    decisions.ask()
    assert decisions.pending is not None
    decisions.stops = False
    assert decisions.pending is None


def test_one_after_the_other_is_asked_in_the_same_month(slow_pair):
    session, decisions, engine = slow_pair
    stop(session)
    month, first = session.month, decisions.pending
    decisions.decide(CRASH.options[0].key)
    assert (first.arm, session.month) == (0, month)
    engine.run(2)
    session.pump()
    stop(session)
    assert session.month == month
    assert (decisions.pending.arm, decisions.pending.month) == (1, month)
    decisions.pass_over()
    stop(session)
    assert session.month == 25


def test_what_is_asked_stays_the_same_question_while_it_is_open(room):
    session, decisions, _ = room
    stop(session)
    first = decisions.pending
    stop(session)
    assert decisions.pending == first
    assert not session.playing


def test_what_another_column_left_does_not_move_to_it(slow_pair):
    session, decisions, _ = slow_pair
    decisions.recall([(0, "price_crash", 8)])
    session.remove_arm(0)
    assert decisions.passed == {}


# --- what was not chosen, from the board alone ---------------------------------------------------


def answer(board, option, month, arm=0):
    return edits.with_arm(board, arm, decide(board.arms[arm], CRASH, option, month))


OPTIONS = [option.key for option in CRASH.options]
EARLY = Change(3, (("sharing", 0.2),))
SAME = Change(9, (("inclusive", 0.4),))
LATER = Change(15, (("sharing", 0.9),))


@given(
    st.lists(st.sampled_from([EARLY, SAME, LATER]), unique=True),
    st.sampled_from(OPTIONS),
    st.booleans(),
)
def test_a_branch_is_the_board_as_decided_with_another_answer(changes, option, before):
    board = SMALL
    for change in changes if before else ():
        board = edits.with_change(board, 0, change)
    board = answer(board, option, 9)
    for change in () if before else changes:
        board = edits.with_change(board, 0, change)
    plain = SMALL
    for change in changes:
        if change is not LATER:
            plain = edits.with_change(plain, 0, change)
    found = untaken(board, [CRASH])
    assert [b.option for b in found] == [key for key in OPTIONS if key != option]
    for branch in found:
        wanted = answer(plain, branch.option, 9).arms[0]
        assert set(branch.board.arms[0].changes) == set(wanted.changes)
        assert branch.board.arms[0].interventions == wanted.interventions
        assert branch.board.arms[1] == SMALL.arms[1]
        assert (branch.month, branch.arm, branch.dilemma) == (9, 0, "price_crash")


def test_what_the_answer_began_goes_and_what_began_before_stays():
    force = next(one for one in load_dilemmas() if one.key == "force_used")
    first = SMALL.arms[0]
    given_before = replace(first, interventions=("cash_transfer:first=2", "legal_aid:first=99"))
    column = decide(replace(given_before, interventions=()), force, "protect", 9)
    column = replace(column, interventions=(*given_before.interventions, *column.interventions))
    branches = untaken(edits.with_arm(SMALL, 0, column), [force])
    assert "legal_aid:first=9" in column.interventions
    for branch in branches:
        assert branch.board.arms[0].interventions[0] == "cash_transfer:first=2"
        assert not any(name.startswith("legal_aid") for name in branch.board.arms[0].interventions)


def test_answers_that_nobody_knows_have_no_branches():
    known = answer(SMALL, OPTIONS[0], 9)
    assert untaken(known, []) == []
    odd = Change(9, decision="price_crash", option="no_such")
    assert untaken(edits.with_change(SMALL, 0, odd), [CRASH]) == []


def test_branches_come_in_the_order_of_the_decisions():
    board = answer(answer(SMALL, OPTIONS[0], 12), OPTIONS[1], 9, arm=1)
    found = untaken(board, [CRASH])
    assert [(b.month, b.arm) for b in found] == sorted((b.month, b.arm) for b in found)
    assert {(b.month, b.arm) for b in found} == {(12, 0), (9, 1)}


def test_a_branch_keeps_its_months_until_its_own_column_changes(slow_pair):
    session, decisions, engine = slow_pair
    stop(session)
    month = session.month
    decisions.decide(OPTIONS[0])
    decisions.run_branches()
    had = list(decisions.branches)
    session.set_dial(1, "sharing", 0.3, month=0)
    session.set_dial(0, "sharing", 0.3, month=month + 5)
    assert all(one is two for one, two in zip(decisions.branches, had, strict=True))
    stopped = len(engine.stopped)
    session.set_dial(0, "sharing", 0.3, month=2)
    assert not any(branch.started for branch in decisions.branches)
    assert len(engine.stopped) >= stopped + len(had)
    decisions.close()


def test_what_was_taken_back_is_told_by_the_month_of_the_decision():
    answered_board = answer(SMALL, OPTIONS[0], 9)
    assert taken_back(answered_board, SMALL) == 8
    assert taken_back(SMALL, answered_board) is None
    assert taken_back(SMALL, SMALL) is None
    both = answer(answered_board, OPTIONS[0], 9, arm=1)
    assert taken_back(both, SMALL) == 8
    moved = edits.with_change(answered_board, 0, EARLY)
    assert taken_back(moved, SMALL) is None
    other = edits.with_arm(SMALL, 0, replace(SMALL.arms[0], preset="csr"))
    assert taken_back(answered_board, other) is None
    assert taken_back(answered_board, replace(SMALL, arms=SMALL.arms[:1])) is None


def test_what_has_come_up_is_looked_for_anew_when_its_months_are_others(room):
    session, decisions, engine = room
    stop(session)
    month = session.month
    session.set_dial(0, "sharing", 0.3, month=0)
    _, tell = engine.orders[-1]
    for number in range(26):
        values = {"trust_company": (0.5,), "days_lost": (0.0,)}
        tell(Frame(0, number, values, (), (), {}, {}, 0.25 if number > 14 else 1.0))
    session.pump()
    stop(session)
    assert session.month == month + 7
    assert decisions.pending.month == session.month
