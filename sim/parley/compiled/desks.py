"""Complaints are heard; twin of the filing in `parley.steps.desks`.

Only those who may file, or have a case open, draw. The queue itself, which is short beside the
population, and the judgement stay in NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats, Ints
from parley.compiled.draws import WORDS, unit, words
from parley.compiled.jit import kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.institutions.desk import DESKS, OPEN, WITHDRAWN
from parley.mechanisms import desk
from parley.practice_types import DIALS
from parley.steps.desks import close
from parley.steps.risk import cover

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.institutions.desk import Desk
    from parley.model import PartneringModel

FILED, LEFT = 0, 1


class Filing(NamedTuple):
    """Numbers of `file_cases`."""

    file_threshold: float
    dare_fear: float
    withdraw_per_month: float
    authority_share: float
    seek_share: float
    belief_start: float
    problem_months: float
    knows: float
    ease: float
    month: float
    due_months: float
    helped: float


class Filers(NamedTuple):
    """Columns and arrays of `file_cases`: read, by village, written."""

    matter: Floats
    other_matter: Floats
    fear: Floats
    cover: Floats
    connected: npt.NDArray[np.uint8]
    filing_help: Floats
    village: npt.NDArray[np.uint16]
    belief: Floats
    usual: Floats
    case: npt.NDArray[np.int8]
    since: npt.NDArray[np.uint16]
    filed: npt.NDArray[np.int8]
    counts: Ints


@kernel
def chance_of(people: Filers, p: Filing, row: int) -> float:
    """Chance of filing of one person who is helped; see `desk.filing_chance`."""
    own = p.ease * people.connected[row]
    eased = own + people.filing_help[row] * (1.0 - own)
    most = max(p.seek_share, p.authority_share)
    share = p.authority_share + eased * (most - p.authority_share)
    share = min(share * (people.belief[people.village[row]] / p.belief_start), most)
    chance: float = -np.expm1(np.log1p(-share) / p.problem_months)
    return chance


@kernel
def file_cases(
    first: int, last: int, people: Filers, p: Filing, key: npt.NDArray[np.uint64]
) -> None:
    """Some give up their case, some file one."""
    for block in range(first, last):
        low, high = rows_of(block, people.case.size)
        filed, left = 0, 0
        for row in range(np.uint64(low), np.uint64(high)):
            waits = people.case[row] == OPEN
            matter = max(people.matter[row], people.other_matter[row])
            if not waits and not matter > p.file_threshold:
                continue
            dare = 1.0
            if people.fear[row] > 0.0:
                dare = np.exp(-p.dare_fear * (people.fear[row] * (1.0 - people.cover[row])))
            luck = unit(words(row, key)[0])
            if waits:
                if luck >= (1.0 - p.withdraw_per_month) * dare:
                    people.case[row] = WITHDRAWN
                    left += 1
                continue
            chance = people.usual[people.connected[row], people.village[row]]
            if p.helped > 0.0 and people.filing_help[row] > 0.0:
                chance = chance_of(people, p, row)
            if luck < (p.knows * chance) * dare:
                people.case[row] = OPEN
                people.since[row] = np.uint16(p.month)
                people.filed[row] += 1
                filed += 1
        people.counts[block, FILED], people.counts[block, LEFT] = filed, left


@kernel
def draw_for(rows: Ints, key: npt.NDArray[np.uint64], out: Floats) -> None:
    """All numbers of some people, shape (len(rows), `WORDS`)."""
    for at in range(rows.size):
        a, b, c, d = words(rows[at], key)
        out[at, 0], out[at, 1], out[at, 2], out[at, 3] = unit(a), unit(b), unit(c), unit(d)


def hear_cases(model: PartneringModel, crew: Crew) -> None:
    """Both desks take cases and work on them."""
    people, now, p = model.people, model.now, model.p.desk
    levels = model.site_team.levels
    now.filed = crew.array("filed", np.int8)
    now.filed[:] = 0
    now.resolved = {name: crew.array(f"resolved {name}", np.bool_) for name in DESKS}
    now.overdue = crew.array("overdue", np.bool_)
    now.overdue[:] = False
    at_work, partners = people["grievance_operational"], people["grievance_partnership"]
    past = people["grievance_legacy"]
    for name, level, matters in (
        ("desk", levels.complaints_desk, (at_work, partners)),
        ("forum", levels.remedy_forum, (past, past)),
    ):
        office = model.desks[name]
        office.start_month()
        now.resolved[name][:] = False
        price = float(model.dial_prices[DIALS.index(DESKS[name])])
        fund = min(round(float(desk.remedy_fund(level, price, p))), now.process_paid)
        model.ledger.transfer("process", office.wallet, fund, "remedy_fund")
        open_to = max(level, model.policy.ombudsman_level) if name == "desk" else level
        servers = float(desk.servers(open_to, people.n, p))
        if servers > 0.0 or office.open:
            knows = float(desk.knows(open_to, p)) if servers > 0.0 else 0.0
            take_cases(model, crew, office, knows, matters)
            work(model, crew, office, servers)
    for name, office in model.desks.items():
        if office.open:
            rows = np.flatnonzero(people[f"case_{name}"] == OPEN)
            waits = now.index - people[f"since_{name}"][rows] >= p.due_months
            now.overdue[rows[waits]] = True


def take_cases(
    model: PartneringModel,
    crew: Crew,
    office: Desk,
    knows: float,
    matters: tuple[Floats, Floats],
) -> None:
    """Who gives up and who files at a desk this month.

    Args:
        model: the running model.
        crew: its threads and arrays.
        office: the desk.
        knows: chance that a person knows it; 0 where nobody works on cases.
        matters: two kinds of grievance over its matters, shape (n,) each; the larger counts.
    """
    people, now, p = model.people, model.now, model.p.desk
    ease = p.digital_ease * model.site_team.levels.digital
    counts = crew.array("cases", np.int64, (crew.blocks, 2))
    hidden = np.broadcast_to(np.asarray(cover(model), dtype=np.float64), (people.n,))
    arrays: dict[str, Any] = {
        "matter": matters[0],
        "other_matter": matters[1],
        "cover": hidden,
        "filing_help": model.policy.filing_help,
        "belief": office.belief,
        "usual": desk.filing_chance(np.array([[0.0], [ease]]), office.belief, p),
        "case": people[f"case_{office.name}"],
        "since": people[f"since_{office.name}"],
        "filed": now.filed,
        "counts": counts,
    }
    others = {"knows": knows, "ease": float(ease), "month": float(now.index)}
    others["helped"] = float(model.policy is not model.neutral_policy)
    numbers = numbers_of(Filing, p, **others)
    key = crew.key(f"desk.{office.name}", now.index)
    crew.run(file_cases, columns_of(Filers, people, **arrays), numbers, key)
    filed, left = counts.sum(axis=0).tolist()
    office.withdrawn += left
    office.new_filed = filed
    office.filed += filed


def work(model: PartneringModel, crew: Crew, office: Desk, servers: float) -> None:
    """The longest waiting are heard; see `parley.steps.desks.work`."""
    people, p = model.people, model.p.desk
    case, since = people[f"case_{office.name}"], people[f"since_{office.name}"]
    rows = np.flatnonzero(case == OPEN)
    draws = np.empty((rows.size, WORDS))
    draw_for(rows, crew.key(f"desk.{office.name}", model.now.index), draws)
    rank = desk.queue_rank(since[rows], draws[:, 1])
    closed = np.flatnonzero(draws[:, 2] < desk.closing_chance(rank, servers, p))
    close(model, office, rows[closed], draws[closed, 3])
