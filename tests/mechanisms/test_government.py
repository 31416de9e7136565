"""Block M22: legitimacy, changes of government, alignment, what officials want."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.mechanisms.government import (
    OfficialWeights,
    alignment_target,
    approach,
    dropped,
    legitimacy_target,
    misrepresentation,
    official_needs,
    official_weights,
    redrawn_alignment,
    seen_together,
    turnover_probability,
)
from parley.registry import default_parameters

P = default_parameters().state
SHARE = st.floats(0.0, 1.0)
SIGNED = st.floats(-1.0, 1.0)
SIX = st.lists(st.floats(0.01, 1.0), min_size=6, max_size=6).map(lambda x: np.array(x) / np.sum(x))


@given(SHARE, SIGNED, SIGNED, SHARE)
@settings(deadline=None, max_examples=60)
def test_legitimacy_stays_a_share_and_moves_the_right_way(start, services, misled, force):
    rest = legitimacy_target(start, services, misled, force, P)
    assert 0.0 <= rest <= 1.0
    assert legitimacy_target(start, services + 0.1, misled, force, P) >= rest
    assert legitimacy_target(start, services, misled + 0.1, force, P) <= rest
    assert legitimacy_target(start, services, misled, force + 0.1, P) <= rest
    assert legitimacy_target(start, 0.0, 0.0, 0.0, P) == start


def test_legitimacy_comes_to_rest_where_services_and_misconduct_balance():
    """Known answer: L_t = L* + (L_0 - L*) (1 - a)^t with L* = 0.4 + 0.3 * 0.2 - 0.2 * 0.1."""
    p = replace(P, legitimacy_services=0.3, legitimacy_misrepresentation=0.2)
    rest = legitimacy_target(0.4, 0.2, 0.1, 0.0, p)
    assert rest == pytest.approx(0.44, abs=1e-15)
    stock = 0.4
    for _ in range(36):
        stock = approach(stock, rest, 0.05)
    assert stock == pytest.approx(0.44 - 0.04 * 0.95**36, abs=1e-12)
    off = replace(
        P, legitimacy_services=0.0, legitimacy_misrepresentation=0.0, legitimacy_force=0.0
    )
    assert legitimacy_target(0.37, 1.0, 1.0, 1.0, off) == 0.37


def test_votes_change_government_as_often_as_they_should():
    p = replace(P, turnover_share=0.5, turnover_legitimacy=1.0)
    assert turnover_probability(0.4, 0.4, p) == 0.5
    assert turnover_probability(0.1, 0.4, p) == pytest.approx(0.8)
    assert turnover_probability(1.0, 0.4, p) == 0.0
    always = replace(P, turnover_share=1.0, turnover_legitimacy=0.0)
    assert {turnover_probability(x, 0.4, always) for x in (0.0, 0.5, 1.0)} == {1.0}


def test_alignment_is_redrawn_about_the_first_and_moves_both_ways():
    spread = replace(P, realignment_spread=0.2)
    drawn = [redrawn_alignment(0.5, (i + 0.5) / 1000, spread) for i in range(1000)]
    assert np.mean(drawn) == pytest.approx(0.5, abs=1e-12)
    assert (min(drawn), max(drawn)) == pytest.approx((0.3002, 0.6998))
    assert redrawn_alignment(0.37, 0.9, replace(P, realignment_spread=0.0)) == 0.37
    for sign in (-1.0, 1.0):
        p = replace(P, alignment_revenue=sign * 0.2, alignment_complicity=0.0)
        assert alignment_target(0.5, 0.5, 1.0, p) == pytest.approx(0.5 + sign * 0.1)
    assert alignment_target(0.37, 0.9, 1.0, P) == 0.37, "off by default"


def test_company_and_state_are_seen_together_as_far_as_they_are():
    assert seen_together(0.123, replace(P, perceived_alignment_weight=0.0)) == 1.0
    whole = replace(P, perceived_alignment_weight=1.0)
    assert [seen_together(a, whole) for a in (0.0, 0.3, 1.0)] == [0.0, 0.3, 1.0]


@given(SIX, SIX, SHARE, SHARE)
@settings(deadline=None, max_examples=60)
def test_officials_say_a_mix_and_misrepresent_by_as_much_as_it_departs(mean, majority, m, w):
    own = np.eye(6)[4]
    said = official_needs(mean, majority, own, OfficialWeights(m, w))
    assert said.min() >= 0.0
    assert said.sum() == pytest.approx(1.0)
    assert 0.0 <= misrepresentation(said, mean) <= 1.0
    more = official_needs(mean, mean, own, OfficialWeights(m, min(w + 0.1, 1.0)))
    less = official_needs(mean, mean, own, OfficialWeights(m, w))
    assert misrepresentation(more, mean) >= misrepresentation(less, mean) - 1e-12
    honest = official_needs(mean, majority, own, OfficialWeights(0.0, 0.0))
    assert honest.tobytes() == mean.tobytes(), "to the bit"


def test_own_interest_needs_latitude_or_a_vote():
    p = replace(P, official_own_weight=0.5, official_prevote_weight=0.1)
    assert official_weights(0.0, False, p).own == 0.0
    assert official_weights(1.0, False, p).own == 0.5
    assert official_weights(1.0, True, p).own == 0.6
    assert official_weights(1.0, True, replace(p, official_own_weight=1.0)).own == 1.0


def test_only_a_new_government_drops_what_the_last_began():
    p = replace(P, drop_commitments_share=0.3)
    u = (np.arange(100) + 0.5) / 100
    assert int(dropped(u, True, p).sum()) == 30
    assert not dropped(u, False, p).any()
    assert not dropped(u, True, replace(p, drop_commitments_share=0.0)).any()
