"""The figure of places: every number is drawn, hollow where nothing published stands behind it."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from parley_analysis.places_figure import STYLES, places_figure

GRADES = ["measured", "estimated elsewhere", "expert", "assumption"]
NUMBERS = (
    ("governance", "context.rule", "percentile rank", False),
    ("trust", "facts.trust_company", "share of full trust", False),
    ("violence", "facts.spoiler", "share", False),
    ("poverty", "context.poverty", "share", False),
    ("size", "facts.people", "persons", True),
)


def table(n_places):
    luck = np.random.default_rng(3)
    rows = []
    for i in range(n_places):
        for aspect, key, unit, log in NUMBERS:
            whole = {"percentile rank": 100.0, "persons": 50_000.0}.get(unit, 1.0)
            value = whole * luck.uniform(0.2, 0.8)
            rows.append(
                {
                    "place": f"place_{i}", "aspect": aspect, "key": key, "label": key.title(),
                    "unit": unit, "value": value, "low": 0.8 * value, "high": 1.2 * value,
                    "grade": GRADES[i % 4], "drawn": True, "log": log,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def drawn(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return canvas.get_renderer()


def dots(panel):
    return [line for line in panel.lines if len(line.get_xdata()) == 1]


@pytest.mark.parametrize("n_places", [1, 2, 16])
def test_every_number_is_a_dot_with_its_range(n_places):
    rows = table(n_places)
    figure = places_figure(rows, {name: name for name in rows["place"].unique()})
    assert len(figure.axes) == len(NUMBERS)
    for panel, (_, key, _, log) in zip(figure.axes, NUMBERS, strict=True):
        part = rows[rows["key"] == key]
        assert [dot.get_xdata()[0] for dot in dots(panel)] == part["value"].tolist()
        spans = [line.get_xdata() for line in panel.lines if len(line.get_xdata()) == 2]
        np.testing.assert_array_equal(spans, part[["low", "high"]])
        assert panel.get_xscale() == ("log" if log else "linear")


def test_hollow_means_that_nothing_is_published():
    rows = table(4)
    figure = places_figure(rows, {name: name for name in rows["place"].unique()})
    fills = [dot.get_markerfacecolor() for dot in dots(figure.axes[0])]
    assert [fill == "white" for fill in fills] == [False, False, True, True]
    looks = {(style.colour, style.marker, style.filled) for style in STYLES.values()}
    assert len(looks) == len(STYLES)
    assert len({(style.marker, style.filled) for style in STYLES.values()}) == len(STYLES)


def test_nothing_leaves_the_sheet_with_sixteen_places():
    rows = table(16)
    figure = places_figure(rows, {name: name for name in rows["place"].unique()})
    renderer = drawn(figure)
    width, height = figure.canvas.get_width_height()
    names = figure.axes[0].get_yticklabels()
    texts = [*figure.texts, *figure.legends[0].get_texts(), *names]
    for panel in figure.axes:
        texts += [*panel.texts, panel._left_title, panel.xaxis.label]
    assert len(texts) > 16 * len(NUMBERS)
    for text in texts:
        box = text.get_window_extent(renderer)
        assert -1 <= box.x0 <= box.x1 <= width + 1, text.get_text()
        assert -1 <= box.y0 <= box.y1 <= height + 1, text.get_text()
    boxes = [name.get_window_extent(renderer) for name in names]
    assert all(not a.overlaps(b) for a, b in pairwise(boxes))


def test_what_a_place_does_not_state_is_said():
    rows = table(3)
    rows = rows[~((rows["place"] == "place_1") & (rows["key"] == "facts.spoiler"))]
    figure = places_figure(rows, {f"place_{i}": "" for i in range(3)})
    notes = [text.get_text() for text in figure.axes[2].texts]
    assert "not stated" in notes
    assert len(dots(figure.axes[2])) == 2


def test_a_number_without_a_range_has_no_line():
    rows = table(2)
    rows.loc[rows["place"] == "place_0", ["low", "high"]] = np.nan
    figure = places_figure(rows, {"place_0": "", "place_1": ""})
    assert all(len(panel.lines) == 3 for panel in figure.axes)


def test_numbers_that_are_not_for_the_figure_are_left_out():
    rows = table(2)
    rows.loc[rows["key"] == "facts.spoiler", "drawn"] = False
    figure = places_figure(rows, {"place_0": "", "place_1": ""})
    assert len(figure.axes) == len(NUMBERS) - 1
