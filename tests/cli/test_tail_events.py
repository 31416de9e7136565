"""`--tail-events` on the command line, and what `describe` and `validate` say of rare disasters."""

import json

from parley.store import open_results
from parley.tail_events import available_tail_events
from parley.tail_types import NUMBERS

SMALL = ("--months", "6", "--population", "60")


def test_a_run_with_a_disaster_shows_it(cli):
    sure = "bhopal:hazard_per_year=1,closure_months=3"
    code, out, _ = cli("run", "colombia_hsbp", *SMALL, "--tail-events", sure)
    assert code == 0
    assert "Rare disasters loaded: bhopal" in out
    assert "catastrophe 2" in out
    assert "Struck: bhopal in 2012-" in out
    code, out, _ = cli("run", "colombia_hsbp", *SMALL, "--tail-events", "bhopal:hazard_per_year=0")
    assert code == 0
    assert "None struck in this run" in out
    several = "bhopal:hazard_per_year=0,closure_months=3,thor"
    code, out, _ = cli("run", "colombia_hsbp", *SMALL, "--tail-events", several)
    assert code == 0
    assert "Rare disasters loaded: bhopal, thor" in out
    code, out, _ = cli("run", "colombia_hsbp", *SMALL)
    assert code == 0
    assert "catastrophe" not in out
    assert "Rare disasters" not in out


def test_every_arm_of_a_comparison_has_it(cli, tmp_path):
    out = tmp_path / "results"
    where = ("--arms", "none,csr", "--places", "bosnia", "--replicates", "1", "--no-figures")
    code, _, err = cli(
        "compare", *where, *SMALL, "--tail-events", "thor:hazard_per_year=1", "--out", str(out)
    )
    assert code == 0, err
    events = open_results(out).events()
    struck = events[events["kind"] == "catastrophe"]
    assert set(struck["arm"]) == {"none", "csr"}


def test_a_misspelt_one_is_told(cli):
    code, _, err = cli("run", "colombia_hsbp", "--tail-events", "bopal")
    assert code == 2
    assert "did you mean 'bhopal'" in err


def test_describe_all_and_one(cli):
    code, out, _ = cli("describe", "tail-events", "--json")
    assert code == 0
    assert [m["key"] for m in json.loads(out)["modules"]] == list(available_tail_events())
    code, out, _ = cli("describe", "tail-events")
    assert code == 0
    assert "Rare disasters, off unless named" in out
    code, out, _ = cli("describe", "thor", "--json")
    about = json.loads(out)
    assert code == 0
    assert about["kind"] == "tail event"
    assert [q["key"] for q in about["numbers"]] == [f"numbers.{key}" for key in NUMBERS]
    code, out, _ = cli("describe", "thor")
    assert code == 0
    assert "Numbers" in out
    assert "independent_thor_1997" in out


def test_describe_a_scenario_that_loads_one(cli, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('place = "colombia"\npractices = "none"\ntail_events = ["baia_mare"]\n')
    code, out, _ = cli("describe", str(path), "--json")
    assert code == 0
    assert [event["key"] for event in json.loads(out)["tail_events"]] == ["baia_mare"]
    code, out, _ = cli("describe", str(path))
    assert code == 0
    assert "Rare disasters loaded" in out


def test_validate_knows_the_kind(cli, tmp_path):
    code, out, _ = cli("validate", "bhopal")
    assert code == 0
    assert "bhopal: tail event, no problem(s)" in out
    path = tmp_path / "mine.toml"
    path.write_text('extends = "bhopal"\n[numbers]\nshield = 0.5\n')
    code, out, err = cli("validate", str(path))
    assert code == 2
    assert "tail event, 1 problem(s)" in out
    assert "needs its source" in err
