"""`parley merge`, by its function and by its options."""

import json
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from parley.commands import merge
from parley.errors import StoreError
from parley.store import open_results
from parley_experiments.batch import run_batch

fakes = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "fake_runs.py")))


@pytest.fixture
def shards(tmp_path):
    for i in (1, 2, 3):
        run_batch(
            fakes.specs(), tmp_path / str(i), processes=1, run_one=fakes.fake_run, shard=f"{i}/3"
        )
    return [tmp_path / str(i) for i in (1, 2, 3)]


def test_shards_are_merged_step_by_step(shards, tmp_path, capsys):
    merge.merge(merge.MergeOptions(shards[:2], tmp_path / "all"))
    said = capsys.readouterr().out
    assert said.startswith(f"12 of 18 runs, 0 failed: {tmp_path / 'all'}\n")
    assert "6 runs are missing" in said
    merge.merge(merge.MergeOptions(shards[2:], tmp_path / "all"))
    assert capsys.readouterr().out == f"18 of 18 runs, 0 failed: {tmp_path / 'all'}\n"
    assert len(open_results(tmp_path / "all").runs()) == 18


def test_a_program_can_read_what_happened(shards, tmp_path, capsys):
    merge.merge(merge.MergeOptions(shards, tmp_path / "all", json=True))
    assert json.loads(capsys.readouterr().out) == {
        "folder": str(tmp_path / "all"),
        "planned": 18,
        "found": 18,
        "failed": 0,
        "complete": True,
    }


def test_the_options_are_read_and_the_help_has_an_example(shards, tmp_path):
    app = typer.Typer()
    merge.register(app)
    words = [*map(str, shards), "--into", str(tmp_path / "all")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "18 of 18 runs" in done.output
    assert "Example: parley merge laptop/ server/" in CliRunner().invoke(app, ["--help"]).output


def test_folders_that_do_not_belong_together_are_named(shards, tmp_path):
    run_batch(fakes.specs(seed=9), tmp_path / "other", processes=1, run_one=fakes.fake_run)
    with pytest.raises(StoreError, match="other: holds another batch"):
        merge.merge(merge.MergeOptions([*shards, tmp_path / "other"], tmp_path / "all"))
    assert not (tmp_path / "all").exists()
