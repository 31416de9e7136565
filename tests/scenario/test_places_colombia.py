"""The five variants of the Colombian base frame: what they keep, change and owe to the record."""

import math
import tomllib

import pytest

from parley.errors import ScenarioError
from parley.mechanisms.harm import step_environment
from parley.paths import scenarios_folder
from parley.place import read_place
from parley.scenario import load_place, make_scenario

VARIANTS = ("colombia_coal", "colombia_gold", "colombia_nickel", "colombia_pilot", "colombia_vote")
EVERY_VARIANT = pytest.mark.parametrize("name", VARIANTS)


def written(name):
    return tomllib.loads((scenarios_folder() / "places" / f"{name}.toml").read_text("utf-8"))


@EVERY_VARIANT
def test_a_variant_extends_the_base_frame_and_tells_its_own_story(name):
    own, base = written(name), written("colombia")
    assert own["extends"] == "colombia"
    for key in ("title", "story", "workshop"):
        assert own[key] != base[key]
    assert 150 <= len(own["story"].split()) <= 220
    assert 30 <= len(own["workshop"].split()) <= 80
    place, frame = load_place(name), load_place("colombia")
    assert place.facts.trust_state == frame.facts.trust_state
    assert place.facts.trust_company == frame.facts.trust_company
    assert {tag.key for tag in place.tags} == {tag.key for tag in frame.tags}


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("colombia_coal", {"mestizo_peasant", "afro_colombian", "indigenous", "town"}),
        ("colombia_gold", {"mestizo_peasant", "informal_miner", "town"}),
        ("colombia_nickel", {"mestizo_peasant", "afro_colombian", "indigenous", "town"}),
        ("colombia_pilot", {"mestizo_peasant", "afro_colombian", "indigenous", "town"}),
        ("colombia_vote", {"mestizo_peasant", "town"}),
    ],
)
def test_people_of_each_variant(name, groups):
    place = load_place(name)
    assert {group.key for group in place.groups} == groups
    marginalised = {group.key for group in place.groups if group.marginalised}
    assert marginalised == groups & {"afro_colombian", "indigenous", "informal_miner"}


@pytest.mark.parametrize(
    ("name", "per_resident_usd", "incomes", "budget_usd"),
    [
        ("colombia_coal", 1054, 8.8, 8.4),
        ("colombia_gold", 1467, 9.8, 8.8),
        ("colombia_nickel", 340, 2.43, 2.04),
        ("colombia_pilot", 50, 0.45, 2.4),
        ("colombia_vote", 3730, 26.6, 5.6),
    ],
)
def test_money_of_each_variant(name, per_resident_usd, incomes, budget_usd):
    scenario = make_scenario(place=name, practices="none")
    facts, budget = scenario.place.facts, scenario.parameters.budget
    site = facts.revenue_usd_per_year * facts.catchment_share
    monthly = site / facts.catchment_population / 12
    assert monthly == pytest.approx(per_resident_usd, abs=1)
    assert monthly / facts.median_income_usd == pytest.approx(incomes, abs=0.06)
    assert monthly * budget.social_budget_share == pytest.approx(budget_usd, abs=0.06)
    spent_locally = facts.local_wage_share + facts.local_purchase_share
    assert 0.0 < spent_locally < budget.cost_share
    assert spent_locally + facts.royalty_rate_share < 1.0


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("colombia_coal", "coal_za"),
        ("colombia_gold", "gold"),
        ("colombia_nickel", "nickel"),
        ("colombia_pilot", "cocoa"),
        ("colombia_vote", "gold"),
    ],
)
def test_the_price_process_is_that_of_what_is_sold(name, series):
    path = scenarios_folder() / "data" / "price_process_estimates.csv"
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    table = {tuple(row[:2]): dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    fitted = table[series, "2000-01..2019-12"]
    price = make_scenario(place=name, practices="none").parameters.price
    assert price.volatility_per_sqrt_year == float(fitted["ann_logvol_monthly"])
    half_life = float(fitted["halflife_years_median_unbiased"])
    assert price.reversion_per_year == pytest.approx(math.log(2) / half_life, abs=5e-4)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("colombia_vote", "Residents vote against mining"),
        ("colombia_vote", "The company stops the project"),
        ("colombia_gold", "Blockade"),
        ("colombia_nickel", "The Constitutional Court rules"),
        ("colombia_coal", "The line is blocked"),
        ("colombia_pilot", "partnership programme starts"),
    ],
)
def test_what_neighbours_and_firms_did_to_each_other_changes_no_input(name, label):
    events = [event for event in read_place(name, None, "process").history if label in event.label]
    assert events
    assert {event.kind for event in events} == {"note"}


@EVERY_VARIANT
def test_armed_groups_never_exceed_full_presence(name):
    place = load_place(name)
    presence = place.facts.spoiler_presence
    for event in place.events:
        presence *= event.magnitude if event.kind == "armed_groups" else 1.0
    assert 0.0 < presence <= 1.0


@pytest.mark.parametrize("name", ["colombia_coal", "colombia_nickel", "colombia_pilot"])
def test_where_a_firm_works_already_the_burden_rests_at_its_start(name):
    scenario = make_scenario(place=name, practices="none")
    harm = scenario.parameters.harm
    start = scenario.place.facts.environment_start
    assert float(step_environment(start, 1.0, 0.0, harm)) == pytest.approx(start, abs=2e-4)
    assert float(step_environment(start, 0.0, 0.0, harm)) < 0.96 * start


def test_false_takes_a_group_of_the_parent_away(tmp_path):
    path = tmp_path / "hills.toml"
    path.write_text('extends = "colombia_vote"\n[groups]\ntown = false\n')
    with pytest.raises(ScenarioError, match=r"sum to 0\.7 \(mestizo_peasant 0\.7\)"):
        load_place(path)


def test_false_for_a_group_that_no_parent_has_is_refused(tmp_path):
    path = tmp_path / "hills.toml"
    path.write_text('extends = "colombia_vote"\n[groups]\nherders = false\n')
    with pytest.raises(ScenarioError, match=r"groups\.herders"):
        load_place(path)
