"""Tables a batch is given at its start, and runs of which some months are kept."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from parley.errors import StoreError
from parley.store import Store, open_results

POINTS = {"point": pa.array([0, 1, 2], pa.int32()), "trust.asymmetry_max": [0.5, 1.25, np.nan]}
CELLS = {"point": pa.array([0, 1], pa.int32()), "place": ["coast", "hills"]}


def attached(points=POINTS, cells=CELLS):
    return {"points": pa.table(points), "cells": pa.table(cells)}


@pytest.fixture
def folder(fakes, tmp_path):
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs()), attached()) as store:
        store.append([fakes.fake_run(spec) for spec in fakes.specs()])
        store.finish()
    return tmp_path / "b"


def test_attached_tables_come_back(folder):
    results = open_results(folder)
    points = results.attached("points")
    assert results.attached_names == ("points", "cells")
    assert points["point"].dtype == np.int32
    np.testing.assert_array_equal(points["trust.asymmetry_max"], [0.5, 1.25, np.nan])
    assert results.attached("cells")["place"].tolist() == ["coast", "hills"]
    assert results.manifest["attached"]["points"]["rows"] == 3


def test_attached_tables_are_there_before_any_run(fakes, tmp_path):
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs()), attached()):
        pass
    results = open_results(tmp_path / "b", partial=True)
    assert len(results.attached("points")) == 3
    assert results.runs().empty


def test_an_unknown_attached_table_gets_a_suggestion(folder):
    with pytest.raises(StoreError, match="no attached table 'point'; did you mean 'points'"):
        open_results(folder).attached("point")
    with pytest.raises(StoreError, match="there are: points, cells"):
        open_results(folder).attached("zzz")


@pytest.mark.parametrize("name", ["runs", "COMPLETE", "../evil", "", "a.b"])
def test_names_that_would_get_in_the_way_are_refused(fakes, tmp_path, name):
    with pytest.raises(StoreError, match="attached table"):
        Store.create(tmp_path / "b", fakes.manifest(fakes.specs()), {name: pa.table(CELLS)})


@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
@pytest.mark.parametrize("partial", [False, True])
def test_a_damaged_attached_table_is_named(fakes, tmp_path, damage, partial):
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs()), attached()) as store:
        store.append([fakes.fake_run(spec) for spec in fakes.specs()])
        if not partial:
            store.finish()
    path = tmp_path / "b" / "points.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage == "flip" else content[:-9])
    if damage == "remove":
        path.unlink()
    with pytest.raises(StoreError, match=r"points\.parquet: (damaged|missing)"):
        open_results(tmp_path / "b", partial=partial)


def test_the_same_runs_for_another_design_are_refused(fakes, folder):
    """Designs may differ in what no run depends on, and then they have the same batch."""
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    manifest = fakes.manifest(fakes.specs())
    other = attached(points={**POINTS, "trust.asymmetry_max": [0.5, 1.25, 9.0]})
    for tables in (other, {"points": pa.table(POINTS)}, {}):
        with pytest.raises(StoreError, match="already holds the same runs for another design"):
            Store.create(folder, manifest, tables)
    Store.create(folder, manifest, attached()).close()
    Store.create(folder, manifest).close()
    assert {path.name: path.read_bytes() for path in folder.glob("*.*")} == before


@pytest.mark.parametrize("left", [["points.parquet"], ["points.parquet", "cells.parquet.tmp"]])
def test_a_start_cut_short_is_begun_again(fakes, tmp_path, left):
    """The process is killed while it writes attached tables: there is no manifest yet."""
    (tmp_path / "b" / "parts").mkdir(parents=True)
    for name in left:
        (tmp_path / "b" / name).write_bytes(b"half")
    with pytest.raises(StoreError, match="not a results folder"):
        open_results(tmp_path / "b", partial=True)
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs()), attached()):
        pass
    assert len(open_results(tmp_path / "b", partial=True).attached("cells")) == 2


def test_files_of_somebody_else_are_not_taken_for_a_start_cut_short(fakes, tmp_path):
    (tmp_path / "points.parquet").write_bytes(b"precious")
    with pytest.raises(StoreError, match="not results"):
        Store.create(tmp_path, fakes.manifest(fakes.specs()), attached())
    assert (tmp_path / "points.parquet").read_bytes() == b"precious"


def thinned(fakes, spec, kept):
    run = fakes.fake_run(spec)
    series = {name: values[list(kept)] for name, values in run.series.items()}
    return dataclasses.replace(run, series=series, kept_months=kept)


def test_kept_months_are_filed_under_their_month_and_date(fakes, tmp_path):
    specs = fakes.specs()
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        store.append([thinned(fakes, spec, (5, 23)) for spec in specs])
        store.finish()
    results = open_results(tmp_path / "b")
    series = results.series(["trust_company"], ["all"])
    assert series["month"].tolist() == [5, 23] * 18
    assert series["date"].head(2).tolist() == [pd.Timestamp("2013-04-01"),
                                               pd.Timestamp("2014-10-01")]  # fmt: skip
    whole = fakes.fake_run(specs[0]).series["trust_company"]
    first = series.query("place == 'coast' and arm == 'none' and replicate == 0")
    assert first["trust_company"].tolist() == [whole[5, 0], whole[23, 0]]
    assert set(results.runs()["months"]) == {24}
    assert len(results.series(month=23)) == 18 * 5


@pytest.mark.parametrize("kept", [(5, 24), (-1, 5), (5, 5), (9, 5)])
def test_kept_months_outside_the_run_or_out_of_order_are_refused(fakes, tmp_path, kept):
    run = fakes.fake_run(fakes.specs()[0])
    series = {name: values[:2] for name, values in run.series.items()}
    odd = dataclasses.replace(run, series=series, kept_months=kept)
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        with pytest.raises(StoreError, match="kept months"):
            store.append([odd])
        assert store.finished() == frozenset()
        assert list((tmp_path / "b" / "parts").glob("tmp-*")) == []


def test_rows_must_be_as_many_as_kept_months(fakes, tmp_path):
    run = dataclasses.replace(fakes.fake_run(fakes.specs()[0]), kept_months=(3, 7))
    with (
        Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store,
        pytest.raises(StoreError, match=r"has shape \(24, 5\); expected .* = \(2, 5\)"),
    ):
        store.append([run])


def test_the_manifest_alone_says_nothing_of_tables_it_does_not_have(folder):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["attached"]["points"]["sha256"] = "0" * 64
    path.write_text(json.dumps(manifest))
    with pytest.raises(StoreError, match=r"points\.parquet: damaged"):
        open_results(folder)
