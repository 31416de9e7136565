"""What every column has differently from its preset, and the way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import about, edits
from parley_workshop.screen import COLOURS

if TYPE_CHECKING:
    from parley_workshop.edits import Changed
    from parley_workshop.screen import Screen


class ChangedPanel:
    """A list."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._made: object = None

    def build(self) -> None:
        """Make room for it."""
        self._room = ui.element("div").classes("parley-changed")

    def board(self) -> None:
        """Make the list anew."""
        board = self._screen.session.board
        if board == self._made:
            return
        self._made = board
        self._room.clear()
        with self._room:
            for arm in range(len(board.arms)):
                self._draw(arm)
            self._draw_facts()

    def _draw(self, arm: int) -> None:
        words, session = self._screen.words, self._screen.session
        title = ui.label(self._screen.arm(arm)).classes("parley-subtitle")
        title.style(f"color:{COLOURS[arm]}")
        found = session.changes(arm)
        if not found:
            ui.label(words("changed.none")).classes("parley-text")
            return
        with ui.element("ul"):
            for one in found:
                with ui.element("li"):
                    ui.label(self._line(one))
        ui.button(
            words("changed.back"),
            on_click=lambda: self._screen.act(
                lambda: session.edit(edits.without_changes(session.board, arm))
            ),
        ).props("outline no-caps")

    def _line(self, one: Changed) -> str:
        words = self._screen.words
        when = (
            words("changed.start")
            if one.month == 0
            else words("changed.month", month=one.month + 1)
        )
        if one.what == "dial":
            own = about.dials()[one.key].label
            label = self._screen.text(f"dial.{one.key}.label", own)
            before, after = (words.fixed(float(x), 2) for x in (one.before, one.after))
            return f"{when}: {label} {before} → {after}"
        if one.what == "word":
            label = self._screen.text(f"word.{one.key}.label", one.key)
            before, after = (
                self._screen.text(f"word.{one.key}.{value}", str(value))
                for value in (one.before, one.after)
            )
            return f"{when}: {label}: {before} → {after}"
        name = one.key.partition(":")[0]
        return f"{when}: + {self._screen.text(f'intervention.{name}', name)}"

    def _draw_facts(self) -> None:
        words, session = self._screen.words, self._screen.session
        if not session.board.facts:
            return
        ui.label(words("changed.facts")).classes("parley-subtitle")
        own = {q.key.removeprefix("facts."): q.value for q in self._screen.place().quantities}
        with ui.element("ul"):
            for key, value in session.board.facts:
                with ui.element("li"):
                    label = self._screen.text(f"fact.{key}", about.facts()[key].label)
                    before = own.get(key)
                    if isinstance(before, int | float):
                        before = words.number(before, 4)
                    ui.label(f"{label}: {before} → {words.number(value, 4)}")
        ui.button(
            words("changed.back"),
            on_click=lambda: self._screen.act(
                lambda: session.edit(replace(session.board, facts=()))
            ),
        ).props("outline no-caps")

    def months(self) -> None:
        """The list does not change with the months."""
