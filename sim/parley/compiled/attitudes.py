"""Trust, expectations, grievance and opinion; twin of `parley.steps.attitudes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.appraisal import heard_of
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.compiled.voice import influence
from parley.mechanisms import grievance
from parley.mechanisms.appraisal import step_expected_influence
from parley.steps.attitudes import legacy_erosion

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel


class Hoping(NamedTuple):
    """Numbers of `hope`; `boom` is what price and arrival add this month."""

    adjustment_per_month: float
    own_weight: float
    promise_pull: float
    boom: float
    new_commitments: float


class Hoped(NamedTuple):
    """Columns of `hope`: read, then written; `near` is the mean benefit of ties."""

    near: Floats
    shared_benefit: Floats
    state_benefit: Floats
    aspiration: Floats
    state_aspiration: Floats


class Grieving(NamedTuple):
    """Numbers of `grieve`; `legacy_erosion` as it is this month."""

    harm_inflow: float
    shortfall_inflow: float
    voice_inflow: float
    deprivation_inflow: float
    overdue_inflow: float
    regulator_blame_share: float
    breach_inflow: float
    decay_per_month: float
    closure_relief: float
    legacy_decay_per_month: float
    legacy_erosion: float


class Grieved(NamedTuple):
    """Columns and arrays of `grieve`: read, by village, written."""

    harm: Floats
    forced: npt.NDArray[np.uint8]
    signal_benefit: Floats
    signal_voice: Floats
    service_signal: Floats
    deprivation: Floats
    overdue: npt.NDArray[np.uint8]
    ever_partner: npt.NDArray[np.uint8]
    content_desk: npt.NDArray[np.uint8]
    content_forum: npt.NDArray[np.uint8]
    village: npt.NDArray[np.uint16]
    broken: Floats
    grievance_operational: Floats
    grievance_partnership: Floats
    grievance_legacy: Floats
    blame_state: Floats


@kernel
def hope(first: int, last: int, people: Hoped, p: Hoping) -> None:
    """Aspirations follow benefits, promises and price; see `aspiration.step_aspiration`."""
    for block in range(first, last):
        low, high = rows_of(block, people.aspiration.size)
        benefit, aspired = people.shared_benefit[low:high], people.aspiration[low:high]
        near = people.near[low:high]
        for i in range(high - low):
            usual = p.own_weight * benefit[i] + (1.0 - p.own_weight) * near[i]
            promise = p.promise_pull * max((benefit[i] + p.new_commitments) - aspired[i], 0.0)
            kept = (1.0 - p.adjustment_per_month) * aspired[i]
            aspired[i] = ((kept + p.adjustment_per_month * usual) + promise) + p.boom
        served, used_to = people.state_benefit[low:high], people.state_aspiration[low:high]
        for i in range(high - low):
            used_to[i] += p.adjustment_per_month * (served[i] - used_to[i])


@kernel
def grieve(first: int, last: int, people: Grieved, p: Grieving) -> None:
    """Three stocks of grievance, and at whom the first is aimed."""
    inflow, at_state = np.empty(BLOCK), np.empty(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.harm.size)
        size = high - low
        arise(people, p, low, inflow[:size], at_state[:size])
        stock, blame = people.grievance_operational[low:high], people.blame_state[low:high]
        settled = people.content_desk[low:high]
        for i in range(size):
            left = 1.0 - stock[i]
            aimed = blame[i] * stock[i] + at_state[i] * left
            whole = stock[i] + inflow[i] * left
            share = aimed / whole if whole > 0.0 else blame[i]
            blame[i] = min(max(share, 0.0), 1.0)
        for i in range(size):
            ending = min(p.decay_per_month + p.closure_relief * settled[i], 1.0)
            stock[i] = (stock[i] + inflow[i] * (1.0 - stock[i])) - ending * stock[i]
        stock, home = people.grievance_partnership[low:high], people.village[low:high]
        partner = people.ever_partner[low:high]
        for i in range(size):
            ending = min(p.decay_per_month + p.closure_relief * settled[i], 1.0)
            fed = p.breach_inflow * (people.broken[home[i]] * partner[i])
            stock[i] = (stock[i] + fed * (1.0 - stock[i])) - ending * stock[i]
        stock, benefit = people.grievance_legacy[low:high], people.signal_benefit[low:high]
        healed = people.content_forum[low:high]
        for i in range(size):
            fading = p.legacy_decay_per_month + p.legacy_erosion * max(benefit[i], 0.0)
            stock[i] *= 1.0 - min(fading + p.closure_relief * healed[i], 1.0)


@kernel
def arise(people: Grieved, p: Grieving, low: int, inflow: Floats, at_state: Floats) -> None:
    """Operational grievance of the month in a block, and the part of it aimed at the state."""
    high = low + inflow.size
    harm, forced = people.harm[low:high], people.forced[low:high]
    benefit, voice = people.signal_benefit[low:high], people.signal_voice[low:high]
    behind, waits = people.deprivation[low:high], people.overdue[low:high]
    service = people.service_signal[low:high]
    for i in range(inflow.size):
        hurt = max(harm[i], np.float64(forced[i]))
        felt = p.harm_inflow * hurt + p.shortfall_inflow * max(-benefit[i], 0.0)
        felt = (felt + p.voice_inflow * max(-voice[i], 0.0)) + p.deprivation_inflow * behind[i]
        inflow[i] = min(felt + p.overdue_inflow * waits[i], 1.0)
    for i in range(inflow.size):
        hurt = max(harm[i], np.float64(forced[i]))
        regulator = (p.regulator_blame_share * p.harm_inflow) * hurt
        failing = p.shortfall_inflow * max(-service[i], 0.0)
        at_state[i] = regulator + min(failing, 1.0 - inflow[i])
    for i in range(inflow.size):
        hurt = max(harm[i], np.float64(forced[i]))
        regulator = (p.regulator_blame_share * p.harm_inflow) * hurt
        inflow[i] = (inflow[i] - regulator) + at_state[i]


@kernel
def mix(first: int, last: int, near: Floats, own: Floats, opinion: Floats, s: float) -> None:
    """Opinion between one's own view and the mean of one's ties; see `influence.step_opinion`."""
    for block in range(first, last):
        low, high = rows_of(block, opinion.size)
        new, view, others = opinion[low:high], own[low:high], near[low:high]
        for i in range(high - low):
            new[i] = s * others[i] + (1.0 - s) * view[i]


def move_expectations(model: PartneringModel, crew: Crew) -> None:
    """Aspirations follow benefits, promises and price; expected influence follows experience."""
    people, now, p = model.people, model.now, model.p.aspiration
    boom = p.price_pull_income * max(now.price_gap, 0.0) + p.arrival_pull_income * now.growing
    numbers = numbers_of(Hoping, p, boom=boom, new_commitments=now.new_commitments)
    crew.run(hope, columns_of(Hoped, people, near=heard_of(crew).benefit), numbers)
    if now.is_agenda_month:
        people["expected_influence"][:] = step_expected_influence(
            people["expected_influence"],
            influence(model, crew, model.state.agenda, "influence"),
            influence(model, crew, model.state.agenda_announced, "announced"),
            people["informed"],
            model.appraisal_per_decision,
        )


def move_grievance(model: PartneringModel, crew: Crew) -> None:
    """Three stocks: operations, the partnership itself, and the past."""
    people, now, p = model.people, model.now, model.p.grievance
    if now.index % p.deprivation_interval_months == 0:
        benefit = people["benefit"]
        scale = model.p.appraisal.benefit_scale_income + float(benefit.mean())
        people["deprivation"][:] = np.minimum(grievance.relative_deprivation(benefit) / scale, 1.0)
    arrays: dict[str, Any] = {
        "harm": now.harm,
        "forced": model.state.forced,
        "service_signal": now.service_signal,
        "overdue": now.overdue,
        "content_desk": now.resolved["desk"],
        "content_forum": now.resolved["forum"],
        "broken": now.broken,
    }
    numbers = numbers_of(Grieving, p, legacy_erosion=legacy_erosion(model))
    crew.run(grieve, columns_of(Grieved, people, **arrays), numbers)


def move_opinion(model: PartneringModel, crew: Crew) -> None:
    """Opinion of the company: own trust, mixed with what neighbours think."""
    people = model.people
    s = float(model.p.influence.opinion_susceptibility)
    crew.run(mix, heard_of(crew).opinion, people["trust_company"], people["opinion"], s)
