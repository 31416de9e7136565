"""`parley places`: the list of places, and places compared."""

import json
from pathlib import Path

import pandas as pd
import pytest

from parley.place import available_places, load_place, place_quantities
from parley.place_comparison import (
    ASPECTS,
    MEASURES,
    place_numbers,
    place_summaries,
    places_table,
)
from parley.place_context import CONTEXT
from parley.reading import GRADES

PLACES = available_places()


def test_all_places_are_listed(cli):
    code, out, err = cli("places")
    assert (code, err) == (0, "")
    assert all(name in out for name in PLACES)
    assert "iron_ore" in out
    code, out, _ = cli("places", "--json")
    rows = {row["key"]: row for row in json.loads(out)}
    assert list(rows) == list(PLACES)
    assert rows["bosnia"]["sold"] == "iron_ore"
    assert rows["bosnia"]["start"] == "2010-01"
    assert rows["colombia"]["people"] == 20000
    assert rows["colombia"]["groups"] == [group.label for group in load_place("colombia").groups]


def test_assumptions_are_counted():
    for one in place_summaries():
        grades = [quantity.grade for quantity in place_quantities(one.key)]
        assert one.numbers == len(grades)
        assert one.assumptions == grades.count("assumption")


def test_two_places_are_compared_on_the_screen(cli):
    code, out, _ = cli("places", "colombia", "bosnia")
    assert code == 0
    assert all(aspect.capitalize() in out for aspect in ASPECTS)
    assert "0.17 ●" in out
    assert "0.3 ○" in out
    assert "[0.2 to 0.4]" in out


def test_comparing_writes_table_and_figure(cli):
    code, out, _ = cli("places", "bosnia", "colombia", "--out", "here", "--figure", "there/f.svg")
    assert code == 0
    files = ("here/places.csv", "here/places.png", "here/places.svg", "there/f.png", "there/f.svg")
    for name in files:
        assert f"Wrote {name}" in out
        assert Path(name).stat().st_size > 1000
    table = pd.read_csv("here/places.csv")
    assert list(table["place"].unique()) == ["bosnia", "colombia"]
    again = places_table(["bosnia", "colombia"])
    assert table["value"].tolist() == again["value"].tolist()


def test_every_place_can_be_compared_at_once(cli):
    code, out, _ = cli("places", "--compare", "--json")
    rows = json.loads(out)
    assert code == 0
    assert {row["place"] for row in rows} == set(PLACES)


def test_the_table_is_tidy_and_keeps_grade_and_source():
    table = places_table()
    assert not table.duplicated(["place", "key"]).any()
    assert set(table["grade"]) <= set(GRADES)
    published = table["grade"].isin(["measured", "estimated elsewhere"])
    assert (published == (table["source"] != "assumption")).all()
    assert (table["unit"] != "").all()
    assert table[["value", "low", "high"]].dtypes.eq(float).all()
    ranged = table.dropna(subset=["low"])
    assert (ranged["low"] <= ranged["high"]).all()


@pytest.mark.parametrize("name", PLACES)
def test_numbers_are_those_of_the_file(name):
    known = {quantity.key: quantity for quantity in place_quantities(name)}
    rows = place_numbers([name])
    for row in rows:
        if row.key in known:
            quantity = known[row.key]
            assert (row.value, row.unit, row.low, row.high, row.source) == (
                quantity.value,
                quantity.unit,
                quantity.low,
                quantity.high,
                quantity.source,
            )
    safety = next(row for row in rows if row.key == "facts.security_start.safety")
    assert safety.value == load_place(name).facts.security_start[0]
    optional = {f"context.{key}" for key, number in CONTEXT.items() if not number.required}
    assert {m.key for m in MEASURES} - optional <= {row.key for row in rows}


def test_one_source_for_six_numbers_serves_each_of_them(tmp_path):
    path = tmp_path / "six.toml"
    needs = "safety = 0.7, livelihood = 0.1, land = 0.2, health_water = 0.3, services = 0.4, "
    path.write_text(
        f'extends = "bosnia"\nfacts.security_start = {{ value = {{ {needs} dignity = 0.5 }}, '
        'unit = "share of full security", source = "assumption", grade = "expert" }\n'
    )
    (row,) = (r for r in place_numbers([path]) if r.key == "facts.security_start.safety")
    assert (row.place, row.value, row.grade, row.low) == ("six", 0.7, "expert", None)


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("bosnai",), "did you mean 'bosnia'"),
        (("nowhere.toml",), "no such file"),
        (("bosnia", "--out", "file"), "cannot be written"),
    ],
)
def test_wrong_words_are_refused(cli, words, fragment):
    Path("file").write_text("in the way")
    code, _, err = cli("places", *words)
    assert code == 2
    assert fragment in err
