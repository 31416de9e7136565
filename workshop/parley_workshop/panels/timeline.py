"""What happened and when: one row a column, one row for what came from outside, and the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop.board import LETTERS
from parley_workshop.panels.marks import Happened, Key, leading, marks
from parley_workshop.panels.widgets import name
from parley_workshop.screen import COLOURS

if TYPE_CHECKING:
    from parley_workshop.frames import Frame
    from parley_workshop.screen import Screen

QUIET = frozenset({"intervention_cost", "findings", "practices_change", "delivered", "response"})
"""Kinds of the model's record that are no news for a room."""
_INK = "#1d2a33"


class TimelinePanel:
    """The row of marks below the charts."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._made: object = None
        self._sent: dict[str, list[dict[str, Any]]] = {}
        self._key = Key(screen.words, lambda: screen.session.board.months)

    def build(self) -> None:
        """Make room for it."""
        with ui.element("div").classes("parley-timeline"):
            self._room = ui.element("div").classes("parley-events-room")
            self._key.build()
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
            "grid": {"left": 84, "right": 8, "top": 4, "bottom": 4},
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
                ":formatter": "(p) => String(p.value[2]).replace(/[<>&]/g, '')",
            },
            "series": [
                {
                    "id": key,
                    "type": "scatter",
                    "data": [],
                    "symbolKeepAspect": True,
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
        arms, months = len(session.board.arms), session.board.months
        rows = [() if session.hidden else self._happened(arm) for arm in range(arms)]
        outside = self._outside()
        wanted = {f"arm{arm}": marks(rows[arm], arms - 1 - arm, months) for arm in range(arms)}
        wanted["outside"] = marks(outside, arms, months)
        series = [
            {"id": key, "data": found}
            for key, found in wanted.items()
            if self._sent.get(key) != found
        ]
        if series:
            self._sent = wanted
            self._chart.run_chart_method("setOption", {"series": series}, {"lazyUpdate": True})
        self._key.show({leading([one.kind]) for row in (*rows, outside) for one in row})
        news = "" if session.hidden else self._latest()
        if news != self._news.text:
            self._news.set_text(news)

    def _happened(self, arm: int) -> list[Happened]:
        """What happened in a column up to the month shown."""
        shown = self._screen.session.frames(arm)[: self._screen.session.month + 1]
        return [
            Happened(frame.month + 1, kind, text, count)
            for frame in shown
            for kind, text, count in self.happenings(frame)
        ]

    def happenings(self, frame: Frame) -> list[tuple[str, str, int]]:
        """Kinds of what happened in a month, words for each, and how often it did."""
        counts: dict[str, int] = {}
        for happening in frame.happenings:
            if happening.kind not in QUIET:
                counts[happening.kind] = counts.get(happening.kind, 0) + 1
        return [
            (kind, self._screen.event(kind) + (f" × {count}" if count > 1 else ""), count)
            for kind, count in counts.items()
        ]

    def _outside(self) -> list[Happened]:
        """What came from outside up to the month shown."""
        return [
            Happened(event.month + 1, "", self._screen.told(event.label))
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
            words = [text for _, text, _ in self.happenings(session.frames(arm)[session.month])]
            if words:
                parts.append(f"{LETTERS[arm]}: {', '.join(words)}")
        outside = [
            self._screen.told(event.label)
            for event in self._screen.place().place.events
            if event.month == session.month
        ]
        return "  ·  ".join([*parts, *outside])
