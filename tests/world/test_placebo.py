"""Paying for practices that change nothing never beats doing nothing, whatever the world is like.

The placebo announces and pays for all that the framework does, but its hooks are cut and what it
would deliver leaves for outside suppliers. Against an arm that spends nothing it meets the same
draws from the priors with the same luck. For every outcome with a direction the share of draws in
which it comes out better must not exceed one half by more than two standard errors; ties count for
neither.

What was found over 200 draws of 30 months. Deprivation felt or not makes next to no difference;
shares of draws (better, worse) are those with it felt, all others are ties:

* Worse where it differs at all: benefit (0.02, 0.18), trust in the company (0.03, 0.18), grievance
  at the company (0.08, 0.18), expectation gap (0.02, 0.18). What it wastes is missing when claims
  and concessions fall due.
* Better more often than worse, though far from half: benefit from the state (0.14, 0.02) and with
  it grievance at the state (0.18, 0.07) and operational grievance as a whole (0.14, 0.11), since a
  municipality that withdraws where companies provide withdraws less; trust among residents (0.18,
  0.02), since there is less from the company to be unequal about.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import worlds
from world.helpers import PLACES, differing, finished, mean_of, small

from parley.practices import load_practices
from parley.registry import load_registry
from parley_experiments.draws import draw_parameters

JUDGED = {
    outcome.name: 1.0 if outcome.direction == "higher" else -1.0
    for outcome in load_registry().outcomes
    if outcome.direction in ("higher", "lower") and outcome.level != "run"
}
"""Outcomes with a direction."""

TINY = 1e-12
"""Differences below this are rounding."""

DEPRIVATION = pytest.mark.parametrize("felt", [True, False], ids=["deprivation", "no deprivation"])
FEW, SOME, MANY = 10, 30, 200


@cache
def world(number, count, felt):
    """A place without practices, with values of one of so many draws from the priors."""
    values = draw_parameters(count, seed=5)[number]
    kept = values if felt else {**values, "grievance.deprivation_inflow": 0.0}
    kept = {**kept, **worlds.PARTNERS_STAY}  # or the framework below would often not begin
    place = PLACES[number % len(PLACES)]
    return small(place, "none", 24, 100, price_source="process").with_parameters(**kept)


@cache
def outcomes(preset, number, count, felt):
    """Means of the judged outcomes over one run of an arm in one draw."""
    scenario = world(number, count, felt).with_practices(load_practices(preset))
    model = finished(scenario, 2, number)
    return {name: mean_of(model, name) for name in JUDGED}


@cache
def shares(preset, count, felt):
    """Share of draws in which an arm does better than none, and worse, by outcome."""
    better, worse = dict.fromkeys(JUDGED, 0), dict.fromkeys(JUDGED, 0)
    for number in range(count):
        none, arm = (outcomes(name, number, count, felt) for name in ("none", preset))
        for name, sign in JUDGED.items():
            gap = sign * (arm[name] - none[name])
            better[name] += gap > TINY
            worse[name] += gap < -TINY
    return {name: (better[name] / count, worse[name] / count) for name in JUDGED}


def bound(count):
    """One half and two standard errors."""
    return 0.5 + 2.0 * np.sqrt(0.25 / count)


def too_good(preset, count, felt):
    """Outcomes on which an arm beats none in more draws than chance would allow."""
    better = {name: share for name, (share, _) in shares(preset, count, felt).items()}
    return {name for name, share in better.items() if share > bound(count)}


@DEPRIVATION
def test_the_placebo_does_not_beat_doing_nothing(felt):
    """Ten paired draws."""
    assert too_good("placebo", FEW, felt) == set()


@pytest.mark.slow
@DEPRIVATION
def test_the_placebo_does_not_beat_doing_nothing_in_many_draws(felt):
    """Two hundred paired draws, and what the docstring says of them."""
    assert too_good("placebo", MANY, felt) == set()
    found = shares("placebo", MANY, felt)
    worse_off = ("benefit", "trust_company", "grievance_at_company", "expectation_gap", "profit")
    for name in (*worse_off, "community_share"):
        better, worse = found[name]
        assert better < worse, name


def test_an_arm_that_does_something_would_be_found():
    """The same comparison with the framework itself in the place of the placebo.

    In about one draw of ten the chain of command lets nothing of it through, and then it does
    nothing. Ten draws would take nine to tell; thirty tell with room to spare.
    """
    assert {"inclusion", "budget_benefit"} <= too_good("hsbp", SOME, True)


def test_the_placebo_costs_what_the_framework_costs():
    """Same spending: it pays the same for the practices, and delivers nothing."""
    for place in PLACES:
        runs = {name: finished(small(place, name, 12, 100)) for name in ("hsbp", "placebo")}
        paid = {name: run.ledger.balance("process") for name, run in runs.items()}
        assert paid["hsbp"] == pytest.approx(paid["placebo"], rel=0.25)
        assert paid["placebo"] > 0
        assert set(runs["placebo"].site_team.levels) == {0.0}
        assert runs["placebo"].now.transfers_arrived == 0


def test_a_placebo_that_spends_nothing_is_doing_nothing_to_the_bit():
    """So whatever a placebo changes, it changes through the money that is gone."""
    for place in PLACES:
        plain = small(place, "none", 24, 150)
        idle = replace(load_practices("placebo"), spends=False)
        assert differing(finished(plain), finished(plain.with_practices(idle))) == []
    plain = worlds.practices(0.0, spends=False)
    idle = worlds.practices(0.9, spends=False, hooks_connected=False, delivers=False)
    runs = [finished(worlds.world(stack)) for stack in (plain, idle)]
    assert differing(*runs) == []
