"""How often somebody may ask: a bucket of requests a caller, refilled as time passes."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KEYS = 1_000


class Limit:
    """Buckets by caller; the longest unseen callers are forgotten, so memory stays bounded.

    >>> limit = Limit(1.0, 2, clock=lambda: 0.0)
    >>> [limit.allows("a"), limit.allows("a"), limit.allows("a"), limit.allows("b")]
    [True, True, False, True]
    """

    def __init__(
        self,
        rate: float,
        burst: int,
        most: int = _MOST_KEYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """All buckets are full.

        Args:
            rate: Requests a second that a caller may go on making.
            burst: Requests that a caller may make at once.
            most: Callers remembered.
            clock: Seconds.
        """
        self._rate, self._burst, self._most, self._clock = rate, float(burst), most, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        """Callers remembered."""
        return len(self._left)

    def _now(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, seen = self._left.get(key, (self._burst, now))
        return min(self._burst, left + (now - seen) * self._rate), now

    def open(self, key: str) -> bool:
        """Whether a caller may ask once more; nothing is taken."""
        return self._now(key)[0] >= 1.0

    def allows(self, key: str) -> bool:
        """Whether a caller may ask once more; if so, it has."""
        left, now = self._now(key)
        good = left >= 1.0
        self._left[key] = (left - 1.0 if good else left, now)
        self._left.move_to_end(key)
        while len(self._left) > self._most:
            self._left.popitem(last=False)
        return good
