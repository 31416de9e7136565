"""Worker processes, the watch on others' load, and worlds."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest
from driver import Repetition, Timing, WorkerError, WorkerHandle, paired_ratio
from load import QUIET, Load, Patience, busy
from reduced import parley_numpy
from reduced.rules import Setting
from reduced.world import load, make_world
from scaling import exponent


def test_a_worker_gives_what_the_implementation_gives_here(tmp_path):
    world = make_world(200)
    world.save(tmp_path)
    worker = WorkerHandle("numpy", Path(sys.executable))
    try:
        worker.ready()
        worker.ask("make", folder=str(tmp_path), seed=5, institutions=2)
        took = worker.ask("advance", months=3)
        found = worker.ask("record")
    finally:
        worker.stop()
    model = parley_numpy.IMPLEMENTATION(world, Setting(5, 2))
    model.advance(3)
    assert found["protests"] == model.record().protests
    assert found["statistics"] == [list(row) for row in model.record().statistics]
    assert 0.0 < took["wall"] < 60.0
    assert 20_000 < took["peak_kb"] < 2_000_000


def test_a_worker_that_dies_says_why(tmp_path):
    worker = WorkerHandle("numpy", Path(sys.executable))
    worker.ready()
    with pytest.raises(WorkerError, match=r"(?s)numpy ended.*trust\.npy"):
        worker.ask("make", folder=str(tmp_path / "nowhere"), seed=1, institutions=0)


def test_load_of_others_leaves_out_our_own():
    if busy() is None:
        pytest.skip("this system does not tell what all processors do")
    watch = Load()
    until = time.perf_counter() + 0.3
    while time.perf_counter() < until:
        pass
    everybody, others = watch.foreign(own=-time.process_time()), watch.foreign(own=0.0)
    assert 0.0 <= others < everybody


def test_patience_runs_out(monkeypatch):
    monkeypatch.setattr(Load, "foreign", lambda self, own: 1.0)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    patience = Patience(2.0)
    patience.wait()
    assert patience.seconds <= 0.0
    patience.wait()  # returns at once


def test_the_least_disturbed_repetition_is_kept(monkeypatch):
    monkeypatch.setattr(Patience, "wait", lambda self: None)
    loads = iter([0.9, 0.4, 0.6, 0.0])

    def attempt():
        foreign = next(loads)
        return f"at {foreign}", foreign

    assert Patience(100.0).least_disturbed(attempt) == "at 0.4"
    assert next(loads) == 0.0 < QUIET  # three tries and no more


def timing(threads, *months):
    repetitions = [Repetition(2, 2 * wall, 2 * cpu, 0.0) for wall, cpu in months]
    return Timing("numpy", threads, repetitions, 0, 0.0, 0.0)


def test_one_thread_is_judged_by_the_processor_and_several_by_the_clock():
    assert timing(1, (9.0, 1.0), (9.0, 3.0), (9.0, 2.0)).month == 2.0
    assert timing(2, (9.0, 1.0), (8.0, 3.0), (7.0, 2.0)).month == 8.0


def test_ratios_are_paired_within_a_round():
    slow, fast = timing(1, (0, 10.0), (0, 40.0)), timing(1, (0, 1.0), (0, 2.0))
    assert paired_ratio(slow, fast) == [10.0, 20.0]


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_exponent_of_a_power(power):
    sizes = [1e3, 1e4, 1e5]
    assert exponent(sizes, [3.0 * n**power for n in sizes]) == pytest.approx(power, abs=1e-12)


@pytest.mark.parametrize("degree", [4, 8, 16])
def test_ties_are_symmetric_and_nobody_is_tied_to_themselves(degree):
    world = make_world(500, degree)
    rows = np.repeat(np.arange(world.n), np.diff(world.indptr))
    pairs = set(zip(rows.tolist(), world.indices.tolist(), strict=True))
    assert len(pairs) == len(world.indices)
    assert pairs == {(b, a) for a, b in pairs}
    assert all(a != b for a, b in pairs)
    assert degree - 0.3 < world.mean_degree <= degree


def test_a_saved_world_is_read_back(tmp_path):
    world = make_world(300)
    world.save(tmp_path)
    again = load(tmp_path)
    for name in world.__slots__:
        np.testing.assert_array_equal(getattr(world, name), getattr(again, name))
        assert getattr(world, name).dtype == getattr(again, name).dtype
