"""Promises are conserved, paid to the cent and never change their mind."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import ConservationError
from parley.mechanisms.delivery import BROKEN, FORGIVEN, KEPT, LATE, OPEN
from parley.mechanisms.distribution import split_cents
from parley.promises import (
    CONTRACT,
    MAX_TASKS,
    PROJECT,
    NewPromises,
    PromiseBook,
    PromiseCounts,
)

MIX = np.full(6, 1 / 6)


def batch(count: int = 1, **changes: Any) -> NewPromises:
    """Promises of 10.00 each, made in month 0, due in month 6, of two tasks."""
    plain = NewPromises(
        month=0,
        cost=np.full(count, 1000),
        due=6,
        village=0,
        instalments=3,
        mix=MIX,
        n_tasks=2,
    )
    return replace(plain, **changes)


def test_rows_keep_their_numbers_and_contents_while_the_book_grows() -> None:
    book = PromiseBook(capacity=2)
    for month in range(50):
        ids = book.add(batch(3, month=month, due=month + 6, village=np.array([0, 1, 2])))
        assert ids.tolist() == [3 * month, 3 * month + 1, 3 * month + 2]
    assert len(book) == 150
    assert book.rows.promised.tolist() == np.repeat(np.arange(50), 3).tolist()
    assert book.rows.village.tolist() == [0, 1, 2] * 50
    assert book.rows.mix.shape == (150, 6)
    assert book.rows.done.shape == book.rows.listed.shape == (150, MAX_TASKS)
    book.check()


def test_an_empty_book_is_in_order() -> None:
    book = PromiseBook()
    assert book.add(batch(0)).tolist() == []
    assert book.due_instalments(0).tolist() == []
    assert book.update(5, 2).tolist() == []
    assert book.counts() == PromiseCounts(0, 0, 0, 0, 0, 0)
    book.check()


def test_instalments_add_up_to_the_cost() -> None:
    book = PromiseBook()
    book.add(batch(3, cost=np.array([1000, 1, 0])))
    asked = []
    for month in range(5):
        due = book.due_instalments(month)
        asked.append(due.tolist())
        book.pay(month, due)
    assert asked == [[333, 0, 0], [333, 0, 0], [334, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert book.rows.paid.tolist() == [1000, 1, 0]
    assert book.rows.months_left.tolist() == [0, 0, 0]


def test_arrears_fall_due_with_the_last_instalment_and_stay_due() -> None:
    book = PromiseBook()
    book.add(batch())
    paid = []
    for month, part in enumerate([100, 0, 400, 200, 300]):
        assert book.due_instalments(month)[0] >= part
        paid.append(int(book.due_instalments(month)[0]))
        book.pay(month, np.array([part]))
    assert paid == [333, 333, 900, 500, 300]
    assert book.rows.paid[0] == 1000


def test_nothing_is_due_before_a_promise_is_made_or_after_it_is_broken_or_forgiven() -> None:
    book = PromiseBook()
    book.add(batch(3, month=2, due=4))
    assert book.due_instalments(1).tolist() == [0, 0, 0]
    book.forgive(np.array([1]))
    assert book.due_instalments(2).tolist() == [333, 0, 333]
    book.complete(book.open_tasks() & (np.arange(3) == 2)[:, None], 3)
    book.update(30, 2)
    assert book.rows.state.tolist() == [BROKEN, FORGIVEN, KEPT]
    assert book.due_instalments(30).tolist() == [0, 0, 333]  # kept, and still owed
    left = book.rows.months_left.copy()
    book.pay(30, book.due_instalments(30))
    assert (left - book.rows.months_left).tolist() == [0, 0, 1]


@pytest.mark.parametrize("cents", [-1, 334])
def test_payments_beyond_what_is_due_are_refused(cents: int) -> None:
    book = PromiseBook()
    book.add(batch())
    with pytest.raises(ValueError, match="between 0 and"):
        book.pay(0, np.array([cents]))


def test_a_project_is_finished_when_its_last_task_is_done() -> None:
    book = PromiseBook()
    book.add(batch(2, n_tasks=np.array([1, 3])))
    assert book.open_tasks().sum(axis=1).tolist() == [1, 3]
    first = np.zeros((2, MAX_TASKS), dtype=bool)
    first[:, 0] = True
    assert book.complete(first, 1).tolist() == [0]
    assert book.open_tasks().sum(axis=1).tolist() == [0, 2]
    assert book.complete(np.ones((2, MAX_TASKS), dtype=bool), 4).tolist() == [1]
    assert book.rows.finished.tolist() == [1, 4]
    assert book.rows.done.sum(axis=1).tolist() == [1, 3]  # tasks that do not exist stay undone
    assert book.complete(np.ones((2, MAX_TASKS), dtype=bool), 5).tolist() == []
    assert book.rows.finished.tolist() == [1, 4]


def test_each_state_is_reached_and_final() -> None:
    book = PromiseBook()
    book.add(batch(5, n_tasks=1, due=np.array([6, 6, 6, 6, 90])))
    only = np.eye(5, MAX_TASKS, dtype=bool)
    for month in range(40):
        tasks = np.zeros((5, MAX_TASKS), dtype=bool)
        tasks[0, 0] = month == 6
        tasks[1, 0] = month == 9
        tasks[2, 0] = month == 30  # too late: broken since month 11
        book.complete(tasks, month)
        if month == 3:
            book.forgive(np.array([3]))
        changed = book.update(month, grace=4)
        assert changed.tolist() == {6: [0], 9: [1], 11: [2]}.get(month, [])
        book.check()
    assert book.rows.state.tolist() == [KEPT, LATE, BROKEN, FORGIVEN, OPEN]
    assert book.rows.finished.tolist() == [6, 9, -1, -1, -1]
    assert book.counts() == PromiseCounts(made=5, kept=1, late=1, broken=1, forgiven=1, open=1)
    assert not (book.open_tasks() & ~only[[0]])[:4].any()
    with pytest.raises(ValueError, match="open"):
        book.forgive(np.array([2]))


def test_goods_are_handed_over_once_and_only_from_finished_projects() -> None:
    book = PromiseBook()
    book.add(batch(2, n_tasks=1, village=np.array([3, 5])))
    book.pay(0, np.array([333, 333]))
    book.arrive(np.array([200, 100]))
    assert [part.tolist() for part in book.take_finished()] == [[], [], []]
    book.complete(book.open_tasks() & np.array([[True], [False]]), 1)
    village, mix, cents = book.take_finished()
    assert (village.tolist(), cents.tolist()) == ([3], [200])
    assert np.array_equal(mix, MIX[None, :])
    assert book.take_finished()[2].tolist() == []
    book.pay(1, np.array([333, 333]))
    book.arrive(np.array([50, 0]))  # what arrives later is handed over later
    assert book.take_finished()[2].tolist() == [50]
    book.check()
    book.arrive(np.array([1000, 0]))
    with pytest.raises(ConservationError, match="arrived beyond paid"):
        book.check()


def test_funded_share_is_the_part_of_the_cost_that_is_paid() -> None:
    book = PromiseBook()
    book.add(batch(2, cost=np.array([1000, 0]), instalments=4))
    assert book.funded_share().tolist() == [0.0, 1.0]
    book.pay(0, book.due_instalments(0))
    assert book.funded_share().tolist() == [0.25, 1.0]


def test_commitment_counts_running_promises_of_a_kind() -> None:
    book = PromiseBook()
    book.add(batch(2, instalments=2))
    book.add(batch(2, instalments=10, kind=CONTRACT))
    assert book.monthly_commitment(CONTRACT) == 200
    assert book.monthly_commitment(CONTRACT, village=5) == 0
    assert book.monthly_commitment(PROJECT) == 1000
    book.forgive(np.array([3]))
    for month in range(2):
        book.pay(month, book.due_instalments(month))
    assert book.monthly_commitment(PROJECT) == 0
    assert book.monthly_commitment(CONTRACT) == 100


@given(
    seed=st.integers(0, 10_000),
    hazard=st.floats(0.0, 0.8),
    cover=st.floats(0.0, 1.0),
)
@settings(deadline=None, max_examples=25)
def test_any_history_conserves_promises_and_cents(seed: int, hazard: float, cover: float) -> None:
    """T-A4 every month, with random promises, shortages, work and forgiveness."""
    rng = np.random.default_rng(seed)
    book, paid = PromiseBook(capacity=1), 0
    for month in range(30):
        count = int(rng.integers(0, 4))
        book.add(
            batch(
                count,
                month=month,
                cost=rng.integers(0, 10_000, count),
                due=month + rng.integers(1, 12, count),
                instalments=rng.integers(1, 8, count),
                n_tasks=rng.integers(1, MAX_TASKS + 1, count),
            )
        )
        due = book.due_instalments(month)
        money = int(cover * due.sum())
        now = split_cents(money, due.astype(float)) if money else np.zeros_like(due)
        book.pay(month, now)
        paid += money
        before = book.rows.state.copy()
        book.complete(rng.random((len(book), MAX_TASKS)) < hazard, month)
        changed = book.update(month, grace=3)
        open_rows = np.flatnonzero(book.rows.state == OPEN)
        if month % 7 == 3 and len(open_rows):
            book.forgive(open_rows[:1])
        book.check()
        moved = np.flatnonzero((before != OPEN) & (before != book.rows.state))
        assert moved.size == 0
        assert np.all(before[changed] == OPEN)
        assert int(book.rows.paid.sum()) == paid
    counts = book.counts()
    assert counts.made == len(book)


@pytest.mark.parametrize(
    ("column", "value", "match"),
    [
        ("state", 7, "no known state"),
        ("state", KEPT, "kept but not on time"),
        ("state", LATE, "late but not finished late"),
        ("paid", 1001, "paid beyond cost"),
        ("finished", 3, "finished without its tasks"),
    ],
)
def test_check_sees_a_book_that_was_tampered_with(column: str, value: int, match: str) -> None:
    book = PromiseBook()
    book.add(batch())
    book.check()
    getattr(book.rows, column)[0] = value
    with pytest.raises(ConservationError, match=match):
        book.check()


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"cost": np.array([-1])}, "cost"),
        ({"instalments": 0}, "instalments"),
        ({"due": 0}, "due"),
        ({"n_tasks": 0}, "n_tasks"),
        ({"n_tasks": 13}, "n_tasks"),
        ({"mix": np.full(6, 0.5)}, "mix"),
    ],
)
def test_senseless_promises_are_refused(change: dict[str, Any], match: str) -> None:
    book = PromiseBook()
    with pytest.raises(ValueError, match=match):
        book.add(batch(**change))
    assert len(book) == 0
