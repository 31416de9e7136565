"""Steps that bring benefits to people: local government spends, everything is handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms.distribution import power_share, public_good_value, split_shares
from parley.mechanisms.state import (
    execution,
    state_effort,
    visible_spending_factor,
)
from parley.steps.delivery import pass_through

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

DAYS_PER_MONTH = 30.0


def spend_municipal(model: PartneringModel) -> None:
    """The municipality runs its services, and spends what it can of its share of the royalty.

    Its own income pays for services used at once; royalties pay for goods that last, as far as
    the municipality can carry projects out. Effort falls with what the company provides, and
    rises before a vote.
    """
    now, town, p, ledger = model.now, model.municipality, model.p.state, model.ledger
    to_town = round(model.producing_area_share() * now.royalty)
    ledger.transfer("nation", "municipality", to_town, "royalty_share")
    ledger.transfer("nation", "municipality", town.own_income, "own_income")
    town.entitlement = town.own_income + to_town
    windfall = ledger.balance("municipality") - town.own_income
    ability = town.capacity / town.normal_capacity if town.normal_capacity > 0 else 0.0
    works = float(execution(windfall, ability, p))
    provided = float(now.projects_arrived + now.transfers_arrived)
    effort = float(state_effort(town.own_income + works, provided, p))
    effort *= float(visible_spending_factor(int(model.effects.months_to_vote[now.index]), p))
    spend = min(round(effort), ledger.balance("municipality"))
    arrived = pass_through(model, "public_works", "municipality", "builders", spend)
    per_head = arrived / model.people.n / model.cents_per_income
    lasting = works / (town.own_income + works) if works > 0 else 0.0
    model.state.state_goods += lasting * per_head * model.mean_needs
    now.services = (1.0 - lasting) * per_head * model.mean_needs


def hand_out(model: PartneringModel) -> None:
    """Wages, purchases and transfers reach blocks of people; public goods are used up.

    Private money is split by rule and by local power; public goods are worth what they match.
    """
    people, now, state, p = model.people, model.now, model.state, model.p.distribution
    per_head = private_per_head(model)
    life = 1.0 / p.goods_life_months
    now.flow = state.goods * life
    state.goods -= now.flow
    used = state.state_goods * life
    state.state_goods -= used
    state_flow = used + now.services
    village = people["village"]
    goods = public_good_value(now.flow[village], people["needs"], p)
    total = p.public_good_factor * now.flow.sum(axis=1)[village]
    now.matched = np.divide(goods, total, out=np.full(people.n, np.nan), where=total > 0.0)
    np.add(people.spread_block(per_head), goods, out=people["benefit"])
    people["state_benefit"][:] = public_good_value(state_flow[village], people["needs"], p)
    now.flow = now.flow + state_flow
    now.time_cost = people["attended"] * people["meeting_days"] / DAYS_PER_MONTH


def private_per_head(model: PartneringModel) -> Floats:
    """Wages, local purchases and transfers of the month per head of each block.

    Returns:
        shape (n_blocks,), median monthly incomes; transfers count with their match.
    """
    people, now, p = model.people, model.now, model.p.distribution
    shares = split_shares(
        people.block_sizes.astype(np.float64),
        model.block_status,
        float(power_share(model.site_team.levels.protocols, p)),
        p,
    )
    transfers = now.transfers_arrived
    head = shares / people.block_sizes / model.cents_per_income
    earned = (now.wages + now.purchases) * head
    given = transfers * head
    now.handed_out = float((earned + given) @ people.block_sizes) * model.cents_per_income
    now.handout_share = np.divide(
        given, earned + given, out=np.zeros(given.size), where=earned + given > 0
    )
    return earned + p.transfer_match * given
