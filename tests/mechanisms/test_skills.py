"""Block M19: skills grow, fade and leave with people."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms import skills
from parley.mechanisms.chain import know_how_left
from parley.registry import default_parameters

DEFAULT = default_parameters()
P, C = DEFAULT.skills, DEFAULT.chain
UNIT = st.floats(0.0, 1.0)
QUICK = settings(deadline=None, max_examples=60)


@given(UNIT, UNIT, UNIT, st.floats(0.0, 0.2), st.floats(0.0, 0.25), UNIT)
@QUICK
def test_skill_stays_a_share(
    skill: float, training: float, use: float, gain: float, decay: float, start: float
) -> None:
    p = replace(P, training_gain_per_month=gain, use_gain_per_month=gain, decay_per_month=decay)
    growth = skills.base_growth(start, 3, C, p)
    assert 0.0 <= float(skills.step_skill(skill, growth, training, use, p)) <= 1.0


@given(UNIT, st.floats(0.0, 0.25), st.integers(0, 8))
@QUICK
def test_without_training_use_and_turnover_skill_rests_where_it_starts(
    start: float, decay: float, posts: int
) -> None:
    """To the bit."""
    p, c = replace(P, decay_per_month=decay), replace(C, turnover_per_month=0.0)
    growth = skills.base_growth(start, posts, c, p)
    assert float(skills.step_skill(start, growth, 0.0, 0.0, p)) == start


def settled(training: float, use: float, kept: float, growth: float, start: float) -> float:
    """Where skill comes to rest when the same part of it is kept every month."""
    skill = start
    for _ in range(3000):
        skill = float(skills.step_skill(skill * kept, growth, training, use, P))
    return skill


@pytest.mark.parametrize(("training", "use"), [(0.0, 0.0), (0.6, 0.0), (0.0, 0.5), (1.0, 1.0)])
def test_skill_rests_where_growth_and_loss_balance(training: float, use: float) -> None:
    """Known answer `(b + g) / (d + g)` with `g = tau e + l use`, to 1e-12."""
    growth = float(skills.base_growth(0.5, 0, C, P))
    gain = P.training_gain_per_month * training + P.use_gain_per_month * use
    expected = (growth + gain) / (P.decay_per_month + gain)
    assert settled(training, use, 1.0, growth, 0.5) == pytest.approx(expected, abs=1e-12)
    assert (expected > 0.5) == (gain > 0.0)


def test_expected_hand_overs_leave_the_start_at_rest() -> None:
    """With the expected part of know-how kept every month, skill stays where it starts."""
    for posts in (1, 3):
        each = 1.0 - C.turnover_per_month * C.know_how_share * (1.0 - C.retention_base)
        growth = float(skills.base_growth(0.6, posts, C, P))
        assert settled(0.0, 0.0, each**posts, growth, 0.6) == pytest.approx(0.6, abs=1e-12)


def test_training_can_fail_to_keep_pace_with_turnover() -> None:
    """The same training, and people who leave: the gain shrinks, and more leaving than the place
    was used to ends below the start, training and all."""
    growth = float(skills.base_growth(0.6, 3, C, P))
    ends = [settled(0.6, 0.0, kept, growth, 0.6) for kept in (1.0, 0.99, 0.95, 0.9)]
    assert ends == sorted(ends, reverse=True)
    assert ends[0] > 0.75
    assert ends[-1] < 0.3


def test_hand_overs_that_keep_more_than_is_usual_let_skill_grow() -> None:
    growth = float(skills.base_growth(0.6, 1, replace(C, turnover_per_month=0.2), P))
    lost = replace(C, know_how_share=C.know_how_share * 0.2)  # the expected part in each month
    usual, better = (float(know_how_left(1.0, kept, lost)) for kept in (C.retention_base, 0.8))
    assert settled(0.0, 0.0, usual, growth, 0.6) == pytest.approx(0.6, abs=1e-12)
    assert settled(0.0, 0.0, better, growth, 0.6) > 0.65


@given(UNIT, UNIT, UNIT, UNIT, UNIT)
@QUICK
def test_more_training_and_use_never_lower_skill(
    skill: float, one: float, other: float, use: float, more: float
) -> None:
    growth = skills.base_growth(0.5, 3, C, P)
    low = skills.step_skill(skill, growth, min(one, other), min(use, more), P)
    high = skills.step_skill(skill, growth, max(one, other), max(use, more), P)
    assert high >= low - 1e-15


def test_null_switches() -> None:
    off = replace(P, training_gain_per_month=0.0, use_gain_per_month=0.0, decay_per_month=0.0)
    still = replace(C, know_how_share=0.0)
    stock = np.linspace(0.0, 1.0, 7)
    growth = skills.base_growth(stock, 3, still, off)
    assert np.array_equal(skills.step_skill(stock, growth, 1.0, 1.0, off), stock)
    assert float(skills.revealed(0.0, 1.0, P)) == 0.0
    assert skills.understood_share(0.0, replace(P, misread_share=0.0)) == 1.0
    assert np.array_equal(skills.ability(stock, 0.4, 0.4), stock / 0.4 * 0.4)
    assert np.array_equal(skills.ability(stock, 0.0, 0.0), stock)


@given(UNIT, UNIT)
@QUICK
def test_hidden_skill_shows_only_with_use(latent: float, use: float) -> None:
    shown = float(skills.revealed(latent, use, P))
    assert 0.0 <= shown <= latent
    assert (shown == 0.0) or (latent > 0.0 and use > 0.0)


@given(UNIT, UNIT)
@QUICK
def test_vocabulary_is_a_share_that_training_builds(vocabulary: float, training: float) -> None:
    after = skills.step_vocabulary(vocabulary, training, P)
    assert 0.0 <= after <= 1.0
    assert after >= skills.step_vocabulary(vocabulary, 0.0, P)
    assert 0.0 <= skills.understood_share(after, replace(P, misread_share=1.0)) <= 1.0


def test_vocabulary_rests_where_training_and_forgetting_balance() -> None:
    vocabulary = 0.0
    for _ in range(3000):
        vocabulary = skills.step_vocabulary(vocabulary, 0.5, P)
    gain = 0.5 * P.training_gain_per_month
    assert vocabulary == pytest.approx(gain / (gain + P.decay_per_month), abs=1e-12)
