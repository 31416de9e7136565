"""Processes that start, write and finish in one folder at the same moment."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from parley.store import Store, open_results
from parley.store.files import COMPARED_TABLES, digest

FAKES = Path(__file__).parents[1] / "fake_runs.py"
WRITER = """
import runpy, sys, time
from pathlib import Path
import pyarrow as pa
from parley.store import Store
fakes, folder = runpy.run_path(sys.argv[1]), Path(sys.argv[2])
number, count, start = int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
specs = fakes["specs"]()
runs = [fakes["fake_run"](spec) for spec in specs[number::count]]
points = {"points": pa.table({"point": [0, 1, 2]})}
time.sleep(max(start - time.time(), 0))
with Store.create(folder, fakes["manifest"](specs), points, writer=f"{number}of{count}") as store:
    for run in runs:
        store.append([run])
    print(store.finish_if_whole())
"""


@pytest.mark.slow
@pytest.mark.parametrize("trial", range(3))
def test_writers_at_the_same_moment_make_one_whole_folder(fakes, tmp_path, trial):
    """All wait for one moment, so that they meet at the start and at the end."""
    start, count = time.time() + 4.0, 3
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(FAKES), str(tmp_path / "b"), str(number),
             str(count), str(start)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in range(count)
    ]  # fmt: skip
    said = [writer.communicate(timeout=60) for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * count, said
    assert "True\n" in [out for out, _ in said]
    assert len(open_results(tmp_path / "b").runs()) == 18
    with Store.create(tmp_path / "straight", fakes.manifest(fakes.specs())) as store:
        store.append([fakes.fake_run(spec) for spec in fakes.specs()])
        store.finish()
    for name in COMPARED_TABLES:
        found, expected = (tmp_path / d / f"{name}.parquet" for d in ("b", "straight"))
        assert digest(found) == digest(expected)
    names = {path.name for path in (tmp_path / "b").iterdir()}
    assert names == {"COMPLETE", "manifest.json", "points.parquet", "runs.parquet",
                     "series.parquet", "events.parquet", "timings.parquet"}  # fmt: skip


def test_a_batch_finished_while_another_writer_starts(fakes, tmp_path, monkeypatch):
    """The second looked before the first finished, and comes in after it."""
    manifest, folder = fakes.manifest(fakes.specs()), tmp_path / "b"
    first = Store.create(folder, manifest, writer="1of2")
    first.append([fakes.fake_run(spec) for spec in fakes.specs()])
    looks = []

    def late(*about):
        looks.append(about)
        if len(looks) == 1:
            monkeypatch.undo()
            first.finish()
            monkeypatch.setattr("parley.store.writing._complete", late)
            return False
        return True

    monkeypatch.setattr("parley.store.writing._complete", late)
    second = Store.create(folder, manifest, writer="2of2")
    monkeypatch.undo()
    assert second.complete
    assert second.finish_if_whole()
    assert not (folder / "parts").exists()
    assert len(second.finished()) == 18
