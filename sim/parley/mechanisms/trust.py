"""Trust from experience, by two rival rules (block M10).

Trust is directed, from a person (or an institution) to a target, between 0 and 1. The
linear rule moves trust by a fixed part of the remaining way; the counting rule keeps decaying
counts of good and bad evidence. Both share two biases: bad experience weighs more, most of
all for people of middling trust (asymmetry), and people see more of what they already believe
(confirmation). After deception trust never rises above a cap.

Null switch: asymmetry_max = 1, confirmation_share = 0, spillover_share = 0 (unbiased learning
from one's own experience); learning_per_month = 0 or evidence_weight = 0 (no learning).
"""

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import TrustParams


def asymmetry(trust: Floats | float, p: TrustParams) -> Floats:
    """Bad experience weighs most against good experience for the undecided.

    lambda(t) = 1 + (asymmetry_max - 1) * 4 * t * (1 - t)

    Args:
        trust: trust t, any shape, 0..1.
        p: trust parameters.

    Returns:
        Weight ratio, same shape, 1..asymmetry_max.

    Source:
        Slovic 1993 (negative events weigh more); Poortinga and Pidgeon 2004, White and Eiser
        2005 (mainly for middling views); parabola: assumption.

    Examples:
        1 + (2 - 1) * 4 * 0.25 * 0.75 = 1.75.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().trust, asymmetry_max=2.0)
        >>> asymmetry(np.array([0.0, 0.25, 0.5]), p).tolist()
        [1.0, 1.75, 2.0]
    """
    trust = np.asarray(trust)
    return 1.0 + (p.asymmetry_max - 1.0) * 4.0 * trust * (1.0 - trust)


def confirmed(
    positive: Floats | float, negative: Floats | float, trust: Floats | float, p: TrustParams
) -> tuple[Floats, Floats]:
    """People see more of what confirms their view and less of what speaks against it.

    s+ -> s+ * (1 + c(2t - 1)),   s- -> s- * (1 - c(2t - 1)),   c = confirmation_share

    Args:
        positive: positive signal s+, any shape, 0..1.
        negative: negative signal s-, same shape, 0..1, as a size.
        trust: trust t, same shape, 0..1.
        p: trust parameters.

    Returns:
        (positive, negative) as perceived, broadcast shape, >= 0 and at most 1 + c.

    Source:
        Poortinga and Pidgeon 2004; form: assumption.

    Examples:
        At t = 0.75 and c = 0.4 the tilt is 0.2: 0.5 * 1.2 and 0.5 * 0.8.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().trust, confirmation_share=0.4)
        >>> good, bad = confirmed(0.5, 0.5, 0.75, p)
        >>> round(float(good), 12), round(float(bad), 12)
        (0.6, 0.4)
    """
    tilt = p.confirmation_share * np.subtract(np.multiply(2.0, trust), 1.0)
    return positive * (1.0 + tilt), negative * (1.0 - tilt)


def spillover(
    own: Floats | float, other: Floats | float, together: Bools | bool | float, p: TrustParams
) -> Floats:
    """Who is seen acting with another actor shares in what is felt about it.

    signal = min(own + spillover_share * together * other, 1)

    Args:
        own: size of the (positive or negative) signal about the target itself, any shape, 0..1.
        other: size of the same kind of signal about the actor it acts with, same shape, 0..1.
        together: seen acting together, 0 or 1 (or a share), same shape.
        p: trust parameters.

    Returns:
        Size of the signal, broadcast shape, 0..1.

    Source:
        assumption.

    Examples:
        0.1 + 0.2 * 0.5 = 0.2.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().trust, spillover_share=0.2)
        >>> round(float(spillover(0.1, 0.5, True, p)), 12)
        0.2
    """
    return np.minimum(own + p.spillover_share * np.multiply(together, other), 1.0)


def step_linear_constant(
    trust: Floats | float,
    positive: Floats | float,
    negative: Floats | float,
    asymmetry: Floats | float,
    learning: float,
) -> Floats:
    """Good experience closes part of the way to full trust, bad experience part of the way to none.

    t' = t + r+ * (1 - t) - r- * t,   r+ = min(alpha * s+, 1),   r- = min(lambda * alpha * s-, 1)

    Holding both rates at 1 or less keeps t' within 0..1. With mean signals p+ and p- the mean
    of t rests at 1 / (1 + lambda * p- / p+).

    Args:
        trust: trust t, any shape, 0..1.
        positive: positive signal s+, same shape, >= 0.
        negative: negative signal s-, same shape, >= 0, as a size.
        asymmetry: lambda, scalar or same shape, >= 0.
        learning: alpha, step per unit signal, 1/month, >= 0.

    Returns:
        Trust next month, broadcast shape, 0..1.

    Source:
        Linear operator learning: Bush and Mosteller 1955; experience-based trust: Jonker and
        Treur 1999.

    Examples:
        0.5 + 0.1*1*0.5 - 2*0.1*0.5*0.5 = 0.5.

        >>> round(float(step_linear_constant(0.5, 1.0, 0.5, 2.0, 0.1)), 12)
        0.5
    """
    trust = np.asarray(trust)
    rise = np.minimum(learning * positive, 1.0)
    fall = np.minimum(learning * asymmetry * negative, 1.0)
    return trust + rise * (1.0 - trust) - fall * trust


def step_linear(
    trust: Floats | float,
    positive: Floats | float,
    negative: Floats | float,
    cap: Floats | float,
    p: TrustParams,
) -> Floats:
    """The linear rule with asymmetry, confirmation and the cap after deception.

    t' = min(t + alpha s+ (1 + c(2t-1)) (1 - t) - lambda(t) alpha s- (1 - c(2t-1)) t, cap)

    alpha = learning_per_month, c = confirmation_share, lambda from `asymmetry`.

    Args:
        trust: trust t, any shape, 0..1.
        positive: positive signal s+, same shape, 0..1.
        negative: negative signal s-, same shape, 0..1, as a size.
        cap: highest trust allowed, scalar or same shape, 0..1 (1 without deception).
        p: trust parameters.

    Returns:
        Trust next month, broadcast shape, 0..cap.

    Source:
        As `step_linear_constant`, `asymmetry` and `confirmed`; cap: Schweitzer, Hershey and
        Bradlow 2006.

    Examples:
        At t = 0.5 nothing is tilted and lambda = 2: 0.5 + 0.1*0.4*0.5 - 2*0.1*0.5*0.5 = 0.47.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().trust, asymmetry_max=2.0, confirmation_share=0.3,
        ...             learning_per_month=0.1)
        >>> round(float(step_linear(0.5, 0.4, 0.5, 1.0, p)), 12)
        0.47
    """
    good, bad = confirmed(positive, negative, trust, p)
    moved = step_linear_constant(trust, good, bad, asymmetry(trust, p), p.learning_per_month)
    return np.clip(moved, 0.0, cap)


def start_counts(trust0: Floats | float, p: TrustParams) -> tuple[Floats, Floats]:
    """A starting level stands for a fixed amount of earlier evidence.

    c0+ = prior_strength * t0,   c0- = prior_strength * (1 - t0)

    Args:
        trust0: starting trust, any shape, 0..1.
        p: trust parameters.

    Returns:
        (prior good, prior bad), same shape, counts, >= 0; they do not decay.

    Source:
        Beta prior: Josang and Ismail 2002.

    Examples:
        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().trust, prior_strength=8.0)
        >>> good, bad = start_counts(0.25, p)
        >>> float(good), float(bad)
        (2.0, 6.0)
    """
    return np.multiply(p.prior_strength, trust0), p.prior_strength * np.subtract(1.0, trust0)


def step_counts(
    good: Floats | float,
    bad: Floats | float,
    trust: Floats | float,
    positive: Floats | float,
    negative: Floats | float,
    p: TrustParams,
) -> tuple[Floats, Floats]:
    """Old evidence fades and the month's evidence is added, bad evidence with its extra weight.

    c+' = (1 - delta) c+ + v s+ (1 + c(2t-1))
    c-' = (1 - delta) c- + lambda(t) v s- (1 - c(2t-1))

    delta = forgetting_per_month, v = evidence_weight, c = confirmation_share. Only evidence
    above the prior fades. At constant trust the means rest at v p+ / delta and
    lambda v p- / delta (without confirmation).

    Args:
        good: good evidence c+ beyond the prior, any shape, counts, >= 0.
        bad: bad evidence c- beyond the prior, same shape, counts, >= 0.
        trust: trust t before the month, same shape, 0..1.
        positive: positive signal s+, same shape, 0..1.
        negative: negative signal s-, same shape, 0..1, as a size.
        p: trust parameters.

    Returns:
        (good, bad) next month, broadcast shape, counts, >= 0.

    Source:
        Beta reputation with forgetting: Josang and Ismail 2002.

    Examples:
        0.9 * 2 + 0.5 * 0.4 = 2.0 and 0.9 * 1 + 2 * 0.5 * 0.3 = 1.2.

        >>> from dataclasses import replace
        >>> from parley.registry import default_parameters
        >>> p = replace(default_parameters().trust, asymmetry_max=2.0, confirmation_share=0.3,
        ...             forgetting_per_month=0.1, evidence_weight=0.5)
        >>> good, bad = step_counts(2.0, 1.0, 0.5, 0.4, 0.3, p)
        >>> round(float(good), 12), round(float(bad), 12)
        (2.0, 1.2)
    """
    keep = 1.0 - p.forgetting_per_month
    seen_good, seen_bad = confirmed(positive, negative, trust, p)
    new_bad = asymmetry(trust, p) * seen_bad
    return keep * good + p.evidence_weight * seen_good, keep * bad + p.evidence_weight * new_bad


def trust_from_counts(
    good: Floats | float,
    bad: Floats | float,
    prior_good: Floats | float,
    prior_bad: Floats | float,
    cap: Floats | float,
) -> Floats:
    """Trust is the share of good evidence in all evidence, held below the cap.

    t = min((c+ + c0+) / (c+ + c- + c0+ + c0-), cap)

    Args:
        good: good evidence beyond the prior, any shape, counts, >= 0.
        bad: bad evidence beyond the prior, same shape, counts, >= 0.
        prior_good: prior good evidence, same shape, counts, >= 0.
        prior_bad: prior bad evidence, same shape, counts, >= 0; the two priors are not both 0.
        cap: highest trust allowed, scalar or same shape, 0..1 (1 without deception).

    Returns:
        Trust, broadcast shape, 0..cap.

    Source:
        Josang and Ismail 2002; cap: Schweitzer, Hershey and Bradlow 2006.

    Examples:
        (2 + 3) / (2 + 1.5 + 3 + 3.5) = 0.5.

        >>> float(trust_from_counts(2.0, 1.5, 3.0, 3.5, 1.0))
        0.5
    """
    all_good: Floats = np.add(good, prior_good)
    return np.clip(all_good / (all_good + np.add(bad, prior_bad)), 0.0, cap)
