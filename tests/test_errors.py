"""Errors say which file and key, what was given, what is allowed, and what to do next."""

import copy
import pickle

import pytest

from parley.errors import (
    ConservationError,
    OptionError,
    ParleyError,
    Problem,
    RegistryError,
    RunError,
    ScenarioError,
    StoreError,
    did_you_mean,
)

FULL = Problem(
    file="mine.toml",
    key="place.groups[2].share",
    value=1.4,
    message="is out of range",
    allowed="0 to 1 (share of residents)",
    next_step="make the shares of all groups add up to 1",
)
MISSING = Problem("mine.toml", "title", None, "is missing")


@pytest.mark.parametrize(
    "kind", [ScenarioError, RegistryError, RunError, OptionError, StoreError, ConservationError]
)
def test_one_family(kind):
    assert issubclass(kind, ParleyError)


def test_a_problem_renders_everything_on_one_line():
    assert str(FULL) == (
        "mine.toml: place.groups[2].share = 1.4: is out of range; "
        "allowed: 0 to 1 (share of residents); make the shares of all groups add up to 1"
    )


def test_a_missing_value_and_empty_parts_leave_no_trace():
    assert str(MISSING) == "mine.toml: title: is missing"
    assert str(Problem("mine.toml", "", None, "is not TOML")) == "mine.toml: is not TOML"


def test_a_problem_stays_on_one_line_whatever_is_in_it():
    assert "\n" not in str(Problem("a.toml", "k", "x\ny", "first\nsecond"))


def test_a_scenario_error_lists_every_problem():
    error = ScenarioError([FULL, MISSING])
    assert str(error).splitlines() == [str(FULL), str(MISSING)]
    assert error.problems == (FULL, MISSING)


@pytest.mark.parametrize("duplicate", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy])
def test_a_scenario_error_survives_a_process_border(duplicate):
    again = duplicate(ScenarioError([FULL, MISSING]))
    assert again.problems == (FULL, MISSING)
    assert str(again) == f"{FULL}\n{MISSING}"


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("sharng", "did you mean 'sharing'?"),
        ("SHARING", "did you mean 'sharing'?"),
        ("mapp", "did you mean 'mapping'?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_did_you_mean(word, suggestion):
    assert did_you_mean(word, ["sharing", "mapping", "monitoring"]) == suggestion


def test_did_you_mean_keeps_the_spelling_of_the_known_word():
    assert did_you_mean("colombia", ["Colombia"]) == "did you mean 'Colombia'?"


def test_did_you_mean_offers_two_when_two_are_close():
    assert did_you_mean("trust_stat", ["trust_state", "trust_start", "harm"]) == (
        "did you mean 'trust_state' or 'trust_start'?"
    )
