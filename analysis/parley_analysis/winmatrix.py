"""The win matrix: in what share of drawn worlds each arm is better than each other arm.

A win is counted draw by draw under the same luck; a tie counts as half a win and is reported. A
share above 0.95 or below 0.05 raises an alarm: either the outcome stands next to a practice, so
that nothing else could have come out, or one rule decides it in nearly every world. Both have to
be explained before the outcome carries any weight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from scipy import stats

from parley_analysis import summarise
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.summarise import WORST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from parley.arrays import Floats
    from parley_analysis.load import Batch

ALARM_BAND = (0.05, 0.95)
"""Shares of wins outside it raise an alarm."""

CONFIDENCE = 0.95
_QUANTILES = (0.1, 0.5, 0.9)
_CELL = ["place", "outcome", "group"]
_ROUNDING = 1e-12  # of the larger value: sums of months are good to about 1e-14


def levels_by_arm(
    batch: Batch, outcomes: Iterable[str] | None = None, groups: Collection[str] = (ALL, WORST)
) -> pd.DataFrame:
    """One number per run, with the arms side by side.

    Args:
        batch: The results.
        outcomes: Names; None for all outcomes of which one direction is better.
        groups: Reporting groups and pseudo-groups to keep.

    Returns:
        One column per arm, indexed by place, outcome, group and replicate; NaN where an outcome
        has no value in an arm.

    Raises:
        AnalysisError: An outcome is unknown, or too many runs failed.
    """
    directed = [name for name, info in batch.outcomes.items() if info.sign]
    pieces = []
    for name in directed if outcomes is None else outcomes:
        table = summarise.levels(batch, name)
        pieces.append(table[table["group"].isin(groups)].assign(outcome=name))
    table = pd.concat(pieces, ignore_index=True)
    index = [*_CELL, "replicate"]
    if table.duplicated([*index, "arm"]).any():
        raise AnalysisError("several runs share place, arm and replicate; pairs are ambiguous")
    wide = table.pivot(index=index, columns="arm", values="value")
    return wide[[arm for arm in batch.arms if arm in wide]]


def select(levels: pd.DataFrame, place: str, outcome: str, group: str) -> pd.DataFrame:
    """The levels of one outcome and group in one place: a column per arm, a row per draw.

    Args:
        levels: From `levels_by_arm`.
        place: Key of the place.
        outcome: Name of the outcome.
        group: Reporting group, `all` or `worst`.

    Raises:
        KeyError: The table holds no such row.
    """
    found = levels.xs((place, outcome, group), level=tuple(_CELL))
    return cast("pd.DataFrame", found)


def gains(levels: pd.DataFrame, arm: str, other: str, sign: int = 1) -> pd.Series:
    """By how much one arm is better than another, draw by draw.

    Args:
        levels: From `levels_by_arm` or `select`.
        arm: The arm in question.
        other: What it is held against.
        sign: 1 where higher is better, -1 where lower is.

    Returns:
        Gains in the unit of the outcome, above 0 where `arm` is better, 0 where the two differ by
        no more than rounding; draws in which either has no value are left out.
    """
    pairs = levels[list(dict.fromkeys((arm, other)))].dropna()
    first, second = pairs[arm].to_numpy(float), pairs[other].to_numpy(float)
    change = first - second
    size = np.maximum(np.abs(first), np.abs(second))
    change = np.where(np.abs(change) > _ROUNDING * size, change, 0.0)
    return pd.Series(sign * change, pairs.index, name="gain")


def win_share(gain: pd.Series | Floats) -> float:
    """Share of draws won, a tie counting as half a win; NaN without a draw.

    >>> win_share(np.array([0.2, -0.1, 0.0, 0.3]))
    0.625
    """
    values = np.asarray(gain, dtype=np.float64)
    if values.size == 0:
        return float("nan")
    return float(((values > 0.0) + 0.5 * (values == 0.0)).mean())


def wilson_interval(share: float, n: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Interval of a share after Wilson (1927); it stays inside 0 to 1 and is honest at the ends.

    Args:
        share: Share of successes, in [0, 1].
        n: Number of trials; with 0 the interval is everything.
        confidence: Probability that it covers the true share, in (0, 1).

    >>> low, high = wilson_interval(0.0, 20)
    >>> round(low, 4), round(high, 4)
    (0.0, 0.1611)
    """
    if n == 0:
        return 0.0, 1.0
    z = float(stats.norm.ppf(0.5 + confidence / 2.0))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def win_matrix(
    batch: Batch, levels: pd.DataFrame, arm: str, others: Iterable[str] | None = None
) -> pd.DataFrame:
    """Hold one arm against others, in every place and outcome.

    Args:
        batch: The results.
        levels: From `levels_by_arm`.
        arm: Key of the arm in question.
        others: Keys of the arms it is held against; None for all others.

    Returns:
        One row per place, outcome, group and other arm: n (draws in which both have a value),
        share (of wins, ties as half), low and high (95% Wilson interval), ties (share), median,
        q10 and q90 (of the paired difference, arm minus other, in the outcome's unit),
        rule_steps, near_tautological, alarm.

    Raises:
        AnalysisError: An arm is unknown.
    """
    rows = []
    arms = [str(name) for name in levels]
    for name in (arm, *(others := [a for a in arms if a != arm] if others is None else [*others])):
        if name not in arms:
            raise AnalysisError(f"no arm {name!r} in these results; there are: {', '.join(arms)}")
    for other in others:
        change = gains(levels, arm, other).reset_index()
        for (place, outcome, group), part in change.groupby(_CELL, sort=False):
            about = {"place": place, "outcome": outcome, "group": group}
            cell = compare(part["gain"].to_numpy(float), batch.outcome(str(outcome)).sign)
            rows.append({**about, "arm": arm, "other": other, **cell})
    table = pd.DataFrame(rows)
    steps = {name: info.rule_steps for name, info in batch.outcomes.items()}
    table["rule_steps"] = table["outcome"].map(steps)
    table["near_tautological"] = table["rule_steps"] <= 2
    table["alarm"] = (table["share"] < ALARM_BAND[0]) | (table["share"] > ALARM_BAND[1])
    return table


def compare(change: Floats, sign: int) -> dict[str, float]:
    """Statistics of one arm against another in one place and outcome.

    Args:
        change: Paired differences, arm minus other, shape (draws,), at least one.
        sign: 1 where higher is better, -1 where lower is.

    Returns:
        n, share, low, high, ties, median, q10, q90, as in `win_matrix`.
    """
    share = win_share(sign * change)
    low, high = wilson_interval(share, change.size)
    q10, median, q90 = (float(q) for q in np.quantile(change, _QUANTILES))
    return {
        "n": change.size,
        "share": share,
        "low": low,
        "high": high,
        "ties": float((change == 0.0).mean()),
        "median": median,
        "q10": q10,
        "q90": q90,
    }
