"""The trainer's kit: prepared sessions to set up, and sheets to print."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import run, ui

from parley.errors import ParleyError
from parley_workshop import sheets
from parley_workshop.kit import load_plans, load_roles, plan_of
from parley_workshop.panels.widgets import button
from parley_workshop.session_charts import charts_of, marks_of
from parley_workshop.sheet_said import Seen, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley_workshop.kit import Plan
    from parley_workshop.screen import Screen


class KitPanel:
    """A button in the head, and its dialog."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen

    def build(self) -> None:
        """Draw the button."""
        button("print", self._screen.words("print.open"), self._open)

    def _open(self) -> None:
        words, language = self._screen.words, self._screen.words.language
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(words("print.sessions")).classes("parley-title")
            for plan in load_plans():
                with ui.element("div").classes("parley-plan"):
                    ui.label(plan.title(language)).classes("parley-option-name")
                    ui.label(plan.aim(language)).classes("parley-option-text")
                    with ui.row():
                        self._press("print.set_up", functools.partial(self._set_up, plan, dialog))
                        notes = functools.partial(sheets.facilitator_notes, plan, language)
                        self._sheet("print.notes", f"notes-{plan.key}", notes)
            ui.label(words("print.sheets")).classes("parley-title")
            with ui.row():
                place = self._screen.session.board.place
                for key, name, make in (
                    ("print.roles", "roles", lambda: sheets.role_cards(load_roles(), language)),
                    (
                        "print.dilemmas",
                        "dilemmas",
                        lambda: sheets.dilemma_cards(self._screen.dilemmas, language),
                    ),
                    ("print.place", place, lambda: sheets.place_handout(place, language)),
                    ("print.debrief", "debrief", self._debrief),
                ):
                    self._sheet(key, name, make)
            ui.label(words("print.hidden_note")).classes("parley-note")
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()

    def _press(self, key: str, press: Callable[[], None]) -> None:
        ui.button(self._screen.text(key, key), on_click=press).props("no-caps outline")

    def _sheet(self, key: str, name: str, make: Callable[[], bytes]) -> None:
        language = self._screen.words.language

        async def give() -> None:
            try:
                content = await run.io_bound(make)
            except ParleyError as error:
                self._screen.warn(str(error))
                return
            except OSError as error:  # sheets are set in a temporary folder
                reason = error.strerror or str(error)
                self._screen.warn(self._screen.words("print.failed", reason=reason))
                return
            if content:  # None when the page has gone meanwhile
                ui.download.content(content, f"parley-{name}-{language}.pdf")

        ui.button(self._screen.text(key, key), on_click=give).props("no-caps outline")

    def _set_up(self, plan: Plan, dialog: ui.dialog) -> None:
        """Put the board of a prepared session on the page, before its first month."""
        session = self._screen.session
        dialog.close()
        session.restart()
        self._screen.follow = -1
        self._screen.act(lambda: self._screen.open(plan.board))

    def _debrief(self) -> bytes:
        """What was decided and shown so far; what is hidden stays so."""
        session, words = self._screen.session, self._screen.words
        arms = range(len(session.board.arms))
        shown = 0 if session.hidden else session.month + 1
        opening = session.opening(0)
        groups = opening.groups if opening else ("all",)
        labels = opening.labels if opening else ("",)
        columns = [list(session.frames(arm))[:shown] for arm in arms]
        said = told(session.target, session.votes, Seen(columns, groups, labels), words)
        charts = charts_of(
            session.board,
            columns,
            words,
            session.outcomes,
            group=opening.place_of(session.group) if opening else 0,
            group_label="" if session.group == "all" else self._screen.group(session.group),
            drawn=marks_of(session.predictions, session.target, session.group),
        )
        plan = plan_of(session.board)
        asked, title = (plan.debrief, plan.title(words.language)) if plan else ((), "")
        return sheets.debrief(session.board, words.language, charts, asked, title, said)
