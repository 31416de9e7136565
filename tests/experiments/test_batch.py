"""Batches: the same tables from one process or two, straight through or killed and resumed."""

import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parley.errors import RunError, StoreError
from parley.store import open_results
from parley.store.files import COMPARED_TABLES, digest
from parley_experiments.batch import BatchInterrupted, run_batch

FAKES = Path(__file__).parents[1] / "fake_runs.py"
BATCH = """
import functools, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job is born deaf to Ctrl-C
from pathlib import Path
from types import SimpleNamespace
from parley_experiments.batch import run_batch
fakes = SimpleNamespace(**runpy.run_path(sys.argv[1]))
run_one = functools.partial(fakes.fake_run, pause=float(sys.argv[4]))
run_batch(fakes.specs(), Path(sys.argv[2]), processes=int(sys.argv[3]), run_one=run_one)
"""


def digests(folder):
    return {name: digest(folder / f"{name}.parquet") for name in COMPARED_TABLES}


@pytest.fixture(scope="module")
def straight(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("batch") / "straight"
    run_batch(fakes.specs(), folder, processes=1, run_one=fakes.fake_run)
    return folder


def start(folder, processes, pause):
    words = [sys.executable, "-c", BATCH, str(FAKES), str(folder), str(processes), str(pause)]
    return subprocess.Popen(words)


def wait_for_parts(folder, process, count=1):
    deadline = time.monotonic() + 60
    while len(list((folder / "parts").glob("part-*"))) < count:
        assert process.poll() is None, "the batch ended too early"
        assert time.monotonic() < deadline, "no part appeared"
        time.sleep(0.05)


def test_two_processes_give_the_same_tables(fakes, straight, tmp_path):
    report = run_batch(fakes.specs(), tmp_path / "b", processes=2, run_one=fakes.fake_run)
    assert (report.planned, report.failed, report.resumed) == (18, 0, 0)
    assert digests(tmp_path / "b") == digests(straight)


def test_order_of_the_specs_does_not_matter(fakes, straight, tmp_path):
    run_batch(reversed(fakes.specs()), tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert digests(tmp_path / "b") == digests(straight)


def test_a_failing_run_is_one_row(fakes, tmp_path):
    def broken(spec):
        if spec.arm == "hsbp" and spec.replicate == 1:
            raise ZeroDivisionError("oh")
        return fakes.fake_run(spec)

    report = run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=broken)
    runs = open_results(tmp_path / "b").runs()
    assert report.failed == 2
    assert list(runs.loc[runs["status"] == "failed", "reason"]) == ["ZeroDivisionError: oh"] * 2
    assert len(runs) == 18


@pytest.mark.parametrize("when", [0, 7, 17])
def test_ctrl_c_keeps_finished_runs_and_the_same_call_resumes(fakes, straight, tmp_path, when):
    made = []

    def interrupted(spec):
        if len(made) == when:
            raise KeyboardInterrupt
        made.append(spec)
        return fakes.fake_run(spec)

    with pytest.raises(BatchInterrupted, match=f"{when} of 18 runs are finished") as caught:
        run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=interrupted)
    assert (caught.value.finished, caught.value.planned) == (when, 18)
    with pytest.raises(StoreError, match=f"incomplete: {when} of 18"):
        open_results(tmp_path / "b")
    again = []

    def counted(spec):
        again.append(spec)
        return fakes.fake_run(spec)

    report = run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=counted)
    assert (len(again), report.resumed) == (18 - when, when)
    assert digests(tmp_path / "b") == digests(straight)


def test_ctrl_c_while_the_tables_are_written(fakes, straight, tmp_path, monkeypatch):
    def interrupted(*about):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("parley.store.parts.compact", interrupted)
        with pytest.raises(BatchInterrupted, match="18 of 18 runs are finished"):
            run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert {path.name for path in (tmp_path / "b").iterdir()} == {"manifest.json", "parts"}
    report = run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert (report.resumed, report.complete) == (18, True)
    assert digests(tmp_path / "b") == digests(straight)


def test_a_complete_batch_is_not_made_again(fakes, straight):
    before = (straight / "manifest.json").read_bytes()

    def never(spec):
        raise AssertionError("made again")

    report = run_batch(fakes.specs(), straight, processes=2, run_one=never)
    assert report.resumed == 18
    assert (straight / "manifest.json").read_bytes() == before


def test_progress_counts_runs(fakes, tmp_path):
    seen = []
    run_one = functools.partial(fakes.fake_run, fail={("coast", "none", 0)})
    run_batch(
        fakes.specs(arms=("none",)),
        tmp_path / "b",
        processes=1,
        run_one=run_one,
        progress=lambda *numbers: seen.append(numbers),
    )
    assert seen[0] == (0, 6, 0)
    assert seen[-1] == (6, 6, 1)
    assert [done for done, *_ in seen] == list(range(7))


def test_bad_orders_write_nothing(fakes, tmp_path):
    with pytest.raises(RunError, match="nothing to run"):
        run_batch([], tmp_path / "b", run_one=fakes.fake_run)
    with pytest.raises(RunError, match="at least 1 process"):
        run_batch(fakes.specs(), tmp_path / "b", processes=0, run_one=fakes.fake_run)
    assert list(tmp_path.iterdir()) == []


def test_another_batch_in_the_folder_is_refused(fakes, straight):
    before = digests(straight)
    with pytest.raises(StoreError, match="already holds another batch"):
        run_batch(fakes.specs(seed=9), straight, processes=1, run_one=fakes.fake_run)
    assert digests(straight) == before


def test_the_manifest_says_what_was_run(fakes, straight):
    manifest = json.loads((straight / "manifest.json").read_text())
    assert manifest["counts"] == {"planned": 18, "ok": 18, "failed": 0}
    assert list(manifest["places"]) == ["coast", "hills"]
    assert set(manifest["arms"]["hsbp"]) == {"label", "note"}
    assert manifest["places"]["coast"]["events"][0]["label"] == "Pipeline spill"
    assert len(manifest["scenarios"]) == 6
    assert len(manifest["inputs"]["parameters"]) == 1
    assert len(manifest["inputs"]["practices"]) == 3
    assert manifest["versions"]["numpy"]
    assert len(manifest["registry"]) == 64
    assert manifest["started"] <= manifest["ended"]


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_a_killed_batch_resumes_to_the_same_tables(fakes, straight, tmp_path, processes):
    folder = tmp_path / "b"
    process = start(folder, processes, pause=1.0 * processes)
    try:
        wait_for_parts(folder, process)
    finally:
        process.kill()
        process.wait()
    kept = len(open_results(folder, partial=True).runs())
    assert 1 <= kept < 18
    report = run_batch(fakes.specs(), folder, processes=2, run_one=fakes.fake_run)
    assert report.resumed == kept
    assert digests(folder) == digests(straight)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are a POSIX matter")
def test_ctrl_c_with_two_processes_leaves_no_process_behind(fakes, straight, tmp_path):
    folder = tmp_path / "b"
    words = [sys.executable, "-c", BATCH, str(FAKES), str(folder), "2", "2.0"]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for_parts(folder, process)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "BatchInterrupted" in error
    assert error.count("Traceback") == 1
    deadline = time.monotonic() + 20
    while process_group_alive(process.pid):
        assert time.monotonic() < deadline, "a worker survived"
        time.sleep(0.2)
    run_batch(fakes.specs(), folder, processes=1, run_one=fakes.fake_run)
    assert digests(folder) == digests(straight)


def process_group_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
