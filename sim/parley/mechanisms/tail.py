"""Rare disasters: their hazard, their damage, and a remedy that comes late or never (block M4).

All numbers are those of the module that a place has loaded; without a module nothing here is
called. No level of a practice enters: what monitors do about warnings is in `precursors`.

Null switch: `hazard = 0` (nothing ever happens); `lowest = 0` (it happens and does no damage);
`rise = 0` (warnings do not matter). The shield works both ways: 1 leaves nothing to those harmed,
0 all of the subsidiary's equity, and below 0 the parent answers too.

Sources: liability that stops at the subsidiary, Hansmann and Kraakman (1991), "Toward unlimited
shareholder liability for corporate torts", Yale Law Journal 100; forms are assumptions.
"""

from __future__ import annotations

import math

from parley.arrays import Floats
from parley.mechanisms.harm import harm

MONTHS_PER_YEAR = 12.0


def strike_chance(hazard_per_year: float, ignored: float, rise: float) -> float:
    """The hazard of a year, spread over its months and raised by ignored warnings.

    chance = 1 - (1 - h)^((1 + rise S) / 12)

    Args:
        hazard_per_year: h, chance within a year without ignored warnings, in [0, 1].
        ignored: S, stock of ignored warnings, >= 0.
        rise: what each adds to the rate, relative to the rate itself, >= 0.

    Returns:
        Chance in this month, in [0, 1]; 1 where h is 1.

    Source: constant rate; that warnings raise it is an assumption.

    Example: twelve months at a hazard of 0.5 leave a half; two ignored warnings at a rise of 0.5
    double the rate.

    >>> round((1.0 - strike_chance(0.5, 0.0, 0.5)) ** 12, 6)
    0.5
    >>> round((1.0 - strike_chance(0.5, 2.0, 0.5)) ** 12, 6)
    0.25
    """
    return 1.0 - math.pow(1.0 - hazard_per_year, (1.0 + rise * ignored) / MONTHS_PER_YEAR)


def damage(draw: Floats | float, lowest: float, highest: float, tail: float) -> Floats | float:
    """Damage follows a Pareto law, cut off where it could not be worse.

    D = L (1 - u (1 - (L / H)^a))^(-1/a)

    Args:
        draw: u, uniform in [0, 1), any shape.
        lowest: L, damage that is always exceeded, index, 0 to H; at 0 there is no damage.
        highest: H, damage that is never exceeded, index, >= 0.
        tail: a, exponent, > 0.

    Returns:
        Damage, shape of `draw`, index, in [L, H].

    Source: bounded Pareto law by inversion; that losses of disasters follow a power law is common
    ground, the exponents here are assumptions.

    Example: from 1 to 4 with exponent 1 the middle draw gives 1 / (1 - 0.5 * 0.75).

    >>> damage(0.5, 1.0, 4.0, 1.0)
    1.6
    """
    if lowest <= 0.0:
        return 0.0 * draw
    cut: Floats | float = 1.0 - draw * (1.0 - (lowest / highest) ** tail)
    return lowest * cut ** (-1.0 / tail)


def seepage(lasting: float, decay_per_month: float) -> float:
    """What stays in the ground feeds the burden as fast as the burden fades.

    seep = delta L

    Args:
        lasting: L, burden that does not fade by itself, index, >= 0.
        decay_per_month: delta, rate at which the burden of the site fades, in [0, 1].

    Returns:
        Burden added this month, index, >= 0: the rest point of the burden is raised by L.

    Source: assumption.

    >>> seepage(2.0, 0.05)
    0.1
    """
    return decay_per_month * lasting


def claimed(hurt: float, incomes: float, residents: float) -> float:
    """The claim is in proportion to the damage.

    claim = c D n

    Args:
        hurt: D, damage, index, >= 0.
        incomes: c, median monthly incomes per resident and unit of damage, >= 0.
        residents: n, persons, >= 0.

    Returns:
        Claim in median monthly incomes, >= 0.

    Source: assumption.

    >>> claimed(2.0, 3.0, 100.0)
    600.0
    """
    return incomes * hurt * residents


def liability(claim: float, equity: float, shield: float) -> float:
    """Nobody is liable for more than is claimed, nor beyond what the shield leaves within reach.

    liability = min(claim, equity (1 - shield))

    Args:
        claim: any money unit, >= 0.
        equity: equity of the subsidiary, same unit, >= 0.
        shield: 1 leaves nothing within reach, 0 the subsidiary's equity, below 0 the parent's too.

    Returns:
        Same unit, >= 0.

    Source: limited liability, Hansmann and Kraakman (1991); the form is an assumption.

    Example: of 100 claimed, half of an equity of 60 can be reached; with a parent that answers for
    as much again, all.

    >>> liability(100.0, 60.0, 0.5), liability(100.0, 60.0, -1.0)
    (30.0, 100.0)
    """
    return min(claim, equity * (1.0 - shield))


def granted(claim: float, share: float, reach: float) -> float:
    """A court or a settlement grants a share of the claim, as far as there is liability for it.

    Args:
        claim: any money unit, >= 0.
        share: share of claims that is granted, in [0, 1].
        reach: liability, same unit, >= 0.

    Returns:
        Same unit, 0 to `reach`.

    Source: assumption; shares are those of the cases.

    >>> granted(100.0, 0.2, 30.0), granted(100.0, 0.5, 30.0)
    (20.0, 30.0)
    """
    return min(share * claim, reach)


def delay_months(normal: float, median_years: float, spread: float) -> int:
    """Delays are lognormal: most end near the median, some hardly ever.

    months = ceil(12 median exp(spread z)), at least 1

    Args:
        normal: z, standard normal draw.
        median_years: median, years, >= 0.
        spread: standard deviation of the logarithm, >= 0.

    Returns:
        Whole months, >= 1.

    Source: lognormal with the delays of the cases; the form is an assumption.

    Example: a median of two years, and a draw one deviation of ln 2 above it.

    >>> delay_months(0.0, 2.0, 0.7), delay_months(1.0, 2.0, 0.6931)
    (24, 48)
    """
    return max(1, math.ceil(MONTHS_PER_YEAR * median_years * math.exp(spread * normal)))


def shares_of_harmed(exposure: Floats, hurt: float) -> Floats:
    """Those harmed share what is paid in proportion to the harm done to them.

    share_i = harm_i / sum harm,  harm_i = 1 - exp(-exposure_i D)

    Args:
        exposure: shape (n,), exposure of each person, >= 0.
        hurt: D, damage, index, >= 0.

    Returns:
        Shares, shape (n,), >= 0; they sum to 1, or are all 0 where nobody is harmed.

    Source: harm as in `harm`; that payments follow harm is an assumption, and a kind one.

    Example: exposures of ln 2 and 2 ln 2 to a damage of 1 do a harm of 1/2 and 3/4.

    >>> import numpy as np
    >>> shares_of_harmed(np.log([2.0, 4.0]), 1.0).round(6).tolist()
    [0.4, 0.6]
    """
    done = harm(exposure, hurt)
    total = float(done.sum())
    return done / total if total > 0.0 else done


def relieved(grievance: Floats, relief: Floats | float, met: float) -> Floats:
    """A claim that is met takes away grievance, in the part in which it is met.

    G' = G (1 - r m)

    Args:
        grievance: G, shape (n,), in [0, 1].
        relief: r, what a claim met in full takes away, broadcastable, in [0, 1]; at 0 nothing.
        met: m, part of the claim that is paid, in [0, 1].

    Returns:
        Grievance afterwards, shape (n,), in [0, 1].

    Source: assumption; as for a case that a desk resolves.

    Example: half of what a full payment takes away.

    >>> import numpy as np
    >>> relieved(np.array([0.8, 0.4]), 0.5, 0.5).round(6).tolist()
    [0.6, 0.3]
    """
    eased: Floats = grievance * (1.0 - relief * met)
    return eased
