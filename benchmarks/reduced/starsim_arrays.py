"""W in Starsim: a `Module` with `FloatArr` states (float32) and common random numbers.

Starsim keeps people in arrays as Parley does. The neighbours' mean is a SciPy sparse product, which
is quicker than anything Starsim itself offers for it. There are no institutions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import starsim as ss
from scipy import sparse

from reduced.rules import (
    ADAPTATION,
    BENEFIT_NOISE,
    COMMUNITIES,
    CONTAGION,
    COST,
    DISAPPOINTMENT,
    FADING,
    MOMENTUM,
    TRUST_GAIN,
    TRUST_LOSS,
    Record,
    Setting,
    summarise,
    tau,
)

if TYPE_CHECKING:
    from reduced.world import World

MONTHS = 6_000
"""Length of a simulation, which Starsim wants to know beforehand; then another one begins."""


class Relations(ss.Module):
    """Trust, grievance, expectation and protest of everybody."""

    def __init__(self, world: World) -> None:
        """Take over a world."""
        super().__init__(name="relations")
        self.world = world
        self.define_states(
            ss.FloatArr("trust", default=0.0),
            ss.FloatArr("grievance", default=0.0),
            ss.FloatArr("income", default=0.0),
            ss.FloatArr("expectation", default=0.0),
            ss.BoolArr("protest", default=False),
        )
        self.normal = ss.normal(0.0, 1.0)
        self.uniform = ss.random()
        n = world.n
        degree = np.diff(world.indptr)
        weights = np.repeat(1.0 / np.maximum(degree, 1), degree).astype(np.float32)
        self.means = sparse.csr_array((weights, world.indices, world.indptr), shape=(n, n))
        self.alone = np.flatnonzero(degree == 0)
        self.starts = np.searchsorted(world.community, np.arange(COMMUNITIES))
        self.sizes = np.diff(self.starts, append=n)
        self.shares = np.zeros(COMMUNITIES)
        self.statistics: list[tuple[float, ...]] = []
        self.protests: list[list[int]] = []

    def init_post(self) -> None:
        """Give everybody their start."""
        super().init_post()
        for name in ("trust", "grievance", "income", "expectation"):
            getattr(self, name)[:] = getattr(self.world, name)

    def step(self) -> None:
        """One month."""
        everybody = self.sim.people.auids
        grievance = self.grievance.values
        heard = self.means @ grievance
        heard[self.alone] = grievance[self.alone]
        benefit = np.float32(tau(self.ti)) * self.income + np.float32(
            BENEFIT_NOISE
        ) * self.normal.rvs(everybody)
        gap = (benefit - self.expectation).astype(np.float32)
        rate = np.where(gap >= 0.0, np.float32(TRUST_GAIN), np.float32(TRUST_LOSS))
        self.trust[:] = np.clip(self.trust + rate * gap, 0.0, 1.0)
        self.expectation[:] = self.expectation + np.float32(ADAPTATION) * gap
        self.grievance[:] = np.clip(
            np.float32(1.0 - CONTAGION - FADING) * self.grievance
            + np.float32(CONTAGION) * heard
            - np.float32(DISAPPOINTMENT) * np.minimum(gap, 0.0),
            0.0,
            1.0,
        )
        pull = np.repeat((MOMENTUM * self.shares - COST).astype(np.float32), self.sizes)
        chance = self.grievance * (np.float32(1.0) - self.trust) + pull
        self.protest[:] = self.uniform.rvs(everybody) < chance
        self._report()

    def _report(self) -> None:
        counts = np.add.reduceat(self.protest.values, self.starts, dtype=np.int64)
        self.shares = counts / self.sizes
        self.protests.append(counts.tolist())
        columns = (self.trust.values, self.grievance.values, self.expectation.values)
        self.statistics.append(summarise(*columns, int(counts.sum())))


class StarsimModel:
    """A Starsim simulation that can be taken month by month."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Build the simulation."""
        if setting.given is not None:
            raise NotImplementedError("draws from a stream of its own")
        self.world, self.setting = world, setting
        self._begin()

    def _begin(self) -> None:
        self.sim = ss.Sim(
            n_agents=self.world.n,
            modules=Relations(self.world),
            start=ss.date("2000-01-01"),
            dt=ss.months(1),
            dur=ss.months(MONTHS),
            rand_seed=self.setting.seed,
            verbose=0,
            copy_inputs=False,
        )
        self.sim.init()
        self.module = self.sim.get_module("relations")

    def advance(self, months: int) -> None:
        """Live some months."""
        for _ in range(months):
            if self.module.ti >= MONTHS:
                self._begin()
            wanted = len(self.module.protests) + 1
            while len(self.module.protests) < wanted:
                self.sim.loop.run_one_step()

    def record(self) -> Record:
        """What was reported so far."""
        return Record(self.module.statistics, self.module.protests)

    def state_bytes(self) -> int:
        """Not counted."""
        return 0


IMPLEMENTATION = StarsimModel
