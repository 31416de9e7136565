"""The whole model: how its month grows with people, and columns against plain Mesa agents."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

import people_month
import run
from scaling import exponent

if TYPE_CHECKING:
    from load import Patience

SIZES = (1_000, 10_000, 100_000)
ORACLE_SIZES = (1_000, 10_000)
ORACLE_MONTHS = {1_000: 12, 10_000: 6}
MONTHS = 24
MILLION = 1_000_000
MILLION_MONTHS = 12
LONG_MONTHS = 240
"""Months of the run that a million people are meant for."""

MONTH_LENGTHS = (12, 60, 240)


def grow(sizes: tuple[int, ...], patience: Patience) -> list[dict[str, Any]]:
    """Whole runs of several sizes, each in a process of its own."""
    found = []
    for backend in run.backends():
        for people in sizes:
            months = MILLION_MONTHS if people >= MILLION else MONTHS
            patience.wait()
            found.append(asdict(run.alone(people, months, backend)))
    return found


def long_million() -> dict[str, Any]:
    """A million people over the length they are meant for, on the quickest backend there is."""
    return asdict(run.alone(MILLION, LONG_MONTHS, run.backends()[-1]))


def against_agents(patience: Patience) -> list[dict[str, Any]]:
    """People's steps in columns against the lockstep oracle, a plain agent a person.

    Raises:
        AssertionError: columns and agents disagree.
    """
    found = []
    for backend in run.backends():
        for people in ORACLE_SIZES:
            patience.wait()
            c = people_month.compare(people, ORACLE_MONTHS[people], backend)
            found.append({**asdict(c), "backend": backend, "ratio": median(c.ratios)})
    return found


def with_months(patience: Patience, people: int = 2_000) -> dict[str, Any]:
    """Seconds of runs of several lengths."""
    found = {}
    for months in MONTH_LENGTHS:
        patience.wait()
        found[months] = run.alone(people, months).processor
    return {
        "people": people,
        "seconds": found,
        "exponent": exponent(MONTH_LENGTHS, list(found.values())),
    }
