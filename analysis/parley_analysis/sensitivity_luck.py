"""How much of what differs between the points of a design is luck."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.sensitivity import LUCK, RESAMPLES, Z, generator
from parley_analysis.sensitivity_sobol import FIRST, TOGETHER

if TYPE_CHECKING:
    import pandas as pd

AS_FACTOR, BY_REPLICATES, UNKNOWN = "luck as a factor", "replicates", "not measured"


@dataclass(frozen=True, slots=True)
class LuckShare:
    """Share of an outcome's variance that is luck.

    Attributes:
        how: `luck as a factor`, `replicates` or `not measured`.
        alone: Share that is luck alone; NaN where it was not measured.
        low: Lower end of its 95% interval.
        high: Upper end.
        together: Share that luck makes up only together with parameters; NaN with replicates,
            which cannot tell it apart.
    """

    how: str
    alone: float
    low: float
    high: float
    together: float


NOT_MEASURED = LuckShare(UNKNOWN, math.nan, math.nan, math.nan, math.nan)


def luck_of_factor(indices: pd.DataFrame) -> LuckShare:
    """Read luck off a table of Sobol' indices in which `luck` is a factor.

    Its first-order index is luck alone; total minus first is luck that works through parameters.
    The two together are all that luck does. Nothing else of the table is noise.

    Args:
        indices: From `sobol_indices`.
    """
    rows = indices[(indices["factor"] == LUCK) & (indices["level"] == "factor")]
    found = {row["index"]: row for row in rows.to_dict(orient="records")}
    if FIRST not in found:
        return NOT_MEASURED
    alone, together = found[FIRST], found[TOGETHER]
    return LuckShare(AS_FACTOR, alone["value"], alone["low"], alone["high"], together["value"])


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
    return LuckShare(
        BY_REPLICATES, float(share), float(share - half), float(share + half), math.nan
    )
