"""Step of the desks: people file, the longest waiting are heard, remedies are paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.desk import DECLARED, DESKS, OPEN, RESOLVED, WITHDRAWN
from parley.mechanisms import desk
from parley.practice_types import DIALS
from parley.steps.risk import cover

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats, Ints
    from parley.institutions.desk import Desk
    from parley.model import PartneringModel


def hear_cases(model: PartneringModel) -> None:
    """Both desks take cases and work on them.

    The partnership's desk hears present matters, the forum claims about the past. A part of what
    each desk costs fills its remedy account.
    """
    people, now, p = model.people, model.now, model.p.desk
    levels = model.site_team.levels
    now.filed = np.zeros(people.n, dtype=np.int64)
    now.resolved = {name: np.zeros(people.n, dtype=np.bool_) for name in DESKS}
    present = np.maximum(people["grievance_operational"], people["grievance_partnership"])
    ease = p.digital_ease * levels.digital
    dare = desk.dares(people["fear"], cover(model), p)
    for name, level, matter in (
        ("desk", levels.complaints_desk, present),
        ("forum", levels.remedy_forum, people["grievance_legacy"]),
    ):
        office = model.desks[name]
        office.start_month()
        price = float(model.dial_prices[DIALS.index(DESKS[name])])  # as it is this month
        fund = min(round(float(desk.remedy_fund(level, price, p))), now.process_paid)
        model.ledger.transfer("process", office.wallet, fund, "remedy_fund")
        # an ombudsman brings a desk of its own, paid by whoever pays for it
        open_to = max(level, model.policy.ombudsman_level) if name == "desk" else level
        servers = float(desk.servers(open_to, people.n, p))
        if servers > 0.0 or office.open:
            chance = desk.knows(open_to, p) * willing(model, office, matter, ease)
            chance *= dare
            work(model, office, servers, chance, dare)
    now.overdue = overdue(model)


def willing(model: PartneringModel, office: Desk, matter: Floats, ease: float) -> Floats:
    """Chance of filing of everybody, if they know of the desk and dare.

    Args:
        model: the running model.
        office: the desk.
        matter: shape (n,), grievance over its matters, in [0, 1].
        ease: part of the step to filing that is taken away for connected people, in [0, 1].

    Returns:
        shape (n,), in [0, 1].
    """
    people, p = model.people, model.p.desk
    own = ease * people["connected"]
    # help of an intervention takes away a part of the step that is left
    eased = own + model.policy.filing_help * (1.0 - own)
    chance = desk.filing_chance(eased, office.belief[people["village"]], p)
    pending = people[f"case_{office.name}"] == OPEN
    return np.where(desk.may_file(matter, pending, p), chance, 0.0)


def work(
    model: PartneringModel, office: Desk, servers: float, chance: Floats, dare: Floats
) -> None:
    """One month of a desk: some give up, some file, the longest waiting are heard.

    Args:
        model: the running model.
        office: the desk.
        servers: cases it can work on at a time; nobody files where there is none.
        chance: shape (n,), chance of filing, in [0, 1].
        dare: shape (n,), chance of daring to have a case, in [0, 1].
    """
    people, now, p = model.people, model.now, model.p.desk
    case, since = people[f"case_{office.name}"], people[f"since_{office.name}"]
    draws = model.streams.uniform(f"desk.{office.name}", now.index, (people.n, 4))
    leaves = (case == OPEN) & (draws[:, 0] >= (1.0 - p.withdraw_per_month) * dare)
    files = (draws[:, 0] < chance) & (servers > 0.0)
    case[leaves] = WITHDRAWN
    case[files] = OPEN
    since[files] = now.index
    now.filed += files
    office.withdrawn += int(leaves.sum())
    office.new_filed = int(files.sum())
    office.filed += office.new_filed
    rows = np.flatnonzero(case == OPEN)
    rank = desk.queue_rank(since[rows], draws[rows, 1])
    closed = rows[draws[rows, 2] < desk.closing_chance(rank, servers, p)]
    close(model, office, closed, draws[closed, 3])


def close(model: PartneringModel, office: Desk, rows: Ints, draws: Floats) -> None:
    """Declare cases closed, pay remedies as far as the account reaches, let claimants judge.

    Args:
        model: the running model.
        office: the desk.
        rows: shape (m,), people whose cases are closed.
        draws: shape (m,), draws for their judgement.
    """
    people, now, p = model.people, model.now, model.p.desk
    case, since = people[f"case_{office.name}"], people[f"since_{office.name}"]
    wanted = max(round(p.remedy_income * model.cents_per_income), 1)
    office.remedy = min(wanted, model.ledger.balance(office.wallet) // max(rows.size, 1))
    if rows.size == 0:
        return
    model.ledger.transfer(office.wallet, "people", office.remedy * rows.size, "remedy")
    content = draws < desk.resolved_chance(fairness(model), office.remedy / wanted, p)
    case[rows] = np.where(content, RESOLVED, DECLARED)
    now.resolved[office.name][rows] = content
    for name in ("benefit", "budget_benefit", "shared_benefit"):
        people[name][rows] += office.remedy / model.cents_per_income
    office.new_closed, office.new_resolved = rows.size, int(content.sum())
    office.closed += office.new_closed
    office.resolved += office.new_resolved
    office.waited = int((now.index - since[rows]).sum())
    home, villages = people["village"][rows], people.n_villages
    office.belief = desk.step_belief(
        office.belief,
        np.bincount(home[content], minlength=villages),
        np.bincount(home, minlength=villages),
        p,
    )


def fairness(model: PartneringModel) -> float:
    """Share of cases decided as claimants think just, given who judges, in [0, 1]."""
    p = model.p.desk
    match model.judge:
        case "company":
            inside = p.judge_company
        case "joint":
            inside = p.judge_joint
        case _:
            inside = p.judge_outside
    return inside + model.policy.ombudsman_judge * (p.judge_outside - inside)


def overdue(model: PartneringModel) -> Bools:
    """Who waits for an answer past its time, shape (n,)."""
    people, now = model.people, model.now
    late = np.zeros(people.n, dtype=np.bool_)
    for name, office in model.desks.items():
        if office.open:
            waits = now.index - people[f"since_{name}"] >= model.p.desk.due_months
            late |= (people[f"case_{name}"] == OPEN) & waits
    return late


def forum_heat(model: PartneringModel) -> float:
    """How far claims about the past that were ever filed are still open, in [0, 1]."""
    forum = model.desks["forum"]
    return desk.heat(forum.open, forum.filed)
