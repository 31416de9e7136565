"""What people feel about company, state and neighbours; twin of `parley.steps.appraise`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.draws import fill
from parley.compiled.functions import tanh
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.compiled.ties import Rows, means_of_ties
from parley.compiled.voice import DRAWS, hear
from parley.mechanisms import appraisal
from parley.mechanisms.bargain import bargaining_weight
from parley.mechanisms.grievance import tunnel
from parley.steps.appraise import chance_of_seeing, told_of_entitlement

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

TOLD = 3
"""What ties tell each other in one visit: how the company was felt, what one gets from it and what
one thinks of it. The last two are read when expectations and opinion move."""
GOOD, BAD, BENEFIT, OPINION, HEARD = range(5)
"""What one hears: good and bad feelings apart, benefit, opinion; each the mean over ties."""


class Judging(NamedTuple):
    """Numbers of `judge`."""

    adaptation_share: float
    benefit_scale_income: float
    weight_benefit: float
    weight_voice: float
    weight_promises: float
    weight_harm: float
    weight_contact: float
    seen_outside: float
    seen_inside: float


class Judged(NamedTuple):
    """Columns and arrays of `judge`: read, by village or group, written."""

    shared_benefit: Floats
    time_cost: Floats
    aspiration: Floats
    signal_voice: Floats
    informed: npt.NDArray[np.uint8]
    attended: npt.NDArray[np.uint8]
    harm: Floats
    forced: npt.NDArray[np.uint8]
    village: npt.NDArray[np.uint16]
    group: npt.NDArray[np.uint16]
    opinion: Floats
    fair: Floats
    promises: Floats
    settled: Floats
    hope: Floats
    signal_benefit: Floats
    told: Floats


class Heard(NamedTuple):
    """What `gossip` writes: the month's news of the company, and means over ties."""

    good: Floats
    bad: Floats
    benefit: Floats
    opinion: Floats


class Others(NamedTuple):
    """Numbers of `judge_others`."""

    adaptation_share: float
    benefit_scale_income: float
    entitled: float
    regulator_blame_share: float
    weight_benefit: float
    weight_harm: float
    seen: float


class Compared(NamedTuple):
    """Columns and arrays of `judge_others`: read, by village, written."""

    state_benefit: Floats
    state_aspiration: Floats
    budget_benefit: Floats
    harm: Floats
    forced: npt.NDArray[np.uint8]
    village: npt.NDArray[np.uint16]
    told: Floats
    equal_part: Floats
    service_signal: Floats
    state_signal: Floats
    community_signal: Floats


@kernel
def judge(first: int, last: int, people: Judged, p: Judging, key: npt.NDArray[np.uint64]) -> None:
    """The month's signal of everybody, 0 for those who see nothing."""
    draws, signal = np.empty(DRAWS * BLOCK), np.empty(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.harm.size)
        size = high - low
        feel_benefit(people, p, low, people.signal_benefit[low:high], signal)
        fill(draws, DRAWS * low, DRAWS * size, key)
        combine(people, p, low, draws, signal[:size])
        attended, told = people.attended[low:high], people.told[low:high]
        benefit, opinion = people.shared_benefit[low:high], people.opinion[low:high]
        for i in range(size):
            chance = p.seen_inside if attended[i] else p.seen_outside
            signal[i] = signal[i] if draws[DRAWS * i + 1] < chance else 0.0
        for i in range(size):
            told[i, 0], told[i, 1], told[i, 2] = signal[i], benefit[i], opinion[i]


@kernel
def combine(people: Judged, p: Judging, low: int, draws: Floats, signal: Floats) -> None:
    """Weighted mean of the comparisons that people of a block can make; see `appraisal.combine`."""
    high = low + signal.size
    felt, voice = people.signal_benefit[low:high], people.signal_voice[low:high]
    informed, attended = people.informed[low:high], people.attended[low:high]
    harm, forced, home = people.harm[low:high], people.forced[low:high], people.village[low:high]
    for i in range(signal.size):
        w = p.weight_benefit + p.weight_voice * (1 - informed[i])
        signal[i] = w * felt[i] + (p.weight_voice * voice[i] if informed[i] else 0.0)
    for i in range(signal.size):
        hurt = max(harm[i], np.float64(forced[i]))
        promise = p.weight_promises * people.promises[home[i]]
        known = promise if people.settled[home[i]] > 0.0 else 0.0
        signal[i] = (signal[i] + known) + (p.weight_harm * -min(hurt, 1.0) if hurt > 0.0 else 0.0)
    for i in range(signal.size):
        contact = p.weight_contact * (2.0 * draws[DRAWS * i + 2] - 1.0)
        signal[i] += contact if attended[i] else 0.0
    for i in range(signal.size):
        hurt = max(harm[i], np.float64(forced[i]))
        w = p.weight_benefit + p.weight_voice * (1 - informed[i])
        w += p.weight_voice * informed[i]
        w += p.weight_promises if people.settled[home[i]] > 0.0 else 0.0
        w += p.weight_harm if hurt > 0.0 else 0.0
        w += p.weight_contact * attended[i]
        signal[i] = min(max(signal[i] / (w if w > 0.0 else 1.0), -1.0), 1.0)


@kernel
def feel_benefit(people: Judged, p: Judging, low: int, felt: Floats, reference: Floats) -> None:
    """Benefit of a block against its reference; see `appraisal.benefit_signal`."""
    high = low + felt.size
    benefit, cost = people.shared_benefit[low:high], people.time_cost[low:high]
    aspired, home = people.aspiration[low:high], people.village[low:high]
    group = people.group[low:high]
    for i in range(felt.size):
        reference[i] = people.fair[home[i]] + p.adaptation_share * aspired[i]
    for i in range(felt.size):
        gap = (benefit[i] - cost[i]) - reference[i]
        felt[i] = tanh(gap / (p.benefit_scale_income + reference[i]))
    for i in range(felt.size):
        felt[i] = min(max(felt[i] + people.hope[group[i]], -1.0), 1.0)


@kernel
def gossip(first: int, last: int, ties: Rows, told: Floats, heard: Heard, p: Floats) -> None:
    """Hear from ties; p: factors on their good and bad news. See `influence.gossip`."""
    near = np.empty((BLOCK, HEARD))
    for block in range(first, last):
        low, high = rows_of(block, heard.good.size)
        means_of_ties(ties, told, low, high, near)
        own, good, bad = told[low:high], heard.good[low:high], heard.bad[low:high]
        for i in range(high - low):
            good[i] = min(max(own[i, 0], 0.0) + p[GOOD] * near[i, GOOD], 1.0)
        for i in range(high - low):
            bad[i] = min(max(-own[i, 0], 0.0) + p[BAD] * near[i, BAD], 1.0)
        benefit, opinion = heard.benefit[low:high], heard.opinion[low:high]
        for i in range(high - low):
            benefit[i] = near[i, BENEFIT]
        for i in range(high - low):
            opinion[i] = near[i, OPINION]


@kernel
def judge_others(
    first: int, last: int, people: Compared, p: Others, key: npt.NDArray[np.uint64]
) -> None:
    """Feelings about the state, seen by chance, and about what neighbours get."""
    draws, reference = np.empty(BLOCK), np.empty(BLOCK)
    norm = max(p.weight_benefit + p.weight_harm, 1e-12)
    for block in range(first, last):
        low, high = rows_of(block, people.state_signal.size)
        size = high - low
        home, habit = people.village[low:high], people.state_aspiration[low:high]
        for i in range(size):
            used_to = habit[i] + people.told[home[i]] * (p.entitled - habit[i])
            reference[i] = (1.0 - p.adaptation_share) * p.entitled + p.adaptation_share * used_to
        benefit, service = people.state_benefit[low:high], people.service_signal[low:high]
        for i in range(size):
            scale = p.benefit_scale_income + reference[i]
            service[i] = tanh((benefit[i] - reference[i]) / scale)
        fill(draws, low, size, key)
        harm, forced = people.harm[low:high], people.forced[low:high]
        signal = people.state_signal[low:high]
        for i in range(size):
            burden = max(p.regulator_blame_share * harm[i], np.float64(forced[i]))
            felt = (p.weight_benefit * service[i] - p.weight_harm * burden) / norm
            signal[i] = felt if draws[i] < p.seen else 0.0
        budget, community = people.budget_benefit[low:high], people.community_signal[low:high]
        for i in range(size):
            equal = people.equal_part[home[i]]
            community[i] = tanh((budget[i] - equal) / (p.benefit_scale_income + equal))


def appraise_company(model: PartneringModel, crew: Crew) -> None:
    """Five comparisons, weighed by those who see them; neighbours pass on what they saw."""
    people, now, p = model.people, model.now, model.p.appraisal
    outside, inside = chance_of_seeing(model, np.array([False, True]))
    hear(model, crew, float(outside))
    against = now.broken + now.published
    told = crew.array("told", shape=(people.n, TOLD))
    arrays: dict[str, Any] = {
        "time_cost": now.time_cost,
        "harm": now.harm,
        "forced": model.state.forced,
        "fair": (1.0 - p.adaptation_share) * fair_benefit(model),
        "promises": appraisal.promise_signal(now.kept, against),
        "settled": now.kept + against,
        "hope": group_hope(model),
        "told": told,
    }
    numbers = numbers_of(Judging, p, seen_outside=float(outside), seen_inside=float(inside))
    key = crew.key("appraisal.seen", now.index)
    crew.run(judge, columns_of(Judged, people, **arrays), numbers, key)
    now.benefit_signal, now.voice_signal = people["signal_benefit"], people["signal_voice"]
    influence = model.p.influence
    discount = influence.gossip_discount
    factors = np.array([discount, discount * influence.bad_news_factor])
    heard = heard_of(crew)
    crew.run(gossip, crew.ties, told, heard, factors)
    now.company_positive, now.company_negative = heard.good, heard.bad


def heard_of(crew: Crew) -> Heard:
    """What everybody heard from their ties this month."""
    return Heard(*(crew.array(f"heard {name}") for name in Heard._fields))


def fair_benefit(model: PartneringModel) -> Floats:
    """What each village thinks fair, shape (n_villages,), median monthly incomes a month."""
    company = model.company
    rent = max(company.trailing_rent, 0.0) * company.reference_revenue
    per_head = rent / model.people.n / model.cents_per_income
    belief = np.array([organisation.belief_mean for organisation in model.organisations])
    return appraisal.fair_benefit(bargaining_weight(model.p.bargain), per_head * np.exp(belief))


def group_hope(model: PartneringModel) -> Floats:
    """Hope that the gains of each group raise, shape (n_groups,); keeps the group's benefit."""
    people, state = model.people, model.state
    of_groups = people.report_mean(people["shared_benefit"])[1 : 1 + people.n_groups]
    if model.now.index == 0:
        state.group_benefit = of_groups
    change = (of_groups - state.group_benefit) / model.p.appraisal.benefit_scale_income
    state.group_benefit = of_groups
    hope: Floats = tunnel(change, float(model.now.index), model.p.grievance)
    return hope


def appraise_others(model: PartneringModel, crew: Crew) -> None:
    """The state is held against entitlement and habit, neighbours against an equal part."""
    people, now, p = model.people, model.now, model.p.appraisal
    numbers = numbers_of(
        Others,
        p,
        entitled=model.municipality.entitlement / people.n / model.cents_per_income,
        regulator_blame_share=model.p.grievance.regulator_blame_share,
        seen=float(appraisal.seen_probability(0.0, 0.0, p)),
    )
    names = ("service_signal", "state_signal", "community_signal")
    made = {name: crew.array(name) for name in names}
    arrays: dict[str, Any] = made | {
        "harm": now.harm,
        "forced": model.state.forced,
        "told": told_of_entitlement(model),
        "equal_part": people.village_mean(people["budget_benefit"]),
    }
    key = crew.key("appraisal.state_seen", now.index)
    crew.run(judge_others, columns_of(Compared, people, **arrays), numbers, key)
    now.service_signal, now.state_signal, now.community_signal = made.values()
