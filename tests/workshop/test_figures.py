"""Numbers are written as the language of the room writes them, on the page and on paper."""

import math
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from workshop.numbers_shown import TABLE, decimal_points

from parley.place import available_places
from parley_workshop import sheet_data
from parley_workshop.board import Arm, Board, Change
from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.edits import Changed
from parley_workshop.frames import Village
from parley_workshop.kit import load_plans, load_roles
from parley_workshop.panels.changed import ChangedPanel
from parley_workshop.panels.picture import PicturesPanel
from parley_workshop.panels.practices import PracticesPanel
from parley_workshop.panels.predict import Predicting
from parley_workshop.session_charts import charts_of, run_board
from parley_workshop.words import LANGUAGES, Words

OTHERS = [code for code in LANGUAGES if code != "en"]
BOARD = Board("colombia", (Arm("", "none"), Arm("", "hsbp")), months=24, population=200)


@pytest.mark.parametrize(("value", "digits", "english", "other"), TABLE)
def test_a_number_of_a_few_figures(value, digits, english, other):
    assert Words("en").number(value, digits) == english
    assert {Words(code).number(value, digits) for code in OTHERS} == {other}


def test_decimals_percentages_and_what_is_no_number():
    assert [Words(code).fixed(0.8, 2) for code in LANGUAGES] == ["0.80", "0,80", "0,80"]
    assert [Words(code).fixed(1234.5, 1) for code in LANGUAGES] == [
        *("1\u202f234.5", "1\u202f234,5", "1\u202f234,5")
    ]
    assert Words("es").fixed(-0.001, 2) == "0,00"
    assert [Words(code).percent(0.45) for code in LANGUAGES] == ["45%", "45\xa0%", "45\xa0%"]
    assert {Words("es").number(math.nan), Words("es").fixed(math.inf, 1)} == {"–"}


def test_what_counts_as_a_point_that_should_be_a_comma():
    assert decimal_points("0.8, 12.5 % (1.25)") == ["0.8,", "12.5", "(1.25)"]
    assert decimal_points("6.165 votos, 1.303.000 US$, 0,8; en 2012. 34") == []
    assert decimal_points("0.125") == ["0.125"]


def texts(found):
    """Every text in data."""
    if isinstance(found, str):
        return [found]
    if isinstance(found, dict):
        found = found.values()
    return [text for one in found for text in texts(one)] if hasattr(found, "__iter__") else []


@pytest.mark.parametrize("language", OTHERS)
def test_no_sheet_has_a_number_written_in_english(language):
    words, plans = Words(language), load_plans()
    arm = Arm("", "hsbp", (Change(3, dials=(("sharing", 0.35),)),))
    board = Board("colombia", (arm,), 24, population=20_000)
    shown = texts(sheet_data.dilemmas(load_dilemmas(), words))
    assert [text for text in shown if "0,3" in text]
    shown += texts(sheet_data.roles(load_roles(), words))
    shown += texts([sheet_data.place(name, words, 120) for name in available_places()])
    shown += texts([sheet_data.notes(plan, words) for plan in plans])
    shown += texts(sheet_data.debrief(board, words, plans[0].debrief, ""))
    assert [text for text in shown if "20\u202f000" in text]
    assert [text for text in shown if decimal_points(text)] == []


def labels(chart):
    return [text.text for text in ElementTree.fromstring(chart.content).iter() if text.text]


def test_axes_of_printed_charts_have_the_numbers_of_the_language():
    columns = run_board(BOARD)
    shown = {
        code: [labels(chart) for chart in charts_of(BOARD, columns, Words(code))]
        for code in LANGUAGES
    }
    assert any("." in text for chart in shown["en"] for text in chart if text[0].isdigit())
    for code in OTHERS:
        found = [text for chart in shown[code] for text in chart]
        assert any("," in text for text in found if text[0].isdigit())
        assert [text for text in found if decimal_points(text)] == []


def screen(language):
    """As much of a page as sentences need."""
    session = SimpleNamespace(
        board=BOARD,
        hidden=False,
        group="all",
        predictions={(0, "trust_company", "all"): ((0, 0.2), (23, 0.6))},
        shown=lambda *_: [0.25 + 0.01 * month for month in range(24)],
    )
    return SimpleNamespace(
        words=Words(language),
        session=session,
        voting=None,
        text=lambda _, own: own,
        arm=lambda _: "A",
    )


SENTENCES = {
    "en": (
        "trust 0.25, ",
        "A 0.12 too high (average gap 0.051)",
        "0.70 → 1.00",
        "announced 0.80",
        "12%",
    ),
    "es": ("0,25, ", "0,12", "0,70 → 1,00", "anunciado 0,80", "12\xa0%"),
    "bs": ("0,25, ", "0,12", "0,70 → 1,00", "najavljeno 0,80", "12\xa0%"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_of_the_panels(language):
    page = screen(language)
    village = Village(trust=0.25, grievance=0.5, acting=0.12, harm=0.1, paid=0.1)
    frame = SimpleNamespace(month=4, villages=(village,))
    told = [
        PicturesPanel(page).sentence(frame, 0),
        Predicting(page, list).off("trust_company"),
        ChangedPanel(page)._line(Changed(0, "dial", "sharing", 0.7, 1.0)),
        PracticesPanel(page)._bar((0.8, 0.5, 0.25)),
    ]
    for part, text in zip(SENTENCES[language], [*told, told[0]], strict=True):
        assert part in text
