"""Dated events in the model: every kind reaches it by its one input and by nothing else.

What people feel and do is for the model to produce; here it is held that no event writes it.
"""

import ast
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import worlds
from world.dated import ARRAYS, KINDS, dated
from world.helpers import differing, finished, started

import parley
from parley.event_kinds import EVENT_KINDS
from parley.institutions.chain import COMPANY
from parley.mechanisms.budget import operations
from parley.model import PartneringModel
from parley.registry import load_registry
from parley.schedule import SCHEDULE
from parley.steps.livelihood import without_company

MONTH = 6
"""Month of the event, one in which the room meets."""

SIZES = {
    "price_shock": 0.3,
    "accident": 0.4,
    "peace_accord": 0.5,
    "violence": 3.0,
    "leader_killed": 0.5,
    "armed_groups": 2.0,
    "protest_wave": 0.5,
    "contact_ban": 0.2,
    "civic_space": 0.2,
    "strike": 0.2,
    "output_change": 1.5,
    "emission_change": 3.0,
    "ownership_change": 1.0,
    "company_leaves": 0.0,
    "royalty_reform": 2.0,
    "state_income": 0.5,
    "livelihood_shock": 0.5,
    "vote": 0.0,
}
"""A size for each kind that changes anything."""

TENSE = {
    "mobilisation.threshold_mean": 0.5,
    "risk.reprisal_per_visible_act": 0.3,
    "chain.turnover_per_month": 0.0,
}


def tense(*events, stack=None, months=18):
    """A place where much happens, with these dated events only."""
    at = replace(worlds.place(ramp_up_months=0.0), events=events)
    scenario = worlds.world(stack or worlds.practices(0.6), at, months=months)
    return scenario.with_parameters(**TENSE)


def with_and_without(kind):
    return tense(dated(kind, MONTH, SIZES[kind], 3)), tense()


def test_every_kind_is_tried():
    assert SIZES.keys() | {"note"} == EVENT_KINDS.keys()


@pytest.mark.parametrize("kind", [k for k in KINDS if EVENT_KINDS[k].magnitude])
def test_the_null_size_changes_nothing(kind):
    null = 1.0 if EVENT_KINDS[kind].combine == "multiply" else 0.0
    months = 0 if EVENT_KINDS[kind].lasting in ("month", "good") else 3
    plain, hit = finished(tense()), finished(tense(dated(kind, MONTH, null, months)))
    assert differing(plain, hit) == []


def test_a_note_changes_nothing_whatever_it_says():
    assert differing(finished(tense()), finished(tense(dated("note", MONTH, 0.5, 3)))) == []


@pytest.mark.parametrize("kind", SIZES)
def test_a_kind_reaches_the_model_by_its_input_and_by_nothing_else(kind):
    """A run without the event whose one input is set to what the event makes of it is the run with
    the event, to the last bit; without that, it is another run."""
    hit, other = with_and_without(kind)
    hit, plain, set_by_hand = finished(hit), finished(other), PartneringModel(other)
    names = {EVENT_KINDS[kind].input} | ({"months_to_vote"} if kind == "vote" else set())
    set_by_hand.effects = replace(
        set_by_hand.effects, **{name: getattr(hit.effects, name) for name in names}
    )
    set_by_hand.company.expected_rent = hit.company.expected_rent  # foreseen from the same inputs
    set_by_hand.run_model()
    assert differing(hit, set_by_hand) == []
    assert differing(hit, plain) != []


# --- when and where an input is read ------------------------------------------------------------

READ_BY = {
    "price_shock": {"price moves"},
    "accident": {"harm and security"},
    "emission": {"harm and security"},
    "safety_pressure": {"harm and security"},
    "reprisals_heard": {"those who took part may be punished"},
    "spoilers": {"those who took part may be punished"},
    "protest_wave": {"four weeks of mobilisation"},
    "meeting_reach": {"people are invited and meet"},
    "output": {
        "output is set by build-up, stoppages and disruption",
        "investors and the firm look back",
    },
    "posts_change": {"posts change hands"},
    "royalty": {
        "the company decides whether to go on",
        "the site operates",
        "investors and the firm look back",
        "the month is recorded",
    },
    "state_income": {"local government spends"},
    "outside_income": {"people earn their living", "the month is recorded"},
    "leaves": {"the company decides whether to go on"},
    "vote": {"local government votes and recovers"},
    "months_to_vote": {
        "the agenda is decided",
        "partners keep their undertakings or not",
        "partners stay or leave",
        "partners join the partnership",
        "local government spends",
        "the state's standing moves",
    },
}
"""Steps of the month that may read an input; a new one needs its line here."""

INNER = {
    "people appraise the company",
    "people appraise the state and each other",
    "trust moves",
    "expectations move",
    "grievance moves",
    "opinion spreads",
    "dignity is felt",
}
"""Steps that move what people feel; none of them may know of an event."""


class Watched:
    """Effects that keep who reads what."""

    def __init__(self, model):
        self.effects, self.model, self.read = model.effects, model, []

    def __getattr__(self, name):
        field = {"royalty_rate": "royalty", "spoiler_presence": "spoilers"}.get(name, name)
        self.read.append((field, self.model.at_step))
        return getattr(self.effects, name)


def watched(scenario, backend="numpy"):
    model = PartneringModel(scenario, backend=backend)
    model.effects = Watched(model)
    return model


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
def test_only_the_steps_of_the_table_read_events(backend):
    if backend == "compiled":
        pytest.importorskip("numba")
    model = watched(tense(months=36), backend)
    model.run_model()
    read = {}
    for name, label in model.effects.read:
        read.setdefault(name, set()).add(label)
    assert read.keys() == set(ARRAYS)
    for name, labels in read.items():
        assert labels <= READ_BY[name], name
    assert not INNER & set().union(*READ_BY.values())
    assert {step.label for step in SCHEDULE} >= INNER


def steps_of_the_month(scenario):
    """People's columns after each step of the month of the event, and the effects that watched."""
    model = watched(scenario)
    for _ in range(MONTH):
        model.step()
    model.effects.read.clear()
    after = []

    def looking(step):
        def run(model):
            step.run(model)
            columns = model.people.columns.items()
            after.append({name: values.tobytes() for name, values in columns})

        return run

    model.passes = {step.label: looking(step) for step in SCHEDULE}
    model.step()
    return after, model.effects


@pytest.mark.parametrize("kind", [kind for kind in SIZES if kind != "vote"])
def test_nothing_of_people_differs_before_a_step_reads_the_input(kind):
    """A stack that does not share: a sharing one foresees some changes in its budget. A vote is
    known beforehand; `test_luck` holds what it moves."""
    labels = [step.label for step in SCHEDULE]
    stack = worlds.practices(0.6, sharing=0.0)
    hit, effects = steps_of_the_month(tense(dated(kind, MONTH, SIZES[kind], 3), stack=stack))
    plain, _ = steps_of_the_month(tense(stack=stack))
    reads = [labels.index(step) for name, step in effects.read if name == EVENT_KINDS[kind].input]
    apart = [at for at, (one, other) in enumerate(zip(hit, plain, strict=True)) if one != other]
    assert len(hit) == len(labels)
    assert apart
    assert all(at >= min(reads) for at in apart)


# --- which way ----------------------------------------------------------------------------------


def new_in_post(model):
    return sum(post.tenure == 0 for post in model.posts if post.side == COMPANY)


SIGNS = {
    "price_shock": (lambda model: model.now.price_ratio, 1),
    "accident": (lambda model: model.state.environment, 1),
    "peace_accord": (lambda model: model.people["security"][:, 0].mean(), 1),
    "violence": (lambda model: model.people["security"][:, 0].mean(), -1),
    "leader_killed": (lambda model: model.people["fear"].mean(), 1),
    "armed_groups": (lambda model: model.people["hit"].sum(), 1),
    "protest_wave": (lambda model: model.people["active"].mean(), 1),
    "contact_ban": (lambda model: model.people["invited"].sum(), -1),
    "civic_space": (lambda model: model.people["invited"].sum(), -1),
    "strike": (lambda model: model.now.use, -1),
    "output_change": (lambda model: model.now.use, 1),
    "emission_change": (lambda model: model.state.environment, 1),
    "ownership_change": (new_in_post, 1),
    "company_leaves": (lambda model: model.company.closed, 1),
    "royalty_reform": (lambda model: model.now.royalty, 1),
    "state_income": (lambda model: model.municipality.own_income, -1),
    "livelihood_shock": (lambda model: model.people["income_now"].mean(), -1),
    "vote": (lambda model: sum(event.kind == "vote" for event in model.recorder.events), 1),
}
"""What an event of `SIZES` moves in its own month, and which way."""


@pytest.mark.parametrize("kind", SIZES)
def test_an_event_moves_what_its_kind_names_and_the_right_way(kind):
    value, sign = SIGNS[kind]
    hit, plain = (started(scenario, MONTH + 1) for scenario in with_and_without(kind))
    assert sign * (float(value(hit)) - float(value(plain))) > 0.0


def test_sizes_in_the_model_are_those_of_the_event():
    events = (
        dated("royalty_reform", MONTH, 2.0),
        dated("state_income", MONTH, 0.5),
        dated("ownership_change", MONTH, 1.0),
    )
    hit, plain = (started(tense(*given), MONTH + 1) for given in (events, ()))
    rate = plain.world.place.facts.royalty_rate_share
    assert plain.now.royalty == pytest.approx(rate * plain.now.revenue, abs=1.0)
    assert hit.now.royalty == pytest.approx(2.0 * rate * hit.now.revenue, abs=1.0)
    assert hit.municipality.own_income == round(0.5 * plain.municipality.own_income)
    assert new_in_post(plain) == 0
    assert new_in_post(hit) == sum(post.side == COMPANY for post in hit.posts)
    others = [[p.tenure for p in model.posts if p.side != COMPANY] for model in (hit, plain)]
    assert others[0] == others[1]


def test_a_drought_takes_its_part_of_outside_income_alone():
    """Pay goes on; what people would earn without the company falls by the same part."""
    scenarios = (tense(dated("livelihood_shock", MONTH, 0.5, 3)), tense())
    still = {"livelihood.crowding_pay": 0.0, "livelihood.venture_money_share": 0.0}
    hit, plain = (started(one.with_parameters(**still), MONTH + 1) for one in scenarios)
    (income, alone), (hit_income, hit_alone) = (
        (model.people["income_now"], without_company(model)) for model in (plain, hit)
    )
    pay = income - alone
    assert pay.mean() > 0.01
    np.testing.assert_allclose(hit_alone, 0.5 * alone, rtol=1e-12)
    np.testing.assert_allclose(hit_income, 0.5 * alone + pay, rtol=1e-12)


def test_a_reform_of_the_royalty_is_foreseen_with_the_rent():
    """Two years at the reference price; the rate doubles after one."""
    at = replace(
        worlds.place(ramp_up_months=0.0),
        price_path=(0.0,) * 24,
        events=(dated("royalty_reform", 12, 2.0),),
    )
    model = PartneringModel(worlds.world(at=at, months=24))
    rate, p = at.facts.royalty_rate_share, model.p.budget
    rents = np.array([operations(1.0, 1.0, r, p).rent for r in [rate] * 12 + [2.0 * rate] * 12])
    trailing = [rents[max(month - 11, 0) : month + 1].mean() for month in range(24)]
    assert min(trailing) > 0.0
    assert model.company.expected_rent == pytest.approx(np.mean(trailing), rel=1e-12)


# --- what no event writes -----------------------------------------------------------------------


def test_no_input_is_a_state_of_people_or_an_outcome():
    model = PartneringModel(tense(months=1))
    inputs = set(ARRAYS)
    assert not inputs & model.people.columns.keys()
    assert not inputs & {outcome.name for outcome in load_registry().outcomes}


def test_no_step_writes_the_effects_of_events():
    """They are laid out once, when a run is built; the model only reads them."""
    writers = []
    for path in sorted(Path(parley.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
            texts = [ast.unparse(target) for target in targets if isinstance(target, ast.AST)]
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                writers += [path.name for text in texts if "effects." in text or "effects[" in text]
    assert set(writers) <= {"event_effects.py"}
