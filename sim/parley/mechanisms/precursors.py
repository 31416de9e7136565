"""Near misses before a disaster, and whether anybody acts on them (block M18).

A near miss is a finding like any other: managers make of it what they will. Monitors who see it and
may stop the work make them heed more of it. What is ignored adds up.

The level of monitoring enters here, in the block it is hooked to, and nowhere else in the modules
of rare disasters: it changes which warnings are acted on, never the disaster or what follows.

Null switch: `near_misses_per_year = 0` (nothing to heed); `stop_power = 0` (monitors see and change
nothing); `learning_share = 0` (a disaster teaches nothing).

Sources: warnings before the leak of Bhopal, NDTV (2010); warnings as accidents that did not
happen, Turner (1978), "Man-Made Disasters", whose incubation period the stock stands for. Form and
sizes are assumptions.
"""

from __future__ import annotations

import math

MONTHS_PER_YEAR = 12.0


def near_miss_chance(per_year: float) -> float:
    """Near misses come at a constant rate.

    chance = 1 - exp(-rate / 12)

    Args:
        per_year: rate, near misses per year, >= 0.

    Returns:
        Chance of at least one in a month, in [0, 1).

    Source: Poisson process; the rate is a number of the module.

    Example: twelve a year, 1 - 1/e.

    >>> round(near_miss_chance(12.0), 6)
    0.632121
    """
    return -math.expm1(-per_year / MONTHS_PER_YEAR)


def heeded_chance(monitoring: float, alone: float, stop_power: float, learned: float) -> float:
    """Monitors with the power to stop make the company heed part of what it would ignore.

    watched = alone + (1 - alone) power e;  heeded = watched + (1 - watched) learned

    Args:
        monitoring: e, executed level of monitoring, in [0, 1].
        alone: what the company heeds by itself, in [0, 1].
        stop_power: power, in [0, 1]; at 0 monitors change nothing.
        learned: part of the rest that a disaster of its own has taught it, in [0, 1].

    Returns:
        Chance that a warning is heeded, in [0, 1].

    Source: assumption for form and sizes.

    Example: 0.2 alone, half the power at half the level: 0.2 + 0.8 * 0.25; learned a half of the
    rest: 0.4 + 0.6 * 0.5.

    >>> round(heeded_chance(0.5, 0.2, 0.5, 0.0), 6), round(heeded_chance(0.5, 0.2, 0.5, 0.5), 6)
    (0.4, 0.7)
    """
    watched = alone + (1.0 - alone) * stop_power * monitoring
    return watched + (1.0 - watched) * learned


def step_ignored(stock: float, ignored: bool, fade_per_year: float) -> float:
    """Ignored warnings add up and lose their bearing at a constant rate.

    S' = S (1 - fade)^(1/12) + 1 if one is ignored

    Args:
        stock: S, ignored warnings, >= 0.
        ignored: whether one is ignored this month.
        fade_per_year: part that loses its bearing in a year, in [0, 1].

    Returns:
        Next month's stock, >= 0.

    Source: assumption (a stock with first-order decay).

    Example: nothing fades, 2 + 1; all that was there fades at once, 0 + 1.

    >>> step_ignored(2.0, True, 0.0), step_ignored(2.0, True, 1.0)
    (3.0, 1.0)
    """
    return stock * math.pow(1.0 - fade_per_year, 1.0 / MONTHS_PER_YEAR) + float(ignored)
