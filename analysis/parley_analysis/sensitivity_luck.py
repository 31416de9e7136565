"""How much of what differs between the points of a design is luck."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.sensitivity import LUCK, RESAMPLES, Z, generator
from parley_analysis.sensitivity_sobol import FIRST, TOGETHER, TOTAL

if TYPE_CHECKING:
    import pandas as pd

AS_FACTOR, BY_REPLICATES, UNKNOWN = "luck as a factor", "replicates", "not measured"


@dataclass(frozen=True, slots=True)
class LuckShare:
    """Share of an outcome's variance that is luck.

    Attributes:
        how: `luck as a factor`, `replicates` or `not measured`.
        whole: Share that would stay if all parameters varied were known: all that luck does, alone
            and with parameters; NaN where it was not measured.
        low: Lower end of its 95% interval.
        high: Upper end.
        alone: Share that is luck alone; NaN with replicates, which cannot tell it apart.
        together: Share that luck makes up only together with parameters; NaN with replicates.
    """

    how: str
    whole: float
    low: float
    high: float
    alone: float
    together: float


NOT_MEASURED = LuckShare(UNKNOWN, math.nan, math.nan, math.nan, math.nan, math.nan)


def luck_of_factor(indices: pd.DataFrame) -> LuckShare:
    """Read luck off a table of Sobol' indices in which `luck` is a factor.

    Its total index is all that luck does; its first-order index is luck alone, and total minus
    first is luck that works through parameters.

    Args:
        indices: From `sobol_indices`.
    """
    rows = indices[(indices["factor"] == LUCK) & (indices["level"] == "factor")]
    found = {row["index"]: row for row in rows.to_dict(orient="records")}
    if FIRST not in found:
        return NOT_MEASURED
    whole, alone, together = found[TOTAL], found[FIRST]["value"], found[TOGETHER]["value"]
    return LuckShare(AS_FACTOR, whole["value"], whole["low"], whole["high"], alone, together)


def luck_of_replicates(
    y: pd.Series[float], noise: pd.Series[float], replicates: int, seed: int = 0
) -> LuckShare:
    """Share of the variance of means over replicates that is what luck left in the means.

    A mean over R replicates keeps one R-th of the variance of one run. So the share is the mean
    over points of that variance, divided by R and by the variance of the means between points.
    Indices of parameters can add up to at most one minus this share where runs of different
    points have luck of their own; where all points share the luck of a replicate, much of it is
    the same everywhere and cancels, and the share is an upper bound.

    Args:
        y: Mean over replicates by point; NaN where there is none.
        noise: Variance of one run's luck by point, over its replicates.
        replicates: Runs per point.
        seed: Of the bootstrap over points.
    """
    both = np.isfinite(y.to_numpy(float)) & np.isfinite(noise.to_numpy(float))
    means, variances = y.to_numpy(float)[both], noise.to_numpy(float)[both]
    if replicates < 2 or len(means) < 3 or means.var() <= 0:
        return NOT_MEASURED
    share = variances.mean() / replicates / means.var(ddof=1)
    chosen = generator(seed).integers(len(means), size=(RESAMPLES, len(means)))
    between = means[chosen].var(axis=1, ddof=1)
    kept = between > 0
    again = variances[chosen].mean(axis=1)[kept] / replicates / between[kept]
    half = Z * float(again.std(ddof=1)) if kept.sum() > 1 else math.nan
    low, high = float(share - half), float(share + half)
    return LuckShare(BY_REPLICATES, float(share), low, high, math.nan, math.nan)
