"""What happened and when: one row a column, one row for what came from outside, and the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop.panels.widgets import name
from parley_workshop.screen import COLOURS, LETTERS

if TYPE_CHECKING:
    from parley_workshop.frames import Frame
    from parley_workshop.screen import Screen

SHAPES = {
    "blockade": "triangle",
    "standoff": "triangle",
    "march": "diamond",
    "petition": "circle",
    "force": "pin",
    "reprisal": "pin",
    "violence": "pin",
    "apology": "roundRect",
    "delivered": "rect",
    "sold": "arrow",
    "ended": "arrow",
}
"""Shape of a mark by kind of event; every kind is also named when pointed at."""
QUIET = frozenset({"intervention_cost", "findings", "practices_change", "delivered", "response"})
"""Kinds of the model's record that are no news for a room."""
_INK = "#1d2a33"


class TimelinePanel:
    """The row of marks below the charts."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._made: object = None
        self._sent: dict[str, int] = {}

    def build(self) -> None:
        """Make room for it."""
        self._room = ui.element("div").classes("parley-timeline")
        self._news = ui.label().classes("parley-news")
        self._news.props["aria-live"] = "polite"

    def board(self) -> None:
        """Make it anew for other columns or another length."""
        session = self._screen.session
        self._sent = {}
        wanted = (len(session.board.arms), session.board.months, session.board.place)
        if wanted != self._made:
            self._made = wanted
            self._room.clear()
            with self._room:
                self._chart = ui.echart(self._options()).classes("parley-events")
                self._chart.props["role"] = "img"
                name(self._chart, self._screen.words("timeline.name"))

    def _options(self) -> dict[str, Any]:
        session, words = self._screen.session, self._screen.words
        count = len(session.board.arms)
        rows = [*(LETTERS[arm] for arm in reversed(range(count))), words("timeline.outside")]
        return {
            "animation": False,
            "grid": {"left": 84, "right": 150, "top": 4, "bottom": 4},
            "xAxis": {"type": "value", "min": 0, "max": session.board.months, "show": False},
            "yAxis": {
                "type": "category",
                "data": rows,
                "axisTick": {"show": False},
                "axisLabel": {"fontSize": 14, "color": _INK, "fontWeight": "bold"},
                "splitLine": {"show": True},
            },
            "tooltip": {
                "confine": True,
                "textStyle": {"fontSize": 15},
                ":formatter": "(p) => p.value[0] + ': ' + String(p.value[2]).replace(/[<>&]/g, '')",
            },
            "series": [
                {
                    "id": key,
                    "type": "scatter",
                    "data": [],
                    "symbolSize": 13,
                    "itemStyle": {"color": colour, "borderColor": "#ffffff", "borderWidth": 1},
                }
                for key, colour in [
                    *((f"arm{arm}", COLOURS[arm]) for arm in range(count)),
                    ("outside", _INK),
                ]
            ],
        }

    def months(self) -> None:
        """Send marks that are new, and say what has just happened."""
        session = self._screen.session
        marks = {"outside": self._outside()}
        for arm in range(len(session.board.arms)):
            marks[f"arm{arm}"] = [] if session.hidden else self._marks(arm)
        series = [
            {"id": key, "data": found}
            for key, found in marks.items()
            if self._sent.get(key, -1) != len(found)
        ]
        if series:
            self._sent = {key: len(found) for key, found in marks.items()}
            self._chart.run_chart_method("setOption", {"series": series}, {"lazyUpdate": True})
        news = "" if session.hidden else self._latest()
        if news != self._news.text:
            self._news.set_text(news)

    def _marks(self, arm: int) -> list[dict[str, Any]]:
        row = len(self._screen.session.board.arms) - 1 - arm
        shown = self._screen.session.frames(arm)[: self._screen.session.month + 1]
        return [
            {"value": [frame.month + 1, row, text], "symbol": SHAPES.get(kind, "circle")}
            for frame in shown
            for kind, text in self.happenings(frame)
        ]

    def happenings(self, frame: Frame) -> list[tuple[str, str]]:
        """Kinds of what happened in a month, and words for each; like kinds count together."""
        counts: dict[str, int] = {}
        for happening in frame.happenings:
            if happening.kind not in QUIET:
                counts[happening.kind] = counts.get(happening.kind, 0) + 1
        return [
            (kind, self._screen.event(kind) + (f" × {count}" if count > 1 else ""))
            for kind, count in counts.items()
        ]

    def _outside(self) -> list[dict[str, Any]]:
        row = len(self._screen.session.board.arms)
        return [
            {"value": [event.month + 1, row, self._screen.told(event.label)], "symbol": "circle"}
            for event in self._screen.place().place.events
            if event.month <= self._screen.session.month
        ]

    def _latest(self) -> str:
        """What happened in the month shown, column by column, and outside."""
        session = self._screen.session
        if session.month < 0:
            return ""
        parts = []
        for arm in range(len(session.board.arms)):
            words = [text for _, text in self.happenings(session.frames(arm)[session.month])]
            if words:
                parts.append(f"{LETTERS[arm]}: {', '.join(words)}")
        outside = [
            self._screen.told(event.label)
            for event in self._screen.place().place.events
            if event.month == session.month
        ]
        return "  ·  ".join([*parts, *outside])
