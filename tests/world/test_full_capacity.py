"""Where capacity is ample no stack disappoints: what is announced is what is done, in every arm.

Practices cost nothing, every layer passes orders on, everybody is fully skilled, tasks are done at
once, next to nothing is diverted and money never runs short. Then all terms that compare announced
with executed must vanish, for the framework as for any other stack: otherwise a name alone would
win or lose. What remains is no gap of practices: people may still want more than they get, because
they believe in a higher rent or see a commitment before its goods arrive, in all arms alike.
"""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.helpers import ARMS, differing, finished, small

from parley.model import PartneringModel

MONTHS = 18
AMPLE = {
    "chain.commitment_mean": 1.0,
    "chain.turnover_per_month": 0.0,
    "chain.attention_tasks": 10_000.0,
    "delivery.task_hazard_per_month": 5.0,
    "distribution.diverted_start_share": 0.001,
    "distribution.diversion_step": 0.0,
    "distribution.overhead_share": 0.0,
    "state.postvote_capacity_loss": 0.0,
    "price.volatility_per_sqrt_year": 0.0,
    "budget.cost_share": 0.5,
    **worlds.PARTNERS_STAY,  # a practice that nobody takes part in is not announced any more
}
SKILLED = {
    "company_capacity": 1.0,
    "community_capacity": 1.0,
    "state_capacity": 1.0,
    "ramp_up_months": 0.0,
}


def ample(world, **parameters):
    """The same world with everything that a practice could lack."""
    place = replace(world.place, facts=replace(world.place.facts, **SKILLED), events=())
    free = replace(world.practices, price_multiplier=0.0)
    return replace(world, place=place, practices=free).with_parameters(**AMPLE | parameters)


def by_month(world):
    """A model, as it stands at the end of every month."""
    model = PartneringModel(world, 3)
    for _ in range(world.months):
        model.step()
        yield model


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_every_gap_is_exactly_zero(place, preset):
    world = ample(small(place, preset, MONTHS, price_source="process"))
    nominal = np.asarray(world.practices.nominal)
    for model in by_month(world):
        team, now, state = model.site_team, model.now, model.state
        assert bool((team.funded == nominal).all()), "announced and not funded"
        assert bool((team.executed == nominal).all()), "funded and not executed"
        assert team.levels == (team.announced if any(nominal) else team.levels)
        assert bool((state.agenda == state.agenda_announced).all()), "announced influence"
        assert now.process_paid == 0
        assert bool((now.instalments_paid == now.due).all()), "due and not paid"
        assert not now.broken.any()
        assert not now.deceived.any()
        assert not model.people["grievance_partnership"].any(), "nothing was broken"
        assert bool((model.people["cap_company"] == 1.0).all()), "nobody was deceived"
    counts = model.promises.counts()
    assert counts.broken == counts.late == counts.forgiven == 0
    assert counts.made > 0


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_the_pull_of_announcements_has_nothing_to_pull_with(place, preset):
    """Expected influence follows announced less executed influence: at full capacity the strength
    of that pull changes no bit of the run."""
    world = small(place, preset, 13, 100, price_source="process")
    runs = [finished(ample(world, **{"appraisal.announced_pull": pull})) for pull in (0.0, 1.0)]
    assert differing(*runs) == []


def test_the_framework_on_paper_is_the_framework_where_nothing_is_short():
    """The arm that hires nobody differs by what it lacks, and here it lacks nothing."""
    runs = [finished(ample(small("colombia", name))) for name in ("hsbp", "hsbp_nominal")]
    assert differing(*runs) == []


@pytest.mark.parametrize(
    ("lack", "gap"),
    [
        ({"chain.commitment_mean": 0.7}, "executed"),
        ({"dial_skill.locally_driven": 0.4}, None),
    ],
)
def test_what_is_lacking_opens_a_gap_and_nothing_else_does(lack, gap):
    """One layer that drops orders is enough; skill demanded below what there is, is not."""
    world = ample(small("colombia", "hsbp", 24, 150), **lack)
    model = finished(world)
    opened = bool((model.site_team.executed < np.asarray(world.practices.nominal)).any())
    assert opened == (gap == "executed")
    pulled = [
        finished(replace(world, parameters=p))
        for p in (
            world.with_parameters(**{"appraisal.announced_pull": pull}).parameters
            for pull in (0.0, 1.0)
        )
    ]
    assert (differing(*pulled) != []) == opened


@pytest.mark.parametrize(
    ("facts", "parameters"),
    [
        ({"company_capacity": 0.3, "community_capacity": 0.3}, {}),
        ({}, {"delivery.task_hazard_per_month": 0.02}),
        ({}, {"budget.cost_share": 1.1, "budget.reserve_months": 0.0}),
    ],
    ids=["skill", "speed", "money"],
)
def test_a_gap_would_be_found(facts, parameters):
    """Take any one of the ample things away, and some gap opens in the invented place."""
    world = ample(worlds.world(worlds.practices(0.6), months=MONTHS), **parameters)
    place = replace(world.place, facts=replace(world.place.facts, **facts))
    nominal = np.asarray(world.practices.nominal)
    gaps = [
        (
            bool((model.site_team.executed < nominal).any()),
            bool((model.now.instalments_paid < model.now.due).any()),
            bool(model.now.broken.any()),
        )
        for model in by_month(replace(world, place=place))
    ]
    assert np.any(gaps, axis=0).sum() == 1
