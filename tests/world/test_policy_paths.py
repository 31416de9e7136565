"""Where the values of interventions enter the model: the whole list, and nothing beyond it.

Interventions change inputs only, as practices do. The values are followed through the source as
the levels of practices are (`test_dependencies.py`); each must arrive where the table says.
"""

import ast
import dataclasses

import pytest
from world import tracer
from world.test_dependencies import FORBIDDEN, TRACED
from world.tracer import ROOT, Tracer

from parley.intervention_kinds import load_kinds
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
    "protection": set(),
    "filing_help": set(),
    "ombudsman_level": set(),
    "ombudsman_judge": set(),
}
"""Every place at which a value of interventions arrives. The last four wait for their rules."""

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
"""What is written with a value in it and outlives the step; money apart, which the ledger holds."""

MONEY = {
    "cash": {
        "steps.policy.pay_cash",
        "steps.policy.receive_cash",
        "steps.attitudes.handed_out_share",  # an index that nothing reads
    },
    "livelihood_cash": {"steps.policy.pay_cash", "steps.exposure.expose"},
    "company_cash_arrived": {
        "steps.books.check_benefits",
        "steps.benefits.spend_municipal",  # the state withdraws where the company provides
        "steps.delivery.pay_channels",  # what residents hold against their claims
    },
    "intervention_costs": {"measures.measure_site", "steps.policy.book"},
    "company_due": {"steps.money.pay_in_order", "steps.policy.pay_interventions"},
    "company_paid": {
        "steps.money.pay_in_order",
        "steps.policy.pay_interventions",
        "measures.measure_site",
    },
    "interventions": {
        "steps.policy.book",
        "steps.policy.fund_facilitation",
        "steps.policy.of_kind",
        "steps.policy.pay_cash",
        "steps.policy.pay_interventions",
        "steps.policy.put_together",
        "steps.policy.royalty_to_town",
        "steps.policy.set_policy",
        "steps.policy.targets",
        "steps.policy._fund_part",
    },
    "reached": {
        "steps.policy.of_kind",
        "steps.policy.pay_cash",
        "steps.policy.put_together",
        "steps.policy.royalty_to_town",
        "steps.policy.set_policy",
        "steps.policy._fund_part",
    },
}
"""Who reads what interventions leave in the month: money, and who is reached."""


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
def test_what_is_written_with_a_value_in_it_arrives_where_the_table_says(found, name):
    assert arrivals(found, name, "field") == FIELDS[name]


def test_the_table_has_a_row_for_every_value():
    assert set(EDGES) == set(VALUES)


def test_no_value_enters_trust_grievance_protest_or_worth_directly(found):
    direct = [e for e in found if e.holder == "policy" and e.sink.partition(".")[0] in FORBIDDEN]
    assert direct == []
    columns = [e for e in found if e.holder == "policy" and e.sink.startswith("write people")]
    assert columns == []


def test_values_without_a_reader_belong_to_kinds_that_are_refused():
    waiting = {value for value, sinks in EDGES.items() if not sinks}
    assert waiting == {"protection", "filing_help", "ombudsman_level", "ombudsman_judge"}
    refused = {kind.key for kind in load_kinds().values() if not kind.modelled}
    assert refused == {"legal_aid", "ombudsman"}


@pytest.mark.parametrize("name", MONEY)
def test_what_interventions_leave_in_the_month_is_read_where_the_table_says(name):
    places = set()
    for home in TRACED:
        path = ROOT / (home.replace(".", "/") + ".py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(node, ast.Attribute)
                and node.attr == name
                and isinstance(node.ctx, ast.Load)
                for node in ast.walk(function)
            ):
                places.add(f"{home}.{function.name}")
    assert places == MONEY[name]


def test_the_values_are_read_by_name_in_the_traced_files_only():
    for path in ROOT.rglob("*.py"):
        home = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if home in TRACED:
            continue
        reads = [
            node.lineno
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute) and node.attr == "policy"
        ]
        assert reads == [], home
