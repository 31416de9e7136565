"""`--with` on the command line, and what `parley describe` and `validate` say of interventions."""

import json

import pandas as pd
import pytest

SMALL = ("--months", 14, "--population", 100)


def compare(cli, *words):
    common = ("--replicates", 2, "--processes", 1, "--no-figures", *SMALL)
    return cli("compare", *words, *common)


def test_run_with_an_intervention(cli):
    words = ("run", "colombia_hsbp", *SMALL, "--json")
    base = json.loads(cli(*words)[1])
    code, out, err = cli(*words, "--with", "cash_transfer:first=6,ramp_months=1,coverage=0.5")
    assert (code, err) == (0, "")
    given = json.loads(out)
    assert given["arm"] == "hsbp+cash_transfer:first=6,ramp_months=1,coverage=0.5"
    assert given["identity"] != base["identity"]
    assert given["series"]["aid"][:6] == [0.0] * 6
    assert min(given["series"]["aid"][6:]) > 0.0
    kinds = [event["kind"] for event in given["events"]]
    assert kinds.count("intervention_cost") == 8
    assert given["series"]["trust_company"][:6] == base["series"]["trust_company"][:6]


def test_run_shows_what_is_done_and_who_pays(cli):
    code, out, _ = cli("run", "colombia_hsbp", *SMALL, "--with", "royalty_rule")
    assert code == 0
    assert "With: Royalty rule: a quarter stays, paid by the state" in out


def test_run_says_where_an_intervention_has_nothing_to_work_on(cli, tmp_path):
    file = tmp_path / "hill.toml"
    file.write_text('place = "mexico"\npractices = "hsbp"\n', encoding="utf-8")
    code, out, err = cli("run", file, *SMALL, "--with", "local_hiring", "--with", "legal_aid")
    assert (code, err) == (0, "")
    assert out.count("It changes nothing in this run: the site neither hires nor buys here") == 1


def test_compare_says_it_once_for_each_place(cli, tmp_path):
    words = ("--places", "mexico,colombia", "--arms", "none,hsbp", "--with", "local_hiring:first=2")
    code, _, err = compare(cli, *words, "--out", tmp_path / "results")
    assert code == 0
    assert err.count("nothing changes in") == 1
    assert "With 'Local hiring and buying rule' nothing changes in mexico: the site neither" in err


def test_compare_shows_every_arm_beside_itself_without(cli, tmp_path):
    out = tmp_path / "results"
    code, text, err = compare(
        cli,
        *("--places", "colombia", "--arms", "none,transactional"),
        *("--with", "local_hiring:first=2,ramp_months=1", "--with", "royalty_rule:first=5"),
        *("--out", out),
    )
    assert code == 0
    more = "+local_hiring:first=2,ramp_months=1+royalty_rule:first=5"
    assert f"8 runs: none, none{more}, transactional, transactional{more}" in err
    assert "With interventions, against Transactional without:" in text
    effects = pd.read_csv(out / "interventions.csv")
    pairs = set(zip(effects["arm"], effects["against"], strict=True))
    assert pairs == {(f"none{more}", "none"), (f"transactional{more}", "transactional")}
    benefit = effects.query("outcome == 'benefit' and group == 'all'")
    assert (benefit["difference"] > 0).all()
    assert (benefit["sd_paired"] < 0.1 * benefit["difference"]).all()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    about = manifest["arms"][f"none{more}"]
    assert about["control"] == "none"
    assert len(about["interventions"]) == 2


def test_one_arm_and_its_control_are_a_comparison(cli, tmp_path):
    code, text, err = compare(
        cli,
        *("--places", "bosnia", "--arms", "transactional", "--out", tmp_path / "r"),
        *("--with", "cash_transfer:first=2,eligible=roma"),
    )
    assert code == 0, err
    assert "With interventions, against" not in text  # the table above is that comparison already
    assert "interventions.csv" in text


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("--with", "cash_transfr"), "cash_transfr.base = 'cash_transfr': unknown intervention"),
        (("--with", "cash_transfer:coverage=2"), "cash_transfer.coverage = 2: is out of range"),
        (("--with", "cash_transfer:amuont=2"), "strengths.amuont = 2: is an unknown key"),
        (("--with", "cash_transfer:payer=un"), "donor, state or company"),
        (("--with", "royalty_rule:first=2090-01"), "falls outside the run"),
    ],
)
def test_mistakes_name_the_option_and_the_way_out(cli, words, fragment):
    code, out, err = cli("run", "colombia_hsbp", *SMALL, *words)
    assert (code, out) == (2, "")
    assert err.startswith("error: --with: ")
    assert fragment in err
    code, _, err = compare(cli, "--arms", "none", "--places", "colombia", *words)
    assert code == 2
    assert fragment in err


def test_describe_lists_kinds_and_files(cli):
    code, out, _ = cli("describe", "interventions", "--json")
    content = json.loads(out)
    assert code == 0
    assert [kind["key"] for kind in content["kinds"]][:2] == [
        "entitlement_audit",
        "facilitator_fund",
    ]
    assert "cash_transfer_company" in [file["name"] for file in content["files"]]
    code, out, _ = cli("describe", "interventions")
    assert code == 0
    assert "Named interventions" in out
    assert "External ombudsman" in out


def test_describe_one_and_a_scenario_with_one(cli, tmp_path):
    code, out, _ = cli("describe", "cash_transfer_company")
    assert code == 0
    assert "paid by the company" in " ".join(out.split())
    path = tmp_path / "x.toml"
    text = 'place = "colombia"\npractices = "none"\n[[interventions]]\nbase = "royalty_rule"\n'
    path.write_text(text, encoding="utf-8")
    code, out, _ = cli("describe", path, "--json")
    (one,) = json.loads(out)["interventions"]
    assert (one["kind"], one["paid_by"], one["strengths"]) == (
        "royalty_rule",
        "state",
        {"share": 0.25},
    )
    code, out, _ = cli("describe", path)
    assert code == 0
    assert "Royalty rule" in out


def test_validate_knows_intervention_files(cli, tmp_path):
    path = tmp_path / "x.toml"
    path.write_text('label = "X"\nkind = "cash_transfer"\ncoverage = 3\n', encoding="utf-8")
    code, out, err = cli("validate", path, "cash_transfer")
    assert code == 2
    assert "x.toml: intervention, 3 problem(s)" in out
    assert "cash_transfer: intervention, no problem(s)" in out
    assert "coverage = 3: is out of range" in err
