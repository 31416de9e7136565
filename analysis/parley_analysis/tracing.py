"""The path of an alarm: what has to be taken out of the model for it to go away.

Blocks, single numbers and practices are taken out in turn, in the same draws. An alarm goes when
its share of wins comes at least half of the way back to one half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from parley_analysis.load import load
from parley_analysis.win_alarms import require_same
from parley_analysis.winmatrix import ALARM_BAND, gains, levels_by_arm, select, win_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from parley_analysis.load import Batch

    type Cell = tuple[str, str, str, str, str]
    """Place, outcome, group, arm, other arm."""

BACK = 0.5
"""Part of the way back to one half that counts as gone."""

_COLUMNS = ["place", "outcome", "group", "arm", "other", "taken_out", "block", "n",
            "share_drawn", "share", "ties", "gone"]  # fmt: skip


@dataclass(frozen=True)
class Variant:
    """The same draws with something taken out.

    Attributes:
        label: What was taken out.
        block: Section of the registry; empty where a practice was taken out.
        levels: As `winmatrix.levels_by_arm`, arms named as in the main results; arms that were
            not run again are those of the main results.
    """

    label: str
    block: str
    levels: pd.DataFrame


def alarm_cells(matrix: pd.DataFrame) -> list[Cell]:
    """The cells of a win matrix that are outside the band and not near-tautological."""
    found = matrix[matrix["alarm"] & ~matrix["near_tautological"]]
    columns = ["place", "outcome", "group", "arm", "other"]
    return [cast("Cell", tuple(map(str, row))) for row in found[columns].to_numpy()]


def read_variants(
    batch: Batch, levels: pd.DataFrame, folders: Iterable[Path], outcomes: Sequence[str]
) -> list[Variant]:
    """Read the folders of traces.

    Raises:
        StoreError: A folder is no results folder, or was made from other draws or other code.
    """
    variants = []
    for folder in folders:
        other = load(folder)
        require_same(batch, other)
        part = cast("Mapping[str, Any]", other.results.manifest["part"])
        names = dict(part["stands_for"])
        table = levels_by_arm(other, [n for n in outcomes if n in other.outcomes])
        table = table.rename(columns=names)
        if names:
            rest = [arm for arm in levels if arm not in table]
            table = table.join(levels[rest])
        variants.append(Variant(str(part["trace"]), str(part.get("block", "")), table))
    return variants


def trace(
    batch: Batch, levels: pd.DataFrame, cells: Sequence[Cell], variants: Sequence[Variant]
) -> pd.DataFrame:
    """What becomes of every alarm in every variant.

    Args:
        batch: The main results.
        levels: From `winmatrix.levels_by_arm`.
        cells: From `alarm_cells`.
        variants: From `read_variants`.

    Returns:
        One row per alarm and variant: n (draws), share_drawn and share (of wins in the same draws,
        as drawn and with the thing taken out), ties, gone.
    """
    rows = []
    for cell in cells:
        place, outcome, group, arm, other = cell
        sign = batch.outcome(outcome).sign
        drawn = gains(select(levels, place, outcome, group), arm, other, sign)
        for variant in variants:
            if not {arm, other} <= set(variant.levels):
                continue
            try:
                table = select(variant.levels, place, outcome, group)
            except KeyError:
                continue
            gain = gains(table, arm, other, sign)
            same = drawn[drawn.index.isin(gain.index)]
            if same.empty:
                continue
            gain = gain.loc[same.index]
            before, after = win_share(same), win_share(gain)
            gone = abs(after - 0.5) <= BACK * abs(before - 0.5)
            ties = float((gain == 0.0).mean())
            rows.append((*cell, variant.label, variant.block, len(gain), before, after, ties, gone))
    return pd.DataFrame(rows, columns=_COLUMNS)


def paths(table: pd.DataFrame) -> pd.DataFrame:
    """For every alarm, what it goes with: the things without which it is gone.

    Returns:
        Columns place, outcome, group, arm, other, n, share_drawn, needs (labels, those that bring
        the share nearest to one half first, separated by semicolons; empty when nothing that was
        tried removes it).
    """
    rows = []
    key = ["place", "outcome", "group", "arm", "other"]
    for cell, part in table.groupby(key, sort=False):
        gone = part[part["gone"]]
        order = (gone["share"] - 0.5).abs().sort_values(kind="stable").index
        needs = "; ".join(gone.loc[order, "taken_out"])
        rows.append((*cell, int(part["n"].max()), float(part["share_drawn"].iloc[0]), needs))
    return pd.DataFrame(rows, columns=[*key, "n", "share_drawn", "needs"])


def blocks_to_open(table: pd.DataFrame) -> tuple[str, ...]:
    """Blocks without which an alarm is gone: their numbers deserve to be taken out one by one."""
    found = table[table["gone"] & (table["block"] != "")]
    return tuple(dict.fromkeys(found["block"]))


def placebo_cells(matrix: pd.DataFrame, errors: float = 2.0) -> list[Cell]:
    """Outcomes on which an arm beats another by more than chance, ties counting as half.

    Args:
        matrix: From `winmatrix.win_matrix`, of the placebo against doing nothing.
        errors: Standard errors of a share of one half above which it counts.
    """
    bound = 0.5 + errors * (0.25 / matrix["n"]) ** 0.5
    found = matrix[matrix["share"] > bound]
    columns = ["place", "outcome", "group", "arm", "other"]
    return [cast("Cell", tuple(map(str, row))) for row in found[columns].to_numpy()]


def outside(share: float) -> bool:
    """Whether a share of wins lies outside the band."""
    return share < ALARM_BAND[0] or share > ALARM_BAND[1]
