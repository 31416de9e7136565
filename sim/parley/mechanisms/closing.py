"""When a site that loses money is suspended, reopened, sold or closed (block M21).

Money is in shares of the site's reference revenue (a month at the long-run price and full output).

Null switch: `exit_after_months = 0` (headquarters covers any loss for ever).
"""

from __future__ import annotations

import math

import numpy as np

from parley.mechanisms.budget import operations
from parley.parameters import BudgetParams, PriceParams

MONTHS_PER_YEAR = 12


def months_of_loss(counted: int, result: float) -> int:
    """Count the months in a row in which the result of the past year was a loss.

    n' = n + 1 if result < 0, else 0

    Args:
        counted: n, months counted so far, >= 0.
        result: mean monthly result of the past year, share of reference revenue, real.

    Returns:
        Months, >= 0.

    Source:
        definition.

    Examples:
        >>> months_of_loss(3, -0.01), months_of_loss(3, 0.0)
        (4, 0)
    """
    return counted + 1 if result < 0.0 else 0


def margin(
    log_price: float, output: float, burden: float, royalty_share: float, p: BudgetParams
) -> float:
    """What a month of work would leave at a price, after what neighbours cost.

    margin = rent(exp(x), Q) - burden

    Args:
        log_price: x, log price relative to its long-run level, real.
        output: Q, output as it can be expected with protest as it is, 0..1.
        burden: community spending that goes with operation, share of reference revenue, >= 0.
        royalty_share: royalty, share of revenue, 0..1.
        p: budget parameters; reads what `operations` reads.

    Returns:
        Share of reference revenue, real.

    Source:
        what `budget.operations` leaves.

    Examples:
        At the long-run price, costs 0.75, royalty 0.08, burden 0.01: 1 - 0.75 - 0.08 - 0.01.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(cost_share=0.75, fixed_cost_share=0.6)
        >>> round(margin(0.0, 1.0, 0.01, 0.08, p), 12)
        0.16
    """
    return float(operations(math.exp(log_price), output, royalty_share, p).rent) - burden


def operating_value(
    log_price: float, monthly: tuple[float, float], horizon: int, yearly: float, p: PriceParams
) -> float:
    """Value of working on: discounted margins along the price path that owners expect.

    V = sum_{k=0}^{H-1} (a exp(x e^{-kappa k / 12}) - b) (1 + r)^{-k/12}

    A margin is linear in the price: a is what it gains with the price, b what it costs at none.

    Args:
        log_price: x, log price now relative to its long-run level, real.
        monthly: (a, b), shares of reference revenue.
        horizon: H, months of operation that count, >= 1.
        yearly: r, discount rate, 1/year, >= 0.
        p: price parameters; kappa is `reversion_per_year`.

    Returns:
        Months of reference revenue, real.

    Source:
        net present value (convention); that owners expect the median path: assumption.

    Examples:
        A constant margin of 0.2 without discount for ten months is worth 2.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(reversion_per_year=0.0)
        >>> round(operating_value(0.0, (0.9, 0.7), 10, 0.0, p), 12)
        2.0
    """
    years = np.arange(horizon) / MONTHS_PER_YEAR
    prices = np.exp(log_price * np.exp(-p.reversion_per_year * years))
    gain, cost = monthly
    return float(((gain * prices - cost) * (1.0 + yearly) ** -years).sum())


def price_line(
    output: float, burden: float, royalty_share: float, p: BudgetParams
) -> tuple[float, float]:
    """A month's margin as a line in the price: what it gains with it and what it costs at none.

    margin(P) = a P - b,   a = (1 - royalty) Q,   b = cost(Q) + burden

    Args:
        output: Q, expected output, 0..1.
        burden: community spending that goes with operation, share of reference revenue, >= 0.
        royalty_share: royalty, share of revenue, 0..1.
        p: budget parameters.

    Returns:
        (a, b), shares of reference revenue.

    Source:
        `budget.operations` is linear in the price.

    Examples:
        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(cost_share=0.75, fixed_cost_share=0.6)
        >>> [round(x, 12) for x in price_line(1.0, 0.01, 0.08, p)]
        [0.92, 0.76]
    """
    cost = float(operations(0.0, output, royalty_share, p).cost)
    return (1.0 - royalty_share) * output, cost + burden


def next_move(suspended: int, margin_now: float, value: float, wait: int) -> str:
    """Decide about a suspended site: reopen where work pays, give up where it never will.

    reopen if margin now > 0; else give up if V < 0 and suspended for at least `wait` months;
    else stay

    Args:
        suspended: months since it was suspended, >= 0.
        margin_now: what a month of work would leave now, share of reference revenue.
        value: V, value of working on, months of reference revenue.
        wait: months before it can be given up, >= 0.

    Returns:
        `reopen`, `give up` or `stay`.

    Source:
        real-option reading of mine closures (Brennan and Schwartz 1985), simplified: assumption.

    Examples:
        >>> next_move(2, -0.1, -1.0, 6), next_move(6, -0.1, -1.0, 6), next_move(6, 0.1, -1.0, 6)
        ('stay', 'give up', 'reopen')
    """
    if margin_now > 0.0:
        return "reopen"
    return "give up" if value < 0.0 and suspended >= wait else "stay"
