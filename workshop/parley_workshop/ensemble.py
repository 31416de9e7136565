"""The board with other luck, in the background: how far results spread, how firm an order is."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from parley_workshop.frames import Ended, Frame
from parley_workshop.stream import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley.arrays import Floats
    from parley_workshop.board import Board
    from parley_workshop.stream import Engine, Running, Told

LOW, HIGH = 0.1, 0.9
"""Ends of a band: quantiles over replicates, so that 8 in 10 runs lie inside."""


@dataclass(frozen=True, slots=True)
class Band:
    """Spread of one outcome over replicates, by month; NaN where no run has a value.

    Attributes:
        low: Quantile `LOW`, shape (months,).
        middle: Median, shape (months,).
        high: Quantile `HIGH`, shape (months,).
        replicates: Runs that had come in.
    """

    low: Floats
    middle: Floats
    high: Floats
    replicates: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """In how many replicates the columns came in which order.

    Attributes:
        orders: Columns from the highest value down, and in how many replicates; most often first.
        ties: Replicates in which two columns were equal or had no value.
        replicates: Runs that had come in for every column.
    """

    orders: tuple[tuple[tuple[int, ...], int], ...]
    ties: int
    replicates: int


def order_of(values: Sequence[float]) -> tuple[int, ...]:
    """Columns from the highest value down; empty if two are equal or one has no value.

    >>> order_of([0.2, 0.7, 0.5])
    (1, 2, 0)
    >>> order_of([0.2, 0.2])
    ()
    """
    if np.isnan(values).any() or len(set(values)) < len(values):
        return ()
    return tuple(sorted(range(len(values)), key=lambda arm: -values[arm]))


class Ensemble:
    """Replicates of a board, one after the other, so that what the room plays is not held up."""

    def __init__(self, engine: Engine, outcomes: Sequence[str]) -> None:
        """Nothing runs yet.

        Args:
            engine: One of its own, best with one process, or the page's.
            outcomes: What is kept of every month; the rest is dropped as it comes.
        """
        self._engine, self._outcomes = engine, tuple(outcomes)
        self._running: Running | None = None
        self._board: Board | None = None
        self._left: list[int] = []
        self._kept: dict[tuple[int, int], list[list[tuple[float, ...]]]] = {}
        self._done: set[tuple[int, int]] = set()
        self._open: set[int] = set()
        self._told: Callable[[int], None] = lambda _: None
        self._starts = 0
        self._lock = threading.RLock()  # months come in from a thread of the engine

    def start(self, board: Board, replicates: int, tell: Callable[[int], None]) -> None:
        """Run replicates 1, 2, ... beside the one that the board shows; drops what ran before.

        Args:
            board: The board.
            replicates: How many others, at least 1.
            tell: Called with the number of replicates that have come in, from the engine's thread.
        """
        with self._lock:
            self.stop()
            self._kept.clear()
            self._done.clear()
            self._board, self._told = board, tell
            self._left = [board.replicate + k for k in range(replicates, 0, -1)]
            self._next()

    def stop(self) -> None:
        """Run no more; what has come in stays, what is on its way is dropped."""
        with self._lock:
            self._starts += 1
            self._left = []
            if self._running is not None:
                self._running.stop()
                self._running = None

    def _next(self) -> None:
        board = self._board
        if board is None or not self._left:
            return
        replicate = self._left.pop()
        self._open = set(range(len(board.arms)))
        order = Order(replace(board, replicate=replicate), tuple(self._open))
        now = self._starts

        def tell(told: Told) -> None:
            with self._lock:
                if now == self._starts:
                    self._receive(replicate, told)

        self._running = self._engine.start(order, tell)

    def _receive(self, replicate: int, told: Told) -> None:
        if isinstance(told, Frame):
            month = [told.values[name] for name in self._outcomes]
            self._kept.setdefault((told.arm, replicate), []).append(month)
        elif isinstance(told, Ended) and told.arm in self._open:
            self._open.discard(told.arm)
            if not told.problem:
                self._done.add((told.arm, replicate))
            if not self._open:
                self._told(len({done for _, done in self._done}))
                self._next()

    def _values(self, arm: int, outcome: str, group: int) -> Floats:
        """Finished replicates of one column, shape (replicates, months)."""
        at = self._outcomes.index(outcome)
        rows = [
            [month[at][group] for month in self._kept[arm, replicate]]
            for replicate in self._replicates(arm)
        ]
        return np.array(rows, dtype=np.float64)

    def _replicates(self, arm: int) -> list[int]:
        with self._lock:
            return sorted(replicate for done, replicate in self._done if done == arm)

    def band(self, arm: int, outcome: str, group: int = 0) -> Band | None:
        """Spread of an outcome; None before two replicates have come in.

        Args:
            arm: Index of the column.
            outcome: One of those that are kept.
            group: Index of the reporting group; 0 is everybody.
        """
        values = self._values(arm, outcome, group)
        if len(values) < 2:
            return None
        known = ~np.isnan(values).all(axis=0)
        ends = np.full((3, values.shape[1]), np.nan)
        ends[:, known] = np.nanquantile(values[:, known], (LOW, 0.5, HIGH), axis=0)
        return Band(ends[0], ends[1], ends[2], len(values))

    def ranking(self, outcome: str, group: int, month: int) -> Ranking:
        """In how many replicates the columns came in which order in one month.

        Args:
            outcome: One of those that are kept.
            group: Index of the reporting group; 0 is everybody.
            month: From 0.
        """
        arms = len(self._board.arms) if self._board else 0
        at = self._outcomes.index(outcome)
        common = set.intersection(*(set(self._replicates(a)) for a in range(arms))) if arms else ()
        orders: Counter[tuple[int, ...]] = Counter()
        ties = 0
        for replicate in sorted(common):
            values = [self._kept[arm, replicate][month][at][group] for arm in range(arms)]
            if order := order_of(values):
                orders[order] += 1
            else:
                ties += 1
        return Ranking(tuple(orders.most_common()), ties, len(common))
