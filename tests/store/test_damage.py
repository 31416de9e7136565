"""Whatever byte is changed or missing is noticed, and a disk that refuses costs nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.errors import StoreError
from parley.store import Store, open_results
from parley.store.files import TABLES, digest

FAKES = Path(__file__).parents[1] / "fake_runs.py"
POINTS = {"points": pa.table({"point": [0, 1, 2]})}
TRIALS = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLACES = st.floats(0, 1, exclude_max=True)


@pytest.fixture(scope="module")
def runs(fakes):
    return [fakes.fake_run(spec, fail={("hills", "none", 2)}) for spec in fakes.specs()]


@pytest.fixture(scope="module")
def folders(fakes, runs, tmp_path_factory):
    """An unfinished folder and a complete one."""
    root = tmp_path_factory.mktemp("damage")
    for name in ("unfinished", "complete"):
        with Store.create(root / name, fakes.manifest(fakes.specs()), POINTS) as store:
            store.append(runs[:9])
            store.append(runs[9:])
            if name == "complete":
                store.finish()
    return root


def data_files(folder):
    names = [path for path in folder.rglob("*") if path.suffix in (".parquet", ".json")]
    return sorted([*names, *folder.rglob("DIGESTS"), *folder.glob("COMPLETE")])


def read_everything(folder):
    results = open_results(folder, partial=True)
    return results.runs(), results.series(), results.events(), results.attached("points")


@TRIALS
@given(st.sampled_from(["unfinished", "complete"]), PLACES, PLACES, st.integers(0, 7))
def test_a_flipped_bit_is_noticed_or_changes_nothing(folders, tmp_path_factory, kind, which, where,
                                                     bit):  # fmt: skip
    folder = shutil.copytree(folders / kind, tmp_path_factory.mktemp("flip") / kind)
    paths = data_files(folder)
    path = paths[int(which * len(paths))]
    content = bytearray(path.read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    path.write_bytes(content)
    try:
        tables = read_everything(folder)
    except StoreError as error:
        named = path.name in str(error) or path.parent.name in str(error)
        assert named or path.name in ("manifest.json", "COMPLETE")  # others are judged by these
        return
    assert path.name == "manifest.json"  # an unfinished folder's words: label, labels of places
    assert kind == "unfinished"
    for table, before in zip(tables, read_everything(folders / kind), strict=True):
        assert table.equals(before)


@TRIALS
@given(st.sampled_from(["unfinished", "complete"]), PLACES, PLACES)
def test_a_truncated_file_is_noticed(folders, tmp_path_factory, kind, which, where):
    folder = shutil.copytree(folders / kind, tmp_path_factory.mktemp("cut") / kind)
    paths = data_files(folder)
    path = paths[int(which * len(paths))]
    content = path.read_bytes()
    length = int(where * (len(content) - 2))  # less the line end of a text
    path.write_bytes(content[:length])
    with pytest.raises(StoreError, match=f"{path.name}|{path.parent.name}"):
        read_everything(folder)


def test_a_damaged_part_is_noticed_before_it_gets_into_the_tables(fakes, folders, tmp_path):
    folder = shutil.copytree(folders / "unfinished", tmp_path / "b")
    path = sorted(folder.glob("parts/part-*/series.parquet"))[1]
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 16
    path.write_bytes(content)
    with (
        Store.create(folder, fakes.manifest(fakes.specs()), POINTS) as store,
        pytest.raises(StoreError, match=r"damaged part \(series.parquet changed since.*delete"),
    ):
        store.finish()
    assert not list(folder.glob("[rset]*.parquet"))


@pytest.mark.parametrize("name", ["runs.parquet", "DIGESTS"])
def test_a_part_without_a_file_is_named(folders, tmp_path, name):
    folder = shutil.copytree(folders / "unfinished", tmp_path / "b")
    part = sorted(folder.glob("parts/part-*"))[0]
    (part / name).unlink()
    with pytest.raises(StoreError, match=f"{part.name}: damaged part"):
        open_results(folder, partial=True).runs()


def test_a_write_error_leaves_what_was_there(fakes, runs, tmp_path, monkeypatch):
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        store.append(runs[:9])

        def full(*about, **more):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(pq.ParquetWriter, "write_table", full)
            with pytest.raises(StoreError, match=r"cannot write .*No space left"):
                store.append(runs[9:])
        assert len(store.finished()) == 9
        assert len(list((tmp_path / "b" / "parts").glob("[!.]*"))) == 1
        store.append(runs[9:])
        with monkeypatch.context() as patch:
            patch.setattr(pq.ParquetWriter, "write_table", full)
            with pytest.raises(StoreError, match=r"cannot write .*No space left"):
                store.finish()
    assert not (tmp_path / "b" / "COMPLETE").exists()
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        assert len(store.finished()) == 18
        store.finish()
    assert len(open_results(tmp_path / "b").runs()) == 18


FULL = """
import resource, runpy, signal, sys
from pathlib import Path
from parley.errors import StoreError
from parley.store import Store
fakes = runpy.run_path(sys.argv[1])
specs = fakes["specs"]()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Store.create(Path(sys.argv[2]), fakes["manifest"](specs)) as store:
    store.append([fakes["fake_run"](spec) for spec in specs[:2]])
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        store.append([fakes["fake_run"](spec) for spec in specs[2:]])
    except StoreError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are a POSIX matter")
def test_a_file_system_that_takes_no_more_leaves_what_was_there(fakes, runs, tmp_path):
    """No stand-in: the system refuses to let a file grow."""
    words = [sys.executable, "-c", FULL, str(FAKES), str(tmp_path / "b")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert "cannot write" in done.stdout
    assert "File too large" in done.stdout
    with Store.create(tmp_path / "b", fakes.manifest(fakes.specs())) as store:
        assert len(store.finished()) == 2
        assert list((tmp_path / "b" / "parts").glob("tmp-*")) == []
        store.append(runs[2:])
        store.finish()
    with Store.create(tmp_path / "straight", fakes.manifest(fakes.specs())) as store:
        store.append(runs)
        store.finish()
    for name in TABLES[:3]:
        found, expected = (tmp_path / d / f"{name}.parquet" for d in ("b", "straight"))
        assert digest(found) == digest(expected)
