"""Dask clusters, killed workers and killed batches: the same tables, and little is lost."""

import contextlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from parley.errors import RunError
from parley.registry import load_registry
from parley.store import merge_results, open_results
from parley.store.files import COMPARED_TABLES, digest
from parley_experiments.batch import run_batch
from parley_experiments.comparison import comparison_specs
from parley_experiments.dask_engine import DaskCluster, make_runs
from parley_experiments.thin import run_levels

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX matter"),
]
FAKES = Path(__file__).parents[1] / "fake_runs.py"
BATCH = """
import functools, runpy, sys
from pathlib import Path
from parley_experiments.batch import run_batch
fakes = runpy.run_path(sys.argv[1])
folder, marks, processes, shard, pause = sys.argv[2:7]
fake_run = fakes["fake_run"]

def run_one(spec):
    import os, time
    from pathlib import Path
    result = fake_run(spec, pause=float(pause))
    Path(marks, f"{spec.identity}-{time.time()}-{spec.place}-{os.getpid()}").touch()
    return result

run_batch(fakes["specs"](replicates=20), Path(folder), processes=int(processes),
          run_one=run_one, shard=shard or None)
"""
RUNS = 120
SECONDS_LOST = 9.0
"""A run waits about a second for the rest of its chunk and 5 s at most to be written with others;
more than that is for a busy machine."""


def digests(folder):
    return {name: digest(folder / f"{name}.parquet") for name in COMPARED_TABLES}


@pytest.fixture(scope="module")
def straight(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("clusters") / "straight"
    run_batch(fakes.specs(replicates=20), folder, processes=1, run_one=fakes.fake_run)
    return digests(folder)


def start(folder, marks, processes=1, shard="", pause=0.0):
    marks.mkdir(exist_ok=True)
    words = [str(FAKES), str(folder), str(marks), str(processes), shard, str(pause)]
    return subprocess.Popen([sys.executable, "-c", BATCH, *words], start_new_session=True)


def group_is_alive(group):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


def test_a_cluster_of_processes_makes_the_same_tables(fakes, straight, tmp_path):
    report = run_batch(
        fakes.specs(replicates=20), tmp_path / "b", engine="dask", processes=2,
        run_one=fakes.fake_run,
    )  # fmt: skip
    assert (report.planned, report.failed, report.complete) == (RUNS, 0, True)
    assert digests(tmp_path / "b") == straight


def test_a_worker_of_a_cluster_is_killed_midway(fakes, straight, tmp_path):
    """The cluster is started by the test, and one of its two processes dies while it works."""
    import dask
    import distributed

    killed = []

    def kill_one(client):
        for _ in range(200):
            time.sleep(0.1)
            pids = client.run(os.getpid)
            if len(pids) == 2 and len(list(tmp_path.glob("b/parts/part-*"))) >= 1:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)
                return

    def through(run_one, specs):
        yield from make_runs(client, run_one, specs)

    def slow(spec, fake_run=fakes.fake_run):
        return fake_run(spec, pause=0.2)

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 3}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
            silence_logs=50, local_directory=str(tmp_path / "scratch"),
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        killer = threading.Thread(target=kill_one, args=(client,))
        killer.start()
        report = run_batch(fakes.specs(replicates=20), tmp_path / "b", engine=through, run_one=slow)
        killer.join()
    assert len(killed) == 1
    assert (report.failed, report.complete) == (0, True)
    assert digests(tmp_path / "b") == straight


def test_a_scheduler_by_its_address(fakes, straight, tmp_path):
    import distributed

    with distributed.LocalCluster(
        n_workers=1, processes=False, dashboard_address="127.0.0.1:0", silence_logs=50,
        local_directory=str(tmp_path / "scratch"), protocol="tcp",
    ) as cluster:  # fmt: skip
        run_batch(
            fakes.specs(replicates=20), tmp_path / "b", run_one=fakes.fake_run,
            engine=f"dask:{cluster.scheduler_address}",
        )  # fmt: skip
    assert digests(tmp_path / "b") == straight


def test_a_scheduler_that_is_not_there(fakes):
    import dask

    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(RunError, match=r"no Dask scheduler answers at tcp://127.0.0.1:9"),
    ):
        next(DaskCluster("tcp://127.0.0.1:9")(fakes.fake_run, fakes.specs()))


def test_a_run_that_kills_workers_of_a_cluster_is_a_failed_row(fakes, tmp_path):
    def deadly(spec, fake_run=fakes.fake_run):
        if (spec.place, spec.arm, spec.replicate) == ("hills", "hsbp", 1):
            os.kill(os.getpid(), signal.SIGKILL)
        return fake_run(spec)

    report = run_batch(fakes.specs(), tmp_path / "b", engine="dask", processes=2, run_one=deadly)
    assert (report.failed, report.complete) == (1, True)
    runs = open_results(tmp_path / "b").runs().set_index(["place", "arm", "replicate"])
    assert "WorkerDiedError" in runs.loc[("hills", "hsbp", 1), "reason"]


def test_workers_of_a_cluster_keep_the_memory_they_need(fakes):
    """The default trims memory after every step, which makes array code three times slower."""
    seen = list(DaskCluster(None, 1)(environment, fakes.specs()[:1]))
    assert seen[0].message == "None 1 1"


WORKER = """
import os, sys
import distributed
if __name__ == "__main__":
    with distributed.LocalCluster(
        n_workers=1, dashboard_address="127.0.0.1:0", silence_logs=50, local_directory=sys.argv[1]
    ) as cluster, distributed.Client(cluster) as client:
        names = ("MALLOC_TRIM_THRESHOLD_", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS")
        [seen] = client.run(lambda: [os.environ.get(name) for name in names]).values()
        print(seen)
"""


def test_the_setting_of_the_page_is_what_workers_need(tmp_path):
    page = Path(__file__).parents[2] / "docs" / "how-to" / "large-batches.md"
    [(name, value)] = re.findall(r"export (DASK_\w+)='(.*)'", page.read_text("utf-8"))
    (tmp_path / "worker.py").write_text(WORKER)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MALLOC", "NUMBA", "OMP"))}
    said = [
        subprocess.run(
            [sys.executable, str(tmp_path / "worker.py"), str(tmp_path)], env=clean | extra,
            capture_output=True, text=True, check=True,
        ).stdout.strip()
        for extra in ({}, {name: value})
    ]  # fmt: skip
    assert said == ["['65536', None, '1']", "[None, '1', '1']"]


def environment(spec):
    from parley.results import RunFailure

    names = ("MALLOC_TRIM_THRESHOLD_", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
    seen = " ".join(str(os.environ.get(name)) for name in names)
    return RunFailure(spec.identity, spec.place, spec.arm, spec.replicate, 5, "Seen", seen)


@pytest.mark.parametrize("processes", [1, 2])
def test_killed_at_random_moments_a_batch_loses_seconds_and_no_more(
    fakes, straight, tmp_path, processes
):
    folder, marks = tmp_path / "b", tmp_path / "marks"
    moments, kept = random.Random(processes), 0
    for _ in range(2):
        process = start(folder, marks, processes, pause=0.4 * processes)
        time.sleep(moments.uniform(12.0, 16.0))
        process.kill()
        now = time.time()
        process.wait()
        results = open_results(folder, partial=True)
        there = {key[3] for key in results.keys()}  # noqa: SIM118 - a method of results
        finished = [path.name.split("-")[:2] for path in marks.iterdir()]
        old = {identity for identity, when in finished if now - float(when) > SECONDS_LOST}
        assert len(old) >= 1
        assert old <= there
        assert len(there) >= kept
        kept = len(there)
        deadline = time.monotonic() + 10
        while group_is_alive(process.pid):
            assert time.monotonic() < deadline, "a worker survived its parent"
            time.sleep(0.1)
    assert marks.exists()
    run_batch(fakes.specs(replicates=20), folder, processes=2, run_one=fakes.fake_run)
    assert digests(folder) == straight


def test_two_shards_at_once_in_one_folder(straight, tmp_path):
    folder, marks = tmp_path / "b", tmp_path / "marks"
    both = [start(folder, marks, shard=f"{i}/2", pause=0.02) for i in (2, 1)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert len(list(marks.iterdir())) == RUNS  # nothing was made twice
    assert digests(folder) == straight


def test_an_array_of_jobs_in_random_order_of_which_one_is_killed(straight, tmp_path):
    folder, marks = tmp_path / "b", tmp_path / "marks"
    order = [f"{i}/3" for i in (1, 2, 3)]
    random.Random(1).shuffle(order)
    jobs = {shard: start(folder, marks, shard=shard, pause=0.1) for shard in order}
    time.sleep(5.0)
    jobs[order[1]].kill()
    for shard in order:
        jobs[shard].wait(timeout=120)
    assert not (folder / "COMPLETE").exists()
    assert start(folder, marks, shard=order[1]).wait(timeout=60) == 0
    assert digests(folder) == straight


def test_shards_of_several_machines_are_merged(straight, tmp_path):
    jobs = [start(tmp_path / str(i), tmp_path / "marks", shard=f"{i}/3") for i in (3, 1, 2)]
    assert [job.wait(timeout=120) for job in jobs] == [0, 0, 0]
    report = merge_results([tmp_path / str(i) for i in (2, 3, 1)], tmp_path / "b")
    assert (report.found, report.complete) == (RUNS, True)
    assert digests(tmp_path / "b") == straight


def test_the_model_itself_gives_the_same_from_every_engine(tmp_path):
    """Whole runs and levels: in this process, in two of a pool, in two of a cluster."""
    specs = comparison_specs(["none", "hsbp"], ["bosnia"], 3, months=6, population=80)
    for name, run_one in (("whole", None), ("levels", partial(run_levels, horizons=(2, 6)))):
        found = []
        for engine, processes in ((None, 1), ("local", 2), ("dask", 2)):
            folder = tmp_path / f"{name}-{engine}-{processes}"
            run_batch(specs, folder, processes=processes, engine=engine, run_one=run_one)
            found.append(digests(folder))
        assert found[1:] == found[:1] * 2
    whole = open_results(tmp_path / "whole-None-1").series(month=5)
    levels = open_results(tmp_path / "levels-None-1").series(month=5)
    assert sorted(set(open_results(tmp_path / "levels-None-1").series()["month"])) == [1, 5]
    kept = [o.name for o in load_registry().outcomes if o.aggregate == "last" and o.name in whole]
    assert len(kept) >= 5
    assert levels[kept].equals(whole[kept])
