"""The places that come with Parley: sourced, complete and consistent with what they tell."""

import math
import re
import tomllib
from datetime import date

import pytest

from parley.errors import ScenarioError
from parley.event_kinds import EVENT_KINDS
from parley.paths import scenarios_folder
from parley.place import read_place
from parley.place_money import money_of_file, money_words, place_money
from parley.reading import GRADES
from parley.registry import load_registry
from parley.scenario import available_places, load_place, make_scenario, place_quantities
from parley.scenario_types import NEEDS

PLACES = available_places()
EVERY_PLACE = pytest.mark.parametrize("name", PLACES)


def content(name):
    return tomllib.loads((scenarios_folder() / "places" / f"{name}.toml").read_text("utf-8"))


@EVERY_PLACE
def test_every_number_has_a_source_and_a_grade(name):
    references = load_registry().references
    quantities = place_quantities(name)
    assert len(quantities) > 85
    for quantity in quantities:
        assert quantity.grade in GRADES
        published = quantity.grade in ("measured", "estimated elsewhere")
        assert published == (quantity.source != "assumption"), quantity.key
        for key in quantity.source.split("; "):
            assert key == "assumption" or key in references, quantity.key
        assert quantity.unit


@EVERY_PLACE
def test_no_number_hides_from_the_provenance(name):
    """Every number in the file sits in a table that names its source, or is part of such."""

    def bare(value, key, sourced):
        if isinstance(value, dict):
            sourced = sourced or "source" in value
            return [k for name, v in value.items() for k in bare(v, f"{key}.{name}", sourced)]
        if isinstance(value, list):
            return [k for i, v in enumerate(value) for k in bare(v, f"{key}[{i}]", sourced)]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return [key] if number and not sourced else []

    data = content(name)
    assert bare({k: v for k, v in data.items() if k != "events"}, name, False) == []
    sized = [event for event in data["events"] if "magnitude" in event]
    assert sized
    assert all(bare(event["magnitude"], name, False) == [] for event in sized)


@EVERY_PLACE
def test_derived_numbers_show_their_arithmetic_and_recalled_ones_are_assumptions(name):
    for quantity in place_quantities(name):
        if quantity.grade == "estimated elsewhere":
            assert quantity.note or quantity.key.endswith(".months"), quantity.key
        if quantity.grade == "measured":
            assert quantity.year, quantity.key
        if re.match(r"(recalled|.*\(recalled\)$)", quantity.note, re.IGNORECASE):
            assert quantity.grade == "assumption", quantity.key


@EVERY_PLACE
def test_values_lie_in_their_stated_ranges(name):
    ranged = [q for q in place_quantities(name) if q.low is not None]
    assert len(ranged) > 60
    for quantity in ranged:
        values = quantity.value if isinstance(quantity.value, tuple) else (quantity.value,)
        inside = [value for value in values if quantity.low <= value <= quantity.high]
        assert inside, quantity.key
        if len(values) == 1:
            assert quantity.high > quantity.low


@EVERY_PLACE
def test_shares_and_weights_sum_to_one(name):
    place = load_place(name)
    assert math.isclose(math.fsum(g.share for g in place.groups), 1.0, abs_tol=1e-12)
    for group in place.groups:
        assert len(group.needs) == len(NEEDS)
        assert math.isclose(math.fsum(group.needs), 1.0, abs_tol=1e-12)
    assert math.isclose(math.fsum(place.facts.company_interest), 1.0, abs_tol=1e-12)
    near = math.fsum(group.share * group.near_share for group in place.groups)
    assert 0.49 < near < 0.51
    for tag in place.tags:
        assert len(tag.shares) == len(place.groups)
        assert max(tag.shares) > 0


def test_people():
    colombia, bosnia = load_place("colombia"), load_place("bosnia")
    assert {g.key: g.share for g in colombia.groups} == {
        "mestizo_peasant": 0.55,
        "afro_colombian": 0.20,
        "indigenous": 0.15,
        "town": 0.10,
    }
    assert {g.key: g.share for g in bosnia.groups} == {
        "bosniak": 0.84,
        "croat": 0.075,
        "serb": 0.022,
        "other": 0.063,
    }
    assert [tag.key for tag in colombia.tags] == ["woman", "youth", "victim_displaced"]
    assert [tag.key for tag in bosnia.tags] == ["woman", "youth", "roma", "returnee", "pensioner"]
    roma = next(tag for tag in bosnia.tags if tag.key == "roma")
    assert roma.shares == (0.0, 0.0, 0.0, 0.11)


@pytest.mark.parametrize(
    ("name", "site_millions", "per_resident", "ratio", "budget_usd"),
    [("colombia", 126, 527, 4.05, 4.2), ("bosnia", 151, 504, 1.83, 3.8)],
)
def test_the_money_adds_up_and_is_told_in_words(
    name, site_millions, per_resident, ratio, budget_usd
):
    scenario = make_scenario(place=name, practices="none")
    facts, budget = scenario.place.facts, scenario.parameters.budget
    site = facts.revenue_usd_per_year * facts.catchment_share
    monthly = site / facts.catchment_population / 12
    assert site / 1e6 == pytest.approx(site_millions, abs=0.5)
    assert monthly == pytest.approx(per_resident, abs=0.5)
    assert monthly / facts.median_income_usd == pytest.approx(ratio, abs=0.01)
    assert monthly * budget.social_budget_share == pytest.approx(budget_usd, abs=0.05)
    words = money_words(money_of_file(read_place(name, None, "process")))
    assert words == money_words(place_money(scenario.place, budget.social_budget_share))
    assert f"US${site_millions} million a year" in words
    assert f"US${per_resident} a month for each resident" in words
    assert f"median income of US${facts.median_income_usd:g} a month" in words
    assert f"US${budget_usd} per resident and month" in words
    assert "US$" not in scenario.place.story
    spent_locally = facts.local_wage_share + facts.local_purchase_share
    assert 0.0 < spent_locally < budget.cost_share
    assert spent_locally + facts.royalty_rate_share < 1.0


@pytest.mark.parametrize(
    ("name", "wages", "purchases", "royalty", "kept"),
    # 126.5 and 151.2 million US$ a year over 20,000 and 25,000 residents, times 6% and 4.5% of
    # wages, 1.5% and 3% of purchases, 9.2% and 1% of royalty, of which 10% and 50% stay
    [("colombia", 31.6, 7.91, 48.5, 4.85), ("bosnia", 22.7, 15.1, 5.04, 2.52)],
)
def test_what_wages_purchases_and_royalty_bring(name, wages, purchases, royalty, kept):
    money = money_of_file(read_place(name, None, "process"))
    found = (money.wages, money.purchases, money.royalty, money.royalty_kept)
    assert found == pytest.approx((wages, purchases, royalty, kept), rel=0.005)


@EVERY_PLACE
def test_a_story_is_told_in_150_to_220_words_without_computed_money(name):
    place = read_place(name, None, "process").place
    assert 150 <= len(place.story.split()) <= 220
    assert "Money:" not in place.story


def test_the_price_parameters_are_the_fitted_ones():
    path = scenarios_folder() / "data" / "price_process_estimates.csv"
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    table = {tuple(row[:2]): dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    for name, series in (("colombia", "coal_za"), ("bosnia", "iron_ore")):
        fitted = table[series, "2000-01..2019-12"]
        price = make_scenario(place=name, practices="none").parameters.price
        assert price.volatility_per_sqrt_year == float(fitted["ann_logvol_monthly"])
        half_life = float(fitted["halflife_years_median_unbiased"])
        assert price.reversion_per_year == pytest.approx(math.log(2) / half_life, abs=5e-4)


@EVERY_PLACE
def test_events_are_in_order_and_of_known_kinds(name):
    place = load_place(name, start="1996-01", price_source="process")
    assert len(place.events) == len(content(name)["events"])
    months = [event.month for event in place.events]
    assert months == sorted(months)
    for event in place.events:
        assert event.kind in EVENT_KINDS
        assert event.month == (event.date.year - 1996) * 12 + event.date.month - 1


def test_events_count_from_the_start_and_the_past_is_left_out():
    by_label = {event.label: event for event in load_place("bosnia").events}
    assert by_label["Filter on the blast furnace opened with officials present"].month == 46
    later = load_place("bosnia", start="2013-12")
    assert min(event.month for event in later.events) == 0
    assert "accident" in {event.kind for event in later.events}
    assert "emission_change" not in {e.kind for e in later.events if e.date < date(2014, 1, 1)}


@pytest.mark.parametrize(
    ("start", "steps"),
    [
        ("1996-01", ((0, 0.8), (192, 0.1), (300, 0.25))),
        ("2011-12", ((0, 0.8), (1, 0.1), (109, 0.25))),
        ("2012-01", ((0, 0.1), (108, 0.25))),
        ("2020-12", ((0, 0.1), (1, 0.25))),
        ("2021-01", ((0, 0.25),)),
    ],
)
def test_the_royalty_step_in_force_starts_the_run(start, steps):
    assert load_place("colombia", start=start).producing_area_share == steps


def test_a_place_of_ones_own_may_extend_another(tmp_path):
    path = tmp_path / "valley.toml"
    path.write_text(
        'extends = "bosnia"\ntitle = "A valley"\n[facts.villages]\nvalue = 17\nunit = "count"\n'
        'source = "assumption"\ngrade = "expert"\n',
    )
    valley, bosnia = load_place(path), load_place("bosnia")
    assert (valley.key, valley.title, valley.facts.villages) == ("valley", "A valley", 17)
    assert valley.groups == bosnia.groups
    (quantity,) = [q for q in place_quantities(path) if q.key == "facts.villages"]
    assert (quantity.grade, quantity.note, quantity.low) == ("expert", "", None)


def test_too_many_tags_are_refused(tmp_path):
    path = tmp_path / "tags.toml"
    number = 'source = "assumption", grade = "assumption" }'
    tag = "\n".join(
        f'{field} = {{ value = 0.5, unit = "{unit}", {number}'
        for field, unit in (
            ("share", "share"),
            ("status_factor", "ratio"),
            ("income_factor", "ratio"),
            ("known_factor", "ratio"),
        )
    )
    tags = [f'[tags.t{i}]\nlabel = "T"\nmarginalised = false\n{tag}\n' for i in range(6)]
    path.write_text('extends = "colombia"\n' + "\n".join(tags))
    with pytest.raises(ScenarioError, match="there are 9 tags; allowed: at most 8 tags"):
        load_place(path)


@pytest.mark.parametrize("months", [1, 12, 120])
def test_only_the_first_months_of_a_place(months):
    place = load_place("colombia", months=months)
    assert len(place.price_path) == min(months, 137)
    assert all(event.month < months or event.kind == "vote" for event in place.events)
    votes = [event.month for event in load_place("colombia").events if event.kind == "vote"]
    assert [event.month for event in place.events if event.kind == "vote"] == votes
    assert place.first_months(months) == place
