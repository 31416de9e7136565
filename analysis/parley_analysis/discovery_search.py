"""From a peeling trajectory to one box: drop limits that do no work, then choose by a stated rule.

A limit does no work if the box without it would be about as dense: quasi-p of Bryant and Lempert
(2010), the chance of so many cases inside if the density were that of the box without the limit.
Peeling is greedy. Among many factors it gives up points to noise before it comes to the limits
that matter, so it is done again with each set of the few factors whose limits did work (constrained
PRIM, Kwakkel 2019). And it sees no reason to cut where cases lie at both ends of a factor, so it
also starts from each half of the factors that tell cases and others apart best.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import special, stats

from parley_analysis import discovery_prim
from parley_analysis.discovery_prim import LEAST_MASS, PEEL, Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley.arrays import Bools, Floats, Ints

QUASI_P = 0.05
"""A limit with a larger quasi-p is dropped (assumption; the usual value)."""

MOST_LIMITED = 4
"""Factors that a box may be limited in; more can hardly be told in a sentence (assumption)."""

SCREENED = 20
"""Factors let through to a search: those whose ranks differ most between cases and others
(assumption)."""


MOST_SEARCHED_AGAIN = 3
"""Factors of which all sets are searched again: those with the smallest quasi-p (assumption)."""

HALVED = 3
"""Factors from whose halves peeling starts as well (assumption)."""

THINNED = 3
"""Every so many boxes from a half are tidied, to save time."""


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
        peeled: The first peeling trajectory, whole.
        tidied: The boxes it was chosen from, with the limits that do work.
        columns: Which factors were let through, as numbers of columns; `peeled` is in these.
        excess: Cases beyond the share overall, in standard errors.
    """

    box: Bounds
    quasi_p: Floats
    peeled: list[Bounds]
    tidied: list[Bounds]
    columns: Sequence[int]
    excess: float


type Peel = Callable[[Floats, Bools, float, float], list[Bounds]]


def search(x: Floats, y: Bools, rule: Rule, peel: Peel = discovery_prim.peel) -> Found | None:
    """Find one box.

    Args:
        x: Factors, shape (points, factors).
        y: Whether a point is a case, shape (points,).
        rule: How to search and to choose.
        peel: What makes the first trajectory.

    Returns:
        The box; None when no limit does any work, or all points are alike.
    """
    base = float(y.mean()) if len(y) else 0.0
    if not 0.0 < base < 1.0:
        return None
    columns = screen(x, y, rule.screened)
    part = x[:, columns]
    peeled = peel(part, y, rule.peel, rule.least_mass)
    tidied = _tidy_all(part, y, peeled, rule)
    tidied += _search_again(part, y, np.ones(len(y), bool), tidied, rule)
    for half in _halves(part, y):
        inner = _peel_within(part, y, half, range(part.shape[1]), rule)
        found = _tidy_all(part, y, inner[::THINNED], rule)
        tidied += found + _search_again(part, y, half, found, rule)
    chosen = choose([(y[box.holds(part)], box) for box, _ in tidied], base, rule.density)
    if chosen is None:
        return None
    wide = [_wide(box, columns, x.shape[1]) for box, _ in tidied]
    all_p = np.full((x.shape[1], 2), np.nan)
    all_p[columns] = tidied[chosen][1]
    most = excess(y[tidied[chosen][0].holds(part)], base)
    return Found(wide[chosen], all_p, peeled, wide, columns, most)


def _tidy_all(
    x: Floats, y: Bools, boxes: Sequence[Bounds], rule: Rule
) -> list[tuple[Bounds, Floats]]:
    return [tidy(x, y, box, rule) for box in boxes]


def _halves(x: Floats, y: Bools) -> list[Bools]:
    """Points below and above the median of the factors that tell cases apart best."""
    strength = strengths(x, y)
    halves = []
    for j in np.argsort(-strength, kind="stable")[:HALVED].tolist():
        middle = float(np.median(x[:, j]))
        halves += [x[:, j] <= middle, x[:, j] > middle]
    return [half for half in halves if 0 < half.sum() < len(y) and 0 < y[half].sum() < half.sum()]


def _peel_within(
    x: Floats, y: Bools, part: Bools, factors: Sequence[int], rule: Rule
) -> list[Bounds]:
    """Peel a part of the points in some factors, as boxes in all factors of all points."""
    some = list(factors)
    least = rule.least_mass * len(x) / int(part.sum())
    inner = x[part]
    start = Bounds(inner.min(axis=0), inner.max(axis=0))
    boxes = []
    for box in discovery_prim.peel(inner[:, some], y[part], rule.peel, least):
        low, high = start.low.copy(), start.high.copy()
        low[some], high[some] = box
        boxes.append(Bounds(low, high))
    return boxes


def _search_again(
    x: Floats, y: Bools, part: Bools, tidied: Sequence[tuple[Bounds, Floats]], rule: Rule
) -> list[tuple[Bounds, Floats]]:
    """The best box of the trajectory in every set of the factors whose limits did work."""
    factors = _working(tidied)
    best: list[Bounds] = []
    for size in range(1, min(len(factors), rule.most_limited) + 1):
        for some in itertools.combinations(factors, size):
            boxes = _peel_within(x, y, part, some, rule)
            labels = [(y[box.holds(x)], box) for box in boxes]
            kept = {choose(labels, float(y.mean()), least) for least in (None, rule.density)}
            best += [boxes[i] for i in kept if i is not None]
    return _tidy_all(x, y, best, rule)


def _working(tidied: Sequence[tuple[Bounds, Floats]]) -> list[int]:
    """The factors whose limits did work in any box, those with the smallest quasi-p."""
    least = np.full(tidied[0][1].shape[0], np.inf)
    for _, p in tidied:
        least = np.fmin(least, np.fmin(p[:, 0], p[:, 1]))
    order = np.argsort(least, kind="stable")[:MOST_SEARCHED_AGAIN]
    return sorted(order[np.isfinite(least[order])].tolist())


def _wide(box: Bounds, columns: Sequence[int], factors: int) -> Bounds:
    """A box in some factors as one in all, without limits in the others."""
    low, high = np.full(factors, -np.inf), np.full(factors, np.inf)
    low[list(columns)], high[list(columns)] = box
    return Bounds(low, high)


def screen(x: Floats, y: Bools, most: int) -> list[int]:
    """The columns that tell cases and others apart best, in their own order."""
    if x.shape[1] <= most:
        return list(range(x.shape[1]))
    order = np.argsort(-strengths(x, y), kind="stable")[:most]
    return sorted(order.tolist())


def strengths(x: Floats, y: Bools) -> Floats:
    """How far the ranks of each factor differ between cases and others, shape (factors,).

    Both the mean of the ranks and their distance from the middle count, so that a factor that does
    harm at both ends, or in between, is seen as well.
    """
    ranks = stats.rankdata(x, axis=0) / (len(x) + 1) - 0.5
    weights = np.where(y, 1.0 / y.sum(), -1.0 / (~y).sum())
    # scaled to equal spread for evenly spread ranks: 1/sqrt(12) and 1/sqrt(180)
    ends = np.abs(weights @ ranks) * np.sqrt(12.0)
    middle = np.abs(weights @ ranks**2) * np.sqrt(180.0)
    strength: Floats = np.maximum(ends, middle)
    return strength


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
    factors = [*np.flatnonzero(low > -np.inf).tolist(), *np.flatnonzero(high < np.inf).tolist()]
    lower = int((low > -np.inf).sum())
    beyond = np.empty((len(factors), len(x)), dtype=bool)  # a row per limit
    for row, j in enumerate(factors):
        beyond[row] = x[:, j] < low[j] if row < lower else x[:, j] > high[j]
    broken = beyond.sum(axis=0, dtype=np.int64)
    alive = list(range(len(factors)))
    p = _quasi_p(beyond[alive], broken, y)
    while alive:
        worst = int(p.argmax())
        too_many = len({factors[row] for row in alive}) > rule.most_limited
        if p[worst] <= rule.quasi_p and not too_many:
            break
        row = alive.pop(worst)
        (low if row < lower else high)[factors[row]] = -np.inf if row < lower else np.inf
        broken -= beyond[row]
        p = _quasi_p(beyond[alive], broken, y)
    quasi_p = np.full((x.shape[1], 2), np.nan)
    for row, value in zip(alive, p, strict=True):
        quasi_p[factors[row], int(row >= lower)] = value
    return Bounds(low, high), quasi_p


def _quasi_p(beyond: Bools, broken: Ints, y: Bools) -> Floats:
    """Quasi-p of every limit.

    Args:
        beyond: Which points lie beyond which limit, shape (limits, points).
        broken: How many limits each point breaks, shape (points,).
        y: Whether a point is a case, shape (points,).
    """
    inside = broken == 0
    n, k = int(inside.sum()), int(y[inside].sum())
    once = np.flatnonzero(broken == 1)
    more = beyond[:, once]
    without = n + more.sum(axis=1)
    density = (k + (more & y[once]).sum(axis=1)) / np.maximum(without, 1)
    chance: Floats = special.bdtrc(k - 1, n, density)
    return chance


def choose(boxes: Sequence[tuple[Bools, Bounds]], base: float, density: float | None) -> int | None:
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
