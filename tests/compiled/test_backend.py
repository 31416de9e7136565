"""Who does the arithmetic is chosen by name, is part of a run's identity, and changes no result."""

from __future__ import annotations

import copy
import subprocess
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from worlds import practices, world

from parley.errors import ConservationError, MissingExtraError, ScenarioError
from parley.model import PartneringModel
from parley.results import RunFailure, RunSpec
from parley.runner import run
from parley.scenario import make_scenario
from parley.schedule import SCHEDULE
from parley_experiments.manifest import describe_batch

RTOL = 1e-12


def small(**changes):
    return world(months=changes.pop("months", 4), population=60, **changes)


def test_an_unknown_backend_is_refused_with_a_suggestion():
    with pytest.raises(ScenarioError, match=r"backend = 'compild': .*did you mean 'compiled'\?"):
        PartneringModel(small(), backend="compild")


def test_without_numba_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(MissingExtraError, match=r'pip install "parley-sim\[fast\]"'):
        PartneringModel(small(), backend="compiled")


def test_a_run_that_cannot_be_compiled_is_a_failure_with_its_reason(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    failure = run(RunSpec(small(), 0, 1, "compiled"))
    assert isinstance(failure, RunFailure)
    assert "parley-sim[fast]" in failure.message


def test_identity_names_the_backend_only_where_it_is_not_numpy():
    scenario = small()
    usual, named = RunSpec(scenario, 0, 1), RunSpec(scenario, 0, 1, "numpy")
    assert usual.identity == named.identity
    assert RunSpec(scenario, 0, 1, "compiled").identity != usual.identity


def test_the_manifest_names_all_backends():
    specs = [RunSpec(small(), 0, 1, backend) for backend in ("numpy", "compiled")]
    assert describe_batch(specs, {})["backends"] == ["compiled", "numpy"]
    assert describe_batch(specs[:1], {})["backends"] == ["numpy"]


def test_numpy_runs_import_no_compiler():
    code = (
        "import sys; from parley.model import PartneringModel;"
        "from parley.scenario import make_scenario;"
        "world = make_scenario(place='bosnia', practices='hsbp', months=2, population=60);"
        "PartneringModel(world).run_model(); print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- with the compiler ----------------------------------------------------------------------------


@pytest.fixture
def compiled():
    return pytest.importorskip("numba")


def test_a_copied_model_has_working_arrays_of_its_own(compiled):
    model = PartneringModel(small(), backend="compiled")
    crew = model.passes["trust moves"].args[1]
    crew.array("harm")[:] = 0.25
    crews = {id(work.args[1]): work.args[1] for work in copy.deepcopy(model).passes.values()}
    assert len(crews) == 1
    copied = next(iter(crews.values()))
    assert copied.array("harm").tolist() == crew.array("harm").tolist()
    assert not np.shares_memory(copied.array("harm"), crew.array("harm"))


def differences(one: PartneringModel, other: PartneringModel) -> dict[str, float]:
    """Columns and outcomes that differ by more than a last few bits."""
    pairs = {
        name: (column, other.people.columns[name]) for name, column in one.people.columns.items()
    }
    pairs |= {f"outcome {n}": (s, other.recorder.series[n]) for n, s in one.recorder.series.items()}
    wrong = {}
    for name, (left, right) in pairs.items():
        if left.dtype == np.float64:
            good = np.allclose(left, right, rtol=RTOL, atol=RTOL, equal_nan=True)
        else:
            good = np.array_equal(left, right)
        if not good:
            wrong[name] = float(np.nanmax(np.abs(left.astype(float) - right.astype(float))))
    return wrong


def happened(model: PartneringModel) -> list[tuple[object, ...]]:
    return [(e.month, e.kind, e.actor, e.target) for e in model.recorder.events]


def test_every_pass_stands_for_an_entry_of_the_schedule(compiled):
    from parley.compiled.passes import PASSES

    assert PASSES.keys() < {step.label for step in SCHEDULE}


@pytest.mark.parametrize("population", [60, 1023, 1024, 2500])
@pytest.mark.parametrize("rule", ["linear", "counts"])
def test_month_by_month_the_same(compiled, population, rule):
    scenario = world(months=15, population=population, trust_rule=rule)
    one, other = PartneringModel(scenario, 5), PartneringModel(scenario, 5, backend="compiled")
    for _ in range(15):
        one.step()
        other.step()
        assert differences(one, other) == {}


@pytest.mark.slow
@pytest.mark.parametrize("place", ["bosnia", "colombia"])
@pytest.mark.parametrize("stack", ["hsbp", "csr", "transactional", "none", "msp"])
def test_ten_years_of_two_thousand_people(compiled, place, stack):
    scenario = make_scenario(place=place, practices=stack, months=120, population=2000)
    one, other = PartneringModel(scenario, 2), PartneringModel(scenario, 2, backend="compiled")
    one.run_model()
    other.run_model()
    assert differences(one, other) == {}
    assert happened(one) == happened(other)


def test_interventions_of_every_kind_of_payer(compiled):
    scenario = replace(
        small(months=30, stack=practices(0.6)).with_interventions(
            {"kind": "cash_transfer", "payer": "company", "coverage": 0.5},
            {"kind": "cash_transfer", "payer": "state", "first": 3},
            {"kind": "legal_aid", "coverage": 0.6, "first": 4},
            {"kind": "entitlement_audit", "first": 7, "coverage": 0.8},
            {"kind": "ombudsman", "coverage": 0.9, "first": 10, "strengths": {"level": 0.9}},
        )
    )
    one, other = PartneringModel(scenario, 5), PartneringModel(scenario, 5, backend="compiled")
    one.run_model()
    other.run_model()
    assert differences(one, other) == {}


def run_on(threads: int, monkeypatch: pytest.MonkeyPatch) -> PartneringModel:
    monkeypatch.setattr("parley.compiled.crew.usual_threads", lambda _: threads)
    scenario = make_scenario(place="bosnia", practices="hsbp", months=8, population=9000)
    model = PartneringModel(scenario, 3, backend="compiled")
    model.run_model()
    return model


def test_threads_change_no_bit_and_are_gone_after_the_run(compiled, monkeypatch):
    before = threading.active_count()
    one, two, three = (run_on(threads, monkeypatch) for threads in (1, 2, 3))
    assert threading.active_count() == before
    for other in (two, three):
        for name, column in one.people.columns.items():
            assert column.tobytes() == other.people.columns[name].tobytes(), name
        for name, series in one.recorder.series.items():
            assert series.tobytes() == other.recorder.series[name].tobytes(), name


def test_an_error_in_any_thread_is_raised_where_the_pass_was_called(compiled):
    from parley.compiled.crew import Crew
    from parley.network import Ties
    from parley.streams import Streams

    def broken(first: int, last: int, done: list[int]) -> None:
        done.extend(range(first, last))
        if len(done) > 5:
            raise ValueError("no more")

    before = threading.active_count()
    crew = Crew(20_000, Ties.from_pairs(2, np.array([0]), np.array([1])), Streams(0, 0), threads=2)
    crew.share_out(lambda first, last: None, 3)
    done: list[int] = []
    with pytest.raises(ValueError, match="no more"):
        crew.share_out(broken, 20, done)
    done.clear()
    with pytest.raises(ValueError, match="no more"):
        crew.share_out(broken, 20, done)
    assert threading.active_count() == before


@pytest.mark.parametrize(("column", "value"), [("trust_company", 1.5), ("income_now", np.inf)])
def test_a_compiled_run_keeps_its_books(compiled, column, value):
    scenario = small(months=24, stack=practices(0.8))
    model = PartneringModel(scenario, 1, backend="compiled")
    assert scenario.conservation_checks
    model.run_model()
    check = model.passes["the books are checked"]
    check(model)
    model.people[column][3] = value
    with pytest.raises(ConservationError, match=column):
        check(model)


def test_whoever_is_made_to_act_by_hand_is_seen_by_their_ties(compiled):
    scenario = small(months=8)
    models = PartneringModel(scenario, 5), PartneringModel(scenario, 5, backend="compiled")
    for _ in range(6):
        for model in models:
            model.step()
            model.people["active"][::3] = True
            model.people["rung"][::3] = 2
    assert differences(*models) == {}
    assert models[0].people["active"].mean() > 0.3
