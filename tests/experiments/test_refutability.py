"""Designs of draws: one world for all arms, the luck shared; identical arms tie; planted truth."""

import dataclasses
import json

import pytest

from parley.errors import ScenarioError
from parley.registry import load_registry, parameter_values
from parley.runner import run
from parley_analysis.load import load
from parley_analysis.regions import drawn_worlds, drivers
from parley_analysis.winmatrix import gains, levels_by_arm, select, win_matrix
from parley_experiments import refutability
from parley_experiments.arms import read_arm
from parley_experiments.refutability import ARMS, Design, design_specs, run_design

SMALL = Design(draws=12, places=("bosnia",), arms=("none", "csr", "hsbp"), months=12, population=60)


def test_all_arms_of_a_draw_share_the_world_and_the_luck():
    specs = design_specs(SMALL)
    assert len(specs) == 12 * 3
    for draw in range(12):
        group = [spec for spec in specs if spec.replicate == draw]
        assert [spec.arm for spec in group] == list(SMALL.arms)
        assert len({(spec.scenario.parameters, spec.root_seed) for spec in group}) == 1
    assert len({spec.scenario.parameters for spec in specs}) == 12


def test_draws_come_whole_and_in_order():
    assert [spec.replicate for spec in design_specs(SMALL)] == sorted([*range(12)] * 3)


def test_the_first_draws_are_those_of_the_full_design():
    first = design_specs(dataclasses.replace(SMALL, first=5))
    assert first == design_specs(SMALL)[: 5 * 3]


def test_a_number_held_changes_nothing_else():
    key = "grievance.deprivation_inflow"
    held = design_specs(dataclasses.replace(SMALL, held={key: 0.0}))
    for spec, drawn in zip(held, design_specs(SMALL), strict=True):
        values = parameter_values(spec.scenario.parameters)
        assert values.pop(key) == 0.0
        drawn_values = parameter_values(drawn.scenario.parameters)
        assert drawn_values.pop(key) > 0.0
        assert values == drawn_values


def test_levers_and_what_the_place_states_stay_as_they_are():
    specs = design_specs(dataclasses.replace(SMALL, places=("colombia",)))
    values = [parameter_values(spec.scenario.parameters) for spec in specs]
    assert {v["budget.social_budget_share"] for v in values} == {0.008}
    assert {v["price.reversion_per_year"] for v in values} == {0.029}
    mitigation = load_registry().parameters["harm.mitigation_spend_ratio"].default
    assert {v["harm.mitigation_spend_ratio"] for v in values} == {mitigation}


def test_what_every_place_states_is_not_listed_as_drawn():
    described = Design(draws=4).describe()["parameters"]
    assert "price.reversion_per_year" not in described
    assert len(described["trust.learning_per_month"]) == 4
    held = Design(draws=4, held={"price.reversion_per_year": 0.3}).describe()["parameters"]
    assert held["price.reversion_per_year"] == [0.3] * 4


def test_an_arm_with_a_practice_taken_out():
    whole, less = read_arm("hsbp"), read_arm("hsbp-sharing-mapping")
    assert less.key == "hsbp-sharing-mapping"
    changed = [i for i in range(18) if whole.nominal[i] != less.nominal[i]]
    assert changed == [4, 5]
    assert less.nominal[4] == less.nominal[5] == 0.0
    assert dataclasses.replace(less, nominal=whole.nominal, key="hsbp", label="") == (
        dataclasses.replace(whole, label="")
    )


def test_the_arms_of_the_first_win_matrix_exist():
    assert len({read_arm(name).key for name in ARMS}) == 8


def test_unknown_names_are_refused_together(tmp_path):
    design = dataclasses.replace(SMALL, arms=("hsbp-sharin", "csrr"), places=("bosna",))
    with pytest.raises(ScenarioError) as caught:
        run_design(design, tmp_path / "r")
    assert len(caught.value.problems) == 3
    assert not (tmp_path / "r").exists()


def test_the_command_line(tmp_path, capsys, monkeypatch):
    seen = []
    monkeypatch.setattr(
        refutability, "run_design", lambda design, folder, **_: seen.append(design) or _report()
    )
    words = "--draws 9 --first 3 --places bosnia --arms none hsbp --months 12 --population 60"
    assert refutability.main([*words.split(), "--set", "price.reversion_per_year=0"]) == 0
    held = {"price.reversion_per_year": 0.0}
    assert seen == [Design(9, ("bosnia",), ("none", "hsbp"), 12, 60, 1, 3, held)]
    assert "36 runs in 2 s, 0 failed" in capsys.readouterr().out


def test_bad_input_ends_with_code_2(tmp_path, capsys):
    words = ["--draws", "2", "--arms", "hsbpp", "--out", str(tmp_path / "r")]
    assert refutability.main(words) == 2
    assert "hsbpp" in capsys.readouterr().out


def _report():
    from parley_experiments.batch import BatchReport

    return BatchReport("results/x", 36, 0, 0, 2.0)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("refutability") / "small"
    report = run_design(SMALL, folder, processes=1)
    assert (report.planned, report.failed) == (36, 0)
    return load(folder)


@pytest.mark.slow
def test_a_small_matrix_of_the_model(small):
    levels = levels_by_arm(small)
    matrix = win_matrix(small, levels, "hsbp")
    cost = matrix[(matrix["outcome"] == "process_cost") & (matrix["other"] == "none")]
    # the framework is never cheaper than nothing; where no partnership begins it costs as much
    assert float(cost["share"].iloc[0]) == float(cost["ties"].iloc[0]) / 2.0 < 0.25
    assert matrix["share"].between(0.0, 1.0).all()
    assert (matrix["n"] <= 12).all()
    design = small.results.manifest["design"]
    assert json.loads(json.dumps(design)) == SMALL.describe()
    assert drawn_worlds(small).shape[0] == 12


@pytest.mark.slow
def test_identical_arms_tie_in_every_draw_and_outcome(tmp_path):
    """The same stack under three names: equal numbers, so half a win everywhere."""

    def same(spec):
        stack = dataclasses.replace(read_arm("hsbp"), key=spec.arm)
        result = run(dataclasses.replace(spec, scenario=spec.scenario.with_practices(stack)))
        return dataclasses.replace(result, identity=spec.identity)

    run_design(SMALL, tmp_path / "same", processes=1, run_one=same)
    batch = load(tmp_path / "same")
    matrix = win_matrix(batch, levels_by_arm(batch), "hsbp")
    assert (matrix["share"] == 0.5).all()
    assert (matrix["ties"] == 1.0).all()
    assert not matrix["alarm"].any()


@pytest.mark.slow
def test_a_planted_shift_is_recovered(small, tmp_path):
    """One arm's trust is moved by a known function of one drawn number; nothing else is."""
    key = "trust.learning_per_month"

    def planted(spec):
        stack = dataclasses.replace(read_arm("none"), key=spec.arm)
        result = run(dataclasses.replace(spec, scenario=spec.scenario.with_practices(stack)))
        shift = 3.0 * (spec.scenario.parameters.trust.learning_per_month - 0.07)
        if spec.arm == "hsbp":
            result.series["trust_company"][:] += shift
        return dataclasses.replace(result, identity=spec.identity)

    run_design(SMALL, tmp_path / "planted", processes=1, run_one=planted)
    batch = load(tmp_path / "planted")
    levels = levels_by_arm(batch)
    matrix = win_matrix(batch, levels, "hsbp", ["csr"])
    moved = matrix["outcome"] == "trust_company"
    assert (matrix.loc[~moved, "share"] == 0.5).all()
    drawn = drawn_worlds(batch)[key]
    cell = matrix[moved & (matrix["group"] == "all")].iloc[0]
    assert cell["share"] == pytest.approx(float((drawn > 0.07).mean()), abs=1e-12)
    assert cell["median"] == pytest.approx(3.0 * (drawn.median() - 0.07), abs=1e-9)
    gain = gains(select(levels, "bosnia", "trust_company", "all"), "hsbp", "csr")
    first = drivers(gain, drawn_worlds(batch)).iloc[0]
    assert (first["parameter"], round(first["rho"], 9)) == (key, 1.0)
    assert bool(first["beyond_chance"])
