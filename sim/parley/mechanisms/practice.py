"""From an announced practice to an executed one (block M2).

Each practice has three levels: announced (nominal), funded and executed, with
executed <= funded <= nominal. Rules elsewhere read the executed level; only expectations read the
nominal one. What arrives through the chain of command is counted in `chain.py`.

Null switch: a chain that passes everything on, capacity at or above every requirement and enough
cash and hours make executed equal nominal, so the gap is exactly zero.

Source: equal scaling under shortage is an `assumption`.
"""

import numpy as np

from parley.arrays import Floats


def funded(
    nominal: Floats, cash_need: Floats, hours_need: Floats, cash: float, hours: float
) -> Floats:
    """Scale all announced practices alike to the cash and staff hours at hand.

    `u_k = d_k min(1, cash / sum(cash_need), hours / sum(hours_need))`

    Args:
        nominal: Announced levels, shape (18,), 0 to 1.
        cash_need: Cash each needs at its announced level, shape (18,), >= 0.
        hours_need: Staff hours each needs at its announced level, shape (18,), >= 0.
        cash: Cash for process this month, unit of `cash_need`, >= 0.
        hours: Staff hours this month, >= 0.

    Returns:
        Funded levels, shape (18,), 0 to the nominal level.

    Raises:
        ValueError: If cash or hours are negative.

    Source: assumption (equal scaling).

    Two practices need 30 + 50 = 80 in cash and 10 + 10 hours. Cash 60 covers three quarters, hours
    12 only 0.6, so 0.6 of each is funded.

    >>> funded(np.array([0.5, 1.0]), np.array([30., 50.]), np.array([10., 10.]), 60.0, 12.0)
    array([0.3, 0.6])
    """
    if cash < 0 or hours < 0:
        raise ValueError(f"cash and hours must be >= 0, not {cash} and {hours}")
    scale = min(1.0, _cover(cash, cash_need), _cover(hours, hours_need))
    return nominal * scale


def _cover(available: float, need: Floats) -> float:
    """Give the share of the total need that is covered; 1 when nothing is needed."""
    total = float(np.sum(need))
    return available / total if total > available else 1.0


def executed(
    funded: Floats, fidelity: Floats | float, capacity: Floats | float, requirement: Floats
) -> Floats:
    """Carry out what is funded as far as the chain passes it on and the owner is able.

    `e_k = u_k x fidelity_k x min(1, capacity / requirement_k)`

    Args:
        funded: Funded levels, shape (18,), 0 to 1.
        fidelity: Share of the tasks that arrive through the chain, scalar or (18,), 0 to 1.
        capacity: Skill of whoever owns the practice, scalar or (18,), 0 to 1.
        requirement: Skill the practice needs, shape (18,), 0 to 1; 0 asks for no skill.

    Returns:
        Executed levels, shape (18,), 0 to the funded level.

    Source: Pressman and Wildavsky (1973) for the chain; skill shortfall `assumption`.

    Half of the order arrives; skill 0.3 is half of what the first practice needs and more than the
    second needs: 0.8 x 0.5 x 0.5 and 0.8 x 0.5.

    >>> executed(np.array([0.8, 0.8]), 0.5, 0.3, np.array([0.6, 0.2]))
    array([0.2, 0.4])
    """
    able = np.ones(np.broadcast_shapes(np.shape(capacity), requirement.shape))
    np.divide(capacity, requirement, out=able, where=requirement > capacity)
    return np.asarray(funded * fidelity * able)


def gap(nominal: Floats, executed: Floats) -> Floats:
    """Give what was announced and not carried out.

    `gap_k = d_k - e_k`

    Args:
        nominal: Announced levels, any shape, 0 to 1.
        executed: Executed levels, same shape, 0 to the nominal level.

    Returns:
        Gap, same shape, 0 to 1.

    Source: definition.

    >>> gap(np.array([0.75, 0.5]), np.array([0.25, 0.5]))
    array([0.5, 0. ])
    """
    return nominal - executed
