"""What a room draws before it sees: strokes, the few points that are kept of them, how far off.

A stroke is drawn over months that follow each other. Of a path, at most `MOST_KNOTS` points are
kept; between two of them it runs straight. Nothing here knows a page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley_workshop import about

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Point = tuple[int, float]
"""A month, from 0, and a value."""
Path = tuple[Point, ...]
"""Points by month, no month twice."""

MOST_KNOTS = 25
FINE = 0.005
"""Share of the chart's height by which a path may lie off what was drawn."""
_NEAR = 0.03
"""Share of the months within which a stroke that ends is meant to reach the first or the last."""
_FIGURES = 4
_SHARE = (0.0, 1.0, 0.25)
_BOUNDS = {
    "blockades": (0.0, 5.0, 1.0),
    "days_lost": (0.0, 30.0, 10.0),
    "performance_gap": (-1.0, 1.0, 0.5),
}
"""Lowest and highest value (weeks and days of a month, a difference of shares); between marks."""
_FALLS_BELOW_ZERO = ("profit",)
_STEPS = (1.0, 2.0, 5.0, 10.0)
_TOPS = {"benefit": 0.5, "profit": 5.0}
"""Upper end of an open scale while nothing is known that the room may see."""
_ROOM_ABOVE = 1.1
_MARKS = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a path that was drawn lies from what came.

    Attributes:
        month: Last month compared, from 0.
        at_end: Drawn less what came, in that month; above 0 when too high was drawn.
        average: Mean distance over all months compared.
    """

    month: int
    at_end: float
    average: float


def whose(outcome: str, group: str) -> str:
    """The group to which what is drawn belongs: outcomes of the whole site are everybody's.

    >>> whose("trust_company", "women"), whose("blockades", "women")
    ('women', 'all')
    """
    return group if about.outcomes()[outcome].level == "group" else "all"


def of_group(
    predictions: Mapping[tuple[int, str, str], Path], group: str
) -> dict[tuple[int, str], Path]:
    """What was drawn for a group, and for the whole site: (column, outcome) -> path."""
    return {
        (arm, outcome): path
        for (arm, outcome, owner), path in predictions.items()
        if owner == whose(outcome, group)
    }


def tidy(stroke: Iterable[Sequence[float]], months: int) -> Path:
    """A stroke as a path: whole months of the run, sorted, the last value of each; else nothing.

    Args:
        stroke: Months and values as a browser tells them.
        months: Months of the run.
    """
    found: dict[int, float] = {}
    for month, value in stroke:
        if math.isfinite(month) and math.isfinite(value):
            found[min(max(round(month), 0), months - 1)] = short(value)
    return tuple(sorted(found.items()))


def to_ends(stroke: Path, months: int) -> Path:
    """A stroke that comes close to the first or the last month, drawn on as far as that.

    Args:
        stroke: Points by month; a single point stays alone.
        months: Months of the run.

    >>> to_ends(((2, 0.3), (50, 0.4), (118, 0.5)), 120)
    ((0, 0.3), (2, 0.3), (50, 0.4), (118, 0.5), (119, 0.5))
    """
    near, last = int(months * _NEAR), months - 1
    if len(stroke) < 2:
        return stroke
    before = ((0, stroke[0][1]),) if 0 < stroke[0][0] <= near else ()
    after = ((last, stroke[-1][1]),) if last - near <= stroke[-1][0] < last else ()
    return (*before, *stroke, *after)


def knots(path: Path, tolerance: float = 0.0, most: int = MOST_KNOTS) -> Path:
    """The points of a path that tell most: straight lines between them are the path again.

    The point that lies farthest off is taken, again and again, until none lies farther off than
    the tolerance (Ramer 1972, Douglas and Peucker 1973, with distances along the value).

    Args:
        path: Points by month.
        tolerance: Largest distance that does not matter, in the unit of the values.
        most: Largest number of points, at least 2.

    >>> knots(((0, 0.0), (1, 1.0), (2, 2.0), (3, 0.0)))
    ((0, 0.0), (2, 2.0), (3, 0.0))
    """
    if len(path) <= 2:
        return path
    months, values = np.array(path, dtype=float).T
    kept = [0, len(path) - 1]
    while len(kept) < min(most, len(path)):
        off = np.abs(np.interp(months, months[kept], values[kept]) - values)
        worst = int(off.argmax())
        if off[worst] <= max(tolerance, 1e-12):
            break
        kept = sorted((*kept, worst))
    return tuple(path[at] for at in kept)


def value_at(path: Path, month: int) -> float | None:
    """Value of a path in a month; None where it does not run.

    >>> value_at(((0, 0.0), (10, 1.0)), 5), value_at(((0, 0.0), (10, 1.0)), 11)
    (0.5, None)
    """
    if not path or not path[0][0] <= month <= path[-1][0]:
        return None
    return float(np.interp(month, [m for m, _ in path], [v for _, v in path]))


def merge(old: Path, stroke: Path, tolerance: float = 0.0) -> Path:
    """A path of which a part was drawn anew: before and after the stroke it stays as it was.

    A single point bends the path there and leaves its other points.

    Args:
        old: The path before; may be empty.
        stroke: What was drawn, over months that follow each other; may be empty.
        tolerance: See `knots`.
    """
    if not stroke:
        return old
    drawn = knots(stroke, tolerance)
    first, last = drawn[0][0], drawn[-1][0]
    kept = {m: v for m, v in old if m < first or m > last}
    if last > first:
        for month in (first - 1, last + 1):
            value = value_at(old, month)
            if value is not None:
                kept[month] = short(value)
    return knots(tuple(sorted((kept | dict(drawn)).items())))


def gap(path: Path, values: Sequence[float]) -> Gap | None:
    """How far a path lies from what came; None where no month can be compared.

    Args:
        path: What was drawn.
        values: What came, months 0, 1, ...; NaN where there is no value.
    """
    if not path:
        return None
    months, drawn = np.array(path, dtype=float).T
    came = np.asarray(values, dtype=float)
    at = np.arange(len(came))
    at = at[(at >= months[0]) & (at <= months[-1]) & np.isfinite(came)]
    if not len(at):
        return None
    off = np.interp(at, months, drawn) - came[at]
    return Gap(int(at[-1]), float(off[-1]), float(np.abs(off).mean()))


def scale(outcome: str, seen: Iterable[float] = (), top: float | None = None) -> Scale:
    """The vertical axis while the room draws; it does not move under a finger.

    Args:
        outcome: Name of the outcome.
        seen: Values that must fit; only what the room may see.
        top: Upper end that was chosen for an open scale.
    """
    if outcome in _BOUNDS:
        return Scale(*_BOUNDS[outcome], fixed=True)
    if about.outcomes()[outcome].unit.startswith(("share", "index")):
        return Scale(*_SHARE, fixed=True)
    below = outcome in _FALLS_BELOW_ZERO
    if top is None:
        known = [max(v, -2.0 * v if below else v) for v in seen if math.isfinite(v)]
        highest = max(known, default=0.0)
        top = nice(highest * _ROOM_ABOVE) if highest > 0 else _TOPS.get(outcome, 1.0)
    if below:
        return Scale(-top / 2, top, top / 2, fixed=False)
    return Scale(0.0, top, top / _MARKS, fixed=False)


@dataclass(frozen=True, slots=True)
class Scale:
    """Ends of a vertical axis.

    Attributes:
        low: Lower end.
        top: Upper end.
        step: Between two marks.
        fixed: Whether the outcome has such ends by itself; else they can be moved.
    """

    low: float
    top: float
    step: float
    fixed: bool

    def next_top(self, up: bool) -> float:
        """The next upper end on the ladder 1, 2, 5, 10.

        >>> Scale(0.0, 0.5, 0.1, fixed=False).next_top(up=True)
        1.0
        >>> Scale(0.0, 0.5, 0.1, fixed=False).next_top(up=False)
        0.2
        """
        return nice(self.top * 1.01) if up else nice(self.top / 2.51)


def nice(value: float) -> float:
    """The first of 1, 2, 5, 10, ... times a power of ten that is not below a value above 0.

    >>> nice(0.3), nice(2.0), nice(61)
    (0.5, 2.0, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    step = next((one for one in _STEPS if one * power >= value * (1 - 1e-9)), _STEPS[-1])
    return short(step * power)


def short(value: float) -> float:
    """A value with as many figures as anybody draws, and as an address holds.

    >>> short(0.123456), short(123456.0)
    (0.1235, 123500.0)
    """
    return float(f"{value:.{_FIGURES}g}")
