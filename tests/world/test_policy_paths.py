"""Where the values of interventions enter the model: the whole list, and nothing beyond it.

Interventions change inputs only, as practices do. The values are followed through the source as
the levels of practices are (`test_dependencies.py`); each must arrive where the table says.
"""

import ast
import dataclasses

import pytest
from world import tracer
from world.test_dependencies import FORBIDDEN, TRACED, TWINS
from world.tracer import ROOT, Tracer

from parley.policy import Policy

VALUES = tuple(field.name for field in dataclasses.fields(Policy))

EDGES = {
    "audit": {"distribution.detection_probability(audit)"},
    "published": {"appraisal.reference_benefit(aspiration)"},
    "facilitation_funded": {
        "bargain.facilitator_credibility(company_payer_share)",
        "practice.funded(cash_need)",
        "write cash[FACILITATION]",
        "write now.facilitation_fee",
        "write now.process_planned",
    },
    "royalty_kept": {"call ledger.transfer", "write town.entitlement"},
    "royalty_added": {"call ledger.transfer", "write town.entitlement"},
    "wages_raised": {"write now.wages", "write now.purchases"},
    "purchases_raised": {"write now.wages", "write now.purchases"},
    "productivity_cost": {
        "branch",  # whether there is a cost to write down
        "call dividends.append",
        "call model.note",
        "write model.now.intervention_costs[at]",
        "write now.operating",
        "write now.purchases",
        "write now.rent",
        "write now.wages",
    },
    "skill_target": {"write state.skill_gained"},
    "skill_speed": {"write state.skill_gained"},
    "sheltered": {"risk.reprisal_chance(visible)"},
    "filing_help": {"desk.filing_chance(ease)"},
    "ombudsman_level": {"desk.knows(level)", "desk.servers(level)"},
    "ombudsman_judge": {"desk.resolved_chance(fairness)"},
}
"""Every place at which a value of interventions arrives."""

FIELDS = {
    "skill_gained": {
        "delivery.task_hazard(skill)",
        "practice.executed(capacity)",
        "write state.skill_gained",
    },
    "entitlement": {
        "appraisal.reference_benefit(fair)",
        "appraisal.reference_benefit(aspiration)",
    },
}
"""Where what is written with a value in it must arrive; money apart, which the ledger holds."""

MONEY = {
    # in attitudes an index that nothing reads; in livelihoods what would go with the company
    "cash": {"steps.policy", "steps.attitudes", "steps.livelihood"},
    "livelihood_cash": {"steps.policy", "steps.livelihood"},
    # the state withdraws where the company provides; residents hold it against their claims
    "company_cash_arrived": {"steps.books", "steps.benefits", "steps.delivery", "measures"},
    "intervention_costs": {"steps.policy", "measures"},
    "company_due": {"steps.money", "steps.policy"},
    "company_paid": {"steps.money", "steps.policy"},  # and in all that the company pays, `Month`
    "interventions": {"steps.policy"},
    "reached": {"steps.policy"},
}
"""Which files read what interventions leave in the month: money, and who is reached."""


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracer, "HOLDERS", ("policy",))
        patch.setattr(tracer, "DIALS", VALUES)
        return Tracer(tracer.read(TRACED)).run()


def arrivals(found, source, holder):
    return {e.sink for e in found if (e.source, e.holder) == (source, holder)}


@pytest.mark.parametrize("value", VALUES)
def test_every_value_arrives_where_the_table_says_and_nowhere_else(found, value):
    assert arrivals(found, value, "policy") == EDGES[value]


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_written_with_a_value_in_it_arrives_where_it_should_and_not_in_feelings(
    found, name
):
    sinks = arrivals(found, name, "field")
    assert sinks >= FIELDS[name]
    assert not {sink.partition(".")[0] for sink in sinks} & FORBIDDEN


def test_the_table_has_a_row_for_every_value():
    assert set(EDGES) == set(VALUES)


def test_no_value_enters_trust_grievance_protest_or_worth_directly(found):
    direct = [e for e in found if e.holder == "policy" and e.sink.partition(".")[0] in FORBIDDEN]
    assert direct == []
    columns = [e for e in found if e.holder == "policy" and e.sink.startswith("write people")]
    assert columns == []


@pytest.mark.parametrize("name", MONEY)
def test_what_interventions_leave_in_the_month_is_read_where_the_table_says(name):
    readers = {
        home
        for home in TRACED
        for node in ast.walk(ast.parse((ROOT / f"{home.replace('.', '/')}.py").read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        if node.attr == name and isinstance(node.ctx, ast.Load)
    }
    assert readers == MONEY[name]


def test_the_values_are_read_by_name_in_the_traced_files_only():
    for path in ROOT.rglob("*.py"):
        home = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if home in TRACED or home in TWINS:
            continue
        reads = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and node.attr == "policy"
        ]
        assert reads == [], home
