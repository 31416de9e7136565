"""Robustness metrics by arm in one picture: dots with intervals, and the rank beside each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.load import key_words
from parley_analysis.notes import wrap
from parley_analysis.robustness import METRICS, SMALLER_IS_BETTER
from parley_analysis.style import arm_styles, look

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 10.0
_COLUMNS = 2
_LEAST_LEFT, _RIGHT, _GAP = 1.5, 0.3, 0.55
_ROW, _BETWEEN = 0.34, 1.15
_LETTERS = 32


def robustness_figure(table: pd.DataFrame, unit: str, sign: int, title: str) -> Figure:
    """Draw every metric for every arm.

    Args:
        table: From `robustness.metrics`.
        unit: Unit of the outcome.
        sign: 1 where more of the outcome is better, -1 where less is.
        title: What the outcome is.
    """
    from matplotlib.figure import Figure

    shown = [name for name in METRICS if name in set(table["metric"])]
    arms = list(dict.fromkeys(table["arm"]))
    rows = -(-len(shown) // _COLUMNS)
    text = wrap(
        f"Bars: 95% intervals over redrawn worlds, the same for all arms ({table['worlds'].max()} "
        "worlds). Numbers at the right: rank, 1 is best. ◀ ▶ the better side."
        + (f" {NEAR}" if MARK in title else ""),
        108,
    )
    title = wrap(title, 78)
    inner = _ROW * len(arms) + 0.2
    head = 0.7 + 0.28 * (title.count("\n") + 1)
    below = 0.35 + 0.22 * (text.count("\n") + 1)
    height = head + rows * (inner + _BETWEEN) + below
    names = [key_words(arm) for arm in arms]
    first = max(_LEAST_LEFT, 0.25 + 0.095 * max(map(len, names)))
    width = (_WIDTH - first - _RIGHT - _GAP * (_COLUMNS - 1)) / _COLUMNS
    with look():
        figure = Figure(figsize=(_WIDTH, height))
        figure.text(0.012, 1 - 0.1 / height, title, va="top", fontsize=15, fontweight="bold")
        figure.text(0.012, 0.1 / height, text, va="bottom", fontsize=11)
        for i, name in enumerate(shown):
            row, column = divmod(i, _COLUMNS)
            left = first + column * (width + _GAP)
            bottom = height - head - row * (inner + _BETWEEN) - inner
            place = (left / _WIDTH, bottom / height, width / _WIDTH, inner / height)
            panel = figure.add_axes(place)
            part = table[table["metric"] == name].set_index("arm").loc[arms]
            _draw(panel, part, named=column == 0)
            panel.set_xlabel("share of worlds" if name == "satisficing" else unit, fontsize=11)
            _head(panel, name, sign)
    return figure


def _draw(panel: Axes, part: pd.DataFrame, *, named: bool) -> None:
    styles = arm_styles([str(arm) for arm in part.index])
    last = len(part) - 1
    for i, (arm, row) in enumerate(part.iterrows()):
        style, y = styles[str(arm)], last - i
        if row["low"] == row["low"]:  # not NaN
            panel.plot([row["low"], row["high"]], [y, y], color=style.colour, linewidth=2.4)
        panel.plot(row["value"], y, style.marker, color=style.colour, ms=9)
        panel.annotate(
            f"{row['rank']:g}", (1.0, y), (5, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=11,
        )  # fmt: skip
    panel.set_yticks(
        range(last, -1, -1), [key_words(str(arm)) if named else "" for arm in part.index]
    )
    panel.set_ylim(-0.6, last + 0.6)
    panel.margins(x=0.08)
    panel.locator_params(axis="x", nbins=5)


def _head(panel: Axes, name: str, sign: int) -> None:
    more = name == "satisficing" or (sign > 0 and name not in SMALLER_IS_BETTER)
    label = wrap(METRICS[name][:1].upper() + METRICS[name][1:], _LETTERS)
    panel.set_title(
        f"{label} ▶" if more else f"◀ {label}", loc="left", fontsize=12, fontweight="bold"
    )
