"""Several writers at once, merged folders, runs made again: the same tables whatever happened."""

import itertools
import shutil

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.errors import StoreError
from parley.store import Store, merge_results, open_results
from parley.store.files import COMPARED_TABLES, REPLACEMENT, digest

RUNS = 18
FAILED = {("hills", "none", 2), ("coast", "hsbp", 0)}
POINTS = {"points": pa.table({"point": [0, 1, 2]})}


def digests(folder):
    return {name: digest(folder / f"{name}.parquet") for name in COMPARED_TABLES}


@pytest.fixture(scope="module")
def runs(fakes):
    return [fakes.fake_run(spec) for spec in fakes.specs()]


@pytest.fixture(scope="module")
def runs_with_failures(fakes):
    return [fakes.fake_run(spec, fail=FAILED) for spec in fakes.specs()]


@pytest.fixture(scope="module")
def make(fakes):
    def make(folder, *pieces, finish=True, **about):
        with Store.create(folder, fakes.manifest(fakes.specs(), **about), POINTS) as store:
            for piece in pieces:
                store.append(piece)
            if finish:
                store.finish()
        return folder

    return make


@pytest.fixture(scope="module")
def straight(make, runs, tmp_path_factory):
    return digests(make(tmp_path_factory.mktemp("writers") / "straight", runs))


@pytest.fixture(scope="module")
def with_failures(make, runs_with_failures, tmp_path_factory):
    return make(tmp_path_factory.mktemp("writers") / "failed", runs_with_failures)


def test_the_last_of_two_writers_finishes(fakes, runs, straight, tmp_path):
    manifest = fakes.manifest(fakes.specs())
    first = Store.create(tmp_path / "b", manifest, POINTS, writer="1of2")
    second = Store.create(tmp_path / "b", manifest, POINTS, writer="2of2")
    third = Store.create(tmp_path / "b", manifest, POINTS, writer="3of3")
    assert not third.finish_if_whole()  # runs are missing
    second.append(runs[1::2])
    first.append(runs[::2])
    assert not first.finish_if_whole()  # the second may still be making runs again
    assert second.finish_if_whole()
    assert first.finish_if_whole()
    assert third.finish_if_whole()
    assert digests(tmp_path / "b") == straight


def test_a_writer_under_the_same_name_is_refused_and_others_are_not(fakes, tmp_path):
    manifest = fakes.manifest(fakes.specs())
    with Store.create(tmp_path / "b", manifest, writer="1of2"):
        with pytest.raises(StoreError, match=r"another process is writing .* as '1of2'"):
            Store.create(tmp_path / "b", manifest, writer="1of2")
        Store.create(tmp_path / "b", manifest, writer="2of2").close()


def test_a_new_writer_leaves_the_unfinished_parts_of_others_alone(fakes, tmp_path):
    manifest = fakes.manifest(fakes.specs())
    with Store.create(tmp_path / "b", manifest, writer="1of2"):
        for writer in ("1of2", "2of2"):
            (tmp_path / "b" / "parts" / f"tmp-{writer}-x").mkdir()
        Store.create(tmp_path / "b", manifest, writer="2of2").close()
        left = {path.name for path in (tmp_path / "b" / "parts").glob("tmp-*")}
        assert left == {"tmp-1of2-x"}


def test_a_late_writer_s_doubles_do_no_harm(fakes, runs, straight, tmp_path):
    """A whole batch and a shard of it at once: both have the shard's runs."""
    manifest = fakes.manifest(fakes.specs())
    late = Store.create(tmp_path / "b", manifest, POINTS, writer="1of2")
    with Store.create(tmp_path / "b", manifest, POINTS) as whole:
        whole.append(runs)
        late.close()
        whole.finish()
    late.append(runs[::2])
    assert digests(tmp_path / "b") == straight
    assert not (tmp_path / "b" / "parts").exists()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(RUNS)),
    cuts=st.sets(st.integers(1, RUNS - 1), max_size=5),
    crashes=st.sets(st.integers(0, 6), max_size=4),
    doubles=st.integers(0, 5),
)
def test_any_split_order_and_crash_point_gives_the_same_tables(
    fakes, runs, straight, tmp_path_factory, order, cuts, crashes, doubles
):
    """A crash between appends is a writer that is gone; one within leaves a temporary part."""
    folder = tmp_path_factory.mktemp("any") / "b"
    manifest = fakes.manifest(fakes.specs())
    pieces = itertools.pairwise([0, *sorted(cuts), RUNS])
    store = Store.create(folder, manifest, POINTS)
    for number, (a, b) in enumerate(pieces):
        store.append([runs[i] for i in order[max(a - doubles, 0) : b]])
        if number in crashes:
            (folder / "parts" / f"tmp-1of1-{number}").mkdir()
            (folder / "parts" / f"tmp-1of1-{number}" / "runs.parquet").write_bytes(b"half")
            store.close()
            store = Store.create(folder, manifest, POINTS)
            assert len(store.finished()) == b
    store.finish()
    assert digests(folder) == straight


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owners=st.lists(st.sets(st.integers(0, 2), min_size=1), min_size=RUNS, max_size=RUNS),
    order=st.permutations(range(3)),
)
def test_any_folders_merged_in_any_order_give_the_same_tables(
    make, runs, straight, tmp_path_factory, owners, order
):
    root = tmp_path_factory.mktemp("merge")
    for number in range(3):
        mine = [run for run, whose in zip(runs, owners, strict=True) if number in whose]
        make(root / str(number), mine, finish=len(mine) == RUNS)
    report = merge_results([root / str(number) for number in order], root / "all")
    assert (report.planned, report.found, report.failed, report.complete) == (18, 18, 0, True)
    assert digests(root / "all") == straight
    assert open_results(root / "all").attached("points")["point"].tolist() == [0, 1, 2]


def test_merging_step_by_step_and_twice(make, runs, straight, tmp_path):
    for number in range(3):
        make(tmp_path / str(number), runs[number::3], finish=False)
    first = merge_results([tmp_path / "0", tmp_path / "1"], tmp_path / "all")
    assert (first.found, first.complete) == (12, False)
    again = merge_results([tmp_path / "0", tmp_path / "1"], tmp_path / "all")
    assert (again.found, again.complete) == (12, False)
    assert len(list((tmp_path / "all" / "parts").glob("part-*"))) == 2
    last = merge_results([tmp_path / "2", tmp_path / "all"], tmp_path / "all")
    assert (last.found, last.complete) == (18, True)
    assert digests(tmp_path / "all") == straight
    before = (tmp_path / "all" / "manifest.json").read_bytes()
    assert merge_results([tmp_path / "2"], tmp_path / "all").complete
    assert (tmp_path / "all" / "manifest.json").read_bytes() == before  # there was nothing to do
    assert len(list((tmp_path / "2" / "parts").glob("part-*"))) == 1  # sources stay as they are


def test_a_finished_run_counts_rather_than_a_failed_one(make, runs, runs_with_failures, straight,
                                                        tmp_path):  # fmt: skip
    for name, some in (("bad", runs_with_failures), ("good", runs)):
        make(tmp_path / name, some)
    for order in (["bad", "good"], ["good", "bad"]):
        target = tmp_path / "".join(order)
        report = merge_results([tmp_path / name for name in order], target)
        assert (report.failed, report.complete) == (0, True)
        assert digests(target) == straight
        assert not (target / "failures").exists()


def test_foreign_and_damaged_folders_are_all_named_and_nothing_is_written(
    fakes, make, runs, tmp_path
):
    make(tmp_path / "good", runs[:3], finish=False)
    make(tmp_path / "other", [], finish=False, batch="other", label="theirs")
    make(tmp_path / "broken", runs[:3], finish=False)
    [path] = (tmp_path / "broken").glob("parts/part-*/runs.parquet")
    path.write_bytes(b"broken")
    (tmp_path / "empty").mkdir()
    names = ("good", "other", "broken", "empty")
    with pytest.raises(StoreError) as caught:
        merge_results([tmp_path / name for name in names], tmp_path / "all")
    text = str(caught.value)
    assert "other: holds another batch (theirs, 18 runs" in text
    assert "damaged part" in text
    assert "empty: not a results folder" in text
    assert text.endswith("nothing was merged")
    assert not (tmp_path / "all").exists()


def test_merging_nothing_is_refused(make, runs, tmp_path):
    with pytest.raises(StoreError, match="no results folder given"):
        merge_results([], tmp_path / "all")
    make(tmp_path / "b", runs)
    with pytest.raises(StoreError, match="is the only folder given"):
        merge_results([tmp_path / "b"], tmp_path / "b")


def test_failed_runs_of_a_complete_folder_are_replaced(fakes, runs, with_failures, straight,
                                                       tmp_path):  # fmt: skip
    folder = shutil.copytree(with_failures, tmp_path / "b")
    before = digests(folder)
    assert before != straight
    again = [run for run in runs if (run.place, run.arm, run.replicate) in FAILED]
    with Store.create(folder, fakes.manifest(fakes.specs()), POINTS, retry=True) as store:
        assert sum(store.states().values()) == 2
        store.append(again)
        assert sum(store.states().values()) == 0
        assert digests(folder) == before  # until it is finished
        assert open_results(folder).manifest["counts"]["failed"] == 2
        store.finish()
    assert digests(folder) == straight
    assert open_results(folder).manifest["counts"] == {"planned": 18, "ok": 18, "failed": 0}
    assert {path.name for path in folder.iterdir()} == {
        "COMPLETE", "manifest.json", "points.parquet", "runs.parquet", "series.parquet",
        "events.parquet", "timings.parquet",
    }  # fmt: skip


def test_a_retry_cut_short_keeps_its_runs_and_the_old_tables(fakes, runs, with_failures, straight,
                                                             tmp_path):  # fmt: skip
    folder = shutil.copytree(with_failures, tmp_path / "b")
    manifest = fakes.manifest(fakes.specs())
    again = [run for run in runs if (run.place, run.arm, run.replicate) in FAILED]
    with Store.create(folder, manifest, retry=True) as store:
        store.append(again[:1])
    assert digests(folder) == digests(with_failures)
    with Store.create(folder, manifest, retry=True) as store:
        assert sum(store.states().values()) == 1
        store.append(again[1:])
        store.finish()
    assert digests(folder) == straight


def test_a_retry_by_two_processes_is_refused(fakes, with_failures, tmp_path):
    folder = shutil.copytree(with_failures, tmp_path / "b")
    manifest = fakes.manifest(fakes.specs())
    with (
        Store.create(folder, manifest, retry=True, writer="1of2"),
        pytest.raises(StoreError, match=r"another process is writing .* as 'retry'"),
    ):
        Store.create(folder, manifest, retry=True, writer="2of2")


def test_a_run_that_fails_again_shows_its_last_reason(fakes, with_failures, tmp_path):
    folder = shutil.copytree(with_failures, tmp_path / "b")
    [spec] = [s for s in fakes.specs() if (s.place, s.arm, s.replicate) == ("hills", "none", 2)]
    with Store.create(folder, fakes.manifest(fakes.specs()), retry=True) as store:
        failure = fakes.fake_run(spec, fail=FAILED)
        store.append([type(failure)(**{**_fields(failure), "message": "otherwise"})])
        store.finish()
    reasons = open_results(folder).runs().query("status == 'failed'")["reason"].tolist()
    assert sorted(reason.rpartition(": ")[2] for reason in reasons) == [
        "otherwise",
        "something broke",
    ]


def _fields(failure):
    return {name: getattr(failure, name) for name in failure.__slots__}


def test_files_of_a_replacement_count_before_they_are_moved(with_failures, fakes, runs, straight,
                                                            tmp_path):  # fmt: skip
    """The process is killed right after new tables began to count, and again while they move."""
    folder = shutil.copytree(with_failures, tmp_path / "b")
    made = shutil.copytree(with_failures, tmp_path / "made")
    with Store.create(made, fakes.manifest(fakes.specs()), retry=True) as store:
        store.append(runs)
        store.finish()
    (folder / REPLACEMENT).mkdir()
    for name in ("runs", "series", "events", "timings"):
        shutil.copy(made / f"{name}.parquet", folder / REPLACEMENT)
    for name in ("manifest.json", "COMPLETE"):
        shutil.copy(made / name, folder / REPLACEMENT)
    assert set(open_results(folder).runs()["status"]) == {"ok"}
    (folder / REPLACEMENT / "COMPLETE").replace(folder / "COMPLETE")
    (folder / REPLACEMENT / "runs.parquet").replace(folder / "runs.parquet")
    assert set(open_results(folder).runs()["status"]) == {"ok"}
    Store.create(folder, fakes.manifest(fakes.specs())).close()
    assert not (folder / REPLACEMENT).exists()
    assert digests(folder) == straight
