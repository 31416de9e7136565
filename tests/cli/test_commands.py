"""The command line: what it says, what it leaves behind, and its exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import parley.runner
from parley.store import open_results

SMALL = ("--places", "bosnia", "--arms", "none", "hsbp", "--replicates", "2", "--months", "6",
         "--population", "60", "--processes", "1")  # fmt: skip
HEAVY = {"mesa", "pandas", "matplotlib", "scipy", "numpy", "pyarrow", "networkx", "joblib"}
COMMANDS = ("run", "compare", "validate", "describe", "params")


def left_behind():
    return [path for path in Path.cwd().rglob("*") if path.is_file()]


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['parley', '--help']\n"
        "from parley.cli import main\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "compare" in done.stdout
    assert not HEAVY & set(done.stderr.split())


def test_the_package_itself_is_light():
    code = "import sys, parley; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not (HEAVY | {"typer", "pydantic", "rich"}) & set(done.stdout.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(cli, name):
    code, out, _ = cli(name, "--help")
    assert code == 0
    assert f"Example: parley {name}" in out


def test_no_command_shows_the_commands(cli):
    _, out, err = cli()
    assert all(name in out + err for name in COMMANDS)


def test_version(cli):
    code, out, _ = cli("--version")
    assert (code, out.split()[0]) == (0, "parley")


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("comprae",), "compare"),
        (("compare", "--replicate", "3"), "--replicates"),
        (("compare", "--replicates", "0"), "1"),
        (("compare", "--replicates", "three"), "--replicates"),
        (("compare", "--places", "bosnai"), "did you mean 'bosnia'"),
        (("compare", "--arms", "hsbpp,none"), "did you mean 'hsbp'"),
        (("compare", "--arms", "none,none"), "named twice"),
        (("compare", "--arms", "hsbp"), "one arm is no comparison"),
        (("compare", "--against", "nune"), "did you mean 'none'"),
        (("compare", "--parameters", "trust.asymetry_max=1"), "trust.asymmetry_max"),
        (("compare", "--parameters", "trust.asymmetry_max=high"), "is not a number"),
        (("compare", "--parameters", "trust.asymmetry_max"), "has no value"),
        (("compare", "--months", "0"), "months"),
        (("compare", "--population", "3"), "from 50"),
        (("compare", "--processes", "0"), "1"),
        (("run", "nowhere.toml"), "nowhere.toml"),
        (("run", "colombia_hsbp", "--seed", "-1"), "0"),
        (("validate", "nowhere.toml"), "no such file"),
        (("describe", "bosnai"), "did you mean 'bosnia'"),
        (("describe", "bopal"), "did you mean 'bhopal'"),
        (("validate", "mongola"), "did you mean 'mongolia'"),
        (("run", "bosnia"), "is a place, and a run needs a scenario"),
        (("params", "trsut"), "did you mean 'trust'"),
        (("params", "--grep", "zzzz"), "no number matches"),
    ],
)
def test_bad_input_is_explained_and_writes_nothing(cli, words, fragment):
    code, out, err = cli(*words)
    assert code == 2
    assert fragment in err
    assert "Traceback" not in out + err
    assert left_behind() == []


def test_a_foreign_folder_is_left_alone(cli):
    Path("thesis.docx").write_text("precious")
    code, _, err = cli("compare", *SMALL, "--out", ".")
    assert code == 2
    assert "not results" in err
    assert [path.name for path in left_behind()] == ["thesis.docx"]


def test_compare_keeps_everything_and_is_not_made_twice(cli, monkeypatch):
    code, out, err = cli("compare", *SMALL, "--json", "--no-figures")
    assert code == 0
    assert err.startswith("4 runs: none, hsbp in bosnia; 60 residents, 6 months\n")
    answer = json.loads(out)
    assert answer["against"] == "none"
    assert answer["counts"] == {"planned": 4, "ok": 4, "failed": 0}
    row = next(r for r in answer["differences"] if r["outcome"] == "trust_company")
    assert (row["arm"], row["group"], row["n"]) == ("hsbp", "all", 2)
    assert row["low"] <= row["difference"] <= row["high"]
    folder = Path(answer["folder"])
    assert folder.parent == Path("results")
    assert folder.name.startswith("comparison-")
    assert len(open_results(folder).runs()) == 4
    assert (folder / "differences.csv").read_text().startswith("outcome,label,unit,")

    def never(spec):
        raise AssertionError("made again")

    monkeypatch.setattr(parley.runner, "run", never)
    code, again, _ = cli("compare", *SMALL, "--json", "--no-figures")
    assert code == 0
    assert json.loads(again)["differences"] == answer["differences"]


def test_compare_shows_a_table_and_draws_figures(cli):
    code, out, _ = cli("compare", *SMALL, "--out", "mine", "--parameters", "trust.asymmetry_max=1")
    assert code == 0
    assert "Who is worse off than under No practices" in out
    assert "2 replicates, 60 simulated residents, 6 months, seed 1." in out
    assert "† Near-tautological" in out
    assert "odelled yet" not in out
    pictures = {path.name for path in Path("mine/figures").iterdir()}
    assert {"paths.png", "paths.svg", "wins.png", "groups-trust_company.png"} <= pictures
    content = json.loads(Path("mine/manifest.json").read_text())
    [values] = content["inputs"]["parameters"].values()
    assert values["trust"]["asymmetry_max"] == 1.0


def test_a_failing_run_makes_the_exit_code_one(cli, monkeypatch):
    real = parley.runner.run

    def broken(spec):
        if spec.arm == "hsbp":
            raise ValueError("it broke")
        return real(spec)

    monkeypatch.setattr(parley.runner, "run", broken)
    code, _, err = cli("compare", *SMALL, "--out", "mine")
    assert code == 1
    assert "50% of all runs failed" in err
    assert "ValueError: it broke" in err
    assert len(list(Path("mine/failures").iterdir())) == 2


def test_ctrl_c_says_how_to_resume(cli, monkeypatch):
    real, made = parley.runner.run, []

    def interrupted(spec):
        if len(made) == 3:
            raise KeyboardInterrupt
        made.append(spec)
        return real(spec)

    with monkeypatch.context() as patch:
        patch.setattr(parley.runner, "run", interrupted)
        code, _, err = cli("compare", *SMALL, "--out", "mine", "--no-figures")
    assert code == 130
    assert "3 of 4 runs are finished and kept in mine" in err
    assert "give the same command again" in err
    code, out, _ = cli("compare", *SMALL, "--out", "mine", "--no-figures")
    assert code == 0
    assert "1 runs in" in out


def test_a_defect_is_one_line_and_a_file(cli, monkeypatch, tmp_path):
    def broken(*_):
        raise RuntimeError("a defect\nof two lines")

    monkeypatch.setattr("parley.registry.load_registry", broken)
    code, out, err = cli("params")
    assert code == 3
    assert out == ""
    assert err.startswith("internal error: RuntimeError: a defect. This is a defect of Parley")
    assert err.count("\n") == 1
    [file] = (tmp_path / "tmp").iterdir()
    assert str(file) in err
    assert "Traceback" in file.read_text()
    code, _, err = cli("--debug", "params")
    assert code == 3
    assert "Traceback" in err


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(
        'title = "A try"\nplace = "bosnia"\npractices = "hsbp"\nmonths = 6\npopulation = 60\n'
    )
    return path


def test_run_shows_where_it_ends(cli, scenario):
    code, out, _ = cli("run", scenario)
    assert code == 0
    assert "A try" in out
    assert "60 residents, 6 months" in out
    assert "Trust in the company †" in out
    assert left_behind() == []


def test_run_as_json_depends_on_the_replicate_only(cli, scenario):
    first, again, other = (
        json.loads(cli("run", scenario, "--json", "--replicate", r)[1]) for r in (0, 0, 1)
    )
    assert first == again
    assert first["identity"] != other["identity"]
    assert len(first["series"]["trust_company"]) == 6
    assert first["levels"]["trust_company"]["all"] == first["series"]["trust_company"][-1]


def test_run_in_another_size(cli, scenario):
    code, out, _ = cli("run", scenario, "--months", 3, "--population", 50, "--json")
    content = json.loads(out)
    assert (code, content["months"], content["people"]) == (0, 3, 50)
    assert cli("run", scenario, "--months", 0)[0] == 2


def test_the_library_runs_as_often_as_asked():
    """Also after the module that runs has been imported by somebody else."""
    scenario = parley.make_scenario(place="bosnia", practices="none", months=2, population=50)
    first, again = parley.run(scenario), parley.run(scenario)
    assert first.series["trust_company"].shape == (2, len(first.groups))
    assert again.identity == first.identity
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = parley.nonsense


def test_run_keeps_a_results_folder(cli, scenario):
    code, out, _ = cli("run", scenario, "--out", "one")
    assert code == 0
    assert "Kept in one" in out
    assert len(open_results("one").runs()) == 1
    assert cli("run", scenario, "--out", "one")[0] == 2  # nothing to do: says so


def test_a_failed_run_is_a_failed_check(cli, scenario, monkeypatch):
    def broken(self):
        raise ValueError("no month")

    monkeypatch.setattr("parley.model.PartneringModel.run_model", broken)
    code, _, err = cli("run", scenario)
    assert code == 1
    assert "the run failed: ValueError" in err


def test_validate_lists_every_problem_of_every_file(cli, scenario, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text('place = "bosnai"\npractices = "hsbp"\nmonths = -3\npopulaton = 100\n')
    code, out, err = cli("validate", scenario, bad)
    assert code == 2
    assert f"{scenario}: scenario, no problem(s)" in out
    assert f"{bad}: scenario, 3 problem(s)" in out
    for fragment in ("did you mean 'bosnia'", "months = -3", "did you mean 'population'"):
        assert fragment in err
    code, out, _ = cli("validate", scenario, bad, "--json")
    assert code == 2
    assert len(json.loads(out)[str(bad)]["problems"]) == 3
    assert cli("validate", scenario)[0] == 0


def test_every_bundled_file_validates(cli):
    from parley.paths import scenarios_folder

    others = {"references.toml", "systems.toml"}
    files = [path for path in scenarios_folder().rglob("*.toml") if path.name not in others]
    code, out, err = cli("validate", *files)
    assert (code, err) == (0, "")
    assert out.count("no problem(s)") == len(files) > 10


def test_describe_a_scenario(cli, scenario):
    code, out, _ = cli("describe", scenario)
    assert code == 0
    for fragment in ("A try", "The month", "price moves", "Practices announced", "Numbers"):
        assert fragment in out
    content = json.loads(cli("describe", scenario, "--json")[1])
    assert content["kind"] == "scenario"
    assert content["parameters"]["trust.asymmetry_max"] > 0
    assert len(content["practices"]["dials"]) == 18
    assert all(number["source"] and number["grade"] for number in content["place"]["numbers"])


@pytest.mark.parametrize(("name", "kind"), [("bosnia", "place"), ("hsbp", "practices")])
def test_describe_by_name(cli, name, kind):
    code, out, _ = cli("describe", name, "--json")
    assert code == 0
    assert json.loads(out)["kind"] == kind
    assert cli("describe", name)[0] == 0


def test_params(cli):
    code, out, _ = cli("params", "trust")
    assert code == 0
    assert "asymmetry_max" in out
    rows = json.loads(cli("params", "--json")[1])
    assert len(rows) > 150
    assert all(row["sources"] for row in rows if row["role"] != "place")
    found = json.loads(cli("params", "--grep", "asymmetry", "--json")[1])
    assert 0 < len(found) < 10


def test_describe_shows_phases_and_attributes(cli):
    code, out, _ = cli("describe", "hrdd_hsbp_interleaved")
    assert code == 0
    for fragment in ("start again after 24 months", "From month 12", "Human Security Business"):
        assert fragment in out
    shown = json.loads(cli("describe", "hrdd_then_hsbp", "--json")[1])
    assert [phase["from_month"] for phase in shown["phases"]] == [0, 60]
    assert shown["phases"][0]["rules"]["initiator"] == "owner"


def test_compare_takes_families(cli, tmp_path):
    code, _, err = cli(
        "compare", "--places", "bosnia", "--arms", "pillars", "none", "--replicates", 1,
        "--months", 6, "--population", 60, "--no-figures", "--out", tmp_path / "r",
    )  # fmt: skip
    assert code == 0, err
    assert "hsbp@principles, hsbp@processes, hsbp@tools, none" in err
