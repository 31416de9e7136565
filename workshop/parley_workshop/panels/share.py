"""Links and files: a screen handed on, saved, and opened again."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.links import part_of, read_link
from parley_workshop.panels.opener import Opener
from parley_workshop.panels.widgets import button
from parley_workshop.said import from_text
from parley_workshop.scenario_files import LARGEST_FILE, board_of_file, scenario_files
from parley_workshop.serve import addresses

if TYPE_CHECKING:
    from parley_workshop.screen import Screen
    from parley_workshop.serve import Serving


_COPY = """if (navigator.clipboard) navigator.clipboard.writeText(%s);
else { document.querySelector(".parley-own-link input").select(); document.execCommand("copy"); }"""
"""Browsers lend their clipboard to this machine's own page only; the old way works on others."""


class SharePanel:
    """A button in the head, and its dialog."""

    def __init__(self, screen: Screen, serving: Serving) -> None:
        """Nothing is drawn yet."""
        self._screen, self._serving = screen, serving

    def build(self) -> None:
        """Draw the button."""
        button("link", self._screen.words("head.link"), self._open)

    def _open(self) -> None:
        words, screen = self._screen.words, self._screen
        link = addresses(self._serving)[-1].rstrip("/") + screen.address()
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(words("head.link")).classes("parley-title")
            ui.label(words("door.link" if self._serving.lan else "head.link_alone"))
            shown = ui.input(words("head.this_link"), value=link).props("readonly outlined dense")
            shown.classes("parley-wide parley-own-link")
            copy = ui.button(words("head.copy"), on_click=functools.partial(self._copy, link))
            copy.props("no-caps")
            given = ui.input(words("head.other_link")).props("outlined clearable dense")
            given.classes("parley-wide parley-given-link")

            def load() -> None:
                screen.act(lambda: self._load(given.value or ""))
                dialog.close()

            ui.button(words("head.open"), on_click=load).props("no-caps outline")
            ui.label(words("share.files")).classes("parley-subtitle")
            ui.label(words("share.how")).classes("parley-note")
            with ui.row():
                for arm in range(len(screen.session.board.arms)):
                    save = ui.button(screen.arm(arm), icon="download")
                    save.props("no-caps outline").on_click(functools.partial(self._save, arm))

            def take(text: str) -> None:
                screen.act(lambda: screen.open(board_of_file(text)))
                dialog.close()

            opener = Opener(words("share.open"), ".toml", LARGEST_FILE)
            opener.when_opened(take, lambda: screen.warn(words("share.too_large")))
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()

    def _load(self, text: str) -> None:
        """Open the board of a link or an address, with what was said of it if that is there."""
        board, warning = read_link(text)
        said = part_of(text, "said")
        self._screen.open(board, from_text(said, board) if said else None)
        if warning:
            self._screen.warn(self._screen.words("page.other_version"))

    def _save(self, arm: int) -> None:
        """Download the files of a column."""
        for name, text in scenario_files(self._screen.session.board, arm).items():
            ui.download.content(text, name)

    def _copy(self, link: str) -> None:
        ui.run_javascript(_COPY % json.dumps(link))
        ui.notify(self._screen.words("head.copied"), type="positive", color="green-10")
