"""Runs kernels over all people on one or more threads, and keeps what they work with.

The blocks of people are dealt out in portions, whoever is free takes the next. Every block writes
to places of its own and every sum is taken block by block, so a result has the same bits whatever
the number of threads. Threads are started for a pass and end with it.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parley.compiled.jit import BLOCK
from parley.compiled.ties import rows

if TYPE_CHECKING:
    from parley.compiled.ties import Rows
    from parley.network import Ties
    from parley.streams import Streams

ENOUGH_PEOPLE = 30_000
"""Below, starting a thread costs more than it saves."""
_PORTIONS = 8
"""Portions for each thread: few enough to cost nothing, enough to even out."""


def usual_threads(n: int) -> int:
    """Threads for so many people: two, but one for few people, one core, or a worker of a batch."""
    in_worker = multiprocessing.parent_process() is not None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 1 if n < ENOUGH_PEOPLE or in_worker else min(2, cores or 1)


class Crew:
    """The threads, working arrays, ties and random numbers of one compiled run.

    Attributes:
        n: number of people.
        blocks: number of blocks of `BLOCK` people.
        threads: how many threads work, the calling one included.
        ties: compressed rows for kernels.
    """

    def __init__(self, n: int, ties: Ties, streams: Streams, threads: int | None = None) -> None:
        """Get ready; `threads` is chosen by `usual_threads` if it is not given."""
        self.n = n
        self.blocks = -(-n // BLOCK)
        self.threads = usual_threads(n) if threads is None else threads
        self.ties: Rows = rows(ties)
        self._streams = streams
        self._compiled: set[Callable[..., None]] = set()
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        self._keys: dict[str, npt.NDArray[np.uint64]] = {}

    def array(
        self, name: str, kind: npt.DTypeLike = np.float64, shape: tuple[int, ...] | None = None
    ) -> npt.NDArray[Any]:
        """A working array of its name, made once; what it held before is still in it.

        Args:
            name: one name for each use that must not disturb another.
            kind: its type.
            shape: its shape, (n,) if not given.
        """
        found = self._arrays.get(name)
        if found is None:
            found = self._arrays[name] = np.zeros(shape or (self.n,), dtype=kind)
        return found

    def key(self, name: str, step: int) -> npt.NDArray[np.uint64]:
        """Key of a stream at a step, for `parley.compiled.draws`: shape (3,)."""
        known = self._keys.get(name)
        if known is None:
            state = self._streams.generator(name, 0).bit_generator.state
            known = self._keys[name] = np.append(state["state"]["key"], np.uint64(0))
        known[2] = step
        return known

    def run(self, kernel: Callable[..., None], *given: object) -> None:
        """Run a kernel over all blocks of people.

        Args:
            kernel: takes first block, block after the last, then what is given.
            given: passed on.
        """
        self.share_out(kernel, self.blocks, *given)

    def share_out(self, kernel: Callable[..., None], jobs: int, *given: object) -> None:
        """Run a kernel over numbered jobs of any kind; an error in any thread is raised here."""
        if self.threads == 1 or kernel not in self._compiled:  # two need not compile the same
            kernel(0, jobs, *given)
            self._compiled.add(kernel)
            return
        portions = min(self.threads * _PORTIONS, jobs)
        bounds = [jobs * part // portions for part in range(portions + 1)]
        turn = itertools.count()
        failed: list[BaseException] = []

        def work() -> None:
            try:
                while (part := next(turn)) < portions and not failed:
                    kernel(bounds[part], bounds[part + 1], *given)
            except BaseException as error:  # noqa: BLE001 - carried over to the calling thread
                failed.append(error)

        others = [threading.Thread(target=work) for _ in range(self.threads - 1)]
        for thread in others:
            thread.start()
        work()
        for thread in others:
            thread.join()
        if failed:
            raise failed[0]
