"""Where the levels of the practices enter the model: the whole list, and nothing beyond it.

A practice may change inputs only: who is in the room, how noisy a signal is, which payment is
senior. It may never reach trust, grievance, protest or value. The levels are followed through the
source (`tracer.py`) to the first mechanism they meet; every such edge must stand in the tables
below, and its block must be among the `hooks` of the dial in `dials.toml`. A new edge fails with
the place where it was found; so does an edge of the tables that is no longer there.
"""

import ast
import re
import textwrap

import pytest
from world import tracer
from world.tracer import ROOT, WHOLE, Edge, Module, Tracer

from parley.registry import load_registry
from parley.scenario_types import DIALS

STEPS = tuple(
    f"steps.{path.stem}" for path in sorted((ROOT / "steps").glob("*.py")) if path.stem[0] != "_"
)
INSTITUTIONS = tuple(
    f"institutions.{path.stem}"
    for path in sorted((ROOT / "institutions").glob("*.py"))
    if path.stem[0] != "_"
)
TRACED = (*STEPS, *INSTITUTIONS, "model", "build", "measures")

EDGES = {
    ("locally_driven", "levels"): {"room.agenda(start)", "write state.room_weight"},
    ("locally_driven", "announced"): {"room.agenda(start)", "room.agenda(room_weight)"},
    ("inclusive", "levels"): {"room.invitation(inclusive)", "room.attendance_probability(stipend)"},
    ("forward_looking", "terms"): {
        "branch in steps.delivery.promise",
        "call promises.add",
        "call streams.uniform",
        "write now.new_commitments",
    },
    ("trust_conduct", "terms"): {
        "budget.waterfall(available)",
        "budget.waterfall(seniority)",
        "call ledger.transfer",
        "write company.headquarters.dividends[-1]",
        "write now.for_community",
        "response.choice_probabilities(force_allowed)",
    },
    ("sharing", "terms"): {"budget.social_budget(sharing)"},
    ("mapping", "levels"): {"room.known_share(mappers)"},
    ("facilitation", "levels"): {
        "room.speaking_weight(facilitation)",
        "bargain.posterior(precision)",
        "branch in steps.bargain.learn_about_facilitator",
    },
    ("complaints_desk", "levels"): {
        "desk.knows(level)",
        "desk.remedy_fund(level)",
        "desk.servers(level)",
    },
    ("remedy_forum", "levels"): {
        "desk.knows(level)",
        "desk.remedy_fund(level)",
        "desk.servers(level)",
    },
    ("communication", "levels"): {"appraisal.seen_probability(communication)"},
    ("protocols", "levels"): {
        "distribution.power_share(protocols)",
        "call queue.append",
        "chain.retention(protocols)",
    },
    ("monitoring", "levels"): {
        "distribution.detection_probability(monitoring)",
        "monitoring.noise_sd(monitoring)",
        "monitoring.publication_probability(monitoring)",
    },
    ("bespoke_metrics", "levels"): {
        "monitoring.alignment(metrics)",
        "monitoring.captured(metrics)",
    },
    ("consultation_methods", "levels"): {"room.speaking_weight(methods)"},
    ("checklist", "levels"): {"delivery.task_hazard(checklist)"},
    ("digital", "levels"): {
        "room.attendance_probability(cost_days)",
        "write now.time_cost",
        "desk.filing_chance(ease)",
        "risk.named_acts(digital)",
    },
    ("joint_training", "levels"): {
        "skills.step_skill(training)",
        "skills.step_vocabulary(training)",
    },
    ("documentation", "levels"): {
        "delivery.verifiable_share(documentation)",
        "chain.retention(documentation)",
        "risk.named_acts(documentation)",
    },
    # Three places use all levels at once. Whether anything at all is carried out decides whether
    # anybody meets, so even a practice without a hook in M5 opens the room by being there. And
    # whatever is carried out exercises the skill that it takes.
    (WHOLE, "levels"): {
        "branch in steps.room.meet",
        "branch in steps.room.decide_agenda",
        "write state.terms",
        "skills.step_skill(use)",
        "skills.revealed(use)",
    },
}
"""Every place at which a level arrives, by dial and holder."""

BLOCK_OF_SINK = {
    "write state.room_weight": "M5",
    "write now.time_cost": "M5",
    "branch in steps.delivery.promise": "M7",
    "call promises.add": "M7",
    "call streams.uniform": "M7",  # how many villages draw
    "write now.new_commitments": "M1",  # what part of the budget is committed
    "call ledger.transfer": "M1",
    "write company.headquarters.dividends[-1]": "M1",
    "write now.for_community": "M1",
    "branch in steps.bargain.learn_about_facilitator": "M6",
    "call queue.append": "M16",
}
"""Block of the sinks that are no mechanism: money, promises, the room's weight, a delay."""

FIELDS = {
    "room_weight": {  # the room decides through whose hands the money goes
        "room.agenda(room_weight)",
        "room.voice_of_group(room_weight)",
        "distribution.deliver(paid_cents)",
        "call ledger.pay",
        "write channel.paid",
    },
    "time_cost": {  # hours of meetings, felt as benefit forgone, and what taking part costs leaders
        "appraisal.benefit_signal(benefit)",
        "partnership.step_belief(own)",
        "partnership.step_belief(neighbours)",
        "write body.payoff",
    },
    "payoff": {
        "partnership.payoff_effort(payoff)",
        "write body.payoff",
        "write body.payoff_before",
    },
    "payoff_before": {"partnership.payoff_effort(before)"},
    "new_commitments": {"aspiration.step_aspiration(announced)", "write now.new_commitments"},
    "for_community": {
        "branch in steps.delivery.promise",
        "call promises.add",
        "call streams.uniform",
        "write now.new_commitments",
    },
    "dividends[-1]": set(),
    "paid": {
        "branch in steps.delivery.learn_to_divert",
        "call model.note",
        "write channel.paid",
    },
}
"""What is written with a level in it, and where that arrives in turn."""

FORBIDDEN = {"trust", "grievance", "mobilisation", "influence", "aspiration", "harm", "state"}
"""Mechanisms that no level may enter directly."""


@pytest.fixture(scope="module")
def found():
    return Tracer(tracer.read(TRACED)).run()


@pytest.fixture(scope="module")
def hooks():
    return {dial.key: dial for dial in load_registry().dials}


def sink(edge):
    """Name of a sink; a branch with the function in which it stands."""
    return f"branch in {edge.where}" if edge.sink == "branch" else edge.sink


def block(name):
    """Block of a sink: of the mechanism, from its docstring, or from the table."""
    if name in BLOCK_OF_SINK:
        return BLOCK_OF_SINK[name]
    text = (ROOT / "mechanisms" / f"{name.partition('.')[0]}.py").read_text(encoding="utf-8")
    return re.search(r"\(block (M\d+)\)", text)[1]


def unexpected(edges, table):
    """Edges that the table does not have, as sentences that say what to do."""
    return [
        f"{edge.where}: the level `{edge.holder}.{edge.source}` now reaches {sink(edge)}. If that "
        f"is meant, it needs a block in dials.toml and a line in this test."
        for edge in sorted(edges)
        if sink(edge) not in table.get((edge.source, edge.holder), set())
    ]


def test_every_level_arrives_where_the_table_says_and_nowhere_else(found):
    edges = {edge for edge in found if edge.holder != "field"}
    assert unexpected(edges, EDGES) == []
    gone = {
        (key, name)
        for key, names in EDGES.items()
        for name in names
        if name not in {sink(e) for e in edges if (e.source, e.holder) == key}
    }
    assert gone == set(), "the table has edges that the model no longer has"


def test_what_is_written_with_a_level_in_it_arrives_where_the_table_says(found):
    edges = {edge for edge in found if edge.holder == "field"}
    table = {(name, "field"): sinks for name, sinks in FIELDS.items()}
    assert unexpected(edges, table) == []
    written = {e.sink.rpartition(".")[2] for e in found if e.sink.startswith("write ")}
    assert written - {"terms"} == set(FIELDS)


def test_every_edge_lies_in_a_block_that_the_dial_is_hooked_to(found, hooks):
    """The whitelist of dials.toml, block by block."""
    for edge in found:
        if edge.holder != "field" and edge.source != WHOLE:
            here = block(sink(edge))
            dial = hooks[edge.source]
            assert here in dial.hooks, f"{edge.where}: {edge.source} reaches block {here}"
            assert here not in dial.missing_hooks, f"{edge.source}: block {here} is built"


def test_every_hook_that_is_built_is_used(found, hooks):
    """A dial that claims a hook has an edge there; one that has none is not modelled."""
    used = {
        dial: {block(sink(e)) for e in found if e.source == dial and e.holder != "field"}
        for dial in DIALS
    }
    for dial, blocks in used.items():
        assert blocks == set(hooks[dial].hooks) - set(hooks[dial].missing_hooks), dial
        assert hooks[dial].modelled == bool(blocks), dial


def test_no_level_enters_trust_grievance_protest_or_value_directly(found):
    direct = [
        edge
        for edge in found
        if edge.holder != "field" and edge.sink.partition(".")[0] in FORBIDDEN
    ]
    assert direct == []
    writes = [e for e in found if e.sink.startswith("write people")]
    assert writes == [], "no level is written into a column of people"


def test_only_expected_influence_reads_what_was_announced(found):
    """Announced levels decide one hypothetical agenda, which only expectations read."""
    announced = {edge.source for edge in found if edge.holder == "announced"}
    assert announced == {"locally_driven"}
    readers = [
        f"{name}.{function.name}"
        for name, module in tracer.read(TRACED).items()
        for function in module.functions.values()
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr == "agenda_announced"
        if isinstance(node.ctx, ast.Load)
    ]
    assert readers == ["steps.attitudes.move_expectations"]


# --- other ways in ------------------------------------------------------------------------------

RAW = {
    "nominal": {
        "build.expectations",
        "steps.money.plan_practices",
        "steps.practices.choose_stack",
        "steps.practices.execute_practices",
        "steps.value.review_practices",
    },
    "funded": {
        "steps.money.plan_practices",
        "steps.practices.execute_practices",
        "steps.chain.carried_out",
    },
    "executed": {"steps.practices.execute_practices"},
}
ATTRIBUTES = {
    "owner": {
        "model.decision_rights",
        "steps.chain.carried_out",
        "steps.skills.owners",
        "steps.room.host_trust",
        "steps.room.opening_agenda",
    },
    "payer": {"model.__init__", "model.adopt"},
    "admits": {"steps.room.meet", "steps.room.decide_agenda"},
    "initiator": {"steps.room.opening_agenda"},
    "outside_share": {"steps.money.plan_practices"},
    "apology": {"steps.standing.apologise"},
    "disclosure": {"model.discloses"},
    "discloses": {"steps.delivery.promise", "steps.standing.judge_record"},
    "phases": set(),  # read by the stack itself, `Practices.in_force`
    "repeat_months": set(),
    "in_force": {"model.__init__", "steps.practices.choose_stack"},
    "protection": {
        "steps.risk.cover",
        "steps.risk.blur",
        "steps.risk.meeting_size",
        "steps.risk.directness",
        "steps.risk.said_needs",
        "steps.risk.face_reprisal",  # what legal aid protects bears the same name
    },
    "judge": {"steps.desks.fairness"},
    "forum_separation": {"steps.money.plan_practices", "steps.room.decide_agenda"},
    "spends": {
        "build.expectations",
        "steps.money.set_budget",
        "steps.value.review_practices",
    },
    "delivers": {
        "steps.money.plan_practices",
        "steps.delivery.pay_channels",
        "steps.delivery.make_promises",
    },
    "transfer_share": {"steps.money.plan_practices"},
    "hires_staff": {"steps.money.plan_practices"},
    "offers_process": {"institutions.partnership.offered"},
    "hooks_connected": {
        "model.discloses",
        "steps.practices.execute_practices",
        "steps.standing.apologise",
    },
    "price_multiplier": {"build.dial_prices"},
}
CHECKS = {"steps.books.check_levels"}
"""Compares levels and uses none."""


def readers(attribute):
    """Functions of the model that read an attribute of that name."""
    places = set()
    for path in ROOT.rglob("*.py"):
        home = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if home.split(".")[0] not in {*("steps", "institutions", "mechanisms"), *TRACED}:
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(
                isinstance(node, ast.Attribute)
                and node.attr == attribute
                and isinstance(node.ctx, ast.Load)
                for node in ast.walk(function)
            ):
                places.add(f"{home}.{function.name}")
    return places


@pytest.mark.parametrize("attribute", RAW)
def test_levels_as_arrays_are_read_where_they_are_made_and_checked_only(attribute):
    assert readers(attribute) - CHECKS == RAW[attribute]


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_every_other_attribute_of_a_stack_is_read_where_the_table_says(attribute):
    assert readers(attribute) == ATTRIBUTES[attribute]


def test_levels_are_read_nowhere_outside_the_traced_files():
    """Nothing else in the package reads a holder of levels, and nothing by a computed name."""
    for path in ROOT.rglob("*.py"):
        home = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if home in TRACED or home.startswith("commands"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        reads = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and node.attr in ("levels", "announced", "terms")
        ]
        assert reads == [], f"{home}: {reads}"
    for name in TRACED:
        path = ROOT / (name.replace(".", "/") + ".py")
        calls = [
            node.func.id
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        assert not {"getattr", "vars", "eval", "exec"} & set(calls), name


# --- the tracer itself --------------------------------------------------------------------------

PLANTED = {
    "straight into trust": """
        def step(model):
            people["trust_company"][:] = trust.step_linear(t, model.team.levels.mapping, 0, 1, p)
        """,
    "through a name": """
        def step(model):
            levels = model.site_team.levels
            extra = 0.1 * levels.mapping + 1.0
            gain = np.maximum(extra, 0.0)
            trust.step_linear(t, gain, 0, 1, p)
        """,
    "through a helper": """
        def step(model):
            trust.step_linear(t, helper(model, model.site_team.levels.mapping), 0, 1, p)

        def helper(model, level):
            result = level if model else 0.0
            return result ** 2
        """,
    "through a helper that reads it": """
        def step(model):
            trust.step_linear(t, helper(model), 0, 1, p)

        def helper(model):
            return 1.0 - model.site_team.levels.mapping
        """,
    "through a property": """
        class Model:
            @property
            def openness(self):
                return self.site_team.levels.mapping

        def step(model):
            trust.step_linear(t, model.openness, 0, 1, p)
        """,
    "through a field": """
        def step(model):
            model.state.mood = model.site_team.levels.mapping

        def later(model):
            trust.step_linear(t, model.state.mood, 0, 1, p)
        """,
    "through a loop": """
        def step(model):
            for weight, kind in ((model.site_team.levels.mapping, 1), (0.0, 2)):
                trust.step_linear(t, weight, 0, 1, p)
        """,
}


@pytest.mark.parametrize("case", PLANTED)
def test_the_tracer_finds_a_planted_edge(case):
    """Each of the ways in which a level could be smuggled into trust is found."""
    module = Module("steps.planted", ast.parse(textwrap.dedent(PLANTED[case])))
    module.imports["trust"] = "parley.mechanisms.trust"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef):
            module.functions[node.name] = node
    edges = Tracer({"steps.planted": module}).run()
    arrived = {(e.source, e.sink) for e in edges if e.sink.startswith("trust.")}
    source = "mood" if case == "through a field" else "mapping"
    assert arrived == {(source, "trust.step_linear(positive)")}
    assert unexpected(edges, EDGES)


def test_the_tracer_finds_a_level_written_into_people():
    planted = """def step(model):
    model.people["trust_company"][:] += model.site_team.levels.mapping
"""
    module = Module("steps.planted", ast.parse(planted))
    module.functions["step"] = module.tree.body[0]
    edges = Tracer({"steps.planted": module}).run()
    wanted = "write model.people['trust_company'][:]"
    assert edges == {Edge("mapping", "levels", wanted, "steps.planted.step")}
