"""A process that runs months for a page, a month of each of its tasks in turn."""

from __future__ import annotations

import gc
import signal
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from parley.errors import ParleyError
from parley_workshop.copies import Copies, Task
from parley_workshop.frames import Ended
from parley_workshop.observe import look, open_up
from parley_workshop.scenarios import scenario_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

    from parley_workshop.frames import Frame, Opening

MOST_PEOPLE = 500_000
"""In all models that take turns; further tasks wait until others have ended."""
PULSE_SECONDS = 1.0
"""A sign of life is given after so long without a month to tell."""
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


class Turns:
    """The tasks of one process."""

    def __init__(self, link: Connection) -> None:
        """Nothing to do yet.

        Args:
            link: Brings tasks, and numbers of tasks to stop; takes (number, what is told).
        """
        self._link, self._copies = link, Copies()
        self._waiting: deque[Task] = deque()
        self._turns: deque[tuple[Task, Iterator[None]]] = deque()
        self._told, self._dead = time.monotonic(), 0

    def take(self, got: Any) -> None:  # noqa: ANN401 - what a link brings
        """Take a task, or stop the one whose number it is."""
        if isinstance(got, Task):
            self._waiting.append(got)
            return
        ended = sum(task.number == got for task, _ in self._turns)
        self._waiting = deque(task for task in self._waiting if task.number != got)
        self._turns = deque(turn for turn in self._turns if turn[0].number != got)
        self._dead += ended

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
            task, turn = self._turns.popleft()
            if next(turn, self) is self:
                self._dead += 1
                self._collect(_DEAD_MODELS)
            else:
                self._turns.append((task, turn))
            if time.monotonic() - self._told > PULSE_SECONDS:
                self._tell(task.number, None)

    def _begin(self) -> None:
        """Let waiting tasks take turns, as far as there is room for their models."""
        people = sum(task.board.population for task, _ in self._turns)
        while self._waiting:
            task = self._waiting[0]
            people += task.board.population
            if self._turns and people > MOST_PEOPLE:
                return
            self._waiting.popleft()

            def tell(what: Opening | Frame | Ended, number: int = task.number) -> None:
                self._tell(number, what)

            self._turns.append((task, months(task, self._copies, tell)))

    def _tell(self, number: int, what: Opening | Frame | Ended | None) -> None:
        try:
            self._link.send((number, what))
        except OSError:
            raise EOFError("the page has gone") from None
        self._told = time.monotonic()

    def _collect(self, least: int) -> None:
        """Free the models that have ended, once there are so many."""
        if self._dead >= least:
            gc.collect()
            self._dead = 0


def main(link: Connection) -> None:
    """Serve a link until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the page, and the page ends this
    gc.freeze()  # what was imported stays; collecting need not look at it
    turns = Turns(link)
    try:
        link.send((0, None))  # ready
        while True:
            turns.serve()
    except (EOFError, OSError):
        return
