"""The references: every one is used, every key is known, no work stands there twice, and the
BibTeX made of them is BibTeX."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.bibtex import bibtex, entry
from parley.citations import citations, cited_by, work_of
from parley.place import available_places
from parley.registry import ASSUMPTION, Reference, load_registry

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = load_registry().references
CITED = citations()
TYPES = {
    "article": {"author", "title", "journal", "year"},
    "book": {"author", "title", "publisher", "year"},
    "inproceedings": {"author", "title", "booktitle", "year"},
    "techreport": {"author", "title", "institution", "year"},
    "misc": {"title", "year"},
}
"""Fields that BibTeX asks of each type."""


def test_no_source_names_a_reference_that_is_not_there():
    unknown = {key: where for key, where in CITED.items() if key not in REFERENCES}
    assert unknown == {}


def test_no_reference_is_unused_unless_it_says_where_it_is_used():
    unused = [key for key, r in REFERENCES.items() if key not in CITED and not r.used_in]
    assert unused == []


def test_what_says_where_it_is_used_is_named_there_or_in_no_source():
    flagged = {key: r.used_in for key, r in REFERENCES.items() if r.used_in}
    for key, where in flagged.items():
        paths = re.findall(r"[\w./-]+\.(?:toml|py|md|csv)", where)
        for path in paths:
            found = [f for f in ROOT.rglob(Path(path).name) if ".venv" not in f.parts]
            assert found, f"{key}: {path}"


def test_no_work_stands_there_twice():
    works = Counter(work_of(reference) for reference in REFERENCES.values())
    assert [work for work, times in works.items() if times > 1] == []
    dois = Counter(r.doi.casefold() for r in REFERENCES.values() if r.doi)
    assert [doi for doi, times in dois.items() if times > 1] == []


def test_addresses_are_those_of_publishers():
    """A copy is no publisher: no code host, no web archive, no search result, no bare DOI link."""
    copies = (
        "github",
        "gitlab",
        "huggingface",
        "archive.org",
        "google.",
        "researchgate",
        "doi.org",
    )
    for key, reference in REFERENCES.items():
        assert not reference.doi or re.fullmatch(r"10\.\d{4,9}/\S+", reference.doi), key
        if reference.url:
            assert re.match(r"https?://[\w.-]+\.[a-z]{2,}(/\S*)?$", reference.url), key
            assert not any(word in reference.url.casefold() for word in copies), key


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"authors": "brown, a.l., Imai, T., and others"}, True),
        ({"title": "A Title; with “marks”"}, True),
        ({"key": "other", "where": "elsewhere", "doi": "10.1/x"}, True),
        ({"year": "2025"}, False),
        ({"title": "A title without marks"}, False),
        ({"authors": "Braun, A. L. and Imai, T."}, False),
    ],
)
def test_the_same_work_is_recognised(changes, same):
    one = Reference("k", "Brown, A. L. and Imai, T.", "2024", "A title with marks")
    assert (work_of(replace(one, **changes)) == work_of(one)) is same


@pytest.mark.parametrize("name", available_places())
def test_what_a_place_cites_is_what_its_file_names(name):
    keys = cited_by(name)
    assert keys
    assert set(keys) <= set(REFERENCES)
    assert ASSUMPTION not in keys
    assert list(keys) == sorted(set(keys))


def test_a_variant_cites_what_it_takes_over(tmp_path):
    path = tmp_path / "variant.toml"
    path.write_text('extends = "bosnia"\n[facts.villages]\nsource = "slovic_1993"\nvalue = 3\n')
    assert set(cited_by(path)) == {*cited_by("bosnia"), "slovic_1993"}


class Reader:
    """A strict reader of BibTeX: entries of known types, balanced braces, nothing in between."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def take(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        assert found, f"expected {pattern} at {self.text[self.at : self.at + 40]!r}"
        self.at = found.end()
        return found.group(found.re.groups)

    def braced(self):
        """What stands between a brace and its partner; a special letter must be escaped."""
        self.take(r"\{")
        begin, depth = self.at, 1
        while depth:
            letter = self.text[self.at]
            if letter == "\\":
                self.at += 1
            elif letter in "{}":
                depth += {"{": 1, "}": -1}[letter]
            self.at += 1
        return self.text[begin : self.at - 1]

    def entries(self):
        found = {}
        while self.at < len(self.text):
            kind, key = self.take(r"@(\w+)"), self.take(r"\{([\w:-]+),\s*")
            assert key not in found, key
            values = {}
            while self.text[self.at] != "}":
                name = self.take(r"(\w+) = ")
                assert name not in values
                values[name] = self.braced()
                self.take(r",?\s*")
            self.take(r"\}\s*")
            found[key] = (kind, values)
        return found


@pytest.fixture(scope="module")
def entries():
    return Reader(bibtex(REFERENCES.values())).entries()


def test_every_reference_becomes_one_entry_with_what_its_type_needs(entries):
    assert set(entries) == set(REFERENCES)
    for key, (kind, values) in entries.items():
        assert TYPES[kind] <= set(values), key
        assert all(values.values()), key


def test_special_letters_are_escaped_and_addresses_are_not(entries):
    for key, (_, values) in entries.items():
        for name, value in values.items():
            if name in ("doi", "url"):
                assert value == getattr(REFERENCES[key], name)
            else:
                assert not re.search(r"(?<!\\)[&%$#_]|[~^]", value), f"{key}.{name}"


def test_types_follow_from_what_a_reference_states(entries):
    assert entries["slovic_1993"][0] == "article"
    assert entries["slovic_1993"][1]["pages"] == "675--682"
    assert entries["cashin_1999"][0] == "techreport"
    assert entries["kuran_1995"][0] == "book"
    assert entries["jonker_1999"][0] == "inproceedings"
    assert entries["steelorbis_2024"] == (
        "misc",
        entries["steelorbis_2024"][1] | {"howpublished": "SteelOrbis, 1 April 2024"},
    )
    assert entries["worldbank_pinksheet"][1]["author"] == "{World Bank}"
    kinds = Counter(kind for kind, _ in entries.values())
    assert kinds["article"] > 30
    assert kinds["misc"] > 30


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1)


@given(authors=WORDS, title=WORDS, where=WORDS, note=WORDS)
def test_any_text_becomes_an_entry_that_reads(authors, title, where, note):
    reference = Reference("k", authors, "2020", title, where, note=note)
    ((kind, values),) = Reader(entry(reference) + "\n").entries().values()
    assert kind in TYPES
    plain = values["title"].removeprefix("{").removesuffix("}")
    names = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
    undone = re.sub(
        r"\\(\w+)\{\}|\\(.)", lambda m: names[m[1]] if m[1] else m[2], plain, flags=re.DOTALL
    )
    assert undone == " ".join(title.split())


def test_the_reader_refuses_what_is_not_bibtex():
    for wrong in ("@misc{k,\n  title = {a\n}", "@misc{k k, t = {a}}", "@misc{k, title {a}}", "x"):
        with pytest.raises((AssertionError, IndexError)):
            Reader(wrong).entries()
