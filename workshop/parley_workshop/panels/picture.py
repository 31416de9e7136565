"""A picture of the place for every column, and the same in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop.panels.place_canvas import PlaceCanvas
from parley_workshop.panels.widgets import choice
from parley_workshop.screen import COLOURS

if TYPE_CHECKING:
    from nicegui.elements.label import Label

    from parley_workshop.frames import Frame, Opening, Village
    from parley_workshop.screen import Screen

MEASURES = {"trust": "good", "grievance": "bad", "harm": "bad", "paid": "good"}
"""What villages can be coloured by, and which scale of colours."""
BLOCKED = frozenset({"blockade", "standoff", "suspended"})
_FAST = 3.0
"""Months a second above which only every sixth month is told aloud, and nothing travels."""
_TOLD_EVERY = 6


class PicturesPanel:
    """One picture a column."""

    def __init__(self, screen: Screen) -> None:
        """Nothing is drawn yet."""
        self._screen = screen
        self._measure = "trust"
        self._pictures: list[tuple[PlaceCanvas, Label]] = []
        self._made: object = None
        self._opened: list[Opening | None] = []
        self._shown: list[object] = []
        self._most = 0.0

    def build(self) -> None:
        """Make room for them."""
        words = self._screen.words
        with ui.element("div").classes("parley-choices"):
            options = {key: words(f"picture.{key}") for key in MEASURES}
            choice(words("picture.measure"), options, self._measure, self._measured).classes(
                "parley-measure"
            )
            self._legend = ui.element("div").classes("parley-legend")
        note = words("picture.everybody", group=words("paths.group"))
        self._everybody = ui.label(note).classes("parley-note")
        self._room = ui.element("div").classes("parley-pictures")
        self._aloud = ui.label().classes("parley-unseen")
        self._aloud.props["aria-live"] = "polite"

    def _measured(self, measure: object) -> None:
        self._measure = str(measure)
        self._shown = [None for _ in self._pictures]
        self.months()

    def board(self) -> None:
        """Other columns, another place."""
        session = self._screen.session
        self._shown = [None for _ in session.board.arms]
        wanted = tuple(self._screen.arm(arm) for arm in range(len(session.board.arms)))
        if wanted == self._made:
            return
        self._made = wanted
        self._pictures.clear()
        self._opened = [None for _ in wanted]
        self._room.clear()
        with self._room:
            for arm, label in enumerate(wanted):
                with ui.element("div").classes("parley-picture"):
                    head = ui.label(label).classes("parley-picture-name")
                    head.style(f"color:{COLOURS[arm]}")
                    canvas = PlaceCanvas(self._screen.words("picture.name", arm=label))
                    canvas.on("ready", lambda arm=arm: self._again(arm))
                    self._pictures.append((canvas, head))

    def _again(self, arm: int) -> None:
        """A canvas that has just come up knows nothing."""
        if arm < len(self._opened):
            self._opened[arm] = None
            self._shown[arm] = None
            self.months()

    def months(self) -> None:
        """Draw the month shown, where it differs from what is drawn."""
        session = self._screen.session
        self._everybody.set_visibility(session.group != "all")
        changed = False
        for arm, (canvas, _) in enumerate(self._pictures):
            opening = session.opening(arm)
            if opening is None:
                continue
            if self._opened[arm] is not opening:
                self._opened[arm] = opening
                self._shown[arm] = None
                canvas.open(opening)
                if arm == 0:
                    self._explain(opening)
            frames = session.frames(arm)
            at = min(session.month, len(frames) - 1)
            state = (at, session.hidden, frames[at] if at >= 0 else None)
            if self._shown[arm] != state:
                self._shown[arm] = state
                changed = True
                canvas.show(self._month(frames[at] if at >= 0 else None, arm))
        if changed:
            self._tell()

    def _month(self, frame: Frame | None, arm: int) -> dict[str, Any]:
        """A month as the canvas takes it."""
        session, words = self._screen.session, self._screen.words
        count = len(self._opened[arm].village_sizes) if self._opened[arm] else 0  # type: ignore[union-attr]
        if frame is None or session.hidden:
            empty: list[float | None] = [None] * count
            return {"values": empty, "texts": [], "acting": [0] * count, "paid": [], "notes": []}
        values = [self._value(village) for village in frame.villages]
        self._most = max(self._most, *values) if self._measure == "paid" else 1.0
        kinds = {happening.kind for happening in frame.happenings}
        return {
            "values": [round(value, 3) for value in values],
            "texts": [
                words.number(value) if self._measure == "paid" else words.fixed(value, 2)
                for value in values
            ],
            "top": self._most or 1.0,
            "scale": MEASURES[self._measure],
            "acting": [round(village.acting, 3) for village in frame.villages],
            "paid": [round(village.paid, 5) for village in frame.villages],
            "pulse": session.speed <= _FAST or not session.playing,
            "blocked": bool(kinds & BLOCKED),
            "notes": [self._screen.event(kind) for kind in sorted(kinds & BLOCKED)],
            "label": self.sentence(frame, arm),
        }

    def _value(self, village: Village) -> float:
        return float(getattr(village, self._measure))

    def sentence(self, frame: Frame, arm: int) -> str:
        """A month of a column in a sentence."""
        words, villages = self._screen.words, frame.villages
        count = len(villages)
        return words(
            "picture.sentence",
            arm=self._screen.arm(arm),
            month=frame.month + 1,
            trust=words.fixed(sum(v.trust for v in villages) / count, 2),
            grievance=words.fixed(sum(v.grievance for v in villages) / count, 2),
            acting=words.percent(sum(v.acting for v in villages) / count),
        )

    def _tell(self) -> None:
        """Say the month aloud; of months that run fast only some."""
        session = self._screen.session
        if session.month < 0 or session.hidden:
            return
        if session.playing and session.speed > _FAST and (session.month + 1) % _TOLD_EVERY:
            return
        arms = range(len(session.board.arms))
        frames = [session.frames(arm) for arm in arms]
        if all(len(months) > session.month for months in frames):
            self._aloud.set_text(
                " ".join(self.sentence(frames[arm][session.month], arm) for arm in arms)
            )

    def _explain(self, opening: Opening) -> None:
        """Which arc is which group, and what the strokes are."""
        shades = ("#005a9c", "#9a6700", "#00684a", "#8a3d6f", "#a63d00", "#4a5a66")
        own = [key for key in opening.groups if key not in ("all", "marginalised")]
        self._legend.clear()
        with self._legend:
            for at, key in enumerate(own[: len(opening.village_groups[0])]):
                with ui.element("span").classes("parley-key"):
                    line = ui.element("span").classes("parley-key-line")
                    kind = "dashed" if at % 2 else "solid"
                    line.style(f"border-top:4px {kind} {shades[at % len(shades)]}")
                    ui.label(self._screen.group(key))
            ui.label("▲ " + self._screen.words("picture.acting")).classes("parley-key")
            ui.label("○ " + self._screen.words("picture.paying")).classes("parley-key")
