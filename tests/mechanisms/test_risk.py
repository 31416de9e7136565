"""Risk of taking part: bounds, directions, known answers, and what is left when it is off."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mechanisms import risk
from parley.registry import default_parameters

P = replace(default_parameters().risk, reprisal_per_visible_act=0.02)
SHARE = st.floats(0.0, 1.0)
COUNT = st.integers(0, 3)


@given(COUNT, st.booleans(), SHARE, SHARE, SHARE, st.booleans())
def test_records_and_traces_never_hide_and_cover_never_exposes(
    took_part, connected, documentation, digital, cover, active
):
    named = float(risk.named_acts(took_part, connected, documentation, digital, P))
    assert took_part <= named <= took_part * (1.0 + P.record_exposure + P.trace_exposure) + 1e-12
    seen = float(risk.visible_acts(named, cover, active, P))
    open_action = P.active_exposure * active
    assert open_action - 1e-12 <= seen <= named + open_action + 1e-12
    fully = float(risk.visible_acts(named, 1.0, active, P))
    assert fully == open_action, "full cover hides taking part and nothing of acting in the open"


def test_only_those_who_are_connected_leave_traces():
    named = risk.named_acts(1.0, np.array([True, False]), 0.0, 1.0, P)
    assert named.tolist() == [1.0 + P.trace_exposure, 1.0]


@given(st.floats(0.0, 100.0), SHARE)
def test_the_chance_of_reprisal_is_one_and_grows_with_visibility_and_spoilers(visible, spoilers):
    chance = float(risk.reprisal_chance(visible, spoilers, P))
    assert 0.0 <= chance <= 1.0
    assert chance <= float(risk.reprisal_chance(visible + 1.0, spoilers, P))
    assert chance <= float(risk.reprisal_chance(visible, 1.0, P))
    assert chance == pytest.approx(min(0.02 * visible * spoilers, 1.0), abs=1e-15)


@given(st.floats(0.0, 5.0))
def test_without_spoilers_or_without_reprisal_nobody_is_hit(visible):
    off = replace(P, reprisal_per_visible_act=0.0)
    assert float(risk.reprisal_chance(visible, 0.0, P)) == 0.0
    assert float(risk.reprisal_chance(visible, 1.0, off)) == 0.0


@given(SHARE, st.booleans(), SHARE)
def test_fear_stays_a_share_and_a_hit_brings_it_to_the_top(fear, hit, heard):
    after = float(risk.step_fear(fear, hit, heard, P))
    assert 0.0 <= after <= 1.0
    assert after >= (1.0 - P.fear_fading_per_month) * fear - 1e-15
    if hit:
        assert after == 1.0


def test_fear_under_steady_news_rests_at_news_over_fading():
    """fear* = kappa heard / d, the fixed point of a linear step."""
    p = replace(P, fear_fading_per_month=0.1, fear_from_neighbours=0.5)
    fear = 0.0
    for _ in range(400):
        fear = float(risk.step_fear(fear, 0.0, 0.05, p))
    assert fear == pytest.approx(0.5 * 0.05 / 0.1, abs=1e-12)


def test_fear_left_alone_halves_in_a_known_time():
    fear = 1.0
    for _ in range(12):
        fear = float(risk.step_fear(fear, 0.0, 0.0, P))
    assert fear == pytest.approx((1.0 - P.fear_fading_per_month) ** 12, abs=1e-12)


@given(SHARE, SHARE, SHARE)
def test_the_more_fear_the_less_is_shown_and_standing_helps(grievance, fear, status):
    shown = bool(risk.shows(grievance, fear, status, P))
    if shown:
        assert bool(risk.shows(grievance, fear / 2.0, status, P))
        assert bool(risk.shows(grievance, fear, 1.0, P))


@given(st.floats(1e-9, 1.0), SHARE)
def test_without_fear_every_grievance_is_shown(grievance, status):
    assert bool(risk.shows(grievance, 0.0, status, P))
    assert not bool(risk.shows(0.0, 0.0, status, P)), "there is nothing to show"


@given(SHARE)
def test_without_fear_attendance_is_what_it_was_to_the_bit(chance):
    assert float(risk.come_despite_fear(chance, 0.0, P)) == chance
    off = replace(P, attend_fear=0.0)
    assert float(risk.come_despite_fear(chance, 1.0, off)) == chance


@given(st.floats(0.01, 0.99), SHARE)
def test_fear_is_a_term_in_the_log_odds_of_coming(chance, fear):
    after = float(risk.come_despite_fear(chance, fear, P))
    shift = np.log(chance / (1.0 - chance)) - np.log(after / (1.0 - after))
    assert shift == pytest.approx(P.attend_fear * fear, abs=1e-9)


def test_blur_is_right_in_the_mean_and_absent_at_zero():
    draws = np.random.default_rng(1).random(200_000)
    weights = risk.blurred_weight(np.full(draws.size, 2.0), draws, 0.4)
    assert weights.min() >= 2.0 * 0.6
    assert weights.max() <= 2.0 * 1.4
    assert weights.mean() == pytest.approx(2.0, abs=3.0 * 2.0 * 0.4 / np.sqrt(3.0 * draws.size))
    assert (risk.blurred_weight(weights, draws, 0.0) == weights).all()


@given(SHARE)
def test_stated_needs_stay_on_the_simplex(directness):
    needs = np.array([[0.1, 0.2, 0.3, 0.2, 0.1, 0.1]])
    leaders = np.array([0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    stated = risk.stated_needs(needs, leaders, np.array([directness]))
    assert stated.sum() == pytest.approx(1.0, abs=1e-12)
    assert stated.min() >= 0.0
    own = risk.stated_needs(needs, leaders, np.array([1.0]))
    assert own.tolist() == needs.tolist()
