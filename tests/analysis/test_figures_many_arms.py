"""Figures with eleven arms and long names: nothing cut off, nothing overlapping, no two alike."""

import dataclasses
import itertools

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from parley.store import Store
from parley_analysis.figures import groups_figure, paths_figure
from parley_analysis.load import load
from parley_analysis.place_panels import Dot, Frame, Panel, draw_panels
from parley_analysis.sensitivity_figures import Caption
from parley_analysis.sheet import place_names
from parley_analysis.style import arm_styles, legend_columns, look, spread_labels
from parley_analysis.wins_figure import win_matrix_figure

ARMS = (
    "none", "transactional", "csr", "hrdd", "csbp", "msp", "hsbp", "cash_of_equal_cost",
    "placebo", "hsbp_nominal", "transactional_plus",
)  # fmt: skip
GROUPS = {
    "all": "all residents",
    "farmers": "Families of the older streets below",
    "displaced": "Newcomers from other states, many of them indigenous",
    "women": "Families in the savings scheme for building",
    "marginalised": "marginalised residents",
}


@pytest.fixture(scope="module")
def batch(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("many") / "b"
    specs = fakes.specs(arms=ARMS, replicates=2)
    manifest = fakes.manifest(specs)
    for place in manifest["places"].values():
        place["groups"] = GROUPS
        place["title"] = f"Shore: the {place['title']}"
    with Store.create(folder, manifest) as store:
        store.append([fakes.fake_run(spec) for spec in specs])
        store.finish()
    return load(folder)


def boxes(figure):
    """Every text that is shown, with its box in pixels, without the line that leads to it."""
    with look():
        FigureCanvasAgg(figure).draw()
        beyond = set()
        for axes in figure.axes:
            for axis, ends in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
                for tick in axis.majorTicks:
                    if not min(ends) <= tick.get_loc() <= max(ends):
                        beyond |= {tick.label1, tick.label2}
        return [
            (item, Text.get_window_extent(item))
            for item in figure.findobj(lambda artist: hasattr(artist, "get_fontsize"))
            if item.get_visible() and item.get_text().strip() and item not in beyond
        ]


def check(figure):
    width, height = figure.bbox.width, figure.bbox.height
    found = boxes(figure)
    for item, box in found:
        inside = box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
        assert inside, item.get_text()
        assert item.get_fontsize() >= 12.0
    # the upright box of a slanted text is much larger than the text
    level = [(item, box) for item, box in found if not item.get_rotation()]
    for (one, a), (other, b) in itertools.combinations(level, 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 3 or b.y1 <= a.y0 + 3
        assert apart, (one.get_text(), other.get_text())


@pytest.mark.parametrize("places", [("coast",), ("coast", "hills")])
def test_win_shares_can_be_read(batch, places):
    check(win_matrix_figure(batch, list(batch.outcomes), "hsbp", places))


def test_win_shares_of_seven_arms_keep_cells_wide_enough(batch):
    """Slanted heads take room at the right, which cells of two places side by side lack."""
    rows = batch.results.manifest["arms"]
    few = dataclasses.replace(
        batch,
        results=dataclasses.replace(
            batch.results,
            manifest=batch.results.manifest | {"arms": {arm: rows[arm] for arm in ARMS[:7]}},
        ),
    )
    check(win_matrix_figure(few, list(batch.outcomes), "hsbp"))


def test_paths_name_every_line_beside_its_panel(batch):
    figure = paths_figure(batch, ["trust_company", "grievance_at_company"])
    check(figure)
    for panel in figure.axes:
        ends = [text for text in panel.texts if len(text.get_text()) > 2]
        assert len(ends) == len(ARMS)
        middles = [sum(Text.get_window_extent(text).intervaly) / 2 for text in ends]
        assert min(middles) >= panel.bbox.y0 - 1
        assert max(middles) <= panel.bbox.y1 + 1


def test_groups_keep_names_legend_and_dots_apart(batch):
    figure = groups_figure(batch, ["trust_company"], "none")
    check(figure)
    legend = figure.legends[0].get_window_extent()
    assert legend.x1 <= figure.bbox.width
    assert len(figure.legends[0].get_texts()) == len(ARMS)
    panel = figure.axes[0]
    heights = sorted({round(y, 6) for line in panel.lines if line.get_linestyle() == "None"
                      for y in line.get_ydata()})  # fmt: skip
    pixels = panel.transData.transform([(0.0, y) for y in heights])[:, 1]
    assert len(heights) == len(ARMS) * len(GROUPS)
    assert min(abs(a - b) for a, b in itertools.pairwise(pixels)) >= 12


def test_places_of_one_name_are_told_apart(batch):
    assert batch.short_place("coast") == batch.short_place("hills") == "Shore"
    assert place_names(batch, ["hills", "coast"]) == ["Hills", "Coast"]


def test_eleven_arms_differ_in_colour_line_and_marker():
    styles = arm_styles(ARMS).values()
    for looks in ({s.colour for s in styles}, {str(s.line) for s in styles},
                  {s.marker for s in styles}):  # fmt: skip
        assert len(looks) == len(ARMS)
    assert "v" not in {style.marker for style in styles}  # it means worse off


def test_a_legend_takes_as_many_rows_as_it_needs():
    assert legend_columns(["None", "HSBP"]) == 2
    assert legend_columns(["x" * 90, "y" * 90]) == 1
    names = [arm.replace("_", " ") for arm in ARMS]
    assert 3 <= legend_columns(names) <= 6


def test_labels_stay_within_their_panel():
    assert spread_labels([0.0, 0.1, 5.0], 1.0, (0.0, 4.0)) == [0.0, 1.0, 4.0]
    assert spread_labels([1.0, 1.0, 1.0], 2.0, (0.0, 2.0)) == [-1.0, 1.0, 3.0]  # too many for it


def test_a_long_name_of_a_factor_is_written_out():
    label = "How far the reference follows what one gets, in a month without other changes"
    name = Caption("", labels={"a.b": label}).name("a.b")
    assert name.replace("\n", " ") == label
    assert name.count("\n") == 1


def test_dots_of_a_panel_with_one_series_stand_level_with_their_rows():
    styles = dict(zip(("all", "left out"), arm_styles(["hsbp", "csr"]).values(), strict=True))
    both = [Dot("row", name, 0.1 + i, 0.0, 2.0) for i, name in enumerate(styles)]
    panels = [Panel("Both", ("share",), both), Panel("One", ("days",), both[:1])]
    figure = draw_panels(Frame("A place", ("row",), styles), panels)
    dots = [[line.get_ydata()[0] for line in axes.lines if line.get_marker() in "o^"]
            for axes in figure.axes]  # fmt: skip
    assert dots[0][0] < 0 < dots[0][1]
    assert dots[1] == [0.0]


def test_ticks_beside_zero_keep_clear_of_it():
    styles = {"one": arm_styles(["hsbp"])["hsbp"]}
    dots = [Dot("row", "one", value, value - 0.01, value + 0.01) for value in (-0.09, 0.12)]
    panels = [Panel(f"Outcome {i}", ("share",), dots) for i in range(4)]
    figure = draw_panels(Frame("Places", ("row",), styles, zero=True), panels)
    check(figure)
