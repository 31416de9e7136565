"""Shards: the i-th of n shares of a batch, the same whoever works it out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.store.tables import RunKey


@dataclass(frozen=True, slots=True)
class Shard:
    """One share of a batch.

    Attributes:
        number: Which share, from 1.
        count: Into how many shares the batch is cut.
    """

    number: int = 1
    count: int = 1

    @property
    def name(self) -> str:
        """Name of the shard as a writer, such as `2of3`."""
        return f"{self.number}of{self.count}"

    def select(self, keys: Iterable[RunKey]) -> frozenset[RunKey]:
        """Return the runs of this shard.

        Runs are dealt out by the digest of their content, so shares are of nearly equal size, and
        long and short runs, places and arms are spread over all of them.
        """
        dealt = sorted({(key[3], key) for key in keys})
        return frozenset(key for _, key in dealt[self.number - 1 :: self.count])


def read_shard(shard: str | Shard | None) -> Shard:
    """Read a shard as a user writes it, `2/3` for the second of three.

    Raises:
        OptionError: It is not of that form.
    """
    if shard is None:
        return Shard()
    if isinstance(shard, Shard):
        number, count = shard.number, shard.count
    else:
        found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", shard)
        if not found:
            raise OptionError(
                f"shard = {shard!r}: expected i/n, such as 2/3 for the second of three"
            )
        number, count = map(int, found.groups())
    if not 1 <= number <= count:
        raise OptionError(
            f"shard = {number}/{count}: the first number must be from 1 to the second, "
            f"{'which must be at least 1' if count < 1 else f'here 1 to {count}'}"
        )
    return Shard(number, count)
