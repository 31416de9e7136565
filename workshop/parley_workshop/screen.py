"""One open page: its session, its texts, its panels, and the beat that keeps them in step."""

from __future__ import annotations

import functools
import json
import time
from typing import TYPE_CHECKING, Protocol

from nicegui import ui

from parley.errors import ParleyError
from parley.place import read_place
from parley_workshop import about
from parley_workshop.board import LETTERS
from parley_workshop.decisions import Decisions, taken_back
from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.said import Said, to_text
from parley_workshop.scenarios import scenario_of
from parley_workshop.translations import translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley.place import PlaceFile
    from parley_workshop.board import Board
    from parley_workshop.panels.voting import Voting
    from parley_workshop.session import Session
    from parley_workshop.stream import Engine
    from parley_workshop.words import Words

BEATS_A_SECOND = 16
RUSHING_SECONDS = 0.25
"""Between two pictures while months come in that nobody plays; the first and last have no wait."""
COLOURS = ("#005a9c", "#a63d00", "#00684a")
"""Okabe and Ito's blue, vermillion and green, darkened until thin lines and words keep a contrast
of 4.5 on white."""


@functools.cache
def _read_place(name: str) -> PlaceFile:
    """A place file, read once."""
    return read_place(name, None, "process")


class Panel(Protocol):
    """A part of the page."""

    def months(self) -> None:
        """Other months are shown, or more have come in; called up to `BEATS_A_SECOND` times."""

    def board(self) -> None:
        """The board has changed, or which outcomes, group or results are shown."""


class Screen:
    """What the panels of one page share.

    Attributes:
        session: The view-model.
        words: Texts in the language of the page.
        panels: Told of every change.
        follow: Month to show again while it is being run anew after a change, -1 for none.
        background: Gives the engine for what is run beside the room's own months.
        voting: Asks the room by phone; None before the page is built.
        before: (column, outcome) -> its path as it was before the last change.
        from_start: Whether what is changed holds from the first month, not from the month shown.
        dilemmas: What may come up.
        decisions: Where the months stop for the room, and what it did not choose.
    """

    def __init__(self, session: Session, words: Words, background: Callable[[], Engine]) -> None:
        """Nothing is drawn yet.

        Args:
            session: The view-model.
            words: Texts.
            background: Gives the engine for what is run beside the room's own months.
        """
        self.session, self.words, self.background = session, words, background
        self.voting: Voting | None = None
        self.before: dict[tuple[int, str], list[float]] = {}
        self.panels: list[Panel] = []
        self.follow, self.from_start = -1, True
        self.dilemmas = load_dilemmas()
        self.decisions = Decisions(session, background, self.dilemmas)
        session.keep, session.recall = self.to_keep, self.recall
        self._onward, self._ask_in = False, -1
        self._beaten = time.monotonic()
        self._new, self._rest, self._drawn = False, 0.0, 0
        self._told = self._written = ""

    @property
    def stops(self) -> bool:
        """Whether the run stops where the room has something to decide."""
        return self.decisions.stops

    @stops.setter
    def stops(self, stops: bool) -> None:
        """Stop there, or do not."""
        self.decisions.stops = stops

    def beat(self) -> None:
        """Take what came in, let time pass, and have the panels drawn if anything is new."""
        now = time.monotonic()
        passed, self._beaten = now - self._beaten, now
        before = self.session.month
        self.follow = min(self.follow, self.session.board.months - 1)
        self._new |= self.session.pump()
        if self.follow > self.session.month and not self.session.playing:
            self._follow()
        moved = self.session.tick(min(passed, 1.0)) or self.session.month != before
        if self.session.month >= self.follow:
            self.follow = -1
            moved |= self._arrive()
        self._new |= moved
        # Drawing months that rush by while they are run anew would hold up what runs them; the
        # first of them is drawn as it comes.
        if self._new and ((moved and self.follow < 0) or now >= self._rest):
            come = self.session.ready()
            rest = RUSHING_SECONDS if come != self._drawn else 0.0
            self._new, self._rest, self._drawn = False, now + rest, come
            self.draw()
        self.complain()

    def _follow(self) -> None:
        """Come nearer to the month that is to be shown, as far as its months have come in."""
        if not self._onward:
            self.session.reach(self.follow)
            return
        self.session.jump(self.follow)
        if self.decisions.pending is not None:
            self.follow = -1

    def _arrive(self) -> bool:
        """Ask what is open in the month shown, if it was to be asked there; True if it is."""
        asked, self._ask_in = self._ask_in, -1
        if asked < 0 or asked != self.session.month:
            return False
        self.decisions.ask()
        return self.decisions.pending is not None

    def go(self, month: int) -> None:
        """Go to a month, as its months come in; forward, up to where the room has to decide."""
        self.session.pause()
        self.session.jump(month)
        ahead = self.session.month < month and self.decisions.pending is None
        self.follow, self._onward = (month if ahead else -1), True

    def come_back(self, month: int) -> None:
        """Show a month again as it was: only what is open in that very month is asked."""
        self.session.pause()
        self.follow, self._onward, self._ask_in = month, False, month

    def close(self) -> None:
        """Stop what runs, and leave the room of phones."""
        self.session.close()
        self.decisions.close()
        if self.voting is not None:
            self.voting.close()

    def draw(self) -> None:
        """Have every panel draw the months."""
        for panel in self.panels:
            panel.months()

    def complain(self) -> None:
        """Tell the room once what went wrong with its months."""
        problem = self.session.problem()
        if problem and problem != self._told:
            ui.notify(
                self.words("page.problem", problem=problem),
                type="negative",
                timeout=0,
                close_button=self.words("page.close"),
            )
        self._told = problem

    def act(self, change: Callable[[], object]) -> None:
        """Do something to the board or to what is shown, and draw what follows.

        What a room sets wrongly is told and changes nothing. Months that are run anew are shown up
        to the month that was shown, without stopping on the way; where an answer has been taken
        back, up to where the room decided, and it is asked again.
        """
        before, shown = self.session.board, max(self.session.month, self.follow)
        paths = self._paths()
        try:
            change()
        except ParleyError as error:
            self.warn(str(error))
            return
        if self.session.board != before:
            alike = self.session.board.place == before.place
            self.before = (
                paths if alike and len(self.session.board.arms) == len(before.arms) else {}
            )
            decided = taken_back(before, self.session.board)
            if decided is not None and decided <= shown:
                self.come_back(decided)
            elif shown > self.session.month:
                self._onward &= self.follow >= 0
                self.follow = shown
        self.redraw()
        self._rest, self._drawn = 0.0, self.session.ready()

    def _paths(self) -> dict[tuple[int, str], list[float]]:
        """Every path as it is shown now."""
        session = self.session
        return {
            (arm, outcome): session.shown(arm, outcome)
            for arm in range(len(session.board.arms))
            for outcome in session.outcomes
        }

    def redraw(self) -> None:
        """Have every panel look at the board anew, and keep the address up to date."""
        for panel in self.panels:
            panel.board()
        self.draw()
        self.remember()

    def warn(self, text: str) -> None:
        """Show a message until it is closed."""
        ui.notify(
            text,
            type="warning",
            timeout=0,
            multi_line=True,
            close_button=self.words("page.close"),
            classes="parley-message",
        )

    def check(self) -> None:
        """Check the whole board.

        Raises:
            ScenarioError: Something on it is unknown or out of range.
        """
        for arm in range(len(self.session.board.arms)):
            scenario_of(self.session.board, arm)

    def address(self) -> str:
        """The part of the address that opens this screen again, as it is."""
        session = self.session
        month = session.month if self._onward else max(session.month, self.follow)
        hidden = "&hidden=1" if session.hidden else ""
        hidden += "" if self.stops else "&stops=0"
        said = to_text(self.to_keep(), session.board)
        hidden += f"&said={said}" if said else ""
        return (
            f"/{self.words.language}?board={session.link()}&month={month}&group={session.group}"
            f"&outcomes={','.join(session.outcomes)}{hidden}"
        )

    def to_keep(self) -> Said:
        """What the room has said, and how the page is set, beside the board."""
        session, passed = self.session, self.decisions.passed
        return Said(
            predictions=tuple(session.predictions.items()),
            target=session.target,
            votes=tuple(session.votes),
            passed=tuple((arm, key, month) for (arm, key), month in passed.items()),
            from_start=self.from_start,
            speed=session.speed,
            alike=self.decisions.alike,
        )

    def open(self, board: Board, said: Said | None = None) -> None:
        """Put another screen in place; undone, what was said here comes back with the board.

        Args:
            board: Its board.
            said: What was said there; None for nothing, and this page stays set as it is.
        """
        session = self.session
        nothing = Said(from_start=self.from_start, speed=session.speed)
        session.open(board, nothing if said is None else said)

    def recall(self, said: Said) -> None:
        """Put back what a room has said, in place of what is there."""
        session = self.session
        session.predictions, session.votes = dict(said.predictions), list(said.votes)
        session.target, session.speed = said.target, said.speed
        self.from_start = said.from_start
        self.decisions.recall(said.passed)
        self.decisions.alike = said.alike

    def remember(self) -> None:
        """Write the board and what was said into the address, if that is not there already.

        So a reload finds it again. The page calls it once a second while months go by.
        """
        address = self.address()
        if address != self._written:
            self._written = address
            ui.run_javascript(f"history.replaceState(null, '', {json.dumps(address)})")

    def choose_outcomes(self, names: Sequence[str]) -> None:
        """Draw these outcomes, as far as there are such; else those drawn now stay."""
        if good := about.offered(names):
            self.session.outcomes = good

    def from_month(self) -> int:
        """Month from which what is changed now holds."""
        return 0 if self.from_start else self.session.next_month()

    def place(self) -> PlaceFile:
        """The place on the board, with sources."""
        return _read_place(self.session.board.place)

    # --- names ----------------------------------------------------------------------------------

    def text(self, key: str, default: str) -> str:
        """A text of the catalogue, or what the data call it."""
        return self.words(key) if self.words.has(key) else self.told(default)

    def told(self, text: str) -> str:
        """A text of the data in the language of the page, as far as it is translated."""
        return translated(text, self.words.language)

    def arm(self, arm: int) -> str:
        """A column's letter and name."""
        column = self.session.board.arms[arm]
        given = "" if column.label in ("", column.preset) else column.label
        return f"{LETTERS[arm]} {given or self.short(column.preset)}"

    def short(self, name: str) -> str:
        """Name of a preset that fits beside a line."""
        return self.text(f"short.{name}", self.preset(name))

    def preset(self, name: str) -> str:
        """Name of a preset."""
        return self.text(f"preset.{name}", name.replace("_", " "))

    def outcome(self, name: str) -> str:
        """Name of an outcome."""
        return self.text(f"outcome.{name}.label", about.outcomes()[name].label)

    def group(self, key: str) -> str:
        """Name of a reporting group; those of the place are data."""
        opening = self.session.opening(0)
        known = dict(zip(opening.groups, opening.labels, strict=True)) if opening else {}
        return self.text(f"group.{key}", known.get(key, key))

    def event(self, kind: str) -> str:
        """Name of a kind of event of the model's record."""
        return self.text(f"happening.{kind}", kind.replace("_", " "))
