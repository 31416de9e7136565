"""Which of the answers that the room did not give are drawn, each with a number it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley_workshop.decisions import Branch, Decisions

MOST_DRAWN = 4
"""More lines beside the room's own cannot be told apart."""

type Key = tuple[int, str, int, str]
"""Index of a column, key of a dilemma, month, key of an answer."""


def key_of(branch: Branch) -> Key:
    """What tells an answer from all others."""
    return branch.arm, branch.dilemma, branch.month, branch.option


class Unchosen:
    """The choice of one screen: the latest answers, until the room chooses others."""

    def __init__(self, decisions: Decisions) -> None:
        """Nothing is drawn.

        Args:
            decisions: Has the answers not given.
        """
        self._decisions = decisions
        self._known: set[Key] = set()
        self._places: dict[Key, int] = {}

    def places(self) -> dict[Key, int]:
        """Place, from 0, of each answer that is to be drawn; a later answer takes an earlier's."""
        keys = [key_of(branch) for branch in self._decisions.branches]
        self._places = {key: at for key, at in self._places.items() if key in keys}
        new = [key for key in keys if key not in self._known]
        self._known = set(keys)
        for key in new[-MOST_DRAWN:]:
            if len(self._places) == MOST_DRAWN:
                del self._places[next(iter(self._places))]
            self._put(key)
        return self._places

    def _put(self, key: Key) -> None:
        taken = self._places.values()
        self._places[key] = next(at for at in range(MOST_DRAWN) if at not in taken)

    def choose(self, branch: Branch, wanted: bool) -> bool:
        """Draw an answer or draw it no more; False where no place is left for it."""
        places, key = self.places(), key_of(branch)
        if not wanted:
            places.pop(key, None)
        elif key not in places:
            if len(places) == MOST_DRAWN:
                return False
            self._put(key)
        self._run(begun=True)
        return True

    def show(self) -> None:
        """Run what is to be drawn and has not been run."""
        self._run(begun=False)

    def _run(self, *, begun: bool) -> None:
        if not begun or any(branch.started for branch in self._decisions.branches):
            self._decisions.run_branches(self.drawn().values())

    def drawn(self) -> dict[int, Branch]:
        """Place -> answer that is to be drawn."""
        places = self.places()
        found = ((places.get(key_of(branch)), branch) for branch in self._decisions.branches)
        return {place: branch for place, branch in found if place is not None}

    def to_run(self) -> Sequence[Branch]:
        """What is to be drawn and has not been run."""
        return [branch for branch in self.drawn().values() if not branch.started]
