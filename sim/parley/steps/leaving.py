"""Step of the company's stay: suspend, reopen, sell or close the site, and what ends with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from parley.institutions.company import CLOSED, OPEN, SUSPENDED
from parley.mechanisms.closing import (
    margin,
    months_of_loss,
    next_move,
    operating_value,
    price_line,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from parley.model import PartneringModel
    from parley.parameters import BudgetParams

YEAR = 12


def decide_to_go_on(model: PartneringModel) -> None:
    """Look at last year's result and the price, and go on, stop, reopen, sell or give up.

    A site is suspended after losses only if work does not pay at today's price either: a year's
    mean lags behind. A site that is still being built is not judged by its result.
    """
    company, p, now = model.company, model.p.livelihood, model.now
    if company.closed:
        return
    if model.effects.leaves[now.index]:
        close(model, "left")
        return
    if p.exit_after_months == 0 or now.index < model.world.place.facts.ramp_up_months:
        return
    company.months_in_status += 1
    if company.status == OPEN:
        result = year_mean(company.results) if len(company.results) == YEAR else 0.0
        company.losing_months = months_of_loss(company.losing_months, result)
        if company.losing_months >= p.exit_after_months and margin_now(model) < 0.0:
            company.enter(SUSPENDED)
            model.note("suspended", "company", "site", result)
        return
    review(model)


def review(model: PartneringModel) -> None:
    """A suspended site reopens where work pays, and is sold or closed where it never will."""
    company, p = model.company, model.p.livelihood
    costs = company.costs(model.p.budget)
    value = value_of_work(model, costs)
    move = next_move(company.months_in_status, margin_now(model), value, p.close_wait_months)
    if move == "reopen":
        company.enter(OPEN)
        model.note("reopened", "company", "site", value)
    elif move == "give up":
        buyer = replace(costs, cost_share=costs.cost_share * p.buyer_cost_ratio)
        if value_of_work(model, buyer) > 0.0:
            sell(model)
        else:
            close(model, "closed")


def margin_now(model: PartneringModel) -> float:
    """What a month of work leaves at today's price, protest and spending as last year."""
    company = model.company
    return margin(
        model.now.price_gap,
        1.0 - year_mean(company.idle_shares),
        year_mean(company.burdens),
        royalty_rate(model),
        company.costs(model.p.budget),
    )


def royalty_rate(model: PartneringModel) -> float:
    """Royalty rate in force this month, share of revenue; nobody foresees that it may change."""
    facts = model.world.place.facts
    return model.effects.royalty_rate(facts.royalty_rate_share, model.now.index)


def year_mean(values: Collection[float]) -> float:
    """Mean of the last twelve months' values; 0 before the first."""
    return sum(values) / len(values) if values else 0.0


def value_of_work(model: PartneringModel, costs: BudgetParams) -> float:
    """What the site is worth to somebody with these costs, protest and spending as last year.

    Returns:
        Months of reference revenue, of either sign.
    """
    company = model.company
    line = price_line(
        1.0 - year_mean(company.idle_shares),
        year_mean(company.burdens),
        royalty_rate(model),
        costs,
    )
    return operating_value(
        model.now.price_gap,
        line,
        model.p.value.horizon_months,
        model.p.budget.discount_rate_per_year,
        model.p.price,
    )


def sell(model: PartneringModel) -> None:
    """A new owner reopens the site at a lower cost and takes over a part of the promises."""
    company, rows, p = model.company, model.promises.rows, model.p.livelihood
    company.cost_ratio *= p.buyer_cost_ratio
    draws = model.streams.uniform("livelihood.sale", model.now.index, len(model.promises))
    rows.months_left[draws >= p.obligations_kept_share] = 0
    company.enter(OPEN)
    model.note("sold", "company", "site", company.cost_ratio)


def close(model: PartneringModel, why: str) -> None:
    """Everything the company brings ends, the partnership too; what it promised is not paid."""
    company = model.company
    company.enter(CLOSED)
    model.promises.rows.months_left[:] = 0
    company.handed_back = model.ledger.balance("company")
    model.ledger.transfer("company", "headquarters", company.handed_back, "dividends")
    model.site_team.queue.clear()
    model.note(why, "company", "site", float(company.handed_back))
    model.partnership.end()


def note_result(model: PartneringModel) -> None:
    """Keep the month's result, community spending and lost output for later decisions."""
    now, company = model.now, model.company
    spent = now.beyond_operating
    if company.status == OPEN:
        company.results.append((now.operating - spent) / company.reference_revenue)
        company.burdens.append(spent / company.reference_revenue)
        company.idle_shares.append(model.state.disruption)
