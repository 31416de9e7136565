"""Models to start from: copies made on the way, and people and ties that were drawn before.

A change from month m on leaves all earlier months as they were, to the last bit, and practices
change neither people nor ties. So an order that differs from what was run only in later months
starts from the last copy before them, and one that differs in practices only starts from the same
drawing.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from parley.drawn import Drawn, drawn_people
from parley.model import PartneringModel
from parley_workshop.board import Arm, Board

if TYPE_CHECKING:
    from parley.network import Ties
    from parley.scenario_types import Scenario

EVERY = 6
"""Months between two copies, or a multiple of it where a run's copies take too much room."""
MOST_BYTES = 320_000_000
"""Room for copies; what is least likely to be needed goes first."""
_SPARSE = 4
"""Where room is short, one in so many copies of branches that are not being run is kept."""
_BESIDE_COLUMNS = 1.5
"""Bytes of a copy for each byte of the columns of people: the month's working values too."""


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

    @property
    def setting(self) -> Board:
        """What all columns share."""
        return replace(self.board, arms=())


type _Key = tuple[Board, Arm, int]


class Copies:
    """Models as they were after so many months, by what had been decided until then."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        """Keep nothing yet."""
        self._kept: OrderedDict[_Key, tuple[PartneringModel, int]] = OrderedDict()
        self._most, self._held = most_bytes, 0
        self._tied: tuple[Board, Ties] | None = None
        self._drawn: tuple[Board, Drawn] | None = None

    def build(self, task: Task, scenario: Scenario) -> PartneringModel:
        """A model before its first month.

        Args:
            task: What is to be run.
            scenario: The scenario of its column.
        """
        board, setting = task.board, task.setting
        if self._tied is None or self._tied[0] != setting:
            model = PartneringModel(scenario, board.seed, board.replicate)
            self._tied = setting, model.ties
            return model
        if self._drawn is None or self._drawn[0] != setting:
            people = drawn_people(scenario, board.seed, board.replicate)
            self._drawn = setting, Drawn(people, self._tied[1])
        return PartneringModel(scenario, board.seed, board.replicate, drawn=self._drawn[1])

    def keep_if_due(self, task: Task, model: PartneringModel) -> None:
        """Keep a copy of a model after the months it has run, if that is worth it now.

        It is every few months, and where an order's months begin: the next order often begins
        there too, as when somebody tries one level of a dial after the other.
        """
        done, size = model.now.index + 1, _size(model)
        fit = -(-task.board.months * size // (EVERY * self._most))
        if size > self._most or (done % (EVERY * fit) and done != task.first_month):
            return
        key = _prefix(task, done)
        if key in self._kept:
            self._kept.move_to_end(key)
            return
        self._kept[key] = _copy(model), size
        self._held += size
        while self._held > self._most:
            self._held -= self._kept.pop(self._least_needed(task))[1]

    def _least_needed(self, task: Task) -> _Key:
        """What goes first: of other branches every copy but one in so many, then the oldest."""
        others = (
            key for key in self._kept if key[2] % (EVERY * _SPARSE) and key != _prefix(task, key[2])
        )
        return next(others, next(iter(self._kept)))

    def nearest(self, task: Task) -> PartneringModel | None:
        """A copy of the latest model that the task may start from, or None."""
        found = None
        for month in sorted({month for _, _, month in self._kept if month <= task.first_month}):
            key = _prefix(task, month)
            if key in self._kept:
                self._kept.move_to_end(key)
                found = self._kept[key][0]
        return None if found is None else _copy(found)


def _prefix(task: Task, month: int) -> _Key:
    """All that decided the months before one."""
    column = task.board.arms[task.arm]
    changes = tuple(change for change in column.changes if change.month < month)
    return task.setting, replace(column, label="", changes=changes), month


def _size(model: PartneringModel) -> int:
    """Bytes of a copy, about."""
    record = sum(months.nbytes for months in model.recorder.series.values())
    return round(model.people.nbytes * _BESIDE_COLUMNS) + record


def _copy(model: PartneringModel) -> PartneringModel:
    """A copy that goes on by itself; what no month changes is shared."""
    memo: dict[int, Any] = {id(shared): shared for shared in _constant(model)}
    return copy.deepcopy(model, memo)


def _constant(model: PartneringModel) -> list[Any]:
    """Frozen values, streams (which have no history), ties, and columns nobody may write into."""
    model.base_pressure.setflags(write=False)
    columns = model.people.columns.values()
    return [
        model.world,
        model.p,
        model.phase,
        model.stack,
        model.practices,
        model.effects,
        model.streams,
        model.ties,
        model.base_pressure,
        *model.recorder.events,
        *(column for column in columns if not column.flags.writeable),
    ]
