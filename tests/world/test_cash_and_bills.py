"""Interventions that the company pays or residents live on: who is billed, what is income."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import worlds
from world.given import costs, intervention
from world.helpers import PLACES, finished, small

from parley.scenario_types import TimedEvent

EVERYWHERE = pytest.mark.parametrize("place", PLACES)


def test_a_company_that_has_left_is_sent_no_bill():
    """What it was to pay for is not delivered, and headquarters does not stand in for it."""
    leaves = TimedEvent(10, date(2012, 11, 1), "company_leaves", "", 0.0, 1, "assumption")
    world = worlds.world(at=replace(worlds.place(ramp_up_months=0.0), events=(leaves,)), months=16)
    paid = (intervention("cash_transfer", "company"), intervention("ombudsman", "company"))
    model = finished(replace(world, interventions=paid))
    assert costs(model)[9] > 0.0
    assert not any(costs(model)[10:])
    assert not model.recorder.series["aid"][10:, 0].any()
    assert not any(model.company.headquarters.dividends[11:])
    assert model.policy.ombudsman_level == 0.0
    assert (model.recorder.series["profit"][10:, 0] == 0.0).all()


@EVERYWHERE
def test_cash_is_income_once(place):
    """It adds to what people live on, and makes a livelihood secure as other income does."""
    steady = {"livelihood.crowding_transfers": 0.0, "livelihood.venture_transfer_share": 0.0}
    world = small(place, "none", 9, 200).with_parameters(**steady)
    plain = finished(world)

    def given(payer, livelihood):
        one = intervention("cash_transfer", payer, strengths={"livelihood": livelihood})
        return finished(replace(world, interventions=(one,)))

    whole, none, own = given("donor", 1.0), given("donor", 0.0), given("company", 1.0)
    aid = whole.people["aid"]
    assert aid.max() > 0.05
    for model in (whole, none, own):
        more = model.people["income_now"] - plain.people["income_now"]
        assert np.abs(more - aid).max() < 1e-12
    assert np.abs(none.people["security"] - plain.people["security"]).max() < 1e-12
    income, start = whole.people["income_now"], whole.state.livelihood.income
    repair = whole.p.livelihood.security_response_per_month * np.maximum(1.0 - start / income, 0.0)
    mended = whole.people["security"][:, 1] - plain.people["security"][:, 1]
    most = 2.0 * repair * (1.0 - plain.people["security"][:, 1])  # two months of cash
    assert (mended <= most + 1e-3).all()
    assert mended.mean() > 0.0
    hanging = [m.recorder.series["dependency"][-1, 0] for m in (whole, plain, own)]
    assert hanging[0] < hanging[1] < hanging[2], "a donor's cash stays when the company goes"
