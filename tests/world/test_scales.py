"""What people feel and do does not depend on the currency, nor on how many are simulated."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import worlds
from world.helpers import PLACES, finished, mean_of, small

from parley.place import available_places
from parley.registry import load_registry

CENTS = 3e-4
"""Largest relative difference that rounding to cents may make; found: 2.99e-4, in the spending of
a place with many small projects: an instalment of each is whole cents, the last makes it good."""

REMEDIES = 1e-3
"""The same for remedies alone, which may be a few dollars in a month; found: 6.7e-4."""

ELSEWHERE = tuple(place for place in available_places() if place not in PLACES)
SMALL_BUDGETS = ("angola", "burundi", "egypt")
"""Where 300 people have less than US$210 a month of community budget between them."""

RATIOS = {"diverted_share": 0.01, "community_share": 0.01, "remedy_paid": REMEDIES}
"""Shares of a month's payments, which in a slump may be a few dollars: a cent shows."""


def in_other_money(world, factor):
    """The same place with every sum of money in the scenario given in another currency."""
    facts = world.place.facts
    changed = {
        name: getattr(facts, name) * factor
        for name in ("median_income_usd", "revenue_usd_per_year", "capital_cost_usd")
    }
    place = replace(world.place, facts=replace(facts, **changed))
    price = world.parameters.practices.programme_cost_usd_per_beneficiary_month
    return replace(world, place=place).with_parameters(
        **{"practices.programme_cost_usd_per_beneficiary_month": price * factor}
    )


def refined(world, factor):
    """The same in a currency so small that the price of a programme leaves its allowed range."""
    practices = world.parameters.practices
    price = practices.programme_cost_usd_per_beneficiary_month
    free = replace(practices, programme_cost_usd_per_beneficiary_month=0.0)
    world = replace(world, parameters=replace(world.parameters, practices=free))
    world = in_other_money(world, factor)
    dear = replace(practices, programme_cost_usd_per_beneficiary_month=price * factor)
    return replace(world, parameters=replace(world.parameters, practices=dear))


def largest_difference(one, other):
    """Name and size of the largest difference, relative to the outcome's largest value.

    Differences of ratios are scaled so that one tolerance serves all.
    """
    found = {}
    for name, values in one.recorder.series.items():
        theirs = other.recorder.series[name]
        assert (np.isnan(values) == np.isnan(theirs)).all(), name
        scale = max(np.abs(np.nan_to_num(values)).max(), 1e-9)
        gap = float(np.abs(np.nan_to_num(values - theirs)).max() / scale)
        found[name] = gap * CENTS / RATIOS.get(name, CENTS)
    return max(found.items(), key=lambda item: item[1])


@pytest.mark.parametrize("factor", [10.0, 3.7, 0.5])
def test_the_name_of_the_money_does_not_matter(factor):
    """Closer than chance: the runs agree outcome by outcome and month by month.

    Everything that is funded is carried out. Tasks are whole numbers, so where only some arrive a
    cent of funding can make one task more or less, which no tolerance for cents would cover. Nor
    are there remedies: a short account is split over cases in whole cents, and in half the money
    that shows.
    """
    numbers = worlds.CARRIED_OUT | {"desk.remedy_share": 0.0}
    world = worlds.world(months=36).with_parameters(**numbers)
    worst = largest_difference(finished(world), finished(in_other_money(world, factor)))
    assert worst[1] < CENTS, worst


@pytest.mark.parametrize("place", PLACES)
def test_the_name_of_the_money_does_not_matter_in_real_places(place):
    world = small(place, "hsbp", 36, 300)
    worst = largest_difference(finished(world), finished(in_other_money(world, 10.0)))
    assert worst[1] < CENTS, worst


FINER = 100.0
"""In a currency of which a hundred make one, a cent is a hundredth of a cent."""


@pytest.mark.parametrize("place", ELSEWHERE)
def test_what_is_left_elsewhere_is_rounding(place):
    """Cents a hundred times finer leave a quarter of what is allowed for cents.

    With small budgets a few hundred people live on a few dollars a month, of which a cent is a
    thousandth. Were it anything but rounding, finer cents would not take it away.
    """
    world = small(place, "hsbp", 24, 300).with_parameters(**worlds.CARRIED_OUT)
    fine, finest = (finished(refined(world, factor)) for factor in (FINER, 10.0 * FINER))
    worst = largest_difference(fine, finest)
    assert worst[1] < CENTS / 4.0, worst
    if place in SMALL_BUDGETS:  # what finer cents took away
        assert largest_difference(finished(world), fine)[1] > 2.0 * CENTS


def test_money_that_is_worth_more_would_be_noticed():
    """Revenue ten times higher in the old currency is no relabelling, and is seen."""
    world = worlds.world(months=24)
    facts = replace(world.place.facts, revenue_usd_per_year=2.0e10)
    richer = replace(world, place=replace(world.place, facts=facts))
    assert largest_difference(finished(world), finished(richer))[1] > 0.5


# --- twice as many people -----------------------------------------------------------------------

FEW = {"petitions", "marches", "blockades", "violence", "voice_equality", "tokenism"}
"""Not compared. Events count villages in which at least `trigger_share` of the residents take part:
in a village of a hundred that is one person, in one of ten thousand a hundred, so small populations
have more of them. The other two describe the inequality and the trace of a handful of speakers,
whose spread shrinks as the room fills. All others are means over people or money."""

OUTCOMES = [o.name for o in load_registry().outcomes if o.level != "run" and o.name not in FEW]
REPLICATES = 12


@cache
def sample(population, months=18, revenue=1.0):
    """Mean of each outcome over a run, for several draws of luck: shape (replicates, outcomes).

    With five leaders in a thousand, villages of 200 and 400 have one and two: the same share.
    """
    facts = {"revenue_usd_per_year": worlds.FACTS.revenue_usd_per_year * revenue}
    world = worlds.world(at=worlds.place(**facts), months=months, population=population)
    runs = [finished(world, 31, replicate) for replicate in range(REPLICATES)]
    return np.array([[mean_of(run, name) for name in OUTCOMES] for run in runs])


def distances(one, other):
    """Mean difference of pairs with the same prices, in standard errors; money may round."""
    gap = other - one
    error = gap.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
    rounding = CENTS * np.abs(one.mean(axis=0))
    z = np.maximum(np.abs(gap.mean(axis=0)) - rounding, 0.0) / np.maximum(error, 1e-12)
    return dict(zip(OUTCOMES, z.tolist(), strict=True))


def test_twice_as_many_people_with_the_same_shares_fare_alike():
    """Two-sided on 27 outcomes: at 5.5 standard errors on 11 degrees of freedom a false alarm in
    about one of 200 seeds."""
    far = distances(sample(800), sample(1600))
    assert max(far.values()) < 5.5, max(far.items(), key=lambda item: item[1])


def test_twice_as_many_people_on_the_same_money_would_be_noticed():
    """What the test above would see if money did not grow with the population."""
    far = distances(sample(800), sample(1600, revenue=0.5))
    assert min(far["benefit"], far["grievance_operational"]) > 5.5
