"""How large an outcome is and how far it spreads over the worlds of a sample.

A share says nothing without the whole: all of a spread that nobody would notice is still nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.sensitivity import carrying
from parley_analysis.sensitivity_sample import independent_rows

if TYPE_CHECKING:
    import pandas as pd

    from parley_analysis.sensitivity import Sampling


@dataclass(frozen=True, slots=True)
class Scale:
    """An outcome over the worlds of a sample, in its own unit.

    Attributes:
        worlds: Points that count: those that share no values with others by design.
        mean: Their mean.
        spread: Their standard deviation.
        low: What one world in twenty falls below.
        high: What one world in twenty lies above.
        same: Share of the worlds that have the most frequent value.
        carrying: Worlds on which the variance rests; see `sensitivity.carrying`.
    """

    worlds: int
    mean: float
    spread: float
    low: float
    high: float
    same: float
    carrying: float


def scale_of(units: pd.DataFrame, y: pd.Series[float], sampling: Sampling) -> Scale:
    """Mean, spread and most frequent value of an outcome.

    Args:
        units: The sample in unit space, index 0, 1, 2, ... in the order of the sampler.
        y: Outcome by point.
        sampling: How it was drawn.

    Raises:
        AnalysisError: The sample has no independent points, or too many have no value.
    """
    values = independent_rows(units, y, sampling)[1]
    count = len(values)
    rounded = np.round(values / max(float(np.abs(values).max()), 1e-300), 12)
    often = np.unique(rounded, return_counts=True)[1].max()
    low, high = np.quantile(values, (0.05, 0.95))
    spread = float(values.std(ddof=1)) if count > 1 else float("nan")
    return Scale(
        count, float(values.mean()), spread, float(low), float(high), float(often / count),
        carrying(values),
    )  # fmt: skip
