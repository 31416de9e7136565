"""Which process runs a column: the one that has its models, else the one with the least to do."""

from __future__ import annotations

import threading
import weakref
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from parley_workshop.board import Board
    from parley_workshop.stream import Order


class Busy(Protocol):
    """A process."""

    def people(self) -> int:
        """Sizes of all models that it runs now."""


@dataclass(frozen=True, slots=True)
class _Seat:
    """Where a column was put.

    Attributes:
        at: Index of the process.
        setting: The board without its columns; models of another one are of no use.
    """

    at: int
    setting: Board


class Seats:
    """Where the columns of every asker are; whoever is gone is forgotten."""

    def __init__(self, processes: Sequence[Busy]) -> None:
        """Nobody has a seat yet."""
        self._processes = processes
        self._taken: weakref.WeakKeyDictionary[Hashable, dict[int, _Seat]] = (
            weakref.WeakKeyDictionary()
        )
        self._lock = threading.Lock()

    def find(self, order: Order, arm: int) -> int:
        """Index of the process for a column of an order.

        Args:
            order: The order. Without an asker every column is new.
            arm: Index of the column.
        """
        setting = replace(order.board, arms=())
        with self._lock:
            mine = {} if order.asker is None else self._taken.setdefault(order.asker, {})
            seat = mine.pop(arm, None)
            if seat is None or seat.setting != setting:
                seat = _Seat(self._freest(), setting)
            mine[arm] = seat
        return seat.at

    def _freest(self) -> int:
        """The process that runs the least, then the one that may be asked for the least."""
        seats = [seat for columns in self._taken.values() for seat in columns.values()]
        may_come = [0] * len(self._processes)
        for seat in seats:
            may_come[seat.at] += seat.setting.population
        running = [process.people() for process in self._processes]
        return min(range(len(running)), key=lambda at: (running[at], may_come[at]))
