"""Panels of dots with intervals: rows down, outcomes across in tiers of four, one dot a series."""

from __future__ import annotations

import itertools
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from parley_analysis.notes import wrap
from parley_analysis.style import (
    DPI,
    FONT_POINTS,
    LEGEND_ROW_INCHES,
    WIDTH_INCHES,
    draw_legend,
    legend_rows,
    look,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes

    from parley_analysis.style import ArmStyle

ACROSS = 4
_GAP, _RIGHT = 0.16, 0.12  # inches
_COUNT_INCHES = 0.5
_LINE_INCHES = 0.2
_AXIS_INCHES = 0.35
_TITLE_CHARACTERS = 19
_CUT = 0.1
"""Share of intervals that may run out of a panel, so that one wide one does not hide the rest."""
_FOOT_CHARACTERS = 108
_OVER = 0.04  # inches that the number of a tick may reach past its panel


@dataclass(frozen=True, slots=True)
class Dot:
    """One mean with its interval.

    Attributes:
        row: Name of its row.
        series: Name of its series.
        value: The mean.
        low: Lower end of its interval, NaN for none.
        high: Upper end.
        count: What is written at the right, such as `7/8`; empty for nothing.
        filled: Whether the marker is filled.
    """

    row: str
    series: str
    value: float
    low: float
    high: float
    count: str = ""
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """One outcome.

    Attributes:
        title: Its label.
        under: Lines below the label: its unit, which way is better.
        dots: What is drawn.
        band: Half the width of a grey band around zero; 0 for none.
    """

    title: str
    under: Sequence[str]
    dots: Sequence[Dot]
    band: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """What the panels share.

    Attributes:
        title: Title of the figure.
        rows: Names of the rows, from the top.
        series: Name of a series to its style, in the order of their dots within a row.
        foot: Sentences under the panels; empty ones are left out.
        zero: Whether a line marks zero.
        legend: Whether the series are named above the panels.
        beside: Whether the dots of a row lie one below another; else on one line.
    """

    title: str
    rows: Sequence[str]
    series: Mapping[str, ArmStyle]
    foot: Sequence[str] = field(default_factory=tuple)
    zero: bool = False
    legend: bool = True
    beside: bool = True


def draw_panels(frame: Frame, panels: Sequence[Panel]) -> Figure:
    """Draw panels in tiers of four.

    Args:
        frame: What they share.
        panels: One for each outcome.

    Returns:
        The figure, 10 inches wide and as high as its rows need.
    """
    lines = len(frame.series) if frame.beside else 1
    row_inches = max(0.3, (0.18 if lines <= 3 else 0.13) * lines + 0.06)
    body = row_inches * len(frame.rows)
    heads = [wrap(panel.title, _TITLE_CHARACTERS) for panel in panels]
    units = [
        "\n".join(wrap(line, _TITLE_CHARACTERS + 1) for line in panel.under if line)
        for panel in panels
    ]
    tallest = max(h.count("\n") + u.count("\n") + 2 for h, u in zip(heads, units, strict=True))
    head = _LINE_INCHES * tallest + 0.12
    tiers = -(-len(panels) // ACROSS)
    title = wrap(frame.title, 72)
    foot = "\n".join(wrap(sentence, _FOOT_CHARACTERS) for sentence in frame.foot if sentence)
    top = 0.2 + 0.29 * (title.count("\n") + 1)
    legend = {textwrap.shorten(name, 40): style for name, style in frame.series.items()}
    if frame.legend:
        top += 0.34 + LEGEND_ROW_INCHES * (legend_rows(list(legend)) - 1)
    bottom = 0.215 * (foot.count("\n") + 1) + 0.12
    height = top + tiers * (head + body + _AXIS_INCHES) + bottom
    with look():
        figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI)
        left = 0.2 + 0.092 * max(len(line) for row in frame.rows for line in row.split("\n"))
        counted = any(dot.count for panel in panels for dot in panel.dots)
        across = min(ACROSS, len(panels))
        room = _GAP + (_COUNT_INCHES if counted else 0.0)
        width = (WIDTH_INCHES - left - _RIGHT) / across - room
        for i, panel in enumerate(panels):
            tier, column = divmod(i, ACROSS)
            x = left + column * (width + room)
            y = height - top - tier * (head + body + _AXIS_INCHES) - head - body
            axes = figure.add_axes(
                (x / WIDTH_INCHES, y / height, width / WIDTH_INCHES, body / height)
            )
            _draw(axes, frame, panel, named=column == 0)
            words_y = (y + body + 0.06) / height
            text = figure.text(x / WIDTH_INCHES, words_y, units[i], va="bottom", color="#333333")
            up = words_y + _LINE_INCHES * (units[i].count("\n") + 1) / height
            text.set_linespacing(1.15)
            figure.text(x / WIDTH_INCHES, up, heads[i], va="bottom", fontweight="bold")
        figure.text(0.012, 1 - 0.1 / height, title, va="top", fontsize=16, fontweight="bold")
        figure.text(0.012, 0.08 / height, foot, va="bottom", linespacing=1.25)
        if frame.legend:
            draw_legend(figure, legend, 1 - (0.16 + 0.29 * (title.count("\n") + 1)) / height)
    return figure


def _draw(axes: Axes, frame: Frame, panel: Panel, named: bool) -> None:
    """Draw one panel."""
    present = {dot.series for dot in panel.dots}
    alone = len(present) == 1  # then its dots stand level with the names of their rows
    series = [name for name in frame.series if not alone or name in present]
    step = 0.78 / max(len(frame.series), 1) if frame.beside else 0.0
    for dot in panel.dots:
        at = frame.rows.index(dot.row) + (series.index(dot.series) - (len(series) - 1) / 2) * step
        style = frame.series[dot.series]
        if np.isfinite(dot.low):
            axes.hlines(at, dot.low, dot.high, color=style.colour, linewidth=2.2)
        face = style.colour if dot.filled else "white"
        marker: dict[str, Any] = {"marker": style.marker, "ms": 6.5, "mfc": face, "mew": 1.5}
        axes.plot([dot.value], [at], linestyle="", color=style.colour, **marker)
        if dot.count:
            axes.annotate(
                dot.count,
                (1.04, at),
                xycoords=("axes fraction", "data"),
                va="center",
                color=style.text,
                fontsize=FONT_POINTS,
                annotation_clip=False,
            )
    axes.set_ylim(len(frame.rows) - 0.5, -0.5)
    axes.set_yticks(range(len(frame.rows)), frame.rows if named else [""] * len(frame.rows))
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    for edge in range(1, len(frame.rows)):
        axes.axhline(edge - 0.5, color="#e4e4e4", linewidth=0.8, zorder=0)
    if frame.zero:
        axes.axvline(0.0, color="#555555", linewidth=1.2, zorder=1)
    if panel.band:
        axes.axvspan(-panel.band, panel.band, color="#d9d9d9", zorder=0, linewidth=0)
    axes.margins(x=0.08)
    if frame.zero and panel.dots:
        axes.set_xlim(*_limits(panel.dots))
    _set_ticks(axes, panel.dots)


def _set_ticks(axes: Axes, dots: Sequence[Dot]) -> None:
    """Few ticks that keep clear of each other and of the next panel.

    Where all dots are one, that is the tick. Else those are chosen whose numbers fit within the
    panel; where fewer than two do, one by an edge is written inwards.
    """
    low, high = axes.get_xlim()
    inches = axes.get_position().width * WIDTH_INCHES
    ends = {end for dot in dots for end in (dot.value, dot.low, dot.high) if np.isfinite(end)}
    if len(ends) == 1:
        ticks, labels = _written(list(ends), (low, high))
    else:
        for wanted in (3, 2, 4, 5, 6):
            found = MaxNLocator(wanted, min_n_ticks=2).tick_values(low, high)
            ticks, labels = _written(found, (low, high))
            if len(ticks) > 1 and _fit(ticks, labels, (low, high), inches):
                break
        else:
            found = MaxNLocator(3, min_n_ticks=2).tick_values(low, high)
            ticks, labels = _written(found, (low, high))
            ticks, labels = [ticks[0], ticks[-1]], [labels[0], labels[-1]]
    axes.set_xticks(ticks, labels)
    for value, label in zip(ticks, axes.get_xticklabels(), strict=True):
        part = (value - low) / (high - low)
        if part * inches < _half(label.get_text()) - _OVER:
            label.set_horizontalalignment("left")
        elif (1.0 - part) * inches < _half(label.get_text()) - _OVER:
            label.set_horizontalalignment("right")


def _written(values: Iterable[float], limits: tuple[float, float]) -> tuple[list[float], list[str]]:
    """The values within limits, and what is written for them."""
    low, high = limits
    inside = [float(value) for value in values if low <= value <= high]
    return inside, [_tick(value, max(abs(low), abs(high))) for value in inside]


def _fit(
    ticks: Sequence[float], labels: Sequence[str], limits: tuple[float, float], inches: float
) -> bool:
    """Whether labels centred on their ticks stay in the panel, clear of each other."""
    low, high = limits
    at = [(tick - low) / (high - low) * inches for tick in ticks]
    halves = [_half(label) for label in labels]
    spans = [(x - half, x + half) for x, half in zip(at, halves, strict=True)]
    clear = all(a[1] + 0.08 < b[0] for a, b in itertools.pairwise(spans))
    return clear and spans[0][0] > -_OVER and spans[-1][1] < inches + _OVER


def _half(label: str) -> float:
    """Half the width of a label (inches)."""
    return 0.05 * len(label)


def _limits(dots: Sequence[Dot]) -> tuple[float, float]:
    """A scale that holds zero, every dot, and all but the widest tenth of the intervals."""
    values = np.array([dot.value for dot in dots])
    lows, highs = (np.array([getattr(dot, end) for dot in dots]) for end in ("low", "high"))
    lows, highs = (np.where(np.isfinite(ends), ends, values) for ends in (lows, highs))
    low = min(0.0, float(values.min()), float(np.quantile(lows, _CUT)))
    high = max(0.0, float(values.max()), float(np.quantile(highs, 1.0 - _CUT)))
    room = 0.08 * (high - low) or 0.05
    return low - room, high + room


def _tick(value: float, largest: float) -> str:
    """A short label of a tick."""
    text = f"{value:,.0f}" if largest >= 100 else f"{value:.3g}"
    return text.replace("-", "−")
