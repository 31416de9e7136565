"""What Parley wants to reach, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from bandwidth import bound
from reduced.implementations import BASELINE, IMPLEMENTATIONS
from reduced.rules import compulsory_bytes
from scaling import exponent

NUMPY_RATIOS = {"1000": 14.0, "10000": 40.0, "100000": 70.0, "1000000": 65.0}
COMPILED_RATIOS = {"1000": 50.0, "10000": 65.0, "100000": 120.0, "1000000": 110.0}
TWO_THREADS_RATIO = 250.0
FRAMES_RATIO = 8.0
STARSIM_RATIO = 3.0
BOUND_RATIOS = (7.0, 5.0)
GROWTH = 1.15
SPEED_UP = 1.8
THREADS_RATIO = 1.6
SHELL_RATIO = 1.05
LONG_SECONDS = 60.0
LARGE = "1000000"
MIDDLE = "100000"


@dataclass(frozen=True, slots=True)
class Target:
    """One target and what was measured.

    Attributes:
        what: in words.
        value: measured; None where this session did not measure it.
        wanted: the limit.
        at_least: whether the value should lie above the limit, else below.
    """

    what: str
    value: float | None
    wanted: float
    at_least: bool = True

    @property
    def met(self) -> bool | None:
        """Whether it is met; None where not measured."""
        if self.value is None:
            return None
        return self.value >= self.wanted if self.at_least else self.value <= self.wanted


def month_times(timing: dict[str, Any]) -> list[float]:
    """Seconds a month, round by round, as `driver.Timing.months`."""
    kind = "cpu" if timing["threads"] == 1 else "wall"
    return [r[kind] / r["months"] for r in timing["repetitions"]]


def ratios(found: dict[str, Any], size: str, slow: str, fast: str) -> list[float]:
    """How many times as long one implementation took as another, round by round; [] if unknown."""
    timings = found["reduced"].get(size, {})
    if slow not in timings or fast not in timings:
        return []
    pairs = zip(month_times(timings[slow]), month_times(timings[fast]), strict=True)
    return [a / b for a, b in pairs]


def ratio(found: dict[str, Any], size: str, slow: str, fast: str) -> float | None:
    """Median of `ratios`."""
    values = ratios(found, size, slow, fast)
    return median(values) if values else None


def times_bound(found: dict[str, Any], size: str, name: str) -> float | None:
    """Time of a month over the time that memory allows at the least; None if unknown."""
    timing = found["reduced"].get(size, {}).get(name)
    if timing is None or "bandwidth" not in found:
        return None
    triad = found["bandwidth"][str(timing["threads"])]["triad"]
    least = bound(compulsory_bytes(8.0), int(size), triad)
    return float(median(month_times(timing)) / least)


def growth(found: dict[str, Any], name: str, smallest: int) -> float | None:
    """Exponent of time over residents from a size up; None with fewer than two sizes."""
    sizes = [s for s, t in found["reduced"].items() if int(s) >= smallest and name in t]
    if len(sizes) < 2:
        return None
    times = [median(month_times(found["reduced"][s][name])) for s in sizes]
    return exponent([float(s) for s in sizes], times)


def _people(size: str) -> str:
    return f"{int(size):,} residents"


def all_targets(found: dict[str, Any]) -> list[Target]:
    """Every target with what a session measured."""
    return [*_against_objects(found), *_against_others(found), *_limits(found)]


def _against_objects(found: dict[str, Any]) -> Iterator[Target]:
    for name, wanted in (
        ("numpy", NUMPY_RATIOS),
        ("numba", COMPILED_RATIOS),
        ("kernel", COMPILED_RATIOS),
    ):
        for size, limit in wanted.items():
            what = f"{IMPLEMENTATIONS[name].label} ÷ plain Mesa objects, {_people(size)}"
            yield Target(what, ratio(found, size, BASELINE, name), limit)
    what = f"{IMPLEMENTATIONS['numba2'].label} ÷ plain Mesa objects, {_people(LARGE)}"
    yield Target(what, ratio(found, LARGE, BASELINE, "numba2"), TWO_THREADS_RATIO)


def _against_others(found: dict[str, Any]) -> Iterator[Target]:
    label = IMPLEMENTATIONS["numba"].label
    for other, wanted in (("frames", FRAMES_RATIO), ("starsim", STARSIM_RATIO)):
        what = f"{label} ÷ {IMPLEMENTATIONS[other].label}, {_people(MIDDLE)}"
        yield Target(what, ratio(found, MIDDLE, other, "numba"), wanted)


def _limits(found: dict[str, Any]) -> Iterator[Target]:
    for limit in BOUND_RATIOS:
        what = f"compiled, 1 thread: time ÷ bandwidth bound, {_people(LARGE)}"
        yield Target(what, times_bound(found, LARGE, "numba"), limit, at_least=False)
    for name in ("numpy", "numba"):
        for smallest in (1_000, 10_000):
            what = (
                f"growth exponent from {_people(str(smallest))} up, {IMPLEMENTATIONS[name].label}"
            )
            yield Target(what, growth(found, name, smallest), GROWTH, at_least=False)
    what = f"compiled: 1 thread ÷ 2 threads, {_people(LARGE)}"
    yield Target(what, ratio(found, LARGE, "numba", "numba2"), THREADS_RATIO)
    what = f"compiled: with Mesa's shell ÷ without, {_people(MIDDLE)}"
    yield Target(what, ratio(found, MIDDLE, "numba", "kernel"), SHELL_RATIO, at_least=False)
    runs = found.get("runs", {}).get("speed_up", {})
    largest = max(runs, key=int) if runs else None
    value = runs[largest] if largest else None
    yield Target("batches: 1 process ÷ 2 processes", value, SPEED_UP)
    what = "whole model, seconds for a million people over 240 months"
    seconds = found.get("long_million", {}).get("running")
    yield Target(what, seconds, LONG_SECONDS, at_least=False)
