"""`parley new-place`: from a few answers to a file that validates, runs and hides nothing."""

import json
import re
import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.commands import new_place as command
from parley.place import available_places, read_place
from parley.place_context import CONTEXT
from parley.place_report import place_report, rangeless
from parley.place_template import Answers, GroupAnswer, place_text, starting_values
from parley.price_data import series_names
from parley.reading import Quantity
from parley.registry import load_registry
from parley.scenario import load_scenario, make_scenario

USUAL = ("new-place", "valley", "--country", "Peru", "--yes")


def at_terminal(monkeypatch, said):
    """Somebody at a terminal who gives these answers in turn, and else what is offered."""

    def answer(question, default=None, type=None):
        return said[question].pop(0) if question in said else default or ""

    monkeypatch.setattr(command, "at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)


def text_of(name="valley"):
    return Path(f"{name}.toml").read_text("utf-8")


def test_a_new_place_validates_runs_and_says_what_is_assumed(cli):
    code, out, err = cli(*USUAL)
    assert (code, err) == (0, "")
    report = place_report("valley.toml")
    assert f"{report.numbers} numbers: {report.assumptions} are still assumptions" in out
    assert report.by_grade == {
        "measured": 0,
        "estimated elsewhere": 2,  # how the price of copper moves
        "expert": 0,
        "assumption": report.numbers - 2,
    }
    for step in re.findall(r"^  parley (.*)$", out, re.MULTILINE):
        words = step.split()
        quick = ("--months", "3", "--population", "100") if words[0] == "run" else ()
        assert cli(*words, *quick)[0] == 0, step


def test_every_number_a_place_needs_stands_there_with_unit_meaning_and_range(cli):
    cli(*USUAL)
    text, file = text_of(), read_place("valley.toml", None, "replay")
    facts = [p for p in load_registry().parameters.values() if p.section == "place"]
    plain = " ".join(text.replace("\n#", "").split())
    for fact in facts:
        assert f"[facts.{fact.name}]" in text
        assert f"{fact.label}. {fact.description}" in plain
        assert f"Allowed: {fact.allowed}" in plain
    assert {key for key, _ in file.context} == {k for k, n in CONTEXT.items() if n.required}
    assert all(f"\n# {key} = " in text for key, n in CONTEXT.items() if not n.required)
    assert rangeless(file) == ()
    for quantity in file.quantities:
        if quantity.grade == "assumption":
            assert quantity.note.startswith("Assumption"), quantity.key


def test_starting_values_are_those_a_place_needs_and_no_others():
    start = starting_values()
    facts = {p.name for p in load_registry().parameters.values() if p.section == "place"}
    assert {*start["facts"], "company_interest"} == facts
    assert set(start["context"]) == {key for key, n in CONTEXT.items() if n.required}
    for section in ("needs", "company_interest"):
        assert sum(start[section].values()) == pytest.approx(1.0, abs=1e-12)
    entries = [e for e in start["facts"].values() if "value" in e]
    entries += [*start["facts"]["security_start"].values(), *start["context"].values()]
    for entry in entries:
        low, high = entry["range"]
        assert low <= entry["value"] <= high
        assert low < high


def test_answers_reach_the_file(cli):
    groups = ("--groups", "Fishing families=0.25,upland=0.35,harbour town=0.4")
    code, _, err = cli(
        *USUAL, "--title", 'The "blue" bay: a port', "--start", "2008-06", "--sells", "nickel",
        "--people", "40000", "--income", "310", "--revenue", "9.5e7", *groups,
        "--left-out", "upland,Fishing families",
    )  # fmt: skip
    assert (code, err) == (0, "")
    file = read_place("valley.toml", None, "replay")
    place, facts = file.place, file.place.facts
    assert (place.title, place.country, f"{file.start:%Y-%m}") == (
        'The "blue" bay: a port',
        "Peru",
        "2008-06",
    )
    assert (facts.catchment_population, facts.median_income_usd) == (40000, 310)
    assert facts.revenue_usd_per_year * facts.catchment_share == 9.5e7
    assert [(g.key, g.label, g.share, g.marginalised) for g in place.groups] == [
        ("fishing_families", "Fishing families", 0.25, True),
        ("upland", "Upland", 0.35, True),
        ("harbour_town", "Harbour town", 0.4, False),
    ]
    assert tomllib.loads(text_of())["price"]["series"] == "nickel"
    assert len(place.price_path) == 180  # June 2008 to May 2023


@pytest.mark.parametrize("series", series_names())
def test_whatever_is_sold_the_file_reads_and_its_price_is_the_fitted_one(cli, series):
    assert cli(*USUAL, "--sells", series)[0] == 0
    scenario = load_scenario("valley_run.toml")
    assert scenario.parameters.price.volatility_per_sqrt_year > 0.1
    assert scenario.place.price_path[0] != 0.0
    assert not [line for line in place_report("valley.toml").to_do if "range" in line]


@pytest.mark.parametrize("people", ["100", "2e7"])
def test_answers_at_the_edge_of_what_is_allowed_still_read(cli, people):
    assert cli(*USUAL, "--people", people, "--income", "1", "--revenue", "1e12")[0] == 0


@pytest.mark.parametrize("parent", available_places())
def test_a_variant_in_the_same_country_takes_everything_over(cli, parent):
    code, out, _ = cli("new-place", "valley", "--like", parent, "--yes")
    assert code == 0
    mine, theirs = (read_place(n, None, "replay") for n in ("valley.toml", parent))
    assert mine.place.facts == theirs.place.facts
    assert mine.place.groups == theirs.place.groups
    assert mine.history == theirs.history
    assert mine.quantities == theirs.quantities
    assert "write the story" in out
    raw = tomllib.loads(text_of())
    assert set(raw) == {"extends", "title", "country", "story", "workshop"}


@pytest.mark.parametrize("parent", available_places())
def test_every_number_of_the_parent_can_be_uncommented(cli, parent):
    cli("new-place", "valley", "--like", parent, "--yes")
    shown = re.sub(r"^# ((?:facts|groups|tags|context|parameters)\.)", r"\1", text_of(),
                   flags=re.MULTILINE)  # fmt: skip
    Path("valley.toml").write_text(shown, "utf-8")
    mine, theirs = (read_place(n, None, "replay") for n in ("valley.toml", parent))
    assert mine.place.facts == theirs.place.facts or all(
        getattr(mine.place.facts, name)
        == pytest.approx(getattr(theirs.place.facts, name), rel=1e-5)
        for name in theirs.place.facts.__dataclass_fields__
    )
    assert all(q.grade == "assumption" for q in mine.quantities if "[" not in q.key)


def test_what_was_measured_in_another_country_is_no_evidence(cli):
    assert cli("new-place", "valley", "--like", "colombia", "--country", "Peru", "--yes")[0] == 0
    file = read_place("valley.toml", None, "replay")
    published = [q for q in file.quantities if q.grade in ("measured", "estimated elsewhere")]
    assert {q.key.rpartition(".")[0] for q in published} == {"parameters.price"}
    assert file.history == ()
    trust = next(q for q in file.quantities if q.key == "facts.trust_company")
    assert trust == Quantity(
        "facts.trust_company", 0.17, "share of full trust", "assumption", "assumption", "",
        "Assumption: the figure of colombia.", 0.07, 0.65,
    )  # fmt: skip


def test_a_variant_may_sell_something_else_and_start_at_another_time(cli):
    words = ("--like", "colombia", "--sells", "gold", "--start", "2006-01", "--people", "900")
    assert cli("new-place", "valley", *words, "--yes")[0] == 0
    scenario = make_scenario(place="valley.toml", practices="none")
    assert scenario.place.facts.catchment_population == 900
    assert scenario.parameters.price.volatility_per_sqrt_year == 0.128
    assert f"{scenario.start:%Y-%m}" == "2006-01"


def test_a_variant_of_a_file_of_ones_own_in_another_folder(cli):
    assert cli(*USUAL, "--out", "mine")[0] == 0
    words = ("--like", "mine/valley.toml", "--out", "more/deep", "--yes")
    assert cli("new-place", "gorge", *words)[0] == 0
    assert 'extends = "../../mine/valley.toml"' in Path("more/deep/gorge.toml").read_text("utf-8")
    assert cli("validate", "more/deep/gorge.toml", "more/deep/gorge_run.toml")[0] == 0


def test_questions_are_put_on_a_terminal(cli, monkeypatch):
    said = {"Country": "Chile", "How many residents can the site affect?": "7000"}
    asked = []

    def answer(question, default=None, type=None):
        asked.append(question)
        return said.get(question, default or "")

    monkeypatch.setattr(command, "at_terminal", lambda: True)
    monkeypatch.setattr("typer.prompt", answer)
    assert cli("new-place", "valley", "--sells", "gold")[0] == 0
    place = read_place("valley.toml", None, "replay").place
    assert (place.country, place.facts.catchment_population) == ("Chile", 7000)
    assert len(asked) == 8
    assert not any("sells" in question for question in asked)


def test_a_wrong_answer_is_asked_for_again(cli, monkeypatch):
    said = {
        "Country": [" ", "Chile"],
        "How many residents can the site affect?": ["many", "12", "7000"],
        "First month of a run (YYYY-MM)": ["2040-01", "2011-01"],
        "Groups that are left out of talks (empty for none)": ["fishers", "farmers"],
    }
    at_terminal(monkeypatch, said)
    code, _, err = cli("new-place", "valley")
    assert code == 0
    assert all(answers == [] for answers in said.values())
    fragments = ("--country", "from 100 to 20_000_000", "after the price record", "--left-out")
    assert all(fragment in err for fragment in fragments)
    file = read_place("valley.toml", None, "replay")
    assert (file.place.country, file.place.facts.catchment_population) == ("Chile", 7000)
    assert [group.key for group in file.place.groups if group.marginalised] == ["farmers"]


@pytest.mark.parametrize(
    ("given", "more", "hint"),
    [
        ("Columbia", (), "did you mean 'Colombia'? if not: give it again, or add --new-country"),
        ("colombia", (), "did you mean 'Colombia'?"),
        ("Bosnia and Hercegovina", (), "did you mean 'Bosnia and Herzegovina'?"),
        ("Austria", (), "did you mean 'Australia'?"),
        ("Austria", ("--new-country",), ""),
        ("Colombia", (), ""),
        ("Peru", (), ""),
        ("Nigeria", (), ""),
    ],
)
def test_a_misspelt_country_is_asked_about(cli, given, more, hint):
    code, _, err = cli("new-place", "valley", "--country", given, "--yes", *more)
    assert (code, hint in err) == ((2 if hint else 0), True)
    assert err.count("error:") == (1 if hint else 0)


def test_a_country_said_twice_is_taken(cli, monkeypatch):
    said = {"Country": ["Austria", "Astria", "Astria"]}
    at_terminal(monkeypatch, said)
    code, _, err = cli("new-place", "valley")
    assert (code, err.count("did you mean")) == (0, 2)
    assert read_place("valley.toml", None, "replay").place.country == "Astria"


def test_running_the_place_itself_leads_to_its_scenario(cli):
    assert cli(*USUAL)[0] == 0
    code, out, err = cli("run", "valley.toml")
    assert (code, out, err.count("error:")) == (2, "", 1)
    assert "is a place, and a run needs a scenario" in err
    assert "run valley_run.toml" in err
    Path("valley_run.toml").unlink()
    assert "parley compare --places valley.toml" in cli("run", "valley.toml")[2]


def test_only_what_was_answered_is_called_wrong(cli):
    given = ("new-place", "valley", "--country", "Peru", "--people", "1e9", "--yes")
    code, _, err = cli(*given)
    assert (code, err.count("error:")) == (2, 1), err
    assert "--people = '1000000000'" in err


def test_a_number_with_a_comma_is_asked_for_in_plain_digits(cli, monkeypatch):
    said = {"How many residents can the site affect?": ["9,000", "9000"], "Country": ["Chile"]}
    at_terminal(monkeypatch, said)
    code, _, err = cli("new-place", "valley")
    assert code == 0
    assert "--people = '9,000': is not a number in plain digits" in err
    assert read_place("valley.toml", None, "replay").place.facts.catchment_population == 9000


def test_nothing_is_overwritten_without_force(cli):
    assert cli(*USUAL)[0] == 0
    Path("valley.toml").write_text("mine")
    code, _, err = cli(*USUAL)
    assert code == 2
    assert "valley.toml: exists already; choose another name or folder" in err
    assert text_of() == "mine"
    assert cli(*USUAL, "--force")[0] == 0
    assert "country" in text_of()


def test_json_tells_the_same(cli):
    _, out, _ = cli(*USUAL, "--json")
    told, report = json.loads(out), place_report("valley.toml")
    assert told["files"] == ["valley.toml", "valley_run.toml"]
    assert (told["numbers"], told["assumptions"]) == (report.numbers, report.assumptions)
    assert told["to_do"] == list(report.to_do)


@pytest.mark.parametrize(
    ("words", "fragments"),
    [
        (("new-place", "valley"), ("--country: is missing",)),
        (("new-place", "My Valley"), ("'My Valley'", "'my_valley' would do")),
        (("new-place", "bosnia"), ("comes with Parley", "--like bosnia")),
        ((*USUAL, "--sells", "coper"), ("did you mean 'copper'",)),
        ((*USUAL, "--people", "12"), ("from 100 to 20_000_000 (persons)",)),
        ((*USUAL, "--start", "2030-01"), ("after the price record", "1990-01 to 2023-05")),
        ((*USUAL, "--start", "soon"), ("is not a date",)),
        ((*USUAL, "--groups", "a=0.5,b=0.6"), ("sum to 1.1", "a sum of 1")),
        ((*USUAL, "--groups", "a=0.5,a=0.5"), ("is not a group",)),
        ((*USUAL, "--groups", "a=lots"), ("name=share",)),
        ((*USUAL, "--groups", "all=1"), ("--groups", "the name 'all' is reserved")),
        ((*USUAL, "--groups", "woman=0.5,man=0.5"), ("the name 'woman' is reserved",)),
        ((*USUAL, "--title", " "), ("--title: is missing",)),
        ((*USUAL, "--left-out", "farmer"), ("did you mean 'farmers'",)),
        ((*USUAL, "--like", "bosnai"), ("did you mean 'bosnia'",)),
        ((*USUAL, "--like", "bosnia", "--groups", "a=1"), ("groups are those of bosnia",)),
        (
            (*USUAL, "--people", "12", "--sells", "coper", "--start", "2010-13"),
            ("--people = '12':", "--sells", "--start = '2010-13': is not a date"),
        ),
    ],
)
def test_wrong_answers_leave_nothing_behind(cli, words, fragments):
    code, out, err = cli(*words)
    assert (code, out) == (2, "")
    assert all(fragment in err for fragment in fragments), err
    assert list(Path().iterdir()) == []


SHARES = st.lists(st.integers(1, 100), min_size=1, max_size=6)


@given(
    title=st.text(st.characters(codec="utf-8"), min_size=1).filter(str.strip),
    people=st.floats(100, 2e7),
    income=st.floats(1, 2e4),
    revenue=st.floats(1e4, 1e12),
    shares=SHARES,
    sells=st.sampled_from(series_names()),
)
@settings(max_examples=30)
def test_any_answers_give_a_file_that_reads(title, people, income, revenue, shares, sells):
    parts = [share / sum(shares) for share in shares]
    groups = tuple(GroupAnswer(f"g{i}", title, part, i > 0) for i, part in enumerate(parts))
    answers = Answers(title, title, "2012-01", sells, people, income, revenue, groups)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "valley.toml"
        path.write_text(place_text(answers), "utf-8", newline="\n")
        file, report = read_place(path, None, "replay"), place_report(path)
    assert (file.place.title, file.place.country) == (title, title)
    assert [g.share for g in file.place.groups] == pytest.approx(parts, abs=1e-5)
    assert file.place.facts.median_income_usd == pytest.approx(income, rel=1e-5)
    assert not any("range" in line or "near_share" in line for line in report.to_do)


@pytest.mark.parametrize("name", ["places", "new-place", "references"])
def test_the_commands_explain_themselves_with_an_example(cli, name):
    code, out, _ = cli(name, "--help")
    assert code == 0
    assert f"Example: parley {name}" in out


def test_validate_tells_a_short_variant_from_a_scenario(cli):
    Path("variant.toml").write_text('extends = "bosnia"\nworkshop = "TO WRITE"\n', "utf-8")
    code, out, _ = cli("validate", "variant.toml")
    assert code == 0
    assert "variant.toml: place, no problem(s)" in out
    assert f"{place_report('bosnia').numbers} numbers: " in out
    assert "to do: write the workshop" in out
    _, out, _ = cli("validate", "variant.toml", "--json")
    report = json.loads(out)["variant.toml"]["report"]
    assert report["numbers"] == sum(report["by_grade"].values())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('title = "x"\ncountry = "Peru"\n[facts\n', "place"),
        ('title = "x"\n[groups.farmers]\nshare = \n', "place"),
        ('place = "bosnia"\nmonths = = 3\n', "scenario"),
        ('kind = "cash"\nlabel = "x\n', "intervention"),
        ('title = "x"\n[dials]\nsharing = \n', "practices"),
        ('title = "x"\n[numbers]\n[[', "tail event"),
        ("title = x\n", "unknown"),
    ],
)
def test_validate_says_what_a_file_is_that_is_not_toml(cli, text, kind):
    Path("broken.toml").write_text(text, "utf-8")
    code, out, err = cli("validate", "broken.toml")
    assert code == 2
    assert f"broken.toml: {kind}, 1 problem(s)" in out
    assert "is not valid TOML" in err
