"""How bad it gets: the mean of an outcome over the worst runs of an arm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parley_analysis.load import AnalysisError
from parley_analysis.summarise import levels

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley_analysis.load import Batch

WORST_SHARE = 0.1
"""Part of the runs that counts as the tail, by convention."""


def lower_tail(
    batch: Batch, outcome: str, share: float = WORST_SHARE, horizon: int | None = None
) -> pd.DataFrame:
    """Mean over all runs, and over the worst of them, by place, arm and group.

    Worst are the lowest values, or the highest of an outcome that is better low (expected
    shortfall, Acerbi and Tasche 2002). The tail holds at least one run.

    Args:
        batch: The results.
        outcome: Name of an outcome for which one direction is better.
        share: Part of the runs that counts as the tail, in (0, 1].
        horizon: As in `levels`.

    Returns:
        Columns place, arm, group, n, in_tail, mean, tail.

    Raises:
        AnalysisError: The outcome has no better direction or the share is impossible.
    """
    if not 0.0 < share <= 1.0:
        raise AnalysisError(f"the worst share must lie in (0, 1], not {share}")
    direction = batch.outcome(outcome).direction
    if direction == "neither":
        raise AnalysisError(f"{outcome} has no better direction, so it has no worst runs")
    table = levels(batch, outcome, horizon)
    rows = []
    for (place, arm, group), part in table.groupby(["place", "arm", "group"], sort=False):
        values = part["value"].to_numpy(dtype=np.float64)
        rows.append(
            {
                "place": place,
                "arm": arm,
                "group": group,
                "n": values.size,
                "in_tail": _count(values.size, share),
                "mean": float(values.mean()),
                "tail": worst_mean(values, share, lower=direction == "higher"),
            }
        )
    return pd.DataFrame(rows)


def worst_mean(values: Floats, share: float, *, lower: bool) -> float:
    """Mean of the worst values.

    Args:
        values: shape (n,), at least one.
        share: part that counts as worst, in (0, 1].
        lower: whether low values are the worst.

    >>> worst_mean(np.array([5.0, 1.0, 3.0, 9.0]), 0.5, lower=True)
    2.0
    """
    ordered = np.sort(values) if lower else -np.sort(-values)
    return float(ordered[: _count(values.size, share)].mean())


def _count(n: int, share: float) -> int:
    """Runs in the tail: at least one."""
    return max(1, math.floor(share * n + 1e-9))
