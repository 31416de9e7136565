"""Do all ways of writing W simulate the same model? Nothing is timed before they do.

Lockstep: those that can take prepared draws must agree with the plain objects, month by month, to
`TOLERANCE` in every statistic and exactly in the number protesting in every community. In
distribution: those with draws of their own must give, over several seeds, the same mean of every
statistic in every third of the run, up to chance.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from reduced.implementations import BASELINE, IMPLEMENTATIONS
from reduced.rules import STATISTICS, Given, Record, Setting
from reduced.world import World, make_world

if TYPE_CHECKING:
    from driver import WorkerHandle

TOLERANCE = 1e-10
LARGEST_Z = 4.0
"""With 15 means and about 25 degrees of freedom, chance goes beyond once in a hundred sessions."""

PERIODS = 3


class DisagreementError(RuntimeError):
    """Two ways of writing W differ."""


@dataclass(frozen=True, slots=True)
class Lockstep:
    """How far the implementations were apart, fed the same draws.

    Attributes:
        people: how many.
        months: how many.
        worst: largest difference from plain objects in any statistic and month, by implementation.
        protests: number of protests in all, the same in all.
    """

    people: int
    months: int
    worst: dict[str, float]
    protests: int


def run_given(name: str, world: World, given: Given) -> Record:
    """Run an implementation on prepared draws, in this process."""
    model = make_given(name, world, given)
    model.advance(len(given.normal))
    record: Record = model.record()
    return record


def make_given(name: str, world: World, given: Given) -> Any:  # noqa: ANN401  # classes differ
    """Make an implementation that takes prepared draws."""
    entry = IMPLEMENTATIONS[name]
    module = importlib.import_module(f"reduced.{entry.module}")
    model = module.IMPLEMENTATION(world, Setting(given=given))
    if entry.threads > 1:
        model.month_of_all = importlib.import_module("reduced.kernel").month_on_threads
    return model


def lockstep(names: list[str], people: int = 2_000, months: int = 120) -> Lockstep:
    """Compare implementations with plain objects on the same draws.

    Args:
        names: of implementations that can take prepared draws.
        people: how many.
        months: how many.

    Raises:
        DisagreementError: one differs.
    """
    world = make_world(people)
    rng = np.random.default_rng(7)
    given = Given(rng.standard_normal((months, people)), rng.random((months, people)))
    wanted = run_given(BASELINE, world, given)
    worst = {}
    for name in names:
        found = run_given(name, world, given)
        worst[name] = difference(name, wanted, found)
    return Lockstep(people, months, worst, sum(map(sum, wanted.protests)))


def difference(name: str, wanted: Record, found: Record) -> float:
    """Largest difference between two records.

    Raises:
        DisagreementError: it is above `TOLERANCE`, or numbers protesting differ.
    """
    if found.protests != wanted.protests:
        raise DisagreementError(f"{name}: other people protest than among plain objects")
    apart = np.abs(np.asarray(found.statistics) - np.asarray(wanted.statistics))
    worst = float(apart.max())
    if not worst <= TOLERANCE:
        month, column = np.unravel_index(apart.argmax(), apart.shape)
        raise DisagreementError(f"{name}: {STATISTICS[column]} of month {month} is {worst} apart")
    return worst


def summary(statistics: list[Any]) -> npt.NDArray[np.float64]:
    """Mean of every statistic in every period of a run, shape (periods x statistics,)."""
    parts = np.array_split(np.asarray(statistics, dtype=np.float64), PERIODS)
    return np.concatenate([part.mean(axis=0) for part in parts])


def own_draws(worker: WorkerHandle, folder: Path, runs: int, months: int) -> list[Any]:
    """Summaries of several runs, each with a seed of its own, in a worker process."""
    found = []
    for seed in range(1, runs + 1):
        worker.ask("make", folder=str(folder), seed=seed, institutions=0)
        worker.ask("advance", months=months)
        found.append(summary(worker.ask("record")["statistics"]))
    return found


def largest_z(one: list[Any], other: list[Any]) -> float:
    """Largest difference of means, in standard errors.

    Args:
        one: summaries of some runs.
        other: summaries of others.
    """
    a, b = np.asarray(one), np.asarray(other)
    error = np.sqrt(a.var(axis=0, ddof=1) / len(a) + b.var(axis=0, ddof=1) / len(b))
    return float((np.abs(a.mean(axis=0) - b.mean(axis=0)) / error).max())


def in_distribution(
    workers: dict[str, WorkerHandle], folder: Path, runs: int = 16, months: int = 60
) -> dict[str, float]:
    """Compare implementations with plain objects, each on draws of its own.

    Args:
        workers: by name of the implementation, the baseline among them.
        folder: where a world was saved.
        runs: of each; the baseline makes twice as many.
        months: of a run.

    Returns:
        The largest |z| of each.

    Raises:
        DisagreementError: one is above `LARGEST_Z`.
    """
    reference = own_draws(workers[BASELINE], folder, 2 * runs, months)
    found = {}
    for name, worker in workers.items():
        if name == BASELINE:
            continue
        z = largest_z(own_draws(worker, folder, runs, months), reference)
        if not z <= LARGEST_Z:
            raise DisagreementError(
                f"{name}: a mean lies {z:.1f} standard errors from that of plain objects"
            )
        found[name] = z
    return found
