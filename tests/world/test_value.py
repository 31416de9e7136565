"""What owners and investors see, and a firm that tries other practices."""

from dataclasses import replace
from datetime import date

import pytest
import worlds
from world.helpers import differing, finished, started

from parley.practice_types import DIALS, Phase
from parley.runner import values
from parley.scenario_types import TimedEvent
from parley.steps.value import market_discount, market_value

STILL = {"price.volatility_per_sqrt_year": 0.0}
CALM = STILL | {"mobilisation.threshold_mean": 2.0}
ADAPTING = {"value.adapts": 1, "value.inertia_share": 0.0, "value.review_months": 12}


def standing(**facts):
    return replace(worlds.place(ramp_up_months=0.0, **facts), events=())


def changes(model):
    kinds = ("adopted", "abandoned", "changed")
    return [(e.month, e.kind, e.target, e.amount) for e in model.recorder.events if e.kind in kinds]


def test_beliefs_of_investors_change_nothing_but_the_market_value():
    believed = {"value.believed_disruption_start": 0.5, "value.investor_memory_per_month": 0.2}
    on, off = finished(worlds.world().with_parameters(**believed)), finished(worlds.world())
    assert differing(on, off) == ["market_value"]


def test_under_pressure_the_discount_raises_dividends():
    """Headquarters takes more where it reckons with disruption: less is left for what is due."""
    believed = {"value.believed_disruption_start": 0.5, "value.investor_memory_per_month": 0.0}
    thin = {"budget.dividend_payout_share": 0.4, "budget.reserve_months": 0.0}
    thin |= {"budget.social_budget_share": 0.15}
    stack = worlds.practices(0.0, admits="organisations")
    base = worlds.world(stack, standing()).with_parameters(**CALM | thin | believed)
    free, pressed = (
        finished(base.with_parameters(**{"value.investor_pressure": x})) for x in (0.0, 1.0)
    )
    paid = [sum(m.company.headquarters.dividends) for m in (free, pressed)]
    spent = [m.recorder.series["community_spending"][:, 0].sum() for m in (free, pressed)]
    assert paid[1] > 1.02 * paid[0]
    assert spent[1] < 0.98 * spent[0]


def test_the_discount_follows_observed_disruption_only():
    """A quiet place with practices and one without are discounted alike; a blockaded one more."""
    quiet = [
        market_discount(finished(worlds.world(stack, standing()).with_parameters(**CALM)))
        for stack in (worlds.practices(0.0), worlds.practices(0.8))
    ]
    assert quiet[0] == quiet[1]
    unruly = STILL | {"mobilisation.threshold_mean": 0.3}
    stormy = finished(worlds.world(at=standing()).with_parameters(**unruly))
    assert stormy.recorder.series["days_lost"][:, 0].max() > 0.0
    assert market_discount(stormy) > quiet[0] + 0.05


def test_market_value_by_hand():
    """Rent 0.17 of reference revenue, spending nothing, ten years at 8%, discount 25%."""
    stack = worlds.practices(0.0, spends=False, admits="organisations")
    calm = CALM | {"value.believed_disruption_start": 0.0}
    model = started(worlds.world(stack, standing()).with_parameters(**calm), 6)
    q = 1.08 ** (-1 / 12)
    annuity = (1.0 - q**120) / (1.0 - q)
    revenue = model.company.reference_revenue / (model.people.n * model.cents_per_income)
    spent = sum(model.company.burdens) / len(model.company.burdens)
    by_hand = (0.17 - spent) * annuity * revenue * 0.75
    assert market_value(model) == pytest.approx(by_hand, rel=1e-9)


def test_a_closed_site_is_worth_nothing_and_its_run_is_only_worth_what_it_paid():
    event = TimedEvent(12, date(2012, 1, 1), "company_leaves", "", 0.0, 1, "assumption")
    model = finished(worlds.world(at=replace(standing(), events=(event,))))
    assert model.recorder.series["market_value"][-1, 0] == 0.0
    found = values(model)
    assert found["npv"] == found["npv_with_exit"]
    there = values(finished(worlds.world(at=standing()).with_parameters(**STILL)))
    assert there["npv_with_exit"] > there["npv"] > found["npv"]


# --- a firm that tries --------------------------------------------------------------------------


def test_a_firm_that_does_not_adapt_keeps_what_it_announced():
    eager = {"value.inertia_share": 0.0, "value.review_months": 12, "value.dial_step": 0.5}
    off, on = finished(worlds.world().with_parameters(**eager)), finished(worlds.world())
    assert differing(off, on) == []
    assert changes(off) == []
    assert off.practices.nominal == off.world.practices.nominal


def test_full_inertia_is_not_to_adapt():
    lazy = ADAPTING | {"value.inertia_share": 1.0}
    assert (
        differing(finished(worlds.world().with_parameters(**lazy)), finished(worlds.world())) == []
    )


def test_reviews_change_one_practice_at_a_time_and_say_so():
    model = finished(worlds.world(months=72).with_parameters(**ADAPTING))
    found = changes(model)
    assert {m % 12 for m, *_ in found} == {0}
    assert found[0][0] == 12
    per_review = [sum(m == month for m, *_ in found) for month in range(12, 72, 12)]
    assert max(per_review) <= 2, "one taken back and one tried"
    assert model.world.practices.nominal != model.practices.nominal
    for _, kind, _, level in found:
        assert 0.0 <= level <= 1.0
        assert (kind == "abandoned") == (level == 0.0)


def test_a_firm_without_practices_adopts_some():
    model = finished(worlds.world(worlds.practices(0.0), months=120).with_parameters(**ADAPTING))
    assert changes(model)[0][1] == "adopted"
    assert len(model.practices.nominal) == len(DIALS)


def test_what_is_tried_of_one_stack_is_not_taken_back_in_the_next():
    """A phase begins as it is announced, whatever the firm was trying of the phase before it."""
    one, other = worlds.practices(0.5), worlds.practices(0.2)
    stack = replace(one, phases=(Phase(0, one), Phase(20, other)))
    model = started(worlds.world(stack).with_parameters(**ADAPTING), 20)
    assert model.company.trial is not None
    model.step()
    assert model.company.trial is None
    assert len(model.company.own_results) == 1
    for _ in range(4):
        model.step()
    moved = [level for level in model.stack.nominal if level != 0.2]
    assert len(moved) <= 1, "nothing taken back"
    assert all(abs(level - 0.2) <= model.p.value.dial_step + 1e-12 for level in moved)


def test_practices_that_are_not_in_force_teach_nothing():
    """Nobody has joined: a change of the announcement could be judged by luck alone."""
    refuse = {"partnership.entry_caution": 5.0, "partnership.feared_loss_share": 0.0}
    refuse |= {"partnership.learning_per_month": 0.0}
    model = finished(worlds.world().with_parameters(**ADAPTING | refuse))
    assert changes(model) == []


def test_an_expelled_firm_tries_no_practices():
    strict = {"attributes.standard_kept_share": 1.0, "attributes.standard_window_months": 6}
    strict |= {"delivery.overpromise_share": 0.5}
    stack = worlds.practices(0.5, disclosure=True)
    model = finished(worlds.world(stack, months=48).with_parameters(**ADAPTING | strict))
    (month,) = [event.month for event in model.recorder.events if event.kind == "expulsion"]
    assert all(when <= month for when, *_ in changes(model))


def test_terms_and_promises_made_before_stay():
    """A review touches what is announced; contracts and promises in the book go on."""
    world = worlds.world(worlds.practices(0.6), months=14).with_parameters(**ADAPTING)
    model, other = started(world, 12), started(world, 12)
    rows, terms = len(model.promises), model.state.terms
    model.step()
    other.step()
    assert changes(model) != []
    assert model.practices.nominal != world.practices.nominal
    assert len(model.promises) >= rows
    assert (model.promises.rows.cost[:rows] == other.promises.rows.cost[:rows]).all()
    if not model.now.is_agenda_month:
        assert model.state.terms == terms
