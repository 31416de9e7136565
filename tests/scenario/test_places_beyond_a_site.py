"""Three places that stand for limits: no plant at all, money far above people, a strong state."""

import numpy as np
import pytest

import parley
from parley.event_effects import event_effects
from parley.scenario import load_place, make_scenario


def run(place, practices, **parameters):
    changes = {name.replace("__", "."): value for name, value in parameters.items()}
    scenario = make_scenario(
        place=place, practices=practices, months=36, population=300, parameters=changes
    )
    return parley.run(scenario)


def per_resident(name):
    """Revenue of the site and community budget (US$ per resident and month), median income."""
    scenario = make_scenario(place=name, practices="none")
    facts, budget = scenario.place.facts, scenario.parameters.budget
    revenue = facts.revenue_usd_per_year * facts.catchment_share / facts.catchment_population / 12
    return revenue, revenue * budget.social_budget_share, facts.median_income_usd


@pytest.mark.parametrize(
    ("name", "revenue", "budget", "incomes"),
    [
        ("mongolia", 18194, 34.6, 121.3),
        ("mexico", 10.0, 2.0, 0.083),
        ("australia", 23472, 169.0, 4.994),
    ],
)
def test_the_money_of_a_resident(name, revenue, budget, incomes):
    earned, set_aside, median = per_resident(name)
    assert earned == pytest.approx(revenue, rel=1e-3)
    assert set_aside == pytest.approx(budget, rel=5e-3)
    assert earned / median == pytest.approx(incomes, rel=5e-3)


def test_where_there_is_no_plant_nothing_is_harmed_earned_or_stopped_by_it():
    result = run("mexico", "hsbp")
    for name in ("harm", "days_lost"):
        assert np.all(result.series[name][:, 0] == 0.0), name
    assert load_place("mexico").facts.local_wage_share == 0.0
    assert load_place("mexico").facts.royalty_rate_share == 0.0
    assert result.series["community_spending"][:, 0].sum() > 0.0


def test_a_plant_there_would_do_harm():
    result = run("mexico", "hsbp", harm__emission_per_output=0.02)
    assert result.series["harm"][-1, 0] > 0.01


def test_gang_violence_is_three_times_what_it_was_and_ends():
    place = load_place("mexico")
    effects = event_effects(place.events, 60, place.facts.election_interval_months)
    assert effects.safety_pressure[:2].tolist() == [1.0, 1.0]
    assert effects.safety_pressure[2:36].tolist() == [3.1] * 34
    assert effects.safety_pressure[36:].tolist() == [1.0] * 24
    assert place.facts.spoiler_presence * effects.spoilers.max() <= 1.0


def test_what_happened_at_another_groups_place_harms_nobody_here():
    place = load_place("australia")
    months = 120
    effects = event_effects(place.events, months, place.facts.election_interval_months)
    (blast,) = [event for event in place.events if "Juukan" in event.label]
    assert (blast.kind, blast.month) == ("note", 100)
    assert np.all(effects.accident == 0.0)
    assert np.flatnonzero(effects.protest_wave).tolist() == [101, 102]
    assert np.flatnonzero(effects.posts_change).tolist() == [108]


def test_complaints_council_and_agreements_are_notes_and_the_river_is_not():
    place = load_place("mongolia")
    kinds = {event.label: event.kind for event in place.events}
    told = ("complain", "council", "agreement", "ombudsman")
    of_neighbours = [label for label in kinds if any(word in label.lower() for word in told)]
    assert len(of_neighbours) == 7
    assert {kinds[label] for label in of_neighbours} == {"note"}
    effects = event_effects(place.events, 120, place.facts.election_interval_months)
    assert np.flatnonzero(effects.accident).tolist() == [41]
    assert effects.outside_income[:18].tolist() == [0.94] * 18
