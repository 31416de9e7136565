"""What holds for every stack of practices in every place, at every size.

Series are checked against the registry: which outcome is reported by group, which is a share or an
index and so stays within 0 and 1, which may lack a value and why.
"""

import dataclasses

import numpy as np
import pytest
import worlds
from world.helpers import ARMS, PLACES, PRESETS, finished, small

from parley.registry import load_registry
from parley.results import RunFailure, RunResult, RunSpec
from parley.runner import run

MONTHS = 24
NEVER_NAN = {outcome.name for outcome in load_registry().outcomes if outcome.level == "group"} - {
    "need_match",
    "participation_harm",
}
"""Every group outcome has a value in every month; `need_match` needs members who use goods,
`participation_harm` members who attended."""

SOMETIMES = {
    "community_share": "the site earns nothing and nobody gives",
    "worst_group_ratio": "nobody benefits",
    "benefit_gini": "nobody benefits",
    "voice_equality": "nobody has a voice",
    "tokenism": "no meeting, or nothing to disagree about",
    "implementation_fidelity": "nothing is announced that could change anything",
    "diverted_share": "nothing is paid through a channel",
    "ruin_poorest": "the month brings rent",
    "partnership_alive": "no partnership is offered",
    "members_share": "no partnership is offered",
    "undertakings_kept": "no partnership is alive",
    "reported_performance": "no review yet",
    "experienced_performance": "no review yet",
    "performance_gap": "no review yet",
    "desk_waiting": "no case is closed",
    "forum_waiting": "no case is closed",
}
"""Site outcomes that may lack a value, and when."""

SIGNED = {
    *("profit", "influence", "voice_equality", "performance_gap", "dependency"),
    "participation_harm",
}


@pytest.fixture(scope="module")
def results():
    """All runs, made once; each is asked for by several tests."""
    made = {}

    def get(place, preset):
        if (place, preset) not in made:
            made[place, preset] = run(RunSpec(small(place, preset, MONTHS), 0, 7))
        return made[place, preset]

    return get


def test_there_are_places_and_stacks_to_run():
    assert {"bosnia", "colombia"} <= set(PLACES)
    assert {"none", "placebo", "hsbp", "cash_equivalent", "hsbp_nominal"} <= set(PRESETS)


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_it_runs_with_the_books_open(results, place, preset):
    result = results(place, preset)
    assert isinstance(result, RunResult), getattr(result, "traceback", "")
    assert (result.months, result.people) == (MONTHS, 200)
    assert (result.place, result.arm) == (place, preset)
    assert result.groups[0] == "all"
    assert result.groups[-1] == "marginalised"
    assert set(result.timings)
    assert min(result.timings.values()) >= 0.0
    assert np.isfinite(result.finals["npv"])


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_every_group_has_people_and_values(results, place, preset):
    series = results(place, preset).series
    for name in sorted(NEVER_NAN):
        assert np.isfinite(series[name]).all(), name
    matched = np.isfinite(series["need_match"])
    assert bool((matched.any(axis=1) == matched[:, 0]).all()), "all have one where a group has"


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_site_outcomes_lack_a_value_only_where_they_have_no_meaning(results, place, preset):
    series = results(place, preset).series
    for outcome in load_registry().outcomes:
        if outcome.level != "site":
            continue
        values = series[outcome.name]
        assert np.isnan(values[:, 1:]).all(), "a site outcome has one value a month"
        if outcome.name not in SOMETIMES:
            assert np.isfinite(values[:, 0]).all(), outcome.name


@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_shares_and_indices_stay_within_their_bounds(results, place, preset):
    series = results(place, preset).series
    for outcome in load_registry().outcomes:
        if outcome.level == "run":
            continue
        values = series[outcome.name]
        low, high = np.nanmin(values, initial=0.0), np.nanmax(values, initial=0.0)
        if outcome.unit.startswith("share") or outcome.kind in ("index", "share"):
            assert high <= 1.0 + 1e-12, outcome.name
        if outcome.name not in SIGNED:
            assert low >= 0.0, outcome.name


@pytest.mark.parametrize("place", PLACES)
def test_every_group_has_people(place):
    model = finished(small(place, "hsbp", months=1))
    assert (model.people.report_counts > 0).all()
    assert int(model.people.report_counts[0]) == 200
    groups = model.people.report_counts[1 : 1 + model.people.n_groups]
    assert int(groups.sum()) == 200


@pytest.mark.parametrize("population", [50, 500, pytest.param(5000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("place", PLACES)
def test_it_runs_at_every_size(place, population):
    months = 24 if population <= 500 else 120
    result = run(RunSpec(small(place, "hsbp", months, population), 0, 7))
    assert isinstance(result, RunResult), getattr(result, "traceback", "")
    assert result.people == population
    assert np.isfinite(result.series["trust_company"][:, 0]).all()


@pytest.mark.slow
@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_ten_years_under_the_other_rule_of_trust(place, preset):
    """Under the usual rule, `test_conservation` runs ten years of every arm three times."""
    world = small(place, preset, 120, 400, trust_rule="counts", price_source="process")
    for replicate in range(3):
        result = run(RunSpec(world, replicate, 11))
        assert isinstance(result, RunResult), getattr(result, "traceback", "")


def test_a_run_that_breaks_says_where():
    broken = dataclasses.replace(worlds.world(), population=2)
    failure = run(RunSpec(broken, 0, 0))
    assert isinstance(failure, RunFailure)
    assert (failure.error_type, failure.month, failure.step) == ("RunError", None, None)
    assert "fewer people than the 4 villages" in failure.message
