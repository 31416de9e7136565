"""What the model should show without any rule that says so: thresholds, hardening, both signs.

Each test names a pattern, lets it come out of the whole model, and switches its cause off to see
it go.
"""

import numpy as np
import pytest
import worlds
from world.helpers import finished, mean_of, started

from parley.mechanisms.mobilisation import fold_points
from parley.steps.mobilise import mobilise

# --- folds of mobilisation ------------------------------------------------------------------------

MIXED = {
    "mobilisation.weight_grievance": 1.0,
    "mobilisation.weight_peers": 0.6,
    "mobilisation.threshold_mean": 0.55,
    "mobilisation.threshold_sd": 0.18,
    "mobilisation.neighbour_share": 0.0,
    "mobilisation.weight_risk": 0.0,
    "mobilisation.weight_efficacy": 0.0,
    "mobilisation.weight_trust": 0.0,
    "mobilisation.redecide_share_per_week": 1.0,
}
"""A well-mixed place in which grievance and the sight of others alone move people."""

STEP = 0.004
"""Grievance moves by so much at a time, and rests until activity has settled."""


def resting_activity(grievances, **changes):
    """Share of residents active after resting at one level of grievance after another."""
    world = worlds.world(worlds.practices(0.0), population=4000, months=120)
    model = started(world.with_parameters(**MIXED | changes), 1)
    people, shares = model.people, []
    people["active"][:] = False
    people["rung"][:] = 0
    people["grievance_partnership"][:] = 0.0
    people["grievance_legacy"][:] = 0.0
    for grievance in grievances:
        people["grievance_operational"][:] = grievance
        for _ in range(10):
            mobilise(model)
        shares.append(float(people["active"].mean()))
    return np.array(shares)


@pytest.mark.parametrize("peers", [0.6, 0.52])
def test_protest_starts_later_than_it_stops_and_where_the_folds_say(peers):
    """Prevention is cheaper than cure: grievance must fall well below the level that lit the fire.

    The thresholds drawn for 4000 people differ from the normal curve by about 0.008 = 1/sqrt(4000)
    of all people, hence the tolerance.
    """
    key = "mobilisation.weight_peers"
    up = np.arange(0.16, 0.40, STEP)
    shares = resting_activity(np.concatenate((up, up[::-1])), **{key: peers})
    rising, falling = shares[: up.size], shares[up.size :][::-1]
    world = worlds.world().with_parameters(**MIXED | {key: peers})
    folds = fold_points(world.parameters.mobilisation)
    assert up[np.argmax(rising > 0.5)] == pytest.approx(folds.ignition, abs=0.015)
    assert up[np.argmax(falling > 0.5)] == pytest.approx(folds.extinction, abs=0.015)
    assert folds.ignition - folds.extinction > 0.01


def test_without_the_sight_of_others_protest_starts_and_stops_at_one_level():
    up = np.arange(0.40, 0.70, 0.02)
    shares = resting_activity(np.concatenate((up, up[::-1])), **{"mobilisation.weight_peers": 0.0})
    rising, falling = shares[: up.size], shares[up.size :][::-1]
    assert rising == pytest.approx(falling, abs=0.02)
    assert np.diff(rising).max() < 0.1, "activity answers step by step"


# --- force ----------------------------------------------------------------------------------------

UNRULY = {
    "mobilisation.threshold_mean": 0.5,
    "mobilisation.weight_peers": 0.2,
    "mobilisation.enforcement_strength": 4.0,
    "response.trigger_share": 0.02,
    "response.force_officers_per_1000": 60.0,
    "response.force_cost_share": 0.0,
    "response.learning_share": 0.0,
    "response.concession_share": 0.0,
    "harm.emission_per_output": 0.0,
    "grievance.shortfall_inflow": 0.0,
    "grievance.deprivation_inflow": 0.0,
    "grievance.voice_inflow": 0.0,
    "state.realignment_spread": 0.0,
}
"""An old quarrel that would fade by itself; all that can feed it is force."""


def effect_of_force(weight_risk, harm_inflow):
    """Activity with a state that always lends force, less activity with one that never does."""
    activity = {}
    for alignment in (0.0, 1.0):
        at = worlds.place(force_alignment_share=alignment, operational_grievance_start=0.5)
        world = worlds.world(worlds.practices(0.0), at, population=200, months=60)
        numbers = UNRULY | {
            "mobilisation.weight_risk": weight_risk,
            "grievance.harm_inflow": harm_inflow,
        }
        runs = [finished(world.with_parameters(**numbers), 3, luck) for luck in range(6)]
        activity[alignment] = np.mean([mean_of(run, "active_share") for run in runs])
        forced = [e for run in runs for e in run.recorder.events if e.kind == "force"]
        assert bool(forced) == bool(alignment)
    return activity[1.0] - activity[0.0]


@pytest.mark.slow
def test_force_calms_where_people_shun_risk_and_inflames_where_they_do_not():
    """Both signs appear along one line, from people who shun risk to people who ignore it."""
    shun, weigh, ignore = (effect_of_force(weight, 0.012) for weight in (2.0, 1.0, 0.0))
    assert shun < -0.01
    assert ignore > 0.02
    assert shun < weigh < ignore


def test_force_that_neither_deters_nor_hurts_changes_nothing():
    assert effect_of_force(0.0, 0.0) == 0.0


# --- disclosure -----------------------------------------------------------------------------------


def standoffs(precision, **changes):
    """Share of claims that end in a standoff when statements about the rent are so precise."""
    numbers = {
        "bargain.disclosure_precision": precision,
        "bargain.belief_noise_sd": 0.8,
        "bargain.price_overreading": 0.0,
        "bargain.credibility_start": 1.0,
        "bargain.payer_discount": 0.0,
        "mobilisation.threshold_mean": 2.0,
        "room.agenda_interval_months": 3,
        "delivery.task_hazard_per_month": 1.0,
        **changes,
    }
    at = worlds.place(villages=12, ramp_up_months=0.0)
    stack = worlds.practices(0.0, facilitation=1.0, price_multiplier=0.0, payer="donor")
    world = worlds.world(stack, at, population=120, months=48).with_parameters(**numbers)
    runs = [finished(world, 5, luck) for luck in range(6)]
    return np.mean([sum(e.kind == "standoff" for e in run.recorder.events) for run in runs])


def test_disclosure_calms_those_who_over_estimate_and_exposes_a_company_that_underpays():
    """One practice, opposite effects: the sign follows from what the truth turns out to be."""
    hopeful = {"bargain.belief_bias": 0.4, "bargain.standoff_margin_ratio": 0.1}
    underpaid = {"bargain.belief_bias": 0.0, "bargain.standoff_margin_ratio": -0.2}
    calmed = standoffs(50.0, **hopeful) / standoffs(0.0, **hopeful)
    exposed = standoffs(50.0, **underpaid) / standoffs(0.0, **underpaid)
    assert calmed < 0.9
    assert exposed > 1.1


# --- hardening ------------------------------------------------------------------------------------


def mean_hardness(interval, refused):
    """Mean hardness of demands at the end, when the table meets every so many months."""
    numbers = {
        "room.agenda_interval_months": interval,
        "bargain.harden_refused": refused,
        "bargain.belief_bias": 0.3,
        "bargain.standoff_margin_ratio": -0.2,
        "bargain.belief_noise_sd": 0.2,
    }
    world = worlds.world(worlds.practices(0.3), population=120, months=48)
    model = finished(world.with_parameters(**numbers), 7)
    return np.mean([organisation.hardness for organisation in model.organisations])


def test_more_rounds_of_refusal_harden_demands_and_without_memory_they_do_not():
    """Four times as many claims, of which some are granted, so under four times the refusals."""
    often, seldom = np.log(mean_hardness(3, 0.05)), np.log(mean_hardness(12, 0.05))
    assert 2.0 < often / seldom < 4.5
    assert seldom > 0.02
    assert mean_hardness(3, 0.0) == 1.0
