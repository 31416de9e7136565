"""Places side by side in one picture: dots with stated ranges, and how well each is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from parley_analysis.notes import wrap
from parley_analysis.style import look

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 13.0
_COLUMNS = 4
_LEFT, _RIGHT, _GAP = 1.6, 0.75, 0.62
_HEAD, _ROW, _TITLE, _AXIS, _KEY = 0.5, 0.3, 0.68, 0.66, 0.62
_LETTERS = 27


@dataclass(frozen=True, slots=True)
class GradeStyle:
    """How a grade is drawn: by colour, by shape, and filled only where there is a source.

    Attributes:
        colour: A colour of the palette of Okabe and Ito (2008), or grey.
        marker: Shape.
        filled: Whether something published stands behind the number.
        words: What the key says.
    """

    colour: str
    marker: str
    filled: bool
    words: str


STYLES: Mapping[str, GradeStyle] = {
    "measured": GradeStyle("#0072B2", "o", True, "measured"),
    "estimated elsewhere": GradeStyle("#D55E00", "D", True, "estimated elsewhere"),
    "expert": GradeStyle("#009E73", "D", False, "expert"),
    "assumption": GradeStyle("#555555", "o", False, "assumption"),
}
"""Each grade of a comparison, best first."""


def places_figure(table: pd.DataFrame, titles: Mapping[str, str]) -> Figure:
    """Draw the numbers of a comparison of places that are meant for the figure.

    One panel for each number, one row for each place in the order of the table. Lines are the
    ranges that the place files state; they are no confidence intervals.

    Args:
        table: One row per place and number, with `place`, `aspect`, `key`, `label`, `unit`,
            `value`, `low`, `high`, `grade`, `drawn` and `log`.
        titles: Key of each place to its title, in the order of the rows.
    """
    from matplotlib.figure import Figure

    shown = table[table["drawn"]]
    keys = list(dict.fromkeys(shown["key"]))
    panel_rows = -(-len(keys) // _COLUMNS)
    inner = _ROW * len(titles) + 0.15
    height = _HEAD + panel_rows * (_TITLE + inner + _AXIS) + _KEY
    width = (_WIDTH - _LEFT - _RIGHT - _GAP * (_COLUMNS - 1)) / _COLUMNS
    with look():
        figure = Figure(figsize=(_WIDTH, height))
        words = f"Where {len(titles)} places stand" if len(titles) > 1 else "Where one place stands"
        figure.text(0.012, 1 - 0.12 / height, words, va="top", fontsize=17, fontweight="bold")
        for i, key in enumerate(keys):
            row, column = divmod(i, _COLUMNS)
            left = _LEFT + column * (width + _GAP)
            bottom = height - _HEAD - row * (_TITLE + inner + _AXIS) - _TITLE - inner
            box = (left / _WIDTH, bottom / height, width / _WIDTH, inner / height)
            panel = figure.add_axes(box)
            part = shown[shown["key"] == key].set_index("place")
            _draw(panel, part, titles, named=column == 0)
            first = part.iloc[0]
            scale = " (log scale)" if bool(first["log"]) else ""
            _head(panel, str(first["aspect"]), str(first["label"]), f"{first['unit']}{scale}")
        _key(figure, height, set(shown["grade"]))
    return figure


def _draw(panel: Axes, part: pd.DataFrame, titles: Mapping[str, str], *, named: bool) -> None:
    """One number for all places."""
    places = list(titles)
    last = len(places) - 1
    log = bool(part["log"].iloc[0])
    if log:
        panel.set_xscale("log")
    for i, place in enumerate(places):
        if place not in part.index:
            panel.annotate(
                "not stated", (0.03, last - i), xycoords=("axes fraction", "data"),
                va="center", fontsize=10, color="#777777",
            )  # fmt: skip
            continue
        row, y = part.loc[place], last - i
        value, low, high = (float(cast("float", row[name])) for name in ("value", "low", "high"))
        style = STYLES[str(row["grade"])]
        if not math.isnan(low):
            panel.plot([low, high], [y, y], color=style.colour, linewidth=2.2, alpha=0.75)
        panel.plot(
            value, y, style.marker, color=style.colour, ms=8, mew=1.8, zorder=3,
            markerfacecolor=style.colour if style.filled else "white",
        )  # fmt: skip
        panel.annotate(
            _short(value), (1.0, y), (5, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=10.5, annotation_clip=False,
        )  # fmt: skip
    panel.set_yticks(range(last, -1, -1), [_name(*row) for row in titles.items()])
    panel.tick_params(axis="y", length=0, labelleft=named)
    panel.set_ylim(-0.6, last + 0.6)
    if log:
        panel.xaxis.set_major_formatter(lambda value, _: _short(value))
    else:
        _limits(panel, part)


def _name(place: str, title: str) -> str:
    """A place by its key, which tells variants of one country apart, spelt as in its title.

    >>> _name("south_africa", "South Africa: shafts"), _name("bosnia_mine", "Bosnia: a mine")
    ('South Africa', 'Bosnia mine')
    """
    words, country = place.replace("_", " "), title.partition(":")[0]
    return country if country.lower() == words else words.capitalize()


def _limits(panel: Axes, part: pd.DataFrame) -> None:
    """Scales that show the whole of what is possible where that is known: 0 to 1, 0 to 100."""
    wholes = {"percentile rank": 100.0, "share": 1.0, "probability": 1.0}
    whole = wholes.get(str(part["unit"].iloc[0]).partition(" of ")[0])
    if whole is not None:
        panel.set_xlim(-0.03 * whole, 1.03 * whole)
        ticks = (0.0, 0.5 * whole, whole)
        panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])


def _head(panel: Axes, aspect: str, label: str, unit: str) -> None:
    """Aspect, what is shown, and its unit."""
    panel.set_title(
        f"{aspect.upper()}\n{wrap(label, _LETTERS)}", loc="left", fontsize=11.5, fontweight="bold"
    )
    panel.set_xlabel(wrap(unit, _LETTERS), fontsize=10.5)
    panel.tick_params(axis="x", labelsize=10.5)


def _key(figure: Figure, height: float, grades: set[str]) -> None:
    """What the marks mean."""
    from matplotlib.lines import Line2D

    marks = [
        Line2D(
            [],
            [],
            color=style.colour,
            marker=style.marker,
            ms=9,
            mew=1.8,
            linewidth=2.2,
            markerfacecolor=style.colour if style.filled else "white",
            label=style.words,
        )
        for grade, style in STYLES.items()
        if grade in grades
    ]
    figure.legend(
        handles=marks, loc="lower left", ncols=len(marks), frameon=False, fontsize=11.5,
        bbox_to_anchor=(0.005, 0.22 / height),
    )  # fmt: skip
    figure.text(
        0.012, 0.1 / height,
        "Lines: the range stated in the place's file, no confidence interval. Hollow: nothing "
        "published stands behind the number.",
        fontsize=10.5, va="bottom",
    )  # fmt: skip


def _short(value: float) -> str:
    """A number beside its panel.

    >>> _short(20000.0), _short(2_500_000.0), _short(0.347), _short(39.5)
    ('20,000', '2.5 m', '0.35', '39.5')
    """
    if value >= 1e6:
        return f"{value / 1e6:.3g} m"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value >= 1 else f"{value:.2f}"
