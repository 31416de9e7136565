"""How fast a batch gets on, in words."""

from __future__ import annotations

import math
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WINDOW = 200
_RUNS_BEFORE_A_GUESS = 3
_SECONDS_BEFORE_A_GUESS = 2.0


class Pace:
    """Says how far a batch is: give it to `run_batch` as progress, by way of its text.

    Rate and time left rest on the runs of this call only: those that were there already cost no
    time. Both are left out until a few runs and seconds have passed.

    >>> clock = iter([0.0, 10.0, 20.0]).__next__
    >>> pace = Pace(clock)
    >>> pace(1000, 13312, 0)
    '1,000 of 13,312 runs'
    >>> pace(1117, 13312, 1)
    '1,117 of 13,312 runs, 12 a second, 17 min left, 1 failed'
    >>> pace(1234, 13312, 2)
    '1,234 of 13,312 runs, 12 a second, 17 min left, 2 failed'
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start counting with the first call."""
        self._clock = clock
        self._start: tuple[float, int] | None = None
        self._recent: deque[tuple[float, int]] = deque(maxlen=_WINDOW)

    def __call__(self, done: int, planned: int, failed: int) -> str:
        """Take note of a finished run and say how far the batch is."""
        now = self._clock()
        if self._start is None:
            self._start = (now, done)
        self._recent.append((now, done))
        words = [f"{done:,} of {planned:,} runs"]
        rate = self.rate()
        if rate is not None and done < planned:
            words += [_rate(rate), f"{duration((planned - done) / rate)} left"]
        if failed:
            words.append(f"{failed:,} failed")
        return ", ".join(words)

    def rate(self) -> float | None:
        """Runs a second lately, in this call; None while that is not known."""
        if self._start is None:
            return None
        now, done = self._recent[-1]
        first = self._recent[0] if len(self._recent) == _WINDOW else self._start
        seconds, runs = now - first[0], done - first[1]
        since, made = now - self._start[0], done - self._start[1]
        if made < _RUNS_BEFORE_A_GUESS or since < _SECONDS_BEFORE_A_GUESS or seconds <= 0:
            return None
        return runs / seconds if runs else None


def duration(seconds: float) -> str:
    """Write a length of time to the accuracy worth knowing.

    >>> [duration(s) for s in (3, 75, 2580, 9000, 200_000)]
    ['3 s', '75 s', '43 min', '2 h 30 min', '2 days 8 h']
    """
    if seconds < 100:
        return f"{math.ceil(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} days {hours} h"


def _rate(rate: float) -> str:
    """Write runs a second, or a minute or an hour where that reads better."""
    unit, value = "a second", rate
    if value < 1:
        unit, value = "a minute", rate * 60
    if value < 1:
        unit, value = "an hour", rate * 3600
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.2g} {unit}"
