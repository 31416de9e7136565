"""Runs reduced to one number per outcome and reporting group: small results for large designs.

A design of ten thousand runs of ten years would otherwise write gigabytes that nobody reads. What
is kept is exactly what a comparison of levels reads: months made one number as each outcome's
`aggregate` prescribes. Paths, events and timings are given up.
"""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np

from parley.registry import load_registry
from parley.results import RunResult

if TYPE_CHECKING:
    from collections.abc import Callable

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


def thin(result: RunResult) -> RunResult:
    """Reduce a finished run to its levels, filed as if it had one month."""
    how = _aggregates()
    series = {
        name: aggregate_months(values, how[name])[None, :] for name, values in result.series.items()
    }
    return dataclasses.replace(result, months=1, series=series, events=(), timings={})


@functools.cache
def _aggregates() -> dict[str, str]:
    """Aggregate by outcome."""
    return {outcome.name: outcome.aggregate for outcome in load_registry().outcomes}


def run_thin(spec: RunSpec) -> RunResult | RunFailure:
    """Make one run of the model and keep its levels."""
    from parley.runner import run

    return _thinned(run, spec)


def _thinned(
    run_one: Callable[[RunSpec], RunResult | RunFailure], spec: RunSpec
) -> RunResult | RunFailure:
    result = run_one(spec)
    return thin(result) if isinstance(result, RunResult) else result
