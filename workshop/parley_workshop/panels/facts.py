"""Facts of the place, moved within their ranges; each says where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import about
from parley_workshop.panels.widgets import button, name, number

if TYPE_CHECKING:
    from nicegui.elements.label import Label
    from nicegui.elements.slider import Slider
    from nicegui.events import GenericEventArguments

    from parley.reading import Quantity
    from parley_workshop.screen import Screen

STEPS = 40
"""Steps of a slider over a fact's range."""
_PREFIX = "facts."


class FactsPanel:
    """Facts with ranges as sliders, the luck, and how long and how many."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._made = ""
        self._sliders: dict[str, tuple[Slider, Label, float]] = {}

    def build(self) -> None:
        """Make room for them."""
        ui.label(self._screen.words("facts.intro")).classes("parley-note")
        self._room = ui.element("div").classes("parley-facts")

    def board(self) -> None:
        """Show the facts of the place on the board."""
        board = self._screen.session.board
        if board.place != self._made:
            self._made = board.place
            self._sliders.clear()
            self._room.clear()
            with self._room:
                for quantity in self.movable():
                    self._draw(quantity)
        moved = dict(board.facts)
        for key, (slider, shown, own) in self._sliders.items():
            value = moved.get(key, own)
            if slider.value != value:
                slider.set_value(value)
            if shown.text != number(value):
                shown.set_text(number(value))

    def movable(self) -> list[Quantity]:
        """Facts that are one number with a range, and no whole number."""
        rules = about.facts()
        return [
            quantity
            for quantity in self._screen.place().quantities
            if quantity.key.startswith(_PREFIX)
            and (rule := rules.get(quantity.key.removeprefix(_PREFIX))) is not None
            and rule.kind == "number"
            and isinstance(quantity.value, float)
            and quantity.low is not None
            and quantity.high is not None
            and quantity.low < quantity.high
        ]

    def _draw(self, quantity: Quantity) -> None:
        key = quantity.key.removeprefix(_PREFIX)
        rule = about.facts()[key]
        label = self._screen.text(f"fact.{key}", rule.label)
        low, high, own = (float(str(x)) for x in (quantity.low, quantity.high, quantity.value))
        words = self._screen.words
        with ui.element("div").classes("parley-fact"):
            ui.label(f"{label} ({quantity.unit})").classes("parley-dial-label")
            slider = ui.slider(
                min=min(low, own), max=max(high, own), step=(high - low) / STEPS, value=own
            ).props("dense")
            name(slider, label)
            slider.on("change", lambda event: self._set(key, event))
            shown = ui.label(number(own)).classes("parley-level")
            assumed = quantity.source == "assumption" or quantity.grade == "assumption"
            grade = words("facts.assumption") if assumed else words("facts.sourced")
            ui.label(grade).classes("parley-grade" + (" parley-assumed" if assumed else ""))
            button("info", words("facts.about", fact=label), lambda: self._explain(label, quantity)
                   ).props("size=sm")
        self._sliders[key] = slider, shown, own

    def _explain(self, label: str, quantity: Quantity) -> None:
        """Value, range, source and note of a fact."""
        words = self._screen.words
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(label).classes("parley-title")
            ui.label(
                words(
                    "facts.value",
                    value=quantity.value,
                    unit=quantity.unit,
                    low=quantity.low,
                    high=quantity.high,
                )
            ).classes("parley-text")
            for part in quantity.source.split("; "):
                text = words("facts.assumption") if part == "assumption" else about.cite(part)
                ui.label(words("facts.source", source=text)).classes("parley-text")
            ui.label(words("facts.grade", grade=quantity.grade, year=quantity.year or "–"))
            if quantity.note:
                ui.label(quantity.note).classes("parley-text")
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()

    def _set(self, key: str, event: GenericEventArguments) -> None:
        value = float(event.args)
        self._screen.act(lambda: self._screen.session.set_fact(key, value))

    def months(self) -> None:
        """Facts do not change with the months."""
