"""Outside income and the skill it takes, ventures, and what losing income does (block M21).

Income = outside work + pay from the site + transfers + ventures. Incomes are in median monthly
incomes of the place.

Null switch: `crowding_pay = crowding_transfers = 0` (nobody leaves outside work, so no skill
withers), `venture_money_share = 0` (no ventures), `security_response_per_month = 0` (security does
not follow income).
"""

from __future__ import annotations

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import LivelihoodParams


def outside_use(
    outside: Floats | float, pay: Floats | float, given: Floats | float, p: LivelihoodParams
) -> Floats:
    """People leave outside work as far as the company's money takes its place in their income.

    u = 1 - crowding_pay * pay / (pay + outside) - crowding_transfers * given / (given + outside),
    within 0..1

    Args:
        outside: outside income at the start, any shape, median monthly incomes, > 0.
        pay: wages and local purchases, same shape and unit, >= 0.
        given: transfers, same shape and unit, >= 0.
        p: livelihood parameters.

    Returns:
        Use of the time for outside work, broadcast shape, share 0..1.

    Source:
        assumption. For transfers the literature finds little or no effect on work (Banerjee,
        Hanna, Kreindler and Olken 2017), so its default is 0.

    Examples:
        Pay brings half of the income and half of that is given up: 1 - 0.5 * 0.5 = 0.75.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(crowding_pay=0.5, crowding_transfers=0.0)
        >>> float(outside_use(0.4, 0.4, 0.3, p))
        0.75
    """
    left = p.crowding_pay * pay / (pay + outside) + p.crowding_transfers * given / (given + outside)
    return np.clip(1.0 - left, 0.0, 1.0)


def step_skill(skill: Floats | float, use: Floats | float, p: LivelihoodParams) -> Floats:
    """Skill for outside work grows as far as it is used and withers as far as it is not.

    s' = s + g u (1 - s) - w (1 - u) s,   within 0..1

    Args:
        skill: outside skill, any shape, share of full competence 0..1.
        use: use of the time for outside work, same shape, share 0..1.
        p: livelihood parameters; g is `skill_growth_per_month`, w `skill_withering_per_month`.

    Returns:
        Next month's skill, broadcast shape, 0..1.

    Source:
        assumption (use and disuse; rest point in `resting_skill`).

    Examples:
        0.5 + 0.1 * 0.5 * 0.5 - 0.2 * 0.5 * 0.5 = 0.475.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(skill_growth_per_month=0.1, skill_withering_per_month=0.2)
        >>> round(float(step_skill(0.5, 0.5, p)), 12)
        0.475
    """
    grown = p.skill_growth_per_month * use * (1.0 - np.asarray(skill))
    withered = p.skill_withering_per_month * (1.0 - np.asarray(use)) * skill
    return np.clip(skill + grown - withered, 0.0, 1.0)


def resting_skill(use: Floats | float, p: LivelihoodParams) -> Floats:
    """The skill at which growth and withering balance; full skill where nothing moves it.

    s* = g u / (g u + w (1 - u))

    Args:
        use: use of the time for outside work, any shape, share 0..1.
        p: livelihood parameters; g is `skill_growth_per_month`, w `skill_withering_per_month`.

    Returns:
        Skill, same shape, 0..1.

    Source:
        the rest point of `step_skill`.

    Examples:
        Half use, twice as fast to wither as to grow: 0.05 / (0.05 + 0.1).

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(skill_growth_per_month=0.1, skill_withering_per_month=0.2)
        >>> resting_skill(np.array([0.5, 1.0]), p).round(6).tolist()
        [0.333333, 1.0]
    """
    up = p.skill_growth_per_month * np.asarray(use, dtype=np.float64)
    down = p.skill_withering_per_month * (1.0 - np.asarray(use, dtype=np.float64))
    return np.divide(up, up + down, out=np.ones_like(up), where=up + down > 0.0)


def outside_income(
    start: Floats | float,
    skill_ratio: Floats | float,
    use_ratio: Floats | float,
    crowd: float,
    p: LivelihoodParams,
    fortune: float = 1.0,
) -> Floats:
    """Outside work brings more with skill and time, and less the more people look for it.

    outside = start * skill_ratio * use_ratio * crowd^(elasticity - 1) * fortune

    Where alternatives are thin (elasticity 0) all together earn the same sum whatever they offer.

    Args:
        start: outside income at the start, any shape, median monthly incomes, >= 0.
        skill_ratio: outside skill relative to the start, same shape, >= 0.
        use_ratio: time for outside work relative to the start, same shape, >= 0.
        crowd: time for outside work of all residents relative to the start, > 0.
        p: livelihood parameters; reads `outside_elasticity`.
        fortune: what a dated event makes of outside work, such as a drought, >= 0; 1 as ever.

    Returns:
        Outside income, broadcast shape, median monthly incomes, >= 0.

    Source:
        assumption (constant elasticity of local demand for work).

    Examples:
        Four times the time of everybody at elasticity 0.5: 0.8 * 0.5 * 4 * 4^-0.5 = 0.8.

        >>> from types import SimpleNamespace
        >>> float(outside_income(0.8, 0.5, 4.0, 4.0, SimpleNamespace(outside_elasticity=0.5)))
        0.8
    """
    pay_of_time: float = crowd ** (p.outside_elasticity - 1.0) * fortune
    return np.asarray(np.multiply(start, skill_ratio) * use_ratio * pay_of_time)


def venture_chance(money: Floats | float, p: LivelihoodParams) -> Floats:
    """Money for livelihoods starts as many ventures as it can pay for.

    chance = min(venture_money_share * money / venture_cost_income, 1)

    Args:
        money: money for livelihoods put to use, any shape, median monthly incomes a head, >= 0.
        p: livelihood parameters.

    Returns:
        Chance that a resident starts a venture this month, same shape, 0..1.

    Source:
        assumption.

    Examples:
        Half of 0.4 incomes pays for a twentieth of a venture that costs 4.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(venture_money_share=0.5, venture_cost_income=4.0)
        >>> float(venture_chance(0.4, p))
        0.05
    """
    return np.minimum(np.multiply(p.venture_money_share / p.venture_cost_income, money), 1.0)


def step_ventures(
    income: Floats | float, started: Bools | bool, luck: Floats | float, p: LivelihoodParams
) -> tuple[Floats, Floats]:
    """A venture brings an income that fades if it succeeds, and costs own money if it fails.

    v' = (1 - closing) v + yield * cost        if started and luck < success share
    loss = loss share * cost                   if started otherwise

    Args:
        income: v, income from earlier ventures, any shape, median monthly incomes, >= 0.
        started: whether a venture is started this month, same shape.
        luck: uniform draw in [0, 1), same shape.
        p: livelihood parameters.

    Returns:
        (income, loss): income from ventures after this month's, and own money lost this month,
        broadcast shape, median monthly incomes, >= 0.

    Source:
        chance of success 0.2 to 0.7: project range; form: assumption.

    Examples:
        0.9 * 0.2 + 0.05 * 4 = 0.38; the second fails and loses 0.1 * 4.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(venture_success_share=0.5, venture_yield_per_month=0.05,
        ...                     venture_cost_income=4.0, venture_loss_share=0.1,
        ...                     venture_closing_per_month=0.1)
        >>> v, lost = step_ventures(0.2, True, np.array([0.4, 0.6]), p)
        >>> v.round(6).tolist(), lost.tolist()
        ([0.38, 0.18], [0.0, 0.4])
    """
    succeeded = np.logical_and(started, np.less(luck, p.venture_success_share))
    failed = np.logical_and(started, ~succeeded)
    kept = (1.0 - p.venture_closing_per_month) * np.asarray(income)
    grown = kept + p.venture_yield_per_month * p.venture_cost_income * succeeded
    return grown, p.venture_loss_share * p.venture_cost_income * failed


def security_pull(
    income: Floats | float, start: Floats | float, p: LivelihoodParams
) -> tuple[Floats, Floats]:
    """Livelihood security wears with income lost against the start and mends with income won.

    pressure = response * max(1 - y / y0, 0),   repair = response * max(1 - y0 / y, 0)

    Args:
        income: y, income this month, any shape, median monthly incomes, >= 0.
        start: y0, income at the start, same shape and unit, > 0.
        p: livelihood parameters; reads `security_response_per_month`.

    Returns:
        (pressure, repair): 1/month, broadcast shape, 0..response.

    Source:
        assumption.

    Examples:
        Half of the income lost, and income doubled.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(security_response_per_month=0.1)
        >>> pressure, repair = security_pull(np.array([0.5, 2.0]), 1.0, p)
        >>> pressure.tolist(), repair.tolist()
        ([0.05, 0.0], [0.0, 0.05])
    """
    top = np.maximum(income, start)
    rate = p.security_response_per_month
    lost = rate * np.maximum(1.0 - np.divide(income, start), 0.0)
    return lost, rate * (1.0 - np.divide(start, top))


def ruined(income: Floats | float, usual: Floats | float, p: LivelihoodParams) -> Bools:
    """A household is ruined in a month in which too much of its usual income is missing.

    ruined = y < (1 - ruin_loss_share) * usual

    Args:
        income: income this month, any shape, median monthly incomes, >= 0.
        usual: usual income, same shape and unit, >= 0.
        p: livelihood parameters; reads `ruin_loss_share`.

    Returns:
        Whether ruined this month, broadcast shape.

    Source:
        assumption.

    Examples:
        Thirty and forty percent missing, where more than thirty ruin.

        >>> from types import SimpleNamespace
        >>> ruined(np.array([0.7, 0.6]), 1.0, SimpleNamespace(ruin_loss_share=0.3)).tolist()
        [False, True]
    """
    return np.less(income, (1.0 - p.ruin_loss_share) * np.asarray(usual))


def dependency(with_company: Floats | float, without: Floats | float) -> Floats:
    """The part of income that would be gone this month without the company.

    dependency = (with - without) / with; 0 without any income

    Args:
        with_company: income as it is, any shape, median monthly incomes, >= 0.
        without: income without the company's flows, all time in outside work, same shape and unit.

    Returns:
        Part of income, broadcast shape, at most 1; negative where people would earn more without.

    Source:
        definition.

    Examples:
        >>> dependency(np.array([1.0, 0.0]), np.array([0.75, 0.0])).tolist()
        [0.25, 0.0]
    """
    whole = np.asarray(with_company, dtype=np.float64)
    gone = whole - without
    return np.divide(gone, whole, out=np.zeros_like(gone), where=whole > 0.0)
