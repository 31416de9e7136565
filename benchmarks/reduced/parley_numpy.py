"""W on Parley's own parts, in NumPy: `Population`, `Person`, `Streams` and `Ties`.

The residents are Parley's people with all their columns, of which W uses six; the others are there
and stay untouched. Draws come from two named streams, each month from its own counter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parley.network import Ties
from parley.population import Population
from parley.scenario_types import Group
from parley.streams import Streams
from reduced.institutions import Shell
from reduced.rules import (
    ADAPTATION,
    BENEFIT_NOISE,
    CONTAGION,
    COST,
    DISAPPOINTMENT,
    FADING,
    MOMENTUM,
    TRUST_GAIN,
    TRUST_LOSS,
    Floats,
    Setting,
    summarise,
)

if TYPE_CHECKING:
    from reduced.world import World

EVERYBODY = Group(
    key="everybody",
    label="everybody",
    share=1.0,
    status=1.0,
    marginalised=False,
    income_ratio=1.0,
    needs=(1.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    near_share=0.5,
    affiliated_share=0.0,
)

USED = ("trust_company", "grievance_operational", "income", "aspiration", "active", "village")


class ParleyShell(Shell):
    """Parley's people, ties and streams; what to do with them is left to subclasses."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Make Parley's people of the residents of a world."""
        self.streams = Streams(setting.seed, 0)
        super().__init__(self.streams.generator("mesa", 0), setting.institutions)
        self.given = setting.given
        self.people = Population(
            self,
            {
                "village": world.community,
                "group": np.zeros(world.n, dtype=np.int16),
                "trust_company": world.trust.copy(),
                "grievance_operational": world.grievance.copy(),
                "income": world.income.copy(),
                "aspiration": world.expectation.copy(),
            },
            (EVERYBODY,),
            (),
        )
        self.ties = Ties(world.indptr, world.indices)

    def note(self, counts: npt.NDArray[Any]) -> None:
        """Keep the month's number of protesters in each community."""
        self.shares = (counts / self.people.village_sizes).tolist()
        self.protests.append([round(count) for count in counts.tolist()])

    def used_bytes(self) -> int:
        """Bytes of the columns that W uses."""
        return sum(self.people[name].nbytes for name in USED)


class ParleyNumpyModel(ParleyShell):
    """The rules over whole columns."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Make people, ties and a column to work in."""
        super().__init__(world, setting)
        self.room = np.empty(world.n)

    def _draw(self) -> tuple[Floats, Floats]:
        """A normal and a uniform draw for everybody."""
        if self.given is None:
            n = self.people.n
            return (
                self.streams.normal("reduced.benefit", self.month, n),
                self.streams.uniform("reduced.protest", self.month, n),
            )
        return self.given.normal[self.month].copy(), self.given.uniform[self.month]

    def live(self, share_of_income: float) -> None:
        """Let everybody live a month."""
        people, room = self.people, self.room
        trust, grievance = people["trust_company"], people["grievance_operational"]
        expectation, active = people["aspiration"], people["active"]
        gap, u = self._draw()
        heard = self.ties.row_mean(grievance)

        gap *= BENEFIT_NOISE
        np.multiply(people["income"], share_of_income, out=room)
        gap += room
        gap -= expectation
        np.multiply(gap >= 0.0, TRUST_GAIN - TRUST_LOSS, out=room)
        room += TRUST_LOSS
        room *= gap
        trust += room
        np.clip(trust, 0.0, 1.0, out=trust)
        np.multiply(gap, ADAPTATION, out=room)
        expectation += room
        np.minimum(gap, 0.0, out=gap)
        gap *= DISAPPOINTMENT
        heard *= CONTAGION
        heard -= gap
        grievance *= 1.0 - CONTAGION - FADING
        grievance += heard
        np.clip(grievance, 0.0, 1.0, out=grievance)

        np.subtract(1.0, trust, out=room)
        room *= grievance
        room += people.spread_village(MOMENTUM * np.asarray(self.shares) - COST)
        np.less(u, room, out=active)
        counts = people.village_sum(active)
        self.note(counts)
        self.statistics = summarise(trust, grievance, expectation, round(counts.sum()))

    def state_bytes(self) -> int:
        """Columns that W uses, ties and the column to work in."""
        return self.used_bytes() + self.ties.nbytes + self.room.nbytes


IMPLEMENTATION = ParleyNumpyModel
