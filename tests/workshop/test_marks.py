"""Marks of events stand apart, and other luck says whether this run is like the others."""

import itertools

import pytest

from parley_workshop.ensemble import Ranking, order_of
from parley_workshop.panels.chart_options import Axes, options, to_draw_on, to_read
from parley_workshop.panels.luck import told
from parley_workshop.panels.marks import KINDS, MOST_SLOTS, SHAPES, Happened, marks
from parley_workshop.sketches import scale
from parley_workshop.words import LANGUAGES, Words, catalogue


def test_a_mark_stands_for_four_of_120_months_and_names_each():
    happened = [
        Happened(69, "petition", "Petition × 2", 2),
        Happened(71, "blockade", "Blockade"),
        Happened(73, "turnover", "A manager changes"),
    ]
    first, second = marks(happened, 1, 120)
    assert first["value"] == [70.5, 1, "69: Petition × 2; 71: Blockade"]
    assert first["symbol"] == f"path://{SHAPES['blockade']}"
    assert second["value"] == [74.5, 1, "73: A manager changes"]
    assert second["symbol"] == f"path://{SHAPES['other']}"
    assert first["symbolSize"] > second["symbolSize"]


@pytest.mark.parametrize("months", [1, 24, 31, 60, 119, 240, 480])
def test_marks_of_a_row_stand_apart_however_long_the_board(months):
    """Something in every month: as many marks as fit, each in its place, nothing left out."""
    made = marks([Happened(m + 1, "march", "M") for m in range(months)], 0, months)
    places = [mark["value"][0] for mark in made]
    assert len(made) <= MOST_SLOTS
    apart = [b - a for a, b in itertools.pairwise(places)]
    assert all(gap * MOST_SLOTS >= months for gap in apart)
    assert sum(mark["value"][2].count("M") for mark in made) == months


def test_every_kind_of_mark_has_a_shape_of_its_own_and_a_word():
    assert set(KINDS.values()) | {"other"} == set(SHAPES)
    assert len(set(SHAPES.values())) == len(SHAPES)
    for language in LANGUAGES:
        words = [catalogue(language)[f"marks.{kind}"] for kind in SHAPES]
        assert len(set(words)) == len(words)


A_B, B_A = (0, 1), (1, 0)


@pytest.mark.parametrize(
    ("found", "own", "sentence"),
    [
        (Ranking(((A_B, 13),), 0, 13), A_B, "A > B in 13 of 13 other runs, and here (month 5)"),
        (
            Ranking(((A_B, 13),), 0, 13),
            B_A,
            "A > B in 13 of 13 other runs; here B > A, as in none of them (month 5)",
        ),
        (
            Ranking(((A_B, 10), (B_A, 2)), 1, 13),
            B_A,
            "A > B in 10 of 13 other runs; here B > A, as in 2 of them (month 5)",
        ),
        (
            Ranking(((A_B, 2), (B_A, 2)), 0, 4),
            B_A,
            "B > A in 2 of 4 other runs, and here (month 5)",
        ),
        (
            Ranking(((A_B, 3),), 1, 4),
            (),
            "A > B in 3 of 4 other runs; here no clear order (month 5)",
        ),
        (Ranking((), 4, 4), A_B, "No clear order in 4 other runs (month 5)"),
    ],
)
def test_other_luck_says_whether_this_run_is_like_the_others(found, own, sentence):
    assert told(Words("en"), found, own, 5) == sentence


def test_this_run_is_ordered_as_the_others_are():
    assert order_of([0.1, 0.3]) == B_A
    assert order_of([0.3, float("nan")]) == ()


def test_a_narrow_chart_gives_its_width_to_the_plot_also_while_the_room_draws():
    chart = options(Axes("Trust", "share", 120, ("A HSBP", "B None"), 1.0, "Month"))
    narrow, wide = (one["option"]["grid"]["right"] for one in chart["media"])
    assert (narrow, wide) == (66, 132)
    assert "seriesName.split" in chart["media"][0]["option"]["series"][1]["endLabel"][":formatter"]
    drawing = to_draw_on(scale("trust_company", [], None), 2, names=False)
    assert '"right": 66' in drawing
    assert '"right": 56' in drawing
    assert '"right": 132' in to_read(1.0, 2)
