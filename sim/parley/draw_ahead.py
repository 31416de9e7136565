"""Random numbers made ahead of time on a second core; the same numbers, bit for bit.

A stream's numbers depend on its name and step alone, so next month's can be made while this month
is being worked out. Who asks for many numbers of a stream in two months is taken to ask for as many
again after as long: they are made in a thread while NumPy, which lets go of Python's lock for it,
works on in the other. A wrong guess costs that thread's time and nothing else.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from parley.arrays import Floats
from parley.streams import Size, Streams

ENOUGH_PEOPLE = 50_000
"""Below, handing numbers over costs as much as making them."""


class _Request(NamedTuple):
    """Numbers of one stream."""

    name: str
    step: int
    size: Size


class StreamsAhead(Streams):
    """Streams of which one thread makes those of the next step that are likely to be asked for.

    At most one array for each name is kept. Without `close`, the thread ends when the streams are
    no longer used.
    """

    def __init__(self, root_seed: int, replicate: int, last_step: int, least: int) -> None:
        """Fix the luck of a run.

        Args:
            root_seed: seed of the batch, as in `Streams`.
            replicate: which draw of luck, as in `Streams`.
            last_step: nothing is made ahead for steps after it.
            least: how many numbers at once are worth making ahead.
        """
        super().__init__(root_seed, replicate)
        self._ahead = Streams(root_seed, replicate)  # generators of the thread's own
        self._last_step, self._least = last_step, least
        self._seen: dict[str, _Request] = {}
        self._coming: dict[str, tuple[_Request, Future[Floats]]] = {}
        self._pool: ThreadPoolExecutor | None = ThreadPoolExecutor(1, "parley-draws")

    def __reduce__(self) -> tuple[type[StreamsAhead], tuple[int, int, int, int]]:
        """Rebuild from what fixes the luck: a thread cannot be copied, and need not be."""
        return type(self), (self.root_seed, self.replicate, self._last_step, self._least)

    def uniform(self, name: str, step: int, size: Size) -> Floats:
        """Draw as in `Streams.uniform`; what the thread met with is raised here."""
        count = size if isinstance(size, int) else math.prod(size)
        if self._pool is None or count < self._least:
            return super().uniform(name, step, size)
        asked = _Request(name, step, size)
        guess, numbers = self._coming.pop(name, (None, None))
        if numbers is not None and guess == asked:
            drawn = numbers.result()
        else:
            if numbers is not None:
                numbers.cancel()
            drawn = super().uniform(name, step, size)
        self._foresee(asked, self._pool)
        return drawn

    def _foresee(self, asked: _Request, pool: ThreadPoolExecutor) -> None:
        """Have the same made for the step that lies as far ahead as the last one lies back."""
        before = self._seen.get(asked.name)
        self._seen[asked.name] = asked
        if before is None or before.size != asked.size or before.step >= asked.step:
            return
        guess = asked._replace(step=2 * asked.step - before.step)
        if guess.step <= self._last_step:
            self._coming[asked.name] = guess, pool.submit(self._ahead.uniform, *guess)

    def close(self) -> None:
        """End the thread; numbers drawn from now on are made when asked for."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None
        self._coming.clear()


def streams_of(root_seed: int, replicate: int, months: int, people: int) -> Streams:
    """Streams of a run: ahead of time for many people where a second core may be free.

    Workers of a batch have no core to spare, so there nothing is made ahead.

    Args:
        root_seed: seed of the batch.
        replicate: which draw of luck.
        months: length of the run.
        people: how many people there are.
    """
    in_worker = multiprocessing.parent_process() is not None
    if people < ENOUGH_PEOPLE or in_worker or (os.cpu_count() or 1) < 2:
        return Streams(root_seed, replicate)
    return StreamsAhead(root_seed, replicate, months - 1, people)
