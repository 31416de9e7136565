"""The local pool: worker processes of this machine, each on its own, replaced when one dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import FIRST_COMPLETED, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley_experiments.engines import ONE_THREAD, Dispatch, execute_chunk

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from concurrent.futures import Future

    from parley.results import RunSpec
    from parley_experiments.engines import Chunk, Done, Result, RunOne

_SECONDS_BETWEEN_LOOKS_AT_PARENT = 1.0


@dataclass(frozen=True, slots=True)
class LocalPool:
    """Makes the runs in processes of this machine.

    Every worker is an executor of its own with one chunk of runs at a time, so when a worker dies
    it is known which runs it was given, and the others go on. Executors are loky's: they take
    functions of a user's script or notebook, and do not need a guarded main module.

    Attributes:
        processes: Number of worker processes, at least 1.
    """

    processes: int

    def __call__(self, run_one: RunOne, specs: Iterable[RunSpec]) -> Generator[Result]:
        """Yield results as runs finish."""
        dispatch = Dispatch(specs)
        lanes = [_Lane() for _ in range(self.processes)]
        idle = list(lanes)
        busy: dict[Future[Done], tuple[_Lane, Chunk]] = {}
        try:
            while True:
                while idle and (chunk := dispatch.next_chunk()):
                    lane = idle.pop()
                    busy[lane.submit(run_one, chunk)] = (lane, chunk)
                if not busy:
                    return
                for future in wait(busy, return_when=FIRST_COMPLETED).done:
                    lane, chunk = busy.pop(future)
                    idle.append(lane)
                    try:
                        done = future.result()
                    except BrokenProcessPool as error:
                        lane.close()
                        yield from dispatch.note_death(chunk, _cause(error))
                        continue
                    dispatch.note_done(chunk, done)
                    yield from done.results
        finally:
            for lane in lanes:
                lane.close()


class _Lane:
    """One worker process, started when it is first needed and again after it died."""

    def __init__(self) -> None:
        self._executor: Any = None

    def submit(self, run_one: RunOne, chunk: Chunk) -> Future[Done]:
        """Send runs to the worker."""
        try:
            return self._send(run_one, chunk)
        except BrokenProcessPool:  # it died while it had nothing to do
            self.close()
            return self._send(run_one, chunk)

    def _send(self, run_one: RunOne, chunk: Chunk) -> Future[Done]:
        if self._executor is None:
            from joblib.externals.loky import (  # type: ignore[import-untyped]
                ProcessPoolExecutor,
            )

            self._executor = ProcessPoolExecutor(
                1, env=ONE_THREAD, initializer=_prepare_worker, initargs=(os.getpid(),)
            )
        future: Future[Done] = self._executor.submit(execute_chunk, run_one, chunk)
        return future

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        if self._executor is not None:
            self._executor.shutdown(wait=True, kill_workers=True)
            self._executor = None


def _cause(error: BaseException) -> str:
    """Say how a worker ended, as far as its executor knows."""
    text = str(error)
    for name in ("SIGKILL", "SIGSEGV", "SIGABRT", "SIGTERM"):
        if name in text:
            return name
    return "no reason given"


def _prepare_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end soon after it should it be killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process once it no longer belongs to its parent."""
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS_AT_PARENT)
    os._exit(1)
