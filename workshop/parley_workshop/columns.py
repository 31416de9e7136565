"""Columns of a screen: what has come in, and where they and what was said are after an edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parley_workshop.history import MOST_STEPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_workshop.board import Arm, Board
    from parley_workshop.frames import Frame, Opening
    from parley_workshop.said import Key, Vote
    from parley_workshop.sketches import Path
    from parley_workshop.stream import Running

type Marks = tuple[dict[Key, Path], list[Vote]]
"""Predictions and votes of a room."""


@dataclass
class Column:
    """What has come in of one column.

    Attributes:
        opening: What is known before the first month.
        frames: Months in order, from 0.
        running: The order under way, None when all is in.
        number: Of the latest order; what an earlier one still tells is dropped.
        problem: Why it stopped, empty when it did not.
    """

    opening: Opening | None = None
    frames: list[Frame] = field(default_factory=list)
    running: Running | None = None
    number: int = 0
    problem: str = ""


def removed(old: tuple[Arm, ...], new: tuple[Arm, ...]) -> int | None:
    """Which column has gone, the others being as they were; None if that is not what happened.

    Of columns that are alike it is the last, for a column that is added stands last.

    >>> from parley_workshop.board import Arm
    >>> removed((Arm("", "none"), Arm("", "csr")), (Arm("", "csr"),))
    0
    """
    if len(new) != len(old) - 1:
        return None
    places = reversed(range(len(old)))
    return next((place for place in places if (*old[:place], *old[place + 1 :]) == new), None)


def moved(old: tuple[Arm, ...], new: tuple[Arm, ...]) -> dict[int, int] | None:
    """Where each column is that stays when one goes or comes; None if something else happened.

    >>> from parley_workshop.board import Arm
    >>> one, two = Arm("", "none"), Arm("", "csr")
    >>> moved((one, two), (two,)), moved((two,), (one, two))
    ({1: 0}, {0: 1})
    """
    gone, come = removed(old, new), removed(new, old)
    if gone is not None:
        return {place: place - (place > gone) for place in range(len(old)) if place != gone}
    if come is not None:
        return {place: place + (place >= come) for place in range(len(old))}
    return None


def carried(now: Marks, had: Marks, places: Mapping[int, int]) -> Marks:
    """Predictions and votes after a column has gone or come.

    Args:
        now: Those before.
        had: Those that the new board had when it was there last; what a column had that comes back
            is taken from them.
        places: Where each column is that stays, see `moved`.
    """
    stay = set(places.values())
    predictions = {key: path for key, path in had[0].items() if key[0] not in stay}
    predictions |= {(places[k[0]], *k[1:]): v for k, v in now[0].items() if k[0] in places}
    here = [there for vote in now[1] if (there := vote.moved(places))]
    back = [v for v in had[1] if v in here or not stay.issuperset(v.pair)]
    return predictions, back + [vote for vote in here if vote not in back]


class Left:
    """What was said of boards that the room has left by taking a column away or adding one."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._marks: dict[Board, Marks] = {}

    def __len__(self) -> int:
        """Of how many boards it is known."""
        return len(self._marks)

    def moved(self, old: Board, new: Board, now: Marks) -> Marks:
        """What was said, with its column; a column that comes back brings back what it had.

        Args:
            old: The board before.
            new: The board after, with more columns or fewer.
            now: Predictions and votes of the board before.
        """
        self._marks |= {old: (dict(now[0]), list(now[1]))}
        if len(self._marks) > MOST_STEPS:
            del self._marks[next(iter(self._marks))]
        places, had = moved(old.arms, new.arms), self._marks.get(new)
        if places is not None:
            return carried(now, had or ({}, []), places)
        if had is not None:  # another board altogether
            return dict(had[0]), list(had[1])
        return now
