"""A whole sweep: every outcome, arm and difference, written down as tables, pictures and a page."""

import sys

import pandas as pd
import pytest
from planted import column, latin_sample, morris_sample, sobol_sample
from swept import KEYS, swept

from parley.errors import MissingExtraError
from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.load import AnalysisError
from parley_analysis.sensitivity import MATTERS, MORE_RUNS, NOTHING
from parley_analysis.sensitivity_report import write_sensitivity
from parley_analysis.sensitivity_sweep import Questions, groups_of_factors, sweep_indices


def of(found, outcome, contrast, method, horizon=24):
    rows = found.indices
    return rows[
        (rows["outcome"] == outcome) & (rows["contrast"] == contrast)
        & (rows["method"] == method) & (rows["horizon"] == horizon)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def by_sobol():
    sweep = swept(sobol_sample(KEYS, 128, 1), "sobol", broken=(3,))
    return sweep, sweep_indices(sweep, Questions.of(sweep.design, methods=["sobol"]))


def test_everything_is_asked_unless_something_is_named(by_sobol):
    sweep, _ = by_sobol
    asked = Questions.of(sweep.design)
    assert asked.outcomes == ("trust_company", "days_lost", "deaths")
    assert asked.differences == (("hsbp", "none"),)
    assert asked.methods == ("sobol", "pawn", "delta")
    assert asked.horizons == (12, 24)
    few = Questions.of(sweep.design, ["deaths"], [("none", "hsbp")], ["pawn"])
    assert (few.outcomes, few.differences) == (("deaths",), (("none", "hsbp"),))
    assert few.methods == ("pawn",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"outcomes": ["trust_compny"]}, "did you mean 'trust_company'"),
        ({"differences": [("hsbp", "nome")]}, "did you mean 'none'"),
        ({"methods": ["morris"]}, "method 'morris': .*allowed: sobol, pawn, delta"),
    ],
)
def test_unknown_names_are_refused(by_sobol, given, message):
    with pytest.raises(AnalysisError, match=message):
        Questions.of(by_sobol[0].design, **given)


def test_a_design_one_factor_at_a_time_has_no_indices(by_sobol):
    with pytest.raises(AnalysisError, match="draw a latin_hypercube, morris or sobol design"):
        Questions.of(by_sobol[0].design | {"method": "one_at_a_time"})


def test_a_pilot_has_no_indices(by_sobol):
    with pytest.raises(AnalysisError, match="run the design without --pilot first"):
        Questions.of(by_sobol[0].design | {"pilot": 6})


def test_a_missing_library_is_named(by_sobol, monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(MissingExtraError, match=r"parley-sim\[sa\]"):
        sweep_indices(by_sobol[0], Questions.of(by_sobol[0].design))


def test_arms_and_their_difference_have_other_factors(by_sobol):
    _, found = by_sobol
    for arm in ("hsbp", "none"):
        first = column(of(found, "trust_company", arm, "sobol"), "first")
        assert first.to_numpy() == pytest.approx([9 / 11, 1 / 11, 0, 1 / 11, 0], abs=0.06)
    rows = of(found, "trust_company", "hsbp - none", "sobol")
    assert column(rows, "first").to_numpy() == pytest.approx([0, 1, 0, 0, 0], abs=0.03)
    verdicts = column(rows, "total", "verdict")
    assert verdicts.to_list() == [NOTHING, MATTERS, NOTHING, NOTHING, NOTHING]
    assert set(rows["dropped"]) == {1}


def test_horizons_are_kept_apart(by_sobol):
    _, found = by_sobol
    rows = found.indices
    assert set(rows["horizon"]) == {12, 24}
    assert len(rows) == 2 * len(rows[rows["horizon"] == 24])


def test_luck_as_a_factor_is_reported_for_arms_and_differences(by_sobol):
    luck = by_sobol[1].luck
    luck = luck[(luck["outcome"] == "trust_company") & (luck["horizon"] == 24)]
    shares = luck.set_index("contrast")["alone"]
    assert shares["hsbp"] == pytest.approx(1 / 11, abs=0.05)
    assert shares["hsbp - none"] == pytest.approx(0.0, abs=0.05)
    assert set(luck["how"]) == {"luck as a factor"}


def test_groups_leave_luck_and_the_dummy_out(by_sobol):
    assert groups_of_factors(by_sobol[0].factors) == {
        "block M7": ["trust.one", "trust.two"],
        "block M9": ["fear.three"],
        "role lever": ["trust.two"],
        "role uncertainty": ["trust.one", "fear.three"],
    }


def test_one_outcome_that_cannot_be_worked_out_does_not_stop_the_rest():
    sweep = swept(sobol_sample(KEYS, 32, 1), "sobol", broken=range(0, 384, 20))
    with pytest.raises(AnalysisError, match="no index could be worked out"):
        sweep_indices(sweep, Questions.of(sweep.design, methods=["sobol"]))
    found = sweep_indices(sweep, Questions.of(sweep.design, ["days_lost"], [], ["sobol", "pawn"]))
    assert any("Saltelli blocks have a missing value" in reason for reason in found.refused)
    assert set(found.indices["method"]) == {"pawn"}


def test_replicates_tell_the_luck_of_arms_and_of_differences():
    """Variance 0.01 of one run; 0.04 of a difference whose arms have opposite luck."""
    sweep = swept(latin_sample(KEYS, 128, 1), "latin_hypercube", replicates=4)
    found = sweep_indices(sweep, Questions.of(sweep.design, ["trust_company"], methods=["pawn"]))
    luck = found.luck[found.luck["horizon"] == 24].set_index("contrast")["whole"]
    assert luck["hsbp"] == pytest.approx(0.01 / 4 / (11 / 12), rel=0.2)
    assert luck["hsbp - none"] == pytest.approx(0.04 / 4 / (4 / 12), rel=0.2)


def test_one_replicate_measures_no_luck():
    sweep = swept(latin_sample(KEYS, 128, 1), "latin_hypercube")
    found = sweep_indices(sweep, Questions.of(sweep.design, ["trust_company"], methods=["pawn"]))
    assert set(found.luck["how"]) == {"not measured"}


def test_groups_of_people_are_kept_apart():
    sweep = swept(morris_sample(KEYS, 12, 1), "morris", levels=4)
    asked = Questions.of(sweep.design, ["trust_company"], groups=["women", "all"])
    assert asked.count == 2 * 2 * 3
    found = sweep_indices(sweep, asked)
    assert found.indices["group"].value_counts().nunique() == 1
    assert set(found.indices["group"]) == {"women", "all"}


def test_what_the_results_do_not_hold_is_named(tmp_path):
    """The company's value is known at the end only; earlier horizons are refused, not fatal."""
    sweep = swept(morris_sample(KEYS, 12, 1), "morris", levels=4)
    sweep.design["outcomes"].append("value")
    asked = Questions.of(sweep.design, ["value"])
    found = sweep_indices(sweep, asked)
    assert set(found.indices["horizon"]) == {24}
    assert any("value, bosnia, all, month 12: value is known" in one for one in found.refused)
    write_sensitivity(sweep, tmp_path, asked, found)
    assert "Not worked out: value" in (tmp_path / "sensitivity.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("drawn", "method", "main"),
    [
        (sobol_sample(KEYS, 64, 1), "sobol", "sobol"),
        (morris_sample(KEYS, 12, 1), "morris", "morris"),
        (latin_sample(KEYS, 128, 1), "latin_hypercube", "pawn"),
    ],
)
def test_a_report_is_written(tmp_path, drawn, method, main):
    sweep = swept(drawn, method, levels=4)
    methods = {"sobol": ["sobol", "pawn"], "morris": ["morris"], "pawn": ["pawn"]}[main]
    asked = Questions.of(sweep.design, ["trust_company", "deaths"], methods=methods)
    paths = write_sensitivity(sweep, tmp_path / "s", asked)
    assert all(path.stat().st_size > 0 for path in paths)
    assert {path.name for path in (tmp_path / "s").iterdir()} == {path.name for path in paths}
    text = (tmp_path / "s" / "sensitivity.md").read_text("utf-8")
    headings = ["What was run", "What matters", "Pictures", "How much is luck"]
    for heading in [
        *headings,
        "What cannot be said",
        "What was varied",
        "How to read it",
        "Limits",
    ]:
        assert f"\n## {heading}\n" in text
    assert "Does it find what was planted?" in text
    assert "all other numbers, at what the place says" in text
    difference = text.split("### bosnia: hsbp - none")[1].split("###")[0]
    assert "Trust two" in difference
    assert "Trust one" not in difference
    assert "does not vary" in difference
    assert "Fear \\| three" in text
    names = {path.name for path in paths}
    assert f"sensitivity-bosnia-trust_company-hsbp-less-none-{main}.png" in names
    assert "sensitivity-bosnia-hsbp-less-none-overview.png" in names
    assert not any("deaths" in name for name in names)
    table = pd.read_csv(tmp_path / "s" / "sensitivity.csv")
    assert {"index", "value", "low", "high", "verdict", "contrast", "outcome"} <= set(table)


def test_what_is_near_tautological_is_marked_on_the_page_and_the_pictures(tmp_path):
    sweep = swept(morris_sample(KEYS, 12, 1), "morris", levels=4)
    write_sensitivity(sweep, tmp_path, Questions.of(sweep.design, ["trust_company", "days_lost"]))
    text = (tmp_path / "sensitivity.md").read_text("utf-8")
    assert f"| Trust in the company {MARK} |" in text
    assert f"Days of output lost {MARK}" not in text
    assert text.count(NEAR) == 1
    drawn = (tmp_path / "sensitivity-bosnia-trust_company-hsbp-less-none-morris.svg").read_text()
    assert MARK in drawn
    assert "Near-tautological" in drawn


def written(sweep, folder, found, asked):
    write_sensitivity(sweep, folder, asked, found)
    return (folder / "sensitivity.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("drawn", "method", "main"),
    [
        (sobol_sample(KEYS, 64, 1), "sobol", "total"),
        (morris_sample(KEYS, 12, 1), "morris", "mu_star"),
    ],
)
def test_a_dummy_with_an_effect_is_an_alarm(tmp_path, drawn, method, main):
    """Its verdict can never say so: the floor is its own upper end."""
    sweep = swept(drawn, method, levels=4)
    asked = Questions.of(sweep.design, ["trust_company"], methods=[method])
    found = sweep_indices(sweep, asked)
    assert "The dummy matters" not in written(sweep, tmp_path, found, asked)
    dummy = (found.indices["factor"] == "dummy") & (found.indices["index"] == main)
    found.indices.loc[dummy & (found.indices["contrast"] == "hsbp"), "value"] = 0.01
    assert "The dummy matters in 1 cases" in written(sweep, tmp_path, found, asked)


def test_every_outcome_stands_in_an_overview_of_each_arm_and_difference(tmp_path, monkeypatch):
    monkeypatch.setattr("parley_analysis.sensitivity_maps.MOST_OUTCOMES", 1)
    sweep = swept(morris_sample(KEYS, 12, 1), "morris", levels=4)
    write_sensitivity(sweep, tmp_path, Questions.of(sweep.design))
    drawn = sorted(path.name for path in tmp_path.glob("*overview*.png"))
    one = "sensitivity-bosnia"
    assert drawn == [
        f"{one}-hsbp-less-none-overview-2.png",
        f"{one}-hsbp-less-none-overview.png",
        f"{one}-hsbp-overview-2.png",
        f"{one}-hsbp-overview.png",
        f"{one}-none-overview-2.png",
        f"{one}-none-overview.png",
    ]


def test_what_is_near_tautological_gets_its_pictures_last(tmp_path, monkeypatch):
    monkeypatch.setattr("parley_analysis.sensitivity_report.MOST_DRAWN", 1)
    sweep = swept(morris_sample(KEYS, 12, 1), "morris", levels=4)
    write_sensitivity(sweep, tmp_path, Questions.of(sweep.design))  # trust is asked for first
    drawn = [path.name for path in tmp_path.glob("*-morris.png")]
    assert drawn == ["sensitivity-bosnia-days_lost-hsbp-less-none-morris.png"]
    assert "1 more outcomes" in (tmp_path / "sensitivity.md").read_text("utf-8")


def test_blocks_of_one_factor_and_reasons_said_before_are_not_repeated(tmp_path):
    sweep = swept(sobol_sample(KEYS, 64, 1), "sobol")
    sweep.design["outcomes"] = ["days_lost", "value"]
    asked = Questions.of(sweep.design, methods=["sobol"], groups=["all", "women"])
    text = written(sweep, tmp_path, sweep_indices(sweep, asked), asked)
    blocks = text.split("## Blocks and roles")[1].split("\n## ")[0]
    assert "block M7" in blocks
    assert "block M9" not in blocks
    lines = [line for line in text.splitlines() if "Not worked out" in line]
    assert len(lines) == 1
    assert "value, bosnia, all, month 12; value, bosnia, women, month 12: value is" in lines[0]


def test_too_small_a_sweep_says_so(tmp_path):
    sweep = swept(sobol_sample(KEYS, 4, 1), "sobol")
    asked = Questions.of(sweep.design, ["trust_company"], methods=["sobol"])
    assert set(sweep_indices(sweep, asked).indices["verdict"]) == {MORE_RUNS}
    write_sensitivity(sweep, tmp_path, asked)
    text = (tmp_path / "sensitivity.md").read_text("utf-8")
    assert "5 need more runs" in text
    assert "15 of 15 indices need more runs" in text
