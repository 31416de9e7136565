"""What a stack costs in a place, worked out by the model itself before any month is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from parley.model import PartneringModel
from parley.practice_types import DIALS
from parley_workshop.edits import levels
from parley_workshop.scenarios import scenario_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_workshop.board import Board

CENTS_PER_USD = 100.0


@dataclass(frozen=True, slots=True)
class DialCost:
    """What one practice takes at its announced level.

    Attributes:
        level: Announced, 0 to 1.
        usd: Money, US$ per 1000 residents per month.
        hours: Staff time, hours per 1000 residents per month.
    """

    level: float
    usd: float
    hours: float


@dataclass(frozen=True, slots=True)
class StackCost:
    """What a whole stack takes, and what there is.

    Attributes:
        dials: Each practice, by name.
        usd: Money of all practices together, US$ per 1000 residents per month.
        usd_available: The most that the community budget may spend on process at the reference
            price, in the same unit. What is announced beyond it is cut, all practices alike.
        budget_usd: The whole community budget at the reference price, in the same unit.
        hours: Staff time of all practices, hours per 1000 residents per month.
        hours_available: Staff at the start, in the same unit; None where more are hired.
    """

    dials: Mapping[str, DialCost]
    usd: float
    usd_available: float
    budget_usd: float
    hours: float
    hours_available: float | None


def stack_cost(board: Board, arm: int, month: int = 0) -> StackCost:
    """What the stack of a column takes in a month.

    Args:
        board: The board.
        arm: Index of the column.
        month: The month whose announced levels count.

    Raises:
        ScenarioError: Something on the board is unknown or out of range.
    """
    scenario = scenario_of(board, arm)
    few = max(50, scenario.place.facts.villages)
    model = PartneringModel(scenario.with_run(population=few), board.seed, board.replicate)
    thousand = few / 1000.0
    held = levels(board.arms[arm], month)
    level = np.array([held[name] for name in DIALS])
    usd = level * model.dial_prices / CENTS_PER_USD / thousand
    hours = level * model.dial_hours / thousand
    budget_share = model.p.budget.social_budget_share * model.company.reference_revenue
    budget = budget_share / CENTS_PER_USD / thousand
    hires = scenario.practices.in_force(month).hires_staff
    return StackCost(
        dials={
            name: DialCost(float(one), float(cost), float(time))
            for name, one, cost, time in zip(DIALS, level, usd, hours, strict=True)
        },
        usd=float(usd.sum()),
        usd_available=model.p.practices.process_cap_share * budget,
        budget_usd=budget,
        hours=float(hours.sum()),
        hours_available=None if hires else float(scenario.place.facts.staff_hours_per_1000),
    )
