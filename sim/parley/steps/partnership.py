"""Steps of the partnership: who joins, who keeps its undertakings, who stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.dials import Levels
from parley.institutions.partnership import COMPANY, MUNICIPALITY, ORGANISATIONS
from parley.mechanisms import partnership as rules
from parley.promises import MAX_TASKS
from parley.steps.mobilise import disruption_cost

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats
    from parley.model import PartneringModel

OWNERS = 3
"""Company, municipality and community take turns at the tasks of a project."""


def convene(model: PartneringModel) -> None:
    """In an agenda month partners outside decide whether to join; it begins with two of them.

    Who has left comes back only where it would also stay.

    The process runs only while the partnership is alive: without it nothing is announced, paid
    for or carried out, and the community budget is spent as if there were no practices. It does
    not begin again once it has ended.
    """
    now, body, p = model.now, model.partnership, model.p.partnership
    if body.offered:
        if now.is_agenda_month and not body.ended:
            worth = rules.worth_it(body.gain, body.cost, p.entry_caution)
            worth &= ~body.has_left | stays(model)
            if body.alive or (worth[COMPANY] and worth[MUNICIPALITY:].any()):
                join(model, worth & ~body.member)
        if not body.alive:
            model.practices = model.stack.without_practices()
    if body.ended or (body.offered and not body.alive):
        model.state.terms = Levels()
    now.absent = body.running & ~body.member[ORGANISATIONS:]


def stays(model: PartneringModel) -> Bools:
    """Whom taking part would still seem worth it, given who else is in; who left must see that."""
    body, p = model.partnership, model.p.partnership
    believed = rules.believed_gain(body.gain, body.others_left, p)
    return rules.worth_it(believed, body.cost, p.exit_caution)


def join(model: PartneringModel, newcomers: Bools) -> None:
    """Take partners in."""
    body = model.partnership
    body.alive = True
    body.member |= newcomers
    body.doubt[newcomers] = 0
    for partner in np.flatnonzero(newcomers):
        model.note("joined", body.name(int(partner)), "partnership")


def keep_undertakings(model: PartneringModel) -> None:
    """Each partner does its tasks this month if what it would save is worth less than the future.

    Who is outside a running partnership does its tasks in part; where none is running there are
    no undertakings, and tasks are worked on as ever.
    """
    now, body, p = model.now, model.partnership, model.p.partnership
    villages = model.people.n_villages
    now.tempted = temptation(model)
    if not body.running:
        now.at_work = np.ones((villages, MAX_TASKS))
        return
    value = np.maximum(rules.believed_gain(body.gain, body.others_left, p) - body.cost, 0.0)
    body.keeps = rules.keeps(now.tempted, value, patience(model))
    if now.is_agenda_month and body.period > 0:
        adapt_effort(model)
    work = np.where(body.member, body.keeps * body.effort, p.outside_effort_share)
    body.contributed += work
    at_work = np.empty((villages, OWNERS))
    at_work[:, COMPANY], at_work[:, MUNICIPALITY] = work[COMPANY], work[MUNICIPALITY]
    at_work[:, ORGANISATIONS] = work[ORGANISATIONS:]
    now.at_work = np.tile(at_work, MAX_TASKS // OWNERS)


def temptation(model: PartneringModel) -> Floats:
    """What each partner would save this month by leaving its tasks undone, in its own unit."""
    now, rows = model.now, model.promises.rows
    p, people = model.p.partnership, model.people
    paid = now.instalments_paid.astype(np.float64)
    of_village = np.bincount(rows.village, paid, people.n_villages) / people.village_sizes
    total = float(paid.sum())
    spared = [total / model.company.reference_revenue, total / own_money(model)]
    of_leader = of_village / model.cents_per_income * leaders_regard(model)
    work = np.concatenate((spared, of_leader))
    return np.asarray(p.task_effort_share * work)


def leaders_regard(model: PartneringModel) -> float:
    """By how much leaders multiply what reaches a resident, >= 1.

    Their followers are counted in the place itself, so that few simulated residents have no others.
    """
    facts = model.world.place.facts
    village = facts.catchment_population / facts.villages
    followers = village
    if facts.leaders_per_1000 > 0.0:
        followers = min(1000.0 / facts.leaders_per_1000, village)
    return float(rules.regard(max(followers, 1.0), model.p.partnership))


def own_money(model: PartneringModel) -> int:
    """What the municipality has to spend in a month (cents), at least 1."""
    return max(model.municipality.entitlement, model.municipality.own_income, 1)


def patience(model: PartneringModel) -> Floats:
    """Monthly factor with which each partner counts what comes later."""
    p = model.p.bargain
    partners = model.partnership.member.size
    impatience = np.full(partners, p.community_impatience_per_year)
    impatience[COMPANY] = p.company_impatience_per_year
    office = np.full(partners, np.inf)
    office[MUNICIPALITY] = max(float(model.effects.months_to_vote[model.now.index]), 1.0)
    return rules.horizon(impatience, office, model.p.partnership)


def adapt_effort(model: PartneringModel) -> None:
    """Once per agenda: match what others put in, or follow what paid, between the two readings."""
    body, p = model.partnership, model.p.partnership
    others = np.clip(body.others_mean(body.contributed / body.period), 0.0, 1.0)
    payoff = body.payoff / body.period
    learned, body.direction = rules.payoff_effort(
        body.effort, body.direction, payoff, body.payoff_before, p
    )
    body.effort = rules.mixed_effort(rules.conditional_effort(others, p), learned, p)
    body.payoff_before = payoff
    body.contributed[:] = 0.0
    body.payoff[:] = 0.0
    body.period = 0


def stay_or_leave(model: PartneringModel) -> None:
    """Learn from what the month brought; leave after too long a doubt.

    The company's leaving ends the process, and so does the leaving of everybody else.
    """
    body, p = model.partnership, model.p.partnership
    if not body.offered or body.ended:
        return
    gain, cost = results(model)
    learn(model, gain, cost)
    heed_findings(model)
    if not body.alive:
        return
    body.months += 1
    body.period += 1
    body.payoff += gain - cost - body.effort * body.keeps * model.now.tempted
    body.doubt = rules.step_doubt(body.doubt, stays(model) | ~body.member)
    leaving = body.doubt >= p.exit_patience_months
    body.member &= ~leaving
    body.has_left |= leaving
    for partner in np.flatnonzero(leaving):
        model.note("left", body.name(int(partner)), "partnership")
    if not (body.member[COMPANY] and body.member[MUNICIPALITY:].any()):
        body.end()


def results(model: PartneringModel) -> tuple[Floats, Floats]:
    """What the partnership brought each partner this month, and what it cost it.

    The company counts unrest that did not come, as far as it lays unrest at this door; the
    municipality what it can take credit for; an organisation what reached its village, as its
    leaders count it. The company pays for the process, officials and leaders give their time.

    Returns:
        gain and cost, shape (n_partners,), in each partner's own unit.
    """
    now, people, p = model.now, model.people, model.p.partnership
    arrived = p.credit_share * (now.projects_arrived + now.transfers_arrived) / own_money(model)
    reached = people.village_mean(people["budget_benefit"]) * leaders_regard(model)
    hours = [now.time_cost[one.leaders].sum() / one.leaders.size for one in model.organisations]
    avoided = p.feared_loss_share - p.unrest_blame_share * unrest_loss(model)
    gain = np.concatenate(([avoided, arrived], reached))
    spent = now.process_paid / model.company.reference_revenue + p.liability_fear_share
    cost = np.concatenate(([spent, p.town_cost_share], hours))
    return gain, cost


def learn(model: PartneringModel, gain: Floats, cost: Floats) -> None:
    """Members learn from their own results and neighbours', others from what they can see.

    An organisation outside hears of results elsewhere. Without a partnership the company learns
    what unrest really costs, which is what a partnership could save.
    """
    body, p = model.partnership, model.p.partnership
    inside = body.member & body.alive
    villages = inside[ORGANISATIONS:]
    reached = gain[ORGANISATIONS:]
    elsewhere = reached
    if villages.any():
        count = villages.sum() - villages
        total = float(reached[villages].sum()) - reached * villages
        elsewhere = np.divide(total, count, out=reached.copy(), where=count > 0)
    at_stake = gain[:ORGANISATIONS]
    if not body.alive:
        at_stake = np.where(np.arange(ORGANISATIONS) == COMPANY, unrest_loss(model), at_stake)
    own = np.concatenate((at_stake, np.where(villages, reached, elsewhere)))
    others = np.concatenate((at_stake, elsewhere))
    hears = np.concatenate(([not body.alive, False], np.full(villages.size, villages.any())))
    learned = rules.step_belief(body.gain, own, others, p)
    body.gain = np.where(inside | hears, learned, body.gain)
    dearer = rules.step_belief(body.cost, cost, cost, p)
    body.cost = np.where(inside, dearer, body.cost)


def heed_findings(model: PartneringModel) -> None:
    """Organisations reassess what they expect in a month in which findings were published."""
    body, now = model.partnership, model.now
    if not (now.findings and body.alive):
        return
    villages = slice(ORGANISATIONS, None)
    body.gain[villages], body.doubt[villages] = rules.reassess(
        body.gain[villages], body.doubt[villages], now.late, model.p.partnership
    )


def unrest_loss(model: PartneringModel) -> float:
    """What unrest cost the company this month, in shares of a normal month's revenue."""
    company = model.company
    return disruption_cost(model) * max(company.reference_surplus, 1) / company.reference_revenue
