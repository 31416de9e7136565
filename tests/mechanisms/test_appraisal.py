"""M9: five comparisons, one signal; no constant norm, no plus for merely being announced."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms import appraisal
from parley.registry import default_parameters

P = default_parameters().appraisal
FULL_VOICE = replace(P, intrinsic_voice=0.4, voice_frustration=0.6, exclusion_hurt=0.4)

share = st.floats(0.0, 1.0)
signal = st.floats(-1.0, 1.0)
money = st.floats(0.0, 1e6)
five_signals = st.lists(signal, min_size=5, max_size=5)
five_flags = st.lists(st.booleans(), min_size=5, max_size=5)
five_weights = st.lists(st.floats(0.0, 2.0), min_size=5, max_size=5).map(np.array)


# --- benefit


def test_fair_benefit_takes_no_share_of_a_loss():
    rent = np.array([-0.5, 0.0, 0.2])
    assert appraisal.fair_benefit(0.5, rent).tolist() == [0.0, 0.0, 0.1]


@pytest.mark.parametrize(("adaptation", "expected"), [(0.0, 0.02), (0.25, 0.03), (1.0, 0.06)])
def test_reference_runs_from_fair_to_accustomed(adaptation, expected):
    p = replace(P, adaptation_share=adaptation)
    assert appraisal.reference_benefit(0.02, 0.06, p) == pytest.approx(expected, abs=1e-15)


def test_benefit_equal_to_its_reference_is_felt_as_nothing():
    reference = np.array([0.0, 0.01, 3.0])
    assert appraisal.benefit_signal(reference, reference, P).tolist() == [0.0, 0.0, 0.0]


def test_benefit_signal_by_hand():
    p = replace(P, benefit_scale_income=0.05)
    felt = appraisal.benefit_signal(np.array([0.0, 0.10, 0.30]), np.array([0.05, 0.05, 0.05]), p)
    assert felt == pytest.approx(np.tanh([-0.5, 0.5, 2.5]), abs=1e-15)


@settings(max_examples=50)
@given(money, money, money)
def test_benefit_signal_is_bounded_rises_with_benefit_falls_with_reference(b, ref, more):
    felt = appraisal.benefit_signal(b, ref, P)
    assert -1.0 <= felt <= 1.0
    assert appraisal.benefit_signal(b + more, ref, P) >= felt
    assert appraisal.benefit_signal(b, ref + more, P) <= felt


# --- voice


def test_being_in_a_room_earns_nothing_by_itself():
    p = replace(P, intrinsic_voice=0.0, voice_frustration=0.0, exclusion_hurt=0.0)
    expected = np.array([-0.5, 0.0, 0.5])
    felt, informed = appraisal.voice_signal(expected, expected, True, False, p)
    assert felt.tolist() == [0.0, 0.0, 0.0]
    assert np.all(informed)


@pytest.mark.parametrize(
    ("influence", "attended", "excluded", "expected"),
    [
        (0.0, True, False, 0.4),
        (-1e-9, True, False, -0.6),
        (0.0, False, True, -0.4),
        (0.0, True, True, 0.4),
        (0.0, False, False, 0.0),
    ],
)
def test_voice_switches(influence, attended, excluded, expected):
    felt, informed = appraisal.voice_signal(influence, 0.0, attended, excluded, FULL_VOICE)
    assert felt == pytest.approx(expected, abs=1e-8)
    assert informed == (attended or excluded)


@settings(max_examples=50)
@given(signal, signal, st.booleans(), st.booleans())
def test_voice_signal_is_bounded(influence, expected, attended, excluded):
    felt, informed = appraisal.voice_signal(influence, expected, attended, excluded, FULL_VOICE)
    assert -1.0 <= felt <= 1.0
    assert felt == 0.0 or informed


# --- promises, harm


def test_promises_by_hand():
    kept = np.array([0.0, 1.0, 0.0, 2.0, 0.2])
    broken = np.array([0.0, 0.0, 3.0, 2.0, 0.0])
    assert appraisal.promise_signal(kept, broken).tolist() == [0.0, 1.0, -1.0, 0.0, 0.2]


@settings(max_examples=50)
@given(money, money)
def test_promise_signal_is_bounded_and_odd(kept, broken):
    felt = appraisal.promise_signal(kept, broken)
    assert -1.0 <= felt <= 1.0
    assert appraisal.promise_signal(broken, kept) == -felt


def test_harm_by_hand():
    felt = appraisal.harm_signal(np.array([0.0, 1.0, 0.3, 0.1]), np.array([0.0, 0.0, 0.1, 0.4]))
    assert felt == pytest.approx([0.0, -1.0, -0.2, 0.3], abs=1e-15)


# --- combining


def test_weights_stand_in_the_order_of_the_signals():
    weights = appraisal.signal_weights(P)
    assert weights.tolist() == [getattr(P, f"weight_{name}") for name in appraisal.SIGNALS]
    assert {f.name for f in fields(P) if f.name.startswith("weight_")} == {
        f"weight_{name}" for name in appraisal.SIGNALS
    }


def test_combine_by_hand():
    weights = np.array([0.1, 0.2, 0.3, 0.4, 0.5])
    signals = np.array([1.0, -1.0, 0.5, -0.5, 0.2])
    everything = appraisal.combine(signals, np.full(5, True), weights)
    assert everything == pytest.approx((0.1 - 0.2 + 0.15 - 0.2 + 0.1) / 1.5, abs=1e-15)
    voiceless = appraisal.combine(signals, [True, False, True, True, False], weights)
    assert voiceless == pytest.approx((0.3 + 0.15 - 0.2) / 1.0, abs=1e-15)
    outcome_blind = appraisal.combine(signals, [False, False, True, True, False], weights)
    assert outcome_blind == pytest.approx((0.15 - 0.2) / 0.7, abs=1e-15)


@settings(max_examples=50)
@given(five_signals, five_flags, five_weights)
def test_combined_signal_lies_between_the_present_signals(signals, present, weights):
    felt = appraisal.combine(signals, present, weights)
    values = [z for z, there in zip(signals, present, strict=True) if there] + [0.0]
    assert min(values) - 1e-12 <= felt <= max(values) + 1e-12
    assert -1.0 <= felt <= 1.0


@settings(max_examples=50)
@given(five_signals, five_flags, five_weights, st.integers(0, 4), share)
def test_raising_a_signal_never_lowers_the_whole(signals, present, weights, which, extra):
    higher = list(signals)
    higher[which] = min(signals[which] + extra, 1.0)
    before = appraisal.combine(signals, present, weights)
    assert appraisal.combine(higher, present, weights) >= before - 1e-12


@pytest.mark.parametrize("weights", [np.zeros(5), np.array([0.0, 0.0, 0.0, 0.0, 1.0])])
def test_nothing_to_weigh_is_no_feeling(weights):
    present = [True, True, True, True, False]
    assert appraisal.combine([1.0, -1.0, 1.0, -1.0, 1.0], present, weights) == 0.0


def test_values_of_absent_signals_are_ignored():
    present = [True, np.array([True, False]), False, False, False]
    voice = np.array([0.5, np.nan])
    felt = appraisal.combine([0.1, voice, np.nan, np.nan, np.nan], present, np.ones(5))
    assert felt == pytest.approx([0.3, 0.1], abs=1e-15)


def test_columns_and_single_people_agree():
    rng = np.random.default_rng(1)
    signals, present = rng.uniform(-1, 1, (5, 40)), rng.random((5, 40)) < 0.5
    weights = rng.random(5)
    together = appraisal.combine(signals, present, weights)
    alone = [appraisal.combine(signals[:, i], present[:, i], weights) for i in range(40)]
    assert together.tolist() == alone


# --- seeing and expecting


@pytest.mark.parametrize(
    ("communication", "attended", "expected"),
    [(0.0, False, 0.3), (1.0, False, 1.0), (0.0, True, 0.65), (0.4, True, 0.79), (1.0, True, 1.0)],
)
def test_seen_probability_by_hand(communication, attended, expected):
    p = replace(P, seen_base_share=0.3)
    assert appraisal.seen_probability(communication, attended, p) == pytest.approx(
        expected, abs=1e-15
    )


@settings(max_examples=50)
@given(share, share, share, share)
def test_seen_probability_is_one_and_never_falls(communication, more, attended, base):
    p = replace(P, seen_base_share=base)
    seen = appraisal.seen_probability(communication, attended, p)
    assert base - 1e-15 <= seen <= 1.0
    louder = appraisal.seen_probability(max(communication, more), attended, p)
    assert louder >= seen - 1e-15


def test_no_pull_where_the_announced_level_is_carried_out():
    p = replace(P, announced_pull=2.0, influence_learning_per_month=0.1)
    influence = np.array([-0.4, 0.0, 0.7])
    moved = appraisal.step_expected_influence(0.2, influence, influence, True, p)
    assert moved == pytest.approx(0.9 * 0.2 + 0.1 * influence, abs=1e-15)


def test_expectation_settles_between_done_and_announced():
    p = replace(P, announced_pull=0.5, influence_learning_per_month=0.2)
    expected = 0.0
    for _ in range(200):
        expected = appraisal.step_expected_influence(expected, 0.1, 0.5, True, p)
    assert expected == pytest.approx(0.1 + 0.5 * 0.4, abs=1e-12)


def test_the_uninformed_keep_their_expectation():
    informed = np.array([False, True])
    moved = appraisal.step_expected_influence(0.2, 0.8, 1.0, informed, P)
    assert moved[0] == 0.2
    assert moved[1] > 0.2


@settings(max_examples=50)
@given(signal, signal, signal, st.booleans(), st.floats(0.0, 2.0), share)
def test_expected_influence_is_bounded(expected, influence, announced, informed, pull, speed):
    p = replace(P, announced_pull=pull, influence_learning_per_month=speed)
    moved = appraisal.step_expected_influence(expected, influence, announced, informed, p)
    assert -1.0 <= moved <= 1.0
