"""`parley sweep` and `parley resume`, as their users give them."""

import json
import sys

import pytest

from parley.results import RunFailure

DESIGN = """
question = "What matters?"
places = ["bosnia"]
arms = ["hsbp", "none"]
months = 3
population = 50
horizons = [2, 3]
outcomes = ["trust_company"]

[sample]
method = "one_at_a_time"
levels = 2
names = ["appraisal.weight_voice"]
"""


@pytest.fixture
def design(cli, tmp_path):
    path = tmp_path / "work" / "small.toml"
    path.write_text(DESIGN, encoding="utf-8")
    return path


def test_a_plan_says_what_would_be_run_and_leaves_nothing(cli, design):
    code, out, _ = cli("sweep", "small.toml", "--plan", "--processes", 2)
    assert code == 0
    assert "6 runs: 3 points of 1 factors (one at a time), hsbp, none in bosnia" in out
    assert "on 2 processes" in out
    assert [path.name for path in design.parent.iterdir()] == ["small.toml"]
    code, out, _ = cli("sweep", "small.toml", "--plan", "--json")
    plan = json.loads(out)
    assert (code, plan["runs"], plan["points"]) == (0, 6, 3)
    assert plan["minutes"] == pytest.approx(6 * plan["seconds_per_run"] / plan["processes"] / 60)


def test_a_plan_says_when_runs_fail(cli, design, monkeypatch):
    import parley.runner

    def broken(spec):
        return RunFailure.of(spec, ValueError("the well is dry"))

    monkeypatch.setattr(parley.runner, "run", broken)
    code, out, _ = cli("sweep", "small.toml", "--plan")
    assert (code, "4 of the 4 runs failed: ValueError: the well is dry" in out) == (0, True)
    code, out, _ = cli("sweep", "small.toml", "--plan", "--json")
    assert len(json.loads(out)["failures"]) == 4


def test_a_plan_needs_the_backend_of_its_design(cli, design, monkeypatch):
    design.write_text(DESIGN.replace("months = 3", 'months = 3\nbackend = "compiled"'))
    monkeypatch.setitem(sys.modules, "numba", None)
    code, _, err = cli("sweep", "small.toml", "--plan")
    assert (code, "parley-sim[fast]" in err) == (2, True)


def test_a_sweep_goes_on_where_it_was_and_says_what_comes_next(cli, design):
    code, out, err = cli("sweep", "small.toml", "--processes", 1, "--shard", "1/2")
    assert (code, "3 runs in" in out) == (0, True)
    assert "parley resume results/small" in out
    assert "Results go to results/small" in err
    code, out, _ = cli("resume", "results/small", "--processes", 1)
    assert (code, out.startswith("3 runs in")) == (0, True)
    assert "parley sensitivity results/small" in out
    code, out, _ = cli("resume", "results/small", "--processes", 1, "--json")
    about = json.loads(out)
    assert (about["planned"], about["resumed"], about["complete"]) == (6, 6, True)


def test_a_pilot_advises_replicates(cli, design):
    given = ("--pilot", "--precision", "trust_company=0.001", "--processes", 1, "--json")
    code, out, _ = cli("sweep", "small.toml", *given)
    rows = {row["of"]: row for row in json.loads(out)}
    assert code == 0
    assert set(rows) == {"hsbp", "none", "hsbp - none"}
    n, sd = rows["hsbp"]["replicates"], rows["hsbp"]["sd_luck"]
    # three points that share eight replicates: at least 7 degrees of freedom, at most 21; the
    # advice is the next whole number, so one replicate less does not reach the quantile
    assert n**0.5 * 0.001 / sd > 2.0796
    assert (n - 1) ** 0.5 * 0.001 / sd < 2.3647


def test_a_pilot_goes_on_and_can_be_planned(cli, design):
    code, out, _ = cli("sweep", "small.toml", "--pilot", "--plan", "--json")
    assert (code, json.loads(out)["runs"]) == (0, 3 * 8 * 2)
    assert not (design.parent / "results").exists()
    code, out, _ = cli("sweep", "small.toml", "--pilot", "--shard", "1/2", "--processes", 1)
    assert (code, "parley resume results/small-pilot" in out) == (0, True)
    code, out, _ = cli("resume", "results/small-pilot", "--processes", 1, "--json")
    assert (code, {row["of"] for row in json.loads(out)}) == (0, {"hsbp", "none", "hsbp - none"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("trust_compny=0.1", "did you mean 'trust_company'"),
        ("trust_company=0", "a number above 0"),
        ("npv=1", "known only at the end of a run"),
        ("trust_company", "write outcome=number"),
    ],
)
def test_a_half_width_that_cannot_be_had_is_said_before_the_pilot(cli, design, given, said):
    code, _, err = cli("sweep", "small.toml", "--pilot", "--precision", given, "--processes", 1)
    assert (code, said in err) == (2, True)
    assert not (design.parent / "results").exists()
    code, _, err = cli("sweep", "small.toml", "--precision", "trust_company=0.1")
    assert (code, "add --pilot" in err) == (2, True)


def test_what_cannot_be_read_is_said_before_anything_is_written(cli, design):
    design.write_text(DESIGN.replace("levels = 2", 'levels = 2\nroles = ["lover"]'))
    code, _, err = cli("sweep", "small.toml")
    assert code == 2
    assert "sample.roles" in err
    assert "did you mean 'lever'" in err
    code, _, err = cli("sweep", "smal")
    assert (code, "unknown design" in err) == (2, True)
    code, _, err = cli("resume", "results/none")
    assert (code, "no such folder" in err) == (2, True)
    assert not (design.parent / "results").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--engine", "lokal"), "did you mean 'local'?"),
        (("--shard", "3/2"), "from 1 to the second"),
        (("--max-failures", 2.5), "a share of the runs between 0 and 1"),
    ],
)
def test_an_option_that_is_not_allowed_is_bad_input(cli, design, given, said):
    code, _, err = cli("sweep", "small.toml", "--processes", 1, *given)
    assert (code, said in err) == (2, True)
    assert not (design.parent / "results").exists()


def test_the_most_failures_may_be_a_share(cli, design):
    code, out, _ = cli("sweep", "small.toml", "--processes", 1, "--max-failures", 0.01)
    assert (code, "6 runs in" in out) == (0, True)


def test_a_comparison_is_no_sweep(cli):
    small = ("--places", "bosnia", "--arms", "none,hsbp", "--replicates", 1, "--months", 2)
    cli("compare", *small, "--population", 50, "--processes", 1, "--out", "c", "--no-figures")
    code, _, err = cli("resume", "c")
    assert code == 2
    assert "holds no sweep" in err
