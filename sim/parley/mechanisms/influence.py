"""What others think and have lived through (block M13).

Two separate channels along social ties. Opinions are averaged with one's own view; the
experience of one's ties is added, at a discount, to one's own. Both take means over ties that
have already been worked out, so the same functions serve any network.

Null switch: opinion_susceptibility = 0 (opinion is one's own view), gossip_discount = 0
(experience is one's own).
"""

import numpy as np

from parley.arrays import Floats
from parley.parameters import InfluenceParams


def step_opinion(
    own_view: Floats | float, neighbour_opinion: Floats | float, p: InfluenceParams
) -> Floats:
    """Opinion lies between one's own evidence-based view and the mean opinion of one's ties.

    o' = s * o_n + (1 - s) * o_own,   s = opinion_susceptibility

    With a constant view the opinions rest at (I - s W)^-1 (1 - s) o_own, W the row-normalised
    ties.

    Args:
        own_view: one's own view o_own, any shape, 0..1.
        neighbour_opinion: mean opinion of one's ties o_n, same shape, 0..1 (one's own where
            there are none).
        p: influence parameters.

    Returns:
        Opinion next round, broadcast shape, 0..1.

    Source:
        Friedkin and Johnsen 1990; s -> 1 is DeGroot 1974.

    Examples:
        0.25 * 0.8 + 0.75 * 0.4 = 0.5.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().influence, opinion_susceptibility=0.25)
        >>> round(float(step_opinion(0.4, 0.8, p)), 12)
        0.5
    """
    s = p.opinion_susceptibility
    return np.add(s * neighbour_opinion, (1.0 - s) * own_view)


def gossip(
    own_positive: Floats | float,
    own_negative: Floats | float,
    neighbour_positive: Floats | float,
    neighbour_negative: Floats | float,
    p: InfluenceParams,
) -> tuple[Floats, Floats]:
    """The experience of one's ties counts like a discounted part of one's own, bad news more.

    s+ = min(own+ + d * ties+, 1),   s- = min(own- + d * b * ties-, 1)

    d = gossip_discount, b = bad_news_factor.

    Args:
        own_positive: own positive signal, any shape, 0..1.
        own_negative: own negative signal, same shape, 0..1, as a size.
        neighbour_positive: mean positive signal of one's ties, same shape, 0..1.
        neighbour_negative: mean negative signal of one's ties, same shape, 0..1, as a size.
        p: influence parameters.

    Returns:
        (positive, negative), broadcast shape, 0..1.

    Source:
        assumption; that bad news weighs more: Slovic 1993.

    Examples:
        0.3 + 0.2 * 0.5 = 0.4 and 0.1 + 0.2 * 1.5 * 0.5 = 0.25.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().influence, gossip_discount=0.2, bad_news_factor=1.5)
        >>> good, bad = gossip(0.3, 0.1, 0.5, 0.5, p)
        >>> round(float(good), 12), round(float(bad), 12)
        (0.4, 0.25)
    """
    discount = p.gossip_discount
    good = own_positive + discount * neighbour_positive
    bad = own_negative + discount * p.bad_news_factor * neighbour_negative
    return np.minimum(good, 1.0), np.minimum(bad, 1.0)
