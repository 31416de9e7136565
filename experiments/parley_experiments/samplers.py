"""Samplers: positions in [0, 1] for every factor, in the order that the analysis needs.

Samples for Sobol' indices, elementary effects and fractional factorials come from SALib (extra
`sa`) in its own order, which must never change; Latin hypercubes draw each factor from a stream of
its own, so that a factor added leaves the others where they are.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from parley.errors import MissingExtraError
from parley_experiments.draws import hypercube_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.arrays import Floats
    from parley_experiments.factors import Factor

type Method = Literal[
    "sobol",
    "morris",
    "latin_hypercube",
    "full_factorial",
    "fractional_factorial",
    "one_at_a_time",
]

METHODS: tuple[Method, ...] = (
    "sobol",
    "morris",
    "latin_hypercube",
    "full_factorial",
    "fractional_factorial",
    "one_at_a_time",
)
LARGEST_SAMPLE = 10_000_000
"""Points; more is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a design is sampled.

    Attributes:
        method: Which sampler.
        n: Latin hypercube: points. Sobol': base points, a power of two.
        second_order: Sobol': whether pairs of factors get an index of their own.
        trajectories: Morris: paths through the space.
        levels: Morris: grid levels, an even number. Factorial, one at a time: levels per factor.
        seed: Seed of the sample, at least 0.
    """

    method: Method
    n: int = 0
    second_order: bool = False
    trajectories: int = 0
    levels: int = 0
    seed: int = 1

    def points(self, factors: int) -> int:
        """How many points the sample of so many factors has."""
        sizes: dict[Method, int] = {
            "sobol": self.n * ((2 if self.second_order else 1) * factors + 2),
            "morris": self.trajectories * (factors + 1),
            "latin_hypercube": self.n,
            "full_factorial": self.levels**factors,
            "fractional_factorial": 2 * 2 ** (factors - 1).bit_length(),
            "one_at_a_time": 1 + factors * self.levels,
        }
        return sizes[self.method]


def sample(settings: Settings, factors: Sequence[Factor]) -> Floats:
    """Draw the sample.

    Args:
        settings: How.
        factors: What varies, at least one.

    Returns:
        Shape (points, factors), positions in [0, 1], in the order the analysis expects.

    Raises:
        MissingExtraError: SALib is needed and missing.
    """
    count = len(factors)
    if settings.method == "latin_hypercube":
        columns = [hypercube_column(f.key, settings.n, settings.seed) for f in factors]
        return np.column_stack(columns)
    if settings.method == "full_factorial":
        levels = np.linspace(0.0, 1.0, settings.levels) if settings.levels > 1 else [0.5]
        return np.array(list(itertools.product(levels, repeat=count)), dtype=np.float64)
    if settings.method == "one_at_a_time":
        return _one_at_a_time(settings.levels, factors)
    return _from_salib(settings, [factor.key for factor in factors])


def _one_at_a_time(levels: int, factors: Sequence[Factor]) -> Floats:
    """The defaults, then every factor at each of its levels with the others at their defaults."""
    start = np.array([factor.position(factor.default) for factor in factors])
    rows = [start]
    for column in range(len(factors)):
        for level in np.linspace(0.0, 1.0, levels):
            row = start.copy()
            row[column] = level
            rows.append(row)
    return np.array(rows)


def _from_salib(settings: Settings, names: list[str]) -> Floats:
    """A sample of SALib's, in its order."""
    try:
        from SALib.sample import ff, morris, sobol
    except ImportError:
        raise MissingExtraError("SALib", "sa") from None
    count = len(names)  # SALib may add names of its own
    problem = {"num_vars": count, "names": names, "bounds": [[0.0, 1.0]] * count}
    if settings.method == "sobol":
        drawn = sobol.sample(
            problem, settings.n, calc_second_order=settings.second_order, seed=settings.seed
        )
    elif settings.method == "morris":
        drawn = morris.sample(
            problem, settings.trajectories, num_levels=settings.levels, seed=settings.seed
        )
    else:
        drawn = ff.sample(problem, seed=settings.seed)[:, :count]
    return np.asarray(drawn, dtype=np.float64)
