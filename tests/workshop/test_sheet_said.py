"""A debrief sheet: the room's target, its votes, its sketches, from the page's address alone."""

import itertools
import math
from xml.etree import ElementTree

import pytest
from workshop.test_sheets import SVG, labels, points, small

from parley_workshop.links import to_link
from parley_workshop.plain import LinkError
from parley_workshop.said import Said, Vote, to_text
from parley_workshop.session import OUTCOMES, Target
from parley_workshop.session_charts import Line, chart_svg, charts_of, marks_of, run_whole
from parley_workshop.sheet_said import Seen, told
from parley_workshop.views import View, view_of
from parley_workshop.words import LANGUAGES, Words

LAST = 23
SAID = Said(
    predictions=(((0, "trust_company", "woman"), ((0, 0.5), (LAST, 0.7))),),
    target=Target("trust_company", "woman", 0.6),
    votes=(Vote("trust_company", (0, 1), "all", LAST, ("none", "hsbp"), (3, 9, 1)),),
)


@pytest.fixture(scope="module")
def whole():
    return run_whole(small())


@pytest.fixture
def seen(whole):
    opening, columns = whole
    return Seen(columns, opening.groups, opening.labels)


def test_the_address_of_the_page_holds_what_was_said_and_looked_at():
    board = small()
    address = f"http://localhost:8080/es?board={to_link(board)}&month=5&group=woman"
    address += f"&outcomes=trust_company,no_such,fear&said={to_text(SAID, board)}"
    assert view_of(address, board) == View(SAID, "woman", ("trust_company", "fear"))
    assert view_of(address.replace(",", "%2C"), board).outcomes == ("trust_company", "fear")
    assert view_of(to_link(board), board) == View(Said(), "all", OUTCOMES)
    with pytest.raises(LinkError, match="damaged"):
        view_of(address + "x", board)


@pytest.mark.parametrize("language", LANGUAGES)
def test_target_and_votes_are_told_with_what_came(seen, language):
    words = Words(language)
    target, vote = told(SAID.target, SAID.votes, seen, words)
    at = seen.groups.index("woman")
    reached = [words.number(frames[LAST].values["trust_company"][at]) for frames in seen.columns]
    assert target["answers"].startswith(words.number(0.6))
    assert f"A {reached[0]}, B {reached[1]}" in target["came"]
    assert "24" in target["came"]
    assert [f": {count}" in vote["answers"] for count in (3, 9, 1)] == [True] * 3
    more, less = (frames[LAST].values["trust_company"][0] for frames in seen.columns[::-1])
    assert more > 1.05 * less
    assert vote["came"] == words(
        "vote.came", month=24, answer=vote["answers"].split(" · ")[1].rpartition(":")[0]
    )


def test_of_months_that_are_not_shown_nothing_is_told(seen):
    words = Words("en")
    hidden = Seen([[], []], seen.groups, seen.labels)
    assert [one["came"] for one in told(SAID.target, SAID.votes, hidden, words)] == ["", ""]
    some = Seen([frames[:12] for frames in seen.columns], seen.groups, seen.labels)
    target, vote = told(SAID.target, SAID.votes, some, words)
    assert "month 12" in target["came"]
    assert vote["came"] == ""
    assert told(None, (), seen, words) == []
    nobody = Target("trust_company", "no_such_group", 0.6)
    assert [one["came"] for one in told(nobody, (), seen, words)] == [""]


def test_the_target_and_sketches_of_the_group_shown_are_drawn(whole):
    def drawn(group):
        marks = marks_of(dict(SAID.predictions), SAID.target, group)
        chart, other = charts_of(
            small(), whole[1], Words("en"), ("trust_company", "benefit"), drawn=marks
        )
        assert not any("target" in text for text in labels(ElementTree.fromstring(other.content)))
        svg = ElementTree.fromstring(chart.content)
        return "target 0.6" in labels(svg), len(points(svg))

    assert drawn("woman") == (True, 3)
    assert drawn("all") == (False, 2)


def test_the_target_lies_at_its_value_and_makes_room_for_itself():
    named = (2.0, "target 2")
    svg = ElementTree.fromstring(
        chart_svg((Line("A", [1.0] * 24),), ("u", "years", "sketch"), target=named)
    )
    (path,) = points(svg)
    (line,) = (one for one in svg.iter(f"{SVG}line") if one.get("stroke-dasharray"))
    zero = next(one for one in svg.iter(f"{SVG}text") if one.text == "0")
    bottom = float(zero.get("y")) - 5
    assert bottom - float(line.get("y1")) == pytest.approx(2 * (bottom - path[0][1]), abs=0.2)


def test_names_of_sketches_cover_neither_each_other_nor_a_letter():
    lines = [
        Line(letter, [0.5] * 24, ((0, 0.1), (LAST, at)))
        for letter, at in zip("ABC", (0.5, 0.5, 0.0), strict=True)
    ]
    svg = ElementTree.fromstring(chart_svg(lines, ("u", "years", "sketch")))
    texts = list(svg.iter(f"{SVG}text"))
    names = [one for one in texts if one.text.endswith(" sketch") and not one.get("stroke")]
    letters = [one for one in texts if one.text in {"A", "B", "C"}]
    assert [len(names), len(letters)] == [3, 3]
    heights = sorted(float(one.get("y")) for one in names)
    assert all(b - a >= 15.9 for a, b in itertools.pairwise(heights))
    assert max(heights) <= 226.0
    assert {one.get("text-anchor") for one in names} == {"end"}
    assert max(float(one.get("x")) for one in names) < min(float(one.get("x")) for one in letters)


def test_a_target_beside_months_without_values_is_told_without_them():
    class Empty:
        values = {"trust_company": (math.nan,)}  # noqa: RUF012

    (row,) = told(Target("trust_company", "all", 0.5), (), Seen([[Empty()]]), Words("en"))
    assert row["came"] == ""
