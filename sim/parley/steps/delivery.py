"""Steps of delivery: pay through the channels, work on the tasks, promise, learn to divert."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import distribution
from parley.mechanisms.delivery import BROKEN, OPEN, task_done, task_hazard, verifiable_share
from parley.promises import CONTRACT, MAX_TASKS, PROJECT, SETTLEMENT, NewPromises

if TYPE_CHECKING:
    from parley.arrays import Floats, Ints
    from parley.model import PartneringModel


def pay_channels(model: PartneringModel) -> None:
    """Money passes through channels; part is diverted, part is overhead, the rest arrives.

    Projects run through community organisations as far as the room decided on them, and through
    the company's contractor for the rest. A stack that delivers nothing pays outside suppliers
    instead of people.
    """
    now, book = model.now, model.promises
    book.pay(now.index, now.instalments_paid)
    total = int(now.instalments_paid.sum())
    through_room = round(model.state.room_weight * total)
    arrived = pass_through(model, "organisations", "company", "builders", through_room)
    arrived += pass_through(model, "contractor", "company", "builders", total - through_room)
    if model.world.practices.delivers:
        now.transfers_arrived = pass_through(
            model, "transfers", "company", "people", now.transfers_paid
        )
    else:
        model.ledger.transfer("company", "suppliers", now.transfers_paid, "undelivered")
    now.projects_arrived = arrived
    if arrived:
        book.arrive(distribution.split_cents(arrived, now.instalments_paid.astype(np.float64)))


def pass_through(model: PartneringModel, name: str, source: str, target: str, cents: int) -> int:
    """Send money through a channel.

    Args:
        model: the running model.
        name: the channel.
        source: wallet that pays.
        target: wallet of whoever the money is meant for.
        cents: amount, at least 0.

    Returns:
        What arrives (cents).
    """
    channel, ledger = model.channels[name], model.ledger
    split = distribution.deliver(cents, channel.diverted_share, model.p.distribution)
    ledger.pay(source, name, cents)
    ledger.settle(name, target, split.delivered, "delivered")
    ledger.settle(name, f"diverted:{name}", split.diverted, "diverted")
    ledger.settle(name, "overhead", split.overhead, "overhead")
    channel.paid += cents
    return split.delivered


def work_on_tasks(model: PartneringModel) -> None:
    """Each open task is finished with a chance set by its owner's skill, funds and checklist.

    A project is done when all its tasks are done; what has arrived for it by then, and what still
    arrives later, becomes a public good of its village.
    """
    book, now, p = model.promises, model.now, model.p.delivery
    uniforms = model.streams.uniform("delivery.tasks", now.index, (len(book), MAX_TASKS))
    hazard = task_hazard(
        task_skill(model),
        book.funded_share()[:, None],
        book.rows.listed,
        model.site_team.levels.checklist,
        p,
    )
    finished = book.complete(np.asarray(task_done(hazard, uniforms)), now.index)
    changed = book.update(now.index, p.grace_months)
    hand_over(model)
    judge_promises(model, finished, changed)


def task_skill(model: PartneringModel) -> Floats:
    """Skill of the owner of each task: company, municipality and community take turns.

    Returns:
        shape (12,), in [0, 1].
    """
    facts = model.world.place.facts
    owners = (facts.company_capacity, model.municipality.capacity, facts.community_capacity)
    return np.resize(np.array(owners), MAX_TASKS)


def hand_over(model: PartneringModel) -> None:
    """Turn what has arrived for finished projects into public goods of their villages."""
    village, mix, cents = model.promises.take_finished()
    goods = (cents / model.cents_per_income)[:, None] * mix
    np.add.at(model.state.goods, village, goods / model.people.village_sizes[village][:, None])


def judge_promises(model: PartneringModel, finished: Ints, changed: Ints) -> None:
    """What residents can see of promises this month, by village and weighted by cost.

    Delivery keeps a promise, even late. A promise with a date is broken when the date passes, and
    in part by every payment that fails; one without a date only when it is given up.
    """
    now, rows = model.now, model.promises.rows
    villages = model.people.n_villages
    cost = rows.cost.astype(np.float64)
    overdue = (rows.due == now.index - 1) & (rows.state == OPEN) & rows.verifiable
    given_up = np.zeros(len(cost), dtype=np.bool_)
    given_up[changed] = (rows.state[changed] == BROKEN) & ~rows.verifiable[changed]
    missed = np.zeros(len(cost))
    missed[: now.due.size] = np.minimum(now.due, rows.instalment) - np.minimum(
        now.instalments_paid, rows.instalment
    )
    in_arrears = now.index >= rows.due  # what failed to come then was broken then
    missed[~rows.verifiable | in_arrears] = 0.0
    broken = cost * (overdue | given_up) + missed
    # without a single promise NumPy counts in whole numbers
    now.kept = np.bincount(rows.village[finished], cost[finished], villages).astype(np.float64)
    now.broken = np.bincount(rows.village, broken, villages).astype(np.float64)
    deceived = rows.deceptive & (broken > 0.0)
    now.deceived = np.bincount(rows.village[deceived], minlength=villages) > 0
    for organisation in model.organisations:
        organisation.kept += int(now.kept[organisation.village] > 0.0)
        organisation.broken += int(now.broken[organisation.village] > 0.0)
    for row in finished:
        model.note("delivered", "company", model.village_name(int(rows.village[row])), cost[row])


def make_promises(model: PartneringModel) -> None:
    """In an agenda month: commit what the budget leaves, in part for years.

    The forward-looking part of the delivery budget goes into contracts of several years, the
    rest into projects paid until the next agenda. What is already committed counts first. Claims
    granted this month become promises of their own.
    """
    now, p = model.now, model.p
    for village, cents in now.granted:
        interval = p.room.agenda_interval_months
        share = np.zeros(model.people.n_villages)
        share[village] = 1.0
        promise(model, cents * interval, share, interval, SETTLEMENT)
    if not (now.is_agenda_month and model.world.practices.delivers):
        return
    delivery = max(now.budget - now.process_planned - now.transfers_planned, 0)
    contracts = model.promises.monthly_commitment(CONTRACT)
    projects = model.promises.monthly_commitment(PROJECT)
    wanted = max(round(model.site_team.levels.forward_looking * delivery), contracts)
    by_village = village_shares(model)
    new_contracts = wanted - contracts
    new_projects = max(delivery - wanted - projects, 0)
    new = new_contracts + new_projects
    kept = affordable_share(new, contracts + projects, now.cash, p.delivery.overpromise_share)
    new_contracts, new_projects = round(kept * new_contracts), round(kept * new_projects)
    months = p.budget.contract_months
    promise(model, new_contracts * months, by_village, months, CONTRACT)
    interval = p.room.agenda_interval_months
    promise(model, new_projects * interval, by_village, interval, PROJECT)
    committed = contracts + projects + new_contracts + new_projects
    now.announced_benefit = committed / model.people.n / model.cents_per_income


def affordable_share(new: int, running: int, cash: int, overpromise: float) -> float:
    """How much of what it would like to commit a company promises.

    What its cash covers, and of the rest the part it promises all the same.

    Args:
        new: wanted new monthly commitments (cents), at least 0.
        running: monthly commitments it has already (cents).
        cash: cash of the month before payments (cents).
        overpromise: part of unfunded wishes that is promised anyway, in [0, 1].

    >>> affordable_share(100, 50, 90, 0.5)
    0.7
    """
    if new <= 0:
        return 0.0
    funded = min(max(cash - running, 0), new)
    return (funded + overpromise * (new - funded)) / new


def village_shares(model: PartneringModel) -> Floats:
    """How projects are split over villages: by head, and by local power without protocols.

    Returns:
        shape (n_villages,), summing to 1.
    """
    p = model.p.distribution
    power = float(distribution.power_share(model.site_team.levels.protocols, p))
    status = model.people.village_mean(model.people["status"])
    return distribution.split_shares(
        model.people.village_sizes.astype(np.float64), status, power, p
    )


def promise(
    model: PartneringModel, cents: int, by_village: Floats, instalments: int, kind: int
) -> None:
    """Promise one project to each village that gets money.

    Args:
        model: the running model.
        cents: total cost, at least 0.
        by_village: shape (n_villages,), shares of it.
        instalments: months over which it is paid.
        kind: `PROJECT`, `CONTRACT` or `SETTLEMENT`.
    """
    cost = distribution.split_cents(cents, by_village)
    village = np.flatnonzero(cost > 0)
    if village.size == 0:
        return
    now, p, streams = model.now, model.p, model.streams
    months = instalments if kind == CONTRACT else p.budget.short_project_months
    draws = streams.uniform(f"delivery.promise.{kind}", now.index, (by_village.size, MAX_TASKS + 1))
    verifiable = float(verifiable_share(model.site_team.levels.documentation, p.delivery))
    committed = model.promises.monthly_commitment() + cents / instalments
    model.promises.add(
        NewPromises(
            month=now.index,
            cost=cost[village],
            due=now.index + months,
            village=village,
            instalments=instalments,
            mix=model.state.agenda,
            n_tasks=p.delivery.tasks_per_project,
            listed=draws[village, 1:] < p.delivery.listed_share,
            verifiable=draws[village, 0] < verifiable,
            deceptive=committed > now.cash,
            kind=kind,
        )
    )


def learn_to_divert(model: PartneringModel) -> None:
    """Each channel moves its diverted share towards what pays, given who watches."""
    levels, p = model.site_team.levels, model.p.distribution
    uniforms = model.streams.uniform("distribution.audit", model.now.index, len(model.channels))
    # what was verifiable before any practice is part of the start that channels are used to
    verifiable = levels.documentation * (1.0 - model.p.delivery.verifiable_base_share)
    for uniform, channel in zip(uniforms, model.channels.values(), strict=True):
        if channel.paid == 0:
            continue
        channel.largest = max(channel.largest, channel.paid)
        found = float(
            distribution.detection_probability(
                channel.diverted_share,
                channel.paid / channel.largest,
                levels.monitoring if channel.audited else 0.0,
                verifiable if channel.audited else 0.0,
                p,
            )
        )
        channel.diverted_share = float(
            distribution.adapt_diversion(channel.diverted_share, found, channel.temptation, p)
        )
        if uniform < found:
            model.note("diversion_found", channel.name, "", float(channel.paid))
        channel.paid = 0
