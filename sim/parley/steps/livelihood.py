"""Step of livelihoods: what people earn with the company, and what they could earn without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import livelihood
from parley.state import LivelihoodStart

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

LIVELIHOOD = 1


def earn_living(model: PartneringModel) -> None:
    """Outside work, pay, cash that is given and ventures add up to this month's income.

    Cash of interventions is given like the company's transfers, whoever pays it. Where the site
    stands already, its pay is part of the income people start with. A dated event may change what
    outside work brings; people do not divide their time anew for it.
    """
    people, now, p = model.people, model.now, model.p.livelihood
    pay = people.spread_block(now.pay_per_head)
    given = people.spread_block(now.given_per_head) + people["aid"]
    if now.index == 0:
        model.state.livelihood = first_livelihood(model, pay)
    start = model.state.livelihood
    use = livelihood.outside_use(start.outside, pay, given, p)
    skill, ventures = people["outside_skill"], people["venture_income"]
    draws = model.streams.uniform("livelihood.venture", now.index, (people.n, 2))
    money = people.spread_village(now.flow[:, LIVELIHOOD]) + p.venture_transfer_share * given
    started = draws[:, 0] < livelihood.venture_chance(money, p)
    ventures[:], lost = livelihood.step_ventures(ventures, started, draws[:, 1], p)
    outside = livelihood.outside_income(
        start.outside,
        ratio(skill, start.skill),
        ratio(use, start.use),
        crowding(float(use.mean()), start.mean_use),
        p,
        fortune(model),
    )
    income = people["income_now"]
    income[:] = np.maximum(outside + pay + given + ventures - lost, 0.0)
    usual = people["income_usual"]
    now.ruined = livelihood.ruined(income, usual, p)
    usual += p.usual_adjustment_per_month * (income - usual)
    skill[:] = livelihood.step_skill(skill, use, p)


def first_livelihood(model: PartneringModel, pay: Floats) -> LivelihoodStart:
    """What people live on at the start, as a rest point; they are used to it.

    Args:
        model: the running model, in its first month.
        pay: shape (n,), pay of the month (median monthly incomes).
    """
    people, p = model.people, model.p.livelihood
    stands = model.world.place.facts.ramp_up_months == 0.0
    own_pay = pay if stands else np.zeros_like(pay)
    least = p.outside_floor_share * people["income"]
    outside = np.maximum(people["income"] - own_pay, least)
    use = livelihood.outside_use(outside, own_pay, 0.0, p)
    skill = livelihood.resting_skill(use, p)
    income = outside + own_pay
    people["outside_skill"][:] = skill
    people["income_usual"][:] = income
    rank = np.argsort(np.argsort(income, kind="stable"), kind="stable")
    return LivelihoodStart(
        outside=outside,
        use=use,
        skill=skill,
        income=income,
        mean_use=float(use.mean()),
        poorest=rank < p.poorest_share * people.n,
    )


def without_company(model: PartneringModel) -> Floats:
    """Income this month if the company brought nothing and everybody turned to outside work.

    Cash that somebody else gives would go on.

    Returns:
        shape (n,), median monthly incomes.
    """
    people, start = model.people, model.state.livelihood
    outside = livelihood.outside_income(
        start.outside,
        ratio(people["outside_skill"], start.skill),
        ratio(1.0, start.use),
        crowding(1.0, start.mean_use),
        model.p.livelihood,
        fortune(model),
    )
    alone: Floats = outside + people["venture_income"] + people["aid"]
    if "company" in model.now.cash:
        alone -= model.now.cash["company"]
    return alone


def secure_income(model: PartneringModel) -> Floats:
    """Income that livelihood security follows: all, cash of interventions as far as it counts.

    Returns:
        shape (n,), median monthly incomes.
    """
    people, counted = model.people, model.now.livelihood_cash
    income: Floats = people["income_now"]
    if counted is None:
        return income
    felt: Floats = np.maximum(income - people["aid"] + counted, 0.0)
    return felt


def fortune(model: PartneringModel) -> float:
    """What a dated event makes of outside work this month, at least 0; 1 as ever."""
    return float(model.effects.outside_income[model.now.index])


def ratio(value: Floats | float, start: Floats) -> Floats:
    """A value relative to its start; 1 where it started at nothing."""
    return np.divide(value, start, out=np.ones_like(start), where=start > 0.0)


def crowding(mean_use: float, start: float) -> float:
    """Time that all residents offer for outside work relative to the start; 1 without any."""
    return mean_use / start if mean_use > 0.0 and start > 0.0 else 1.0
