"""W on Parley's people, ties, streams and kernel, without what Mesa puts round them.

No events, institutions or data collector: what is left is the month itself. The difference from
`parley_numba` is the price of being a Mesa model.
"""

from __future__ import annotations

from reduced.parley_numba import ParleyNumbaModel
from reduced.rules import Record, Setting, tau
from reduced.world import World


class BareKernelModel(ParleyNumbaModel):
    """The compiled month called in a plain loop."""

    def __init__(self, world: World, setting: Setting) -> None:
        """As with the shell, and a list to keep statistics in."""
        super().__init__(world, Setting(setting.seed, 0, setting.given))
        self.kept: list[tuple[float, ...]] = []

    def advance(self, months: int) -> None:
        """Live some months."""
        for _ in range(months):
            self.live(tau(self.month))
            self.month += 1
            self.kept.append(self.statistics)

    def record(self) -> Record:
        """What was reported so far."""
        return Record(self.kept, self.protests)


IMPLEMENTATION = BareKernelModel
