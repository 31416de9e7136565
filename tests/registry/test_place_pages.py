"""Pages of places: every number leads to its source or to the word assumption."""

import dataclasses
import hashlib
import json
import re
from functools import cache
from pathlib import Path

import pytest

from parley.generate_docs import sourcespage
from parley.generate_place_map import schematic
from parley.generate_place_numbers import (
    FACT,
    OPEN,
    anchor,
    counts,
    most_open,
    relative_range,
    source_cell,
    value_text,
)
from parley.generate_place_results import (
    BatchSummary,
    Cell,
    read_summary,
    results_section,
    verdict,
)
from parley.generate_places import index_page, place_page, place_pages, read_page
from parley.generate_sources import place_sources, where_used
from parley.place import available_places, load_place
from parley.registry import load_registry
from parley.scenario import make_scenario

DOCS = Path(__file__).resolve().parents[2] / "docs"
REGISTRY = load_registry()
PAGES = ["README.md", *(f"{key}.md" for key in available_places())]
EVERY_PLACE = pytest.mark.parametrize("key", available_places())
EVERY_PAGE = pytest.mark.parametrize("name", PAGES)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)


@cache
def files():
    """Every file of the pages of places, made when it is first asked for."""
    return place_pages(REGISTRY, DOCS / "places")


@cache
def sources():
    """The page of sources."""
    return sourcespage(REGISTRY)


def anchors(text):
    """What can be linked to: explicit anchors, and headings as renderers name them."""
    headings = (re.sub(r"[^\w\s-]", "", head.lower()) for head in HEADING.findall(text))
    return set(ANCHOR.findall(text)) | {head.strip().replace(" ", "-") for head in headings}


def text_of(path):
    """A file of the documentation as it will be written."""
    inside = path.relative_to(DOCS / "places") if path.is_relative_to(DOCS / "places") else None
    if inside is not None and inside.as_posix() in files():
        return files()[inside.as_posix()]
    if path == DOCS / "reference/sources.md":
        return sources()
    return path.read_text("utf-8") if path.suffix == ".md" else ""


def leads_somewhere(name, target):
    """Whether a link of a page has a file, and an anchor in it where it names one."""
    if "://" in target:
        return True
    file, _, part = target.partition("#")
    path = (DOCS / "places" / name).parent / file if file else DOCS / "places" / name
    path = path.resolve()
    known = path.exists() or (
        path.is_relative_to(DOCS / "places")
        and path.relative_to(DOCS / "places").as_posix() in files()
    )
    return known and (not part or part in anchors(text_of(path)))


def blocks(text):
    """Paragraphs, list items and table rows without heads, headings, pictures and code."""
    for part in re.sub(r"```.*?```", "", text, flags=re.DOTALL).split("\n\n"):
        lines = part.split("\n")
        if part.startswith("|"):
            yield from lines[2:]
        elif part.startswith("- "):
            yield from lines
        elif not part.startswith(("#", "<!--", "![")):
            yield part


def is_followed(name, block):
    """Whether a reader can follow a block to its source or to the word assumption."""
    links = [target for target in LINK.findall(block) if "#" in target]
    return "assumption" in block or any(leads_somewhere(name, target) for target in links)


def test_these_are_all_pages():
    assert sorted(PAGES) == sorted(name for name in files() if name.endswith(".md"))


@EVERY_PAGE
def test_every_link_leads_somewhere(name):
    dead = [t for t in LINK.findall(files()[name]) if not leads_somewhere(name, t)]
    assert dead == []


@EVERY_PLACE
def test_every_number_of_the_file_is_on_the_page_with_its_source(key):
    page = read_page(key, REGISTRY)
    text, known = files()[f"{key}.md"], anchors(sources())
    rows = {a: line for line in text.split("\n") for a in ANCHOR.findall(line)}
    for quantity in page.file.quantities:
        row = rows[anchor(quantity.key)]
        assert f"| {value_text(quantity, page)} |" in row, quantity.key
        assert f"| {source_cell(quantity.source, REGISTRY)} |" in row, quantity.key
        named = quantity.source.split("; ")
        assert all(source == "assumption" or source in known for source in named), quantity.key
        followed = re.findall(r"sources\.md#(\w+)\)", row)
        assert followed == [source for source in named if source != "assumption"], quantity.key
        assert ("assumption" in row) >= ("assumption" in named), quantity.key
        told = row.startswith(f"| {OPEN} |"), row.startswith(f"| {FACT} |")
        assert told == ("assumption" in (quantity.source, quantity.grade), not told[0])
    assert len(page.file.quantities) > 85


@EVERY_PLACE
def test_every_number_in_words_and_tables_can_be_followed(key):
    name = f"{key}.md"
    numbered = [b for b in blocks(files()[name]) if re.search(r"\d", LINK.sub("", b))]
    page = read_page(key, REGISTRY)
    prose = {" ".join(part.split()) for part in page.file.place.story.strip().split("\n\n")}
    prose.add(" ".join(page.file.workshop.split()))
    lost = [b for b in numbered if not is_followed(name, b) and b not in prose]
    assert lost == []
    assert len(numbered) > 100
    assert "#sources-of-this-page" in files()[name]  # what leads on from the story


def test_following_can_fail():
    assert not is_followed("colombia.md", "| Revenue | 527 |")
    assert not is_followed("colombia.md", "| Revenue | 527 | [x](../reference/sources.md#no_one) |")
    assert not is_followed("colombia.md", "| Revenue | 527 | [x](#facts.no_such_fact) |")
    assert is_followed("colombia.md", "| Revenue | 527 | [x](#facts.villages) |")


@EVERY_PLACE
def test_every_event_is_told_and_those_that_change_an_input_stand_out(key):
    page = read_page(key, REGISTRY)
    section = files()[f"{key}.md"].split("## What happened")[1].split("\n## ")[0]
    rows = [line for line in section.split("\n") if line.startswith("| ")][2:]
    assert len(rows) == len(page.file.history)
    dates = [row.split("|")[2] for row in rows]
    assert dates == sorted(dates)
    notes = sum(event.kind == "note" for event in page.file.history)
    assert sum("| *Note* |" in row for row in rows) == notes
    assert sum("[**" in row for row in rows) == len(rows) - notes


@EVERY_PLACE
def test_facts_and_assumptions_are_counted(key):
    page = read_page(key, REGISTRY)
    facts, assumed = counts(page.file.quantities)
    assert facts + assumed == len(page.file.quantities)
    assert f"{facts} numbers are sourced, {assumed} are assumptions" in files()[f"{key}.md"]
    widest = most_open(page.file.quantities)
    assert len(widest) == 8
    widths = [relative_range(quantity) for quantity in widest]
    assert widths == sorted(widths, reverse=True)
    assert all("assumption" in (q.source, q.grade) for q in widest)


def test_the_money_of_colombia_by_hand():
    # 2.53e9 x 0.05 / 20,000 / 12 = 527.1; x 0.8% = 4.217; / 130 = 4.05 and 0.0324
    text = files()["colombia.md"]
    assert "| Revenue of the site | 527 | 4.1 |" in text
    assert "| Community budget | 4.2 | 0.032 |" in text
    assert "US$126 million a year" in text


def test_every_reference_has_one_anchor_and_says_where_it_is_used():
    found = ANCHOR.findall(sources())
    assert found == sorted(REGISTRY.references)
    assert sources().count("Used in: ") == len(found)
    assert "Used in: nowhere" not in sources()
    uses = where_used(REGISTRY)
    for place in available_places():
        for key, count in place_sources(place).items():
            times = "once" if count == 1 else f"{count} times"
            assert any(f"places/{place}.md), {times}" in use for use in uses[key])
    assert place_sources("colombia")["archila_2021"] == 2


@EVERY_PLACE
def test_a_schematic_is_the_same_again_and_shows_every_village_and_group(key):
    place = load_place(key)
    drawn = schematic(place)
    assert drawn == schematic(place) == files()[f"schematics/{key}.svg"]
    assert "Schematic, not a map" in drawn
    assert drawn.count("<line ") == place.facts.villages
    assert drawn.count("<rect ") == 1 + 2 * len(place.groups) + len(place.tags)
    assert max(map(len, re.findall(r"<text[^>]*>([^<]*)</text>", drawn))) <= 60  # none is cut off
    assert max(float(y) for y in re.findall(r' y="([\d.]+)"', drawn)) < float(
        re.search(r'height="(\d+)"', drawn).group(1)
    )


# --- words about the runs: planted batches --------------------------------------------------------

ABOUT = {
    "replicates": 8,
    "months": 120,
    "population": 500,
    "runs": 48,
    "failed": 0,
    "places": ["colombia"],
    "arms": ["none", "transactional", "hsbp"],
    "seed": 1,
    "version": "0.1.0",
    "model_version": "1",
    "registry": "abc",
    "commit": "commit abc",
    "command": "parley compare --all-places",
    "folder": "results/places",
}
HIGHER, LOWER = "freedom_from_want", "days_lost"


def planted(**differences):
    """A batch in which the framework's stack differs so much from transactional dealing."""
    cells = {}
    for name in (HIGHER, LOWER):
        low, high = differences.get(name, (-20.0, 20.0))
        less = Cell(0.4, 0.3, 0.5, (low + high) / 2, low, high, 8)
        cells["colombia", "transactional", name, "all"] = less
        cells["colombia", "hsbp", name, "all"] = Cell(0.5, 0.4, 0.6, None, None, None, 8)
    return BatchSummary(ABOUT, cells)


@pytest.mark.parametrize(
    ("differences", "sentence"),
    [
        # smallest differences worth telling: 0.01, and 1 day a year, which are 10 in 120 months
        ({}, "Better in 0 of 2, worse in 0; no difference worth telling in 0; 2 cannot be told."),
        ({HIGHER: (-0.3, -0.1)}, "Better in 0 of 2, worse in 1; no difference worth telling in 0;"),
        ({LOWER: (11.0, 13.0)}, "Better in 0 of 2, worse in 1; no difference worth telling in 0;"),
        ({LOWER: (-13.0, -11.0)}, "Better in 1 of 2, worse in 0; no difference worth telling in 0"),
        ({LOWER: (-13.0, -9.0)}, "Better in 0 of 2, worse in 0; no difference worth telling in 0;"),
        ({LOWER: (-9.0, -2.0)}, "Better in 0 of 2, worse in 0; no difference worth telling in 1;"),
        ({HIGHER: (0.002, 0.009)}, "worse in 0; no difference worth telling in 1; 1 cannot be"),
        ({HIGHER: (0.1, 0.2), LOWER: (11.0, 12.0)}, "Better in 1 of 2, worse in 1; no difference"),
    ],
)
def test_the_words_follow_from_the_intervals(differences, sentence):
    section = results_section("colombia", planted(**differences))
    assert sentence in section
    assert "by chance at most about 0.1 would look better or worse" in section
    assert "wins" not in section
    told = "0.01 of a share or an index; 1 day a year (assumptions)"
    assert f"Smallest difference worth telling: {told}." in section


def test_what_loses_is_named():
    section = results_section("colombia", planted(days_lost=(12.0, 15.0)))
    row = next(line for line in section.split("\n") if line.startswith("| Transactional agr"))
    assert section.count("| Transactional agreements |") == 2
    last = section[section.index("Better on") :]
    lost = "| Transactional agreements | none | Days of output lost (+13.5) | none | People secure"
    assert lost in last
    assert "it is worse on: Days of output lost (against 1 of 1 arms)." in section
    better = results_section("colombia", planted(days_lost=(-22.0, -11.0)))
    assert "too, it is worse on none." in better
    assert "0.4 [0.3, 0.5]" in row


def test_which_way_is_told_where_it_is_known():
    section = results_section("colombia", planted(days_lost=(2.0, 15.0)))
    assert "Days of output lost (+8.5 ‡)" in section
    assert "People secure in all six respects (0)" in section
    cells = planted(days_lost=(2.0, 15.0)).cells
    few = {key: dataclasses.replace(cell, pairs=5) for key, cell in cells.items()}
    assert "(+8.5)" in results_section("colombia", BatchSummary(ABOUT, few))


def test_near_tautological_outcomes_carry_no_verdict():
    cells = {
        ("colombia", "transactional", "benefit", "all"): Cell(0.1, 0.1, 0.1, 0.5, 0.4, 0.6, 8),
        ("colombia", "hsbp", "benefit", "all"): Cell(0.6, 0.5, 0.7, None, None, None, 8),
    }
    section = results_section("colombia", BatchSummary(ABOUT, cells))
    assert "(0 comparisons" in section
    assert "Better in 0 of 0" in section
    row = "| Transactional agreements | Benefit from the company † (+0.5) | none | none | none |"
    assert row in section


@pytest.mark.parametrize(
    ("low", "high", "name", "word"),
    [
        (0.1, 0.2, HIGHER, "better"),
        (-0.2, -0.1, HIGHER, "worse"),
        (11.0, 12.0, LOWER, "worse"),
        (-12.0, -11.0, LOWER, "better"),
        (-0.1, 0.1, HIGHER, "unclear"),
        (0.005, 0.1, HIGHER, "unclear"),
        (0.005, 0.009, HIGHER, "too_small"),
        (1.0, 2.0, "closure", "neutral"),
        (None, None, HIGHER, "unclear"),
    ],
)
def test_verdicts(low, high, name, word):
    assert verdict(Cell(1.0, None, None, 0.1, low, high, 8), name, 120) == word
    few = verdict(Cell(1.0, None, None, 0.1, low, high, 5), name, 120)
    assert few == ("neutral" if word == "neutral" else "unclear")


def test_a_place_without_runs_says_so(tmp_path):
    empty = read_summary(tmp_path)
    page = read_page("colombia", REGISTRY)
    assert "holds no runs of this place yet" in place_page(page, empty)
    assert "None is committed yet." in index_page([page], empty)
    some = BatchSummary(ABOUT, planted().cells)
    pages = [page, read_page("bosnia", REGISTRY)]
    assert "Not in the batch yet: Bosnia and Herzegovina" in index_page(pages, some)


def test_runs_of_another_version_of_a_file_are_told():
    assert "has changed since" not in results_section("colombia", planted())
    content = make_scenario(place="colombia", practices="none", months=120).content()["place"]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    now = hashlib.sha256(text.encode()).hexdigest()[:12]
    for digest, told in ((now, False), ("0" * 12, True)):
        changed = {**ABOUT, "inputs": {"colombia": digest}}
        section = results_section("colombia", BatchSummary(changed, planted().cells))
        assert ("The place's file has changed since" in section) == told
    page = read_page("colombia", REGISTRY)
    for registry, told in ((REGISTRY.digest[:12], False), ("0" * 12, True)):
        summary = BatchSummary({**ABOUT, "registry": registry}, planted().cells)
        text = index_page([page], summary)
        assert ("Numbers of the model have changed since it was made." in text) == told


def test_the_index_counts_places_by_outcome():
    text = index_page([read_page("colombia", REGISTRY)], planted(days_lost=(12.0, 15.0)))
    none, some = "0 no difference worth telling", "1 cannot be told"
    assert f"| Days of output lost | 0 better, 1 worse, {none}, 0 cannot be told |" in text
    assert f"| People secure in all six respects | 0 better, 0 worse, {none}, {some} |" in text


def test_the_committed_batch_is_small_and_holds_every_place():
    summary = read_summary(DOCS / "places")
    assert (DOCS / "places/results.csv").stat().st_size < 300_000
    assert set(summary.about["places"]) == set(available_places())
    assert {place for place, *_ in summary.cells} == set(available_places())
    assert summary.about["failed"] == 0
    for place in available_places():
        assert (DOCS / f"places/figures/{place}.png").exists()
        assert set(summary.arms(place)) == set(summary.about["arms"])
        assert summary.columns(place) == summary.columns("colombia")
