"""Operations, the community budget and the order in which money is paid out (block M1).

Operating results are shares of the site's reference revenue (a month at the long-run price and
full output). Cash that is actually paid is integer cents.

Null switch: sharing, contract and seniority dials at 0 make the budget a constant that is paid
after dividends; `social_budget_share = 0` removes it.

Sources: cost structure and payment order `assumption`; cost of delay Franks et al. (2014),
"Conflict translates environmental and social risk into business costs", PNAS 111(21).
"""

from dataclasses import dataclass

from parley.arrays import Floats
from parley.parameters import BudgetParams


@dataclass(frozen=True, slots=True)
class Operations[X: (float, Floats)]:
    """One month's operating result, each in shares of reference revenue.

    Attributes:
        revenue: Sales, >= 0.
        cost: Operating cost, >= 0.
        royalty: Royalty paid to government, >= 0.
        rent: What is left, of either sign.
    """

    revenue: X
    cost: X
    royalty: X
    rent: X


@dataclass(frozen=True, slots=True)
class Waterfall:
    """How available cash was used, in cents; the five parts sum to what was available.

    Attributes:
        senior: Paid on promises that rank before dividends.
        dividends: Paid to headquarters.
        junior: Paid on promises that rank after dividends.
        discretionary: Paid on spending that nobody was promised.
        retained: Kept on site.
    """

    senior: int
    dividends: int
    junior: int
    discretionary: int
    retained: int


def operations[X: (float, Floats)](
    price_ratio: X, output_ratio: X, royalty_share: float, p: BudgetParams
) -> Operations[X]:
    """Work out a month's revenue, cost, royalty and rent.

    `revenue = P Q;  cost = c ((1 - f) Q + f);  royalty = r revenue;  rent = the rest`

    Args:
        price_ratio: Price over the long-run price, any shape, > 0.
        output_ratio: Output over full output after disruption, same shape, >= 0.
        royalty_share: Royalty, share of revenue, 0 to 1.
        p: Budget parameters; c is `cost_share`, f `fixed_cost_share`.

    Returns:
        Shares of reference revenue, same shape.

    Source: assumption (linear cost with a fixed part).

    Price 10% up, half the output lost, costs 0.8 of which half are fixed, royalty 10%:
    revenue 0.55, cost 0.8 x 0.75 = 0.6, royalty 0.055, rent -0.105.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(cost_share=0.8, fixed_cost_share=0.5)
    >>> month = operations(1.1, 0.5, 0.1, p)
    >>> [round(x, 3) for x in (month.revenue, month.cost, month.royalty, month.rent)]
    [0.55, 0.6, 0.055, -0.105]
    """
    revenue = price_ratio * output_ratio
    cost = p.cost_share * ((1 - p.fixed_cost_share) * output_ratio + p.fixed_cost_share)
    royalty = royalty_share * revenue
    return Operations(revenue, cost, royalty, revenue - cost - royalty)


def rent_ratio(trailing_rent: float, expected_trailing_rent: float) -> float:
    """Compare the last year's rent with what was expected of such a year.

    `rho = max(R, 0) / E[max(R, 0)]`, so that its mean is 1; 1 when nothing was ever expected.

    Args:
        trailing_rent: Mean monthly rent of the last year, share of reference revenue, real.
        expected_trailing_rent: Expectation of the positive part of that rent before the run,
            same unit, >= 0.

    Returns:
        Ratio, >= 0.

    Raises:
        ValueError: If the expectation is negative, which a positive part cannot be.

    Source: assumption; the mean-preserving form keeps a sharing rule from adding money.

    >>> rent_ratio(0.375, 0.25), rent_ratio(-0.1, 0.25), rent_ratio(0.3, 0.0)
    (1.5, 0.0, 1.0)
    """
    if expected_trailing_rent < 0:
        raise ValueError(
            f"expected_trailing_rent must be >= 0 (it is the mean of a positive part), "
            f"not {expected_trailing_rent}"
        )
    if expected_trailing_rent == 0:
        return 1.0
    return max(trailing_rent, 0.0) / expected_trailing_rent


def social_budget(base: float, sharing: float, rent_ratio: float) -> float:
    """Index a share of the community budget to rent without changing its mean.

    `B = B0 ((1 - S) + S rho)`

    Args:
        base: Budget of an average month, any money unit, >= 0.
        sharing: Executed level of the sharing practice, 0 to 1.
        rent_ratio: Rent over expected rent, >= 0, mean 1.

    Returns:
        This month's budget in the unit of `base`, >= 0.

    Source: assumption.

    Forty per cent of 100 is indexed and rent is half of what was expected: 60 + 20.

    >>> social_budget(100.0, 0.4, 0.5)
    80.0
    """
    return base * ((1 - sharing) + sharing * rent_ratio)


def waterfall(
    available: int, due: int, seniority: float, dividend_target: int, discretionary: int
) -> Waterfall:
    """Pay what is owed in order of rank until the money is gone.

    Order: a share T of the promises due, dividends up to their target, the rest of the promises,
    discretionary spending; what remains is retained.

    Args:
        available: Cash left after wages, suppliers and royalty, cents, >= 0.
        due: Promised payments due this month, cents, >= 0.
        seniority: Executed share T of promises that rank before dividends, 0 to 1.
        dividend_target: Dividends headquarters expects this month, cents, >= 0.
        discretionary: Spending wanted that was promised to nobody, cents, >= 0.

    Returns:
        The five parts, cents, summing exactly to `available`.

    Raises:
        ValueError: If an amount is negative or seniority lies outside 0 to 1.

    Source: assumption (an ordinary cash waterfall).

    Of 1000 cents, half of 600 promised goes first, then 500 of dividends, then the last 200 to
    the other promises: 100 of them stay unpaid, and nothing is left.

    >>> waterfall(1000, 600, 0.5, 500, 50)
    Waterfall(senior=300, dividends=500, junior=200, discretionary=0, retained=0)
    """
    if min(available, due, dividend_target, discretionary) < 0:
        raise ValueError(
            f"amounts must be >= 0 cents: available {available}, due {due}, "
            f"dividend_target {dividend_target}, discretionary {discretionary}"
        )
    if not 0 <= seniority <= 1:
        raise ValueError(f"seniority must lie in 0 to 1, not {seniority}")
    senior_due = round(seniority * due)
    left = available
    parts = []
    for claim in (senior_due, dividend_target, due - senior_due, discretionary):
        part = min(claim, left)
        left -= part
        parts.append(part)
    senior, dividends, junior, spent = parts
    return Waterfall(senior, dividends, junior, spent, retained=left)


def delay_cost(capital: float, weeks_lost: float, p: BudgetParams) -> float:
    """Charge the weeks lost while the project is being built up.

    `cost = capital x share per week x weeks`

    Args:
        capital: Capital cost of the project, any money unit, >= 0.
        weeks_lost: Weeks of full stoppage, >= 0.
        p: Budget parameters.

    Returns:
        Cost in the unit of `capital`, >= 0.

    Source: Franks et al. (2014): about US$20 million a week on projects of US$3 to 5 billion.

    >>> from types import SimpleNamespace
    >>> delay_cost(4e9, 2.0, SimpleNamespace(delay_cost_share_per_week=0.005))
    40000000.0
    """
    return capital * p.delay_cost_share_per_week * weeks_lost
