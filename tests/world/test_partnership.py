"""The partnership in the whole model: joining, keeping, leaving, and what must not change."""

from dataclasses import replace
from datetime import date
from unittest.mock import patch

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, mean_of, same_bits, started

from parley import schedule
from parley.institutions.partnership import COMPANY, MUNICIPALITY, ORGANISATIONS
from parley.model import PartneringModel
from parley.practice_types import Phase
from parley.promises import MAX_TASKS
from parley.scenario_types import TimedEvent

JOINS = {"partnership.entry_caution": 1.0, "partnership.exit_caution": 1.0}
QUICK = {"partnership.exit_patience_months": 3, "partnership.learning_per_month": 0.3}


def series(model, name):
    return model.recorder.series[name][:, 0]


def free(level=0.6, **dials):
    """A stack without a price."""
    return worlds.practices(level, price_multiplier=0.0, **dials)


def changed(stack=None, months=36, **parameters):
    """A finished run of the invented place with some parameters of the block changed."""
    keys = {f"partnership.{name}": value for name, value in parameters.items()}
    keys |= worlds.CARRIED_OUT
    world = worlds.world(stack or free(), months=months, population=200)
    return finished(world.with_parameters(**keys))


def events(model, kind):
    return [event for event in model.recorder.events if event.kind == kind]


# --- null ---------------------------------------------------------------------------------------


def test_at_its_null_the_block_changes_no_bit():
    """Everybody joins, stays and keeps: the same as a month without the three steps."""

    def nothing(model):
        villages = model.people.n_villages
        model.now.absent = np.zeros(villages, dtype=np.bool_)
        model.now.at_work = np.ones((villages, MAX_TASKS))

    null = {"partnership.conditional_share": 0.0, "partnership.meeting_cap_hours": 744.0}
    world = worlds.world(months=36).with_parameters(**null)
    steps = tuple(
        replace(step, run=nothing) if step.block == "M20" else step for step in schedule.SCHEDULE
    )
    with patch("parley.model.SCHEDULE", steps):
        plain = finished(world)
    own = {"partnership_alive", "members_share", "undertakings_kept", "events"}
    assert set(differing(finished(world), plain)) == own


def test_without_a_process_there_is_nothing_to_join():
    """No practice, or none that is carried out: the block is not there, whatever its parameters."""
    cautious = {"partnership.entry_caution": 5.0, "partnership.task_effort_share": 2.0}
    for stack in (worlds.practices(0.0), worlds.practices(0.6, hooks_connected=False)):
        plain = worlds.world(stack, months=18)
        runs = [finished(plain), finished(plain.with_parameters(**cautious))]
        assert differing(*runs) == []
        assert np.isnan(series(runs[0], "partnership_alive")).all()


# --- joining ------------------------------------------------------------------------------------


def test_a_company_that_fears_no_unrest_does_not_join():
    model = changed(feared_loss_share=0.0, unrest_blame_share=0.0, liability_fear_share=0.05,
                    entry_caution=1.0, learning_per_month=0.0)  # fmt: skip
    assert not series(model, "partnership_alive").any()
    assert model.partnership.months == 0
    assert model.ledger.balance("process") == 0
    assert not model.people["ever_partner"].any()
    assert len(model.promises) > 0, "the budget goes on"


def test_what_is_declined_is_as_if_it_had_never_been_offered():
    """The same people and money as under a stack with the same attributes and no practice."""
    no = {"partnership.entry_caution": 5.0, "partnership.feared_loss_share": 0.0}
    no |= {"partnership.learning_per_month": 0.0}
    offered = worlds.world(free(), months=24).with_parameters(**no)
    empty = worlds.world(free(0.0), months=24)
    own = {"partnership_alive", "members_share"}
    assert set(differing(finished(offered), finished(empty))) == own


def test_a_company_learns_from_unrest_what_a_partnership_could_save():
    """It declines at first; in a place that protests it comes to the table later."""
    late = {"feared_loss_share": 0.0, "liability_fear_share": 0.001, "entry_caution": 1.0}
    world = worlds.world(free(), months=60, population=200).with_parameters(
        **{f"partnership.{name}": value for name, value in late.items()}
    )
    angry = finished(world.with_parameters(**{"mobilisation.threshold_mean": 0.3}))
    calm = finished(world.with_parameters(**{"mobilisation.threshold_mean": 2.0}))
    assert series(angry, "partnership_alive")[0] == 0.0
    assert series(angry, "partnership_alive").any()
    assert not series(calm, "partnership_alive").any()


def test_what_is_expected_is_expected_of_the_stack_that_is_announced():
    """A partnership announced later is weighed like the same one announced from the start."""
    full, nothing = worlds.practices(0.6), worlds.practices(0.0, spends=False)
    later = replace(nothing, phases=(Phase(0, nothing), Phase(6, full)))
    fresh = PartneringModel(worlds.world(full)).partnership
    wary = {"partnership.entry_caution": 1.0, "partnership.learning_per_month": 0.0}
    model = started(worlds.world(later).with_parameters(**wary), 7)
    assert model.partnership.gain == pytest.approx(fresh.gain, rel=1e-12)
    assert model.partnership.cost == pytest.approx(fresh.cost, rel=1e-12)
    assert model.partnership.alive == bool(
        (fresh.gain >= fresh.cost)[COMPANY] and (fresh.gain >= fresh.cost)[MUNICIPALITY:].any()
    )


def test_a_dearer_phase_costs_more_in_advance_whatever_was_learned():
    cheap, dear = worlds.practices(0.5, price_multiplier=0.0), worlds.practices(0.5)
    stack = replace(cheap, phases=(Phase(0, cheap), Phase(6, dear)))
    model = started(worlds.world(stack), 6)
    before = model.partnership.cost.copy()
    model.step()
    risen = model.partnership.cost - before
    assert risen[COMPANY] > 0.0


# --- keeping ------------------------------------------------------------------------------------


def test_whoever_has_more_to_save_than_to_lose_leaves_its_tasks_undone():
    """A short horizon and heavy tasks: nobody keeps, and nothing is finished."""
    steady = {"learning_per_month": 0.0}  # all go on expecting what they expected
    keeps = changed(task_effort_share=0.1, believed_horizon=0.995, tenure_weight=0.0, **steady)
    shirks = changed(task_effort_share=0.1, believed_horizon=0.0, **steady)
    assert np.nanmean(series(keeps, "undertakings_kept")) > 0.95
    paid = series(shirks, "undertakings_kept")[1:]
    assert np.nanmean(paid) < 0.05
    assert shirks.promises.counts().broken > keeps.promises.counts().broken
    assert mean_of(shirks, "budget_benefit") < 0.5 * mean_of(keeps, "budget_benefit")
    assert shirks.people["trust_company"].mean() < keeps.people["trust_company"].mean()


def test_an_organisation_that_does_not_keep_is_missed_in_its_own_village_only():
    model = started(worlds.world(free(), months=24).with_parameters(), 3)
    body = model.partnership
    body.gain[ORGANISATIONS] = -1.0
    with patch("parley.mechanisms.partnership.step_belief", lambda belief, *rest: belief):
        model.p = replace(model.p, partnership=replace(model.p.partnership, task_effort_share=1e-6))
        model.step()
    assert body.keeps.tolist() == [True, True, False, True, True, True]
    owners = model.now.at_work.reshape(4, -1, 3)[:, 0]
    assert owners[0].tolist() == [1.0, 1.0, 0.0]
    assert (owners[1:] == 1.0).all()


def test_contributions_decay_where_partners_match_imperfectly():
    """Public-goods games: slope below one and no warm hearts, and joint work peters out."""
    model = changed(conditional_share=1.0, match_slope=0.6, months=60)
    assert model.partnership.effort.max() < 0.05
    steady = changed(conditional_share=1.0, match_slope=1.0, months=60)
    assert steady.partnership.effort.min() == 1.0
    assert mean_of(model, "budget_benefit") < mean_of(steady, "budget_benefit")


def test_payoff_learning_is_another_path():
    one = changed(payoff_learning_share=0.0)
    other = changed(payoff_learning_share=1.0)
    assert one.partnership.effort.min() == 1.0, "all match others who put in everything"
    assert other.partnership.effort.min() < 1.0, "some try to do less, and find that it pays"
    assert "budget_benefit" in differing(one, other)


# --- leaving ------------------------------------------------------------------------------------


def test_the_company_s_leaving_ends_the_process_for_good():
    model = changed(**{k.split(".")[1]: v for k, v in (JOINS | QUICK).items()},
                    liability_fear_share=0.024, feared_loss_share=0.025,
                    unrest_blame_share=1.0)  # fmt: skip
    alive = series(model, "partnership_alive")
    end = model.partnership.months
    assert 0 < end < 36
    assert alive[: end - 1].all()
    assert not alive[end - 1 :].any()
    assert events(model, "left")[-1].actor == "company"
    assert events(model, "ended")[0].month == end - 1
    assert max(model.site_team.levels) == 0.0
    assert series(model, "process_cost")[end:].max() == 0.0
    assert max(model.state.terms) == 0.0
    later = [p for p in model.promises.rows.promised if p > end]
    assert later, "projects go on"


def test_the_partnership_ends_with_the_company():
    """A site that is given up has no partner left to stay, and no contract terms."""
    event = TimedEvent(12, date(2013, 1, 1), "company_leaves", "", 0.0, 1, "assumption")
    at = replace(worlds.place(), events=(event,))
    model = finished(worlds.world(free(), at, months=18, population=200))
    alive = series(model, "partnership_alive")
    assert alive[:12].all()
    assert not alive[12:].any()
    assert not any(model.state.terms)
    assert not any(model.site_team.announced), "nobody goes on announcing"
    assert [event.month for event in events(model, "ended")] == [12]
    none = finished(worlds.world(worlds.practices(0.0), at, months=18, population=200))
    assert np.isnan(series(none, "partnership_alive")).all()


def test_an_expelled_company_has_no_partnership_left():
    strict = {"attributes.standard_kept_share": 1.0, "attributes.standard_window_months": 6}
    world = worlds.world(free(disclosure=True), population=200)
    model = finished(world.with_parameters(**strict, **{"delivery.overpromise_share": 0.5}))
    (month,) = [event.month for event in events(model, "expulsion")]
    alive = series(model, "partnership_alive")
    assert alive[: month + 1].all()
    assert (alive[month + 1 :] == 0.0).all(), "an end that counts as one"
    assert not any(model.state.terms)


def test_in_a_phase_without_a_process_nobody_is_missed():
    """The partnership pauses: tasks are worked on as where none was ever offered."""
    on, off = free(), free(0.0)
    stack = replace(on, phases=(Phase(0, on), Phase(6, off)))
    model = started(worlds.world(stack, population=200), 6)
    model.partnership.member[MUNICIPALITY] = False
    model.step()
    assert (model.now.at_work == 1.0).all()
    assert not model.now.absent.any()


def test_a_village_whose_organisation_has_left_is_not_invited():
    world = worlds.world(free(), months=24, population=200)
    model = PartneringModel(world)
    model.step()
    model.partnership.member[ORGANISATIONS + 1] = False
    with patch("parley.steps.partnership.join", lambda *_: None):
        while not (model.now.is_agenda_month and model.now.index > 0):
            model.step()
    people = model.people
    there = people["village"] == 1
    assert not people["invited"][there].any()
    assert people["invited"][~there].any()
    assert model.organisations[1].belief_sd > 0.0, "it claims as ever"
    work = model.now.at_work.reshape(4, -1, 3)[:, 0, 2]
    assert work.tolist() == [1.0, model.p.partnership.outside_effort_share, 1.0, 1.0]


def test_exits_spread():
    """With the spread at 1 organisations on the edge follow those who leave."""
    edge = {
        "arrival_share": 0.4,
        "expected_meeting_days": 0.12,
        "learning_per_month": 0.03,
        "exit_patience_months": 6,
        "exit_caution": 1.0,
        "neighbour_weight": 0.0,
    }
    lone = changed(exit_spread=0.0, months=48, **edge)
    crowd = changed(exit_spread=1.0, months=48, **edge)
    gone = [len(events(model, "left")) for model in (lone, crowd)]
    assert gone[0] > 0
    assert gone[1] > gone[0]
    assert series(crowd, "members_share")[-1] < series(lone, "members_share")[-1] - 0.2


def test_early_gains_keep_partners_in():
    """P68, two-sided: goods that come soon hold villages that slow goods lose."""
    edge = {"exit_caution": 0.5, "exit_patience_months": 12, "learning_per_month": 0.05}
    keys = {f"partnership.{name}": value for name, value in edge.items()}
    keys |= {"distribution.goods_life_months": 12}
    world = worlds.world(free(), months=60, population=200).with_parameters(**keys)
    slow = finished(world.with_parameters(**{"delivery.task_hazard_per_month": 0.02}))
    soon = finished(world.with_parameters(**{"delivery.task_hazard_per_month": 3.0}))
    assert series(soon, "members_share").mean() > series(slow, "members_share").mean() + 0.1


def reviewed(hazard, weight, **dials):
    """Villages in doubt, with a review every quarter that is always published."""
    keys = {
        "partnership.exit_caution": 1.0,
        "partnership.learning_per_month": 0.02,
        "partnership.review_weight": weight,
        "partnership.exit_patience_months": 8,
        "monitoring.review_interval_months": 3,
        "monitoring.publish_share": 1.0,
        "monitoring.shortfall_weight": 1.0,
        "delivery.task_hazard_per_month": hazard,
        "delivery.tasks_per_project": 1,
        "delivery.tasks_per_contract": 1,
        **worlds.CARRIED_OUT,
    }
    world = worlds.world(free(0.3, monitoring=1.0, **dials), months=48, population=200)
    return finished(world.with_parameters(**keys))


def test_reviews_speed_exit_where_work_is_late_and_hold_partners_where_it_is_not():
    """P62, both signs: the same open book against the same findings left unheeded."""
    heeded, unheeded = (reviewed(0.02, weight) for weight in (1.0, 0.0))
    late = [series(model, "members_share").mean() for model in (heeded, unheeded)]
    assert late[0] < late[1] - 0.05
    heeded, unheeded = (reviewed(5.0, weight, forward_looking=0.0) for weight in (1.0, 0.0))
    prompt = [series(model, "members_share").mean() for model in (heeded, unheeded)]
    assert prompt[0] > prompt[1] + 0.05


@pytest.mark.parametrize("owner", ["company", "joint"])
def test_the_rule_is_the_same_whoever_owns_the_process(owner):
    """Tasks, beliefs and exits do not ask for the owner; only what the owner does to levels."""
    model = PartneringModel(worlds.world(free(owner=owner), months=12))
    other = PartneringModel(worlds.world(free(owner="ngo"), months=12))
    for name in ("gain", "cost"):
        assert same_bits(getattr(model.partnership, name), getattr(other.partnership, name))
    assert model.partnership.name(COMPANY) == "company"
    assert model.partnership.name(MUNICIPALITY) == "municipality"


def test_nobody_sits_in_meetings_for_longer_than_the_cap():
    """T-A6: hours per attender stay within the cap; a cap below one round closes the room."""
    hours = worlds.world().parameters.room.hours_per_round
    long = {"room.consensus_step_share": 0.05, "room.max_rounds": 12}
    for cap, rounds in ((744.0, 12), (3.5 * hours, 3), (0.5 * hours, 0)):
        parameters = long | {"partnership.meeting_cap_hours": cap}
        model = started(worlds.world(free(), months=6).with_parameters(**parameters), 1)
        assert model.now.rounds == rounds
        assert bool(model.people["attended"].any()) == (rounds > 0)
        assert model.now.rounds * hours <= cap


def test_the_record_says_who_joined_and_how_long_it_lived():
    model = changed(months=12)
    assert len(events(model, "joined")) == ORGANISATIONS + 4
    assert model.partnership.months == 12
    assert (series(model, "members_share") == 1.0).all()
