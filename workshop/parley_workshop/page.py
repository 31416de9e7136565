"""The page: every browser that opens it has a screen of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nicegui import app, ui
from nicegui.translations import translations

from parley.errors import ParleyError
from parley_workshop.door import Door
from parley_workshop.engine import LocalEngine
from parley_workshop.links import read_link
from parley_workshop.panels.changed import ChangedPanel
from parley_workshop.panels.decision import DecisionPanel
from parley_workshop.panels.facts import FactsPanel
from parley_workshop.panels.header import Header
from parley_workshop.panels.keys import listen
from parley_workshop.panels.paths import PathsPanel
from parley_workshop.panels.picture import PicturesPanel
from parley_workshop.panels.practices import PracticesPanel
from parley_workshop.panels.timeline import TimelinePanel
from parley_workshop.panels.transport import Transport
from parley_workshop.panels.voting import TabMemory, Voting
from parley_workshop.panels.widgets import name
from parley_workshop.phones import Phones
from parley_workshop.said import from_text
from parley_workshop.screen import BEATS_A_SECOND, Panel, Screen
from parley_workshop.session import Session
from parley_workshop.votes import Rooms
from parley_workshop.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nicegui import Client

    from parley_workshop.serve import Serving
    from parley_workshop.stream import Engine

STATIC = Path(__file__).resolve().parent / "static"
_SWEEP_SECONDS = 60.0
_WIDGETS = {"en": "en-US", "es": "es", "bs": "bs-BA"}
"""Languages of NiceGUI's own texts."""


def tell_connection() -> None:
    """Have NiceGUI tell a lost connection in the languages of the page; it knows no Bosnian."""
    for language, code in _WIDGETS.items():
        words = Words(language)
        translations[code] = {  # type: ignore[index]
            "connection_lost": words("connection.lost"),
            "trying_to_reconnect": words("connection.again"),
            "message_too_long": words("connection.long"),
            "message_too_long_body": words("connection.long_body"),
        }


class Pages:
    """The addresses that are served; one engine runs the months of all screens."""

    def __init__(self, engine: Engine, serving: Serving) -> None:
        """Nothing is served yet."""
        self._engine, self._serving = engine, serving
        self._behind: LocalEngine | None = None
        self._rooms = Rooms()

    def background(self) -> LocalEngine:
        """One process more, for what is run beside the rooms' own months; made when first asked."""
        self._behind = self._behind or LocalEngine(1)
        return self._behind

    def close(self) -> None:
        """End that process."""
        if self._behind:
            self._behind.close()

    def register(self) -> None:
        """Serve the page at the root, and in each language at an address of its own."""
        app.config.quasar_config["loadingBar"] = {"skipHijack": True}  # it has no name for readers
        app.add_middleware(Door, key=self._serving.key)
        app.add_static_files("/parley", STATIC)
        tell_connection()
        self._serve("/", self._serving.language)
        for language in LANGUAGES:
            self._serve(f"/{language}", language)
        if self._serving.lan:
            app.mount("/vote", Phones(self._rooms))
            app.timer(_SWEEP_SECONDS, self._rooms.sweep)

    def _serve(self, path: str, language: str) -> None:
        @ui.page(path, language=_WIDGETS[language])  # type: ignore[arg-type]
        def page(client: Client) -> None:
            asked = client.request.query_params
            screen, trouble = self._open(language, asked, client)
            screen.session.hidden = asked.get("hidden", "0") not in ("", "0")
            screen.session.group = asked.get("group", "all")
            screen.stops = asked.get("stops", "1") != "0"
            screen.choose_outcomes(asked.get("outcomes", "").split(","))
            screen.come_back(month_of(asked.get("month", ""), screen.session.board.months))
            build(screen, self._serving)
            for told in trouble:
                screen.warn(told)
            client.on_delete(screen.close)

    def _open(
        self, language: str, asked: Mapping[str, str], client: Client
    ) -> tuple[Screen, list[str]]:
        """A screen with what an address holds, and what of it did not read.

        In place of a board that does not read, the first board is opened.
        """
        words, board, trouble, read = Words(language), self._serving.board, [], True
        if asked.get("board"):
            try:
                board, warning = read_link(asked["board"])
                trouble += [words("page.other_version")] if warning else []
            except ParleyError as error:
                read = False
                trouble.append(words("page.bad_link", problem=str(error)))
        screen = Screen(Session(self._engine, board, language), words, self.background)
        screen.voting = Voting(words, self._serving, self._rooms, TabMemory(client))
        client.on_connect(screen.voting.resume)
        if read:  # what was said belongs to the board it was said of
            try:
                screen.recall(from_text(asked.get("said", ""), board))
            except ParleyError as error:
                trouble.append(words("page.bad_said", problem=str(error)))
        return screen, trouble


def month_of(text: str, months: int) -> int:
    """The month an address asks for, as far as there is one; -1 where it asks for none.

    >>> month_of("7", 24), month_of("900", 24), month_of("seven", 24)
    (7, 23, -1)
    """
    try:
        return max(-1, min(int(text), months - 1))
    except ValueError:
        return -1


def style() -> None:
    """Colours, the sheet of styles, and how charts and sliders write numbers."""
    ui.colors(primary="#005a9c", secondary="#3d4f5c", negative="#a4000f", warning="#f2d98b")
    ui.add_head_html('<link rel="stylesheet" href="/parley/page.css">')
    ui.add_head_html('<script src="/parley/figures.js"></script>')


def build(screen: Screen, serving: Serving) -> None:
    """Draw everything, and start the beat.

    Args:
        screen: What it shows.
        serving: How it is served; the page says who can open it.
    """
    style()
    words = screen.words
    header, transport = Header(screen, serving), Transport(screen)
    decision = DecisionPanel(screen)
    header.build()
    with ui.element("main").classes("parley-main"):
        with ui.element("section").classes("parley-left") as left:
            name(left, words("page.paths"))
            paths, timeline = PathsPanel(screen, decision.series), TimelinePanel(screen)
            paths.build()
            timeline.build()
        with ui.element("section").classes("parley-right") as right:
            name(right, words("page.tools"))
            tools = _tools(screen, decision)
    transport.build()
    screen.panels = [header, paths, timeline, *tools, decision, transport]
    listen(screen)
    screen.redraw()
    ui.timer(1.0 / BEATS_A_SECOND, screen.beat)
    ui.timer(1.0, screen.remember)


def _tools(screen: Screen, decision: DecisionPanel) -> list[Panel]:
    """The tabs beside the charts."""
    words = screen.words
    panels: tuple[tuple[str, str, Any], ...] = (
        ("place", words("page.tab_place"), PicturesPanel(screen)),
        ("practices", words("page.tab_practices"), PracticesPanel(screen)),
        ("facts", words("page.tab_facts"), FactsPanel(screen)),
        ("changed", words("page.tab_changed"), ChangedPanel(screen)),
    )
    with ui.tabs().props("dense no-caps align=left inline-label").classes("parley-tabs") as tabs:
        heads = {key: ui.tab(key, label=label) for key, label, _ in panels}
    with ui.tab_panels(tabs, value="place", animated=False, keep_alive=True).classes(
        "parley-tools"
    ):
        for key, _, panel in panels:
            with ui.tab_panel(heads[key]):
                panel.build()
                if key == "changed":
                    decision.build()
    return [panel for _, _, panel in panels]
