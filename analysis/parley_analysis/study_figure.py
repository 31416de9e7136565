"""The verdict in one picture: on each distant outcome, against which arms it wins and loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley_analysis.notes import wrap
from parley_analysis.style import look
from parley_analysis.win_figure import row_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley_analysis.load import Batch

_WIDTH = 13.0
_LEFT = 4.9
_RIGHT = 0.35
_ROW = 0.62
_HEAD = 1.05
_FOOT = 1.6
_FONT = 15.0
_WORSE, _BETTER, _LINE = "#F6E3D4", "#DCEAF5", "#333333"
_LOW, _HIGH = "#B24700", "#005A8F"


def verdict_figure(
    batch: Batch, matrix: pd.DataFrame, place: str, foot: Sequence[str], shown: str = "all"
) -> Figure:
    """Draw the span of win shares over the other arms, a row per distant outcome.

    Args:
        batch: The results.
        matrix: From `winmatrix.win_matrix`, for one arm.
        place: Key of the place.
        foot: Sentences below the picture.
        shown: Reporting group.

    Returns:
        The figure. Every grey dot is one other arm; the arm it does worst against is named on the
        left, the one it does best against on the right.
    """
    from matplotlib.figure import Figure

    here = (matrix["place"] == place) & (matrix["group"] == shown) & ~matrix["near_tautological"]
    part = matrix[here]
    middle = part.groupby("outcome", sort=False)["share"].median().sort_values()
    rows = [str(name) for name in middle.index]
    height = _HEAD + _ROW * len(rows) + _FOOT
    with look():
        figure = Figure(figsize=(_WIDTH, height))
        box = (
            _LEFT / _WIDTH,
            _FOOT / height,
            1 - (_LEFT + _RIGHT) / _WIDTH,
            _ROW * len(rows) / height,
        )
        panel = figure.add_axes(box)
        panel.axvspan(-80, 50, color=_WORSE, zorder=0)
        panel.axvspan(50, 180, color=_BETTER, zorder=0)
        panel.axvline(50, color=_LINE, linewidth=2)
        for i, outcome in enumerate(rows):
            _draw_row(batch, panel, i, part[part["outcome"] == outcome])
        panel.set_yticks(range(len(rows)), [row_label(batch, o, shown) for o in rows])
        panel.tick_params(length=0, labelsize=_FONT)
        panel.set(xlim=(-74, 174), ylim=(-0.6, len(rows) - 0.4), xticks=range(0, 101, 25))
        panel.set_xlabel("of 100 worlds, in how many", fontsize=_FONT)
        panel.grid(visible=False)
        panel.spines[:].set_visible(False)
        arm = batch.short_arm(str(matrix["arm"].iloc[0]))
        top = _ROW * len(rows) + _FOOT + 0.1
        for x, word, side in ((49, f"◀ {arm} worse", "right"), (51, f"{arm} better ▶", "left")):
            panel.annotate(
                word, (x, 1.0), (0, 5), xycoords=("data", "axes fraction"), ha=side,
                textcoords="offset points", fontsize=_FONT, fontweight="bold",
                color=_LOW if side == "right" else _HIGH,
            )  # fmt: skip
        title = f"{batch.short_place(place)}: in how many of 100 worlds is {arm} better?"
        figure.text(0.01, (top + 0.82) / height, title, va="top", fontsize=20, fontweight="bold")
        text = "\n".join(wrap(sentence, 135) for sentence in foot)
        figure.text(0.01, 0.08 / height, text, va="bottom", fontsize=11)
    return figure


def _draw_row(batch: Batch, panel: Axes, i: int, cells: pd.DataFrame) -> None:
    """One outcome: a line over all other arms, dots for each, names at both ends."""
    shares = 100.0 * cells["share"].to_numpy(float)
    low, high = int(shares.argmin()), int(shares.argmax())
    others = [batch.short_arm(str(other)) for other in cells["other"]]
    panel.plot([shares[low], shares[high]], [i, i], color="#777777", linewidth=4, zorder=2)
    panel.plot(shares, [i] * len(shares), "o", color="#777777", markersize=7, zorder=3)
    same = shares[high] == shares[low]
    for at, colour, marker in ((low, _LOW, "<"), (high, _LINE if same else _HIGH, ">")):
        shape = "o" if same else marker
        panel.plot(shares[at], i, shape, color=colour, markersize=12, zorder=4)
    if same:
        _name(panel, (shares[low], i), f"all {shares[low]:.0f}", _LINE, -1)
        return
    _name(panel, (shares[low], i), f"{others[low]} {shares[low]:.0f}", _LOW, -1)
    _name(panel, (shares[high], i), f"{shares[high]:.0f} {others[high]}", _HIGH, 1)


def _name(panel: Axes, at: tuple[float, float], text: str, colour: str, side: int) -> None:
    """Write a name beside its mark, clear of it."""
    panel.annotate(
        text, at, (11 * side, 0), textcoords="offset points", va="center",
        ha="left" if side > 0 else "right", color=colour, fontsize=_FONT - 2, zorder=5,
    )  # fmt: skip
