"""Dated events laid out by month: each kind fills the one input that the table names."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world.dated import ARRAYS, KINDS, dated

from parley.event_effects import event_effects
from parley.event_kinds import EVENT_KINDS
from parley.scenario import load_place, make_scenario

NEVER = 10_000
"""Months between elections where none is to fall into a run."""


def laid_out(*events, months=8):
    return event_effects(events, months, NEVER)


# --- the table, laid out by month ---------------------------------------------------------------

EXAMPLES = {
    "price_shock": (((2, -0.4, 3), (4, 0.1, 2)), (0, 0, -0.4, -0.4, -0.3, 0.1, 0, 0)),
    "accident": (((2, 0.5, 0), (2, 0.25, 0)), (0, 0, 0.75, 0, 0, 0, 0, 0)),
    "peace_accord": (((2, 0.5, 0), (5, 0.5, 0)), (1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25)),
    "violence": (((1, 2.0, 3), (3, 3.0, 2)), (1, 2, 2, 6, 3, 1, 1, 1)),
    "leader_killed": (((2, 0.5, 0), (2, 0.75, 0)), (0, 0, 1, 0, 0, 0, 0, 0)),
    "armed_groups": (((1, 2.0, 2), (4, 0.5, 0)), (1, 2, 2, 1, 0.5, 0.5, 0.5, 0.5)),
    "protest_wave": (((1, 0.25, 2), (2, 0.25, 2)), (0, 0.25, 0.5, 0.25, 0, 0, 0, 0)),
    "contact_ban": (((1, 0.5, 3), (3, 0.5, 3)), (1, 0.5, 0.5, 0.25, 0.5, 0.5, 1, 1)),
    "civic_space": (((2, 0.5, 0), (6, 0.5, 0)), (1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25)),
    "strike": (((1, 0.0, 2), (2, 0.5, 2)), (1, 0, 0, 0.5, 1, 1, 1, 1)),
    "output_change": (((1, 2.0, 0), (3, 0.5, 2)), (1, 2, 2, 1, 1, 2, 2, 2)),
    "emission_change": (((2, 3.0, 0), (4, 0.5, 0)), (1, 1, 3, 3, 1.5, 1.5, 1.5, 1.5)),
    "ownership_change": (((2, 0.75, 0), (2, 0.5, 0)), (0, 0, 1, 0, 0, 0, 0, 0)),
    "company_leaves": (((3, 0.0, 0), (5, 0.0, 0)), (0, 0, 0, 1, 0, 1, 0, 0)),
    "royalty_reform": (((2, 2.0, 0), (5, 0.5, 0)), (1, 1, 2, 2, 2, 1, 1, 1)),
    "state_income": (((1, 0.5, 2), (4, 0.8, 0)), (1, 0.5, 0.5, 1, 0.8, 0.8, 0.8, 0.8)),
    "livelihood_shock": (((1, 0.5, 3), (2, 0.5, 0)), (1, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 0.5)),
    "vote": (((3, 0.0, 0), (5, 0.0, 0)), (0, 0, 0, 1, 0, 1, 0, 0)),
    "note": (((3, 0.0, 0), (5, 0.0, 0)), ()),
}
"""Two events of one kind (month, size, length) and what their input then is in eight months."""


def test_every_kind_has_an_example():
    assert EXAMPLES.keys() == EVENT_KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_fills_its_own_input_and_no_other(kind):
    events, expected = EXAMPLES[kind]
    found, usual = laid_out(*(dated(kind, *event) for event in events)), laid_out()
    touched = {EVENT_KINDS[kind].input} | ({"months_to_vote"} if kind == "vote" else set())
    for name in ARRAYS:
        if name not in touched:
            np.testing.assert_array_equal(getattr(found, name), getattr(usual, name))
    if kind != "note":
        values = getattr(found, EVENT_KINDS[kind].input)
        np.testing.assert_allclose(values, expected, rtol=0.0, atol=1e-15)


def test_every_input_but_the_countdown_belongs_to_a_kind():
    assert {kind.input for kind in EVENT_KINDS.values()} - {""} == set(ARRAYS) - {"months_to_vote"}


@pytest.mark.parametrize("kind", [k for k in KINDS if EVENT_KINDS[k].lasting == "months or good"])
def test_no_months_means_for_good_and_some_mean_some(kind):
    name = EVENT_KINDS[kind].input
    good, some = (getattr(laid_out(dated(kind, 3, 0.5, m)), name) for m in (0, 2))
    np.testing.assert_array_equal(good, [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5])
    np.testing.assert_array_equal(some, [1, 1, 1, 0.5, 0.5, 1, 1, 1])


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_outside_the_run_does_nothing(kind):
    """Before the start too: a negative month is not counted from the end. A vote after the end
    says from when votes come regularly again, so it is left out here."""
    early = (dated(kind, -3, 0.5, 2), dated(kind, -1, 0.5, 5))
    late = () if kind == "vote" else (dated(kind, 8, 0.5, 2),)
    outside = laid_out(*early, *late)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(outside, name), getattr(laid_out(), name))


def test_shares_are_capped():
    effects = laid_out(dated("royalty_reform", 2, 5.0), dated("armed_groups", 3, 5.0))
    assert [effects.royalty_rate(0.3, month) for month in (1, 2)] == [0.3, 1.0]
    assert [effects.spoiler_presence(0.5, month) for month in (2, 3)] == [0.5, 1.0]
    assert effects.royalty_rate(0.1, 2) == 0.5
    assert effects.spoiler_presence(0.0, 3) == 0.0


def some(bounds, whole=False):
    if bounds is None:
        return st.just(0)
    low, high = bounds.minimum, bounds.maximum
    return st.integers(int(low), int(high)) if whole else st.floats(low, high)


@st.composite
def valid_events(draw):
    kind = EVENT_KINDS[draw(st.sampled_from(KINDS))]
    month = draw(st.integers(-60, 200))
    return dated(
        kind.key, month, float(draw(some(kind.magnitude))), draw(some(kind.months, whole=True))
    )


@settings(max_examples=200)
@given(st.lists(valid_events(), max_size=40), st.integers(1, 130), st.integers(1, 60))
def test_any_valid_events_give_sound_inputs(events, months, interval):
    effects = event_effects(events, months, interval)
    for name in ARRAYS:
        values = getattr(effects, name)
        assert values.shape == (months,)
        assert np.isfinite(values).all()
    for kind in EVENT_KINDS.values():
        if kind.combine == "multiply":
            assert getattr(effects, kind.input).min() >= 0.0
    for name in ("reprisals_heard", "posts_change"):
        assert 0.0 <= getattr(effects, name).min() <= getattr(effects, name).max() <= 1.0
    assert effects.meeting_reach.max() <= 1.0
    assert (effects.protest_wave >= 0.0).all()
    assert (effects.accident >= 0.0).all()
    assert ((effects.months_to_vote == 0) == effects.vote).all()
    for month in range(months):
        assert 0.0 <= effects.royalty_rate(0.5, month) <= 1.0
        assert 0.0 <= effects.spoiler_presence(0.5, month) <= 1.0


def test_the_next_vote_is_known_though_it_falls_after_the_end():
    """Votes in months 10 and 30 of a run of 24: in month 11 the next is 19 months away."""
    effects = event_effects([dated("vote", 10), dated("vote", 30)], 24, 48)
    assert np.flatnonzero(effects.vote).tolist() == [10]
    assert effects.months_to_vote[[0, 10, 11, 23]].tolist() == [10, 0, 19, 7]
    longer = event_effects([dated("vote", 10), dated("vote", 30)], 40, 48)
    assert longer.months_to_vote[:24].tolist() == effects.months_to_vote.tolist()


def test_bosnias_next_election_of_2020_is_seen_from_2019():
    place = load_place("bosnia")
    effects = event_effects(place.events, 120, place.facts.election_interval_months)
    assert effects.months_to_vote[119] == 11  # December 2019 to November 2020


def test_a_vote_after_the_end_is_part_of_what_a_scenario_is():
    """Officials look ahead to it, so it may change a number and must change the digest."""
    world = make_scenario(place="colombia", practices="none", months=24)
    without = tuple(event for event in world.place.events if event.kind != "vote")
    other = replace(world, place=replace(world.place, events=without))
    assert other.digest() != world.digest()
