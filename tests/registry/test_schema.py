"""The schema of scenario files accepts what the loader accepts and underlines what it refuses."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from parley.registry import load_registry

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
OTHERS = {"references.toml", "systems.toml"}
FILES = [file for file in sorted(SCENARIOS.glob("*.toml")) if file.name not in OTHERS]
SMALL = """
title = "A test"
place = "somewhere"
practices = "something"
start = "2010-01"
months = 24
tail_events = ["bhopal", "mine.toml"]
trust_rule = "counts"
[parameters.trust]
asymmetry_max = 1.5
deception_cap = { value = 0.8, why = "softer" }
[[events]]
date = "2011-03"
kind = "price_shock"
label = "Slump"
magnitude = -0.4
months = 12
[[events]]
date = "2011-06"
kind = "vote"
label = "Local election"
[[interventions]]
kind = "cash_transfer"
first = "2011-01"
last = 20
coverage = 0.5
eligible = ["youth", "town"]
villages = 2
payer = "company"
strengths = { amount = 0.2, livelihood = { value = 0.1, why = "a guess" } }
[[interventions]]
base = "royalty_rule"
"""


@pytest.fixture(scope="module")
def validator():
    schema = json.loads((SCENARIOS / "schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def is_valid(validator, text):
    return validator.is_valid(tomllib.loads(text))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bundled_scenarios_are_valid(validator, file):
    errors = list(validator.iter_errors(tomllib.loads(file.read_text("utf-8"))))
    assert [error.message for error in errors] == []


def test_a_small_scenario_is_valid(validator):
    assert is_valid(validator, SMALL)
    assert is_valid(validator, 'extends = "other"\n[parameters]\n"trust.asymmetry_max" = 1')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('place = "somewhere"\n', ""),
        ("months = 24", "months = 24.5"),
        ("months = 24", "months = 0"),
        ("months = 24", "month = 24"),
        ('"2010-01"', '"2010"'),
        ('"counts"', '"count"'),
        ('["bhopal", "mine.toml"]', '"bhopal"'),
        ('["bhopal", "mine.toml"]', '["bhopal", "bhopal"]'),
        ('"mine.toml"', "3"),
        ("asymmetry_max = 1.5", "asymmetry_max = 9"),
        ("asymmetry_max = 1.5", 'asymmetry_max = "high"'),
        ("asymmetry_max = 1.5", "asymmetry = 1.5"),
        ("value = 0.8", "value = 1.8"),
        ("value = 0.8, ", ""),
        ("why =", "because ="),
        ("[parameters.trust]", "[parameters.place]"),
        ("magnitude = -0.4\n", ""),
        ("magnitude = -0.4", "magnitude = -40"),
        ('"price_shock"', '"price_shok"'),
        ('kind = "vote"', 'kind = "vote"\nmagnitude = 1.0'),
        ('"cash_transfer"', '"cash"'),
        ('"cash_transfer"', '"legal_aid"'),
        ('"cash_transfer"', '"cash_transfer"\nbase = "x"'),
        ('base = "royalty_rule"', 'name = "x"'),
        ("coverage = 0.5", "coverage = 1.5"),
        ("coverage = 0.5", "covers = 0.5"),
        ("last = 20", "last = -1"),
        ("villages = 2", "villages = 0"),
        ('payer = "company"', 'payer = "un"'),
        ("amount = 0.2", "amuont = 0.2"),
        ("amount = 0.2", "amount = -0.2"),
    ],
)
def test_mistakes_are_underlined(validator, old, new):
    assert old in SMALL
    assert not is_valid(validator, SMALL.replace(old, new, 1))


@pytest.mark.parametrize("dial", load_registry().dials, ids=lambda dial: dial.code)
def test_a_dial_runs_from_0_to_1(validator, dial):
    text = f'place = "p"\n[practices]\nbase = "b"\n[practices.dials]\n{dial.key} = '
    assert is_valid(validator, text + "0")
    assert is_valid(validator, text + "0.5")
    assert not is_valid(validator, text + "1.5")
