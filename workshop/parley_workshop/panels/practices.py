"""The eighteen dials of a column: announced, funded and executed, with what they cost."""

from __future__ import annotations

import functools
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, get_args, get_type_hints

from nicegui import run, ui

from parley.interventions import available_interventions
from parley.practice_types import DIALS, Practices
from parley.practices import load_practices
from parley_workshop import about, edits
from parley_workshop.budget import stack_cost
from parley_workshop.panels.range import Range
from parley_workshop.panels.sources import source_line
from parley_workshop.panels.widgets import STEP, button, choice
from parley_workshop.screen import COLOURS

if TYPE_CHECKING:
    from nicegui.elements.html import Html
    from nicegui.elements.label import Label

    from parley_workshop.budget import StackCost
    from parley_workshop.screen import Screen

WORDS = ("owner", "payer", "admits", "protection", "judge")
"""Attributes of a stack that a room may choose."""


class PracticesPanel:
    """The dials of one column at a time."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._arm = len(screen.session.board.arms) - 1
        self._sliders: dict[str, Range] = {}
        self._levels: dict[str, Label] = {}
        self._bars: dict[str, Html] = {}
        self._shown: dict[str, str] = {}
        self._made: object = None
        self._counted: object = None

    def build(self) -> None:
        """Draw what stands above the dials, and make room for them."""
        words = self._screen.words
        with ui.element("div").classes("parley-choices"):
            self._which = choice(words("dials.column"), self._arms(), str(self._arm), self._look_at)
            self._which.classes("parley-which")
            when = {"start": words("dials.from_start"), "now": words("dials.from_now")}
            held = "start" if self._screen.from_start else "now"
            choice(words("dials.when"), when, held, self._from).classes("parley-when")
        self._cost = ui.element("div").classes("parley-cost")
        self._cost.props["aria-live"] = "polite"
        ui.label(words("dials.bars")).classes("parley-note")
        self._room = ui.element("div").classes("parley-dials")
        ui.timer(0.25, self._recount)

    def _arms(self) -> dict[str, str]:
        count = len(self._screen.session.board.arms)
        return {str(arm): self._screen.arm(arm) for arm in range(count)}

    def _look_at(self, arm: object) -> None:
        self._arm = int(str(arm))
        self.board()
        self.months()

    def _from(self, when: object) -> None:
        self._screen.from_start = when == "start"

    # --- the board ------------------------------------------------------------------------------

    def board(self) -> None:
        """Show the levels of the board, and what they cost."""
        session = self._screen.session
        arms = self._arms()
        if self._arm >= len(arms):
            self._arm = 0
        if self._which.options != arms:
            self._which.set_options(arms, value=str(self._arm))
        if self._made is None:
            self._made = True
            with self._room:
                self._draw()
        month = max(session.month, self._screen.follow, 0)
        levels = edits.levels(session.board.arms[self._arm], month)
        for dial, slider in self._sliders.items():
            slider.put(levels[dial])
            text = self._screen.words.fixed(levels[dial], 2)
            if self._levels[dial].text != text:
                self._levels[dial].set_text(text)
        for key, select in self._words.items():
            held = self._word(key, month)
            if select.value != held:
                select.set_value(held)
        bare = [name for name in session.board.arms[self._arm].interventions if ":" not in name]
        if self._outside.value != bare:
            self._outside.set_value(bare)
        self._counted = None

    async def _recount(self) -> None:
        """Work out what the stack takes, beside the page, whenever the board has changed."""
        session = self._screen.session
        month = max(session.month, self._screen.follow, 0)
        wanted = session.board, self._arm
        if self._counted == wanted:
            return
        self._counted = wanted
        cost = await run.io_bound(stack_cost, session.board, self._arm, month)
        if cost is not None and self._counted == wanted:
            self._show_cost(cost)

    def _word(self, key: str, month: int) -> str:
        """What an attribute of the stack is in a month."""
        column = self._screen.session.board.arms[self._arm]
        held = str(getattr(load_practices(column.preset), key))
        for change in column.changes:
            if change.month <= month:
                held = dict(change.words).get(key, held)
        return held

    def _draw(self) -> None:
        """Dials and words, once; later only their values change."""
        hints = get_type_hints(Practices)
        with ui.element("div").classes("parley-words"):
            self._words = {
                key: choice(
                    self._screen.text(f"word.{key}.label", key),
                    {
                        value: self._screen.text(f"word.{key}.{value}", value)
                        for value in get_args(hints[key])
                    },
                    self._word(key, 0),
                    functools.partial(self._set_word, key),
                )
                for key in WORDS
            }
            labels = {
                key: self._screen.text(f"intervention.{key}", key)
                for key in available_interventions()
            }
            self._outside = choice(
                self._screen.words("what.interventions"), labels, [], self._intervene, several=True
            )
        for key, known in about.dials().items():
            self._draw_dial(key, self._screen.text(f"dial.{key}.label", known.label))

    def _draw_dial(self, dial: str, label: str) -> None:
        with ui.element("div").classes("parley-dial"):
            ui.label(label).classes("parley-dial-label")
            slider = Range(label, (0.0, 1.0), STEP, 0.0)
            slider.when_set(functools.partial(self._set, dial))
            self._sliders[dial] = slider
            self._levels[dial] = ui.label().classes("parley-level")
            self._bars[dial] = ui.html("", sanitize=False).classes("parley-bars")
            button(
                "info",
                self._screen.words("dials.about", dial=label),
                lambda: self._explain(label, dial),
            ).props("size=sm")

    def _explain(self, label: str, dial: str) -> None:
        words, known = self._screen.words, about.dials()[dial]
        text = self._screen.text(f"dial.{dial}.help", f"{known.help} {known.harm}")
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(label).classes("parley-title")
            ui.label(text).classes("parley-text")
            source_line(words, "dials.source", known.source, known.where)
            ui.label(words("dials.level_note")).classes("parley-note")
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()

    def _set(self, dial: str, value: float) -> None:
        level = round(value, 3)
        screen, arm = self._screen, self._arm
        screen.act(lambda: screen.session.set_dial(arm, dial, level, screen.from_month()))

    def _set_word(self, key: str, chosen: object) -> None:
        screen, arm, value = self._screen, self._arm, str(chosen)
        if value != self._word(key, max(screen.session.month, screen.follow, 0)):
            screen.act(lambda: screen.session.set_word(arm, key, value, screen.from_month()))

    def _intervene(self, chosen: object) -> None:
        """Set interventions of the column; those with settings of their own stay."""
        session, arm = self._screen.session, self._arm
        column = session.board.arms[arm]
        names = [str(name) for name in chosen] if isinstance(chosen, list) else []
        own = [name for name in column.interventions if ":" in name]
        wanted = (*own, *(name for name in names if name not in own))
        if set(wanted) != set(column.interventions):
            changed = replace(column, interventions=wanted)
            self._screen.act(lambda: session.edit(edits.with_arm(session.board, arm, changed)))

    def _show_cost(self, cost: StackCost) -> None:
        """What the stack takes, against what there is."""
        words = self._screen.words
        over = cost.usd > cost.usd_available
        hours = words("dials.hours", hours=words.number(cost.hours))
        if cost.hours_available is not None:
            hours = words(
                "dials.hours_of",
                hours=words.number(cost.hours),
                available=words.number(cost.hours_available),
            )
        share = min(1.0, cost.usd / cost.usd_available) if cost.usd_available > 0 else 1.0
        self._cost.clear()
        with self._cost:
            ui.label(
                words(
                    "dials.cost",
                    usd=words.number(cost.usd),
                    available=words.number(cost.usd_available),
                )
            ).classes("parley-cost-money")
            with ui.element("div").classes("parley-meter"):
                fill = ui.element("div").classes("parley-meter-fill")
                fill.style(f"width:{share:.0%};background:{'#a4000f' if over else '#00684a'}")
            ui.label(hours)
            if over:
                ui.label(words("dials.over")).classes("parley-over")
        for dial, one in cost.dials.items():
            hint = words("dials.takes", usd=words.number(one.usd), hours=words.number(one.hours))
            self._sliders[dial].hint(hint)

    # --- months ---------------------------------------------------------------------------------

    def months(self) -> None:
        """Announced, funded and executed in the month shown."""
        session = self._screen.session
        frames = session.frames(self._arm)
        at = min(session.month, len(frames) - 1)
        for dial in DIALS:
            found = None
            if at >= 0 and not session.hidden:
                found = frames[at].practices[dial]
            text = self._bar(found)
            if text != self._shown.get(dial):
                self._shown[dial] = text
                self._bars[dial].set_content(text)

    def _bar(self, levels: tuple[float, float, float] | None) -> str:
        """Three thin bars and the same in words."""
        if levels is None:
            return ""
        announced, funded, executed = (round(level, 2) for level in levels)
        words = self._screen.words
        told = [words.fixed(level, 2) for level in levels]
        text = words("dials.three", announced=told[0], funded=told[1], executed=told[2])
        bars = "".join(
            f'<i style="width:{level:.0%};background:{colour}"></i>'
            for level, colour in (
                (announced, "#8a97a0"),
                (funded, "#9a6700"),
                (executed, COLOURS[self._arm]),
            )
        )
        safe = escape(text, quote=True)
        return f'<div class="parley-bar" role="img" aria-label="{safe}" title="{safe}">{bars}</div>'
