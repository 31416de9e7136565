"""What comes down to people in a month: from institutions, from the place, and from chance.

Read off the running column model, so that the plain people of `plain_person` meet exactly what
the people in columns met. Nothing in here is a state of people.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from oracle.arithmetic import Six

import parley.model
from parley.model import PartneringModel
from parley.schedule import SCHEDULE, Step

HAND_OUT = "benefits reach people"
"""The step before which village goods are copied: it uses them up."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Public goods by village and kind before the month's use (median monthly incomes a head)."""

    company: list[Six]
    state: list[Six]


@dataclass(frozen=True, slots=True)
class Draws:
    """Uniform numbers, a row for each person."""

    meeting: list[list[float]]
    """Invited; comes."""
    weeks: list[list[float]]
    """Reconsiders in each of four weeks."""
    company: list[list[float]]
    """Hears of having been left out; sees the company; how contact went."""
    state: list[float]
    """Sees the state."""
    venture: list[list[float]]
    """Starts a venture; succeeds with it."""


@dataclass(frozen=True, slots=True)
class News:
    """One month. Lists run over villages unless it says otherwise; money in cents."""

    month: int
    agenda_month: bool
    draws: Draws

    practising: bool
    """Whether any practice is carried out at all."""
    owner: str
    admits: str
    known: list[float]
    """By block: chance that those who invite know a person."""
    reach: float
    inclusive: float
    facilitation: float
    methods: float
    digital: float
    communication: float
    protocols: float
    credibility: float
    room_weight: float
    agenda: Six
    agenda_announced: Six
    agenda_alone: Six

    working: bool
    """Whether the site works at all this month."""
    stands_already: bool
    """Whether the site is complete from the start."""
    wages: int
    purchases: int
    transfers: int
    stores: Stores
    services: Six
    entitlement: int
    rent: float
    """Trailing rent of the company, not below 0."""
    beliefs: list[float]
    """Log error of the rent each organisation believes in."""
    new_commitments: float
    price_gap: float
    growing: float

    seen_together: float
    """How far company and state are taken for one."""
    environment: float
    safety_pressure: float
    officers: float
    protest_wave: float
    standoff: list[bool]
    conceded: list[bool]
    force_granted: bool
    kept: list[float]
    broken: list[float]
    deceived: list[bool]


class Listener:
    """Steps a column model by a month and writes down what came down to its people."""

    def __init__(self, model: PartneringModel) -> None:
        self.model = model
        self._stores = Stores([], [])

    def month(self) -> News:
        """Let the model's next month pass; its people are changed, what they met is returned."""
        model = self.model
        credibility = model.believed_facilitation
        nation, p = model.nation, model.p.response
        sent = p.force_officers_per_1000 * model.people.n / 1000 if nation.force_months else 0.0
        with self._listening():
            model.step()
        return self._news(credibility, nation.officers + sent)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Put one entry into the schedule that copies and changes nothing."""
        copy = Step("copied for the oracle", "", self._copy)
        self.model.timings.setdefault(copy.label, 0.0)
        heard = [
            part
            for step in SCHEDULE
            for part in ([copy, step] if step.label == HAND_OUT else [step])
        ]
        with patch.object(parley.model, "SCHEDULE", tuple(heard)):
            yield

    def _copy(self, model: PartneringModel) -> None:
        self._stores = Stores(model.state.goods.tolist(), model.state.state_goods.tolist())

    def _draws(self) -> Draws:
        model, n, month = self.model, self.model.people.n, self.model.now.index
        uniform = model.streams.uniform
        return Draws(
            meeting=uniform("room.meet", month, (n, 2)).tolist(),
            weeks=uniform("mobilisation.redecide", month, (n, 4)).tolist(),
            company=uniform("appraisal.seen", month, (n, 3)).tolist(),
            state=uniform("appraisal.state_seen", month, n).tolist(),
            venture=uniform("livelihood.venture", month, (n, 2)).tolist(),
        )

    def _news(self, credibility: float, officers: float) -> News:
        model = self.model
        now, state, levels = model.now, model.state, model.site_team.levels
        effects, practices = model.effects, model.practices
        company = model.company
        return News(
            month=now.index,
            agenda_month=now.is_agenda_month,
            draws=self._draws(),
            practising=any(levels),
            owner=practices.owner,
            admits=practices.admits,
            known=state.known.tolist(),
            reach=float(effects.meeting_reach[now.index]),
            inclusive=levels.inclusive,
            facilitation=levels.facilitation,
            methods=levels.consultation_methods,
            digital=levels.digital,
            communication=levels.communication,
            protocols=levels.protocols,
            credibility=credibility,
            room_weight=state.room_weight,
            agenda=state.agenda.tolist(),
            agenda_announced=state.agenda_announced.tolist(),
            agenda_alone=state.agenda_alone.tolist(),
            working=company.status == "open",
            stands_already=model.world.place.facts.ramp_up_months == 0.0,
            wages=now.wages,
            purchases=now.purchases,
            transfers=now.transfers_arrived,
            stores=self._stores,
            services=now.services.tolist(),
            entitlement=model.municipality.entitlement,
            rent=max(company.trailing_rent, 0.0) * company.reference_revenue,
            beliefs=[organisation.belief_mean for organisation in model.organisations],
            new_commitments=now.new_commitments,
            price_gap=now.price_gap,
            growing=now.growing,
            seen_together=now.seen_together,
            environment=state.environment,
            safety_pressure=float(effects.safety_pressure[now.index]),
            officers=officers,
            protest_wave=float(effects.protest_wave[now.index]),
            standoff=[organisation.standoff for organisation in model.organisations],
            conceded=now.conceded.tolist(),
            force_granted=model.nation.force_months > 0,
            kept=now.kept.tolist(),
            broken=now.broken.tolist(),
            deceived=now.deceived.tolist(),
        )
