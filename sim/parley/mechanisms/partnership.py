"""Who joins, who keeps undertakings that nobody can enforce, and who leaves (block M20).

Every partner counts in a unit of its own: the company in shares of a normal month's revenue, the
municipality in shares of its own monthly money, an organisation as its leaders do, in median
monthly incomes: what reached a resident on average against what a leader's time is worth; what
reached the leader's neighbours counts as far as the leader cares for it. No partner sees another's
ledger; each weighs what it believes the partnership brings it against what it costs. Promises
inside are kept as long as what is saved by one month's neglect is worth no more than what is
believed to come: nothing else holds them.

Null switch: `entry_caution = 0` everyone joins; `exit_caution = 0` everyone stays;
`leader_regard = 0` leaders count what reaches a resident, themselves or another, once;
`task_effort_share = 0` everyone keeps; `conditional_share = 0` and `payoff_learning_share = 0`
everyone puts in all there is to put in, whatever others do.

Sources: repeated play with a threat to stop, Friedman (1971), "A non-cooperative equilibrium for
supergames", Review of Economic Studies 38, and Axelrod (1984), "The evolution of cooperation";
matching others' contributions with a slope below one, Fischbacher and Gachter (2010), American
Economic Review 100; learning from payoffs as the rival reading, Burton-Chellew, Nax and West
(2015), Proceedings of the Royal Society B 282. Sizes are assumptions.
"""

from __future__ import annotations

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.parameters import PartnershipParams


def worth_it(gain: Floats | float, cost: Floats | float, caution: float) -> Bools:
    """A partner takes part if the gain it believes in covers the cost, weighed with its caution.

    yes = max(gain, 0) >= caution cost

    Args:
        gain: What taking part is believed to bring a month, any shape, own unit.
        cost: What it is believed to cost a month, time and fear of liability included,
            broadcastable, same unit, >= 0.
        caution: Weight of the cost, >= 0; at 0 the answer is always yes.

    Returns:
        Whether it is worth it, broadcast shape.

    Source: assumption; proactive choices do not fit ordinary business models (Martin 2018).

    Example: a gain of 3 covers a cost of 2 once, but not twice; nothing covers no cost.

    >>> worth_it(np.array([3.0, 3.0, -1.0]), np.array([2.0, 4.0, 0.0]), 1.0).tolist()
    [True, False, True]
    """
    return np.asarray(np.maximum(gain, 0.0) >= np.multiply(caution, cost))


def regard(residents_per_leader: Floats | float, p: PartnershipParams) -> Floats:
    """What neighbours get counts for a leader as well, with a weight; time is the leader's own.

    R = 1 + w (n - 1)

    Args:
        residents_per_leader: n, the leader included, any shape, >= 1.
        p: Block M20; reads `leader_regard` (w): 0 own share only, 1 everybody's share as one's own.

    Returns:
        What a resident's mean gain is multiplied by, same shape, >= 1.

    Source: a weight on others' payoffs, Charness and Rabin (2002), "Understanding social
    preferences with simple tests", Quarterly Journal of Economics 117. Its size is an assumption.

    Example: one leader for 200 residents, a neighbour's gain counting a hundredth: 1 + 199 / 100.

    >>> from types import SimpleNamespace
    >>> float(regard(200.0, SimpleNamespace(leader_regard=0.01)))
    2.99
    """
    return np.asarray(1.0 + np.multiply(p.leader_regard, np.subtract(residents_per_leader, 1.0)))


def horizon(
    impatience_per_year: Floats | float, months_left: Floats | float, p: PartnershipParams
) -> Floats:
    """Next month counts less to the impatient and to those who may not be in office then.

    delta = h exp(-r / 12) (1 - tenure / months left)

    Args:
        impatience_per_year: r, any shape, per year, >= 0.
        months_left: Months in office or under concession, broadcastable, >= 1; inf for no end.
        p: Block M20; reads `believed_horizon` (h) and `tenure_weight` (tenure).

    Returns:
        Monthly factor, broadcast shape, in [0, 1].

    Source: assumption for the form.

    Example: h = 0.98, no impatience, a vote in two months, tenure weighing half: 0.98 * 0.75.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(believed_horizon=0.98, tenure_weight=0.5)
    >>> round(float(horizon(0.0, 2.0, p)), 6)
    0.735
    """
    patience = p.believed_horizon * np.exp(-np.asarray(impatience_per_year) / 12.0)
    return np.asarray(patience * (1.0 - np.divide(p.tenure_weight, months_left)))


def keeps(temptation: Floats | float, value: Floats | float, delta: Floats | float) -> Bools:
    """An undertaking is kept while neglecting it saves no more than the future is believed worth.

    temptation <= delta / (1 - delta) value,  written without the division

    With value = R - P and temptation = T - R this is the condition for grim cooperation in the
    repeated prisoner's dilemma, delta >= (T - R) / (T - P).

    Args:
        temptation: What one month's neglect saves, any shape, own unit, >= 0.
        value: What the partnership is believed to bring net a month, broadcastable, same unit,
            >= 0.
        delta: Monthly factor of what comes later, broadcastable, in [0, 1].

    Returns:
        Whether the partner keeps its undertakings this month, broadcast shape.

    Source: Friedman (1971).

    Example: at delta 0.5 the future is worth one month's value.

    >>> keeps(np.array([1.0, 1.01]), 1.0, 0.5).tolist()
    [True, False]
    """
    return np.asarray(np.subtract(1.0, delta) * temptation <= np.multiply(delta, value))


def grim_threshold(tempt: float, reward: float, punish: float) -> float:
    """Least patience at which two grim players cooperate for ever.

    delta* = (T - R) / (T - P)

    Args:
        tempt: T, payoff of defecting on a cooperator, > R.
        reward: R, payoff of mutual cooperation, > P.
        punish: P, payoff of mutual defection.

    Returns:
        Factor in (0, 1).

    Source: Friedman (1971).

    >>> grim_threshold(5.0, 3.0, 1.0)
    0.5
    """
    return (tempt - reward) / (tempt - punish)


def believed_gain(
    gain: Floats | float, others_left: Floats | float, p: PartnershipParams
) -> Floats:
    """Who sees others leave expects less of staying.

    G = gain (1 - spread left)

    Args:
        gain: What the partnership is believed to bring a month, any shape.
        others_left: Share of the other partners that are not members, broadcastable, in [0, 1].
        p: Block M20; reads `exit_spread` (spread); at 0 exits do not spread this way.

    Returns:
        Broadcast shape.

    Source: assumption.

    >>> from types import SimpleNamespace
    >>> float(believed_gain(2.0, 0.5, SimpleNamespace(exit_spread=0.5)))
    1.5
    """
    return np.asarray(np.multiply(gain, 1.0 - np.multiply(p.exit_spread, others_left)))


def step_belief(
    belief: Floats | float, own: Floats | float, neighbours: Floats | float, p: PartnershipParams
) -> Floats:
    """Expectations follow results, one's own and those of neighbours.

    b' = b + rate ((1 - w) own + w neighbours - b)

    Args:
        belief: b, any shape.
        own: What the month brought oneself, broadcastable.
        neighbours: What it brought neighbours on average, broadcastable; own where there are none.
        p: Block M20; reads `learning_per_month` (rate) and `neighbour_weight` (w).

    Returns:
        Broadcast shape.

    Source: exponential smoothing, Brown (1959).

    Example: halfway towards 0.75 * 4 + 0.25 * 0 = 3.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(learning_per_month=0.5, neighbour_weight=0.25)
    >>> float(step_belief(1.0, 4.0, 0.0, p))
    2.0
    """
    w = p.neighbour_weight
    seen = np.multiply(1.0 - w, own) + np.multiply(w, neighbours)
    return np.asarray(belief + p.learning_per_month * (seen - belief))


def reassess(
    gain: Floats, doubt: Ints, shortfall: Floats | float, p: PartnershipParams
) -> tuple[Floats, Ints]:
    """Published findings renew confidence where work is on time, and take it where it is late.

    G' = G (1 - w S);  doubt' = 0 where S = 0, else doubt

    Args:
        gain: G, what the partnership is believed to bring a month, any shape.
        doubt: Months of doubt, same shape.
        shortfall: S, published shortfall, broadcastable, in [0, 1].
        p: Block M20; reads `review_weight` (w); at 0 findings are not heeded at all.

    Returns:
        New belief and months of doubt.

    Source: assumption; joint reviews as occasions to reassess (Martin 2018), both ways.

    Example: half of the work is late in the second village, and counts half.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(review_weight=0.5)
    >>> reassess(np.array([4.0, 4.0]), np.array([5, 5]), np.array([0.0, 0.5]), p)
    (array([4., 3.]), array([0, 5]))
    """
    if p.review_weight == 0.0:
        return gain, doubt
    lower = np.minimum(gain * (1.0 - np.multiply(p.review_weight, shortfall)), gain)
    return lower, np.where(np.equal(shortfall, 0.0), 0, doubt)


def step_doubt(doubt: Ints, worth: Bools) -> Ints:
    """Months in a row in which taking part did not seem worth it.

    n' = 0 if worth it, else n + 1

    Args:
        doubt: n, any shape, months.
        worth: Whether it seems worth it, broadcastable.

    Returns:
        Broadcast shape.

    Source: definition.

    >>> step_doubt(np.array([3, 3]), np.array([True, False])).tolist()
    [0, 4]
    """
    return np.where(worth, 0, doubt + 1)


def conditional_effort(others: Floats | float, p: PartnershipParams) -> Floats:
    """Part of a partner's effort matches what others put in, with a slope of at most one.

    c' = 1 - w (1 - slope others)

    With w = 1 this is matching alone: at slope 1 tit for tat, below it contributions decay.

    Args:
        others: Mean contribution of the other partners last period, any shape, in [0, 1].
        p: Block M20; reads `conditional_share` (w) and `match_slope` (slope).

    Returns:
        Effort, same shape, in [0, 1].

    Source: Fischbacher and Gachter (2010).

    Example: half unconditional; others put in half, matched at 0.8.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(conditional_share=0.5, match_slope=0.8)
    >>> round(float(conditional_effort(0.5, p)), 6)
    0.7
    """
    return np.asarray(1.0 - p.conditional_share * (1.0 - p.match_slope * np.asarray(others)))


def payoff_effort(
    effort: Floats, direction: Floats, payoff: Floats, before: Floats, p: PartnershipParams
) -> tuple[Floats, Floats]:
    """The rival reading: go on in the direction that paid, turn round where it did not.

    d' = d if payoff >= payoff before, else -d;  c' = clip(c + step d', 0, 1)

    Args:
        effort: c, any shape, in [0, 1].
        direction: d, same shape, -1 or 1.
        payoff: Own payoff of the period just past, same shape.
        before: Own payoff of the period before it, same shape.
        p: Block M20; reads `payoff_step` (step).

    Returns:
        New effort and direction.

    Source: Burton-Chellew, Nax and West (2015), payoff-based learning.

    Example: less effort paid for the first, and cost the second.

    >>> from types import SimpleNamespace
    >>> c, d = np.array([0.5, 0.5]), np.array([-1.0, -1.0])
    >>> payoff_effort(c, d, np.array([2.0, 1.0]), np.array([1.0, 2.0]),
    ...               SimpleNamespace(payoff_step=0.25))
    (array([0.25, 0.75]), array([-1.,  1.]))
    """
    turned = np.where(payoff >= before, direction, -direction)
    return np.clip(effort + p.payoff_step * turned, 0.0, 1.0), turned


def mixed_effort(conditional: Floats, learned: Floats, p: PartnershipParams) -> Floats:
    """Between the two readings of why people contribute.

    c = (1 - l) conditional + l learned

    Args:
        conditional: Effort by matching others, any shape, in [0, 1].
        learned: Effort by own payoff, same shape, in [0, 1].
        p: Block M20; reads `payoff_learning_share` (l): 0 one reading, 1 the other.

    Returns:
        Effort, same shape, in [0, 1].

    Source: assumption for the mixture.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(payoff_learning_share=0.25)
    >>> float(mixed_effort(np.array(1.0), np.array(0.0), p))
    0.75
    """
    share = p.payoff_learning_share
    return np.asarray((1.0 - share) * conditional + share * learned)


def rounds_within(cap_hours: float, hours_per_round: float, max_rounds: int) -> int:
    """Nobody sits in meetings for longer than a month's cap.

    rounds = min(max rounds, floor(cap / hours per round))

    Args:
        cap_hours: Hours a person can give to meetings in a month, >= 0.
        hours_per_round: Hours of one round, >= 0.
        max_rounds: Rounds before a room gives up, >= 1.

    Returns:
        Rounds that can be held; 0 where not even one fits.

    Source: assumption; forums cost scarce time (Martin 2018).

    >>> rounds_within(10.0, 3.0, 8), rounds_within(2.0, 3.0, 8), rounds_within(2.0, 0.0, 8)
    (3, 0, 8)
    """
    if cap_hours >= max_rounds * hours_per_round:
        return max_rounds
    return int(cap_hours // hours_per_round)
