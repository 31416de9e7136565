"""The sheet a figure is drawn on: a head, panels of fixed width with row titles, and a foot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from matplotlib.figure import Figure

from parley_analysis.load import AnalysisError
from parley_analysis.notes import wrap
from parley_analysis.style import (
    DPI,
    LEGEND_ROW_INCHES,
    WIDTH_INCHES,
    draw_legend,
    legend_rows,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from parley_analysis.load import Batch
    from parley_analysis.style import ArmStyle

MOST_PLACES = 3
_MARGIN = 0.012  # of the width
_TITLE_CHARACTERS = 72
_TITLE_LINE_INCHES = 0.29
_LEGEND_INCHES = 0.34
_COLUMN_INCHES = 0.88  # from the top of the panels to the top of the titles of columns
_ROW_TITLE_INCHES = 0.55
_AXIS_INCHES = 0.42
_FOOT_CHARACTERS = 108
_FOOT_LINE_INCHES = 0.215


def drawn_places(batch: Batch, places: Sequence[str] | None, most: int) -> tuple[str, ...]:
    """Check which places to draw.

    Args:
        batch: The results.
        places: Their keys; None for all.
        most: How many the figure has room for.

    Raises:
        AnalysisError: An unknown name, or too many.
    """
    chosen = batch.places if places is None else tuple(places)
    for place in chosen:
        if place not in batch.places:
            raise AnalysisError(f"no place {place!r}; there are: {', '.join(batch.places)}")
    if len(chosen) > most:
        raise AnalysisError(f"{len(chosen)} places; one figure takes at most {most}")
    return chosen


def place_names(batch: Batch, places: Sequence[str]) -> list[str]:
    """Short names of places; by their keys where two would bear the same name."""
    names = [batch.short_place(place) for place in batch.places]
    return [
        name if names.count(name) == 1 else place.replace("_", " ").capitalize()
        for place in places
        for name in [batch.short_place(place)]
    ]


@dataclass(frozen=True)
class Words:
    """What is written around the panels.

    Attributes:
        title: Title of the figure.
        columns: Title of every column of panels.
        foot: Sentences for the foot, one paragraph each; empty ones are left out.
        legend: Names and styles to show under the title; none where lines bear their names.
    """

    title: str
    columns: Sequence[str]
    foot: Sequence[str]
    legend: Mapping[str, ArmStyle] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A figure with a grid of panels.

    Attributes:
        figure: The figure.
        panels: Its panels, shape (rows, columns).
    """

    figure: Figure
    panels: npt.NDArray[Any]

    @classmethod
    def make(
        cls,
        rows: int,
        words: Words,
        row_inches: float,
        left_inches: float = 0.75,
        label_inches: float = 0.25,
        first_left: float | None = None,
    ) -> Self:
        """Lay out the panels and write the words.

        Args:
            rows: Rows of panels.
            words: What is written around them.
            row_inches: Height of a panel.
            left_inches: Room left of each panel, for its scale.
            label_inches: Room right of each panel, for names at the ends of lines.
            first_left: Room left of the first panel, where it differs.
        """
        title = wrap(words.title, _TITLE_CHARACTERS)
        foot = "\n".join(wrap(sentence, _FOOT_CHARACTERS) for sentence in words.foot if sentence)
        title_inches = 0.15 + (title.count("\n") + 1) * _TITLE_LINE_INCHES
        head = title_inches + _COLUMN_INCHES
        if words.legend:
            head += _LEGEND_INCHES + LEGEND_ROW_INCHES * (legend_rows(list(words.legend)) - 1)
        pitch = row_inches + _ROW_TITLE_INCHES + _AXIS_INCHES
        foot_inches = (foot.count("\n") + 1) * _FOOT_LINE_INCHES + 0.15
        height = head + rows * pitch - _ROW_TITLE_INCHES + foot_inches
        figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI)
        columns = len(words.columns)
        first = left_inches if first_left is None else first_left
        taken = first + (columns - 1) * left_inches + columns * label_inches
        width = (WIDTH_INCHES - taken) / columns
        panels = np.empty((rows, columns), dtype=object)
        for row in range(rows):
            for column in range(columns):
                left = first + column * (width + label_inches + left_inches)
                bottom = height - head - row_inches - row * pitch
                box = (left / WIDTH_INCHES, bottom / height)
                size = (width / WIDTH_INCHES, row_inches / height)
                panels[row, column] = figure.add_axes((*box, *size))
        sheet = cls(figure, panels)
        sheet._write(title, words, foot, title_inches)
        return sheet

    def title_row(self, row: int, name: str, what: str) -> None:
        """Write above a row of panels what it shows."""
        box = self.panels[row, 0].get_position()
        y = box.y1 + 0.27 / self.figure.get_figheight()
        text = self.figure.text(_MARGIN, y, name, va="bottom", fontweight="bold")
        right = text.get_window_extent().x1 / self.figure.bbox.width
        self.figure.text(right + 0.008, y, what, va="bottom", color="#333333")

    def _write(self, title: str, words: Words, foot: str, title_inches: float) -> None:
        """Write the title, the legend, the titles of columns and the foot."""
        height = self.figure.get_figheight()
        top = 1 - 0.1 / height
        self.figure.text(_MARGIN, top, title, va="top", fontsize=16, fontweight="bold")
        for panel, name in zip(self.panels[0], words.columns, strict=True):
            box = panel.get_position()
            y = box.y1 + _COLUMN_INCHES / height
            self.figure.text(box.x0, y, name, va="top", fontsize=14, fontweight="bold")
        self.figure.text(_MARGIN, 0.08 / height, foot, va="bottom", linespacing=1.25)
        if words.legend:
            draw_legend(self.figure, words.legend, 1 - (title_inches - 0.08) / height)
