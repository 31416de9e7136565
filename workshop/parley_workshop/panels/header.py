"""The head of the page: the place and its story, the columns, undo, link, language."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import ui

from parley.place import available_places, load_place
from parley.practices import available_practices
from parley_workshop.board import LETTERS, MOST_ARMS
from parley_workshop.panels.kit import KitPanel
from parley_workshop.panels.share import SharePanel
from parley_workshop.panels.widgets import button, choice, name
from parley_workshop.screen import COLOURS
from parley_workshop.translations import paragraphs, translated
from parley_workshop.words import LANGUAGES

if TYPE_CHECKING:
    from parley_workshop.screen import Screen
    from parley_workshop.serve import Serving


@functools.cache
def _titles(language: str) -> dict[str, str]:
    """Titles of the bundled places; read once a language."""
    return {key: translated(load_place(key).title, language) for key in available_places()}


class Header:
    """The head."""

    def __init__(self, screen: Screen, serving: Serving) -> None:
        """Nothing is drawn yet."""
        self._screen, self._serving = screen, serving
        self._made: object = None

    def build(self) -> None:
        """Draw it."""
        screen = self._screen
        words = screen.words
        with ui.header().classes("parley-header"):
            with ui.element("h1").classes("parley-brand"):
                ui.label("Parley")
            self._place = choice(
                words("head.place"),
                _titles(words.language),
                screen.session.board.place,
                self._go,
            ).classes("parley-place")
            button("menu_book", words("head.story"), self._tell)
            self._columns = ui.element("div").classes("parley-columns")
            ui.element("div").classes("parley-gap")
            self._undo = button("undo", words("head.undo"), lambda: screen.act(screen.session.undo))
            self._redo = button("redo", words("head.redo"), lambda: screen.act(screen.session.redo))
            SharePanel(screen, self._serving).build()
            KitPanel(screen).build()
            button("fullscreen", words("head.full"), lambda: ui.fullscreen().toggle())
            language = choice(
                words("head.language"), LANGUAGES, words.language, self._speak
            ).classes("parley-language")
            name(language, words("head.language"))

    # --- place ----------------------------------------------------------------------------------

    def _go(self, place: object) -> None:
        if place != self._screen.session.board.place:
            self._screen.act(lambda: self._screen.session.set_place(str(place)))

    def _tell(self) -> None:
        """The story of the place and what it is good for."""
        words, told, read = self._screen.words, self._screen.told, self._screen.place()
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(told(read.place.title)).classes("parley-title")
            for paragraph in paragraphs(read.place.story):
                ui.label(told(paragraph)).classes("parley-text")
            ui.label(words("head.good_for")).classes("parley-subtitle")
            for paragraph in paragraphs(read.workshop):
                ui.label(told(paragraph)).classes("parley-text")
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()

    # --- columns --------------------------------------------------------------------------------

    def board(self) -> None:
        """Show the place and the columns of the board."""
        session = self._screen.session
        self._undo.set_enabled(session.can_undo())
        self._redo.set_enabled(session.can_redo())
        if self._place.value != session.board.place:
            self._place.set_value(session.board.place)
        wanted = tuple(arm.preset for arm in session.board.arms)
        if wanted != self._made:
            self._made = wanted
            self._columns.clear()
            with self._columns:
                self._draw_columns()

    def _draw_columns(self) -> None:
        words, session = self._screen.words, self._screen.session
        presets = {key: self._screen.preset(key) for key in available_practices()}
        count = len(session.board.arms)
        for arm in range(count):
            with ui.element("div").classes("parley-column"):
                letter = ui.label(LETTERS[arm]).classes("parley-letter")
                letter.style(f"background:{COLOURS[arm]}")
                select = choice(
                    words("head.column", letter=LETTERS[arm]),
                    presets,
                    session.board.arms[arm].preset,
                    functools.partial(self._change, arm),
                )
                select.classes("parley-preset")
                if count > 1:
                    label = words("head.remove", letter=LETTERS[arm])
                    button("close", label, functools.partial(self._remove, arm)).props("size=sm")
        if count < MOST_ARMS:
            button("add", words("head.add"), self._add)

    def _change(self, arm: int, preset: object) -> None:
        if preset != self._screen.session.board.arms[arm].preset:
            self._screen.act(lambda: self._screen.session.set_preset(arm, str(preset)))

    def _remove(self, arm: int) -> None:
        self._screen.act(lambda: self._screen.session.remove_arm(arm))

    def _add(self) -> None:
        used = {arm.preset for arm in self._screen.session.board.arms}
        preset = next(name for name in available_practices() if name not in used)
        self._screen.act(lambda: self._screen.session.add_arm(preset))

    def _speak(self, language: object) -> None:
        """The same screen in another language."""
        if language != self._screen.words.language:
            address = self._screen.address()
            ui.navigate.to(f"/{language}" + address[address.index("?") :])

    def months(self) -> None:
        """Nothing here changes with the months."""
