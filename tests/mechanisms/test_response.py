"""Block M16: choosing an answer to protest, and what each side learns from it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from parley.mechanisms import grievance, mobilisation
from parley.mechanisms import response as m16
from parley.registry import default_parameters

P = default_parameters().response
FORCE = m16.ACTIONS.index("force")

attractions = arrays(np.float64, 6, elements=st.floats(-50.0, 50.0))
shares = st.floats(0.0, 1.0)


def test_actions_are_six_and_force_is_last() -> None:
    assert m16.ACTIONS == (
        "ignore",
        "explain",
        "dialogue",
        "concede_active",
        "concede_all",
        "force",
    )


# --- choosing -----------------------------------------------------------------------------------


@settings(max_examples=50)
@given(attraction=attractions, cap=shares, temperature=st.floats(0.0001, 10.0))
def test_probabilities_sum_to_one_and_force_keeps_to_what_is_allowed(attraction, cap, temperature):
    p = replace(P, choice_temperature=temperature)
    chances = m16.choice_probabilities(attraction, cap, p)
    assert chances.sum() == pytest.approx(1.0, abs=1e-12)
    assert (chances >= 0.0).all()
    assert chances[FORCE] <= cap


@settings(max_examples=50)
@given(attraction=arrays(np.float64, 6, elements=st.floats(-3.0, 3.0)), cap=shares)
def test_less_force_keeps_the_odds_among_the_others(attraction, cap) -> None:
    p = replace(P, choice_temperature=1.0)
    free = softmax(attraction)
    chances = m16.choice_probabilities(attraction, cap, p)
    assert chances[FORCE] == pytest.approx(free[FORCE] * cap, abs=1e-12)
    excess = free[FORCE] - chances[FORCE]
    expected = free[:FORCE] * (1 + excess / free[:FORCE].sum())
    assert chances[:FORCE] == pytest.approx(expected, abs=1e-12)


@settings(max_examples=50)
@given(attraction=attractions, shift=st.floats(-10.0, 10.0))
def test_without_a_cap_it_is_the_plain_softmax(attraction, shift) -> None:
    chances = m16.choice_probabilities(attraction, 1.0, P)
    assert chances == pytest.approx(softmax(attraction / P.choice_temperature), abs=1e-12)
    assert m16.choice_probabilities(attraction + shift, 1.0, P) == pytest.approx(chances, abs=1e-9)


def test_temperature_runs_from_the_best_to_a_lottery() -> None:
    attraction = np.array([0.0, 0.1, 0.3, 0.2, -0.1, -0.5])
    cold = m16.choice_probabilities(attraction, 1.0, replace(P, choice_temperature=0.0001))
    assert cold == pytest.approx([0, 0, 1, 0, 0, 0], abs=1e-12)
    hot = m16.choice_probabilities(attraction, 1.0, replace(P, choice_temperature=1e6))
    assert hot == pytest.approx(np.full(6, 1 / 6), abs=1e-6)


def test_a_forbidden_favourite_leaves_the_choice_to_the_others() -> None:
    attraction = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1e4])
    chances = m16.choice_probabilities(attraction, 0.0, P)
    assert chances == pytest.approx([0.2, 0.2, 0.2, 0.2, 0.2, 0.0], abs=1e-12)
    assert chances[FORCE] == 0.0
    draws = [*np.linspace(0.0, 1.0, 1000, endpoint=False), np.nextafter(1.0, 0.0)]
    assert FORCE not in {m16.choose(chances, u) for u in draws}


def test_many_choosers_at_once() -> None:
    rng = np.random.default_rng(6)
    attraction, cap = rng.normal(0, 0.1, (9, 6)), rng.random(9)
    together = m16.choice_probabilities(attraction, cap, P)
    for one in range(9):
        alone = m16.choice_probabilities(attraction[one], cap[one], P)
        assert np.array_equal(together[one], alone)


@settings(max_examples=50)
@given(attraction=arrays(np.float64, 6, elements=st.floats(-0.2, 0.2)), cap=shares)
def test_choices_come_in_their_probabilities(attraction, cap) -> None:
    chances = m16.choice_probabilities(attraction, cap, P)
    draws = (np.arange(2000) + 0.5) / 2000
    picked = np.bincount([m16.choose(chances, u) for u in draws], minlength=6)
    assert picked / 2000 == pytest.approx(chances, abs=1.01 / 2000)


@settings(max_examples=50)
@given(parts=arrays(np.float64, 6, elements=st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7])))
def test_rounding_never_picks_an_impossible_action(parts) -> None:
    assume(parts.any())
    chances = parts / parts.sum()  # often a rounding error above or below 1
    for draw in (0.0, np.nextafter(1.0, 0.0)):
        assert chances[m16.choose(chances, draw)] > 0.0


# --- learning -----------------------------------------------------------------------------------


@settings(max_examples=50)
@given(attraction=attractions, action=st.integers(0, 5), cost=st.floats(-5.0, 5.0), share=shares)
def test_learning_is_an_exponential_average_of_one_action(attraction, action, cost, share):
    p = replace(P, learning_share=share)
    before = attraction.copy()
    learned = attraction
    for _ in range(7):
        learned = m16.learn(learned, action, cost, p)
    assert np.array_equal(attraction, before)
    expected = before.copy()
    expected[action] = -cost + (before[action] + cost) * (1 - share) ** 7
    assert learned == pytest.approx(expected, abs=1e-9)


def test_costs_teach_nothing_without_learning() -> None:
    attraction = np.linspace(-1, 1, 6)
    learned = m16.learn(attraction, 2, 9.0, replace(P, learning_share=0.0))
    assert np.array_equal(learned, attraction)


@pytest.mark.parametrize(("cost", "low", "high"), [(-0.05, 0.2, 0.4), (0.05, 0.05, 0.15)])
def test_force_becomes_a_habit_or_is_dropped_by_what_it_cost(cost, low, high) -> None:
    attraction = np.zeros(6)
    for _ in range(20):
        attraction = m16.learn(attraction, FORCE, cost, P)
    chance = m16.choice_probabilities(attraction, 1.0, P)[FORCE]
    assert low < chance < high
    assert abs(chance - 1 / 6) > 0.05


@settings(max_examples=50)
@given(
    efficacy=shares,
    conceded=st.booleans(),
    acted=st.booleans(),
    gain=shares,
    loss=shares,
)
def test_efficacy_stays_a_share_and_moves_the_right_way(efficacy, conceded, acted, gain, loss):
    p = replace(P, efficacy_gain=gain, efficacy_loss=loss)
    after = m16.step_efficacy(efficacy, conceded, acted, p)
    assert 0.0 <= after <= 1.0
    if conceded:
        assert after == pytest.approx(efficacy + gain * (1 - efficacy), abs=1e-15)
    elif acted:
        assert after == pytest.approx(efficacy * (1 - loss), abs=1e-15)
    else:
        assert after == efficacy


def test_efficacy_without_gain_or_loss_never_moves() -> None:
    p = replace(P, efficacy_gain=0.0, efficacy_loss=0.0)
    conceded, acted = np.array([True, False, True]), np.array([True, True, False])
    assert np.array_equal(m16.step_efficacy(np.full(3, 0.3), conceded, acted, p), np.full(3, 0.3))


def test_efficacy_rests_where_concessions_balance_refusals() -> None:
    """Every second protest answered: rest of the two-step map e -> (e + g(1-e))(1-l)."""
    p = replace(P, efficacy_gain=0.2, efficacy_loss=0.05)
    efficacy = 0.0
    for month in range(400):
        efficacy = m16.step_efficacy(efficacy, month % 2 == 0, True, p)
    assert efficacy == pytest.approx(0.2 * 0.95 / (1 - 0.8 * 0.95), abs=1e-9)


# --- force, downstream --------------------------------------------------------------------------


def change_in_willingness_after_force(months: int, weight_risk: float) -> float:
    """Officers stay for some months: risk rises at once, harm done feeds grievance slowly."""
    defaults = default_parameters()
    p = replace(defaults.mobilisation, weight_grievance=1.0, weight_risk=weight_risk)
    stock = 0.3
    inflow = grievance.operational_inflow(1.0, 0.0, 0.0, 0.0, defaults.grievance)
    for _ in range(months):
        stock = grievance.step_grievance(stock, inflow, 0.0)
    raised = mobilisation.public_grievance(stock, 0.0, 0.0, p)
    before = mobilisation.public_grievance(0.3, 0.0, 0.0, p)
    calm, policed = mobilisation.risk(np.array([0.0, 50.0]), 20.0, p)
    return float(
        mobilisation.willingness(raised, 0.0, 0.0, policed, 0.5, p)
        - mobilisation.willingness(before, 0.0, 0.0, calm, 0.5, p)
    )


def test_force_can_damp_or_spur_through_its_inputs_alone() -> None:
    deterrent = [change_in_willingness_after_force(1, w) for w in (0.0, 0.2, 0.5)]
    assert deterrent[0] > 0.0 > deterrent[1] > deterrent[2]
    lasting = [change_in_willingness_after_force(n, 0.2) for n in (0, 1, 24)]
    assert lasting[0] < lasting[1] < 0.0 < lasting[2]
