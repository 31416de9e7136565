"""Block M7: tasks and promises."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.arrays import Ints
from parley.mechanisms.delivery import (
    BROKEN,
    KEPT,
    LATE,
    OPEN,
    mean_time_all_done,
    promise_state,
    task_done,
    task_hazard,
    verifiable_share,
)
from parley.registry import default_parameters

P = default_parameters().delivery
PROJECTS = 20_000


def months_to_finish(hazards: np.ndarray, months: int, seed: int) -> Ints:
    """Month in which the last task of each simulated project is done (months + 1 if never)."""
    rng = np.random.default_rng(seed)
    left = np.ones((PROJECTS, len(hazards)), dtype=bool)
    finished = np.full(PROJECTS, months + 1)
    for month in range(1, months + 1):
        left &= ~task_done(hazards, rng.random(left.shape))
        finished[~left.any(axis=1) & (finished > months)] = month
    return finished


def test_projects_finish_as_the_slowest_of_their_tasks() -> None:
    """T-D7: P(all done by month t) is the product of 1 - exp(-h t), at every t, within 4 SE."""
    hazards = np.array([0.5, 0.2, 0.1])
    finished = months_to_finish(hazards, 40, seed=3)
    for t in (1, 3, 6, 12, 24, 40):
        exact = float(np.prod(1 - np.exp(-hazards * t)))
        error = np.sqrt(exact * (1 - exact) / PROJECTS)
        assert abs(np.mean(finished <= t) - exact) < 4 * error
    # The test sees one task more.
    slower = months_to_finish(np.append(hazards, 0.1), 12, seed=3)
    exact = float(np.prod(1 - np.exp(-hazards * 12)))
    assert abs(np.mean(slower <= 12) - exact) > 4 * np.sqrt(exact * (1 - exact) / PROJECTS)


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_mean_time_is_the_harmonic_number_over_the_hazard(n: int) -> None:
    """T-D7: within 3 SE on a clock of a fiftieth of a month (half a tick is added on average)."""
    hazard, tick = 0.5, 1 / 50
    rng = np.random.default_rng(n)
    ticks = int(16 / hazard / tick)
    left = np.ones((PROJECTS // 10, n), dtype=bool)
    total = np.zeros(len(left))
    for _ in range(ticks):
        alive = left.any(axis=1)
        if not alive.any():
            break
        total += alive
        left &= ~task_done(hazard * tick, rng.random(left.shape))
    times = total * tick - tick / 2
    error = times.std() / np.sqrt(len(times))
    exact = float(mean_time_all_done(hazard, n))
    assert abs(times.mean() - exact) < 3 * error
    assert abs(times.mean() - float(mean_time_all_done(hazard, n + 1))) > 3 * error


def test_a_monthly_clock_adds_less_than_a_month() -> None:
    hazard, n = 0.25, 5
    t = np.arange(400)
    discrete = float(np.sum(1 - (1 - np.exp(-hazard * t)) ** n))
    assert 0 < discrete - float(mean_time_all_done(hazard, n)) < 1


def test_a_project_needs_a_task() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        mean_time_all_done(0.5, 0)


def test_infinite_hazard_finishes_for_certain_and_zero_never() -> None:
    draws = np.array([0.0, 0.5, np.nextafter(1.0, 0.0)])
    assert task_done(np.inf, draws).all()
    assert not task_done(0.0, draws).any()


@given(
    skill=st.floats(0, 1),
    attention=st.floats(0, 1),
    low=st.floats(0, 1),
    high=st.floats(0, 1),
)
@settings(deadline=None, max_examples=50)
def test_checklist_helps_what_is_listed_and_hurts_what_is_not(
    skill: float, attention: float, low: float, high: float
) -> None:
    """No practice only helps: the sign depends on the list."""
    p = replace(P, checklist_gain=0.5, checklist_loss=0.2)
    low, high = sorted((low, high))
    listed = [float(task_hazard(skill, attention, True, e, p)) for e in (low, high)]
    unlisted = [float(task_hazard(skill, attention, False, e, p)) for e in (low, high)]
    assert listed[1] >= listed[0] >= 0
    assert unlisted[0] >= unlisted[1] >= 0


def test_without_gain_and_loss_the_checklist_is_empty_paper() -> None:
    p = replace(P, checklist_gain=0.0, checklist_loss=0.0)
    hazard = task_hazard(0.8, 0.5, np.array([True, False]), np.array([[0.0], [1.0]]), p)
    assert np.allclose(hazard, 0.4 * P.task_hazard_per_month)


@given(
    month=st.integers(0, 300),
    due=st.integers(0, 300),
    finished=st.integers(-1, 300),
    grace=st.integers(0, 24),
)
@settings(deadline=None, max_examples=50)
def test_every_promise_is_in_one_state_and_the_final_ones_stay(
    month: int, due: int, finished: int, grace: int
) -> None:
    done_by_now = finished if finished <= month else -1
    state = int(promise_state(month, due, done_by_now, grace))
    assert state in {OPEN, KEPT, LATE, BROKEN}
    assert (state == KEPT) == (0 <= done_by_now <= due)
    if state != OPEN:
        for later in (month + 1, month + 100):
            done_later = finished if finished <= later else -1
            assert int(promise_state(later, due, done_later, grace)) == state


def test_states_at_the_edges() -> None:
    assert int(promise_state(12, 10, -1, 2)) == OPEN
    assert int(promise_state(13, 10, -1, 2)) == BROKEN
    assert int(promise_state(12, 10, 12, 2)) == LATE
    assert int(promise_state(13, 10, 13, 2)) == BROKEN
    assert int(promise_state(10, 10, 10, 0)) == KEPT
    assert int(promise_state(0, 10, 0, 0)) == KEPT


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None, max_examples=50)
def test_documentation_makes_more_promises_verifiable(
    base: float, one: float, other: float
) -> None:
    p = replace(P, verifiable_base_share=base)
    low, high = (float(verifiable_share(e, p)) for e in sorted((one, other)))
    assert 0 <= low <= high + 1e-15
    assert high <= 1 + 1e-15
    assert float(verifiable_share(0.0, p)) == base
