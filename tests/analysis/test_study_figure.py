"""Pictures of the study: nothing is cut off, everything drawn is named."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from parley.registry import load_registry
from parley_analysis.study_figure import verdict_figure
from parley_analysis.win_figure import win_heat_map

OUTCOMES = {o.name: o for o in load_registry().outcomes if o.direction != "neither"}
OTHERS = ["none", *(f"arm_{i}" for i in range(8)), "cash_equivalent", "transactional_plus"]


def info(name):
    outcome = OUTCOMES[name]
    return SimpleNamespace(label=outcome.label, near_tautological=outcome.rule_steps <= 2)


BATCH = SimpleNamespace(
    places=("coast", "hills"),
    outcome=info,
    short_arm=lambda arm: "Well-delivered deals" if arm == "transactional_plus" else arm.upper(),
    short_place=str.title,
)


@pytest.fixture(scope="module")
def matrix():
    luck = np.random.default_rng(1)
    rows = []
    for place in BATCH.places:
        for name in OUTCOMES:
            for group in ("all", "worst"):
                for i, other in enumerate(OTHERS):
                    share = 0.5 if name == "violence" else luck.random()
                    share = i / (len(OTHERS) - 1) if name == "harm" else share
                    rows.append(
                        {"place": place, "outcome": name, "group": group, "arm": "hsbp",
                         "other": other, "share": share, "alarm": share < 0.05 or share > 0.95,
                         "near_tautological": info(name).near_tautological}
                    )  # fmt: skip
    return pd.DataFrame(rows)


def words_of(figure):
    """Every text of a figure that is shown, with its box in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    artists = list(figure.texts)
    for panel in figure.axes:
        artists += [*panel.texts, *panel.get_xticklabels(), *panel.get_yticklabels(), panel.title]
        artists.append(panel._left_title)
    return {
        artist.get_text(): artist.get_window_extent(canvas.get_renderer())
        for artist in artists
        if artist.get_text()
    }


def test_no_word_of_the_heat_map_is_cut_off(matrix):
    figure = win_heat_map(BATCH, matrix, ["Below."])
    width, height = figure.get_size_inches() * figure.dpi
    boxes = words_of(figure)
    longest = max(OUTCOMES.values(), key=lambda outcome: len(outcome.label)).label
    assert any(longest in text for text in boxes)
    for text, box in boxes.items():
        assert box.x0 >= 0.0, text
        assert box.y0 >= 0.0, text
        assert box.y1 <= height, text
        assert box.x1 <= width, text


def test_the_verdict_names_the_best_and_the_worst_and_cuts_nothing(matrix):
    figure = verdict_figure(BATCH, matrix, "hills", ["Below."])
    width, height = figure.get_size_inches() * figure.dpi
    boxes = words_of(figure)
    distant = [o for o in OUTCOMES.values() if o.rule_steps > 2]
    assert all(outcome.label in boxes for outcome in distant)
    assert not any("†" in text for text in boxes)
    assert {"NONE 0", "100 Well-delivered deals", "all 50"} <= set(boxes)
    for text, box in boxes.items():
        assert box.x0 >= 0.0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0.0, text
        assert box.y1 <= height, text
    smallest = min(
        t.get_fontsize() for panel in figure.axes for t in (*panel.texts, *panel.get_yticklabels())
    )
    assert smallest >= 13.0
