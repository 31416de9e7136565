"""The rules of the reduced model W and what every implementation of it offers.

A month of W, for every resident i with trust T, grievance G, income Y, expectation E and community
c, and with one normal draw z and one uniform draw u:

1. H = mean of last month's G over i's ties (own G without ties)
2. benefit = tau * Y + BENEFIT_NOISE * z;  gap = benefit - E
3. T += (TRUST_GAIN if gap >= 0 else TRUST_LOSS) * gap, clipped to [0, 1]
4. E += ADAPTATION * gap
5. G += CONTAGION * (H - G) + DISAPPOINTMENT * max(-gap, 0) - FADING * G, clipped to [0, 1]
6. i protests if u < G * (1 - T) + MOMENTUM * (last month's protest share in c) - COST

Reported each month: mean T, mean G, standard deviation of G, mean E, share protesting; and the
number protesting in each community. All numbers are assumptions: W measures speed, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from reduced.world import World

type Floats = npt.NDArray[np.float64]

BENEFIT_NOISE = 0.05
TRUST_GAIN = 0.02
TRUST_LOSS = 0.06
ADAPTATION = 0.1
CONTAGION = 0.1
DISAPPOINTMENT = 0.05
FADING = 0.01
MOMENTUM = 0.2
COST = 0.05
TAU_BEFORE = 0.20
TAU_AFTER = 0.15
CUT_MONTH = 24
COMMUNITIES = 20

STATISTICS = ("mean_trust", "mean_grievance", "sd_grievance", "mean_expectation", "protest_share")

COMPULSORY_BYTES = {
    "trust, read and write": 16,
    "expectation, read and write": 16,
    "income, read": 8,
    "grievance, read": 8,
    "new grievance, write": 8,
    "community, read": 1,
    "protest, write": 1,
    "row pointer, read": 4,
}
"""Bytes a resident-month must move at least, beside 4 for every tie (float64 state)."""

BYTES_PER_TIE = 4


def tau(month: int) -> float:
    """Share of income that comes as benefit: it falls in month `CUT_MONTH`."""
    return TAU_BEFORE if month < CUT_MONTH else TAU_AFTER


def compulsory_bytes(degree: float) -> float:
    """Bytes a resident-month must move at the least.

    Args:
        degree: mean number of ties.
    """
    return sum(COMPULSORY_BYTES.values()) + BYTES_PER_TIE * degree


@dataclass(frozen=True, slots=True)
class Given:
    """Draws prepared beforehand, so that implementations can be compared number by number.

    Attributes:
        normal: shape (months, n).
        uniform: shape (months, n).
    """

    normal: Floats
    uniform: Floats


@dataclass(frozen=True, slots=True)
class Setting:
    """How an implementation is to be made.

    Attributes:
        seed: seed of its own draws.
        institutions: number of institutions, where it has any.
        given: draws to use in place of its own, or None.
    """

    seed: int = 1
    institutions: int = 50
    given: Given | None = None


@dataclass(slots=True)
class Record:
    """What a run reports.

    Attributes:
        statistics: a row of `STATISTICS` for every month.
        protests: the number protesting in each community, month by month.
    """

    statistics: list[tuple[float, ...]]
    protests: list[list[int]]


class Implementation(Protocol):
    """W written one way."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Take over the residents and ties of a world."""

    def advance(self, months: int) -> None:
        """Live some months."""

    def record(self) -> Record:
        """What was reported so far."""

    def state_bytes(self) -> int:
        """Bytes of state and ties, where they can be counted; else 0."""


def summarise(trust: Any, grievance: Any, expectation: Any, protesting: int) -> tuple[float, ...]:  # noqa: ANN401
    """The five statistics of three columns, with as few passes as NumPy allows.

    Args:
        trust: shape (n,).
        grievance: shape (n,).
        expectation: shape (n,).
        protesting: number protesting.
    """
    n = len(trust)
    mean = float(grievance.sum()) / n
    spread = max(float(np.dot(grievance, grievance)) / n - mean * mean, 0.0)
    return (
        float(trust.sum()) / n,
        mean,
        spread**0.5,
        float(expectation.sum()) / n,
        protesting / n,
    )
