"""How much quicker batches get with a second process, and how they grow with runs.

Runs of the whole model go through the batch runner of the experiments, results folder and all.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scaling import exponent

if TYPE_CHECKING:
    from load import Patience

RUNS = (16, 32, 64)
PROCESSES = (1, 2)


@dataclass(frozen=True, slots=True)
class BatchTiming:
    """One batch.

    Attributes:
        runs: how many.
        processes: working on them.
        seconds: by the clock, with processes already running.
    """

    runs: int
    processes: int
    seconds: float


def seconds(runs: int, processes: int, people: int, months: int) -> float:
    """Seconds by the clock for a batch, results written.

    Args:
        runs: how many, one replicate each.
        processes: to use.
        people: in every run.
        months: of every run.
    """
    from parley.results import RunSpec
    from parley.scenario import make_scenario
    from parley_experiments.batch import run_batch

    scenario = make_scenario(place="colombia", practices="hsbp", months=months, population=people)
    specs = [RunSpec(scenario, replicate=k, root_seed=1) for k in range(runs)]
    with tempfile.TemporaryDirectory() as folder:
        report = run_batch(specs, Path(folder) / "batch", processes=processes)
    if report.failed:
        raise RuntimeError(f"{report.failed} of {runs} runs failed")
    return report.seconds


def measure(patience: Patience, people: int = 2_000, months: int = 60) -> dict[str, Any]:
    """Time batches of several sizes with one and with two processes.

    The first call starts the processes (about two seconds); it is reported apart.
    """
    start = seconds(4, max(PROCESSES), people, months)
    found = []
    for runs in RUNS:
        for processes in PROCESSES:
            patience.wait()
            found.append(BatchTiming(runs, processes, seconds(runs, processes, people, months)))
    by = {(t.runs, t.processes): t.seconds for t in found}
    return {
        "people": people,
        "months": months,
        "first_four_runs": start,
        "batches": [asdict(t) for t in found],
        "speed_up": {runs: by[runs, 1] / by[runs, 2] for runs in RUNS},
        "exponent": {p: exponent(RUNS, [by[r, p] for r in RUNS]) for p in PROCESSES},
    }
