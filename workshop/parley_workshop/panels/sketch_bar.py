"""The row of buttons that is there while the room draws."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.panels.widgets import button, name
from parley_workshop.screen import COLOURS

if TYPE_CHECKING:
    from nicegui.elements.button import Button

    from parley_workshop.panels.predict import Predicting
    from parley_workshop.panels.predict_vote import PredictVote
    from parley_workshop.screen import Screen

TARGET = -1
"""In hand instead of a column's pen."""
INK = "#000000"
"""Colour of the target."""


class SketchBar:
    """Pens, sliders instead of a pointer, the vote, clear, done."""

    def __init__(self, screen: Screen, drawing: Predicting, vote: PredictVote) -> None:
        """It is not shown yet.

        Args:
            screen: The page.
            drawing: What the buttons do.
            vote: The room's prediction by phone.
        """
        self._screen, self._drawing, self._vote = screen, drawing, vote
        self._pens: dict[int, Button] = {}
        self._keys: Button | None = None
        self._made: tuple[str, ...] = ()

    def build(self) -> None:
        """Make room for it."""
        self._room = ui.element("div").classes("parley-sketch-bar").props("role=toolbar")
        name(self._room, self._screen.words("sketch.bar"))
        self._room.set_visibility(False)

    def clear(self) -> None:
        """Take it away."""
        self._room.clear()
        self._room.set_visibility(False)
        self._pens.clear()
        self._keys, self._made = None, ()

    def draw(self) -> None:
        """Draw it, unless it is there as it should be."""
        screen = self._screen
        arms = tuple(screen.arm(arm) for arm in range(len(screen.session.board.arms)))
        if arms != self._made:
            self._room.clear()
            self._pens.clear()
            self._made = arms
            self._room.set_visibility(True)
            with self._room:
                self._buttons(arms)
        self.follow()

    def _buttons(self, arms: tuple[str, ...]) -> None:
        words, drawing = self._screen.words, self._drawing
        for arm, label in enumerate(arms):
            self._pen(arm, label)
        self._pen(TARGET, words("predict.target"))
        ui.label(words("sketch.how")).classes("parley-sketch-how")
        self._keys = button("keyboard", words("sketch.keys"), self._turn_keys)
        if self._vote.possible():
            button("how_to_vote", words("vote.switch"), self._vote.open)
        button("delete_sweep", words("sketch.clear"), drawing.clear_all)
        done = ui.button(words("sketch.done"), icon="check", on_click=drawing.leave)
        done.props("no-caps dense").classes("parley-sketch-done")

    def _pen(self, pen: int, label: str) -> None:
        made = ui.button(
            label, color=None, on_click=functools.partial(self._drawing.hold, pen)
        ).props("no-caps dense unelevated")
        made.classes("parley-sketch-pen").style(f"--pen: {INK if pen == TARGET else COLOURS[pen]}")
        self._pens[pen] = made

    def _turn_keys(self) -> None:
        self._drawing.show_keys(not self._drawing.keys_shown)
        self.follow()

    def follow(self) -> None:
        """Show what is in hand."""
        for pen, made in self._pens.items():
            made.props["aria-pressed"] = "true" if pen == self._drawing.pen else "false"
        if self._keys is not None:
            self._keys.props["aria-pressed"] = "true" if self._drawing.keys_shown else "false"

    def focus(self) -> None:
        """Go to the pen in hand."""
        ui.run_javascript(f"getElement({self._pens[self._drawing.pen].id}).$el.focus()")
