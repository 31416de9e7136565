"""Phases and attributes of stacks: each changes what it should, when it should."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished, mean_of, small

from parley.model import PartneringModel
from parley.practice_types import Phase
from parley.practices import available_variants, load_practices
from parley.steps.government import officials_view

HSBP = load_practices("hsbp")
HRDD = load_practices("hrdd")


def run(stack, seed=3, **parameters):
    """Three years of the invented place under a stack."""
    return finished(worlds.world(stack).with_parameters(**parameters), seed)


def kinds(model):
    return {event.kind for event in model.recorder.events}


# --- phases ---------------------------------------------------------------------------------------


def phased(*phases, repeat=0):
    """A stack of phases, given as month and stack."""
    parts = tuple(Phase(month, stack) for month, stack in phases)
    return replace(parts[0].practices, phases=parts, repeat_months=repeat)


def test_one_phase_is_the_stack_itself():
    stack = worlds.practices(0.6)
    assert differing(run(stack), run(phased((0, stack)))) == []


def test_a_phase_that_never_comes_changes_no_bit():
    one, other = worlds.practices(0.6), worlds.practices(0.2)
    assert differing(run(one), run(phased((0, one), (36, other)))) == []


def test_the_first_phase_is_lived_as_if_nothing_followed():
    one, other = worlds.practices(0.6), worlds.practices(0.1, owner="company", payer="company")
    stacks = (one, phased((0, one), (12, other)))
    plain, both = (run(stack, **worlds.CARRIED_OUT) for stack in stacks)
    assert differing(plain, both, 12) == []
    assert {"process_cost", "inclusion", "events"} <= set(differing(plain, both, 14))


def test_from_the_change_on_the_model_reads_the_new_stack_and_its_prices():
    dear = worlds.practices(0.5, price_multiplier=2.0, payer="company")
    model = run(phased((0, worlds.practices(0.5, price_multiplier=1.0)), (6, dear)))
    cost = model.recorder.series["process_cost"][:, 0]
    assert model.practices is model.world.practices.phases[1].practices
    assert model.facilitator.company_payer_share == 1.0
    assert cost[5] == pytest.approx(cost[0], rel=1e-9)
    assert cost[6] == run(dear).recorder.series["process_cost"][6, 0] > 1.9 * cost[5]


def test_contract_terms_hold_until_the_room_meets_again():
    one, other = worlds.practices(0.6), worlds.practices(0.0)
    world = worlds.world(phased((0, one), (6, other)))
    from parley.model import PartneringModel

    model = PartneringModel(world, 3)
    for _ in range(7):
        model.step()
    assert model.site_team.levels.sharing == 0.0
    assert model.state.terms.sharing > 0.0


def test_phases_that_repeat_take_turns():
    one, other = worlds.practices(0.6), worlds.practices(0.2)
    stack = phased((0, one), (4, other), repeat=8)
    force = [stack.in_force(month) is one for month in range(24)]
    assert force == [True] * 4 + [False] * 4 + [True] * 4 + [False] * 4 + [True] * 4 + [False] * 4
    changes = [e.month for e in run(stack).recorder.events if e.kind == "practices_change"]
    assert changes == [4, 8, 12, 16, 20, 24, 28, 32]


def test_both_at_once_is_the_higher_level_of_each():
    both = load_practices("hrdd_and_hsbp")
    assert both.nominal == tuple(map(max, HRDD.nominal, HSBP.nominal))
    assert replace(both, nominal=(), label="", note="", key="") == replace(
        HSBP, nominal=(), label="", note="", key=""
    )


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("hrdd_then_hsbp", (0, 60)),
        ("hsbp_then_hrdd", (0, 60)),
        ("hrdd_hsbp_interleaved", (0, 12)),
        ("csbp_analysis_first", (0, 12)),
    ],
)
def test_sequences_that_come_with_parley(name, months):
    stack = load_practices(name)
    assert tuple(phase.from_month for phase in stack.phases) == months
    assert stack.nominal == stack.phases[0].practices.nominal


@pytest.mark.parametrize("name", available_variants())
def test_every_variant_runs_and_keeps_its_books(name):
    """Money, people and promises are checked every month of the run."""
    model = finished(small("bosnia", load_practices(name), months=26, population=80), 3)
    assert model.now.index == 25
    assert np.isfinite(model.recorder.series["trust_company"]).all()


# --- who opens, who is admitted -------------------------------------------------------------------


def test_the_initiator_sets_the_opening_agenda():
    agendas = {}
    for who in ("owner", "company", "state", "ngo", "community"):
        model = finished(small("colombia", replace(HSBP, initiator=who), months=1), 3)
        agendas[who] = model.state.agenda.tolist()
    assert len({tuple(agenda) for agenda in agendas.values()}) == 5


def test_the_initiator_left_to_the_owner_is_the_company_where_it_owns_the_process():
    stack = worlds.practices(0.5, owner="company")
    assert differing(run(stack), run(replace(stack, initiator="company"))) == []


def test_an_initiator_does_nothing_without_an_anchor_or_without_local_work():
    stack = worlds.practices(0.5)
    changed = replace(stack, initiator="ngo")
    off = {"room.initiator_anchor_share": 0.0}
    assert differing(run(stack, **off), run(changed, **off)) == []
    idle = worlds.practices(0.5, locally_driven=0.0)
    assert differing(run(idle), run(replace(idle, initiator="state"))) == []
    assert "trust_company" in differing(run(stack), run(changed))


def test_a_token_invitation_fills_the_room_and_changes_no_decision():
    full = {"room.meeting_reach_share": 0.5, "practices.hour_cost_income": 0.0}
    token, whole = (
        finished(small("colombia", stack, months=1).with_parameters(**full), 3)
        for stack in (load_practices("token_invitation"), HSBP)
    )
    inclusion = [model.recorder.series["inclusion"][0, 0] for model in (token, whole)]
    assert inclusion[0] == inclusion[1] > 0.05
    assert (token.recorder.series["influence"][0] == 0.0).all()
    assert whole.recorder.series["influence"][0, 0] > 0.01
    assert (token.state.agenda == token.state.agenda_alone).all()
    assert token.recorder.series["tokenism"][0, 0] == 1.0


def test_leaders_alone_are_fewer_and_all_are_leaders():
    full = {"room.meeting_reach_share": 0.5}
    few, many = (
        finished(small("colombia", stack, months=1).with_parameters(**full), 3)
        for stack in (replace(HSBP, admits="leaders"), HSBP)
    )
    attended = few.people["attended"]
    assert 0 < attended.sum() < many.people["attended"].sum()
    assert few.people["leader"][attended].all()


def test_officials_speak_in_the_place_of_residents():
    model = finished(small("colombia", replace(HSBP, admits="officials"), months=1), 3)
    assert not model.people["attended"].any()
    assert model.now.agreed
    assert model.now.community_hours == 0.0
    assert (model.recorder.series["influence"][0] == 0.0).all()
    assert model.now.room == pytest.approx(officials_view(model), abs=1e-12)
    assert np.abs(model.now.room - model.mean_needs).sum() > 0.01
    apart = np.abs(model.state.agenda - model.state.agenda_alone).sum()
    assert apart > 0.01


# --- money elsewhere, apology, disclosure ---------------------------------------------------------


def test_what_is_spent_elsewhere_leaves_and_buys_readiness():
    stack = worlds.practices(0.5)
    plain, half = run(stack), run(replace(stack, outside_share=0.5))
    assert mean_of(half, "budget_benefit") < mean_of(plain, "budget_benefit")
    assert plain.nation.goodwill == 0.0
    assert 0.1 < half.nation.goodwill < 0.5
    assert half.nation.alignment == plain.nation.alignment


def test_what_is_spent_elsewhere_costs_the_company_and_does_not_reach_residents():
    """Profit is what is left of revenue after every payment, to the cent."""
    from parley.model import PartneringModel

    model = PartneringModel(worlds.world(worlds.practices(0.3, outside_share=0.5)), 3)
    unit = model.people.n * model.cents_per_income
    for _ in range(14):
        model.step()
        flows, now = model.ledger.flows(), model.now
        assert flows.get("outside", 0) == now.outside_paid > 0
        out = sum(flows.get(f, 0) for f in ("wages", "purchases", "supplies", "royalty"))
        out += flows.get("process", 0) + flows.get("outside", 0)
        out += int(now.instalments_paid.sum()) + now.transfers_paid
        profit = model.recorder.series["profit"][now.index, 0]
        assert profit == pytest.approx((flows["revenue"] - out) / unit, rel=1e-9)
        result = model.company.results[-1] * model.company.reference_revenue
        assert result / unit == pytest.approx(profit, rel=1e-9)


def test_goodwill_acts_through_calls_for_force_alone():
    stack = worlds.practices(0.3, outside_share=0.8, trust_conduct=0.0)
    unruly = {"mobilisation.threshold_mean": 0.1, "mobilisation.disruption_max": 0.0}
    forced = {
        strength: [
            run(stack, seed, **unruly, **{"attributes.goodwill_alignment": strength})
            for seed in (3, 6)
        ]
        for strength in (-1.0, 0.0, 1.0)
    }
    granted = [
        sum(event.kind == "force" for model in models for event in model.recorder.events)
        for models in forced.values()
    ]
    assert granted[0] < granted[1] < granted[2]
    calm = {"response.trigger_share": 1.0}
    one = run(stack, **calm, **{"attributes.goodwill_alignment": 0.9})
    two = run(stack, **calm, **{"attributes.goodwill_alignment": -0.9})
    assert differing(one, two) == []


CONTENT = {  # benefits above what people expect, so that old grievance wears away at all
    "grievance.legacy_benefit_erosion": 0.05,
    "bargain.company_impatience_per_year": 0.001,
    "appraisal.adaptation_share": 0.0,
}


def test_an_apology_opens_talks_and_changes_how_benefit_heals():
    stack = worlds.practices(0.5)
    plain, sorry = (run(replace(stack, apology=month), **CONTENT) for month in (0, 5))
    assert differing(plain, sorry, 5) == []
    assert "apology" in kinds(sorry) - kinds(plain)
    heal, salt = (
        run(replace(stack, apology=5), **CONTENT, **{"attributes.apology_healing": strength})
        for strength in (1.0, -1.0)
    )
    assert mean_of(heal, "grievance_legacy") < mean_of(sorry, "grievance_legacy")
    assert mean_of(sorry, "grievance_legacy") < mean_of(salt, "grievance_legacy")


def test_no_apology_no_healing():
    stack = worlds.practices(0.5)
    strong = {"attributes.apology_healing": 4.0}
    assert differing(run(stack, **CONTENT), run(stack, **CONTENT, **strong)) == []


STRICT = {"attributes.standard_kept_share": 1.0, "attributes.standard_window_months": 6}


def test_a_record_below_the_standard_ends_the_practices_for_good():
    stack = worlds.practices(0.5, disclosure=True)
    model = run(stack, **STRICT, **{"delivery.overpromise_share": 0.5})
    (month,) = [event.month for event in model.recorder.events if event.kind == "expulsion"]
    assert 6 <= month < 34
    cost = model.recorder.series["process_cost"][:, 0]
    assert cost[month] > 0.0
    assert (cost[month + 1 :] == 0.0).all()
    assert not any(model.site_team.announced)


def test_in_the_month_of_an_expulsion_everybody_sees():
    stack = worlds.practices(0.5, disclosure=True, communication=0.0)
    empty = {"delivery.overpromise_share": 0.5, "appraisal.seen_base_share": 0.0}
    expelled = run(stack, **STRICT, **empty)
    kept = run(stack, **STRICT | {"attributes.standard_kept_share": 0.0}, **empty)
    (month,) = [event.month for event in expelled.recorder.events if event.kind == "expulsion"]
    before, after = (
        [abs(np.diff(m.recorder.series["trust_company"][month - 1 : month + 1, 0]))[0] for m in two]
        for two in ((expelled,), (kept,))
    )
    assert before[0] > after[0]
    assert differing(expelled, kept, month) == []


def test_disclosure_without_a_standard_expels_nobody_but_makes_promises_verifiable():
    stack = worlds.practices(0.3, documentation=0.0)
    off = {"attributes.standard_kept_share": 0.0}
    plain, open_books = run(stack, **off), run(replace(stack, disclosure=True), **off)
    assert "expulsion" not in kinds(open_books)
    share = [model.promises.rows.verifiable.mean() for model in (plain, open_books)]
    assert share[1] > share[0] + 0.2
    idle = off | {"attributes.disclosed_share": 0.0}
    assert differing(run(stack, **idle), run(replace(stack, disclosure=True), **idle)) == []


@pytest.mark.parametrize("change", [{"apology": 4}, {"disclosure": True}, {"admits": "leaders"}])
def test_a_stack_without_hooks_keeps_none_of_its_attributes(change):
    cut = worlds.practices(0.6, hooks_connected=False, delivers=False)
    assert differing(run(cut, **STRICT), run(replace(cut, **change), **STRICT)) == []


def test_what_is_spent_elsewhere_is_not_profit():
    """Spending outside is a cost to the company like any other, in profit and in its own result."""
    stack = worlds.practices(0.0, outside_share=1.0)
    model = PartneringModel(worlds.world(stack, months=6), 5)
    unit = model.people.n * model.cents_per_income
    for _ in range(6):
        model.step()
        now = model.now
        paid = now.outside_paid + now.transfers_paid + int(now.instalments_paid.sum())
        profit = now.operating - paid - now.process_paid
        assert now.outside_paid > 0
        assert model.recorder.series["profit"][now.index, 0] == pytest.approx(profit / unit)
        assert model.company.results[-1] == pytest.approx(profit / model.company.reference_revenue)
