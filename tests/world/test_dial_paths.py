"""Every practice works through the parameters of its hooks alone: switch those off and it is gone.

The source says where a level enters (`test_dependencies.py`); here the model itself is asked. Two
runs differ in one dial, 0 against 0.9, all else shared. With the parameters of the dial's hooks at
their null the two runs are the same to the bit, whatever else goes on; with the parameters as they
are they differ. So there is no other way in.
"""

from dataclasses import replace

import pytest
import worlds
from world.helpers import differing, finished, mean_of

from parley.practice_types import DIALS

NO_BUDGET = {"budget.social_budget_share": 0.0}
NULLS = {
    "locally_driven": {"room.rights_joint_owned": 0.0, "room.initiator_anchor_share": 0.0},
    "inclusive": {"room.invite_base_share": 1.0, "room.attend_stipend": 0.0},
    "forward_looking": NO_BUDGET,
    "trust_conduct": {
        "response.trigger_share": 1.0,  # nothing is answered, so force is never asked for
        "budget.cost_share": 0.3,  # money never runs short, so no rank matters
        "price.volatility_per_sqrt_year": 0.0,
    },
    "sharing": NO_BUDGET,
    "mapping": {"room.mapper_view_share": 0.0},
    "facilitation": {"room.facilitation_effect": 0.0, "bargain.disclosure_precision": 0.0},
    "communication": {"appraisal.seen_base_share": 1.0},
    "protocols": {
        "distribution.power_share": 0.0,
        "response.delay_months_full": 0.0,
        "chain.retention_practices": 0.0,
    },
    "monitoring": {
        "distribution.detection_monitoring": 0.0,
        "monitoring.noise_left_share": 1.0,
        "monitoring.publish_share": 0.0,
    },
    "complaints_desk": {"desk.known_share": 0.0},  # nobody comes, and free desks pay nothing
    "remedy_forum": {"desk.servers_per_1000": 0.0},
    "bespoke_metrics": {
        "monitoring.alignment_base_share": 1.0,
        "monitoring.capture_share": 0.0,
    },
    "consultation_methods": {"room.methods_effect": 0.0},
    "checklist": {"delivery.checklist_gain": 0.0, "delivery.checklist_loss": 0.0},
    "digital": {
        "room.digital_saving_share": 0.0,
        "desk.digital_ease": 0.0,
        "risk.trace_exposure": 0.0,
    },
    "joint_training": {"skills.training_gain_per_month": 0.0},
    "documentation": {
        "delivery.verifiable_base_share": 1.0,  # all is verifiable as it is
        "chain.retention_practices": 0.0,
        "risk.record_exposure": 0.0,
    },
}
"""Parameters through which each dial works, at the values that make its level immaterial."""

LIVELY = {
    "mobilisation.threshold_mean": 0.45,
    "room.meeting_reach_share": 0.5,
    "bargain.standoff_margin_ratio": 0.5,
    "delivery.overpromise_share": 0.5,
    "appraisal.intrinsic_voice": 0.2,
    "appraisal.exclusion_hurt": 0.2,
    "grievance.tunnel_hope": 0.2,
    "bargain.harden_broken": 0.05,
    "state.displacement_share": 0.3,
    "mobilisation.weight_trust": 0.2,
    "skills.misread_share": 0.3,
    "chain.bypass_share": 0.2,
    "chain.turnover_per_month": 0.1,
    "chain.joint_both_share": 0.0,
    "chain.attention_tasks": 10_000.0,
    "skills.use_gain_per_month": 0.0,
    "monitoring.review_interval_months": 6,
    "monitoring.learning_step": 0.2,
    "risk.reprisal_per_visible_act": 0.5,
    "desk.known_share": 1.0,
    "desk.file_threshold": 0.05,
    "desk.problem_months": 3.0,
    "desk.servers_per_1000": 20.0,
    "desk.spillover_tone": 0.5,
    "desk.liability_silence": 0.5,
    "grievance.closure_relief": 0.2,
}
"""Much is going on: protest, full rooms, granted claims, empty promises, switches open, posts that
change hands. Practices compete for attention and exercise skills together; both would join all
dials to each other, so here there is attention for all, and nobody learns by doing."""


COUNTED = {"implementation_fidelity"}
"""Counts what is carried out itself, as a share of what was announced, and is read by no rule."""


def changed(*runs):
    """Everything in which two runs differ, but for the count of what was carried out."""
    return [name for name in differing(*runs) if name not in COUNTED]


def pair(dial, null, rule="linear"):
    """Two runs of a lively place, free practices: the dial at 0 and at 0.9, the others at 0.4."""
    world = worlds.world(months=20, population=120, trust_rule=rule)
    if "budget.cost_share" in null:  # a dated fall of the price would make money short
        world = replace(world, place=replace(world.place, events=()))
    world = world.with_parameters(**LIVELY | null)
    stacks = (worlds.practices(0.4, price_multiplier=0.0, **{dial: level}) for level in (0.0, 0.9))
    return [finished(world.with_practices(stack), 21) for stack in stacks]


def test_the_table_has_every_dial():
    assert set(NULLS) == set(DIALS)


@pytest.mark.parametrize("dial", NULLS)
def test_without_the_parameters_of_its_hooks_a_practice_changes_no_bit(dial):
    assert changed(*pair(dial, NULLS[dial])) == []


@pytest.mark.parametrize("dial", NULLS)
def test_with_them_it_changes_something(dial):
    names = changed(*pair(dial, {}))
    assert len(names) > 3, names


@pytest.mark.parametrize("dial", ["communication", "facilitation", "digital"])
def test_the_same_under_the_other_rule_of_trust(dial):
    assert changed(*pair(dial, NULLS[dial], "counts")) == []


def test_one_null_of_two_is_not_enough():
    """A dial with two hooks keeps working through the one that is left open."""
    for dial in ("inclusive", "facilitation", "digital", "documentation"):
        for name in NULLS[dial]:
            left = {key: value for key, value in NULLS[dial].items() if key != name}
            assert changed(*pair(dial, left)), (dial, name)


def test_a_disconnected_stack_is_paid_for_and_changes_nothing_but_money():
    """With the hooks cut no level, owner, payer or admission matters, to the bit; prices do."""
    cut = {"hooks_connected": False, "delivers": False}
    plain = worlds.practices(0.6, **cut)
    base = finished(worlds.world(plain))
    for other in (
        replace(plain, owner="company"),
        replace(plain, owner="ngo"),
        replace(plain, payer="company"),
        replace(plain, admits="organisations"),
        replace(plain, judge="company"),
        replace(plain, protection="proxy"),
        replace(plain, forum_separation=0.0),
    ):
        assert differing(base, finished(worlds.world(other))) == []
    free = [worlds.practices(level, price_multiplier=0.0, **cut) for level in (0.0, 0.3, 1.0)]
    runs = [finished(worlds.world(stack)) for stack in free]
    assert differing(runs[0], runs[1]) == differing(runs[0], runs[2]) == []
    assert "process_cost" in differing(base, runs[0])
    assert mean_of(base, "inclusion") == 0.0
