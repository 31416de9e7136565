"""Modules of rare disasters as files: sourced, readable, and part of what a scenario is."""

import re
from dataclasses import asdict, replace

import pytest

from parley.errors import ScenarioError
from parley.registry import load_registry
from parley.results import RunSpec
from parley.scenario import make_scenario
from parley.tail_events import available_tail_events, load_tail_event
from parley.tail_types import NUMBERS

MODULES = available_tail_events()
EVERY_MODULE = pytest.mark.parametrize("name", MODULES)


def world(**keys):
    usual = {"place": "colombia", "practices": "csr", "months": 24, "population": 100}
    return make_scenario(**(usual | keys))


def test_the_three_named_in_the_founding_documents_are_there():
    assert MODULES == ("baia_mare", "bhopal", "thor")


@EVERY_MODULE
def test_every_number_is_sourced_or_an_assumption_with_a_range(name):
    references = load_registry().references
    file = load_tail_event(name)
    assert [q.key for q in file.quantities] == [f"numbers.{key}" for key in NUMBERS]
    for quantity in file.quantities:
        published = quantity.grade in ("measured", "estimated elsewhere")
        assert published == (quantity.source != "assumption"), quantity.key
        assert set(quantity.source.split("; ")) <= {"assumption", *references}
        assert quantity.low <= quantity.value <= quantity.high, quantity.key
        assert quantity.low < quantity.high
        assert quantity.note
        assert bool(quantity.year) == published
        if re.search("recalled", quantity.note, re.IGNORECASE):
            assert quantity.grade == "assumption"
    assert set(file.source.split("; ")) <= set(references)


@EVERY_MODULE
def test_the_story_is_short_and_plain(name):
    story = load_tail_event(name).story
    assert 100 <= len(story.split()) <= 150
    assert max(len(sentence.split()) for sentence in re.split(r"[.;:]", story)) < 36


@EVERY_MODULE
def test_files_and_values_say_the_same(name):
    file = load_tail_event(name)
    assert asdict(file.event) == {"key": name} | {
        q.key.removeprefix("numbers."): q.value for q in file.quantities
    }
    for key, number in NUMBERS.items():
        assert number.null is None or number.bounds.allows(number.null), key


def test_known_shares_and_delays():
    bhopal, thor = load_tail_event("bhopal").event, load_tail_event("thor").event
    assert bhopal.share_paid == pytest.approx(470 / 3300, abs=0.0005)
    assert bhopal.payment_delay_years == pytest.approx(4 + 73 / 365, abs=0.01)
    assert thor.clean_up_delay_years == 2020 - 1992


def test_without_modules_a_scenario_is_what_it_was():
    plain = world()
    assert "tail_events" not in plain.content()
    assert world(tail_events=[]).digest() == plain.digest()
    assert RunSpec(world(tail_events=()), 0, 1).identity == RunSpec(plain, 0, 1).identity


def test_with_a_module_it_is_another_one():
    plain, loaded = world(), world(tail_events=["bhopal"])
    assert len({plain.digest(), loaded.digest(), world(tail_events=["thor"]).digest()}) == 3
    (event,) = loaded.tail_events
    for key in NUMBERS:
        other = replace(event, **{key: getattr(event, key) / 2 + 0.07})
        assert replace(loaded, tail_events=(other,)).digest() != loaded.digest(), key
    assert loaded.content()["tail_events"][0]["key"] == "bhopal"


def test_changes_after_a_colon():
    (event,) = world(tail_events=["bhopal:hazard_per_year=0.2, closure_months=6"]).tail_events
    assert event == replace(load_tail_event("bhopal").event, hazard_per_year=0.2, closure_months=6)
    assert isinstance(event.closure_months, int)


def test_a_file_that_extends_one_and_lies_beside_the_scenario(tmp_path):
    (tmp_path / "spill.toml").write_text(
        'extends = "baia_mare"\ntitle = "Our own"\n[numbers]\nshare_paid = { value = 0.3, '
        'unit = "share", source = "assumption", grade = "assumption" }\n'
    )
    path = tmp_path / "world.toml"
    path.write_text('place = "colombia"\npractices = "csr"\ntail_events = ["spill.toml"]\n')
    from parley.scenario import load_scenario

    (event,) = load_scenario(path).tail_events
    assert event == replace(load_tail_event("baia_mare").event, key="spill", share_paid=0.3)


def test_a_place_loads_modules_unless_the_scenario_names_its_own(tmp_path):
    place = tmp_path / "valley.toml"
    place.write_text('extends = "colombia"\ntail_events = ["thor"]\n')

    def keys(**more):
        scenario = make_scenario(place=place, practices="csr", **more)
        return [event.key for event in scenario.tail_events]

    assert keys() == ["thor"]
    assert keys(tail_events=["bhopal"]) == ["bhopal"]
    assert keys(tail_events=[]) == []


def test_modules_on_top_of_others():
    loaded = world(tail_events=["thor"]).with_tail_events("bhopal", "thor:shield=1")
    assert [event.key for event in loaded.tail_events] == ["thor", "bhopal"]
    assert loaded.tail_events[0].shield == 1.0
    with pytest.raises(ScenarioError, match="did you mean 'thor'"):
        world().with_tail_events("thorr")
    with pytest.raises(ScenarioError) as caught:
        world(tail_events=["bopal", "thor:shield=3"], months=0)
    assert len(caught.value.problems) == 3
