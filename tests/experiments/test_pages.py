"""The how-to pages: their lines are run as they stand there."""

import ast
import re
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from parley.store import open_results
from parley_experiments.batch import run_batch
from parley_experiments.manifest import spec_key

PAGES = Path(__file__).parents[2] / "docs" / "how-to"


def blocks(name):
    """The Python of a page: heading -> its blocks in order."""
    found, heading = {}, ""
    for part in re.split(r"(^## [^\n]*$|^```python$.*?^```$)", (PAGES / name).read_text("utf-8"),
                         flags=re.MULTILINE | re.DOTALL):  # fmt: skip
        if part.startswith("## "):
            heading = part.removeprefix("## ")
        elif part.startswith("```python"):
            code = part.removeprefix("```python\n").removesuffix("```")
            found.setdefault(heading, []).append(code)
    return found


def given(code):
    names = {}
    exec(compile(code, "page", "exec"), names)
    return names


@pytest.fixture(scope="module")
def results(fakes, tmp_path_factory):
    root = tmp_path_factory.mktemp("pages")
    run_batch(fakes.specs(), root / "results" / "comparison", processes=1, run_one=fakes.fake_run)
    specs = fakes.specs(places=("coast",), arms=("none", "hsbp"), replicates=1, months=24)
    specs += fakes.specs(places=("coast",), arms=("none", "hsbp"), replicates=1, months=12)
    rows = [(number // 2, *spec_key(spec)) for number, spec in enumerate(specs)]
    names = ("point", "place", "arm", "replicate", "identity")
    cells = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    attached = {
        "points": pa.table({"point": [0, 1], "trust.asymmetry_max": [0.5, 1.5]}),
        "units": pa.table({"point": [0, 1], "trust.asymmetry_max": [0.25, 0.75]}),
        "cells": pa.table(cells),
    }
    run_batch(
        specs, root / "results" / "sweep", processes=1, run_one=fakes.fake_run, attached=attached
    )
    return root


@pytest.fixture
def there(results, monkeypatch, tmp_path):
    (tmp_path / "results").symlink_to(results / "results")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(name):
    return [given(code) for code in blocks("results-elsewhere.md")[name]]


def test_every_line_is_one_line_and_is_run():
    found = blocks("results-elsewhere.md")
    assert list(found) == ["pandas", "DuckDB", "xarray", "Excel", "Parley"]
    for pieces in found.values():
        for code in pieces:
            statements = ast.parse(code).body
            assert len([s for s in statements if not isinstance(s, ast.Import)]) <= 2


def test_pandas(there):
    whole, sweep = run("pandas")
    expected = open_results("results/comparison").series()
    assert whole["series"].drop(columns="identity").shape == expected.shape
    assert whole["series"]["trust_company"].equals(expected["trust_company"])
    table = sweep["sweep"]
    assert len(table) == 2 * (24 + 12) * 5
    assert table.groupby("point")["month"].max().tolist() == [23, 11]
    assert set(table.loc[table["point"] == 1, "trust.asymmetry_max"]) == {1.5}


def test_duckdb(there):
    [names] = run("DuckDB")
    series = open_results("results/comparison").series(["trust_company"], ["all"])
    expected = series.groupby(["arm", "month"])["trust_company"].mean()
    found = names["means"].set_index(["arm", "month"])["trust"]
    np.testing.assert_allclose(found.sort_index(), expected.sort_index(), rtol=1e-12)
    assert len(found) == 3 * 24


def test_xarray(there, fakes):
    [names] = run("xarray")
    cube = names["cube"]
    assert dict(cube.sizes) == {"place": 2, "arm": 3, "replicate": 3, "month": 24, "group": 5}
    [spec] = [s for s in fakes.specs() if (s.place, s.arm, s.replicate) == ("hills", "hsbp", 1)]
    found = cube["trust_company"].sel(place="hills", arm="hsbp", replicate=1, group="women")
    place = fakes.GROUPS.index("women")
    expected = fakes.fake_run(spec).series["trust_company"][:, place]
    np.testing.assert_array_equal(found, expected)


def test_excel(there):
    run("Excel")
    for name, rows in (("runs.xlsx", 18), ("last.xlsx", 18 * 5)):
        with zipfile.ZipFile(name) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert len(re.findall(r"<row ", sheet)) == rows + 1


def test_parley(there):
    [names] = run("Parley")
    assert names["points"]["trust.asymmetry_max"].tolist() == [0.5, 1.5]
    assert len(names["levels"]) == 2 * (24 + 12)


def test_files_are_those_of_the_page(there):
    """The table of files names every file of a folder but COMPLETE, which the text names."""
    listed = set(re.findall(r"^\| `(\S+)`", (PAGES / "results-elsewhere.md").read_text("utf-8"),
                            re.MULTILINE))  # fmt: skip
    found = {path.name for path in Path("results/sweep").iterdir()}
    assert listed == found - {"COMPLETE"}


def test_the_python_of_the_page_on_large_batches(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    [code] = blocks("large-batches.md")["From Python"]
    given(code)
    merged = open_results("results/all")
    assert len(merged.runs()) == 4
    assert set(merged.runs()["status"]) == {"ok"}
