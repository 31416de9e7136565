"""Legitimacy, changes of government, alignment, and what officials want (block M22).

Null switch: `turnover_share = 1` and `turnover_legitimacy = 0` (every vote changes government);
`realignment_spread = alignment_revenue = alignment_complicity = 0` (alignment with the firm stays);
`perceived_alignment_weight = 0` (company and state are seen together as ever);
`official_majority_weight = official_own_weight = official_prevote_weight = 0` (officials want what
residents need on average).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parley.arrays import Bools, Floats
from parley.parameters import StateParams


def legitimacy_target(
    start: float, services: float, misrepresentation: float, force: float, p: StateParams
) -> float:
    """The state is as legitimate as at the start, more with better services, less with misconduct.

    L* = clip(L0 + a services - b misrepresentation - c force, 0, 1)

    Args:
        start: L0, legitimacy at the start, 0..1.
        services: change of services against entitlement since the start, as felt, -2..2.
        misrepresentation: change since the start of how far officials' wishes lie from residents'
            needs, -1..1.
        force: part of residents met by force this month, 0..1.
        p: state parameters; a, b, c are `legitimacy_services`, `legitimacy_misrepresentation`
            and `legitimacy_force`.

    Returns:
        Legitimacy at which the state comes to rest, 0..1.

    Source:
        fair treatment and performance build legitimacy (Walters and Bolger 2019), sizes assumption.

    Examples:
        0.4 + 0.5 * 0.2 - 0.2 * 0.1 - 1 * 0.05 = 0.43.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(legitimacy_services=0.5, legitimacy_misrepresentation=0.2,
        ...                     legitimacy_force=1.0)
        >>> round(legitimacy_target(0.4, 0.2, 0.1, 0.05, p), 12)
        0.43
    """
    moved = (
        start
        + p.legitimacy_services * services
        - p.legitimacy_misrepresentation * misrepresentation
        - p.legitimacy_force * force
    )
    return min(max(moved, 0.0), 1.0)


def approach(stock: float, target: float, rate: float) -> float:
    """A stock closes a constant part of its distance from where it would rest.

    x' = x + rate (target - x)

    Args:
        stock: x, any unit.
        target: where it would rest, same unit.
        rate: part of the distance, 1/month, 0..1.

    Returns:
        Next month's stock.

    Source:
        assumption (first-order adjustment).

    Examples:
        >>> approach(0.4, 0.8, 0.25)
        0.5
    """
    return stock + rate * (target - stock)


def turnover_probability(legitimacy: float, start: float, p: StateParams) -> float:
    """A vote changes government more often the more legitimacy has been lost.

    P = clip(turnover_share + turnover_legitimacy (L0 - L), 0, 1)

    Args:
        legitimacy: L, 0..1.
        start: L0, at the start, 0..1.
        p: state parameters.

    Returns:
        Probability that government changes, 0..1.

    Source:
        assumption.

    Examples:
        0.5 + 1 * (0.4 - 0.2) = 0.7.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(turnover_share=0.5, turnover_legitimacy=1.0)
        >>> round(turnover_probability(0.2, 0.4, p), 12)
        0.7
    """
    chance = p.turnover_share + p.turnover_legitimacy * (start - legitimacy)
    return min(max(chance, 0.0), 1.0)


def redrawn_alignment(start: float, uniform: float, p: StateParams) -> float:
    """A new government stands nearer to the firm or farther from it than the one at the start.

    A = clip(A0 + spread (2 u - 1), 0, 1)

    Args:
        start: A0, alignment at the start, 0..1.
        uniform: draw in [0, 1).
        p: state parameters; reads `realignment_spread`.

    Returns:
        Alignment, 0..1.

    Source:
        assumption.

    Examples:
        0.5 + 0.2 * (2 * 0.25 - 1) = 0.4.

        >>> from types import SimpleNamespace
        >>> redrawn_alignment(0.5, 0.25, SimpleNamespace(realignment_spread=0.2))
        0.4
    """
    return min(max(start + p.realignment_spread * (2.0 * uniform - 1.0), 0.0), 1.0)


def alignment_target(base: float, revenue: float, complicity: float, p: StateParams) -> float:
    """Government stands nearer to a firm that feeds it and with which it has acted together.

    A* = clip(A_base + a revenue + b complicity, 0, 1)

    Args:
        base: alignment of the present government by itself, 0..1.
        revenue: change since the start of the firm's part in what the municipality lives on, -1..1.
        complicity: whether the state has lent force at the firm's call this month, 0 or 1.
        p: state parameters; a, b are `alignment_revenue` and `alignment_complicity`, either sign.

    Returns:
        Alignment at which it comes to rest, 0..1.

    Source:
        assumption.

    Examples:
        0.4 + 0.5 * 0.4 + 0.1 = 0.7.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(alignment_revenue=0.5, alignment_complicity=0.1)
        >>> round(alignment_target(0.4, 0.4, 1.0, p), 12)
        0.7
    """
    moved = base + p.alignment_revenue * revenue + p.alignment_complicity * complicity
    return min(max(moved, 0.0), 1.0)


def seen_together(alignment: float, p: StateParams) -> float:
    """Residents take company and state for one as far as they see them aligned.

    together = 1 - w + w A

    Args:
        alignment: A, 0..1.
        p: state parameters; w is `perceived_alignment_weight`.

    Returns:
        How far what is felt about one falls on the other, 0..1; 1 at weight 0.

    Source:
        assumption.

    Examples:
        >>> from types import SimpleNamespace
        >>> seen_together(0.4, SimpleNamespace(perceived_alignment_weight=0.5))
        0.7
    """
    w = p.perceived_alignment_weight
    return 1.0 - w + w * alignment


@dataclass(frozen=True, slots=True)
class OfficialWeights:
    """What officials listen to, each in [0, 1].

    Attributes:
        majority: weight of the largest group's needs within those of voters.
        own: weight of officials' own interest against those of voters.
    """

    majority: float
    own: float


def official_weights(latitude: float, before_vote: bool, p: StateParams) -> OfficialWeights:
    """Weak institutions leave officials room for their own interest; a vote near calls for show.

    own = min(official_own_weight * latitude + (official_prevote_weight if a vote is near), 1)

    Args:
        latitude: 1 - normal capacity of the municipality, 0..1.
        before_vote: whether a vote falls within a year.
        p: state parameters.

    Returns:
        The weights.

    Source:
        visible spending before votes: Brender and Drazen (2005), direction; sizes assumption.

    Examples:
        0.5 * 0.6 + 0.1 = 0.4.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(official_majority_weight=0.3, official_own_weight=0.5,
        ...                     official_prevote_weight=0.1)
        >>> official_weights(0.6, True, p)
        OfficialWeights(majority=0.3, own=0.4)
    """
    own = p.official_own_weight * latitude + p.official_prevote_weight * before_vote
    return OfficialWeights(p.official_majority_weight, min(own, 1.0))


def official_needs(mean: Floats, majority: Floats, own: Floats, weights: OfficialWeights) -> Floats:
    """What officials would say that residents need: voters' needs, bent to votes and own interest.

    q = (1 - w_own) [(1 - w_maj) mean + w_maj majority] + w_own own

    Args:
        mean: mean needs of all residents, shape (6,), on the simplex.
        majority: mean needs of the largest group, shape (6,), on the simplex.
        own: what serves officials themselves, shape (6,), on the simplex.
        weights: of the majority and of own interest.

    Returns:
        Needs, shape (6,), on the simplex; `mean` itself at zero weights.

    Source:
        officials answer to party, rents or majority rather than to those affected: direction
        Martin et al. (2018); form assumption.

    Examples:
        Half of own interest over needs between mean and majority, of two kinds of need.

        >>> q = official_needs(np.array([0.4, 0.6]), np.array([0.8, 0.2]), np.array([0.0, 1.0]),
        ...                    OfficialWeights(majority=0.5, own=0.5))
        >>> q.round(6).tolist()
        [0.3, 0.7]
    """
    voters = (1.0 - weights.majority) * mean + weights.majority * majority
    return (1.0 - weights.own) * voters + weights.own * own


def misrepresentation(said: Floats, needed: Floats) -> float:
    """How far what officials say lies from what residents need.

    half the sum of absolute differences

    Args:
        said: what officials say, shape (6,), on the simplex.
        needed: mean needs, shape (6,), on the simplex.

    Returns:
        Share of the agenda that is misplaced, 0..1.

    Source:
        definition (total variation distance).

    Examples:
        >>> misrepresentation(np.array([0.5, 0.5]), np.array([0.2, 0.8]))
        0.3
    """
    return float(np.abs(said - needed).sum()) / 2.0


def dropped(uniform: Floats, changed: bool, p: StateParams) -> Bools:
    """A new government drops some of what the last one had begun.

    dropped = changed and u < drop_commitments_share

    Args:
        uniform: draws in [0, 1), any shape.
        changed: whether government changed this month.
        p: state parameters.

    Returns:
        Which undertakings are dropped, shape of `uniform`.

    Source:
        assumption.

    Examples:
        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(drop_commitments_share=0.5)
        >>> dropped(np.array([0.4, 0.6]), True, p).tolist()
        [True, False]
    """
    return np.logical_and(changed, np.less(uniform, p.drop_commitments_share))
