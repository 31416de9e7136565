"""Words and thresholds of sensitivity analysis: what an index is held against, and its verdict.

Indices come from SALib (Iwanaga, Usher and Herman 2022). Here stands what SALib leaves to its user:
what counts as missing, what an index has to exceed, and how a number becomes a sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from parley.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import ModuleType

    import numpy.typing as npt
    import pandas as pd

    type Floats = npt.NDArray[np.float64]

CONFIDENCE = 0.95
"""Level of every interval."""
Z = 1.959963984540054
"""Standard normal quantile of that level, two-sided."""
RESAMPLES = 200
"""Bootstrap resamples of an interval (assumption: 100 is usual, twice that costs little)."""
NEGLIGIBLE_SHARE = 0.01
"""Share of an outcome's variance below which a factor is as good as without effect (assumption)."""
WIDE_SHARE = 0.10
"""Share of the variance that an interval may still reach when "nothing" is said (assumption)."""
WIDE_DISTANCE = 0.05
"""The same for PAWN and delta, distances between distributions from 0 to 1 (assumption)."""
MOST_DROPPED = 0.20
"""Largest share of blocks or rows that may be missing (assumption)."""
FEWEST_BLOCKS = 32
"""Saltelli blocks below which nothing is said but "needs more runs" (assumption)."""
MOST_SAMPLE_ERROR = 0.20
"""Error of the total index of a straight line that the sample alone may cause (assumption)."""
FEWEST_CARRYING = 16
"""Values on which the variance must rest at least (assumption: it is then known to about 25%)."""
FEWEST_TRAJECTORIES = 4
"""Trajectories below which nothing is said but "needs more runs" (assumption)."""
FEWEST_ROWS = 64
"""Rows below which PAWN and delta say nothing but "needs more runs" (assumption)."""

MATTERS = "matters"
NOTHING = "not distinguishable from zero"
MORE_RUNS = "needs more runs"
CONSTANT = "does not vary"
VERDICTS = (MATTERS, NOTHING, MORE_RUNS, CONSTANT)

DUMMY, LUCK = "dummy", "luck"
COLUMNS = (
    "level", "factor", "other", "index", "value", "low", "high", "floor", "verdict", "used",
    "dropped",
)  # fmt: skip
"""Of every table of indices: `level` is factor, pair, block or role; `used` and `dropped` count
blocks (Sobol'), trajectories (Morris) or rows (PAWN, delta)."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What an index is held against.

    Attributes:
        floor: The noise floor: what a factor without effect could reach, and at least what is
            negligible; in the unit of the index.
        ceiling: Where the interval has to end for "not distinguishable from zero".
        enough: Whether there are runs enough to say anything.
    """

    floor: float
    ceiling: float
    enough: bool = True

    def verdict(self, low: float, high: float, *, signed: bool = False) -> str:
        """Judge an interval.

        Args:
            low: Lower end.
            high: Upper end.
            signed: Whether the index may be below zero in truth, as Morris' mean effect may.

        Returns:
            `matters` if the whole interval lies above the floor; `not distinguishable from zero`
            if it does not, and ends below the ceiling; `needs more runs` otherwise.

        >>> Yardstick(0.01, 0.1).verdict(0.02, 0.3)
        'matters'
        >>> Yardstick(0.01, 0.1).verdict(-0.02, 0.3)
        'needs more runs'
        >>> Yardstick(0.01, 0.1).verdict(-0.02, 0.04)
        'not distinguishable from zero'
        """
        if not self.enough or math.isnan(low) or math.isnan(high):
            return MORE_RUNS
        if low > self.floor or (signed and high < -self.floor):
            return MATTERS
        bounded = high <= self.ceiling and (not signed or low >= -self.ceiling)
        return NOTHING if bounded else MORE_RUNS


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the points of a design were drawn.

    Attributes:
        method: `sobol`, `morris`, `latin_hypercube`, `full_factorial`, `fractional_factorial` or
            `one_at_a_time`.
        seed: Seed of the sample; intervals are resampled from it as well.
        second_order: Whether blocks hold the rows for pairs of factors (Sobol').
        levels: Levels of the grid (Morris).
    """

    method: str
    seed: int = 0
    second_order: bool = False
    levels: int = 4

    @classmethod
    def of(cls, design: Mapping[str, Any]) -> Sampling:
        """Read it from the description of a design."""
        settings = design.get("settings") or {}
        return cls(
            str(design["method"]),
            int(settings.get("seed") or 0),
            bool(settings.get("second_order", False)),
            int(settings.get("levels") or 4),
        )


def salib(module: str) -> ModuleType:
    """A module of SALib, imported when needed.

    Raises:
        MissingExtraError: SALib is not installed.
    """
    try:
        return import_module(f"SALib.{module}")
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("SALib"):
            raise
        raise MissingExtraError("SALib", "sa") from None


def problem(names: Sequence[str]) -> dict[str, Any]:
    """What SALib calls a problem, in unit space; a new one each time: SALib writes in it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def varies(values: Floats) -> bool:
    """Whether values differ by more than rounding.

    >>> varies(np.array([0.1 + 0.2, 0.3])), varies(np.array([1.0, 1.1]))
    (False, True)
    """
    spread = float(np.ptp(values)) if len(values) else 0.0
    return spread > 1e-12 * float(np.max(np.abs(values), initial=0.0)) and spread > 1e-150


def carrying(values: Floats) -> float:
    """How many values the variance rests on: all of them for two equal halves, few for rare ones.

    The effective number (Kish 1965) of squared distances from the mean, which is their number
    over the kurtosis. One value unlike all others makes up the whole variance, and then every
    resample of a *share* of that variance gives the same share.

    Args:
        values: The outcome, shape (values,).

    >>> carrying(np.array([0.0, 1.0, 0.0, 1.0])), round(carrying(np.eye(100)[0]), 1)
    (4.0, 1.0)
    """
    squares = np.square(values - values.mean())
    squares = squares / squares.max(initial=1e-300)
    return float(np.square(squares.sum()) / max(np.square(squares).sum(), 1e-300))


def generator(seed: int) -> np.random.Generator:
    """The generator that intervals are resampled with."""
    return np.random.default_rng([seed, 20240])


def table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a table with the columns that all tables of indices have."""
    import pandas as pd

    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    numbers = ["value", "low", "high", "floor"]
    frame[numbers] = frame[numbers].astype(float)
    return frame


def constant_rows(
    keys: Sequence[str], indices: Sequence[str], used: int, dropped: int, verdict: str = CONSTANT
) -> pd.DataFrame:
    """The table of an outcome that has no indices, because it is the same everywhere."""
    nothing = dict.fromkeys(("value", "low", "high", "floor"), math.nan)
    return table(
        {"level": "factor", "factor": key, "other": "", "index": index, "verdict": verdict}
        | nothing
        | {"used": used, "dropped": dropped}
        for index in indices
        for key in keys
    )
