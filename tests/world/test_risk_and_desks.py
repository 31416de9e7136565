"""Risk, fear, silence, complaints and remedy in the whole model: what they change, and what not."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.given import intervention
from world.helpers import differing, finished, mean_of

from parley.errors import ConservationError
from parley.institutions.desk import OPEN, RESOLVED
from parley.model import PartneringModel
from parley.practice_types import Phase

MONTHS = 36
DANGER = {"risk.reprisal_per_visible_act": 0.1}
BUSY = {
    "desk.known_share": 1.0,
    "desk.problem_months": 6.0,
    "desk.servers_per_1000": 40.0,
    "desk.file_threshold": 0.1,
    "desk.belief_learning": 0.0,
}
"""Many file, many are heard, and belief does not answer to how cases end."""


def ran(stack, months=MONTHS, population=400, spoilers=1.0, **values):
    """A finished run in a place with spoilers."""
    world = worlds.world(
        stack, worlds.place(spoiler_presence=spoilers), months=months, population=population
    )
    return finished(world.with_parameters(**worlds.CARRIED_OUT | values), 5)


def total(model, outcome):
    """Sum of a site outcome, or of one for everybody, over the run."""
    return float(np.nansum(model.recorder.series[outcome][:, 0]))


def open_rooms(level=0.6, **changes):
    return worlds.practices(level, price_multiplier=0.0, **changes)


FULL_ROOMS = {
    "room.meeting_reach_share": 1.0,
    "room.attend_intercept": 2.0,
    "room.mapper_view_share": 0.9,
}


# --- null switches ------------------------------------------------------------------------------


def test_without_reprisal_or_without_spoilers_fear_has_no_bit_of_effect():
    plain = ran(open_rooms())
    wild = {
        "risk.attend_fear": 20.0,
        "risk.speech_fear": 10.0,
        "risk.fear_from_neighbours": 5.0,
        "risk.record_exposure": 5.0,
        "desk.dare_fear": 50.0,
    }
    assert differing(plain, ran(open_rooms(), **wild)) == []
    assert differing(plain, ran(open_rooms(), spoilers=0.0, **wild, **DANGER)) == []
    assert mean_of(plain, "fear") == mean_of(plain, "reprisals") == 0.0
    assert not plain.people["silent"].any()


def test_without_a_desk_nothing_about_desks_matters():
    none = open_rooms(complaints_desk=0.0, remedy_forum=0.0)
    plain = ran(none, **DANGER)
    other = replace(none, judge="company", forum_separation=0.0)
    changed = BUSY | {
        "desk.spillover_tone": 0.5,
        "desk.spillover_attention": 0.5,
        "desk.liability_silence": 1.0,
        "grievance.closure_relief": 0.3,
        "grievance.overdue_inflow": 0.15,
    }
    changed.pop("desk.belief_learning")
    assert differing(plain, ran(other, **DANGER, **changed)) == []
    assert total(plain, "desk_filed") == total(plain, "forum_filed") == 0.0


def test_a_free_desk_without_relief_or_overdue_moves_nobody():
    """Cases alone, without money, relief, overdue grievance or spoilers, are only counted."""
    off = {"grievance.overdue_inflow": 0.0, "grievance.closure_relief": 0.0}
    off |= {"skills.use_gain_per_month": 0.0}  # nobody learns by running a desk
    stack = open_rooms()
    changed = differing(
        ran(replace(stack, judge="joint"), spoilers=0.0, **off, **BUSY),
        ran(open_rooms(complaints_desk=0.0, remedy_forum=0.0), spoilers=0.0, **off, **BUSY),
    )
    counted = {
        f"{desk}_{what}"
        for desk in ("desk", "forum")
        for what in ("filed", "open", "declared", "resolved", "waiting")
    }
    columns = {f"{what}_{desk}" for desk in ("desk", "forum") for what in ("case", "since")}
    assert set(changed) == counted | columns | {"implementation_fidelity"}


# --- taking part can hurt -----------------------------------------------------------------------


def test_inviting_more_people_raises_reprisals_where_there_are_spoilers():
    few = ran(open_rooms(inclusive=0.0), **FULL_ROOMS, **DANGER)
    many = ran(open_rooms(inclusive=1.0), **FULL_ROOMS, **DANGER)
    assert mean_of(many, "inclusion") > 1.5 * mean_of(few, "inclusion")
    assert total(many, "reprisals") > 1.3 * total(few, "reprisals")
    assert mean_of(many, "fear") > mean_of(few, "fear")
    noted = sum(e.amount for e in many.recorder.events if e.kind == "reprisal")
    assert noted == pytest.approx(total(many, "reprisals") * 400 / 1000.0)
    safe = ran(open_rooms(inclusive=1.0), spoilers=0.0, **FULL_ROOMS, **DANGER)
    assert total(safe, "reprisals") == 0.0


def test_attenders_are_hit_more_often_than_others_of_their_block():
    """Excess over matched others is about r0 per visible act; without danger it is zero."""
    quiet = {"mobilisation.threshold_mean": 2.0, "desk.known_share": 0.0}
    stack = open_rooms(0.6, documentation=0.0, digital=0.0)
    values = FULL_ROOMS | DANGER | quiet
    model = ran(stack, population=2000, **values)
    excess = model.recorder.series["participation_harm"][:, 0]
    heads = model.recorder.series["inclusion"][:, 0] * 2000
    meetings = ~np.isnan(excess)
    assert meetings.sum() == MONTHS // model.p.room.agenda_interval_months
    rate = float((excess * heads)[meetings].sum() / heads[meetings].sum()) / 1000.0
    error = np.sqrt(0.1 * 0.9 / heads[meetings].sum())
    assert rate == pytest.approx(0.1, abs=4.0 * error)
    assert np.nansum(ran(stack, spoilers=0.0, **values).recorder.series["participation_harm"]) == 0


@pytest.mark.parametrize("dial", ["documentation", "digital"])
def test_records_and_digital_traces_raise_reprisals(dial):
    values = FULL_ROOMS | DANGER | {"risk.attend_fear": 0.0, "room.digital_saving_share": 0.0}
    runs = [
        ran(open_rooms(**{dial: level}), **values, **{"risk.trace_exposure": 2.0})
        for level in (0.0, 1.0)
    ]
    assert total(runs[1], "reprisals") > 1.1 * total(runs[0], "reprisals")


@pytest.mark.parametrize("protection", ["anonymity", "proxy", "pacing"])
def test_protection_lowers_reprisals(protection):
    calm = {"mobilisation.threshold_mean": 2.0}
    bare = ran(open_rooms(), **FULL_ROOMS, **DANGER, **calm)
    covered = ran(open_rooms(protection=protection), **FULL_ROOMS, **DANGER, **calm)
    assert total(covered, "reprisals") < 0.8 * total(bare, "reprisals")


def test_each_protection_costs_information_where_nobody_is_in_danger():
    """Without spoilers cover is worth nothing, and its price stays."""
    runs = {
        word: ran(open_rooms(protection=word), spoilers=0.0, **FULL_ROOMS)
        for word in ("none", "anonymity", "proxy", "pacing")
    }
    bare = runs.pop("none")
    assert mean_of(runs["pacing"], "inclusion") < 0.7 * mean_of(bare, "inclusion")
    assert mean_of(runs["proxy"], "influence") < 0.9 * mean_of(bare, "influence")
    verifiable = {word: run.promises.rows.verifiable.mean() for word, run in runs.items()}
    assert verifiable["anonymity"] < bare.promises.rows.verifiable.mean()
    free = {"risk.anonymity_loss": 0.0, "risk.proxy_loss": 0.0, "risk.pacing_cut": 0.0}
    for word in runs:
        other = ran(open_rooms(protection=word), spoilers=0.0, **FULL_ROOMS, **free)
        assert differing(bare, other) == [], word


def test_proxies_move_the_danger_to_leaders():
    values = FULL_ROOMS | DANGER | {"mobilisation.threshold_mean": 2.0, "risk.attend_fear": 0.0}
    values |= {"risk.proxy_cover": 1.0, "risk.reprisal_per_visible_act": 0.5}
    model = PartneringModel(
        worlds.world(
            open_rooms(protection="proxy"), worlds.place(spoiler_presence=1.0)
        ).with_parameters(**values)
    )
    leaders = others = 0
    for _ in range(MONTHS):
        model.step()
        leader = model.people["leader"]
        leaders += int((model.people["hit"] & leader).sum())
        others += int((model.people["hit"] & ~leader).sum())
    assert others == 0
    assert leaders > 0


def test_whoever_is_hit_loses_safety_in_the_next_month():
    world = worlds.world(open_rooms(), worlds.place(spoiler_presence=1.0))
    values = FULL_ROOMS | {"risk.reprisal_per_visible_act": 1.0, "desk.known_share": 0.0}
    model = PartneringModel(world.with_parameters(**values))
    model.step()
    hit = model.people["hit"].copy()
    before = model.people["security"][:, 0].copy()
    assert 0 < hit.sum() < 400
    model.step()
    fall = before - model.people["security"][:, 0]
    wanted = model.p.risk.hit_harm_per_month * before
    assert fall[hit] == pytest.approx(wanted[hit], rel=0.05)
    assert np.abs(fall[~hit]).max() < 0.01


# --- silence ------------------------------------------------------------------------------------


def test_hidden_grievance_moves_nobody_to_act():
    lively = {"mobilisation.threshold_mean": 0.4, "risk.active_exposure": 1.0}
    dumb = {"risk.speech_fear": 0.0}
    heard = ran(open_rooms(), **DANGER, **lively, **dumb)
    hushed = ran(open_rooms(), **DANGER, **lively)
    assert mean_of(heard, "silent_share") == 0.0
    assert mean_of(hushed, "silent_share") > 0.02
    assert mean_of(hushed, "active_share") < mean_of(heard, "active_share")
    private = mean_of(hushed, "grievance_operational")
    assert mean_of(hushed, "grievance_shown") < mean_of(heard, "grievance_shown")
    assert private > 0.0


def test_filed_complaints_can_fall_while_private_grievance_rises():
    """Where filing is punished, few complaints mean fear and not peace."""
    values = BUSY | {
        "risk.reprisal_per_visible_act": 1.0,
        "risk.active_exposure": 0.0,
        "risk.fear_fading_per_month": 0.02,
        "risk.fear_from_neighbours": 3.0,
        "harm.emission_per_output": 0.1,
    }

    def halves(spoilers):
        model = ran(open_rooms(0.3), 60, spoilers=spoilers, **values)
        filed = model.recorder.series["desk_filed"][:, 0]
        private = model.recorder.series["grievance_operational"][:, 0]
        return filed[12:30].sum(), filed[42:].sum(), private[30], private[-1]

    early, late, then, now = halves(1.0)
    assert late < 0.6 * early
    assert now > then + 0.02
    safe_early, safe_late, _, _ = halves(0.0)
    assert safe_late > 0.8 * safe_early
    assert late < 0.6 * safe_late


# --- cases, remedies, judges --------------------------------------------------------------------


def test_cases_are_conserved_and_a_lost_one_is_noticed():
    model = ran(open_rooms(), **BUSY)
    for name, office in model.desks.items():
        waiting = int((model.people[f"case_{name}"] == OPEN).sum())
        assert office.filed == office.closed + office.withdrawn + waiting > 0
        assert 0 < office.resolved < office.closed
        assert office.withdrawn > 0
        assert int((model.people[f"case_{name}"] == RESOLVED).sum()) <= office.resolved
    world = worlds.world(open_rooms()).with_parameters(**BUSY)
    other = PartneringModel(world)
    for _ in range(12):
        other.step()
    lost = np.flatnonzero(other.people["case_desk"] == OPEN)[0]
    other.people["case_desk"][lost] = 0
    with pytest.raises(ConservationError, match="cases filed, but"):
        other.step()


def test_remedies_come_out_of_what_the_desks_cost_and_reach_claimants():
    stack = worlds.practices(0.6)
    paid = ran(stack, **BUSY)
    assert total(paid, "remedy_paid") > 0.0
    unpaid = ran(stack, **BUSY, **{"desk.remedy_share": 0.0})
    assert total(unpaid, "remedy_paid") == 0.0
    assert total(paid, "process_cost") == pytest.approx(total(unpaid, "process_cost"), rel=0.01)
    accounts = [paid.ledger.balance(f"remedy:{name}") for name in paid.desks]
    assert min(accounts) >= 0
    assert total(paid, "budget_benefit") > total(unpaid, "budget_benefit")


def test_a_case_may_be_closed_and_not_resolved_and_the_judge_makes_the_difference():
    judges = {"desk.judge_company": 0.2, "desk.judge_joint": 0.5, "desk.judge_outside": 0.9}
    off = {"grievance.overdue_inflow": 0.0}
    runs = {
        judge: ran(open_rooms(judge=judge), **BUSY, **off, **judges)
        for judge in ("company", "joint", "outside")
    }
    declared = {judge: total(run, "desk_declared") for judge, run in runs.items()}
    resolved = {judge: total(run, "desk_resolved") for judge, run in runs.items()}
    assert len(set(declared.values())) == 1, "what is declared does not depend on the judge"
    assert resolved["company"] < resolved["joint"] < resolved["outside"] < declared["outside"]
    again = dict.fromkeys(judges, 0.7)
    same = [
        ran(open_rooms(judge=judge), **BUSY, **again) for judge in ("company", "joint", "outside")
    ]
    assert differing(same[0], same[1]) == differing(same[0], same[2]) == []


def test_bad_cases_spoil_belief_and_with_it_filing():
    values = BUSY | {"desk.belief_learning": 0.5, "desk.remedy_weight": 0.0}
    good = ran(open_rooms(), **values, **{"desk.judge_joint": 1.0})
    bad = ran(open_rooms(), **values, **{"desk.judge_joint": 0.0})
    assert good.desks["desk"].belief.mean() > 0.6
    assert bad.desks["desk"].belief.mean() < 0.4
    assert total(bad, "desk_filed") < 0.7 * total(good, "desk_filed")


def test_more_servers_leave_fewer_open_and_an_overdue_backlog_is_a_grievance():
    values = BUSY | {"grievance.overdue_inflow": 0.15}
    few = ran(open_rooms(), **values | {"desk.servers_per_1000": 2.0})
    many = ran(open_rooms(), **values | {"desk.servers_per_1000": 100.0})
    assert mean_of(many, "desk_open") < 0.5 * mean_of(few, "desk_open")
    assert mean_of(many, "desk_waiting") < mean_of(few, "desk_waiting")
    assert mean_of(few, "grievance_operational") > mean_of(many, "grievance_operational") + 0.02
    patient = ran(open_rooms(), **values | {"desk.servers_per_1000": 2.0, "desk.due_months": 60})
    assert mean_of(patient, "grievance_operational") < mean_of(few, "grievance_operational")


@pytest.mark.parametrize(
    ("dial", "stock", "other"),
    [
        ("remedy_forum", "grievance_legacy", "grievance_operational"),
        ("complaints_desk", "grievance_operational", "grievance_legacy"),
    ],
)
def test_only_a_resolved_case_relieves_and_only_its_own_grievance(dial, stock, other):
    values = BUSY | {"grievance.overdue_inflow": 0.0, "desk.judge_joint": 1.0}
    values |= {"desk.authority_share": 0.8, "desk.seek_share": 0.8, "desk.problem_months": 2.0}
    values |= {"desk.servers_per_1000": 100.0, "desk.remedy_weight": 0.0}
    off = {"complaints_desk": 0.0, "remedy_forum": 0.0}
    stack = open_rooms(**off | {dial: 1.0})
    plain = ran(stack, spoilers=0.0, **values)
    relieved = ran(stack, spoilers=0.0, **values, **{"grievance.closure_relief": 0.3})
    assert mean_of(relieved, stock) < mean_of(plain, stock) - 0.005
    assert mean_of(relieved, other) == pytest.approx(mean_of(plain, other), abs=0.005)
    without = ran(open_rooms(**off), spoilers=0.0, **values, **{"grievance.closure_relief": 0.3})
    assert mean_of(without, stock) == pytest.approx(mean_of(plain, stock), abs=1e-9)


# --- what spills over ---------------------------------------------------------------------------


@pytest.mark.parametrize("tone", [-0.9, 0.9])
def test_open_claims_about_the_past_change_the_tone_of_the_room_where_forums_are_one(tone):
    values = BUSY | {"desk.servers_per_1000": 1.0, "room.max_rounds": 60}
    values |= {"room.consensus_step_share": 0.05, "desk.spillover_tone": tone}
    values |= {"partnership.meeting_cap_hours": 744.0}  # no end but agreement
    joined = ran(open_rooms(forum_separation=0.0), spoilers=0.0, **values)
    apart = ran(open_rooms(forum_separation=1.0), spoilers=0.0, **values)
    hours = {"joined": total(joined, "community_hours"), "apart": total(apart, "community_hours")}
    if tone > 0.0:
        assert hours["joined"] > 1.05 * hours["apart"]
    else:
        assert hours["joined"] < 0.95 * hours["apart"]


def test_open_claims_take_staff_hours_from_the_practices_where_forums_are_one():
    values = BUSY | {"desk.servers_per_1000": 1.0, "desk.spillover_attention": 0.5}
    values |= {"practices.process_cap_share": 1.0}
    cheap = worlds.practices(0.6, price_multiplier=0.01)
    joined = ran(replace(cheap, forum_separation=0.0), spoilers=0.0, **values)
    apart = ran(cheap, spoilers=0.0, **values)
    assert joined.site_team.funded.sum() < 0.8 * apart.site_team.funded.sum()
    scarce = worlds.practices(0.6, hires_staff=False, forum_separation=0.0)
    freed = ran(scarce, spoilers=0.0, **values | {"desk.spillover_attention": -0.5})
    usual = ran(scarce, spoilers=0.0, **values | {"desk.spillover_attention": 0.0})
    assert freed.site_team.funded.sum() > usual.site_team.funded.sum()


def test_a_desk_that_costs_nothing_any_more_fills_no_remedy_account():
    """Old payments for practices are spent: they pay no remedies when a later stack is free."""
    paid, free = worlds.practices(0.6), worlds.practices(0.6, price_multiplier=0.0)
    stack = replace(paid, phases=(Phase(0, paid), Phase(6, free)))
    model = PartneringModel(worlds.world(stack, months=12), 5)
    funds = []
    for _ in range(12):
        before = model.ledger.balance("process")
        model.step()
        now = model.now
        funds.append(before + now.process_paid - model.ledger.balance("process"))
        assert 0 <= funds[-1] <= now.process_paid
    assert min(funds[3:6]) > 0
    assert max(funds[6:]) == 0


def test_who_judges_and_protects_on_paper_changes_no_bit_where_hooks_are_cut():
    """Not even where an ombudsman hears complaints: a judge and a shield must be carried out."""
    office = intervention("ombudsman", strengths={"judge": 0.0})
    changed = {"risk.anonymity_cover": 1.0, "desk.judge_company": 0.1, "desk.judge_joint": 0.9}

    def heard(hooks, **attributes):
        stack = worlds.practices(0.6, spends=False, delivers=False, **attributes)
        stack = replace(stack, hooks_connected=hooks)
        world = replace(worlds.world(stack, months=24), interventions=(office,))
        return finished(world.with_parameters(**BUSY, **changed, **DANGER), 5)

    plain = heard(False, judge="company", protection="none")
    assert total(plain, "desk_filed") > 0
    assert differing(plain, heard(False, judge="joint", protection="anonymity")) == []
    one, other = heard(True, judge="company"), heard(True, judge="joint")
    assert differing(one, other) != [], "where hooks are connected the judge matters"
