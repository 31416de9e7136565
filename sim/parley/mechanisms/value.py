"""What the site is worth to owners and investors, and how a firm tries other practices (block M24).

Null switch: `investor_pressure = 0` (what investors believe changes nothing); `adapts = 0` (the
practices stay as they were announced).

Source: Henisz, Dorobantu and Nartey (2014), "Spinning gold", Strategic Management Journal 35(12):
investors discount the value of gold by 72%; 13 to 37% is left once stakeholder relations count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parley.arrays import Floats
from parley.parameters import ValueParams

MONTHS_PER_YEAR = 12


def present_value(flows: Floats, yearly: float) -> float:
    """A later payment is worth less: payments of months 0, 1, 2 ... discounted to month 0.

    V = sum_k flow_k (1 + r)^(-k/12)

    Args:
        flows: payments, shape (months,), any unit, either sign.
        yearly: r, discount rate, 1/year, > -1.

    Returns:
        Value, unit of `flows`.

    Source:
        convention.

    Examples:
        100 now and 121 two years later at 10% a year.

        >>> round(present_value(np.array([100.0] + [0.0] * 23 + [121.0]), 0.1), 9)
        200.0
    """
    years = np.arange(len(flows)) / MONTHS_PER_YEAR
    return float(flows @ (1.0 + yearly) ** -years)


def step_believed_disruption(believed: float, observed: float, p: ValueParams) -> float:
    """Investors judge by what they have seen of disruption, the latest most.

    h' = h + m (D - h)

    Args:
        believed: h, disruption that investors reckon with, share of output 0..1.
        observed: D, share of output lost this month, 0..1.
        p: value parameters; m is `investor_memory_per_month`.

    Returns:
        Next month's belief, 0..1.

    Source:
        assumption (exponential memory). Nothing but observed disruption enters.

    Examples:
        0.1 + 0.25 * (0.5 - 0.1) = 0.2.

        >>> from types import SimpleNamespace
        >>> step_believed_disruption(0.1, 0.5, SimpleNamespace(investor_memory_per_month=0.25))
        0.2
    """
    return believed + p.investor_memory_per_month * (observed - believed)


def discount(believed: float, p: ValueParams) -> float:
    """The market takes a part off the value of a site, more the more disruption it reckons with.

    d = d_calm + (d_conflict - d_calm) (1 - exp(-h / scale))

    Args:
        believed: h, disruption that investors reckon with, share of output 0..1.
        p: value parameters; `discount_calm`, `discount_conflict`, `disruption_scale`.

    Returns:
        Discount, 0..1.

    Source:
        end points Henisz, Dorobantu and Nartey (2014); form: assumption.

    Examples:
        Without disruption the calm discount; at the scale 1 - 1/e of the way.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(discount_calm=0.25, discount_conflict=0.72, disruption_scale=0.05)
        >>> discount(0.0, p), round(discount(0.05, p), 4)
        (0.25, 0.5471)
    """
    extra = p.discount_conflict - p.discount_calm
    return p.discount_calm - extra * float(np.expm1(-believed / p.disruption_scale))


def payout_share(base: float, discounted: float, p: ValueParams) -> float:
    """Under pressure of investors headquarters wants more of the surplus, the larger the discount.

    share = min(base (1 + pressure * d), 1)

    Args:
        base: part of the surplus that headquarters counts on, 0..1.
        discounted: d, discount by the market, 0..1.
        p: value parameters; reads `investor_pressure`.

    Returns:
        Part of the surplus, 0..1.

    Source:
        assumption (off by default).

    Examples:
        0.5 * (1 + 1 * 0.4) = 0.7.

        >>> from types import SimpleNamespace
        >>> payout_share(0.5, 0.4, SimpleNamespace(investor_pressure=1.0))
        0.7
    """
    return min(base * (1.0 + p.investor_pressure * discounted), 1.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """A change of one practice that is being judged.

    Attributes:
        dial: which practice.
        before: its level before the change, 0..1.
        step: size and direction of the change.
        baseline: mean result before the change (share of reference revenue).
    """

    dial: int
    before: float
    step: float
    baseline: float


def judge_trial(nominal: Floats, trial: Trial | None, result: float) -> tuple[Floats, Trial | None]:
    """A change that has paid is kept and tried further; one that has cost is taken back.

    Args:
        nominal: announced levels, shape (n,), 0..1.
        trial: the change being judged; None if nothing was tried.
        result: mean result since the change (share of reference revenue).

    Returns:
        (levels, direction): levels to go on with, and the change to try further, with the new
        baseline; None if there is none.

    Source:
        hill climbing on own results; assumption.

    Examples:
        The change to 0.5 has cost 0.01: back to 0.25. It has paid: keep it.

        >>> tried = Trial(dial=1, before=0.25, step=0.25, baseline=0.1)
        >>> judge_trial(np.array([0.0, 0.5]), tried, 0.09)
        (array([0.  , 0.25]), None)
        >>> judge_trial(np.array([0.0, 0.5]), tried, 0.1)[0].tolist()
        [0.0, 0.5]
    """
    if trial is None:
        return nominal, None
    if result >= trial.baseline:
        return nominal, trial
    back = nominal.copy()
    back[trial.dial] = trial.before
    return back, None


def next_trial(
    nominal: Floats,
    onward: Trial | None,
    result: float,
    open_dials: tuple[int, ...],
    draws: Floats,
    p: ValueParams,
) -> tuple[Floats, Trial | None]:
    """Try the next change: further the way that paid, or one practice at random; or let it be.

    Args:
        nominal: announced levels, shape (n,), 0..1.
        onward: a change that has paid, to be tried further; None for a new one.
        result: mean result against which the change will be held.
        open_dials: practices that may be changed.
        draws: three uniform numbers in [0, 1): whether, which, which way.
        p: value parameters; `inertia_share` and `dial_step`.

    Returns:
        (levels, trial): levels to announce, and the change to judge at the next review.

    Source:
        assumption.

    Examples:
        No inertia; the second of two practices, upwards, by 0.25.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(inertia_share=0.0, dial_step=0.25)
        >>> levels, trial = next_trial(np.zeros(2), None, 0.1, (0, 1), np.array([0.5, 0.9, 0.7]), p)
        >>> levels.tolist(), trial.dial, trial.step
        ([0.0, 0.25], 1, 0.25)
    """
    if draws[0] < p.inertia_share or not open_dials:
        return nominal, None
    if onward is not None:
        dial, step = onward.dial, onward.step
    else:
        dial = open_dials[int(draws[1] * len(open_dials))]
        step = p.dial_step if draws[2] >= 0.5 else -p.dial_step
        if not 0.0 <= nominal[dial] + step <= 1.0:
            step = -step
    before = float(nominal[dial])
    after = min(max(before + step, 0.0), 1.0)
    if after == before:
        return nominal, None
    levels = nominal.copy()
    levels[dial] = after
    return levels, Trial(dial, before, step, result)
