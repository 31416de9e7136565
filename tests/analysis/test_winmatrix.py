"""The win matrix, its intervals and losing regions, on tables whose answer is known."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from parley.errors import StoreError
from parley.results import RunResult
from parley.store import Store
from parley_analysis import regions, win_alarms, win_report, win_tables
from parley_analysis.load import AnalysisError, load
from parley_analysis.regions import drawn_worlds, drivers, find_box, shares_by_third
from parley_analysis.winmatrix import (
    compare,
    gains,
    levels_by_arm,
    select,
    wilson_interval,
    win_matrix,
    win_share,
)

DRAWS = 30
ARMS = ("none", "transactional", "cash_equivalent", "hsbp")


def design(**changes):
    steps = [i / DRAWS for i in range(DRAWS)]
    mixed = [(7 * i % DRAWS) / DRAWS for i in range(DRAWS)]
    return {
        "kind": "latin hypercube", "draws": DRAWS, "run": DRAWS, "seed": 5, "held": {},
        "parameters": {"a.strength": steps, "b.other": mixed, "c.fixed": [1.0] * DRAWS},
    } | changes  # fmt: skip


def results(fakes, folder, arms=ARMS, run_one=None, **changes):
    """A results folder of stand-in runs in two places; `changes` go into its design."""
    specs = fakes.specs(arms=arms, replicates=DRAWS)
    about = {
        "design": design(**changes), "question": "Does it?", "months": [24],
        "model_version": "1", "registry": "abc", "source": {"commit": "0123", "dirty": False},
    }  # fmt: skip
    with Store.create(folder, fakes.manifest(specs, **about)) as store:
        store.append([(run_one or fakes.fake_run)(spec) for spec in specs])
        store.finish()
    return load(folder)


@pytest.fixture(scope="module")
def batch(fakes, tmp_path_factory):
    return results(fakes, tmp_path_factory.mktemp("wins") / "main")


@pytest.fixture(scope="module")
def levels(batch):
    return levels_by_arm(batch)


def test_a_share_counts_ties_as_half_a_win():
    assert win_share(np.array([1.0, 2.0, 0.0, -1.0])) == 0.625
    assert win_share(np.zeros(7)) == 0.5
    assert np.isnan(win_share(np.array([])))


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.5, 100, 0.40383, 0.59617), (0.95, 240, 0.91465, 0.97117), (1.0, 10, 0.72247, 1.0)],
)
def test_wilson_s_interval(share, n, low, high):
    """Expected values from another implementation, SciPy's `binomtest`."""
    assert wilson_interval(share, n) == pytest.approx((low, high), abs=1e-5)


def test_nothing_is_known_of_a_share_without_trials():
    assert wilson_interval(0.3, 0) == (0.0, 1.0)


def test_one_column_per_arm_and_one_row_per_draw(batch, levels):
    assert list(levels.columns) == list(batch.arms)
    one = select(levels, "coast", "trust_company", "all")
    assert list(one.index) == list(range(DRAWS))
    assert "spread" not in levels.index.get_level_values("group")
    assert "worst" in levels.index.get_level_values("group")


def test_gains_are_turned_so_that_more_is_better(levels):
    one = select(levels, "coast", "grievance_at_company", "all")
    gain = gains(one, "hsbp", "none", -1).to_numpy()
    assert gain == pytest.approx((one["none"] - one["hsbp"]).to_numpy(), abs=1e-12)
    assert (gain > 0.0).all()
    assert (gains(one, "hsbp", "hsbp") == 0.0).all()


def test_rounding_is_a_tie_and_a_missing_value_no_pair():
    table = pd.DataFrame({"a": [0.1 + 0.2, 1.0, np.nan], "b": [0.3, 1.0 + 1e-9, 1.0]})
    gain = gains(table, "a", "b")
    assert len(gain) == 2
    assert gain.iloc[0] == 0.0
    assert gain.iloc[1] == pytest.approx(-1e-9, rel=1e-6)


def test_the_matrix_agrees_with_a_count_by_hand(batch, levels):
    matrix = win_matrix(batch, levels, "hsbp").set_index(["place", "outcome", "group", "other"])
    cell = matrix.loc[("hills", "trust_company", "worst", "transactional")]
    one = select(levels, "hills", "trust_company", "worst")
    change = one["hsbp"] - one["transactional"]
    assert cell["n"] == DRAWS
    assert cell["share"] == pytest.approx(float((change > 0).mean()), abs=1e-12)
    assert cell["median"] == pytest.approx(change.median(), abs=1e-12)
    assert cell["q10"] == pytest.approx(change.quantile(0.1), abs=1e-12)
    assert (cell["low"], cell["high"]) == pytest.approx(wilson_interval(cell["share"], DRAWS))
    assert cell["rule_steps"] == 3
    assert not cell["near_tautological"]


def test_shares_of_two_arms_add_up_to_one(batch, levels):
    index = ["place", "outcome", "group"]
    there = win_matrix(batch, levels, "hsbp", ["none"]).set_index(index)["share"]
    back = win_matrix(batch, levels, "none", ["hsbp"]).set_index(index)["share"]
    assert (there + back).to_numpy() == pytest.approx(np.ones(len(there)), abs=1e-12)


def test_outcomes_without_a_better_direction_are_left_out(levels):
    assert "diverted_share" not in levels.index.get_level_values("outcome")


@pytest.mark.parametrize(
    ("wins", "alarm"), [(10, True), (11, False), (190, False), (191, True), (100, False)]
)
def test_the_band_is_open_at_its_ends(wins, alarm):
    change = np.array([1.0] * wins + [-1.0] * (200 - wins))
    share = compare(change, 1)["share"]
    assert share == wins / 200
    outside = share < 0.05 or share > 0.95
    assert outside is (alarm and wins != 10)


def test_the_matrix_raises_alarms(batch, levels):
    matrix = win_matrix(batch, levels, "hsbp")
    outside = (matrix["share"] < 0.05) | (matrix["share"] > 0.95)
    assert (matrix["alarm"] == outside).all()
    assert matrix["alarm"].any()
    assert not matrix["alarm"].all()


def test_an_unknown_arm_is_refused(batch, levels):
    with pytest.raises(AnalysisError, match="hspb"):
        win_matrix(batch, levels, "hspb")


# where it wins and loses


def worlds(n=240, extra=20, seed=1):
    luck = np.random.default_rng(seed)
    return pd.DataFrame(luck.random((n, extra)), columns=[f"s.p{i}" for i in range(extra)])


def test_numbers_that_do_not_vary_are_not_looked_at(batch):
    assert list(drawn_worlds(batch)) == ["a.strength", "b.other"]


def test_a_planted_driver_comes_first_and_beyond_chance():
    drawn = worlds()
    noise = np.random.default_rng(2).normal(0.0, 0.1, len(drawn))
    gain = pd.Series(0.4 - drawn["s.p3"] + noise, drawn.index)
    table = drivers(gain, drawn)
    assert table["parameter"].iloc[0] == "s.p3"
    assert table["rho"].iloc[0] == pytest.approx(-0.95, abs=0.03)
    assert list(table.loc[table["beyond_chance"], "parameter"]) == ["s.p3"]
    low, middle, high = shares_by_third(gain, drawn["s.p3"])
    assert low > 0.9
    assert 0.2 < middle < 0.5
    assert high < 0.02


def test_correlations_are_those_of_spearman():
    from scipy import stats

    drawn, gain = worlds(50, 5), pd.Series(np.random.default_rng(3).random(50))
    table = drivers(gain, drawn).set_index("parameter")["rho"]
    for name in drawn:
        assert table[name] == pytest.approx(stats.spearmanr(gain, drawn[name])[0], abs=1e-12)


def test_chance_alone_rarely_passes_the_threshold():
    passed = 0
    for seed in range(60):
        drawn = worlds(120, 40, seed)
        gain = pd.Series(np.random.default_rng(1000 + seed).random(120))
        passed += bool(drivers(gain, drawn)["beyond_chance"].any())
    assert passed <= 8  # 3 expected


def test_a_planted_box_is_found_and_holds_on_the_other_half():
    drawn = worlds()
    inside = (drawn["s.p1"] > 2 / 3) & (drawn["s.p4"] <= 1 / 3)
    flip = np.random.default_rng(4).random(len(drawn)) < 0.05
    gain = pd.Series(np.where(inside ^ flip, -1.0, 1.0), drawn.index)
    box = find_box(gain, drawn)
    assert {(cut.parameter, cut.above) for cut in box.cuts} <= {("s.p1", True), ("s.p4", False)}
    assert box.confirmed
    assert box.share_checked > 2 * box.share_overall


def test_a_box_found_in_noise_does_not_hold():
    confirmed = 0
    for seed in range(40):
        luck = np.random.default_rng(seed)
        gain = pd.Series(luck.choice([-1.0, 1.0], 240))
        box = find_box(gain, worlds(240, 30, 500 + seed))
        assert box.share_found > 0.55
        confirmed += box.confirmed
    assert confirmed <= 4  # about one expected


def test_there_is_no_box_when_nothing_is_lost():
    drawn = worlds(40, 3)
    assert find_box(pd.Series(np.ones(40)), drawn) is None
    assert find_box(-pd.Series(np.ones(40)), drawn) is None


def test_a_number_that_is_zero_in_half_of_the_draws_is_cut_at_zero():
    drawn = worlds(240, 2)
    drawn["s.p0"] = drawn["s.p0"].where(drawn["s.p0"] > 0.5, 0.0)
    gain = pd.Series(np.where(drawn["s.p0"] > 0.0, -1.0, 1.0))
    box = find_box(gain, drawn)
    assert str(box.cuts[0]) == "s.p0 > 0"
    assert (box.share_checked, box.confirmed) == (1.0, True)


# the page


NOTES = """
title = "A first matrix"
summary = "Nothing yet."
commands = "make it"
caveats = ["One caveat."]
[[alarm]]
title = "Trust"
outcomes = ["trust_company"]
text = "It was planted."
show = [["coast", "trust_company", "all", "none"]]
traces = ["a.strength = 0", "hsbp-mapping", "hsbp-sharing"]
"""


@pytest.fixture(scope="module")
def traced(fakes, tmp_path_factory):
    """A trace in which trust is switched off, and one with an arm made from another."""
    folder = tmp_path_factory.mktemp("traces")

    def flat(spec):
        result = fakes.fake_run(spec)
        assert isinstance(result, RunResult)
        series = dict(result.series) | {"trust_company": np.full((24, 5), 0.5)}
        return dataclasses.replace(result, series=series)

    results(fakes, folder / "held", run_one=flat, held={"a.strength": 0.0})
    results(fakes, folder / "dials", arms=("hsbp-mapping",))
    return [folder / "held", folder / "dials"]


@pytest.fixture
def key_rows(monkeypatch):
    rows = (("trust_company", "worst"), ("days_lost", "all"), ("npv", "all"))
    monkeypatch.setattr(win_tables, "KEY_ROWS", rows)


@pytest.mark.usefixtures("key_rows")
def test_the_page_says_what_was_found(batch, traced, tmp_path, capsys):
    (tmp_path / f"{win_report.NAME}.toml").write_text(NOTES)
    words = [str(batch.results.folder), "--traces", *map(str, traced), "--out", str(tmp_path)]
    assert win_report.main(words) == 0
    files = {path.suffix: path for path in tmp_path.iterdir()}
    assert set(files) == {".toml", ".md", ".csv", ".png"}
    text = files[".md"].read_text()
    assert "# A first matrix" in text
    assert "It was planted." in text
    assert "All 240 runs finished." in text
    assert "| `a.strength = 0` | 30 | 1.00 (0.00) | +0.180 | 0.50 (1.00) | +0.000 |" in text
    assert "Not run: hsbp-sharing." in text
    assert "Not explained yet" in text
    assert "do not say what the arms spent" in text
    assert files[".png"].stat().st_size < 300_000
    table = pd.read_csv(files[".csv"])
    assert set(table["arm"]) == set(ARMS)
    assert len(capsys.readouterr().out.split()) == 3


def test_traces_of_other_draws_are_refused(fakes, batch, levels, tmp_path):
    results(fakes, tmp_path / "other", arms=("none",), seed=6)
    with pytest.raises(StoreError, match="not those of the main results"):
        win_alarms.read_traces(batch, levels, [tmp_path / "other"])


def test_a_missing_folder_ends_with_code_2(tmp_path, capsys):
    assert win_report.main([str(tmp_path / "nowhere"), "--out", str(tmp_path)]) == 2
    assert "nowhere" in capsys.readouterr().out


def test_text_of_a_box():
    box = regions.Box((regions.Cut("a.b", True, 0.25),), 0.9, 0.8, 0.6, 0.9, 30, 0.5)
    assert win_tables.box_text(box, "loses") == (
        "`a.b` > 0.25: loses 0.80 [0.60, 0.90] of 30, 0.50 overall (holds)"
    )
    assert win_tables.box_text(None, "loses") == "–"


def test_the_notes_of_the_finding_read():
    import tomllib

    path = Path(__file__).parents[2] / win_report.FOLDER / f"{win_report.NAME}.toml"
    words = tomllib.loads(path.read_text("utf-8"))
    assert {"title", "summary", "commands", "caveats", "alarm"} <= set(words)
    for note in words["alarm"]:
        assert {"title", "text", "outcomes"} <= set(note)
        assert all(len(comparison) == 4 for comparison in note.get("show", ()))


@pytest.mark.usefixtures("key_rows")
def test_further_arms_of_the_same_draws_join_the_matrix(fakes, batch, tmp_path):
    (tmp_path / f"{win_report.NAME}.toml").write_text(NOTES)
    results(fakes, tmp_path / "more", arms=("csr",))
    words = [str(batch.results.folder), "--also", str(tmp_path / "more"), "--out", str(tmp_path)]
    assert win_report.main(words) == 0
    table = pd.read_csv(tmp_path / f"{win_report.NAME}.csv")
    assert set(table.loc[table["arm"] == "hsbp", "other"]) == {*ARMS, "csr"} - {"hsbp"}
    assert f"--also {tmp_path / 'more'}" in (tmp_path / f"{win_report.NAME}.md").read_text()


def test_spending_and_benefit_per_unit_spent():
    """Twice the spending for one and a half times the benefit: more in all, less per unit."""
    index = pd.MultiIndex.from_product(
        [["coast"], ["budget_benefit", "community_spending"], ["all", "worst"], range(4)],
        names=["place", "outcome", "group", "replicate"],
    )
    table = pd.DataFrame({"csr": 1.0, "hsbp": 1.5}, index)
    table.loc[table.index.get_level_values("outcome") == "community_spending", "hsbp"] = 2.0
    labels = SimpleNamespace(short_arm=str)
    text = win_tables.resources_table(labels, table, table, "hsbp", "coast")
    assert text.splitlines()[-1] == "| csr | 2.00 [2.00, 2.00] | 1.00 | 1.00 | 0.00 |"
