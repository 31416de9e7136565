"""Commodity price: the one outside driver of every site (block M0).

The log price is drawn towards its long-run level and shaken each month. The step is exact for a
month of the continuous process, so a coarser or finer clock would give the same distribution at
the same dates. Where mean reversion cannot be detected, reversion 0 makes it a random walk.

Null switch: `volatility_per_sqrt_year = 0` (a price that starts at its long-run level stays there).

Source: Schwartz (1997), "The stochastic behavior of commodity prices: implications for valuation
and hedging", Journal of Finance 52(3), one-factor model.
"""

import math

from parley.arrays import Floats
from parley.parameters import PriceParams

MONTHS_PER_YEAR = 12


def shock_sd(p: PriceParams) -> float:
    """Give the standard deviation of one month's shock to the log price.

    `sd^2 = sigma^2 (1 - exp(-kappa/6)) / (2 kappa)`; `sigma^2 / 12` when kappa is 0.

    Args:
        p: Price parameters; sigma is `volatility_per_sqrt_year`, kappa `reversion_per_year`.

    Returns:
        Standard deviation of the monthly shock, log, >= 0.

    Source: Schwartz (1997); exact discretisation.

    Twelve shocks of a random walk with 24% a year: 0.24 / sqrt(12) = 0.0693.

    >>> round(shock_sd(PriceParams(volatility_per_sqrt_year=0.24, reversion_per_year=0.0)), 4)
    0.0693
    >>> round(shock_sd(PriceParams(volatility_per_sqrt_year=0.23, reversion_per_year=0.37)), 4)
    0.0654
    """
    kappa = p.reversion_per_year
    if kappa == 0:
        return p.volatility_per_sqrt_year / math.sqrt(MONTHS_PER_YEAR)
    years = -math.expm1(-2 * kappa / MONTHS_PER_YEAR) / (2 * kappa)
    return p.volatility_per_sqrt_year * math.sqrt(years)


def step_log_price[X: (float, Floats)](log_price: X, normal: X, p: PriceParams) -> X:
    """Move the log price one month: pulled to its long-run level, then shaken.

    `x' = exp(-kappa/12) x + sd z`, where x = 0 is the long-run level.

    Args:
        log_price: Log price relative to its long-run level, any shape, real.
        normal: Standard normal draws, same shape.
        p: Price parameters.

    Returns:
        Log price one month later, same shape.

    Source: Schwartz (1997).

    Reversion 12 ln 2 per year halves the deviation in a month; without a shock 0.4 becomes 0.2.

    >>> step_log_price(0.4, 0.0, PriceParams(0.2, 12 * math.log(2)))
    0.2
    """
    return math.exp(-p.reversion_per_year / MONTHS_PER_YEAR) * log_price + shock_sd(p) * normal
