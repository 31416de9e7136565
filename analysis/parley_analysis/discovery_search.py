"""From a peeling trajectory to one box: drop limits that do no work, then choose by a stated rule.

A limit does no work if the box without it would be about as dense: quasi-p of Bryant and Lempert
(2010), the chance of so many cases inside if the density were that of the box without the limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import stats

from parley_analysis import discovery_prim
from parley_analysis.discovery_prim import LEAST_MASS, PEEL, Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley.arrays import Bools, Floats

QUASI_P = 0.05
"""A limit with a larger quasi-p is dropped (assumption; the usual value)."""

MOST_LIMITED = 4
"""Factors that a box may be limited in; more can hardly be told in a sentence (assumption)."""

SCREENED = 20
"""Factors let through to a search: those whose ranks differ most between cases and others
(assumption)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How boxes are searched for and which is chosen.

    Attributes:
        density: Take the box with the largest coverage among those at least so dense; None for the
            box whose cases exceed what its size would hold by most standard errors.
        peel: Part of the points inside that one step gives up.
        least_mass: Share of the points that a box must hold at least.
        quasi_p: Limits above it are dropped.
        most_limited: Factors that a box may be limited in.
        screened: Factors let through to the search.
    """

    density: float | None = None
    peel: float = PEEL
    least_mass: float = LEAST_MASS
    quasi_p: float = QUASI_P
    most_limited: int = MOST_LIMITED
    screened: int = SCREENED

    def __str__(self) -> str:
        """The rule of choice in words."""
        excess = (
            "the box whose cases exceed what a box of its size would hold by chance by most "
            "standard errors"
        )
        if self.density is None:
            return excess
        return (
            f"the box with the largest coverage among those with a density of at least "
            f"{self.density:g}; if there is none, {excess}"
        )


class Found(NamedTuple):
    """What a search found.

    Attributes:
        box: The box in all factors, -inf and inf where there is no limit.
        quasi_p: Of each limit, shape (factors, 2): lower and upper; NaN where there is none.
        trajectory: The boxes it was chosen from, in the factors of `columns`.
        columns: Which factors were let through, as numbers of columns.
        excess: Cases beyond the share overall, in standard errors.
    """

    box: Bounds
    quasi_p: Floats
    trajectory: list[Bounds]
    columns: Sequence[int]
    excess: float


type Peel = Callable[[Floats, Bools, float, float], list[Bounds]]


def search(x: Floats, y: Bools, rule: Rule, peel: Peel = discovery_prim.peel) -> Found | None:
    """Find one box.

    Args:
        x: Factors, shape (points, factors).
        y: Whether a point is a case, shape (points,).
        rule: How to search and to choose.
        peel: What makes the trajectory.

    Returns:
        The box; None when no limit does any work, or all points are alike.
    """
    base = float(y.mean()) if len(y) else 0.0
    if not 0.0 < base < 1.0:
        return None
    columns = screen(x, y, rule.screened)
    part = x[:, columns]
    trajectory = peel(part, y, rule.peel, rule.least_mass)
    tidied = [tidy(part, y, box, rule) for box in trajectory]
    chosen = choose([(y[box.holds(part)], box) for box, _ in tidied], base, rule.density)
    if chosen is None:
        return None
    box, quasi_p = tidied[chosen]
    low, high = np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf)
    low[columns], high[columns] = box
    all_p = np.full((x.shape[1], 2), np.nan)
    all_p[columns] = quasi_p
    return Found(
        Bounds(low, high), all_p, trajectory, columns, excess(y[box.holds(part)], base)
    )


def screen(x: Floats, y: Bools, most: int) -> list[int]:
    """The columns whose ranks differ most between cases and others, in their own order.

    Both the mean of the ranks and their distance from the middle count, so that a factor that does
    harm at both ends, or in between, is let through as well.
    """
    if x.shape[1] <= most:
        return list(range(x.shape[1]))
    ranks = stats.rankdata(x, axis=0) / (len(x) + 1) - 0.5
    weights = np.where(y, 1.0 / y.sum(), -1.0 / (~y).sum())
    # scaled to equal spread for evenly spread ranks: 1/sqrt(12) and 1/sqrt(180)
    ends = np.abs(weights @ ranks) * np.sqrt(12.0)
    middle = np.abs(weights @ ranks**2) * np.sqrt(180.0)
    order = np.argsort(-np.maximum(ends, middle), kind="stable")
    return sorted(order[:most].tolist())


def excess(inside: Bools, base: float) -> float:
    """Cases beyond the share overall, in standard errors; 0 for an empty box.

    >>> round(excess(np.array([True, True, True, False]), 0.5), 3)
    1.0
    """
    if not inside.size:
        return 0.0
    spread = np.sqrt(base * (1.0 - base) * inside.size)
    return float((inside.sum() - base * inside.size) / spread)


def tidy(x: Floats, y: Bools, box: Bounds, rule: Rule) -> tuple[Bounds, Floats]:
    """Drop limits that do no work, the least useful first, then those beyond the number allowed.

    Returns:
        The box, with -inf and inf where there is no limit; quasi-p of what is left, shape
        (factors, 2).
    """
    low = np.where(box.low > x.min(axis=0), box.low, -np.inf)
    high = np.where(box.high < x.max(axis=0), box.high, np.inf)
    beyond = np.stack([x < low, x > high], axis=2)  # points, factors, sides
    alive = np.stack([low > -np.inf, high < np.inf], axis=1)
    while True:
        p = _quasi_p(beyond & alive, y)
        p = np.where(alive, p, -1.0)
        worst = np.unravel_index(int(p.argmax()), p.shape)
        too_many = int(alive.any(axis=1).sum()) > rule.most_limited
        if not alive.any() or (p[worst] <= rule.quasi_p and not too_many):
            break
        alive[worst] = False
    tidied = Bounds(np.where(alive[:, 0], low, -np.inf), np.where(alive[:, 1], high, np.inf))
    return tidied, np.where(alive, p, np.nan)


def _quasi_p(beyond: Bools, y: Bools) -> Floats:
    """Quasi-p of every limit, shape (factors, 2), given which points lie beyond which limit."""
    broken = beyond.sum(axis=(1, 2))
    inside = broken == 0
    n, k = int(inside.sum()), int(y[inside].sum())
    once = broken == 1
    more = beyond[once]
    without = n + more.sum(axis=0)
    density = (k + (more & y[once][:, None, None]).sum(axis=0)) / np.maximum(without, 1)
    chance: Floats = stats.binom.sf(k - 1, n, density)
    return chance


def choose(
    boxes: Sequence[tuple[Bools, Bounds]], base: float, density: float | None
) -> int | None:
    """The number of the box that the rule takes; the first of equals.

    Args:
        boxes: Labels of the points inside, and the box.
        base: Share of cases among all points.
        density: As in `Rule`.

    Returns:
        None when no box is limited.
    """
    limited = [
        i
        for i, (_, box) in enumerate(boxes)
        if np.isfinite(box.low).any() or np.isfinite(box.high).any()
    ]
    if density is not None:
        dense = [i for i in limited if boxes[i][0].size and boxes[i][0].mean() >= density]
        if dense:
            return max(dense, key=lambda i: (boxes[i][0].sum(), -boxes[i][0].size))
    return max(limited, key=lambda i: excess(boxes[i][0], base), default=None)
