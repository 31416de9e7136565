"""Marks of events: which shape is which kind, and few enough of them to be told apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui

from parley_workshop.panels.widgets import button

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nicegui.element import Element

    from parley_workshop.words import Words

SHAPES = {
    "end": "M3 0H7V10H3Z",
    "violence": "M2 0L5 3L8 0L10 2L7 5L10 8L8 10L5 7L2 10L0 8L3 5L0 2Z",
    "blockade": "M5 0L10 10H0Z",
    "march": "M5 0L10 5L5 10L0 5Z",
    "petition": "M5 0A5 5 0 0 1 5 10A5 5 0 0 1 5 0Z",
    "other": "M1 1H9V9H1Z",
}
"""Shape of a mark in a square of 10, by kind; of kinds that fall together the first shows."""
KINDS = {
    "sold": "end",
    "ended": "end",
    "left_site": "end",
    "closed": "end",
    "force": "violence",
    "reprisal": "violence",
    "violence": "violence",
    "blockade": "blockade",
    "march": "march",
    "petition": "petition",
}
"""Kind of a mark by kind of event; every event is also named when pointed at."""
MOST_SLOTS = 30
"""Marks in a row: so many stand side by side on a tablet."""
_SMALL, _LARGE, _LESS = 9, 12, 2
"""Pixels: a mark for one event and for more, and how much smaller one without a kind is."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened in one month, like events together.

    Attributes:
        month: From 1.
        kind: Kind of event.
        text: Words for it.
        count: How many.
    """

    month: int
    kind: str
    text: str
    count: int = 1


def slot_of(months: int) -> int:
    """How many months one mark stands for.

    >>> slot_of(24), slot_of(120)
    (1, 4)
    """
    return max(1, -(-months // MOST_SLOTS))


def marks(happened: Iterable[Happened], row: int, months: int) -> list[dict[str, Any]]:
    """One mark a slot of months, as the chart takes it; a larger one for more than one event.

    Args:
        happened: What happened in a row, in order of months.
        row: Row of the chart.
        months: Months of the board.
    """
    slot = slot_of(months)
    slots: dict[int, list[Happened]] = {}
    for one in happened:
        slots.setdefault((one.month - 1) // slot, []).append(one)
    return [_mark(at * slot + (slot + 1) / 2, row, found) for at, found in slots.items()]


def _mark(middle: float, row: int, found: Sequence[Happened]) -> dict[str, Any]:
    """The mark of a slot."""
    kind = leading(one.kind for one in found)
    size = _LARGE if sum(one.count for one in found) > 1 else _SMALL
    return {
        "value": [middle, row, _told(found)],
        "symbol": f"path://{SHAPES[kind]}",
        "symbolSize": size - _LESS if kind == "other" else size,
    }


def leading(kinds: Iterable[str]) -> str:
    """Kind of the mark for several kinds of events.

    >>> leading(["petition", "blockade", "turnover"])
    'blockade'
    """
    found = {KINDS.get(kind, "other") for kind in kinds}
    return next(kind for kind in SHAPES if kind in found)


def _told(found: Sequence[Happened]) -> str:
    """Every month of a slot and what happened in it."""
    months: dict[int, list[str]] = {}
    for one in found:
        months.setdefault(one.month, []).append(one.text)
    return "; ".join(f"{month}: {', '.join(texts)}" for month, texts in months.items())


class Key:
    """Shapes and words beside the marks, for the kinds that have occurred."""

    def __init__(self, words: Words, months: Callable[[], int]) -> None:
        """Nothing is drawn yet.

        Args:
            words: Texts.
            months: Gives the months of the board.
        """
        self._words, self._months = words, months
        self._shown: list[str] | None = None

    def build(self) -> None:
        """Make room for it, and a button that says what marks stand for."""
        with ui.element("div").classes("parley-marks"):
            self._room = ui.element("div").classes("parley-marks-key")
            about = button("info", self._words("marks.name"), self._explain)
            about.props("size=sm").classes("parley-marks-about")

    def show(self, kinds: set[str]) -> None:
        """Show these kinds of marks."""
        wanted = [kind for kind in SHAPES if kind in kinds]
        if wanted != self._shown:
            self._shown = wanted
            self._room.clear()
            self._list(self._room, wanted)

    def _list(self, room: Element, kinds: Iterable[str]) -> None:
        with room:
            for kind in kinds:
                with ui.element("span").classes("parley-key"):
                    drawn = (
                        f'<svg viewBox="0 0 10 10" aria-hidden="true"><path d="{SHAPES[kind]}"/>'
                    )
                    ui.html(f"{drawn}</svg>", sanitize=False).classes("parley-mark")
                    ui.label(self._words(f"marks.{kind}"))

    def _explain(self) -> None:
        words = self._words
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(words("marks.name")).classes("parley-title")
            self._list(ui.element("div").classes("parley-marks-all"), SHAPES)
            slot = slot_of(self._months())
            ui.label(words("marks.how", months=slot)).classes("parley-text")
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.open()
