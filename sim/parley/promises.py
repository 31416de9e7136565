"""The book of promises: who was promised what, by when, and what became of it.

A promise is a project for one village: tasks that must all be done and a cost paid in monthly
instalments. Every promise is in exactly one state, so promises are conserved like money:
made = kept + late + broken + forgiven + open. One row a promise; columns grow by doubling.
"""

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.errors import ConservationError
from parley.mechanisms.delivery import (
    BROKEN,
    FORGIVEN,
    KEPT,
    LATE,
    NOT_FINISHED,
    OPEN,
    promise_state,
)

MAX_TASKS = 12
"""Most tasks one project can have; the registry allows no more."""

KINDS = 6
"""Kinds of need a project can serve."""

PROJECT, CONTRACT, SETTLEMENT = 0, 1, 2
"""Kinds of promise: a short project, a contract of several years, a granted claim."""


@dataclass(frozen=True, slots=True)
class NewPromises:
    """Promises made together; every field broadcasts to the n promises of `cost`.

    Attributes:
        month: Month the promises are made; the first instalment falls due in it.
        cost: Cost, cents, shape (n,), >= 0.
        due: Month by which each is to be fulfilled, > `month`.
        village: Village it is promised to.
        instalments: Months over which the cost is paid, >= 1.
        mix: Shares of the six kinds of need it serves, shape (6,) or (n, 6), rows summing to 1.
        n_tasks: Tasks, 1 to 12.
        listed: Which tasks are on the checklist, shape (12,) or (n, 12).
        verifiable: Whether it can be checked.
        deceptive: Whether it could not be funded when it was made.
        kind: `PROJECT`, `CONTRACT` or `SETTLEMENT`.
    """

    month: int
    cost: Ints
    due: Ints | int
    village: Ints | int
    instalments: Ints | int
    mix: Floats
    n_tasks: Ints | int
    listed: Bools | bool = False
    verifiable: Bools | bool = False
    deceptive: Bools | bool = False
    kind: Ints | int = PROJECT


@dataclass(frozen=True, slots=True)
class Promises:
    """Columns of the book, one row a promise.

    Attributes:
        promised: Month it was made.
        due: Month it is due.
        village: Village it was made to.
        cost: Cost, cents.
        paid: Paid so far, cents, 0 to `cost`.
        arrived: What has arrived of that for the project, cents, 0 to `paid`.
        handed_over: What of that has been taken over by the village, cents, 0 to `arrived`.
        instalment: Regular monthly payment, cents.
        months_left: Instalments still to come; 0 once paid in full.
        n_tasks: Tasks, 1 to 12.
        finished: Month in which the last task was done, or -1.
        state: OPEN 0, KEPT 1, LATE 2, BROKEN 3, FORGIVEN 4.
        verifiable: Whether it can be checked.
        deceptive: Whether it could not be funded when it was made.
        kind: `PROJECT`, `CONTRACT` or `SETTLEMENT`.
        mix: Shares of the six kinds of need, shape (n, 6).
        done: Tasks done, shape (n, 12).
        listed: Tasks on the checklist, shape (n, 12).
    """

    promised: Ints
    due: Ints
    village: Ints
    cost: Ints
    paid: Ints
    arrived: Ints
    handed_over: Ints
    instalment: Ints
    months_left: Ints
    n_tasks: Ints
    finished: Ints
    state: Ints
    verifiable: Bools
    deceptive: Bools
    kind: Ints
    mix: Floats
    done: Bools
    listed: Bools


@dataclass(frozen=True, slots=True)
class PromiseCounts:
    """How many promises were made and what became of them."""

    made: int
    kept: int
    late: int
    broken: int
    forgiven: int
    open: int


_NAMES = tuple(field.name for field in fields(Promises))
_GIVEN = tuple(field.name for field in fields(NewPromises) if field.name in _NAMES)
_BOOLS = ("verifiable", "deceptive", "done", "listed")
_WIDTHS = {"mix": KINDS, "done": MAX_TASKS, "listed": MAX_TASKS}


class PromiseBook:
    """All promises of a run.

    Args:
        capacity: Rows to set aside at first, >= 1.

    One promise of 10.00 in three instalments, of one task, due in month 5 and finished in month 2.

    >>> book = PromiseBook()
    >>> ids = book.add(NewPromises(month=0, cost=np.array([1000]), due=5, village=0,
    ...                            instalments=3, mix=np.full(6, 1 / 6), n_tasks=1))
    >>> book.pay(0, book.due_instalments(0))
    >>> book.due_instalments(1), book.rows.months_left
    (array([333]), array([2]))
    >>> book.complete(book.open_tasks(), month=2)
    array([0])
    >>> book.update(month=2, grace=6)
    array([0])
    >>> book.counts()
    PromiseCounts(made=1, kept=1, late=0, broken=0, forgiven=0, open=0)
    """

    def __init__(self, capacity: int = 64) -> None:
        self._made = 0
        self._entered: Counter[str] = Counter()
        self._columns: dict[str, Any] = {}
        for name in _NAMES:
            kind = bool if name in _BOOLS else np.float64 if name == "mix" else np.int64
            shape = (max(capacity, 1), *([_WIDTHS[name]] if name in _WIDTHS else []))
            self._columns[name] = np.zeros(shape, dtype=kind)
        self._rows = Promises(**self._columns)

    def __len__(self) -> int:
        """Give the number of promises made."""
        return self._made

    @property
    def rows(self) -> Promises:
        """Give views of the filled rows; valid until the next `add`."""
        due = self._rows.due  # views of other columns after they grew, or in a copy of the book
        if len(due) != self._made or due.base is not self._columns["due"]:
            self._rows = Promises(**{n: self._columns[n][: self._made] for n in _NAMES})
        return self._rows

    def add(self, new: NewPromises) -> Ints:
        """Enter promises.

        Args:
            new: The promises.

        Returns:
            Their row numbers, shape (n,), which never change.

        Raises:
            ValueError: If a cost is negative, an instalment count is below 1, a due month does not
                lie after the month of promising, a project has no or too many tasks, or a mix does
                not sum to 1.
        """
        _validate(new)
        self._entered.update(promises=len(new.cost), cost=int(np.sum(new.cost)))
        start, self._made = self._made, self._made + len(new.cost)
        self._grow()
        values: dict[str, Any] = {name: getattr(new, name) for name in _GIVEN} | {
            "promised": new.month,
            "instalment": np.asarray(new.cost) // new.instalments,
            "months_left": np.where(np.asarray(new.cost) > 0, new.instalments, 0),
            "finished": NOT_FINISHED,
        }  # all other columns start at zero
        for name, value in values.items():
            self._columns[name][start : self._made] = value
        return np.arange(start, self._made, dtype=np.int64)

    def due_instalments(self, month: int) -> Ints:
        """Give what is to be paid on every promise this month.

        The regular instalment; in the last month everything outstanding, rounding and arrears
        included, and again each month until it is paid. Nothing on broken or forgiven promises.

        Args:
            month: Current month.

        Returns:
            Cents, shape (n,), >= 0.
        """
        rows = self.rows
        outstanding = rows.cost - rows.paid
        due = np.where(rows.months_left == 1, outstanding, np.minimum(rows.instalment, outstanding))
        return np.where(self._running() & (month >= rows.promised), due, 0)

    def pay(self, month: int, cents: Ints) -> None:
        """Enter this month's payments; call once a month, after `due_instalments`.

        Args:
            month: Current month.
            cents: Paid on each promise, shape (n,), 0 to what was due.

        Raises:
            ValueError: If a payment is negative or more than was due.
        """
        due = self.due_instalments(month)
        if np.any(cents < 0) or np.any(cents > due):
            raise ValueError("payments must lie between 0 and the instalment due")
        rows = self.rows
        rows.paid[:] += cents
        self._entered["paid"] += int(cents.sum())
        asked = self._running() & (month >= rows.promised)
        rows.months_left[asked] = np.maximum(rows.months_left[asked] - 1, 1)
        rows.months_left[rows.paid == rows.cost] = 0

    def arrive(self, cents: Ints) -> None:
        """Enter what reached the projects of this month's payments.

        Args:
            cents: Arrived for each promise, shape (n,), >= 0; never more than was paid in all.
        """
        self.rows.arrived[:] += cents
        self._entered["arrived"] += int(cents.sum())

    def funded_share(self) -> Floats:
        """Give the part of each project's cost paid so far, shape (n,), 0 to 1; 1 without cost."""
        rows = self.rows
        return np.divide(rows.paid, rows.cost, out=np.ones(self._made), where=rows.cost > 0)

    def monthly_commitment(self, kind: int, village: int | None = None) -> int:
        """Give the instalments promised for the coming month, cents.

        Args:
            kind: Only promises of this kind.
            village: Only promises to this village; None counts all.
        """
        running = self._running() & (self.rows.kind == kind)
        running &= village is None or self.rows.village == village
        return int(self.rows.instalment[running].sum())

    def take_finished(self) -> tuple[Ints, Floats, Ints]:
        """Take what has arrived for finished projects and was not taken before.

        Returns:
            Village (k,), mix of needs (k, 6) and cents (k,) of each project with something new.
        """
        rows = self.rows
        fresh = np.flatnonzero((rows.finished != NOT_FINISHED) & (rows.arrived > rows.handed_over))
        cents = rows.arrived[fresh] - rows.handed_over[fresh]
        rows.handed_over[fresh] = rows.arrived[fresh]
        return rows.village[fresh], rows.mix[fresh], cents

    def open_tasks(self) -> Bools:
        """Give the tasks still to be done on open promises, shape (n, 12)."""
        at, rows, tasks = self.unfinished(), self.rows, np.zeros_like(self.rows.done)
        tasks[at] = ~rows.done[at] & (np.arange(MAX_TASKS) < rows.n_tasks[at, None])
        return tasks

    def unfinished(self) -> Ints:
        """Give the rows of open promises with tasks still to be done, shape (k,), ascending."""
        rows = self.rows
        return np.flatnonzero((rows.state == OPEN) & (rows.finished == NOT_FINISHED))

    def complete(self, tasks: Bools, month: int, at: Ints | None = None) -> Ints:
        """Enter tasks done this month; tasks that are not open are left alone.

        Args:
            tasks: Tasks done, shape (n, 12), or (k, 12) for the promises `at`.
            month: Current month.
            at: Rows of promises worked on, shape (k,), all from `unfinished`; None for all.

        Returns:
            Rows of the promises whose last task was done, ascending.
        """
        rows = self.rows
        if at is None:
            at = self.unfinished()
            tasks = tasks[at]
        n_tasks = rows.n_tasks[at]
        rows.done[at] |= tasks & (np.arange(MAX_TASKS) < n_tasks[:, None])
        finished: Ints = at[rows.done[at].sum(axis=1) == n_tasks]
        rows.finished[finished] = month
        return finished

    def update(self, month: int, grace: int) -> Ints:
        """Reclassify promises; kept, late, broken and forgiven are final.

        Args:
            month: Current month.
            grace: Months of lateness before a promise counts as broken, >= 0.

        Returns:
            Rows whose state changed, ascending.
        """
        rows = self.rows
        at = np.flatnonzero(rows.state == OPEN)
        new = promise_state(month, rows.due[at], rows.finished[at], grace)
        rows.state[at] = new
        changed: Ints = at[new != OPEN]
        return changed

    def forgive(self, ids: Ints) -> None:
        """Release the promiser from open promises.

        Args:
            ids: Rows, shape (k,).

        Raises:
            ValueError: If one of them is not open.
        """
        rows = self.rows
        if np.any(rows.state[ids] != OPEN):
            raise ValueError("only open promises can be forgiven")
        rows.state[ids] = FORGIVEN

    def counts(self) -> PromiseCounts:
        """Count promises by state."""
        count = np.bincount(self.rows.state, minlength=FORGIVEN + 1).tolist()
        return PromiseCounts(self._made, count[1], count[2], count[3], count[4], count[0])

    def check(self) -> None:
        """Prove that no promise and no cent of one was lost and that the columns agree.

        Raises:
            ConservationError: If the book does not hold what was entered, or columns disagree.
        """
        rows = self.rows
        finished, tasks = rows.finished != NOT_FINISHED, np.einsum("ij->i", rows.done.view(np.int8))
        on_time = finished & (rows.finished <= rows.due)
        faults = {
            "in no known state": (rows.state < OPEN) | (rows.state > FORGIVEN),
            "paid beyond cost": (rows.paid < 0) | (rows.paid > rows.cost),
            "arrived beyond paid": (rows.arrived < 0) | (rows.arrived > rows.paid),
            "handed over beyond arrived": rows.handed_over > rows.arrived,
            "finished without its tasks": finished != (tasks == rows.n_tasks),
            "kept but not on time": (rows.state == KEPT) & ~on_time,
            "late but not finished late": (rows.state == LATE) & (on_time | ~finished),
            "broken but finished on time": (rows.state == BROKEN) & on_time,
        }
        for fault, where in faults.items():
            if where.any():
                raise ConservationError(f"promises {fault}: rows {np.flatnonzero(where).tolist()}")
        held = Counter({k: int(getattr(rows, k).sum()) for k in ("cost", "paid", "arrived")})
        held["promises"] = self._made
        if held != self._entered:
            raise ConservationError(f"promises in the book: {held}, entered: {self._entered}")

    def _running(self) -> Bools:
        """Give the promises on which something is still to be paid, shape (n,)."""
        rows = self.rows
        return np.asarray((rows.state < BROKEN) & (rows.months_left > 0))  # nor forgiven

    def _grow(self) -> None:
        """Double the columns until all rows fit."""
        size = len(self._columns["due"])
        if self._made <= size:
            return
        while size < self._made:
            size *= 2
        for name, column in self._columns.items():
            more = np.zeros((size - len(column), *column.shape[1:]), dtype=column.dtype)
            self._columns[name] = np.concatenate((column, more))


def _validate(new: NewPromises) -> None:
    """Refuse promises that make no sense."""
    tasks = np.asarray(new.n_tasks)
    faults = {
        "cost must be >= 0 cents": np.asarray(new.cost) < 0,
        "instalments must be at least 1": np.asarray(new.instalments) < 1,
        "due must lie after the month of promising": np.asarray(new.due) <= new.month,
        f"n_tasks must lie in 1 to {MAX_TASKS}": (tasks < 1) | (tasks > MAX_TASKS),
        "mix must sum to 1": np.abs(np.sum(new.mix, axis=-1) - 1.0) > 1e-6,
    }
    for fault, where in faults.items():
        if where.any():
            raise ValueError(fault)
