"""The same board with other luck: a faint band, and in how many runs the order holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.about import OFFERED
from parley_workshop.board import LETTERS
from parley_workshop.ensemble import Band, Ensemble, Ranking, order_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley_workshop.board import Board
    from parley_workshop.screen import Screen
    from parley_workshop.words import Words

REPLICATES = 100


class LuckPanel:
    """A switch, and what it brings."""

    def __init__(self, screen: Screen, drawn: Callable[[], None]) -> None:
        """Nothing runs yet.

        Args:
            screen: The page.
            drawn: Called when bands have changed.
        """
        self._screen, self._drawn = screen, drawn
        self._ensemble: Ensemble | None = None
        self._board: Board | None = None
        self._count = self._shown = 0
        self._bands: dict[tuple[int, str, str], Band | None] = {}

    def build(self) -> None:
        """Draw the switch."""
        self._switch = ui.switch(
            self._screen.words("luck.switch"), on_change=lambda e: self._turn(e.value)
        )
        ui.context.client.on_delete(self._stop)
        ui.timer(0.5, self._look)

    def _turn(self, on: bool) -> None:
        if on:
            self._ensemble = Ensemble(self._screen.background(), OFFERED)
        else:
            self._stop()
        self._bands.clear()
        self._look()
        self._drawn()

    def _stop(self) -> None:
        if self._ensemble:
            self._ensemble.stop()
        self._ensemble, self._board = None, None
        self._count = self._shown = 0

    def _look(self) -> None:
        """Start once the room's own months are in; take what has come in since."""
        session = self._screen.session
        if self._ensemble is None or not session.finished():
            return
        if self._board != session.board:
            self._board = session.board
            self._count = self._shown = 0
            self._bands.clear()
            self._ensemble.start(session.board, REPLICATES, self._came)
            self._drawn()
        elif self._count != self._shown:
            self._shown = self._count
            self._bands.clear()
            self._drawn()

    def _came(self, count: int) -> None:
        self._count = count

    def band(self, arm: int, outcome: str) -> Band | None:
        """The band of a path for the group shown; None while there is none."""
        session = self._screen.session
        if self._ensemble is None or self._board != session.board or self._shown < 2:
            return None
        key = arm, outcome, session.group
        if key not in self._bands:
            self._bands[key] = self._ensemble.band(arm, outcome, self._group(outcome))
        return self._bands[key]

    def _group(self, outcome: str) -> int:
        """Index of the group shown; outcomes of the whole site have one value only."""
        session = self._screen.session
        opening, frames = session.opening(0), session.frames(0)
        if opening is None or not frames:
            return 0
        at = opening.place_of(session.group)
        return at if at < len(frames[0].values[outcome]) else 0

    def sentence(self, outcome: str) -> str:
        """In how many runs the order of the columns at the month shown holds; may be empty."""
        session, words = self._screen.session, self._screen.words
        if self._ensemble is None or session.hidden:
            return ""
        if self._board != session.board:
            return words("luck.waiting", all=REPLICATES)
        if session.month < 0 or self._shown < 2:
            running = min(self._shown + 1, REPLICATES)
            return words("luck.running", count=running, all=REPLICATES)
        found = self._ensemble.ranking(outcome, self._group(outcome), session.month)
        return told(words, found, self._own(outcome), session.month + 1)

    def _own(self, outcome: str) -> tuple[int, ...]:
        """Order of the columns in the run that is shown; none where two are equal or missing."""
        session = self._screen.session
        paths = [session.shown(arm, outcome) for arm in range(len(session.board.arms))]
        if any(len(path) <= session.month for path in paths):
            return ()
        return order_of([path[session.month] for path in paths])


def told(words: Words, found: Ranking, own: tuple[int, ...], month: int) -> str:
    """How often the columns came in which order in other runs, and whether this run is like them.

    Args:
        words: Texts.
        found: Orders in the other runs.
        own: Order in the run that is shown; empty if it has none.
        month: Month that is told of, from 1.
    """
    counts, every = dict(found.orders), found.replicates
    if not counts:
        return words("luck.no_order", count=every, month=month)
    first, most = found.orders[0]
    like = counts.get(own, 0)
    if like == most:  # of orders that come equally often, the one that is seen
        first = own
    said = {"order": _letters(first), "count": most, "all": every, "month": month}
    if first == own:
        return words("luck.same", **said)
    if not own:
        return words("luck.open", **said)
    if not like:
        return words("luck.alone", own=_letters(own), **said)
    return words("luck.other", own=_letters(own), like=like, **said)


def _letters(order: tuple[int, ...]) -> str:
    return " > ".join(LETTERS[arm] for arm in order)
