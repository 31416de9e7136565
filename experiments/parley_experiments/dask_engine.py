"""The Dask engine: runs on a cluster of machines, or on a small one made for the batch here."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import tempfile
import threading
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.errors import MissingExtraError, RunError
from parley_experiments.engines import (
    ONE_THREAD,
    Dispatch,
    available_processors,
    execute_chunk,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from parley.results import RunSpec
    from parley_experiments.engines import Chunk, Result, RunOne

_SECONDS_TO_WAIT_FOR_WORKERS = 120
_ALLOWED_DEATHS = 1
_TRIM = "MALLOC_TRIM_THRESHOLD_"
"""Set by default, to give memory back at once; array code then takes three times as long."""


@dataclass(frozen=True, slots=True)
class DaskCluster:
    """Makes the runs on a Dask cluster.

    Attributes:
        address: Address of a scheduler, such as `tcp://10.0.0.5:8786`; None or `local` for a
            cluster of processes on this machine, which ends with the batch.
        processes: Workers of a cluster on this machine; None for one per processor.
    """

    address: str | None = None
    processes: int | None = None

    def __call__(self, run_one: RunOne, specs: Iterable[RunSpec]) -> Generator[Result]:
        """Yield results as runs finish."""
        with contextlib.ExitStack() as stack:
            if self.address in (None, "local"):
                client = stack.enter_context(_local_client(self.processes))
            else:
                client = stack.enter_context(_remote_client(str(self.address)))
            yield from make_runs(client, run_one, specs)


def make_runs(client: Any, run_one: RunOne, specs: Iterable[RunSpec]) -> Generator[Result]:  # noqa: ANN401 - distributed ships no types
    """Yield results as runs finish on a cluster.

    Args:
        client: A connected `distributed.Client`.
        run_one: What makes one run.
        specs: The orders, taken as they are needed.

    Raises:
        RunError: The cluster is lost, or its workers cannot make runs.
    """
    distributed = _distributed()
    dispatch = Dispatch(specs)
    batch, sent = uuid.uuid4().hex[:12], 0
    running: dict[str, Chunk] = {}
    finished = distributed.as_completed([])
    futures: dict[str, Any] = {}
    try:
        while True:
            # One chunk a thread: a worker that dies then takes no waiting runs along, which would
            # be suspected with the one that killed it.
            most = max(sum(client.nthreads().values()), 1)
            while len(running) < most and (chunk := dispatch.next_chunk()):
                # Keys are new ones: runs must not be taken for equal because a fingerprint is.
                key, sent = f"parley-{batch}-{sent}", sent + 1
                futures[key] = client.submit(execute_chunk, run_one, chunk, key=key, pure=False)
                running[key] = chunk
                finished.add(futures[key])
            if not running:
                return
            future = next(finished)
            chunk = running.pop(future.key)
            del futures[future.key]
            try:
                done = future.result()
            except distributed.KilledWorker as error:
                cause = f"last worker: {error.last_worker.address}"
                yield from dispatch.note_death(chunk, cause, error.allowed_failures + 1)
                continue
            except Exception as error:
                raise RunError(
                    f"the cluster did not make a run ({type(error).__name__}: {error}); finished "
                    "runs are kept. Check that Parley is installed on every worker, then start "
                    "the batch again to resume it"
                ) from error
            finally:
                future.release()
            dispatch.note_done(chunk, done)
            yield from done.results
    finally:
        with contextlib.suppress(Exception):
            client.cancel(list(futures.values()), force=True)


@contextlib.contextmanager
def _local_client(processes: int | None) -> Iterator[Any]:
    """Start a cluster of processes on this machine, for the length of a block."""
    distributed = _distributed()
    import dask

    settings = {
        # Replaced, not added to: see _TRIM.
        "distributed.nanny.pre-spawn-environ": dict(ONE_THREAD),
        "distributed.scheduler.allowed-failures": _ALLOWED_DEATHS,
    }
    with (
        _own_environment(),
        dask.config.set(settings),
        tempfile.TemporaryDirectory(prefix="parley-dask-", ignore_cleanup_errors=True) as scratch,
    ):
        with _deaf_to_ctrl_c():
            cluster = distributed.LocalCluster(
                n_workers=processes or available_processors(),
                threads_per_worker=1,
                processes=True,
                memory_limit=0,
                dashboard_address="127.0.0.1:0",
                local_directory=scratch,
                silence_logs=logging.CRITICAL,
            )
        with cluster, distributed.Client(cluster) as client:
            yield client


@contextlib.contextmanager
def _own_environment() -> Iterator[None]:
    """Keep what clusters do to the environment of this process from the workers and its user."""
    before = dict(os.environ)
    os.environ.pop(_TRIM, None)  # a cluster of the default settings leaves it behind
    try:
        yield
    finally:
        for name in ONE_THREAD.keys() | {_TRIM}:
            os.environ.pop(name, None)
            if name in before:
                os.environ[name] = before[name]


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Let processes started in the block ignore Ctrl-C, which is for this process to answer."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _remote_client(address: str) -> Iterator[Any]:
    """Connect to a scheduler that is there, and wait for its first worker."""
    distributed = _distributed()
    try:
        client = distributed.Client(address)
    except (OSError, ValueError) as error:
        raise RunError(
            f"no Dask scheduler answers at {address} ({type(error).__name__}); start one with "
            "`dask scheduler` and give the address it shows"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS_TO_WAIT_FOR_WORKERS)
        except TimeoutError as error:
            raise RunError(
                f"the Dask scheduler at {address} has no workers after "
                f"{_SECONDS_TO_WAIT_FOR_WORKERS} s; start some with `dask worker {address} "
                "--nthreads 1`"
            ) from error
        yield client


def _distributed() -> Any:  # noqa: ANN401 - it ships no types
    try:
        import distributed
    except ImportError:
        raise MissingExtraError("distributed", "cluster") from None
    return distributed
