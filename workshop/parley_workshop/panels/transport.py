"""The bar below: play, pause, one month, speed, and where in time the page is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.panels.range import Range
from parley_workshop.panels.widgets import button, name
from parley_workshop.session import SPEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley_workshop.screen import Screen


class Transport:
    """The bar."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._where, self._playing = -2, False

    def build(self) -> None:
        """Draw it."""
        words, session = self._screen.words, self._screen.session
        with ui.footer().classes("parley-footer"):
            button("first_page", words("play.restart"), lambda: self._do(session.restart))
            self._play = button("play_arrow", words("play.play"), self._toggle).classes(
                "parley-play"
            )
            button("skip_next", words("play.step"), lambda: self._do(session.step))
            self._month = ui.label().classes("parley-month")
            last = session.board.months - 1
            self._slider = Range(words("play.jump"), (-1, last), 1, -1).classes("parley-time")
            self._slider.when_moved(self._jump).when_set(self._jump)
            self._ready = ui.label().classes("parley-ready")
            ui.switch(
                words("decide.stops"),
                value=self._screen.stops,
                on_change=lambda event: self._stop(event.value),
            ).props("dense")
            ui.label(words("play.speed")).classes("parley-speed-label").props("aria-hidden=true")
            speed = ui.select(
                list(map(int, SPEEDS)),
                value=int(session.speed),
                on_change=lambda e: self._speed(e.value),
            )
            speed.props("dense outlined options-dense").classes("parley-speed")
            name(speed, words("play.speed"))

    def _do(self, act: Callable[[], object]) -> None:
        self._screen.follow = -1
        act()
        self._screen.draw()
        self._screen.remember()

    def _toggle(self) -> None:
        session = self._screen.session
        self._do(session.pause if session.playing else session.play)

    def _jump(self, value: float) -> None:
        month = int(value)
        if month != self._screen.session.month:
            self._where = -2  # the handle goes back where a decision stops it
            self._do(lambda: self._screen.go(month))

    def _stop(self, stops: bool) -> None:
        self._screen.stops = stops
        self._screen.draw()
        self._screen.remember()

    def _speed(self, speed: float) -> None:
        self._screen.session.speed = float(speed)
        self._screen.remember()

    def months(self) -> None:
        """Show where in time the page is, and how far the model has got."""
        words, session = self._screen.words, self._screen.session
        playing = session.playing
        if playing != self._playing:
            self._playing = playing
            self._play.props["icon"] = "pause" if playing else "play_arrow"
            name(self._play, words("play.pause") if playing else words("play.play"))
        if session.month != self._where:
            self._where = session.month
            self._month.set_text(
                words("play.month", month=session.month + 1, months=session.board.months)
            )
            self._slider.put(session.month)
        share = session.ready() / session.board.months
        running = "" if session.finished() else words("page.running", share=words.percent(share))
        if running != self._ready.text:
            self._ready.set_text(running)

    def board(self) -> None:
        """Another length, which is told with the month."""
        self._slider.props["max"] = self._screen.session.board.months - 1
        self._where = -2
