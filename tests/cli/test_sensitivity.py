"""`parley sensitivity`: from a results folder to a page, through the command line."""

import json
import sys
from types import ModuleType

import pytest
import typer
from planted import morris_sample, sobol_sample
from swept import KEYS, swept
from typer.testing import CliRunner

from parley.commands import sensitivity
from parley_analysis.load import AnalysisError


@pytest.fixture
def give(monkeypatch, tmp_path):
    """Call the command on a sweep that stands in for the folder `sobol` or `morris`."""
    sweeps = {
        "sobol": swept(sobol_sample(KEYS, 32, 1), "sobol"),
        "morris": swept(morris_sample(KEYS, 12, 1), "morris", levels=4),
    }
    reader = ModuleType("parley_analysis.sweep_data")
    reader.open_sweep = lambda folder: sweeps[folder.name]
    monkeypatch.setitem(sys.modules, "parley_analysis.sweep_data", reader)
    monkeypatch.chdir(tmp_path)
    app = typer.Typer(rich_markup_mode="rich")
    app.callback()(lambda: None)
    sensitivity.register(app)
    return lambda *words: CliRunner().invoke(app, ["sensitivity", *words])


def test_a_page_is_written_below_the_results(give, tmp_path):
    result = give("morris", "--outcome", "trust_company")
    assert result.exit_code == 0, result.exception
    assert "bosnia, hsbp - none, trust_company: Trust two 2.00 [2.00, 2.00]" in result.output
    text = (tmp_path / "morris" / "sensitivity" / "sensitivity.md").read_text("utf-8")
    assert "elementary effects" in text
    assert "| Runs | All runs were made up. |" in text
    assert text.endswith("```\nparley sensitivity morris --outcome trust_company\n```\n")


def test_json_for_a_program(give, tmp_path):
    words = ["--out", "there", "--method", "sobol", "--difference", "none-hsbp", "--json"]
    result = give("sobol", *words, "--outcome", "trust_company,deaths")
    assert result.exit_code == 0, result.exception
    found = json.loads(result.stdout)
    assert found["methods"] == ["sobol"]
    rows = [r for r in found["indices"] if r["contrast"] == "none - hsbp" and r["index"] == "total"]
    values = {(r["outcome"], r["factor"]): r["value"] for r in rows if r["horizon"] == 24}
    assert values["trust_company", "trust.two"] == pytest.approx(1.0, abs=0.1)
    assert values["deaths", "trust.two"] is None
    assert all((tmp_path / path).exists() for path in found["files"])
    assert (tmp_path / "there" / "sensitivity.md").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--method", "morris"], "allowed: sobol, pawn, delta"),
        (["--difference", "hsbp-nome"], "did you mean 'hsbp-none'"),
        (["--outcome", "trust"], "trust_company"),
    ],
)
def test_what_is_not_there_is_refused(give, words, message):
    result = give("sobol", *words)
    assert isinstance(result.exception, AnalysisError)
    assert message in str(result.exception)


def test_help_has_an_example(give):
    result = give("--help")
    assert result.exit_code == 0
    assert "Example: parley sensitivity" in result.output
