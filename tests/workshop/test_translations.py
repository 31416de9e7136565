"""Texts of the data: every one that a room reads is there in every language, and nothing else."""

import functools
import re
import tomllib
from collections import Counter
from types import SimpleNamespace

import pytest
from nicegui import translations as of_widgets
from workshop.texts_of_data import model_texts, place_texts

from parley.place import available_places, read_place
from parley.practices import available_practices, available_variants, load_practices
from parley_workshop import about, sheet_data, translations
from parley_workshop.about import OFFERED
from parley_workshop.board import Arm, Board
from parley_workshop.handout_page import place_words
from parley_workshop.page import tell_connection
from parley_workshop.panels.timeline import TimelinePanel
from parley_workshop.screen import Screen
from parley_workshop.translations import one_line, paragraphs, translated
from parley_workshop.words import LANGUAGES, Words

OTHERS = [code for code in LANGUAGES if code != "en"]
SAME = {
    "US$": "a sign",
    "-": "no unit",
    "status": "the same word in two languages",
    "agenda": "the same word in Spanish",
}
"""Texts that may read as in English, and why."""


@functools.cache
def texts_of(place):
    return place_texts(read_place(place, None, "process"))


@functools.cache
def texts_of_numbers():
    """What the handout lists: names of numbers, whole or in their parts, and units."""
    found, people = set(), set()
    for name in available_places():
        people |= texts_of(name)
        for one in place_words(name)["numbers"]:
            head, _, tail = one["label"].rpartition(": ")
            found |= {one_line(one["unit"]), tail}
            found |= {head} - people if head else set()
    return found


@functools.cache
def wanted():
    places = (texts_of(name) for name in available_places())
    quantities = (
        one for name in available_places() for one in read_place(name, None, "process").quantities
    )
    units = {one.unit for one in quantities if one.key.startswith("facts.")}
    seen = {*OFFERED, *sheet_data.SKETCHED}
    stacks = (*available_practices(), *available_variants())
    notes = {one_line(load_practices(name).note) for name in stacks}
    return set().union(model_texts(seen, units), texts_of_numbers(), notes, *places)


@functools.cache
def entries():
    return [
        (path.name, entry)
        for path in sorted(translations.FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text("utf-8"))["text"]
    ]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("place", available_places())
def test_every_text_of_a_place_is_translated(place, language):
    assert sorted(texts_of(place) - translations.translations(language).keys()) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_model_and_of_numbers_is_translated(language):
    places = set().union(*(texts_of(name) for name in available_places()))
    assert sorted(wanted() - places - translations.translations(language).keys()) == []


def test_no_translation_is_left_that_nothing_asks_for():
    assert (
        sorted((file, e["en"]) for file, e in entries() if one_line(e["en"]) not in wanted()) == []
    )


def test_a_text_is_translated_once_and_lies_where_it_belongs():
    counts = Counter(one_line(entry["en"]) for _, entry in entries())
    assert [text for text, count in counts.items() if count > 1] == []
    places = Counter(text for name in available_places() for text in texts_of(name))
    common = {text for text, count in places.items() if count > 1}
    for file, entry in entries():
        place = file.removesuffix(".toml")
        if place in available_places():
            assert one_line(entry["en"]) in texts_of(place) - common
    assert {one_line(e["en"]) for file, e in entries() if file == "shared.toml"} == common


def test_every_entry_has_one_paragraph_in_every_language():
    for _, entry in entries():
        assert entry.keys() == set(LANGUAGES)
        assert {len(paragraphs(text)) for text in entry.values()} == {1}


@pytest.mark.parametrize("language", OTHERS)
def test_numbers_and_years_are_those_of_the_english(language):
    """Digits alone: a sign between thousands or before decimals differs between languages."""

    def figures(text):
        return sorted(re.sub(r"\D", "", found) for found in re.findall(r"\d[\d.,\s]*", text))

    assert [e["en"] for _, e in entries() if figures(e["en"]) != figures(e[language])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_was_left_in_english(language):
    left = {e["en"] for _, e in entries() if one_line(e["en"]) == one_line(e[language])}
    assert sorted(text for text in left if text not in SAME and text[:1].islower()) == []
    assert sorted(text for text in left if len(text.split()) > 1) == []


@pytest.mark.parametrize("language", OTHERS)
def test_long_texts_are_as_long_as_the_english(language):
    """A paragraph was neither cut short nor told at greater length."""
    for _, entry in entries():
        if len(entry["en"]) > 150:
            assert 0.7 < len(entry[language]) / len(entry["en"]) < 1.5, entry["en"]


@pytest.mark.parametrize(
    ("language", "letters"), [("es", "áéíóúñ"), ("bs", "čćđšž")], ids=["es", "bs"]
)
def test_every_place_is_told_in_the_letters_of_the_language(language, letters):
    for name in available_places():
        text = " ".join(translated(one, language) for one in texts_of(name))
        assert sum(letter in text for letter in letters) >= len(letters) - 1, name


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("place", available_places())
def test_a_printed_place_holds_no_english(place, language):
    """Walks everything the sheet is given: no text of several words is one of the English data."""
    sheet = sheet_data.place(place, Words(language), 120)
    english = {text for text in texts_of(place) if " " in text}
    told = [sheet["title"], *sheet["story"], *sheet["tags"].split("; ")]
    told += [row["label"] for row in (*sheet["groups"], *sheet["events"])]
    assert sorted(set(told) & english) == []
    assert len(told) > 10


def test_a_text_of_the_users_own_stays_as_it_is(tmp_path):
    assert translated("Gente  de\narriba", "bs") == "Gente de arriba"
    assert translated("Women", "en") == "Women"
    own = tmp_path / "own.toml"
    own.write_text('extends = "bosnia"\ntitle = "Naš grad"\nstory = "Prvo.\\n\\nDrugo."\n', "utf-8")
    sheet = sheet_data.place(str(own), Words("es"), 120)
    assert (sheet["title"], sheet["story"]) == ("Naš grad", ["Prvo.", "Drugo."])
    assert sheet["groups"][0]["label"] == "Bosniacos"


def test_a_path_begins_with_a_practice_that_the_catalogues_name():
    for name in OFFERED:
        first, *rest = about.outcomes()[name].path
        assert first in about.dials()
        for language in LANGUAGES:
            assert Words(language).has(f"dial.{first}.label")
        assert not about.dials().keys() & set(rest)


@pytest.mark.parametrize(
    ("language", "group", "fact", "event"),
    [
        ("es", "Mujeres", "Ingreso mediano", "Elecciones municipales"),
        ("bs", "Žene", "Medijalni prihod", "Općinski izbori"),
    ],
)
def test_panels_name_what_is_data_in_the_language_of_the_page(language, group, fact, event):
    board = Board("colombia", (Arm("HSBP", "hsbp"), Arm("None", "none")), 60, population=200)
    opening = SimpleNamespace(groups=("all", "women"), labels=("Everybody", "Women"))
    session = SimpleNamespace(board=board, month=59, opening=lambda _arm: opening)
    screen = Screen(session, Words(language), lambda: None)
    assert screen.group("women") == group
    assert screen.text("fact.median_income_usd", about.facts()["median_income_usd"].label) == fact
    told = [one.text for one in TimelinePanel(screen)._outside()]
    assert event in told
    assert sorted(set(told) & {event.label for event in screen.place().history}) == []


def test_a_lost_connection_is_told_in_every_language(monkeypatch):
    monkeypatch.setattr(of_widgets, "translations", dict(of_widgets.translations))
    monkeypatch.setattr("parley_workshop.page.translations", of_widgets.translations)
    keys = set(of_widgets.translations["en-US"])
    tell_connection()
    told = [of_widgets.translations[code] for code in ("en-US", "es", "bs-BA")]
    assert all(set(one) == keys for one in told)
    assert len({one["connection_lost"] for one in told}) == 3
