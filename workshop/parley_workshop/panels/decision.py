"""Decision points: the run stops, and the room chooses."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.panels.unchosen import UnchosenPanel
from parley_workshop.screen import COLOURS
from parley_workshop.vote_questions import question_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.elements.checkbox import Checkbox
    from nicegui.events import ValueChangeEventArguments

    from parley_workshop.decisions import Pending
    from parley_workshop.dilemmas import Option
    from parley_workshop.screen import Screen


class DecisionPanel:
    """A dialog at a decision point, and the list of what was not chosen."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is pending yet."""
        self._screen, self._decisions = screen, screen.decisions
        self._open: Pending | None = None
        self._unchosen = UnchosenPanel(screen)
        self.series = self._unchosen.series

    def build(self) -> None:
        """Make room for the dialog and the list."""
        with ui.dialog().props("persistent") as self._dialog:
            self._card = ui.card().classes("parley-dialog")
        self._unchosen.build()
        ui.timer(0.2, self._pump)

    def _pump(self) -> None:
        if self._decisions.pump():
            self._unchosen.progress()
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
            everywhere = ui.checkbox(words("decide.everywhere"), value=self._decisions.everywhere)
            everywhere.on_value_change(self._tick)
            for option in dilemma.options:
                self._offer(option, functools.partial(self._choose, option.key))
            if screen.voting is not None:
                question = question_of(dilemma)
                if screen.voting.under_way(lambda poll: poll.question == question) is None:
                    screen.voting.end()
                screen.voting.offer(
                    lambda: question,
                    lambda answer: self._choose(dilemma.options[answer].key),
                    beside=lambda: self._tick_again(everywhere),
                )
            with ui.expansion(words("decide.note")).classes("parley-wide"):
                for part in ("ask", "tells", "silent", "backfires"):
                    text = getattr(dilemma.note, part)(language)
                    head = screen.text(f"decide.{part}", part)
                    ui.label(f"{head}: {text}").classes("parley-text")
            ui.button(words("decide.later"), on_click=self._pass).props("flat no-caps")
        self._dialog.open()

    def _tick(self, event: ValueChangeEventArguments[bool | None]) -> None:
        """Keep it at once: a reload finds it again."""
        self._decisions.everywhere = bool(event.value)
        self._screen.remember()

    def _tick_again(self, everywhere: Checkbox) -> None:
        """The same tick once more, where what the vote gave is taken."""
        ui.checkbox(self._screen.words("decide.everywhere")).bind_value(everywhere)

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

    def _choose(self, option: str) -> None:
        self._dialog.close()
        self._open = None
        self._end_vote()
        if self._decisions.pending is None:  # an undo has just taken its month away
            return
        everywhere = self._decisions.everywhere
        self._screen.act(lambda: self._decisions.decide(option, everywhere))
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
        self._unchosen.board()
