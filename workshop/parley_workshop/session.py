"""One trainer's screen without any page: what is set, what has come in, what is shown.

A session belongs to one thread, the page's. Months come from the engine's threads through a queue
and are taken out by `pump`. Every edit gives a new board; months that an edit cannot touch stay,
and the rest is run anew.
"""

from __future__ import annotations

import math
import queue
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parley_workshop import edits
from parley_workshop.board import MOST_ARMS, Arm, Board, Change
from parley_workshop.columns import Column, Left
from parley_workshop.frames import Ended, Frame, Opening
from parley_workshop.history import History, Step
from parley_workshop.links import to_link
from parley_workshop.stream import Order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley_workshop.said import Key, Said, Vote
    from parley_workshop.sketches import Path
    from parley_workshop.stream import Engine, Told

OUTCOMES = ("trust_company", "grievance_at_company", "benefit", "active_share")
SPEEDS = (1.0, 3.0, 6.0, 12.0, 30.0, 60.0)
"""Months a second that can be chosen."""
USUAL_SPEED, FASTEST = 6.0, SPEEDS[-1]


@dataclass(frozen=True, slots=True)
class Target:
    """A line that the room tries to reach.

    Attributes:
        outcome: Name of the outcome.
        group: Reporting group.
        value: Where the line lies, in the outcome's unit.
    """

    outcome: str
    group: str
    value: float


class Session:
    """One screen.

    Attributes:
        board: What the room has set.
        month: Last month shown, -1 before the first.
        playing: Whether months go by.
        speed: Months a second.
        hidden: Whether results are hidden until they are revealed.
        group: Reporting group whose values are shown.
        outcomes: What is drawn, at most `about.MOST_OUTCOMES`.
        target: The line to reach, if there is one.
        language: Language of the page.
        predictions: (column, outcome, group) -> (month, value) points that the room has sketched.
        votes: What the room has said by phone of two columns, in that order.
        watch: Given the month shown and the last one to go on to, the month at which to stop
            because the room has something to decide, or None.
        started_over: Called when the room goes back to before the first month.
        keep: Gives all that was said, for when another screen's board is opened.
        recall: Puts it back.
    """

    def __init__(self, engine: Engine, board: Board, language: str = "en") -> None:
        """Set up a board and start running it.

        Args:
            engine: Runs months.
            board: What the room starts with.
            language: Language of the page.
        """
        self.board, self.language = board, language
        self.month, self.playing, self.speed = -1, False, USUAL_SPEED
        self.hidden, self.group = False, "all"
        self.outcomes: tuple[str, ...] = OUTCOMES
        self.target: Target | None = None
        self.predictions: dict[Key, Path] = {}
        self.votes: list[Vote] = []
        self.watch: Callable[[int, int], int | None] = lambda _first, _last: None
        self.started_over: Callable[[], None] = lambda: None
        self.keep: Callable[[], Said | None] = lambda: None
        self.recall: Callable[[Said], None] = lambda _said: None
        self._engine = engine
        self._queue: queue.SimpleQueue[tuple[int, int, Told]] = queue.SimpleQueue()
        self._columns: list[Column] = []
        self._history = History()
        self._left = Left()
        self._clock = 0.0
        self._reconcile(None)

    # --- what has come in -----------------------------------------------------------------------

    def opening(self, arm: int) -> Opening | None:
        """What is known of a column before its first month; None until it has come."""
        return self._columns[arm].opening

    def frames(self, arm: int) -> Sequence[Frame]:
        """All months of a column that have come in, from 0."""
        return self._columns[arm].frames

    def shown(self, arm: int, outcome: str, group: str | None = None) -> list[float]:
        """Values of an outcome up to the month shown; NaN where there is none.

        Args:
            arm: Index of the column.
            outcome: Name of the outcome.
            group: Reporting group; the chosen one if not given.
        """
        column = self._columns[arm]
        wanted = self.group if group is None else group
        at = column.opening.place_of(wanted) if column.opening else 0
        values = (frame.values[outcome] for frame in column.frames[: self.month + 1])
        return [row[at] if at < len(row) else math.nan for row in values]

    def problem(self) -> str:
        """What went wrong, for the room; empty while all is well."""
        return "; ".join(dict.fromkeys(c.problem for c in self._columns if c.problem))

    def ready(self) -> int:
        """Months that have come in for every column."""
        return min(len(column.frames) for column in self._columns)

    def finished(self) -> bool:
        """Whether every month of every column has come in."""
        return self.ready() >= self.board.months

    def pump(self) -> bool:
        """Take what has come in; True if that was anything."""
        new = False
        while True:
            try:
                arm, number, told = self._queue.get_nowait()
            except queue.Empty:
                return new
            if arm < len(self._columns) and self._columns[arm].number == number:
                self._take(self._columns[arm], told)
                new = True

    def _take(self, column: Column, told: Told) -> None:
        match told:
            case Opening():
                column.opening = told
            case Frame():
                column.frames.append(told)
            case Ended():
                column.problem, column.running = told.problem, None

    # --- time -----------------------------------------------------------------------------------

    def play(self) -> None:
        """Let months go by; from the start again when the last one is shown."""
        if self.month >= self.board.months - 1:
            self.restart()
        self.playing, self._clock = True, 0.0

    def pause(self) -> None:
        """Stop at the month shown."""
        self.playing = False

    def restart(self) -> None:
        """Back to before the first month; nothing is run anew."""
        self.month, self.playing = -1, False
        self.started_over()

    def step(self) -> None:
        """Show one month more, if it has come in."""
        self.pause()
        if self.month + 1 < self.ready():
            self._show(self.month + 1)

    def jump(self, month: int) -> None:
        """Go to a month, or to the last one that has come in before it.

        On the way forward it stops where the room has to decide; on the way back it does not.
        """
        month = min(month, self.ready() - 1)
        if month > self.month:
            self._show(month)
        else:
            self.reach(month)

    def reach(self, month: int) -> None:
        """Show a month, or the last one that has come in before it, whatever is to be decided."""
        self.month = max(-1, min(month, self.ready() - 1))

    def tick(self, seconds: float) -> bool:
        """Let time pass; True if another month is shown.

        Args:
            seconds: Since the last tick, at least 0.
        """
        if not self.playing:
            return False
        last = self.ready() - 1
        self._clock = min(self._clock + seconds * min(self.speed, FASTEST), FASTEST)
        ahead = min(int(self._clock), last - self.month)
        if ahead <= 0:
            return False
        self._clock -= ahead
        self._show(self.month + ahead)
        return True

    def _show(self, month: int) -> None:
        """Go on to a month, or to the one before it at which the room has to decide.

        That may be the month shown, where something is still open.
        """
        stop = self.watch(max(self.month, 0), month)
        self.month = month if stop is None else stop
        if stop is not None or self.month >= self.board.months - 1:
            self.pause()

    # --- edits ----------------------------------------------------------------------------------

    def edit(self, board: Board) -> None:
        """Put another board in place; it can be undone.

        Months that it cannot touch stay. What is shown goes back to the last month that stays in
        every column.
        """
        if board == self.board:
            return
        self._history.note(Step(self.board))
        self._put(Step(board))

    def open(self, board: Board, said: Said) -> None:
        """Put the board of another screen in place, with what was said there; it can be undone.

        What was said here goes, and comes back with the board here.
        """
        self._history.note(self._here())
        self._put(Step(board, said))

    def undo(self) -> bool:
        """Take the last edit back; False if there is none."""
        return self._put(self._history.back(self._here()))

    def redo(self) -> bool:
        """Make an edit again that was taken back; False if there is none."""
        return self._put(self._history.forward(self._here()))

    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return self._history.goes_back

    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return self._history.goes_forward

    def _here(self) -> Step:
        return Step(self.board, self.keep())

    def _put(self, step: Step | None) -> bool:
        if step is None:
            return False
        old, self.board = self.board, step.board
        if step.said is not None:
            self.recall(step.said)
        elif len(self.board.arms) != len(old.arms):
            now = self.predictions, self.votes
            self.predictions, self.votes = self._left.moved(old, self.board, now)
        self._reconcile(old)
        return True

    def _reconcile(self, old: Board | None) -> None:
        """Run what the board asks for and has not come in, and drop what no longer holds."""
        for column in self._columns[len(self.board.arms) :]:
            if column.running:
                column.running.stop()
        del self._columns[len(self.board.arms) :]
        touched = []
        for arm in range(len(self.board.arms)):
            first = edits.first_difference(old, self.board, arm) if old else edits.ALL_OVER
            if arm >= len(self._columns):
                self._columns.append(Column())
                first = edits.ALL_OVER
            if first is not None:
                touched.append((arm, first))
        for arm, first in touched:
            self._run(arm, first)
        if touched:
            self.month = min(self.month, min(first for _, first in touched) - 1)

    def _run(self, arm: int, first: int) -> None:
        """Run a column from a month on, or from where its months have got to if that is earlier."""
        column = self._columns[arm]
        if column.running:
            column.running.stop()
        first = min(first, len(column.frames))
        del column.frames[first:]
        if first == 0:
            column.opening = None
        column.number += 1
        column.problem = ""
        number = column.number

        def tell(told: Told) -> None:
            self._queue.put((arm, number, told))

        column.running = self._engine.start(Order(self.board, (arm,), first, self), tell)

    def set_dial(self, arm: int, dial: str, level: float, month: int | None = None) -> None:
        """Announce another level of a practice from a month on.

        Args:
            arm: Index of the column.
            dial: Name of the dial.
            level: Announced level, 0 to 1.
            month: First month; the one after that shown, if not given.
        """
        when = self.next_month() if month is None else month
        self.edit(edits.with_change(self.board, arm, Change(when, ((dial, level),))))

    def set_word(self, arm: int, name: str, value: str, month: int | None = None) -> None:
        """Set an attribute of the stack, such as `protection`, from a month on; see `set_dial`."""
        when = self.next_month() if month is None else month
        self.edit(edits.with_change(self.board, arm, Change(when, words=((name, value),))))

    def set_preset(self, arm: int, preset: str, label: str = "") -> None:
        """Give a column another preset, unchanged."""
        self.edit(edits.with_arm(self.board, arm, Arm(label or preset, preset)))

    def add_arm(self, preset: str, label: str = "") -> bool:
        """Add a column; False when there is no room for one."""
        if len(self.board.arms) >= MOST_ARMS:
            return False
        self.edit(replace(self.board, arms=(*self.board.arms, Arm(label or preset, preset))))
        return True

    def remove_arm(self, arm: int) -> bool:
        """Take a column away; False when it is the only one."""
        if len(self.board.arms) < 2:
            return False
        arms = (*self.board.arms[:arm], *self.board.arms[arm + 1 :])
        self.edit(replace(self.board, arms=arms))
        return True

    def set_fact(self, name: str, value: float) -> None:
        """Move a fact of the place, for all columns."""
        facts = dict(self.board.facts) | {name: value}
        self.edit(replace(self.board, facts=tuple(facts.items())))

    def set_place(self, place: str) -> None:
        """Go to another place with the same columns; facts go back to the place's own."""
        self.edit(replace(self.board, place=place, facts=()))

    def next_month(self) -> int:
        """The month after that shown, which is the first that can still be decided."""
        return min(self.month + 1, self.board.months - 1)

    def changes(self, arm: int) -> list[edits.Changed]:
        """What a column has differently from its preset."""
        return edits.changed(self.board.arms[arm])

    # --- predict, reveal, share -----------------------------------------------------------------

    def predict(
        self,
        arm: int,
        outcome: str,
        points: Sequence[tuple[int, float]],
        group: str | None = None,
    ) -> None:
        """Keep what the room thinks will happen.

        Args:
            arm: Index of the column.
            outcome: Name of the outcome.
            points: Months and values, in any order; none take the prediction away.
            group: Reporting group; the chosen one if not given.
        """
        key = (arm, outcome, self.group if group is None else group)
        if points:
            self.predictions[key] = tuple(sorted(points))
        else:
            self.predictions.pop(key, None)

    def link(self) -> str:
        """The board as text for an address."""
        return to_link(self.board)

    def close(self) -> None:
        """Stop what is running."""
        for column in self._columns:
            if column.running:
                column.running.stop()
            column.running = None
