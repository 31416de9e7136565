"""Steps of the company's money: operate, set the budget, pay in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.company import OPEN, SUSPENDED
from parley.mechanisms.budget import delay_cost, operations, rent_ratio, social_budget, waterfall
from parley.mechanisms.desk import attention_left
from parley.mechanisms.distribution import split_cents
from parley.mechanisms.practice import funded
from parley.mechanisms.value import payout_share
from parley.practice_types import DIALS
from parley.steps.desks import forum_heat
from parley.steps.leaving import royalty_rate
from parley.steps.policy import productivity_loss
from parley.steps.value import market_discount

if TYPE_CHECKING:
    from parley.arrays import Ints
    from parley.model import PartneringModel

WEEKS_PER_MONTH = 365.25 / 7 / 12
FACILITATION = DIALS.index("facilitation")


def operate(model: PartneringModel) -> None:
    """Earn revenue, pay wages, suppliers and royalty; headquarters covers a loss.

    While the site is being built, everything runs at the scale of what stands already.
    """
    now, company = model.now, model.company
    if company.status != OPEN:
        stand_idle(model)
        return
    costs = company.costs(model.p.budget)
    result = operations(now.price_ratio, now.use, royalty_rate(model), costs)
    scale = company.reference_revenue * now.built
    now.rent = float(result.rent) * now.built
    now.revenue = round(float(result.revenue) * scale)
    now.royalty = round(float(result.royalty) * scale)
    cost = round(float(result.cost) * scale)
    usual = local_pay(model, scale, cost, (0.0, 0.0))
    policy = model.policy
    now.wages, now.purchases = local_pay(
        model, scale, cost, (policy.wages_raised, policy.purchases_raised)
    )
    loss = productivity_loss(model, usual, cost)
    now.rent -= loss / company.reference_revenue
    company.rents.append(now.rent)
    cost += loss
    weeks_lost = model.state.disruption * WEEKS_PER_MONTH * now.growing
    late = round(float(delay_cost(company.capital, weeks_lost, model.p.budget)))
    supplies = cost - now.wages - now.purchases + late
    now.operating = now.revenue - cost - late - now.royalty

    pay = model.ledger.transfer
    pay("market", "company", now.revenue, "revenue")
    shortfall = max(cost + late + now.royalty - model.ledger.balance("company"), 0)
    pay("headquarters", "company", shortfall, "injection")
    pay("company", "people", now.wages, "wages")
    pay("company", "people", now.purchases, "purchases")
    pay("company", "suppliers", supplies, "supplies")
    pay("company", "nation", now.royalty, "royalty")
    company.headquarters.dividends.append(-shortfall)


def stand_idle(model: PartneringModel) -> None:
    """A suspended site costs its care and pays no wages; a closed one costs and pays nothing."""
    now, company, p = model.now, model.company, model.p.budget
    fixed = company.costs(p).cost_share * p.fixed_cost_share
    care = 0.0 if company.closed else model.p.livelihood.care_share * fixed * now.built
    cost = round(care * company.reference_revenue)
    now.rent = -care
    company.rents.append(now.rent)
    now.operating = -cost
    pay = model.ledger.transfer
    shortfall = max(cost - model.ledger.balance("company"), 0)
    pay("headquarters", "company", shortfall, "injection")
    pay("company", "suppliers", cost, "supplies")
    company.headquarters.dividends.append(company.handed_back - shortfall)
    company.handed_back = 0


def local_pay(
    model: PartneringModel, scale: float, cost: int, raised: tuple[float, float]
) -> tuple[int, int]:
    """Wages and purchases among residents, as far as operating cost goes.

    Args:
        model: the running model.
        scale: revenue of the month at full use (cents).
        cost: operating cost of the month (cents).
        raised: rise of wages and of purchases above the place's own (ratio).

    Returns:
        Cents of wages and of purchases.
    """
    facts, use = model.world.place.facts, model.now.use
    wages = min(round(facts.local_wage_share * (1.0 + raised[0]) * use * scale), cost)
    purchases = round(facts.local_purchase_share * (1.0 + raised[1]) * use * scale)
    return wages, min(purchases, cost - wages)


def set_budget(model: PartneringModel) -> None:
    """This month's community budget: fixed, or in part indexed to the rent."""
    now, company, p = model.now, model.company, model.p.budget
    if not model.practices.spends or company.closed:
        return
    ratio = rent_ratio(company.trailing_rent, company.expected_rent)
    base = p.social_budget_share * company.reference_revenue
    if company.status == SUSPENDED:
        base *= model.p.livelihood.suspended_budget_share
    now.budget = round(float(social_budget(base, model.state.terms.sharing, ratio)))


def plan_practices(model: PartneringModel) -> None:
    """Fund the announced levels as far as the process budget and staff hours reach."""
    now, practices, team = model.now, model.practices, model.site_team
    if model.company.closed:
        team.funded = np.zeros_like(team.funded)
        return
    nominal = np.asarray(practices.nominal)
    hours = nominal * model.dial_hours
    total_hours = float(hours.sum())
    own_hours = model.world.place.facts.staff_hours_per_1000 * model.people.n / 1000.0
    cash = nominal * model.dial_prices
    outside = model.policy.facilitation_funded
    available_hours = own_hours
    if practices.hires_staff:
        hired = max(1.0 - own_hours / total_hours, 0.0) if total_hours > 0 else 0.0
        cash = cash + hours * hired * model.hour_price
        available_hours = total_hours
    available_hours *= attention_left(forum_heat(model), practices.forum_separation, model.p.desk)
    from_funds = outside * float(cash[FACILITATION])
    cash[FACILITATION] *= 1.0 - outside
    cap = model.p.practices.process_cap_share * now.budget
    team.funded = funded(nominal, cash, hours, cap, available_hours)
    announced = float(nominal.sum())
    share = float(team.funded.sum()) / announced if announced > 0 else 0.0  # all scaled alike
    now.facilitation_fee = share * from_funds
    now.process_planned = min(round(share * float(cash.sum())), now.budget)
    now.outside_planned = round(practices.outside_share * (now.budget - now.process_planned))
    delivery = now.budget - now.process_planned - now.outside_planned
    share_paid_out = practices.transfer_share if practices.delivers else 1.0
    now.transfers_planned = round(share_paid_out * delivery)


def pay_in_order(model: PartneringModel) -> None:
    """Pay senior dues, dividends, the other dues; keep a reserve, send the rest home.

    Due are promised instalments, the month's transfers, its practices and what the company owes
    for interventions, alike in each rank.
    Headquarters takes its part of a surplus, not of the reserve, and stands behind the senior
    dues as it stands behind wages.
    """
    now, company, ledger, p = model.now, model.company, model.ledger, model.p.budget
    instalments = model.promises.due_instalments(now.index)
    planned = [now.process_planned, now.transfers_planned, now.outside_planned]
    billed = bool(now.company_due) and not company.closed  # nobody is left to pay a bill
    if billed:
        planned.append(now.company_due)
    dues = np.concatenate((instalments, planned))
    due = int(dues.sum())
    seniority = model.state.terms.trust_conduct
    held = ledger.balance("company")
    backed = max(round(seniority * due) - held, 0)
    ledger.transfer("headquarters", "company", backed, "injection")
    payout = payout_share(p.dividend_payout_share, market_discount(model), model.p.value)
    target = round(payout * max(now.operating, 0))
    order = waterfall(held + backed, due, seniority, target, 0)
    paid = _share_out(order.senior + order.junior, dues)
    now.due = instalments
    now.instalments_paid, rest = paid[: instalments.size], paid[instalments.size :]
    now.process_paid, now.transfers_paid, now.outside_paid = map(int, rest[:3])
    now.company_paid = int(rest[3]) if billed else 0
    reserve = round(p.reserve_months * company.reference_surplus)
    dividends = order.dividends + max(order.retained - reserve, 0)
    ledger.transfer("company", "headquarters", dividends, "dividends")
    company.headquarters.dividends[-1] += dividends - backed
    now.for_community = held + backed - dividends - now.company_paid


def _share_out(total: int, due: Ints) -> Ints:
    """Split a payment over what is due, in proportion and to the cent."""
    owed = int(due.sum())
    if owed == 0 or total >= owed:
        return due.copy()
    return np.asarray(split_cents(total, due / owed), dtype=np.int64)
