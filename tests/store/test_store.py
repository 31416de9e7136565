"""Results folders: what goes in comes out, whatever the order, and damage is named."""

import dataclasses
import itertools
import json
import math
import shutil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.errors import StoreError
from parley.store import Store, open_results
from parley.store.files import COMPARED_TABLES, TABLES, digest

RUNS = 18


def write(fakes, folder, pieces, **changes):
    specs = fakes.specs()
    with Store.create(folder, fakes.manifest(specs, **changes)) as store:
        for piece in pieces:
            store.append(piece)
        store.finish()
    return folder


def digests(folder):
    return {name: digest(folder / f"{name}.parquet") for name in COMPARED_TABLES}


@pytest.fixture(scope="module")
def runs(fakes):
    return [fakes.fake_run(spec, fail={("hills", "none", 2)}) for spec in fakes.specs()]


@pytest.fixture(scope="module")
def pristine(fakes, runs, tmp_path_factory):
    return write(fakes, tmp_path_factory.mktemp("store") / "batch", [runs])


@pytest.fixture
def folder(pristine, tmp_path):
    return shutil.copytree(pristine, tmp_path / "batch")


def test_what_goes_in_comes_out(fakes, runs, pristine):
    results = open_results(pristine)
    run = next(r for r in runs if (r.place, r.arm, r.replicate) == ("hills", "hsbp", 1))
    series = results.series().query("place == 'hills' and arm == 'hsbp' and replicate == 1")
    assert len(series) == 24 * 5
    assert list(series["group"].iloc[:5]) == list(fakes.GROUPS)
    assert list(series["month"].iloc[::5]) == list(range(24))
    assert [str(day)[:10] for day in series["date"].iloc[[0, 5, 10]]] == [
        "2012-11-01",
        "2012-12-01",
        "2013-01-01",
    ]
    for name, values in run.series.items():
        np.testing.assert_array_equal(series[name].to_numpy().reshape(24, 5), values)
    row = results.runs().query("place == 'hills' and arm == 'hsbp' and replicate == 1").iloc[0]
    assert row["npv"] == run.finals["npv"]
    assert (row["status"], row["people"]) == ("ok", 200)


def test_parts_of_the_series_can_be_read(fakes, runs, pristine, tmp_path):
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        store.append(runs[:-1])
    for results in (open_results(pristine), open_results(tmp_path / "b", partial=True)):
        whole = results.series()
        some = results.series(["days_lost"], ["all", "women"], month=7)
        chosen = (whole["month"] == 7) & whole["group"].isin(["all", "women"])
        expected = whole.loc[chosen, list(some.columns)].reset_index(drop=True)
        assert some.equals(expected)
        assert len(some) == 2 * (results.runs()["status"] == "ok").sum()
        assert str(some["date"].iloc[0])[:10] == "2013-06-01"


def test_events_keep_their_order_and_runs_without_events_are_fine(pristine):
    events = open_results(pristine).events()
    assert len(events) == 11  # replicates 1 and 2 of 6 cells, less the failed run
    assert set(events["replicate"]) == {1, 2}
    assert set(events["amount"]) == {120.0}


def test_failures_are_rows_and_text_files(pristine):
    table = open_results(pristine).runs()
    failed = table[table["status"] == "failed"]
    assert len(table) == RUNS
    assert len(failed) == 1
    assert failed["reason"].iloc[0] == "ValueError in month 7, step harm: something broke"
    assert math.isnan(failed["npv"].iloc[0])
    [text] = (pristine / "failures").iterdir()
    assert "Traceback: x" in text.read_text()
    counts = json.loads((pristine / "manifest.json").read_text())["counts"]
    assert counts == {"planned": 18, "ok": 17, "failed": 1}


def test_rows_are_sorted(pristine):
    keys = ["place", "arm", "replicate"]
    runs = open_results(pristine).runs()[keys]
    assert runs.equals(runs.sort_values(keys, ignore_index=True))
    series = open_results(pristine).series(["days_lost"])[[*keys, "month"]]
    assert series.equals(series.sort_values([*keys, "month"], kind="stable", ignore_index=True))


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(RUNS)), cuts=st.sets(st.integers(1, RUNS - 1), max_size=5))
def test_order_and_chunks_do_not_change_a_byte(
    fakes, runs, pristine, tmp_path_factory, order, cuts
):
    edges = [0, *sorted(cuts), RUNS]
    shuffled = [runs[i] for i in order]
    pieces = [shuffled[a:b] for a, b in itertools.pairwise(edges)]
    folder = write(fakes, tmp_path_factory.mktemp("shuffled") / "b", pieces)
    assert digests(folder) == digests(pristine)


def test_a_run_written_twice_counts_once(fakes, runs, pristine, tmp_path):
    folder = write(fakes, tmp_path / "b", [runs[:7], runs[3:]])
    assert digests(folder) == digests(pristine)


def test_nothing_but_the_tables_is_left(pristine):
    assert {path.name for path in pristine.iterdir()} == {
        "manifest.json",
        "COMPLETE",
        "failures",
        *(f"{name}.parquet" for name in TABLES),
    }


def test_only_failures_make_a_readable_folder(fakes, tmp_path):
    specs = fakes.specs(places=("coast",), arms=("none",), replicates=1)
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        store.append([fakes.fake_run(specs[0], fail={("coast", "none", 0)})])
        store.finish()
    results = open_results(tmp_path / "b")
    assert len(results.runs()) == 1
    assert results.outcomes == ()
    assert results.series().empty
    assert results.events().empty


def test_finish_refuses_while_runs_are_missing(fakes, runs, tmp_path):
    specs = fakes.specs()
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        store.append(runs[:4])
        with pytest.raises(StoreError, match="incomplete: 4 of 18 runs"):
            store.finish()
    assert not (tmp_path / "b" / "COMPLETE").exists()


def test_an_unfinished_folder_says_how_far_it_got(fakes, runs, tmp_path):
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        store.append(runs[:4])
    with pytest.raises(StoreError, match=r"incomplete: 4 of 18 runs are finished.*resume"):
        open_results(tmp_path / "b")
    partial = open_results(tmp_path / "b", partial=True)
    assert not partial.complete
    assert len(partial.runs()) == 4
    assert len(partial.series(["days_lost"], ["all"])) == 4 * 24


def test_missing_complete_after_compaction_is_mended_by_the_same_batch(fakes, runs, tmp_path):
    """The process is killed between the last table and COMPLETE."""
    specs = fakes.specs()
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        store.append(runs)
        parts = shutil.copytree(tmp_path / "b" / "parts", tmp_path / "parts")
        store.finish()
    before = digests(tmp_path / "b")
    (tmp_path / "b" / "COMPLETE").unlink()
    shutil.copytree(parts, tmp_path / "b" / "parts")
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        assert len(store.finished()) == RUNS
        store.finish()
    assert digests(tmp_path / "b") == before
    assert open_results(tmp_path / "b").complete


@pytest.mark.parametrize("name", [*(f"{table}.parquet" for table in TABLES), "manifest.json"])
def test_a_truncated_file_is_named(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoreError, match=name.replace(".", r"\.")):
        open_results(folder)


@pytest.mark.parametrize("name", ["series.parquet", "runs.parquet"])
def test_a_changed_byte_is_noticed(folder, name):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(StoreError, match=f"{name}: damaged or changed"):
        open_results(folder)


@pytest.mark.parametrize("name", ["series.parquet", "runs.parquet", "manifest.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(StoreError, match=r"no manifest|missing from the results folder"):
        open_results(folder)


def test_a_damaged_complete_is_named(folder):
    (folder / "COMPLETE").write_text("{}")
    with pytest.raises(StoreError, match="COMPLETE: damaged"):
        open_results(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema_version": 99}, "schema version 99; this Parley reads versions 1 to 3"),
        ({"schema_version": None}, "schema version None"),
        ({"format": "someone-else"}, "not a manifest of Parley results"),
    ],
)
def test_foreign_or_newer_manifests_are_refused(folder, change, message):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(StoreError, match=message):
        open_results(folder)


def as_version_1(folder):
    """Make a results folder what the first schema version wrote: with a column more in runs."""
    path, manifest, complete = (folder / n for n in ("runs.parquet", "manifest.json", "COMPLETE"))
    runs = pq.read_table(path)
    place = runs.schema.get_field_index("people") + 1
    missing = ["complaints_desk" * (arm == "hsbp") for arm in runs["arm"].to_pylist()]
    pq.write_table(runs.add_column(place, "missing_dials", pa.array(missing)), path)
    about = json.loads(manifest.read_text()) | {"schema_version": 1}
    about["arms"]["hsbp"]["pending"] = {"complaints_desk": 0.8}
    manifest.write_text(json.dumps(about))
    names = json.loads(complete.read_text())["sha256"]
    complete.write_text(json.dumps({"sha256": {name: digest(folder / name) for name in names}}))


def test_a_folder_of_the_first_schema_version_still_opens(folder, pristine):
    as_version_1(folder)
    old, new = open_results(folder), open_results(pristine)
    assert (old.manifest["schema_version"], new.manifest["schema_version"]) == (1, 3)
    pd.testing.assert_frame_equal(old.runs(), new.runs())
    pd.testing.assert_frame_equal(old.series(), new.series())
    assert old.keys() == new.keys()


@pytest.mark.parametrize("content", ["", "[1, 2]", "{", "\x00\x01"])
def test_a_manifest_that_is_no_json_object_is_refused(folder, content):
    (folder / "manifest.json").write_text(content)
    with pytest.raises(StoreError, match=r"manifest\.json"):
        open_results(folder)


def test_paths_that_are_no_results_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="no such folder"):
        open_results(tmp_path / "nowhere")
    with pytest.raises(StoreError, match="a file, not a results folder"):
        open_results(tmp_path / "file")
    with pytest.raises(StoreError, match="not a results folder"):
        open_results(tmp_path)


def test_an_unknown_outcome_gets_a_suggestion(pristine):
    with pytest.raises(StoreError, match="did you mean 'days_lost'"):
        open_results(pristine).series(["day_lost"])


def test_a_foreign_folder_is_left_alone(fakes, tmp_path):
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(StoreError, match="not results"):
        Store.create(tmp_path, fakes.manifest(fakes.specs()))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    with pytest.raises(StoreError, match="is a file"):
        Store.create(tmp_path / "thesis.docx", fakes.manifest(fakes.specs()))


def test_another_batch_is_left_alone(fakes, folder):
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    with pytest.raises(StoreError, match="already holds another batch"):
        Store.create(folder, fakes.manifest(fakes.specs(seed=6)))
    assert {path.name: path.read_bytes() for path in folder.glob("*.*")} == before


def test_a_complete_batch_takes_no_more_runs(fakes, runs, folder):
    with Store.create(folder, fakes.manifest(fakes.specs())) as store:
        assert store.complete
        assert len(store.finished()) == RUNS
        with pytest.raises(StoreError, match="complete"):
            store.append(runs[:1])


def test_two_writers_at_once_are_refused(fakes, tmp_path):
    manifest = fakes.manifest(fakes.specs())
    with (
        Store.create(tmp_path / "b", manifest),
        pytest.raises(StoreError, match="another process is writing"),
    ):
        Store.create(tmp_path / "b", manifest)
    Store.create(tmp_path / "b", manifest).close()


@pytest.mark.parametrize("leftover", ["parts/tmp-1/runs.parquet", "manifest.json.tmp"])
def test_leftovers_of_a_killed_start_do_not_matter(fakes, runs, pristine, tmp_path, leftover):
    path = tmp_path / "b" / leftover
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")
    folder = write(fakes, tmp_path / "b", [runs])
    assert digests(folder) == digests(pristine)


def test_a_damaged_part_is_named_and_can_be_recomputed(fakes, runs, pristine, tmp_path):
    specs = fakes.specs()
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        store.append(runs[:9])
        store.append(runs[9:])
        part = sorted((tmp_path / "b" / "parts").glob("part-*"))[0]
        path = part / "series.parquet"
        path.write_bytes(path.read_bytes()[:100])
        with pytest.raises(StoreError, match=f"{part.name}: damaged part"):
            store.finish()
        shutil.rmtree(part)
        missing = [run for run in runs if (run.place, run.arm, run.replicate, run.identity)
                   not in store.finished()]  # fmt: skip
        assert len(missing) == 9
        store.append(missing)
        store.finish()
    assert digests(tmp_path / "b") == digests(pristine)


def test_a_run_with_other_outcomes_is_refused(fakes, runs, tmp_path):
    odd = dataclasses.replace(runs[1], series={"new_outcome": np.zeros((24, 5))})
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        store.append(runs[:1])
        with pytest.raises(StoreError, match="reports other outcomes"):
            store.append([odd])
        wrong = dataclasses.replace(
            runs[1], series={name: np.zeros((3, 5)) for name in runs[1].series}
        )
        with pytest.raises(StoreError, match="has shape"):
            store.append([wrong])
        assert len(store.finished()) == 1
