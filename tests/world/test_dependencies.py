"""Where the levels of the practices enter the model: the whole list, and nothing beyond it.

A practice may change inputs only: who is in the room, how noisy a signal is, which payment is
senior. It may never reach trust, grievance, protest or value. The levels are followed through the
source (`tracer.py`) to the first mechanism they meet; every such edge must stand in the tables of
`level_edges.py`, and its block must be among the `hooks` of the dial in `dials.toml`. A new edge
fails with the place where it was found; so does an edge of the tables that is no longer there.
"""

import ast
import re
import textwrap

import pytest
from world import tracer
from world.level_edges import BLOCK_OF_SINK, EDGES, FIELDS, FORBIDDEN
from world.tracer import ROOT, WHOLE, Edge, Module, Tracer

from parley.practice_types import DIALS
from parley.registry import load_registry

STEPS = tuple(
    f"steps.{path.stem}" for path in sorted((ROOT / "steps").glob("*.py")) if path.stem[0] != "_"
)
INSTITUTIONS = tuple(
    f"institutions.{path.stem}"
    for path in sorted((ROOT / "institutions").glob("*.py"))
    if path.stem[0] != "_"
)
TRACED = (*STEPS, *INSTITUTIONS, "model", "build", "measures")


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


def test_every_hook_is_used(found, hooks):
    """A dial that claims a hook has an edge there, and every dial claims one."""
    used = {
        dial: {block(sink(e)) for e in found if e.source == dial and e.holder != "field"}
        for dial in DIALS
    }
    for dial, blocks in used.items():
        assert blocks == set(hooks[dial].hooks) != set(), dial


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
        "model.protection",
        "steps.risk.cover",
        "steps.risk.blur",
        "steps.risk.meeting_size",
        "steps.risk.directness",
        "steps.risk.said_needs",
    },
    "judge": {"model.judge", "steps.desks.fairness"},
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
        "model.judge",
        "model.protection",
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
        if home in TRACED or home.startswith("commands") or home in TWINS:
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


TWINS = {
    "compiled.benefits": "steps.benefits",
    "compiled.desks": "steps.desks",
    "compiled.risk": "steps.risk",
}
"""Compiled passes that read levels or values of interventions, and the step that each repeats."""


def held(home):
    """What a module reads of levels and of values that interventions set, by name."""
    tree = ast.parse((ROOT / (home.replace(".", "/") + ".py")).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            name = getattr(owner, "attr", getattr(owner, "id", ""))
            if name in ("levels", "policy"):
                found.add(f"{name}.{node.attr}")
    return found


@pytest.mark.parametrize(("twin", "step"), TWINS.items())
def test_a_compiled_pass_reads_what_its_step_reads_and_no_more(twin, step):
    assert held(twin)
    assert held(twin) <= held(step), held(twin) - held(step)


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
