"""What the model carries from month to month, and what one month's steps hand to each other.

People's state is in the population's columns, institutions' state on the institutions. The two
records here hold the rest: the site's stocks, and the values that one step of a month leaves for
a later step of the same month.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.dials import Levels
from parley.policy import Reached
from parley.tail_types import TailState

# Empty arrays hold nothing that could change, so all months may share them.
_NO_NUMBERS: Floats = np.zeros(0)
_NO_COUNTS: Ints = np.zeros(0, dtype=np.int64)
_NOBODY: Bools = np.zeros(0, dtype=np.bool_)


def _empty() -> Floats:
    return _NO_NUMBERS


def _no_counts() -> Ints:
    return _NO_COUNTS


def _nobody() -> Bools:
    return _NOBODY


@dataclass(frozen=True, slots=True)
class LivelihoodStart:
    """What people live on at the start of a run.

    Attributes:
        outside: shape (n,), income from outside work (median monthly incomes).
        use: shape (n,), use of the time for outside work, in [0, 1].
        skill: shape (n,), skill for outside work, in [0, 1].
        income: shape (n,), income in all (median monthly incomes).
        mean_use: mean of `use`.
        poorest: shape (n,), who counts as poorest.
    """

    outside: Floats
    use: Floats
    skill: Floats
    income: Floats
    mean_use: float
    poorest: Bools


def _no_livelihood() -> LivelihoodStart:
    blank = _empty()
    return LivelihoodStart(blank, blank, blank, blank, 1.0, _NOBODY)


@dataclass(slots=True)
class SiteState:
    """Stocks of the site that outlive a month.

    Attributes:
        log_price: log price relative to its long-run level.
        environment: environmental burden, at least 0.
        disruption: output share lost to blockades last month, in [0, 1].
        known: shape (n_blocks,), chance that those who invite know a person of the block.
        agenda: shape (6,), what the community budget is meant for.
        agenda_alone: shape (6,), what the company alone would have decided.
        agenda_announced: shape (6,), what the announced levels would have decided.
        room_weight: weight of the room in the present agenda, in [0, 1].
        skill_gained: skill that grants have added to community organisations, in [0, 1].
        goods: shape (n_villages, 6), public goods from the company's budget, unused so far
            (median monthly incomes per resident).
        goods_used: the same used up so far.
        state_goods: the same from the municipality.
        efficacy: shape (n_villages,), belief that acting together pays, in [0, 1].
        forced: shape (n,), people met by force since the company's last answer; it hurts this
            month's feelings and next month's security.
        expelled: whether the company has lost its place in a scheme of compulsory reporting.
        apologised: whether the company has apologised for the past.
        record: promises kept and broken in the last months, mean over residents, for disclosure.
        plan: shape (6,), what the company would do alone, as it has learned so far.
        reviewed: shape (n_villages, 6), goods handed over up to the last review.
        reported: performance as the last review had it, in [0, 1]; NaN before the first.
        experienced: what those goods were worth to people, in [0, 1]; NaN before the first.
        explained: precision that company statements have added since the last claims.
        talks: shape (n_villages,), villages to which the company has opened a dialogue.
        group_benefit: shape (n_groups,), mean shared benefit of each group last month.
        shared_out: what reached residents beyond wages in each of the last twelve months
            (shares of reference revenue).
        skills: shape (5,) by side, skills of each organisation, in [0, 1].
        latent_skill: shape (5,), skill of the community that nobody has counted yet.
        vocabulary: words that all parties understand alike, in [0, 1].
        terms: levels of the practices that are contract terms (sharing, seniority, years), as
            they stood when the room last met; they hold until it meets again.
        livelihood: what people live on at the start, set in the first month.
        tails: what each module of a rare disaster carries, by its key; empty without any.
        compensated: shape (n,), paid to each person for disasters so far (median monthly
            incomes); empty before the first payment.
    """

    log_price: float
    environment: float
    known: Floats
    agenda: Floats
    agenda_alone: Floats
    agenda_announced: Floats
    goods: Floats
    goods_used: Floats
    state_goods: Floats
    efficacy: Floats
    forced: Bools
    talks: Bools
    group_benefit: Floats
    shared_out: deque[float]
    skills: dict[str, Floats]
    latent_skill: Floats
    plan: Floats
    reviewed: Floats
    vocabulary: float = 0.0
    terms: Levels = field(default_factory=Levels)
    record: deque[tuple[float, float]] = field(default_factory=deque)
    expelled: bool = False
    apologised: bool = False
    disruption: float = 0.0
    room_weight: float = 0.0
    skill_gained: float = 0.0
    explained: float = 0.0
    livelihood: LivelihoodStart = field(default_factory=_no_livelihood)
    tails: dict[str, TailState] = field(default_factory=dict)
    compensated: Floats = field(default_factory=_empty)
    reported: float = float("nan")
    experienced: float = float("nan")


@dataclass(slots=True)
class Month:
    """Values that the steps of one month leave for later steps. Money in cents.

    Attributes are set by the step named in the comment; a step reads only what an earlier entry
    of the schedule has set.
    """

    index: int
    is_agenda_month: bool

    # outside drivers
    growing: float = 0.0
    price_gap: float = 0.0
    built: float = 1.0
    use: float = 1.0
    price_ratio: float = 1.0

    # rare disasters
    spilled: float = 0.0
    settled: Floats = field(default_factory=_empty)

    # posts and practices
    retention: float = 0.0
    successors: list[str] = field(default_factory=list)
    fidelity: float = float("nan")
    understood: float = 1.0

    # operations and budget
    rent: float = 0.0
    revenue: int = 0
    royalty: int = 0
    wages: int = 0
    purchases: int = 0
    operating: int = 0
    budget: int = 0
    for_community: int = 0
    process_planned: int = 0
    process_paid: int = 0
    transfers_planned: int = 0
    transfers_paid: int = 0
    outside_planned: int = 0
    outside_paid: int = 0
    due: Ints = field(default_factory=_no_counts)
    instalments_paid: Ints = field(default_factory=_no_counts)

    # interventions
    reached: tuple[Reached, ...] = ()
    intervention_due: list[int] = field(default_factory=list)
    intervention_costs: list[int] = field(default_factory=list)
    company_due: int = 0
    company_paid: int = 0
    facilitation_fee: float = 0.0
    company_cash_arrived: int = 0
    cash: dict[str, Floats] = field(default_factory=dict)
    livelihood_cash: Floats | None = None

    # the state
    seen_together: float = 1.0

    # the room
    agreed: bool = False
    rounds: int = 0
    room: Floats = field(default_factory=_empty)
    speaking: Floats = field(default_factory=_empty)
    directness: Floats = field(default_factory=_empty)
    community_hours: float = 0.0

    # the partnership
    absent: Bools = field(default_factory=_nobody)
    tempted: Floats = field(default_factory=_empty)
    at_work: Floats = field(default_factory=_empty)

    # reviews
    findings: bool = False
    published: Floats = field(default_factory=_empty)
    late: Floats = field(default_factory=_empty)

    # delivery
    kept: Floats = field(default_factory=_empty)
    broken: Floats = field(default_factory=_empty)
    deceived: Bools = field(default_factory=_nobody)
    projects_arrived: int = 0
    transfers_arrived: int = 0
    in_full_view: bool = False
    granted: list[tuple[int, int]] = field(default_factory=list)
    new_commitments: float = 0.0

    # benefits
    flow: Floats = field(default_factory=_empty)
    pay_per_head: Floats = field(default_factory=_empty)
    given_per_head: Floats = field(default_factory=_empty)
    handout_share: Floats = field(default_factory=_empty)
    handed_out: float = 0.0
    goods_value: float = 0.0
    matched: Floats = field(default_factory=_empty)
    services: Floats = field(default_factory=_empty)
    state_flow: Floats = field(default_factory=_empty)
    service_signal: Floats = field(default_factory=_empty)
    time_cost: Floats = field(default_factory=_empty)
    ruined: Bools = field(default_factory=_nobody)

    # people
    harm: Floats = field(default_factory=_empty)
    benefit_signal: Floats = field(default_factory=_empty)
    voice_signal: Floats = field(default_factory=_empty)
    company_positive: Floats = field(default_factory=_empty)
    company_negative: Floats = field(default_factory=_empty)
    state_signal: Floats = field(default_factory=_empty)
    community_signal: Floats = field(default_factory=_empty)

    # complaints, risk
    filed: Ints = field(default_factory=_no_counts)
    resolved: dict[str, Bools] = field(default_factory=dict)
    overdue: Bools = field(default_factory=_nobody)
    shown_grievance: Floats = field(default_factory=_empty)

    # mobilisation and response
    blocking_share: float = 0.0
    active_share: Floats = field(default_factory=_empty)
    events: Ints = field(default_factory=lambda: np.zeros(5, dtype=np.int64))
    response: int = -1
    conceded: Bools = field(default_factory=_nobody)

    @property
    def beyond_operating(self) -> int:
        """What the company paid beyond operating the site (cents).

        Practices, projects, transfers, what it spent elsewhere, and interventions it pays for.
        """
        projects = int(self.instalments_paid.sum())
        own = projects + self.transfers_paid + self.process_paid
        return own + self.outside_paid + self.company_paid
