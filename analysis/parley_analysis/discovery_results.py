"""What a search for boxes gives: counts, limits, chance, verdicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from parley_analysis.discovery_cases import FEWEST_CASES
from parley_analysis.discovery_search import Rule
from parley_analysis.winmatrix import wilson_interval

if TYPE_CHECKING:
    import pandas as pd

    from parley.arrays import Bools

HELD_OUT = 0.3
"""Share of the points that have no part in the search (assumption)."""

CHANCE = 0.05
"""A box counts only if shuffled labels give one as far beyond chance at most so often."""

FEWEST_SHUFFLES = 19
"""With fewer, no box can lie beyond chance."""

FEWEST_INSIDE = 10
"""Held-out points inside a box below which nothing is said of it (assumption)."""

HOLDS = "holds outside the data it was found on"
FAILS = "does not hold"
TOO_FEW = "too few cases"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is searched and checked.

    Attributes:
        rule: How a box is searched for and chosen.
        boxes: Boxes found in turn, at most.
        held_out: Share of the points kept from the search.
        shuffles: Searches on shuffled labels, per box.
        resamples: Searches on random halves of the searched part, per box.
        seed: Of the split, the shuffles and the halves.
    """

    rule: Rule = field(default_factory=Rule)
    boxes: int = 3
    held_out: float = HELD_OUT
    shuffles: int = 49
    resamples: int = 20
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Counts:
    """How many points and cases there are, and how many of each inside a box.

    >>> counts = Counts(points=100, cases=20, inside=20, hits=12)
    >>> counts.density, counts.coverage, counts.mass, counts.base, counts.elsewhere
    (0.6, 0.6, 0.2, 0.2, 0.1)
    """

    points: int
    cases: int
    inside: int
    hits: int

    @property
    def density(self) -> float:
        """Share of the points inside that are cases; NaN for an empty box."""
        return share(self.hits, self.inside)

    @property
    def coverage(self) -> float:
        """Share of the cases that lie inside; NaN without cases."""
        return share(self.hits, self.cases)

    @property
    def mass(self) -> float:
        """Share of the points that lie inside."""
        return share(self.inside, self.points)

    @property
    def base(self) -> float:
        """Share of all points that are cases."""
        return share(self.cases, self.points)

    @property
    def elsewhere(self) -> float:
        """Share of the points outside that are cases; NaN if there are none outside."""
        return share(self.cases - self.hits, self.points - self.inside)

    @property
    def density_interval(self) -> tuple[float, float]:
        """95% Wilson interval of the density; all of 0 to 1 for an empty box."""
        return wilson_interval(self.density, self.inside) if self.inside else (0.0, 1.0)

    @property
    def coverage_interval(self) -> tuple[float, float]:
        """95% Wilson interval of the coverage; all of 0 to 1 without cases."""
        return wilson_interval(self.coverage, self.cases) if self.cases else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Limit:
    """What a box asks of one factor.

    Attributes:
        factor: Key of the factor.
        low: Lower end, in the factor's unit; -inf without one.
        high: Upper end; inf without one.
        low_quantile: Share of all points below the lower end.
        high_quantile: Share of all points up to the upper end.
        quasi_p_low: Quasi-p of the lower limit; NaN without one.
        quasi_p_high: Quasi-p of the upper limit; NaN without one.
        reappears: Share of searches on random halves that limit this factor on a side of these.
    """

    factor: str
    low: float
    high: float
    low_quantile: float
    high_quantile: float
    quasi_p_low: float
    quasi_p_high: float
    reappears: float


@dataclass(frozen=True, slots=True)
class Chance:
    """What the same search finds in shuffled labels.

    Attributes:
        density: Median density of the boxes it finds; the share overall where it finds none.
        density_high: The density that one search in twenty exceeds.
        found: Share of the searches that find a box at all.
        p: Chance of a box as far beyond chance as the one found.
        shuffles: Searches made.
    """

    density: float
    density_high: float
    found: float
    p: float
    shuffles: int


@dataclass(frozen=True)
class Box:
    """One box, what it holds where it was found and where it was not, and what that is worth.

    Attributes:
        limits: What it asks, factor by factor.
        found: Counts on the searched part, without the points of earlier boxes.
        held: The same on the part that was kept from the search.
        chance: What shuffled labels give.
        verdict: `HOLDS`, `FAILS` or `TOO_FEW`.
        curve: Boxes it was chosen from: `coverage`, `density`, `mass`, `limited` (factors), and
            `of`, which is `peeled` for the first trajectory and `tidied` for what was left of it.
    """

    limits: tuple[Limit, ...]
    found: Counts
    held: Counts
    chance: Chance
    verdict: str
    curve: pd.DataFrame

    def holds(self, points: pd.DataFrame) -> Bools:
        """Which points lie inside, shape (points,)."""
        inside = np.ones(len(points), dtype=bool)
        for limit in self.limits:
            values = points[limit.factor].to_numpy(float)
            inside &= (values >= limit.low) & (values <= limit.high)
        return inside


@dataclass(frozen=True)
class Discovery:
    """The boxes, and how they were looked for.

    Attributes:
        boxes: In the order found; empty when no limit did any work.
        factors: Factors that a box could be limited by.
        searched: Points of the searched part.
        held: Points of the part kept from it.
        dummy_limits: Whether the first box is limited by a factor that the model never sees, once
            it may be: then its other limits can be noise as well.
        dummy_reappears: Share of random halves in which that happens.
        plan: How much was searched and checked.
    """

    boxes: tuple[Box, ...]
    factors: tuple[str, ...]
    searched: tuple[int, ...]
    held: tuple[int, ...]
    dummy_limits: bool
    dummy_reappears: float
    plan: Plan


def judge(held: Counts, chance: Chance) -> str:
    """The verdict on a box.

    It holds if the 95% Wilson interval of its density on held-out points lies above the share of
    cases among them, and shuffled labels give a box as far beyond chance at most once in twenty.

    >>> judge(Counts(300, 60, 40, 25), Chance(0.3, 0.4, 0.1, 0.01, 99))
    'holds outside the data it was found on'
    >>> judge(Counts(300, 60, 40, 10), Chance(0.3, 0.4, 0.1, 0.01, 99))
    'does not hold'
    >>> judge(Counts(300, 60, 4, 4), Chance(0.3, 0.4, 0.1, 0.01, 99))
    'too few cases'
    """
    if held.inside < FEWEST_INSIDE or held.cases < FEWEST_CASES // 2:
        return TOO_FEW
    return HOLDS if held.density_interval[0] > held.base and chance.p <= CHANCE else FAILS


def share(part: int, whole: int) -> float:
    """A part of a whole; NaN of nothing."""
    return part / whole if whole else float("nan")
