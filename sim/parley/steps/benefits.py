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
from parley.steps.government import officials_view
from parley.steps.policy import receive_cash, royalty_to_town

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

DAYS_PER_MONTH = 365.25 / 12
HOURS_PER_DAY = 8.0


def spend_municipal(model: PartneringModel) -> None:
    """The municipality runs its services, and spends what it can of its share of the royalty.

    Its own income pays for services used at once; royalties pay for goods that last, as far as
    the municipality can carry projects out (the registry's execution share holds for the place's
    normal capacity). A dated event may change its own income, and with it what residents are
    entitled to. What it spends on is what officials want. Effort falls with what the company
    provides, and rises before a vote.
    """
    now, town, p, ledger = model.now, model.municipality, model.p.state, model.ledger
    town.own_income = round(town.usual_income * float(model.effects.state_income[now.index]))
    to_town = royalty_to_town(model)
    ledger.transfer("nation", "municipality", to_town, "royalty_share")
    ledger.transfer("nation", "municipality", town.own_income, "own_income")
    town.entitlement = town.own_income + to_town
    windfall = ledger.balance("municipality") - town.own_income
    ability = town.capacity / town.normal_capacity if town.normal_capacity > 0 else 0.0
    works = float(execution(windfall, ability, p))
    provided = float(now.projects_arrived + now.transfers_arrived + now.company_cash_arrived)
    effort = float(state_effort(town.own_income + works, provided, p))
    effort *= float(visible_spending_factor(int(model.effects.months_to_vote[now.index]), p))
    spend = min(round(effort), ledger.balance("municipality"))
    arrived = pass_through(model, "public_works", "municipality", "builders", spend)
    per_head = arrived / model.people.n / model.cents_per_income
    lasting = works / (town.own_income + works) if works > 0 else 0.0
    wanted = officials_view(model)
    model.state.state_goods += lasting * per_head * wanted
    now.services = (1.0 - lasting) * per_head * wanted


def hand_out(model: PartneringModel) -> None:
    """Wages, purchases and transfers reach blocks of people; public goods are used up.

    Private money is split by head and by local power; public goods are worth what they match.
    `shared` is what people hold against a fair share of the rent: all but the part of wages and
    purchases that counts as pay for work.
    """
    people, now, state, p = model.people, model.now, model.state, model.p.distribution
    earned, given = private_per_head(model)
    now.pay_per_head, now.given_per_head = earned, given
    life = 1.0 / p.goods_life_months
    now.flow = state.goods * life
    state.goods -= now.flow
    state.goods_used += now.flow
    used = state.state_goods * life
    state.state_goods -= used
    now.state_flow = used + now.services
    spread = people.spread_village
    goods = public_good_value(spread(now.flow), people["needs"], p)
    now.goods_value = float(goods.sum())
    total = p.public_good_factor * spread(now.flow.sum(axis=1))
    now.matched = np.divide(goods, total, out=np.full(people.n, np.nan), where=total > 0.0)
    budget = people["budget_benefit"]
    np.add(people.spread_block(p.transfer_match * given), goods, out=budget)
    pay = people.spread_block(earned)
    np.add(budget, pay, out=people["benefit"])
    np.add(budget, model.p.appraisal.wage_rent_share * pay, out=people["shared_benefit"])
    people["state_benefit"][:] = public_good_value(spread(now.state_flow), people["needs"], p)
    if now.index == 0:  # people start out used to what they have
        people["aspiration"][:] = people["shared_benefit"]
        people["state_aspiration"][:] = people["state_benefit"]
    receive_cash(model)
    days = now.rounds * model.p.room.hours_per_round / HOURS_PER_DAY
    saved = model.p.room.digital_saving_share * model.site_team.levels.digital
    cost = people["meeting_days"] * (1.0 - saved * people["connected"])
    now.time_cost = people["attended"] * cost * (days / DAYS_PER_MONTH)


def private_per_head(model: PartneringModel) -> tuple[Floats, Floats]:
    """Wages with local purchases, and transfers, of the month per head of each block.

    Protocols bind the partnership's own money only; hiring and buying follow local power as ever.

    Returns:
        two arrays of shape (n_blocks,), median monthly incomes.
    """
    people, now, p = model.people, model.now, model.p.distribution
    heads = people.block_sizes.astype(np.float64)

    def split(cents: int, protocols: float) -> Floats:
        power = float(power_share(protocols, p))
        shares = split_shares(heads, model.block_status, power, p)
        return cents * shares / heads / model.cents_per_income

    earned = split(now.wages + now.purchases, 0.0)
    given = split(now.transfers_arrived, model.site_team.levels.protocols)
    now.handed_out = float((earned + given) @ heads) * model.cents_per_income
    private = earned + given
    now.handout_share = np.divide(given, private, out=np.zeros(private.size), where=private > 0)
    return earned, given
