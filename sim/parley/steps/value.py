"""Steps of value: what investors believe, what the site is worth, what the firm tries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.company import CLOSED, OPEN
from parley.mechanisms import value
from parley.mechanisms.budget import operations
from parley.mechanisms.closing import operating_value, price_line
from parley.practice_types import DIALS
from parley.steps.leaving import royalty_rate, value_of_work, year_mean

if TYPE_CHECKING:
    from parley.model import PartneringModel


def review_practices(model: PartneringModel) -> None:
    """Every so often a firm that learns changes one announced practice and sees whether it pays.

    Contract terms and promises already made stay. What it holds against a change is its own
    result, disruption included, beyond what the price alone explains. Practices that are announced
    and not in force teach nothing, and an expelled firm has none to try.
    """
    p, company, now = model.p.value, model.company, model.now
    due = now.index > 0 and now.index % p.review_months == 0
    if p.adapts == 0 or not due or company.status != OPEN or not model.practices.spends:
        return
    body = model.partnership
    if model.state.expelled or body.ended or (body.offered and not body.alive):
        return
    draws = model.streams.uniform("value.adapt", now.index, 3)
    result = sum(company.own_results) / max(len(company.own_results), 1)
    before = np.asarray(model.stack.nominal, dtype=np.float64)
    levels, onward = value.judge_trial(before, company.trial, result)
    failed = company.trial is not None and onward is None
    baseline = company.trial.baseline if company.trial is not None and failed else result
    levels, company.trial = value.next_trial(
        levels, onward, baseline, tuple(range(len(DIALS))), draws, p
    )
    company.own_results.clear()
    model.adopt(replace(model.stack, nominal=tuple(levels.tolist())))
    for dial in np.flatnonzero(levels != before):
        kind = "changed"
        if before[dial] == 0.0:
            kind = "adopted"
        elif levels[dial] == 0.0:
            kind = "abandoned"
        model.note(kind, "company", DIALS[dial], float(levels[dial]))


def observe(model: PartneringModel) -> None:
    """Investors see this month's disruption; the firm sees its result beyond the price."""
    now, company = model.now, model.company
    company.believed_disruption = value.step_believed_disruption(
        company.believed_disruption,
        model.state.disruption if company.status == OPEN else 0.0,
        model.p.value,
    )
    plain = operations(
        now.price_ratio,
        float(model.effects.output[now.index]),
        royalty_rate(model),
        company.costs(model.p.budget),
    )
    made = (now.operating - now.beyond_operating) / company.reference_revenue
    company.own_results.append(made - float(plain.rent) * now.built)


def market_discount(model: PartneringModel) -> float:
    """What the market takes off the value of the site, in [0, 1]."""
    return value.discount(model.company.believed_disruption, model.p.value)


def market_value(model: PartneringModel) -> float:
    """Value of undisturbed work at today's price, less the discount; 0 for a closed site.

    Returns:
        Median monthly incomes per resident, at least 0: owners are not liable beyond the site.
    """
    company, p = model.company, model.p
    if company.status == CLOSED:
        return 0.0
    line = price_line(
        1.0,
        year_mean(company.burdens),
        royalty_rate(model),
        company.costs(p.budget),
    )
    worth = operating_value(
        model.now.price_gap, line, p.value.horizon_months, p.budget.discount_rate_per_year, p.price
    )
    cents = max(worth, 0.0) * company.reference_revenue * (1.0 - market_discount(model))
    return cents / (model.people.n * model.cents_per_income)


def exit_value(model: PartneringModel) -> float:
    """What the site is worth to its owners when the run ends, at its own record of disruption.

    Returns:
        Median monthly incomes per resident, at least 0; 0 for a closed site.
    """
    company = model.company
    if company.status == CLOSED:
        return 0.0
    cents = max(value_of_work(model, company.costs(model.p.budget)), 0.0)
    held = model.ledger.balance("company")
    whole = cents * company.reference_revenue + held
    return whole / (model.people.n * model.cents_per_income)
