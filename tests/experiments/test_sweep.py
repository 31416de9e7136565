"""Sweeps: which runs answer for which point, what is kept, what a pilot tells."""

import dataclasses
import datetime

import numpy as np
import pytest
from scipy import stats

from parley.errors import StoreError
from parley.registry import load_registry
from parley.results import RunResult
from parley_analysis.load import AnalysisError, load
from parley_analysis.pilot import _row, advise
from parley_analysis.summarise import levels
from parley_analysis.sweep_data import open_sweep
from parley_experiments.design import read_design
from parley_experiments.sweep import make_pilot, make_plan, read_plan, run_sweep

GROUPS = ("all", "majority", "minority")
KEYS = ("chain.turnover_per_month", "appraisal.weight_voice", "grievance.deprivation_inflow")


def design(sample=None, **changes):
    content = {
        "question": "What matters?",
        "places": ["bosnia"],
        "arms": ["hsbp", "none"],
        "months": 24,
        "population": 100,
        "horizons": [12, 24],
        "sample": {"method": "sobol", "n": 4, "names": list(KEYS)} | (sample or {}),
    }
    return read_design(content | changes, "planted", "planted.toml")


def positions(spec):
    """Where a run lies in the sample, in [0, 1], from its parameters alone."""
    known = load_registry().parameters
    found = []
    for key in KEYS:
        section, name = key.split(".")
        prior = known[key].prior
        value = getattr(getattr(spec.scenario.parameters, section), name)
        found.append((value - prior.low) / (prior.high - prior.low))
    return found


def linear(spec):
    """Trust is 1, 2 and 4 times the positions, plus 3 for the framework; luck shifts all alike."""
    a, b, c = positions(spec)
    luck = np.random.default_rng(spec.replicate).normal(0.0, 0.5)
    level = a + 2.0 * b + 4.0 * c + 3.0 * (spec.arm == "hsbp") + luck
    return planted(spec, level)


def planted(spec, level):
    months = spec.scenario.months
    path = np.full((months, len(GROUPS)), level)
    path[:, 2] -= 1.0
    path[: months // 2] /= 2.0
    return RunResult(
        identity=spec.identity,
        place=spec.place,
        arm=spec.arm,
        replicate=spec.replicate,
        root_seed=spec.root_seed,
        start=datetime.date(2012, 1, 1),
        months=months,
        groups=GROUPS,
        series={"trust_company": path, "days_lost": np.full_like(path, 2.0)},
        people=spec.scenario.population,
    )


def test_every_arm_answers_for_every_point_with_the_same_luck():
    plan = make_plan(design())
    assert plan.units.shape == plan.values.shape == (4 * (4 + 2), 4)
    assert len(plan.cells) == 2 * 24
    for point, spec in plan.cells:
        assert positions(spec) == pytest.approx(plan.units[point, :3].tolist())
    for hsbp, none in zip(plan.cells[::2], plan.cells[1::2], strict=True):
        assert (hsbp[1].arm, none[1].arm) == ("hsbp", "none")
        assert hsbp[0] == none[0]
        assert hsbp[1].replicate == none[1].replicate == 0
        assert hsbp[1].scenario.parameters == none[1].scenario.parameters


def test_points_that_differ_in_the_dummy_alone_share_a_run():
    plan = make_plan(design())
    assert len(plan.specs) == 2 * 4 * (3 + 2)  # no run of its own for the dummy's column
    assert len({spec.identity for spec in plan.specs}) == len(plan.specs)
    without = make_plan(design({"dummy": False}))
    assert len(without.units) == 4 * (3 + 2)


def test_luck_as_a_factor_is_the_replicate():
    plan = make_plan(design({"luck": True, "dummy": False}))
    for point, spec in plan.cells:
        assert spec.replicate == plan.values[point, 3]
    assert len({spec.replicate for spec in plan.specs}) == 4 * 2  # base rows A and B


def test_what_a_place_states_holds_there_unless_the_design_names_the_number(tmp_path):
    place = tmp_path / "stated.toml"
    place.write_text(
        'extends = "bosnia"\n[parameters."appraisal.weight_voice"]\nvalue = 0.25\nunit = '
        f'"{load_registry().parameters["appraisal.weight_voice"].unit}"\n'
        'source = "assumption"\ngrade = "assumption"\n'
    )
    by_role = {"names": [], "roles": ["uncertainty"], "blocks": ["M9"], "n": 1}
    plan = make_plan(design(by_role, places=[str(place)]))
    voices = {spec.scenario.parameters.appraisal.weight_voice for spec in plan.specs}
    assert voices == {0.25}
    named = make_plan(design(places=[str(place)]))
    voices = {spec.scenario.parameters.appraisal.weight_voice for spec in named.specs}
    assert len(voices) > 4


def test_a_sweep_is_read_back_point_by_point(tmp_path):
    plan = make_plan(design(replicates=2))
    report = run_sweep(plan, tmp_path / "out", processes=1, run_one=_kept(plan, linear))
    assert report.failed == 0
    sweep = open_sweep(tmp_path / "out")
    assert sweep.made.startswith(f"All {len(plan.specs)} runs finished. Parley ")
    assert sweep.made.endswith("seed of luck 1.")
    np.testing.assert_array_equal(sweep.units.to_numpy(), plan.units)
    np.testing.assert_array_equal(sweep.points.to_numpy(), plan.values)
    luck = [np.random.default_rng(k).normal(0.0, 0.5) for k in (0, 1)]
    wanted = plan.units[:, :3] @ [1.0, 2.0, 4.0] + np.mean(luck)
    answers = sweep.answers("trust_company", "bosnia")
    assert list(answers) == ["hsbp", "none"]
    np.testing.assert_allclose(answers["none"], wanted)
    np.testing.assert_allclose(answers["hsbp"], wanted + 3.0)
    np.testing.assert_allclose(sweep.noise("trust_company", "bosnia"), np.var(luck, ddof=1))


@pytest.mark.parametrize("keep", ["levels", "paths"])
def test_horizons_groups_and_sums_are_told_apart(tmp_path, keep):
    plan = make_plan(design(keep=keep))
    run_sweep(plan, tmp_path / "out", processes=1, run_one=_kept(plan, linear))
    sweep = open_sweep(tmp_path / "out")
    late = sweep.answers("trust_company", "bosnia")
    early = sweep.answers("trust_company", "bosnia", horizon=12)
    np.testing.assert_allclose(early, late / 2.0)
    days = sweep.answers("days_lost", "bosnia", horizon=12)
    np.testing.assert_allclose(days, 24.0)  # two a month
    paths = sweep.paths("trust_company", "bosnia")
    assert sorted(paths["month"].unique()) == ([11, 23] if keep == "levels" else list(range(24)))
    with pytest.raises(AnalysisError, match="no horizon of 7 months"):
        sweep.answers("trust_company", "bosnia", horizon=7)


@pytest.mark.parametrize("keep", ["levels", "paths"])
def test_the_group_worst_off_is_worst_off_over_all_months(tmp_path, keep):
    def by_turns(spec):
        run = linear(spec)
        path = np.zeros((run.months, len(GROUPS)))
        path[::2, 1], path[1::2, 2] = 3.0, 1.0  # in the mean 1.5 and 0.5; in every month one has 0
        place = spec.scenario.place
        groups = ("all", *(group.key for group in place.groups[:2]))
        return dataclasses.replace(run, groups=groups, series={"benefit": path})

    plan = make_plan(design(keep=keep))
    run_sweep(plan, tmp_path / "out", processes=1, run_one=_kept(plan, by_turns))
    sweep = open_sweep(tmp_path / "out")
    for horizon in (12, 24):
        worst = sweep.answers("benefit", "bosnia", group="worst", horizon=horizon)
        np.testing.assert_allclose(worst, 0.5)
    monthly = sweep.paths("benefit", "bosnia", group="worst")["value"]
    np.testing.assert_allclose(monthly, 0.5 if keep == "levels" else 0.0)


def test_runs_of_a_sweep_are_not_taken_for_replicates_of_a_comparison(tmp_path):
    plan = make_plan(design())
    run_sweep(plan, tmp_path / "out", processes=1, run_one=_kept(plan, linear))
    with pytest.raises(AnalysisError, match="open_sweep"):
        levels(load(tmp_path / "out"), "days_lost")


def test_a_failed_run_leaves_its_point_without_an_answer(tmp_path):
    plan = make_plan(design())
    bad = plan.specs[5].identity

    def fails(spec):
        if spec.identity == bad:
            raise ValueError("no")
        return linear(spec)

    report = run_sweep(plan, tmp_path / "out", processes=1, run_one=_kept(plan, fails))
    assert report.failed == 1
    sweep = open_sweep(tmp_path / "out")
    missing = sweep.answers("trust_company", "bosnia").isna()
    wanted = [point for point, spec in plan.cells if spec.identity == bad]
    assert sorted(missing.any(axis=1)[lambda x: x].index) == sorted(wanted)


def test_a_failed_replicate_leaves_no_path_as_it_leaves_no_answer(tmp_path):
    plan = make_plan(design(replicates=2, keep="paths"))
    point, bad = next((p, spec) for p, spec in plan.cells if spec.replicate == 1)

    def fails(spec):
        if spec.identity == bad.identity:
            raise ValueError("no")
        return linear(spec)

    run_sweep(plan, tmp_path / "out", processes=1, run_one=_kept(plan, fails))
    sweep = open_sweep(tmp_path / "out")
    paths = sweep.paths("trust_company", "bosnia")
    wanted = [p for p, spec in plan.cells if spec.identity == bad.identity]
    assert point in wanted
    missing = paths[paths["value"].isna()]
    assert (set(missing["point"]), set(missing["arm"])) == (set(wanted), {bad.arm})
    assert len(missing) == 24 * len(wanted)


def test_a_sweep_goes_on_from_its_folder_and_refuses_another_design(tmp_path):
    plan = make_plan(design())
    folder = tmp_path / "out"
    run_sweep(plan, folder, processes=1, run_one=_kept(plan, linear))
    again = read_plan(folder)
    assert [s.identity for s in again.specs] == [s.identity for s in plan.specs]
    report = run_sweep(again, folder, processes=1, run_one=_never)
    assert report.resumed == len(plan.specs)
    other = make_plan(design(horizons=[24]))
    with pytest.raises(StoreError, match="differs in horizons"):
        run_sweep(other, folder, processes=1, run_one=_never)


def test_a_pilot_tells_luck_from_worlds_and_advises(tmp_path):
    pilot = make_pilot(design({"n": 64}), points=5, replicates=8)
    run_sweep(pilot, tmp_path / "out", processes=1, run_one=_kept(pilot, linear))
    advice = advise(open_sweep(tmp_path / "out"), {"trust_company": 0.1}).set_index("of")
    # eight replicates of a normal with sd 0.5 that every point and arm shares
    luck = np.array([np.random.default_rng(k).normal(0.0, 0.5) for k in range(8)])
    assert advice.loc["none", "sd_luck"] == pytest.approx(luck.std(ddof=1))
    assert advice.loc["none", "replicates"] == pytest.approx(
        (2.3646 * luck.std(ddof=1) / 0.1) ** 2,
        abs=1.0,  # t with 7 degrees of freedom: five points tell of one and the same luck
    )
    worlds = pilot.units[:, :3] @ [1.0, 2.0, 4.0]
    assert advice.loc["none", "sd_points"] == pytest.approx(worlds.std(ddof=1), rel=1e-9)
    paired = advice.loc["hsbp - none"]
    assert paired["sd_luck"] == pytest.approx(0.0, abs=1e-12)  # the arms share their luck
    assert paired["replicates"] == 1


@pytest.mark.parametrize(
    ("shared", "own", "freedom"), [(1.0, 0.0, (7, 7)), (1.0, 1.0, (12, 28)), (0.0, 1.0, (32, 42))]
)
def test_half_widths_of_a_pilot_hold_what_they_promise(shared, own, freedom):
    """Eight replicates at six points: new runs lie within the half-width in 95 of 100 pilots."""
    rng = np.random.default_rng(1)
    inside, widths, pilots = 0, [], 1500
    for _ in range(pilots):
        runs = rng.normal(size=(6, 1)) + shared * rng.normal(size=(1, 8))
        row = _row(runs + own * rng.normal(size=(6, 8)), None)
        inside += abs(rng.normal()) * np.hypot(shared, own) < row["half_width_1"]
        widths.append(row["half_width_1"] / row["sd_luck"])
    assert inside / pilots == pytest.approx(0.95, abs=0.017)  # three standard errors
    low, high = stats.t.ppf(0.975, freedom)[::-1]
    assert low - 1e-9 <= np.median(widths) <= high + 1e-9


def _kept(plan, run_one):
    """What a sweep does with a run's months."""
    from parley_experiments.thin import thin

    def run(spec):
        result = run_one(spec)
        if plan.design.keep == "paths" or not isinstance(result, RunResult):
            return result
        return thin(result, plan.design.horizons)

    return run


def _never(spec):
    raise AssertionError(f"{spec.arm} was run again")


def test_a_design_is_data_and_crosses_a_process_border():
    import pickle

    found = design()
    assert pickle.loads(pickle.dumps(found)) == found
    assert dataclasses.replace(found, months=12).months == 12


def test_a_trial_tells_what_one_more_run_weighs():
    from parley_experiments.trial import try_runs

    specs = make_plan(design(keep="paths")).specs
    trial = try_runs(specs, linear, runs=6)
    assert trial.runs == 6
    assert 0.0 < trial.seconds < 5.0
    # 24 months x 3 groups x 2 outcomes of 8 bytes, before compression and with keys
    assert 100.0 < trial.bytes < 10_000.0
