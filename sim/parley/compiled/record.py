"""The month is recorded; twin of the means over people in `parley.measures`.

Every run of people equal in village, group and tags is summed by one thread, from its first person
to its last, so the sums have the same bits whatever the number of threads.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats, Ints
from parley.compiled.influence import measure_influence
from parley.compiled.jit import BLOCK, summing
from parley.measures import PLAIN_COLUMNS, measure_site
from parley.measures_livelihood import group_dependency
from parley.measures_risk import participation_harm
from parley.scenario_types import NEEDS
from parley.steps.livelihood import crowding, fortune

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

KINDS = 6
REALS = (*PLAIN_COLUMNS, "income_now", "outside_skill", "fear")
"""Columns that are averaged as they stand, under their own names."""
FLAGS = {"active_share": "active", "reprisals": "hit", "silent_share": "silent"}
"""Yes-no columns that are averaged, by name of outcome."""
DERIVED = (
    *("grievance_at_company", "grievance_at_state", "expectation_gap", "income_alone"),
    *("freedom_from_want", "served", "need_match"),
    *(f"secure_{need}" for need in NEEDS),
)
"""What `sum_derived` adds up, in its order."""


class Limits(NamedTuple):
    """Numbers of `sum_derived`; `outside` turns a start into what all would earn outside."""

    legacy_state_share: float
    threshold: float
    outside: float


class Lives(NamedTuple):
    """Columns and arrays of `sum_derived`."""

    grievance_operational: Floats
    grievance_partnership: Floats
    grievance_legacy: Floats
    blame_state: Floats
    aspiration: Floats
    shared_benefit: Floats
    matched: Floats
    security: Floats
    start_outside: Floats
    start_skill: Floats
    start_use: Floats
    outside_skill: Floats
    venture_income: Floats
    aid: Floats


@summing
def sum_reals(
    first: int, last: int, bounds: Ints, columns: tuple[Floats, ...], out: Floats
) -> None:
    """Sums of columns over runs of people."""
    for run in range(first, last):
        low, high = bounds[run], bounds[run + 1]
        for k in range(len(columns)):
            column, total = columns[k][low:high], 0.0
            for i in range(column.size):
                total += column[i]
            out[run, k] = total


@summing
def sum_flags(
    first: int, last: int, bounds: Ints, columns: tuple[npt.NDArray[np.uint8], ...], out: Floats
) -> None:
    """Counts of yes in columns over runs of people."""
    for run in range(first, last):
        low, high = bounds[run], bounds[run + 1]
        for k in range(len(columns)):
            column, count = columns[k][low:high], 0
            for i in range(column.size):
                count += column[i]
            out[run, k] = count


@summing
def sum_derived(first: int, last: int, bounds: Ints, people: Lives, p: Limits, out: Floats) -> None:
    """Sums over runs of people of what is worked out of several columns."""
    secure = np.empty(BLOCK, dtype=np.int64)
    for run in range(first, last):
        out[run, :] = 0.0
        for low in range(bounds[run], bounds[run + 1], BLOCK):
            high = min(low + BLOCK, bounds[run + 1])
            add_grievance(people, p, low, high, out[run])
            add_income(people, p, low, high, out[run])
            add_security(people.security[low:high], p, secure, out[run])


@summing
def add_grievance(people: Lives, p: Limits, low: int, high: int, out: Floats) -> None:
    """Grievance by whom it is aimed at, and the gap to what is aspired to."""
    at_work, past = people.grievance_operational[low:high], people.grievance_legacy[low:high]
    partners, blame = people.grievance_partnership[low:high], people.blame_state[low:high]
    total = 0.0
    for i in range(high - low):
        calm = (1.0 - at_work[i] * (1.0 - blame[i])) * (1.0 - partners[i])
        total += 1.0 - calm * (1.0 - past[i] * (1.0 - p.legacy_state_share))
    out[0] += total
    total = 0.0
    for i in range(high - low):
        calm = (1.0 - at_work[i] * blame[i]) * (1.0 - past[i] * p.legacy_state_share)
        total += 1.0 - calm
    out[1] += total
    aspired, shared, total = people.aspiration[low:high], people.shared_benefit[low:high], 0.0
    for i in range(high - low):
        total += max(aspired[i] - shared[i], 0.0)
    out[2] += total


@summing
def add_income(people: Lives, p: Limits, low: int, high: int, out: Floats) -> None:
    """Income without the company, cash it pays still included; see `without_company`."""
    start, skill = people.start_outside[low:high], people.outside_skill[low:high]
    start_skill, start_use = people.start_skill[low:high], people.start_use[low:high]
    ventures, aid, total = people.venture_income[low:high], people.aid[low:high], 0.0
    for i in range(high - low):
        skilled = skill[i] / start_skill[i] if start_skill[i] > 0.0 else 1.0
        timely = 1.0 / start_use[i] if start_use[i] > 0.0 else 1.0
        total += start[i] * skilled * timely * p.outside + ventures[i] + aid[i]
    out[3] += total
    matched, served, total = people.matched[low:high], 0, 0.0
    for i in range(high - low):
        served += matched[i] >= 0.0  # no number: not served
        total += matched[i] if matched[i] >= 0.0 else 0.0
    out[5] += served
    out[6] += total


@summing
def add_security(security: Floats, p: Limits, secure: Ints, out: Floats) -> None:
    """Who is secure in each respect, and in all."""
    size = security.shape[0]
    for i in range(size):
        secure[i] = 0
    for kind in range(KINDS):
        column, count = security[:, kind], np.int64(0)
        for i in range(size):
            enough = np.int64(column[i] >= p.threshold)
            secure[i] += enough
            count += enough
        out[7 + kind] += count
    free = 0
    for i in range(size):
        free += secure[i] == KINDS
    out[4] += free


def group_means(model: PartneringModel, crew: Crew) -> dict[str, Floats]:
    """Means over reporting groups, by name; see `parley.measures.personal`."""
    people, now = model.people, model.now
    bounds = np.append(people.block_starts, people.n)
    reals = {name: people[name] for name in REALS}
    reals |= {"harm": now.harm, "grievance_shown": now.shown_grievance}
    flags = {name: people[column].view(np.uint8) for name, column in FLAGS.items()}
    if now.is_agenda_month:
        flags["inclusion"] = people["attended"].view(np.uint8)
    names = (*reals, *flags, *DERIVED)
    sums = np.empty((people.n_blocks, len(names)))
    ends = np.cumsum([0, len(reals), len(flags), len(DERIVED)])
    parts = [sums[:, low:high] for low, high in pairwise(ends.tolist())]
    jobs = people.n_blocks
    crew.share_out(sum_reals, jobs, bounds, tuple(reals.values()), parts[0])
    crew.share_out(sum_flags, jobs, bounds, tuple(flags.values()), parts[1])
    crew.share_out(sum_derived, jobs, bounds, *of_lives(model), parts[2])
    if "company" in now.cash:
        sums[:, names.index("income_alone")] -= people.block_sum(now.cash["company"])
    return dict(zip(names, people.report_of(sums), strict=True))


def of_lives(model: PartneringModel) -> tuple[Lives, Limits]:
    """Columns and numbers of `sum_derived`."""
    people, start = model.people, model.state.livelihood
    columns = [
        *(people[name] for name in Lives._fields[:6]),
        *(model.now.matched, people["security"], start.outside, start.skill, start.use),
        *(people["outside_skill"], people["venture_income"], people["aid"]),
    ]
    elasticity = model.p.livelihood.outside_elasticity
    limits = Limits(
        float(model.world.place.facts.legacy_state_share),
        float(model.p.harm.security_threshold),
        float(crowding(1.0, start.mean_use) ** (elasticity - 1.0) * fortune(model)),
    )
    return Lives(*columns), limits


def record_month(model: PartneringModel, crew: Crew) -> None:
    """Write this month's outcomes into the recorder; see `parley.measures.measure_groups`."""
    recorder, measured = model.recorder, group_means(model, crew)
    alone, served = measured.pop("income_alone"), measured.pop("served")
    measured["dependency"] = group_dependency(measured["income_now"], alone)
    measured["need_match"] = np.divide(
        measured["need_match"], served, out=np.full(served.size, np.nan), where=served > 0
    )
    measured["reprisals"] *= 1000.0
    measured["participation_harm"] = participation_harm(model)
    agenda_month = model.now.is_agenda_month
    measured["influence"] = (
        measure_influence(model, crew) if agenda_month else recorder.last("influence")
    )
    if not agenda_month:
        measured["inclusion"] = recorder.last("inclusion")
    recorder.record(model.now.index, measured, measure_site(model, measured))
