"""Tables on the screen: whatever the width, words stay whole where there is room for them."""

import re
from collections import Counter

import pytest
from rich.console import Console

from parley.commands.grids import grid
from parley.place import available_places, place_quantities

HEAD = ("Name", "Value, range", "Source")
ROWS = [
    ("facts.", "", ""),
    ("  conflict_deaths_per_year", "4.4 deaths per million residents\n1 to 9", "cia_factbook"),
    ("  household_size", "4.8 persons [sic]", "worldbank_pinksheet"),
]


def shown(table, width):
    screen = Console(width=width, highlight=False)
    with screen.capture() as capture:
        screen.print(table)
    return capture.get()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_names_and_sources_stay_whole_and_nothing_is_lost(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    text = shown(grid("Numbers", HEAD, ROWS), width)
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    found = re.findall(r"\S+", text)
    for row in ROWS:
        assert all(word in found for cell in row for word in cell.split())


def test_a_narrow_screen_breaks_words_and_loses_none(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    text = shown(grid("", HEAD, ROWS), 40)
    given = "".join("".join(row) for row in [HEAD, *ROWS])
    assert Counter(re.sub(r"[\s─]", "", text)) == Counter(re.sub(r"\s", "", given))
    assert all(len(line.rstrip()) <= 40 for line in text.splitlines())


def test_a_table_without_rows_shows_its_head():
    assert "Name" in shown(grid("", ("Name",), []), 80)


@pytest.mark.parametrize("name", available_places())
def test_every_name_of_a_number_can_be_copied_at_eighty_characters(cli, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = cli("describe", name)
    assert code == 0
    words = set(out.split())
    for quantity in place_quantities(name):
        section, _, last = quantity.key.rpartition(".")
        assert f"{section}." in words
        assert last in words or len(last) > 32


def test_places_are_listed_whole_at_eighty_characters(cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = cli("places")
    assert {"municipality", "agricultural", "tea_mombasa"} <= set(out.split())
    assert "Colombia\n" not in out  # the title says it already
