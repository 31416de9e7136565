"""A pilot read: how much of an outcome is luck, and how many replicates a wanted interval takes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from parley_analysis.sweep_data import pairs_of_arms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.arrays import Floats
    from parley_analysis.sweep_data import Sweep

CONFIDENCE = 0.95
SHOWN = (1, 4, 16, 64)
"""Numbers of replicates for which a pilot states the half-width."""


def advise(sweep: Sweep, wanted: Mapping[str, float] | None = None) -> pd.DataFrame:
    """How wide an interval replicates leave, and how many a wanted one takes.

    The variance over luck is pooled over the points of the pilot. The half-width of the mean of k
    replicates is t sd / sqrt(k), with Student's t at the pilot's degrees of freedom, since the
    standard deviation is itself only estimated. Points share their luck, so they do not count in
    full: the degrees of freedom are those of Satterthwaite (1946), from replicates - 1, where luck
    moves all points alike, to points times that, where it moves each on its own.

    Args:
        sweep: A pilot, with at least two replicates at each point.
        wanted: Outcome to the half-width wanted, in the outcome's unit; None to state half-widths
            alone, of outcomes that can be better or worse. Outcomes not named are left out if any
            is, and those known only at the end of a run always.

    Returns:
        One row per place, outcome and what is asked about (an arm, or `first - other` under the
        same luck): sd_luck, sd_points (of the points' true means, 0 where luck alone explains
        their spread), points, half_width_1, _4, _16, _64, and wanted and replicates if asked.
    """
    rows = []
    for place in sweep.places:
        for outcome in wanted or sweep.outcomes:
            info = sweep.batch.outcome(outcome)
            if info.level == "run" or not (wanted or info.sign):
                continue
            for what, runs in _asked(sweep, outcome, place).items():
                row = _row(runs, None if wanted is None else wanted[outcome])
                about = {"place": place, "outcome": outcome, "of": what, "unit": info.level_unit}
                rows.append(about | row)
    return pd.DataFrame(rows)


def _asked(sweep: Sweep, outcome: str, place: str) -> dict[str, Floats]:
    """Shape (points, replicates) for every arm and for the first arm less each other."""
    runs = sweep.runs(outcome, place)
    wide = runs.pivot(index=["point", "replicate"], columns="arm", values="value")
    count = runs["replicate"].nunique()
    arms = {arm: wide[arm] for arm in sweep.arms}
    arms |= {f"{a} - {b}": wide[a] - wide[b] for a, b in pairs_of_arms(sweep.arms)}
    return {name: value.to_numpy().reshape(-1, count) for name, value in arms.items()}


def _crossed(runs: Floats) -> float:
    """Variance of what is neither the point's nor the luck's own, as luck is shared by points."""
    points, replicates = runs.shape
    rest = runs - runs.mean(axis=1, keepdims=True) - runs.mean(axis=0) + runs.mean()
    return float(np.square(rest).sum()) / float((points - 1) * (replicates - 1))


def _freedom(runs: Floats, crossed: float) -> float:
    """Degrees of freedom of the variance over luck, pooled over points that share their luck.

    The pooled variance is made of what a draw of luck does everywhere alike, known from as many
    draws as there are replicates, and of the rest, known from all runs (Satterthwaite 1946). From
    replicates - 1, where luck does the same everywhere, up to points times that.
    """
    points, replicates = runs.shape
    shared = points * float(runs.mean(axis=0).var(ddof=1))
    rest = (points - 1) * crossed
    if shared + rest <= 0.0:
        return float(points * (replicates - 1))
    parts = shared**2 + rest**2 / (points - 1)
    return float((shared + rest) ** 2 / parts * (replicates - 1))


def _row(runs: Floats, wanted: float | None) -> dict[str, float]:
    """Spread over luck within points and over points, and what follows for replicates."""
    whole = runs[~np.isnan(runs).any(axis=1)]
    points, replicates = whole.shape
    if points < 2 or replicates < 2:
        return {"points": points}
    luck = float(whole.var(axis=1, ddof=1).mean())
    crossed = _crossed(whole)
    between = float(whole.mean(axis=1).var(ddof=1)) - crossed / replicates
    t = float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, _freedom(whole, crossed)))
    row: dict[str, float] = {
        "points": points,
        "sd_luck": math.sqrt(luck),
        "sd_points": math.sqrt(max(between, 0.0)),
    }
    row |= {f"half_width_{k}": t * math.sqrt(luck / k) for k in SHOWN}
    if wanted is not None:
        row |= {"wanted": wanted, "replicates": max(1, math.ceil(luck * (t / wanted) ** 2))}
    return row
