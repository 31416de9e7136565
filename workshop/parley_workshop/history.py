"""Boards to go back to and forward to again, and what was said of those of another screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley_workshop.board import Board
    from parley_workshop.said import Said

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Step:
    """Where a step back or forward leads.

    Attributes:
        board: The board.
        said: What was said of it, where the step leads to another screen; None where the room's
            drawings stay with the columns.
    """

    board: Board
    said: Said | None = None


class History:
    """Steps back and forward."""

    def __init__(self) -> None:
        """None yet."""
        self._back: list[Step] = []
        self._forward: list[Step] = []

    def note(self, left: Step) -> None:
        """Keep what is left behind; what was taken back before cannot be made again."""
        self._back = [*self._back[-MOST_STEPS + 1 :], left]
        self._forward.clear()

    def back(self, now: Step) -> Step | None:
        """One step back from what there is now; None if there is none."""
        return _move(self._back, self._forward, now)

    def forward(self, now: Step) -> Step | None:
        """One step forward again; None if there is none."""
        return _move(self._forward, self._back, now)

    @property
    def goes_back(self) -> bool:
        """Whether there is a step back."""
        return bool(self._back)

    @property
    def goes_forward(self) -> bool:
        """Whether there is a step forward."""
        return bool(self._forward)


def _move(steps: list[Step], others: list[Step], now: Step) -> Step | None:
    if not steps:
        return None
    found = steps.pop()
    others.append(now if found.said is not None else Step(now.board))
    return found
