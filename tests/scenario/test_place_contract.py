"""What holds for every place that comes with Parley, whoever wrote it."""

import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib

import numpy as np
import pytest
from world.helpers import small, started

from parley.event_kinds import EVENT_KINDS
from parley.model import PartneringModel
from parley.own_references import own_references
from parley.paths import scenarios_folder
from parley.place import available_places, read_place
from parley.place_context import CONTEXT
from parley.place_lines import rule_of
from parley.place_report import (
    NEAR_SHARE,
    STORY_WORDS,
    UNWRITTEN,
    WORKSHOP_WORDS,
    near_share,
    outside_range,
    place_report,
    rangeless,
)
from parley.practices import available_practices
from parley.price_data import month_after
from parley.registry import build_parameters, load_registry
from parley.scenario import DEFAULT_POPULATION, MONTHS, make_scenario
from parley.scenario_types import NEEDS, PlaceFacts
from parley.toml_files import read_with_parents

PLACES = available_places()
EVERY_PLACE = pytest.mark.parametrize("name", PLACES)
QUICK = ("none", "hsbp")
OTHERS = [preset for preset in available_practices() if preset not in QUICK]
HORIZON = 24


def file_of(name):
    return read_place(name, None, "replay")


def path_of(name):
    return scenarios_folder() / "places" / f"{name}.toml"


def single(quantities):
    """Numbers that stand alone, each with its rule."""
    for quantity in quantities:
        if not isinstance(quantity.value, tuple):
            yield quantity, rule_for(quantity.key)


def rule_for(key):
    """What is allowed under a key of a place file; events state sizes of their kind."""
    if key.startswith("events["):
        return None
    return rule_of(key.replace("producing_area_share", "share.share") if "[" in key else key)


# --- Reading -----------------------------------------------------------------------------------


@EVERY_PLACE
def test_it_reads_and_resolves(name):
    for preset in QUICK:
        scenario = make_scenario(place=name, practices=preset)
        assert scenario.place.key == name
        assert scenario.start == file_of(name).start
        assert scenario.place.price_path, "the suggested start lies inside the record"


@pytest.fixture(scope="module")
def digests():
    """Digests of all places from two other processes, whose sets and tables are in other orders."""
    program = (
        "import json; from parley.place import available_places;"
        "from parley.scenario import make_scenario;"
        "print(json.dumps({n: make_scenario(place=n, practices='hsbp').digest()"
        " for n in available_places()}))"
    )
    found = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        found.append(json.loads(done.stdout))
    return found


def test_identity_is_the_same_in_every_process(digests):
    here = {name: make_scenario(place=name, practices="hsbp").digest() for name in PLACES}
    assert digests == [here, here]
    assert len(set(here.values())) == len(PLACES)


def toml(value):
    """A value as TOML; tables inside values become inline tables."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(v)}" for key, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def turned_round(content, name=""):
    """The same content with its keys in the opposite order, but for groups and tags, whose order
    is that of reports."""
    if not isinstance(content, dict):
        return content
    keys = list(content) if name in ("groups", "tags") else reversed(list(content))
    return {key: turned_round(content[key], key) for key in keys}


@EVERY_PLACE
def test_identity_follows_from_numbers_alone(name, tmp_path):
    content = turned_round(read_with_parents(path_of(name), "places"))
    labels = {"title": "Another", "country": "Elsewhere", "story": "No story.", "workshop": "None."}
    for group in content["groups"].values():
        group["label"] = f"{group['label']} by another name"
    copy = tmp_path / "renamed.toml"
    copy.write_text("\n".join(f"{k} = {toml(v)}" for k, v in (content | labels).items()), "utf-8")
    digest = make_scenario(place=copy, practices="hsbp").digest()
    assert digest == make_scenario(place=name, practices="hsbp").digest()
    content["facts"]["villages"]["value"] += 1
    copy.write_text("\n".join(f"{k} = {toml(v)}" for k, v in (content | labels).items()), "utf-8")
    assert make_scenario(place=copy, practices="hsbp").digest() != digest


# --- Numbers -----------------------------------------------------------------------------------


@EVERY_PLACE
def test_no_number_and_no_end_of_a_range_leaves_what_is_allowed(name):
    file = file_of(name)
    for quantity, rule in single(file.quantities):
        if rule is not None:
            for value in (quantity.value, quantity.low, quantity.high):
                whole = getattr(rule, "integer", False) and value is not None
                assert value is None or rule.allows(int(value) if whole else value), quantity.key
    for i, event in enumerate(read_with_parents(path_of(name), "places").get("events", [])):
        kind = EVENT_KINDS[event["kind"]]
        for what in ("magnitude", "months"):
            given = event.get(what)
            if isinstance(given, dict):
                rule = getattr(kind, what)
                ends = [] if given.get("range") == "exact" else given.get("range", [])
                for value in (given["value"], *ends):
                    assert rule.allows(value), f"events[{i}].{what}"


def at_ends(name, end):
    """Facts and parameters of a place with every stated end of a range put in."""
    file = file_of(name)
    facts, parameters = {}, dict(file.parameters)
    for quantity, _ in single(file.quantities):
        value = getattr(quantity, end)
        section, _, rest = quantity.key.partition(".")
        if value is not None and section == "parameters":
            parameters[rest] = value
        elif value is not None and section == "facts" and "." not in rest:
            whole = load_registry().parameters[f"place.{rest}"].integer
            facts[rest] = int(value) if whole else value
    security = list(file.place.facts.security_start)
    for quantity, _ in single(file.quantities):
        need = quantity.key.removeprefix("facts.security_start.")
        if need in NEEDS and getattr(quantity, end) is not None:
            security[NEEDS.index(need)] = getattr(quantity, end)
    facts["security_start"] = tuple(security)
    return dataclasses.replace(file.place.facts, **facts), build_parameters(parameters)


@pytest.mark.parametrize("end", ["low", "high"])
@EVERY_PLACE
def test_a_place_at_the_ends_of_all_its_ranges_runs(name, end):
    facts, parameters = at_ends(name, end)
    assert facts != file_of(name).place.facts
    size = max(100, facts.villages)
    usual = make_scenario(place=name, practices="hsbp", months=6, population=size)
    place = dataclasses.replace(usual.place, facts=facts)
    model = started(dataclasses.replace(usual, place=place, parameters=parameters), 6)
    assert all(np.isfinite(column).all() for column in model.people.columns.values())


@EVERY_PLACE
def test_every_number_has_a_range_that_holds_its_value_or_is_known_exactly(name):
    file = file_of(name)
    assert rangeless(file) == ()
    assert outside_range(file) == ()


@EVERY_PLACE
def test_sources_are_present(name):
    file, references = file_of(name), load_registry().references
    published = [q for q in file.quantities if q.grade in ("measured", "estimated elsewhere")]
    assert len(published) >= 10
    for quantity in file.quantities:
        keys = quantity.source.split("; ")
        assert keys == ["assumption"] or all(key in references for key in keys), quantity.key
    assert own_references(name) == (), "they stand in references.toml"
    assert any(event.source != "assumption" for event in file.history)
    for event in file.history:
        assert event.source, event.label


@EVERY_PLACE
def test_where_it_stands_is_stated(name):
    context = dict(file_of(name).context)
    assert {key for key, number in CONTEXT.items() if number.required} <= set(context)
    assert set(context) <= set(CONTEXT)


@EVERY_PLACE
def test_texts_have_their_length(name):
    file = file_of(name)
    for text, (fewest, most) in (
        (file.place.story, STORY_WORDS),
        (file.workshop, WORKSHOP_WORDS),
    ):
        assert UNWRITTEN not in text
        assert fewest <= len(text.split()) <= most
    computed = re.compile(r"(each|per) resident|median income", re.IGNORECASE)
    assert not computed.search(file.place.story), "what follows from numbers belongs on the page"


@EVERY_PLACE
def test_nothing_is_left_to_do(name):
    assert place_report(name).to_do == ()


# --- People and money --------------------------------------------------------------------------


@EVERY_PLACE
def test_near_and_affiliated_shares_agree_with_the_place(name):
    file = file_of(name)
    low, high = NEAR_SHARE
    assert low <= near_share(file) <= high
    affiliated = sum(group.share * group.affiliated_share for group in file.place.groups)
    assert affiliated == pytest.approx(1 - file.place.facts.unaffiliated_share, abs=0.02)


@EVERY_PLACE
def test_somebody_is_at_risk_of_being_left_out(name):
    place = file_of(name).place
    assert any(one.marginalised for one in (*place.groups, *place.tags))


@EVERY_PLACE
def test_the_money_makes_sense(name):
    scenario = make_scenario(place=name, practices="hsbp")
    facts, parameters = scenario.place.facts, scenario.parameters
    local = facts.local_wage_share + facts.local_purchase_share
    assert 0.0 <= local <= parameters.budget.cost_share
    assert local + facts.royalty_rate_share < 1.0
    budget = parameters.budget.social_budget_share * facts.revenue_usd_per_year
    assert budget * facts.catchment_share > 0.0
    assert 0.0 < facts.median_income_usd < 20_000
    for _, share in scenario.place.producing_area_share:
        assert 0.0 <= share <= 1.0


@EVERY_PLACE
def test_every_group_and_tag_has_people_at_default_size(name):
    model = PartneringModel(make_scenario(place=name, practices="none"), 0, 0)
    people, place = model.people, model.world.place
    assert people.n == DEFAULT_POPULATION
    counts = np.bincount(people["group"], minlength=len(place.groups))
    for group, count in zip(place.groups, counts, strict=True):
        assert count == pytest.approx(people.n * group.share, rel=0.02, abs=place.facts.villages)
        assert count > 0, group.key
    for tag in place.tags:
        assert 0 < int(people[f"tag_{tag.key}"].sum()) < people.n, tag.key


# --- Events ------------------------------------------------------------------------------------


@EVERY_PLACE
def test_every_event_lies_before_the_start_or_inside_a_run(name):
    file = file_of(name)
    assert file.history
    last = max(event.month for event in file.history)
    assert last < MONTHS.maximum
    assert month_after(file.start, last).year < 2027, "history, not forecast"
    to_come = [event for event in file.history if event.month >= 0]
    assert file.place.events == tuple(to_come)
    scenario = make_scenario(place=name, practices="none", months=max(last, 0) + 1, population=50)
    assert scenario.place.first_months(scenario.months).events == scenario.place.events
    assert any(event.kind != "note" and 0 <= event.month < 120 for event in to_come)


# --- Runs --------------------------------------------------------------------------------------


def check_run(model):
    """The books were kept every month, and what is reported can be read."""
    scenario = model.world
    assert scenario.conservation_checks
    assert model.people.n == scenario.population
    assert sum(model.ledger.balances().values()) == 0
    counts = model.promises.counts()
    ends = (counts.kept, counts.late, counts.broken, counts.forgiven, counts.open)
    assert sum(ends) == counts.made
    for name, values in model.recorder.series.items():
        assert len(values) == scenario.months, name
        assert not np.isinf(values).any(), name
    for name in ("trust_company", "grievance_at_company", "benefit"):
        assert np.isfinite(model.recorder.series[name][:, 0]).all(), name


def ran(name, preset, months=HORIZON, population=100):
    model = PartneringModel(small(name, preset, months=months, population=population), 3, 0)
    model.run_model()
    return model


@pytest.mark.parametrize("preset", QUICK)
@EVERY_PLACE
def test_two_years_with_the_books_kept(name, preset):
    check_run(ran(name, preset))


@pytest.mark.slow
@pytest.mark.parametrize("preset", OTHERS)
@EVERY_PLACE
def test_two_years_with_the_books_kept_under_every_other_preset(name, preset):
    check_run(ran(name, preset))


@pytest.mark.slow
@EVERY_PLACE
def test_a_run_over_the_whole_history(name):
    """Every dated event comes, with the books kept and nothing that is no number."""
    last = max(event.month for event in file_of(name).history)
    size = max(60, file_of(name).place.facts.villages)
    model = ran(name, "hsbp", months=max(last, 0) + 2, population=size)
    check_run(model)


@pytest.mark.parametrize("population", [50, 2000])
@EVERY_PLACE
def test_size_is_free(name, population):
    """Down to one person in each village, where there are more villages than fifty."""
    size = max(population, file_of(name).place.facts.villages)
    check_run(ran(name, "hsbp", months=3, population=size))


@pytest.mark.slow
@EVERY_PLACE
def test_a_hundred_thousand_people(name):
    check_run(ran(name, "hsbp", months=3, population=100_000))


# --- The checks themselves ---------------------------------------------------------------------


def test_facts_of_a_place_are_those_whose_rules_are_known():
    for field in dataclasses.fields(PlaceFacts):
        assert rule_for(f"facts.{field.name}").unit


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("range = [3000, 8000]\n", "", "state the range of facts.catchment_population"),
        ("range = [3000, 8000]", "range = [3000, 4000]", "bring into its own range"),
        ("near_share = { value = 0.5,", "near_share = { value = 0.9,", "nearer half"),
        ("story = ", 'story = "Too short."\nold = ', "3"),
    ],
)
def test_what_a_file_lacks_is_noticed(tmp_path, old, new, said):
    """The contract's measures see a range, a value, a share or a story that is wrong."""
    text = path_of("bosnia").read_text("utf-8")
    head, _, tail = text.partition("[facts.catchment_population]")
    own = (
        'value = 5000\nunit = "persons"\nsource = "assumption"\ngrade = "assumption"\n'
        "range = [3000, 8000]\n\n"
    )
    rest = tail[tail.index("[facts.villages]") :]
    path = tmp_path / "valley.toml"
    whole = head + "[facts.catchment_population]\n" + own + rest
    if new.startswith("story"):
        whole = re.sub(r'story = """.*?"""', 'story = "Too few words."', whole, flags=re.DOTALL)
        said = "the story has 3 words"
    path.write_text(whole.replace(old, new) if not new.startswith("story") else whole, "utf-8")
    assert any(said in line for line in place_report(path).to_do)
    assert tomllib.loads(path.read_text("utf-8"))["start"] == "2010-01"
