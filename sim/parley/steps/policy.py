"""Steps of interventions: set the values of the month, pay, pass cash on, keep each one's cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.intervention_kinds import load_kinds
from parley.mechanisms.distribution import split_cents
from parley.policy import Target, grow_skill, order, policy_of, price, reach
from parley.steps.delivery import pass_through

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

WALLET_OF_PAYER = {"company": "company", "state": "nation", "donor": "donor"}
CASH_CHANNEL = "cash_programme"
PROGRAMMES = "programmes"
CASH, FUND, ROYALTY, HIRING = "cash_transfer", "facilitator_fund", "royalty_rule", "local_hiring"
GRANT = "capacity_grant"


def targets(model: PartneringModel) -> tuple[Target, ...]:
    """Whom each intervention of the scenario may reach: people and villages in one fixed order.

    One draw for each person and each village serves all interventions, and all months.
    """
    people = model.people
    for_people = model.streams.uniform("policy.people", 0, people.n)
    for_villages = model.streams.uniform("policy.villages", 0, people.n_villages)
    made = []
    for intervention in model.world.interventions:
        home = np.ones(people.n_villages, dtype=np.bool_)
        if intervention.villages:
            home = np.isin(np.arange(people.n_villages), intervention.villages)
        if load_kinds()[intervention.kind].reach == "villages":
            rank, eligible = order(for_villages, home)
            made.append(Target(rank[people["village"]], eligible))
            continue
        allowed = home[people["village"]]
        if intervention.eligible:
            members = [people.member(name) for name in intervention.eligible]
            allowed = allowed & np.any(members, axis=0)
        made.append(Target(*order(for_people, allowed)))
    return tuple(made)


def set_policy(model: PartneringModel) -> None:
    """Who is reached this month, what it costs, and what follows for the rules of the month.

    What the company owes waits with its other dues until the month's cash is paid out.
    """
    now, interventions = model.now, model.world.interventions
    if not interventions:
        return
    now.reached = tuple(
        reach(one, target, now.index)
        for one, target in zip(interventions, model.targets, strict=True)
    )
    now.intervention_costs = [0] * len(interventions)
    now.intervention_due = [
        price(one, whom, model.cents_per_income)
        for one, whom in zip(interventions, now.reached, strict=True)
    ]
    now.company_due = sum(
        due
        for one, due in zip(interventions, now.intervention_due, strict=True)
        if one.paid_by == "company"
    )
    put_together(model, [1.0] * len(interventions))


def put_together(model: PartneringModel, funded: list[float]) -> None:
    """Set the values that rules read, given the part of each price that is paid."""
    model.policy = policy_of(
        model.world.interventions,
        model.now.reached,
        funded,
        model.people["village"],
        model.neutral_policy,
    )


def pay_interventions(model: PartneringModel) -> None:
    """Each payer pays; what the company could not pay is not delivered.

    Cash goes through a channel of its own to the people on the list; the rest is spent by those
    who run the programme.
    """
    now, interventions = model.now, model.world.interventions
    if not interventions:
        return
    paid = list(now.intervention_due)
    own = [at for at, one in enumerate(interventions) if one.paid_by == "company"]
    if now.company_paid < now.company_due:
        weights = np.array([paid[at] for at in own], dtype=np.float64)
        for at, cents in zip(own, split_cents(now.company_paid, weights), strict=True):
            unpaid = paid[at] - int(cents)
            if unpaid:
                model.note("intervention_unpaid", "company", interventions[at].key, float(unpaid))
            paid[at] = int(cents)
        put_together(
            model,
            [
                cents / due if due else 1.0
                for cents, due in zip(paid, now.intervention_due, strict=True)
            ],
        )
    for at, one in enumerate(interventions):
        if one.kind == CASH:
            pay_cash(model, at, paid[at])
        else:
            model.ledger.transfer(
                WALLET_OF_PAYER[one.paid_by], PROGRAMMES, paid[at], "intervention"
            )
        book(model, at, paid[at])
    policy, state = model.policy, model.state
    fade = max(
        (1.0 / one.strength("months") for one in interventions if one.kind == GRANT), default=0.0
    )
    state.skill_gained = grow_skill(
        state.skill_gained, policy.skill_target, policy.skill_speed, fade
    )


def pay_cash(model: PartneringModel, at: int, cents: int) -> None:
    """Pay a cash transfer; what arrives is divided by head among those reached.

    Args:
        model: the running model.
        at: which intervention of the scenario.
        cents: what is paid.
    """
    now, one, whom = model.now, model.world.interventions[at], model.now.reached[at]
    arrived = pass_through(model, CASH_CHANNEL, WALLET_OF_PAYER[one.paid_by], "people", cents)
    if not arrived:
        return
    amount: Floats = np.where(whom.people, arrived / whom.count / model.cents_per_income, 0.0)
    now.cash[one.paid_by] = now.cash.get(one.paid_by, np.zeros(amount.size)) + amount
    mending: Floats = amount * one.strength("livelihood")
    if now.livelihood_cash is not None:
        mending += now.livelihood_cash
    now.livelihood_cash = mending
    if one.paid_by == "company":
        now.company_cash_arrived += arrived


def book(model: PartneringModel, at: int, cents: int) -> None:
    """Keep what an intervention costs this month, in the record and among the events.

    Args:
        model: the running model.
        at: which intervention of the scenario.
        cents: what it costs; below 0 where it saves.
    """
    if cents:
        one = model.world.interventions[at]
        model.now.intervention_costs[at] += cents
        model.note("intervention_cost", one.paid_by, one.key, float(cents))


def of_kind(model: PartneringModel, kind: str) -> list[int]:
    """Which interventions of the scenario are of a kind and reach anybody this month."""
    pairs = zip(model.world.interventions, model.now.reached, strict=False)
    return [at for at, (one, whom) in enumerate(pairs) if one.kind == kind and whom.count]


def fund_facilitation(model: PartneringModel, cents: int) -> None:
    """Pay the facilitator from the funds, each by its part, and what the funds cost themselves.

    Args:
        model: the running model.
        cents: the part of this month's facilitation that the funds pay.
    """
    funds = of_kind(model, FUND)
    parts = [_fund_part(model, at) for at in funds]
    if cents == 0 or sum(parts) == 0.0:
        return
    for at, fee in zip(funds, split_cents(cents, np.array(parts)), strict=True):
        one = model.world.interventions[at]
        wallet, own = WALLET_OF_PAYER[one.paid_by], round(one.strength("administration") * int(fee))
        model.ledger.transfer(wallet, "process", int(fee), "process_funded")
        model.ledger.transfer(wallet, PROGRAMMES, own, "intervention")
        book(model, at, int(fee) + own)


def _fund_part(model: PartneringModel, at: int) -> float:
    """Part of the fee that a fund offers this month."""
    return model.world.interventions[at].strength("fee_share") * model.now.reached[at].level


def royalty_to_town(model: PartneringModel) -> int:
    """What of the royalty goes to the municipality under the rules in force.

    What a rule moves to it, or away from it, is that rule's cost to the state.

    Returns:
        Cents.
    """
    policy, royalty = model.policy, model.now.royalty
    share = usual = model.producing_area_share()
    for at in of_kind(model, ROYALTY):
        level = model.now.reached[at].level
        target = model.world.interventions[at].strength("share")
        moved = (1.0 - level) * share + level * target
        book(model, at, round(moved * royalty) - round(share * royalty))
        share = moved
    return round((policy.royalty_kept * usual + policy.royalty_added) * royalty)


def productivity_loss(model: PartneringModel, usual: tuple[int, int], cost: int) -> int:
    """Extra operating cost of wages and purchases moved to residents, booked as the rule's cost.

    Args:
        model: the running model.
        usual: local wages and purchases of the month without the rule (cents).
        cost: operating cost of the month without the rule (cents).

    Returns:
        Cents; below 0 where local work is cheaper.
    """
    local = model.now.wages + model.now.purchases
    loss = round(model.policy.productivity_cost * (local - sum(usual)))
    loss = max(loss, local - cost)  # what residents get stays part of what operating costs
    rules = of_kind(model, HIRING)
    if rules:
        book(model, rules[-1], loss)
    return loss


def receive_cash(model: PartneringModel) -> None:
    """Cash of interventions reaches people; the company or the state is credited if it paid.

    It comes on top of what people had got used to before it.
    """
    people, now, match = model.people, model.now, model.p.distribution.transfer_match
    people["aid"][:] = 0.0
    for payer, amounts in now.cash.items():
        people["aid"] += amounts
        credited = {"company": ("budget_benefit", "benefit", "shared_benefit")}
        for name in credited.get(payer, ("state_benefit",) if payer == "state" else ()):
            people[name] += match * amounts
