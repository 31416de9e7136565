"""A process killed at any step of finishing or replacing leaves the old tables or the new ones."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FAKES = Path(__file__).parents[1] / "fake_runs.py"
KILLS = """
import json, os, runpy, shutil, signal, sys, warnings
from pathlib import Path

warnings.simplefilter("ignore")
import pyarrow as pa
from parley.store import Store, open_results
from parley.store.tables import run_key
from parley.store.files import COMPARED_TABLES, digest, locate

fakes, root = runpy.run_path(sys.argv[1]), Path(sys.argv[2])
pa.set_cpu_count(1), pa.set_io_thread_count(1)
specs = fakes["specs"](replicates=1)
good = [fakes["fake_run"](spec) for spec in specs]
bad = [fakes["fake_run"](spec, fail={("hills", "none", 0)}) for spec in specs]
points = {"points": pa.table({"point": [0, 1, 2]})}


def batch(folder, runs, retry=False):
    with Store.create(folder, fakes["manifest"](specs), points, retry=retry) as store:
        states = store.states()
        missing = [run for run in runs if states.get(run_key(run), True)]
        if missing:
            store.append(missing)
        store.finish()
    return folder


def digests(folder):
    return [digest(locate(folder, f"{name}.parquet")) for name in COMPARED_TABLES]


def killed_at(step, folder, job):
    \"\"\"Do it in a process that is killed before its step-th change of the folder.\"\"\"
    child = os.fork()
    if child == 0:
        seen = []

        def watch(event, about):
            change = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir")
            change |= event == "open" and "w" in str(about[1])
            if change and str(about[0]).startswith((str(folder), ".")):
                seen.append(event)
                if len(seen) == step:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        job(folder)
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


def try_all(begin, job, old, new):
    \"\"\"Kill at every step; return how often the old and the new tables were found after it.\"\"\"
    found, step = {"old": 0, "new": 0}, 0
    while True:
        step += 1
        folder = root / f"{old is None}-{step}"
        begin(folder)
        if not killed_at(step, folder, job):
            return found
        if old is None and not locate(folder, "COMPLETE").exists():
            found["old"] += 1
        else:
            open_results(folder)
            found["old" if digests(folder) == old else "new"] += 1
            assert digests(folder) in (old, new), step
            assert not (found["new"] and digests(folder) == old), step
        job(folder)
        assert digests(folder) == new, step
        left = {path.name for path in folder.iterdir()} - {"failures"}
        assert left == {"COMPLETE", "manifest.json", "points.parquet", "runs.parquet",
                        "series.parquet", "events.parquet", "timings.parquet"}, (step, left)
        assert list(folder.glob("failures/*")) == [], step
        assert open_results(folder).attached("points")["point"].tolist() == [0, 1, 2]
        shutil.rmtree(folder)


new = digests(batch(root / "new", good))
batch(root / "bad", bad)
old = digests(root / "bad")
assert old != new
print(json.dumps(try_all(lambda folder: None, lambda folder: batch(folder, good), None, new)))
print(json.dumps(try_all(lambda folder: shutil.copytree(root / "bad", folder),
              lambda folder: batch(folder, good, retry=True), old, new)))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX matter")
def test_killed_at_any_step_the_old_or_the_new_tables_are_there(tmp_path):
    words = [sys.executable, "-c", KILLS, str(FAKES), str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        found = json.loads(line)
        assert found["old"] >= 8
        assert found["new"] >= 4
    assert len(done.stdout.splitlines()) == 2
