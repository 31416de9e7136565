"""Heat maps of sensitivity: pairs of factors, and every factor against every outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.notes import wrap
from parley_analysis.sensitivity import CONSTANT, DUMMY, MATTERS, MORE_RUNS, NOTHING
from parley_analysis.style import look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from parley_analysis.sensitivity import Floats
    from parley_analysis.sensitivity_figures import Caption

MOST_PAIRED = 12
MOST_LISTED = 24
MOST_OUTCOMES = 20
_PER_LETTER = 0.094
_CELL = 0.62
_ROW, _TWO_LINES = 0.33, 0.44
_LEAN = 0.77  # how far a slanted head reaches to the right, of its length
_STEPS = 10


def pairs_figure(table: pd.DataFrame, caption: Caption) -> Figure:
    """Draw second-order indices of the strongest factors.

    Args:
        table: Indices of one outcome and contrast from `sobol_indices`, with second order.
        caption: What is written around it.

    Returns:
        The figure: percent of the variance that two factors make up only together; bold and boxed
        where it matters, a dot where it cannot be told from zero, ? where it needs more runs.
    """
    totals = table[(table["index"] == "total") & (table["factor"] != DUMMY)]
    order = totals.sort_values("value", ascending=False, kind="stable")["factor"].tolist()
    keys = order[:MOST_PAIRED]
    pairs = table[table["level"] == "pair"]
    values = np.full((len(keys), len(keys)), np.nan)
    verdicts = np.full(values.shape, "", dtype=object)
    for row in pairs.to_dict(orient="records"):
        if row["factor"] in keys and row["other"] in keys:
            i, j = sorted((keys.index(row["factor"]), keys.index(row["other"])))
            values[j, i] = row["value"]
            verdicts[j, i] = row["verdict"]
    left_out = len(order) - len(keys)
    foot = [
        "Percent of the variance of the outcome that two factors make up only together. Boxed: "
        "matters. Dot: not distinguishable from zero. ?: needs more runs. "
        f"{int(pairs['used'].max())} Saltelli blocks.",
        f"{left_out} factors with smaller total indices are not drawn." if left_out else "",
        caption.note,
    ]
    names = [caption.name(key) for key in keys]
    return _heat_map(
        caption.title, (names[1:], names[:-1]), (values[1:, :-1], verdicts[1:, :-1]), foot
    )


def overview_figure(
    table: pd.DataFrame, index: str, outcomes: Mapping[str, str], caption: Caption
) -> Figure:
    """Draw one index of every factor for every outcome.

    Args:
        table: Indices of one place, horizon and contrast, with the column `outcome`.
        index: Name of the index. `mu_star` has the unit of its outcome, so every column is shown
            as percent of its largest.
        outcomes: Name of an outcome -> its label, in order of columns.
        caption: What is written around it.

    Returns:
        The figure; boxed cells matter.
    """
    rows = table[(table["index"] == index) & (table["level"] == "factor")]
    values = rows.pivot(index="factor", columns="outcome", values="value")
    verdicts = rows.pivot(index="factor", columns="outcome", values="verdict")
    every = [name for name in outcomes if name in values.columns]
    columns = every[:MOST_OUTCOMES]
    relative = index == "mu_star"
    shown = values[columns] / values[columns].max() if relative else values[columns]
    strength = shown.where(verdicts[columns] == MATTERS, 0.0).sum(axis=1)
    order = strength.sort_values(ascending=False, kind="stable").index.tolist()
    keys = [key for key in order if key != DUMMY][:MOST_LISTED]
    constant = [outcomes[name] for name in columns if (verdicts[name] == CONSTANT).all()]
    left_out = len([key for key in order if key != DUMMY]) - len(keys)
    what = {
        "total": "Percent of the variance, alone and with others (total index)",
        "mu_star": "Mean absolute effect, percent of the largest of its column",
    }.get(index, f"{index.upper() if index == 'pawn' else index}, in hundredths")
    foot = [
        f"{what}. Boxed: matters. Dot: not distinguishable from zero. ?: needs more runs.",
        f"Does not vary: {', '.join(constant)}." if constant else "",
        f"{left_out} factors that matter less, over all outcomes drawn, are left out."
        if left_out
        else "",
        f"{len(every) - len(columns)} more outcomes stand in sensitivity.csv."
        if len(every) > len(columns)
        else "",
        caption.note,
    ]
    names = [caption.name(key) for key in keys]
    cells = shown.loc[keys].to_numpy(float), verdicts.loc[keys, columns].to_numpy(object)
    return _heat_map(caption.title, (names, [outcomes[name] for name in columns]), cells, foot)


def _heat_map(
    title: str,
    names: tuple[Sequence[str], Sequence[str]],
    cells: tuple[Floats, npt.NDArray[np.object_]],
    foot: Sequence[str],
) -> Figure:
    """Rows, columns, a number and a colour per cell."""
    from matplotlib.figure import Figure

    rows, columns = names
    columns = [" ".join(name.split()) for name in columns]
    lines = [line for name in rows for line in name.split("\n")]
    side = _PER_LETTER * max(map(len, lines), default=1) + 0.25
    lean = _PER_LETTER * _LEAN * max(map(len, columns), default=1)
    wide = side + _CELL * max(len(columns), 1) + lean + 0.25
    width = max(wide, 8.0)
    letters = int(width / 0.084)
    heading = wrap(title, int(width / 0.118))
    text = "\n".join(wrap(sentence, letters) for sentence in foot if sentence)
    head = 0.3 + 0.3 * (heading.count("\n") + 1) + 0.9 * lean
    below = 0.215 * (text.count("\n") + 1) + 0.25
    high = (_TWO_LINES if len(lines) > len(rows) else _ROW) * max(len(rows), 1)
    height = head + high + below
    with look():
        figure = Figure(figsize=(width, height))
        figure.text(0.012, 1 - 0.1 / height, heading, va="top", fontsize=15, fontweight="bold")
        figure.text(0.012, 0.08 / height, text, va="bottom", linespacing=1.25, fontsize=11)
        box = (side / width, below / height, _CELL * len(columns) / width, high / height)
        panel = figure.add_axes(box)
        _draw(panel, *cells)
        panel.set_xticks(range(len(columns)), columns)
        panel.set_yticks(range(len(rows)), rows)
        panel.xaxis.tick_top()
        panel.tick_params(length=0)
        for word in panel.get_xticklabels():
            word.set(ha="left", rotation=40, rotation_mode="anchor")
        panel.grid(visible=False)
        panel.spines[:].set_visible(False)
    return figure


def _draw(panel: Axes, values: Floats, verdicts: npt.NDArray[np.object_]) -> None:
    """Numbers and colours where an index matters; from white to dark blue, readable in print."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Rectangle

    colours = LinearSegmentedColormap.from_list("share", ["#FFFFFF", "#56B4E9", "#003A5C"], _STEPS)
    matters = verdicts == MATTERS
    shown = np.where(matters, np.clip(values, 0.0, None), 0.0)
    top = max(float(shown.max(initial=0.0)), 0.05)
    panel.imshow(shown, cmap=colours, vmin=0.0, vmax=top, aspect="auto")
    for (i, j), verdict in np.ndenumerate(verdicts):
        word = {NOTHING: "·", MORE_RUNS: "?", CONSTANT: "–"}.get(verdict, "")
        word = f"{100 * values[i, j]:.0f}" if matters[i, j] else word
        dark = shown[i, j] > 0.55 * top
        panel.text(
            j, i, word, ha="center", va="center", color="white" if dark else "black",
            fontweight="bold" if matters[i, j] else "normal",
        )  # fmt: skip
        if matters[i, j]:
            edge = Rectangle(
                (j - 0.46, i - 0.42), 0.92, 0.84, fill=False, edgecolor="#D55E00", linewidth=2
            )
            panel.add_patch(edge)
