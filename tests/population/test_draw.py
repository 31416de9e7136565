"""Drawing the people of a place: exact totals, right distributions, luck shared across arms."""

import dataclasses
import time

import mesa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from parley.errors import RunError
from parley.population import build_population
from parley.population_draw import apportion, beta_quantile, draw_columns, draw_layout, settle
from parley.registry import default_parameters
from parley.streams import Streams

LARGE = 40_000


def with_parameters(**changes):
    """Default parameters with some of them changed, as `section__name`."""
    parameters = default_parameters()
    for key, value in changes.items():
        section, name = key.split("__")
        part = dataclasses.replace(getattr(parameters, section), **{name: value})
        parameters = dataclasses.replace(parameters, **{section: part})
    return parameters


@pytest.fixture(scope="module")
def large(make_scenario):
    """Forty thousand people and their scenario."""
    scenario = make_scenario(LARGE)
    return scenario, build_population(scenario, Streams(0, 0), mesa.Model(rng=1))


# --- villages, groups, tags ---------------------------------------------------------------------


@given(st.integers(0, 10_000), st.lists(st.floats(0.001, 1.0), min_size=1, max_size=9))
def test_apportion_gives_every_part_its_share_up_to_one(total, weights):
    weights = np.array(weights)
    parts = apportion(total, weights)
    assert parts.sum() == total
    assert (np.abs(parts - total * weights / weights.sum()) < 1 + 1e-9).all()


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 400), st.integers(0, 2**32 - 1))
def test_settle_keeps_both_totals(n_rows, n_columns, total, seed):
    generator = np.random.default_rng(seed)
    rows = apportion(total, np.ones(n_rows))
    columns = apportion(total, generator.random(n_columns) + 0.01)
    counts = settle(generator.standard_gamma(0.5, (n_rows, n_columns)), rows, columns)
    assert counts.min() >= 0
    np.testing.assert_array_equal(counts.sum(axis=1), rows)
    np.testing.assert_array_equal(counts.sum(axis=0), columns)


@given(n=st.integers(50, 800), villages=st.integers(1, 12), seed=st.integers(0, 1000))
@settings(max_examples=30)
def test_layout_has_exact_totals(make_scenario, n, villages, seed):
    place = make_scenario(n, villages=villages).place
    layout = draw_layout(place, n, Streams(seed, 0), 20.0)
    sizes = np.bincount(layout.village, minlength=villages)
    assert sizes.sum() == n
    assert sizes.max() - sizes.min() <= 1
    counts = np.bincount(layout.group, minlength=3)
    assert (np.abs(counts - n * np.array([0.55, 0.3, 0.15])) < 1).all()
    for t, tag in enumerate(place.tags):
        for g, share in enumerate(tag.shares):
            assert layout.tags[layout.group == g, t].sum() == round(share * counts[g])
    code = (layout.village * 3 + layout.group) * 4 + layout.tags @ [2, 1]
    assert (np.diff(code) >= 0).all()


def test_every_group_is_there_when_people_are_few(make_scenario):
    place = make_scenario(50).place
    shares = (0.985, 0.01, 0.005)
    groups = tuple(
        dataclasses.replace(g, share=s) for g, s in zip(place.groups, shares, strict=True)
    )
    layout = draw_layout(dataclasses.replace(place, groups=groups), 50, Streams(0, 0), 20.0)
    assert np.bincount(layout.group).tolist() == [48, 1, 1]


def test_groups_cluster_in_villages_as_asked(make_scenario):
    """Dirichlet: variance of a share s about its mean is s(1 - s)/(c + 1)."""
    place = make_scenario(LARGE, villages=200).place
    spread = {}
    for mixing in (20.0, 1e7):
        layout = draw_layout(place, LARGE, Streams(0, 0), mixing)
        counts = np.bincount(layout.village * 3 + layout.group, minlength=600).reshape(200, 3)
        spread[mixing] = (counts / counts.sum(axis=1, keepdims=True)).std(axis=0)
    expected = np.sqrt(np.array([0.55 * 0.45, 0.3 * 0.7, 0.15 * 0.85]) / 21)
    np.testing.assert_allclose(spread[20.0], expected, rtol=0.15)
    assert (spread[1e7] < 0.006).all()


def test_tags_are_independent_of_each_other_and_of_the_village(large):
    _, people = large
    for g in range(3):
        of_group = people["group"] == g
        women, displaced = people["tag_women"][of_group], people["tag_displaced"][of_group]
        both = (women & displaced).mean()
        assert both == pytest.approx(women.mean() * displaced.mean(), abs=0.012)
        by_village = [women[people["village"][of_group] == v].mean() for v in range(5)]
        assert by_village == pytest.approx([0.5] * 5, abs=0.06)


def test_too_few_people_for_the_villages(make_scenario):
    with pytest.raises(RunError, match="population = 50: fewer people than the 51 villages"):
        draw_columns(make_scenario(50, villages=51), Streams(0, 0))


# --- traits -------------------------------------------------------------------------------------


def test_status_and_known_factor_follow_group_and_tags(large):
    _, people = large
    expected = np.array([0.6, 0.9, 0.3])[people["group"]]
    expected *= np.where(people["tag_women"], 0.8, 1.0) * np.where(people["tag_displaced"], 0.5, 1)
    np.testing.assert_allclose(people["status"], expected)
    known = np.where(people["tag_displaced"], 0.8, 1.0)
    np.testing.assert_allclose(people["known_factor"], known)


def test_status_stays_in_its_range(make_scenario):
    tags = make_scenario().place.tags
    for factor, low, high in ((0.0, 0.001, 0.9), (5.0, 0.3, 1.0)):
        changed = (dataclasses.replace(tags[0], status_factor=factor),)
        status = draw_columns(make_scenario(200, tags=changed), Streams(0, 0))["status"]
        assert (status.min(), status.max()) == (low, high)


def test_the_marginalised_live_nearer(make_scenario):
    for nearness, expected in ((0.7, 0.7), (0.5, 0.5), (0.2, 0.2)):
        scenario = make_scenario(
            LARGE, parameters=with_parameters(harm__marginalised_nearness=nearness)
        )
        people = build_population(scenario, Streams(0, 0), mesa.Model(rng=1))
        near = people["exposure"] > 0.5
        elders = people["group"] == 2
        assert near[elders].mean() == pytest.approx(expected, abs=0.02)
        farmers = (people["group"] == 0) & ~people.member("marginalised")
        assert near[farmers].mean() == pytest.approx(0.4, abs=0.02)
        # odds 0.4/0.6 times the odds of the tendency
        odds = 0.4 / 0.6 * nearness / (1 - nearness)
        women = (people["group"] == 0) & people.member("marginalised")
        assert near[women].mean() == pytest.approx(odds / (1 + odds), abs=0.02)
        inside = people["exposure"][near]
        assert (inside.mean(), inside.std()) == pytest.approx((0.75, 0.5 / 12**0.5), abs=0.005)


@pytest.mark.parametrize("near", [0.0, 1.0])
@pytest.mark.parametrize("nearness", [0.0, 0.7, 1.0])
def test_exposure_at_the_ends_of_its_inputs(make_scenario, near, nearness):
    groups = tuple(dataclasses.replace(g, near_share=near) for g in make_scenario().place.groups)
    scenario = make_scenario(
        300, groups=groups, parameters=with_parameters(harm__marginalised_nearness=nearness)
    )
    exposure = draw_columns(scenario, Streams(0, 0))["exposure"]
    low, high = (0.5, 1.0) if near else (0.0, 0.5)
    assert low <= exposure.min() <= exposure.max() <= high


def test_income(large):
    _, people = large
    income = people["income"]
    assert np.median(income) == pytest.approx(1.0, abs=1e-12)
    median = np.array([1.0, 1.5, 0.6])[people["group"]]
    median *= np.where(people["tag_women"], 0.7, 1.0) * np.where(people["tag_displaced"], 0.6, 1.0)
    residual = np.log(income / median)
    assert residual.std() == pytest.approx(0.7, rel=0.02)
    assert np.ptp([residual[people["group"] == g].mean() for g in range(3)]) < 0.04


def test_income_without_spread(make_scenario):
    columns = draw_columns(make_scenario(300, income_log_sd=0.0, tags=()), Streams(0, 0))
    np.testing.assert_allclose(columns["income"], np.array([1, 1.5, 0.6])[columns["group"]])


def test_needs_are_dirichlet(large):
    scenario, people = large
    needs = people["needs"]
    np.testing.assert_allclose(needs.sum(axis=1), 1.0, atol=1e-12)
    assert needs.min() >= 0.0
    for g, group in enumerate(scenario.place.groups):
        mean = np.array(group.needs)
        mine = needs[people["group"] == g]
        np.testing.assert_allclose(mine.mean(axis=0), mean, atol=0.005)
        np.testing.assert_allclose(mine.var(axis=0), mean * (1 - mean) / 13, rtol=0.06, atol=1e-9)
    assert (needs[people["group"] == 1, 2] == 0.0).all()


def test_needs_at_a_tiny_concentration(make_scenario):
    needs = draw_columns(make_scenario(500, need_concentration=1e-5), Streams(0, 0))["needs"]
    np.testing.assert_allclose(needs.sum(axis=1), 1.0, atol=1e-12)


def test_leaders_are_counted_by_village(make_people):
    people = make_people(LARGE, leaders_per_1000=50.0)
    assert people.village_sum(people["leader"]).tolist() == [400.0] * 5
    assert people["affiliated"][people["leader"]].all()
    one_each = make_people(60, leaders_per_1000=0.0)
    assert one_each.village_sum(one_each["leader"]).tolist() == [1.0] * 5


def test_leaders_are_drawn_in_proportion_to_status(make_people):
    """Few of each village are chosen, so a group's part is its part of the village's status."""
    found, expected = np.zeros(3), np.zeros(3)
    for seed in range(5):
        people = make_people(LARGE, leaders_per_1000=20.0, root_seed=seed)
        cell = people["village"].astype(int) * 3 + people["group"]
        status = np.bincount(cell, people["status"], minlength=15).reshape(5, 3)
        found += np.bincount(people["group"], people["leader"], minlength=3)
        expected += (160 * status / status.sum(axis=1, keepdims=True)).sum(axis=0)
    assert found.sum() == pytest.approx(expected.sum()) == 4000
    assert (np.abs(found - expected) < 2.6 * np.sqrt(expected)).all()
    by_size = 4000 * np.array([0.55, 0.3, 0.15])
    assert (np.abs(found - by_size) > 5 * np.sqrt(by_size))[1:].all()


def test_chances_match_the_facts(large):
    _, people = large
    assert people["connected"].mean() == pytest.approx(0.5, abs=0.01)
    followers = ~people["leader"]
    for g, share in enumerate((0.4, 0.6, 0.3)):
        members = (people["group"] == g) & followers
        assert people["affiliated"][members].mean() == pytest.approx(share, abs=0.02)
    legacy = people["grievance_legacy"]
    assert set(np.unique(legacy)) == {0.0, 0.5}
    assert (legacy > 0).mean() == pytest.approx(0.3, abs=0.01)
    p = default_parameters().mobilisation
    assert people["threshold"].mean() == pytest.approx(p.threshold_mean, abs=0.005)
    assert people["threshold"].std() == pytest.approx(p.threshold_sd, rel=0.02)
    risk = people["risk_aversion"]
    assert (risk.mean(), risk.std()) == pytest.approx((0.5, 12**-0.5), abs=0.005)


def test_cost_of_time_and_stake(large):
    _, people = large
    income, p = people["income"], default_parameters().room
    np.testing.assert_allclose(people["meeting_days"][income <= 1], p.meeting_cost_days)
    richer = income > 1
    np.testing.assert_allclose(people["meeting_days"][richer] * income[richer], p.meeting_cost_days)
    np.testing.assert_allclose(people["stake"], (people["exposure"] + 1 / (1 + income)) / 2)
    assert 0 <= people["stake"].min() < people["stake"].max() <= 1


def test_security_starts_higher_for_the_richer(large):
    """The median has the place's level; the share above one half is that level read as a share."""
    _, people = large
    levels = [0.6, 0.4, 0.5, 0.5, 0.4, 0.55]
    security = people["security"][np.argsort(people["income"], kind="stable")]
    assert (np.diff(security, axis=0) >= 0.0).all()
    assert security.min() == default_parameters().harm.security_repair_per_month
    np.testing.assert_allclose(np.median(security, axis=0), levels, atol=1e-4)
    np.testing.assert_allclose((security > 0.5).mean(axis=0), levels, atol=0.01)


def test_starting_views(large):
    _, people = large
    strength = default_parameters().trust.prior_strength
    for whom, mean in (("company", 0.35), ("state", 0.3), ("community", 0.55)):
        trust = people[f"trust_{whom}"]
        assert trust.mean() == pytest.approx(mean, abs=0.005)
        assert trust.var() == pytest.approx(mean * (1 - mean) / (strength + 1), rel=0.03)
    trusts = [people[f"trust_{w}"] for w in ("company", "state", "community")]
    assert np.abs(np.corrcoef(trusts) - np.eye(3)).max() < 0.02
    np.testing.assert_array_equal(people["opinion"], people["trust_company"])
    assert not np.shares_memory(people["opinion"], people["trust_company"])
    constants = {
        "grievance_operational": 0.2,
        "grievance_partnership": 0.0,
        "blame_state": default_parameters().grievance.regulator_blame_share,
        "cap_company": 1.0,
        "dignity": 0.25,
        "aspiration": 0.0,
        "expected_influence": 0.0,
        "good_company": 0.0,
        "benefit": 0.0,
    }
    for name, value in constants.items():
        assert (people[name] == value).all(), name
    for name in ("active", "attended", "informed", "invited", "ever_partner", "rung"):
        assert not people[name].any()


@given(st.floats(0.01, 0.99), st.floats(0.5, 50.0), st.integers(0, 2**32 - 1))
def test_beta_quantile_is_within_one_cell_of_the_exact_one(mean, strength, seed):
    u = np.random.default_rng(seed).random(200)
    exact = special.betaincinv(mean * strength, (1 - mean) * strength, u)
    np.testing.assert_allclose(beta_quantile(u, mean, strength), exact, rtol=0, atol=1 / 1024)


@pytest.mark.parametrize("mean", [0.0, 1.0])
def test_everybody_alike_at_the_ends(make_scenario, mean):
    columns = draw_columns(make_scenario(60, trust_company=mean), Streams(0, 0))
    assert (columns["trust_company"] == mean).all()


# --- luck ---------------------------------------------------------------------------------------


def test_same_seed_same_people_other_seed_other_people(make_scenario):
    scenario = make_scenario(300)
    one, same = (draw_columns(scenario, Streams(0, 0)) for _ in range(2))
    for name, column in one.items():
        np.testing.assert_array_equal(column, same[name])
    for other in (draw_columns(scenario, Streams(0, 1)), draw_columns(scenario, Streams(1, 0))):
        assert (other["income"] != one["income"]).all()


def test_one_number_changed_leaves_the_rest_of_the_luck_alone(make_scenario):
    base = draw_columns(make_scenario(300), Streams(0, 0))
    changed = draw_columns(
        make_scenario(
            300,
            internet_share=0.9,
            trust_state=0.6,
            parameters=with_parameters(mobilisation__threshold_mean=0.9),
        ),
        Streams(0, 0),
    )
    moved = {name for name in base if not np.array_equal(base[name], changed[name])}
    assert moved == {"connected", "trust_state", "threshold"}
    assert (changed["trust_state"] > base["trust_state"]).all()
    assert (changed["connected"] >= base["connected"]).all()


def test_practices_do_not_change_the_people(make_scenario):
    scenario = make_scenario(300)
    full = dataclasses.replace(scenario.practices, nominal=(1.0,) * 18, owner="joint")
    one, other = (draw_columns(s, Streams(0, 0)) for s in (scenario, scenario.with_practices(full)))
    for name, column in one.items():
        np.testing.assert_array_equal(column, other[name])


@pytest.mark.parametrize("n", [50, 51, 1000])
@pytest.mark.parametrize("villages", [1, 7, 50])
def test_small_places_can_be_drawn(make_people, n, villages):
    people = make_people(n, villages=villages)
    assert (people.n, people.n_villages) == (n, villages)
    assert people.report_counts[:4].min() >= 1


def test_one_group_without_tags(make_people, make_scenario):
    group = dataclasses.replace(make_scenario().place.groups[0], share=1.0)
    people = make_people(80, groups=(group,), tags=())
    assert people.reporting_groups == ("all", "farmers", "marginalised")
    assert people.report_counts.tolist() == [80, 80, 0]
    assert np.isnan(people.report_mean(people["income"])[2])
    assert people.n_blocks == 5


@pytest.mark.slow
def test_a_million_people_are_drawn_in_ten_seconds(make_scenario):
    scenario = make_scenario(1_000_000, villages=30)
    start = time.process_time()
    people = build_population(scenario, Streams(0, 0), mesa.Model(rng=1))
    assert time.process_time() - start < 10.0
    assert people.report_counts[:4].tolist() == [1_000_000, 550_000, 300_000, 150_000]
