"""Strokes, the points kept of them, parts drawn anew, and how far a prediction was off."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley_workshop.about import OFFERED
from parley_workshop.sketches import (
    MOST_KNOTS,
    gap,
    knots,
    merge,
    nice,
    of_group,
    scale,
    tidy,
    to_ends,
    value_at,
    whose,
)

MONTHS = 240
VALUES = st.floats(-100, 100, allow_nan=False).map(lambda value: round(value, 3))


@st.composite
def strokes(draw, least=1):
    """A value for every month from one to another."""
    values = draw(st.lists(VALUES, min_size=least, max_size=MONTHS))
    first = draw(st.integers(0, MONTHS - len(values)))
    return tuple(enumerate(values, first))


def run(path, months):
    return np.interp(months, [m for m, _ in path], [v for _, v in path])


# --- what a browser tells -------------------------------------------------------------------------


def test_a_stroke_is_cut_to_whole_months_of_the_run_and_figures_are_few():
    told = [(3.2, 0.123456), (-4, 0.5), (900, 0.25), (3, 0.7), (5, math.nan), (math.inf, 0.1)]
    assert tidy(told, 24) == ((0, 0.5), (3, 0.7), (23, 0.25))
    assert tidy([(0, 123456.0)], 24) == ((0, 123500.0),)
    assert tidy([], 24) == ()


def test_a_stroke_that_comes_close_to_an_end_is_meant_to_reach_it():
    middle = ((10, 0.3), (100, 0.4))
    assert to_ends(middle, 120) == middle
    assert to_ends(((3, 0.3), (116, 0.4)), 120) == ((0, 0.3), (3, 0.3), (116, 0.4), (119, 0.4))
    assert to_ends(((1, 0.3), (22, 0.4)), 24) == ((1, 0.3), (22, 0.4))
    assert to_ends(((119, 0.3),), 120) == ((119, 0.3),)


# --- few points -----------------------------------------------------------------------------------


def test_a_straight_line_is_its_ends():
    assert knots(tuple((m, 0.25 * m) for m in range(100))) == ((0, 0.0), (99, 24.75))


def test_what_lies_farthest_off_is_kept_first():
    path = ((0, 0.0), (10, 0.0), (20, 3.0), (30, 0.0), (35, -1.0), (40, 0.0))
    assert knots(path, most=3) == ((0, 0.0), (20, 3.0), (40, 0.0))
    # Half the way down to 20 the straight line is at 1.5, which is farther off than -1 at 35.
    assert knots(path, most=4) == ((0, 0.0), (20, 3.0), (35, -1.0), (40, 0.0))


@given(strokes(), st.floats(0, 5))
def test_few_points_of_the_stroke_that_run_close_to_it(stroke, tolerance):
    kept = knots(stroke, tolerance)
    assert set(kept) <= set(stroke)
    assert list(kept) == sorted(set(kept))
    assert (kept[0], kept[-1]) == (stroke[0], stroke[-1])
    assert len(kept) <= MOST_KNOTS
    months, values = np.array(stroke).T
    off = np.abs(run(kept, months) - values).max()
    assert len(kept) == MOST_KNOTS or off <= max(tolerance, 1e-12)


# --- a part drawn anew ----------------------------------------------------------------------------


def test_a_part_drawn_anew_leaves_what_is_before_and_after():
    old = ((0, 0.0), (100, 1.0))
    stroke = tuple((month, 0.9) for month in range(40, 61))
    path = merge(old, stroke)
    assert path == ((0, 0.0), (39, 0.39), (40, 0.9), (60, 0.9), (61, 0.61), (100, 1.0))


def test_a_stroke_beside_a_path_prolongs_it():
    assert merge(((0, 0.2), (10, 0.4)), ((30, 0.9), (40, 0.9))) == (
        (0, 0.2),
        (10, 0.4),
        (30, 0.9),
        (40, 0.9),
    )


def test_a_single_point_bends_the_path():
    assert merge(((0, 0.0), (10, 0.0)), ((5, 1.0),)) == ((0, 0.0), (5, 1.0), (10, 0.0))
    assert merge((), ((5, 1.0),)) == ((5, 1.0),)
    assert merge(((0, 0.0),), ()) == ((0, 0.0),)


@given(strokes(), strokes(least=2))
def test_where_it_was_drawn_anew_the_path_is_the_stroke_and_elsewhere_the_old_path(old, stroke):
    few = knots(stroke, most=8)
    path = merge(knots(old, most=8), few)
    assert len(path) <= MOST_KNOTS
    first, last = few[0][0], few[-1][0]
    inside = np.arange(first, last + 1)
    assert np.allclose(run(path, inside), run(few, inside), atol=1e-9)
    before = knots(old, most=8)
    for month in range(before[0][0], before[-1][0] + 1):
        if not first <= month <= last:
            # Joints are kept with four figures, as what is drawn.
            assert value_at(path, month) == pytest.approx(value_at(before, month), abs=0.06)


# --- how far off ----------------------------------------------------------------------------------


def test_how_far_a_prediction_was_off():
    """Drawn 0.2, 0.3, 0.4, 0.5, 0.6; came 0.3, 0.3, 0.2: off by 0.1, 0, 0.2 and too high."""
    found = gap(((0, 0.2), (4, 0.6)), [0.3, 0.3, 0.2])
    assert found.month == 2
    assert found.at_end == pytest.approx(0.2)
    assert found.average == pytest.approx(0.1)


def test_months_without_a_value_or_without_a_line_are_not_compared():
    came = [9.0, math.nan, 1.0, 5.0, math.nan, 7.0]
    found = gap(((2, 0.0), (4, 2.0)), came)
    assert (found.month, found.at_end, found.average) == (3, -4.0, 2.5)
    assert gap(((2, 0.0), (4, 2.0)), came[:2]) is None
    assert gap((), came) is None
    assert gap(((0, 1.0),), []) is None


# --- whose, and on what scale ---------------------------------------------------------------------


def test_a_line_belongs_to_the_group_for_which_it_was_drawn():
    drawn = {
        (0, "trust_company", "all"): ((0, 0.1),),
        (0, "trust_company", "marginalised"): ((0, 0.2),),
        (1, "blockades", "all"): ((0, 3.0),),
    }
    assert of_group(drawn, "marginalised") == {
        (0, "trust_company"): ((0, 0.2),),
        (1, "blockades"): ((0, 3.0),),
    }
    assert whose("blockades", "marginalised") == "all"


@pytest.mark.parametrize("outcome", OFFERED)
def test_a_scale_has_room_for_what_is_seen(outcome):
    empty = scale(outcome)
    assert empty.low <= 0.0 < empty.top
    steps = (empty.top - empty.low) / empty.step
    assert steps == pytest.approx(round(steps))
    if not empty.fixed:
        wide = scale(outcome, [empty.top * 7, math.nan])
        assert wide.top >= empty.top * 7
        assert scale(outcome, [empty.top * 7], top=empty.top) == empty


def test_a_share_has_the_whole_scale_and_profit_may_fall_below_zero():
    for outcome in ("trust_company", "grievance_at_company", "active_share", "community_share"):
        assert (scale(outcome).low, scale(outcome).top) == (0.0, 1.0)
    assert scale("profit", [-3.0, 1.0]).low <= -3.0


@given(st.floats(1e-6, 1e9))
def test_a_round_number_is_not_below_and_not_far_above(value):
    assert value * (1 - 1e-9) <= nice(value) <= value * 2.5 + 1e-12
