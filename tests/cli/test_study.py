"""`parley study refutability --small`: every test of refutability is made and written down."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from parley.registry import load_registry

NAME = "0002-refutability"


def test_the_plan_runs_nothing(cli, tmp_path):
    words = ["study", "refutability", "--small", "--plan", "--out", str(tmp_path / "r")]
    code, out, _ = cli(*words)
    assert code == 0
    assert "main:     30 runs" in out
    assert "planted:" in out
    assert "s a run on" in out
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("option", "value", "fragment"),
    [
        ("--arms", "hsbpp", "did you mean 'hsbp'"),
        ("--places", "bosnai", "bosnia"),
        ("--draws", "1", "4"),
        ("--months", "0", "months"),
    ],
)
def test_what_is_not_allowed_is_refused(cli, tmp_path, option, value, fragment):
    words = ["study", "refutability", "--small", "--out", str(tmp_path / "r"), option, value]
    code, out, err = cli(*words)
    assert code == 2
    assert fragment in out + err


def test_help_shows_the_study(cli):
    code, out, _ = cli("study", "--help")
    assert code == 0
    assert "refutability" in out
    assert "Example: parley study refutability" in out


@pytest.mark.slow
def test_a_small_study(cli, tmp_path):
    """Structure, not results: six draws of eight months say nothing about the framework."""
    words = ["study", "refutability", "--small", "--out", str(tmp_path / "r"), "--processes", "1"]
    code, out, _ = cli(*words)
    assert code == 0, out
    folder = tmp_path / "r" / "finding"
    text = (folder / f"{NAME}.md").read_text("utf-8")
    for heading in (
        "## Verdict", "## Design", "## Win matrix", "## Alarms and their paths",
        "## Paying for nothing", "## Where the sign changes", "## Draws that are not ruled out",
        "## Where it loses", "## Planted truth", "## What would count against the framework",
    ):  # fmt: skip
        assert heading in text.splitlines()
    matrix = pd.read_csv(folder / f"{NAME}.csv")
    assert set(matrix["other"]) == {"none", "transactional", "cash_equivalent", "placebo"}
    assert matrix["share"].between(0.0, 1.0).all()
    steps = {outcome.name: outcome.rule_steps for outcome in load_registry().outcomes}
    assert all(steps[o] == s for o, s in zip(matrix["outcome"], matrix["rule_steps"], strict=True))
    assert (matrix["near_tautological"] == (matrix["rule_steps"] <= 2)).all()
    for label in {outcome.label for outcome in load_registry().outcomes if outcome.rule_steps <= 2}:
        unmarked = f"| {label} |" in text
        assert not unmarked, f"{label} is shown without its mark"
    assert "| nothing | **unclear** |" in text
    alarms = matrix[matrix["alarm"] & ~matrix["near_tautological"]]
    traced = pd.read_csv(folder / f"{NAME}-traces.csv")
    assert len(traced.drop_duplicates(["outcome", "group", "other"])) >= len(alarms)
    assert "**not traced**" not in text
    pictures = sorted(path.name for path in folder.glob("*.png"))
    assert pictures == [f"{NAME}-bosnia-matrix.png", f"{NAME}-bosnia.png"]
    again, _, _ = cli(*words, "--page")
    assert again == 0
    same = (folder / f"{NAME}.md").read_text("utf-8") == text
    assert same, "the same command writes another page"


def test_the_notes_of_the_finding_read():
    path = Path(__file__).parents[2] / "docs" / "findings" / f"{NAME}.toml"
    words = tomllib.loads(path.read_text("utf-8"))
    assert set(words) <= {"title", "summary", "placebo", "caveats", "alarm"}
    for note in words.get("alarm", ()):
        assert set(note) == {"title", "text"}
