"""Block M18: what a review says, and what managers make of it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms import monitoring
from parley.registry import default_parameters

P = default_parameters().monitoring
TRUE = replace(P, alignment_base_share=1.0, noise_sd=0.0)
SHARE = st.floats(0.0, 1.0)


def simplex(seed: int, n: int) -> np.ndarray:
    """Needs of n people, drawn."""
    return np.random.default_rng(seed).dirichlet(np.full(6, 2.0), n)


@given(level=SHARE, base=SHARE)
def test_alignment_rises_from_base_to_one(level: float, base: float) -> None:
    p = replace(P, alignment_base_share=base)
    assert base <= float(monitoring.alignment(level, p)) <= 1.0 + 1e-12
    assert float(monitoring.alignment(1.0, p)) == pytest.approx(1.0, abs=1e-12)
    assert float(monitoring.alignment(0.0, p)) == base


@given(level=SHARE, left=SHARE)
def test_monitoring_never_adds_noise(level: float, left: float) -> None:
    p = replace(P, noise_left_share=left)
    sd = float(monitoring.noise_sd(level, p))
    assert P.noise_sd * left - 1e-12 <= sd <= P.noise_sd + 1e-12


def test_the_slope_is_that_of_performance() -> None:
    """Known answer: a finite difference of the mean match, kind by kind, to 1e-6."""
    needs, mix = simplex(1, 50), simplex(2, 50)
    slope = monitoring.true_slope(mix, needs)
    step = 1e-7
    for kind in range(6):
        more = mix + step * np.eye(6)[kind]
        rise = monitoring.true_performance(more, needs) - monitoring.true_performance(mix, needs)
        assert rise / step == pytest.approx(slope[kind], abs=1e-6)


@settings(max_examples=50)
@given(seed=st.integers(0, 1000), step=st.floats(0.0, 1.0))
def test_a_plan_stays_a_plan(seed: int, step: float) -> None:
    plan, slope = simplex(seed, 2)
    moved = monitoring.step_plan(plan, slope, replace(P, learning_step=step))
    assert moved.min() >= 0.0
    assert float(moved.sum()) == pytest.approx(1.0, abs=1e-9)


def climb(aligned: float, rounds: int = 400) -> tuple[float, float, float, float]:
    """Deliver what is planned and review it again and again.

    Returns:
        Reported and true performance before, and both after.
    """
    needs, ease = simplex(5, 400), monitoring.ease(P)
    p = replace(TRUE, learning_step=0.01)
    plan = np.full(6, 1 / 6)
    seen = []
    for _ in range(rounds):
        true = monitoring.true_performance(plan, needs)
        seen.append((float(monitoring.report(true, plan @ ease, aligned, 0.0)), true))
        slope = monitoring.report(monitoring.true_slope(plan, needs), ease, aligned, 0.0)
        plan = monitoring.step_plan(plan, slope, p)
    return (*seen[0], *seen[-1])


def test_an_aligned_indicator_finds_the_best_mix() -> None:
    """Known answer: at the top every kind served has one slope, so the medians set the mix."""
    needs = simplex(5, 400)
    _, before, _, after = climb(1.0)
    level = np.linspace(0.0, 1.0, 2001)
    quantiles = np.quantile(needs, level, axis=0)  # all kinds unmet for the same share of people
    best = quantiles[np.argmin(np.abs(quantiles.sum(axis=1) - 1.0))]
    top = monitoring.true_performance(best / best.sum(), needs)
    assert after == pytest.approx(top, abs=0.003)
    assert after >= before


def test_a_misaligned_indicator_improves_the_number_and_not_the_life() -> None:
    """Y13, P34: effort flows to the counted item."""
    reported, lived, reported_after, lived_after = climb(0.1)
    assert reported_after > reported + 0.2
    assert lived_after < lived - 0.2


@given(waiting=st.floats(0.0, 1e9), part=SHARE)
def test_a_shortfall_counts_no_more_than_its_weight(waiting: float, part: float) -> None:
    found = float(monitoring.published_shortfall(part * waiting, waiting, P))
    assert 0.0 <= found <= P.shortfall_weight + 1e-12


def test_kept_promises_publish_no_shortfall() -> None:
    assert not monitoring.published_shortfall(np.zeros(3), np.array([0.0, 1.0, 5.0]), P).any()


def test_null_switches() -> None:
    """The report is the truth, the plan rests, nothing is published or held against anybody."""
    true = np.array([0.2, 0.9])
    aligned = monitoring.alignment(0.3, TRUE)
    noise = np.array([2.0, -3.0]) * monitoring.noise_sd(0.3, TRUE)
    assert monitoring.report(true, 0.1, aligned, noise).tolist() == true.tolist()
    plan = simplex(3, 1)[0]
    still = monitoring.step_plan(plan, np.arange(6.0), replace(P, learning_step=0.0))
    assert still.tobytes() == plan.tobytes()
    assert float(monitoring.publication_probability(1.0, replace(P, publish_share=0.0))) == 0.0
    off = replace(P, shortfall_weight=0.0)
    assert float(monitoring.published_shortfall(1.0, 1.0, off)) == 0.0
