"""Runs reduced to one number per outcome and reporting group: small results for large designs.

A design of ten thousand runs of ten years would otherwise write gigabytes that nobody reads. What
is kept is exactly what a comparison of levels reads: months made one number as each outcome's
`aggregate` prescribes, over the whole run or up to each of several horizons. Paths, events and
timings are given up.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from parley.errors import RunError
from parley.registry import load_registry
from parley.results import RunResult

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley.arrays import Floats
    from parley.results import RunFailure, RunSpec

KEPT = "levels"
"""What the manifest of a thinned batch says under `kept`."""


def aggregate_months(values: Floats, aggregate: str) -> Floats:
    """Make one number of the months, leaving out months without a value.

    Args:
        values: Shape (months, groups); NaN where there is no value.
        aggregate: `last`, `mean` or `sum`.

    Returns:
        Shape (groups,); NaN where no month has a value, or for `last` the last has none.

    >>> months = np.array([[1.0, np.nan], [3.0, np.nan]])
    >>> [aggregate_months(months, how).tolist() for how in ("last", "mean", "sum")]
    [[3.0, nan], [2.0, nan], [4.0, nan]]
    """
    if aggregate == "last":
        return np.array(values[-1])
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    if aggregate == "mean":
        total = total / np.maximum(count, 1)
    return np.where(count > 0, total, np.nan)


def thin(result: RunResult, horizons: Sequence[int] | None = None) -> RunResult:
    """Reduce a finished run to its levels.

    Args:
        result: A whole run.
        horizons: Numbers of months, ascending, each from 1 to the length of the run. None for the
            whole run.

    Returns:
        The run with one row of its series per horizon h: each outcome made one number over the
        months 0 to h - 1, filed under month h - 1. Without horizons there is one row, and the run
        is filed as if it had one month.

    Raises:
        RunError: A horizon is not within the run, or they are not ascending.
    """
    how = _aggregates()
    ends = (result.months,) if horizons is None else tuple(horizons)
    if not ends or list(ends) != sorted(set(ends)) or ends[0] < 1 or ends[-1] > result.months:
        raise RunError(
            f"horizons = {list(ends)}: expected one or more ascending numbers of months from 1 to "
            f"{result.months}, the length of the run"
        )
    series = {
        name: np.stack([aggregate_months(values[:end], how[name]) for end in ends])
        for name, values in result.series.items()
    }
    reduced = dataclasses.replace(result, series=series, events=(), timings={})
    if horizons is None:
        return dataclasses.replace(reduced, months=1)
    return dataclasses.replace(reduced, kept_months=tuple(end - 1 for end in ends))


@functools.cache
def _aggregates() -> dict[str, str]:
    """Aggregate by outcome."""
    return {outcome.name: outcome.aggregate for outcome in load_registry().outcomes}


def run_thin(spec: RunSpec) -> RunResult | RunFailure:
    """Make one run of the model and keep its levels over the whole run."""
    from parley.runner import run

    return _thinned(run, spec, None)


def run_levels(spec: RunSpec, horizons: Sequence[int]) -> RunResult | RunFailure:
    """Make one run of the model and keep its levels up to each horizon; see `thin`.

    For a batch: `functools.partial(run_levels, horizons=(60, 120))`.
    """
    from parley.runner import run

    return _thinned(run, spec, horizons)


def _thinned(
    run_one: Callable[[RunSpec], RunResult | RunFailure],
    spec: RunSpec,
    horizons: Sequence[int] | None,
) -> RunResult | RunFailure:
    result = run_one(spec)
    return thin(result, horizons) if isinstance(result, RunResult) else result
