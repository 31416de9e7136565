"""Who passes orders on, who leaves, and what that changes: two runs that differ in one thing each.

The null switches are asked of the whole model: with them the month is to the bit what it is without
the steps of the chain and of skills at all.
"""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, mean_of, started

import parley.model
from parley.institutions.chain import COMPANY, OFFICIAL
from parley.mechanisms import chain
from parley.model import PartneringModel
from parley.schedule import SCHEDULE
from parley.steps import delivery, practices
from parley.steps.chain import fill_posts, meet_successor
from parley.steps.leaving import close
from parley.steps.skills import SIDES
from parley.streams import Streams

NO_TURNOVER = {"chain.turnover_per_month": 0.0}
OPEN = {"chain.commitment_mean": 1.0, "chain.attention_tasks": 10_000.0}
"""Whatever is ordered is passed on."""

UNTAUGHT = {
    "skills.training_gain_per_month": 0.0,
    "skills.use_gain_per_month": 0.0,
    "skills.decay_per_month": 0.0,
}
NULL = OPEN | NO_TURNOVER | UNTAUGHT


def world(stack=None, at=None, months=24, **parameters):
    """A lively place of 150 people, run by the company unless the stack says otherwise."""
    stack = stack or worlds.practices(0.6, owner="company", price_multiplier=0.0)
    made = worlds.world(stack, at, months=months, population=150)
    return made.with_parameters(**{"mobilisation.threshold_mean": 0.45} | parameters)


def fidelity(model):
    return mean_of(model, "implementation_fidelity")


# --- null switches ------------------------------------------------------------------------------


@pytest.mark.parametrize("owner", ["company", "joint", "state", "ngo"])
def test_with_the_null_the_month_is_what_it_is_without_the_blocks(owner, monkeypatch):
    """To the bit: everything that is funded arrives, and skill is what the place says."""
    quiet = {"state.postvote_capacity_loss": 0.0, "room.facilitation_effect": 0.0}
    stack = worlds.practices(0.6, owner=owner, price_multiplier=0.0, facilitation=0.0)
    scenario = world(stack, **NULL | quiet)
    with_blocks = finished(scenario)
    facts = worlds.FACTS
    simple = {
        "company": facts.company_capacity,
        "state": facts.state_capacity,
        "joint": (facts.company_capacity + facts.community_capacity) / 2.0,
        "ngo": facts.community_capacity,
    }[owner]
    by_turns = (facts.company_capacity, facts.state_capacity, facts.community_capacity)
    rest = tuple(step for step in SCHEDULE if step.block not in ("M3", "M19"))
    assert len(rest) == len(SCHEDULE) - 2
    monkeypatch.setattr(parley.model, "SCHEDULE", rest)
    monkeypatch.setattr(practices, "carried_out", lambda _: 1.0)
    monkeypatch.setattr(practices, "owner_capacity", lambda _: simple)
    monkeypatch.setattr(delivery, "task_skill", lambda _: by_turns)
    assert differing(with_blocks, finished(scenario)) == []
    monkeypatch.setattr(practices, "carried_out", lambda _: 0.9)
    assert differing(with_blocks, finished(scenario)) != [], "the comparison can fail"


@pytest.mark.parametrize(
    ("null", "other"),
    [
        (OPEN, {"chain.commitment_spread": 1.0, "chain.champion_value": 0.0}),
        (OPEN, {"chain.bypass_share": 0.5, "practices.chain_layers": 3}),
        (NO_TURNOVER, {"chain.retention_base": 0.1, "chain.retention_practices": 1.0}),
        (NO_TURNOVER, {"chain.know_how_share": 0.3, "chain.personal_trust_share": 0.5}),
        ({"chain.weak_layer": 0}, {"chain.weak_layer_commitment": 0.4}),
        ({"chain.weak_layer": 8}, {"chain.weak_layer_commitment": 0.4}),
        ({"chain.norms": 0}, {"chain.tasks_per_norm": 500.0}),
        ({"chain.champion_share_company": 0.0}, {"chain.champion_value": 0.9}),
        ({"skills.latent_share": 0.0}, {"skills.latent_reveal_per_month": 1.0}),
        ({"skills.training_gain_per_month": 0.0}, {"skills.misread_share": 0.0}),
    ],
)
def test_what_a_null_switches_off_does_not_matter(null, other):
    base = world(**null)
    assert differing(finished(base), finished(base.with_parameters(**other))) == []


def test_a_chain_that_passes_everything_on_may_have_any_length():
    """Only who leaves, and when, is still noted."""
    runs = [finished(world(**NULL, **{"practices.chain_layers": n})) for n in (1, 5)]
    assert differing(*runs) == []


def test_turnover_where_nothing_is_held_by_persons_is_news_only_on_paper():
    alone = OPEN | {"chain.know_how_share": 0.0, "chain.personal_trust_share": 0.0}
    runs = [finished(world(**alone, **{"chain.turnover_per_month": mu})) for mu in (0.0, 0.2)]
    assert differing(*runs) == ["events"]


# --- the chain ----------------------------------------------------------------------------------


def test_a_weak_post_costs_the_company_s_practices_and_leaves_the_officials_alone():
    """One indifferent post of three; where in the chain it sits is next to no matter."""
    found = [finished(world(months=36, **{"chain.weak_layer": at})) for at in (0, 1, 2, 3)]
    whole, *weak = [fidelity(model) for model in found]
    assert max(weak) < whole - 0.1
    assert np.ptp(weak) < 0.12
    official = worlds.practices(0.6, owner="state", price_multiplier=0.0)
    runs = [finished(world(official, **{"chain.weak_layer": at})) for at in (0, 1)]
    assert differing(*runs) == []


def test_a_weak_post_is_worse_than_the_same_commitment_spread_evenly():
    """P01: three posts of 0.5, against 0.75, 0.75 and 0, without champions or indicators."""
    plain = {
        "chain.champion_share_company": 0.0,
        "chain.commitment_spread": 0.0,
        "chain.indicator_weight": 0.0,
        "chain.attention_tasks": 10_000.0,
    }
    even = finished(world(months=36, **plain, **{"chain.commitment_mean": 0.5}))
    weak = {"chain.weak_layer": 2, "chain.weak_layer_commitment": 0.0}
    uneven = finished(world(months=36, **plain, **weak, **{"chain.commitment_mean": 0.75}))
    assert fidelity(even) == pytest.approx(0.5**3, abs=0.02)
    assert fidelity(uneven) == 0.0


def test_more_commitment_carries_out_no_practice_less():
    """T-C: with common luck every executed level is at least as high, and some are higher."""
    low, high = (
        finished(world(months=1, **{"chain.commitment_mean": mean})) for mean in (0.4, 0.7)
    )
    assert bool((high.site_team.executed >= low.site_team.executed).all())
    assert high.site_team.executed.sum() > low.site_team.executed.sum()


def test_as_posts_are_filled_four_fifths_pass_a_layer():
    """Over many draws of those who hold the posts: 0.8 in the mean for one, its cube for three."""
    one, three = (filled(2000, **{"practices.chain_layers": n}) for n in (1, 3))
    assert one.mean() == pytest.approx(0.8, abs=0.01)
    assert three.mean() == pytest.approx(0.8**3, abs=0.015)
    assert three.std() > 0.1


def filled(seeds, **parameters):
    """What a chain of three passes on, for many draws of those who hold its posts."""
    model, products = PartneringModel(world(**parameters)), []
    for seed in range(seeds):
        model.streams = Streams(seed, 0)
        chances = [
            float(chain.pass_on(post.commitment, post.indicator_weight, post.champion_value))
            for post in fill_posts(model)
            if post.side == COMPANY
        ]
        products.append(float(np.prod(chances)))
    return np.array(products)


def test_relying_on_champions_makes_more_a_matter_of_who_is_there():
    """P02: the same mean in two ways. With champions it is the spread between places that grows."""
    bare = {"chain.indicator_weight": 0.0, "chain.commitment_spread": 0.0}
    champions = {"chain.champion_share_company": 0.5, "chain.champion_value": 1.0}
    relying = filled(1500, **bare, **champions, **{"chain.commitment_mean": 0.4})
    embedded = filled(1500, **bare, **{"chain.champion_value": 0.0, "chain.commitment_mean": 0.7})
    assert relying.mean() == pytest.approx(embedded.mean(), abs=0.03)
    assert embedded.std() == pytest.approx(0.0, abs=1e-12)
    assert relying.std() > 0.2


@pytest.mark.parametrize("structure", [0.2, 0.6])
def test_what_posts_are_judged_by_matters_at_every_level_of_practices(structure):
    """P08: the same practices with and without weight among the indicators of every post."""
    stack = worlds.practices(structure, owner="company", price_multiplier=0.0)
    runs = [finished(world(stack, **{"chain.indicator_weight": w})) for w in (0.0, 0.8)]
    assert fidelity(runs[1]) > fidelity(runs[0]) + 0.2


def test_a_bypass_makes_up_for_a_weak_post():
    weak = {"chain.weak_layer": 2, "chain.indicator_weight": 0.0}
    shut, opened = (finished(world(**weak, **{"chain.bypass_share": y})) for y in (0.0, 0.5))
    assert fidelity(shut) == 0.0
    assert fidelity(opened) > 0.1


@pytest.mark.parametrize(
    "less", [{"chain.attention_tasks": 120.0}, {"chain.norms": 12}, {"chain.ordinary_tasks": 400.0}]
)
def test_with_too_little_attention_less_is_carried_out(less):
    """And where nothing but partnering counts, all other tasks wait."""
    plain, crowded = finished(world()), finished(world(**less))
    assert fidelity(crowded) < fidelity(plain) - 0.05
    if "chain.attention_tasks" not in less:
        only = {"chain.indicator_weight": 1.0}
        assert fidelity(finished(world(**less, **only))) == fidelity(finished(world(**only)))


def test_a_joint_process_needs_champions_on_both_sides():
    """Half of its tasks go through each chain, so champions on one side serve half of it."""
    stack = worlds.practices(0.6, owner="joint", price_multiplier=0.0)
    able = worlds.place(company_capacity=1.0, community_capacity=1.0)
    bare = {"chain.commitment_mean": 0.4, "chain.champion_value": 1.0, **NO_TURNOVER}
    bare["chain.joint_both_share"] = 0.0

    def run(company, official):
        shares = {
            "chain.champion_share_company": company,
            "chain.champion_share_official": official,
        }
        return fidelity(finished(world(stack, able, **bare, **shares)))

    none, one, other, both = run(0.0, 0.0), run(1.0, 0.0), run(0.0, 1.0), run(1.0, 1.0)
    assert both == 1.0
    assert one == pytest.approx((1.0 + none) / 2.0, abs=0.03)
    assert other == pytest.approx((1.0 + none) / 2.0, abs=0.03)
    assert none < 0.4


def test_what_both_sides_must_agree_to_is_harder_than_what_they_divide():
    """Six posts that each pass half on: two chains of three divided, or one chain of six.

    In between, in proportion; and a process of the company alone is not touched.
    """
    even = {"chain.commitment_mean": 0.5, "chain.commitment_spread": 0.0, **NO_TURNOVER, **UNTAUGHT}
    even |= {"chain.champion_share_company": 0.0, "chain.champion_share_official": 0.0}
    even |= {"chain.indicator_weight": 0.0, "chain.attention_tasks": 10_000.0}
    even |= {"chain.tasks_per_practice": 200, "practices.chain_layers": 3, **worlds.PARTNERS_STAY}
    able = worlds.place(company_capacity=1.0, community_capacity=1.0)

    def run(owner, both):
        stack = worlds.practices(0.6, owner=owner, price_multiplier=0.0)
        return fidelity(finished(world(stack, able, **even, **{"chain.joint_both_share": both})))

    divided, half, agreed = (run("joint", both) for both in (0.0, 0.5, 1.0))
    assert divided == pytest.approx(0.5**3, abs=0.01)
    assert agreed == pytest.approx(0.5**6, abs=0.01)
    assert half == pytest.approx((divided + agreed) / 2.0, abs=0.01)
    assert run("company", 1.0) == run("company", 0.0)


def test_a_joint_process_has_twice_the_attention_only_for_what_it_divides():
    """Where posts have too little attention, agreeing on all tasks takes the gain of two away."""
    short = {**OPEN, "chain.attention_tasks": 100.0, "chain.ordinary_tasks": 0.0, **NO_TURNOVER}
    short |= {**UNTAUGHT, **worlds.PARTNERS_STAY}
    able = worlds.place(company_capacity=1.0, community_capacity=1.0)

    def run(owner, both):
        stack = worlds.practices(0.6, owner=owner, price_multiplier=0.0)
        return fidelity(finished(world(stack, able, **short, **{"chain.joint_both_share": both})))

    alone = run("company", 0.0)
    assert run("joint", 0.0) > 1.5 * alone
    assert run("joint", 1.0) == pytest.approx(alone, rel=0.01)


@pytest.mark.parametrize(("owner", "side"), [("company", COMPANY), ("state", OFFICIAL)])
def test_when_a_champion_leaves_less_is_carried_out(owner, side):
    """The same world until month 12, then one site loses its champion to somebody indifferent."""
    stack = worlds.practices(0.6, owner=owner, price_multiplier=0.0)
    scenario = world(stack, **NO_TURNOVER)
    stays, leaves = started(scenario, 12, 5), started(scenario, 12, 5)
    for model, zeal in ((stays, 1.0), (leaves, 0.0)):
        (post,) = (post for post in model.posts if post.side == side and post.contact)
        post.champion_value, post.commitment = zeal, 0.2
        for _ in range(12):
            model.step()
    late = slice(12, None)
    with_champion, without = (
        model.recorder.series["implementation_fidelity"][late, 0] for model in (stays, leaves)
    )
    assert bool((without <= with_champion).all())
    assert without.mean() < with_champion.mean() * 0.6


def test_posts_are_noted_when_they_change_hands_and_tenure_starts_again():
    model = finished(world(months=24, **{"chain.turnover_per_month": 0.2}))
    noted = [event for event in model.recorder.events if event.kind == "turnover"]
    assert 15 < len(noted) < 75  # eight posts, 24 months, one in five: 38 expected
    assert {event.actor for event in noted} == set(SIDES)
    last = {(event.actor, event.target): event.month for event in noted}
    for post in model.posts:
        assert post.tenure == 23 - last.get((post.side, post.title), -1)


# --- hand-over ----------------------------------------------------------------------------------

LEAVING = {"chain.turnover_per_month": 0.15, "chain.know_how_share": 0.3}


@pytest.mark.parametrize(
    ("dial", "other_hooks"),
    [
        ("protocols", {"distribution.power_share": 0.0, "response.delay_months_full": 0.0}),
        ("documentation", {"delivery.verifiable_base_share": 1.0}),
    ],
)
def test_protocols_and_documentation_keep_know_how_and_trust(dial, other_hooks):
    """With its other hooks off a practice works through the hand-over, and through nothing else."""
    parameters = LEAVING | OPEN | other_hooks | {"skills.use_gain_per_month": 0.0}
    stacks = (
        worlds.practices(0.4, price_multiplier=0.0, **{dial: level}, **{twin: 0.0})
        for twin in ({"protocols", "documentation"} - {dial})
        for level in (0.0, 1.0)
    )
    lost, kept = (finished(world(stack, months=36, **parameters)) for stack in stacks)
    for outcome in ("company_skill", "community_skill"):
        assert mean_of(kept, outcome) > mean_of(lost, outcome) + 0.02, outcome
    assert kept.now.retention > lost.now.retention + 0.2
    deaf = {"chain.retention_practices": 0.0}
    stacks = (
        worlds.practices(0.4, price_multiplier=0.0, **{dial: level}, **{twin: 0.0})
        for twin in ({"protocols", "documentation"} - {dial})
        for level in (0.0, 1.0)
    )
    runs = [finished(world(stack, months=36, **parameters | deaf)) for stack in stacks]
    assert set(differing(*runs)) <= {"implementation_fidelity"}


@pytest.mark.parametrize("rule", ["linear", "counts"])
@pytest.mark.parametrize(("side", "target"), [(COMPANY, "company"), (OFFICIAL, "state")])
def test_a_new_face_costs_the_trust_that_was_in_the_person(side, target, rule):
    """Trust goes back towards the start, in proportion, for company and state apart."""
    scenario = replace(world(**NO_TURNOVER), trust_rule=rule)
    model = started(scenario, 18, 3)
    before = {whom: model.people[f"trust_{whom}"].copy() for whom in ("company", "state")}
    start = model.start_trust[target]
    assert np.abs(before[target] - start).max() > 0.01
    model.now.retention = 0.4
    meet_successor(model, target)
    other = "state" if target == "company" else "company"
    assert np.array_equal(model.people[f"trust_{other}"], before[other])
    after = model.people[f"trust_{target}"]
    moved = before[target] != start
    assert bool((np.abs(after - start) <= np.abs(before[target] - start) + 1e-12).all())
    if rule == "linear":
        left = chain.trust_left(before[target], start, 0.4, model.p.chain)
        assert np.abs(after - left).max() < 1e-12
    assert np.abs(after - before[target])[moved].max() > 0.001


def test_trust_where_the_past_taught_nothing_is_not_lost():
    model = started(world(**NO_TURNOVER), 0)
    before = model.people["trust_company"].copy()
    meet_successor(model, "company")
    assert np.array_equal(model.people["trust_company"], before)


def test_nobody_succeeds_in_a_company_that_has_closed():
    """Otherwise people would forget what it did while new faces come to an empty site."""
    model = started(world(**{"chain.turnover_per_month": 1.0}), 6, 5)
    close(model, "left")
    tenure = [post.tenure for post in model.posts if post.side == COMPANY]
    model.step()
    assert [post.tenure for post in model.posts if post.side == COMPANY] == tenure
    gone = [e.actor for e in model.recorder.events if e.kind == "turnover" and e.month == 6]
    assert set(gone) == set(SIDES) - {COMPANY}
    assert model.now.successors == ["state"]
