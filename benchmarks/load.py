"""How much others use the processors, and waiting until they use little."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

QUIET = 0.15
"""Processors used by others below which a time counts as undisturbed."""

LOOK_SECONDS = 0.25


def busy() -> float | None:
    """Processor seconds used by everybody since the machine began; None where nothing tells."""
    try:
        first = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    except OSError:
        return None
    v = [int(word) for word in first.split()[1:]]
    return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / os.sysconf("SC_CLK_TCK")


class Load:
    """Load by others over a stretch of time.

    >>> watch = Load()
    >>> watch.foreign(own=0.0) >= 0.0
    True
    """

    def __init__(self) -> None:
        """Begin to watch."""
        self.wall, self.busy, self.own = time.perf_counter(), busy(), time.process_time()

    def foreign(self, own: float) -> float:
        """Processors used by others since the beginning; 0 where nothing tells.

        Args:
            own: processor seconds of our other processes meanwhile.
        """
        now = busy()
        wall = time.perf_counter() - self.wall
        if self.busy is None or now is None or wall <= 0.0:
            return 0.0
        mine = own + time.process_time() - self.own
        return max((now - self.busy - mine) / wall, 0.0)


@dataclass(slots=True)
class Patience:
    """How long to wait for quiet, in all; when it is used up, times are taken as they come.

    Attributes:
        seconds: left to spend on waiting and repeating.
    """

    seconds: float

    def wait(self) -> None:
        """Wait until others are quiet or patience is used up."""
        while self.seconds > 0.0:
            watch = Load()
            time.sleep(LOOK_SECONDS)
            if watch.foreign(own=0.0) < QUIET:
                return
            self.seconds -= LOOK_SECONDS

    def least_disturbed[T](self, attempt: Callable[[], tuple[T, float]], tries: int = 3) -> T:
        """Repeat a measurement while it is disturbed, and keep the least disturbed.

        Args:
            attempt: measures, and gives the result with the load by others.
            tries: at most.
        """
        result, foreign = attempt()
        for _ in range(tries - 1):
            if foreign < QUIET or self.seconds <= 0.0:
                break
            begun = time.perf_counter()
            self.wait()
            again, less = attempt()
            self.seconds -= time.perf_counter() - begun
            if less < foreign:
                result, foreign = again, less
        return result
