"""Printed sheets: PDFs in every language, text not read as markup, charts with right numbers."""

import dataclasses
import itertools
import math
import sys
from xml.etree import ElementTree

import pytest

from parley.errors import MissingExtraError, OptionError, ScenarioError
from parley.place import available_places
from parley_workshop import sheet_data, sheets
from parley_workshop.board import Arm, Board
from parley_workshop.dilemmas import decide, load_dilemmas
from parley_workshop.kit import find_plan, load_plans, load_roles
from parley_workshop.links import to_link
from parley_workshop.print_kit import coming_up, write_kit, write_session
from parley_workshop.session import OUTCOMES
from parley_workshop.session_charts import (
    SHOWN,
    Line,
    chart_svg,
    charts_of,
    run_board,
    spread,
)
from parley_workshop.words import LANGUAGES, Words

typst = pytest.importorskip("typst")
PLAN = find_plan("30")
SVG = "{http://www.w3.org/2000/svg}"
DILEMMAS = {dilemma.key: dilemma for dilemma in load_dilemmas()}


def small(months=24):
    return Board("colombia", (Arm("None", "none"), Arm("HSBP", "hsbp")), months, population=60)


@pytest.fixture
def pages(monkeypatch):
    """Pictures of the pages of what is printed instead of a PDF."""
    made = []
    compile_ = typst.compile

    def draw(path, *, root, format, ignore_system_fonts):
        assert format == "pdf"
        got = compile_(path, root=root, format="png", ppi=20, ignore_system_fonts=True)
        made.append([got] if isinstance(got, bytes) else got)
        return b""

    monkeypatch.setattr(typst, "compile", draw)
    return made


@pytest.mark.usefixtures("unprepared")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_kit_is_written(tmp_path, language):
    written = write_kit(tmp_path / "kit", language)
    assert [path.name for path in written] == [
        *("notes-30.pdf", "notes-60.pdf", "notes-120.pdf", "roles.pdf", "dilemmas.pdf"),
        *("place-bosnia.pdf", "place-colombia.pdf"),
        *("debrief-30.pdf", "debrief-60.pdf", "debrief-120.pdf"),
    ]
    for path in written:
        content = path.read_bytes()
        assert content.startswith(b"%PDF-1.")
        assert content.rstrip().endswith(b"%%EOF")
        assert 5_000 < len(content) < 400_000
    assert sorted(path.name for path in (tmp_path / "kit").iterdir()) == sorted(
        path.name for path in written
    )


def test_a_sheet_is_the_same_bytes_every_time():
    assert sheets.role_cards(load_roles(), "bs") == sheets.role_cards(load_roles(), "bs")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_have_as_many_pages_as_they_should(pages, language):
    sheets.role_cards(load_roles(), language)
    sheets.dilemma_cards(load_dilemmas(), language)
    sheets.place_handout("colombia", language)
    for plan in load_plans():
        sheets.debrief(plan.board, language, (), plan.debrief, plan.title(language))
        sheets.facilitator_notes(plan, language)
    roles, cards, handout, *rest = map(len, pages)
    assert (roles, cards, handout) == (4, len(DILEMMAS), 2)
    assert rest[0] == 1  # the sheet for half an hour fits one page
    assert all(1 <= count <= 3 for count in rest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_handouts_still_fit_two_pages(pages, language):
    def length(place):
        sheet = sheet_data.place(place, Words(language), 120)
        return len("".join(sheet["story"])) + sum(len(e["label"]) for e in sheet["events"])

    for place in sorted(available_places(), key=length)[-4:]:
        sheets.place_handout(place, language)
    assert [len(made) for made in pages] == [2] * 4


def test_letters_of_the_three_languages_are_in_the_fonts_that_come_with_typst(tmp_path):
    def drawn(letter):
        path = tmp_path / "a.typ"
        rule = '#set text(font: "Libertinus Serif", fallback: false)\n#set page(width: 2cm, '
        path.write_text(f"{rule}height: 2cm)\n{letter}", "utf-8")
        return typst.compile(path, format="png", ppi=60, ignore_system_fonts=True)

    missing = drawn("\ue123")
    found = {letter: drawn(letter) for letter in "čćđšžČĆĐŠŽáéíóúüñÑ¿¡„“—†·↑"}
    assert [letter for letter, picture in found.items() if picture == missing] == []
    assert len(set(found.values())) == len(found)


def test_text_is_never_read_as_markup(pages):
    board = Board("colombia", (Arm('#panic("x") *a* $b$ @c <d>', "none"),))
    sheets.debrief(board, "en", (), (), '#read("/etc/passwd")')
    assert len(pages[0]) == 1


def test_without_typst_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match=r"typst is not installed.*parley-sim\[workshop\]"):
        sheets.role_cards(load_roles(), "en")


def test_minutes_of_the_notes_run_on_and_controls_are_named():
    data = sheet_data.notes(find_plan("120"), Words("es"))
    clock = [step["from"] for step in data["steps"]]
    assert (clock[0], clock[1], clock[-1]) == ("0:00", "0:08", "1:45")
    assert data["board"]["command"] == (
        "parley workshop --place colombia --arms transactional_plus hsbp --months 120 "
        "--population 1000 --language es --lan"
    )
    assert "[Reproducir]" in data["steps"][5]["do"]
    assert "{" not in " ".join(step["do"] for step in data["steps"])


def test_what_comes_up_on_a_board_is_listed_for_whoever_prepares():
    board = Board("colombia", (Arm("", "none"), Arm("", "hsbp")), 48, population=60)
    coming = coming_up(board)
    assert [one.month for one in coming] == sorted(one.month for one in coming)
    crashes = [(one.month, one.arm) for one in coming if one.dilemma.key == "price_crash"]
    assert len(crashes) == 2  # the recorded price falls for both columns in the same month
    assert crashes[0][0] == crashes[1][0]
    rows = sheet_data.notes(PLAN, Words("bs"), coming)["coming"]
    told = Words("bs")("decide.where", arm="B", month=crashes[0][0] + 1)  # what the page says there
    assert told.endswith(str(crashes[0][0] + 1))
    assert {"month": str(crashes[0][0] + 1), "column": "B", "title": "Cijena je pala"} in rows


def test_changes_of_an_option_in_words():
    words = Words("en")
    said = {o.key: sheet_data.changes(o, words) for o in DILEMMAS["force_used"].options}
    assert said["bind"] == "Trust as conduct 1.0; Management protocols 0.8"
    assert said["protect"] == (
        "What shields people: Leaders speak for others; Legal aid and protection"
    )
    assert said["silent"] == "nothing"
    assert sheet_data.changes(DILEMMAS["practices_unfunded"].options[0], words) == (
        "every practice to 0.3"
    )


def test_a_handout_holds_the_place_in_the_language_of_the_room():
    english = sheet_data.place("bosnia", Words("en"), 120)
    bosnian = sheet_data.place("bosnia", Words("bs"), 240)
    assert bosnian["story"][0].startswith("Dvadeset pet hiljada")
    assert bosnian["title"] == "Bosna i Hercegovina: grad čelika i njegov zrak"
    assert bosnian["groups"][0]["label"] == "Bošnjaci"
    assert [event["date"] for event in bosnian["events"]] == [
        event["date"] for event in english["events"]
    ]
    assert (english["years"], bosnian["years"]) == (10, 20)
    assert [group["share"] for group in english["groups"]] == ["84 %", "7.5 %", "6.3 %", "2.2 %"]
    assert len(english["events"]) <= sheet_data.MOST_EVENTS
    assert english["outcomes"][1]["upper"] == "more grievance"
    other = sheet_data.place("angola", Words("en"), 120)
    assert sum(len(part.split()) for part in other["story"]) >= 150


def test_decisions_on_the_debrief_in_order_of_time():
    words, board = Words("en"), PLAN.board_in(Words("en"))
    arm = decide(board.arms[1], DILEMMAS["price_crash"], "go_on", 41)
    arm = decide(arm, DILEMMAS["women_absent"], "stipends", 13)
    board = dataclasses.replace(board, arms=(board.arms[0], arm))
    rows = sheet_data.debrief(board, words, PLAN.debrief, "T")["decisions"]
    assert [(row["month"], row["question"]) for row in rows] == [
        ("13", "Women are not in the room"),
        ("41", "The price has crashed"),
    ]
    assert rows[1]["column"] == "B · Human Security Business Partnership"
    assert rows[1]["answer"] == "Go on and defer dividends"
    plain = sheet_data.debrief(PLAN.board, words, PLAN.debrief, "T")
    assert "Column A: No practices; Column B: Human Security" in plain["board"]


# --- charts ---------------------------------------------------------------------------------------


def drawn(*lines, marks=()):
    return ElementTree.fromstring(chart_svg(lines, ("unit", "years", "sketch"), marks))


def points(svg):
    return [
        [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
        for line in svg.iter(f"{SVG}polyline")
    ]


def labels(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


def test_a_line_lies_where_its_values_say():
    svg = drawn(Line("A", [0.0, 0.5, 1.0] + [1.0] * 9))
    (line,) = points(svg)
    assert len(line) == 12
    bottom, top = line[0][1], line[2][1]
    assert line[1][1] == pytest.approx((bottom + top) / 2, abs=0.11)
    assert bottom > top
    assert line[0][0] < line[1][0] < line[-1][0]
    assert {"0", "0.25", "0.5", "0.75", "1", "A", "unit", "years"} <= set(labels(svg))


def test_what_is_sketched_on_paper_is_what_the_page_shows_first():
    assert sheet_data.SKETCHED == SHOWN == OUTCOMES


def test_months_without_a_value_break_the_line():
    assert [len(p) for p in points(drawn(Line("A", [1.0, 2.0, math.nan, 3.0])))] == [2, 1]
    nothing = drawn(Line("A", [math.nan] * 12))
    assert points(nothing) == []
    assert "A" not in labels(nothing)


def test_a_sketch_and_decisions_are_drawn_apart():
    svg = drawn(Line("A", [0.2] * 24, ((0, 0.1), (24, 0.9))), marks=(12,))
    assert [len(p) for p in points(svg)] == [24, 2]
    assert "A sketch" in labels(svg)
    dotted = [line for line in svg.iter(f"{SVG}line") if line.get("stroke-dasharray")]
    assert len(dotted) == 1
    assert dotted[0].get("x1") == dotted[0].get("x2")


def test_a_sketch_lies_over_the_months_it_was_drawn_for():
    svg = drawn(Line("A", [0.1] * 24, ((0, 0.1), (23, 0.9))))
    path, sketch = points(svg)
    assert [sketch[0][0], sketch[-1][0]] == [path[0][0], path[-1][0]]


def test_a_sketch_beyond_the_months_shown_and_a_session_still_hidden():
    svg = drawn(Line("A", [0.2] * 24, ((0, 0.1), (120, 0.9))))
    assert all(x <= 420.0 - 62.0 + 0.1 for line in points(svg) for x, _ in line)
    assert labels(svg)[-1] == "A"
    assert "10" in labels(svg)
    assert points(drawn(Line("A", []))) == []


def test_only_outcomes_of_groups_are_captioned_with_a_group():
    board, words = small(12), Words("es")
    charts = charts_of(
        board, run_board(board), words, ("dignity", "profit"), group=2, group_label="Women"
    )
    assert [chart.caption for chart in charts] == ["Dignidad · Women", "Ganancia operativa"]


def test_labels_never_cover_each_other_nor_leave_the_chart():
    ends = [(220.0, "A", ""), (221.0, "B", ""), (222.0, "C", "")]
    heights = [at for at, _, _ in spread(ends)]
    assert all(b - a >= 21.9 for a, b in itertools.pairwise(heights))
    assert max(heights) <= 226.0
    assert spread([]) == []


def test_negative_values_and_markup_in_labels():
    svg = drawn(Line("<A&B>", [-1.0, 1.0] * 6))
    assert "<A&B>" in labels(svg)
    assert {"-1", "0", "1"} <= set(labels(svg))


def test_charts_of_a_session_carry_what_the_model_gave():
    board, words = small(), Words("bs")
    columns = run_board(board)
    assert [len(frames) for frames in columns] == [24, 24]
    charts = charts_of(board, columns, words, ("trust_company", "blockades", "inclusion"), group=1)
    assert [chart.caption for chart in charts] == [
        words(f"outcome.{name}.label") for name in ("trust_company", "blockades", "inclusion")
    ]
    assert [chart.near for chart in charts] == [True, False, True]  # by their paths in the registry
    svg = ElementTree.fromstring(charts[0].content)
    assert [len(line) for line in points(svg)] == [24, 24]


def test_the_debrief_of_a_session(tmp_path):
    path = write_session(tmp_path, "bs", small())
    assert path.name == "debrief-session.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    with pytest.raises(ScenarioError):
        write_session(tmp_path, "en", dataclasses.replace(small(), months=1))


@pytest.mark.usefixtures("unprepared")
def test_a_folder_that_cannot_be_written_and_names_that_do_not_exist(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OptionError, match=r"cannot be written.*choose another --out"):
        write_kit(tmp_path / "file", "en")
    with pytest.raises(OptionError, match="did you mean 'bosnia'"):
        write_kit(tmp_path, "en", ("bosna",))
    with pytest.raises(OptionError, match="language 'de' is unknown"):
        write_kit(tmp_path, "de")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


def test_the_link_of_a_session_is_what_the_command_takes():
    assert len(to_link(small())) < 400
