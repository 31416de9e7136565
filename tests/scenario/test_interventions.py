"""Interventions in files and from Python: defaults, dates, bases, identity."""

from datetime import date

import pytest

from parley.errors import RegistryError, ScenarioError
from parley.intervention_kinds import load_kinds
from parley.interventions import available_interventions, load_intervention, parse
from parley.registry import ASSUMPTION, load_registry
from parley.scenario import load_scenario, make_scenario

KINDS = load_kinds()
BASE = make_scenario(place="colombia", practices="csr", months=60, start="2012-01")


def written(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(
        f'place = "colombia"\npractices = "csr"\nstart = "2012-01"\nmonths = 60\n{text}'
    )
    return load_scenario(path)


def test_everything_that_is_left_out_has_a_default(tmp_path):
    (one,) = written(tmp_path, '[[interventions]]\nkind = "cash_transfer"').interventions
    assert (one.first, one.last, one.ramp_months, one.coverage) == (0, None, 1, 1.0)
    assert (one.eligible, one.villages, one.paid_by) == ((), (), "donor")
    assert one.strengths == (("amount", 0.1), ("livelihood", 1.0))
    assert (one.key, one.label) == ("cash_transfer", "Cash transfer")


def test_a_table_changes_a_named_file(tmp_path):
    text = """
    [[interventions]]
    base = "cash_transfer_company"
    first = "2013-03"
    last = 40
    eligible = ["woman", "town"]
    villages = 2
    strengths = { amount = { value = 0.3, why = "more" } }
    """
    (one,) = written(tmp_path, text).interventions
    assert (one.first, one.last, one.ramp_months) == (14, 40, 6)
    assert (one.eligible, one.villages, one.paid_by) == (("town", "woman"), (1,), "company")
    assert one.strength("amount") == 0.3
    assert one.strength("livelihood") == 1.0
    assert one.key == "cash_transfer_company"


def test_one_and_the_same_from_a_file_from_keywords_and_on_top(tmp_path):
    text = '[[interventions]]\nbase = "cash_transfer"\ncoverage = 0.5\nfirst = 24'
    table = {"base": "cash_transfer", "coverage": 0.5, "first": 24}
    scenarios = [
        written(tmp_path, text),
        make_scenario(
            place="colombia", practices="csr", months=60, start="2012-01", interventions=[table]
        ),
        BASE.with_interventions(table),
        BASE.with_interventions("cash_transfer:coverage=0.5,first=2014-01"),
    ]
    assert len({one.digest() for one in scenarios}) == 1
    assert BASE.digest() != scenarios[0].digest()
    (given,) = scenarios[0].interventions
    assert BASE.with_interventions(given).digest() == scenarios[0].digest()
    assert BASE.interventions == ()


def test_names_alone_will_do():
    names = ["cash_transfer", "royalty_rule:share=0.5"]
    keys = {"place": "bosnia", "practices": "csr", "months": 24}
    made = make_scenario(**keys, interventions=names)
    assert [one.key for one in made.interventions] == names
    assert made.arm == "csr+cash_transfer+royalty_rule:share=0.5"


def test_interventions_add_up_in_the_order_given():
    two = BASE.with_interventions("cash_transfer").with_interventions(
        "royalty_rule", "local_hiring"
    )
    assert [one.kind for one in two.interventions] == [
        "cash_transfer",
        "royalty_rule",
        "local_hiring",
    ]
    assert two.with_practices(BASE.practices).interventions == two.interventions


def test_labels_and_what_lies_beyond_the_run_are_no_part_of_the_identity():
    table = {"kind": "cash_transfer", "first": 6}
    plain = BASE.with_interventions(table)
    assert plain.digest() == BASE.with_interventions({**table, "label": "X", "name": "y"}).digest()
    assert plain.digest() == BASE.with_interventions({**table, "last": 59}).digest()
    assert plain.digest() != BASE.with_interventions({**table, "last": 58}).digest()
    short = BASE.with_run(months=24)
    late = BASE.with_interventions({"kind": "cash_transfer", "first": 24}).with_run(months=24)
    assert late.digest() == short.digest()


def test_the_last_month_counts_from_the_scenarios_own_start():
    one = BASE.with_interventions({"kind": "royalty_rule", "first": date(2012, 12, 24)})
    assert one.interventions[0].first == 11


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("x", {"base": "x"}),
        (
            "a/b.toml:payer=state",
            {"base": "a/b.toml", "name": "a/b.toml:payer=state", "payer": "state"},
        ),
        (
            "x:villages=1+3,amount=0.5,last=2015-12",
            {
                "base": "x",
                "name": "x:villages=1+3,amount=0.5,last=2015-12",
                "villages": [1, 3],
                "last": "2015-12",
                "strengths": {"amount": 0.5},
            },
        ),
    ],
)
def test_words_of_the_command_line(text, table):
    assert parse(text) == table


def test_problems_of_a_caller_come_all_at_once():
    with pytest.raises(ScenarioError) as caught:
        BASE.with_interventions("cash_transfr", {"kind": "gift"}, 7)
    found = [str(problem) for problem in caught.value.problems]
    assert len(found) == 3
    assert all(text.startswith("with_interventions: ") for text in found)
    assert "did you mean 'cash_transfer'" in found[0]


@pytest.mark.parametrize("name", available_interventions())
def test_every_named_intervention_loads_with_source_and_grade_and_fits_every_place(name):
    draft = load_intervention(name)
    references = load_registry().references
    assert draft.source == ASSUMPTION or all(key in references for key in draft.source.split("; "))
    assert draft.grade in ("measured", "estimated elsewhere", "expert", "assumption")
    for place in ("colombia", "bosnia"):
        scenario = make_scenario(place=place, practices="csr", interventions=[name])
        assert scenario.interventions[0].kind == draft.kind


def test_every_kind_has_a_file_of_its_name():
    assert set(KINDS) <= set(available_interventions())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_kinds_are_honest_about_their_numbers(kind):
    references = load_registry().references
    for sources in (kind.source, *(s.source for s in kind.strengths)):
        assert sources
        assert sources == (ASSUMPTION,) or all(key in references for key in sources)
    for strength in kind.strengths:
        assert strength.allows(strength.default)
        assert strength.plausible[0] < strength.plausible[1]
        assert strength.plausible[0] <= strength.default <= strength.plausible[1]
        if strength.null is not None:
            assert strength.plausible[0] <= strength.null <= strength.plausible[1]
        published = strength.grade in ("measured", "estimated elsewhere")
        assert not published or (strength.source != (ASSUMPTION,) and strength.where)
        assert strength.description.endswith(".")
    assert any(s.null is not None for s in kind.strengths) or kind.key == "royalty_rule"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[x", "not valid TOML"),
        ('[x]\nlabel = "X"', "missing"),
        ('[x]\nlable = "X"', "unexpected keyword"),
    ],
)
def test_a_damaged_registry_of_kinds_is_refused(tmp_path, monkeypatch, text, message):
    path = tmp_path / "interventions.toml"
    path.write_text(text)
    monkeypatch.setattr("parley.intervention_kinds.package_file", lambda _: path)
    with pytest.raises(RegistryError, match=message):
        load_kinds.__wrapped__()
