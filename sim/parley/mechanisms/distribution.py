"""What arrives of what is paid, and who gets it (block M8).

Money passes through channels. Whoever runs a channel diverts a share of it, more while that pays
and less while it does not. What is left is divided between groups partly by a rule and partly by
local power. Who controls a channel changes who diverts; whether there is more or less diversion
follows from temptation, detection and sanction, not from an assumption about control.

Null switch: `diverted_start_share` at its minimum with `diversion_step = 0` leaves next to no
diversion; `power_share = 0` or `status_power = 0` makes every split by head.

Sources: Guerrero and Castaneda (2020), "Policy priority inference: a computational framework to
analyze the allocation of resources for the Sustainable Development Goals", Data & Policy 2, e17
(detection, payoff); Amengual (2018), "Buying stability: the distributive
outcomes of private politics in the Bolivian mining industry", World Development 104 (payments
follow local power).
"""

from dataclasses import dataclass

import numpy as np

from parley.arrays import Floats, Ints
from parley.parameters import DistributionParams

LOWEST_DIVERTED, HIGHEST_DIVERTED = 0.001, 0.999
"""Limits of the diverted share; its log odds stay finite."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where one payment through a channel went, in cents; the parts sum to what was paid.

    Attributes:
        delivered: Reached the purpose it was paid for.
        diverted: Kept by whoever runs the channel.
        overhead: Honest cost of running the channel.
    """

    delivered: int
    diverted: int
    overhead: int


def detection_probability(
    diverted_share: Floats | float,
    monitoring: Floats | float,
    verifiable: Floats | float,
    p: DistributionParams,
    audit: Floats | float = 0.0,
) -> Floats:
    """Give the chance that diversion in a channel comes to light this month.

    `P = min((q0 + q1 e + q2 v + a) l, 1)`: more diversion is easier to see.

    Args:
        diverted_share: Diverted share l of the channel, any shape, 0 to 1.
        monitoring: Executed level e of monitoring, broadcastable, 0 to 1.
        verifiable: Part v of promises that records have made verifiable, broadcastable, 0 to 1.
        p: Distribution parameters.
        audit: What audits from outside add, a, broadcastable, at least 0.

    Returns:
        Probability, broadcast shape, 0 to 1.

    Source: Guerrero and Castaneda (2020), without their factor for the size of the budget, which
    compares officials within one year; additive terms for monitoring,
    records and audits `assumption`.

    0.4 diverted, full monitoring, half verifiable: (0.1 + 0.3 + 0.1) x 0.4.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(detection_base=0.1, detection_monitoring=0.3, detection_verified=0.2)
    >>> round(float(detection_probability(0.4, 1.0, 0.5, p)), 9)
    0.2
    """
    quality = (
        p.detection_base
        + p.detection_monitoring * np.asarray(monitoring)
        + p.detection_verified * np.asarray(verifiable)
        + audit
    )
    return np.minimum(quality * diverted_share, 1.0)


def temptation(start_share: float, p: DistributionParams) -> float:
    """Infer what keeping a unit is worth more than delivering it, if the start was at rest.

    `tau = 2 x sanction x q0 x l0`, the value at which nobody would divert more or less before any
    practice watches (see `adapt_diversion`).

    Args:
        start_share: Diverted share l0 of the channel at the start, 0 to 1.
        p: Distribution parameters; q0 is `detection_base`.

    Returns:
        Temptation per unit paid, 0 to 2.

    Source: assumption (the place's start is a rest point).

    A quarter diverted, found with chance 0.1 x 0.25, and then 0.4 of it lost: 2 x 0.4 x 0.025.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(sanction_share=0.4, detection_base=0.1)
    >>> round(temptation(0.25, p), 9)
    0.02
    """
    return 2.0 * p.sanction_share * p.detection_base * start_share


def adapt_diversion(
    share: Floats | float,
    detection: Floats | float,
    temptation: Floats | float,
    p: DistributionParams,
) -> Floats:
    """Divert more while it pays at the margin, less while it does not.

    `logit l' = logit l + step x (tau - 2 x sanction x P)`, kept within 0.001 to 0.999.

    The bracket is the slope of the payoff `(1 - tau)(1 - l) + l - sanction x P x l`, in which the
    detection chance P grows in proportion to l. The rest point is where `P = tau / (2 sanction)`;
    without detection or sanction a tempted channel drifts up, without temptation down.

    Args:
        share: Diverted share l this month, any shape, 0.001 to 0.999.
        detection: Chance P that diversion comes to light, broadcastable, 0 to 1.
        temptation: What keeping a unit is worth more than delivering it, broadcastable.
        p: Distribution parameters; step is `diversion_step`.

    Returns:
        Diverted share next month, broadcast shape, 0.001 to 0.999.

    Source: payoff after Guerrero and Castaneda (2020). They let each official feel out the
    direction from last month's luck; the expected slope is used here because with few channels
    that search either dies out or runs to the limit (tests show the rest point).

    Temptation 0.02, sanction 0.4: at P = 0.025 nothing moves; at P = 0 and step ln(3)/0.02 the
    odds of 1 are tripled.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(diversion_step=np.log(3) / 0.02, sanction_share=0.4)
    >>> adapt_diversion(0.5, np.array([0.025, 0.0]), 0.02, p).round(9)
    array([0.5 , 0.75])
    """
    share = np.asarray(share)
    slope = np.asarray(temptation) - 2.0 * p.sanction_share * np.asarray(detection)
    odds = np.exp(p.diversion_step * slope)
    moved = share * odds / (1 - share + share * odds)
    return np.clip(moved, LOWEST_DIVERTED, HIGHEST_DIVERTED)


def deliver(paid_cents: int, diverted_share: float, p: DistributionParams) -> Delivery:
    """Take diversion, then overhead, out of a payment; the rest is delivered.

    `diverted = round(l X);  overhead = min(round(o X), X - diverted);  delivered = the rest`

    Args:
        paid_cents: Payment X into the channel, cents, >= 0.
        diverted_share: Diverted share l, 0 to 1.
        p: Distribution parameters; o is `overhead_share`.

    Returns:
        Delivered, diverted and overhead, cents, each >= 0, summing exactly to the payment.

    Raises:
        ValueError: If the payment is negative or the share lies outside 0 to 1.

    Source: definition; diversion ranks first because it is taken, not granted.

    >>> from types import SimpleNamespace
    >>> deliver(1001, 0.25, SimpleNamespace(overhead_share=0.1))
    Delivery(delivered=651, diverted=250, overhead=100)
    """
    if paid_cents < 0:
        raise ValueError(f"a payment must be >= 0 cents, not {paid_cents}")
    if not 0 <= diverted_share <= 1:
        raise ValueError(f"diverted_share must lie in 0 to 1, not {diverted_share}")
    diverted = round(paid_cents * float(diverted_share))
    overhead = min(round(paid_cents * p.overhead_share), paid_cents - diverted)
    return Delivery(paid_cents - diverted - overhead, diverted, overhead)


def power_share(protocols: Floats | float, p: DistributionParams) -> Floats:
    """Give the part of a split that follows local power instead of the rule.

    `w = w0 (1 - e)`

    Args:
        protocols: Executed level e of protocols, any shape, 0 to 1.
        p: Distribution parameters; w0 is `power_share`.

    Returns:
        Share, same shape, 0 to 1.

    Source: Amengual (2018), direction; form `assumption`.

    >>> from types import SimpleNamespace
    >>> float(power_share(0.75, SimpleNamespace(power_share=0.4)))
    0.1
    """
    return np.asarray(p.power_share * (1 - np.asarray(protocols)))


def split_shares(
    people: Floats, status: Floats, power_share: float, p: DistributionParams
) -> Floats:
    """Divide between groups, partly by head and partly by power.

    `s_g = (1 - w) n_g / sum(n) + w n_g c_g^k / sum(n c^k)`

    Args:
        people: People n in each group, shape (G,), >= 0, some > 0.
        status: Status c of each group, shape (G,), 0 to 1.
        power_share: Part w that follows power, 0 to 1.
        p: Distribution parameters; k is `status_power`.

    Returns:
        Shares, shape (G,), >= 0, summing to 1. If no group has power the split is by head.

    Raises:
        ValueError: If there are no people or a negative number of them.

    Source: Amengual (2018), direction; form `assumption`.

    Groups of 60 and 40 with status 0.25 and 1, half by power with k = 1: by head 0.6 and 0.4, by
    power 15/55 and 40/55.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(status_power=1.0)
    >>> split_shares(np.array([60., 40.]), np.array([0.25, 1.0]), 0.5, p).round(4)
    array([0.4364, 0.5636])
    """
    total = float(np.sum(people))
    if total <= 0 or np.min(people) < 0:
        raise ValueError("people must be >= 0 in every group and > 0 in at least one")
    by_head = people / total
    power = by_head * status**p.status_power
    power_total = float(np.sum(power))
    by_power = power / power_total if power_total > 0 else by_head
    return np.asarray((1 - power_share) * by_head + power_share * by_power)


def public_good_value(flow: Floats, needs: Floats, p: DistributionParams) -> Floats:
    """Value public goods to each person by how well their mix matches that person's needs.

    `value_i = factor x F x sum_k min(f_k / F, n_ik)`, where F is the total flow; 0 without flow.

    Args:
        flow: Goods used per person by kind, shape (6,) or (N, 6), median monthly incomes a month,
            >= 0.
        needs: Need shares, shape (N, 6), >= 0, rows summing to 1.
        p: Distribution parameters; factor is `public_good_factor`.

    Returns:
        Value, shape (N,), median monthly incomes a month, 0 to factor x F.

    Source: assumption (overlap of two distributions, as in a similarity index).

    Two units, half of them on the first kind. Someone who needs only the first kind gets 1, someone
    with the same mix gets 2.

    >>> from types import SimpleNamespace
    >>> flow = np.array([1.0, 1.0, 0, 0, 0, 0])
    >>> needs = np.array([[1.0, 0, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0, 0]])
    >>> public_good_value(flow, needs, SimpleNamespace(public_good_factor=1.0))
    array([1., 2.])
    """
    total = np.einsum("...k->...", flow)[..., None]
    # einsum sums short rows several times faster than sum
    overlap = np.einsum("...k->...", np.minimum(flow, total * needs))
    return np.asarray(p.public_good_factor * overlap)


def split_cents(total: int, shares: Floats) -> Ints:
    """Cut an amount into whole cents without losing one.

    Each part is rounded down; the cents left over go to the largest remainders, earlier ones first
    among equals. Parts proportional to whole amounts never exceed those amounts unless the total
    does.

    Args:
        total: Amount, cents, 0 to 10^15.
        shares: Weights, shape (n,), >= 0, some > 0; they need not sum to 1.

    Returns:
        Cents, shape (n,), >= 0, summing exactly to `total`.

    Raises:
        ValueError: If the total lies outside its range, a weight is negative or all are 0.

    Source: largest remainder (Hamilton's method; Balinski and Young 1982, "Fair Representation").

    Ten cents in thirds: 3.33 each, and the cent left over goes to the first.

    >>> split_cents(10, np.array([1.0, 1.0, 1.0]))
    array([4, 3, 3])
    """
    if not 0 <= total <= 10**15:
        raise ValueError(f"total must lie in 0 to 10^15 cents, not {total}")
    weight = float(np.sum(shares))
    if not weight > 0 or np.min(shares) < 0:
        raise ValueError("shares must be >= 0 and not all 0")
    quotas = total * (np.asarray(shares, np.float64) / weight)
    parts = np.floor(quotas).astype(np.int64)
    left = total - int(parts.sum())
    order = np.argsort(parts - quotas, kind="stable")
    parts[order[:left]] += 1
    return parts
