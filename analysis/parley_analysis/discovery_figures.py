"""Pictures of a box: its trade-off, its limits, the points, and paths inside and outside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.load import key_words
from parley_analysis.notes import wrap
from parley_analysis.style import ArmStyle, label_ends, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley.arrays import Floats
    from parley_analysis.discovery_results import Box, Limit

INSIDE = ArmStyle("#0072B2", "-", "o")
OUTSIDE = ArmStyle("#D55E00", (0, (5.0, 1.5)), "s")
GREY = "#777777"
_WIDTH = 10.0
_TITLE = 78
_FOOT = 112
_BESIDE, _NAME = 52, 62


def tradeoff_figure(box: Box, title: str) -> Figure:
    """Coverage against density of the boxes it was chosen from, with what holds out and chance.

    Args:
        box: The box.
        title: What a case is.
    """
    with look():
        figure, panel = _sheet(
            title,
            "Digits: boxes that could be chosen, with the number of factors they limit. Grey line: "
            "the peeling trajectory before limits that do no work are dropped. Bars: 95% Wilson "
            "intervals on points that had no part in the search.",
            5.2,
        )
        peeled = box.curve[box.curve["of"] == "peeled"]
        panel.plot(peeled["coverage"], peeled["density"], color="#BBBBBB", linewidth=1.6, zorder=1)
        _draw_candidates(panel, box)
        found, held, chance = box.found, box.held, box.chance
        panel.axhline(found.base, color="#333333", linewidth=1.4, linestyle=(0, (4, 3)))
        panel.axhline(chance.density_high, color=GREY, linewidth=1.4, linestyle=(0, (1, 2)))
        close = abs(chance.density_high - found.base) < 0.045
        for y, words, up in (
            (found.base, f"all points searched: {found.base:.2f}", False),
            (chance.density_high, f"1 in 20 shuffles exceeds {chance.density_high:.2f}", True),
        ):
            side = "bottom" if up or not close else "top"
            panel.text(0.01, y, words, color="#333333", va=side, ha="left", fontsize=11)
        panel.plot(found.coverage, found.density, INSIDE.marker, color=INSIDE.colour, ms=13,
                   zorder=5)  # fmt: skip
        up = not held.inside or held.density <= found.density
        shift = (12 if found.coverage < 0.75 else -12, 16 if up else -16)
        words = f"chosen {found.density:.2f}"
        _name(panel, (found.coverage, found.density), words, INSIDE, shift)
        if held.inside and held.cases:
            _draw_held(panel, box)
        panel.set(xlim=(0.0, 1.08), ylim=(0.0, 1.08))
        panel.set(xlabel="coverage (share of all cases inside)")
        panel.set(ylabel="density (share of points inside that are cases)")
    return figure


def limits_figure(box: Box, points: pd.DataFrame, factors: pd.DataFrame, title: str) -> Figure:
    """What the box asks, factor by factor, within the range that was searched.

    Args:
        box: The box.
        points: All points, one column per factor.
        factors: By key: `unit`, and `null`, the value that switches a mechanism off.
        title: What a case is.
    """
    limits = sorted(box.limits, key=lambda limit: limit.high_quantile - limit.low_quantile)
    with look():
        figure, panel = _sheet(
            title,
            "Grey: range searched. Blue: inside the box. In brackets: share of all points up to "
            "there. ◆ the value that switches the mechanism off, where it lies in the range.",
            1.05 * len(limits) + 0.3,
        )
        for row, limit in enumerate(limits):
            _draw_limit(panel, len(limits) - 1 - row, limit, points[limit.factor], factors)
        panel.set(xlim=(-0.06, 1.06), ylim=(-0.6, len(limits) - 0.35), xticks=[], yticks=[])
        panel.spines[:].set_visible(False)
        panel.grid(visible=False)
    return figure


def scatter_figure(
    box: Box, points: pd.DataFrame, label: pd.Series, title: str, factors: pd.DataFrame
) -> Figure:
    """The points in the two factors that the box limits most, cases and others.

    Args:
        box: The box.
        points: All points, one column per factor.
        label: Whether a point is a case, by point.
        title: What a case is.
        factors: By key: `label` and `unit`, where they are known.
    """
    limits = sorted(box.limits, key=lambda limit: limit.high_quantile - limit.low_quantile)[:2]
    here = points.loc[label.index]
    others = [limit for limit in box.limits if limit not in limits]
    meets = np.ones(len(here), dtype=bool)
    for limit in others:
        meets &= here[limit.factor].between(limit.low, limit.high).to_numpy()
    single = len(limits) == 1
    x = here[limits[0].factor].to_numpy(float)
    y = _spread(len(here)) if single else here[limits[1].factor].to_numpy(float)
    case = label.to_numpy(bool)
    with look():
        figure, panel = _sheet(
            title,
            "■ cases, ○ others"
            + ("; faint: points that the other limits of the box leave out." if others else ".")
            + (" The height of a point only keeps points apart." if single else ""),
            5.2,
        )
        for at, style in ((~case, OUTSIDE), (case, INSIDE)):
            filled = style is INSIDE
            for shown, alpha in ((at & ~meets, 0.18), (at & meets, 0.9)):
                panel.scatter(
                    x[shown], y[shown], s=26, marker="s" if filled else "o", alpha=alpha,
                    facecolors="#D55E00" if filled else "none",
                    edgecolors="#D55E00" if filled else GREY, linewidths=1.0,
                )  # fmt: skip
        _draw_box(panel, limits, single)
        words = [_factor_words(limit.factor, factors) for limit in limits]
        panel.set(xlabel=words[0], ylabel="" if single else wrap(words[1], _BESIDE))
        if single:
            panel.set_yticks([])
    return figure


def paths_figure(paths: pd.DataFrame, inside: Sequence[int], unit: str, title: str) -> Figure:
    """An outcome over time inside and outside a box: medians and quartiles over points.

    Args:
        paths: Tidy: `point`, `month` (from 0), `value`, and `arm`, of which there is a panel each.
        inside: Points in the box.
        unit: Unit of the outcome.
        title: What a case is.
    """
    arms = list(dict.fromkeys(paths["arm"])) if "arm" in paths else [""]
    within = paths["point"].isin(list(inside))
    with look():
        figure, panel = _sheet(
            title,
            "Lines: medians over points; bands: middle half of the points. Inside: "
            f"{paths.loc[within, 'point'].nunique()} points; outside: "
            f"{paths.loc[~within, 'point'].nunique()}.",
            4.4,
        )
        box = panel.get_position()
        panel.remove()
        room, gap = 0.095, 0.065
        width = (box.width - gap * (len(arms) - 1)) / len(arms)
        panels = [
            figure.add_axes((box.x0 + i * (width + gap), box.y0, width - room, 0.94 * box.height))
            for i in range(len(arms))
        ]
        ends = []
        for axes, arm in zip(panels, arms, strict=True):
            part = paths["arm"] == arm if "arm" in paths else within | ~within
            ends.append(_draw_paths(axes, paths[part], within[part]))
            axes.set_title(key_words(str(arm)), loc="left", fontweight="bold")
            axes.set_xlabel("month")
        spans = [axes.get_ylim() for axes in panels]
        for axes in panels:
            axes.set_ylim(min(low for low, _ in spans), max(high for _, high in spans))
        for axes, found in zip(panels, ends, strict=True):
            label_ends(axes, found)
        panels[0].set_ylabel(unit)
    return figure


def _draw_paths(
    axes: Axes, paths: pd.DataFrame, within: pd.Series
) -> dict[str, tuple[float, float, ArmStyle]]:
    ends = {}
    for name, rows, style in (("inside", within, INSIDE), ("outside", ~within, OUTSIDE)):
        months = paths[rows].groupby("month")["value"]
        if not len(months):
            continue
        low, middle, high = (months.quantile(q) for q in (0.25, 0.5, 0.75))
        at = middle.index.to_numpy(float)
        axes.fill_between(at, low, high, color=style.colour, alpha=0.18, linewidth=0)
        axes.plot(at, middle, color=style.colour, linestyle=style.line)
        ends[name] = (float(at[-1]), float(middle.iloc[-1]), style)
    axes.margins(x=0.0)
    return ends


def _sheet(title: str, foot: str, inches: float) -> tuple[Figure, Axes]:
    """A figure of one panel, with a title above and a foot below."""
    from matplotlib.figure import Figure

    foot = f"{foot} {NEAR}" if MARK in title else foot
    title, foot = wrap(title, _TITLE), wrap(foot, _FOOT)
    head = 0.3 + 0.28 * (title.count("\n") + 1)
    below = 0.85 + 0.22 * (foot.count("\n") + 1)
    height = head + inches + below
    figure = Figure(figsize=(_WIDTH, height))
    panel = figure.add_axes((0.09, below / height, 0.89, inches / height))
    figure.text(0.012, 1 - 0.1 / height, title, va="top", fontsize=15, fontweight="bold")
    figure.text(0.012, 0.1 / height, foot, va="bottom", fontsize=11)
    return figure, panel


def _draw_candidates(panel: Axes, box: Box) -> None:
    tidied = box.curve[(box.curve["of"] == "tidied") & (box.curve["limited"] > 0)]
    taken: list[tuple[float, float]] = []
    for limited, x, y in tidied[["limited", "coverage", "density"]].itertuples(index=False):
        if any(math.hypot(x - a, y - b) < 0.022 for a, b in taken):
            continue  # a digit on a digit cannot be read
        taken.append((x, y))
        style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 11}
        panel.text(x, y, str(limited), color="#333333", **style)


def _draw_held(panel: Axes, box: Box) -> None:
    held = box.held
    low, high = held.density_interval
    left, right = held.coverage_interval
    panel.errorbar(
        held.coverage, held.density,
        xerr=_arms(held.coverage, left, right),
        yerr=_arms(held.density, low, high),
        fmt=OUTSIDE.marker, color=OUTSIDE.colour, ms=10, capsize=5, linewidth=2.0, zorder=6,
    )  # fmt: skip
    text = f"held out {held.density:.2f} [{low:.2f}, {high:.2f}]"
    below = held.density <= box.found.density  # so that the two labels keep apart
    side = 0 if 0.2 < held.coverage < 0.75 else (-1 if held.coverage > 0.5 else 1)
    at = (held.coverage, low if below else high)
    _name(panel, at, text, OUTSIDE, (side, -12 if below else 12))


def _arms(value: float, low: float, high: float) -> list[list[float]]:
    """Lengths down and up; an interval may end at the value, give or take rounding."""
    return [[max(value - low, 0.0)], [max(high - value, 0.0)]]


def _name(
    panel: Axes, at: tuple[float, float], text: str, style: ArmStyle, shift: tuple[float, float]
) -> None:
    side = {-1: "right", 0: "center", 1: "left"}[int(np.sign(shift[0]))]
    panel.annotate(
        text, at, xytext=shift, textcoords="offset points", ha=side, va="center",
        color=style.text, fontweight="bold", zorder=7,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0},
    )  # fmt: skip


def _draw_limit(
    panel: Axes, row: int, limit: Limit, values: pd.Series, factors: pd.DataFrame
) -> None:
    start, end = (
        float(factors[key].get(limit.factor, edge)) if key in factors else float(edge)
        for key, edge in (("low", values.min()), ("high", values.max()))
    )
    start, end = min(start, float(values.min())), max(end, float(values.max()))
    length = end - start

    def at(value: float) -> float:
        return (min(max(value, start), end) - start) / length

    low, high = at(limit.low), at(limit.high)
    panel.plot([0, 1], [row, row], color="#D5D5D5", linewidth=9, solid_capstyle="butt")
    panel.plot([low, high], [row, row], color=INSIDE.colour, linewidth=9, solid_capstyle="butt")
    unit = _of(factors, "unit", limit.factor)
    label = _of(factors, "label", limit.factor)
    name = f"{label} ({limit.factor})" if label else limit.factor
    panel.text(0, row + 0.33, wrap(name, _NAME), fontweight="bold", va="bottom")
    null = factors["null"].get(limit.factor) if "null" in factors else None
    off = float("nan") if null is None else float(null)
    words = "; ".join(part for part in (unit, "" if math.isnan(off) else f"off at {off:g}") if part)
    panel.text(1, row + 0.33, words, ha="right", va="bottom", color="#333333")
    for value, place in ((start, 0.0), (end, 1.0)):
        if all(abs(place - x) > 0.13 for x in (low, high)):
            panel.text(place, row - 0.2, f"{value:.3g}", ha="center", va="top", color=GREY)
    ends = ((limit.low, low, limit.low_quantile), (limit.high, high, limit.high_quantile))
    for value, place, share in ends:
        if math.isfinite(value):
            words = f"{value:.3g} ({100 * share:.0f}%)"
            style: dict[str, Any] = {"ha": "center", "va": "top", "fontweight": "bold"}
            panel.text(place, row - 0.2, words, color=INSIDE.text, **style)
    if start <= off <= end:
        panel.plot(at(off), row, "D", color="black", ms=9, zorder=5)


def _of(factors: pd.DataFrame, what: str, key: str) -> str:
    """What the design says of a factor; empty where it says nothing."""
    found = factors[what].get(key) if what in factors else None
    return found if isinstance(found, str) else ""


def _factor_words(key: str, factors: pd.DataFrame) -> str:
    """Name and unit of a factor, as an axis says them."""
    label, unit = _of(factors, "label", key) or key, _of(factors, "unit", key)
    return f"{label} ({unit})" if unit else label


def _draw_box(panel: Axes, limits: Sequence[Limit], single: bool) -> None:
    from matplotlib.patches import Rectangle

    left, right = panel.get_xlim()
    bottom, top = panel.get_ylim()
    x0, x1 = max(limits[0].low, left), min(limits[0].high, right)
    y0, y1 = (bottom, top) if single else (max(limits[1].low, bottom), min(limits[1].high, top))
    shape = Rectangle(
        (x0, y0), x1 - x0, y1 - y0, fill=False, edgecolor=INSIDE.colour, linewidth=3.0, zorder=6
    )
    panel.add_patch(shape)
    panel.set(xlim=(left, right), ylim=(bottom, top))


def _spread(number: int) -> Floats:
    """Heights that keep neighbours apart: the golden ratio, taken over and over."""
    heights: Floats = np.modf(np.arange(number, dtype=np.float64) * 0.6180339887498949)[0]
    return heights
