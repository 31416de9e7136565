"""Predict, then reveal: what the room thinks will happen, drawn before it sees; and a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import about
from parley_workshop.panels.predict_vote import PredictVote
from parley_workshop.panels.range import Range
from parley_workshop.panels.widgets import button, choice, number
from parley_workshop.session import Target

if TYPE_CHECKING:
    from parley_workshop.screen import Screen

STEPS = 50
_SHARES = ("share", "index")
_LEAST_TOP = 1e-6


class Predicting:
    """A button and its dialog."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._outcome = ""
        self._sliders: dict[tuple[int, int], Range] = {}
        self._vote = PredictVote(screen, lambda: self._outcome)

    def build(self) -> None:
        """Draw the button."""
        button("draw", self._screen.words("predict.open"), self._open)

    def _open(self) -> None:
        screen, words = self._screen, self._screen.words
        self._outcome = screen.session.outcomes[0]
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(words("predict.title")).classes("parley-title")
            labels = {key: screen.outcome(key) for key in screen.session.outcomes}
            choice(words("predict.outcome"), labels, self._outcome, self._choose)
            self._room = ui.element("div").classes("parley-wide")
            with ui.row():
                ui.button(words("predict.keep"), on_click=self._keep).props("no-caps")
                ui.button(words("predict.clear"), on_click=self._clear).props("outline no-caps")
            self._vote.build()
            ui.label(words("predict.target")).classes("parley-subtitle")
            self._target_room = ui.element("div").classes("parley-wide")
            with ui.row():
                ui.button(words("predict.set_target"), on_click=self._aim).props("no-caps")
                ui.button(words("predict.no_target"), on_click=self._no_aim).props(
                    "outline no-caps"
                )
                ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.on_value_change(lambda event: None if event.value else self._vote.leave())
        self._draw()
        dialog.open()

    def _choose(self, outcome: object) -> None:
        self._outcome = str(outcome)
        self._draw()

    def months(self) -> tuple[int, int]:
        """Months for which the room says a value: the middle and the end."""
        last = self._screen.session.board.months - 1
        return last // 2, last

    def _draw(self) -> None:
        """A slider for every column and month, and one for the target."""
        screen = self._screen
        top = self.top()
        self._sliders.clear()
        self._room.clear()
        with self._room:
            for arm in range(len(screen.session.board.arms)):
                for month in self.months():
                    label = screen.words("predict.middle", arm=screen.arm(arm), month=month + 1)
                    self._sliders[arm, month] = self._slider(label, top, self._first(arm))
        self._target_room.clear()
        with self._target_room:
            self._target = self._slider(screen.words("predict.target"), top, top / 2)

    def _slider(self, label: str, top: float, value: float) -> Range:
        with ui.element("div").classes("parley-fact"):
            ui.label(label).classes("parley-dial-label")
            slider = Range(label, (0.0, top), top / STEPS, value)
            shown = ui.label(number(value)).classes("parley-level")
            slider.when_moved(lambda moved: shown.set_text(number(moved)))
        return slider

    def _first(self, arm: int) -> float:
        """Value of the first month, where every path starts."""
        session = self._screen.session
        frames = session.frames(arm)
        if not frames:
            return self.top() / 2
        value = frames[0].values[self._outcome][0]
        return value if value == value else 0.0  # noqa: PLR0124 - NaN

    def top(self) -> float:
        """Upper end of the sliders: 1 for shares, else twice what the first month has."""
        if about.outcomes()[self._outcome].kind in _SHARES:
            return 1.0
        arms = range(len(self._screen.session.board.arms))
        first = max(
            (f[0].values[self._outcome][0] for a in arms if (f := self._screen.session.frames(a))),
            default=1.0,
        )
        return max(2.0 * first, _LEAST_TOP) if first > 0 else 1.0

    def _keep(self) -> None:
        session = self._screen.session
        for arm in range(len(session.board.arms)):
            points = [(0, self._first(arm))]
            points += [(m, self._sliders[arm, m].value) for m in self.months()]
            session.predict(arm, self._outcome, points)
        self._screen.draw()

    def _clear(self) -> None:
        self._screen.session.predictions.clear()
        self._screen.draw()

    def _aim(self) -> None:
        value = self._target.value
        session = self._screen.session
        session.target = Target(self._outcome, session.group, value)
        self._screen.draw()

    def _no_aim(self) -> None:
        self._screen.session.target = None
        self._screen.draw()
