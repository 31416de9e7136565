"""What may only move one way when one thing is changed and all luck is shared.

Each test lets two copies of one world run to the same month, changes one thing in one of them and
compares the next month person by person. Longer comparisons would not be legitimate: what people
do next feeds back. Nor are these monotone, since both signs are legitimate: inclusion on the time
it takes to agree, communication on trust, voice on trust, force on activity, sharing on lasting,
spending on relations.
"""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.helpers import started

MONTHS = (0, 5, 14)
TENSE = {"mobilisation.threshold_mean": 0.45}


def pair(month, at=None, **parameters):
    """Two copies of one tense world, alike to the bit, before their month `month`."""
    stack = worlds.practices(0.5, transfer_share=0.4)
    world = worlds.world(stack, at, months=24).with_parameters(**TENSE, **parameters)
    return started(world, month, 13), started(world, month, 13)


def set_parameter(model, section, **values):
    """Change a number of a model that is running."""
    model.p = replace(model.p, **{section: replace(getattr(model.p, section), **values)})


def step_both(one, other):
    one.step()
    other.step()


def never_lower(more, less):
    """Nowhere lower, and somewhere higher: the test is about something."""
    assert bool((more >= less).all())
    assert bool((more > less).any())


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("extra", [0.05, 1.0])
def test_more_harm_never_lowers_operational_grievance(month, extra):
    """C1: a larger burden on the environment, and the month's grievance of every person."""
    one, other = pair(month)
    other.state.environment += extra
    step_both(one, other)
    never_lower(other.now.harm, one.now.harm)
    never_lower(other.people["grievance_operational"], one.people["grievance_operational"])
    never_lower(one.people["security"], other.people["security"])


@pytest.mark.parametrize("month", MONTHS[1:])
@pytest.mark.parametrize("rule", ["linear", "counts"])
def test_bad_news_that_weighs_more_never_raises_trust(month, rule):
    """C2: a larger asymmetry, and the month's trust in company, state and neighbours.

    The place is harmed and gets nothing, so that there is bad news of the company at all.
    """
    bare = worlds.place(local_wage_share=0.0, local_purchase_share=0.0, environment_start=1.0)
    harmful = {"harm.emission_per_output": 0.1}
    world = worlds.world(at=bare, months=24, trust_rule=rule).with_parameters(**TENSE, **harmful)
    one, other = started(world, month, 13), started(world, month, 13)
    set_parameter(other, "trust", asymmetry_max=one.p.trust.asymmetry_max + 1.0)
    step_both(one, other)
    for whom in ("company", "state", "community"):
        never_lower(one.people[f"trust_{whom}"], other.people[f"trust_{whom}"])


@pytest.mark.parametrize("month", MONTHS[1:])
def test_more_diversion_never_raises_what_is_delivered(month):
    """C3: every channel keeps more; less arrives, and no resident benefits more."""
    calm = replace(worlds.place(), events=())
    one, other = pair(month, at=calm)
    for channel in other.channels.values():
        channel.diverted_share = min(channel.diverted_share + 0.2, 0.999)
    step_both(one, other)
    for name in ("projects_arrived", "transfers_arrived"):
        assert getattr(other.now, name) < getattr(one.now, name), name
    flows, theirs = one.ledger.channel_flows(), other.ledger.channel_flows()
    for name in one.channels:
        assert theirs[name, "paid"] == flows[name, "paid"]
        assert theirs[name, "delivered"] <= flows[name, "delivered"]
    never_lower(one.people["benefit"], other.people["benefit"])
    assert bool((other.people["state_benefit"] <= one.people["state_benefit"]).all())


@pytest.mark.parametrize("month", MONTHS)
def test_higher_thresholds_never_enlarge_the_active_set(month):
    """C4: who acts with higher thresholds would have acted with lower ones, and as far."""
    one, other = pair(month)
    other.people["threshold"] += 0.1
    step_both(one, other)
    never_lower(one.people["rung"], other.people["rung"])
    assert bool((one.people["active"] >= other.people["active"]).all())
    assert other.now.blocking_share <= one.now.blocking_share
    assert other.state.disruption <= one.state.disruption


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("stock", ["grievance_operational", "grievance_legacy"])
def test_more_grievance_in_everybody_makes_a_superset_act(month, stock):
    """C4: a cascade started by a componentwise higher grievance contains the smaller one."""
    one, other = pair(month)
    people = other.people
    people[stock] = people[stock] + 0.1 * (1.0 - people[stock])
    step_both(one, other)
    never_lower(other.people["rung"], one.people["rung"])
    assert bool((other.people["active"] >= one.people["active"]).all())


@pytest.mark.parametrize("month", MONTHS)
def test_peers_and_risk_pull_in_opposite_directions(month):
    """Larger weights of others' activity never shrink the active set, of risk never enlarge it."""
    for section, name, bigger in (
        ("mobilisation", "weight_peers", True),
        ("mobilisation", "weight_risk", False),
    ):
        one, other = pair(month)
        set_parameter(other, section, **{name: getattr(one.p.mobilisation, name) + 0.3})
        step_both(one, other)
        more, less = (other, one) if bigger else (one, other)
        assert bool((more.people["rung"] >= less.people["rung"]).all()), name


def test_a_rule_with_the_wrong_sign_would_be_found():
    """With harm that soothes, C1 fails: the comparison can tell."""
    one, other = pair(5)
    for model in (one, other):
        set_parameter(model, "grievance", harm_inflow=-0.05)
    other.state.environment += 1.0
    step_both(one, other)
    gap = other.people["grievance_operational"] - one.people["grievance_operational"]
    assert gap.min() < 0.0


@pytest.mark.parametrize("month", MONTHS[1:])
def test_more_credible_statements_calm_those_who_overestimate(month):
    """C6: with a belief above the true rent, more facilitation lowers claims; below it, raises.

    The company pays nothing beyond what is agreed, so the claim is the belief times the weight.
    """
    for bias, calms in ((0.5, True), (-0.5, False)):
        quiet = {"bargain.belief_noise_sd": 0.4, "bargain.belief_bias": bias}
        quiet |= {"bargain.price_overreading": 0.0}
        one, other = pair(month, **quiet, **worlds.CARRIED_OUT)  # so that there is facilitation
        set_parameter(other, "bargain", disclosure_precision=500.0)
        step_both(one, other)
        ours, theirs = (m.organisations[0].belief_mean for m in (one, other))
        assert one.site_team.levels.facilitation > 0.0
        assert (theirs < ours) == calms
        assert abs(theirs) < abs(ours)
        assert other.organisations[0].belief_sd < one.organisations[0].belief_sd


def test_nothing_changed_is_nothing_changed():
    """The two copies of a pair really are one world until something is changed."""
    one, other = pair(11)
    step_both(one, other)
    for name, values in one.people.columns.items():
        assert np.array_equal(values, other.people[name]), name
