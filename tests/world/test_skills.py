"""What training, use and leaving do to skills, and skills to what is carried out."""

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, mean_of, started
from world.test_chain import NO_TURNOVER, OPEN, fidelity, world

from parley.errors import ConservationError
from parley.institutions.chain import COMMUNITY, COMPANY, FACILITATOR, OFFICIAL
from parley.model import PartneringModel
from parley.state import Month
from parley.steps.books import check_skills
from parley.steps.chain import hand_over_posts
from parley.steps.skills import SKILLS, move_skills
from parley.streams import Streams


def test_training_raises_skills_and_through_them_what_is_carried_out():
    """In a place that lacks skill; without its gain the practice changes nothing but the count."""
    low = worlds.place(company_capacity=0.15, community_capacity=0.15)
    levels = (0.0, 1.0)
    stacks = [worlds.practices(0.6, price_multiplier=0.0, joint_training=x) for x in levels]
    steady = NO_TURNOVER | {"skills.use_gain_per_month": 0.0, "chain.attention_tasks": 10_000.0}
    plain, trained = (finished(world(stack, low, months=36, **steady)) for stack in stacks)
    assert mean_of(plain, "company_skill") == pytest.approx(0.15, abs=1e-12)
    assert mean_of(trained, "company_skill") > 0.2
    assert mean_of(trained, "community_skill") > 0.2
    last = [model.site_team.levels.inclusive for model in (plain, trained)]
    assert last[1] > last[0]
    off = steady | {"skills.training_gain_per_month": 0.0}
    runs = [finished(world(stack, low, months=36, **off)) for stack in stacks]
    assert set(differing(*runs)) <= {"implementation_fidelity"}


def test_training_fails_to_keep_pace_where_people_keep_leaving():
    """The same training; the share of its gain that is left falls with turnover."""
    able = worlds.place(company_capacity=0.4, community_capacity=0.4)
    ends = []
    for turnover in (0.0, 0.3):
        parameters = OPEN | {"chain.turnover_per_month": turnover, "chain.know_how_share": 0.3}
        skill = []
        for level in (0.0, 1.0):
            stack = worlds.practices(0.4, price_multiplier=0.0, joint_training=level)
            skill.append(
                mean_of(finished(world(stack, able, months=48, **parameters)), "company_skill")
            )
        ends.append(skill[1] - skill[0])
    assert ends[0] > 0.1
    assert 0.0 < ends[1] < 0.6 * ends[0]


def test_organisations_start_with_the_skills_of_the_place_and_keep_them():
    """Nothing announced, nobody leaves: five skills each stay where they are, to the bit."""
    empty = worlds.practices(0.0, owner="company")
    model = finished(world(empty, **NO_TURNOVER))
    facts = worlds.FACTS
    expected = {
        COMPANY: facts.company_capacity,
        OFFICIAL: facts.state_capacity,
        COMMUNITY: facts.community_capacity,
        FACILITATOR: (facts.company_capacity + facts.community_capacity) / 2.0,
    }
    for side, level in expected.items():
        assert np.array_equal(model.state.skills[side], np.full(len(SKILLS), level)), side
    used = finished(world(**NO_TURNOVER, **{"skills.training_gain_per_month": 0.0}))
    assert used.state.skills[COMPANY].min() > facts.company_capacity
    assert np.array_equal(
        used.state.skills[COMMUNITY], np.full(len(SKILLS), facts.community_capacity)
    )


def test_with_people_leaving_skills_rest_in_the_mean():
    """Nothing announced: over many fates of three posts skill stays around its start."""
    model = PartneringModel(world(worlds.practices(0.0), months=60))
    start, ends = model.state.skills, []
    for seed in range(60):
        model.streams, model.state.skills = Streams(seed, 0), dict(start)
        for month in range(60):
            model.now = Month(month, is_agenda_month=False)
            hand_over_posts(model)
            move_skills(model)
        ends.append([model.state.skills[side][0] for side in (COMPANY, COMMUNITY)])
    found, error = np.mean(ends, axis=0), np.std(ends, axis=0) / np.sqrt(len(ends))
    assert bool((error < 0.02).all())
    assert bool((error > 0.001).all()), "people do leave"
    expected = np.array([worlds.FACTS.company_capacity, worlds.FACTS.community_capacity])
    assert bool((np.abs(found - expected) < 3.0 * error).all()), (found, error)


def test_skills_outside_their_range_stop_the_run():
    model = started(world(), 2)
    model.state.skills[COMPANY] = np.full(len(SKILLS), -0.1)
    with pytest.raises(ConservationError, match="skills of company"):
        check_skills(model)


def test_hidden_local_skill_counts_once_it_is_used():
    """In a process that the community takes part in; in one of the company's it stays hidden."""
    hidden = NO_TURNOVER | {"skills.latent_share": 0.5}
    ends = {}
    for owner in ("joint", "company"):
        stack = worlds.practices(0.6, owner=owner, price_multiplier=0.0)
        runs = [finished(world(stack, **NO_TURNOVER)), finished(world(stack, **hidden))]
        ends[owner] = [mean_of(model, "community_skill") for model in runs]
    assert ends["joint"][1] > ends["joint"][0] + 0.03
    assert ends["company"][1] == ends["company"][0]


def test_without_words_in_common_rooms_take_longer_until_people_have_trained_together():
    misread = {"skills.misread_share": 0.6, "room.max_rounds": 60, "room.meeting_reach_share": 0.6}
    stack = worlds.practices(0.6, price_multiplier=0.0, joint_training=1.0)
    clear = finished(world(stack, **misread | {"skills.misread_share": 0.0}))
    model, learned = finished(world(stack, **misread)), started(world(stack, **misread), 0)
    learned.state.vocabulary = 1.0
    learned.step()
    first = started(world(stack, **misread), 1)
    plain = started(world(stack, **misread | {"skills.misread_share": 0.0}), 1)
    assert first.now.rounds > learned.now.rounds == plain.now.rounds
    assert 0.0 < model.state.vocabulary < 1.0
    assert "community_hours" in differing(clear, model)


def test_a_vote_takes_its_part_of_every_skill_of_the_municipality():
    stack = worlds.practices(0.6, owner="state", price_multiplier=0.0)
    at = worlds.place(election_interval_months=6, state_capacity=0.4)
    losing = {"state.postvote_capacity_loss": 0.5} | NO_TURNOVER | OPEN
    steady, shaken = (
        finished(world(stack, at, **losing | {"state.postvote_capacity_loss": loss}))
        for loss in (0.0, 0.5)
    )
    assert fidelity(shaken) < fidelity(steady) - 0.05
