"""W on Parley's own parts, compiled: `Population`, `Person`, `Streams` and `Ties`, and the kernel.

As `parley_numpy`, but a month is one pass in compiled code. A named stream gives two keys a
run; every person's draws are a hash of key, month and row.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from reduced import kernel
from reduced.parley_numpy import ParleyShell
from reduced.rules import COMMUNITIES

if TYPE_CHECKING:
    from reduced.rules import Setting
    from reduced.world import World

_NONE = np.zeros(0)


class ParleyNumbaModel(ParleyShell):
    """The rules in one compiled pass, on as many threads as NUMBA_NUM_THREADS says."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Make people and ties, and compile (or load from the cache)."""
        super().__init__(world, setting)
        threads = int(os.environ.get("NUMBA_NUM_THREADS", "1"))
        self.month_of_all = kernel.month if threads == 1 else kernel.month_on_threads
        people = self.people
        self.before = np.empty(people.n)
        self.network = (self.ties.indptr.view(np.uint32), self.ties.indices.view(np.uint32))
        self.keys = self.streams.generator("reduced.keys", 0).integers(
            0, 2**64, size=2, dtype=np.uint64
        )
        blocks = -(-people.n // kernel.BLOCK)
        self.sums = np.zeros((blocks, kernel.N_SUMS))
        self.counts = np.zeros((blocks, COMMUNITIES), dtype=np.int64)
        self.sizes = people.village_sizes.tolist()
        self.columns = (
            people["trust_company"],
            people["grievance_operational"],
            self.before,
            people["income"],
            people["aspiration"],
            people["active"],
        )

    def live(self, share_of_income: float) -> None:
        """Let everybody live a month."""
        given = (_NONE, _NONE)
        if self.given is not None:
            given = (self.given.normal[self.month], self.given.uniform[self.month])
        draws = (*given, self.keys, self.month)
        community = (self.people["village"], np.asarray(self.shares))
        self.month_of_all(
            self.columns, self.network, community, draws, share_of_income, self.sums, self.counts
        )
        counts = self.counts.sum(axis=0).tolist()
        self.shares = [count / size for count, size in zip(counts, self.sizes, strict=True)]
        self.protests.append(counts)
        n = self.people.n
        trust, grievance, squares, expectation = self.sums.sum(axis=0).tolist()
        mean = grievance / n
        spread = max(squares / n - mean * mean, 0.0) ** 0.5
        share = sum(counts) / n
        self.statistics = (trust / n, mean, spread, expectation / n, share)

    def state_bytes(self) -> int:
        """Columns that W uses, rows of ties and working arrays."""
        arrays = (*self.network, self.before, self.sums, self.counts)
        return self.used_bytes() + sum(array.nbytes for array in arrays)


IMPLEMENTATION = ParleyNumbaModel
