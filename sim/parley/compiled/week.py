"""Four weeks of mobilisation; twin of `parley.steps.mobilise.mobilise`.

The month's grievance, stakes and opinion are put together once. Each week then looks at ties and
village, and draws only for those who want something else than they do. How many of their ties act
is kept up to date by those who begin or cease to act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats, Ints
from parley.compiled.draws import unit, words
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.compiled.ties import Rows, count_ties
from parley.institutions.company import OPEN
from parley.mechanisms import mobilisation
from parley.steps.bargain import villages_in_standoff
from parley.steps.mobilise import BLOCKADE, RUNGS, WEEKS, officers_present

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

RUNG_COUNT = len(RUNGS)
DIFFERS, CHANGED, TALLY = RUNG_COUNT, RUNG_COUNT + 1, RUNG_COUNT + 2
"""A block's tally: people by rung, those who want something else, those who begin or cease."""


class Mood(NamedTuple):
    """Numbers of `prepare`."""

    partnership_weight: float
    legacy_weight: float
    weight_grievance: float
    weight_efficacy: float
    weight_trust: float
    speech_fear: float
    speech_status: float


class Moved(NamedTuple):
    """Columns and arrays of `prepare`: read, by village, written."""

    grievance_operational: Floats
    grievance_partnership: Floats
    grievance_legacy: Floats
    fear: Floats
    status: Floats
    stake: Floats
    opinion: Floats
    village: npt.NDArray[np.uint16]
    efficacy: Floats
    standoff: npt.NDArray[np.uint8]
    silent: npt.NDArray[np.uint8]
    shown: Floats
    push: Floats
    drag: Floats


class Step(NamedTuple):
    """Numbers of `week`."""

    weight_peers: float
    weight_risk: float
    neighbour_share: float
    rung_step: float
    redecide_share_per_week: float
    risk: float
    week: float


class Acting(NamedTuple):
    """Columns and arrays of `week`: read, by village, written."""

    push: Floats
    drag: Floats
    risk_aversion: Floats
    threshold: Floats
    village: npt.NDArray[np.uint16]
    acting_ties: npt.NDArray[np.uint32]
    visible: Floats
    active: npt.NDArray[np.uint8]
    rung: npt.NDArray[np.int8]
    moved: npt.NDArray[np.uint32]
    tally: Ints


@kernel
def prepare(first: int, last: int, people: Moved, p: Mood) -> None:
    """What moves and what holds everybody this month, before others and risk come in."""
    full, cost = np.empty(BLOCK), np.empty(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.push.size)
        size = high - low
        at_work, partners = (
            people.grievance_operational[low:high],
            people.grievance_partnership[low:high],
        )
        past, fear, status = (
            people.grievance_legacy[low:high],
            people.fear[low:high],
            people.status[low:high],
        )
        for i in range(size):
            calm = (1.0 - at_work[i]) * (1.0 - p.partnership_weight * partners[i])
            full[i] = 1.0 - calm * (1.0 - p.legacy_weight * past[i])
        for i in range(size):
            cost[i] = (p.speech_fear * fear[i]) * (1.0 - p.speech_status * status[i])
        silent, shown = people.silent[low:high], people.shown[low:high]
        for i in range(size):
            silent[i] = (full[i] > 0.0) & (full[i] <= cost[i])
        for i in range(size):
            shown[i] = full[i] if full[i] > cost[i] else 0.0
        home, stake, push = people.village[low:high], people.stake[low:high], people.push[low:high]
        for i in range(size):
            held = max(stake[i], float(people.standoff[home[i]]))
            hope = p.weight_efficacy * (people.efficacy[home[i]] * held)
            push[i] = p.weight_grievance * shown[i] + hope
        opinion, drag = people.opinion[low:high], people.drag[low:high]
        for i in range(size):
            drag[i] = p.weight_trust * (opinion[i] - 0.5)


@kernel
def look_at_all(
    first: int,
    last: int,
    ties: Rows,
    active: npt.NDArray[np.uint8],
    acting_ties: npt.NDArray[np.uint32],
) -> None:
    """How many ties of everybody act."""
    for block in range(first, last):
        low, high = rows_of(block, active.size)
        count_ties(ties, active, low, acting_ties[low:high])


@kernel
def week(
    first: int,
    last: int,
    people: Acting,
    ties: Rows,
    p: Step,
    key: npt.NDArray[np.uint64],
) -> None:
    """One week: who wants to act how far, and who of them reconsiders."""
    peers, wanted = np.empty(BLOCK), np.empty(BLOCK, dtype=np.int64)
    for block in range(first, last):
        low, high = rows_of(block, people.push.size)
        size = high - low
        look_around(people, ties, p, low, peers[:size])
        want(people, p, low, peers[:size], wanted[:size])
        rung, active, tally = people.rung[low:high], people.active[low:high], people.tally[block]
        differs = 0
        for i in range(size):
            differs += wanted[i] != rung[i]
        changed = 0
        if differs:
            for i in range(size):
                if wanted[i] != rung[i]:
                    luck = words(low + i, key)[int(p.week)]
                    if unit(luck) < p.redecide_share_per_week:
                        rung[i] = wanted[i]
                        if (rung[i] > 0) != active[i]:
                            people.moved[low + changed] = low + i
                            changed += 1
        tally[DIFFERS], tally[CHANGED] = differs, changed
        count_rungs(rung, tally)


@kernel
def look_around(people: Acting, ties: Rows, p: Step, low: int, peers: Floats) -> None:
    """Activity of others as each person of a block sees it; see `mobilisation.peers`."""
    size = peers.size
    begin, end = ties.starts[low : low + size], ties.starts[low + 1 : low + 1 + size]
    active, acting = people.active[low : low + size], people.acting_ties[low : low + size]
    home = people.village[low : low + size]
    for i in range(size):
        degree = np.int64(end[i]) - np.int64(begin[i])
        mean = np.int64(acting[i]) / max(degree, np.int64(1))
        peers[i] = mean if degree > 0 else np.float64(active[i])
    for i in range(size):
        seen = people.visible[home[i]]
        peers[i] = p.neighbour_share * peers[i] + (1.0 - p.neighbour_share) * seen


@kernel
def want(people: Acting, p: Step, low: int, peers: Floats, wanted: Ints) -> None:
    """The rung each person of a block would stand on; see `mobilisation.willingness`, `rung`."""
    size = peers.size
    averse, drag = people.risk_aversion[low : low + size], people.drag[low : low + size]
    push, threshold = people.push[low : low + size], people.threshold[low : low + size]
    excess = peers  # in place
    for i in range(size):
        held = p.weight_risk * (averse[i] * p.risk) + drag[i]
        excess[i] = (push[i] + p.weight_peers * peers[i]) - held
    for i in range(size):
        u, start = excess[i], threshold[i]
        wanted[i] = (
            np.int64(u > start)
            + np.int64(u > start + p.rung_step)
            + np.int64(u > start + 2.0 * p.rung_step)
            + np.int64(u > start + 3.0 * p.rung_step)
        )


@kernel
def count_rungs(rung: npt.NDArray[np.int8], tally: Ints) -> None:
    """People of a block by rung."""
    one, two, three, four = 0, 0, 0, 0
    for i in range(rung.size):
        one += rung[i] >= 1
        two += rung[i] >= 2
        three += rung[i] >= 3
        four += rung[i] >= 4
    tally[0] = rung.size - one
    tally[1], tally[2], tally[3], tally[4] = one - two, two - three, three - four, four


@kernel
def tell(people: Acting, ties: Rows) -> None:
    """Whoever began or ceased to act is seen by their ties; one thread, for ties cross blocks."""
    for block in range(people.tally.shape[0]):
        low = block * BLOCK
        for at in range(people.tally[block, CHANGED]):
            row = people.moved[low + at]
            begins = people.active[row] == 0
            people.active[row] = begins
            for k in range(ties.starts[row], ties.starts[row + 1]):
                if begins:
                    people.acting_ties[ties.neighbours[k]] += np.uint32(1)
                else:
                    people.acting_ties[ties.neighbours[k]] -= np.uint32(1)


def mobilise(model: PartneringModel, crew: Crew) -> None:
    """Four times a month, some people reconsider whether and how far to act."""
    people, now, p, state = model.people, model.now, model.p.mobilisation, model.state
    get_ready(model, crew)
    officers = officers_present(model)
    key = crew.key("mobilisation.redecide", now.index)
    counts = np.zeros(TALLY, dtype=np.int64)
    blocking = lost = 0.0
    for number in range(WEEKS):
        if number == 0 or counts[DIFFERS]:  # else nobody will ever move
            columns = of_week(model, crew)
            risk = float(mobilisation.risk(officers, float(np.count_nonzero(people["active"])), p))
            step = numbers_of(Step, p, risk=risk, week=float(number))
            crew.run(week, columns, crew.ties, step, key)
            counts = columns.tally.sum(axis=0)
            if counts[CHANGED]:
                tell(columns, crew.ties)
        reached = counts[:RUNG_COUNT][::-1].cumsum()[::-1] / people.n
        enough = np.r_[True, reached[1:] >= model.p.response.trigger_share]
        blocking += float(reached[BLOCKADE]) / WEEKS
        lost += float(mobilisation.disruption(float(reached[BLOCKADE]), p)) / WEEKS
        now.events[int(np.flatnonzero(enough)[-1])] += 1
    np.copyto(crew.array("known to act", np.bool_), people["active"])
    now.blocking_share = blocking
    state.disruption = lost if model.company.status == OPEN else 0.0
    now.active_share = village_shares(model)
    for rung, count in zip(RUNGS[1:], now.events[1:], strict=True):
        if count:
            model.note(rung, "residents", "company", float(count))


def get_ready(model: PartneringModel, crew: Crew) -> None:
    """Fill the month's arrays: what is shown, what moves people, what holds them, who acts near."""
    shown = crew.array("shown")
    arrays: dict[str, Any] = {
        "shown": shown,
        "push": crew.array("push"),
        "drag": crew.array("drag"),
        "efficacy": model.state.efficacy,
        "standoff": villages_in_standoff(model),
    }
    risk = model.p.risk
    mood = numbers_of(
        Mood,
        model.p.mobilisation,
        speech_fear=risk.speech_fear,
        speech_status=risk.speech_status,
    )
    crew.run(prepare, columns_of(Moved, model.people, **arrays), mood)
    model.now.shown_grievance = shown
    active, known = model.people["active"], crew.array("known to act", np.bool_)
    if model.now.index == 0 or not np.array_equal(active, known):  # else ties were told last month
        crew.run(
            look_at_all, crew.ties, active.view(np.uint8), crew.array("acting_ties", np.uint32)
        )


def of_week(model: PartneringModel, crew: Crew) -> Acting:
    """Columns and arrays of a week."""
    wave = float(model.effects.protest_wave[model.now.index])
    arrays: dict[str, Any] = {
        "push": crew.array("push"),
        "drag": crew.array("drag"),
        "acting_ties": crew.array("acting_ties", np.uint32),
        "visible": np.minimum(village_shares(model) + wave, 1.0),
        "moved": crew.array("moved", np.uint32),
        "tally": crew.array("rungs", np.int64, (crew.blocks, TALLY)),
    }
    return columns_of(Acting, model.people, **arrays)


def village_shares(model: PartneringModel) -> Floats:
    """Share of each village that acts, shape (n_villages,)."""
    people = model.people
    active, starts, sizes = people["active"], people.village_starts, people.village_sizes
    counts = [
        np.count_nonzero(active[start : start + size])
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)
    ]
    return np.array(counts) / sizes
