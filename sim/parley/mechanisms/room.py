"""Who is known, invited, present and heard, and the agenda that comes out (block M5).

An agenda and a person's needs are shares over the six kinds of security (safety, livelihood,
land, health and water, services, dignity): non-negative, summing to 1. Null switch:
`room_weight = 0` (locally driven work at level 0) leaves the company's own agenda, mixed with the
opening agenda only.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, xlog1py

from parley.arrays import Bools, Floats
from parley.parameters import RoomParams


def known_share(view: Floats | float, mappers: Floats | float) -> Floats:
    """A group is known if at least one of several independent mappers knows it.

    known = 1 - (1 - v)^mappers

    Args:
        view: v, chance that one mapper knows the group, in [0, 1].
        mappers: Number of mappers, >= 0, fractions allowed.

    Returns:
        Share of the group that is known, broadcast shape, in [0, 1].

    Source: complement of joint ignorance under independence.

    Example: two mappers who know 40% each leave 0.6 * 0.6 = 0.36 unknown.

    >>> round(float(known_share(0.4, 2)), 6)
    0.64
    """
    return -np.expm1(xlog1py(mappers, np.negative(view)))


def step_known(known: Floats | float, target: Floats | float, p: RoomParams) -> Floats:
    """Knowledge of who lives here leaks away with turnover unless mapping renews it.

    known' = max(known (1 - decay), target)

    Args:
        known: Share of a group that is known now, in [0, 1].
        target: Share that this month's mapping establishes (`known_share`), in [0, 1].
        p: Block M5; reads `known_decay_per_month` (decay).

    Returns:
        Next month's known share, broadcast shape, in [0, 1].

    Source: assumption.

    Example: 0.5 fades to 0.49 where mapping finds 0.2, and rises to 0.6 where it finds 0.6.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(known_decay_per_month=0.02)
    >>> step_known(0.5, np.array([0.2, 0.6]), p).round(6).tolist()
    [0.49, 0.6]
    """
    return np.maximum(np.multiply(known, 1.0 - p.known_decay_per_month), target)


def invitation(known: Floats | float, inclusive: Floats | float, p: RoomParams) -> Floats:
    """Known people within reach are invited, the more of them the more inclusive the practice.

    invited = known * reach * (base + (1 - base) e_I)

    Args:
        known: Chance that the person is known, in [0, 1].
        inclusive: e_I, executed level of inclusive work, in [0, 1].
        p: Block M5; reads `meeting_reach_share` (reach) and `invite_base_share` (base).

    Returns:
        Chance of an invitation, broadcast shape, in [0, 1].

    Source: assumption.

    Example: 0.5 known, reach 0.2, base 0.1, half inclusive: 0.5 * 0.2 * 0.55 = 0.055.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(meeting_reach_share=0.2, invite_base_share=0.1)
    >>> round(float(invitation(0.5, 0.5, p)), 6)
    0.055
    """
    chosen = p.invite_base_share + np.multiply(1.0 - p.invite_base_share, inclusive)
    return np.multiply(known, p.meeting_reach_share) * chosen


def attendance_probability(
    stake: Floats | float,
    stipend: Floats | float,
    cost_days: Floats | float,
    trust: Floats | float,
    p: RoomParams,
) -> Floats:
    """An invited person comes the more readily, the more is at stake and the less it costs.

    P = logistic(b0 + b_s stake + b_m stipend - b_o cost + b_u (trust - 1/2))

    Args:
        stake: What the matter means to the person, in [0, 1].
        stipend: Attendance support, in [0, 1], 1 = full.
        cost_days: Cost of one meeting, days of income, >= 0.
        trust: Trust in the host, in [0, 1].
        p: Block M5; reads the five `attend_*`, `attend_intercept` being b0.

    Returns:
        Chance of attending if invited, broadcast shape, in [0, 1].

    Source: logit choice, McFadden (1974); coefficients are assumptions.

    Example: -0.5 + 1 * 0.4 + 0.5 * 1 - 0.5 * 2 + 1 * (0.6 - 0.5) = -0.5, and 1/(1 + e^0.5).

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(attend_intercept=-0.5, attend_stake=1.0, attend_stipend=0.5,
    ...                     attend_opportunity=0.5, attend_trust=1.0)
    >>> round(float(attendance_probability(0.4, 1.0, 2.0, 0.6, p)), 6)
    0.377541
    """
    readiness = (
        p.attend_intercept
        + np.multiply(p.attend_stake, stake)
        + np.multiply(p.attend_stipend, stipend)
        - np.multiply(p.attend_opportunity, cost_days)
        + np.multiply(p.attend_trust, np.subtract(trust, 0.5))
    )
    return expit(readiness)


def speaking_weight(
    status: Floats | float,
    facilitation: Floats | float,
    credibility: Floats | float,
    methods: Floats | float,
    p: RoomParams,
) -> Floats:
    """People of standing speak more; facilitation that is believed and adapted methods level it.

    weight = exp(gamma status),  gamma = gamma0 (1 - f facilitation credibility) (1 - g methods)

    Args:
        status: Standing in the community, in [0, 1].
        facilitation: Executed level of facilitation, in [0, 1].
        credibility: Credibility of the facilitator, in [0, 1].
        methods: Executed level of adapted consultation methods, in [0, 1].
        p: Block M5; reads `speech_inequality` (gamma0), `facilitation_effect`, `methods_effect`.

    Returns:
        Relative weight of what the person says, broadcast shape, > 0.

    Source: form an assumption; dominance of the well placed, Mansuri and Rao (2013).

    Example: gamma = 2 (1 - 0.5 * 1 * 0.8) (1 - 0.5 * 0.5) = 0.9; at status 0.5, e^0.45.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(speech_inequality=2.0, facilitation_effect=0.5, methods_effect=0.5)
    >>> round(float(speaking_weight(0.5, 1.0, 0.8, 0.5, p)), 6)
    1.568312
    """
    levelled = 1.0 - p.facilitation_effect * np.multiply(facilitation, credibility)
    gamma = p.speech_inequality * levelled * (1.0 - np.multiply(p.methods_effect, methods))
    return np.exp(gamma * status)


def room_view(weights: Floats, needs: Floats) -> Floats:
    """The view of a room is the mean of what its members need, weighted by how much they speak.

    q = sum_i s_i n_i / sum_i s_i

    Args:
        weights: s, (N,), speaking weights, >= 0; 0 for whoever is absent.
        needs: n, (N, 6), shares summing to 1 per row.

    Returns:
        (6,), shares summing to 1.

    Raises:
        ValueError: If nobody speaks (all weights 0): an empty room has no view.

    Source: weighted pooling of opinions, DeGroot (1974).

    Example: weight 1 asks for safety only, weight 3 for land only.

    >>> room_view(np.array([1.0, 3.0]), np.eye(6)[[0, 2]]).tolist()
    [0.25, 0.0, 0.75, 0.0, 0.0, 0.0]
    """
    total = weights.sum()
    if not total > 0.0:
        raise ValueError("the room is empty: no speaking weight is above 0")
    # einsum and not @: the sum must not depend on how many threads a BLAS library uses.
    pooled: Floats = np.einsum("n,nk->k", weights, needs)
    return pooled / total


def spread(weights: Floats, needs: Floats) -> float:
    """Disagreement in a room: weighted standard deviation of needs, root mean square over kinds.

    spread = sqrt( mean_k [ sum_i s_i (n_ik - q_k)^2 / sum_i s_i ] )

    Args:
        weights: s, (N,), speaking weights, >= 0.
        needs: n, (N, 6), shares summing to 1 per row.

    Returns:
        Standard deviation of need shares, in [0, sqrt(5)/6].

    Raises:
        ValueError: If nobody speaks.

    Source: second moment of the view in `room_view`.

    Example: two equal speakers, one for safety, one for land: sqrt((1/4 + 1/4) / 6).

    >>> round(spread(np.ones(2), np.eye(6)[[0, 2]]), 6)
    0.288675
    """
    deviation = needs - room_view(weights, needs)
    variance = np.einsum("n,nk->k", weights, deviation**2) / weights.sum()
    return float(np.sqrt(variance.mean()))


def rounds_to_agree(spread: float, p: RoomParams) -> tuple[int, bool]:
    """Each round removes a share of disagreement, so a broader room agrees later or not at all.

    rounds = smallest r >= 1 with spread (1 - step)^r <= tolerance, if r <= max_rounds

    Args:
        spread: Disagreement at the start, standard deviation of need shares, >= 0.
        p: Block M5; reads `consensus_step_share`, `agreement_spread` (tolerance), `max_rounds`.

    Returns:
        Rounds held (1 to `max_rounds`) and whether the room agreed.

    Source: DeGroot (1974); breadth may cost agreement, Scott, Thomas and Magallanes (2019).

    Example: 0.3 halves to 0.15, 0.075, 0.0375 in three rounds; 0.05 is enough.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(consensus_step_share=0.5, agreement_spread=0.05, max_rounds=12)
    >>> rounds_to_agree(0.3, p)
    (3, True)
    """
    remaining = float(spread)
    for held in range(1, p.max_rounds + 1):
        remaining *= 1.0 - p.consensus_step_share
        if remaining <= p.agreement_spread:
            return held, True
    return p.max_rounds, False


def company_agenda(mean_needs: Floats, own_interest: Floats, p: RoomParams) -> Floats:
    """What the company would do alone: partly the true mean needs, partly its own interest.

    q_C = x * mean needs + (1 - x) * own interest

    Args:
        mean_needs: (6,) or (..., 6), shares summing to 1.
        own_interest: (6,), shares summing to 1.
        p: Block M5; reads `company_expertise_share` (x); 1 = right by itself, 0 = sees only itself.

    Returns:
        (..., 6), shares summing to 1.

    Source: assumption.

    Example: expertise 0.25 between people who need land and a company that offers services.

    >>> from types import SimpleNamespace
    >>> kinds = np.eye(6)
    >>> company_agenda(kinds[2], kinds[4], SimpleNamespace(company_expertise_share=0.25)).tolist()
    [0.0, 0.0, 0.25, 0.0, 0.75, 0.0]
    """
    expertise = p.company_expertise_share
    return expertise * mean_needs + (1.0 - expertise) * own_interest


def agenda(
    company: Floats, room: Floats, start: Floats, room_weight: Floats | float, p: RoomParams
) -> Floats:
    """The agenda lies between company and room, and is held back by the opening agenda.

    q = (1 - a0) [(1 - w) q_C + w q_room] + a0 q_start

    Args:
        company: q_C, (..., 6), what the company would do alone.
        room: q_room, (..., 6), the view of the room.
        start: q_start, (..., 6), the initiator's opening agenda.
        room_weight: w, executed locally driven work times the room's rights; scalar or (..., 1).
        p: Block M5; reads `initiator_anchor_share` (a0).

    Returns:
        (..., 6), shares summing to 1.

    Source: assumption; a weighted compromise with an anchor, Friedkin and Johnsen (1990).

    Example: company safety, room land, start services; 0.8 * 0.5 for the first two, then 0.2.

    >>> from types import SimpleNamespace
    >>> safety, _, land, _, services, _ = np.eye(6)
    >>> p = SimpleNamespace(initiator_anchor_share=0.2)
    >>> agenda(safety, land, services, 0.5, p).tolist()
    [0.4, 0.0, 0.4, 0.0, 0.2, 0.0]
    """
    compromise: Floats = np.subtract(1.0, room_weight) * company + room_weight * room
    anchor = p.initiator_anchor_share
    return (1.0 - anchor) * compromise + anchor * start


def match(agenda: Floats, needs: Floats) -> Floats:
    """How far an agenda serves a person: the part of it that overlaps the person's needs.

    match = sum_k min(q_k, n_k)

    Args:
        agenda: q, (6,) or (..., 6), shares summing to 1.
        needs: n, (..., 6), shares summing to 1.

    Returns:
        (...), in [0, 1]; 1 if and only if agenda and needs coincide.

    Source: proportional similarity of two compositions, Renkonen (1938).

    Example: a half-and-half agenda for someone who needs 0.8 of the first and 0.2 of the third.

    >>> q = np.array([0.5, 0.5, 0.0, 0.0, 0.0, 0.0])
    >>> float(match(q, np.array([0.8, 0.0, 0.2, 0.0, 0.0, 0.0])))
    0.5
    """
    # einsum sums short rows several times faster than sum
    return np.asarray(np.einsum("...k->...", np.minimum(agenda, needs)))


def influence(agenda: Floats, company: Floats, needs: Floats) -> Floats:
    """A person's influence is what the agenda gains for them over the company's own agenda.

    iota = match(q, n) - match(q_C, n)

    Args:
        agenda: q, (6,) or (..., 6), shares summing to 1.
        company: q_C, (6,) or (..., 6), what the company would do alone.
        needs: n, (..., 6), shares summing to 1.

    Returns:
        (...), in [-1, 1]; negative where the company alone would have done better.

    Source: paired counterfactual.

    Example: a person who needs land only, a company that offers none, an agenda 0.4 on land.

    >>> safety, _, land, *_ = np.eye(6)
    >>> float(influence(0.6 * safety + 0.4 * land, safety, land))
    0.4
    """
    return match(agenda, needs) - match(company, needs)


def voice_of_group(
    weights: Floats, needs: Floats, member: Bools, room_weight: float, p: RoomParams
) -> float:
    """A group's voice: how far the agenda moves when the group's needs move, all else the same.

    voice = |q(moved) - q|_1 / |mean needs of members moved - mean needs of members|_1

    The paired case lets every member ask for one kind only, the one the group now needs least.
    With equal weights inside the group, voice = (1 - a0) w * the members' share of all weight.

    Args:
        weights: (N,), speaking weights, >= 0; 0 for whoever is absent.
        needs: (N, 6), shares summing to 1 per row.
        member: (N,), whether the person belongs to the group.
        room_weight: w, weight of the room against the company, in [0, 1].
        p: Block M5; reads `initiator_anchor_share` (a0).

    Returns:
        Change of agenda per unit change of mean need, >= 0; 0 without members or speakers.

    Source: paired counterfactual.

    Example: two of four equal speakers, w = 0.5, a0 = 0.2: 0.8 * 0.5 * 2 / 4 = 0.2.

    >>> from types import SimpleNamespace
    >>> needs = np.full((4, 6), 1 / 6)
    >>> member = np.array([True, True, False, False])
    >>> p = SimpleNamespace(initiator_anchor_share=0.2)
    >>> round(voice_of_group(np.ones(4), needs, member, 0.5, p), 6)
    0.2
    """
    total = weights.sum()
    if not member.any() or not total > 0.0:
        return 0.0
    own = np.einsum("n,nk->k", member.astype(np.float64), needs) / member.sum()
    wish = np.eye(needs.shape[1])[own.argmin()]
    at = np.flatnonzero(weights)  # whoever is silent adds nothing to a view
    asked = np.where(member[at, None], wish, needs[at])
    view, moved = (np.einsum("n,nk->k", weights[at], said) / total for said in (needs[at], asked))
    # Company and opening agenda are the same in both cases; any common value drops out.
    before, after = (agenda(view, heard, view, room_weight, p) for heard in (view, moved))
    return float(np.abs(after - before).sum() / np.abs(wish - own).sum())
