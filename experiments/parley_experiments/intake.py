"""Results of a batch on their way to the disk."""

from __future__ import annotations

import math
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from parley.errors import RunError
from parley.results import RunFailure
from parley.store.tables import run_key
from parley_experiments.failures import TooManyFailuresError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Mapping

    from parley.results import RunResult, RunSpec
    from parley.store import Store
    from parley.store.tables import RunKey

    type Progress = Callable[[int, int, int], None]
    """Called with (runs on disk or in hand, planned runs, failed runs of this call).

    With a shard, runs are those of the shard. `pace.Pace` makes words of the three numbers.
    """

RUNS_PER_PART = 64
SECONDS_PER_PART = 5.0
"""How long a finished run waits, at most, for others to be written with it."""
_SECONDS_BETWEEN_LOOKS = 0.25


class PartWriter:
    """Writes runs a few at a time, and none later than some seconds after it came.

    A thread looks after the time, as the next run may be long in coming.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[RunResult | RunFailure] = []
        self._since = math.inf
        self._error: Exception | None = None
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_after_time, daemon=True)

    def __enter__(self) -> Self:
        """Begin to look after the time."""
        self._thread.start()
        return self

    def __exit__(self, *about: object) -> None:
        """Write what is waiting, whatever happened."""
        self._ended.set()
        self._thread.join()
        with self._lock:
            self._write()

    def add(self, result: RunResult | RunFailure) -> None:
        """Take a run.

        Raises:
            StoreError: Runs could not be written.
        """
        with self._lock:
            if self._error is not None:
                raise self._error
            self._since = min(self._since, time.monotonic())
            self._waiting.append(result)
            if len(self._waiting) >= RUNS_PER_PART:
                self._write()

    def _write(self) -> None:
        self._store.append(self._waiting)
        self._waiting, self._since = [], math.inf

    def _look_after_time(self) -> None:
        while not self._ended.wait(_SECONDS_BETWEEN_LOOKS):
            with self._lock:
                if self._error is None and time.monotonic() - self._since > SECONDS_PER_PART:
                    try:
                        self._write()
                    except Exception as error:  # noqa: BLE001 - raised where runs are taken
                        self._error = error


@dataclass
class Intake:
    """Takes the runs of one call, and counts them.

    Attributes:
        store: Where they go.
        planned: Runs asked for, those of earlier calls included.
        todo: Keys of the runs to make.
        earlier: Keys of the runs that are there, and whether each failed.
        progress: Called after every run.
        allowed: How many runs may fail.
        failed: Failed runs of this call.
    """

    store: Store
    planned: int
    todo: Collection[RunKey]
    earlier: Mapping[RunKey, bool]
    progress: Progress | None = None
    allowed: float = math.inf
    failed: int = 0
    finished: int = field(init=False)
    """Runs that are there or in hand."""

    def __post_init__(self) -> None:
        self.finished = len(self.earlier)

    @property
    def all_failed(self) -> int:
        """Failed runs, those of earlier calls included."""
        return self.failed + sum(self.earlier.values())

    def goes_on(self, _: RunSpec) -> bool:
        """Whether another run may be started."""
        return self.all_failed <= self.allowed

    def take(self, results: Generator[RunResult | RunFailure]) -> None:
        """Write all results, whatever happens on the way.

        Raises:
            TooManyFailuresError: More runs failed than allowed, so not all were started.
            RunError: An engine gives a run that was not ordered.
            StoreError: Runs could not be written.
        """
        self._report()
        with PartWriter(self.store) as writer, closing(results):
            for result in results:
                self._check_order(result)
                writer.add(result)
                self.finished += 1
                self.failed += isinstance(result, RunFailure)
                self._report()
        if self.finished < self.planned and self.all_failed > self.allowed:
            left = self.planned - self.finished
            folder, allowed = self.store.folder, int(self.allowed)
            raise TooManyFailuresError(folder, self.all_failed, allowed, left)

    def _report(self) -> None:
        if self.progress is not None:
            self.progress(self.finished, self.planned, self.failed)

    def _check_order(self, result: RunResult | RunFailure) -> None:
        """Refuse a run that was not ordered, as a worker with other code would make it."""
        if run_key(result) not in self.todo:
            raise RunError(
                f"a worker made another run than was ordered ({result.place}/{result.arm}/"
                f"{result.replicate}): install the same version of Parley on every machine and "
                "start the batch again"
            )
