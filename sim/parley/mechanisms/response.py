"""How firm and state choose their answer to protest, and what people learn from it (block M16).

The chosen action acts only through other blocks: money paid, a statement made, officers sent,
harm done. Nothing here touches trust, grievance or protest.

Null switch: `trigger_share = 1` (nothing is ever answered, the same as always ignoring);
`learning_share = 0` (costs teach nothing); `efficacy_gain = efficacy_loss = 0` (answers teach
people nothing).
"""

from __future__ import annotations

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import ResponseParams

ACTIONS = ("ignore", "explain", "dialogue", "concede_active", "concede_all", "force")
"""The six answers, in the order of every array over actions; force comes last."""

_LOWEST_EXPONENT = -500.0
"""exp of this is 7e-218: nothing to a probability, and no underflow on the way."""


def _softmax(utility: Floats) -> Floats:
    """Exponential shares along the last axis, safe for any finite utilities."""
    relative = utility - utility.max(axis=-1, keepdims=True)
    odds = np.exp(np.maximum(relative, _LOWEST_EXPONENT))
    shares: Floats = odds / odds.sum(axis=-1, keepdims=True)
    return shares


def choice_probabilities(
    attraction: Floats, force_allowed: Floats | float, p: ResponseParams
) -> Floats:
    """Actions that paid better are chosen more often; force only where it may be asked for at all.

    pi_a = exp(A_a / T) / sum_b exp(A_b / T);  pi_force' = allowed * pi_force, and what it loses
    goes to the other five in proportion to their probabilities

    Args:
        attraction: A, (..., 6) in the order of `ACTIONS`, minus the learned cost, shares of a
            month's reference surplus.
        force_allowed: Part of the occasions on which force may be asked for, in [0, 1]; a scalar
            or (...).
        p: Block M16; reads `choice_temperature` (T), > 0.

    Returns:
        (..., 6), probabilities summing to 1.

    Source: logit choice, Luce (1959), McFadden (1974).

    Example: equal attractions give 1/6 each; with force allowed on six occasions of ten it keeps
    0.1 and the others get 0.18.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(choice_temperature=0.05)
    >>> choice_probabilities(np.zeros(6), 0.6, p).round(6).tolist()
    [0.18, 0.18, 0.18, 0.18, 0.18, 0.1]
    """
    utility = attraction / p.choice_temperature
    force = (_softmax(utility)[..., -1] * force_allowed)[..., None]
    # Shares among the other five times what force leaves: the same as spreading the excess in
    # proportion, and it still works where force alone had all the probability.
    others = (1.0 - force) * _softmax(utility[..., :-1])
    return np.concatenate([others, force], axis=-1)


def choose(probabilities: Floats, uniform: float) -> int:
    """Pick one action: the first whose cumulated probability exceeds the draw.

    Args:
        probabilities: (6,) in the order of `ACTIONS`, summing to 1.
        uniform: Draw in [0, 1).

    Returns:
        Index into `ACTIONS`; never an action of probability 0.

    Source: inverse transform sampling.

    Example: cumulated 0.2, 0.5, 1.0, so a draw of 0.4 picks the second.

    >>> choose(np.array([0.2, 0.3, 0.5, 0.0, 0.0, 0.0]), 0.4)
    1
    """
    cumulated = np.cumsum(probabilities)
    # Scaling by the total keeps a draw just under 1 below the last rise, whatever the rounding.
    return int(np.searchsorted(cumulated, uniform * cumulated[-1], side="right"))


def learn(attraction: Floats, action: int, cost: float, p: ResponseParams) -> Floats:
    """What an action cost last time enters its attraction as an exponential average.

    A_a' = (1 - phi) A_a + phi (-cost) for the action taken; the others stay

    Args:
        attraction: A, (6,) in the order of `ACTIONS`, shares of a month's reference surplus.
        action: Index of the action taken.
        cost: What followed cost, shares of a month's reference surplus; a gain is negative.
        p: Block M16; reads `learning_share` (phi), in [0, 1].

    Returns:
        (6,), a new array.

    Source: exponential smoothing, Brown (1959); action values, Sutton and Barto (1998).

    Example: force (index 5) at 0 cost 0.5, phi 0.2: attraction falls to -0.1.

    >>> from types import SimpleNamespace
    >>> learn(np.zeros(6), 5, 0.5, SimpleNamespace(learning_share=0.2)).tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, -0.1]
    """
    learned = attraction.copy()
    learned[action] += p.learning_share * (-cost - learned[action])
    return learned


def step_efficacy(
    efficacy: Floats | float, conceded: Bools | bool, acted: Bools | bool, p: ResponseParams
) -> Floats:
    """People believe more in acting after a concession, less after acting without result.

    e' = e + gain (1 - e) after a concession;  e (1 - loss) after acting without one;  else e

    Args:
        efficacy: e, believed chance that action helps, in [0, 1].
        conceded: Whether a concession was made to them, late ones included.
        acted: Whether they acted.
        p: Block M16; reads `efficacy_gain` and `efficacy_loss`, in [0, 1].

    Returns:
        Next month's efficacy, broadcast shape, in [0, 1].

    Source: form an assumption; expected success as a motive, Klandermans (1984).

    Example: 0.5 rises to 0.6 (gain 0.2), falls to 0.475 (loss 0.05), or stays.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(efficacy_gain=0.2, efficacy_loss=0.05)
    >>> conceded, acted = np.array([True, False, False]), np.array([True, True, False])
    >>> step_efficacy(0.5, conceded, acted, p).round(6).tolist()
    [0.6, 0.475, 0.5]
    """
    risen = efficacy + p.efficacy_gain * np.subtract(1.0, efficacy)
    fallen = np.multiply(efficacy, 1.0 - p.efficacy_loss)
    return np.where(conceded, risen, np.where(acted, fallen, efficacy))[()]
