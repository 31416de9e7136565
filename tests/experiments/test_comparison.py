"""Comparisons: shared luck, all problems at once, nothing written for a bad order."""

import pytest

from parley.errors import ScenarioError
from parley.store import open_results
from parley.store.files import COMPARED_TABLES, digest
from parley_experiments.comparison import compare, comparison_specs, default_folder

SMALL = {"months": 6, "population": 60}


def test_arms_share_place_seed_and_replicates():
    specs = comparison_specs(["none", "hsbp"], ["bosnia", "colombia"], 3, root_seed=7, **SMALL)
    assert len(specs) == 12
    assert {spec.root_seed for spec in specs} == {7}
    by_arm = {
        arm: [(s.place, s.replicate, s.scenario.place) for s in specs if s.arm == arm]
        for arm in ("none", "hsbp")
    }
    assert by_arm["none"] == by_arm["hsbp"]
    assert len({spec.identity for spec in specs}) == 12


def test_settings_reach_every_run():
    settings = {"parameters": {"trust.asymmetry_max": 1.0}, "trust_rule": "counts", **SMALL}
    for spec in comparison_specs(["none", "hsbp"], ["bosnia"], 1, **settings):
        assert spec.scenario.parameters.trust.asymmetry_max == 1.0
        assert spec.scenario.trust_rule == "counts"
        assert (spec.scenario.months, spec.scenario.population) == (6, 60)


def test_all_problems_come_at_once():
    with pytest.raises(ScenarioError) as caught:
        comparison_specs(["hsbpp", "none", "none"], ["bosnai"], 0, root_seed=-1, months=0)
    text = str(caught.value)
    for fragment in (
        "did you mean 'hsbp'",
        "did you mean 'bosnia'",
        "named twice",
        "replicates = 0",
        "root_seed = -1",
        "months = 0",
    ):
        assert fragment in text
    assert "make_scenario" not in text


@pytest.mark.parametrize(("arms", "places"), [([], ["bosnia"]), (["none"], [])])
def test_empty_lists_are_refused(arms, places):
    with pytest.raises(ScenarioError, match="is empty"):
        comparison_specs(arms, places, 2)


def test_the_folder_is_named_after_the_runs():
    one = comparison_specs(["none", "hsbp"], ["bosnia"], 2, **SMALL)
    turned = comparison_specs(["hsbp", "none"], ["bosnia"], 2, **SMALL)
    other = comparison_specs(["none", "hsbp"], ["bosnia"], 3, **SMALL)
    assert default_folder(one) == default_folder(turned) != default_folder(other)
    assert default_folder(one, "demo").name.startswith("demo-")


def test_a_bad_order_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError):
        compare(["none", "hsbpp"], ["bosnia"], 2)
    assert list(tmp_path.iterdir()) == []


def test_compare_returns_the_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = compare(["none", "hsbp"], ["bosnia"], 2, processes=1, question="Why?", **SMALL)
    results = open_results(folder)
    assert results.manifest["question"] == "Why?"
    assert list(results.manifest["arms"]) == ["none", "hsbp"]
    assert (results.runs()["status"] == "ok").all()
    series = results.series(["trust_company"], ["all"])
    first = series[series["month"] == 0].pivot_table(
        index="replicate", columns="arm", values="trust_company"
    )
    gap = (first["none"] - first["hsbp"]).abs()
    assert gap.max() < (first["none"].max() - first["none"].min()) + 0.02  # shared luck


@pytest.mark.slow
def test_processes_change_no_byte_of_real_runs(tmp_path):
    folders = [
        compare(["none", "hsbp"], ["bosnia", "colombia"], 3, folder=tmp_path / str(n),
                processes=n, months=24, population=300)
        for n in (1, 2)
    ]  # fmt: skip
    for name in COMPARED_TABLES:
        one, two = (digest(folder / f"{name}.parquet") for folder in folders)
        assert one == two
