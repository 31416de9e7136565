"""One column of a screen: what has come in of it; and where columns are after an edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley_workshop.board import Arm
    from parley_workshop.frames import Frame, Opening
    from parley_workshop.stream import Running


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
