"""Decision points: where months stop for the room, what it chose, and what it did not choose.

A dilemma comes up in the first month in which its condition holds in a column, once a column. The
answer changes that column from the next month on. The other answers can be run as well, beside what
the room sees, and shown afterwards.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parley_workshop import edits
from parley_workshop.dilemmas import decide, due
from parley_workshop.frames import Ended, Frame
from parley_workshop.stream import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley_workshop.board import Board
    from parley_workshop.dilemmas import Dilemma
    from parley_workshop.session import Session
    from parley_workshop.stream import Engine, Running, Told


@dataclass(frozen=True, slots=True)
class Pending:
    """A dilemma that waits for the room.

    Attributes:
        dilemma: Which.
        month: Month in which it came up, which is shown.
        arm: Index of the column.
    """

    dilemma: Dilemma
    month: int
    arm: int


@dataclass
class Branch:
    """An answer that the room did not give.

    Attributes:
        dilemma: Key of the dilemma.
        option: Key of the answer.
        month: First month in which it would have held.
        arm: Index of the column.
        board: The board with this answer.
        frames: Months that have come in, from `month` on.
        started: Whether it has been run, or is running.
        done: Whether all months have come in.
        problem: Why it stopped, else empty.
    """

    dilemma: str
    option: str
    month: int
    arm: int
    board: Board
    frames: list[Frame] = field(default_factory=list)
    started: bool = False
    done: bool = False
    problem: str = ""


class Decisions:
    """The dilemmas of one session.

    Attributes:
        pending: What the room has to decide now, or None.
        branches: Answers not given, in the order of the decisions.
    """

    def __init__(self, session: Session, engine: Engine, dilemmas: Sequence[Dilemma]) -> None:
        """Watch a session.

        Args:
            session: Its months stop where a dilemma comes up.
            engine: Runs the answers not given; the session's own, or another.
            dilemmas: Those that may come up, in order of precedence.
        """
        self.pending: Pending | None = None
        self.branches: list[Branch] = []
        self._session, self._engine, self._dilemmas = session, engine, tuple(dilemmas)
        self._met: dict[tuple[int, str], int] = {}
        self._queue: queue.SimpleQueue[tuple[Branch, Told]] = queue.SimpleQueue()
        self._running: list[Running] = []
        session.watch = self._look

    def _look(self, first: int, last: int) -> int | None:
        """The first month from `first` to `last` in which a dilemma comes up in some column."""
        self.pending = None
        self._met = {key: month for key, month in self._met.items() if month < first}
        for month in range(first, last + 1):
            for arm in range(len(self._session.board.arms)):
                met = {name for column, name in self._met if column == arm}
                found = due(self._dilemmas, self._session.frames(arm), month, met)
                if found is not None and month + 1 < self._session.board.months:
                    self._met[arm, found.key] = month
                    self.pending = Pending(found, month, arm)
                    return month
        return None

    def decide(self, option: str, everywhere: bool = False) -> None:
        """Answer what is pending and go on.

        Args:
            option: Key of the answer.
            everywhere: Whether all columns take it, or only the one it came up in.

        Raises:
            KeyError: Nothing is pending, or there is no such answer.
        """
        if self.pending is None:
            raise KeyError("nothing is pending")
        dilemma, month, arm = self.pending.dilemma, self.pending.month, self.pending.arm
        board = self._session.board
        dilemma.option(option)  # an answer that does not exist changes nothing
        for other in dilemma.options:
            if other.key != option:
                column = decide(board.arms[arm], dilemma, other.key, month + 1)
                untaken = edits.with_arm(board, arm, column)
                self.branches.append(Branch(dilemma.key, other.key, month + 1, arm, untaken))
        for place in range(len(board.arms)) if everywhere else (arm,):
            column = decide(board.arms[place], dilemma, option, month + 1)
            board = edits.with_arm(board, place, column)
        self.pending = None
        self._session.edit(board)

    def pass_over(self) -> None:
        """Leave what is pending unanswered; it does not come up again."""
        self.pending = None

    def run_branches(self) -> None:
        """Run the answers not given that have not been run; `pump` takes in their months."""
        for branch in self.branches:
            if not branch.started:
                self._start(branch)

    def _start(self, branch: Branch) -> None:
        branch.started = True
        order = Order(branch.board, (branch.arm,), branch.month)
        running = self._engine.start(order, lambda told: self._queue.put((branch, told)))
        self._running.append(running)

    def pump(self) -> bool:
        """Take in months of branches; True if any came."""
        new = False
        while True:
            try:
                branch, told = self._queue.get_nowait()
            except queue.Empty:
                return new
            new = True
            if isinstance(told, Frame):
                branch.frames.append(told)
            elif isinstance(told, Ended):
                branch.done, branch.problem = not told.problem, told.problem

    def close(self) -> None:
        """Stop what runs."""
        for running in self._running:
            running.stop()
        self._running.clear()
