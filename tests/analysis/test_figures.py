"""Figures: nothing cut off, nothing overlapping, nothing too small, limits stated."""

import itertools
import struct
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from parley.store import Store
from parley_analysis.figures import _shown_events as shown_events
from parley_analysis.figures import groups_figure, paths_figure
from parley_analysis.load import AnalysisError, Batch, load
from parley_analysis.style import arm_styles, look, save, spread_labels
from parley_analysis.wins_figure import win_matrix_figure

SMALLEST_POINTS = 12.0


@pytest.fixture(scope="module")
def batch(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figures") / "b"
    specs = fakes.specs(replicates=8)
    with Store.create(folder, fakes.manifest(specs)) as store:
        store.append([fakes.fake_run(spec) for spec in specs])
        store.finish()
    return load(folder)


@pytest.fixture(scope="module")
def drawn(batch):
    return {
        "paths": paths_figure(batch, ["trust_company", "days_lost"], ("all", "worst")),
        "groups": groups_figure(batch, ["trust_company", "inclusion"], "none"),
        "wins": win_matrix_figure(batch, list(batch.outcomes), "hsbp"),
    }


def texts(figure):
    """Every visible piece of text with its box in pixels."""
    with look():
        FigureCanvasAgg(figure).draw()
        hidden = undrawn_ticks(figure)
        found = [
            item
            for item in figure.findobj(lambda artist: hasattr(artist, "get_fontsize"))
            if item.get_visible() and item.get_text().strip() and item not in hidden
        ]
        return [(item, item.get_window_extent()) for item in found]


def undrawn_ticks(figure):
    """Labels of ticks that exist but lie outside the limits of their axis."""
    hidden = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            drawn = axis.get_major_ticks()
            for tick in axis.majorTicks:
                if tick not in drawn or not min(limits) <= tick.get_loc() <= max(limits):
                    hidden |= {tick.label1, tick.label2}
    return hidden


def all_text(figure):
    return "\n".join(item.get_text() for item, _ in texts(figure)).replace("\n", " ")


@pytest.mark.parametrize("name", ["paths", "groups", "wins"])
def test_all_text_is_large_and_on_the_sheet(drawn, name):
    figure = drawn[name]
    width, height = figure.bbox.width, figure.bbox.height
    assert width == 1600
    for item, box in texts(figure):
        assert item.get_fontsize() >= SMALLEST_POINTS, item.get_text()
        inside = box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
        assert inside, item.get_text()


@pytest.mark.parametrize("name", ["paths", "groups", "wins"])
def test_no_two_texts_overlap(drawn, name):
    for (one, a), (other, b) in itertools.combinations(texts(drawn[name]), 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 3 or b.y1 <= a.y0 + 3
        assert apart, (one.get_text(), other.get_text())


def test_paths_say_what_they_show(drawn):
    words = all_text(drawn["paths"])
    for fragment in (
        "Does it work?",
        "Coast",
        "Trust in the company",
        "share (higher is better)",
        "worst-off group, share",
        "days, summed from the start (lower is better)",
        "8 replicates, 200 simulated residents, 24 months, seed 5",
        "a Pipeline spill (2013-05); b Peace accord (2014-01)",
        "2013",
    ):
        assert fragment in words
    assert words.count("HSBP") == 6  # the end of one line in each of 6 panels


def test_paths_draw_the_bands(batch, drawn):
    from parley_analysis.summarise import bands

    panel = drawn["paths"].axes[0]
    table = bands(batch, "trust_company").query("place == 'coast' and arm == 'hsbp'")
    line = next(line for line in panel.lines if line.get_color() == "#0072B2")
    np.testing.assert_array_equal(line.get_ydata(), table["mean"])
    assert len(panel.collections) == 3


def test_groups_mark_those_worse_off(drawn):
    words = all_text(drawn["groups"])
    assert "worse off than under None" in words
    assert "Inclusion †" in words
    assert "† Near-tautological" in words
    panel = drawn["groups"].axes[0]
    lost = [line for line in panel.lines if line.get_marker() == "v" and len(line.get_xdata())]
    assert lost, "the marginalised lose under these practices"
    assert {round(float(y)) for line in lost for y in line.get_ydata()} == {4}


def test_wins_leave_out_outcomes_without_a_better_direction(drawn):
    words = all_text(drawn["wins"])
    assert "How often HSBP is better than" in words
    assert "A share near one half is known to ±0.35 (95% interval)" in words  # 8 replicates
    assert "Diverted share" not in words
    assert "Company value" in words


def test_files_are_written_and_repeatable(batch, drawn, tmp_path):
    png, svg = save(drawn["paths"], tmp_path / "paths")
    width, _ = struct.unpack(">II", png.read_bytes()[16:24])
    assert width == 1600
    again = paths_figure(batch, ["trust_company", "days_lost"], ("all", "worst"))
    assert save(again, tmp_path / "again")[1].read_bytes() == svg.read_bytes()


def test_what_cannot_be_drawn_is_refused(batch):
    with pytest.raises(AnalysisError, match="no place 'cost'"):
        paths_figure(batch, ["trust_company"], places=["cost"])
    with pytest.raises(AnalysisError, match="no values by group"):
        groups_figure(batch, ["days_lost"], "none")
    with pytest.raises(AnalysisError, match="nothing to hold"):
        win_matrix_figure(batch, ["diverted_share"], "hsbp")
    with pytest.raises(AnalysisError, match="has no path"):
        paths_figure(batch, ["npv"])


def test_arms_never_share_a_look():
    arms = ["none", "hsbp", "csr", "cash_equivalent", "placebo", "transactional"]
    styles = arm_styles(arms)
    assert len({style.colour for style in styles.values()}) == len(arms)
    assert len({str(style.line) for style in styles.values()}) == len(arms)
    assert styles["hsbp"] == arm_styles(["hsbp", "x"])["hsbp"]


def test_labels_move_as_little_as_possible():
    assert spread_labels([3.0, 1.0, 2.0], 0.5) == [3.0, 1.0, 2.0]
    placed = spread_labels([1.0, 1.0, 1.0], 2.0)
    assert sorted(placed) == [-1.0, 1.0, 3.0]
    assert spread_labels([], 1.0) == []


def test_every_kind_of_event_that_changes_something_has_its_rank():
    """Votes come too often to be marked, and notes change nothing."""
    from parley.event_kinds import EVENT_KINDS
    from parley_analysis import figures

    ranked = figures._EVENT_KINDS
    assert len(set(ranked)) == len(ranked)
    assert {*ranked, "vote", "note"} == EVENT_KINDS.keys()


def test_a_strike_told_in_two_parts_is_marked_once():
    told = [("strike", 13), ("strike", 14), ("strike", 104), ("protest_wave", 111), ("note", 3),
            ("strike", 130), ("peace_accord", 58)]  # fmt: skip
    place = SimpleNamespace(
        months=120, events=lambda place: [{"kind": k, "month": m} for k, m in told]
    )
    assert [e["month"] for e in shown_events(place, "anywhere")] == [13, 58, 104, 111]


def test_initials_in_a_key_stay_initials():
    labels = {"hsbp_nominal": "The partnership on paper", "transactional_plus": "A" * 19}
    batch = SimpleNamespace(arm_label=lambda arm: labels.get(arm, arm))
    assert Batch.short_arm(batch, "hsbp_nominal") == "HSBP nominal"
    labels["csr+cash_transfer:coverage=0.5"] = "A" * 19
    assert Batch.short_arm(batch, "csr+cash_transfer:coverage=0.5").startswith("CSR+cash transfer:")
    assert Batch.short_arm(batch, "transactional_plus") == "Transactional plus"
