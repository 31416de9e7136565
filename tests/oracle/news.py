"""What comes down to people in a month: from institutions, from the place, and from chance.

Read off the running column model, so that the plain people of `plain_person` meet exactly what
the people in columns met. Nothing in here is a state of people.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

from oracle.arithmetic import Six

import parley.model
from parley.model import PartneringModel
from parley.schedule import SCHEDULE, Step
from parley.steps.government import officials_view

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
    blur: list[float]
    """How much an anonymous speaker happens to weigh."""
    reprisal: list[float]
    """Is punished for having been seen."""
    cases: dict[str, list[list[float]]]
    """By desk: files or gives up; turn in the queue; is heard; finds it just."""
    venture: list[list[float]]
    """Starts a venture; succeeds with it."""


@dataclass(frozen=True, slots=True)
class News:
    """One month. Lists run over villages unless it says otherwise; money in cents."""

    month: int
    agenda_month: bool
    draws: Draws

    absent: list[bool]
    """Whether the village's organisation stays away from a running partnership."""
    practising: bool
    """Whether any practice is carried out at all."""
    owner: str
    admits: str
    known: list[float]
    """By block: chance that those who invite know a person."""
    reach: float
    inclusive: float
    officials: Six
    """What local officials ask for."""
    legacy_erosion: float
    """How fast benefit wears away grievance over the past."""
    facilitation: float
    methods: float
    digital: float
    communication: float
    documentation: float
    desk_levels: dict[str, float]
    sheltered: list[float]
    """By person: part of the risk of reprisal that legal aid takes away."""
    filing_help: list[float]
    """By person: part of the step to filing that legal aid takes away."""
    outside_judge: float
    """Part of cases that an ombudsman decides."""
    protection: str
    judge: str
    separation: float
    protocols: float
    credibility: float
    room_weight: float
    agenda: Six
    agenda_announced: Six
    agenda_alone: Six

    successors: list[str]
    """Whom residents deal with through somebody new: `company`, `state`."""
    retention: float
    """What a successor inherits."""
    understood: float
    """What is not misread of what is said in the meeting."""

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
    told: list[float]
    """How far residents of a village know and heed what they are entitled to."""
    cash: dict[str, list[float]]
    """By payer: cash of interventions that each person is paid (median monthly incomes)."""
    livelihood_cash: list[float]
    """By person: what of it mends livelihoods."""
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
    spoilers: float
    reprisals_heard: float
    """Share of acquaintances said to have been punished, besides those who were."""
    fortune: float
    """What outside work brings, relative to an ordinary month."""
    heat: float
    """Part of the claims about the past ever filed that was open when the month began."""
    desk_beliefs: dict[str, list[float]]
    """By desk and village, when the month began."""
    remedies: dict[str, int]
    """By desk: paid for each case closed this month."""
    officers: float
    protest_wave: float
    standoff: list[bool]
    conceded: list[bool]
    force_granted: bool
    kept: list[float]
    broken: list[float]
    published: list[float]
    """Delays in delivery that a review made public, as broken promises."""
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
        beliefs = {name: office.belief.tolist() for name, office in model.desks.items()}
        forum = model.desks["forum"]
        heat = forum.open / forum.filed if forum.filed else 0.0
        with self._listening():
            model.step()
        news = self._news(credibility, nation.officers + sent)
        return replace(news, desk_beliefs=beliefs, heat=heat)

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
            blur=uniform("risk.blur", month, n).tolist(),
            reprisal=uniform("risk.reprisal", month, n).tolist(),
            cases={name: uniform(f"desk.{name}", month, (n, 4)).tolist() for name in model.desks},
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
            absent=now.absent.tolist(),
            practising=any(levels),
            owner=practices.owner,
            admits=practices.admits,
            known=state.known.tolist(),
            reach=float(effects.meeting_reach[now.index]),
            inclusive=levels.inclusive,
            officials=officials_view(model).tolist(),
            legacy_erosion=model.p.grievance.legacy_benefit_erosion
            * (1.0 + model.p.attributes.apology_healing * state.apologised),
            facilitation=levels.facilitation,
            methods=levels.consultation_methods,
            digital=levels.digital,
            communication=1.0 if now.in_full_view else levels.communication,
            documentation=levels.documentation,
            desk_levels={
                "desk": max(levels.complaints_desk, model.policy.ombudsman_level),
                "forum": levels.remedy_forum,
            },
            sheltered=model.policy.sheltered.tolist(),
            filing_help=model.policy.filing_help.tolist(),
            outside_judge=model.policy.ombudsman_judge,
            protection=model.protection,
            judge=model.judge,
            separation=practices.forum_separation,
            protocols=levels.protocols,
            credibility=credibility,
            room_weight=state.room_weight,
            agenda=state.agenda.tolist(),
            agenda_announced=state.agenda_announced.tolist(),
            agenda_alone=state.agenda_alone.tolist(),
            successors=list(now.successors),
            retention=now.retention,
            understood=now.understood,
            working=company.status == "open",
            stands_already=model.world.place.facts.ramp_up_months == 0.0,
            wages=now.wages,
            purchases=now.purchases,
            transfers=now.transfers_arrived,
            stores=self._stores,
            services=now.services.tolist(),
            entitlement=model.municipality.entitlement,
            told=model.policy.published.tolist(),
            cash={payer: amounts.tolist() for payer, amounts in now.cash.items()},
            livelihood_cash=(
                [0.0] * model.people.n
                if now.livelihood_cash is None
                else now.livelihood_cash.tolist()
            ),
            rent=max(company.trailing_rent, 0.0) * company.reference_revenue,
            beliefs=[organisation.belief_mean for organisation in model.organisations],
            new_commitments=now.new_commitments,
            price_gap=now.price_gap,
            growing=now.growing,
            seen_together=now.seen_together,
            environment=state.environment,
            safety_pressure=float(effects.safety_pressure[now.index]),
            spoilers=min(
                model.world.place.facts.spoiler_presence * float(effects.spoilers[now.index]), 1.0
            ),
            reprisals_heard=float(effects.reprisals_heard[now.index]),
            fortune=float(effects.outside_income[now.index]),
            heat=0.0,
            desk_beliefs={},
            remedies={name: office.remedy for name, office in model.desks.items()},
            officers=officers,
            protest_wave=float(effects.protest_wave[now.index]),
            standoff=[organisation.standoff for organisation in model.organisations],
            conceded=now.conceded.tolist(),
            force_granted=model.nation.force_months > 0,
            kept=now.kept.tolist(),
            broken=now.broken.tolist(),
            published=now.published.tolist(),
            deceived=now.deceived.tolist(),
        )
