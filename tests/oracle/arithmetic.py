"""The little arithmetic that plain people need."""

from __future__ import annotations

import math
from collections.abc import Sequence

type Six = list[float]
"""One number for each kind of need, in the order of `parley.scenario_types.NEEDS`."""


def logistic(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0.0 else math.exp(x) / (1.0 + math.exp(x))


def between(low: float, x: float, high: float) -> float:
    """The value held between two limits."""
    return max(low, min(x, high))


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean."""
    return sum(values) / len(values)


def overlap(one: Six, other: Six) -> float:
    """How far two mixes of the six kinds agree: the sum of the smaller shares."""
    return sum(map(min, one, other))
