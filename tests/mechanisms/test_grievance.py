"""M12: grievance, blame, deprivation (T-D4, T-D12, T-C1)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms import grievance
from parley.registry import default_parameters

P = default_parameters().grievance
QUIET = replace(
    P,
    harm_inflow=0.0,
    shortfall_inflow=0.0,
    voice_inflow=0.0,
    deprivation_inflow=0.0,
    breach_inflow=0.0,
    legacy_decay_per_month=0.0,
    legacy_benefit_erosion=0.0,
    tunnel_hope=0.0,
    regulator_blame_share=0.0,
)

share = st.floats(0.0, 1.0)
signal = st.floats(-1.0, 1.0)
incomes = st.lists(st.floats(0.0, 1e6), min_size=1, max_size=40).map(np.array)


# --- inflows


def test_null_switch():
    assert grievance.operational_inflow(1.0, -1.0, -1.0, 1.0, QUIET) == 0.0
    assert grievance.partnership_inflow(1.0, QUIET) == 0.0
    assert grievance.state_inflow(1.0, QUIET) == 0.0
    assert grievance.tunnel(1.0, 0.0, QUIET) == 0.0
    assert grievance.step_legacy(0.6, 1.0, QUIET) == 0.6


@pytest.mark.parametrize(
    ("change", "inputs", "expected"),
    [
        ({"harm_inflow": 0.1}, (0.5, 0.0, 0.0, 0.0), 0.05),
        ({"shortfall_inflow": 0.1}, (0.0, -0.5, 0.0, 0.0), 0.05),
        ({"shortfall_inflow": 0.1}, (0.0, 0.5, 0.0, 0.0), 0.0),
        ({"voice_inflow": 0.1}, (0.0, 0.0, -0.5, 0.0), 0.05),
        ({"voice_inflow": 0.1}, (0.0, 0.0, 0.5, 0.0), 0.0),
        ({"deprivation_inflow": 0.1}, (0.0, 0.0, 0.0, 0.5), 0.05),
        ({"harm_inflow": 1.0, "shortfall_inflow": 1.0}, (1.0, -1.0, 0.0, 0.0), 1.0),
    ],
)
def test_one_cause_at_a_time(change, inputs, expected):
    p = replace(QUIET, **change)
    assert grievance.operational_inflow(*inputs, p) == pytest.approx(expected, abs=1e-15)


@settings(max_examples=50)
@given(share, share, signal, signal, share, share, share, share)
def test_more_harm_never_lowers_grievance(stock, harm, d, v, rd, more, outflow, rate):
    """T-C1."""
    p = replace(P, harm_inflow=rate)
    before, after = (
        grievance.step_grievance(stock, grievance.operational_inflow(h, d, v, rd, p), outflow)
        for h in (harm, max(harm, more))
    )
    assert after >= before - 1e-15


@settings(max_examples=50)
@given(share, signal, signal, share, share, share)
def test_the_state_is_never_blamed_for_more_than_there_is(harm, d, v, rd, rate, regulator):
    p = replace(P, harm_inflow=rate, regulator_blame_share=regulator)
    whole = grievance.operational_inflow(harm, d, v, rd, p)
    assert 0.0 <= grievance.state_inflow(harm, p) <= whole <= 1.0


# --- stocks


@pytest.mark.parametrize(("inflow", "outflow"), [(0.02, 0.02), (0.05, 0.01), (0.003, 0.05)])
def test_grievance_rests_at_the_closed_form(inflow, outflow):
    """T-D4: u / (u + out), to 1e-6."""
    stock = np.array([0.0, 0.5, 1.0])
    for _ in range(1000):
        stock = grievance.step_grievance(stock, inflow, outflow)
    assert stock == pytest.approx(inflow / (inflow + outflow), abs=1e-6)


@settings(max_examples=50)
@given(share, share, share)
def test_grievance_stays_within_bounds(stock, inflow, outflow):
    assert 0.0 <= grievance.step_grievance(stock, inflow, outflow) <= 1.0


@settings(max_examples=50)
@given(share, signal, share, share)
def test_legacy_is_never_fed(legacy, benefit, decay, erosion):
    p = replace(P, legacy_decay_per_month=decay, legacy_benefit_erosion=erosion)
    after = grievance.step_legacy(legacy, benefit, p)
    assert 0.0 <= after <= legacy


def test_bad_benefits_do_not_slow_the_fading_of_the_past():
    p = replace(P, legacy_decay_per_month=0.1, legacy_benefit_erosion=0.5)
    after = grievance.step_legacy(0.5, np.array([-1.0, 0.0, 1.0]), p)
    assert after == pytest.approx([0.45, 0.45, 0.2], abs=1e-15)


# --- blame


def test_blame_settles_at_the_share_of_the_new_grievance():
    blame, stock = 0.9, 0.3
    for _ in range(1500):
        blame = grievance.step_blame(blame, 0.03, 0.01, stock)
        stock = grievance.step_grievance(stock, 0.04, 0.02)
    assert blame == pytest.approx(0.25, abs=1e-9)


def test_blame_without_grievance_is_left_alone():
    blame = grievance.step_blame(np.array([0.0, 0.4, 1.0]), 0.0, 0.0, np.array([0.0, 0.0, 0.7]))
    assert blame == pytest.approx([0.0, 0.4, 1.0], abs=1e-15)


@settings(max_examples=50)
@given(share, share, share, share)
def test_blame_lies_between_old_and_new(blame, inflow, state_part, stock):
    to_state = inflow * state_part
    after = grievance.step_blame(blame, inflow - to_state, to_state, stock)
    assert min(blame, state_part) - 1e-9 <= after <= max(blame, state_part) + 1e-9
    assert 0.0 <= after <= 1.0


# --- hope and deprivation


def test_hope_fades_with_age():
    p = replace(P, tunnel_hope=0.3, tunnel_months=12.0)
    hope = grievance.tunnel(1.0, np.array([0.0, 12.0, 1e6]), p)
    assert hope == pytest.approx([0.3 * np.tanh(1.0), 0.3 * np.tanh(1.0) / np.e, 0.0], abs=1e-12)


@settings(max_examples=50)
@given(st.floats(-1e6, 1e6), st.floats(0.0, 1e4), share)
def test_hope_is_bounded_and_odd(change, age, strength):
    p = replace(P, tunnel_hope=strength)
    hope = grievance.tunnel(change, age, p)
    assert abs(hope) <= strength
    assert grievance.tunnel(-change, age, p) == -hope


def brute_force_deprivation(income):
    return np.maximum(income[None, :] - income[:, None], 0.0).mean(axis=1)


@settings(max_examples=50)
@given(incomes)
def test_deprivation_agrees_with_the_definition(income):
    deprivation = grievance.relative_deprivation(income)
    scale = max(income.max(), 1.0)
    assert np.max(np.abs(deprivation - brute_force_deprivation(income))) <= 1e-12 * scale
    assert np.all(deprivation >= 0.0)
    assert deprivation[np.argmax(income)] == 0.0
    mean = income.mean()
    assert np.all(deprivation <= mean * (1.0 + 1e-12))


@pytest.mark.parametrize("log_sd", [0.0, 0.3, 0.8, 1.5])
def test_mean_deprivation_is_mean_income_times_gini(log_sd):
    """T-D12, to 1e-12, with the Gini from its own definition by pairs."""
    income = np.exp(np.random.default_rng(12).normal(0.0, log_sd, 1000))
    by_pairs = np.abs(income[:, None] - income[None, :]).mean() / (2.0 * income.mean())
    assert grievance.gini(income) == pytest.approx(by_pairs, abs=1e-12)
    deprivation = grievance.relative_deprivation(income)
    assert np.mean(deprivation) == pytest.approx(income.mean() * by_pairs, abs=1e-12)


def test_equals_envy_nobody_and_nobody_is_left_out():
    income = np.array([2.0, 1.0, 2.0, 1.0])
    assert grievance.relative_deprivation(income).tolist() == [0.0, 0.5, 0.0, 0.5]
    assert grievance.relative_deprivation(np.array([])).tolist() == []
    assert grievance.relative_deprivation(np.array([4.0])).tolist() == [0.0]


@pytest.mark.parametrize(
    ("amounts", "expected"), [([], 0.0), ([0.0, 0.0], 0.0), ([5.0, 5.0], 0.0), ([0.0, 1.0], 0.5)]
)
def test_gini_edges(amounts, expected):
    assert grievance.gini(np.array(amounts)) == expected


def test_one_person_with_everything_is_nearly_full_inequality():
    amounts = np.zeros(1000)
    amounts[3] = 7.0
    assert grievance.gini(amounts) == pytest.approx(0.999, abs=1e-12)
