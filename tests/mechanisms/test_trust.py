"""M10: two trust rules, their biases, and where they rest (T-D2, T-D3)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from parley.mechanisms import trust
from parley.registry import default_parameters

P = default_parameters().trust
UNBIASED = replace(P, asymmetry_max=1.0, confirmation_share=0.0, spillover_share=0.0)

share = st.floats(0.0, 1.0)
ratio = st.floats(1.0, 5.0)
confirmation = st.floats(0.0, 0.95)
LEARNING = 0.06
GOOD, BAD = 0.45, 0.20


def signals(rng, people):
    """A good month with chance GOOD, a bad one with chance BAD, never both."""
    draw = rng.random(people)
    return draw < GOOD, draw >= 1.0 - BAD


# --- the biases


def test_asymmetry_is_strongest_in_the_middle():
    p = replace(P, asymmetry_max=3.0)
    assert trust.asymmetry(np.array([0.0, 0.1, 0.5, 0.9, 1.0]), p) == pytest.approx(
        [1.0, 1.72, 3.0, 1.72, 1.0], abs=1e-12
    )


@pytest.mark.parametrize(
    ("t", "good", "bad"), [(0.0, 0.35, 0.65), (0.5, 0.5, 0.5), (1.0, 0.65, 0.35)]
)
def test_confirmation_tilts_towards_the_present_view(t, good, bad):
    p = replace(P, confirmation_share=0.3)
    assert trust.confirmed(0.5, 0.5, t, p) == pytest.approx((good, bad), abs=1e-15)


def test_spillover_by_hand():
    p = replace(P, spillover_share=0.5)
    shared = trust.spillover(np.array([0.1, 0.1, 0.9]), 0.4, np.array([True, False, True]), p)
    assert shared == pytest.approx([0.3, 0.1, 1.0], abs=1e-15)


def test_null_switch_leaves_plain_learning():
    t = np.linspace(0.0, 1.0, 11)
    plain = trust.step_linear_constant(t, 0.4, 0.3, 1.0, UNBIASED.learning_per_month)
    assert trust.step_linear(t, 0.4, 0.3, 1.0, UNBIASED).tolist() == plain.tolist()
    assert trust.spillover(0.2, 1.0, True, UNBIASED) == 0.2
    still = replace(P, learning_per_month=0.0, evidence_weight=0.0)
    assert trust.step_linear(t, 0.4, 0.3, 1.0, still).tolist() == t.tolist()
    assert np.all(np.array(trust.step_counts(0.0, 0.0, t, 0.4, 0.3, still)) == 0.0)


@settings(max_examples=50)
@given(share, share, share, share, ratio, confirmation, share)
def test_linear_trust_stays_between_zero_and_its_cap(t, good, bad, cap, lam, c, learning):
    p = replace(P, asymmetry_max=lam, confirmation_share=c, learning_per_month=learning)
    assert 0.0 <= trust.step_linear(t, good, bad, cap, p) <= cap
    assert 0.0 <= trust.step_linear_constant(t, good, bad, 50.0 * lam, learning) <= 1.0


@settings(max_examples=50)
@given(share, share, share, ratio, st.floats(0.0, 4.0), confirmation)
def test_higher_asymmetry_never_raises_trust(t, good, bad, lam, more, c):
    """T-C2, one step of the linear rule and one of the counting rule."""
    mild = replace(P, asymmetry_max=lam, confirmation_share=c)
    harsh = replace(mild, asymmetry_max=lam + more)
    assert trust.step_linear(t, good, bad, 1.0, harsh) <= trust.step_linear(t, good, bad, 1.0, mild)
    after = [
        trust.trust_from_counts(
            *trust.step_counts(1.0, 1.0, t, good, bad, p), *trust.start_counts(0.4, p), 1.0
        )
        for p in (harsh, mild)
    ]
    assert after[0] <= after[1]


def test_higher_asymmetry_never_raises_a_whole_path():
    """T-C2 over 240 months with the same signals."""
    rng = np.random.default_rng(20)
    mild, harsh = (replace(P, asymmetry_max=lam, confirmation_share=0.0) for lam in (1.5, 2.5))
    low, high = np.full(500, 0.5), np.full(500, 0.5)
    for _ in range(240):
        good, bad = signals(rng, 500)
        low = trust.step_linear(low, good, bad, 1.0, harsh)
        high = trust.step_linear(high, good, bad, 1.0, mild)
        assert np.all(low <= high)
    assert np.mean(high - low) > 0.05


def test_after_deception_trust_never_rises_above_the_cap():
    cap = np.array([0.7, 1.0])
    t = np.array([0.9, 0.9])
    counts = trust.start_counts(t, P)
    good, bad = np.zeros(2), np.zeros(2)
    for _ in range(200):
        t = trust.step_linear(t, 1.0, 0.0, cap, P)
        assert t[0] <= 0.7
        good, bad = trust.step_counts(good, bad, t, 1.0, 0.0, P)
    assert t == pytest.approx([0.7, 1.0], abs=1e-3)
    counted = trust.trust_from_counts(good, bad, *counts, cap)
    assert counted[0] == 0.7
    assert counted[1] > 0.95


# --- where the linear rule rests


@pytest.mark.parametrize(("lam", "rest"), [(1.0, 0.6923), (2.0, 0.5294), (3.0, 0.4286)])
def test_linear_rule_rests_at_the_closed_form(lam, rest):
    """T-D2: 1 / (1 + lambda p- / p+), exact in the mean; 100,000 people to 0.001."""
    exact = 1.0 / (1.0 + lam * BAD / GOOD)
    assert exact == pytest.approx(rest, abs=5e-5)

    mean_field = 0.5
    for _ in range(1000):
        mean_field = trust.step_linear_constant(mean_field, GOOD, BAD, lam, LEARNING)
    assert mean_field == pytest.approx(exact, abs=1e-12)

    rng = np.random.default_rng(2)
    t = np.full(100_000, 0.5)
    for _ in range(200):
        t = trust.step_linear_constant(t, *signals(rng, t.size), lam, LEARNING)
    assert np.mean(t) == pytest.approx(exact, abs=0.001)


def root_with_confirmation(lam, c):
    def drift(t):
        tilt = c * (2.0 * t - 1.0)
        return (1.0 + tilt) * GOOD * (1.0 - t) - lam(t) * (1.0 - tilt) * BAD * t

    return brentq(drift, 0.0, 1.0, xtol=1e-14)


def confirmed_mean(lam, c, seed):
    """Mean trust of 40,000 people after 300 months with constant asymmetry."""
    p = replace(P, confirmation_share=c)
    rng = np.random.default_rng(seed)
    t = np.full(40_000, 0.5)
    for _ in range(300):
        good, bad = trust.confirmed(*signals(rng, t.size), t, p)
        t = trust.step_linear_constant(t, good, bad, lam, LEARNING)
    return np.mean(t)


def test_confirmation_moves_the_rest_point_to_its_root():
    """T-D3: root 0.5584 at lambda 2, c 0.5; people to 0.005 (the spread of trust adds a bias)."""
    root = root_with_confirmation(lambda _: 2.0, 0.5)
    assert root == pytest.approx(0.5584, abs=5e-5)
    assert confirmed_mean(2.0, 0.5, seed=3) == pytest.approx(root, abs=0.005)


def test_confirmation_test_would_notice_its_absence():
    root = root_with_confirmation(lambda _: 2.0, 0.5)
    without = confirmed_mean(2.0, 0.0, seed=3)
    assert without == pytest.approx(1.0 / (1.0 + 2.0 * BAD / GOOD), abs=0.002)
    assert abs(without - root) > 0.02


@pytest.mark.parametrize("c", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("asymmetry_max", [1.0, 2.0, 3.0])
def test_full_rule_rests_at_its_root(asymmetry_max, c):
    p = replace(P, asymmetry_max=asymmetry_max, confirmation_share=c, learning_per_month=LEARNING)
    root = root_with_confirmation(lambda t: trust.asymmetry(t, p), c)
    t = 0.5
    for _ in range(5000):
        t = trust.step_linear(t, GOOD, BAD, 1.0, p)
    assert t == pytest.approx(root, abs=1e-9)


# --- counting


def test_prior_alone_is_the_starting_level():
    start = np.array([0.0, 0.3, 1.0])
    assert trust.trust_from_counts(0.0, 0.0, *trust.start_counts(start, P), 1.0) == pytest.approx(
        start, abs=1e-15
    )


def test_evidence_decays_and_the_prior_stays():
    p = replace(UNBIASED, forgetting_per_month=0.05)
    prior = trust.start_counts(0.3, p)
    good, bad = 20.0, 1.0
    for _ in range(600):
        good, bad = trust.step_counts(good, bad, 0.5, 0.0, 0.0, p)
    assert trust.trust_from_counts(good, bad, *prior, 1.0) == pytest.approx(0.3, abs=1e-9)


@pytest.mark.parametrize("lam", [1.0, 2.0])
def test_counts_rest_at_the_closed_form(lam):
    """Mean counts rest at v p+ / delta and lambda v p- / delta (at constant trust 1/2)."""
    p = replace(
        P,
        asymmetry_max=lam,
        confirmation_share=0.3,
        forgetting_per_month=0.05,
        evidence_weight=0.4,
    )
    rng = np.random.default_rng(4)
    good, bad = np.zeros(50_000), np.zeros(50_000)
    for _ in range(300):
        good, bad = trust.step_counts(good, bad, 0.5, *signals(rng, good.size), p)
    assert np.mean(good) == pytest.approx(0.4 * GOOD / 0.05, abs=0.02)
    assert np.mean(bad) == pytest.approx(lam * 0.4 * BAD / 0.05, abs=0.02)


def test_the_longer_the_memory_the_closer_to_the_linear_rule():
    """Unbiased counts rest at (v p+ / delta + c0+) / (v (p+ + p-) / delta + c0)."""
    linear_rest = GOOD / (GOOD + BAD)
    distances = []
    for forgetting in (0.05, 0.01, 0.002):
        p = replace(UNBIASED, forgetting_per_month=forgetting)
        prior = trust.start_counts(0.2, p)
        t, good, bad = 0.2, 0.0, 0.0
        for _ in range(round(20 / forgetting)):
            good, bad = trust.step_counts(good, bad, t, GOOD, BAD, p)
            t = trust.trust_from_counts(good, bad, *prior, 1.0)
        weight = p.evidence_weight / forgetting
        exact = (weight * GOOD + prior[0]) / (weight * (GOOD + BAD) + p.prior_strength)
        assert t == pytest.approx(exact, abs=1e-7)
        distances.append(linear_rest - t)
    assert distances[0] > 2.0 * distances[1] > 4.0 * distances[2] > 0.0
    assert distances[2] < 0.025


@settings(max_examples=50)
@given(share, share, share, share, ratio, confirmation)
def test_counted_trust_is_bounded_and_moves_the_right_way(t0, good, bad, cap, lam, c):
    p = replace(P, asymmetry_max=lam, confirmation_share=c)
    prior = trust.start_counts(t0, p)
    counts = trust.step_counts(0.0, 0.0, t0, good, bad, p)
    assert min(counts) >= 0.0
    assert 0.0 <= trust.trust_from_counts(*counts, *prior, cap) <= cap
    praised = trust.step_counts(0.0, 0.0, t0, good, 0.0, p)
    assert trust.trust_from_counts(*praised, *prior, 1.0) >= t0 - 1e-12
    blamed = trust.step_counts(0.0, 0.0, t0, 0.0, bad, p)
    assert trust.trust_from_counts(*blamed, *prior, 1.0) <= t0 + 1e-12


def test_columns_and_single_people_agree():
    rng = np.random.default_rng(5)
    t, good, bad = rng.random((3, 30))
    together = trust.step_linear(t, good, bad, 0.9, P)
    alone = [trust.step_linear(t[i], good[i], bad[i], 0.9, P) for i in range(30)]
    assert together.tolist() == alone
