"""Tables of the win matrix in Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from parley_analysis import regions
from parley_analysis.tables import number
from parley_analysis.win_figure import row_label
from parley_analysis.winmatrix import gains, select, win_matrix, win_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from parley_analysis.load import Batch

KEY_ROWS = (
    ("benefit", "worst"),
    ("budget_benefit", "worst"),
    ("days_lost", "all"),
    ("violence", "all"),
    ("grievance_at_company", "all"),
    ("trust_company", "all"),
    ("freedom_from_want", "all"),
    ("npv", "all"),
)
"""Outcomes for the tables that cannot show all: people first, then the company."""

_FEW_TIES = 0.005
_DRIVERS_SHOWN = 3


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown, the first column to the left and the others to the right.

    >>> print(markdown(["a", "b"], [["x", "1"]]))
    | a | b |
    |:---|---:|
    | x | 1 |
    """
    lines = [head, [":---", *["---:"] * (len(head) - 1)], *rows]
    text = ["| " + " | ".join(line) + " |" for line in lines]
    text[1] = text[1].replace(" ", "")
    return "\n".join(text)


def matrix_table(batch: Batch, matrix: pd.DataFrame, place: str) -> str:
    """Shares of wins of one arm: bold in the alarm band, share of ties in brackets."""
    part = matrix[matrix["place"] == place]
    others = list(dict.fromkeys(part["other"]))
    cells = {
        (str(row["outcome"]), str(row["group"]), str(row["other"])): row
        for row in part.to_dict(orient="records")
    }
    order = part[["outcome", "group", "near_tautological", "rule_steps"]].drop_duplicates()
    order = order.sort_values("near_tautological", kind="stable")
    rows = []
    for outcome, group, steps in zip(
        order["outcome"], order["group"], order["rule_steps"], strict=True
    ):
        shares = []
        for other in others:
            cell = cells.get((outcome, group, other))
            if cell is None:
                shares.append("–")
                continue
            text = f"{cell['share']:.2f}"
            text = f"**{text}**" if cell["alarm"] else text
            shares.append(text + (f" ({cell['ties']:.2f})" if cell["ties"] > _FEW_TIES else ""))
        rows.append([row_label(batch, outcome, group), str(steps), *shares])
    return markdown(["Outcome", "rules", *map(batch.short_arm, others)], rows)


def effects_table(batch: Batch, matrix: pd.DataFrame, place: str, others: Sequence[str]) -> str:
    """Median paired differences with their 10% and 90% quantiles."""
    part = matrix[(matrix["place"] == place) & matrix["other"].isin(others)]
    rows = []
    for (name, whom), lines in part.groupby(["outcome", "group"], sort=False):
        outcome, group = str(name), str(whom)
        info = batch.outcome(outcome)
        texts = {}
        for line in lines.to_dict(orient="records"):
            scale = max(abs(line["q10"]), abs(line["q90"]), abs(line["median"]))
            low, middle, high = (number(line[q], scale, True) for q in ("q10", "median", "q90"))
            texts[line["other"]] = f"{middle} [{low}, {high}]"
        better = {1: "more", -1: "less"}[info.sign]
        unit = f"{info.level_unit}; {better} is better"
        rows.append([row_label(batch, outcome, group), unit, *(texts.get(o, "–") for o in others)])
    return markdown(["Outcome", "unit", *(f"vs {batch.short_arm(o)}" for o in others)], rows)


def standing_table(batch: Batch, levels: pd.DataFrame, place: str) -> str:
    """Mean share of wins of every arm against all others, on the key outcomes."""
    rows = []
    here = levels[levels.index.get_level_values("place") == place]
    arms = [str(arm) for arm in levels]
    tables = {arm: win_matrix(batch, here, arm) for arm in arms}
    for outcome, group in KEY_ROWS:
        shares = []
        for arm in arms:
            table = tables[arm]
            mine = table[(table["outcome"] == outcome) & (table["group"] == group)]
            shares.append(f"{mine['share'].mean():.2f}")
        rows.append([row_label(batch, outcome, group), *shares])
    return markdown(["Outcome", *map(batch.short_arm, arms)], rows)


def levels_table(batch: Batch, levels: pd.DataFrame, place: str) -> str:
    """Median over the draws of every arm, on the key outcomes."""
    rows = []
    arms = [str(arm) for arm in levels]
    for outcome, group in KEY_ROWS:
        here = select(levels, place, outcome, group)
        middle = {arm: float(here[arm].median()) for arm in arms}
        scale = max(abs(value) for value in middle.values())
        info = batch.outcome(outcome)
        label = f"{row_label(batch, outcome, group)} ({info.level_unit})"
        rows.append([label, *(number(middle[arm], scale) for arm in arms)])
    return markdown(["Median", *map(batch.short_arm, arms)], rows)


def priors_table(batch: Batch, levels: pd.DataFrame, place: str, arm: str) -> str:
    """What the priors allow under one arm, and which drawn numbers it goes with."""
    worlds = regions.drawn_worlds(batch)
    rows = []
    for outcome, group in KEY_ROWS:
        values = select(levels, place, outcome, group)[arm].dropna()
        low, middle, high = (float(values.quantile(q)) for q in (0.1, 0.5, 0.9))
        scale = max(abs(low), abs(high))
        numbers = [number(value, scale) for value in (low, middle, high)]
        label = f"{row_label(batch, outcome, group)} ({batch.outcome(outcome).level_unit})"
        rows.append([label, *numbers, drivers_text(values, worlds, thirds=False)])
    return markdown(["Outcome", "10%", "median", "90%", "goes with"], rows)


def resources_table(
    batch: Batch, levels: pd.DataFrame, spending: pd.DataFrame, arm: str, place: str
) -> str:
    """Whether arms of one budget spend the same, and who benefits more per unit spent.

    Args:
        batch: The results.
        levels: From `winmatrix.levels_by_arm`.
        spending: The same for `community_spending`, everybody.
        arm: The arm in question.
        place: Key of the place.
    """
    spent = select(spending, place, "community_spending", "all")
    gained = select(levels, place, "budget_benefit", "worst")
    per_unit = gained / spent.where(spent > 0.0)
    rows = []
    for other in (str(name) for name in levels if name != arm):
        ratio = (spent[arm] / spent[other].where(spent[other] > 0.0)).dropna()
        low, middle, high = (f"{float(ratio.quantile(q)):.2f}" for q in (0.1, 0.5, 0.9))
        more = win_share(gains(spent, arm, other))
        total, unit = (win_share(gains(table, arm, other)) for table in (gained, per_unit))
        row = [f"{middle} [{low}, {high}]", f"{more:.2f}", f"{total:.2f}", f"{unit:.2f}"]
        rows.append([batch.short_arm(other), *row])
    head = ["Against", "spending, ratio", "spends more", "benefit won", "per unit spent"]
    return markdown(head, rows)


def subset_table(batch: Batch, levels: pd.DataFrame, arm: str, others: Sequence[str]) -> str:
    """Shares of wins on the key outcomes, with ties in brackets, in the draws and place given."""
    matrix = win_matrix(batch, levels, arm, others)
    rows = []
    for outcome, group in KEY_ROWS:
        here = (matrix["outcome"] == outcome) & (matrix["group"] == group)
        cells = matrix[here].to_dict(orient="records")
        texts = {cell["other"]: f"{cell['share']:.2f} ({cell['ties']:.2f})" for cell in cells}
        rows.append([row_label(batch, outcome, group), *(texts.get(o, "–") for o in others)])
    return markdown(["Outcome", *map(batch.short_arm, others)], rows)


def regions_table(batch: Batch, levels: pd.DataFrame, arm: str, other: str, place: str) -> str:
    """What goes with winning and losing against another arm, on the key outcomes."""
    worlds = regions.drawn_worlds(batch)
    rows = []
    for outcome, group in KEY_ROWS:
        sign = batch.outcome(outcome).sign
        gain = gains(select(levels, place, outcome, group), arm, other, sign)
        rows.append(
            [
                row_label(batch, outcome, group),
                f"{win_share(gain):.2f}",
                drivers_text(gain, worlds),
                box_text(regions.find_box(gain, worlds), "loses"),
                box_text(regions.find_box(-gain, worlds), "wins"),
            ]
        )
    return markdown(["Outcome", "won", "goes with", "loses where", "wins where"], rows)


def drivers_text(values: pd.Series, worlds: pd.DataFrame, thirds: bool = True) -> str:
    """The drawn numbers that go with something beyond chance.

    Args:
        values: By replicate.
        worlds: From `regions.drawn_worlds`.
        thirds: Whether `values` are gains, whose share of wins in thirds is of interest.
    """
    table = regions.drivers(values, worlds)
    strong = table[table["beyond_chance"]].head(_DRIVERS_SHOWN)
    parts = []
    for name, rho in zip(strong["parameter"], strong["rho"], strict=True):
        text = f"`{name}` ρ = {number(float(rho), 1.0, True)}"
        if thirds:
            parted = regions.shares_by_third(values, worlds[name])
            text += f" ({', '.join('–' if math.isnan(s) else f'{s:.2f}' for s in parted)})"
        parts.append(text)
    return "<br>".join(parts) or "nothing beyond chance"


def box_text(box: regions.Box | None, verb: str) -> str:
    """A box in words, with what the other half of the draws says."""
    if box is None:
        return "–"
    cuts = " and ".join(f"`{cut.parameter}` {str(cut).partition(' ')[2]}" for cut in box.cuts)
    verdict = "holds" if box.confirmed else "does not hold"
    return (
        f"{cuts}: {verb} {box.share_checked:.2f} [{box.low:.2f}, {box.high:.2f}] of "
        f"{box.n_checked}, {box.share_overall:.2f} overall ({verdict})"
    )
