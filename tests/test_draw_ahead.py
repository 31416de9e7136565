"""Numbers made ahead are the numbers there would be anyway, and the thread that makes them ends."""

from __future__ import annotations

import copy
import pickle
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import world

from parley.draw_ahead import ENOUGH_PEOPLE, StreamsAhead, streams_of
from parley.errors import RunError
from parley.model import PartneringModel
from parley.streams import Streams

NAMES = st.sampled_from(["a", "b", "c"])
SIZES = st.sampled_from([3, 40, (20, 2), (40, 3)])


def drawing_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("parley-draws")]


@given(st.lists(st.tuples(NAMES, st.integers(0, 12), SIZES), max_size=40))
def test_the_same_numbers_in_whatever_order_they_are_asked_for(requests):
    ahead, usual = StreamsAhead(3, 1, 10, 30), Streams(3, 1)
    for request in requests:
        assert ahead.uniform(*request).tolist() == usual.uniform(*request).tolist()
    ahead.close()
    assert drawing_threads() == []


def test_numbers_are_made_ahead_from_the_third_month_on(monkeypatch):
    made = []
    monkeypatch.setattr(Streams, "uniform", recording(made))
    ahead = StreamsAhead(3, 1, 4, 30)
    for step in range(5):
        ahead.uniform("monthly", step, 40)
    ahead.close()
    assert [step for _, step, where in made if where == "caller"] == [0, 1]
    assert [step for _, step, where in made if where == "thread"] == [2, 3, 4]  # and none after


def test_every_sixth_month_is_foreseen(monkeypatch):
    made = []
    monkeypatch.setattr(Streams, "uniform", recording(made))
    ahead = StreamsAhead(3, 1, 30, 30)
    for step in (0, 6, 12, 18):
        ahead.uniform("yearly", step, 40)
    ahead.close()
    assert [step for _, step, where in made if where == "caller"] == [0, 6]
    assert [step for _, step, where in made if where == "thread"][:2] == [12, 18]


def recording(made):
    usual = Streams.uniform

    def uniform(self, name, step, size):
        thread = threading.current_thread().name
        made.append((name, step, "thread" if thread.startswith("parley-draws") else "caller"))
        return usual(self, name, step, size)

    return uniform


def test_an_error_in_the_thread_is_raised_to_whoever_asks(monkeypatch):
    ahead = StreamsAhead(3, 1, 10, 30)
    monkeypatch.setattr(ahead._ahead, "uniform", lambda *_: 1 / 0)
    ahead.uniform("monthly", 0, 40)
    ahead.uniform("monthly", 1, 40)
    with pytest.raises(ZeroDivisionError):
        ahead.uniform("monthly", 2, 40)
    ahead.close()


def test_a_negative_step_is_refused_as_ever():
    ahead = StreamsAhead(3, 1, 10, 30)
    with pytest.raises(RunError, match="step"):
        ahead.uniform("monthly", -1, 40)
    ahead.close()


def test_only_runs_of_many_people_draw_ahead(monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert type(streams_of(0, 0, 12, ENOUGH_PEOPLE - 1)) is Streams
    many = streams_of(0, 0, 12, ENOUGH_PEOPLE)
    assert type(many) is StreamsAhead
    many.close()
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert type(streams_of(0, 0, 12, ENOUGH_PEOPLE)) is Streams
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("multiprocessing.parent_process", object)
    assert type(streams_of(0, 0, 12, ENOUGH_PEOPLE)) is Streams


def finished(monkeypatch, enough: int) -> PartneringModel:
    monkeypatch.setattr("parley.draw_ahead.ENOUGH_PEOPLE", enough)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    model = PartneringModel(world(months=14, population=300), 4)
    model.run_model()
    return model


def test_a_run_has_the_same_bits_and_leaves_no_thread(monkeypatch):
    usual = finished(monkeypatch, 10_000)
    ahead = finished(monkeypatch, 1)
    assert type(usual.streams) is Streams
    assert type(ahead.streams) is StreamsAhead
    assert drawing_threads() == []
    for name, series in usual.recorder.series.items():
        assert series.tobytes() == ahead.recorder.series[name].tobytes(), name
    for name, column in usual.people.columns.items():
        assert np.array_equal(column, ahead.people.columns[name]), name


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_model_that_draws_ahead_can_be_copied_as_any_other(monkeypatch, copied):
    monkeypatch.setattr("parley.draw_ahead.ENOUGH_PEOPLE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    model = PartneringModel(world(months=6, population=300), 4)
    for _ in range(3):
        model.step()
    again = copied(model)
    again.run_model()
    model.run_model()
    assert type(again.streams) is StreamsAhead
    assert drawing_threads() == []
    for name, column in model.people.columns.items():
        assert np.array_equal(column, again.people.columns[name]), name


def test_the_thread_ends_when_a_run_fails(monkeypatch):
    monkeypatch.setattr("parley.draw_ahead.ENOUGH_PEOPLE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    model = PartneringModel(world(months=14, population=300), 4)
    for _ in range(4):
        model.step()
    assert drawing_threads()
    monkeypatch.setattr(model, "step", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        model.run_model()
    assert drawing_threads() == []
