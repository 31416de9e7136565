"""Block M4: the environmental stock, harm, and the six linked securities."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parley.mechanisms import harm as m4
from parley.mechanisms.grievance import operational_inflow, step_grievance
from parley.registry import default_parameters

P = default_parameters().harm
SEPARATE = replace(P, threat_coupling_per_month=0.0)
LINKED = replace(P, threat_coupling_per_month=0.05)

shares = st.floats(0.0, 1.0)
six_shares = arrays(np.float64, 6, elements=shares)
six_rates = arrays(np.float64, 6, elements=st.floats(0.0, 3.0))


def test_mitigation_has_falling_returns_and_a_null() -> None:
    def share(effect: float, ratio: float) -> float:
        return m4.mitigation(replace(P, mitigation_effect=effect, mitigation_spend_ratio=ratio))

    assert share(0.0, 5.0) == 0.0
    assert share(5.0, 0.0) == 0.0
    assert share(np.log(2.0), 1.0) == pytest.approx(0.5, abs=1e-12)
    assert share(np.log(2.0), 2.0) == pytest.approx(0.75, abs=1e-12)


@pytest.mark.parametrize("decay", [0.02, 0.2, 1.0])
def test_stock_rests_at_its_closed_form(decay: float) -> None:
    p = replace(
        P,
        environment_decay_per_month=decay,
        emission_per_output=0.04,
        mitigation_effect=np.log(2.0),
        mitigation_spend_ratio=1.0,
    )
    rest = 0.04 * 0.7 * 0.5 / decay
    stock = 3.0
    for month in range(1, 201):
        stock = m4.step_environment(stock, 0.7, 0.0, p)
        path = rest + (3.0 - rest) * (1.0 - decay) ** month
        assert stock == pytest.approx(path, rel=1e-12)
    assert m4.step_environment(rest, 0.7, 0.0, p) == pytest.approx(rest, rel=1e-12)


def test_accident_adds_its_size_and_a_clean_up_stops_at_zero() -> None:
    p = replace(P, environment_decay_per_month=0.1, emission_per_output=0.0)
    after = m4.step_environment(np.array([1.0, 1.0]), 1.0, np.array([0.5, -2.0]), p)
    assert after == pytest.approx([1.4, 0.0], abs=1e-12)


def test_without_emissions_and_shocks_there_is_no_harm() -> None:
    p = replace(P, emission_per_output=0.0)
    stock = m4.step_environment(np.zeros(3), 1.0, 0.0, p)
    assert np.array_equal(stock, np.zeros(3))
    assert np.array_equal(m4.harm(np.array([0.0, 0.5, 1.0]), stock), np.zeros(3))


def test_harm_values_and_extremes() -> None:
    assert m4.harm(1.0, np.log(2.0)) == pytest.approx(0.5, abs=1e-12)
    assert m4.harm(0.5, np.log(4.0)) == pytest.approx(0.5, abs=1e-12)
    assert np.array_equal(m4.harm(np.array([0.0, 1.0]), 1e6), [0.0, 1.0])


@settings(max_examples=50)
@given(exposure=shares, more=shares, stock=st.floats(0.0, 20.0), extra=st.floats(0.0, 20.0))
def test_more_exposure_or_burden_never_lowers_harm(exposure, more, stock, extra) -> None:
    base = m4.harm(exposure, stock)
    assert 0.0 <= base <= 1.0
    assert m4.harm(exposure + more, stock) >= base
    assert m4.harm(exposure, stock + extra) >= base


@settings(max_examples=50)
@given(security=six_shares, direct=six_rates, repair=six_rates, coupling=st.floats(0.0, 0.2))
def test_security_stays_a_share(security, direct, repair, coupling) -> None:
    p = replace(P, threat_coupling_per_month=coupling)
    after = m4.step_security(security, direct, repair, p)
    assert after.shape == (6,)
    assert (after >= 0.0).all()
    assert (after <= 1.0).all()


def test_security_does_not_change_its_inputs() -> None:
    security, direct, repair = np.full(6, 0.5), np.full(6, 0.1), np.full(6, 0.2)
    m4.step_security(security, direct, repair, LINKED)
    assert np.array_equal(security, np.full(6, 0.5))
    assert np.array_equal(direct, np.full(6, 0.1))
    assert np.array_equal(repair, np.full(6, 0.2))


@settings(max_examples=50)
@given(start=arrays(np.float64, 6, elements=st.floats(0.01, 1.0)), repair=st.floats(0.0, 1.0))
def test_start_pressure_makes_the_start_a_rest_point(start, repair) -> None:
    p = replace(SEPARATE, security_repair_per_month=repair)
    after = m4.step_security(start, m4.start_pressure(start, p), np.full(6, repair), p)
    assert after == pytest.approx(start, abs=1e-12)


def test_rest_point_attracts_from_both_sides() -> None:
    start = np.array([0.05, 0.3, 0.5, 0.7, 0.9, 1.0])
    p = replace(SEPARATE, security_repair_per_month=0.03)
    pressure = m4.start_pressure(start, p)
    for begin in (0.0, 1.0):
        security = np.full(6, begin)
        for _ in range(1000):
            security = m4.step_security(security, pressure, np.full(6, 0.03), p)
        assert security == pytest.approx(start, abs=1e-9)


@pytest.mark.parametrize("bad", [0.0, -0.1, 1.0001, np.nan])
def test_start_pressure_refuses_what_no_pressure_can_hold(bad: float) -> None:
    with pytest.raises(ValueError, match=r"\(0, 1\]"):
        m4.start_pressure(np.array([0.5, bad]), P)


def test_separate_threats_stay_separate_and_linked_ones_spread() -> None:
    direct, repair = np.full(6, 0.02), np.full(6, 0.03)
    whole = np.full(6, 0.8)
    hit = whole.copy()
    hit[0] = 0.3
    apart = m4.step_security(hit, direct, repair, SEPARATE)
    assert np.array_equal(apart[1:], m4.step_security(whole, direct, repair, SEPARATE)[1:])
    spread = m4.step_security(whole, direct, repair, LINKED) - m4.step_security(
        hit, direct, repair, LINKED
    )
    # The other five lose coupling * extra insecurity * own security = 0.05 * 0.5 * 0.8.
    assert spread[1:] == pytest.approx(np.full(5, 0.02), abs=1e-12)


def test_a_kind_does_not_threaten_itself() -> None:
    alone = np.array([0.4, 1.0, 1.0, 1.0, 1.0, 1.0])
    after = m4.step_security(alone, np.zeros(6), np.zeros(6), LINKED)
    # The others lose 0.05 * 0.6 * 1; the insecure one faces five secure kinds and loses nothing.
    assert after == pytest.approx([0.4, 0.97, 0.97, 0.97, 0.97, 0.97], abs=1e-12)


@settings(max_examples=50)
@given(security=six_shares, direct=six_rates, extra=six_rates, repair=six_rates)
def test_more_pressure_never_raises_security(security, direct, extra, repair) -> None:
    before = m4.step_security(security, direct, repair, LINKED)
    after = m4.step_security(security, direct + extra, repair, LINKED)
    assert (after <= before + 1e-12).all()


@settings(max_examples=25)
@given(
    output=arrays(np.float64, 24, elements=shares),
    extra=arrays(np.float64, 24, elements=shares),
    exposure=shares,
)
def test_more_harm_never_raises_security_nor_lowers_grievance(output, extra, exposure) -> None:
    """T-C1: stock, harm, security and operational grievance along two paired paths."""
    upset = default_parameters().grievance
    natural = np.full(6, P.security_repair_per_month)
    stocks, grievances, securities = np.zeros(2), np.full(2, 0.1), np.full((2, 6), 0.7)
    for month in range(24):
        outputs = np.array([output[month], output[month] + extra[month]])
        stocks = m4.step_environment(stocks, outputs, 0.0, P)
        hurt = m4.harm(exposure, stocks)
        pressure = P.harm_direct_per_month * hurt[:, None] * np.array([0, 0, 1.0, 1.0, 0, 0])
        securities = m4.step_security(securities, pressure, natural, LINKED)
        inflow = operational_inflow(hurt, 0.0, 0.0, 0.0, upset)
        grievances = step_grievance(grievances, inflow, upset.decay_per_month)
        assert stocks[1] >= stocks[0]
        assert hurt[1] >= hurt[0]
        assert (securities[1] <= securities[0] + 1e-12).all()
        assert grievances[1] >= grievances[0] - 1e-12


@pytest.mark.parametrize(("output", "rest"), [(1.0, 0.2918), (0.0, 0.0)])
def test_steady_output_ends_in_the_grievance_that_its_closed_forms_give(output, rest) -> None:
    """E* = 0.4 at full output, harm = 1 - e^-0.4 = 0.3297, G* = 0.01648 / 0.05648."""
    p = replace(
        P, environment_decay_per_month=0.05, emission_per_output=0.02, mitigation_effect=0.0
    )
    upset = replace(default_parameters().grievance, harm_inflow=0.05)
    stock = stock_of_grievance = 0.0
    for _ in range(2000):
        stock = m4.step_environment(stock, output, 0.0, p)
        inflow = operational_inflow(m4.harm(1.0, stock), 0.0, 0.0, 0.0, upset)
        stock_of_grievance = step_grievance(stock_of_grievance, inflow, 0.04)
    u = 0.05 * (1 - np.exp(-0.4 * output))
    assert stock_of_grievance == pytest.approx(u / (u + 0.04), abs=1e-9)
    assert stock_of_grievance == pytest.approx(rest, abs=1e-4)


def test_a_village_equals_its_people_one_by_one() -> None:
    rng = np.random.default_rng(4)
    security, direct, repair = rng.random((3, 50, 6))
    whole = m4.step_security(security, direct, repair, LINKED)
    alone = [
        m4.step_security(w, d, r, LINKED) for w, d, r in zip(security, direct, repair, strict=True)
    ]
    assert np.array_equal(whole, alone)
