"""W as plain Mesa objects: a registered agent with attributes for every resident."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from reduced.rules import (
    ADAPTATION,
    BENEFIT_NOISE,
    COMMUNITIES,
    CONTAGION,
    COST,
    DISAPPOINTMENT,
    FADING,
    MOMENTUM,
    STATISTICS,
    TRUST_GAIN,
    TRUST_LOSS,
    Record,
    tau,
)

if TYPE_CHECKING:
    from reduced.rules import Floats, Setting
    from reduced.world import World


class Resident(mesa.Agent):
    """One resident, who looks around before anybody acts."""

    def __init__(self, model: ObjectModel, row: int, start: tuple[float, ...], place: int) -> None:
        """Begin with (trust, grievance, income, expectation) in a community."""
        super().__init__(model)
        self.row = row
        self.trust, self.grievance, self.income, self.expectation = start
        self.community = place
        self.neighbours: list[Resident] = []
        self.heard = 0.0
        self.protesting = False

    def listen(self) -> None:
        """Hear the neighbours' grievance of last month."""
        if self.neighbours:
            total = 0.0
            for neighbour in self.neighbours:
                total += neighbour.grievance
            self.heard = total / len(self.neighbours)
        else:
            self.heard = self.grievance

    def act(self) -> None:
        """Judge the benefit, then decide whether to protest."""
        model, luck = self.model, self.random
        benefit = model.tau * self.income + BENEFIT_NOISE * luck.gauss(0.0, 1.0)
        gap = benefit - self.expectation
        moved = self.trust + (TRUST_GAIN if gap >= 0.0 else TRUST_LOSS) * gap
        self.trust = trust = min(max(moved, 0.0), 1.0)
        self.expectation += ADAPTATION * gap
        felt = self.grievance
        felt += CONTAGION * (self.heard - felt) + DISAPPOINTMENT * max(-gap, 0.0) - FADING * felt
        self.grievance = felt = min(max(felt, 0.0), 1.0)
        chance = felt * (1.0 - trust) + MOMENTUM * model.shares[self.community] - COST
        self.protesting = luck.random() < chance
        if self.protesting:
            model.counts[self.community] += 1


class GivenLuck:
    """Draws prepared beforehand, asked for like those of `random.Random`."""

    __slots__ = ("normal", "uniform")

    normal: float
    uniform: float

    def gauss(self, _mean: float, _sd: float) -> float:
        """The prepared normal draw."""
        return self.normal

    def random(self) -> float:
        """The prepared uniform draw."""
        return self.uniform


class GivenResident(Resident):
    """A resident whose luck is prepared."""

    random = None

    def __init__(self, model: ObjectModel, row: int, start: tuple[float, ...], place: int) -> None:
        """As a resident."""
        super().__init__(model, row, start, place)
        self.random = GivenLuck()


class ObjectModel(mesa.Model):
    """The baseline: how a Mesa model is usually written."""

    def __init__(self, world: World, setting: Setting) -> None:
        """Make an agent of every resident and tie them."""
        super().__init__(rng=setting.seed)
        self.given = setting.given
        kind = Resident if self.given is None else GivenResident
        starts = zip(
            world.trust.tolist(),
            world.grievance.tolist(),
            world.income.tolist(),
            world.expectation.tolist(),
            strict=True,
        )
        communities = world.community.tolist()
        self.residents = [kind(self, row, s, communities[row]) for row, s in enumerate(starts)]
        begins, ties = world.indptr.tolist(), world.indices.tolist()
        for row, resident in enumerate(self.residents):
            resident.neighbours = [self.residents[k] for k in ties[begins[row] : begins[row + 1]]]
        self.sizes = [communities.count(c) for c in range(COMMUNITIES)]
        self.counts = [0] * COMMUNITIES
        self.shares = [0.0] * COMMUNITIES
        self.tau = tau(0)
        self.month = 0
        self.protests: list[list[int]] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "mean_trust": lambda m: m.mean("trust"),
                "mean_grievance": lambda m: m.mean("grievance"),
                "sd_grievance": lambda m: m.spread("grievance"),
                "mean_expectation": lambda m: m.mean("expectation"),
                "protest_share": lambda m: sum(m.counts) / len(m.agents),
            }
        )

    def mean(self, name: str) -> float:
        """Mean of an attribute over everybody."""
        values: list[float] = self.agents.get(name)
        return sum(values) / len(values)

    def spread(self, name: str) -> float:
        """Standard deviation of an attribute over everybody."""
        values: list[float] = self.agents.get(name)
        mean = sum(values) / len(values)
        return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))

    def step(self) -> None:
        """One month."""
        self.tau = tau(self.month)
        self.counts = [0] * COMMUNITIES
        if self.given is not None:
            self._hand_out(self.given.normal[self.month], self.given.uniform[self.month])
        self.agents.do("listen")
        self.agents.shuffle_do("act")
        self.shares = [c / size for c, size in zip(self.counts, self.sizes, strict=True)]
        self.protests.append(self.counts)
        self.month += 1
        self.datacollector.collect(self)

    def _hand_out(self, normal: Floats, uniform: Floats) -> None:
        for resident, z, u in zip(self.residents, normal.tolist(), uniform.tolist(), strict=True):
            resident.random.normal, resident.random.uniform = z, u

    def advance(self, months: int) -> None:
        """Live some months."""
        for _ in range(months):
            self.step()

    def record(self) -> Record:
        """What was reported so far."""
        kept = self.datacollector.model_vars
        rows = list(zip(*(kept[name] for name in STATISTICS), strict=True))
        return Record(rows, self.protests)

    def state_bytes(self) -> int:
        """Not counted: objects are spread over the heap."""
        return 0


IMPLEMENTATION = ObjectModel
