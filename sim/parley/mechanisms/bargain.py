"""What the community believes the rent to be, what it claims, and when talks fail (block M6).

The community believes the rent to be R exp(b) with b ~ N(m, s^2), claims its share of that, and
the company accepts if the claim does not exceed the agreed share of the true rent plus what it
would pay to avoid a standoff.

Null switch: `belief_noise_sd = belief_bias = price_overreading = 0` with a margin >= 0 and
hardness 1 (no standoff ever); all four `harden_*` at 0 (demands never grow).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from parley.arrays import Bools, Floats
from parley.parameters import BargainParams

HARDNESS_RANGE = (0.5, 3.0)
"""Smallest and largest multiple of the agreed share that a community claims (assumption)."""

_TINY = 1e-12
"""Stands in for 0 where a logarithm or a quotient is taken."""


def bargaining_weight(p: BargainParams) -> float:
    """The community's share of the rent: the more patient side gets more.

    beta = r_f / (r_f + r_c)

    Args:
        p: Block M6; reads `company_impatience_per_year` (r_f) and
            `community_impatience_per_year` (r_c), both > 0.

    Returns:
        Share in (0, 1).

    Source: Rubinstein (1982), limit of alternating offers as the interval between offers goes
    to 0.

    Example: a company at 8% a year against a community at 40%: 0.08 / 0.48.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(company_impatience_per_year=0.08, community_impatience_per_year=0.40)
    >>> round(bargaining_weight(p), 6)
    0.166667
    """
    company, community = p.company_impatience_per_year, p.community_impatience_per_year
    return company / (company + community)


def prior_mean(log_price: Floats | float, p: BargainParams) -> Floats:
    """Before any statement, the community errs by a fixed bias and reads high prices as rent.

    m0 = bias + chi * log price

    Args:
        log_price: Log deviation of the price from its long-run level.
        p: Block M6; reads `belief_bias` and `price_overreading` (chi).

    Returns:
        Mean error of the believed log rent, shape of `log_price`.

    Source: idea Christensen (2019); linear form an assumption.

    Example: bias 0.1, chi 0.4, price a quarter log point high: 0.1 + 0.4 * 0.25 = 0.2.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(belief_bias=0.1, price_overreading=0.4)
    >>> round(float(prior_mean(0.25, p)), 6)
    0.2
    """
    return np.multiply(p.price_overreading, log_price) + p.belief_bias


def posterior(
    mean: Floats | float, precision: Floats | float, p: BargainParams
) -> tuple[Floats, Floats]:
    """Credible statements of the true rent shrink both the error and the uncertainty.

    m = m0 / (1 + theta s0^2),  s = s0 / sqrt(1 + theta s0^2)

    This is 1/s^2 = 1/s0^2 + theta and m = m0 s^2/s0^2, written so that s0 = 0 is allowed.

    Args:
        mean: m0, mean error before the statement (`prior_mean`), log.
        precision: theta, credibility times effort times precision, summed over sources, >= 0,
            1/log^2.
        p: Block M6; reads `belief_noise_sd` (s0).

    Returns:
        m and s, the mean and standard deviation of the error afterwards, log.

    Source: normal updating, DeGroot (1970).

    Example: m0 = 0.4, s0 = 0.8, theta = 10: 1 + 6.4 = 7.4, m = 0.4/7.4, s = 0.8/sqrt(7.4).

    >>> from types import SimpleNamespace
    >>> m, s = posterior(0.4, 10.0, SimpleNamespace(belief_noise_sd=0.8))
    >>> round(float(m), 6), round(float(s), 6)
    (0.054054, 0.294086)
    """
    gain = 1.0 + np.multiply(precision, p.belief_noise_sd**2)
    return mean / gain, p.belief_noise_sd / np.sqrt(gain)


def standoff_probability(
    m: Floats | float, s: Floats | float, margin_ratio: Floats | float, hardness: Floats | float
) -> Floats:
    """Talks fail if the claim exceeds what the company would pay to avoid a standoff.

    P = 1 - Phi( [ln((1 + M/(beta R)) / h) - m] / s )

    With s = 0 this is a step: 1 if m > ln((1 + M/(beta R)) / h), else 0. A little more credible
    disclosure (`posterior`) lowers P exactly where ln((1 + M/(beta R)) / h) + m > 0 and raises it
    where that sum is negative: it calms those who over-estimate, and exposes a company that
    underpays.

    Args:
        m: Mean error of the believed log rent.
        s: Standard deviation of that error, >= 0.
        margin_ratio: M/(beta R), what the company adds to avoid a standoff relative to the
            agreed share, >= -1; negative if it pays less than agreed.
        hardness: h, claim relative to the agreed share of the believed rent, > 0.

    Returns:
        Probability of a standoff, broadcast shape, in [0, 1].

    Source: idea Christensen (2019); closed form follows from normal beliefs.

    Example: m = 0.4, s = 0.8, margin 0.1, h = 1: 1 - Phi((0.09531 - 0.4)/0.8) = Phi(0.38086),
    from a table 0.64803 + 0.00086 * 0.371 = 0.648.

    >>> round(float(standoff_probability(0.4, 0.8, 0.1, 1.0)), 3)
    0.648
    """
    ceiling = np.log(np.maximum(np.add(1.0, margin_ratio), _TINY)) - np.log(hardness)
    excess = m - ceiling
    uncertain = ndtr(excess / np.maximum(s, _TINY))
    return np.where(np.greater(s, 0.0), uncertain, np.greater(excess, 0.0))[()]


def claim(
    rent: Floats | float,
    belief_error: Floats | float,
    weight: Floats | float,
    hardness: Floats | float,
) -> Floats:
    """The community claims its share of the rent it believes in, times how hard it has become.

    X = beta * max(R, 0) * exp(b) * h

    Args:
        rent: R, true rent, any money unit per month.
        belief_error: b, error of the believed log rent, drawn from N(m, s^2).
        weight: beta, the community's bargaining weight, in [0, 1].
        hardness: h, > 0.

    Returns:
        Claim in the unit of `rent`, broadcast shape, >= 0; 0 where there is no rent.

    Source: idea Christensen (2019).

    Example: a quarter of a rent of 100, over-read by half a log point, demanded twice over:
    0.25 * 100 * e^0.5 * 2.

    >>> round(float(claim(100.0, 0.5, 0.25, 2.0)), 4)
    82.4361
    """
    return np.multiply(weight, np.maximum(rent, 0.0)) * np.exp(belief_error) * hardness


def accepted(
    claim: Floats | float,
    rent: Floats | float,
    weight: Floats | float,
    margin_ratio: Floats | float,
) -> Bools:
    """The company accepts a claim up to the agreed share plus what avoiding a standoff is worth.

    accepted iff X <= beta * max(R, 0) * (1 + M/(beta R))

    Args:
        claim: X, in the unit of `rent`.
        rent: R, true rent.
        weight: beta, the community's bargaining weight, in [0, 1].
        margin_ratio: M/(beta R), >= -1.

    Returns:
        Whether the company accepts, broadcast shape.

    Source: idea Christensen (2019).

    Example: the agreed share of 100 is 25; with a margin of 0.1 the company goes to 27.5.

    >>> accepted(np.array([27.0, 28.0]), 100.0, 0.25, 0.1).tolist()
    [True, False]
    """
    ceiling = np.multiply(weight, np.maximum(rent, 0.0)) * np.add(1.0, margin_ratio)
    within: Bools = np.less_equal(claim, ceiling)
    return within


def harden(
    hardness: Floats | float,
    conceded: Floats | float,
    broken: Floats | float,
    kept: Floats | float,
    refused: Floats | float,
    p: BargainParams,
) -> Floats:
    """Demands grow after concessions under pressure, breaches and bare refusals, fall when kept.

    h' = clip(h exp(r_c conceded + r_b broken - r_k kept + r_u refused), 0.5, 3)

    Args:
        hardness: h, in [0.5, 3].
        conceded: Concessions made under pressure this month, count.
        broken: Promises broken, count.
        kept: Promises kept, count.
        refused: Refusals without reasons, count.
        p: Block M6; reads `harden_conceded`, `harden_broken`, `harden_kept`, `harden_refused`,
            log per event; each may have either sign and is 0 by default.

    Returns:
        Next month's hardness, broadcast shape, in [0.5, 3].

    Source: assumption; four separate switches.

    Example: two concessions at 0.05 each and one kept promise at 0.02: 1.2 * e^0.08.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(harden_conceded=0.05, harden_broken=0.1, harden_kept=0.02,
    ...                     harden_refused=0.1)
    >>> round(float(harden(1.2, 2, 0, 1, 0, p)), 6)
    1.299944
    """
    growth = (
        np.multiply(p.harden_conceded, conceded)
        + np.multiply(p.harden_broken, broken)
        - np.multiply(p.harden_kept, kept)
        + np.multiply(p.harden_refused, refused)
    )
    # A tenfold log step crosses the whole range: the inner clip only keeps exp from overflowing.
    hardened: Floats = np.clip(hardness * np.exp(np.clip(growth, -10.0, 10.0)), *HARDNESS_RANGE)
    return hardened


def facilitator_credibility(
    learned: Floats | float, company_payer_share: Floats | float, p: BargainParams
) -> Floats:
    """A facilitator is believed for past accuracy, less so the more the company pays.

    credibility = learned * (1 - discount * company's share of the pay)

    Args:
        learned: Credibility earned by accuracy (`learn_credibility`), in [0, 1].
        company_payer_share: Part of the facilitator's pay that the company provides, in [0, 1].
        p: Block M6; reads `payer_discount`.

    Returns:
        Credibility, broadcast shape, in [0, 1].

    Source: Kydd (2003); linear form an assumption.

    Example: 0.8 earned, company pays all, discount 0.5: 0.8 * 0.5 = 0.4.

    >>> from types import SimpleNamespace
    >>> round(float(facilitator_credibility(0.8, 1.0, SimpleNamespace(payer_discount=0.5))), 6)
    0.4
    """
    return np.multiply(learned, 1.0 - np.multiply(p.payer_discount, company_payer_share))


def learn_credibility(
    credibility: Floats | float, accuracy: Floats | float, p: BargainParams
) -> Floats:
    """Earned credibility follows observed accuracy at a constant speed.

    c' = c + speed (accuracy - c)

    Args:
        credibility: c, in [0, 1].
        accuracy: How right the facilitator's last statements proved, in [0, 1].
        p: Block M6; reads `credibility_learning` (speed), in [0, 1].

    Returns:
        Next round's earned credibility, broadcast shape, in [0, 1].

    Source: exponential smoothing, Brown (1959).

    Example: from 0.5 towards full accuracy at speed 0.1.

    >>> from types import SimpleNamespace
    >>> round(float(learn_credibility(0.5, 1.0, SimpleNamespace(credibility_learning=0.1))), 6)
    0.55
    """
    return np.add(credibility, p.credibility_learning * np.subtract(accuracy, credibility))
