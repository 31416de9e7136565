"""Orders pass through people: chain of command, champions, hand-over (block M3).

A practice is carried out when its tasks arrive at the end of a chain of posts. Each post looks at
as many tasks as it has attention for, ordinary ones that weigh more first, and passes each task on
with a chance set by the commitment of whoever holds the post. What comes out is counted. That the
weakest post decides most follows from the product; nothing here takes a minimum.

Null switch: `commitment_mean = 1` (every task that is looked at is passed on) with attention for
all tasks; `turnover_per_month = 0` (nobody leaves); `know_how_share = personal_trust_share = 0`
(nothing leaves with them); `retention_practices = 0` (no practice reaches the hand-over);
`joint_both_share = 0` (a joint process divides its tasks between two chains and is no harder).

Sources: Pressman and Wildavsky (1973), "Implementation", University of California Press, for the
product over decision points; Martin, Bojicic-Dzelilovic and ten Brinke (2018) for champions.
"""

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.parameters import ChainParams


def commitment(uniform: Floats | float, p: ChainParams) -> Floats:
    """Whoever takes a post brings a commitment drawn around the mean, never outside 0 to 1.

    `c = m + s (2u - 1) min(m, 1 - m)`

    Args:
        uniform: Draw u, any shape, 0 to 1.
        p: Chain parameters; m is `commitment_mean`, s is `commitment_spread`.

    Returns:
        Commitment, same shape, 0 to 1, with mean m.

    Source: assumption.

    Half of the room to the nearer end, at the lowest draw: 0.75 - 0.5 x 0.25.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(commitment_mean=0.75, commitment_spread=0.5)
    >>> float(commitment(0.0, p))
    0.625
    """
    mean = p.commitment_mean
    room = min(mean, 1.0 - mean)
    return np.asarray(mean + p.commitment_spread * room * (2.0 * np.asarray(uniform) - 1.0))


def champion_value(uniform: Floats | float, share: float, p: ChainParams) -> Floats:
    """A part of those who take a post are champions; the others add nothing beyond duty.

    `z = champion_value if u < share, else 0`

    Args:
        uniform: Draw u, any shape, 0 to 1 (1 excluded).
        share: Share of champions, 0 to 1.
        p: Chain parameters.

    Returns:
        Champion's value, same shape, 0 to 1.

    Source: Martin, Bojicic-Dzelilovic and ten Brinke (2018): policy depends on one or two persons.

    >>> from types import SimpleNamespace
    >>> champion_value(np.array([0.1, 0.3]), 0.2, SimpleNamespace(champion_value=0.9))
    array([0.9, 0. ])
    """
    return np.where(np.asarray(uniform) < share, p.champion_value, 0.0)


def pass_on(
    commitment: Floats | float, indicator_weight: Floats | float, champion: Floats | float
) -> Floats:
    """A task that is looked at is passed on unless duty, indicators and person all fail it.

    `pi = 1 - (1 - c)(1 - w)(1 - z)`

    Args:
        commitment: Commitment c, any shape, 0 to 1.
        indicator_weight: Weight w of partnering among the indicators, broadcastable, 0 to 1.
        champion: Champion's value z, broadcastable, 0 to 1.

    Returns:
        Chance, broadcast shape, 0 to 1.

    Source: independent reasons to act, `assumption`.

    1 - 0.5 x 0.5 x 0.2 = 0.95 with a champion, 1 - 0.25 = 0.75 without.

    >>> pass_on(0.5, 0.5, np.array([0.8, 0.0]))
    array([0.95, 0.75])
    """
    fails = (1.0 - np.asarray(commitment)) * (1.0 - np.asarray(indicator_weight))
    return np.asarray(1.0 - fails * (1.0 - np.asarray(champion)))


def slots_left(attention: Floats | float, indicator_weight: Floats | float, p: ChainParams) -> Ints:
    """Other tasks that weigh more are looked at first; what attention is left goes to partnering.

    `slots = floor(max(a - (ordinary + norms x per norm)(1 - w), 0))`

    Other tasks weigh evenly between 0 and 1, so a share 1 - w of them comes first.

    Args:
        attention: Tasks a post can look at in a month a, any shape, >= 0.
        indicator_weight: Weight w of partnering among its indicators, broadcastable, 0 to 1.
        p: Chain parameters; `ordinary_tasks`, `norms`, `tasks_per_norm`.

    Returns:
        Partnering tasks that are looked at, broadcast shape, >= 0.

    Source: assumption (attention is finite).

    50 ordinary tasks and 2 norms of 5: 0.75 of 60 come first, 100 - 45 are left.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(ordinary_tasks=50.0, norms=2, tasks_per_norm=5.0)
    >>> slots_left(100.0, np.array([0.25, 1.0]), p)
    array([ 55, 100])
    """
    other = p.ordinary_tasks + p.norms * p.tasks_per_norm
    first = other * (1.0 - np.asarray(indicator_weight))
    return np.asarray(np.floor(np.maximum(attention - first, 0.0)), dtype=np.int64)


def wanted_tasks(level: Floats, p: ChainParams) -> Ints:
    """A practice asks for as many tasks as its funded level says, rounded up.

    `n_k = ceil(u_k x tasks_per_practice)`

    Args:
        level: Funded levels u, any shape, 0 to 1.
        p: Chain parameters.

    Returns:
        Tasks, same shape, 0 to `tasks_per_practice`.

    Source: definition.

    >>> from types import SimpleNamespace
    >>> wanted_tasks(np.array([0.0, 0.3, 1.0]), SimpleNamespace(tasks_per_practice=4))
    array([0, 2, 4])
    """
    return np.asarray(np.ceil(level * p.tasks_per_practice), dtype=np.int64)


def needs_both(wanted: Ints, p: ChainParams) -> Ints:
    """Of a joint process a part of the tasks needs both sides, one after the other.

    `floor(b n + 1/2)`

    Args:
        wanted: Tasks n, any shape, >= 0.
        p: Chain parameters; b is `joint_both_share`.

    Returns:
        Tasks that must pass both chains, same shape, 0 to n.

    Source: each further decision point lowers the odds, Pressman and Wildavsky (1973); share
    `assumption`.

    >>> from types import SimpleNamespace
    >>> needs_both(np.array([0, 3, 4]), SimpleNamespace(joint_both_share=0.5))
    array([0, 2, 2])
    """
    return np.asarray(np.floor(p.joint_both_share * wanted + 0.5), dtype=np.int64)


def looked_at(arriving: Ints, slots: int) -> Ints:
    """With too little attention, practices take turns: one task of each, then a second of each.

    Args:
        arriving: Tasks on the desk by practice, shape (k,), >= 0.
        slots: Tasks that can be looked at, >= 0.

    Returns:
        Tasks looked at, shape (k,), 0 to `arriving`, adding up to min(slots, all that arrive).

    Source: assumption (equal weights).

    >>> looked_at(np.array([3, 1, 2]), 4)
    array([2, 1, 1])
    """
    if int(arriving.sum()) <= slots:
        return arriving
    turn = np.arange(int(arriving.max()))[:, None] < arriving
    order = np.cumsum(turn).reshape(turn.shape)
    return np.asarray((turn & (order <= slots)).sum(axis=0), dtype=np.int64)


def count(tasks: Ints, chance: float, uniforms: Floats) -> Ints:
    """Each task succeeds by its own draw: a binomial count that never falls with tasks or chance.

    `number of j < n_k with U_kj < chance`

    Args:
        tasks: Tasks n by practice, shape (k,), 0 to m.
        chance: Chance of each, 0 to 1.
        uniforms: Draws U, shape (k, m), 0 to 1 (1 excluded).

    Returns:
        Successes, shape (k,), 0 to `tasks`.

    Source: definition.

    >>> count(np.array([2, 3]), 0.5, np.array([[0.1, 0.9, 0.2], [0.3, 0.4, 0.6]]))
    array([1, 2])
    """
    tried = np.arange(uniforms.shape[1]) < tasks[:, None]
    return np.asarray((tried & (uniforms < chance)).sum(axis=1), dtype=np.int64)


def through_chain(
    wanted: Ints, chances: Floats, slots: Ints, uniforms: Floats, p: ChainParams
) -> Ints:
    """Tasks go from post to post; what a post drops may reach the next one past it.

    At each post in turn: some are looked at, of those some are passed on; each task dropped here is
    brought before the next post from outside with the chance of a bypass. Nobody stands below the
    last post, so what it drops is lost.

    Args:
        wanted: Tasks by practice, shape (k,), 0 to m.
        chances: Chance that a post passes a task on, from the top, shape (l,), 0 to 1.
        slots: Partnering tasks that each post looks at, shape (l,), >= 0.
        uniforms: Draws for passing on and for the bypass, shape (l, 2, k, m), 0 to 1 (1 excluded).
        p: Chain parameters; `bypass_share`.

    Returns:
        Tasks carried out, shape (k,), 0 to `wanted`.

    Source: Pressman and Wildavsky (1973).

    The first post passes one of two tasks on (0.2 < 0.5); the other comes past it (0.1 < 0.25). The
    second post has attention for one task only and passes it on.

    >>> from types import SimpleNamespace
    >>> draws = np.array([[[[0.2, 0.9]], [[0.1, 0.6]]], [[[0.4, 0.3]], [[0.0, 0.0]]]])
    >>> p = SimpleNamespace(bypass_share=0.25)
    >>> through_chain(np.array([2]), np.array([0.5, 0.5]), np.array([9, 1]), draws, p)
    array([1])
    """
    arriving, last = wanted, len(chances) - 1
    for layer, chance in enumerate(chances):
        seen = looked_at(arriving, int(slots[layer]))
        passed = count(seen, float(chance), uniforms[layer, 0])
        if layer < last:
            passed = passed + count(arriving - passed, p.bypass_share, uniforms[layer, 1])
        arriving = passed
    return arriving


def carried_share(done: Ints, wanted: Ints) -> Floats:
    """Share of the tasks wanted that were carried out; 1 where none was wanted.

    Args:
        done: Tasks carried out, any shape, >= 0.
        wanted: Tasks wanted, same shape, >= `done`.

    Returns:
        Share, same shape, 0 to 1.

    Source: definition.

    >>> carried_share(np.array([1, 0]), np.array([4, 0]))
    array([0.25, 1.  ])
    """
    share = np.ones(np.shape(wanted))
    np.divide(done, wanted, out=share, where=np.asarray(wanted) > 0)
    return share


def retention(documentation: float, protocols: float, p: ChainParams) -> float:
    """A successor inherits a base share, and more of the rest as far as things are written down.

    `r = r0 + (1 - r0)(1 - (1 - e_DOC)(1 - e_PROT)) r1`

    Args:
        documentation: Executed level of documentation, 0 to 1.
        protocols: Executed level of protocols, 0 to 1.
        p: Chain parameters; r0 is `retention_base`, r1 is `retention_practices`.

    Returns:
        Share kept at a hand-over, 0 to 1.

    Source: assumption; knowledge leaves with people, Argote, Beckman and Epple (1990).

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(retention_base=0.5, retention_practices=0.5)
    >>> retention(0.5, 0.5, p)
    0.6875
    """
    written = 1.0 - (1.0 - documentation) * (1.0 - protocols)
    return float(p.retention_base + (1.0 - p.retention_base) * written * p.retention_practices)


def changes_hands(uniform: Floats, dismissed: Floats | float, p: ChainParams) -> Bools:
    """Each post changes hands with the same chance in a month, unless more are dismissed at once.

    chance = max(turnover, part dismissed)

    Args:
        uniform: Draws, any shape, 0 to 1 (1 excluded).
        dismissed: Part of such posts that change hands because of a dated event, scalar or same
            shape, 0 to 1; 0 in an ordinary month.
        p: Chain parameters; `turnover_per_month`.

    Returns:
        Whether the incumbent leaves, same shape.

    Source: constant hazard, `assumption`.

    Two ordinary posts, and one of a chain in which six in ten go.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(turnover_per_month=0.02)
    >>> changes_hands(np.array([0.01, 0.5, 0.5]), np.array([0.0, 0.0, 0.6]), p)
    array([ True, False,  True])
    """
    return np.asarray(uniform < np.maximum(dismissed, p.turnover_per_month))


def know_how_left(stock: Floats | float, retention: float, p: ChainParams) -> Floats:
    """A post holds a share of its organisation's know-how; a hand-over loses what is not kept.

    `K' = K (1 - h (1 - r))`

    Args:
        stock: Know-how K, any shape, >= 0.
        retention: Share kept r, 0 to 1.
        p: Chain parameters; h is `know_how_share`.

    Returns:
        What is left, same shape, 0 to `stock`.

    Source: Argote, Beckman and Epple (1990), direction; size `assumption`.

    >>> from types import SimpleNamespace
    >>> round(float(know_how_left(0.8, 0.5, SimpleNamespace(know_how_share=0.5))), 9)
    0.6
    """
    return np.asarray(stock * (1.0 - p.know_how_share * (1.0 - retention)))


def trust_left(
    trust: Floats | float, start: Floats | float, retention: float, p: ChainParams
) -> Floats:
    """Trust was placed in a person as well: that part goes back towards where people started.

    `t' = t - s (1 - r)(t - t0)`; with a start of 0 the same rule thins out counts of evidence.

    Args:
        trust: Trust t (or evidence beyond the prior), any shape, >= 0.
        start: Trust t0 at the start (0 for evidence), broadcastable, 0 to 1.
        retention: Share kept r, 0 to 1.
        p: Chain parameters; s is `personal_trust_share`.

    Returns:
        What is left, broadcast shape, between `trust` and `start`.

    Source: Martin, Bojicic-Dzelilovic and ten Brinke (2018), direction; size `assumption`.

    Half of the trust is personal and half of that is handed on: a quarter of the way from 0.8 to
    0.4 is gone.

    >>> from types import SimpleNamespace
    >>> round(float(trust_left(0.8, 0.4, 0.5, SimpleNamespace(personal_trust_share=0.5))), 9)
    0.7
    """
    lost = p.personal_trust_share * (1.0 - retention)
    return np.asarray(trust - lost * (np.asarray(trust) - start))
