"""The three catalogues say the same things."""

import ast
import re
import tomllib

import pytest

from parley.errors import OptionError
from parley.event_kinds import EVENT_KINDS
from parley.interventions import available_interventions
from parley.mechanisms.response import ACTIONS
from parley.practice_types import DIALS
from parley.practices import available_practices, available_variants
from parley.registry import load_registry
from parley_workshop.conditions import HAPPENINGS
from parley_workshop.dilemmas import WORDS
from parley_workshop.words import FOLDER, LANGUAGES, Words, catalogue, files, placeholders

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


OUTCOMES = [
    "trust_company",
    "trust_state",
    "grievance_at_company",
    "benefit",
    "active_share",
    "blockades",
    "days_lost",
    "profit",
    "community_share",
    "dignity",
    "fear",
    "inclusion",
    "influence",
    "need_match",
    "performance_gap",
    "partnership_alive",
]
"""Those that a room sees."""


def test_everything_of_the_model_that_a_room_sees_has_its_texts():
    assert set(OUTCOMES) <= {outcome.name for outcome in load_registry().outcomes}
    parts = ("label", "better", "worse", "unit")
    wanted = {f"outcome.{name}.{part}" for name in OUTCOMES for part in parts}
    wanted |= {f"dial.{dial}.{part}" for dial in DIALS for part in ("label", "help")}
    wanted |= {f"preset.{name}" for name in (*available_practices(), *available_variants())}
    wanted |= {f"happening.{kind}" for kind in HAPPENINGS}
    wanted |= {f"happening.response_{action}" for action in ACTIONS} | {"happening.left_site"}
    wanted |= {f"event.{kind}" for kind in EVENT_KINDS}
    wanted |= {f"intervention.{name}" for name in available_interventions()}
    wanted |= {f"word.{name}.{value}" for name in WORDS for value in ("label", *WORDS[name])}
    assert sorted(wanted - catalogue("en").keys()) == []
    subjects = ("outcome.", "dial.", "preset.", "happening.", "event.", "intervention.", "word.")
    there = {key for key in catalogue("en") if key.startswith(subjects)}
    assert sorted(key for key in there - wanted if not key.startswith("word.initiator.")) == []


def test_the_unit_and_direction_of_an_outcome_are_told_apart():
    """A better value and a worse one never read the same."""
    for language in LANGUAGES:
        texts = catalogue(language)
        assert [
            n for n in OUTCOMES if texts[f"outcome.{n}.better"] == texts[f"outcome.{n}.worse"]
        ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_given_in_two_files(language):
    seen: dict[str, str] = {}
    for path in files(language):
        for subject, content in tomllib.loads(path.read_text("utf-8")).items():
            for key in content:
                assert seen.setdefault(f"{subject}.{key}", path.name) == path.name


@pytest.mark.parametrize(
    ("language", "letters"), [("es", "áéíóúñ¿"), ("bs", "čćđšž")], ids=["es", "bs"]
)
def test_letters_of_the_language_are_used(language, letters):
    text = " ".join(catalogue(language).values())
    assert [letter for letter in letters if letter not in text and letter != "¿"] == []
