"""Block M6: believed rent, claims, standoffs, hardening, and who believes the facilitator."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from parley.mechanisms import bargain as m6
from parley.registry import default_parameters

P = default_parameters().bargain


# --- the bargaining weight (T-D10) --------------------------------------------------------------


def alternating_offers(r_f: float, r_c: float, interval: float) -> tuple[float, float]:
    """The community's share when it, and when the company, makes the first offer.

    Each proposer leaves the other just what waiting one interval is worth to it:
    first = 1 - d_f (1 - second),  second = d_c first.
    """
    d_f, d_c = np.exp(-r_f * interval), np.exp(-r_c * interval)
    first, second = np.linalg.solve([[1.0, -d_f], [-d_c, 1.0]], [1.0 - d_f, 0.0])
    return float(first), float(second)


@pytest.mark.parametrize(
    ("r_f", "r_c", "share"), [(0.08, 0.08, 0.5), (0.08, 0.4, 0.167), (0.08, 1.0, 0.074)]
)
def test_weight_is_the_limit_of_alternating_offers(r_f: float, r_c: float, share: float) -> None:
    p = replace(P, company_impatience_per_year=r_f, community_impatience_per_year=r_c)
    weight = m6.bargaining_weight(p)
    assert weight == pytest.approx(share, abs=0.0005)
    first, second = alternating_offers(r_f, r_c, interval=1e-6)
    assert weight == pytest.approx(first, abs=1e-5)
    assert weight == pytest.approx(second, abs=1e-5)
    # With a year between offers it is no longer the limit: the first mover gains.
    first, second = alternating_offers(r_f, r_c, interval=1.0)
    assert first > weight + 0.005
    assert first > second


def test_backward_induction_reaches_the_same_share() -> None:
    """75 years of offers, one every third of a day; whoever makes the last one takes all."""
    r_f, r_c, interval = 0.08, 0.4, 0.001
    d_f, d_c = np.exp(-r_f * interval), np.exp(-r_c * interval)
    share = 1.0
    for _ in range(75_000):
        share = 1.0 - d_f * (1.0 - d_c * share)
    assert share == pytest.approx(alternating_offers(r_f, r_c, interval)[0], abs=1e-12)
    assert m6.bargaining_weight(
        replace(P, company_impatience_per_year=r_f, community_impatience_per_year=r_c)
    ) == pytest.approx(share, abs=1e-3)


# --- beliefs ------------------------------------------------------------------------------------


def test_prior_mean_reads_prices_as_rent() -> None:
    p = replace(P, belief_bias=-0.1, price_overreading=0.5)
    assert m6.prior_mean(np.array([-0.2, 0.0, 0.4]), p) == pytest.approx([-0.2, -0.1, 0.1])
    blind = replace(P, belief_bias=0.0, price_overreading=0.0)
    assert np.array_equal(m6.prior_mean(np.array([-0.2, 0.4]), blind), np.zeros(2))


@settings(max_examples=50)
@given(mean=st.floats(-1.0, 1.0), precision=st.floats(0.0, 1000.0), sd=st.floats(0.05, 3.0))
def test_posterior_adds_precisions(mean, precision, sd) -> None:
    m, s = m6.posterior(mean, precision, replace(P, belief_noise_sd=sd))
    assert 1 / s**2 == pytest.approx(1 / sd**2 + precision, rel=1e-9)
    assert m == pytest.approx(mean * (1 / sd**2) * s**2, rel=1e-9, abs=1e-12)


def test_posterior_agrees_with_the_rule_of_bayes() -> None:
    """Prior N(0.4, 0.8^2) times the likelihood of a statement "no error" of precision 10."""

    def joint(b: float) -> float:
        return float(norm.pdf(b, 0.4, 0.8) * norm.pdf(0.0, b, 10**-0.5))

    evidence = quad(joint, -6, 6)[0]
    mean = quad(lambda b: b * joint(b), -6, 6)[0] / evidence
    variance = quad(lambda b: (b - mean) ** 2 * joint(b), -6, 6)[0] / evidence
    m, s = m6.posterior(0.4, 10.0, replace(P, belief_noise_sd=0.8))
    assert m == pytest.approx(mean, abs=1e-9)
    assert s == pytest.approx(np.sqrt(variance), abs=1e-9)


def test_certain_beliefs_do_not_move() -> None:
    m, s = m6.posterior(0.3, np.array([0.0, 100.0]), replace(P, belief_noise_sd=0.0))
    assert np.array_equal(m, [0.3, 0.3])
    assert np.array_equal(s, [0.0, 0.0])


# --- standoffs (T-D6, T-C6) ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("m", "s", "margin", "hardness"),
    [
        (0.0, 0.4, 0.1, 1.0),
        (0.4, 0.8, 0.1, 1.0),
        (0.0, 0.3, -0.2, 0.8),
        (-0.3, 0.6, 0.5, 1.5),
        (0.2, 0.9, 0.8, 2.5),
    ],
)
def test_standoff_formula_against_a_million_draws(m, s, margin, hardness) -> None:
    rng = np.random.default_rng(20_240)
    rent, weight = 7.0, 0.2
    error = rng.normal(m, s, 1_000_000)
    claims = m6.claim(rent, error, weight, hardness)
    refused = 1.0 - m6.accepted(claims, rent, weight, margin).mean()
    formula = m6.standoff_probability(m, s, margin, hardness)
    assert refused == pytest.approx(formula, abs=0.0015)
    # The draws tell the formula from the same formula with one of its parts left out.
    if hardness != 1.0:
        assert abs(refused - m6.standoff_probability(m, s, margin, 1.0)) > 0.02
    if m != 0.0:
        assert abs(refused - m6.standoff_probability(0.0, s, margin, hardness)) > 0.02
    assert abs(refused - m6.standoff_probability(m, s, 0.0, hardness)) > 0.02


@pytest.mark.parametrize(
    ("m", "margin", "s", "expected"),
    [(0.4, 0.1, 0.2, 0.94), (0.4, 0.1, 0.8, 0.65), (0.0, 0.3, 0.2, 0.09), (0.0, 0.3, 0.5, 0.30)],
)
def test_precision_cuts_both_ways(m, margin, s, expected) -> None:
    """Distances to the ceiling: ln 1.1 - 0.4 = -0.30 and ln 1.3 = +0.26, before dividing by s."""
    assert m6.standoff_probability(m, s, margin, 1.0) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("m0", "margin", "expected"),
    [(0.4, 0.1, (0.65, 0.44, 0.18)), (0.0, -0.2, (0.61, 0.78, 0.99))],
)
def test_the_same_disclosure_calms_or_inflames(m0, margin, expected) -> None:
    p = replace(P, belief_noise_sd=0.8)
    m, s = m6.posterior(m0, np.array([0.0, 10.0, 100.0]), p)
    chances = m6.standoff_probability(m, s, margin, 1.0)
    assert chances == pytest.approx(expected, abs=0.005)


@settings(max_examples=50)
@given(
    m0=st.floats(-1.0, 1.0),
    margin=st.floats(-0.5, 1.0),
    hardness=st.floats(0.5, 3.0),
    sd=st.floats(0.1, 0.9),
    precision=st.floats(0.0, 50.0),
)
def test_disclosure_moves_standoffs_as_the_formula_says(m0, margin, hardness, sd, precision):
    """T-C6: a little more disclosure lowers P iff ln((1 + margin)/h) + m > 0."""
    p = replace(P, belief_noise_sd=sd)
    m, s = m6.posterior(m0, np.array([precision, precision + 1e-3]), p)
    ceiling = np.log((1 + margin) / hardness)
    assume(abs(ceiling + m[0]) > 1e-3)
    assume(abs(ceiling - m[0]) / s[0] < 5.0)  # beyond that P is flat to rounding
    less, more = m6.standoff_probability(m, s, margin, hardness)
    assert np.sign(less - more) == np.sign(ceiling + m[0])


@settings(max_examples=50)
@given(m0=st.floats(0.0, 1.0), margin=st.floats(0.0, 1.0), sd=st.floats(0.1, 0.9))
def test_disclosure_always_calms_over_estimators_who_are_paid_in_full(m0, margin, sd) -> None:
    m, s = m6.posterior(m0, np.linspace(0, 100, 50), replace(P, belief_noise_sd=sd))
    assert (np.diff(m6.standoff_probability(m, s, margin, 1.0)) <= 1e-12).all()


@settings(max_examples=50)
@given(m0=st.floats(-1.0, 0.0), margin=st.floats(-0.5, 0.0), sd=st.floats(0.1, 0.9))
def test_disclosure_always_exposes_a_company_that_underpays(m0, margin, sd) -> None:
    m, s = m6.posterior(m0, np.linspace(0, 100, 50), replace(P, belief_noise_sd=sd))
    assert (np.diff(m6.standoff_probability(m, s, margin, 1.0)) >= -1e-12).all()


def test_disclosure_first_calms_then_exposes_where_both_err() -> None:
    """Over-estimating by 0.4, paid 10% too little: the turn is where m = -ln 0.9."""
    turn = (0.4 / -np.log(0.9) - 1) / 0.64
    precision = np.array([0.0, turn / 2, turn, 2 * turn, 20 * turn])
    m, s = m6.posterior(0.4, precision, replace(P, belief_noise_sd=0.8))
    chances = m6.standoff_probability(m, s, -0.1, 1.0)
    assert chances[0] > chances[1] > chances[2]
    assert chances[2] < chances[3] < chances[4]


def test_certainty_is_a_step_and_the_limit_of_small_doubt() -> None:
    m = np.array([0.05, np.log(1.1), 0.15])
    assert np.array_equal(m6.standoff_probability(m, 0.0, 0.1, 1.0), [0.0, 0.0, 1.0])
    assert m6.standoff_probability(m[[0, 2]], 1e-9, 0.1, 1.0) == pytest.approx([0.0, 1.0])
    rent = np.full(3, 4.0)
    claims = m6.claim(rent, m - np.array([0, 1e-12, 0]), 0.3, 1.0)
    assert m6.accepted(claims, rent, 0.3, 0.1).tolist() == [True, True, False]


def test_null_switch_means_no_standoff() -> None:
    p = replace(P, belief_noise_sd=0.0, belief_bias=0.0, price_overreading=0.0)
    m, s = m6.posterior(m6.prior_mean(np.array([-0.5, 0.0, 0.5]), p), 3.0, p)
    assert np.array_equal(
        m6.standoff_probability(m, s, np.array([[0.0], [0.4]]), 1.0), [[0] * 3] * 2
    )


@settings(max_examples=50)
@given(
    m=st.floats(-5.0, 5.0),
    s=st.floats(0.0, 3.0),
    margin=st.floats(-1.0, 5.0),
    low=st.floats(0.5, 3.0),
    high=st.floats(0.5, 3.0),
)
def test_standoff_is_a_probability_that_rises_with_hardness(m, s, margin, low, high) -> None:
    less, more = m6.standoff_probability(m, s, margin, np.sort([low, high]))
    assert 0.0 <= less <= more <= 1.0


def test_a_company_that_pays_nothing_always_faces_a_standoff() -> None:
    assert m6.standoff_probability(-5.0, 0.5, -1.0, 0.5) == 1.0


def test_nothing_to_share_means_nothing_to_fight_about() -> None:
    rent = np.array([-3.0, 0.0])
    claims = m6.claim(rent, 2.0, 0.3, 3.0)
    assert np.array_equal(claims, [0.0, 0.0])
    assert m6.accepted(claims, rent, 0.3, 0.0).all()


# --- hardening and credibility ------------------------------------------------------------------


@settings(max_examples=50)
@given(
    hardness=st.floats(0.5, 3.0),
    events=st.tuples(*[st.integers(0, 5000)] * 4),
    rates=st.tuples(*[st.floats(-1.0, 1.0)] * 4),
)
def test_hardness_stays_in_its_range(hardness, events, rates) -> None:
    names = ("harden_conceded", "harden_broken", "harden_kept", "harden_refused")
    p = replace(P, **dict(zip(names, rates, strict=True)))
    assert 0.5 <= m6.harden(hardness, *events, p) <= 3.0


@pytest.mark.parametrize(
    ("name", "position", "sign"),
    [
        ("harden_conceded", 0, 1),
        ("harden_broken", 1, 1),
        ("harden_kept", 2, -1),
        ("harden_refused", 3, 1),
    ],
)
def test_each_switch_moves_demands_alone(name: str, position: int, sign: int) -> None:
    events = [0, 0, 0, 0]
    events[position] = 2
    off = replace(P, harden_conceded=0.0, harden_broken=0.0, harden_kept=0.0, harden_refused=0.0)
    assert m6.harden(1.3, *events, off) == 1.3
    on = replace(off, **{name: 0.1})
    assert m6.harden(1.3, *events, on) == pytest.approx(1.3 * np.exp(0.2 * sign), rel=1e-12)
    opposite = replace(off, **{name: -0.1})
    assert m6.harden(1.3, *events, opposite) == pytest.approx(1.3 * np.exp(-0.2 * sign), rel=1e-12)


def test_facilitator_is_believed_by_record_and_payer() -> None:
    p = replace(P, payer_discount=0.5)
    shares = np.array([0.0, 0.5, 1.0])
    assert m6.facilitator_credibility(0.8, shares, p) == pytest.approx([0.8, 0.6, 0.4])
    indifferent = replace(P, payer_discount=0.0)
    assert np.array_equal(m6.facilitator_credibility(0.8, shares, indifferent), [0.8] * 3)
    assert np.array_equal(m6.facilitator_credibility(0.0, shares, p), np.zeros(3))


def test_credibility_follows_accuracy_geometrically_and_both_ways() -> None:
    p = replace(P, credibility_learning=0.1)
    for start, accuracy in ((0.5, 0.9), (0.5, 0.2)):
        credibility = start
        for _ in range(10):
            credibility = m6.learn_credibility(credibility, accuracy, p)
        assert credibility == pytest.approx(accuracy + (start - accuracy) * 0.9**10, rel=1e-12)
    fixed = replace(P, credibility_learning=0.0)
    assert m6.learn_credibility(0.5, 1.0, fixed) == 0.5
