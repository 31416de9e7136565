"""How figures look: colours that colour-blind readers can tell apart, sizes, labels, files."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 10.0
DPI = 160
"""With the width above: 1600 pixels, so that 12 points are 27 pixels."""
FONT_POINTS = 12.0
END_POINTS = 1.2 * FONT_POINTS
"""From one name at the end of a line to the next."""
LEGEND_ROW_INCHES = 0.25
_LEGEND_MARK, _LEGEND_LETTER = 0.55, 0.095  # inches

_RC: Mapping[str, object] = {
    "font.size": FONT_POINTS,
    "axes.titlesize": 13,
    "axes.labelsize": FONT_POINTS,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.8,
    "lines.linewidth": 2.6,
    "xtick.labelsize": FONT_POINTS,
    "ytick.labelsize": FONT_POINTS,
    "svg.fonttype": "none",
    "svg.hashsalt": "parley",
}


def look() -> AbstractContextManager[None]:
    """Settings to draw and save under."""
    from matplotlib import rc_context

    return rc_context(cast("Any", dict(_RC)))


@dataclass(frozen=True, slots=True)
class ArmStyle:
    """How one arm is drawn: never by colour alone.

    Attributes:
        colour: A colour of the palette of Okabe and Ito (2008), grey, or past eight arms another.
        line: Line style.
        marker: Marker of its dots.
    """

    colour: str
    line: str | tuple[int, tuple[float, ...]]
    marker: str

    @property
    def text(self) -> str:
        """The colour, darkened until it reads on white (contrast of at least 4.5)."""
        from matplotlib.colors import to_hex, to_rgb

        red, green, blue = to_rgb(self.colour)
        while _contrast_with_white((red, green, blue)) < 4.5:
            red, green, blue = 0.95 * red, 0.95 * green, 0.95 * blue
        return to_hex((red, green, blue))


_STYLES = (
    ArmStyle("#0072B2", "-", "o"),
    ArmStyle("#D55E00", (0, (5.0, 1.5)), "s"),
    ArmStyle("#009E73", (0, (6.0, 1.5, 1.0, 1.5)), "^"),
    ArmStyle("#CC79A7", (0, (2.5, 1.0)), "P"),
    ArmStyle("#E69F00", (0, (8.0, 2.0)), "X"),
    ArmStyle("#56B4E9", (0, (3.0, 1.0, 1.0, 1.0, 1.0, 1.0)), "<"),
    ArmStyle("#777777", (0, (1.0, 1.0)), "h"),
    ArmStyle("#7A4B1A", (0, (4.0, 1.0, 1.0, 1.0)), "p"),
    ArmStyle("#5E3C99", (0, (1.0, 2.0)), ">"),
    ArmStyle("#8A8A00", (0, (7.0, 1.0, 2.0, 1.0)), "d"),
    ArmStyle("#B5004B", (0, (2.0, 2.0)), "*"),
)
"""No marker points down: that means worse off."""
_NOTHING = ArmStyle("#000000", (0, (1.2, 1.2)), "D")
_USUAL = {
    "none": _NOTHING,
    "hsbp": _STYLES[0],
    "transactional": _STYLES[1],
    "csr": _STYLES[2],
    "hrdd": _STYLES[3],
    "csbp": _STYLES[4],
    "msp": _STYLES[5],
}
"""The usual arms look the same in every figure; others take what is left, in order."""


def arm_styles(arms: Sequence[str]) -> dict[str, ArmStyle]:
    """Give every arm its own look.

    >>> arm_styles(["none", "hsbp"])["hsbp"].colour
    '#0072B2'
    """
    usual = {arm: _USUAL[arm] for arm in arms if arm in _USUAL}
    left = [style for style in _STYLES if style not in usual.values()] or list(_STYLES)
    others = [arm for arm in arms if arm not in usual]
    return usual | {arm: left[i % len(left)] for i, arm in enumerate(others)}


def spread_labels(
    positions: Sequence[float],
    gap: float,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> list[float]:
    """Move labels apart until none is nearer than `gap` to the next, as little as possible.

    Args:
        positions: Where the labels would like to be, in any unit.
        gap: Smallest distance between two labels, in the same unit.
        within: Where they must stay, in the same unit; too many for it stick out at both ends.

    Returns:
        Where they go, in the order given.

    >>> spread_labels([0.0, 0.1, 5.0], 1.0)
    [-0.45, 0.55, 5.0]
    >>> spread_labels([0.0, 0.1, 5.0], 1.0, (0.0, 4.0))
    [0.0, 1.0, 4.0]
    """
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    clusters: list[list[float]] = []  # mean wish of its first label, number of labels
    for rank, i in enumerate(order):
        clusters.append([positions[i] - rank * gap, 1.0])
        while len(clusters) > 1 and clusters[-2][0] > clusters[-1][0]:
            wish, size = clusters.pop()
            before = clusters[-1]
            before[0] = (before[0] * before[1] + wish * size) / (before[1] + size)
            before[1] += size
    starts = [wish for wish, size in clusters for _ in range(int(size))]
    first, last = within[0], within[1] - gap * (len(positions) - 1)
    if first > last:
        first = last = (first + last) / 2
    starts = [min(max(start, first), last) for start in starts]
    placed = [0.0] * len(positions)
    for rank, i in enumerate(order):
        placed[i] = round(starts[rank] + rank * gap, 9)
    return placed


def label_room(names: Sequence[str]) -> float:
    """Room that names at the ends of lines need (inches)."""
    return 0.35 + 0.1 * max(map(len, names), default=0)


def label_ends(axes: Axes, ends: Mapping[str, tuple[float, float, ArmStyle]]) -> None:
    """Write names at the ends of lines, moved apart where they would overlap.

    Args:
        axes: Where the lines are; its limits must be final.
        ends: Name to x and y of the end of its line (data units) and its style.
    """
    if not ends:
        return
    to_points = 72.0 / axes.figure.dpi
    top = {
        name: axes.transData.transform((x, y))[1] * to_points for name, (x, y, _) in ends.items()
    }
    panel = axes.get_window_extent()
    within = (panel.y0 * to_points, panel.y1 * to_points)
    placed = spread_labels(list(top.values()), END_POINTS, within)
    for (name, (x, y, style)), at in zip(ends.items(), placed, strict=True):
        axes.annotate(
            name,
            (x, y),
            xytext=(14, at - top[name]),
            textcoords="offset points",
            color=style.text,
            fontweight="bold",
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": style.colour,
                "lw": 1.0,
                "shrinkA": 1,
                "relpos": (0.0, 0.5),
            },
        )


def legend_columns(names: Sequence[str], inches: float = WIDTH_INCHES - 0.2) -> int:
    """How many columns of a legend fit side by side.

    Args:
        names: What it names, in order; matplotlib fills its columns from the left.
        inches: Room for it.

    >>> legend_columns(["None", "HSBP"]), legend_columns(["Cash of equal cost"] * 11)
    (2, 4)
    """
    for columns in range(len(names), 1, -1):
        more, least = len(names) % columns, len(names) // columns
        starts = [i * least + min(i, more) for i in range(columns + 1)]
        parts = [names[start:end] for start, end in itertools.pairwise(starts)]
        longest = [max(map(len, part)) for part in parts]
        if sum(_LEGEND_MARK + _LEGEND_LETTER * letters for letters in longest) <= inches:
            return columns
    return 1


def legend_rows(names: Sequence[str]) -> int:
    """How many rows a legend over the whole width takes."""
    return -(-len(names) // legend_columns(names))


def draw_legend(figure: Figure, styles: Mapping[str, ArmStyle], y: float) -> None:
    """Name markers above the panels, in as many rows as they need.

    Args:
        figure: The figure.
        styles: Name to style, in order.
        y: Upper edge, as a share of the figure's height.
    """
    from matplotlib.lines import Line2D

    figure.legend(
        handles=[
            Line2D([], [], color=style.colour, marker=style.marker, ls="", ms=9, label=name)
            for name, style in styles.items()
        ],
        loc="upper left",
        bbox_to_anchor=(0.0, y),
        ncols=legend_columns(list(styles)),
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.2,
    )


def save(figure: Figure, path: Path) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG.

    Args:
        figure: The figure.
        path: Where, without a suffix.

    Returns:
        The two files.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    png, svg = path.with_name(path.name + ".png"), path.with_name(path.name + ".svg")
    with look():
        figure.savefig(png, dpi=DPI, facecolor="white")
        figure.savefig(svg, facecolor="white", metadata={"Date": None})
    return png, svg


def _contrast_with_white(rgb: tuple[float, float, float]) -> float:
    """Contrast ratio of the Web Content Accessibility Guidelines 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
