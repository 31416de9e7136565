"""Where the verdict turns: settings at which the sign of the median effect differs.

A number drawn from its prior is looked at in its lower and its upper third; a switch in runs made
at its null and at the ends of what is believed of it. A sign changes where the intervals of two
medians exclude 0 on opposite sides. Many are tried, so some change by chance: a second column says
which survive a correction for the number of trials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from parley_analysis.winmatrix import CONFIDENCE, gains

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from parley.arrays import Floats

    type Cell = tuple[str, str, str]

FALSE_DISCOVERIES = 0.05
"""Share of false ones allowed among the changes that survive the correction."""

_COLUMNS = (
    "parameter",
    "kind",
    "place",
    "outcome",
    "group",
    "other",
    *("from", "to"),
    *("median_from", "low_from", "high_from", "n_from"),
    *("median_to", "low_to", "high_to", "n_to"),
    "p",
    "sign_changes",
)


def median_interval(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Medians with intervals from order statistics, which assume no distribution.

    Args:
        values: Shape (..., n), sorted along the last axis, n at least 1.

    Returns:
        Median, low and high, each of shape (...). With fewer than six values there is no interval
        at 95%, and the ends are infinite.

    >>> middle, low, high = median_interval(np.arange(20.0))
    >>> float(middle), float(low), float(high)
    (9.5, 5.0, 14.0)
    """
    n = values.shape[-1]
    k = int(stats.binom.ppf((1.0 - CONFIDENCE) / 2.0, n, 0.5))
    middle = np.median(values, axis=-1)
    if k < 1:
        return middle, np.full(middle.shape, -np.inf), np.full(middle.shape, np.inf)
    return middle, values[..., k - 1], values[..., n - k]


def _sign_test(values: Floats) -> tuple[Floats, Floats]:
    """Chance of so many values above 0, and below 0, if the median were 0; ties count against."""
    n = values.shape[-1]
    above, below = (values > 0.0).sum(axis=-1), (values < 0.0).sum(axis=-1)
    return stats.binom.sf(above - 1, n, 0.5), stats.binom.sf(below - 1, n, 0.5)


def _chance_of_change(first: Floats, second: Floats) -> Floats:
    """P value of opposite signs: the weaker of the two sign tests, either direction."""
    up, down = _sign_test(first), _sign_test(second)
    either = np.minimum(np.maximum(up[0], down[1]), np.maximum(up[1], down[0]))
    return np.minimum(2.0 * either, 1.0)


def cells(
    levels: pd.DataFrame, arm: str, others: Iterable[str], outcomes: Mapping[str, int]
) -> Iterator[tuple[Cell, str, pd.Series]]:
    """Gains of an arm over each other arm, in every place, outcome and group.

    Args:
        levels: From `winmatrix.levels_by_arm`.
        arm: The arm in question.
        others: What it is held against.
        outcomes: Name to sign: 1 where higher is better, -1 where lower is.

    Yields:
        (place, outcome, group), other arm, gains indexed by draw.
    """
    for key, part in levels.groupby(level=["place", "outcome", "group"], sort=False):
        place, outcome, group = (str(word) for word in key)
        if outcome not in outcomes:
            continue
        table = part.droplevel(["place", "outcome", "group"])
        for other in others:
            gain = gains(table, arm, other, outcomes[outcome])
            if len(gain):
                yield (place, outcome, group), other, gain


def constant_flips(
    levels: pd.DataFrame,
    worlds: pd.DataFrame,
    arm: str,
    others: Sequence[str],
    outcomes: Mapping[str, int],
) -> pd.DataFrame:
    """Sign of the median gain where a drawn number is low against where it is high.

    Args:
        levels: From `winmatrix.levels_by_arm`.
        worlds: From `regions.drawn_worlds`.
        arm: The arm in question.
        others: What it is held against.
        outcomes: Name to sign.

    Returns:
        One row per number, place, outcome, group and other arm: ends of the two thirds, medians
        with intervals, p, sign_changes.
    """
    pieces = []
    names = np.array(list(worlds), dtype=object)
    for (place, outcome, group), other, gain in cells(levels, arm, others, outcomes):
        n = len(gain) // 3
        if n < 1 or not len(names):
            continue
        drawn = worlds.loc[gain.index].to_numpy(float)
        order = np.argsort(drawn, axis=0, kind="stable").T  # (numbers, draws)
        values = gain.to_numpy(float)
        ends = [np.take_along_axis(drawn.T, order[:, [i]], 1)[:, 0] for i in (n - 1, -n)]
        lower, upper = (np.sort(values[part], axis=1) for part in (order[:, :n], order[:, -n:]))
        table = _compared(lower, upper)
        head = {"parameter": names, "kind": "constant", "place": place, "outcome": outcome,
                "group": group, "other": other, "from": ends[0], "to": ends[1]}  # fmt: skip
        frame = pd.DataFrame({**head, **table})
        pieces.append(frame[ends[0] < ends[1]])
    return _joined(pieces)


def switch_flips(
    settings: Mapping[str, Mapping[float, pd.DataFrame]],
    arm: str,
    outcomes: Mapping[str, int],
) -> pd.DataFrame:
    """Sign of the median gain between any two settings of a switch, in the same draws.

    Args:
        settings: Switch to value to the levels of the runs made with it.
        arm: The arm in question.
        outcomes: Name to sign.

    Returns:
        As `constant_flips`, with kind `switch` and the two values as `from` and `to`.
    """
    rows = []
    for switch, tables in settings.items():
        sorted_gains = {
            value: {
                (*cell, other): np.sort(gain.to_numpy(float))
                for cell, other, gain in cells(
                    levels, arm, [str(a) for a in levels if a != arm], outcomes
                )
            }
            for value, levels in tables.items()
        }
        values = sorted(tables)
        for i, low in enumerate(values):
            for high in values[i + 1 :]:
                for key, first in sorted_gains[low].items():
                    second = sorted_gains[high].get(key)
                    if second is None:
                        continue
                    head: dict[str, object] = dict(zip(_COLUMNS[2:6], key, strict=True))
                    head |= {"parameter": switch, "kind": "switch", "from": low, "to": high}
                    rows.append(pd.DataFrame({**head, **_compared(first[None], second[None])}))
    return _joined(rows)


def _compared(first: Floats, second: Floats) -> dict[str, Floats | int]:
    """Medians, intervals and verdicts of two sets of sorted gains, each (rows, n)."""
    middle, low, high = median_interval(first)
    middle2, low2, high2 = median_interval(second)
    opposite = ((low > 0.0) & (high2 < 0.0)) | ((high < 0.0) & (low2 > 0.0))
    return {
        "median_from": middle, "low_from": low, "high_from": high, "n_from": first.shape[-1],
        "median_to": middle2, "low_to": low2, "high_to": high2, "n_to": second.shape[-1],
        "p": _chance_of_change(first, second), "sign_changes": opposite,
    }  # fmt: skip


def _joined(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows, with what survives the correction of Benjamini and Hochberg (1995)."""
    if not pieces:
        return pd.DataFrame(columns=[*_COLUMNS, "beyond_chance"])
    table = pd.concat(pieces, ignore_index=True)[list(_COLUMNS)]
    p = stats.false_discovery_control(table["p"].to_numpy(float))
    table["beyond_chance"] = table["sign_changes"] & (p <= FALSE_DISCOVERIES)
    return table


def expected_by_chance(table: pd.DataFrame) -> float:
    """About how many signs would change if no effect existed anywhere.

    An interval that covers the median with 95% excludes it on a given side with at most 2.5%; two
    must do so on opposite sides, in either order.
    """
    return 2.0 * ((1.0 - CONFIDENCE) / 2.0) ** 2 * len(table)
