"""`parley handout`, as its users give it."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from parley.results import RunFailure
from parley.store.parts import list_parts

SMALL = ("--arms", "none,hsbp", "--months", 12, "--population", 50, "--replicates", 2)
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "handout.md"


def data_of(path):
    text = Path(path).read_text("utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', text, re.DOTALL).group(1))


def test_a_handout_says_its_plan_first_and_is_made_again_from_what_is_there(cli):
    given = (*SMALL, "--vary", "sharing=0:own", "--processes", 1)
    code, out, err = cli("handout", *given)
    assert code == 0
    assert err.startswith("6 runs: none, hsbp in colombia, 2 combinations; 50 residents, 12 months")
    assert "slider sharing: 0, own" in err
    assert re.search(r"handout-colombia\.html: 0\.\d\d MB; open it in any browser", out)
    first = Path("handout-colombia.html").read_bytes()
    assert len(first) < 2_000_000
    code, out, _ = cli("handout", *given, "--json")
    about = json.loads(out)
    assert (code, about["bytes"], about["failed"]) == (0, len(first), 0)
    assert Path("handout-colombia.html").read_bytes() == first
    folder = about["folder"]
    code, out, err = cli("handout", "--results", folder, "--language", "bs", "--out", "b.html")
    assert (code, err) == (0, "")
    again = data_of("b.html")
    assert again["language"] == "bs"
    assert again["codes"] == data_of("handout-colombia.html")["codes"]
    assert again["numbers"][0]["grade"] == "assumption"
    assert again["place"]["story"]


def test_a_plan_leaves_nothing(cli):
    code, out, _ = cli("handout", *SMALL, "--vary", "none", "--plan", "--processes", 2)
    assert code == 0
    assert "4 runs" in out
    assert re.search(r"about \d+\.\d minutes on 2 processes", out)
    assert list(Path().iterdir()) == []


def test_a_comparison_becomes_a_handout(cli):
    given = ("--places", "bosnia", "--no-figures", "--out", "mine", "--processes", 1)
    code, _, _ = cli("compare", *SMALL, *given)
    assert code == 0
    code, out, _ = cli("handout", "--results", "mine")
    assert (code, out.startswith("handout-bosnia.html")) == (0, True)
    data = data_of("handout-bosnia.html")
    assert (data["varied"], data["made"]["replicates"]) == ([], 2)


SWEEP = """
question = "What matters?"
places = ["bosnia"]
arms = ["hsbp", "none"]
months = 12
population = 50
replicates = 2
keep = "{keep}"
[sample]
method = "{method}"
{size}
names = ["appraisal.weight_voice", "trust.asymmetry_max"]
"""


def test_a_full_factorial_sweep_that_kept_paths_becomes_a_handout(cli):
    Path("grid.toml").write_text(
        SWEEP.format(keep="paths", method="full_factorial", size="levels = 2"), encoding="utf-8"
    )
    assert cli("sweep", "grid.toml", "--out", "grid", "--processes", 1)[0] == 0
    code, _, err = cli("handout", "--results", "grid", "--out", "g.html")
    assert (code, err) == (0, "")
    data = data_of("g.html")
    varied = {one["key"]: len(one["levels"]) for one in data["varied"]}
    assert varied == {"appraisal.weight_voice": 2, "trust.asymmetry_max": 2}
    assert len(data["points"]) == 4


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"keep": "levels", "method": "full_factorial", "size": "levels = 2"}, 'keep = "paths"'),
        ({"keep": "paths", "method": "latin_hypercube", "size": "n = 3"}, "no grid"),
    ],
)
def test_a_sweep_without_months_or_grid_is_refused(cli, design, said):
    Path("other.toml").write_text(SWEEP.format(**design), encoding="utf-8")
    assert cli("sweep", "other.toml", "--out", "other", "--processes", 1)[0] == 0
    code, _, err = cli("handout", "--results", "other")
    assert (code, said in err) == (2, True)
    assert list(Path().glob("*.html")) == []


def test_runs_that_fail_are_told_on_the_page_and_by_the_exit_code(cli, monkeypatch):
    import parley.runner

    real = parley.runner.run

    def sometimes(spec):
        if spec.replicate == 10 and spec.arm == "hsbp":
            return RunFailure.of(spec, ValueError("the well is dry"))
        return real(spec)

    monkeypatch.setattr(parley.runner, "run", sometimes)
    given = (*SMALL[:-1], 11, "--vary", "none", "--processes", 1)
    code, out, _ = cli("handout", *given)
    assert (code, "1 runs failed and are left out" in out) == (1, True)
    assert "1 of 22 runs failed" in data_of("handout-colombia.html")["made"]["failures"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--place", "colmbia"), "did you mean 'colombia'"),
        (("--arms", "hsbp"), "2 to 4 stacks"),
        (("--arms", "none,csr,csbp,msp,hsbp"), "2 to 4 stacks"),
        (("--vary", "sharring"), "did you mean 'sharing'"),
        (("--vary", "sharing=0:7"), "from 0 to 1"),
        (("--language", "fr"), "allowed: en (English), es"),
        (("--population", "3"), "out of range"),
        (("--out", "nowhere/h.html"), "there is no folder nowhere"),
        (("--out", "."), "is a folder"),
        (("--results", "nowhere"), "nowhere"),
        (("--results", "nowhere", "--vary", "sharing"), "cannot be given with --results"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(cli, given, said):
    code, _, err = cli("handout", *given)
    assert (code, said in err) == (2, True)
    assert list(Path().iterdir()) == []


@pytest.mark.slow
def test_a_killed_handout_goes_on_where_it_was(cli, tmp_path):
    """Runs are kept every 64 or every 5 seconds: of 96, some are kept before the last is made."""
    given = ["--arms", "none,hsbp", "--vary", "sharing=0:1", "--months", "12"]
    given += ["--population", "60", "--replicates", "24", "--processes", "1", "--folder", "runs"]
    command = [sys.executable, "-m", "parley.cli", "handout", *given]
    running = subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 90
        while not list_parts(Path("runs")) and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert list_parts(Path("runs"))
    assert not Path("runs/COMPLETE").exists()
    assert not Path("handout-colombia.html").exists()
    from parley_experiments import batch

    made = []
    whole = batch.run_batch

    def counted(specs, folder, **options):
        report = whole(specs, folder, **options)
        made.append(report)
        return report

    batch.run_batch = counted
    try:
        code, _, _ = cli("handout", *given)
    finally:
        batch.run_batch = whole
    assert code == 0
    assert 0 < made[0].resumed < made[0].planned == 96
    killed = data_of("handout-colombia.html")
    code, _, _ = cli("handout", *given[:-1], "other", "--out", "other.html")
    assert (code, data_of("other.html")["codes"]) == (0, killed["codes"])


def test_the_commands_of_the_how_to_run_as_they_stand_there(cli):
    text = PAGE.read_text("utf-8")
    lines = [
        line
        for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
        for line in block.replace("\\\n", " ").splitlines()
    ]
    made = 0
    for line in lines:
        words = shlex.split(line, comments=True)
        assert words[0] == "parley"
        small = [] if "--results" in words else ["--population", 50, "--replicates", 1]
        small += [] if "--results" in words else ["--months", 12, "--processes", 1]
        code, _, err = cli(*words[1:], *small)
        assert (line, code, err if code else "") == (line, 0, "")
        made += 1
    assert made == 4
    assert len(list(Path().glob("*.html"))) == 3
