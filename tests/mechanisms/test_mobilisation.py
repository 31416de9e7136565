"""M15: who acts, how far, and what it stops (T-D5, T-D15, T-C4)."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesa.examples.advanced.epstein_civil_violence.agents import Citizen, CitizenState, Cop
from scipy import sparse
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from parley.mechanisms import mobilisation as mob
from parley.registry import default_parameters

P = default_parameters().mobilisation
MIXED = replace(
    P,
    weight_grievance=1.0,
    weight_efficacy=0.0,
    weight_peers=0.6,
    neighbour_share=0.0,
    weight_risk=0.0,
    weight_trust=0.0,
    threshold_mean=0.55,
    threshold_sd=0.18,
)
"""Well mixed: only grievance and the share of the place that acts."""

share = st.floats(0.0, 1.0)
index = st.floats(-2.0, 3.0)


# --- grievance that counts, risk, peers, willingness


@pytest.mark.parametrize(
    ("operational", "partnership", "legacy", "expected"),
    [
        (0.0, 0.0, 0.0, 0.0),
        (0.4, 0.0, 0.0, 0.4),
        (0.0, 1.0, 0.0, 0.5),
        (0.0, 0.0, 1.0, 0.25),
        (0.4, 1.0, 1.0, 1.0 - 0.6 * 0.5 * 0.75),
        (1.0, 0.3, 0.3, 1.0),
    ],
)
def test_public_grievance_by_hand(operational, partnership, legacy, expected):
    p = replace(P, partnership_weight=0.5, legacy_weight=0.25)
    assert mob.public_grievance(operational, partnership, legacy, p) == pytest.approx(
        expected, abs=1e-15
    )


@settings(max_examples=50)
@given(share, share, share, share)
def test_public_grievance_is_bounded_and_never_below_its_parts(op, partnership, legacy, weight):
    p = replace(P, partnership_weight=weight, legacy_weight=weight)
    whole = mob.public_grievance(op, partnership, legacy, p)
    assert max(op, weight * partnership, weight * legacy) - 1e-15 <= whole <= 1.0


def test_risk_edges():
    assert mob.risk(0.0, 0.0, P) == 0.0
    assert mob.risk(1e12, 0.0, P) == 1.0
    assert mob.risk(1e12, 1e300, P) == pytest.approx(0.0, abs=1e-200)


@settings(max_examples=50)
@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_risk_rises_with_officers_and_falls_with_company(officers, active, more):
    assert 0.0 <= mob.risk(officers, active, P) <= 1.0
    assert mob.risk(officers + more, active, P) >= mob.risk(officers, active, P)
    assert mob.risk(officers, active + more, P) <= mob.risk(officers, active, P)


@pytest.mark.parametrize(("nu", "expected"), [(0.0, 0.1), (0.25, 0.2), (1.0, 0.5)])
def test_peers_by_hand(nu, expected):
    p = replace(P, neighbour_share=nu)
    assert mob.peers(0.5, 0.1, p) == pytest.approx(expected, abs=1e-15)


def test_each_weight_moves_willingness_by_its_own_term():
    nothing = replace(
        P, weight_grievance=0, weight_efficacy=0, weight_peers=0, weight_risk=0, weight_trust=0
    )
    inputs = (0.3, 0.4, 0.5, 0.6, 0.9)
    assert mob.willingness(*inputs, nothing) == 0.0
    for name, moved in [
        ("weight_grievance", 0.3),
        ("weight_efficacy", 0.4),
        ("weight_peers", 0.5),
        ("weight_risk", -0.6),
        ("weight_trust", -0.4),
    ]:
        u = mob.willingness(*inputs, replace(nothing, **{name: 1.0}))
        assert u == pytest.approx(moved, abs=1e-15)


def test_null_switch_of_peers():
    p = replace(P, weight_peers=0.0)
    calm, wave = (mob.willingness(0.4, 0.1, n, 0.1, 0.5, p) for n in (0.0, 1.0))
    assert calm == wave


# --- the ladder


def test_a_rung_needs_more_than_its_threshold():
    p = replace(P, rung_step=0.25)
    u = np.array([0.5, 0.75, 1.0, 1.25]) + np.array([[0.0], [1e-9]])
    assert mob.rung(u, 0.5, p).tolist() == [[0, 1, 2, 3], [1, 2, 3, 4]]


def test_rungs_are_small_integers_for_one_person_and_for_many():
    assert mob.rung(0.6, 0.5, P).dtype == np.int8
    assert mob.rung(np.full((2, 3), 0.6), 0.5, P).dtype == np.int8
    old = np.zeros(3, dtype=np.int8)
    assert mob.redecide(old, old + np.int8(1), np.zeros(3), P).dtype == np.int8


@settings(max_examples=50)
@given(index, index, share, st.floats(0.0, 2.0))
def test_rung_rises_with_willingness_and_falls_with_threshold(u, threshold, more, step):
    p = replace(P, rung_step=step)
    here = mob.rung(u, threshold, p)
    assert 0 <= here <= mob.HIGHEST_RUNG
    assert mob.rung(u + more, threshold, p) >= here
    assert mob.rung(u, threshold + more, p) <= here


@pytest.mark.parametrize("reconsider", [0.0, 0.25, 1.0])
def test_the_share_that_reconsiders(reconsider):
    p = replace(P, redecide_share_per_week=reconsider)
    draws = (np.arange(1000) + 0.5) / 1000
    old, new = np.zeros(1000, dtype=np.int8), np.full(1000, 3, dtype=np.int8)
    assert np.mean(mob.redecide(old, new, draws, p) == 3) == reconsider


# --- cascades on a network


def random_ties(rng, people):
    """Row-normalised ties to eight others each."""
    columns = rng.integers(0, people, 8 * people)
    rows = np.repeat(np.arange(people), 8)
    ties = sparse.coo_matrix((np.full(8 * people, 0.125), (rows, columns)), (people, people))
    return ties.tocsr()


def cascade(grievance, threshold, seed, weeks=60):
    """Weekly rungs of 1,000 people on a random network, same draws for the same seed."""
    rng = np.random.default_rng(seed)
    people = len(grievance)
    ties = random_ties(rng, people)
    fear = rng.random(people)
    p = replace(P, weight_peers=0.5, neighbour_share=0.7, weight_risk=0.2)
    rungs = np.zeros(people, dtype=np.int8)
    history = []
    for _ in range(weeks):
        active = rungs >= 1
        caught = mob.risk(5.0, np.sum(active), p)
        others = mob.peers(ties @ active.astype(float), np.mean(active), p)
        u = mob.willingness(grievance, 0.0, others, fear * caught, 0.5, p)
        rungs = mob.redecide(rungs, mob.rung(u, threshold, p), rng.random(people), p)
        history.append(rungs)
    return np.array(history)


@pytest.mark.parametrize("seed", range(3))
def test_more_grievance_or_lower_thresholds_give_a_superset(seed):
    """T-C4: everybody active stays active when others are angrier or readier, week by week."""
    rng = np.random.default_rng(100 + seed)
    grievance = rng.uniform(0.0, 0.6, 1000)
    threshold = rng.normal(0.55, 0.15, 1000)
    angrier = np.minimum(grievance + rng.uniform(0.0, 0.1, 1000), 1.0)
    readier = threshold - rng.uniform(0.0, 0.1, 1000)

    base = cascade(grievance, threshold, seed)
    assert 0.01 < np.mean(base[-1] >= 1) < 0.9
    for higher in (cascade(angrier, threshold, seed), cascade(grievance, readier, seed)):
        assert np.all(higher >= base)
        assert np.mean(higher[-1] >= 1) > np.mean(base[-1] >= 1) + 0.02


# --- folds and jumps


def rest(grievance, active, p, thresholds):
    """Share active once nobody changes any more, everybody reconsidering each week."""
    while True:
        u = mob.willingness(grievance, 0.0, mob.peers(0.0, active, p), 0.0, 0.5, p)
        moved = np.mean(mob.rung(u, thresholds, p) >= 1)
        if moved == active:
            return active
        active = moved


def bisect(holds, low, high, steps=14):
    """The level between `low` (holds) and `high` (does not) where `holds` changes."""
    for _ in range(steps):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return 0.5 * (low + high)


def quantiles(mean, sd, people=20_000):
    return mean + sd * ndtri((np.arange(people) + 0.5) / people)


def test_folds_by_formula():
    folds = mob.fold_points(MIXED)
    assert folds.ignition == pytest.approx(0.2790, abs=5e-5)
    assert folds.extinction == pytest.approx(0.2210, abs=5e-5)


def test_folds_are_where_two_resting_states_meet():
    """At a fold activity rests, and its slope there is one."""
    for grievance, active in zip(
        mob.fold_points(MIXED), (ndtr(0.7551), ndtr(-0.7551)), strict=True
    ):
        x = (grievance + 0.6 * active - 0.55) / 0.18
        assert ndtr(x) == pytest.approx(active, abs=1e-4)
        assert 0.6 / 0.18 * np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi) == pytest.approx(1, abs=1e-3)


def test_people_ignite_and_die_down_at_the_folds():
    """T-D5: from calm the wave starts at 0.2790, once going it holds down to 0.2210."""
    thresholds = quantiles(0.55, 0.18)
    ignition = bisect(lambda g: rest(g, 0.0, MIXED, thresholds) < 0.5, 0.2, 0.35)
    extinction = bisect(lambda g: rest(g, 1.0, MIXED, thresholds) < 0.5, 0.15, 0.3)
    assert ignition == pytest.approx(0.2790, abs=5e-4)
    assert extinction == pytest.approx(0.2210, abs=5e-4)


def test_without_peers_there_is_no_hysteresis():
    alone = replace(MIXED, weight_peers=0.0)
    assert mob.fold_points(alone) is None
    thresholds = quantiles(0.55, 0.18, 2000)
    for grievance in (0.2, 0.25, 0.3):
        from_calm, from_wave = (rest(grievance, a, alone, thresholds) for a in (0.0, 1.0))
        assert from_calm == from_wave


@pytest.mark.parametrize(("peers", "jumps"), [(0.45, False), (0.46, True)])
def test_two_states_need_peers_above_spread(peers, jumps):
    """w_N > sigma sqrt(2 pi) = 0.4512."""
    assert (mob.fold_points(replace(MIXED, weight_peers=peers)) is not None) == jumps


def test_folds_without_spread_or_weight():
    folds = mob.fold_points(replace(MIXED, threshold_sd=0.0))
    assert folds == pytest.approx((-0.05, 0.55), abs=1e-12)
    narrow = mob.fold_points(replace(MIXED, threshold_sd=1e-6))
    assert narrow == pytest.approx((-0.05, 0.55), abs=1e-4)
    assert mob.fold_points(replace(MIXED, weight_grievance=0.0)) is None


def test_granovetter_jump():
    """T-D5: thresholds N(0.25, sd) and nothing but imitation jump at sd = 0.1222."""
    imitation = replace(MIXED, weight_grievance=0.0, weight_peers=1.0)
    jump = bisect(lambda sd: rest(0.0, 0.0, imitation, quantiles(0.25, sd)) < 0.5, 0.1, 0.14)
    assert jump == pytest.approx(0.1222, abs=5e-4)

    def tangency(sd):
        x = -np.sqrt(-2.0 * np.log(sd * np.sqrt(2.0 * np.pi)))
        return 0.25 + sd * x - ndtr(x)

    assert brentq(tangency, 0.1, 0.14) == pytest.approx(0.1222, abs=5e-5)


# --- docking


def mesa_decides(hardship, risk_aversion, cops, actives):
    """What a citizen of Mesa's civil-violence example does, with its rounding."""
    scenario = SimpleNamespace(legitimacy=0.82, active_threshold=0.1, arrest_prob_constant=2.3)
    rebel = SimpleNamespace(state=CitizenState.ACTIVE)
    citizen = SimpleNamespace(
        jail_sentence=0,
        grievance=hardship * (1 - scenario.legitimacy),
        risk_aversion=risk_aversion,
        scenario=scenario,
        neighbors=[object.__new__(Cop) for _ in range(cops)] + [rebel] * actives,
        update_neighbors=lambda: None,
        move=lambda: None,
    )
    citizen.update_estimated_arrest_probability = lambda: (
        Citizen.update_estimated_arrest_probability(citizen)
    )
    Citizen.step(citizen)
    return citizen.state is CitizenState.ACTIVE


@pytest.mark.parametrize("cops", [0, 1, 3, 8])
@pytest.mark.parametrize("actives", [0, 1, 4])
def test_epstein_rule_decision_for_decision(cops, actives):
    """T-D15: all else off, the rule is Epstein's, with the rounding of Mesa's port."""
    p = replace(MIXED, weight_peers=0.0, weight_risk=1.0, enforcement_strength=2.3)
    hardship, aversion = np.meshgrid(np.linspace(0.02, 0.98, 17), np.linspace(0.02, 0.98, 17))
    rounded_cops = round(cops / (actives + 1)) * (actives + 1)
    caught = mob.risk(rounded_cops, actives, p)
    u = mob.willingness(hardship * (1 - 0.82), 0.0, 0.0, aversion * caught, 0.5, p)
    ours = mob.rung(u, 0.1, p) >= 1
    theirs = np.vectorize(mesa_decides)(hardship, aversion, cops, actives)
    assert np.array_equal(ours, theirs)


def test_docking_grid_holds_both_decisions():
    decisions = [mesa_decides(h, a, 1, 4) for h in (0.2, 0.9) for a in (0.1, 0.9)]
    assert any(decisions)
    assert not all(decisions)


# --- disruption


def test_disruption_by_hand():
    p = replace(
        P,
        disruption_max=0.8,
        disruption_half_share=0.1,
        disruption_shape=3.0,
        disruption_floor_share=0.01,
    )
    lost = mob.disruption(np.array([0.0, 0.01, 0.05, 0.1, 1.0]), p)
    assert lost == pytest.approx([0.0, 0.0, 0.8 / 9.0, 0.4, 0.8 / 1.001], abs=1e-15)


def test_null_switch_of_disruption():
    assert mob.disruption(1.0, replace(P, disruption_max=0.0)) == 0.0


@settings(max_examples=50)
@given(share, share, st.floats(0.5, 8.0), st.floats(1e-4, 1.0), st.floats(0.0, 0.2))
def test_disruption_is_bounded_and_never_falls_with_size(size, more, shape, half, floor):
    p = replace(P, disruption_shape=shape, disruption_half_share=half, disruption_floor_share=floor)
    lost = mob.disruption(size, p)
    assert 0.0 <= lost <= p.disruption_max
    assert mob.disruption(max(size, more), p) >= lost - 1e-15
