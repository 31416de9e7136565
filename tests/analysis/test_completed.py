"""Averages over what was offered and over what was completed, checked by hand."""

import dataclasses

import numpy as np
import pytest

from parley.store import Store
from parley_analysis.completed import offered_and_completed
from parley_analysis.load import AnalysisError, load

ALIVE = {
    "name": "partnership_alive", "label": "Partnership alive", "unit": "share of runs",
    "kind": "share", "aggregate": "last", "direction": "higher", "level": "site", "rule_steps": 3,
    "whom": "company and community",
}  # fmt: skip
T_1 = 12.706204736432095  # 97.5% point of Student's t with 1 degree of freedom

TRUST = {"none": (0.2, 0.3, 0.4, 0.5), "hsbp": (0.1, 0.3, 0.6, 0.9)}
LASTED = (0.0, 0.0, 1.0, 1.0)


@pytest.fixture
def batch(fakes, tmp_path):
    """Four replicates: the partnership lasts in the two worlds that are better anyway."""
    runs, specs = [], []
    for spec in fakes.specs(("coast",), ("none", "hsbp"), replicates=4, months=2):
        run = fakes.fake_run(spec)
        trust = np.full((2, len(run.groups)), TRUST[spec.arm][spec.replicate])
        alive = np.full_like(trust, np.nan)
        if spec.arm == "hsbp":
            alive[:, 0] = (1.0, LASTED[spec.replicate])
        series = {**run.series, "trust_company": trust, "partnership_alive": alive}
        specs.append(spec)
        runs.append(dataclasses.replace(run, series=series))
    known = [{"whom": "residents", **outcome} for outcome in fakes.OUTCOMES]
    with Store.create(tmp_path / "b", fakes.manifest(specs, outcomes=[*known, ALIVE])) as store:
        store.append(runs)
        store.finish()
    return load(tmp_path / "b")


def everybody(table):
    return table[table["group"] == "all"].iloc[0]


def test_both_averages_and_what_selection_does(batch):
    """Differences -.1, 0, .2, .4: mean .125 over all; .3 over those that lasted.

    The reference stands at .35 over all pairs and at .45 in those that lasted.
    """
    table = offered_and_completed(batch, "trust_company", "none")
    assert set(table["arm"]) == {"hsbp"}, "an arm without a partnership has nothing to complete"
    row = everybody(table)
    assert (row["n_offered"], row["n_completed"]) == (4, 2)
    assert row["offered"] == pytest.approx(0.125)
    assert row["completed"] == pytest.approx(0.3)
    assert row["reference_shift"] == pytest.approx(0.1)
    half = T_1 * np.std([0.2, 0.4], ddof=1) / np.sqrt(2)
    assert row["completed_high"] - row["completed"] == pytest.approx(half)
    assert row["completed"] - row["completed_low"] == pytest.approx(half)


def test_a_horizon_asks_who_had_lasted_by_then(batch):
    """After one month all are alive: both averages agree and nothing is selected."""
    row = everybody(offered_and_completed(batch, "trust_company", "none", horizon=1))
    assert row["n_completed"] == row["n_offered"] == 4
    assert row["completed"] == row["offered"] == pytest.approx(0.125)
    assert row["reference_shift"] == pytest.approx(0.0, abs=1e-12)


def test_where_nothing_lasts_there_is_no_completed_average(batch, monkeypatch):
    from parley_analysis import completed

    found = completed.levels

    def ended(batch, outcome, horizon):
        table = found(batch, outcome, horizon)
        return table.assign(value=0.0) if outcome == "partnership_alive" else table

    monkeypatch.setattr(completed, "levels", ended)
    row = everybody(offered_and_completed(batch, "trust_company", "none"))
    assert row["n_completed"] == 0
    assert np.isnan(row["completed"])
    assert np.isnan(row["reference_shift"])
    assert row["offered"] == pytest.approx(0.125)


def test_an_unknown_reference_is_refused(batch):
    with pytest.raises(AnalysisError):
        offered_and_completed(batch, "trust_company", "nobody")
