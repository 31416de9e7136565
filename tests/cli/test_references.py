"""`parley references`: the list, who cites what, and BibTeX."""

import json
from pathlib import Path

from parley.citations import cited_by
from parley.registry import load_registry


def test_all_references_with_who_cites_them(cli):
    code, out, _ = cli("references", "--json")
    rows = {row["key"]: row for row in json.loads(out)}
    assert code == 0
    assert list(rows) == sorted(load_registry().references)
    assert "places/bosnia.toml" in rows["bhas_census_2013"]["cited_in"]
    assert any(where.startswith("parameters.toml") for where in rows["brown_2024"]["cited_in"])


def test_the_list_names_work_and_place(cli):
    code, out, err = cli("references", "--grep", "Bosnia and Herzegovina")
    assert (code, err) == (0, "")
    assert "bhas_census_2013" in out
    word = "bosnia and herzegovina"
    named = [
        r.key
        for r in load_registry().references.values()
        if word in f"{r.key} {r.authors} {r.title}".casefold()
    ]
    assert f"{len(named)} references." in out
    assert all(key in out for key in named)


def test_those_of_one_place_as_bibtex(cli):
    code, out, _ = cli("references", "--cited-by", "bosnia", "--bibtex", "out/bosnia.bib")
    keys = cited_by("bosnia")
    assert (code, out) == (0, f"Wrote {len(keys)} references to out/bosnia.bib\n")
    text = Path("out/bosnia.bib").read_text("utf-8")
    assert [line.split("{")[1].rstrip(",") for line in text.splitlines() if line[:1] == "@"] == [
        *keys
    ]
    assert cli("references", "--cited-by", "bosnia", "--bibtex", "-")[1] == text


def test_a_file_that_exists_is_kept(cli):
    Path("all.bib").write_text("mine")
    code, _, err = cli("references", "--bibtex", "all.bib")
    assert code == 2
    assert "all.bib: exists already; choose another file, or replace it with --force" in err
    assert Path("all.bib").read_text() == "mine"
    assert cli("references", "--bibtex", "all.bib", "--force")[0] == 0
    assert Path("all.bib").read_text("utf-8").startswith("@")


def test_wrong_words_are_refused(cli):
    for words, fragment in (
        (("--cited-by", "bosnai"), "did you mean 'bosnia'"),
        (("--cited-by", "nowhere.toml"), "no such file"),
        (("--grep", "xyzzy"), "no reference matches"),
    ):
        code, out, err = cli("references", *words)
        assert (code, out) == (2, "")
        assert fragment in err
