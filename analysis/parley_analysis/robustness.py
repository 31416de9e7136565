"""Robustness of arms over the same worlds: which arm to choose if nobody knows which world it is.

Every metric takes levels with a row per world and a column per arm, and turns them so that more is
better. Metrics and names after McPhail et al. (2018). Intervals redraw whole worlds, the same for
all arms, so that they are intervals of paired comparisons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from parley.errors import did_you_mean
from parley_analysis.discovery_cases import direction
from parley_analysis.load import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.arrays import Bools, Floats

REGRET_QUANTILE = 0.9
"""Regret that one world in ten exceeds (assumption; usual)."""

BAD_QUANTILE = 0.1
"""Level that one world in ten falls short of (assumption; usual)."""

HURWICZ_ALPHA = 0.5
"""Weight of the worst world against the best in Hurwicz's criterion (assumption)."""

RESAMPLES = 1000
"""Redraws of the worlds for an interval."""

_INTERVAL = (0.025, 0.975)

METRICS = {
    "mean_regret": "mean regret",
    "high_regret": f"regret that {1 - REGRET_QUANTILE:.0%} of worlds exceed",
    "max_regret": "largest regret",
    "maximin": "level in the worst world",
    "low_percentile": f"level that {BAD_QUANTILE:.0%} of worlds fall short of",
    "mean": "mean level",
    "mean_less_spread": "mean level, worsened by one standard deviation",
    "hurwicz": "Hurwicz: worst and best world",
    "satisficing": "share of worlds that meet the threshold",
}
"""Metrics, and what they are."""

SMALLER_IS_BETTER = ("mean_regret", "high_regret", "max_regret")


@dataclass(frozen=True, slots=True)
class Choice:
    """What metrics leave open.

    Attributes:
        alpha: Weight of the worst world in Hurwicz's criterion, between 0 and 1.
        threshold: What an outcome has to reach to satisfice, in its own unit; None to leave it out.
        resamples: Redraws of the worlds for intervals; 0 for none.
        seed: Of the redraws.
    """

    alpha: float = HURWICZ_ALPHA
    threshold: float | None = None
    resamples: int = RESAMPLES
    seed: int = 1


def regrets(levels: pd.DataFrame, sign: int = 1) -> pd.DataFrame:
    """How far each arm falls short of the best arm of the same world.

    Args:
        levels: One row per world, one column per arm; worlds without a value in any arm are left
            out.
        sign: 1 where more is better, -1 where less is.

    Returns:
        Same columns, 0 or more, in the unit of the outcome.

    >>> regrets(pd.DataFrame({"a": [1.0, 5.0], "b": [3.0, 4.0]}))
         a    b
    0  2.0  0.0
    1  0.0  1.0
    """
    good = sign * levels.dropna()
    return pd.DataFrame(
        good.max(axis=1).to_numpy()[:, None] - good.to_numpy(), good.index, good.columns
    )


def metrics(levels: pd.DataFrame, sign: int, choice: Choice | None = None) -> pd.DataFrame:
    """Every metric for every arm, with its interval and its rank.

    Args:
        levels: One row per world, one column per arm, in the unit of the outcome.
        sign: 1 where more is better, -1 where less is.
        choice: What the metrics leave open.

    Returns:
        Columns metric, arm, value (in the unit of the outcome, not turned; shares for
        `satisficing`), low and high (95% interval over redrawn worlds; NaN without redraws), rank
        (1 is best, equals share the mean of their ranks), worlds.

    Raises:
        AnalysisError: Fewer than two worlds or arms with values, or alpha outside 0 to 1.
    """
    choice = choice or Choice()
    known = levels.dropna()
    if len(known) < 2 or known.shape[1] < 2:
        raise AnalysisError(
            f"{len(known)} worlds have a value in all of {known.shape[1]} arms; "
            "robustness needs at least two worlds and two arms"
        )
    if not 0.0 <= choice.alpha <= 1.0:
        raise AnalysisError(f"alpha = {choice.alpha:g}: allowed: 0 (best world) to 1 (worst world)")
    good = sign * known.to_numpy(float)
    values = _all_metrics(good, sign, choice)
    spans = _intervals(good, sign, choice)
    rows = []
    for metric, turned in values.items():
        flip = -1.0 if metric in SMALLER_IS_BETTER else 1.0
        ranks = stats.rankdata(-flip * turned)
        back = 1.0 if metric in SMALLER_IS_BETTER or metric == "satisficing" else sign
        ends = np.sort(back * spans[metric], axis=0)
        for i, arm in enumerate(known):
            ends_of = (float(ends[0, i]), float(ends[1, i]))
            row = (metric, str(arm), back * float(turned[i]), *ends_of, float(ranks[i]), len(known))
            rows.append(row)
    names = ["metric", "arm", "value", "low", "high", "rank", "worlds"]
    return pd.DataFrame(rows, columns=names)


def satisficing(
    outcomes: Mapping[str, pd.DataFrame], thresholds: Mapping[str, float]
) -> pd.DataFrame:
    """Share of worlds in which an arm meets every threshold at once (domain criterion).

    Args:
        outcomes: Outcome to levels, one row per world and one column per arm.
        thresholds: Outcome to what it has to reach: at least so much where more is better, at most
            so much where less is.

    Returns:
        Columns outcome (`all` for all at once), arm, value, low, high (95% Wilson interval), worlds
        (with a value for every outcome and arm).

    Raises:
        AnalysisError: A threshold for an outcome that is not there, or no world with values.
    """
    from parley_analysis.winmatrix import wilson_interval

    _check_thresholds(outcomes, thresholds)
    tables = {name: outcomes[name].dropna() for name in thresholds}
    worlds = None
    for table in tables.values():
        worlds = table.index if worlds is None else worlds.intersection(table.index)
    if worlds is None or not len(worlds):
        raise AnalysisError("no world has a value for every outcome that has a threshold")
    arms = [str(arm) for arm in next(iter(tables.values()))]
    meets: dict[str, Bools] = {}
    for name, limit in thresholds.items():
        sign = direction(name)
        meets[name] = sign * tables[name].loc[worlds, arms].to_numpy(float) >= sign * limit
    if len(meets) > 1:
        meets["all"] = np.all(list(meets.values()), axis=0)
    rows = []
    for name, met in meets.items():
        for arm, share in zip(arms, met.mean(axis=0), strict=True):
            low, high = wilson_interval(float(share), len(worlds))
            rows.append((name, arm, float(share), low, high, len(worlds)))
    return pd.DataFrame(rows, columns=["outcome", "arm", "value", "low", "high", "worlds"])


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """How far metrics agree on the order of the arms: Kendall's tau-b between every two.

    Args:
        table: From `metrics`.

    Returns:
        Metrics by metrics, 1 for the same order, -1 for the reverse; NaN where all arms are equal.
    """
    ranks = table.pivot(index="arm", columns="metric", values="rank")
    names = [name for name in METRICS if name in ranks]
    tau = pd.DataFrame(np.nan, index=names, columns=names)
    for first in names:
        for second in names:
            a, b = ranks[first].to_numpy(), ranks[second].to_numpy()
            if np.ptp(a) > 0.0 and np.ptp(b) > 0.0:
                tau.loc[first, second] = float(stats.kendalltau(a, b).statistic)
    return tau


def _all_metrics(good: Floats, sign: int, choice: Choice) -> dict[str, Floats]:
    """Metrics of levels turned so that more is better; worlds lie along the last axis but one."""
    regret = good.max(axis=-1, keepdims=True) - good
    worst, best = good.min(axis=-2), good.max(axis=-2)
    mean = good.mean(axis=-2)
    found = {
        "mean_regret": regret.mean(axis=-2),
        "high_regret": np.quantile(regret, REGRET_QUANTILE, axis=-2),
        "max_regret": regret.max(axis=-2),
        "maximin": worst,
        "low_percentile": np.quantile(good, BAD_QUANTILE, axis=-2),
        "mean": mean,
        "mean_less_spread": mean - good.std(axis=-2, ddof=1),
        "hurwicz": choice.alpha * worst + (1.0 - choice.alpha) * best,
    }
    if choice.threshold is not None:
        found["satisficing"] = (good >= sign * choice.threshold).mean(axis=-2)
    return found


def _intervals(good: Floats, sign: int, choice: Choice) -> dict[str, Floats]:
    """Ends of the 95% intervals over redrawn worlds, shape (2, arms), by metric."""
    worlds, arms = good.shape
    if not choice.resamples:
        names = _all_metrics(good, sign, choice)
        return {name: np.full((2, arms), np.nan) for name in names}
    luck = np.random.default_rng(choice.seed)
    drawn: dict[str, list[Floats]] = {}
    for _ in range(choice.resamples):
        again = good[luck.integers(0, worlds, worlds)]
        for name, values in _all_metrics(again, sign, choice).items():
            drawn.setdefault(name, []).append(values)
    return {name: np.quantile(values, _INTERVAL, axis=0) for name, values in drawn.items()}


def _check_thresholds(
    outcomes: Mapping[str, pd.DataFrame], thresholds: Mapping[str, float]
) -> None:
    if not thresholds:
        raise AnalysisError("no threshold is given, so nothing can meet it")
    problems = []
    for name, limit in thresholds.items():
        if name not in outcomes:
            hint = did_you_mean(name, outcomes) or f"these have {', '.join(outcomes)}"
            problems.append(f"threshold for {name!r}, which is not among the outcomes; {hint}")
        elif not math.isfinite(limit):
            problems.append(f"threshold for {name!r} = {limit}: give a finite number")
    if problems:
        raise AnalysisError("\n".join(problems))
