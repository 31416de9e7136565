"""What benefit a person has come to count on (block M11).

Aspirations follow one's own and one's neighbours' benefits, and are pulled up by
announcements, by a high commodity price and by the visible arrival of an operation. How far
they enter the judgement of a benefit is a matter of appraisal (`adaptation_share`).

Null switch: adjustment_per_month = promise_pull = price_pull_income = arrival_pull_income = 0
(aspirations never move).
"""

import numpy as np

from parley.arrays import Floats
from parley.parameters import AspirationParams


def step_aspiration(
    aspiration: Floats | float,
    benefit: Floats | float,
    neighbour_benefit: Floats | float,
    announced: Floats | float,
    price_gap: Floats | float,
    growing: Floats | float,
    p: AspirationParams,
) -> Floats:
    """Aspirations drift to what one and one's neighbours get, and jump at promises and booms.

    A' = (1 - eta) A + eta (omega b + (1 - omega) b_n) + theta max(announced - A, 0)
         + chi max(x, 0) + kappa growing

    eta = adjustment_per_month, omega = own_weight, theta = promise_pull,
    chi = price_pull_income, kappa = arrival_pull_income.

    Args:
        aspiration: aspired benefit A, any shape, median monthly incomes per month, >= 0.
        benefit: own benefit b, same shape and unit, >= 0.
        neighbour_benefit: mean benefit of one's ties b_n, same shape and unit, >= 0.
        announced: announced benefit per head, same shape and unit, >= 0 (0: none).
        price_gap: log price minus its long-run mean x, any sign.
        growing: how strongly operations grow this month, 0..1.
        p: aspiration parameters.

    Returns:
        Aspired benefit next month, broadcast shape, median monthly incomes per month, >= 0.

    Source:
        Karandikar, Mookherjee, Ray and Vega-Redondo 1998; the three pulls: assumption.

    Examples:
        0.9*0.10 + 0.1*(0.7*0.20 + 0.3*0.10) + 0.2*0.05 + 0.01*0.5 + 0.002 = 0.124.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().aspiration, adjustment_per_month=0.1, own_weight=0.7,
        ...             promise_pull=0.2, price_pull_income=0.01, arrival_pull_income=0.002)
        >>> round(float(step_aspiration(0.10, 0.20, 0.10, 0.15, 0.5, 1.0, p)), 12)
        0.124
    """
    usual = np.add(p.own_weight * benefit, (1.0 - p.own_weight) * neighbour_benefit)
    promise = p.promise_pull * np.maximum(np.subtract(announced, aspiration), 0.0)
    boom = p.price_pull_income * np.maximum(price_gap, 0.0) + p.arrival_pull_income * growing
    return (
        (1.0 - p.adjustment_per_month) * aspiration
        + p.adjustment_per_month * usual
        + promise
        + boom
    )
