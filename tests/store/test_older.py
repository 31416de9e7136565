"""Folders written by earlier versions of Parley, as they were written, are still read."""

import shutil
from pathlib import Path

import pytest

from parley.store import Store, merge_results, open_results

OLDER = Path(__file__).parent / "older"
COMPLETE = ["schema_1", "schema_2"]
TRUST = 0.5615072050802086
"""Trust of everybody in the last month of hsbp, replicate 0, noted when the folders were made."""
NPV = 101.41442684179842


def batch(manifest):
    return {"batch": manifest["batch"], "planned": manifest["planned"]}


@pytest.mark.parametrize("name", COMPLETE)
def test_numbers_of_an_older_folder(name):
    results = open_results(OLDER / name)
    assert results.manifest["schema_version"] == int(name[-1])
    last = results.series(["trust_company"], ["all"], month=2)
    chosen = last.query("arm == 'hsbp' and replicate == 0")["trust_company"]
    assert chosen.tolist() == [TRUST]
    runs = results.runs()
    assert runs["status"].tolist() == ["ok", "ok", "ok", "failed"]
    assert runs.query("arm == 'hsbp' and replicate == 0")["npv"].tolist() == [NPV]
    assert "missing_dials" not in runs
    assert len(results.series()) == 3 * 3 * 5
    assert len(results.events()) == 1
    assert results.attached_names == ()
    assert len(results.keys()) == 4


@pytest.mark.parametrize("name", COMPLETE)
def test_an_older_folder_is_brought_up_to_date_by_merging_it(name, tmp_path):
    old = open_results(OLDER / name)
    report = merge_results([OLDER / name], tmp_path / "new")
    new = open_results(tmp_path / "new")
    assert (report.found, report.failed, report.complete) == (4, 1, True)
    assert new.manifest["schema_version"] == 3
    for table in ("runs", "series", "events", "timings"):
        assert getattr(new, table)().equals(getattr(old, table)())
    assert [path.name for path in (tmp_path / "new" / "failures").iterdir()] == [
        path.name for path in (OLDER / name / "failures").iterdir()
    ]


def test_an_older_unfinished_folder_is_taken_up(fakes, tmp_path):
    folder = shutil.copytree(OLDER / "schema_2_unfinished", tmp_path / "b")
    specs = fakes.specs(places=("coast",), arms=("none", "hsbp"), replicates=2, months=3)
    manifest = open_results(folder, partial=True).manifest
    with Store.create(folder, batch(manifest)) as store:
        assert len(store.finished()) == 3
        store.append([fakes.fake_run(specs[1], fail={("coast", "none", 1)})])
        store.finish()
    new, old = open_results(folder), open_results(OLDER / "schema_2")
    assert new.manifest["schema_version"] == 3
    assert new.series(["trust_company"]).equals(old.series(["trust_company"]))
