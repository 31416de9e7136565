"""What a review says about performance, and what managers make of it (block M18).

A review reports a mixture of what the goods delivered are worth to people and of what is easy to
count. Managers climb the slope of the report, kind of need by kind of need: where the indicator
follows people's needs the plan improves, where it does not the number improves and life does not.

Null switch: `alignment_base_share = 1`, `capture_share = 0` and `noise_sd = 0` make the report the
truth;
`learning_step = 0` leaves the plan alone; `shortfall_weight = 0` or `publish_share = 0` keeps
findings from being held against anybody.

Sources: effort flows to the task that is measured, Holmstrom and Milgrom (1991), "Multitask
principal-agent analyses", Journal of Law, Economics, and Organization 7; an indicator that becomes
a target, Goodhart (1975). Sizes are assumptions.
"""

from __future__ import annotations

import numpy as np

from parley.arrays import Floats
from parley.parameters import MonitoringParams


def alignment(metrics: Floats | float, p: MonitoringParams) -> Floats:
    """Negotiated metrics bring the indicator nearer to what people need.

    a = base + (1 - base) e

    Args:
        metrics: e, executed level of bespoke metrics, any shape, in [0, 1].
        p: Block M18; reads `alignment_base_share` (base).

    Returns:
        Weight of the truth in the report, same shape, base to 1.

    Source: assumption for the form.

    Example: base 0.6, half executed: 0.6 + 0.4 * 0.5.

    >>> from types import SimpleNamespace
    >>> float(alignment(0.5, SimpleNamespace(alignment_base_share=0.6)))
    0.8
    """
    base = p.alignment_base_share
    return np.asarray(base + (1.0 - base) * np.asarray(metrics))


def captured(
    everybody: Floats | float,
    negotiators: Floats | float,
    metrics: Floats | float,
    p: MonitoringParams,
) -> Floats:
    """Negotiated metrics see the needs of those who sat at the table more than anybody else's.

    Y = (1 - c e) Y_all + c e Y_table

    Args:
        everybody: Worth to everybody, or its slope, any shape.
        negotiators: The same for those who have taken part, broadcastable.
        metrics: e, executed level of bespoke metrics, broadcastable, in [0, 1].
        p: Block M18; reads `capture_share` (c); at 0 metrics see everybody alike.

    Returns:
        Worth as it enters the report, broadcast shape.

    Source: assumption; who sets the indicator decides what it shows.

    Example: capture 0.5 and metrics at 0.4 give the table a weight of 0.2.

    >>> from types import SimpleNamespace
    >>> round(float(captured(0.5, 1.0, 0.4, SimpleNamespace(capture_share=0.5))), 6)
    0.6
    """
    weight = np.multiply(p.capture_share, metrics)
    return np.asarray((1.0 - weight) * everybody + weight * negotiators)


def noise_sd(monitoring: Floats | float, p: MonitoringParams) -> Floats:
    """Monitoring takes away a part of the error of a review.

    sd = sd0 (1 - (1 - left) e)

    Args:
        monitoring: e, executed level of monitoring, any shape, in [0, 1].
        p: Block M18; reads `noise_sd` (sd0) and `noise_left_share` (left).

    Returns:
        Standard deviation, same shape, >= 0.

    Source: assumption for the form.

    Example: 0.4 with a quarter left at full level, half executed: 0.4 (1 - 0.75 * 0.5).

    >>> from types import SimpleNamespace
    >>> float(noise_sd(0.5, SimpleNamespace(noise_sd=0.4, noise_left_share=0.25)))
    0.25
    """
    return np.asarray(p.noise_sd * (1.0 - (1.0 - p.noise_left_share) * np.asarray(monitoring)))


def ease(p: MonitoringParams) -> Floats:
    """How easily each of the six kinds of need is counted.

    E = (safety, livelihood, land, health and water, services, dignity)

    Args:
        p: Block M18; reads the six `ease_*`.

    Returns:
        (6,), in [0, 1].

    Source: measurable economic items crowd out quality and fairness (Martin 2018); no numbers.

    >>> from types import SimpleNamespace
    >>> ease(SimpleNamespace(ease_safety=0.3, ease_livelihood=0.8, ease_land=0.4, ease_health=0.7,
    ...                      ease_services=0.9, ease_dignity=0.1)).tolist()
    [0.3, 0.8, 0.4, 0.7, 0.9, 0.1]
    """
    return np.array(
        (
            p.ease_safety,
            p.ease_livelihood,
            p.ease_land,
            p.ease_health,
            p.ease_services,
            p.ease_dignity,
        )
    )


def true_performance(mix: Floats, needs: Floats) -> float:
    """Goods are worth to people what overlaps with their needs.

    Y = mean_i sum_k min(d_ik, n_ik)

    Args:
        mix: d, (6,) or (N, 6), what was delivered to each person, shares summing to 1.
        needs: n, (N, 6), shares summing to 1.

    Returns:
        In [0, 1].

    Source: proportional similarity, Renkonen (1938), as in the value of public goods.

    Example: half land, half safety, for one who needs land only and one who needs both.

    >>> mix = np.array([0.5, 0.0, 0.5, 0.0, 0.0, 0.0])
    >>> true_performance(mix, np.array([[0, 0, 1, 0, 0, 0], [0.5, 0, 0.5, 0, 0, 0]]))
    0.75
    """
    return float(np.einsum("ik->i", np.minimum(mix, needs)).mean())


def true_slope(mix: Floats, needs: Floats) -> Floats:
    """A little more of one kind helps whoever needs more of it than there is.

    dY/dd_k = share of people with n_ik > d_ik

    Args:
        mix: d, (6,) or (N, 6), what was delivered to each person, shares summing to 1.
        needs: n, (N, 6), shares summing to 1.

    Returns:
        (6,), in [0, 1]: the exact slope of `true_performance`.

    Source: derivative of `true_performance`.

    Example: both need more land than the half delivered in the first two columns gives.

    >>> mix = np.array([0.5, 0.0, 0.5, 0.0, 0.0, 0.0])
    >>> true_slope(mix, np.array([[0, 0, 1, 0, 0, 0], [0.4, 0, 0.5, 0.1, 0, 0]])).tolist()
    [0.0, 0.0, 0.5, 0.5, 0.0, 0.0]
    """
    slope: Floats = (needs > mix).mean(axis=0)
    return slope


def report(
    true: Floats | float, easy: Floats | float, aligned: Floats | float, noise: Floats | float
) -> Floats:
    """What a review says lies between the truth and what is easy to count, with an error.

    yhat = a true + (1 - a) easy + noise

    Args:
        true: What the goods are worth to people, any shape, in [0, 1].
        easy: What is easy to count, broadcastable, in [0, 1].
        aligned: a, weight of the truth, broadcastable, in [0, 1].
        noise: Error, broadcastable.

    Returns:
        Broadcast shape. Not clipped: an error may leave [0, 1].

    Source: Holmstrom and Milgrom (1991) for effort that follows the measure; form `assumption`.

    Example: truth 0.4, count 0.9, alignment 0.6, no error: 0.24 + 0.36.

    >>> round(float(report(0.4, 0.9, 0.6, 0.0)), 6)
    0.6
    """
    return np.asarray(
        np.multiply(aligned, true) + np.multiply(np.subtract(1.0, aligned), easy) + noise
    )


def step_plan(plan: Floats, slope: Floats, p: MonitoringParams) -> Floats:
    """Managers shift the plan towards the kinds that the report says are worth most.

    q' = max(q + step (s - mean s), 0), divided by its sum

    Args:
        plan: q, (6,), the company's plan, shares summing to 1.
        slope: s, (6,), reported worth of a little more of each kind.
        p: Block M18; reads `learning_step` (step); at 0 the plan is returned as it is.

    Returns:
        (6,), shares summing to 1.

    Source: hill climbing along a measured slope, projected on the simplex; `assumption`.

    Example: the first of two kinds looks worth 1, nothing else anything: a mean of 1/6.

    >>> from types import SimpleNamespace
    >>> plan = np.array([0.5, 0.5, 0.0, 0.0, 0.0, 0.0])
    >>> step_plan(plan, np.eye(6)[0], SimpleNamespace(learning_step=0.12)).round(4).tolist()
    [0.5556, 0.4444, 0.0, 0.0, 0.0, 0.0]
    """
    if p.learning_step == 0.0:
        return plan
    moved = np.maximum(plan + p.learning_step * (slope - slope.mean()), 0.0)
    shares: Floats = moved / moved.sum()
    return shares


def publication_probability(monitoring: Floats | float, p: MonitoringParams) -> Floats:
    """Findings are published the more often, the more is monitored.

    o = publish e

    Args:
        monitoring: e, executed level of monitoring, any shape, in [0, 1].
        p: Block M18; reads `publish_share` (publish).

    Returns:
        Probability, same shape.

    Source: assumption; without monitoring there are no findings.

    >>> from types import SimpleNamespace
    >>> float(publication_probability(0.5, SimpleNamespace(publish_share=0.6)))
    0.3
    """
    return np.asarray(p.publish_share * np.asarray(monitoring))


def published_shortfall(
    overdue: Floats | float, waiting: Floats | float, p: MonitoringParams
) -> Floats:
    """A published delay counts like a breach of its size, as far as it is taken for one.

    S = weight overdue / waiting;  0 where nobody waits for anything

    Args:
        overdue: Cost of what is promised, past its date and not finished, any shape, >= 0.
        waiting: Cost of all that is promised and not settled, broadcastable, >= overdue.
        p: Block M18; reads `shortfall_weight` (weight).

    Returns:
        Broken promises as seen, broadcast shape, 0 to the weight; 0 where promises are kept.

    Source: assumption.

    Example: a quarter of what is awaited is late, and counts half.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(shortfall_weight=0.5)
    >>> published_shortfall(np.array([25.0, 0.0]), np.array([100.0, 0.0]), p).tolist()
    [0.125, 0.0]
    """
    share = np.divide(
        overdue,
        waiting,
        out=np.zeros(np.broadcast_shapes(np.shape(overdue), np.shape(waiting))),
        where=np.asarray(waiting) > 0.0,
    )
    return np.asarray(p.shortfall_weight * share)
