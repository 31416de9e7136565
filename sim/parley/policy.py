"""What interventions make of a month: from instrument and delivery to the values that rules read.

Pure: arrays and frozen values in, frozen values out. Whom an intervention reaches is nested in its
coverage: people and villages stand in one fixed order, and more coverage goes further down it.
Every value of a `Policy` is an input of a rule: a chance of detection, a yardstick, who pays, how
much money; never trust, grievance, protest or value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.intervention_kinds import load_kinds
from parley.intervention_types import Intervention

MONTHS_PER_YEAR = 12.0
CENTS_PER_USD = 100.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The values of a month that rules read. Those of `neutral` change nothing.

    Attributes:
        audit: added to the chance that diversion by municipality or contractor is found, where
            all of it is diverted; at least 0.
        published: shape (n_villages,), how far residents hold the municipality against their
            entitlement and not against habit, in [0, 1].
        facilitation_funded: part of the cost of facilitation paid from outside, in [0, 1].
        royalty_kept: what the place's own rule counts for the royalty, in [0, 1].
        royalty_added: share of the royalty added to that, in [0, 1].
        wages_raised, purchases_raised: rise of local wages and purchases, at least 0 (ratio).
        productivity_cost: extra cost for each unit moved to residents.
        skill_target: skill that community organisations gain in the long run, in [0, 1].
        skill_speed: part of the gap to it that closes in a month, in [0, 1].
        sheltered: shape (n,), part of the risk of reprisal taken away, in [0, 1].
        filing_help: shape (n,), part of what keeps from filing a case taken away, in [0, 1].
        ombudsman_level: level of the complaints desk from outside, in [0, 1].
        ombudsman_judge: part of decisions taken by a judge from outside, in [0, 1].
    """

    published: Floats
    sheltered: Floats
    filing_help: Floats
    audit: float = 0.0
    facilitation_funded: float = 0.0
    royalty_kept: float = 1.0
    royalty_added: float = 0.0
    wages_raised: float = 0.0
    purchases_raised: float = 0.0
    productivity_cost: float = 0.0
    skill_target: float = 0.0
    skill_speed: float = 0.0
    ombudsman_level: float = 0.0
    ombudsman_judge: float = 0.0


@dataclass(frozen=True, slots=True)
class Target:
    """Whom an intervention may reach, in the order in which it does.

    Attributes:
        rank: shape (n,), place in the order of the person (or of the person's village), from 0;
            -1 for those who are not eligible.
        eligible: how many people, or villages, stand in that order.
    """

    rank: Ints
    eligible: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom an intervention reaches in a month.

    Attributes:
        level: part of what is to be reached, in [0, 1]: of people in villages reached among all
            people for kinds that work on the site or by village, of the eligible for the others.
        people: shape (n,), whether a person is reached.
        count: how many people that are.
    """

    level: float
    people: Bools
    count: int


def neutral(n: int, n_villages: int) -> Policy:
    """The policy without interventions, for so many people and villages."""
    return Policy(published=np.zeros(n_villages), sheltered=np.zeros(n), filing_help=np.zeros(n))


def rolled_out(intervention: Intervention, month: int) -> float:
    """Coverage in a month: it grows in equal steps over the ramp, and is 0 outside the dates.

    `c(t) = coverage x min((t - first + 1) / ramp, 1)`

    Args:
        intervention: instrument and delivery.
        month: month of the run, from 0.

    Returns:
        Coverage, in [0, 1].

    Half of everybody over four months, from month 10: an eighth more each month.

    >>> from types import SimpleNamespace
    >>> one = SimpleNamespace(first=10, last=None, ramp_months=4, coverage=0.5,
    ...                       runs_in=lambda month: month >= 10)
    >>> [rolled_out(one, month) for month in (9, 10, 11, 13, 40)]
    [0.0, 0.125, 0.25, 0.5, 0.5]
    """
    if not intervention.runs_in(month):
        return 0.0
    return intervention.coverage * min(
        (month - intervention.first + 1) / intervention.ramp_months, 1.0
    )


def order(draws: Floats, eligible: Bools) -> tuple[Ints, int]:
    """Put the eligible into the order of their draws.

    Args:
        draws: shape (n,), one fixed draw each, in [0, 1).
        eligible: shape (n,).

    Returns:
        Rank from 0, shape (n,), -1 for those not eligible; and how many are.

    >>> order(np.array([0.9, 0.1, 0.5]), np.array([True, False, True]))
    (array([ 1, -1,  0]), 2)
    """
    rank = np.full(draws.size, -1, dtype=np.int64)
    rows = np.flatnonzero(eligible)
    rank[rows[np.argsort(draws[rows], kind="stable")]] = np.arange(rows.size)
    return rank, int(rows.size)


def reach(intervention: Intervention, target: Target, month: int) -> Reached:
    """Whom an intervention reaches in a month.

    Args:
        intervention: instrument and delivery.
        target: its order of people or villages.
        month: month of the run, from 0.

    Returns:
        Those reached. More coverage reaches all of them and perhaps others.
    """
    coverage = rolled_out(intervention, month)
    kind = load_kinds()[intervention.kind]
    n = target.rank.size
    if kind.reach == "site":
        everybody = np.full(n, coverage > 0.0)
        return Reached(coverage, everybody, int(everybody.sum()))
    places = round(coverage * target.eligible)
    people = (target.rank >= 0) & (target.rank < places)
    count = int(people.sum())
    whole = n if kind.reach == "villages" else target.eligible
    return Reached(count / whole if whole else 0.0, people, count)


def price(intervention: Intervention, reached: Reached, cents_per_income: int) -> int:
    """What an intervention costs in a month, as far as it is known before the month.

    The fund for the facilitator, the royalty rule and the hiring rule cost what they turn out to
    move; they are 0 here.

    Args:
        intervention: instrument and delivery.
        reached: whom it reaches.
        cents_per_income: cents in a median monthly income.

    Returns:
        Cents, at least 0.

    A dollar and twenty cents a year for 50 people: 500 cents a month.

    >>> from types import SimpleNamespace
    >>> one = SimpleNamespace(kind="ombudsman", strengths=(("price", 1.2),))
    >>> price(one, Reached(1.0, np.ones(50, dtype=bool), 50), 20_000)
    500
    """
    strengths = dict(intervention.strengths)
    if intervention.kind == "cash_transfer":
        return round(strengths["amount"] * cents_per_income) * reached.count
    per_person = strengths.get("price", 0.0) * CENTS_PER_USD / MONTHS_PER_YEAR
    share = reached.level if load_kinds()[intervention.kind].reach == "site" else 1.0
    return round(per_person * share * reached.count)


def grow_skill(gain: float, target: float, speed: float, fade: float) -> float:
    """Skill gained moves towards its target at the speed of the grant, and fades without one.

    `g' = g + s (T - g)` while there is a grant, `g' = g (1 - f)` without one.

    Args:
        gain: skill gained so far g, in [0, 1].
        target: skill gained in the long run T, in [0, 1].
        speed: part of the gap s that closes in a month, in [0, 1]; 0 without a grant.
        fade: part f lost in a month without a grant, in [0, 1].

    Returns:
        Next month's gain, in [0, 1].

    Source: assumption (exponential approach, as other stocks of skill).

    Half of the gap of 0.2 closes; later a tenth is lost.

    >>> round(grow_skill(0.1, target=0.3, speed=0.5, fade=0.1), 9)
    0.2
    >>> round(grow_skill(0.1, target=0.0, speed=0.0, fade=0.1), 9)
    0.09
    """
    if speed > 0.0:
        return gain + speed * (target - gain)
    return gain * (1.0 - fade)


def policy_of(
    interventions: Sequence[Intervention],
    reached: Sequence[Reached],
    funded: Sequence[float],
    village: Ints,
    start: Policy,
) -> Policy:
    """Put the values of all interventions of a month together.

    Args:
        interventions: those of the scenario.
        reached: whom each reaches.
        funded: part of its price that was paid, in [0, 1], each.
        village: shape (n,), village of every person.
        start: the neutral policy.

    Returns:
        The values that rules read.
    """
    policy = start
    for one, whom, share in zip(interventions, reached, funded, strict=True):
        apply = _APPLY.get(one.kind)  # cash is money, not a value: `steps/policy.py` pays it
        if apply and whom.count and share > 0.0:
            policy = apply(policy, dict(one.strengths), _Effect(whom, share, village))
    return policy


@dataclass(frozen=True, slots=True)
class _Effect:
    """One intervention in one month: whom it reaches, and how far it is paid for."""

    whom: Reached
    funded: float
    village: Ints

    @property
    def level(self) -> float:
        return self.whom.level * self.funded


type _Strengths = Mapping[str, float]


def _audit(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    published = p.published.copy()
    told = at.village[at.whom.people]
    published[told] = np.maximum(published[told], s["publication"] * at.funded)
    return replace(p, audit=p.audit + s["detection"] * at.level, published=published)


def _fund(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    part = s["fee_share"] * at.level
    return replace(p, facilitation_funded=min(p.facilitation_funded + part, 1.0))


def _royalty(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    rest = 1.0 - at.level
    added = rest * p.royalty_added + at.level * s["share"]
    return replace(p, royalty_kept=rest * p.royalty_kept, royalty_added=added)


def _hiring(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    return replace(
        p,
        wages_raised=p.wages_raised + s["wages_raised"] * at.level,
        purchases_raised=p.purchases_raised + s["purchases_raised"] * at.level,
        productivity_cost=s["productivity_cost"],
    )


def _capacity(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    target = min(p.skill_target + s["gain"] * at.level, 1.0)
    return replace(p, skill_target=target, skill_speed=max(p.skill_speed, 1.0 / s["months"]))


def _legal_aid(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    covered = at.whom.people * at.funded
    return replace(
        p,
        sheltered=np.maximum(p.sheltered, s["protection"] * covered),
        filing_help=np.maximum(p.filing_help, s["filing_help"] * covered),
    )


def _ombudsman(p: Policy, s: _Strengths, at: _Effect) -> Policy:
    level = s["level"] * at.level
    if level <= p.ombudsman_level:
        return p
    return replace(p, ombudsman_level=level, ombudsman_judge=s["judge"])


_APPLY: dict[str, Callable[[Policy, _Strengths, _Effect], Policy]] = {
    "entitlement_audit": _audit,
    "facilitator_fund": _fund,
    "royalty_rule": _royalty,
    "local_hiring": _hiring,
    "capacity_grant": _capacity,
    "legal_aid": _legal_aid,
    "ombudsman": _ombudsman,
}
