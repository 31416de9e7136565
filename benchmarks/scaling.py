"""How the time of W grows: with ties, with institutions, with months."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from driver import time_world
from reduced.world import make_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from driver import WorkerHandle
    from load import Patience

DEGREES = (4, 8, 16, 32)
INSTITUTIONS = (0, 50, 1000)
MONTHS = (12, 60, 240, 480)
OURS = ("numpy", "numba")
TIES_PEOPLE = 100_000
MONTHS_PEOPLE = 10_000


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Slope of log time over log size by least squares: 1 is in proportion.

    >>> round(exponent([1, 10, 100], [2, 20, 200]), 6)
    1.0
    """
    slope, _ = np.polyfit([math.log(s) for s in sizes], [math.log(t) for t in times], 1)
    return float(slope)


def with_ties(
    workers: dict[str, WorkerHandle], folder: Path, patience: Patience, people: int = TIES_PEOPLE
) -> dict[str, Any]:
    """Milliseconds a month by mean number of ties."""
    found: dict[str, dict[int, float]] = {name: {} for name in workers}
    for degree in DEGREES:
        make_world(people, degree).save(folder)
        for name, timing in time_world(workers, folder, 3, patience).items():
            found[name][degree] = 1000 * timing.month
    slopes = {name: exponent(list(ms), list(ms.values())) for name, ms in found.items()}
    return {"people": people, "ms": found, "exponent": slopes}


def with_institutions(
    workers: dict[str, WorkerHandle], folder: Path, patience: Patience, sizes: Sequence[int]
) -> dict[str, Any]:
    """Milliseconds a month by people and number of institutions."""
    found: dict[str, dict[int, dict[int, float]]] = {name: {} for name in workers}
    for people in sizes:
        make_world(people).save(folder)
        for number in INSTITUTIONS:
            timings = time_world(workers, folder, 3, patience, institutions=number)
            for name, timing in timings.items():
                found[name].setdefault(people, {})[number] = 1000 * timing.month
    return {"ms": found}


def with_months(
    workers: dict[str, WorkerHandle], folder: Path, patience: Patience, people: int = MONTHS_PEOPLE
) -> dict[str, Any]:
    """Processor seconds of runs of several lengths, the lowest of three."""
    make_world(people).save(folder)
    found: dict[str, dict[int, float]] = {}
    for name, worker in workers.items():
        found[name] = {}
        for months in MONTHS:
            times = []
            for _ in range(3):
                worker.ask("make", folder=str(folder), seed=1, institutions=50)
                patience.wait()
                times.append(worker.ask("advance", months=months)["cpu"])
            found[name][months] = min(times)
    slopes = {name: exponent(list(s), list(s.values())) for name, s in found.items()}
    return {"people": people, "seconds": found, "exponent": slopes}
