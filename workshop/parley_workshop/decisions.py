"""Decision points: where months stop for the room, what it chose, and what it did not choose.

A dilemma comes up in a column in the first month in which its condition holds there. Going on, the
room stops in that month until it has answered the dilemma or left it.

- Answers are on the board. A dilemma that a column has answered does not come up again there,
  unless the answer is undone.
- What was left does not come up again as long as the months up to it stand, until the room starts
  over from before the first month.
- What lies behind the month shown is not asked: going back, coming back to a month after a change
  and opening an address do not stop on the way. Going on from before it does.

What the room did not choose is worked out from the board alone: the board as it was when the room
decided, with the other answer. What was changed from a later month on is not on it, for it was
decided in the light of months that came of the answer given; what begins in the same month or
before is on it. A branch so shows where another answer alone would have led, left to itself.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from parley_workshop import edits
from parley_workshop.columns import moved
from parley_workshop.dilemmas import decide, interventions_of, over
from parley_workshop.frames import Ended, Frame
from parley_workshop.stream import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from parley_workshop.board import Arm, Board, Change
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

    @property
    def key(self) -> tuple[int, str, int]:
        """Column, key of the dilemma and month."""
        return self.arm, self.dilemma.key, self.month


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
        running: What runs it, once it is started.
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
    running: Running | None = None

    def same_as(self, other: Branch) -> bool:
        """Whether another branch has the same months."""
        names = (self.dilemma, self.option, self.month, self.arm)
        if names != (other.dilemma, other.option, other.month, other.arm):
            return False
        return edits.first_difference(self.board, other.board, self.arm) is None


def answered(arm: Arm) -> set[str]:
    """Keys of the dilemmas that a column has answered."""
    return {change.decision for change in arm.changes if change.decision}


def comes_up(dilemma: Dilemma, frames: Sequence[Frame], month: int) -> int | None:
    """The first month up to one in which the condition of a dilemma holds, if it holds in that one.

    Args:
        dilemma: The dilemma.
        frames: Months of the column, in order.
        month: The month, from 0.
    """
    if not dilemma.holds(frames, month):
        return None
    return next(earlier for earlier in range(month + 1) if dilemma.holds(frames, earlier))


def untaken(board: Board, dilemmas: Iterable[Dilemma]) -> list[Branch]:
    """Every answer that the columns of a board have not given, in the order of the decisions.

    Args:
        board: The board; answers to dilemmas that are not known have no others.
        dilemmas: Those that are known.
    """
    known = {dilemma.key: dilemma for dilemma in dilemmas}
    found = []
    for place, arm in enumerate(board.arms):
        for change in arm.changes:
            dilemma = known.get(change.decision)
            options = [option.key for option in dilemma.options] if dilemma else []
            if dilemma is None or change.option not in options:
                continue
            before = _as_decided(arm, dilemma, change)
            for option in options:
                if option != change.option:
                    column = decide(before, dilemma, option, change.month)
                    other = edits.with_arm(board, place, column)
                    found.append(Branch(dilemma.key, option, change.month, place, other))
    return sorted(found, key=lambda branch: (branch.month, branch.arm))


def _as_decided(arm: Arm, dilemma: Dilemma, change: Change) -> Arm:
    """A column as it was when it gave an answer, without it."""
    changes = (c for c in arm.changes if c != change and c.month <= change.month)
    added = interventions_of(dilemma, change.option, change.month)
    kept = (
        name
        for name in arm.interventions
        if name not in added and edits.begins(name) <= change.month
    )
    return replace(arm, changes=tuple(changes), interventions=tuple(kept))


def taken_back(old: Board, new: Board) -> int | None:
    """The month in which the room decided what is no longer answered on a new board.

    Args:
        old: The board before.
        new: The board after; nothing but answers may have gone from it.

    Returns:
        The earliest such month; None if no answer has gone, or something else has changed too.
    """
    if len(old.arms) != len(new.arms):
        return None
    months = []
    for before, after in zip(old.arms, new.arms, strict=True):
        gone = set(before.changes) - set(after.changes)
        if before.preset != after.preset or set(after.changes) - set(before.changes):
            return None
        if not all(change.decision for change in gone):
            return None
        months += [change.month - 1 for change in gone]
    return min(months, default=None)


class Decisions:
    """The dilemmas of one session.

    Attributes:
        stops: Whether months stop where the room has something to decide.
        alike: Column, key of the dilemma and month of what is to be decided for every column.
    """

    def __init__(
        self, session: Session, engine: Callable[[], Engine], dilemmas: Sequence[Dilemma]
    ) -> None:
        """Watch a session.

        Args:
            session: Its months stop where a dilemma comes up.
            engine: Gives the engine for the answers not given, when they are run.
            dilemmas: Those that may come up, in order of precedence.
        """
        self.stops = True
        self._session, self._engine, self._dilemmas = session, engine, tuple(dilemmas)
        self._board: Board | None = None
        self._pending: Pending | None = None
        self.alike: tuple[int, str, int] | None = None
        self._passed: dict[tuple[int, str], int] = {}
        self._passed_on: dict[Board, dict[tuple[int, str], int]] = {}
        self._first: dict[tuple[int, str], Frame] = {}
        self._branches: list[Branch] = []
        self._queue: queue.SimpleQueue[tuple[Branch, Told]] = queue.SimpleQueue()
        session.watch = self._look
        session.started_over = self._start_over

    # --- what is to be decided ------------------------------------------------------------------

    @property
    def pending(self) -> Pending | None:
        """What the room has to decide now in the month shown, or None."""
        found = self._pending
        if found is None or not self.stops or found.month != self._session.month:
            return None
        return found if self._open_in(found.month) == found else None

    @property
    def passed(self) -> Mapping[tuple[int, str], int]:
        """(column, key of the dilemma) -> month of what was left undecided and stays so."""
        self._follow_board()
        return self._passed

    def recall(self, passed: Iterable[tuple[int, str, int]]) -> None:
        """Put this in place of what was left undecided: column, key of the dilemma, month."""
        self._follow_board()
        self._passed.clear()
        self._passed |= {(arm, key): month for arm, key, month in passed}

    @property
    def everywhere(self) -> bool:
        """Whether the answer to what is pending is to hold in every column."""
        pending = self.pending
        return pending is not None and self.alike == pending.key

    @everywhere.setter
    def everywhere(self, alike: bool) -> None:
        """Have it hold in every column, or in the one alone."""
        pending = self.pending
        self.alike = pending.key if alike and pending is not None else None

    def _start_over(self) -> None:
        self._passed.clear()
        self._passed_on.clear()

    def ask(self) -> None:
        """Have the room decide what is open in the month shown."""
        self._look(self._session.month, self._session.month)

    def _look(self, first: int, last: int) -> int | None:
        """The first month from `first` to `last` in which something is open in some column."""
        for month in range(max(first, 0), last + 1) if self.stops else ():
            found = self._open_in(month)
            if found is not None:
                self._pending = found
                return month
        return None

    def _open_in(self, month: int) -> Pending | None:
        """The first dilemma that comes up in a month and is neither answered nor left.

        None is open where an answer would change nothing any more.
        """
        board = self._session.board
        if not 0 <= month < board.months - 1:
            return None
        for place, arm in enumerate(board.arms):
            frames = self._session.frames(place)
            settled = answered(arm) | {key for column, key in self.passed if column == place}
            for dilemma in self._dilemmas if month < len(frames) else ():
                if dilemma.key not in settled and self._comes_up(place, dilemma, month):
                    if over(frames, month):
                        break
                    return Pending(dilemma, month, place)
        return None

    def _comes_up(self, place: int, dilemma: Dilemma, month: int) -> bool:
        """Whether a month is the first in which the condition of a dilemma holds in a column.

        The frame of that month is kept. As long as the column has it, so are those before it.
        """
        frames, key = self._session.frames(place), (place, dilemma.key)
        known = self._first.get(key)
        if known is not None and known.month < len(frames) and frames[known.month] is known:
            return known.month == month
        first = comes_up(dilemma, frames, month)
        if first is not None:
            self._first[key] = frames[first]
        return first == month

    def decide(self, option: str, everywhere: bool = False) -> None:
        """Answer what is pending and go on.

        Args:
            option: Key of the answer.
            everywhere: Whether all columns take it, or only the one it came up in.

        Raises:
            KeyError: Nothing is pending, or there is no such answer.
        """
        pending = self.pending
        if pending is None:
            raise KeyError("nothing is pending")
        board = self._session.board
        for place in range(len(board.arms)) if everywhere else (pending.arm,):
            column = decide(board.arms[place], pending.dilemma, option, pending.month + 1)
            board = edits.with_arm(board, place, column)
        self._pending = self.alike = None
        self._session.edit(board)

    def pass_over(self) -> None:
        """Leave what is pending undecided."""
        pending = self.pending
        if pending is not None:
            self._passed[pending.arm, pending.dilemma.key] = pending.month
            self._pending = self.alike = None

    # --- what was not chosen --------------------------------------------------------------------

    @property
    def branches(self) -> Sequence[Branch]:
        """Answers not given, in the order of the decisions."""
        self._follow_board()
        return self._branches

    def run_branches(self, wanted: Iterable[Branch] | None = None) -> None:
        """Run answers not given that have not been run; `pump` takes in their months.

        Args:
            wanted: Which; all if not given.
        """
        for branch in self.branches if wanted is None else wanted:
            if not branch.started:
                self._start(branch)

    def _start(self, branch: Branch) -> None:
        branch.started = True
        order = Order(branch.board, (branch.arm,), branch.month)
        branch.running = self._engine().start(order, lambda told: self._queue.put((branch, told)))

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
        for branch in self._branches:
            self._stop(branch)

    @staticmethod
    def _stop(branch: Branch) -> None:
        if branch.running is not None:
            branch.running.stop()
            branch.running = None

    def _follow_board(self) -> None:
        """Keep what belongs to the board: its branches, and what was left in months that stand."""
        old, new = self._board, self._session.board
        if new is old:
            return
        self._board = new
        if old is not None:
            self._keep_passed(old, new)
        had, self._branches = self._branches, untaken(new, self._dilemmas)
        for place, branch in enumerate(self._branches):
            same = next((one for one in had if one.same_as(branch)), None)
            if same is not None:
                self._branches[place] = same
        for branch in had:
            if not any(branch is kept for kept in self._branches):
                self._stop(branch)

    def _keep_passed(self, old: Board, new: Board) -> None:
        """Keep what was left in months that stand; it goes and comes back with its column."""
        passed, places = dict(self._passed), moved(old.arms, new.arms)
        self._passed.clear()
        if places is not None and replace(old, arms=()) == replace(new, arms=()):
            self._passed_on[old] = passed
            stay, had = set(places.values()), self._passed_on.get(new, {})
            self._passed |= {(a, key): m for (a, key), m in had.items() if a not in stay}
            self._passed |= {(places[a], key): m for (a, key), m in passed.items() if a in places}
            return
        for (arm, key), month in passed.items():
            first = edits.first_difference(old, new, arm)
            if first is None or first > month:
                self._passed[arm, key] = month
