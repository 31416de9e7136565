"""How often one practice is better than each other under the same luck, in one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from parley_analysis import notes, summarise
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.sheet import MOST_PLACES, Sheet, Words, drawn_places, place_names
from parley_analysis.style import WIDTH_INCHES, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley_analysis.load import Batch

_WINS = LinearSegmentedColormap.from_list("wins", ["#D55E00", "#FFFFFF", "#0072B2"])
_WIDE, _NARROW = 1.15, 0.53
"""Inches of a cell: for a share with its ties beside it, and for a share alone."""
_LETTER = 0.1  # inches
_ROW_LETTERS = 24
_LEAN = 0.75  # how far a slanted head reaches up and to the right, of its length
_BETWEEN = 0.15  # inches
_MIDDLE: dict[str, Any] = {"ha": "center", "va": "center_baseline"}


def win_matrix_figure(
    batch: Batch,
    outcomes: Sequence[str],
    arm: str,
    places: Sequence[str] | None = None,
    horizon: int | None = None,
) -> Figure:
    """Draw how often an arm is better than each other arm under the same luck.

    Places stand side by side, or one below another where cells would be too narrow to read.

    Args:
        batch: The results.
        outcomes: Outcomes; those of which neither direction is better are left out.
        arm: Key of the arm in question.
        places: Keys of at most three places; None for all.
        horizon: Months from the start that count; None for all.

    Raises:
        AnalysisError: An unknown name, nothing to compare, or too many places.
    """
    table = summarise.win_shares(batch, outcomes, arm, horizon)
    if table.empty:
        raise AnalysisError(f"there is nothing to hold {arm!r} against")
    places = drawn_places(batch, places, MOST_PLACES)
    rows = list(dict.fromkeys(zip(table["outcome"], table["group"], strict=True)))
    rows.sort(key=lambda row: (list(outcomes).index(row[0]), row[1] != ALL))
    others = [other for other in batch.arms if other in set(table["arm"])]
    name = batch.short_arm(arm)
    foot = [
        f"Share of {notes.size_note(batch, horizon)} In brackets: share of exact ties.",
        f"1 means that {name} was better every time, 0 that it never was. A share "
        f"near one half is known to ±{notes.half_interval_of_a_share(batch):.2f} (95% interval).",
        *notes.limits(batch, [batch.outcome(outcome) for outcome, _ in rows]),
    ]
    labels = [_row_name(batch, *row) for row in rows]
    heads = [batch.short_arm(other) for other in others]
    with look():
        title = f"How often {name} is better than ..."
        panels = _panels((title, place_names(batch, places), foot), labels, heads)
        for panel, place in zip(panels, places, strict=True):
            _draw(panel, table[table["place"] == place], rows, others)
    return cast("Figure", panels[0].figure)


def _panels(
    words: tuple[str, Sequence[str], Sequence[str]], labels: Sequence[str], heads: Sequence[str]
) -> list[Axes]:
    """Lay out a panel for each place, with names of rows and of columns."""
    title, names, foot = words
    first = 0.25 + 0.087 * max(map(len, labels))
    if _cell(first, 0.25, 1, len(heads)) < _WIDE:
        labels = [notes.wrap(label.replace(" †", "\u00a0†"), _ROW_LETTERS) for label in labels]
        first = 0.25 + 0.095 * max(len(line) for label in labels for line in label.split("\n"))
    longest = _LETTER * max(map(len, heads))
    for columns in dict.fromkeys((len(names), 1)):
        slanted = longest > _cell(first, 0.25, columns, len(heads))
        up = _LEAN * longest + 0.1 if slanted else 0.2
        right = up if slanted else 0.25
        if _cell(first, right, columns, len(heads)) >= _NARROW:
            break
    stacked = columns < len(names)
    wide = _cell(first, right, columns, len(heads)) >= _WIDE
    lined = any("\n" in label for label in labels)
    body = (0.36 if wide and not lined else 0.48) * len(labels)
    sheet = Sheet.make(
        len(names) if stacked else 1,
        Words(title, [""] if stacked else names, foot),
        body + up,
        left_inches=_BETWEEN,
        label_inches=right,
        first_left=first,
    )
    panels: list[Axes] = list(sheet.panels.ravel())
    for i, panel in enumerate(panels):
        if stacked:
            sheet.title_row(i, names[i], "")
        box = panel.get_position()
        panel.set_position((box.x0, box.y0, box.width, box.height * body / (body + up)))
        panel.xaxis.tick_top()
        panel.set_xticks(range(len(heads)), heads)
        panel.set_yticks(range(len(labels)), labels if stacked or i == 0 else [""] * len(labels))
        for head in panel.get_xticklabels() if slanted else ():
            head.set(rotation=45, ha="left", rotation_mode="anchor")
    return panels


def _cell(first: float, right: float, columns: int, heads: int) -> float:
    """Width of a cell (inches)."""
    taken = first + columns * right + (columns - 1) * _BETWEEN
    return (WIDTH_INCHES - taken) / columns / heads


def _draw(
    panel: Axes,
    table: pd.DataFrame,
    rows: Sequence[tuple[str, str]],
    others: Sequence[str],
) -> None:
    """Draw one place's matrix of win shares, ties counted as half for the colour."""
    width = panel.get_position().width * WIDTH_INCHES / len(others)
    wide = width >= _WIDE
    image = np.full((len(rows), len(others)), np.nan)
    for cell in table.to_dict(orient="records"):
        i, j = rows.index((cell["outcome"], cell["group"])), others.index(cell["arm"])
        wins, ties = float(cell["wins"]), float(cell["ties"])
        image[i, j] = wins + ties / 2
        beside = f" ({ties:.2f})" if ties and wide else ""
        below = 0.0 if wide or not ties else 0.23
        panel.text(j, i - below, f"{wins:.2f}{beside}", fontweight="bold", **_MIDDLE)
        if below:
            panel.text(j, i + below, f"({ties:.2f})", **_MIDDLE)
    panel.imshow(image, cmap=_WINS, vmin=-0.25, vmax=1.25, aspect="auto")
    panel.grid(visible=False)
    for i in range(1, len(rows)):
        panel.axhline(i - 0.5, color="white", linewidth=1.2)
    for j in range(1, len(others)):
        panel.axvline(j - 0.5, color="white", linewidth=1.2)
    panel.tick_params(length=0)
    panel.spines[:].set_visible(False)


def _row_name(batch: Batch, outcome: str, group: str) -> str:
    info = batch.outcome(outcome)
    return info.marked_label if group == ALL else "… worst-off group"
