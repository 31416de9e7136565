"""Complaints desk and forum for past wrongs: queues with a judge (block M17).

Whoever has a grievance, knows of the desk, dares and believes that it helps may file. A desk works
on the cases that have waited longest, as many at a time as it has servers. A case is closed when
the desk says so; whether it is resolved, its claimant judges, by who decided and what was paid.

Null switch: level 0 of the dial (no server, no case). spillover_tone = spillover_attention =
liability_silence = 0, or a forum kept apart (separation 1): nothing spills over.
"""

from __future__ import annotations

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.parameters import DeskParams


def servers(level: Floats | float, residents: Floats | float, p: DeskParams) -> Floats:
    """A desk works on as many cases at a time as its level and the size of the place give it.

    c = level * servers_per_1000 * residents / 1000

    Args:
        level: level of the dial, any shape, 0..1.
        residents: people who may come, same shape, persons.
        p: block M17; reads `servers_per_1000`.

    Returns:
        Servers, broadcast shape, cases at a time, >= 0; need not be whole.

    Source:
        assumption.

    Examples:
        0.5 * 2 * 3000 / 1000 = 3.

        >>> from types import SimpleNamespace
        >>> float(servers(0.5, 3000.0, SimpleNamespace(servers_per_1000=2.0)))
        3.0
    """
    return np.multiply(level, p.servers_per_1000) * np.divide(residents, 1000.0)


def knows(level: Floats | float, p: DeskParams) -> Floats:
    """A desk is known as far as it is carried out.

    knows = known_share * level

    Args:
        level: level of the dial, any shape, 0..1.
        p: block M17; reads `known_share`.

    Returns:
        Chance that a person knows where and how to file, same shape, 0..1.

    Source:
        assumption.

    Examples:
        >>> from types import SimpleNamespace
        >>> float(knows(0.5, SimpleNamespace(known_share=0.5)))
        0.25
    """
    return np.multiply(p.known_share, level)


def remedy_fund(level: Floats | float, price: Floats | float, p: DeskParams) -> Floats:
    """Part of what the desk costs goes into its remedy account; the rest pays its staff.

    fund = remedy_share * level * price

    Args:
        level: level carried out, any shape, 0..1.
        price: price of the full level, same shape, cents per month, >= 0.
        p: block M17; reads `remedy_share`.

    Returns:
        Money for remedies, broadcast shape, cents per month, at most what was paid.

    Source:
        assumption.

    Examples:
        0.4 * 0.5 * 1000 = 200.

        >>> from types import SimpleNamespace
        >>> float(remedy_fund(0.5, 1000.0, SimpleNamespace(remedy_share=0.4)))
        200.0
    """
    return np.multiply(p.remedy_share, level) * price


def filing_chance(ease: Floats | float, belief: Floats | float, p: DeskParams) -> Floats:
    """Of those with a grievance some go to an authority; ease and belief move that share.

    share = min([a + ease (s - a)] belief / belief at the start, s)
    chance = 1 - (1 - share)^(1 / months)

    Args:
        ease: part of the step from seeking help to filing that is taken away, any shape, 0..1.
        belief: share of cases believed to end well, same shape, 0..1.
        p: block M17; reads `authority_share` (a), `seek_share` (s, at least a), `belief_start` and
            `problem_months` (months).

    Returns:
        Chance of filing this month, broadcast shape, 0..1.

    Source:
        Shares: World Justice Project 2019; form: assumption.

    Examples:
        Half of the step from 0.2 to 0.4 gives 0.3, doubled belief 0.6, held at 0.4; over one month.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(authority_share=0.2, seek_share=0.4, belief_start=0.25,
        ...                     problem_months=1.0)
        >>> filing_chance(0.5, np.array([0.25, 0.5]), p).round(12).tolist()
        [0.3, 0.4]
    """
    most = max(p.seek_share, p.authority_share)
    share = p.authority_share + np.multiply(ease, most - p.authority_share)
    share = np.minimum(share * np.divide(belief, p.belief_start), most)
    return -np.expm1(np.log1p(-share) / p.problem_months)


def dares(fear: Floats | float, cover: Floats | float, p: DeskParams) -> Floats:
    """Fear keeps people from filing, less where protection hides them.

    dares = exp(-b fear (1 - cover))

    Args:
        fear: fear, any shape, 0..1.
        cover: part of the visibility that protection takes away, scalar or same shape, 0..1.
        p: block M17; reads `dare_fear` (b).

    Returns:
        Chance of daring to file, broadcast shape, 0..1.

    Source:
        assumption.

    Examples:
        exp(-2 * 0.5 * (1 - 0.5)) = e^-0.5.

        >>> from types import SimpleNamespace
        >>> round(float(dares(0.5, 0.5, SimpleNamespace(dare_fear=2.0))), 6)
        0.606531
    """
    return np.exp(-p.dare_fear * np.multiply(fear, np.subtract(1.0, cover)))


def queue_rank(since: Ints, order: Floats) -> Ints:
    """Those who have waited longest come first; ties are drawn.

    Args:
        since: month of filing of each open case, (m,), months.
        order: draws for every open case, (m,), 0..1.

    Returns:
        Place in the queue, (m,), counted from 0.

    Source:
        First come, first served.

    Examples:
        >>> queue_rank(np.array([4, 2, 4]), np.array([0.9, 0.5, 0.1])).tolist()
        [2, 0, 1]
    """
    rank = np.empty(len(since), dtype=np.int64)
    rank[np.lexsort((order, since))] = np.arange(len(since))
    return rank


def closing_chance(
    rank: Ints | Floats | int, open_servers: Floats | float, p: DeskParams
) -> Floats:
    """A case is closed at the desk's speed once a server works on it.

    chance = 1 - exp(-mu min(max(c - rank, 0), 1))

    The last server may work a part of the time. In short steps a queue with steady arrivals is
    the one of Erlang (1917): M/M/c.

    Args:
        rank: place in the queue, any shape, counted from 0.
        open_servers: c, servers, scalar, >= 0.
        p: block M17; reads `closing_per_month` (mu).

    Returns:
        Chance of being closed this month, shape of `rank`, 0..1.

    Source:
        Erlang 1917.

    Examples:
        1.5 servers at speed ln 2: the first case has 1/2, the second 1 - 2^-0.5, the third none.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(closing_per_month=np.log(2.0))
        >>> closing_chance(np.array([0, 1, 2]), 1.5, p).round(6).tolist()
        [0.5, 0.292893, 0.0]
    """
    busy = np.clip(np.subtract(open_servers, rank), 0.0, 1.0)
    return -np.expm1(-p.closing_per_month * busy)


def resolved_chance(fairness: float, adequacy: Floats | float, p: DeskParams) -> Floats:
    """A closed case is resolved in its claimant's eyes by who judged and by what was paid.

    chance = fairness * (1 - w + w adequacy)

    Args:
        fairness: share decided as the claimant thinks just if the remedy makes good, 0..1.
        adequacy: remedy paid over what would make good, any shape, 0..1.
        p: block M17; reads `remedy_weight` (w).

    Returns:
        Chance that the claimant calls it resolved, shape of `adequacy`, 0..1.

    Source:
        assumption.

    Examples:
        0.6 * (1 - 0.5 + 0.5 * 0.4) = 0.42.

        >>> from types import SimpleNamespace
        >>> round(float(resolved_chance(0.6, 0.4, SimpleNamespace(remedy_weight=0.5))), 12)
        0.42
    """
    return fairness * (1.0 - p.remedy_weight + np.multiply(p.remedy_weight, adequacy))


def step_belief(
    belief: Floats, resolved: Ints | Floats, closed: Ints | Floats, p: DeskParams
) -> Floats:
    """A village believes in a desk as its cases end there.

    b' = b + l (resolved / closed - b) where a case was closed, else b

    Args:
        belief: b, any shape, 0..1.
        resolved: cases closed this month that their claimants call resolved, same shape, counts.
        closed: cases closed this month, same shape, counts.
        p: block M17; reads `belief_learning` (l).

    Returns:
        Belief next month, same shape, 0..1.

    Source:
        assumption (exponential smoothing).

    Examples:
        0.5 + 0.2 * (3/4 - 0.5) = 0.55; without a case it stays.

        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(belief_learning=0.2)
        >>> step_belief(np.array([0.5, 0.5]), np.array([3, 0]), np.array([4, 0]), p).tolist()
        [0.55, 0.5]
    """
    belief = np.asarray(belief, dtype=np.float64)
    share = np.divide(resolved, closed, out=belief.copy(), where=np.greater(closed, 0))
    return belief + p.belief_learning * (share - belief)


def heat(open_cases: Ints | float, filed: Ints | float) -> float:
    """Claims about the past are hot as far as those ever filed are still open.

    heat = open / filed; 0 without a claim

    Args:
        open_cases: open claims, count.
        filed: claims ever filed, count.

    Returns:
        Share in [0, 1].

    Source:
        assumption.

    Examples:
        >>> heat(3, 4), heat(0, 0)
        (0.75, 0.0)
    """
    return float(open_cases / filed) if filed else 0.0


def spread_by_tone(spread: float, hot: float, separation: float, p: DeskParams) -> float:
    """Open claims about the past widen or narrow disagreement where the two forums are one.

    spread' = spread * max(1 + tone (1 - separation) heat, 0)

    Args:
        spread: disagreement in the room, standard deviation of need shares, >= 0.
        hot: heat of the claims, 0..1.
        separation: how far the forum is kept apart, 0..1.
        p: block M17; reads `spillover_tone` (tone, either sign).

    Returns:
        Disagreement, >= 0.

    Source:
        Left open by Martin et al. 2018; form: assumption.

    Examples:
        0.2 * (1 + 0.5 * (1 - 0.2) * 0.5) = 0.24.

        >>> from types import SimpleNamespace
        >>> round(spread_by_tone(0.2, 0.5, 0.2, SimpleNamespace(spillover_tone=0.5)), 12)
        0.24
    """
    return spread * max(1.0 + p.spillover_tone * (1.0 - separation) * hot, 0.0)


def attention_left(hot: float, separation: float, p: DeskParams) -> float:
    """Open claims about the past take staff hours from the practices, or free some.

    factor = max(1 - attention (1 - separation) heat, 0)

    Args:
        hot: heat of the claims, 0..1.
        separation: how far the forum is kept apart, 0..1.
        p: block M17; reads `spillover_attention` (attention, either sign).

    Returns:
        Factor on available staff hours, >= 0.

    Source:
        Left open by Martin et al. 2018; form: assumption.

    Examples:
        1 - 0.5 * 1 * 0.5 = 0.75.

        >>> from types import SimpleNamespace
        >>> attention_left(0.5, 0.0, SimpleNamespace(spillover_attention=0.5))
        0.75
    """
    return max(1.0 - p.spillover_attention * (1.0 - separation) * hot, 0.0)


def candour(hot: float, p: DeskParams) -> float:
    """Fear of liability silences the company while claims about the past are open.

    factor = 1 - silence heat

    Args:
        hot: heat of the claims, 0..1.
        p: block M17; reads `liability_silence` (silence).

    Returns:
        Part of what it would explain that it does explain, 0..1.

    Source:
        Left open by Martin et al. 2018; form: assumption.

    Examples:
        >>> from types import SimpleNamespace
        >>> candour(0.5, SimpleNamespace(liability_silence=0.6))
        0.7
    """
    return 1.0 - p.liability_silence * hot


def may_file(grievance: Floats | float, is_open: Bools | bool, p: DeskParams) -> Bools:
    """Whoever has a grievance worth a complaint and no case pending may file one.

    may file if G > threshold and no open case

    Args:
        grievance: grievance over the matters of the desk, any shape, 0..1.
        is_open: whether a case is pending, same shape.
        p: block M17; reads `file_threshold`.

    Returns:
        Whether the person may file, broadcast shape.

    Source:
        assumption.

    Examples:
        >>> from types import SimpleNamespace
        >>> p = SimpleNamespace(file_threshold=0.3)
        >>> may_file(np.array([0.2, 0.4, 0.4]), np.array([False, False, True]), p).tolist()
        [False, True, False]
    """
    return np.logical_and(np.greater(grievance, p.file_threshold), np.logical_not(is_open))
