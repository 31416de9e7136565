"""The sheet a figure is drawn on: panels of fixed width, a head, row titles and a foot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from parley_analysis.notes import wrap
from parley_analysis.style import DPI, WIDTH_INCHES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from parley_analysis.style import ArmStyle

_FOOT_CHARACTERS = 104
_FOOT_LINE_INCHES = 0.215
_HEAD_INCHES = 1.4
_TITLE_INCHES = 0.55
_AXIS_INCHES = 0.42


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
        size: tuple[int, int],
        foot: Sequence[str],
        row_inches: float,
        left_inches: float = 0.75,
        label_inches: float = 0.25,
        first_left: float | None = None,
    ) -> Self:
        """Lay out the panels.

        Args:
            size: Rows and columns of panels.
            foot: Sentences for the foot, one paragraph each; empty ones are left out.
            row_inches: Height of a panel.
            left_inches: Room left of each panel, for its scale.
            label_inches: Room right of each panel, for names at the ends of lines.
            first_left: Room left of the first panel, where it differs.
        """
        rows, columns = size
        lines = "\n".join(wrap(sentence, _FOOT_CHARACTERS) for sentence in foot if sentence)
        foot_inches = (lines.count("\n") + 1) * _FOOT_LINE_INCHES + 0.15
        row_pitch = row_inches + _TITLE_INCHES + _AXIS_INCHES
        height = _HEAD_INCHES + rows * row_pitch - _TITLE_INCHES + foot_inches
        figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI)
        first = left_inches if first_left is None else first_left
        taken = first + (columns - 1) * left_inches + columns * label_inches
        width = (WIDTH_INCHES - taken) / columns
        panels = np.empty(size, dtype=object)
        for row in range(rows):
            for column in range(columns):
                left = first + column * (width + label_inches + left_inches)
                bottom = height - _HEAD_INCHES - row_inches - row * row_pitch
                box = (left / WIDTH_INCHES, bottom / height)
                panels[row, column] = figure.add_axes(
                    (*box, width / WIDTH_INCHES, row_inches / height)
                )
        figure.text(0.012, 0.08 / height, lines, va="bottom", linespacing=1.25, color="#333333")
        return cls(figure, panels)

    def head(self, title: str, columns: Sequence[str]) -> None:
        """Write the title of the figure and of every column of panels."""
        height = self.figure.get_figheight()
        self.figure.text(0.012, 1 - 0.1 / height, title, va="top", fontsize=16, fontweight="bold")
        for panel, words in zip(self.panels[0], columns, strict=True):
            left = panel.get_position().x0
            y = 1 - 0.52 / height
            self.figure.text(left, y, words, va="top", fontsize=14, fontweight="bold")

    def title_row(self, row: int, name: str, what: str) -> None:
        """Write above a row of panels what it shows."""
        box = self.panels[row, 0].get_position()
        y = box.y1 + 0.27 / self.figure.get_figheight()
        text = self.figure.text(0.012, y, name, va="bottom", fontweight="bold")
        self.figure.draw_without_rendering()
        right = text.get_window_extent().x1 / self.figure.bbox.width
        self.figure.text(right + 0.008, y, what, va="bottom", color="#333333")

    def legend(self, names: Mapping[str, ArmStyle]) -> None:
        """Show which marker is whose, in the head at the right."""
        handles = [
            Line2D([], [], color=s.colour, marker=s.marker, linestyle="", markersize=9, label=name)
            for name, s in names.items()
        ]
        y = 1 - 0.02 / self.figure.get_figheight()
        self.figure.legend(
            handles=handles,
            loc="upper right",
            bbox_to_anchor=(0.99, y),
            ncols=len(handles),
            frameon=False,
            handletextpad=0.1,
            columnspacing=1.0,
        )
