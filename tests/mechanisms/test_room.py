"""Block M5: mapping, inviting, attending, speaking, agreeing, and whose agenda it is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parley.mechanisms import room as m5
from parley.registry import default_parameters

P = default_parameters().room
KINDS = np.eye(6)

shares = st.floats(0.0, 1.0)


@st.composite
def simplex(draw, rows: int | None = None):
    """One composition of six kinds, or a stack of them."""
    shape = 6 if rows is None else (rows, 6)
    raw = draw(arrays(np.float64, shape, elements=st.floats(0.001, 1.0)))
    return raw / raw.sum(axis=-1, keepdims=True)


@st.composite
def rooms(draw):
    """Speaking weights and needs of 1 to 12 people."""
    people = draw(st.integers(1, 12))
    weights = draw(arrays(np.float64, people, elements=st.floats(0.01, 10.0)))
    return weights, draw(simplex(rows=people))


def is_composition(q) -> bool:
    return bool((q >= 0.0).all()) and np.allclose(q.sum(axis=-1), 1.0, rtol=0, atol=1e-12)


# --- who is known, invited, present -----------------------------------------------------------


@settings(max_examples=50)
@given(view=shares, mappers=st.integers(0, 20))
def test_known_share_is_the_complement_of_joint_ignorance(view, mappers) -> None:
    assert m5.known_share(view, mappers) == pytest.approx(1 - (1 - view) ** mappers, abs=1e-12)


def test_known_share_at_the_edges() -> None:
    known = m5.known_share(np.array([0.0, 1.0, 1.0, 0.5]), np.array([5.0, 0.0, 0.5, 0.0]))
    assert np.array_equal(known, [0.0, 0.0, 1.0, 0.0])


def test_knowledge_decays_geometrically_unless_renewed() -> None:
    p = replace(P, known_decay_per_month=0.04)
    known = 0.8
    for _ in range(12):
        known = m5.step_known(known, 0.0, p)
    assert known == pytest.approx(0.8 * 0.96**12, rel=1e-12)
    assert m5.step_known(known, 0.7, p) == 0.7
    assert m5.step_known(0.6, 0.0, replace(P, known_decay_per_month=0.0)) == 0.6


def test_invitation_from_base_to_everyone_in_reach() -> None:
    p = replace(P, meeting_reach_share=0.2, invite_base_share=0.1)
    invited = m5.invitation(np.array([1.0, 1.0, 0.5, 0.0]), np.array([0.0, 1.0, 1.0, 1.0]), p)
    assert invited == pytest.approx([0.02, 0.2, 0.1, 0.0], abs=1e-12)


@settings(max_examples=50)
@given(known=shares, low=shares, high=shares)
def test_more_inclusive_never_invites_fewer(known, low, high) -> None:
    low, high = sorted((low, high))
    invited = m5.invitation(known, np.array([low, high]), P)
    assert 0.0 <= invited[0] <= invited[1] + 1e-15 <= 1.0 + 1e-15


def test_attendance_weighs_stake_against_cost() -> None:
    p = replace(
        P,
        attend_intercept=0.0,
        attend_stake=1.0,
        attend_stipend=0.5,
        attend_opportunity=0.5,
        attend_trust=2.0,
    )

    def chance(stake=0.0, stipend=0.0, cost=0.0, trust=0.5) -> float:
        return float(m5.attendance_probability(stake, stipend, cost, trust, p))

    assert chance() == 0.5
    assert chance(stake=1.0) == pytest.approx(1 / (1 + np.exp(-1.0)), abs=1e-12)
    assert chance(stipend=1.0, cost=1.0) == pytest.approx(0.5, abs=1e-12)
    assert chance(cost=2.0) == pytest.approx(1 - chance(stake=1.0), abs=1e-12)
    assert chance(trust=0.0) == pytest.approx(1 - chance(trust=1.0), abs=1e-12)
    assert chance(cost=1e6) == 0.0


# --- who is heard -------------------------------------------------------------------------------


@settings(max_examples=50)
@given(
    status=arrays(np.float64, 5, elements=shares),
    facilitation=shares,
    methods=shares,
    effect=st.floats(-1.0, 1.0),
)
def test_facilitation_nobody_believes_changes_nothing(status, facilitation, methods, effect):
    p = replace(P, facilitation_effect=effect)
    doubted = m5.speaking_weight(status, facilitation, 0.0, methods, p)
    assert np.array_equal(doubted, m5.speaking_weight(status, 0.0, 1.0, methods, p))


def test_facilitation_levels_or_tilts_the_room_by_its_sign() -> None:
    def dominance(effect: float) -> float:
        p = replace(P, speech_inequality=1.0, facilitation_effect=effect)
        low, high = m5.speaking_weight(np.array([0.0, 1.0]), 1.0, 1.0, 0.0, p)
        return float(high / low)

    assert dominance(1.0) == pytest.approx(1.0, abs=1e-12)
    assert dominance(0.4) == pytest.approx(np.exp(0.6), rel=1e-12)
    assert dominance(0.0) == pytest.approx(np.e, rel=1e-12)
    assert dominance(-1.0) == pytest.approx(np.exp(2.0), rel=1e-12)


def test_adapted_methods_level_or_tilt_the_room_without_a_facilitator() -> None:
    def dominance(effect: float, methods: float) -> float:
        p = replace(P, speech_inequality=1.0, methods_effect=effect)
        low, high = m5.speaking_weight(np.array([0.0, 1.0]), 0.0, 0.0, methods, p)
        return float(high / low)

    assert dominance(0.4, 0.0) == pytest.approx(np.e, rel=1e-12)
    assert dominance(0.4, 0.5) == pytest.approx(np.exp(0.8), rel=1e-12)
    assert dominance(-0.5, 1.0) == pytest.approx(np.exp(1.5), rel=1e-12)


def test_without_speech_inequality_everybody_counts_the_same() -> None:
    p = replace(P, speech_inequality=0.0)
    weights = m5.speaking_weight(np.linspace(0, 1, 7), 0.0, 0.5, 0.0, p)
    assert np.array_equal(weights, np.ones(7))


@settings(max_examples=50)
@given(room=rooms(), scale=st.floats(0.1, 10.0), seed=st.integers(0, 999))
def test_room_view_is_a_composition_and_blind_to_order_and_scale(room, scale, seed) -> None:
    weights, needs = room
    view = m5.room_view(weights, needs)
    assert is_composition(view)
    order = np.random.default_rng(seed).permutation(len(weights))
    assert m5.room_view(weights[order], needs[order]) == pytest.approx(view, abs=1e-12)
    assert m5.room_view(weights * scale, needs) == pytest.approx(view, abs=1e-12)
    assert m5.spread(weights[order], needs[order]) == pytest.approx(
        m5.spread(weights, needs), abs=1e-7
    )


@settings(max_examples=50)
@given(room=rooms(), absent=simplex(rows=3))
def test_whoever_is_absent_does_not_count(room, absent) -> None:
    weights, needs = room
    padded = np.append(weights, np.zeros(3)), np.vstack([needs, absent])
    assert m5.room_view(*padded) == pytest.approx(m5.room_view(weights, needs), abs=1e-12)
    assert m5.spread(*padded) == pytest.approx(m5.spread(weights, needs), abs=1e-7)


def test_an_empty_room_has_no_view() -> None:
    for weights in (np.zeros(0), np.zeros(2)):
        needs = np.full((len(weights), 6), 1 / 6)
        with pytest.raises(ValueError, match="empty"):
            m5.room_view(weights, needs)
        with pytest.raises(ValueError, match="empty"):
            m5.spread(weights, needs)


# --- breadth against agreement ------------------------------------------------------------------


@settings(max_examples=50)
@given(room=rooms())
def test_spread_has_its_bounds(room) -> None:
    assert 0.0 <= m5.spread(*room) <= np.sqrt(5) / 6


def test_spread_of_full_disagreement_and_of_none() -> None:
    assert m5.spread(np.ones(6), KINDS) == pytest.approx(np.sqrt(5) / 6, abs=1e-12)
    assert m5.spread(np.array([1.0, 2.0]), KINDS[[0, 0]]) == 0.0
    # Weights 1 and 3: variance 3/16 in each of two kinds.
    assert m5.spread(np.array([1.0, 3.0]), KINDS[[0, 1]]) == pytest.approx(0.25, abs=1e-12)


@settings(max_examples=50)
@given(spread=st.floats(0.0, 0.37), step=st.floats(0.05, 0.95), tolerance=st.floats(0.01, 0.3))
def test_rounds_follow_the_geometric_law(spread, step, tolerance) -> None:
    p = replace(P, consensus_step_share=step, agreement_spread=tolerance, max_rounds=60)
    held, agreed = m5.rounds_to_agree(spread, p)
    assert 1 <= held <= 60
    assert agreed == (spread * (1 - step) ** held <= tolerance * (1 + 1e-12))
    if held > 1:
        assert spread * (1 - step) ** (held - 1) > tolerance * (1 - 1e-12)


def test_a_room_gives_up_when_time_is_up() -> None:
    p = replace(P, consensus_step_share=0.1, agreement_spread=0.01, max_rounds=4)
    assert m5.rounds_to_agree(0.3, p) == (4, False)
    stubborn = replace(P, consensus_step_share=0.0, agreement_spread=0.08)
    assert m5.rounds_to_agree(0.0801, stubborn) == (P.max_rounds, False)
    assert m5.rounds_to_agree(0.08, stubborn) == (1, True)
    yielding = replace(P, consensus_step_share=1.0, agreement_spread=0.0)
    assert m5.rounds_to_agree(0.37, yielding) == (1, True)


def test_a_broader_room_takes_longer_and_in_the_end_fails() -> None:
    """Groups with one need each join one by one: every newcomer widens the spread."""
    p = replace(P, consensus_step_share=0.3, agreement_spread=0.08, max_rounds=4)
    outcomes = []
    for groups in range(1, 7):
        spread = m5.spread(np.ones(groups), KINDS[:groups])
        assert spread == pytest.approx(np.sqrt((1 - 1 / groups) / 6), abs=1e-12)
        outcomes.append(m5.rounds_to_agree(spread, p))
    assert outcomes == [(1, True), (4, True), (4, False), (4, False), (4, False), (4, False)]
    patient = replace(p, max_rounds=60)
    held = [m5.rounds_to_agree(m5.spread(np.ones(g), KINDS[:g]), patient)[0] for g in range(1, 7)]
    assert held == [1, 4, 5, 5, 5, 5]


# --- whose agenda -------------------------------------------------------------------------------


@settings(max_examples=50)
@given(parts=simplex(rows=3), weight=shares, anchor=shares)
def test_agenda_is_a_composition(parts, weight, anchor) -> None:
    p = replace(P, initiator_anchor_share=anchor)
    assert is_composition(m5.agenda(*parts, weight, p))


@settings(max_examples=50)
@given(parts=simplex(rows=3), other=simplex(), anchor=shares)
def test_without_local_decision_the_room_does_not_matter(parts, other, anchor) -> None:
    company, room, start = parts
    p = replace(P, initiator_anchor_share=anchor)
    alone = m5.agenda(company, room, start, 0.0, p)
    assert np.array_equal(alone, m5.agenda(company, other, start, 0.0, p))
    assert alone == pytest.approx((1 - anchor) * company + anchor * start, abs=1e-12)


def test_agenda_at_its_three_corners() -> None:
    company, room, start = KINDS[:3]
    free, bound = replace(P, initiator_anchor_share=0.0), replace(P, initiator_anchor_share=1.0)
    assert np.array_equal(m5.agenda(company, room, start, 0.0, free), company)
    assert np.array_equal(m5.agenda(company, room, start, 1.0, free), room)
    assert np.array_equal(m5.agenda(company, room, start, 1.0, bound), start)


def test_agenda_of_many_villages_at_once() -> None:
    rng = np.random.default_rng(5)
    company, room, start = rng.dirichlet(np.ones(6), (3, 8))
    weight = rng.random((8, 1))
    together = m5.agenda(company, room, start, weight, P)
    for village in range(8):
        alone = m5.agenda(company[village], room[village], start[village], weight[village], P)
        assert np.array_equal(together[village], alone)


def test_company_agenda_runs_from_interest_to_knowledge() -> None:
    mean, own = KINDS[0], KINDS[5]
    agendas = [
        m5.company_agenda(mean, own, replace(P, company_expertise_share=x)) for x in (0, 0.3, 1)
    ]
    assert np.array_equal(agendas[0], own)
    assert agendas[1] == pytest.approx([0.3, 0, 0, 0, 0, 0.7], abs=1e-12)
    assert np.array_equal(agendas[2], mean)


@settings(max_examples=50)
@given(agenda=simplex(), company=simplex(), needs=simplex(rows=7))
def test_match_is_a_share_and_influence_its_difference(agenda, company, needs) -> None:
    match = m5.match(agenda, needs)
    assert match.shape == (7,)
    assert (match >= 0.0).all()
    assert (match <= 1.0 + 1e-12).all()
    # Overlap is one minus half the L1 distance.
    assert match == pytest.approx(1 - np.abs(agenda - needs).sum(axis=1) / 2, abs=1e-12)
    influence = m5.influence(agenda, company, needs)
    assert (np.abs(influence) <= 1.0 + 1e-12).all()
    assert influence == pytest.approx(-m5.influence(company, agenda, needs), abs=1e-15)
    assert np.array_equal(m5.influence(agenda, agenda, needs), np.zeros(7))


def gain_from_local_decision(expertise: float) -> float:
    """Mean gain in match from giving the room all decision weight, over 400 villages.

    The rooms are small (12 of 200 people), and people of standing, whose needs differ, speak
    more: what a company with the right figures can beat.
    """
    p = replace(
        P, company_expertise_share=expertise, initiator_anchor_share=0.0, speech_inequality=2.0
    )
    rng = np.random.default_rng(11)
    gains = []
    for _ in range(400):
        status = rng.random(200)
        elite, ordinary, interest = rng.dirichlet(np.full(6, 2.0), 3)
        centre = np.where(status[:, None] > 0.7, elite, ordinary)
        needs = rng.gamma(12.0 * centre + 0.05)
        needs /= needs.sum(axis=1, keepdims=True)
        company = m5.company_agenda(needs.mean(axis=0), interest, p)
        present = rng.choice(200, 12, replace=False)
        weights = m5.speaking_weight(status[present], 0.0, 0.0, 0.0, p)
        view = m5.room_view(weights, needs[present])
        local = m5.agenda(company, view, company, 1.0, p)
        gains.append(m5.influence(local, company, needs).mean())
    return float(np.mean(gains))


def test_local_decision_can_help_and_can_hurt() -> None:
    """Against a company that knows every mean need the room loses; against a blind one it wins."""
    gains = [gain_from_local_decision(expertise) for expertise in (0.0, 0.5, 0.75, 1.0)]
    assert gains == pytest.approx([0.113, 0.021, -0.008, -0.022], abs=0.004)


# --- voice --------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(
    needs=simplex(rows=9),
    heard=arrays(np.float64, 3, elements=st.floats(0.01, 5.0)),
    weight=shares,
    anchor=shares,
)
def test_voice_is_the_share_of_speaking_times_the_room_weight(needs, heard, weight, anchor):
    """Closed form for equal weights inside each of three groups of 2, 3 and 4 people."""
    p = replace(P, initiator_anchor_share=anchor)
    group = np.repeat([0, 1, 2], [2, 3, 4])
    weights = heard[group]
    voices = [m5.voice_of_group(weights, needs, group == g, weight, p) for g in range(3)]
    said = heard * [2, 3, 4]
    assert voices == pytest.approx((1 - anchor) * weight * said / said.sum(), abs=1e-9)
    assert sum(voices) == pytest.approx((1 - anchor) * weight, abs=1e-9)


def test_voice_is_the_same_for_a_small_move_as_for_a_large_one() -> None:
    """Members differ in weight and needs; a move of one percent of the way, worked out afresh."""
    rng = np.random.default_rng(3)
    needs, weights = rng.dirichlet(np.ones(6), 8), rng.uniform(0.2, 3.0, 8)
    member = np.arange(8) < 3
    towards = KINDS[needs[:3].mean(axis=0).argmin()]
    moved = needs.copy()
    moved[:3] += 0.01 * (towards - moved[:3])
    agendas = [
        (1 - P.initiator_anchor_share) * 0.6 * (weights @ n) / weights.sum() for n in (needs, moved)
    ]
    shift = np.abs(moved[:3].mean(axis=0) - needs[:3].mean(axis=0)).sum()
    expected = np.abs(agendas[1] - agendas[0]).sum() / shift
    assert m5.voice_of_group(weights, needs, member, 0.6, P) == pytest.approx(expected, rel=1e-9)


def test_voice_is_zero_without_decision_members_or_speakers() -> None:
    needs, everyone = np.full((4, 6), 1 / 6), np.ones(4, dtype=bool)
    assert m5.voice_of_group(np.ones(4), needs, everyone, 0.0, P) == 0.0
    assert m5.voice_of_group(np.ones(4), needs, ~everyone, 0.5, P) == 0.0
    assert m5.voice_of_group(np.zeros(4), needs, everyone, 0.5, P) == 0.0
    absent = np.array([0.0, 0.0, 1.0, 1.0])
    first = np.array([True, True, False, False])
    assert m5.voice_of_group(absent, needs, first, 0.5, P) == 0.0


def test_believed_facilitation_gives_the_low_group_its_share() -> None:
    p = replace(P, speech_inequality=2.0, facilitation_effect=0.8, initiator_anchor_share=0.0)
    status, low = np.array([0.1, 0.1, 0.9, 0.9]), np.array([True, True, False, False])
    needs = np.random.default_rng(2).dirichlet(np.ones(6), 4)

    def voice(credibility: float) -> float:
        weights = m5.speaking_weight(status, 1.0, credibility, 0.0, p)
        return m5.voice_of_group(weights, needs, low, 1.0, p)

    assert voice(0.0) == pytest.approx(1 / (1 + np.exp(1.6)), abs=1e-9)
    assert voice(1.0) == pytest.approx(1 / (1 + np.exp(0.32)), abs=1e-9)
