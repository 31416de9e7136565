"""Facts of the place, moved within their ranges; each says where it comes from."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop import about
from parley_workshop.panels.range import Range
from parley_workshop.panels.sources import ENGLISH, source_line
from parley_workshop.panels.widgets import button, choice

if TYPE_CHECKING:
    from nicegui.elements.label import Label

    from parley.reading import Quantity
    from parley_workshop.screen import Screen

POPULATIONS = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
LENGTHS = (24, 36, 60, 120, 180, 240, 360)
STEPS = 40
"""Steps of a slider over a fact's range."""
_PREFIX = "facts."


class FactsPanel:
    """Facts with ranges as sliders, the luck, and how long and how many."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._made = ""
        self._sliders: dict[str, tuple[Range, Label, float]] = {}

    def build(self) -> None:
        """Draw the settings, and make room for the facts."""
        words, board = self._screen.words, self._screen.session.board
        with ui.element("div").classes("parley-choices"):
            self._settings = {
                key: choice(
                    words(f"facts.{key}"),
                    {str(value): words.fixed(value, 0) for value in sorted({*values, own})},
                    str(own),
                    functools.partial(self._put, field),
                ).classes("parley-setting")
                for key, field, values, own in (
                    ("residents", "population", POPULATIONS, board.population),
                    ("months", "months", LENGTHS, board.months),
                    ("seed", "seed", range(1, 21), board.seed),
                )
            }
        english = "" if words.language == "en" else f" {words('facts.english')}"
        ui.label(words("facts.intro") + english).classes("parley-note")
        self._room = ui.element("div").classes("parley-facts")

    def _put(self, field: str, chosen: object) -> None:
        session, value = self._screen.session, int(str(chosen))
        if getattr(session.board, field) != value:
            changed: Any = {field: value}
            self._screen.act(lambda: session.edit(replace(session.board, **changed)))

    def board(self) -> None:
        """Show the facts of the place on the board."""
        words, board = self._screen.words, self._screen.session.board
        held = {"residents": board.population, "months": board.months, "seed": board.seed}
        for key, select in self._settings.items():
            now = str(held[key])
            if select.value != now:
                known = {*map(int, select.options), held[key]}
                labels = {str(v): words.fixed(v, 0) for v in sorted(known)}
                select.set_options(labels, value=now)
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
            slider.put(value)
            if shown.text != words.number(value):
                shown.set_text(words.number(value))

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
        words, unit = self._screen.words, self._screen.told(quantity.unit)
        with ui.element("div").classes("parley-fact"):
            ui.label(label if unit == "-" else f"{label} ({unit})").classes("parley-dial-label")
            bounds = min(low, own), max(high, own)
            slider = Range(label, bounds, (high - low) / STEPS, own)
            slider.when_set(functools.partial(self._set, key))
            shown = ui.label(words.number(own)).classes("parley-level")
            assumed = quantity.source == "assumption" or quantity.grade == "assumption"
            grade = words("facts.assumption") if assumed else words("facts.sourced")
            ui.label(grade).classes("parley-grade" + (" parley-assumed" if assumed else ""))
            button(
                "info", words("facts.about", fact=label), lambda: self._explain(label, quantity)
            ).props("size=sm")
        self._sliders[key] = slider, shown, own

    def _explain(self, label: str, quantity: Quantity) -> None:
        """Value, range, source and note of a fact."""
        words = self._screen.words
        value, low, high = (
            words.number(float(str(x))) for x in (quantity.value, quantity.low, quantity.high)
        )
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(label).classes("parley-title")
            ui.label(
                words(
                    "facts.value",
                    value=value,
                    unit=self._screen.told(quantity.unit),
                    low=low,
                    high=high,
                )
            ).classes("parley-text")
            for part in quantity.source.split("; "):
                source_line(words, "facts.source", part)
            grade = words(f"handout.grade_{quantity.grade.split()[0]}")
            ui.label(words("facts.grade", grade=grade, year=quantity.year or "–"))
            if quantity.note:
                ui.label(quantity.note).classes("parley-text").props(ENGLISH)
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()

    def _set(self, key: str, value: float) -> None:
        self._screen.act(lambda: self._screen.session.set_fact(key, value))

    def months(self) -> None:
        """Facts do not change with the months."""
