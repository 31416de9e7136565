"""A process that runs months for a page, and keeps copies of the model on the way.

A change from month m on leaves all earlier months as they were, to the last bit. So the worker
keeps a copy of the model every `EVERY` months; when an order differs from what was run only in
later months, it starts from the last copy and not from the beginning.
"""

from __future__ import annotations

import copy
import gc
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from parley.errors import ParleyError
from parley.model import PartneringModel
from parley_workshop.board import Arm, Board
from parley_workshop.frames import Ended
from parley_workshop.observe import look, open_up
from parley_workshop.scenarios import scenario_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from parley_workshop.frames import Frame, Opening

EVERY = 12
"""Months between two copies."""
MOST_BYTES = 600_000_000
"""Room for copies; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Task:
    """One column to run.

    Attributes:
        number: Of the order, rising.
        board: The board.
        arm: Index of the column.
        first_month: First month that is told.
    """

    number: int
    board: Board
    arm: int
    first_month: int


class Copies:
    """Models as they were after so many months, by what had been decided until then."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Keep nothing yet."""
        self._kept: OrderedDict[tuple[Board, Arm, int], tuple[PartneringModel, int]] = OrderedDict()
        self._most, self._held = most_bytes, 0

    def keep(self, task: Task, model: PartneringModel) -> None:
        """Keep a copy of a model after the months it has run."""
        key = prefix(task, model.now.index + 1)
        if key in self._kept:
            return
        size = model.people.n * 8 * 160  # columns and working values of a person, about
        if size > self._most:
            return
        self._kept[key] = copy.deepcopy(model), size
        self._held += size
        while self._held > self._most:
            _, (_, freed) = self._kept.popitem(last=False)
            self._held -= freed

    def nearest(self, task: Task) -> PartneringModel | None:
        """A copy of the latest model that the task may start from, or None."""
        latest = task.first_month - task.first_month % EVERY
        for month in range(latest, 0, -EVERY):
            key = prefix(task, month)
            if key in self._kept:
                self._kept.move_to_end(key)
                return copy.deepcopy(self._kept[key][0])
        return None


def prefix(task: Task, month: int) -> tuple[Board, Arm, int]:
    """All that decided the months before one."""
    column = task.board.arms[task.arm]
    changes = tuple(change for change in column.changes if change.month < month)
    return replace(task.board, arms=()), replace(column, label="", changes=changes), month


def run(
    task: Task,
    copies: Copies,
    tell: Callable[[Opening | Frame | Ended], None],
    stopped: Callable[[], bool],
) -> None:
    """Run a column and tell its months; what goes wrong is told, not raised."""
    try:
        scenario = scenario_of(task.board, task.arm)
        model = copies.nearest(task)
        if model is None:
            model = PartneringModel(scenario, task.board.seed, task.board.replicate)
            tell(open_up(model, task.arm))
        else:
            model.world = scenario
            model.phase = scenario.practices.in_force(model.now.index)
        while model.now.index < scenario.months - 1:
            if stopped():
                return
            model.step()
            done = model.now.index + 1
            if model.now.index >= task.first_month:
                tell(look(model, task.arm))
            if done % EVERY == 0 and done < scenario.months:
                copies.keep(task, model)
        tell(Ended(task.arm))
    except ParleyError as error:
        tell(Ended(task.arm, str(error)))
    except Exception as error:  # noqa: BLE001 - the room is told, the other sessions go on
        tell(Ended(task.arm, f"the model stopped: {type(error).__name__}: {error}"))
    finally:
        gc.collect()  # models hold themselves in circles


def main(link: Connection) -> None:
    """Take tasks from a link until it closes; a number alone stops the task of that number."""
    copies = Copies()
    waiting: list[Task] = []
    dropped: set[int] = set()

    def read() -> None:
        while link.poll():
            got: Any = link.recv()
            if isinstance(got, Task):
                waiting.append(got)
            else:
                dropped.add(got)

    try:
        while True:
            if not waiting:
                got = link.recv()
                if isinstance(got, Task):
                    waiting.append(got)
                continue
            read()
            task = waiting.pop(0)
            if task.number in dropped:
                continue

            def stopped(number: int = task.number) -> bool:
                read()
                return number in dropped

            def tell(what: Opening | Frame | Ended, number: int = task.number) -> None:
                link.send((number, what))

            run(task, copies, tell, stopped)
    except (EOFError, OSError, KeyboardInterrupt):
        return  # the page has gone
