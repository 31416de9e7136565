"""Pictures of sensitivity: nothing cut off, nothing overlapping, verdicts and sizes in words."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from planted import latin_sample, morris_sample, sobol_sample

from parley_analysis.sensitivity import MATTERS
from parley_analysis.sensitivity_convergence import convergence
from parley_analysis.sensitivity_figures import (
    Caption,
    bars_figure,
    convergence_figure,
    morris_plane,
)
from parley_analysis.sensitivity_given import pawn_indices
from parley_analysis.sensitivity_maps import overview_figure, pairs_figure
from parley_analysis.sensitivity_morris import morris_indices
from parley_analysis.sensitivity_sobol import sobol_indices
from parley_analysis.style import look

KEYS = [f"section.number_{i}" for i in range(17)] + ["luck", "dummy"]
LABELS = {key: f"Factor {i} with a rather long name of its own" for i, key in enumerate(KEYS)}
CAPTION = Caption(
    "What moves trust in the company, HSBP less transactional, in a place with a long name?",
    "share",
    "256 blocks of 38 points, 500 residents, 120 months, seed 1. Nothing is calibrated.",
    LABELS,
)
OUTCOMES = {"one": "Trust in the company", "two": "Days lost", "flat": "Deaths"}


def planted(units):
    weights = np.array([3.0, 2.9, 2.8, 1.0, 0.5] + [0.05] * 12 + [1.0, 0.0])
    x = units.to_numpy()
    return pd.Series(x @ weights + 12 * (x[:, 0] - 0.5) * (x[:, 1] - 0.5))


@pytest.fixture(scope="module")
def sobol_table():
    units, sampling = sobol_sample(KEYS, 256, 1)
    return sobol_indices(units, planted(units), sampling)


@pytest.fixture(scope="module")
def drawn(sobol_table):
    units, sampling = sobol_sample(KEYS, 64, 1, second_order=False)
    steps, grid = morris_sample(KEYS, 20, 1)
    rows, latin = latin_sample(KEYS, 256, 1)
    several = pd.concat(
        [
            sobol_table.assign(outcome="one"),
            sobol_table.assign(outcome="two"),
            sobol_indices(units, planted(units) * 0, sampling).assign(outcome="flat"),
        ]
    )
    return {
        "bars": bars_figure(sobol_table, ("first", "total"), CAPTION),
        "pawn": bars_figure(pawn_indices(rows, planted(rows), latin), ("pawn",), CAPTION),
        "pairs": pairs_figure(sobol_table, CAPTION),
        "overview": overview_figure(several, "total", OUTCOMES, CAPTION),
        "plane": morris_plane(morris_indices(steps, planted(steps), grid), CAPTION),
        "settled": convergence_figure(
            convergence(units, planted(units), sampling), "total", CAPTION
        ),
        "morris": convergence_figure(convergence(steps, planted(steps), grid), "mu_star", CAPTION),
    }


NAMES = ["bars", "pawn", "pairs", "overview", "plane", "settled", "morris"]


def texts(figure):
    """Every visible piece of text, with its box in pixels; slanted ones are left to the eye."""
    with look():
        FigureCanvasAgg(figure).draw()
    found = figure.findobj(lambda artist: hasattr(artist, "get_fontsize"))
    hidden = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            for tick in axis.majorTicks:
                if not min(limits) <= tick.get_loc() <= max(limits):
                    hidden |= {tick.label1, tick.label2}
    return [
        (item, Text.get_window_extent(item))  # of the words, without the line to their point
        for item in found
        if item.get_visible() and item.get_text().strip() and item not in hidden
    ]


@pytest.mark.parametrize("name", NAMES)
def test_all_text_is_on_the_sheet_and_large(drawn, name):
    figure = drawn[name]
    for item, box in texts(figure):
        assert item.get_fontsize() >= 11, item.get_text()
        inside = box.x0 >= 0 and box.x1 <= figure.bbox.width
        assert inside, item.get_text()
        assert box.y0 >= 0, item.get_text()
        assert box.y1 <= figure.bbox.height, item.get_text()


@pytest.mark.parametrize("name", NAMES)
def test_no_two_texts_overlap(drawn, name):
    level = [(item, box) for item, box in texts(drawn[name]) if item.get_rotation() in (0, 90)]
    for (one, a), (other, b) in itertools.combinations(level, 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 3 or b.y1 <= a.y0 + 3
        assert apart, f"{one.get_text()!r} and {other.get_text()!r}: {a} {b}"


@pytest.mark.parametrize("name", NAMES)
def test_the_foot_says_what_was_run(drawn, name):
    words = " ".join(item.get_text() for item, _ in texts(drawn[name])).replace("\n", " ")
    assert "500 residents, 120 months" in words


def test_bars_show_verdicts_and_the_dummy(drawn, sobol_table):
    words = [item.get_text() for item, _ in texts(drawn["bars"])]
    totals = sobol_table[(sobol_table["index"] == "total") & (sobol_table["level"] == "factor")]
    assert words.count(MATTERS) == (totals["verdict"] == MATTERS).sum()
    assert "Dummy (no effect)" in words
    foot = " ".join(words).replace("\n", " ")
    assert "256 Saltelli blocks" in foot
    assert "4 factors with smaller indices are not drawn" in foot


def test_an_outcome_that_does_not_vary_is_named(drawn):
    words = " ".join(item.get_text() for item, _ in texts(drawn["overview"]))
    assert "Does not vary: Deaths" in words


def test_the_planted_pair_is_the_one_with_a_number(drawn, sobol_table):
    pairs = sobol_table[(sobol_table["level"] == "pair") & (sobol_table["verdict"] == MATTERS)]
    assert (KEYS[0], KEYS[1]) in set(zip(pairs["factor"], pairs["other"], strict=True))
    words = [item.get_text() for item, _ in texts(drawn["pairs"])]
    assert sum(word.isdigit() for word in words) == len(pairs)
