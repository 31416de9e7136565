"""Engines: the same results from each, lazily, with few orders and results in hand."""

import gc
import itertools
import os
import sys
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from parley.errors import RunError
from parley.results import RunFailure
from parley.store import open_results
from parley.store.files import COMPARED_TABLES, digest
from parley_experiments.batch import run_batch
from parley_experiments.engines import (
    ONE_THREAD,
    Dispatch,
    Done,
    InProcess,
    choose_engine,
    execute,
    execute_chunk,
)
from parley_experiments.local_pool import LocalPool

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX matter")


def digests(folder):
    return {name: digest(folder / f"{name}.parquet") for name in COMPARED_TABLES}


@pytest.fixture(scope="module")
def straight(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("engines") / "straight"
    run_batch(fakes.specs(), folder, processes=1, run_one=fakes.fake_run)
    return digests(folder)


def deadly(fakes, marks, always=(), once=()):
    """A run that kills its own worker: certain orders always, others the first time."""
    fake_run = fakes.fake_run

    def run_one(spec):
        import os
        import signal

        key = (spec.place, spec.arm, spec.replicate)
        mark = marks / "-".join(map(str, key))
        if key in always or (key in once and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return fake_run(spec)

    return run_one


@posix_only
def test_a_killed_worker_costs_nothing(fakes, straight, tmp_path):
    run_one = deadly(fakes, tmp_path, once={("coast", "hsbp", 1), ("hills", "none", 0)})
    report = run_batch(fakes.specs(), tmp_path / "b", processes=2, run_one=run_one)
    assert report.failed == 0
    assert digests(tmp_path / "b") == straight


@posix_only
def test_a_run_that_kills_its_worker_twice_is_a_failed_row(fakes, straight, tmp_path):
    run_one = deadly(fakes, tmp_path, always={("coast", "hsbp", 1)})
    report = run_batch(fakes.specs(), tmp_path / "b", processes=2, run_one=run_one)
    assert (report.failed, report.complete) == (1, True)
    runs = open_results(tmp_path / "b").runs().set_index(["place", "arm", "replicate"])
    failed = runs[runs["status"] == "failed"]
    assert failed.index.tolist() == [("coast", "hsbp", 1)]
    reason = "WorkerDiedError: the process making this run died 2 times (SIGKILL)"
    assert failed["reason"].tolist() == [reason]
    run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run, retry_failed=True)
    assert digests(tmp_path / "b") == straight


@posix_only
@pytest.mark.slow
def test_workers_that_all_die_end_the_batch_with_a_reason(fakes, tmp_path):
    specs = fakes.specs()
    run_one = deadly(fakes, tmp_path, always={(s.place, s.arm, s.replicate) for s in specs})
    with pytest.raises(RunError, match=r"worker processes keep dying \(SIGKILL\).*resume"):
        run_batch(specs, tmp_path / "b", processes=2, run_one=run_one)
    assert 1 <= len(open_results(tmp_path / "b", partial=True).runs()) < len(specs)


def test_workers_use_one_thread_and_end_with_the_batch(fakes):
    seen = list(LocalPool(2)(in_worker, fakes.specs(places=("coast",), replicates=2)))
    pids = {failure.message.split()[0] for failure in seen}
    assert {tuple(failure.message.split()[1:]) for failure in seen} == {("1", "1", "1")}
    assert str(os.getpid()) not in pids
    deadline = time.monotonic() + 10
    while any(is_alive(int(pid)) for pid in pids):
        assert time.monotonic() < deadline, "a worker survived"
        time.sleep(0.05)


def in_worker(spec):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    seen = " ".join([str(os.getpid()), *(os.environ.get(name, "-") for name in names)])
    return RunFailure(spec.identity, spec.place, spec.arm, spec.replicate, 5, "Seen", seen)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_compiled_passes_use_one_thread_too():
    assert ONE_THREAD["NUMBA_NUM_THREADS"] == "1"


@pytest.mark.parametrize("engine", [InProcess(), LocalPool(2)], ids=["in process", "pool"])
def test_orders_are_taken_as_they_are_needed(fakes, engine):
    """An endless design is no trouble: neither orders nor results pile up."""
    taken = []

    def endless():
        for replicate in itertools.count():
            taken.append(replicate)
            yield fakes.specs(places=("coast",), arms=("none",), replicates=1)[0]

    results = engine(fakes.fake_run, endless())
    for _ in range(20):
        next(results)
    results.close()
    assert 20 <= len(taken) <= 20 + 3 * 64


def test_the_model_is_freed_after_its_run_and_what_was_there_is_left_alone(fakes):
    class Model:
        pass

    made, mine = [], Model()
    mine.itself, kept = mine, weakref.ref(mine)
    del mine

    def run_one(spec):
        model = Model()
        model.itself = model
        made.append(weakref.ref(model))
        return fakes.fake_run(spec)

    gc.disable()
    try:
        execute(run_one, fakes.specs()[0])
        assert made[0]() is None
        assert kept() is not None
        assert gc.get_freeze_count() == 0
        gc.collect()
        assert kept() is None
    finally:
        gc.enable()


def test_short_runs_travel_in_chunks_and_long_ones_alone(fakes):
    dispatch = Dispatch(fakes.specs(replicates=30))
    chunk = dispatch.next_chunk()
    assert len(chunk) == 1
    dispatch.note_done(chunk, Done([], 0.1))
    assert len(dispatch.next_chunk()) == 10  # a second of runs of 0.1 s
    for _ in range(8):
        dispatch.note_done(chunk, Done([], 1e-5))
    assert len(dispatch.next_chunk()) == 64
    for _ in range(8):
        dispatch.note_done(chunk, Done([], 60.0))
    assert len(dispatch.next_chunk()) == 1


def test_runs_of_a_dead_worker_s_chunk_are_made_one_by_one(fakes):
    dispatch = Dispatch(fakes.specs(replicates=30))
    dispatch.note_done(dispatch.next_chunk(), Done([], 0.3))
    chunk = dispatch.next_chunk()
    assert len(chunk) == 3
    assert dispatch.note_death(chunk, "SIGKILL") == []
    again = [dispatch.next_chunk() for _ in range(3)]
    assert again == [(spec,) for spec in chunk]
    assert dispatch.note_death(again[1], "SIGKILL") == []
    assert dispatch.next_chunk() == again[1]
    [lost] = dispatch.note_death(again[1], "SIGKILL")
    assert lost.identity == chunk[1].identity
    assert "died 2 times (SIGKILL)" in lost.reason
    assert len(dispatch.next_chunk()) == 3


def test_deaths_in_a_row_are_bounded_and_a_success_begins_anew(fakes):
    dispatch = Dispatch(fakes.specs(replicates=30))
    for _ in range(12):
        dispatch.note_death(dispatch.next_chunk(), "SIGKILL")
    dispatch.note_done((fakes.specs()[0],), Done([], 1.0))
    for _ in range(12):
        dispatch.note_death(dispatch.next_chunk(), "SIGKILL")
    with pytest.raises(RunError, match="keep dying"):
        dispatch.note_death(dispatch.next_chunk(), "SIGKILL")


def test_a_chunk_times_its_runs(fakes):
    done = execute_chunk(fakes.fake_run, tuple(fakes.specs()[:3]))
    assert [r.identity for r in done.results] == [s.identity for s in fakes.specs()[:3]]
    assert 0 < done.seconds < 10


def test_an_engine_of_one_s_own(fakes, straight, tmp_path):
    """Threads are a poor choice for the model, but results do not depend on who makes the runs."""

    def threads(run_one, specs):
        with ThreadPoolExecutor(2) as pool:
            yield from pool.map(run_one, specs)

    names = threading.active_count()
    run_batch(fakes.specs(), tmp_path / "b", engine=threads, run_one=fakes.fake_run)
    assert digests(tmp_path / "b") == straight
    assert threading.active_count() == names


def test_a_worker_with_other_code_is_found_out(fakes, tmp_path):
    def other(run_one, specs):
        for spec in specs:
            yield run_one(fakes.specs(seed=6)[0]) if spec.arm == "hsbp" else run_one(spec)

    with pytest.raises(RunError, match=r"another run than was ordered .*same version of Parley"):
        run_batch(fakes.specs(), tmp_path / "b", engine=other, run_one=fakes.fake_run)
    kept = open_results(tmp_path / "b", partial=True).runs()
    assert set(kept["root_seed"]) == {5}


@pytest.mark.parametrize(
    ("engine", "processes", "message"),
    [
        ("locl", None, "expected local, dask or dask:ADDRESS.*did you mean 'local'"),
        ("local:4", None, "expected local, dask or dask:ADDRESS"),
        ("", 0, "at least 1 process"),
        (None, -3, "processes = -3: at least 1"),
    ],
)
def test_engines_that_cannot_be_had(engine, processes, message):
    with pytest.raises(RunError, match=message):
        choose_engine(engine, processes)


def test_names_choose_engines():
    assert choose_engine(None, 1) == InProcess()
    assert choose_engine("local", 3) == LocalPool(3)
    from parley_experiments.dask_engine import DaskCluster

    assert choose_engine("dask", 2) == DaskCluster(None, 2)
    address = "tcp://10.0.0.5:8786"
    assert choose_engine(f"dask:{address}", None) == DaskCluster(address, None)
    engine = InProcess()
    assert choose_engine(engine, None) is engine
