"""A process that runs months for a page, a month of each of its tasks in turn.

Every other turn goes to the task that has told the fewest months: somebody has just asked for it
and waits, while the months of the others lie ahead of what their rooms see. The turns between are
dealt out plainly, so that nobody starves.
"""

from __future__ import annotations

import gc
import signal
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from parley.errors import ParleyError
from parley_workshop.copies import Copies, Task
from parley_workshop.frames import Ended, Frame
from parley_workshop.observe import look, open_up
from parley_workshop.scenarios import scenario_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from parley_workshop.frames import Opening

MOST_AT_ONCE = 500_000
"""In all models that take turns, however little memory the machine has."""
BYTES_A_PERSON = 1_200
"""What a model takes, measured at 20,000 to 200,000 people, and somewhat more."""
_SPARE = 4
"""Beyond `MOST_AT_ONCE` a task begins if so many models of its size would fit into what is free."""
PULSE_SECONDS = 1.0
"""A sign of life is given after so long without a month to tell."""
MOST_WAIT_SECONDS = 30.0
"""Nothing new may pass a task that has waited for room so long."""
_DEAD_MODELS = 2
"""Models hold themselves in circles; after so many have ended they are collected."""


def months(
    task: Task, copies: Copies, tell: Callable[[Opening | Frame | Ended], None]
) -> Iterator[None]:
    """Run a column month by month and tell them; what goes wrong is told, not raised."""
    try:
        scenario = scenario_of(task.board, task.arm)
        model = copies.nearest(task)
        if model is None:
            model = copies.build(task, scenario)
            tell(open_up(model, task.arm))
        else:
            model.world = scenario
            model.phase = scenario.practices.in_force(model.now.index)
        while model.now.index < scenario.months - 1:
            model.step()
            if model.now.index >= task.first_month:
                tell(look(model, task.arm))
            copies.keep_if_due(task, model)
            yield
        tell(Ended(task.arm))
    except ParleyError as error:
        tell(Ended(task.arm, str(error)))
    except EOFError:
        raise  # the page has gone
    except Exception as error:  # noqa: BLE001 - the room is told, the other sessions go on
        tell(Ended(task.arm, f"the model stopped: {type(error).__name__}: {error}"))


class Marker(Protocol):
    """A number that both processes see."""

    value: int


@dataclass(eq=False, slots=True)
class _Turn:
    """A task that takes turns.

    Attributes:
        task: The task.
        months: Runs its next month.
        told: How many months it has told.
        built: Whether it has had a turn, and so has its model.
    """

    task: Task
    months: Iterator[None]
    told: int = 0
    built: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A task that has not begun, and when it came."""

    task: Task
    since: float


class Turns:
    """The tasks of one process."""

    def __init__(
        self, link: Connection, marker: Marker, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing to do yet.

        Args:
            link: Brings tasks, and numbers of tasks to stop; takes (number, what is told).
            marker: Set to the number of the task whose turn it is, 0 between turns, so that whoever
                finds this process dead knows what killed it.
            clock: Gives seconds.
        """
        self._link, self._marker, self._copies = link, marker, Copies()
        self._clock = clock
        self._waiting: deque[_Waiting] = deque()
        self._turns: deque[_Turn] = deque()
        self._plainly = False
        self._told, self._dead = clock(), 0

    def take(self, got: Any) -> None:  # noqa: ANN401 - what a link brings
        """Take a task, or stop the one whose number it is."""
        if isinstance(got, Task):
            self._waiting.append(_Waiting(got, self._clock()))
            return
        before = len(self._turns)
        self._waiting = deque(one for one in self._waiting if one.task.number != got)
        self._turns = deque(turn for turn in self._turns if turn.task.number != got)
        self._dead += before - len(self._turns)

    def serve(self) -> None:
        """Take what came, then run one month of the task whose turn it is; waits if there is none.

        Raises:
            EOFError: The page has gone.
            OSError: Likewise.
        """
        if not self._turns and not self._waiting:
            self._collect(1)
            self.take(self._link.recv())
        while self._link.poll():
            self.take(self._link.recv())
        self._begin()
        if self._turns:
            turn = self._choose()
            self._marker.value = turn.task.number
            goes_on = next(turn.months, self) is not self
            self._marker.value, turn.built = 0, True
            if goes_on:
                self._turns.append(turn)
            else:
                self._dead += 1
                self._collect(_DEAD_MODELS)
            if self._clock() - self._told > PULSE_SECONDS:
                self._tell(turn.task.number, None)

    def _choose(self) -> _Turn:
        """Take out the task whose turn it is: in turn, or the one that has told the least."""
        self._plainly = not self._plainly
        turn = self._turns[0] if self._plainly else min(self._turns, key=lambda one: one.told)
        self._turns.remove(turn)
        return turn

    def _begin(self) -> None:
        """Let waiting tasks take turns, as far as there is room for their models.

        One that is too large for now does not hold up a smaller one behind it, until it has waited
        for long; then those that run come to their end, and it begins.
        """
        people = sum(turn.task.board.population for turn in self._turns)
        to_come = sum(turn.task.board.population for turn in self._turns if not turn.built)
        left: deque[_Waiting] = deque()
        held_up = False
        for one in self._waiting:
            size = one.task.board.population
            full = self._turns and people + size > MOST_AT_ONCE and not _is_room_for(to_come + size)
            if full or held_up:
                left.append(one)
                held_up = held_up or self._clock() - one.since > MOST_WAIT_SECONDS
            else:
                people, to_come = people + size, to_come + size
                self._turns.append(self._turn(one.task))
        self._waiting = left

    def _turn(self, task: Task) -> _Turn:
        def tell(what: Opening | Frame | Ended) -> None:
            turn.told += isinstance(what, Frame)
            self._tell(task.number, what)

        turn = _Turn(task, months(task, self._copies, tell))
        return turn

    def _tell(self, number: int, what: Opening | Frame | Ended | None) -> None:
        try:
            self._link.send((number, what))
        except OSError:
            raise EOFError("the page has gone") from None
        self._told = self._clock()

    def _collect(self, least: int) -> None:
        """Free the models that have ended, once there are so many."""
        if self._dead >= least:
            gc.collect()
            self._dead = 0


def _is_room_for(people: int) -> bool:
    """Whether the machine has memory to spare; False where that cannot be known."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return False
    free = next((int(one.split()[1]) for one in lines if one.startswith("MemAvailable:")), 0)
    return free * 1_024 > _SPARE * people * BYTES_A_PERSON


def main(link: Connection, marker: Marker) -> None:
    """Serve a link until it closes; see `Turns`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the page, and the page ends this
    gc.freeze()  # what was imported stays; collecting need not look at it
    turns = Turns(link, marker)
    try:
        link.send((0, None))  # ready
        while True:
            turns.serve()
    except (EOFError, OSError):
        return
