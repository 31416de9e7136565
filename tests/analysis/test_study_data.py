"""A study on disk: roles of arms, alarms to trace, and batches that are left out."""

import dataclasses

import numpy as np
import pytest

from parley.results import RunFailure
from parley.store import Store
from parley_analysis import study_data
from parley_analysis.plausible import Band

DRAWS = 40
WORDS = {"framework": "hsbp", "reference": "none", "placebo": "transactional"}
BAND = Band(
    "days", "Days lost", "days_lost", "all", ("none",), True, 30.0, "share", 0.0, 0.095, ("x",), ""
)


def save(fakes, folder, specs, run_one, **about):
    numbers = {"a.x": [i / DRAWS for i in range(DRAWS)], "a.y": [i % 7 / 7 for i in range(DRAWS)]}
    design = {"kind": "x", "draws": DRAWS, "run": DRAWS, "seed": 5, "held": {}} | {
        "parameters": numbers
    }
    usual = {"design": design, "months": [24], "model_version": "1", "registry": "abc"}
    with Store.create(folder, fakes.manifest(specs, **usual, **about)) as store:
        store.append([run_one(spec) for spec in specs])
        store.finish()


@pytest.fixture(scope="module")
def folder(fakes, tmp_path_factory):
    """Grievance turns with the first number; switches turn it; one switch fails throughout."""
    folder = tmp_path_factory.mktemp("study")

    def turning(spec, shift=0.0):
        result = fakes.fake_run(spec)
        gain = (spec.replicate / DRAWS - 0.5 + shift) * (spec.arm == "hsbp")
        grievance = np.full((24, 5), 0.5 - gain) + np.arange(5) * 1e-3
        return dataclasses.replace(
            result, series=dict(result.series) | {"grievance_at_company": grievance}
        )

    def failing(spec):
        about = (spec.identity, spec.place, spec.arm, spec.replicate, spec.root_seed)
        return RunFailure(*about, "ValueError", "broken")

    specs = fakes.specs(replicates=DRAWS)
    save(fakes, folder / "main", specs, turning)
    few = fakes.specs(replicates=10)
    for name, value, run_one in (
        ("a", 0.0, lambda spec: turning(spec, -0.5)),
        ("b", 1.0, lambda spec: turning(spec, 0.9)),
        ("c", 2.0, failing),
    ):
        part = {"kind": "switch", "switch": "a.turn", "value": value}
        save(fakes, folder / "switches" / name, few, run_one, part=part)
    return folder


@pytest.fixture
def study(folder):
    return study_data.read_study(folder, WORDS, [BAND])


def test_roles_come_from_the_words_of_the_study(study):
    assert study.arm == "hsbp"
    assert study.others == ["none", "transactional"]
    assert set(study.distant) == {"trust_company", "grievance_at_company", "days_lost", "npv"}
    assert study.distant["days_lost"] == -1
    assert set(study.placebo_matrix()["arm"]) == {"transactional"}


def test_draws_are_kept_by_the_arm_without_practices(study):
    kept, total = study.match.kept["coast"], study.match.total["coast"]
    assert 0 < len(kept) < total == DRAWS


def test_alarms_and_gains_of_the_placebo_are_to_be_traced(study):
    cells = study.cells()
    assert ("coast", "trust_company", "all", "hsbp", "none") in cells
    assert ("coast", "trust_company", "all", "transactional", "none") in cells
    assert not any(cell[1] == "inclusion" and cell[3] == "hsbp" for cell in cells)


def test_a_planted_turn_is_found_in_constants_and_switches(study):
    table = study_data.read_flips(study)
    found = table[table["sign_changes"] & (table["outcome"] == "grievance_at_company")]
    assert set(found["parameter"]) == {"a.x", "a.turn"}
    switch = found[found["kind"] == "switch"]
    assert set(zip(switch["from"], switch["to"], strict=True)) == {(0.0, 1.0)}
    assert set(table["outcome"]) == set(study.distant)


def test_a_batch_that_failed_is_left_out_and_named(study):
    assert study_data.broken_parts(study) == ["switches/c"]


def test_losses_follow_the_planted_number(study):
    table = study_data.losing_numbers(study, "coast", "grievance_at_company", "none")
    assert list(table["parameter"]) == ["a.x"]
    assert table["rho"].iloc[0] == pytest.approx(1.0)
    searched = study_data.read_regions(study)
    here = searched[(searched["outcome"] == "grievance_at_company") & (searched["group"] == "all")]
    assert here["limits"].str.startswith("a.x ≤").all()
    assert here["worse"].to_numpy() == pytest.approx(0.5, abs=0.03)
