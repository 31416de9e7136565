"""What every kind of intervention must keep to, in every place, whoever pays for it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from world.given import FIRST, KINDS, PAID, costs, intervention, run_with
from world.helpers import PLACES, differing, finished, small, started
from world.test_conservation import SecondBooks

from parley.intervention_kinds import load_kinds
from parley.model import PartneringModel
from parley.practice_types import DIALS

EVERYWHERE = pytest.mark.parametrize("place", PLACES)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
EVERY_PAYER = pytest.mark.parametrize(("kind", "payer"), PAID)

FROM_STATE = {
    *("trust_state", "grievance_operational", "grievance_at_company", "grievance_at_state"),
    "legitimacy",
}
"""Where what residents think of local government's services arrives in the same month."""

FROM_COMPANY = FROM_STATE | {"trust_company", "expectation_gap", "community_share"}
FROM_BENEFIT = FROM_COMPANY | {"benefit", "worst_group_ratio", "benefit_gini"}
ALWAYS = {"intervention_cost", "events"}
PROFIT = {"profit", "community_share", "market_value"}
LIVING = {"income_now", "dependency", "freedom_from_want", "secure_livelihood"}

MUST = {
    "entitlement_audit": {"trust_state", "grievance_at_state"},
    "facilitator_fund": {"process_cost", "profit"},
    "royalty_rule": {"state_benefit", "trust_state"},
    ("cash_transfer", "donor"): {"aid", "income_now"},
    ("cash_transfer", "state"): {"aid", "state_benefit", "trust_state"},
    ("cash_transfer", "company"): {"aid", "benefit", "budget_benefit", "profit", "trust_company"},
    "local_hiring": {"benefit", "profit"},
    "capacity_grant": set(),
    "legal_aid": set(),
    "ombudsman": set(),
}
"""What changes in the first month, beside the cost."""

MAY = {
    "entitlement_audit": FROM_STATE,
    # what the fund pays for, the other practices need not go without
    "facilitator_fund": FROM_COMPANY
    | {"process_cost", "profit", "community_spending", "market_value"},
    "royalty_rule": FROM_STATE | {"state_benefit"},
    ("cash_transfer", "donor"): LIVING | {"aid"},
    ("cash_transfer", "state"): FROM_STATE | LIVING | {"aid", "state_benefit"},
    ("cash_transfer", "company"): FROM_BENEFIT
    | LIVING
    | {"aid", "budget_benefit", "profit", "trust_community"},
    "local_hiring": FROM_BENEFIT | {"profit", "income_now", "dependency", "outside_skill"},
    # those who run the practices do it a little better at once
    "capacity_grant": FROM_COMPANY
    | {"community_skill", "company_skill", "implementation_fidelity"},
    "legal_aid": set(),
    "ombudsman": {"desk_filed", "desk_open"},  # somebody may file at once
}
"""What may change in the first month, beside the cost and, where the company pays, its profit."""

NEVER = {
    # a municipality that earns by the site may come to see things its way: profit may follow
    "royalty_rule": {"aid", "budget_benefit", "process_cost", "inclusion", "influence"},
    ("cash_transfer", "donor"): {
        *("trust_company", "trust_state", "grievance_at_company", "grievance_at_state"),
        *("benefit", "state_benefit", "profit", "active_share", "influence", "process_cost"),
    },
    "legal_aid": {"trust_company", "benefit", "active_share", "profit"},
    # a case open past its time is a grievance, and from there a road leads everywhere but here
    "ombudsman": {"aid", "fear", "reprisals"},
}
"""What does not change within nine months: there is no rule that leads there."""


def table(of, kind, payer):
    """The row for a kind, or for a kind with its payer."""
    return of.get((kind, payer), of.get(kind, set()))


@cache
def without(place, months=16):
    return finished(small(place, "hsbp", months, 200))


@EVERYWHERE
@EVERY_PAYER
def test_at_coverage_0_the_run_is_the_run_without_it_to_the_bit(place, kind, payer):
    model = run_with(place, intervention(kind, payer, coverage=0.0, first=0))
    assert differing(model, without(place)) == []
    assert sum(costs(model)) == 0


@EVERYWHERE
@EVERY_KIND
def test_before_its_first_month_nothing_differs(place, kind):
    model = run_with(place, intervention(kind))
    assert differing(model, without(place), FIRST) == []
    assert differing(model, without(place), FIRST + 1) != []
    assert not any(costs(model)[:FIRST])


@EVERYWHERE
@EVERY_KIND
def test_more_coverage_never_costs_less(place, kind):
    total = [
        sum(costs(run_with(place, intervention(kind, coverage=coverage))))
        for coverage in (0.25, 0.5, 1.0)
    ]
    assert 0 < total[0] < total[1] < total[2]


@EVERYWHERE
@EVERY_KIND
def test_when_it_ends_so_do_its_payments(place, kind):
    last = FIRST + 3
    model = run_with(place, intervention(kind, last=last))
    spent = costs(model)
    assert all(spent[FIRST : last + 1])
    assert not any(spent[last + 1 :])
    assert not model.people["aid"].any()
    assert model.policy.audit == model.policy.facilitation_funded == 0.0
    assert not model.policy.published.any()


@EVERYWHERE
@EVERY_PAYER
def test_the_books_balance(place, kind, payer):
    """Kept a second time by another, month after month; the model checks its own as well."""
    world = replace(small(place, "hsbp", 14, 200), interventions=(intervention(kind, payer),))
    model = PartneringModel(world)
    books = SecondBooks(model)
    for _ in range(14):
        books.flows.clear()
        model.step()
        books.money()
        books.channels()
        books.promises()


@EVERYWHERE
@pytest.mark.parametrize("kind", [k.key for k in load_kinds().values() if "donor" in k.payers])
def test_what_it_is_said_to_cost_is_what_has_left_the_payer(place, kind):
    model = run_with(place, intervention(kind, "donor"))
    assert sum(costs(model)) == -model.ledger.balance("donor") > 0
    recorded = model.recorder.series["intervention_cost"][:, 0].sum()
    unit = model.people.n * model.cents_per_income
    assert recorded * unit == pytest.approx(sum(costs(model)), rel=1e-12)


@EVERYWHERE
@EVERY_PAYER
def test_it_changes_what_it_should_and_nothing_it_should_not(place, kind, payer):
    model = run_with(place, intervention(kind, payer))
    changed = set(differing(model, without(place), FIRST + 1))
    own = PROFIT if payer == "company" else set()
    assert changed >= table(MUST, kind, payer) | ALWAYS
    assert changed <= table(MAY, kind, payer) | ALWAYS | own
    later = set(differing(model, without(place), 16))
    assert not later & table(NEVER, kind, payer)


@EVERYWHERE
def test_more_coverage_reaches_everybody_that_less_does(place):
    reached = [
        run_with(place, intervention("cash_transfer", coverage=c)).people["aid"] > 0.0
        for c in (0.2, 0.4, 0.8)
    ]
    assert [int(one.sum()) for one in reached] == [40, 80, 160]
    assert not (reached[0] & ~reached[1]).any()
    assert not (reached[1] & ~reached[2]).any()


def test_only_the_eligible_of_the_villages_named_are_paid():
    one = intervention("cash_transfer", eligible=("woman",), villages=(0, 2))
    people = run_with("colombia", one).people
    inside = people["tag_woman"] & np.isin(people["village"], (0, 2))
    assert inside.any()
    assert ((people["aid"] > 0.0) == inside).all()


def test_a_ramp_reaches_more_people_each_month():
    model = run_with("colombia", intervention("cash_transfer", ramp_months=4))
    spent = np.array(costs(model)[FIRST:])
    assert (spent[:5] / spent[3]).tolist() == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0])


def test_a_bundle_costs_the_sum_and_a_sequence_costs_one_after_the_other():
    first = intervention("cash_transfer", last=FIRST + 1)
    second = intervention("entitlement_audit", first=FIRST + 4)
    both = costs(run_with("colombia", first, second))
    alone = [costs(run_with("colombia", one)) for one in (first, second)]
    assert both == [sum(pair) for pair in zip(*alone, strict=True)]
    months = [month for month, cents in enumerate(both) if cents]
    assert months == [7, 8, 11, 12, 13, 14, 15]


# --- the company pays like it pays everything else -----------------------------------------------


def test_what_the_company_cannot_pay_is_not_delivered():
    """Far more than all its cash is asked for: it pays what there is, in proportion."""
    huge = intervention("cash_transfer", "company", strengths={"amount": 5.0})
    model = run_with("colombia", huge, months=9)
    n, income = 200, model.cents_per_income
    due, paid = 5 * income * n, costs(model)[FIRST]
    assert 0 < paid < 0.5 * due
    arrived = float(model.people["aid"].sum()) * income
    left = (
        1.0 - model.channels["cash_programme"].diverted_share - model.p.distribution.overhead_share
    )
    assert arrived == pytest.approx(costs(model)[8] * left, rel=0.02)
    # projects and practices, which rank alike, are cut too
    usual = without("colombia").recorder.series["process_cost"][FIRST, 0]
    assert model.recorder.series["process_cost"][FIRST, 0] < 0.9 * usual


def test_an_audit_that_is_half_paid_for_is_half_as_strong():
    full = intervention("entitlement_audit", "company")
    world = small("colombia", "hsbp", 16, 200)
    dear = replace(full, strengths=(*full.strengths[:2], ("price", 100.0)))
    rich = started(replace(world, interventions=(full,)), FIRST + 1)
    poor = started(
        replace(
            world,
            interventions=(
                dear,
                intervention("cash_transfer", "company", strengths={"amount": 9.0}),
            ),
        ),
        FIRST + 1,
    )
    share = poor.now.intervention_costs[0] / poor.now.intervention_due[0]
    assert rich.policy.audit == 0.2
    assert 0.0 < share < 0.5
    assert poor.policy.audit == pytest.approx(0.2 * share)
    assert poor.policy.published == pytest.approx(0.5 * share)


# --- what each kind does -------------------------------------------------------------------------


@EVERYWHERE
def test_audits_bring_diversion_down_where_they_look(place):
    after = run_with(place, intervention("entitlement_audit", first=0), months=36)
    before = without(place, 36)
    for name in ("public_works", "contractor"):
        assert after.channels[name].diverted_share < before.channels[name].diverted_share - 0.01
    share = after.channels["transfers"].diverted_share
    assert share == before.channels["transfers"].diverted_share


@EVERYWHERE
@EVERY_KIND
def test_with_its_strengths_at_null_it_does_nothing_but_cost(place, kind):
    nulls = {s.name: s.null for s in load_kinds()[kind].strengths if s.null is not None}
    if kind == "royalty_rule":  # the place's own share is its null
        nulls = {"share": without(place).producing_area_share()}
    changed = differing(run_with(place, intervention(kind, strengths=nulls)), without(place), 16)
    assert set(changed) <= {"intervention_cost", "events"}
    prices = {s.name for s in load_kinds()[kind].strengths} & {"price"}
    assert bool(changed) == bool(prices)


@EVERYWHERE
def test_a_fund_makes_the_facilitator_believed_and_takes_over_the_fee(place):
    world = replace(small(place, "hsbp", 9, 200))
    company_pays = replace(world, practices=replace(world.practices, payer="company"))
    fund = replace(company_pays, interventions=(intervention("facilitator_fund"),))
    one, other = started(fund, 8), started(company_pays, 8)
    discount = other.p.bargain.payer_discount
    assert other.believed_facilitation == pytest.approx(
        other.facilitator.credibility * (1 - discount)
    )
    assert one.believed_facilitation == one.facilitator.credibility
    fee = one.ledger.flows()["process_funded"]
    assert costs(one)[FIRST] == fee + round(0.1 * fee) > 0
    at = DIALS.index("facilitation")
    level = one.site_team.funded[at]
    hired = one.ledger.flows()["process"] + fee
    assert 0.0 < level <= one.practices.nominal[at]
    assert fee >= 0.999 * level * one.dial_prices[at]
    assert fee < hired


def test_without_facilitation_a_fund_has_nothing_to_pay():
    model = run_with("colombia", intervention("facilitator_fund"), stack="transactional")
    usual = finished(small("colombia", "transactional", 16, 200))
    assert model.practices.nominal[DIALS.index("facilitation")] == 0.0
    assert differing(model, usual) == []


@EVERYWHERE
def test_a_royalty_rule_moves_the_royalty(place):
    model, usual = run_with(place, intervention("royalty_rule"), months=8), without(place, 8)
    before = usual.producing_area_share()
    assert model.now.royalty == usual.now.royalty
    moved = round(0.9 * model.now.royalty) - round(before * model.now.royalty)
    assert costs(model)[FIRST] == moved
    assert model.ledger.balance("nation") - usual.ledger.balance("nation") == -moved
    assert model.municipality.entitlement - usual.municipality.entitlement == moved


@EVERYWHERE
def test_hiring_raises_local_pay_at_the_suppliers_expense(place):
    free = intervention("local_hiring", strengths={"productivity_cost": 0.0})
    one, other = run_with(place, free, months=8), without(place, 8)
    assert one.now.wages == pytest.approx(1.25 * other.now.wages, abs=1)
    assert one.now.purchases == pytest.approx(1.25 * other.now.purchases, abs=1)
    moved = one.now.wages + one.now.purchases - other.now.wages - other.now.purchases
    gain = one.ledger.balance("suppliers") - other.ledger.balance("suppliers")
    assert gain == -moved
    assert one.now.operating == other.now.operating
    dear = run_with(place, intervention("local_hiring"), months=8)
    assert other.now.operating - dear.now.operating == round(0.1 * moved) == costs(dear)[FIRST]
    assert dear.now.rent < other.now.rent


@EVERYWHERE
def test_a_grant_builds_skill_that_fades_when_it_ends(place):
    grant = intervention("capacity_grant", first=0, last=11, strengths={"months": 10.0})
    world = replace(small(place, "hsbp", 24, 200), interventions=(grant,))
    halfway, end = started(world, 12), started(world, 24)
    learned = 0.2 * (1.0 - 0.9**12)
    assert halfway.state.skill_gained == pytest.approx(learned, rel=1e-12)
    assert end.state.skill_gained == pytest.approx(learned * 0.9**12, rel=1e-12)


@EVERYWHERE
def test_whoever_pays_the_cash_gets_the_credit(place):
    runs = {who: run_with(place, intervention("cash_transfer", who)) for who in ("state", "donor")}
    runs["company"] = run_with(place, intervention("cash_transfer", "company"))
    usual = without(place)
    month = FIRST

    def gain(who, outcome):
        one, other = runs[who].recorder.series[outcome], usual.recorder.series[outcome]
        return one[month, 0] - other[month, 0]

    match = usual.p.distribution.transfer_match
    aid = {who: runs[who].recorder.series["aid"][month, 0] for who in runs}
    assert aid["donor"] == aid["state"] == aid["company"] > 0.05
    assert gain("company", "benefit") == pytest.approx(match * aid["company"], rel=1e-9)
    assert gain("state", "state_benefit") == pytest.approx(match * aid["state"], rel=1e-9)
    for who, outcome in (("donor", "benefit"), ("donor", "state_benefit"), ("state", "benefit")):
        assert gain(who, outcome) == 0.0
    livelihood = [float(m.people["security"][:, 1].mean()) for m in (runs["donor"], usual)]
    assert livelihood[0] > livelihood[1]


def test_legal_aid_and_an_ombudsman_set_what_the_rules_read():
    aid, desk = intervention("legal_aid", coverage=0.5), intervention("ombudsman")
    model = run_with("colombia", aid, desk)
    assert sorted(set(model.policy.sheltered.tolist())) == [0.0, 0.5]
    assert (model.policy.sheltered == model.policy.filing_help).all()
    assert int((model.policy.sheltered > 0.0).sum()) == 100
    assert (model.policy.ombudsman_level, model.policy.ombudsman_judge) == (0.5, 1.0)


@pytest.mark.slow
@EVERYWHERE
@pytest.mark.parametrize("rule", ["linear", "counts"])
def test_all_together_for_ten_years(place, rule):
    """Everything at once, paid by everybody who may; the model checks its books every month."""
    many = [
        intervention(kind, payer, first=6 * at, last=40 + 6 * at, ramp_months=5, coverage=0.7)
        for at, (kind, payer) in enumerate(PAID)
    ]
    world = small(place, "hsbp", 120, 300, trust_rule=rule)
    model = finished(replace(world, interventions=tuple(many)))
    spent = costs(model)
    assert not any(spent[41 + 6 * (len(PAID) - 1) :])
    assert min(spent[6:90]) > 0
    assert not model.people["aid"].any()
    assert model.recorder.series["aid"][:, 0].max() > 0.05
