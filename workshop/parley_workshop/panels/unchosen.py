"""What the room did not choose: a list to choose from, and lines in the charts."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop.board import LETTERS
from parley_workshop.panels.chart_options import BRANCH, BRANCH_DASHES
from parley_workshop.unchosen import MOST_DRAWN, Unchosen, key_of

if TYPE_CHECKING:
    from nicegui.elements.label import Label
    from nicegui.events import ValueChangeEventArguments

    from parley_workshop.decisions import Branch
    from parley_workshop.screen import Screen
    from parley_workshop.unchosen import Key


class UnchosenPanel:
    """The list below what was changed, and the series of the charts."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is listed yet."""
        self._screen = screen
        self.chosen = Unchosen(screen.decisions)
        self._listed: object = None
        self._told: dict[Key, Label] = {}

    def build(self) -> None:
        """Make room for the list."""
        self._room = ui.element("div").classes("parley-untaken")

    def label(self, branch: Branch) -> str:
        """What the answer is called."""
        known = {dilemma.key: dilemma for dilemma in self._screen.dilemmas}
        return known[branch.dilemma].option(branch.option).label(self._screen.words.language)

    # --- the list -------------------------------------------------------------------------------

    def board(self) -> None:
        """List what was not chosen."""
        words, branches = self._screen.words, self._screen.decisions.branches
        places = self.chosen.places()
        state = [(key_of(one), one.started, places.get(key_of(one))) for one in branches]
        if state == self._listed:
            return
        self._listed, self._told = state, {}
        self._room.clear()
        if not branches:
            return
        with self._room:
            ui.label(words("decide.untaken")).classes("parley-subtitle")
            ui.label(words("unchosen.how", count=MOST_DRAWN)).classes("parley-text")
            with ui.element("ul").classes("parley-unchosen"):
                for branch in branches:
                    with ui.element("li"):
                        self._entry(branch, places.get(key_of(branch)))
            if self.chosen.to_run():
                ui.button(words("decide.show"), on_click=self._show).props("outline no-caps")
        self.progress()

    def _entry(self, branch: Branch, place: int | None) -> None:
        words = self._screen.words
        text = words("decide.from_month", option=self.label(branch), month=branch.month + 1)
        box = ui.checkbox(f"{LETTERS[branch.arm]}: {text}", value=place is not None)
        box.on_value_change(functools.partial(self._tick, branch))
        with ui.element("div").classes("parley-unchosen-line"):
            if place is not None:
                ui.html(sample(place), sanitize=False).props["aria-hidden"] = "true"
                ui.label(words("unchosen.line", number=place + 1))
            told = ui.label()
            told.props["role"] = "status"
            self._told[key_of(branch)] = told

    def _tick(self, branch: Branch, event: ValueChangeEventArguments[bool | None]) -> None:
        if not self.chosen.choose(branch, bool(event.value)):
            ui.notify(self._screen.words("unchosen.most", count=MOST_DRAWN))
            self._listed = None  # the tick goes again
        self._screen.redraw()

    def _show(self) -> None:
        self.chosen.show()
        self._screen.redraw()

    def progress(self) -> None:
        """Tell how far each answer has been run."""
        for branch in self._screen.decisions.branches:
            told = self._told.get(key_of(branch))
            if told is not None:
                told.set_text(self.how_far(branch))

    def how_far(self, branch: Branch) -> str:
        """How far an answer has been run, in words; empty where it has not been or all is in."""
        words = self._screen.words
        if branch.problem:
            return words("page.problem", problem=branch.problem)
        if not branch.started or branch.done:
            return ""
        month = branch.frames[-1].month + 1 if branch.frames else branch.month
        return words("unchosen.progress", month=month, months=branch.board.months)

    # --- the charts -----------------------------------------------------------------------------

    def series(self, outcome: str) -> list[dict[str, Any]]:
        """Paths of what was not chosen, up to the month shown, as series of a chart."""
        drawn, found = self.chosen.drawn(), []
        for place in range(MOST_DRAWN):
            branch = drawn.get(place)
            name = "" if branch is None else f"({place + 1}) {self.label(branch)}"
            data = [] if branch is None else self._points(branch, outcome)
            found.append({"id": f"branch{place}", "name": name, "data": data})
        return found

    def _points(self, branch: Branch, outcome: str) -> list[list[float | None]]:
        """The path from the last month before the answer, which the column has too."""
        session = self._screen.session
        if session.hidden or not branch.frames or branch.month > session.month:
            return []
        frames = [frame for frame in branch.frames if frame.month <= session.month]
        before = session.frames(branch.arm)[max(branch.month - 1, 0) : branch.month]
        return [
            [frame.month + 1, None if math.isnan(value) else round(value, 4)]
            for frame in (*before, *frames)
            for value in (self._value(branch.arm, frame.values[outcome]),)
        ]

    def _value(self, arm: int, row: tuple[float, ...]) -> float:
        session = self._screen.session
        opening = session.opening(arm)
        at = opening.place_of(session.group) if opening else 0
        return row[at] if at < len(row) else math.nan


def sample(place: int) -> str:
    """A piece of the line of a place, as a picture."""
    dashes = " ".join(map(str, BRANCH_DASHES[place]))
    line = f'<line x1="1" x2="47" y1="5" y2="5" stroke="{BRANCH}" stroke-width="3"'
    return f'<svg width="48" height="10">{line} stroke-dasharray="{dashes}"/></svg>'
