"""What the registry of this checkout holds: honest, complete and in step with the code."""

import dataclasses
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from parley.practice_types import DIALS
from parley.registry import ASSUMPTION, load_registry
from parley.scenario_types import NEEDS, PlaceFacts

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = load_registry()
PARAMETERS = list(REGISTRY.parameters.values())
SWITCHES = [p for p in PARAMETERS if p.role == "switch"]
GROUP_OUTCOMES = {
    "trust_company",
    "trust_state",
    "trust_community",
    "grievance_operational",
    "grievance_partnership",
    "grievance_legacy",
    "grievance_at_company",
    "grievance_at_state",
    "expectation_gap",
    "benefit",
    "budget_benefit",
    "state_benefit",
    "aid",
    "need_match",
    "inclusion",
    "influence",
    "dignity",
    "freedom_from_want",
    "harm",
    "active_share",
    "income_now",
    "outside_skill",
    "dependency",
    "fear",
    "reprisals",
    "participation_harm",
    "silent_share",
    "grievance_shown",
    *(f"secure_{need}" for need in NEEDS),
}
SITE_OUTCOMES = {
    "trust_in_community",
    "community_share",
    "worst_group_ratio",
    "benefit_gini",
    "voice_equality",
    "tokenism",
    "petitions",
    "marches",
    "blockades",
    "violence",
    "days_lost",
    "profit",
    "process_cost",
    "intervention_cost",
    "community_spending",
    "community_hours",
    "implementation_fidelity",
    "company_skill",
    "community_skill",
    "diverted_share",
    "ruin_poorest",
    "closure",
    *(f"desk_{what}" for what in ("filed", "open", "declared", "resolved", "waiting")),
    *(f"forum_{what}" for what in ("filed", "open", "declared", "resolved", "waiting")),
    "remedy_paid",
    "reported_performance",
    "experienced_performance",
    "performance_gap",
    "partnership_alive",
    "members_share",
    "undertakings_kept",
    "market_value",
    "state_capacity",
    "legitimacy",
    "alignment",
}


def test_facts_are_those_of_a_place():
    facts = [p.name for p in PARAMETERS if p.section == "place"]
    assert facts == [field.name for field in dataclasses.fields(PlaceFacts)]
    kinds = {p.name: p.kind for p in PARAMETERS if p.section == "place"}
    types = {field.name: field.type for field in dataclasses.fields(PlaceFacts)}
    words = {"number": "float", "integer": "int", "vector6": "Six"}
    assert {name: words[kind] for name, kind in kinds.items()} == types


def test_roles_are_counted():
    counts = Counter(p.role for p in PARAMETERS)
    assert counts["place"] == 35
    assert counts["switch"] >= 15
    assert counts["lever"] >= 2
    assert set(counts) == {"lever", "uncertainty", "switch", "place"}


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.key)
def test_every_default_lies_within_bounds_and_prior(parameter):
    if parameter.role == "place":
        assert parameter.default is None
        return
    assert parameter.allows(parameter.default)
    assert parameter.prior.low <= parameter.default <= parameter.prior.high


@pytest.mark.parametrize("parameter", SWITCHES, ids=lambda p: p.key)
def test_every_switch_can_be_off_in_a_sweep(parameter):
    assert parameter.allows(parameter.null)
    assert parameter.prior.low <= parameter.null <= parameter.prior.high


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda p: p.key)
def test_every_label_and_sentence_can_be_shown(parameter):
    assert not parameter.label.endswith(".")
    assert parameter.description.endswith(".")
    assert parameter.description[0].isupper()
    assert 20 <= len(parameter.description) <= 200
    assert re.fullmatch(r"M\d+", parameter.block)


def test_only_known_grades_claim_data():
    published = {p.key for p in PARAMETERS if p.grade in ("measured", "estimated elsewhere")}
    assert all(REGISTRY.parameters[key].sources != (ASSUMPTION,) for key in published)
    assert all(REGISTRY.parameters[key].where for key in published)


def test_outcomes_are_those_agreed():
    by_level = {
        level: {o.name for o in REGISTRY.outcomes if o.level == level}
        for level in ("group", "site", "run")
    }
    assert by_level == {
        "group": GROUP_OUTCOMES,
        "site": SITE_OUTCOMES,
        "run": {"npv", "npv_with_exit", "partnership_months"},
    }


def test_two_steps_or_fewer_are_nearly_tautological():
    near = {o.name for o in REGISTRY.outcomes if o.near_tautological}
    assert "trust_company" in near
    assert not near & {"days_lost", "harm", "violence", "blockades", "state_benefit"}
    assert all(o.rule_steps == len(o.path) - 1 >= 1 for o in REGISTRY.outcomes)


def test_dials_are_in_their_fixed_order():
    assert tuple(dial.key for dial in REGISTRY.dials) == DIALS
    assert all(dial.hooks for dial in REGISTRY.dials)


def test_no_reference_is_an_orphan():
    cited = {s for p in PARAMETERS for s in p.sources}
    cited |= {s for o in REGISTRY.outcomes for s in o.sources}
    cited |= {dial.source for dial in REGISTRY.dials}
    scenarios = [f for f in (ROOT / "scenarios").rglob("*.toml") if f.name != "references.toml"]
    named = set(re.findall(r"\w+", " ".join(f.read_text("utf-8") for f in scenarios)))
    orphans = [
        r.key
        for r in REGISTRY.references.values()
        if r.key not in cited and r.key not in named and not r.used_in
    ]
    assert orphans == []


def test_a_flagged_reference_is_not_cited_by_the_registry():
    cited = {s for p in PARAMETERS for s in p.sources}
    assert [r.key for r in REGISTRY.references.values() if r.used_in and r.key in cited] == []


def test_data_carry_their_licence():
    assert "CC BY 4.0" in REGISTRY.references["worldbank_pinksheet"].licence


def test_reading_the_registry_loads_nothing_heavy():
    program = (
        "import sys; from parley.registry import load_registry; load_registry();"
        "print([m for m in ('numpy', 'pandas', 'mesa', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_dial_names_tests_that_exist():
    for dial in REGISTRY.dials:
        for test in dial.tests:
            path, _, name = test.partition("::")
            text = (ROOT / path).read_text(encoding="utf-8")
            assert re.search(rf"^def {name}\(", text, re.MULTILINE), f"{dial.key}: {test}"
