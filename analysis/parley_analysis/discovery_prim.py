"""Patient rule induction on plain arrays: peel a box until it is dense, then paste back.

The same steps, in the same order, as the EMA workbench's `Prim` (Friedman and Fisher 1999; gain of
density per point given up, Kwakkel and Jaxa-Rozen 2016), which copies tables at every step and so
takes about a second a search. Shuffled labels and resamples need hundreds of searches; they use
this one. A test holds the two equal, box by box.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats, Ints

PEEL = 0.05
"""Part of the points inside that one step gives up (assumption; the usual value)."""

LEAST_MASS = 0.05
"""Share of all points that a box must hold at least (assumption; the usual value)."""


class Bounds(NamedTuple):
    """A box in all factors.

    Attributes:
        low: Lower ends, shape (factors,), in each factor's own unit.
        high: Upper ends, shape (factors,).
    """

    low: Floats
    high: Floats

    def holds(self, x: Floats) -> Bools:
        """Which points lie inside, ends included: shape (points,) for `x` (points, factors)."""
        inside: Bools = ((x >= self.low) & (x <= self.high)).all(axis=1)
        return inside


def peel(x: Floats, y: Bools, alpha: float = PEEL, least_mass: float = LEAST_MASS) -> list[Bounds]:
    """The boxes from all points down to the densest, then those that pasting adds.

    Args:
        x: Factors, shape (points, factors), finite.
        y: Whether a point is a case, shape (points,).
        alpha: Part of the points inside that one step gives up.
        least_mass: Share of all points that a box must hold at least.

    Returns:
        At least one box: the whole range of every factor.
    """
    start = Bounds(x.min(axis=0), x.max(axis=0))
    boxes = [start]
    inside: Ints = np.arange(len(x), dtype=np.int64)
    while (step := _peel_once(x, y, inside, boxes[-1], start, alpha)) is not None:
        box, kept = step
        if len(kept) / len(x) < least_mass:
            break
        boxes.append(box)
        inside = kept
    while (pasted := _paste_once(x, y, boxes[-1], start, alpha)) is not None:
        boxes.append(pasted)
    return boxes


def edges(x: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Where a part of the points is cut off below and above, each between two neighbouring values.

    Args:
        x: Points inside, shape (points, factors), at least one point.
        alpha: The part cut off.

    Returns:
        Lower and upper edges, shape (factors,). Where the values tie, the edge moves inwards until
        it separates different values.

    >>> low, high = edges(np.arange(21.0)[:, None], 0.05)
    >>> float(low[0]), float(high[0])
    (1.5, 18.5)
    """
    last = len(x) - 1
    below, above = last * alpha, last * (1.0 - alpha)
    places = [math.floor(below), math.ceil(below), math.floor(above), math.ceil(above)]
    cut = np.partition(x, sorted(set(places)), axis=0)[places]
    for j in np.flatnonzero(cut[0] == cut[1]):
        larger = x[x[:, j] > cut[1, j], j]
        cut[1, j] = larger.min() if larger.size else cut[1, j]
    for j in np.flatnonzero(cut[2] == cut[3]):
        smaller = x[x[:, j] < cut[2, j], j]
        cut[2, j] = smaller.max() if smaller.size else cut[2, j]
    return (cut[0] + cut[1]) / 2.0, (cut[2] + cut[3]) / 2.0


def _peel_once(
    x: Floats, y: Bools, inside: Ints, box: Bounds, start: Bounds, alpha: float
) -> tuple[Bounds, Ints] | None:
    """The best of all single cuts, if any raises the density."""
    part, cases = x[inside], y[inside]
    low, high = edges(part, alpha)
    keeps = np.stack([part <= high, part >= low], axis=2).reshape(len(part), -1)
    gain = _gain_per_point(cases, keeps)
    free = _free(box, start)
    fewer = np.repeat(free, 2)  # a cut on a factor that is free so far limits one factor more
    is_new = np.stack([high != start.high, low != start.low], axis=1).ravel()
    best = _first_best(gain, -(fewer & is_new).astype(float))
    if gain[best] <= 0.0:
        return None
    factor, lower = divmod(best, 2)
    return _moved(box, factor, lower == 1, (low if lower else high)[factor]), inside[keeps[:, best]]


def _gain_per_point(cases: Bools, keeps: Bools) -> Floats:
    """Gain in density over points given up, shape (cuts,); 0 where nothing changes."""
    weights = cases.astype(np.float64)
    count = keeps.sum(axis=0)
    density = np.divide(weights @ keeps, count, out=np.zeros(keeps.shape[1]), where=count > 0)
    given_up = np.maximum(len(cases) - count, 1)
    gain: Floats = np.where(count < len(cases), density - weights.mean(), 0.0) / given_up
    return gain


def _paste_once(x: Floats, y: Bools, box: Bounds, start: Bounds, alpha: float) -> Bounds | None:
    """The best way to widen one side of a limited factor, if any raises the density."""
    inside = box.holds(x)
    old = float(y[inside].mean())
    best, best_gain, best_free = None, 0.0, -1
    for factor in np.flatnonzero(~_free(box, start)).tolist():
        for lower in (True, False):
            wider = _widened(x, box, start, (factor, lower), alpha)
            holds = wider.holds(x)
            more = int(holds.sum()) - int(inside.sum())
            gain = (float(y[holds].mean()) - old) / more if more > 0 else 0.0
            free = int(_free(wider, start).sum())
            if gain > 0.0 and (gain, free) > (best_gain, best_free):
                best, best_gain, best_free = wider, gain, free
    return best


def _widened(x: Floats, box: Bounds, start: Bounds, side: tuple[int, bool], alpha: float) -> Bounds:
    """The box with one side moved outwards by a part of the points that lie beyond it."""
    factor, lower = side
    end = start.low[factor] if lower else start.high[factor]
    inner = box.low[factor] if lower else box.high[factor]
    beyond = _moved(_moved(box, factor, lower, end), factor, not lower, inner)
    values = x[beyond.holds(x), factor]
    if values.size:
        low, high = edges(values[:, None], alpha)
        end = high[0] if lower else low[0]
    return _moved(box, factor, lower, end)


def _moved(box: Bounds, factor: int, lower: bool, value: float) -> Bounds:
    low, high = box.low.copy(), box.high.copy()
    (low if lower else high)[factor] = value
    return Bounds(low, high)


def _free(box: Bounds, start: Bounds) -> Bools:
    """Which factors are not limited, shape (factors,)."""
    free: Bools = (box.low == start.low) & (box.high == start.high)
    return free


def _first_best(first: Floats, second: Floats) -> int:
    """The first place of the largest pair."""
    top = first == first.max()
    return int(np.flatnonzero(top & (second == second[top].max()))[0])
