"""Panels of dots: ticks of neighbours keep clear of each other, and say where the dots are."""

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg

from parley_analysis.place_panels import Dot, Frame, Panel, draw_panels
from parley_analysis.style import ArmStyle, look

STYLES = {"all": ArmStyle("#0072B2", "-", "o")}
ROWS = ("one", "two")


def drawn(*spans):
    """A figure with a panel for each pair of values, and the labels of its ticks."""
    panels = [
        Panel(
            "Outcome",
            ("share",),
            [Dot(row, "all", v, v, v) for row, v in zip(ROWS, span, strict=True)],
        )
        for span in spans
    ]
    figure = draw_panels(Frame("A place", ROWS, STYLES), panels)
    with look():
        FigureCanvasAgg(figure).draw()
    return figure, [axes.get_xticklabels() for axes in figure.axes]


def test_ticks_of_neighbours_do_not_touch():
    spans = [(0.0726, 0.1042), (0.0366, 0.0502), (0.29, 0.4), (0.482, 0.575)]
    figure, labels = drawn(*spans)
    boxes = [label.get_window_extent() for panel in labels for label in panel]
    assert len(boxes) >= 8
    for a, b in itertools.combinations(boxes, 2):
        assert a.x1 < b.x0 or b.x1 < a.x0
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width for box in boxes)


def test_a_tick_stands_where_its_number_is():
    _, labels = drawn((0.0726, 0.1042))
    assert [float(label.get_text()) for label in labels[0]] == [
        round(label.get_position()[0], 3) for label in labels[0]
    ]


def test_where_nothing_differs_there_is_one_tick():
    _, labels = drawn((0.0, 0.0), (3.0, 3.0))
    assert [[label.get_text() for label in panel] for panel in labels] == [["0"], ["3"]]
