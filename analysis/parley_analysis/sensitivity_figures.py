"""Pictures of sensitivity: bars with intervals, Morris' plane, and whether indices have settled.

Every picture says what was varied, how many runs it rests on, and shows the noise floor.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from parley_analysis.notes import wrap
from parley_analysis.sensitivity import DUMMY, MATTERS, MORE_RUNS
from parley_analysis.style import (
    DPI,
    FONT_POINTS,
    WIDTH_INCHES,
    arm_styles,
    look,
    spread_labels,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley_analysis.style import ArmStyle

MOST_BARS = 15
MOST_LINES = 6
MOST_NAMED = 10
_LETTERS = 36  # in a line of a factor's name
_SHORT = 80  # in the whole of it: two lines
_INCHES_PER_LETTER = 0.094
_FOOT_CHARACTERS = 104
_LINE = 0.215  # inches
_BLUE, _ORANGE, _GREY = "#0072B2", "#E69F00", "#777777"
_WORDS = {
    "first": "alone (first order)",
    "total": "alone and with others (total)",
    "interactions": "only with others",
    "pawn": "PAWN",
    "delta": "delta",
}


@dataclass(frozen=True)
class Caption:
    """What is written around a picture.

    Attributes:
        title: What is asked, as a sentence.
        unit: Unit of the outcome.
        note: What was run: points, months, people.
        labels: Key of a factor -> its name.
    """

    title: str
    unit: str = ""
    note: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Name of a factor, on at most two lines.

        >>> Caption("").name("trust.decay")
        'trust.decay'
        """
        if key == DUMMY:
            return "Dummy (no effect)"
        label = self.labels.get(key, key)
        short = textwrap.shorten(label, _SHORT, placeholder=" …")
        lines = textwrap.wrap(short, max(_LETTERS, -(-len(short) // 2) + 5))
        return "\n".join(lines) if label else key


def bars_figure(table: pd.DataFrame, indices: Sequence[str], caption: Caption) -> Figure:
    """Draw indices of factors as bars with intervals, the largest first.

    Args:
        table: Indices of one outcome and contrast, with the columns of `sensitivity.COLUMNS`.
        indices: One or two names of indices; sorted by the last.
        caption: What is written around it.

    Returns:
        The figure. The grey band reaches up to the noise floor; words at the right say what the
        last index is judged to be.
    """
    rows = table[table["level"] == "factor"]
    parts = [rows[rows["index"] == index].set_index("factor") for index in indices]
    order = parts[-1]["value"].sort_values(ascending=False, kind="stable").index.tolist()
    left_out = max(len(order) - MOST_BARS, 0)
    order = _with_dummy(order, MOST_BARS)
    foot = [
        "Bars: indices; lines: 95% bootstrap intervals. Grey band: noise floor"
        f"{' of each index' if len(parts) > 1 else ''}. {_used(parts[-1])}",
        f"{left_out} factors with smaller indices are not drawn." if left_out else "",
        caption.note,
    ]
    names = [caption.name(key) for key in order]
    each = 0.46 if len(parts) > 1 or any("\n" in name for name in names) else 0.34
    height, thick = each * len(order), 0.8 / len(parts)
    with look():
        figure, panel = _sheet(
            caption, foot, height, _side(names), right=3.0, legend=len(parts) > 1
        )
        handles = []
        for i, (part, index) in enumerate(zip(parts, indices, strict=True)):
            at = np.arange(len(order)) - 0.4 + thick * (i + 0.5)
            shown = part.loc[order]
            handles.append(_bars(panel, shown, at, thick, last=index == indices[-1]))
            floor = float(shown["floor"].max())
            panel.axvspan(0.0, floor, color="#bbbbbb", alpha=0.35, zorder=0, lw=0)
        panel.set_yticks(range(len(order)), names)
        panel.set_ylim(len(order) - 0.4, -0.6)
        panel.axvline(0.0, color="#333333", lw=1.0)
        panel.set_xlabel(_axis(indices))
        _verdicts(panel, parts[-1].loc[order, "verdict"].tolist())
        words = [_WORDS.get(index, index) for index in indices]
        if len(parts) > 1:
            _legend(figure, handles, words, _side(names))
    return figure


def morris_plane(table: pd.DataFrame, caption: Caption) -> Figure:
    """Draw Morris' plane: mean absolute effect against its spread.

    Args:
        table: Indices of one outcome and contrast from `morris_indices`.
        caption: What is written around it.

    Returns:
        The figure. Above the line, where the spread is larger than the mean, what a factor does
        depends on the others or bends.
    """
    rows = table[table["level"] == "factor"]
    parts = {name: rows[rows["index"] == name].set_index("factor") for name in ("mu_star", "sigma")}
    means, spreads = parts["mu_star"], parts["sigma"]["value"]
    surely = means.index[means["verdict"] == MATTERS]
    order = means["value"].sort_values(ascending=False, kind="stable").index.tolist()
    named = [key for key in order if key in surely and key != DUMMY][:MOST_NAMED]
    named += [key for key in order if key == DUMMY]
    foot = [
        "Effect of going from the lowest to the highest value held possible, in "
        f"the unit of the outcome. Lines through points: 95% bootstrap "
        f"intervals. Filled and named: matters. {_used(means)}",
        f"{len(surely) - len(named) + (DUMMY in named)} more that matter are not named."
        if len(surely) > MOST_NAMED
        else "",
        caption.note,
    ]
    with look():
        names = [caption.name(key) for key in named]
        figure, panel = _sheet(caption, foot, 5.0, 0.95, right=_side(names) + 0.3)
        halves = (means["high"] - means["low"]) / 2
        top = 1.08 * max(float((means["value"] + halves).max()), float(spreads.max()), 1e-300)
        panel.plot([0, top], [0, top], color=_GREY, lw=1.2, ls=(0, (5, 3)))
        for key in order:
            filled = key in surely and key != DUMMY
            panel.errorbar(
                means.loc[key, "value"],
                spreads[key],
                xerr=halves[key],
                fmt="X" if key == DUMMY else "o",
                color="black" if key == DUMMY else _BLUE if filled else _GREY,
                mfc="black" if key == DUMMY else _BLUE if filled else "white",
                ms=9,
                elinewidth=1.4,
                zorder=3,
            )
        panel.set_xlim(-0.03 * top, top)
        panel.set_ylim(-0.03 * top, top)
        panel.set_xlabel(f"Mean absolute effect μ*{_unit(caption)}")
        panel.set_ylabel(f"Spread of effects σ{_unit(caption)}")
        panel.annotate(
            "σ = μ*", (0.97 * top, 0.97 * top), (-6, 4), textcoords="offset points", ha="right",
            va="bottom", color="#555555",
        )  # fmt: skip
        points = [(float(means.loc[key, "value"]), float(spreads[key])) for key in named]
        _name_at_right(panel, names, points)
    return figure


def convergence_figure(table: pd.DataFrame, index: str, caption: Caption) -> Figure:
    """Draw an index of the strongest factors from growing parts of the sample.

    Args:
        table: From `convergence`, one outcome and contrast.
        index: `total` or `first` of a Sobol' sample, `mu_star` of a Morris sample.
        caption: What is written around it.

    Returns:
        The figure: lines that have become flat, with narrow bands, have settled.
    """
    rows = table[(table["index"] == index) & (table["level"] == "factor")]
    last = rows[rows["used"] == rows["used"].max()].set_index("factor")["value"]
    keys = _with_dummy(last.sort_values(ascending=False).index.tolist(), MOST_LINES)
    styles = arm_styles([f"factor {i}" for i in range(len(keys))])
    foot = [
        f"The {len(keys)} strongest factors{' with the dummy' if DUMMY in keys else ''}. Bands: "
        "95% bootstrap intervals.",
        caption.note,
    ]
    with look():
        names = [caption.name(key) for key in keys]
        figure, panel = _sheet(caption, foot, 4.4, 0.95, right=_side(names) + 0.45)
        ends = []
        for key, style in zip(keys, styles.values(), strict=True):
            part = rows[rows["factor"] == key].sort_values("used")
            x, y = part["used"].to_numpy(float), part["value"].to_numpy(float)
            panel.fill_between(x, part["low"], part["high"], color=style.colour, alpha=0.13, lw=0)
            panel.plot(x, y, color=style.colour, ls=style.line, marker=style.marker, ms=7)
            ends.append((float(x[-1]), float(y[-1])))
        panel.set_xscale("log", base=2)
        counts = sorted(set(rows["used"]))
        panel.set_xticks(counts, [str(count) for count in counts])
        panel.minorticks_off()
        sobol = "first" in set(table["index"])
        panel.set_xlabel(f"{'Saltelli blocks' if sobol else 'Trajectories'} used (log scale)")
        panel.set_ylabel(_axis([index]) if sobol else f"Mean absolute effect μ*{_unit(caption)}")
        panel.axhline(0.0, color="#333333", lw=1.0)
        panel.set_xlim(panel.get_xlim())  # limits must be final before names are placed
        panel.set_ylim(panel.get_ylim())
        _name_at_right(panel, names, ends, list(styles.values()))
    return figure


def _bars(
    panel: Axes, shown: pd.DataFrame, at: np.ndarray[Any, Any], thick: float, *, last: bool
) -> Any:  # noqa: ANN401 - a container of matplotlib
    """One bar per factor, with its interval."""
    half = (shown["high"] - shown["low"]).to_numpy(float) / 2
    return panel.barh(
        at,
        shown["value"].to_numpy(float),
        height=0.92 * thick,
        color=_BLUE if last else _ORANGE,
        edgecolor="#222222",
        linewidth=0.6,
        hatch=None if last else "////",
        xerr=half,
        error_kw={"elinewidth": 1.5, "capsize": 3, "ecolor": "#111111"},
        zorder=2,
    )


def _verdicts(panel: Axes, verdicts: Sequence[str]) -> None:
    """Write the verdict of every row at the right of the panel."""
    for row, verdict in enumerate(verdicts):
        panel.annotate(
            verdict,
            (1.0, row),
            (8, 0),
            xycoords=panel.get_yaxis_transform(),
            textcoords="offset points",
            va="center",
            color={MATTERS: "black", MORE_RUNS: "#9a4700"}.get(verdict, "#555555"),
            fontweight="bold" if verdict == MATTERS else "normal",
            annotation_clip=False,
        )


def _name_at_right(
    panel: Axes,
    names: Sequence[str],
    points: Sequence[tuple[float, float]],
    styles: Sequence[ArmStyle] = (),
) -> None:
    """Write names in a column at the right, each with a thin line to its point."""
    if not names:
        return
    to_points = 72.0 / panel.figure.dpi
    heights = [panel.transData.transform(point)[1] * to_points for point in points]
    lines = max(name.count("\n") + 1 for name in names)
    box = panel.get_window_extent()
    within = (box.y0 * to_points, box.y1 * to_points)
    placed = spread_labels(heights, (1.25 * lines - 0.1 * (lines - 1)) * FONT_POINTS, within)
    edge = box.x1 * to_points
    for i, (name, point) in enumerate(zip(names, points, strict=True)):
        colour, line = (styles[i].text, styles[i].colour) if styles else ("black", "#999999")
        x = panel.transData.transform(point)[0] * to_points
        panel.annotate(
            name,
            point,
            (edge - x + 10, placed[i] - heights[i]),
            color=colour,
            fontweight="bold" if styles else "normal",
            textcoords="offset points",
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": line,
                "lw": 0.9,
                "shrinkB": 5,
                "relpos": (0.0, 0.5),
            },
        )


def _with_dummy(order: Sequence[str], most: int) -> list[str]:
    """The first factors; the dummy is always among them."""
    kept = list(order[:most])
    if DUMMY in order and DUMMY not in kept:
        kept[-1] = DUMMY
    return kept


def _used(part: pd.DataFrame) -> str:
    """How many blocks, trajectories or rows an index rests on."""
    index, used, dropped = str(part["index"].iloc[0]), int(part["used"].max()), 0
    what = "rows" if index in ("pawn", "delta") else "Saltelli blocks"
    what = "trajectories" if index in ("mu", "mu_star", "sigma") else what
    dropped = int(part["dropped"].max())
    return f"{used} {what}" + (f", {dropped} left out." if dropped else ".")


def _unit(caption: Caption) -> str:
    return f" ({caption.unit})" if caption.unit else ""


def _axis(indices: Sequence[str]) -> str:
    """What an axis of indices says."""
    if indices[0] in ("pawn", "delta"):
        return f"{_WORDS[indices[0]]} (distance between distributions, 0 to 1)"
    return "Share of the outcome's variance"


def _side(names: Sequence[str]) -> float:
    """Room for names beside a panel (inches)."""
    lines = [line for name in names for line in name.split("\n")]
    return 0.3 + _INCHES_PER_LETTER * max(map(len, lines), default=0)


def _legend(figure: Figure, handles: Sequence[Any], words: Sequence[str], left: float) -> None:
    figure.legend(
        handles,
        words,
        loc="upper left",
        bbox_to_anchor=(left / WIDTH_INCHES, 1 - _head(figure) / figure.get_figheight()),
        ncols=len(words),
        frameon=False,
        borderpad=0,
        borderaxespad=0,
    )


def _head(figure: Figure) -> float:
    """Height of the title, which is the first text of the figure (inches)."""
    return 0.2 + 0.3 * (figure.texts[0].get_text().count("\n") + 1)


def _sheet(
    caption: Caption,
    foot: Sequence[str],
    inches: float,
    left: float,
    right: float = 0.3,
    *,
    legend: bool = False,
) -> tuple[Figure, Axes]:
    """A figure with a title, one panel and a foot."""
    from matplotlib.figure import Figure

    title = wrap(caption.title, 78)
    text = "\n".join(wrap(sentence, _FOOT_CHARACTERS) for sentence in foot if sentence)
    head = 0.35 + 0.3 * (title.count("\n") + 1) + (0.3 if legend else 0.0)
    below = 0.75 + _LINE * (text.count("\n") + 1) + 0.1
    height = head + inches + below
    figure = Figure(figsize=(WIDTH_INCHES, height), dpi=DPI)
    figure.text(0.012, 1 - 0.1 / height, title, va="top", fontsize=15, fontweight="bold")
    figure.text(0.012, 0.08 / height, text, va="bottom", linespacing=1.25, fontsize=11)
    box = (
        left / WIDTH_INCHES,
        below / height,
        (WIDTH_INCHES - left - right) / WIDTH_INCHES,
        inches / height,
    )
    return figure, figure.add_axes(box)
