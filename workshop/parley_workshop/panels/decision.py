"""Decision points: the run stops, the room chooses, and sees later what it did not choose."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop.panels.chart_options import MOST_BRANCHES
from parley_workshop.screen import COLOURS, LETTERS
from parley_workshop.vote_questions import question_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.elements.checkbox import Checkbox

    from parley_workshop.decisions import Branch, Pending
    from parley_workshop.dilemmas import Option
    from parley_workshop.screen import Screen


class DecisionPanel:
    """A dialog at a decision point, and the list of what was not chosen."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is pending yet."""
        self._screen, self._decisions = screen, screen.decisions
        self._open: Pending | None = None
        self._listed: object = None

    def build(self) -> None:
        """Make room for the dialog and the list."""
        with ui.dialog().props("persistent") as self._dialog:
            self._card = ui.card().classes("parley-dialog")
        self._room = ui.element("div").classes("parley-untaken")
        ui.timer(0.2, self._pump)

    def _pump(self) -> None:
        if self._decisions.pump():
            self._screen.draw()

    def months(self) -> None:
        """Open the dialog when something is to be decided."""
        pending = self._decisions.pending
        if pending == self._open:
            return
        self._open = pending
        if pending is None:
            self._end_vote()
            self._dialog.close()
        else:
            self._ask(pending)

    def _ask(self, pending: Pending) -> None:
        screen, words = self._screen, self._screen.words
        dilemma, language = pending.dilemma, self._screen.words.language
        self._card.clear()
        with self._card:
            where = words("decide.where", arm=screen.arm(pending.arm), month=pending.month + 1)
            ui.label(where).style(f"color:{COLOURS[pending.arm]}").classes("parley-subtitle")
            ui.label(dilemma.title(language)).classes("parley-title")
            ui.label(dilemma.situation(language)).classes("parley-text")
            ui.label(dilemma.question(language)).classes("parley-subtitle")
            everywhere = ui.checkbox(words("decide.everywhere"), value=False)
            for option in dilemma.options:
                self._offer(option, functools.partial(self._choose, option.key, everywhere))
            if screen.voting is not None:
                question = question_of(dilemma)
                if screen.voting.under_way(lambda poll: poll.question == question) is None:
                    screen.voting.end()
                screen.voting.offer(
                    lambda: question,
                    lambda answer: self._choose(dilemma.options[answer].key, everywhere),
                )
            with ui.expansion(words("decide.note")).classes("parley-wide"):
                for part in ("ask", "tells", "silent", "backfires"):
                    text = getattr(dilemma.note, part)(language)
                    head = screen.text(f"decide.{part}", part)
                    ui.label(f"{head}: {text}").classes("parley-text")
            ui.button(words("decide.later"), on_click=self._pass).props("flat no-caps")
        self._dialog.open()

    def _offer(self, option: Option, choose: Callable[[], None]) -> None:
        language = self._screen.words.language
        button = ui.button(on_click=choose, color=None)
        button.props("outline no-caps align=left").classes("parley-option")
        with button, ui.element("div"):
            ui.label(option.label(language)).classes("parley-option-name")
            ui.label(option.explains(language)).classes("parley-option-text")

    def _end_vote(self) -> None:
        if self._screen.voting is not None:
            self._screen.voting.end()

    def _choose(self, option: str, everywhere: Checkbox) -> None:
        self._dialog.close()
        self._open = None
        self._end_vote()
        if self._decisions.pending is None:  # an undo has just taken its month away
            return
        self._screen.act(lambda: self._decisions.decide(option, everywhere.value))
        self._screen.session.play()
        self._screen.remember()

    def _pass(self) -> None:
        self._dialog.close()
        self._open = None
        self._end_vote()
        self._decisions.pass_over()
        self._screen.session.play()
        self._screen.remember()

    def board(self) -> None:
        """List what was not chosen."""
        words, language = self._screen.words, self._screen.words.language
        branches = self._decisions.branches
        state = [(b.arm, b.option, b.month, b.started) for b in branches]
        if state == self._listed:
            return
        self._listed = state
        self._room.clear()
        if not branches:
            return
        labels = {
            (dilemma.key, option.key): option.label(language)
            for dilemma in self._screen.dilemmas
            for option in dilemma.options
        }
        with self._room:
            ui.label(words("decide.untaken")).classes("parley-subtitle")
            with ui.element("ul"):
                for branch in branches:
                    with ui.element("li"):
                        label = labels[branch.dilemma, branch.option]
                        text = words("decide.from_month", option=label, month=branch.month + 1)
                        ui.label(f"{LETTERS[branch.arm]}: {text}")
            ui.button(words("decide.show"), on_click=self._show).props("outline no-caps")

    def _show(self) -> None:
        self._decisions.run_branches()
        self._screen.redraw()

    def series(self, outcome: str) -> list[dict[str, Any]]:
        """Paths of what was not chosen, up to the month shown, as series of a chart."""
        session = self._screen.session
        shown: list[Branch] = [b for b in self._decisions.branches if b.started][-MOST_BRANCHES:]
        found = []
        for place in range(MOST_BRANCHES):
            data: list[list[float | None]] = []
            if place < len(shown) and not session.hidden:
                branch = shown[place]
                for frame in branch.frames:
                    if frame.month <= session.month:
                        value = self._value(branch.arm, frame.values[outcome])
                        data.append(
                            [frame.month + 1, None if math.isnan(value) else round(value, 4)]
                        )
            found.append({"id": f"branch{place}", "data": data})
        return found

    def _value(self, arm: int, row: tuple[float, ...]) -> float:
        session = self._screen.session
        opening = session.opening(arm)
        groups = opening.groups if opening else ()
        at = groups.index(session.group) if session.group in groups else 0
        return row[at] if at < len(row) else math.nan
