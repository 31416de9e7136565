"""What people live on, and what is left when the company is gone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, started

from parley.model import PartneringModel
from parley.scenario_types import TimedEvent

OFF = {
    "livelihood.crowding_pay": 0.0,
    "livelihood.crowding_transfers": 0.0,
    "livelihood.venture_money_share": 0.0,
    "livelihood.security_response_per_month": 0.0,
}
OWN = {"income_now", "outside_skill", "dependency", "ruin_poorest", "closure"}
OWN_COLUMNS = {"income_now", "income_usual", "outside_skill", "venture_income"}
STILL = {"price.volatility_per_sqrt_year": 0.0}


def leaving(month, **facts):
    """The invented place, whose company leaves in a month and where nothing else is dated."""
    event = TimedEvent(month, date(2012, 1, 1), "company_leaves", "", 0.0, 1, "assumption")
    return replace(worlds.place(**facts), events=(event,))


def ends(model):
    kinds = ("suspended", "reopened", "sold", "closed", "left")
    return [(e.month, e.kind) for e in model.recorder.events if e.kind in kinds]


def test_switched_off_it_only_watches():
    """No crowding, ventures or response: nothing but its own columns and outcomes differs."""
    on = finished(worlds.world().with_parameters(**OFF))
    other = {"livelihood.crowding_pay": 1.0, "livelihood.venture_money_share": 0.6}
    off = finished(worlds.world().with_parameters(**OFF | other))
    assert set(differing(on, off)) <= OWN | OWN_COLUMNS
    assert {"income_now", "outside_skill", "dependency"} <= set(differing(on, off))


def test_income_reaches_livelihood_security_and_no_other():
    on = finished(worlds.world().with_parameters(**{"livelihood.security_response_per_month": 0.1}))
    off = finished(worlds.world().with_parameters(**OFF))
    found = set(differing(on, off))
    assert found <= OWN | OWN_COLUMNS | {"security", "freedom_from_want"}
    apart = np.abs(on.people["security"] - off.people["security"]).max(axis=0)
    assert apart[1] > 0.01
    assert not np.delete(apart, 1).any()


def test_a_standing_site_is_a_rest_point():
    """Its pay is part of what people live on; nothing moves while it goes on as before."""
    at = replace(worlds.place(ramp_up_months=0.0), events=())
    stack = worlds.practices(0.0, spends=False, admits="organisations")
    peaceful = STILL | {"mobilisation.threshold_mean": 2.0}
    model = started(worlds.world(stack, at).with_parameters(**peaceful), 24)
    income = model.state.livelihood.income
    assert np.abs(model.people["income_now"] - income).max() < 1e-12
    assert np.abs(model.people["outside_skill"] - model.state.livelihood.skill).max() < 1e-12
    assert (model.state.livelihood.skill < 1.0).all(), "the dependency has built up before"


def test_a_new_site_starts_from_nothing_owed_to_it():
    model = started(worlds.world(), 1)
    start = model.state.livelihood
    assert (start.use == 1.0).all()
    assert (start.skill == 1.0).all()
    assert (start.income == model.people["income"]).all()


# --- the company leaves -------------------------------------------------------------------------


def test_when_the_company_leaves_everything_it_brings_ends():
    model = PartneringModel(worlds.world(at=leaving(12, ramp_up_months=0.0), months=48))
    while model.now.index < 12:
        model.step()
    assert ends(model) == [(12, "left")]
    assert model.company.closed
    assert model.ledger.balance("company") == 0
    spent = sum(model.company.headquarters.dividends)
    model.run_model()
    assert model.ledger.flows().get("wages", 0) == 0
    assert (model.now.revenue, model.now.royalty, model.now.budget) == (0, 0, 0)
    assert not model.now.pay_per_head.any()
    assert sum(model.company.headquarters.dividends) == spent, "and it costs nothing any more"
    counts = model.promises.counts()
    assert counts.broken > 0
    assert model.now.instalments_paid.sum() == model.now.due.sum() == 0
    assert not any(model.site_team.levels)
    assert model.recorder.series["closure"][:, 0].tolist() == [0.0] * 12 + [1.0] * 36


def test_headquarters_gets_the_cash_that_is_left():
    """Dividends over the run are what the books of headquarters say, the handed back included."""
    model = finished(worlds.world(at=leaving(12, ramp_up_months=0.0), months=24))
    booked = sum(model.company.headquarters.dividends)
    opening = round(model.p.budget.reserve_months * model.company.reference_surplus)
    assert model.ledger.balance("headquarters") == booked - opening


def removed(month=60, after=24, **changes):
    """Mean income relative to the start with the company there and gone: the paired run."""
    parameters = STILL | {"mobilisation.threshold_mean": 2.0} | changes.pop("parameters", {})
    facts = changes.pop("facts", {"ramp_up_months": 0.0})
    stack = changes.pop("stack", worlds.practices(0.0, admits="organisations"))
    months = month + after
    found = []
    for at in (leaving(month, **facts), leaving(months + 1, **facts)):
        world = worlds.world(stack, at, months=months).with_parameters(**parameters)
        model = finished(world)
        found.append(model.recorder.series["income_now"][month - 1 :, 0])
    gone, there = found
    assert gone[0] == there[0], "until it leaves the two runs are one"
    return gone, there


def test_income_falls_when_it_leaves_and_comes_back_as_skill_is_used():
    gone, there = removed(parameters={"livelihood.skill_withering_per_month": 0.05})
    assert there[-1] == pytest.approx(there[0], rel=0.02)
    assert gone[1] < 0.95 * gone[0]
    assert gone[-1] > gone[1] + 0.001


def test_without_crowding_the_loss_is_what_the_company_paid():
    """Known answer: nobody left outside work, so income falls by pay and by nothing else."""
    gone, there = removed(parameters=OFF, stack=worlds.practices(0.0, spends=False))
    model = started(worlds.world(at=leaving(99, ramp_up_months=0.0)).with_parameters(**STILL), 1)
    pay = float((model.now.pay_per_head * model.people.block_sizes).sum()) / model.people.n
    assert there[0] - gone[1] == pytest.approx(pay, rel=1e-9)


def test_the_same_exit_costs_more_where_alternatives_are_thin():
    """Amplification comes from the market for work and withered skill: no multiplier of harm."""
    loss = []
    for elasticity in (1.0, 0.5, 0.0):
        thin = {"livelihood.outside_elasticity": elasticity, "livelihood.crowding_pay": 1.0}
        gone, there = removed(parameters=thin)
        loss.append(1.0 - gone[1] / there[1])
    assert loss[0] + 0.01 < loss[1] < loss[2] - 0.01
    assert loss[0] < 0.06 < loss[2]


def test_skill_withers_on_pay_and_makes_the_exit_worse():
    facts = {"ramp_up_months": 12.0, "local_wage_share": 0.1}
    skills, incomes = [], []
    for withers in (0.0, 0.05):
        p = {"livelihood.skill_withering_per_month": withers, "livelihood.crowding_pay": 1.0}
        world = worlds.world(at=leaving(48, **facts), months=50).with_parameters(**STILL | p)
        model = finished(world)
        skills.append(model.recorder.series["outside_skill"][47, 0])
        incomes.append(model.recorder.series["income_now"][49, 0])
    assert skills[0] == 1.0
    assert skills[1] < 0.8
    assert incomes[1] < 0.95 * incomes[0]


def test_ventures_outlast_the_company_and_handouts_do_not():
    """Projects for livelihoods leave ventures behind; the same money handed out leaves nothing."""
    rich = {
        "budget.social_budget_share": 0.1,
        "livelihood.venture_money_share": 0.6,
        "livelihood.venture_closing_per_month": 0.0,
        "livelihood.venture_transfer_share": 0.0,
    }
    left = {}
    for name, share in (("projects", 0.0), ("handouts", 1.0)):
        stack = worlds.practices(0.0, transfer_share=share, admits="organisations")
        gone, there = removed(parameters=rich, stack=stack, after=12)
        left[name] = (gone[-1], there[-1])
    assert left["handouts"][1] > left["projects"][1] * 0.5
    assert left["projects"][0] > left["handouts"][0] + 0.008


def test_ventures_that_all_fail_leave_less():
    """The contrary: at no success, own money is lost and nothing stays."""
    rich = {"budget.social_budget_share": 0.1, "livelihood.venture_money_share": 0.6}
    failing = {"livelihood.venture_success_share": 0.0, "livelihood.venture_loss_share": 0.3}
    world = worlds.world(months=60).with_parameters(**STILL | rich | failing)
    none = world.with_parameters(**{"livelihood.venture_money_share": 0.0})
    lost, without = (finished(w).recorder.series["income_now"][:, 0].sum() for w in (world, none))
    assert lost < without


def test_ruin_has_a_value_in_months_without_rent_and_comes_with_the_exit():
    gone = finished(worlds.world(at=leaving(24, ramp_up_months=0.0, local_wage_share=0.2)))
    ruin = gone.recorder.series["ruin_poorest"][:, 0]
    assert np.isnan(ruin[:10]).any()
    assert ruin[24] > 0.3
    assert ruin[-1] < ruin[24], "people get used to less"


# --- losses -------------------------------------------------------------------------------------


def losing(**parameters):
    """A standing site whose price falls for good after a year, at costs of 0.75."""
    event = TimedEvent(12, date(2013, 1, 1), "price_shock", "", -0.5, 1000, "assumption")
    at = replace(worlds.place(ramp_up_months=0.0), events=(event,))
    calm = {"mobilisation.threshold_mean": 2.0}
    return worlds.world(at=at, months=72).with_parameters(**STILL | calm | parameters)


def test_at_zero_headquarters_covers_any_loss_for_ever():
    model = finished(losing(**{"livelihood.exit_after_months": 0}))
    assert ends(model) == []
    assert model.company.headquarters.dividends[-1] < 0
    assert model.now.wages > 0


def test_a_site_that_loses_is_suspended_and_given_up():
    """By hand: the year's mean turns in month 18, n = 6 months later work stops, 6 more close it.

    Rents before and after the fall are 0.17 and 0.92 e^-0.5 - 0.75 = -0.192; with 0.0075 of
    community spending the year's mean is a loss once more than 5.5 of 12 months are bad, and the
    decision sees results up to the month before.
    """
    model = finished(losing(**{"livelihood.exit_after_months": 6, "price.reversion_per_year": 0.0}))
    (suspended, _), (closed, kind) = ends(model)
    assert [k for _, k in ends(model)] == ["suspended", "closed"]
    assert suspended in (23, 24)
    assert (closed, kind) == (suspended + 6, "closed")
    series = model.recorder.series
    assert not series["income_now"][closed:, 0].max() >= series["income_now"][0, 0]
    profit = series["profit"][:, 0]
    assert profit[suspended - 1] < profit[suspended] < 0.0, "care costs less than work"
    assert profit[closed + 1] == 0.0


def test_a_buyer_with_lower_costs_goes_on_and_keeps_a_part_of_the_promises():
    both = {"livelihood.exit_after_months": 6, "price.reversion_per_year": 0.0}
    cheap = both | {"livelihood.buyer_cost_ratio": 0.7}
    none = finished(losing(**cheap | {"livelihood.obligations_kept_share": 0.0}))
    whole = finished(losing(**cheap | {"livelihood.obligations_kept_share": 1.0}))
    assert [k for _, k in ends(none)] == ["suspended", "sold"]
    assert none.now.wages > 0
    assert none.company.cost_ratio == 0.7
    assert none.promises.counts().broken > whole.promises.counts().broken


def test_a_site_waits_where_prices_come_back():
    """With strong reversion of a drawn price the value of work stays positive: it never closes."""
    at = replace(worlds.place(ramp_up_months=0.0), events=())
    p = {"livelihood.exit_after_months": 1, "price.reversion_per_year": 4.0}
    p |= {"price.volatility_per_sqrt_year": 0.8}
    kinds = set()
    for replicate in range(4):
        model = finished(worlds.world(at=at, months=96).with_parameters(**p), replicate=replicate)
        kinds |= {k for _, k in ends(model)}
    assert "closed" not in kinds


def test_binding_commitments_can_bring_the_end_nearer():
    """Contracts that rank before dividends are paid in a slump, and count in the result."""
    shock = TimedEvent(12, date(2013, 1, 1), "price_shock", "", -0.18, 1000, "assumption")
    facts = {"ramp_up_months": 0.0, "company_capacity": 1.0}
    at = replace(worlds.place(**facts), events=(shock,))
    p = STILL | {"livelihood.exit_after_months": 6, "mobilisation.threshold_mean": 2.0}
    p |= {
        "budget.social_budget_share": 0.12,
        "chain.commitment_mean": 1.0,
        "chain.turnover_per_month": 0.0,
    }
    p |= {"price.reversion_per_year": 0.0}
    found = {}
    for level in (0.0, 1.0):
        stack = worlds.practices(
            0.0, trust_conduct=level, forward_looking=level, owner="company", price_multiplier=0.0
        )
        found[level] = ends(finished(worlds.world(stack, at, months=60).with_parameters(**p)))
    assert found[0.0] == []
    assert found[1.0][0][1] == "suspended"
