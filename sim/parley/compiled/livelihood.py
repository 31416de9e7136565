"""People earn their living; twin of `parley.steps.livelihood.earn_living`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.draws import fill
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.steps.livelihood import LIVELIHOOD, crowding, first_livelihood, fortune

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

DRAWS = 2
"""Starts a venture; succeeds with it."""


class Living(NamedTuple):
    """Numbers of `use_time` and `earn`; `pay_of_time` is what crowding and fortune make of it."""

    crowding_pay: float
    crowding_transfers: float
    venture_transfer_share: float
    venture_money_share: float
    venture_cost_income: float
    venture_success_share: float
    venture_yield_per_month: float
    venture_loss_share: float
    venture_closing_per_month: float
    usual_adjustment_per_month: float
    ruin_loss_share: float
    skill_growth_per_month: float
    skill_withering_per_month: float
    pay_of_time: float


class Earning(NamedTuple):
    """Columns and arrays of both kernels: read, by village or block, written."""

    aid: Floats
    start_outside: Floats
    start_use: Floats
    start_skill: Floats
    village: npt.NDArray[np.uint16]
    block: npt.NDArray[np.int32]
    pay: Floats
    given: Floats
    goods: Floats
    use: Floats
    used: Floats
    outside_skill: Floats
    venture_income: Floats
    income_now: Floats
    income_usual: Floats
    ruined: npt.NDArray[np.uint8]


@kernel
def use_time(first: int, last: int, people: Earning, p: Living) -> None:
    """Use of the time for outside work, and its sum by block; see `livelihood.outside_use`."""
    for block in range(first, last):
        low, high = rows_of(block, people.use.size)
        outside, aid = people.start_outside[low:high], people.aid[low:high]
        part, use = people.block[low:high], people.use[low:high]
        for i in range(high - low):
            pay, given = people.pay[part[i]], people.given[part[i]] + aid[i]
            left = p.crowding_pay * pay / (pay + outside[i])
            left += p.crowding_transfers * given / (given + outside[i])
            use[i] = min(max(1.0 - left, 0.0), 1.0)
        total = 0.0
        for i in range(high - low):
            total += use[i]
        people.used[block] = total


@kernel
def earn(first: int, last: int, people: Earning, p: Living, key: npt.NDArray[np.uint64]) -> None:
    """Income of the month from all sources, what people get used to, and their skill."""
    draws, lost = np.empty(DRAWS * BLOCK), np.empty(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.use.size)
        size = high - low
        fill(draws, DRAWS * low, DRAWS * size, key)
        venture(people, p, low, draws, lost[:size])
        collect(people, p, low, lost[:size])
        income, usual = people.income_now[low:high], people.income_usual[low:high]
        ruined = people.ruined[low:high]
        for i in range(size):
            ruined[i] = income[i] < (1.0 - p.ruin_loss_share) * usual[i]
        for i in range(size):
            usual[i] += p.usual_adjustment_per_month * (income[i] - usual[i])
        use, skill = people.use[low:high], people.outside_skill[low:high]
        for i in range(size):
            grown = p.skill_growth_per_month * use[i] * (1.0 - skill[i])
            withered = p.skill_withering_per_month * (1.0 - use[i]) * skill[i]
            skill[i] = min(max((skill[i] + grown) - withered, 0.0), 1.0)


@kernel
def venture(people: Earning, p: Living, low: int, draws: Floats, lost: Floats) -> None:
    """Ventures of a block; see `livelihood.venture_chance` and `step_ventures`."""
    high = low + lost.size
    home, part = people.village[low:high], people.block[low:high]
    aid, earned = people.aid[low:high], people.venture_income[low:high]
    per_money = p.venture_money_share / p.venture_cost_income
    for i in range(lost.size):
        given = people.given[part[i]] + aid[i]
        money = people.goods[home[i], LIVELIHOOD] + p.venture_transfer_share * given
        started = draws[DRAWS * i] < min(per_money * money, 1.0)
        lucky = draws[DRAWS * i + 1] < p.venture_success_share
        # 1 if won, -1 if lost, 0 if nothing was started
        lost[i] = (1.0 if lucky else -1.0) if started else 0.0
    for i in range(lost.size):
        kept = (1.0 - p.venture_closing_per_month) * earned[i]
        gain = p.venture_yield_per_month * p.venture_cost_income
        earned[i] = kept + (gain if lost[i] > 0.0 else 0.0)
    for i in range(lost.size):
        lost[i] = p.venture_loss_share * p.venture_cost_income if lost[i] < 0.0 else 0.0


@kernel
def collect(people: Earning, p: Living, low: int, lost: Floats) -> None:
    """Income of a block from all sources; see `livelihood.outside_income`."""
    high = low + lost.size
    start, skill = people.start_outside[low:high], people.outside_skill[low:high]
    start_skill, start_use = people.start_skill[low:high], people.start_use[low:high]
    use, income = people.use[low:high], people.income_now[low:high]
    for i in range(lost.size):
        skilled = skill[i] / start_skill[i] if start_skill[i] > 0.0 else 1.0
        timely = use[i] / start_use[i] if start_use[i] > 0.0 else 1.0
        income[i] = ((start[i] * skilled) * timely) * p.pay_of_time
    part, aid, ventures = people.block[low:high], people.aid[low:high], people.venture_income
    won = ventures[low:high]
    for i in range(lost.size):
        pay, given = people.pay[part[i]], people.given[part[i]] + aid[i]
        income[i] = max((((income[i] + pay) + given) + won[i]) - lost[i], 0.0)


def earn_living(model: PartneringModel, crew: Crew) -> None:
    """Outside work, pay, cash that is given and ventures add up to this month's income."""
    people, now, p = model.people, model.now, model.p.livelihood
    if now.index == 0:
        model.state.livelihood = first_livelihood(model, people.spread_block(now.pay_per_head))
    start = model.state.livelihood
    now.ruined = crew.array("ruined", np.bool_)
    used = crew.array("used", shape=(crew.blocks,))
    arrays: dict[str, Any] = {
        "start_outside": start.outside,
        "start_use": start.use,
        "start_skill": start.skill,
        "pay": now.pay_per_head,
        "given": now.given_per_head,
        "goods": now.flow,
        "use": crew.array("use"),
        "used": used,
        "ruined": now.ruined,
    }
    columns = columns_of(Earning, people, **arrays)
    numbers = numbers_of(Living, p, pay_of_time=1.0)
    crew.run(use_time, columns, numbers)
    crowd = crowding(float(used.sum()) / people.n, start.mean_use)
    pay_of_time = crowd ** (p.outside_elasticity - 1.0) * fortune(model)
    numbers = numbers._replace(pay_of_time=pay_of_time)
    crew.run(earn, columns, numbers, crew.key("livelihood.venture", now.index))
