"""Many runs: made by an engine, written as they finish, resumed where they stopped."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

from parley.errors import RunError
from parley.store import Store
from parley_experiments.engines import choose_engine
from parley_experiments.failures import allowed_failures
from parley_experiments.intake import Intake
from parley_experiments.manifest import survey_batch
from parley_experiments.shards import Shard, read_shard

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from parley.results import RunSpec
    from parley.store.tables import RunKey
    from parley_experiments import engines, intake
    from parley_experiments.engines import Engine
    from parley_experiments.manifest import Inputs

    type RunOne = engines.RunOne
    type Progress = intake.Progress


class Options(TypedDict, total=False):
    """How a batch is made, and what is kept beside its runs.

    Attributes:
        engine: `local` (the default), `dask`, `dask:ADDRESS`, or an `Engine`.
        shard: Make only the i-th of n shares, `i/n`; the last of them finishes the folder.
        max_failures: Start no more runs when more than so many failed: a whole number, or a share
            of the planned runs between 0 and 1. None for no limit.
        retry_failed: Make failed runs again, with the same seeds, also in a complete folder.
        missing: Whether to make runs that are not there yet; True unless said otherwise.
        attached: Tables to keep beside the runs, by name.
        inputs: `all` records every scenario, `base` the first of each place and arm.
    """

    engine: str | Engine | None
    shard: str | Shard | None
    max_failures: float | None
    retry_failed: bool
    missing: bool
    attached: Mapping[str, pa.Table] | None
    inputs: Inputs


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch, or of one shard of it.

    Attributes:
        folder: The results folder.
        planned: Runs asked for.
        failed: Runs that stopped with an error, however often it was resumed.
        resumed: Runs that were already there.
        seconds: Wall time of this call.
        complete: Whether every run of the batch is there and the folder is finished.
    """

    folder: Path
    planned: int
    failed: int
    resumed: int
    seconds: float
    complete: bool = True


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
    **options: Unpack[Options],
) -> BatchReport:
    """Make every run and write a results folder.

    Runs that are in the folder already are not made again. Results do not depend on the engine, the
    number of processes, a split into shards or the order in which runs finish. A run that fails
    becomes a row of the results. Finished runs are written every 5 seconds or 64 runs, so a violent
    end costs the runs under way and those that finished in the last seconds.

    Args:
        specs: The runs, in any order; equal ones are made once. They are gone through twice, so a
            collection that makes its specs anew each time need not hold them all.
        folder: Results folder: missing, empty, or holding this very batch.
        processes: Processes to use, at least 1; None for one per processor. With 1 the runs are
            made in this process.
        progress: Called after every run.
        run_one: What makes one run; None for the model.
        about: What to record beside the runs, such as `label`, `question` and `design`.
        **options: See `Options`.

    Returns:
        What became of it.

    Raises:
        OptionError: An option is not allowed.
        RunError: There is nothing to run, or worker processes keep dying.
        TooManyFailuresError: More runs failed than `max_failures`; finished runs are kept.
        StoreError: The folder holds something else or is damaged.
        BatchInterrupted: Ctrl-C; finished runs are kept.
    """
    started = time.monotonic()
    engine = choose_engine(options.get("engine"), processes)
    shard = read_shard(options.get("shard"))
    orders = specs if _can_be_read_twice(specs) else tuple(specs)
    keys, manifest = survey_batch(orders, about or {}, options.get("inputs", "all"))
    if not keys:
        raise RunError("there is nothing to run: the batch is empty")
    mine = shard.select(keys)
    allowed = allowed_failures(options.get("max_failures"), len(mine))
    retry = options.get("retry_failed", False)
    with Store.create(
        folder, manifest, options.get("attached"), writer=shard.name, retry=retry
    ) as store:
        states = {key: failed for key, failed in store.states().items() if key in mine}
        todo = {key for key in mine if key not in states} if options.get("missing", True) else set()
        todo |= {key for key, failed in states.items() if failed and retry}
        earlier = {key: failed for key, failed in states.items() if key not in todo}
        taking = Intake(store, len(mine), todo, earlier, progress, allowed)
        wanted = itertools.takewhile(taking.goes_on, _wanted(orders, keys, todo))
        try:
            if todo:
                taking.take(engine(run_one or _model(), wanted))
            complete = store.finish_if_whole()
        except KeyboardInterrupt:
            raise BatchInterrupted(folder, taking.finished, len(mine)) from None
    seconds = time.monotonic() - started
    return BatchReport(folder, len(mine), taking.all_failed, len(earlier), seconds, complete)


def retry_failures(
    specs: Iterable[RunSpec],
    folder: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    run_one: RunOne | None = None,
    **options: Unpack[Options],
) -> BatchReport:
    """Make the failed runs of a batch again and no others, with the same seeds.

    A complete folder stays as it is until all of them are made; then their rows are replaced, all
    at once. See `run_batch` for arguments and errors.
    """
    options |= {"retry_failed": True, "missing": False}
    return run_batch(
        specs, folder, processes=processes, progress=progress, run_one=run_one, **options
    )


def _model() -> RunOne:
    """Load the model, which takes a moment."""
    from parley.runner import run

    return run


def _can_be_read_twice(specs: Iterable[RunSpec]) -> bool:
    return iter(specs) is not specs


def _wanted(
    specs: Iterable[RunSpec], keys: Collection[RunKey], todo: Collection[RunKey]
) -> Iterator[RunSpec]:
    """Yield the runs to make, each once."""
    left = set(todo)
    for key, spec in zip(keys, specs, strict=True):
        if key in left:
            left.remove(key)
            yield spec
