"""What the state's standing does to the rest of the place, and the place to it."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, mean_of, started

from parley.scenario_types import TimedEvent
from parley.steps.government import officials_view

NULL = {
    "state.turnover_share": 1.0,
    "state.turnover_legitimacy": 0.0,
    "state.realignment_spread": 0.0,
    "state.official_majority_weight": 0.0,
    "state.official_own_weight": 0.0,
    "state.official_prevote_weight": 0.0,
}
STANDING = {"legitimacy", "alignment"}


def voting(*months, **facts):
    """The invented place with votes in some months and nothing else dated."""
    when = date(2012, 1, 1)
    events = tuple(TimedEvent(m, when, "vote", "", 0.0, 1, "assumption") for m in months)
    return replace(worlds.place(**facts), events=events)


def kinds(model, *names):
    return [(e.month, e.kind) for e in model.recorder.events if e.kind in names]


def test_switched_off_the_states_standing_changes_nothing():
    """At the null, how fast and on what legitimacy moves is seen in the outcome of it alone."""
    world = worlds.world(at=voting(6, 18, 30)).with_parameters(**NULL)
    fast = {"state.legitimacy_adjustment_per_month": 0.1, "state.legitimacy_services": 0.8}
    on, off = finished(world.with_parameters(**fast)), finished(world)
    assert differing(on, off) == ["legitimacy"]
    assert kinds(off, "government_changes") == [(m, "government_changes") for m in (6, 18, 30)]


def test_a_government_stays_if_nothing_speaks_against_it():
    stay = {"state.turnover_share": 0.0, "state.turnover_legitimacy": 0.0}
    world = worlds.world(at=voting(6, 18, 30)).with_parameters(**stay)
    model = finished(world)
    assert [m for m, _ in kinds(model, "vote")] == [6, 18, 30]
    assert kinds(model, "government_changes") == []
    assert set(model.recorder.series["state_capacity"][:, 0]) == {worlds.FACTS.state_capacity}


def test_a_change_costs_capacity_and_redraws_alignment():
    change = NULL | {"state.realignment_spread": 0.4, "state.postvote_capacity_loss": 0.2}
    model = finished(worlds.world(at=voting(12)).with_parameters(**change))
    series = model.recorder.series
    capacity, aligned = series["state_capacity"][:, 0], series["alignment"][:, 0]
    assert capacity[12] == pytest.approx(0.8 * 0.4)
    assert capacity[35] > capacity[12]
    assert set(aligned[:12]) == {worlds.FACTS.force_alignment_share}
    assert abs(aligned[12] - aligned[11]) > 0.01
    same = finished(worlds.world(at=voting(12)).with_parameters(**change), replicate=1)
    assert same.recorder.series["alignment"][12, 0] != aligned[12], "chance, not fate"


def test_lost_legitimacy_loses_votes():
    """Worse services year after year: the state rests lower, and governments fall more often."""
    slope = {"state.turnover_share": 0.3, "state.turnover_legitimacy": 3.0}
    votes = tuple(range(24, 120, 6))
    found = {}
    for weight in (0.0, 2.0):
        world = worlds.world(at=voting(*votes), months=120)
        world = world.with_parameters(**slope | {"state.legitimacy_services": weight})
        model = finished(world)
        found[weight] = (
            len(kinds(model, "government_changes")),
            model.recorder.series["legitimacy"][-1, 0],
        )
    assert found[0.0][1] > found[2.0][1] + 0.03
    assert found[0.0][0] < found[2.0][0]


def test_force_costs_legitimacy():
    """Where force is asked for and lent, and only there, legitimacy falls with its weight."""
    unruly = {"mobilisation.threshold_mean": 0.4, "state.legitimacy_services": 0.0}
    unruly |= {"state.official_prevote_weight": 0.0}
    found = {}
    for lent in (0.0, 1.0):
        at = worlds.place(force_alignment_share=lent)
        world = worlds.world(at=at, months=48).with_parameters(
            **unruly | {"state.legitimacy_force": 4.0, "state.realignment_spread": 0.0}
        )
        found[lent] = finished(world).recorder.series["legitimacy"][:, 0]
    assert set(found[0.0]) == {worlds.FACTS.trust_state}
    assert found[1.0].min() < worlds.FACTS.trust_state - 0.01


# --- officials ----------------------------------------------------------------------------------


def test_officials_want_services_and_the_majoritys_needs_and_more_so_before_a_vote():
    at = voting(20)
    honest = started(worlds.world(at=at).with_parameters(**NULL), 1)
    assert officials_view(honest).tobytes() == honest.mean_needs.tobytes()
    model = started(worlds.world(at=at), 1)
    early = officials_view(model)
    assert early[4] > model.mean_needs[4] + 0.05
    while model.now.index < 12:
        model.step()
    assert officials_view(model)[4] > early[4] + 0.05
    assert model.municipality.misrepresentation > model.municipality.start_misrepresentation


def test_strong_institutions_leave_officials_nothing_of_their_own():
    at = voting(40, state_capacity=1.0)
    p = {"state.official_majority_weight": 0.0}
    model = started(worlds.world(at=at).with_parameters(**p), 1)
    assert officials_view(model).tobytes() == model.mean_needs.tobytes()
    weak = started(worlds.world(at=voting(40, state_capacity=0.1)).with_parameters(**p), 1)
    assert weak.municipality.misrepresentation > 0.1


def test_what_officials_want_is_what_the_municipality_builds():
    """Its spending moves towards services, and is worth less to residents than needs would be."""
    own = NULL | {"state.official_own_weight": 1.0}
    at = voting(40, state_capacity=0.1)
    bent = finished(worlds.world(at=at).with_parameters(**own))
    honest = finished(worlds.world(at=at).with_parameters(**NULL))
    assert bent.now.services[4] > 1.5 * honest.now.services[4]
    assert mean_of(bent, "state_benefit") < mean_of(honest, "state_benefit") - 0.001
    minority = 2
    gap = [m.recorder.series["state_benefit"][-1, minority] for m in (honest, bent)]
    assert gap[0] > gap[1]


def test_the_largest_group_gets_its_needs_met_first():
    biased = NULL | {"state.official_majority_weight": 1.0}
    at = voting(40)
    one = finished(worlds.world(at=at).with_parameters(**biased)).recorder.series["state_benefit"]
    two = finished(worlds.world(at=at).with_parameters(**NULL)).recorder.series["state_benefit"]
    majority, minority = 1, 2
    assert one[-1, majority] > two[-1, majority]
    assert one[-1, minority] < two[-1, minority]


# --- alignment, commitments, displacement -------------------------------------------------------


def test_spillover_of_trust_scales_with_alignment():
    """With weight 1 and no alignment nothing of the firm falls on the state; its trust is apart."""
    at = voting(40, force_alignment_share=0.0)
    base = NULL | {"trust.spillover_share": 0.5}
    apart = finished(
        worlds.world(at=at).with_parameters(**base | {"state.perceived_alignment_weight": 1.0})
    )
    none = finished(worlds.world(at=at).with_parameters(**base | {"trust.spillover_share": 0.0}))
    assert "trust_state" not in differing(apart, none)
    together = finished(worlds.world(at=at).with_parameters(**base))
    assert "trust_state" in differing(apart, together)


def test_revenue_moves_alignment_both_ways():
    ends = {}
    for weight in (-0.25, 0.0, 0.25):
        world = worlds.world(at=voting(200)).with_parameters(
            **NULL | {"state.alignment_revenue": weight}
        )
        ends[weight] = finished(world).recorder.series["alignment"][-1, 0]
    start = worlds.FACTS.force_alignment_share
    assert ends[-0.25] < start - 0.01
    assert ends[0.0] == start
    assert ends[0.25] > start + 0.01


def test_a_new_government_that_drops_work_delays_promises():
    late = {}
    for share in (0.0, 1.0):
        world = worlds.world(at=voting(*range(6, 60, 6)), months=60)
        model = finished(world.with_parameters(**NULL | {"state.drop_commitments_share": share}))
        late[share] = model.promises.counts().kept
    assert late[1.0] < late[0.0]


def test_the_state_withdraws_where_the_company_provides():
    """Displacement: services fall by a part of what the company brings.

    Without a community budget hardly: claims that were granted remain.
    """
    found = {}
    for spends in (True, False):
        for share in (0.0, 0.6):
            stack = worlds.practices(0.0, spends=spends, admits="organisations")
            p = {"state.displacement_share": share, "budget.social_budget_share": 0.02}
            model = finished(worlds.world(stack).with_parameters(**NULL | p))
            found[spends, share] = mean_of(model, "state_benefit")
    lost = {spends: found[spends, 0.0] - found[spends, 0.6] for spends in (True, False)}
    assert lost[True] > 0.001
    assert 0.0 <= lost[False] < 0.05 * lost[True]


def test_without_the_company_the_municipality_is_entitled_to_less():
    """Royalties end with it; that is seen in what the state brings."""
    event = TimedEvent(12, date(2012, 1, 1), "company_leaves", "", 0.0, 1, "assumption")
    at = replace(worlds.place(ramp_up_months=0.0, royalty_rate_share=0.2), events=(event,))
    model = finished(worlds.world(at=at, months=120).with_parameters(**NULL))
    assert model.municipality.entitlement == model.municipality.own_income
    state = model.recorder.series["state_benefit"][:, 0]
    assert np.argmax(state) < 60
    assert state[-1] < 0.9 * state.max()
