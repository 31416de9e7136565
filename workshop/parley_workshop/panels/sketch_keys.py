"""The same path without a pointer: a few sliders for the column in hand."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.panels.range import Range
from parley_workshop.panels.widgets import choice
from parley_workshop.sketches import merge, value_at

if TYPE_CHECKING:
    from nicegui.elements.label import Label

    from parley_workshop.panels.predict import Predicting
    from parley_workshop.screen import Screen

STEPS = 50
"""Steps of a slider from end to end."""
_PARTS = 4


class SketchKeys:
    """Sliders at the beginning, the end and between."""

    def __init__(self, screen: Screen, drawing: Predicting) -> None:
        """They are not shown yet.

        Args:
            screen: The page.
            drawing: What is in hand, and where to put what is set.
        """
        self._screen, self._drawing = screen, drawing
        self._outcome, self.shown = "", False
        self._sliders: dict[int, tuple[Range, Label]] = {}

    def build(self) -> None:
        """Make room for them."""
        self._room = ui.element("div").classes("parley-sketch-keys")
        self._room.set_visibility(False)

    def show(self, shown: bool) -> None:
        """Show or hide them."""
        self.shown = shown
        self._room.set_visibility(shown)
        self.draw()

    def months(self) -> list[int]:
        """Months that have a slider; the target has one for all months."""
        last = self._screen.session.board.months - 1
        if self._drawing.aiming:
            return [last]
        return sorted({round(last * part / _PARTS) for part in range(_PARTS + 1)})

    def draw(self) -> None:
        """Draw them anew: another column or outcome is in hand."""
        self._room.clear()
        self._sliders.clear()
        if not self.shown:
            return
        screen, words = self._screen, self._screen.words
        outcomes = screen.session.outcomes
        if self._outcome not in outcomes:
            self._outcome = outcomes[0]
        with self._room:
            labels = {key: screen.outcome(key) for key in outcomes}
            choice(words("predict.outcome"), labels, self._outcome, self._see).classes(
                "parley-measure"
            )
            for month in self.months():
                self._slider(month)

    def _see(self, outcome: object) -> None:
        self._outcome = str(outcome)
        self.draw()

    def _slider(self, month: int) -> None:
        screen, drawing, words = self._screen, self._drawing, self._screen.words
        ends = drawing.scale(self._outcome)
        text = words("sketch.month", month=month + 1)
        label = f"{drawing.pen_name()}, {screen.outcome(self._outcome)}"
        if drawing.aiming:
            text = words("predict.target")
        else:
            label += f", {text}"
        value = self._value(month)
        with ui.element("div").classes("parley-sketch-key"):
            shown = ui.label(f"{text}: {words.number(value)}")
            step = (ends.top - ends.low) / STEPS
            slider = Range(label, (ends.low, ends.top), step, value)
        slider.when_set(functools.partial(self._set, month))
        slider.when_moved(lambda moved: shown.set_text(f"{text}: {words.number(moved)}"))
        self._sliders[month] = slider, shown

    def _value(self, month: int) -> float:
        """What is drawn there; the middle of the scale where nothing is."""
        drawing = self._drawing
        ends = drawing.scale(self._outcome)
        drawn = drawing.target(self._outcome) if drawing.aiming else None
        if not drawing.aiming:
            drawn = value_at(drawing.path(self._outcome), month)
        return (ends.low + ends.top) / 2 if drawn is None else drawn

    def _set(self, month: int, value: float) -> None:
        """Put a value; between the neighbouring sliders the path runs straight to it."""
        drawing = self._drawing
        if drawing.aiming:
            drawing.put_target(self._outcome, value)
            return
        path, months = drawing.path(self._outcome), self.months()
        if not path:
            said = {at: slider.value for at, (slider, _) in self._sliders.items()}
            drawing.put(self._outcome, tuple(sorted((said | {month: value}).items())))
            return
        place = months.index(month)
        near = {at: value_at(path, at) for at in months[max(place - 1, 0) : place + 2]}
        known = {at: level for at, level in near.items() if level is not None}
        stroke = tuple(sorted((known | {month: value}).items()))
        drawing.put(self._outcome, merge(path, stroke))

    def follow(self) -> None:
        """Move them to what was drawn."""
        for month, (slider, shown) in self._sliders.items():
            value = self._value(month)
            slider.put(value)
            head = shown.text.rpartition(": ")[0]
            shown.set_text(f"{head}: {self._screen.words.number(value)}")
