"""PAWN and delta: how far the whole distribution of an outcome moves with one factor, any sample.

Neither is zero for a factor without effect, because two finite samples always differ. Their noise
floor is therefore measured: made-up factors, a factor's own values in random order, are put
through the same sums. Luck is left out unless it has few levels: neighbouring draws of luck have
nothing in common, so a slice of them says nothing.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity import (
    FEWEST_ROWS,
    LUCK,
    WIDE_DISTANCE,
    Yardstick,
    Z,
    constant_rows,
    generator,
    problem,
    salib,
    table,
    varies,
)
from parley_analysis.sensitivity_sample import independent_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from parley_analysis.sensitivity import Floats, Sampling

    type Index = Callable[[Floats, Floats], float]

PAWN, DELTA = "pawn", "delta"
SLICES = 10
"""Slices of a factor in PAWN (Pianosi and Wagener 2018)."""
MADE_UP_PAWN, MADE_UP_DELTA = 60, 20
"""Made-up factors; the noise floor is the 95% quantile of what they reach (assumption)."""
RESAMPLES_PAWN, RESAMPLES_DELTA = 100, 20
"""Resamples of an interval (assumption; delta costs a density estimate per slice each time)."""
MOST_ROWS_DELTA = 768
"""Rows that delta is worked out on; a random part of longer samples (assumption)."""
_GRID = 100  # points at which densities are compared, as in SALib


def pawn_indices(units: pd.DataFrame, y: pd.Series[float], sampling: Sampling) -> pd.DataFrame:
    """PAWN: median over slices of the Kolmogorov-Smirnov distance between slice and whole.

    Pianosi and Wagener (2018). Factors with a value of their own in every row go through SALib; a
    factor with few levels is sliced at its levels, which SALib would cut so that the highest level
    falls out.

    Args:
        units: The sample in unit space, index 0, 1, 2, ...
        y: Outcome by point.
        sampling: How it was drawn; decides which rows may be used (`independent_rows`).

    Returns:
        A table with the columns of `sensitivity.COLUMNS`.

    Raises:
        AnalysisError: No rows may be used, or too many values are missing.
    """
    inside, values, dropped = independent_rows(units, y, sampling)
    return _judge(PAWN, list(units.columns), (inside, values, dropped), sampling)


def delta_indices(units: pd.DataFrame, y: pd.Series[float], sampling: Sampling) -> pd.DataFrame:
    """Borgonovo's delta: half the expected area between the densities of slice and whole.

    The estimator of Plischke, Borgonovo and Smith (2013) with its correction of bias by resampling,
    densities as in SALib. It tends to be low: densities are smoothed and slices are wide. A slice
    in which the outcome is constant adds nothing, so outcomes that are often exactly the same
    number come out lower still.

    Args:
        units: The sample in unit space, index 0, 1, 2, ...
        y: Outcome by point.
        sampling: How it was drawn; decides which rows may be used (`independent_rows`).

    Returns:
        A table with the columns of `sensitivity.COLUMNS`.

    Raises:
        AnalysisError: No rows may be used, or too many values are missing.
    """
    inside, values, dropped = independent_rows(units, y, sampling)
    return _judge(DELTA, list(units.columns), (inside, values, dropped), sampling)


def _judge(
    name: str, keys: Sequence[str], rows: tuple[Floats, Floats, int], sampling: Sampling
) -> pd.DataFrame:
    """Index, interval and verdict of every factor."""
    inside, values, dropped = rows
    used = min(len(values), MOST_ROWS_DELTA) if name == DELTA else len(values)
    if used < SLICES:
        raise AnalysisError(f"{used} rows with a value: {name} needs at least {SLICES}")
    if not varies(values):
        return constant_rows(keys, [name], used, dropped)
    rng = generator(sampling.seed)
    # In a factorial design equal values come in runs, and ties are ranked by row.
    order = rng.permutation(len(values))[:used]
    scaled = (values - values.mean()) / values.std()
    inside, values = inside[order], np.round(scaled[order], 9)
    measure = _pawn_measure if name == PAWN else _delta_measure
    found: list[dict[str, Any]] = []
    floors: dict[tuple[int, ...], float] = {}
    for i, key in enumerate(keys):
        x = inside[:, i]
        if key == LUCK and not slices(x)[1]:
            continue  # a slice of luck holds draws that have nothing in common
        floor = _floor(name, x, values, rng, floors)
        stick = Yardstick(floor, floor + WIDE_DISTANCE, used >= FEWEST_ROWS)
        value, half = measure(x, values, rng)
        low, high = value - half, value + half
        found.append(
            {"level": "factor", "factor": key, "other": "", "index": name, "value": value}
            | {"low": low, "high": high, "floor": floor, "verdict": stick.verdict(low, high)}
            | {"used": used, "dropped": dropped}
        )
    return table(found)


def slices(x: Floats) -> tuple[Floats, bool]:
    """Number of the slice of every row, and whether slices are levels of the factor.

    >>> slices(np.array([0.0, 0.5, 0.5, 1.0]))
    (array([0., 1., 1., 2.]), True)
    """
    levels, which = np.unique(x, return_inverse=True)
    if len(levels) <= SLICES:
        return which.astype(float), True
    edges = np.quantile(x, np.linspace(0.0, 1.0, SLICES + 1))
    return np.clip(np.searchsorted(edges, x, side="right") - 1, 0, SLICES - 1).astype(float), False


def pawn_index(x: Floats, y: Floats) -> float:
    """PAWN of one factor, its slices at levels where it has few.

    Args:
        x: The factor, shape (rows,).
        y: The outcome, shape (rows,).
    """
    which, _ = slices(x)
    order = np.argsort(y, kind="stable")
    last_of_tie = np.append(np.diff(y[order]) > 0, True)
    inside = which[order][:, None] == np.unique(which)
    sizes = inside.sum(axis=0)
    whole = np.arange(1, len(y) + 1)[:, None] / len(y)
    distance = np.abs(inside.cumsum(axis=0) / sizes - whole)[last_of_tie]
    return float(np.median(distance.max(axis=0)))


def _floor(
    name: str,
    x: Floats,
    y: Floats,
    rng: np.random.Generator,
    known: dict[tuple[int, ...], float],
) -> float:
    """What made-up factors with as many levels as this one reach, measured once for each kind."""
    counts = np.unique(x, return_counts=True)[1]
    kind = tuple(counts.tolist()) if len(counts) <= SLICES else ()
    if kind not in known:
        if name == PAWN:
            reached = [pawn_index(rng.permutation(x), y) for _ in range(MADE_UP_PAWN)]
        else:
            reached = [
                _delta_measure(rng.permutation(x), y, rng, 3)[0] for _ in range(MADE_UP_DELTA)
            ]
        known[kind] = float(np.quantile(reached, 0.95))
    return known[kind]


def _pawn_measure(x: Floats, y: Floats, rng: np.random.Generator) -> tuple[float, float]:
    """PAWN of one factor and the half width of its interval."""
    if slices(x)[1]:
        value = pawn_index(x, y)
    else:
        found = salib("analyze.pawn").analyze(problem(["x"]), x[:, None], y, S=SLICES)
        value = float(found["median"][0])
    chosen = rng.integers(len(y), size=(RESAMPLES_PAWN, len(y)))
    return value, float(Z * np.std([pawn_index(x[c], y[c]) for c in chosen], ddof=1))


def _delta_measure(
    x: Floats, y: Floats, rng: np.random.Generator, resamples: int = RESAMPLES_DELTA
) -> tuple[float, float]:
    """Delta of one factor and the half width of its interval, bias corrected by resampling."""
    raw = _raw_delta(x, y)
    chosen = rng.integers(len(y), size=(resamples, len(y)))
    again = np.array([2.0 * raw - _raw_delta(x[c], y[c]) for c in chosen])
    return float(again.mean()), float(Z * again.std(ddof=1))


def _raw_delta(x: Floats, y: Floats) -> float:
    """Delta as SALib sums it up; it is given ranks at which to cut, levels where there are few."""
    if not varies(y):  # as a resample of an outcome that is nearly always the same may be
        return 0.0
    if slices(x)[1]:
        cuts = np.append(0.0, np.unique(x, return_counts=True)[1].cumsum())
    else:
        power = 2.0 / (7.0 + np.tanh((1500.0 - len(y)) / 500.0))  # Plischke et al. 2013
        cuts = np.linspace(0.0, len(y), min(int(np.ceil(len(y) ** power)), 48) + 1)
    grid = np.linspace(float(y.min()), float(y.max()), _GRID)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # constant slices, which the page mentions
        return float(salib("analyze.delta").calc_delta(y, grid, x, cuts))
