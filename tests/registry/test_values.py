"""From numbers to the frozen parameters of a run, and back."""

import dataclasses

import pytest

from parley.errors import ScenarioError
from parley.practice_types import DIALS
from parley.registry import (
    build_parameters,
    default_parameters,
    load_registry,
    parameter_values,
)


def test_defaults_are_the_registrys():
    registry = load_registry()
    defaults = {p.key: p.default for p in registry.parameters.values() if p.role != "place"}
    assert parameter_values(default_parameters()) == defaults
    assert list(defaults) == list(parameter_values(default_parameters()))


def test_values_survive_the_round_trip():
    changed = build_parameters({"trust.asymmetry_max": 1.5, "influence.mean_degree": 6.0})
    assert changed.trust.asymmetry_max == 1.5
    assert changed.influence.mean_degree == 6
    assert isinstance(changed.influence.mean_degree, int)
    assert build_parameters(parameter_values(changed)) == changed
    assert changed != default_parameters()


def test_parameters_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        default_parameters().trust.asymmetry_max = 1.0


@pytest.mark.parametrize("section", ["dial_cost", "dial_hours", "dial_skill"])
def test_numbers_of_dials_follow_the_order_of_the_dials(section):
    fields = dataclasses.fields(getattr(default_parameters(), section))
    assert tuple(field.name for field in fields) == DIALS


def test_all_wrong_values_are_reported_together():
    wrong = {
        "trust.asymetry_max": 2.0,
        "trust.asymmetry_max": 0.5,
        "influence.mean_degree": 6.5,
        "place.villages": 3,
    }
    with pytest.raises(ScenarioError) as caught:
        build_parameters(wrong)
    problems = {problem.key: str(problem) for problem in caught.value.problems}
    assert set(problems) == set(wrong)
    assert "did you mean 'trust.asymmetry_max'" in problems["trust.asymetry_max"]
    assert "a number from 1 to 5 (ratio)" in problems["trust.asymmetry_max"]
    assert "a whole number from 2 to 40 (count)" in problems["influence.mean_degree"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "2", None])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ScenarioError):
        build_parameters({"trust.asymmetry_max": value})
