"""A picture of the win matrix: one row per outcome, one column per arm held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.load import ALL
from parley_analysis.notes import wrap
from parley_analysis.style import look

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley_analysis.load import Batch

_WIDTH = 13.0
_PER_LETTER = 0.083  # inches, at the size of the labels; a little more than the widest needs
_HEAD = 1.85
_FOOT = 1.15
_ROW = 0.27
_MIDDLE = 0.15
_LEAN = 0.77  # how far a slanted head reaches to the right, of its length
_STEPS = 10  # of colour
_DARK_BELOW = 0.55  # on cividis, white letters read below it and black ones above


def row_label(batch: Batch, outcome: str, group: str) -> str:
    """Name of a row: the outcome, for whom, and a dagger if it stands next to a practice.

    >>> from types import SimpleNamespace
    >>> info = SimpleNamespace(label="Benefit", near_tautological=True)
    >>> row_label(SimpleNamespace(outcome=lambda name: info), "benefit", "worst")
    'Benefit, worst-off group †'
    """
    info = batch.outcome(outcome)
    whom = "" if group == ALL else ", worst-off group"
    return f"{info.label}{whom}{' †' if info.near_tautological else ''}"


def win_heat_map(
    batch: Batch, matrix: pd.DataFrame, foot: Sequence[str], places: Sequence[str] | None = None
) -> Figure:
    """Draw how often one arm is better than each other arm, a panel per place.

    Args:
        batch: The results.
        matrix: From `winmatrix.win_matrix`, for one arm.
        foot: Sentences below the picture.
        places: Keys of the places; None for all.

    Returns:
        The figure: distant outcomes above, near-tautological ones below the line; boxed cells
        lie in the alarm band.
    """
    from matplotlib.figure import Figure

    cells = matrix[["outcome", "group", "near_tautological"]].drop_duplicates()
    cells = cells.sort_values("near_tautological", kind="stable")
    rows = list(zip(cells["outcome"], cells["group"], strict=True))
    distant = int((~cells["near_tautological"]).sum())
    others = list(dict.fromkeys(matrix["other"]))
    names = [row_label(batch, *row) for row in rows]
    side = _PER_LETTER * max(map(len, names)) + 0.1
    height = _HEAD + _ROW * len(rows) + _FOOT
    places = batch.places if places is None else places
    last = batch.short_arm(str(others[-1]))
    right = max(_PER_LETTER * _LEAN * len(last), 0.3)
    width = (_WIDTH - side - right - _MIDDLE * (len(places) - 1)) / len(places)
    with look():
        figure = Figure(figsize=(_WIDTH, height))
        for column, place in enumerate(places):
            left = (side + column * (width + _MIDDLE)) / _WIDTH
            box = (left, _FOOT / height, width / _WIDTH, _ROW * len(rows) / height)
            panel = figure.add_axes(box)
            _draw(panel, matrix[matrix["place"] == place], rows, others)
            panel.axhline(distant - 0.5, color="black", linewidth=1.6)
            heads = [batch.short_arm(other) for other in others]
            panel.set_xticks(range(len(others)), heads, fontsize=10)
            panel.tick_params(axis="x", rotation=40)
            for word in panel.get_xticklabels():
                word.set(ha="left", rotation_mode="anchor")
            labels = names if column == 0 else []
            panel.set_yticks(range(len(rows)), labels or [""] * len(rows), fontsize=10)
            name = batch.short_place(place)
            panel.set_title(name, loc="left", fontsize=12, fontweight="bold", pad=4)
        arm = batch.short_arm(str(matrix["arm"].iloc[0]))
        title = f"Of a hundred drawn worlds, in how many is {arm} better than ..."
        figure.text(0.01, 1 - 0.12 / height, title, va="top", fontsize=15, fontweight="bold")
        text = "\n".join(wrap(sentence, 170) for sentence in foot)
        figure.text(0.01, 0.1 / height, text, va="bottom", fontsize=10)
    return figure


def _draw(
    panel: Axes, part: pd.DataFrame, rows: Sequence[tuple[str, str]], others: Sequence[str]
) -> None:
    """Draw one place: a colour and a number per cell, a box around those that raise an alarm."""
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    found = {
        (cell["outcome"], cell["group"], cell["other"]): cell
        for cell in part.to_dict(orient="records")
    }
    image = np.full((len(rows), len(others)), np.nan)
    for i, (outcome, group) in enumerate(rows):
        for j, other in enumerate(others):
            if (outcome, group, other) not in found:
                panel.text(j, i, "–", ha="center", va="center", fontsize=9, color="#777777")
                continue
            cell = found[outcome, group, other]
            share = image[i, j] = float(cell["share"])
            colour = "white" if share < _DARK_BELOW else "black"
            panel.text(
                j, i, f"{100 * share:.0f}", ha="center", va="center", fontsize=9, color=colour
            )
            if cell["alarm"]:
                edge = Rectangle(
                    (j - 0.47, i - 0.44), 0.94, 0.88, fill=False, edgecolor="#D55E00", linewidth=2
                )
                panel.add_patch(edge)
    panel.imshow(image, cmap=colormaps["cividis"].resampled(_STEPS), vmin=0, vmax=1, aspect="auto")
    panel.grid(visible=False)
    panel.tick_params(length=0)
    panel.xaxis.tick_top()
    panel.spines[:].set_visible(False)
