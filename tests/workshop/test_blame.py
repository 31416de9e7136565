"""Who is blamed when a process dies, whose turn it is, and which process a column goes to."""

import multiprocessing
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from workshop.conftest import SMALL, Heard, until

from parley_workshop import worker
from parley_workshop.board import Board
from parley_workshop.copies import Task
from parley_workshop.engine import LIVES, LocalEngine
from parley_workshop.frames import Frame
from parley_workshop.seats import Seats
from parley_workshop.stream import Order
from parley_workshop.worker import Turns


class Deadly(Board):
    """A board that ends whatever process runs it, in its first turn."""

    def __getattribute__(self, name):
        if name == "facts" and multiprocessing.parent_process():
            os.kill(os.getpid(), signal.SIGKILL)
        return object.__getattribute__(self, name)


DEADLY = Deadly("colombia", SMALL.arms, months=26, population=200)


@pytest.fixture
def one_process():
    running = LocalEngine(1)
    yield running
    running.close()


# --- blame --------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_only_the_task_that_kills_its_process_is_given_up(one_process, monkeypatch):
    monkeypatch.setattr("parley_workshop.engine._PAUSE_SECONDS", (0.05, 0.05))
    monkeypatch.setattr("parley_workshop.engine.RECOVERED_MONTHS", 1_000)
    innocent, guilty = Heard(1), Heard(1)
    one_process.start(Order(replace(SMALL, months=240), (0,)), innocent.tell)
    assert innocent.some.wait(60)
    before = one_process.pids()
    one_process.start(Order(DEADLY, (0,)), guilty.tell)
    assert guilty.done.wait(60)  # the innocent one saw as many deaths
    assert guilty.frames == []
    assert LIVES == 2
    assert "ended twice" in guilty.ends[0].problem
    assert one_process.pids() != before
    assert innocent.done.wait(120)
    assert innocent.ends[0].problem == ""
    assert [frame.month for frame in innocent.frames] == list(range(240))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_process_that_dies_in_nobodys_turn_blames_nobody(one_process, monkeypatch):
    monkeypatch.setattr("parley_workshop.engine._PAUSE_SECONDS", (0.05, 0.05))
    monkeypatch.setattr("parley_workshop.engine.RECOVERED_MONTHS", 1_000)
    (process,) = one_process._workers
    heard = Heard(1)
    for deaths in range(LIVES):
        until(lambda: process.ready)
        pid = one_process.pids()[0]
        if deaths == 0:
            os.kill(pid, signal.SIGSTOP)  # it has nothing to do yet
            one_process.start(Order(replace(SMALL, months=240), (0,)), heard.tell)
        else:
            stop_between_turns(process, pid)
        os.kill(pid, signal.SIGKILL)
        until(lambda killed=pid: one_process.pids()[0] != killed)
    assert heard.done.wait(120)
    assert heard.ends[0].problem == ""
    assert [frame.month for frame in heard.frames] == list(range(240))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_where_no_process_can_be_started_now_one_is_started_later(one_process, monkeypatch):
    monkeypatch.setattr("parley_workshop.engine._PAUSE_SECONDS", (0.05, 0.05))
    (process,) = one_process._workers
    until(lambda: process.ready)
    spawn, failed = process._spawn, []

    def late():
        if len(failed) <= LIVES:
            failed.append(process.marker.value)
            raise OSError("Cannot allocate memory")
        return spawn()

    monkeypatch.setattr(process, "_spawn", late)
    heard = Heard(1)
    one_process.start(Order(replace(SMALL, months=240), (0,)), heard.tell)
    assert heard.some.wait(60)
    os.kill(one_process.pids()[0], signal.SIGKILL)
    assert heard.done.wait(30)
    assert len(failed) > LIVES  # and nobody is blamed for these
    assert heard.ends[0].problem == ""
    assert [frame.month for frame in heard.frames] == list(range(240))


@pytest.fixture
def held_up(one_process, monkeypatch):
    """A process that has died and is replaced when told, and the processes started for it."""
    monkeypatch.setattr("parley_workshop.engine._PAUSE_SECONDS", (0.05, 0.05))
    (process,) = one_process._workers
    until(lambda: process.ready)
    spawn, made, asked, go_on = process._spawn, [], threading.Event(), threading.Event()

    def wait():
        asked.set()
        assert go_on.wait(60)
        made.append(spawn())
        return made[-1]

    monkeypatch.setattr(process, "_spawn", wait)
    os.kill(one_process.pids()[0], signal.SIGKILL)
    assert asked.wait(60)
    yield SimpleNamespace(made=made, go_on=go_on.set)
    go_on.set()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_nobody_waits_while_a_process_is_replaced(one_process, held_up):
    heard, silent = Heard(1), Heard(1)
    one_process.start(Order(replace(SMALL, months=12), (0,)), heard.tell)
    one_process.start(Order(replace(SMALL, months=12), (1,)), silent.tell).stop()
    assert held_up.made == []
    held_up.go_on()
    assert heard.done.wait(60)
    assert [frame.month for frame in heard.frames] == list(range(12))
    assert silent.frames == []


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_process_that_comes_too_late_is_ended(one_process, held_up):
    one_process.close()
    held_up.go_on()
    until(lambda: held_up.made and not held_up.made[0][1].is_alive())


def stop_between_turns(process, pid):
    """Stop a process at a moment at which no task has its turn."""

    def stopped():
        os.kill(pid, signal.SIGSTOP)
        until(lambda: Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2][1] == "T")
        if process.marker.value:
            os.kill(pid, signal.SIGCONT)
        return not process.marker.value

    until(stopped, pause=0.001)


# --- turns --------------------------------------------------------------------------------------


class Link:
    """Both ends of a pipe, in one process."""

    def __init__(self):
        self.told = []

    def poll(self):
        return False

    def send(self, message):
        self.told.append(message)

    def months(self):
        """Numbers of the tasks that told months, in order."""
        return [number for number, told in self.told if isinstance(told, Frame)]


@pytest.fixture
def turns(monkeypatch):
    """Turns whose tasks tell a month whenever it is their turn, without a model."""

    def months(task, _copies, tell):
        for month in range(task.board.months):
            if month >= task.first_month:
                tell(Frame(task.arm, month, {}, (), (), {}, {}, 1.0))
            yield

    monkeypatch.setattr(worker, "months", months)
    link, watch = Link(), SimpleNamespace(now=0.0)
    made = Turns(link, SimpleNamespace(value=0), lambda: watch.now)
    made.link, made.watch = link, watch
    return made


def serve(turns, times):
    """The numbers of the tasks that told months in so many turns."""
    before = len(turns.link.months())
    for _ in range(times):
        turns.serve()
    return turns.link.months()[before:]


def long(**changes):
    return replace(SMALL, months=240, **changes)


def test_what_was_just_ordered_comes_first_and_nobody_starves(turns):
    for number in range(1, 7):
        turns.take(Task(number, long(), 0, 0))
    serve(turns, 60)
    turns.take(Task(7, long(), 0, 0))
    told = serve(turns, 20)
    assert told.index(7) <= 1
    assert told.count(7) >= 8
    assert all(told.count(number) >= 1 for number in range(1, 7))


def test_months_on_the_way_to_the_first_wanted_are_not_told_and_count_for_nothing(turns):
    for number in range(1, 5):
        turns.take(Task(number, long(), 0, 0))
    serve(turns, 40)
    turns.take(Task(5, long(), 0, 5))
    assert serve(turns, 12).index(5) <= 6  # of eleven turns every other one was its own


def test_equal_tasks_go_side_by_side(turns):
    for number in (1, 2, 3):
        turns.take(Task(number, long(), 0, 0))
    told = serve(turns, 60)
    assert {told.count(number) for number in (1, 2, 3)} == {20}


@pytest.mark.parametrize(("room", "told"), [(False, {1, 3}), (True, {1, 2, 3})])
def test_a_large_task_waits_where_memory_is_short_and_holds_up_nobody(
    turns, monkeypatch, room, told
):
    monkeypatch.setattr(worker, "_is_room_for", lambda _people: room)
    turns.take(Task(1, long(population=400_000), 0, 0))
    turns.take(Task(2, long(population=400_000), 0, 0))
    turns.take(Task(3, long(population=2_000), 0, 0))
    assert set(serve(turns, 20)) == told
    turns.take(1)
    assert set(serve(turns, 20)) == {2, 3}


@pytest.mark.parametrize(("seconds", "begins"), [(0.0, False), (5.0, True)])
def test_steady_small_orders_do_not_hold_a_large_one_back_for_ever(
    turns, monkeypatch, seconds, begins
):
    """The next one comes before those that run have ended."""
    monkeypatch.setattr(worker, "_is_room_for", lambda _people: False)
    small = replace(SMALL, months=40, population=2_000)
    turns.take(Task(1, small, 0, 0))
    turns.take(Task(2, long(population=499_000), 0, 0))
    told = []
    for number in range(3, 19):
        turns.take(Task(number, small, 0, 0))
        told += serve(turns, 30)
        turns.watch.now += seconds
    assert (2 in told) == begins
    before = told[: told.index(2)] if begins else told
    assert max(before) == (9 if begins else 18)  # the tenth came after 35 seconds


def test_a_large_order_that_is_dropped_holds_up_nobody(turns, monkeypatch):
    monkeypatch.setattr(worker, "_is_room_for", lambda _people: False)
    turns.take(Task(1, long(population=2_000), 0, 0))
    turns.take(Task(2, long(population=499_000), 0, 0))
    turns.watch.now = worker.MOST_WAIT_SECONDS + 1.0
    turns.take(Task(3, long(population=2_000), 0, 0))
    assert set(serve(turns, 20)) == {1}
    turns.take(2)
    assert set(serve(turns, 20)) == {1, 3}


def test_models_that_are_not_built_yet_count_too(turns, monkeypatch):
    """Memory looks as free as before until the models that have begun are there."""
    monkeypatch.setattr(worker, "_is_room_for", lambda people: people <= 700_000)
    for number in (1, 2, 3):
        turns.take(Task(number, long(population=300_000), 0, 0))
    assert set(serve(turns, 1)) == {1}
    assert len(turns._turns) == 2
    serve(turns, 3)
    assert len(turns._turns) == 3


def test_whose_turn_it_is_is_marked_and_between_turns_nobody(monkeypatch):
    marked, marker = [], SimpleNamespace(value=0)

    def months(_task, _copies, _tell):
        marked.append(marker.value)
        yield

    monkeypatch.setattr(worker, "months", months)
    turns = Turns(Link(), marker)
    turns.take(Task(7, SMALL, 0, 0))
    turns.serve()
    assert (marked, marker.value) == ([7], 0)


def test_memory_to_spare_is_known_here_and_not_endless():
    assert worker._is_room_for(0) == Path("/proc/meminfo").is_file()
    assert not worker._is_room_for(10**12)


# --- seats --------------------------------------------------------------------------------------


class Asker:
    """Somebody with a screen."""


def processes(*people):
    return [SimpleNamespace(people=lambda found=found: found) for found in people]


def test_new_columns_go_where_there_is_the_least_to_do():
    seats, mine = Seats(processes(40_000, 0, 2_000)), Asker()
    assert seats.find(Order(SMALL, (0,), 0, mine), 0) == 1
    assert Seats(processes(5, 4)).find(Order(SMALL, (0,)), 0) == 1


def test_columns_of_those_who_wait_are_spread_too():
    seats, one, two = Seats(processes(0, 0, 0, 0)), Asker(), Asker()
    found = [seats.find(Order(SMALL, (arm,), 0, who), arm) for who in (one, two) for arm in (0, 1)]
    assert found == [0, 1, 2, 3]
    del two
    found = [seats.find(Order(SMALL, (arm,), 0, one), arm) for arm in (0, 1, 2)]
    assert found == [0, 1, 2]


def test_a_column_stays_where_its_models_are_until_none_is_of_use():
    people = [0, 0]
    seats = Seats([SimpleNamespace(people=lambda at=at: people[at]) for at in (0, 1)])
    mine = Asker()
    assert seats.find(Order(SMALL, (0,), 0, mine), 0) == 0
    people[0] = 90_000
    changed = replace(SMALL, arms=(replace(SMALL.arms[0], label="other"), SMALL.arms[1]))
    assert seats.find(Order(changed, (0,), 12, mine), 0) == 0
    assert seats.find(Order(replace(SMALL, seed=7), (0,), 0, mine), 0) == 1
