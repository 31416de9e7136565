"""Rare disasters in the whole model: what they do, what money follows, what stays untouched."""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import worlds
from scipy import stats
from world.helpers import ARMS, PRESETS, differing, finished, small, started
from world.test_conservation import SecondBooks

from parley.mechanisms.tail import shares_of_harmed
from parley.model import PartneringModel
from parley.state import Month
from parley.steps.tail import strike
from parley.streams import Streams
from parley.tail_events import available_tail_events, load_tail_event

BHOPAL = load_tail_event("bhopal").event
MODULES = available_tail_events()


def certain(**changes):
    """A disaster in the first month whose claim is decided within a few months."""
    usual = {
        "hazard_per_year": 1.0,
        "closure_months": 400,
        "payment_delay_years": 0.5,
        "payment_delay_spread": 0.0,
        "reversal_share": 0.0,
        "clean_up_delay_years": 2.0,
        "clean_up_delay_spread": 0.0,
    }
    return replace(BHOPAL, **(usual | changes))


def world(*events, months=36, place="colombia", stack="hsbp", **keys):
    return replace(small(place, stack, months, 150, **keys), tail_events=events)


@cache
def run(*events, months=36):
    return finished(world(*events, months=months))


def noted(model, kind):
    return [event for event in model.recorder.events if event.kind == kind]


# --- off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", MODULES)
def test_a_module_that_never_strikes_and_warns_leaves_every_bit(key):
    idle = replace(load_tail_event(key).event, hazard_per_year=0.0, near_misses_per_year=0.0)
    assert differing(run(idle), run()) == []


def test_a_disaster_without_damage_and_closure_leaves_every_bit_but_its_own_events():
    nothing = certain(damage_lowest=0.0, closure_months=0, near_misses_per_year=0.0)
    model = run(nothing)
    assert differing(model, run()) == ["events"]
    assert {event.amount for event in noted(model, "catastrophe")} == {0.0}
    assert noted(model, "settlement_paid") == []


def test_before_it_strikes_nothing_differs():
    model = run(replace(BHOPAL, hazard_per_year=0.6, near_misses_per_year=0.0))
    (first, *_) = [event.month for event in noted(model, "catastrophe")]
    assert first > 0
    assert differing(model, run(), first) == []
    assert "harm" in differing(model, run(), first + 1)


# --- on -------------------------------------------------------------------------------------------


def test_hazard_1_strikes_in_the_first_month():
    (event,) = noted(run(certain()), "catastrophe")
    assert event.month == 0
    assert BHOPAL.damage_lowest <= event.amount <= BHOPAL.damage_highest


def strikes(model, event, lucks, months=1):
    """How many of so many draws of luck see the disaster, in the model's own step."""
    model.world = replace(model.world, tail_events=(event,))
    struck = 0
    for luck in range(lucks):
        model.streams = Streams(5, luck)
        model.state.tails.clear()
        model.recorder.events.clear()
        for month in range(months):
            model.now = Month(month, is_agenda_month=False)
            strike(model)
        struck += bool(noted(model, "catastrophe"))
    return struck


@pytest.mark.parametrize("hazard", [0.05, 0.3, 0.9])
def test_it_strikes_as_often_as_it_should(hazard):
    """2,000 draws of luck against the binomial interval of 99.9 percent, and against another."""
    event = replace(BHOPAL, near_misses_per_year=0.0, hazard_per_year=hazard)
    count, year = 2000, strikes(PartneringModel(world()), event, 2000, months=12)
    low, high = stats.binom.interval(0.999, count, hazard)
    assert low <= year <= high
    low, high = stats.binom.interval(0.999, count, hazard * 0.5)
    assert year > high


def test_output_stands_still_for_the_months_of_closure():
    model = run(certain(hazard_per_year=1.0, closure_months=5, damage_lowest=0.0), months=4)
    plain = run(months=4)
    assert not np.array_equal(
        model.recorder.series["profit"][:, 0], plain.recorder.series["profit"][:, 0]
    )
    assert model.now.use == 0.0
    assert plain.now.use > 0.0
    assert len(noted(model, "catastrophe")) == 1


def test_what_stays_in_the_ground_does_not_fade_until_it_is_cleaned_up():
    def burden(lasting, cleaned):
        model = PartneringModel(
            world(certain(lasting_share=lasting, share_paid=0.0, clean_up_share=cleaned))
        )
        kept = []
        for _ in range(30):
            model.step()
            kept.append(model.state.environment)
        return np.array(kept), model

    fades, _ = burden(0.0, 0.0)
    stays, model = burden(0.5, 0.0)
    cleaned, other = burden(0.5, 1.0)
    damage = noted(model, "catastrophe")[0].amount
    left = (1.0 - model.p.harm.environment_decay_per_month) ** np.arange(30)
    assert stays - fades == pytest.approx(0.5 * damage * (1.0 - left), abs=1e-9)
    assert np.array_equal(cleaned[:24], stays[:24])
    assert stays[24] - cleaned[24] == pytest.approx(0.5 * damage)
    assert stays[29] - cleaned[29] == pytest.approx(0.5 * damage)
    assert [event.month for event in noted(other, "clean_up")] == [24]


# --- warnings -------------------------------------------------------------------------------------


def warned(level, stop_power=1.0, months=60):
    """A run with many near misses under monitoring at a level."""
    stack = worlds.practices(0.5, monitoring=level)
    event = replace(
        BHOPAL,
        hazard_per_year=0.0,
        near_misses_per_year=12.0,
        heeded_share=0.0,
        stop_power=stop_power,
    )
    scenario = worlds.world(stack, months=months, population=100, tail_events=(event,))
    return finished(scenario.with_parameters(**worlds.CARRIED_OUT))


def test_monitors_with_power_to_stop_have_warnings_heeded_and_others_do_not():
    counts = {}
    for level, power in ((0.0, 1.0), (1.0, 1.0), (1.0, 0.0)):
        model = warned(level, power)
        kinds = Counter(event.kind for event in model.recorder.events)
        assert kinds["near_miss"] == kinds["warning_heeded"] + kinds["warning_ignored"] > 20
        counts[level, power] = kinds["warning_heeded"] / kinds["near_miss"]
    assert counts[0.0, 1.0] == 0.0
    assert counts[1.0, 0.0] == 0.0
    assert counts[1.0, 1.0] > 0.5


def test_heeded_warnings_lower_the_frequency_and_powerless_monitors_do_not():
    """Ten years, 300 draws of luck, in worlds that differ in monitoring alone."""
    model = {}
    for level in (0.0, 1.0):
        scenario = worlds.world(worlds.practices(0.5, monitoring=level), population=100)
        model[level] = started(scenario.with_parameters(**worlds.CARRIED_OUT), 13)
        # what is carried out of the full level; other practices have their part of the means
        assert (model[level].site_team.levels.monitoring > 0.3) == (level > 0.0)
    event = replace(
        BHOPAL,
        hazard_per_year=0.005,
        near_misses_per_year=6.0,
        heeded_share=0.0,
        stop_power=1.0,
        warning_rise=1.0,
    )
    unwatched, watched = (strikes(model[level], event, 300, 120) for level in (0.0, 1.0))
    table = [[unwatched, 300 - unwatched], [watched, 300 - watched]]
    assert stats.fisher_exact(table, alternative="greater").pvalue < 1e-4
    powerless = replace(event, stop_power=0.0)
    assert strikes(model[1.0], powerless, 300, 120) == unwatched
    idle = replace(event, warning_rise=0.0)
    assert strikes(model[0.0], idle, 300, 120) == strikes(model[1.0], idle, 300, 120)


def test_a_company_that_learns_heeds_after_its_disaster():
    event = certain(
        closure_months=0,
        damage_lowest=0.0,
        near_misses_per_year=12.0,
        heeded_share=0.0,
        stop_power=0.0,
        learning_share=1.0,
    )
    model = run(event, months=24)
    first = {event.month for event in noted(model, "warning_ignored")}
    assert first <= {0}
    assert len(noted(model, "warning_heeded")) > 8
    assert noted(run(replace(event, learning_share=0.0), months=24), "warning_heeded") == []


# --- money ----------------------------------------------------------------------------------------


def settled(model):
    return sum(event.amount for event in noted(model, "settlement_paid"))


def test_the_shield_caps_what_is_granted_to_the_cent():
    for shield, of_equity in ((1.0, 0.0), (0.75, 0.25), (0.0, 1.0), (-1.0, 2.0)):
        model = PartneringModel(world(certain(claim_incomes=1000.0, share_paid=1.0, shield=shield)))
        for _ in range(12):
            model.step()
        claim = model.state.tails["bhopal"].claims[0]
        capital = model.company.capital
        assert claim.granted == int(of_equity * capital) > -1
        (reach,) = noted(model, "liability")
        assert reach.amount == claim.granted


def test_the_parent_pays_what_lies_beyond_the_subsidiary_only_without_a_shield():
    pierced = run(certain(claim_incomes=1000.0, share_paid=1.0, shield=-1.0))
    held = run(certain(claim_incomes=1000.0, share_paid=1.0, shield=0.5))
    capital = pierced.company.capital
    one, other = (m.state.tails["bhopal"].claims[0] for m in (pierced, held))
    assert settled(pierced) >= capital > one.parent_left == 0
    assert settled(pierced) + one.owed == one.granted == 2 * capital
    assert settled(held) < 0.1 * capital  # a site that stands still earns nothing to pay from
    assert settled(held) + other.owed == other.granted == int(0.5 * capital)


def test_a_small_claim_is_paid_in_full_to_those_harmed_in_proportion():
    event = certain(claim_incomes=0.5, share_paid=0.4, shield=-0.5, closure_months=400)
    model = PartneringModel(world(replace(event, damage_highest=1.5)))
    while not noted(model, "settlement_paid"):
        model.step()
    month = noted(model, "settlement_granted")[0].month
    assert month == model.now.index == 6
    claim = model.state.tails["bhopal"].claims[0]
    assert settled(model) == claim.granted == int(0.4 * 0.5 * 1.5 * 150 * model.cents_per_income)
    received = model.now.settled
    assert received.sum() * model.cents_per_income == pytest.approx(claim.granted, rel=1e-12)
    shares = shares_of_harmed(model.people["exposure"], 1.5)
    assert received / received.sum() == pytest.approx(shares)
    assert np.array_equal(model.state.compensated, received)
    near, far = np.argmax(model.people["exposure"]), np.argmin(model.people["exposure"])
    assert received[near] > received[far] > 0.0


def test_compensation_eases_grievance_as_far_as_the_claim_is_met_and_is_no_benefit():
    event = certain(claim_incomes=0.5, share_paid=0.4, shield=-1.0)
    unpaid = replace(event, share_paid=0.0)

    def at_payment(one, relief):
        relieving = world(one, months=7).with_parameters(**{"grievance.closure_relief": relief})
        return finished(relieving)

    before = started(world(event, months=7), 6).people["grievance_operational"].mean()
    assert before > 0.1
    one, other = (at_payment(e, 0.5).recorder.series for e in (event, unpaid))
    eased = other["grievance_operational"][:, 0] - one["grievance_operational"][:, 0]
    assert (eased[:6] == 0.0).all()
    assert eased[6] == pytest.approx(0.5 * 0.4 * before, rel=0.2)
    one, other = (at_payment(e, 0.0).people for e in (event, unpaid))
    for name in ("benefit", "aspiration", "income_now"):  # far less than what was paid to each
        assert one[name] == pytest.approx(other[name], abs=0.01), name


def test_a_decision_undone_is_waited_for_again():
    model = run(certain(reversal_share=1.0, claim_incomes=0.5, shield=-1.0))
    (undone,), (granted,) = (noted(model, f"settlement_{w}") for w in ("reversed", "granted"))
    assert (undone.month, granted.month) == (6, 12)
    assert noted(model, "settlement_paid")[0].month == 12
    at_once = run(certain(reversal_share=0.0, claim_incomes=0.5))
    assert noted(at_once, "settlement_reversed") == []
    assert noted(at_once, "settlement_paid")[0].month == 6


def test_a_company_that_has_left_pays_no_more():
    event = certain(claim_incomes=1000.0, share_paid=1.0, shield=0.0)
    place = small("colombia", "hsbp", 36, 150).place
    leaving = replace(place.events[0], kind="company_leaves", month=3, magnitude=0.0, months=0)
    left = replace(world(event), place=replace(place, events=(leaving,)))
    model = finished(left)
    assert noted(model, "settlement_granted")
    assert settled(model) == 0


LARGE = certain(
    claim_incomes=50.0, share_paid=0.5, closure_months=6, shield=-0.5, hazard_per_year=1
)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("place", ["colombia", "bosnia"])
def test_every_month_balances_with_a_disaster_and_its_settlement(place, preset):
    """Five years with disasters, counted a second time from outside the model."""
    model = PartneringModel(
        world(replace(LARGE, hazard_per_year=0.7), months=60, place=place, stack=preset), 2, 1
    )
    books = SecondBooks(model)
    for _ in range(60):
        books.month()
    kinds = Counter(event.kind for event in model.recorder.events)
    assert kinds["catastrophe"] >= 1
    assert kinds["settlement_paid"] >= 1
    paid = sum(e.amount for e in model.recorder.events if e.kind == "settlement_paid")
    granted = sum(e.amount for e in model.recorder.events if e.kind == "settlement_granted")
    assert 0 < paid <= granted


@pytest.mark.slow
@pytest.mark.parametrize(("place", "preset"), ARMS)
def test_every_module_at_once_balances_in_every_arm(place, preset):
    events = tuple(
        replace(load_tail_event(key).event, hazard_per_year=0.3, payment_delay_years=1.0)
        for key in MODULES
    )
    model = PartneringModel(world(*events, months=60, place=place, stack=preset), 7, 1)
    books = SecondBooks(model)
    for _ in range(60):
        books.month()
    assert noted(model, "catastrophe")


def test_the_compiled_backend_has_the_same_disasters():
    pytest.importorskip("numba")
    scenario = world(LARGE, replace(load_tail_event("thor").event, hazard_per_year=0.5), months=24)
    plain, compiled = (PartneringModel(scenario, 4, 0, name) for name in ("numpy", "compiled"))
    for model in (plain, compiled):
        model.run_model()
    kinds = ("near_miss", "warning_heeded", "warning_ignored", "catastrophe", "claim_filed")
    for kind in (*kinds, "liability", "settlement_granted", "clean_up"):
        ours, theirs = (
            [(e.month, e.actor, e.target) for e in noted(m, kind)] for m in (plain, compiled)
        )
        assert ours == theirs
    for name in ("harm", "profit", "benefit", "trust_company"):
        one, other = (m.recorder.series[name] for m in (plain, compiled))
        assert one == pytest.approx(other, rel=1e-6, abs=1e-9, nan_ok=True)
    assert noted(plain, "settlement_paid")


def test_a_module_more_changes_no_other_module_s_luck():
    thor = replace(load_tail_event("thor").event, hazard_per_year=0.5)
    alone, both = run(thor), run(replace(BHOPAL, hazard_per_year=0.0), thor)
    ours, theirs = (
        [(e.month, e.amount) for e in noted(m, "catastrophe") if e.actor == "thor"]
        for m in (alone, both)
    )
    assert ours == theirs != []
