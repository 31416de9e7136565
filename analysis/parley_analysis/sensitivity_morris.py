"""Morris' elementary effects: what one step of one factor does, here and there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parley_analysis.sensitivity import (
    CONFIDENCE,
    DUMMY,
    FEWEST_TRAJECTORIES,
    NEGLIGIBLE_SHARE,
    RESAMPLES,
    WIDE_SHARE,
    Yardstick,
    constant_rows,
    generator,
    problem,
    salib,
    table,
    varies,
)
from parley_analysis.sensitivity_sample import trajectories

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from parley_analysis.sensitivity import Floats, Sampling
    from parley_analysis.sensitivity_sample import Blocks

MEAN, MEAN_ABSOLUTE, SPREAD = "mu", "mu_star", "sigma"
SUM, ROOT_MEAN_SQUARE = "mu_star sum", "mu_star rms"
_INDICES = (MEAN, MEAN_ABSOLUTE, SPREAD)


def morris_indices(
    units: pd.DataFrame,
    y: pd.Series[float],
    sampling: Sampling,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Mean, mean absolute value and spread of elementary effects, with bootstrap intervals.

    An effect is the change of the outcome over the step of one factor, per whole range of the
    factor's prior (from quantile 0 to 1), in the unit of the outcome. A large `sigma` beside
    `mu_star` means that the effect depends on where the others stand, or bends. Morris (1991),
    Campolongo, Cariboni and Saltelli (2007), as in SALib. Trajectories with a missing value are
    left out and counted. A switch goes all the way in one step, two thirds of the range with four
    levels, so its effect is 3/2 of the change that it makes.

    Args:
        units: The sample in unit space, index 0, 1, 2, ... in the order of the sampler.
        y: Outcome by point.
        sampling: How it was drawn.
        groups: Name such as `block M7` -> keys of its factors; each gets the sum and the root of
            the mean square of their `mu_star`.

    Returns:
        A table with the columns of `sensitivity.COLUMNS`.

    Raises:
        AnalysisError: The sample is not in order, or too many trajectories are broken.
    """
    blocks = trajectories(units, y, sampling)
    return from_trajectories(list(units.columns), blocks, sampling, groups or {})


def from_trajectories(
    keys: Sequence[str],
    blocks: Blocks,
    sampling: Sampling,
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """The indices from trajectories that have been checked; see `morris_indices`."""
    used = len(blocks.values)
    if not varies(blocks.values.ravel()):
        return constant_rows(keys, _INDICES, used, blocks.dropped)
    effects = elementary_effects(blocks)
    chosen = generator(sampling.seed).integers(used, size=(RESAMPLES, used))
    again = effects[chosen]
    draws = {
        MEAN: again.mean(axis=1),
        MEAN_ABSOLUTE: np.abs(again).mean(axis=1),
        SPREAD: again.std(axis=1, ddof=1),
    }
    values = _values(keys, blocks, sampling)
    wide = _widening(used)
    halves = {index: wide * sample.std(axis=0, ddof=1) for index, sample in draws.items()}
    spread = float(blocks.values.std())
    rows = _factor_rows(keys, values, halves, _sizes(spread, used))
    rows += _group_rows(keys, values, draws, groups, _sizes(spread, used), wide)
    return table(row | {"used": used, "dropped": blocks.dropped} for row in rows)


def _widening(used: int) -> float:
    """Standard errors in half an interval: Student's t, for trajectories are few.

    Resampling few of them also gives too small an error, by the root of (used - 1) / used.
    """
    from scipy import stats

    return float(stats.t.ppf(0.5 + CONFIDENCE / 2.0, used - 1) * np.sqrt(used / (used - 1)))


def elementary_effects(blocks: Blocks) -> Floats:
    """Effects of every trajectory, shape (trajectories, factors), per unit of the factor."""
    steps = np.diff(blocks.units, axis=1)
    changes = np.diff(blocks.values, axis=1)
    which = np.abs(steps).argmax(axis=2)
    size = np.take_along_axis(steps, which[:, :, None], axis=2)[:, :, 0]
    effects = np.empty((len(changes), blocks.units.shape[2]))
    np.put_along_axis(effects, which, changes / size, axis=1)
    return effects


def slope_of_share(share: float, spread: float) -> float:
    """Slope of a straight line over the unit interval that makes up a share of the variance.

    A line of slope b has the variance b squared over 12.

    >>> round(slope_of_share(1.0, 1.0), 4)
    3.4641
    """
    return float(np.sqrt(12.0 * share) * spread)


def _sizes(spread: float, used: int) -> Yardstick:
    """What is negligible and what is wide, in the unit of the outcome."""
    floor = slope_of_share(NEGLIGIBLE_SHARE, spread)
    ceiling = slope_of_share(WIDE_SHARE, spread)
    return Yardstick(floor, ceiling, used >= FEWEST_TRAJECTORIES)


def _values(keys: Sequence[str], blocks: Blocks, sampling: Sampling) -> dict[str, Floats]:
    units, values = blocks.rows
    found = salib("analyze.morris").analyze(
        problem(keys),
        units,
        values,
        num_resamples=2,
        conf_level=CONFIDENCE,
        num_levels=sampling.levels,
        seed=sampling.seed + 1,
    )
    return {index: np.asarray(found[index], dtype=float) for index in _INDICES}


def _row(stick: Yardstick, index: str, value: float, half: float, **names: str) -> dict[str, Any]:
    low, high = value - half, value + half
    numbers = {"index": index, "value": value, "low": low, "high": high, "floor": stick.floor}
    verdict = stick.verdict(low, high, signed=index == MEAN)
    usual = {"level": "factor", "factor": "", "other": ""}
    return usual | names | numbers | {"verdict": verdict}


def _factor_rows(
    keys: Sequence[str],
    values: Mapping[str, Floats],
    halves: Mapping[str, Floats],
    sizes: Yardstick,
) -> list[dict[str, Any]]:
    rows = []
    for index in _INDICES:
        highs = np.abs(values[index]) + halves[index]
        dummy = max((float(highs[i]) for i, key in enumerate(keys) if key == DUMMY), default=0.0)
        stick = Yardstick(max(dummy, sizes.floor), dummy + sizes.ceiling, sizes.enough)
        rows += [
            _row(stick, index, float(values[index][i]), float(halves[index][i]), factor=key)
            for i, key in enumerate(keys)
        ]
    return rows


def _group_rows(
    keys: Sequence[str],
    values: Mapping[str, Floats],
    draws: Mapping[str, Floats],
    groups: Mapping[str, Sequence[str]],
    sizes: Yardstick,
    wide: float,
) -> list[dict[str, Any]]:
    rows = []
    for name, members in groups.items():
        inside = np.isin(np.array(keys), list(members))
        if not inside.any():
            continue
        own, again = values[MEAN_ABSOLUTE][inside], draws[MEAN_ABSOLUTE][:, inside]
        level = name.partition(" ")[0]
        for index, value, sample in (
            (SUM, own.sum(), again.sum(axis=1)),
            (ROOT_MEAN_SQUARE, np.sqrt((own**2).mean()), np.sqrt((again**2).mean(axis=1))),
        ):
            half = wide * float(sample.std(ddof=1))
            rows.append(_row(sizes, index, float(value), half, level=level, factor=name))
    return rows
