"""Four weeks of mobilisation; twin of `parley.steps.mobilise.mobilise`.

The month's grievance, stakes and opinion are put together once. Each week then looks at ties and
village, and draws only for those who want something else than they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Bools, Floats, Ints
from parley.compiled.draws import unit, words
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.compiled.ties import Rows, share_of_ties
from parley.institutions.company import OPEN
from parley.mechanisms import mobilisation
from parley.steps.bargain import villages_in_standoff
from parley.steps.mobilise import BLOCKADE, RUNGS, WEEKS, officers_present

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

RUNG_COUNT = len(RUNGS)
DIFFERS = RUNG_COUNT
"""Place in a block's tally of those who want something else; before it, people by rung."""


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
    before: npt.NDArray[np.uint8]
    visible: Floats
    rung: npt.NDArray[np.int8]
    after: npt.NDArray[np.uint8]
    tally: Ints


@kernel
def prepare(first: int, last: int, people: Moved, p: Mood) -> None:
    """What moves and what holds everybody this month, before others and risk come in."""
    full = np.empty(BLOCK)
    cost = np.empty(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.push.size)
        for i in range(low, high):
            calm = (1.0 - people.grievance_operational[i]) * (
                1.0 - p.partnership_weight * people.grievance_partnership[i]
            )
            full[i - low] = 1.0 - calm * (1.0 - p.legacy_weight * people.grievance_legacy[i])
        for i in range(low, high):
            cost[i - low] = (p.speech_fear * people.fear[i]) * (
                1.0 - p.speech_status * people.status[i]
            )
        for i in range(low, high):
            at = i - low
            people.silent[i] = (full[at] > 0.0) & (full[at] <= cost[at])
        for i in range(low, high):
            at = i - low
            people.shown[i] = full[at] if full[at] > cost[at] else 0.0
        for i in range(low, high):
            home = people.village[i]
            stake = max(people.stake[i], float(people.standoff[home]))
            hope = p.weight_efficacy * (people.efficacy[home] * stake)
            people.push[i] = p.weight_grievance * people.shown[i] + hope
        for i in range(low, high):
            people.drag[i] = p.weight_trust * (people.opinion[i] - 0.5)


@kernel
def week(  # noqa: PLR0913 - a run of blocks and four bundles
    first: int,
    last: int,
    people: Acting,
    ties: Rows,
    p: Step,
    key: npt.NDArray[np.uint64],
) -> None:
    """One week: who wants to act how far, and who of them reconsiders."""
    peers = np.empty(BLOCK)
    excess = np.empty(BLOCK)
    wanted = np.empty(BLOCK, dtype=np.int8)
    for block in range(first, last):
        low, high = rows_of(block, people.push.size)
        share_of_ties(ties, people.before, low, high, peers)
        for i in range(low, high):
            seen = people.visible[people.village[i]]
            peers[i - low] = p.neighbour_share * peers[i - low] + (1.0 - p.neighbour_share) * seen
        for i in range(low, high):
            held = p.weight_risk * (people.risk_aversion[i] * p.risk) + people.drag[i]
            excess[i - low] = (people.push[i] + p.weight_peers * peers[i - low]) - held
        for i in range(low, high):
            u, start = excess[i - low], people.threshold[i]
            wanted[i - low] = (
                np.int8(u > start)
                + np.int8(u > start + p.rung_step)
                + np.int8(u > start + 2.0 * p.rung_step)
                + np.int8(u > start + 3.0 * p.rung_step)
            )
        tally = people.tally[block]
        tally[:] = 0
        for i in range(low, high):
            if wanted[i - low] != people.rung[i]:
                tally[DIFFERS] += 1
                luck = words(i, key)[int(p.week)]
                if unit(luck) < p.redecide_share_per_week:
                    people.rung[i] = wanted[i - low]
        for i in range(low, high):
            people.after[i] = people.rung[i] > 0
        for i in range(low, high):
            tally[people.rung[i]] += 1


def mobilise(model: PartneringModel, crew: Crew) -> None:
    """Four times a month, some people reconsider whether and how far to act."""
    people, now, p, state = model.people, model.now, model.p.mobilisation, model.state
    get_ready(model, crew)
    officers = officers_present(model)
    before, after = people["active"].view(np.uint8), crew.array("acting", np.uint8)
    tally = crew.array("rungs", np.int64, (crew.blocks, RUNG_COUNT + 1))
    key = crew.key("mobilisation.redecide", now.index)
    counts = np.zeros(RUNG_COUNT + 1, dtype=np.int64)
    blocking = lost = 0.0
    for number in range(WEEKS):
        if number == 0 or counts[DIFFERS]:  # else nobody will ever move
            columns, step = of_week(model, crew, before, after)
            risk = float(mobilisation.risk(officers, float(np.count_nonzero(before)), p))
            step = step._replace(risk=risk, week=float(number))
            crew.run(week, columns, crew.ties, step, key)
            counts = tally.sum(axis=0)
            before, after = after, before
        reached = counts[:RUNG_COUNT][::-1].cumsum()[::-1] / people.n
        enough = np.r_[True, reached[1:] >= model.p.response.trigger_share]
        blocking += float(reached[BLOCKADE]) / WEEKS
        lost += float(mobilisation.disruption(float(reached[BLOCKADE]), p)) / WEEKS
        now.events[int(np.flatnonzero(enough)[-1])] += 1
    np.copyto(people["active"], before.view(np.bool_))
    now.blocking_share = blocking
    state.disruption = lost if model.company.status == OPEN else 0.0
    now.active_share = village_shares(model, people["active"])
    for rung, count in zip(RUNGS[1:], now.events[1:], strict=True):
        if count:
            model.note(rung, "residents", "company", float(count))


def get_ready(model: PartneringModel, crew: Crew) -> None:
    """Fill the month's arrays: what is shown, what moves people, what holds them."""
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


def of_week(
    model: PartneringModel, crew: Crew, before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]
) -> tuple[Acting, Step]:
    """Columns and numbers of a week in which those of `before` act when it begins."""
    wave = float(model.effects.protest_wave[model.now.index])
    arrays: dict[str, Any] = {
        "push": crew.array("push"),
        "drag": crew.array("drag"),
        "before": before,
        "after": after,
        "visible": np.minimum(village_shares(model, before) + wave, 1.0),
        "tally": crew.array("rungs", np.int64),
    }
    step = numbers_of(Step, model.p.mobilisation, risk=0.0, week=0.0)
    return columns_of(Acting, model.people, **arrays), step


def village_shares(model: PartneringModel, yes: Bools | npt.NDArray[np.uint8]) -> Floats:
    """Share of each village that says yes, shape (n_villages,)."""
    people = model.people
    starts, sizes = people.village_starts, people.village_sizes
    counts = [
        np.count_nonzero(yes[start : start + size])
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True)
    ]
    return np.array(counts) / sizes
