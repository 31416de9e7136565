"""References that a place file brings along: used as sources, listed, and checked."""

import pytest

from parley.errors import ScenarioError
from parley.own_references import own_references
from parley.place import load_place, place_quantities
from parley.place_report import place_report
from parley.scenario import make_scenario

TRUST = (
    '\n[facts.trust_company]\nvalue = 0.4\nunit = "share of full trust"\nsource = "office_2020"\n'
    'grade = "measured"\nyear = 2020\nrange = [0.3, 0.5]\n'
)
OFFICE = (
    '\n[references.office_2020]\nauthors = "Office"\nyear = 2020\ntitle = "Survey"\n'
    'where = "Office, the capital"\n'
)


def valley(tmp_path, *parts):
    path = tmp_path / "valley.toml"
    path.write_text('extends = "bosnia"\n' + "".join(parts), "utf-8")
    return path


def test_a_number_may_name_a_reference_of_its_file(tmp_path):
    path = valley(tmp_path, TRUST, OFFICE)
    assert load_place(path).facts.trust_company == 0.4
    (trust,) = [q for q in place_quantities(path) if q.key == "facts.trust_company"]
    assert (trust.source, trust.grade) == ("office_2020", "measured")
    (office,) = own_references(path)
    assert (office.key, office.authors, office.year) == ("office_2020", "Office", "2020")


def test_a_variant_keeps_the_references_of_its_parent(tmp_path):
    valley(tmp_path, TRUST, OFFICE)
    child = tmp_path / "gorge.toml"
    child.write_text('extends = "valley.toml"\ntitle = "Gorge"\n')
    assert load_place(child).facts.trust_company == 0.4
    assert [one.key for one in own_references(child)] == ["office_2020"]


def test_without_the_reference_the_number_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="there is no reference 'office_2020'"):
        load_place(valley(tmp_path, TRUST))


def test_a_reference_that_nobody_cites_is_told(tmp_path):
    path = valley(tmp_path, OFFICE)
    assert "cite the reference office_2020 or take it out" in place_report(path).to_do
    assert not any("office" in line for line in place_report(valley(tmp_path, TRUST, OFFICE)).to_do)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('authors = "Office"\n', "", "references.office_2020.authors: is missing"),
        ("year = 2020\n", "", "references.office_2020.year: is missing"),
        ("year = 2020\n", "year = true\n", "references.office_2020.year = True: is missing"),
        ('where = "Office, the capital"\n', "", "who published it, or a doi or url"),
        ('where = "', 'wher = "', "did you mean 'where'"),
        ("office_2020", "slovic_1993", "is a key of references.toml already"),
        (
            'where = "Office, the capital"',
            'doi = "10.1111/J.1539-6924.1993.tb01329.x"',
            'is that of slovic_1993 in references.toml; write source = "slovic_1993"',
        ),
    ],
)
def test_what_is_wrong_with_a_reference_is_said(tmp_path, old, new, said):
    assert old in OFFICE
    path = valley(tmp_path, OFFICE.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        load_place(path)
    assert said in str(caught.value)


def test_the_name_of_a_source_changes_no_result(tmp_path):
    one = make_scenario(place=valley(tmp_path, TRUST, OFFICE), practices="none").digest()
    other = TRUST.replace('"office_2020"', '"bhas_census_2013"')
    assert make_scenario(place=valley(tmp_path, other), practices="none").digest() == one
