"""Risk of taking part: visible acts, reprisal, fear, and grievance that stays hidden (block M14).

Where groups are present that punish those who take part, every visible act may be answered by a
reprisal. Reprisals frighten whoever meets them and those tied to them; the frightened stay away,
do not file, and hide grievance that they have. What shields people also blurs what they say; that
price is paid in the steps of the room and of promises.

Null switch: reprisal_per_visible_act = 0, or no spoilers in the place, with fear_from_force = 0
(no reprisal, no fear, nothing hidden).
"""

from __future__ import annotations

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import RiskParams


def named_acts(
    took_part: Floats | float,
    connected: Floats | Bools | float,
    documentation: Floats | float,
    digital: Floats | float,
    p: RiskParams,
) -> Floats:
    """Taking part is seen; records and digital traces show it to others besides.

    acts = took part (1 + e_r documentation + e_t digital connected)

    Args:
        took_part: meetings attended and cases filed this month, any shape, counts, >= 0.
        connected: whether the person takes part online, same shape, 0 or 1.
        documentation: level of documentation, scalar or same shape, 0..1.
        digital: level of digital tools, scalar or same shape, 0..1.
        p: block M14; reads `record_exposure` (e_r) and `trace_exposure` (e_t).

    Returns:
        Acts of taking part by their visibility, broadcast shape, counts, >= 0.

    Source:
        Records and traces may endanger people: Martin et al. 2018; form: assumption.

    Examples:
        2 * (1 + 0.5 * 0.6 + 0.5 * 0.4 * 1) = 3.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(record_exposure=0.5, trace_exposure=0.5)
        >>> round(float(named_acts(2.0, True, 0.6, 0.4, p)), 12)
        3.0
    """
    traces = p.trace_exposure * np.multiply(digital, connected)
    return np.multiply(took_part, 1.0 + p.record_exposure * np.asarray(documentation) + traces)


def visible_acts(
    named: Floats | float, cover: Floats | float, active: Floats | Bools | float, p: RiskParams
) -> Floats:
    """Protection hides a part of taking part, and nothing of acting in the open.

    visible = named (1 - cover) + e_a active

    Args:
        named: acts of taking part from `named_acts`, any shape, counts, >= 0.
        cover: part of them that protection hides, scalar or same shape, 0..1.
        active: whether the person acts in the open, same shape, 0 or 1.
        p: block M14; reads `active_exposure` (e_a).

    Returns:
        Visible acts, broadcast shape, counts, >= 0.

    Source:
        assumption.

    Examples:
        3 * (1 - 0.7) + 0.5 * 1 = 1.4.

        >>> from types import SimpleNamespace
        >>> round(float(visible_acts(3.0, 0.7, True, SimpleNamespace(active_exposure=0.5))), 12)
        1.4
    """
    hidden = np.subtract(1.0, cover)
    return np.multiply(named, hidden) + np.multiply(p.active_exposure, active)


def reprisal_chance(visible: Floats | float, spoilers: Floats | float, p: RiskParams) -> Floats:
    """Each visible act may be punished, the likelier the more spoilers are about.

    chance = min(spoilers * r0 * visible, 1)

    Args:
        visible: visible acts of the month, any shape, counts, >= 0.
        spoilers: presence of spoilers in the place, scalar or same shape, 0..1.
        p: block M14; reads `reprisal_per_visible_act` (r0).

    Returns:
        Chance of a reprisal this month, broadcast shape, 0..1.

    Source:
        assumption; that participation can be punished, Martin et al. 2018.

    Examples:
        0.5 * 0.02 * 3 = 0.03.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(reprisal_per_visible_act=0.02)
        >>> round(float(reprisal_chance(3.0, 0.5, p)), 12)
        0.03
    """
    return np.minimum(np.multiply(spoilers, p.reprisal_per_visible_act) * visible, 1.0)


def step_fear(
    fear: Floats | float, shock: Floats | Bools | float, heard: Floats | float, p: RiskParams
) -> Floats:
    """Fear fades, leaps in whoever is hit, and spreads from those who were.

    fear' = min((1 - d) fear + shock + kappa heard, 1)

    Args:
        fear: fear so far, any shape, 0..1.
        shock: what happened to the person, same shape, 0..1; 1 for a reprisal.
        heard: share of the person's ties who met a reprisal, same shape, 0..1.
        p: block M14; reads `fear_fading_per_month` (d) and `fear_from_neighbours` (kappa).

    Returns:
        Fear next month, broadcast shape, 0..1.

    Source:
        assumption.

    Examples:
        0.9 * 0.2 + 0 + 0.5 * 0.25 = 0.305.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(fear_fading_per_month=0.1, fear_from_neighbours=0.5)
        >>> round(float(step_fear(0.2, 0.0, 0.25, p)), 12)
        0.305
    """
    kept = np.multiply(1.0 - p.fear_fading_per_month, fear)
    return np.minimum(kept + shock + p.fear_from_neighbours * np.asarray(heard), 1.0)


def shows(
    grievance: Floats | float, fear: Floats | float, status: Floats | float, p: RiskParams
) -> Bools:
    """Grievance is shown only where it outweighs the cost of speaking; standing lowers the cost.

    shown if G > c fear (1 - s status)

    Args:
        grievance: grievance G that would count if shown, any shape, 0..1.
        fear: fear, same shape, 0..1.
        status: standing in the community, same shape, 0..1.
        p: block M14; reads `speech_fear` (c) and `speech_status` (s).

    Returns:
        Whether the person shows it, broadcast shape; nobody without grievance does.

    Source:
        Kuran 1995 (falsified preferences); form: assumption.

    Examples:
        At full fear and standing 0.4 the cost is 1 * (1 - 0.5 * 0.4) = 0.8.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(speech_fear=1.0, speech_status=0.5)
        >>> shows(np.array([0.7, 0.9]), 1.0, 0.4, p).tolist()
        [False, True]
    """
    cost = np.multiply(p.speech_fear, fear) * (1.0 - np.multiply(p.speech_status, status))
    return np.greater(grievance, cost)


def blurred_weight(weight: Floats | float, uniform: Floats | float, loss: float) -> Floats:
    """What anonymous people say counts for more or less than it should, right in the mean.

    weight' = weight (1 + loss (2 u - 1))

    Args:
        weight: speaking weight, any shape, >= 0.
        uniform: draws u for everybody, same shape, 0..1.
        loss: part of what is said that nobody can be held to, 0..1.

    Returns:
        Speaking weight, broadcast shape, >= 0.

    Source:
        assumption.

    Examples:
        2 * (1 + 0.5 * (2 * 0.75 - 1)) = 2.5.

        >>> round(float(blurred_weight(2.0, 0.75, 0.5)), 12)
        2.5
    """
    return np.multiply(weight, 1.0 + loss * (2.0 * np.asarray(uniform) - 1.0))


def stated_needs(needs: Floats, leaders: Floats, directness: Floats) -> Floats:
    """Whoever speaks through another is heard as far as the speaker passes the needs on.

    stated = d needs + (1 - d) leaders' needs

    Args:
        needs: (n, 6), shares summing to 1 per row.
        leaders: (6,), mean needs of those who speak for others, summing to 1.
        directness: d, (n,), part of what is passed on, 0..1; 1 for whoever speaks in person.

    Returns:
        (n, 6), shares summing to 1 per row.

    Source:
        assumption.

    Examples:
        Half of a need for land (third) is replaced by the leaders' need for safety (first).

        >>> stated_needs(np.eye(6)[[2]], np.eye(6)[0], np.array([0.5]))[0].tolist()
        [0.5, 0.0, 0.5, 0.0, 0.0, 0.0]
    """
    passed = directness[:, None]
    return passed * needs + (1.0 - passed) * leaders


def come_despite_fear(chance: Floats | float, fear: Floats | float, p: RiskParams) -> Floats:
    """Fear lowers the odds of coming to a meeting.

    odds' = odds exp(-b fear), odds = chance / (1 - chance)

    Within a logit this is a term -b fear.

    Args:
        chance: chance of coming without fear, any shape, 0..1.
        fear: fear, same shape, 0..1.
        p: block M14; reads `attend_fear` (b).

    Returns:
        Chance of coming, broadcast shape, 0..1; without fear exactly `chance`.

    Source:
        assumption.

    Examples:
        Odds of 1 divided by e^(2 ln 3 / 2) = 3.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(attend_fear=2.0 * np.log(3.0))
        >>> round(float(come_despite_fear(0.5, 0.5, p)), 12)
        0.25
    """
    against = np.subtract(1.0, chance) * np.exp(np.multiply(p.attend_fear, fear))
    return np.divide(chance, chance + against)
