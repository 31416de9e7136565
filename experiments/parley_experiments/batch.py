"""Many runs: spread over processes, written as they finish, resumed where they stopped."""

from __future__ import annotations

import functools
import gc
import os
import signal
import threading
import time
import traceback
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import joblib

from parley.errors import RunError
from parley.results import RunFailure, RunResult
from parley.store import Store
from parley_experiments.manifest import describe_batch, spec_key

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from parley.results import RunSpec

    type RunOne = Callable[[RunSpec], RunResult | RunFailure]
    type Progress = Callable[[int, int, int], None]
    """Called with (runs on disk or in hand, planned runs, failed runs of this call)."""

_RUNS_PER_PART = 64
_SECONDS_PER_PART = 5.0
_SECONDS_BETWEEN_LOOKS_AT_PARENT = 1.0


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch.

    Attributes:
        folder: The results folder.
        planned: Runs asked for.
        failed: Runs that stopped with an error, however often it was resumed.
        resumed: Runs that were already there.
        seconds: Wall time of this call.
    """

    folder: Path
    planned: int
    failed: int
    resumed: int
    seconds: float


class BatchInterrupted(KeyboardInterrupt):
    """Ctrl-C during a batch. Finished runs are on disk; the same call takes the batch up again."""

    def __init__(self, folder: Path, finished: int, planned: int) -> None:
        """Say how far the batch got."""
        super().__init__(f"{finished} of {planned} runs are finished and kept in {folder}")
        self.folder = folder
        self.finished = finished
        self.planned = planned


def run_batch(
    specs: Iterable[RunSpec],
    folder: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    run_one: RunOne | None = None,
    about: Mapping[str, object] | None = None,
) -> BatchReport:
    """Make every run and write a results folder.

    Runs that are in the folder already are not made again. Results do not depend on the number of
    processes or on the order in which runs finish. A run that fails becomes a row of the results.

    Args:
        specs: The runs, in any order; equal ones are made once.
        folder: Results folder: missing, empty, or holding this very batch.
        processes: Processes to use, at least 1; None for one per processor. With 1 the runs are
            made in this process.
        progress: Called after every run.
        run_one: What makes one run; None for the model.
        about: What to record beside the runs, such as `label`, `question` and `design`.

    Returns:
        What became of it.

    Raises:
        RunError: There is nothing to run, or a worker process died.
        StoreError: The folder holds something else or is damaged.
        BatchInterrupted: Ctrl-C; finished runs are kept.
    """
    started = time.monotonic()
    planned = {spec_key(spec): spec for spec in specs}
    if not planned:
        raise RunError("there is nothing to run: the batch is empty")
    if processes is not None and processes < 1:
        raise RunError(f"processes = {processes}: at least 1 process is needed")
    with Store.create(folder, describe_batch(tuple(planned.values()), about or {})) as store:
        done = store.finished()
        todo = [spec for key, spec in planned.items() if key not in done]
        workers = min(processes or joblib.cpu_count(), max(len(todo), 1))
        intake = _Intake(store, len(planned), len(done), progress)
        try:
            with closing(_results(todo, run_one or _model(), workers)) as results:
                intake.take(results)
        except KeyboardInterrupt:
            raise BatchInterrupted(folder, intake.finished, len(planned)) from None
        store.finish()
    counts = cast("Mapping[str, int]", store.manifest()["counts"])
    seconds = time.monotonic() - started
    return BatchReport(folder, len(planned), counts["failed"], len(done), seconds)


def _model() -> RunOne:
    """Load the model, which takes a moment."""
    from parley.runner import run

    return run


class _Intake:
    """Runs of this call on their way to the disk, a few at a time."""

    def __init__(self, store: Store, planned: int, resumed: int, progress: Progress | None) -> None:
        self.store = store
        self.planned = planned
        self.finished = resumed
        self.failed = 0
        self.progress = progress

    def take(self, results: Iterator[RunResult | RunFailure]) -> None:
        """Write all results, whatever happens on the way."""
        waiting: list[RunResult | RunFailure] = []
        written = time.monotonic()
        self._report()
        try:
            for result in results:
                waiting.append(result)
                self.finished += 1
                self.failed += isinstance(result, RunFailure)
                self._report()
                late = time.monotonic() - written > _SECONDS_PER_PART
                if late or len(waiting) >= _RUNS_PER_PART:
                    self.store.append(waiting)
                    waiting, written = [], time.monotonic()
        finally:
            self.store.append(waiting)

    def _report(self) -> None:
        if self.progress is not None:
            self.progress(self.finished, self.planned, self.failed)


def _results(
    specs: Sequence[RunSpec], run_one: RunOne, workers: int
) -> Generator[RunResult | RunFailure]:
    """Yield results as runs finish."""
    execute = functools.partial(_execute, run_one)
    if workers == 1:
        yield from map(execute, specs)
        return
    settings = joblib.parallel_config(
        backend="loky",
        n_jobs=workers,
        inner_max_num_threads=1,
        initializer=_prepare_worker,
        initargs=(os.getpid(),),
    )
    with settings, joblib.Parallel(return_as="generator_unordered", batch_size=1) as pool:
        results = cast(
            "Generator[RunResult | RunFailure]", pool(joblib.delayed(execute)(s) for s in specs)
        )
        with closing(results):
            try:
                yield from results
            except BrokenProcessPool as error:
                raise RunError(
                    "a worker process died, perhaps for lack of memory; finished runs are kept. "
                    "Start the batch again with fewer processes to resume it"
                ) from error


def _execute(run_one: RunOne, spec: RunSpec) -> RunResult | RunFailure:
    """Make one run and free its model, which is held by reference cycles."""
    try:
        return run_one(spec)
    except Exception as error:  # noqa: BLE001 - one bad run must not end the batch
        return RunFailure(
            identity=spec.identity,
            place=spec.place,
            arm=spec.arm,
            replicate=spec.replicate,
            root_seed=spec.root_seed,
            error_type=type(error).__name__,
            message=str(error),
            traceback=traceback.format_exc(),
        )
    finally:
        gc.collect()


def _prepare_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end soon after it should it be killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once it no longer belongs to its parent."""
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS_AT_PARENT)
    os._exit(1)
