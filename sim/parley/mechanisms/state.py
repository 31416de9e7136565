"""Local government: the election clock, capacity and spending (block M22).

Null switch: `execution_share_per_year = 1` with capacity 1 spends what comes in;
`prevote_rise_share = postvote_capacity_loss = 0` stops the election clock;
`displacement_share = 0` keeps state effort independent of what companies provide.

Sources: Brender and Drazen (2005), "Political budget cycles in new versus established
democracies", Journal of Monetary Economics 52(7), for the direction of the pre-vote rise; Akhtari,
Moreira and Trucco (2022), "Political turnover, bureaucratic turnover, and the quality of public
services", American Economic Review 112(2), for the loss at a change of government.
"""

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.parameters import StateParams

MONTHS_PER_YEAR = 12


def months_to_vote(month: Ints | int, offset: int, interval: int) -> Ints:
    """Count the months until the next municipal vote.

    `(offset - month) mod interval`; 0 in the month of a vote.

    Args:
        month: Month of the run, any shape.
        offset: Month of the run in which one vote falls; may be negative.
        interval: Months between votes, >= 1.

    Returns:
        Months, same shape, 0 to interval - 1.

    Raises:
        ValueError: If the interval is below 1.

    Source: definition.

    Votes fall in months 10 and 58.

    >>> months_to_vote(np.array([9, 10, 11, 58]), 10, 48)
    array([ 1,  0, 47,  0])
    """
    if interval < 1:
        raise ValueError(f"interval must be at least 1 month, not {interval}")
    return np.asarray((offset - np.asarray(month, np.int64)) % interval)


def visible_spending_factor(months_to_vote: Ints | int, p: StateParams) -> Floats:
    """Raise visible spending in the twelve months that end with a vote.

    `1 + rise` if the vote is less than 12 months away, else 1.

    Args:
        months_to_vote: Months until the next vote, any shape, >= 0.
        p: State parameters.

    Returns:
        Factor on visible spending, same shape, >= 1.

    Source: Brender and Drazen (2005), direction; size swept.

    >>> from types import SimpleNamespace
    >>> visible_spending_factor(np.array([0, 11, 12]), SimpleNamespace(prevote_rise_share=0.25))
    array([1.25, 1.25, 1.  ])
    """
    near = np.asarray(months_to_vote) < MONTHS_PER_YEAR
    return np.where(near, 1 + p.prevote_rise_share, 1.0)


def step_capacity(
    capacity: Floats | float, normal: Floats | float, voted: Bools | bool, p: StateParams
) -> Floats:
    """Let capacity return to its normal level, and lose some of it when government changes.

    `K' = (K + r (K0 - K)) (1 - loss if voted)`

    Args:
        capacity: Capacity K, any shape, 0 to 1.
        normal: Normal level K0, broadcastable, 0 to 1 (a level, not a random draw).
        voted: Whether a vote changed government this month, broadcastable.
        p: State parameters.

    Returns:
        Capacity next month, broadcast shape, 0 to 1.

    Source: Akhtari, Moreira and Trucco (2022), direction; sizes `assumption`.

    From 0.4 half of the way to 0.6 is 0.5; a vote then costs a fifth of it.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(capacity_recovery_per_month=0.5, postvote_capacity_loss=0.2)
    >>> step_capacity(0.4, 0.6, np.array([False, True]), p)
    array([0.5, 0.4])
    """
    recovered = capacity + p.capacity_recovery_per_month * (np.asarray(normal) - capacity)
    return np.asarray(recovered * (1 - p.postvote_capacity_loss * np.asarray(voted)))


def execution(balance: Floats | float, capacity: Floats | float, p: StateParams) -> Floats:
    """Spend the part of the money at hand that local government manages to spend in a month.

    `spend = M (1 - (1 - x)^(1/12)) K`, where x is the share spent in a year at full capacity.

    Args:
        balance: Money at hand M, any shape and money unit, >= 0.
        capacity: Capacity K, broadcastable, 0 to 1.
        p: State parameters.

    Returns:
        Spending this month, unit of `balance`, 0 to the balance.

    Source: constant monthly rate that adds up to the annual execution share; range from
    subnational budget execution of mining revenue.

    A year at full capacity spends 1 - 0.5^12 = 0.999756; half of that in a month is 0.5, and
    capacity 0.6 spends 0.3 of the balance.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(execution_share_per_year=1 - 0.5**12)
    >>> round(float(execution(1000.0, 0.6, p)), 9)
    300.0
    """
    monthly = 1 - (1 - p.execution_share_per_year) ** (1 / MONTHS_PER_YEAR)
    return np.asarray(np.asarray(balance) * (monthly * np.asarray(capacity)))


def state_effort(base: Floats | float, company_provision: Floats | float, p: StateParams) -> Floats:
    """Withdraw state effort where companies already provide.

    `effort = max(base - displacement x provision, 0)`

    Args:
        base: Effort without company provision, any shape and unit, >= 0.
        company_provision: What companies provide, same unit, broadcastable, >= 0.
        p: State parameters.

    Returns:
        Effort, broadcast shape, 0 to base.

    Source: assumption (off by default).

    >>> from types import SimpleNamespace
    >>> state_effort(10.0, np.array([0.0, 8.0, 40.0]), SimpleNamespace(displacement_share=0.5))
    array([10.,  6.,  0.])
    """
    return np.maximum(base - p.displacement_share * np.asarray(company_provision), 0.0)
