"""Promises, their tasks and whether they are kept (block M7).

A project is finished when all its tasks are done, so nothing needs a weakest-link formula: many
tasks make a project slow because the slowest decides.

Null switch: an infinite `task_hazard_per_month` finishes every task in the month it is begun;
`checklist_gain = checklist_loss = 0` removes the checklist.

Sources: maximum of exponential times, Renyi (1953), "On the theory of order statistics", Acta
Mathematica Hungarica 4; attention to listed tasks at the cost of unlisted ones, Holmstrom and
Milgrom (1991), "Multitask principal-agent analyses", Journal of Law, Economics, and Organization 7.
"""

import numpy as np

from parley.arrays import Bools, Floats, Ints
from parley.parameters import DeliveryParams

OPEN, KEPT, LATE, BROKEN, FORGIVEN = range(5)
"""Codes of a promise's state."""

NOT_FINISHED = -1
"""Month of completion of a promise that is not complete."""


def task_hazard(
    skill: Floats | float,
    attention: Floats | float,
    listed: Bools | bool,
    checklist: Floats | float,
    p: DeliveryParams,
) -> Floats:
    """Give the rate at which a task gets done.

    `h = lambda x skill x attention x (1 + gain e)` if listed, `(1 - loss e)` if not.

    Args:
        skill: Skill of whoever does the task, any shape, 0 to 1.
        attention: Attention it gets, broadcastable, 0 to 1.
        listed: Whether the task is on the checklist, broadcastable.
        checklist: Executed level e of the checklist practice, broadcastable, 0 to 1.
        p: Delivery parameters; lambda is `task_hazard_per_month`.

    Returns:
        Hazard per month, broadcast shape, >= 0.

    Source: Holmstrom and Milgrom (1991) for the shift of attention; form `assumption`.

    Skill 0.5 and full attention halve the hazard of 0.2. A half-executed checklist that gains 0.4
    and costs 0.2 gives 0.1 x 1.2 for a listed task and 0.1 x 0.9 for another.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(task_hazard_per_month=0.2, checklist_gain=0.4, checklist_loss=0.2)
    >>> task_hazard(0.5, 1.0, np.array([True, False]), 0.5, p)
    array([0.12, 0.09])
    """
    focus = np.where(listed, 1 + p.checklist_gain * checklist, 1 - p.checklist_loss * checklist)
    return np.asarray(p.task_hazard_per_month * skill * attention * focus)


def task_done(hazard: Floats | float, uniform: Floats | float) -> Bools:
    """Decide which tasks are finished this month.

    `done = u < 1 - exp(-h)`

    Args:
        hazard: Hazard per month, any shape, >= 0; infinity finishes for certain.
        uniform: Uniform draws in [0, 1), broadcastable.

    Returns:
        Whether each task is finished, broadcast shape.

    Source: exponential waiting time, exact over a month of constant hazard.

    A hazard of ln 2 is done with probability one half.

    >>> task_done(np.log(2.0), np.array([0.49, 0.51]))
    array([ True, False])
    """
    return np.asarray(uniform < -np.expm1(-np.asarray(hazard)))


def promise_state(
    month: int, due: Ints | int, finished_month: Ints | int, grace: Ints | int
) -> Ints:
    """Classify promises by when, if ever, they were fulfilled.

    KEPT if finished by the due month, LATE if within the grace period after it, BROKEN once the
    grace period has passed unfinished, for good; OPEN otherwise. FORGIVEN is never set here.

    Args:
        month: Current month of the run.
        due: Month due, any shape.
        finished_month: Month finished, broadcastable; -1 if not finished.
        grace: Months of lateness before a promise counts as broken, broadcastable, >= 0.

    Returns:
        Codes OPEN 0, KEPT 1, LATE 2, BROKEN 3, broadcast shape.

    Source: definition.

    In month 20, with due month 10 and 6 months of grace: finished in 10, finished in 16, finished
    in 17, never finished; and one that is due in month 18.

    >>> promise_state(20, np.array([10, 10, 10, 10, 18]), np.array([10, 16, 17, -1, -1]), 6)
    array([1, 2, 3, 3, 0])
    """
    due, finished = np.asarray(due, np.int64), np.asarray(finished_month, np.int64)
    last = due + grace
    done = finished != NOT_FINISHED
    state = np.where(month > last, BROKEN, OPEN)
    state = np.where(done & (finished <= last), LATE, state)
    return np.where(done & (finished <= due), KEPT, state)


def verifiable_share(documentation: Floats | float, p: DeliveryParams) -> Floats:
    """Give the share of promises that can be checked because they are written down.

    `v = base + (1 - base) e`

    Args:
        documentation: Executed level e of the documentation practice, any shape, 0 to 1.
        p: Delivery parameters.

    Returns:
        Share, same shape, base to 1.

    Source: assumption for the form.

    >>> from types import SimpleNamespace
    >>> float(verifiable_share(0.5, SimpleNamespace(verifiable_base_share=0.4)))
    0.7
    """
    base = p.verifiable_base_share
    return np.asarray(base + (1 - base) * np.asarray(documentation))


def mean_time_all_done(hazard: Floats | float, n: int) -> Floats:
    """Give the mean time until the last of n independent tasks is done.

    `E[T] = H_n / h`, where `H_n = 1 + 1/2 + ... + 1/n`.

    Args:
        hazard: Common hazard per month, any shape, > 0.
        n: Number of tasks, >= 1.

    Returns:
        Months, same shape. A monthly clock adds between 0 and 1 month.

    Raises:
        ValueError: If there is no task.

    Source: Renyi (1953).

    Three tasks at 0.5 a month: (1 + 1/2 + 1/3) / 0.5.

    >>> round(float(mean_time_all_done(0.5, 3)), 4)
    3.6667
    """
    if n < 1:
        raise ValueError(f"a project has at least one task, not {n}")
    return np.asarray(np.sum(1 / np.arange(1, n + 1)) / hazard)
