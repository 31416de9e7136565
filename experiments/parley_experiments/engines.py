"""Engines: who makes the runs of a batch. What comes out is the same whichever is chosen.

An engine takes what makes one run and the orders, and yields results as runs finish, in any order.
It holds few orders and few results at a time, however long the batch. Short runs travel in chunks
that take about a second, so that sending them costs little. Runs of a chunk whose worker process
dies are made again one by one; a run that was alone with two workers that died becomes a failed
row.
"""

from __future__ import annotations

import gc
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from parley.errors import OptionError, RunError, did_you_mean
from parley.results import RunFailure, RunResult

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from parley.results import RunSpec

    type Result = RunResult | RunFailure
    type RunOne = Callable[[RunSpec], Result]
    type Chunk = tuple[RunSpec, ...]

ONE_THREAD = {
    f"{library}_NUM_THREADS": "1"
    for library in ("OMP", "OPENBLAS", "MKL", "BLIS", "VECLIB_MAXIMUM", "NUMEXPR", "NUMBA")
}
"""Environment of workers: runs are spread over processes, so numeric libraries use one thread."""

_SECONDS_PER_CHUNK = 1.0
_RUNS_PER_CHUNK = 64
_DEATHS_PER_RUN = 2
_DEATHS_IN_A_ROW = 12
_DEATHS = 200
_NAMES = ("local", "dask")


class Engine(Protocol):
    """Makes runs; see the module for what is promised."""

    def __call__(self, run_one: RunOne, specs: Iterable[RunSpec]) -> Generator[Result]:
        """Yield results as runs finish; closing the generator stops the work.

        Args:
            run_one: What makes one run.
            specs: The orders, taken as they are needed.

        Raises:
            RunError: Workers cannot be had, or keep dying.
        """
        ...


@dataclass(frozen=True, slots=True)
class InProcess:
    """Makes the runs one after another in this process."""

    def __call__(self, run_one: RunOne, specs: Iterable[RunSpec]) -> Generator[Result]:
        """Yield results as runs finish."""
        for spec in specs:
            yield execute(run_one, spec)


def choose_engine(engine: str | Engine | None, processes: int | None) -> Engine:
    """Turn what a user wrote into an engine.

    Args:
        engine: `local`, `dask` for a cluster on this machine, `dask:ADDRESS` for a scheduler such
            as `dask:tcp://10.0.0.5:8786`, an engine, or None for `local`.
        processes: Worker processes on this machine; None for one per processor.

    Raises:
        OptionError: The name or the number is not allowed.
        MissingExtraError: An extra is missing.
    """
    if processes is not None and processes < 1:
        raise OptionError(f"processes = {processes}: at least 1 process is needed")
    if engine is not None and not isinstance(engine, str):
        return engine
    name, _, address = (engine or "local").partition(":")
    if name == "dask":
        from parley_experiments.dask_engine import DaskCluster

        return DaskCluster(address or None, processes)
    if name != "local" or address:
        hint = did_you_mean(name, _NAMES)
        raise OptionError(
            f"engine = {engine!r}: expected local, dask or dask:ADDRESS of a scheduler, such as "
            f"dask:tcp://10.0.0.5:8786; {hint}".rstrip("; ")
        )
    workers = processes or available_processors()
    if workers == 1:
        return InProcess()
    from parley_experiments.local_pool import LocalPool

    return LocalPool(workers)


def available_processors() -> int:
    """Processors this process may use, with limits set from outside taken into account."""
    import joblib

    return joblib.cpu_count()


def execute(run_one: RunOne, spec: RunSpec) -> Result:
    """Make one run and free its model, which is held by reference cycles.

    What was there before the run is set aside meanwhile: looking through all of it after every
    short run would cost a tenth of the time.
    """
    apart = gc.get_freeze_count() == 0
    if apart:
        gc.freeze()
    try:
        return run_one(spec)
    except Exception as error:  # noqa: BLE001 - one bad run must not end the batch
        return RunFailure.of(spec, error)
    finally:
        gc.collect()
        if apart:
            gc.unfreeze()


class WorkerDiedError(RunError):
    """The process that was making a run ended without an answer."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a worker sends back for a chunk.

    Attributes:
        results: One per run, in order.
        seconds: How long they took.
    """

    results: list[Result]
    seconds: float


def execute_chunk(run_one: RunOne, chunk: Chunk) -> Done:
    """Make the runs of a chunk, in a worker."""
    started = time.perf_counter()
    results = [execute(run_one, spec) for spec in chunk]
    return Done(results, time.perf_counter() - started)


class Dispatch:
    """Hands out orders in chunks, and again those whose worker died.

    The first chunks are of one run; once it is known how long a run takes, a chunk takes about a
    second. Runs of a chunk whose worker died are handed out one by one.
    """

    def __init__(self, specs: Iterable[RunSpec]) -> None:
        self._fresh: Iterator[RunSpec] = iter(specs)
        self._again: deque[RunSpec] = deque()
        self._deaths: dict[RunSpec, int] = {}
        self._all_deaths = 0
        self._in_a_row = 0
        self._seconds_per_run: float | None = None

    def next_chunk(self) -> Chunk:
        """Return the next runs to make; none when all have been handed out."""
        if self._again:
            return (self._again.popleft(),)
        size = 1
        if self._seconds_per_run is not None:
            fitting = _SECONDS_PER_CHUNK / max(self._seconds_per_run, 1e-6)
            size = min(max(int(fitting), 1), _RUNS_PER_CHUNK)
        chunk = []
        for spec in self._fresh:
            chunk.append(spec)
            if len(chunk) == size:
                break
        return tuple(chunk)

    def note_done(self, chunk: Chunk, done: Done) -> None:
        """Learn from a chunk how long a run takes."""
        self._in_a_row = 0
        seconds = done.seconds / len(chunk)
        before = self._seconds_per_run
        self._seconds_per_run = seconds if before is None else 0.5 * (before + seconds)

    def note_death(self, chunk: Chunk, cause: str, deaths: int = 1) -> list[Result]:
        """Hand a dead worker's runs out again.

        Args:
            chunk: The runs the worker was given.
            cause: How it ended, as far as that is known.
            deaths: How many workers have died of these runs since they were handed out.

        Returns:
            The run as a failed row, if it was alone with its worker and has killed enough of them.

        Raises:
            RunError: Workers keep dying whatever they are given.
        """
        self._all_deaths += 1
        self._in_a_row += 1
        lost: list[Result] = []
        times = 0
        if len(chunk) == 1:  # of several runs it is not known which one was being made
            times = self._deaths[chunk[0]] = self._deaths.get(chunk[0], 0) + deaths
        if times >= _DEATHS_PER_RUN:
            message = f"the process making this run died {times} times ({cause})"
            lost.append(RunFailure.of(chunk[0], WorkerDiedError(message)))
        else:
            self._again.extend(chunk)
        if self._in_a_row > _DEATHS_IN_A_ROW or self._all_deaths > _DEATHS:
            raise RunError(
                f"worker processes keep dying ({cause}), perhaps for lack of memory; finished runs "
                "are kept. Start the batch again with fewer processes to resume it"
            )
        return lost
