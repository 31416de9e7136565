"""Good files: what they resolve to, and that it is the same wherever it is resolved."""

import copy
import dataclasses
import json
import os
import pickle
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import ScenarioError
from parley.event_kinds import EVENT_KINDS
from parley.practice_types import Phase, Practices
from parley.registry import default_parameters, load_registry, parameter_values
from parley.scenario import (
    available_places,
    available_practices,
    available_scenarios,
    load_practices,
    load_scenario,
    make_scenario,
)

READY = available_scenarios()
NAME = "colombia_light_partnership"


@pytest.fixture(scope="module")
def scenario():
    return make_scenario(place="colombia", practices="hsbp", months=24, population=200)


def test_what_comes_with_parley():
    assert available_places() == (
        *("angola", "australia", "bosnia", "bosnia_mine", "burundi", "colombia"),
        *("colombia_coal", "colombia_gold", "colombia_nickel", "colombia_pilot", "colombia_vote"),
        *("egypt", "mexico", "mongolia", "south_africa", "tanzania"),
    )
    assert len(available_practices()) == 11
    assert {"colombia_hsbp", "bosnia_transactional"} <= set(READY)


@pytest.mark.parametrize("name", READY)
def test_resolving_twice_gives_equal_scenarios(name):
    first, second = load_scenario(name), load_scenario(name)
    assert first == second
    assert hash(first) == hash(second)
    assert first.digest() == second.digest()
    assert pickle.loads(pickle.dumps(first)) == first
    assert copy.deepcopy(first) == first


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_the_digest_is_the_same_in_every_process(hash_seed):
    code = f"from parley.scenario import load_scenario as s; print(s({NAME!r}).digest())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == load_scenario(NAME).digest()


def test_every_pair_of_place_and_practices_resolves():
    digests = {
        make_scenario(place=place, practices=practices).digest()
        for place in available_places()
        for practices in available_practices()
    }
    assert len(digests) == len(available_places()) * len(available_practices())


@pytest.mark.parametrize("name", READY)
def test_content_is_plain_json_and_survives_it(name):
    scenario = load_scenario(name)
    content = scenario.content()
    assert json.loads(scenario.canonical_json()) == content
    assert json.loads(json.dumps(content)) == content


def words(content):
    """All text in a nested content, keys aside."""
    if isinstance(content, dict):
        content = list(content.values())
    if isinstance(content, list):
        return [word for item in content for word in words(item)]
    return [content] if isinstance(content, str) else []


def test_content_holds_no_labels(scenario):
    content = scenario.content()
    assert not {"title", "question"} & content.keys()
    found = set(words(content))
    assert found <= {
        "2012-01-01",
        "linear",
        "replay",
        "joint",
        "pooled",
        "individuals",
        "owner",
        "none",
        *EVENT_KINDS,
        *(group.key for group in scenario.place.groups),
        *(tag.key for tag in scenario.place.tags),
    }


def renamed(practices, **changes):
    return dataclasses.replace(practices, key="other", label="Other", note="Other", **changes)


@pytest.mark.parametrize("name", available_practices())
def test_a_renamed_preset_is_the_same_scenario(name, tmp_path):
    practices = load_practices(name)
    original = make_scenario(place="bosnia", practices=practices)
    copy_of_file = tmp_path / "market_day.toml"
    text = (_folder() / "practices" / f"{name}.toml").read_text(encoding="utf-8")
    copy_of_file.write_text(text.replace('label = "', 'label = "Market day and '), encoding="utf-8")
    from_copy = make_scenario(place="bosnia", practices=copy_of_file)
    assert from_copy.practices.key == "market_day"
    assert from_copy.content() == original.content()
    assert original.with_practices(renamed(practices)).content() == original.content()


def _folder():
    from parley.paths import scenarios_folder

    return scenarios_folder()


def test_every_attribute_of_practices_but_its_labels_counts(scenario):
    changes = {
        "nominal": (1.0, *scenario.practices.nominal[1:]),
        "owner": "state",
        "payer": "donor",
        "admits": "organisations",
        "protection": "pacing",
        "judge": "outside",
        "forum_separation": 0.5,
        "spends": False,
        "delivers": False,
        "transfer_share": 0.3,
        "hires_staff": False,
        "hooks_connected": False,
        "price_multiplier": 0.0,
        "initiator": "state",
        "outside_share": 0.5,
        "apology": 12,
        "disclosure": True,
        "phases": (Phase(0, scenario.practices),),
        "repeat_months": 12,
    }
    labels = {"key", "label", "note"}
    assert set(changes) | labels == {field.name for field in dataclasses.fields(Practices)}
    for name, value in changes.items():
        changed = scenario.with_practices(dataclasses.replace(scenario.practices, **{name: value}))
        assert changed.digest() != scenario.digest(), name


def test_what_is_left_out_is_the_default():
    scenario = load_scenario("colombia_hsbp")
    usual = parameter_values(default_parameters())
    values = parameter_values(scenario.parameters)
    changed = {key: value for key, value in values.items() if value != usual[key]}
    assert changed == {
        "price.volatility_per_sqrt_year": 0.244,
        "price.reversion_per_year": 0.029,
        "budget.social_budget_share": 0.008,
    }
    assert (scenario.trust_rule, scenario.price_source) == ("linear", "replay")
    assert scenario.conservation_checks is True


def test_a_file_wins_over_its_place_and_a_child_over_its_parent(tmp_path):
    parent, child = tmp_path / "parent.toml", tmp_path / "child.toml"
    parent.write_text(
        'place = "colombia"\npractices = "csr"\nmonths = 36\n'
        "[parameters]\nprice.reversion_per_year = 0.2\ntrust.asymmetry_max = 1.5\n"
    )
    child.write_text(
        'extends = "parent.toml"\n[parameters]\n"price.reversion_per_year" = 0.3\n'
        '[practices]\nbase = "csr"\ndials.sharing = 0.9\n'
    )
    with pytest.raises(ScenarioError, match="is given twice"):
        load_scenario(child)
    child.write_text(
        child.read_text().replace('"price.reversion_per_year"', "price.reversion_per_year")
    )
    scenario = load_scenario(child)
    assert scenario.parameters.price.reversion_per_year == 0.3
    assert scenario.parameters.trust.asymmetry_max == 1.5
    assert scenario.parameters.price.volatility_per_sqrt_year == 0.244
    assert scenario.months == 36
    assert scenario.practices.nominal[4] == 0.9
    assert scenario.practices.nominal[7] == 0.6


def test_a_file_and_the_keywords_agree(scenario):
    again = load_scenario("colombia_hsbp").with_run(months=24, population=200)
    assert again.content() == scenario.content()


@settings(max_examples=25)
@given(
    full=st.integers(1, 300),
    short=st.integers(1, 300),
    people=st.integers(50, 10_000_000),
)
def test_a_copy_of_another_length_is_what_loading_it_gives(full, short, people):
    scenario = make_scenario(place="colombia", practices="none", months=full)
    other = make_scenario(place="colombia", practices="none", months=short, population=people)
    assert scenario.with_run(months=short, population=people) == other
    assert scenario.with_run(months=short, population=people).digest() == other.digest()


def test_what_lies_beyond_the_end_does_not_count(scenario):
    place = dataclasses.replace(scenario.place, price_path=scenario.place.price_path[:24])
    assert dataclasses.replace(scenario, place=place).digest() == scenario.digest()
    place = dataclasses.replace(scenario.place, price_path=scenario.place.price_path[:23])
    assert dataclasses.replace(scenario, place=place).digest() != scenario.digest()


@pytest.mark.parametrize(
    "run", [{"months": 0}, {"months": 1201}, {"population": 49}, {"months": 2.5}]
)
def test_a_copy_must_be_allowed(scenario, run):
    with pytest.raises(ScenarioError, match=r"run: (months|population) = "):
        scenario.with_run(**run)


def test_every_parameter_can_be_changed_and_counts(scenario):
    digests = {scenario.digest()}
    values = parameter_values(scenario.parameters)
    for key, parameter in load_registry().parameters.items():
        if parameter.role == "place":
            continue
        ends = (parameter.minimum, parameter.maximum)
        other = next(end for end in ends if end is not None and end != values[key])
        changed = scenario.with_parameters(**{key: other})
        assert parameter_values(changed.parameters)[key] == other
        digests.add(changed.digest())
        assert changed.with_parameters(**{key: values[key]}) == scenario
    assert len(digests) == len(values) + 1


def test_numbers_of_numpy_are_numbers(scenario):
    changed = scenario.with_parameters(
        **{"trust.asymmetry_max": np.float64(1.5), "practices.chain_layers": np.int64(2)}
    )
    plain = scenario.with_parameters(**{"trust.asymmetry_max": 1.5, "practices.chain_layers": 2})
    assert changed.canonical_json() == plain.canonical_json()


def test_changing_parameters_reports_all_problems(scenario):
    with pytest.raises(ScenarioError) as caught:
        scenario.with_parameters(**{"trust.asymmetry_mx": 1, "trust.asymmetry_max": 9})
    texts = [str(problem) for problem in caught.value.problems]
    assert "did you mean 'trust.asymmetry_max'" in texts[0]
    assert "out of range; allowed: a number from 1 to 5 (ratio)" in texts[1]


def test_keywords_report_all_problems():
    with pytest.raises(ScenarioError) as caught:
        make_scenario(
            place="colombai",
            practices="csr",
            months=0,
            start=date(1985, 1, 2),
            parameters={"trust.asymmetry_max": float("nan")},
            wether="dry",
        )
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {"place", "months", "start", "parameters.trust.asymmetry_max", "wether"}
    assert {problem.file for problem in caught.value.problems} == {"make_scenario"}


@pytest.mark.parametrize("start", ["2013-05", date(2013, 5, 1), "2013-05-01"])
def test_a_start_is_a_month(start):
    scenario = make_scenario(place="colombia", practices="none", start=start)
    assert scenario.start == date(2013, 5, 1)


def test_nothing_of_a_scenario_can_be_changed(scenario):
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.months = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.place.facts.villages = 3
    with pytest.raises((AttributeError, TypeError)):
        scenario.other = 3
