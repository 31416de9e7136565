"""The three catalogues say the same things."""

import ast
import re

import pytest

from parley.errors import OptionError
from parley_workshop.words import FOLDER, LANGUAGES, Words, catalogue, placeholders

OTHERS = [code for code in LANGUAGES if code != "en"]
SAME_IN_ANY = re.compile(r"[\W\d_]*|HSBP|QR|PDF|Parley|AA|CSV")


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_every_key_and_nothing_else(language):
    assert catalogue(language).keys() == catalogue("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language):
    assert [key for key, text in catalogue(language).items() if not text] == []


@pytest.mark.parametrize("language", OTHERS)
def test_texts_leave_the_same_names_open(language):
    english, other = catalogue("en"), catalogue(language)
    assert [k for k in english if placeholders(english[k]) != placeholders(other[k])] == []


@pytest.mark.parametrize("language", OTHERS)
def test_hardly_a_text_of_several_words_was_left_in_english(language):
    english, other = catalogue("en"), catalogue(language)
    left = [
        key
        for key, text in english.items()
        if len(text.split()) > 2 and other[key] == text and not SAME_IN_ANY.fullmatch(text)
    ]
    assert left == []


def test_every_key_that_code_asks_for_is_there():
    """Calls `words("a.b")` with a constant key, anywhere in the package."""
    asked = set()
    for path in FOLDER.parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("words", "w"):
                asked |= {a.value for a in node.args[:1] if isinstance(a, ast.Constant)}
    assert sorted(asked - catalogue("en").keys()) == []


def test_a_text_with_values():
    assert Words("bs")("play.month", month=3, months=120) == "Mjesec 3 od 120"


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(OptionError, match=r"allowed: en \(English\), es \(Español\)"):
        Words("de")
