"""Times implementations of W against each other, in rounds.

Every implementation lives in a process of its own. A round asks one after the other, every second
round in reverse, so that slow changes of the machine meet all alike; ratios are taken within a
round. A repetition lasts at least `SECONDS` and is repeated while others disturb it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from environments import Environment
from load import Load, Patience
from reduced.implementations import IMPLEMENTATIONS, OWN

HERE = Path(__file__).resolve().parent
SECONDS = 0.2
THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


@dataclass(frozen=True, slots=True)
class Repetition:
    """One timing.

    Attributes:
        months: how many were lived.
        wall: seconds by the clock.
        cpu: processor seconds of all threads.
        foreign: processors used by others meanwhile.
    """

    months: int
    wall: float
    cpu: float
    foreign: float


@dataclass(frozen=True, slots=True)
class Timing:
    """An implementation at one size.

    Attributes:
        name: of the implementation.
        threads: it may use.
        repetitions: one a round.
        bytes: of state and ties, 0 where not counted.
        peak_mb: most memory the process ever held.
        building: seconds to make the model.
    """

    name: str
    threads: int
    repetitions: list[Repetition]
    bytes: int
    peak_mb: float
    building: float

    @property
    def months(self) -> list[float]:
        """Seconds a month, round by round: of the processor with one thread, else by the clock."""
        return [(r.cpu if self.threads == 1 else r.wall) / r.months for r in self.repetitions]

    @property
    def month(self) -> float:
        """Median seconds a month."""
        return median(self.months)

    def to_json(self) -> dict[str, Any]:
        """For the results file."""
        return {
            **asdict(self),
            "ms": 1000 * self.month,
            "ms_lowest": 1000 * min(self.months),
            "ms_highest": 1000 * max(self.months),
            "foreign": median(r.foreign for r in self.repetitions),
        }


class WorkerError(RuntimeError):
    """A worker process died."""


class WorkerHandle:
    """A worker process as the driver sees it."""

    def __init__(self, name: str, python: Path) -> None:
        """Start the process; `ready` waits for it."""
        self.name = name
        self.python = python
        self.entry = IMPLEMENTATIONS[name]
        threads = str(self.entry.threads)
        environment = os.environ | dict.fromkeys(THREAD_VARIABLES, threads)
        environment |= {"STARSIM_INSTALL_FONTS": "0", "NUMBA_THREADING_LAYER": "workqueue"}
        if self.entry.environment != OWN:
            environment.pop("PYTHONPATH", None)
        self.process = subprocess.Popen(
            [python, "-m", "reduced.worker", self.entry.module],
            cwd=HERE,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.months = 1
        self.last_cpu = 0.0

    def ready(self) -> None:
        """Wait until everything is imported."""
        self._answer()

    def ask(self, order: str, **arguments: object) -> dict[str, Any]:
        """Give an order and wait for the answer."""
        if self.process.stdin is None:
            raise WorkerError(f"{self.name}: the worker has no input")
        print(json.dumps({"order": order, **arguments}), file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            _, said = self.process.communicate()
            raise WorkerError(f"{self.name} ended: {(said or '').strip()[-800:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """End the process."""
        if self.process.poll() is None and self.process.stdin is not None:
            print(json.dumps({"order": "stop"}), file=self.process.stdin, flush=True)
        self.process.communicate()

    def time(self) -> tuple[Repetition, float]:
        """One repetition, and the load by others."""
        watch = Load()
        took = self.ask("advance", months=self.months)
        foreign = watch.foreign(own=took["cpu"])
        return Repetition(self.months, took["wall"], took["cpu"], foreign), foreign

    def calibrate(self) -> None:
        """Find how many months last `SECONDS`."""
        self.ask("advance", months=2)  # compile, fill caches
        months = 1
        while True:
            took = self.ask("advance", months=months)["wall"]
            if took >= SECONDS / 4:
                break
            months = max(months + 1, min(8 * months, int(months * SECONDS / max(took, 1e-6))))
        self.months = max(1, round(months * 1.1 * SECONDS / took))


def python_of(name: str, environments: dict[str, Environment]) -> Path | None:
    """The interpreter an implementation runs in, or None where its environment is missing."""
    environment = IMPLEMENTATIONS[name].environment
    return Path(sys.executable) if environment == OWN else environments[environment].python


def time_world(
    workers: dict[str, WorkerHandle],
    folder: Path,
    rounds: int,
    patience: Patience,
    institutions: int = 50,
) -> dict[str, Timing]:
    """Time some implementations on one world.

    Args:
        workers: by name of the implementation, ready.
        folder: where the world was saved.
        rounds: repetitions of each.
        patience: for quiet.
        institutions: number of institutions, for those that have any.
    """
    made = {}
    for name, worker in workers.items():
        made[name] = worker.ask("make", folder=str(folder), seed=1, institutions=institutions)
        worker.calibrate()
    found: dict[str, list[Repetition]] = {name: [] for name in workers}
    for k in range(rounds):
        for name in list(workers) if k % 2 == 0 else list(workers)[::-1]:
            patience.wait()
            found[name].append(patience.least_disturbed(workers[name].time))
    timings = {}
    for name, worker in workers.items():
        peak = worker.ask("advance", months=1)["peak_kb"] / 1024
        threads = worker.entry.threads
        size, building = made[name]["bytes"], made[name]["seconds"]
        timings[name] = Timing(name, threads, found[name], size, peak, building)
    return timings


def paired_ratio(slow: Timing, fast: Timing) -> list[float]:
    """How many times as long one took as the other, round by round."""
    return [s / f for s, f in zip(slow.months, fast.months, strict=True)]
