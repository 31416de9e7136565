"""Benefits reach people; twin of `parley.steps.benefits.hand_out`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of
from parley.steps.benefits import DAYS_PER_MONTH, HOURS_PER_DAY, private_per_head
from parley.steps.policy import receive_cash

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

KINDS = 6


class Shares(NamedTuple):
    """Numbers of `reach`: what counts how, days of a meeting, what digital tools save."""

    transfer_match: float
    wage_rent_share: float
    public_good_factor: float
    months: float
    saved: float


class Reached(NamedTuple):
    """Columns and arrays of `reach`: read, by village or block, written."""

    needs: Floats
    meeting_days: Floats
    attended: npt.NDArray[np.uint8]
    connected: npt.NDArray[np.uint8]
    village: npt.NDArray[np.uint16]
    block: npt.NDArray[np.int32]
    flow: Floats
    state_flow: Floats
    earned: Floats
    given: Floats
    budget_benefit: Floats
    benefit: Floats
    shared_benefit: Floats
    state_benefit: Floats
    matched: Floats
    time_cost: Floats
    worth: Floats


@kernel
def reach(first: int, last: int, people: Reached, p: Shares) -> None:
    """Money and goods of the month in everybody's hands, and what goods are worth by block."""
    goods = np.empty(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.benefit.size)
        size = high - low
        home, needs = people.village[low:high], people.needs[low:high]
        value(people.flow, needs, home, p, goods)
        whole = 0.0
        for i in range(size):
            whole += goods[i]
        people.worth[block] = whole
        matched = people.matched[low:high]
        for i in range(size):
            total = p.public_good_factor * total_of(people.flow, home[i])
            matched[i] = goods[i] / total if total > 0.0 else np.nan
        value(people.state_flow, needs, home, p, people.state_benefit[low:high])
        budget, part = people.budget_benefit[low:high], people.block[low:high]
        for i in range(size):
            budget[i] = p.transfer_match * people.given[part[i]] + goods[i]
        benefit = people.benefit[low:high]
        for i in range(size):
            benefit[i] = budget[i] + people.earned[part[i]]
        shared = people.shared_benefit[low:high]
        for i in range(size):
            shared[i] = budget[i] + p.wage_rent_share * people.earned[part[i]]
        spend_time(people, p, low, people.time_cost[low:high])


@kernel
def total_of(flow: Floats, home: int) -> float:
    """All kinds of goods used in a village."""
    row = flow[home]
    total: float = ((((row[0] + row[1]) + row[2]) + row[3]) + row[4]) + row[5]
    return total


@kernel
def value(
    flow: Floats, needs: Floats, home: npt.NDArray[np.uint16], p: Shares, out: Floats
) -> None:
    """What a flow of goods is worth to a block; see `distribution.public_good_value`."""
    for i in range(home.size):
        row = flow[home[i]]
        total = total_of(flow, home[i])
        overlap = 0.0
        for k in range(KINDS):
            overlap += min(row[k], total * needs[i, k])
        out[i] = p.public_good_factor * overlap


@kernel
def spend_time(people: Reached, p: Shares, low: int, cost: Floats) -> None:
    """Time of those of a block who met, in months of income."""
    high = low + cost.size
    days, attended = people.meeting_days[low:high], people.attended[low:high]
    connected = people.connected[low:high]
    for i in range(cost.size):
        cost[i] = attended[i] * (days[i] * (1.0 - p.saved * connected[i])) * p.months


def hand_out(model: PartneringModel, crew: Crew) -> None:
    """Wages, purchases and transfers reach blocks of people; public goods are used up."""
    people, now, state, p = model.people, model.now, model.state, model.p.distribution
    now.pay_per_head, now.given_per_head = private_per_head(model)
    life = 1.0 / p.goods_life_months
    now.flow = state.goods * life
    state.goods -= now.flow
    state.goods_used += now.flow
    used = state.state_goods * life
    state.state_goods -= used
    now.state_flow = used + now.services
    now.matched, now.time_cost = crew.array("matched"), crew.array("time_cost")
    arrays: dict[str, Any] = {
        "flow": now.flow,
        "state_flow": now.state_flow,
        "earned": now.pay_per_head,
        "given": now.given_per_head,
        "matched": now.matched,
        "time_cost": now.time_cost,
        "worth": crew.array("worth", shape=(crew.blocks,)),
    }
    days = now.rounds * model.p.room.hours_per_round / HOURS_PER_DAY
    numbers = Shares(
        float(p.transfer_match),
        float(model.p.appraisal.wage_rent_share),
        float(p.public_good_factor),
        float(days / DAYS_PER_MONTH),
        float(model.p.room.digital_saving_share * model.site_team.levels.digital),
    )
    crew.run(reach, columns_of(Reached, people, **arrays), numbers)
    now.goods_value = float(arrays["worth"].sum())
    if now.index == 0:  # people start out used to what they have
        people["aspiration"][:] = people["shared_benefit"]
        people["state_aspiration"][:] = people["state_benefit"]
    receive_cash(model)
