"""The model: owns the state, the streams, the institutions, the ledger and the month."""

from __future__ import annotations

import math
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

import mesa
import numpy as np

from parley.backend import check_backend, passes_of
from parley.build import (
    build_company,
    build_desks,
    build_organisations,
    build_partnership,
    dial_prices,
    expectations,
    first_state,
    foreseen_rent,
    resting_pressure,
    six,
)
from parley.draw_ahead import streams_of
from parley.errors import RunError
from parley.event_effects import event_effects
from parley.institutions.channel import CHANNELS, Channel
from parley.institutions.community import Facilitator
from parley.institutions.desk import DESKS
from parley.institutions.government import Municipality, NationalGovernment
from parley.ledger import Ledger
from parley.mechanisms.bargain import facilitator_credibility
from parley.mechanisms.distribution import temptation
from parley.mechanisms.trust import start_counts
from parley.network import build_ties
from parley.policy import neutral
from parley.population import Population, build_population
from parley.practice_types import UNPROTECTED
from parley.promises import PromiseBook
from parley.recorder import Recorder
from parley.registry import load_registry
from parley.results import Event
from parley.scenario_types import NEEDS
from parley.schedule import SCHEDULE
from parley.state import Month
from parley.steps.chain import fill_posts
from parley.steps.policy import targets
from parley.steps.skills import needed_skill, ordinary_growth

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.drawn import Drawn
    from parley.practice_types import Practices
    from parley.scenario_types import Scenario

WALLETS = (
    "market",
    "suppliers",
    "headquarters",
    "nation",
    "company",
    "municipality",
    "people",
    "builders",
    "process",
    "overhead",
    "donor",
    "programmes",
    *CHANNELS,
    *(f"diverted:{name}" for name in CHANNELS),
    *(f"remedy:{name}" for name in DESKS),
)
OUTSIDE_WALLETS = ("market", "suppliers", "headquarters", "nation", "donor")
OWN_CHANNELS = ("contractor", "organisations", "transfers")
PAYER_SHARES = {"company": 1.0, "pooled": 0.5, "donor": 0.0, "state": 0.0}


class PartneringModel(mesa.Model):
    """One place, one firm, its neighbours and their governments, month by month.

    Attributes:
        world: the scenario.
        p: its parameters.
        phase: the stack that the scenario foresees for now.
        stack: the stack that is announced, which may have moved on from that.
        practices: the stack in force: the announced one, without its practices where there is no
            partnership to carry them.
        streams: named random streams.
        posts: the posts of all chains of command, each a Mesa agent.
        people: everybody, as columns; each row can be seen as a Mesa agent.
        ties: who is tied to whom.
        state: stocks of the site.
        now: values of the month that is running.
        policy: the values that interventions set this month; neutral without any.
        ledger: every cent has a wallet.
        promises: every project promised.
        recorder: what the run reports.
        timings: seconds spent in each step of the schedule.
        at_step: label of the step that is running.
        passes: compiled passes that run in place of entries of the schedule, by label.
    """

    def __init__(
        self,
        world: Scenario,
        root_seed: int = 0,
        replicate: int = 0,
        backend: str = "numpy",
        drawn: Drawn | None = None,
    ) -> None:
        """Build the world of a scenario.

        Args:
            world: a resolved scenario.
            root_seed: seed of the batch, at least 0.
            replicate: which draw of luck, at least 0.
            backend: who does the people's arithmetic, one of `parley.backend.BACKENDS`.
            drawn: people and ties of this world and luck, where they have been drawn before.

        Raises:
            ScenarioError: the backend is unknown.
            MissingExtraError: the backend is not installed.
        """
        check_backend(backend)
        self.streams = streams_of(root_seed, replicate, world.months, world.population)
        super().__init__(rng=self.streams.generator("mesa", 0))
        self.world = world
        self.p = world.parameters
        self.phase = self.stack = self.practices = world.practices.in_force(0)
        facts, practices = world.place.facts, self.practices
        self.people: Population = build_population(world, self.streams, self, drawn=drawn)
        self.ties = drawn.ties if drawn else build_ties(self.people, self.p.influence, self.streams)
        self.effects = event_effects(
            world.place.events, world.months, facts.election_interval_months
        )
        self.cents_per_income = round(facts.median_income_usd * 100)
        self.ledger = Ledger(WALLETS, self.cents_per_income, OUTSIDE_WALLETS, CHANNELS)
        self.promises = PromiseBook()
        self.company = build_company(self)
        self.site_team = self.company.site_team
        self.nation = NationalGovernment(
            self, facts.officers_per_1000 * self.people.n / 1000.0, facts.force_alignment_share
        )
        self.municipality = Municipality(
            self,
            facts.state_capacity,
            round(facts.municipal_income_per_month * self.people.n * self.cents_per_income),
            facts.trust_state,
        )
        self.organisations = build_organisations(self)
        self.facilitator = Facilitator(
            self, self.p.bargain.credibility_start, PAYER_SHARES[practices.payer]
        )
        share = self.p.distribution.diverted_start_share
        tempted = temptation(share, self.p.distribution)
        self.channels = {
            name: Channel(self, name, share, tempted, audited=name in OWN_CHANNELS)
            for name in CHANNELS
        }
        self.posts = fill_posts(self)
        self.policy = self.neutral_policy = neutral(self.people.n, self.people.n_villages)
        self.targets = targets(self)
        self._derive()
        self.desks = build_desks(self)
        self.partnership = build_partnership(self)
        self.state = first_state(self)
        self.company.expected_rent = foreseen_rent(
            world.place, world.months, self.p.budget, self.p.price
        )
        self._start_record()
        self.now = Month(index=-1, is_agenda_month=False)
        self.passes = passes_of(backend, self)

    def _start_record(self) -> None:
        """What is kept of the run, empty so far."""
        reporting = self.people.reporting_groups
        self.recorder = Recorder(load_registry().outcomes, self.world.months, reporting)
        self.timings = {step.label: 0.0 for step in SCHEDULE}
        self.at_step: str | None = None

    def _derive(self) -> None:
        """Constants of the run that steps read every month."""
        people, facts, p = self.people, self.world.place.facts, self.p
        self.dial_prices, self.dial_hours, self.dial_skill = dial_prices(self)
        self.dial_needs, self.ordinary_growth = needed_skill(), ordinary_growth(self)
        # influence is learned once per decision, at what the monthly rate adds up to between two
        kept = (1.0 - p.appraisal.influence_learning_per_month) ** p.room.agenda_interval_months
        self.appraisal_per_decision = replace(p.appraisal, influence_learning_per_month=1.0 - kept)
        self.hour_price = p.practices.hour_cost_income * self.cents_per_income
        sizes = people.block_sizes.astype(np.float64)
        self.block_status = people.block_sum(people["status"]) / sizes
        self.block_known_factor = people.block_sum(people["known_factor"]) / sizes
        self.mean_needs: Floats = people["needs"].mean(axis=0)
        served = people.spread_block(people.block_marginalised.astype(np.float64)) > 0.0
        served |= not served.any()  # without marginalised people an outsider speaks for everybody
        self.served_needs: Floats = people["needs"][served].mean(axis=0)
        self.leader_needs: Floats = people["needs"][people["leader"]].mean(axis=0)
        largest = int(np.argmax(people.report_counts[1 : 1 + people.n_groups]))
        self.majority_needs: Floats = people["needs"][people["group"] == largest].mean(axis=0)
        self.official_interest = np.eye(len(NEEDS))[NEEDS.index("services")]
        self.company_interest = six(facts.company_interest)
        self.base_pressure = resting_pressure(people["security"], p.harm)
        self.start_trust = {
            target: people[f"trust_{target}"].copy() for target in ("company", "state", "community")
        }
        self.trust_priors = {
            target: start_counts(level, p.trust) for target, level in self.start_trust.items()
        }

    def adopt(self, practices: Practices) -> None:
        """Announce another stack of practices; contract terms stay until the room meets.

        What partners expect moves by what the new stack promises more, or costs more, than the old.
        """
        before = expectations(self)
        self.stack = self.practices = practices
        self.facilitator.company_payer_share = PAYER_SHARES[practices.payer]
        self.dial_prices, self.dial_hours, self.dial_skill = dial_prices(self)
        self.partnership.expect(before, expectations(self))

    @property
    def decision_rights(self) -> float:
        """Formal decision rights of the room under the present owner of the process, in [0, 1]."""
        p = self.p.room
        company = self.practices.owner == "company"
        return p.rights_company_owned if company else p.rights_joint_owned

    @property
    def discloses(self) -> bool:
        """Whether reporting is compulsory and not just paid for."""
        return self.practices.disclosure and self.practices.hooks_connected

    @property
    def judge(self) -> str:
        """Who decides about complaints; the company where hooks are cut, as without practices."""
        return self.practices.judge if self.practices.hooks_connected else "company"

    @property
    def protection(self) -> str:
        """What shields those who take part; nothing where hooks are cut."""
        return self.practices.protection if self.practices.hooks_connected else UNPROTECTED

    @property
    def believed_facilitation(self) -> float:
        """How far a facilitator's word is believed, given who pays, in [0, 1]."""
        return float(
            facilitator_credibility(
                self.facilitator.credibility,
                self.facilitator.company_payer_share * (1.0 - self.policy.facilitation_funded),
                self.p.bargain,
            )
        )

    def village_name(self, village: int) -> str:
        """Name of a village, counted from 1."""
        return f"village {village + 1}"

    def producing_area_share(self) -> float:
        """Part of the royalty that stays in the producing area this month, in [0, 1]."""
        share = 0.0
        for month, value in self.world.place.producing_area_share:
            if month <= self.now.index:
                share = value
        return share

    def note(self, kind: str, actor: str, target: str, amount: float = math.nan) -> None:
        """Write an event of this month into the record."""
        self.recorder.note(Event(self.now.index, kind, actor, target, amount))

    def step(self) -> None:
        """One month: every entry of the schedule in order.

        Raises:
            RunError: the run has already reached its last month.
        """
        index = self.now.index + 1
        if index >= self.world.months:
            raise RunError(f"the run ends after {self.world.months} months")
        interval = self.p.room.agenda_interval_months
        self.now = Month(index=index, is_agenda_month=index % interval == 0)
        self.ledger.start_month()
        started = perf_counter()
        for entry in SCHEDULE:
            self.at_step = entry.label
            self.passes.get(entry.label, entry.run)(self)
            ended = perf_counter()
            self.timings[entry.label] += ended - started
            started = ended
        self.at_step = None

    def run_model(self) -> None:
        """Step to the scenario's last month."""
        try:
            while self.now.index < self.world.months - 1:
                self.step()
        finally:
            self.streams.close()
