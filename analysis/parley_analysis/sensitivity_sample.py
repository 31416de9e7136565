"""Guards before SALib: order of the sample, lengths, missing values.

SALib takes rows on trust. Rows in another order give plausible nonsense, and a single NaN makes
every Sobol' index zero without a word. So nothing reaches it that has not passed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity import MOST_DROPPED

if TYPE_CHECKING:
    import pandas as pd

    from parley_analysis.sensitivity import Floats, Sampling


ONE_AT_A_TIME = "one_at_a_time"
NO_INDICES = (
    "a design one factor at a time never varies two factors together, so it has no sensitivity "
    "indices; draw a latin_hypercube, morris or sobol design"
)


@dataclass(frozen=True)
class Blocks:
    """The part of a sample that is whole.

    Attributes:
        units: Rows in unit space, shape (blocks, rows of a block, factors).
        values: Outcome, shape (blocks, rows of a block).
        dropped: Blocks left out because a value was missing in them.
        numbers: Which blocks of the sample these are, shape (blocks,).
    """

    units: Floats
    values: Floats
    dropped: int
    numbers: Floats

    @property
    def rows(self) -> tuple[Floats, Floats]:
        """Units and values row by row, as SALib wants them."""
        return self.units.reshape(-1, self.units.shape[2]), self.values.reshape(-1)

    def first(self, count: int) -> Blocks:
        """The first blocks."""
        return Blocks(self.units[:count], self.values[:count], 0, self.numbers[:count])


def aligned(units: pd.DataFrame, y: pd.Series[float]) -> Floats:
    """The outcome in the order of the sample, infinite values as missing.

    Args:
        units: The sample in unit space: index 0, 1, 2, ... in the order the sampler gave.
        y: Outcome by point, in any order; NaN where a run failed or has no value.

    Raises:
        AnalysisError: Points are out of order, missing, unknown or twice; units lie outside [0, 1].
    """
    if list(units.index) != list(range(len(units))):
        raise AnalysisError(
            "points are not in the order of the sample: expected the index 0, 1, 2, ... "
            f"of {len(units)} points; read units.parquet again without sorting it"
        )
    inside = units.to_numpy(float)
    if not (np.isfinite(inside).all() and (inside >= 0).all() and (inside <= 1).all()):
        raise AnalysisError("the sample holds units outside 0 to 1; give units, not points")
    if len(y) != len(units) or y.index.has_duplicates or set(y.index) != set(units.index):
        raise AnalysisError(
            f"{len(y)} values for {len(units)} points: there must be exactly one for every point, "
            "NaN where there is none"
        )
    values = y.reindex(units.index).to_numpy(float)
    return np.where(np.isfinite(values), values, np.nan)


def saltelli_blocks(units: pd.DataFrame, y: pd.Series[float], sampling: Sampling) -> Blocks:
    """The whole Saltelli blocks of a Sobol' sample.

    A block is a row of A, one row per factor with that factor from B, with second order one row
    per factor with that factor from A and the others from B, and the row of B. Its indices are
    sums over blocks, so a block with a missing value is left out as a whole.

    Args:
        units: The sample in unit space, index 0, 1, 2, ...
        y: Outcome by point.
        sampling: How it was drawn.

    Raises:
        AnalysisError: The rows are no such blocks, or too many blocks are broken.
    """
    values, count = aligned(units, y), units.shape[1]
    height = 2 * count + 2 if sampling.second_order else count + 2
    blocks = _in_blocks(units, height, "Saltelli blocks")
    first, last = blocks[:, :1], blocks[:, -1:]
    own = np.eye(count, dtype=bool)
    right = np.array_equal(blocks[:, 1 : count + 1], np.where(own, last, first))
    if sampling.second_order:
        right = right and np.array_equal(blocks[:, count + 1 : -1], np.where(own, first, last))
    if not right:
        raise AnalysisError(
            "rows are not in the order of a Sobol' sample: every block must be A, A with one "
            "column of B, ..., B; indices of shuffled rows would be wrong without looking wrong"
        )
    return _whole(blocks, values, "Saltelli blocks")


def trajectories(units: pd.DataFrame, y: pd.Series[float], sampling: Sampling) -> Blocks:
    """The whole trajectories of a Morris sample: one without a value for each row is left out.

    Args:
        units: The sample in unit space, index 0, 1, 2, ...
        y: Outcome by point.
        sampling: How it was drawn.

    Raises:
        AnalysisError: The rows are no trajectories, or too many of them are broken.
    """
    values, count = aligned(units, y), units.shape[1]
    blocks = _in_blocks(units, count + 1, "trajectories")
    steps = np.abs(np.diff(blocks, axis=1))
    moved = steps > 1e-9
    size = sampling.levels / (2.0 * (sampling.levels - 1.0))
    once = (moved.sum(axis=1) == 1).all() and (moved.sum(axis=2) == 1).all()
    if not (once and np.allclose(steps[moved], size, rtol=0.0, atol=1e-6)):
        raise AnalysisError(
            "rows are not in the order of a Morris sample: every row must differ from the one "
            f"before in one factor, by {size:.4g} (for {sampling.levels} levels)"
        )
    return _whole(blocks, values, "trajectories")


def independent_rows(
    units: pd.DataFrame, y: pd.Series[float], sampling: Sampling
) -> tuple[Floats, Floats, int]:
    """Rows that a method for any sample may use, without those that have no value.

    All rows of a Latin hypercube or a factorial design; of a Sobol' sample the rows of A and of B,
    since the others repeat these; of a Morris sample the first row of each trajectory, because
    the others lean on it. A design one factor at a time has no such rows.

    Args:
        units: The sample in unit space, index 0, 1, 2, ...
        y: Outcome by point.
        sampling: How it was drawn.

    Returns:
        Units (rows, factors), values (rows,), and how many rows were left out.

    Raises:
        AnalysisError: There are no such rows, or too many values are missing.
    """
    if sampling.method == ONE_AT_A_TIME:
        raise AnalysisError(NO_INDICES)
    values, inside = aligned(units, y), units.to_numpy(float)
    if sampling.method == "sobol":
        height = (2 if sampling.second_order else 1) * units.shape[1] + 2
        at = np.arange(len(units)) % height
        chosen = (at == 0) | (at == height - 1)
    elif sampling.method == "morris":
        chosen = np.arange(len(units)) % (units.shape[1] + 1) == 0
    else:
        chosen = np.ones(len(units), dtype=bool)
    there = chosen & np.isfinite(values)
    total, dropped = int(chosen.sum()), int(chosen.sum() - there.sum())
    _refuse_if_many(dropped, total, "rows")
    return inside[there], values[there], dropped


def _in_blocks(units: pd.DataFrame, height: int, what: str) -> Floats:
    if len(units) % height or not len(units):
        raise AnalysisError(
            f"{len(units)} points of {units.shape[1]} factors do not make whole {what} of "
            f"{height} rows; check that second_order and the factors are those of the design"
        )
    return units.to_numpy(float).reshape(-1, height, units.shape[1])


def _whole(blocks: Floats, values: Floats, what: str) -> Blocks:
    by_block = values.reshape(blocks.shape[:2])
    whole = np.isfinite(by_block).all(axis=1)
    dropped = int((~whole).sum())
    _refuse_if_many(dropped, len(blocks), what)
    if int(whole.sum()) < 2:
        raise AnalysisError(f"{int(whole.sum())} whole {what}: indices need at least 2")
    return Blocks(blocks[whole], by_block[whole], dropped, np.flatnonzero(whole).astype(float))


def _refuse_if_many(dropped: int, total: int, what: str) -> None:
    if dropped > MOST_DROPPED * total:
        raise AnalysisError(
            f"{dropped} of {total} {what} have a missing value, more than "
            f"{MOST_DROPPED:.0%}: what is left may be a selection; see the failures of the runs, "
            "or choose another outcome"
        )
