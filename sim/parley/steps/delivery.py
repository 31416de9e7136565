"""Steps of delivery: pay through the channels, work on the tasks, promise, learn to divert."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import distribution
from parley.mechanisms.delivery import BROKEN, OPEN, task_done, task_hazard, verifiable_share
from parley.promises import CONTRACT, MAX_TASKS, PROJECT, SETTLEMENT, NewPromises
from parley.steps.risk import blur
from parley.steps.skills import task_skill

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats, Ints
    from parley.model import PartneringModel

KINDS_OF_PROMISE = 3
OPEN_TO_AUDIT = ("contractor", "public_works")
GOLDEN_SECTION = (5.0**0.5 - 1.0) / 2.0


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
    if model.practices.delivers:
        now.transfers_arrived = pass_through(
            model, "transfers", "company", "people", now.transfers_paid
        )
    else:
        model.ledger.transfer("company", "suppliers", now.transfers_paid, "undelivered")
    spend_outside(model)
    now.projects_arrived = arrived
    counted = model.p.appraisal.wage_rent_share * (now.wages + now.purchases)
    shared = arrived + now.transfers_arrived + now.company_cash_arrived + counted
    model.state.shared_out.append(shared / model.company.reference_revenue)
    if arrived:
        book.arrive(distribution.split_cents(arrived, now.instalments_paid.astype(np.float64)))


def spend_outside(model: PartneringModel) -> None:
    """What is spent where the firm has no plant leaves residents and buys national goodwill."""
    now = model.now
    model.ledger.transfer("company", "nation", now.outside_paid, "outside")
    model.nation.goodwill = now.outside_paid / now.budget if now.budget > 0 else 0.0


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

    Owners who do not keep their undertakings this month leave their tasks undone.

    A project is done when all its tasks are done; what has arrived for it by then, and what still
    arrives later, becomes a public good of its village.
    """
    book, now, p = model.promises, model.now, model.p.delivery
    rows, at = book.rows, book.unfinished()
    hazard = task_hazard(
        np.resize(np.array(task_skill(model)), MAX_TASKS),
        book.funded_share()[at, None],
        rows.listed[at],
        model.site_team.levels.checklist,
        p,
    )
    hazard = hazard * now.at_work[rows.village[at]]
    done = np.asarray(task_done(hazard, task_luck(model, at)))
    book.complete(done, now.index, at)
    book.update(now.index, p.grace_months)
    hand_over(model)
    judge_promises(model, at)


def task_luck(model: PartneringModel, at: Ints) -> Floats:
    """Draws for every task of some promises.

    Luck belongs to the kind of promise, the village and the month it was made, so that promises
    common to two arms share it whatever else was promised. One draw per kind and village is
    rotated around the unit interval by the golden section for each month of promising.

    Args:
        model: the running model.
        at: shape (k,), rows of the promises.

    Returns:
        shape (k, 12), in [0, 1).
    """
    rows = model.promises.rows
    shape = (model.people.n_villages * KINDS_OF_PROMISE, MAX_TASKS)
    draws = model.streams.uniform("delivery.tasks", model.now.index, shape)
    drawn = draws[rows.village[at] * KINDS_OF_PROMISE + rows.kind[at]]
    luck: Floats = (drawn + GOLDEN_SECTION * rows.promised[at, None]) % 1.0
    return luck


def hand_over(model: PartneringModel) -> None:
    """Turn what has arrived for finished projects into public goods of their villages."""
    village, mix, cents = model.promises.take_finished()
    goods = (cents / model.cents_per_income)[:, None] * mix
    np.add.at(model.state.goods, village, goods / model.people.village_sizes[village][:, None])


def judge_promises(model: PartneringModel, at: Ints) -> None:
    """What residents can see of promises this month, by village.

    Delivery keeps a promise, even late. A promise with a date is broken when the date passes, one
    without a date when it is given up. Both count by their part of all that the village has been
    promised and not yet seen settled.

    Args:
        model: the running model.
        at: shape (k,), rows of the promises that were open before this month's work.
    """
    now, rows = model.now, model.promises.rows
    villages = model.people.n_villages
    cost, home, state = rows.cost[at].astype(np.float64), rows.village[at], rows.state[at]
    verifiable = rows.verifiable[at]
    given_up = (state == BROKEN) & ~verifiable
    broken = given_up | ((rows.due[at] == now.index - 1) & (state == OPEN) & verifiable)
    kept = rows.finished[at] == now.index

    def by_village(chosen: Bools) -> Floats:
        # without a single promise NumPy counts in whole numbers
        return np.bincount(home, cost * chosen, villages).astype(np.float64)

    pending = np.maximum(np.bincount(home, cost, villages), 1.0)
    now.kept, now.broken = by_village(kept) / pending, by_village(broken) / pending
    now.deceived = by_village(broken & rows.deceptive[at]) > 0.0
    for organisation in model.organisations:
        organisation.kept += int(now.kept[organisation.village] > 0.0)
        organisation.broken += int(now.broken[organisation.village] > 0.0)
    for row in at[kept]:
        village, worth = model.village_name(int(rows.village[row])), float(rows.cost[row])
        model.note("delivered", "company", village, worth)


def make_promises(model: PartneringModel) -> None:
    """In an agenda month: commit what the budget leaves, in part for years.

    The forward-looking part of the delivery budget goes into contracts of several years, the
    rest into projects paid until the next agenda. What is already committed counts first, and so
    do the month's practices, transfers and spending elsewhere: all come out of the same cash.
    Claims granted this month become promises of their own.
    """
    now, p = model.now, model.p
    interval = p.room.agenda_interval_months
    for village, cents in now.granted:
        share = np.zeros(model.people.n_villages)
        share[village] = 1.0
        short = cents > now.for_community
        promise(model, Undertaking(cents * interval, interval, SETTLEMENT, short), share)
    if not (now.is_agenda_month and model.practices.delivers):
        return
    planned = now.process_planned + now.transfers_planned + now.outside_planned
    delivery = max(now.budget - planned, 0)
    contracts = model.promises.monthly_commitment(CONTRACT)
    projects = model.promises.monthly_commitment(PROJECT)
    wanted = max(round(model.state.terms.forward_looking * delivery), contracts)
    cash_left = max(now.for_community - planned - contracts - projects, 0)
    by_village = village_shares(model)
    for monthly, months, kind in (
        (wanted - contracts, p.budget.contract_months, CONTRACT),
        (max(delivery - wanted - projects, 0), interval, PROJECT),
    ):
        funded = min(monthly, cash_left)
        cash_left -= funded
        empty = round(p.delivery.overpromise_share * (monthly - funded))
        promise(model, Undertaking(funded * months, months, kind, False), by_village)
        promise(model, Undertaking(empty * months, months, kind, True), by_village)
        now.new_commitments += (funded + empty) / model.people.n / model.cents_per_income


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


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What a company undertakes at one time for all its villages.

    Attributes:
        cents: cost in all.
        instalments: months over which it is paid.
        kind: `PROJECT`, `CONTRACT` or `SETTLEMENT`.
        deceptive: whether it cannot be funded as things stand.
    """

    cents: int
    instalments: int
    kind: int
    deceptive: bool


def promise(model: PartneringModel, undertaking: Undertaking, by_village: Floats) -> None:
    """Promise one project to each village that gets money.

    Args:
        model: the running model.
        undertaking: what is promised in all.
        by_village: shape (n_villages,), shares of it.
    """
    cost = distribution.split_cents(undertaking.cents, by_village)
    village = np.flatnonzero(cost > 0)
    if village.size == 0:
        return
    now, p, kind = model.now, model.p, undertaking.kind
    long = kind == CONTRACT
    draws = model.streams.uniform(
        f"delivery.promise.{kind}", now.index, (by_village.size, MAX_TASKS + 1)
    )
    recorded = model.site_team.levels.documentation * (1.0 - blur(model))
    verifiable = float(verifiable_share(recorded, p.delivery))
    if model.discloses:
        verifiable = max(verifiable, p.attributes.disclosed_share)
    tasks = p.delivery.tasks_per_contract if long else p.delivery.tasks_per_project
    months = undertaking.instalments if long else p.budget.short_project_months
    model.promises.add(
        NewPromises(
            month=now.index,
            cost=cost[village],
            due=now.index + months,
            village=village,
            instalments=undertaking.instalments,
            mix=model.state.agenda,
            n_tasks=tasks,
            listed=draws[village, 1:] < p.delivery.listed_share,
            verifiable=draws[village, 0] < verifiable,
            deceptive=undertaking.deceptive,
            kind=kind,
        )
    )


def learn_to_divert(model: PartneringModel) -> None:
    """Each channel moves its diverted share towards what pays, given who watches."""
    levels, p = model.site_team.levels, model.p.distribution
    uniforms = model.streams.uniform("distribution.audit", model.now.index, len(model.channels))
    # what was verifiable before any practice is part of the start that channels are used to
    base = model.p.delivery.verifiable_base_share
    verifiable = float(verifiable_share(levels.documentation, model.p.delivery)) - base
    for uniform, channel in zip(uniforms, model.channels.values(), strict=True):
        if channel.paid == 0:
            continue
        found = float(
            distribution.detection_probability(
                channel.diverted_share,
                levels.monitoring if channel.audited else 0.0,
                verifiable if channel.audited else 0.0,
                p,
                model.policy.audit if channel.name in OPEN_TO_AUDIT else 0.0,
            )
        )
        channel.diverted_share = float(
            distribution.adapt_diversion(channel.diverted_share, found, channel.temptation, p)
        )
        if uniform < found:
            model.note("diversion_found", channel.name, "", float(channel.paid))
        channel.paid = 0
