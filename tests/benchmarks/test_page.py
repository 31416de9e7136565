"""The page, its tables and targets, the locked environments."""

import copy
import json
import re

import page
import pytest
import tables
from environments import FOREIGN, prepare
from reduced.implementations import IMPLEMENTATIONS
from targets import all_targets, growth, ratio, times_bound

REPETITION = {"months": 10, "foreign": 0.0}


@pytest.fixture(scope="module")
def published(root):
    return json.loads((root / "benchmarks/results/benchmarks.json").read_text(encoding="utf-8"))


def timing(ms, threads=1):
    seconds = 10 * ms / 1000
    once = REPETITION | {"wall": seconds, "cpu": seconds}
    return {"threads": threads, "repetitions": [once] * 3, "ms": ms, "bytes": 0, "foreign": 0.0}


@pytest.fixture
def found():
    """A session in which all times are known."""
    sizes = ("1000", "10000", "100000", "1000000")
    reduced = {
        size: {
            "objects": timing(100.0 * int(size) / 1000),
            "frames": timing(10.0 * int(size) / 1000, threads=2),
            "starsim": timing(2.0 * int(size) / 1000),
            "numpy": timing(int(size) / 1000),
            "numba": timing(0.5 * int(size) / 1000),
        }
        for size in sizes
    }
    speeds = {"copy": {"8 MB": 20.0, "320 MB": 10.0}, "triad": {"8 MB": 18.8, "320 MB": 9.4}}
    return {"reduced": reduced, "bandwidth": {"1": speeds, "2": speeds}}


def test_ratio_and_growth_of_known_times(found):
    assert ratio(found, "1000", "objects", "numpy") == pytest.approx(100.0)
    assert ratio(found, "1000", "objects", "views") is None
    assert growth(found, "numpy", 1_000) == pytest.approx(1.0)
    assert growth(found, "views", 1_000) is None


def test_bound_of_known_times(found):
    """94 bytes at 9.4 GB/s are 10 ns; the compiled month takes 500 ns a resident."""
    assert times_bound(found, "1000000", "numba") == pytest.approx(50.0)
    assert times_bound(found, "100000", "numba") == pytest.approx(100.0)


def test_targets_are_met_missed_or_not_measured(found):
    by_name = {t.what: t for t in all_targets(found)}
    numpy = "Parley, NumPy ÷ plain Mesa objects, 100,000 residents"
    assert by_name[numpy].value == pytest.approx(100.0)
    assert by_name[numpy].met is True
    assert by_name["batches: 1 process ÷ 2 processes"].met is None
    slower = copy.deepcopy(found)
    slower["reduced"]["100000"]["numpy"] = timing(10_000 / 60)
    assert {t.what: t for t in all_targets(slower)}[numpy].met is False
    bounds = [t for t in all_targets(found) if "bandwidth bound" in t.what]
    assert [t.met for t in bounds] == [False, False]


def test_targets_table_says_so(found):
    text = tables.targets(found)
    assert "| Parley, NumPy ÷ plain Mesa objects, 1,000 residents | ≥ 14 | 100 | met |" in text
    assert "| batches: 1 process ÷ 2 processes | ≥ 1.8 | – | not measured |" in text
    assert "| ≤ 7 | 50 | **missed** |" in text


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (12.345, "12.3"), (0.0123456, "0.0123"), (None, "–")]
)
def test_numbers_have_three_digits_that_count(value, text):
    assert tables.number(value) == text


def test_published_page_is_made_from_the_published_results(root, published):
    written = (root / "docs/benchmarks.md").read_text(encoding="utf-8")
    assert written == page.make(published)


def test_page_names_every_implementation_that_was_timed(published):
    text = page.make(published)
    assert "{{" not in text
    for name in next(iter(published["reduced"].values())):
        assert IMPLEMENTATIONS[name].label in text


def test_page_of_a_session_without_optional_packages(published):
    bare = copy.deepcopy(published)
    bare["skipped"] = {"starsim": "starsim needs Python 3.13 or 3.12, and none was found"}
    del bare["bandwidth"]
    for timings in bare["reduced"].values():
        for name in [name for name in timings if name not in ("objects", "views", "numpy")]:
            del timings[name]
    for part in ("ties", "months"):
        bare[part]["exponent"].pop("numba", None)
        bare[part].get("ms", bare[part].get("seconds")).pop("numba", None)
    text = page.make(bare)
    assert "Skipped: starsim needs Python 3.13 or 3.12, and none was found" in text
    assert "| Parley, compiled, 1 thread |" not in text
    assert "≤ 7 | – | not measured |" in text


@pytest.mark.parametrize("name", FOREIGN)
def test_locked_environments_have_hashes_and_no_address(root, name):
    text = (root / "benchmarks" / f"{name}.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert len(entries) >= 10
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    wanted = (root / "benchmarks" / f"{name}.in").read_text(encoding="utf-8").partition(" ")[0]
    assert f"\n{wanted.strip()} \\\n" in text


def test_an_environment_that_cannot_be_made_is_skipped_with_a_reason(monkeypatch, tmp_path):
    import environments

    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "starsim.lock").write_text("nothing==0\n", encoding="utf-8")
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "_find_python", lambda _: None)
    made = prepare("starsim")
    assert made.python is None
    assert made.missing == "starsim needs Python 3.13 or 3.12, and none was found"
    monkeypatch.setattr(environments, "_find_python", lambda _: str(tmp_path / "no-python"))
    made = prepare("starsim")
    assert made.python is None
    assert made.missing.startswith("starsim could not be installed: ")
