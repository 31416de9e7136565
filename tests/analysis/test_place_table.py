"""All places in one table and one picture; what is written for the pages of places."""

import csv
import io
import tomllib

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from rich.console import Console
from scipy import stats

from parley.store import Store
from parley_analysis import place_pages, place_table
from parley_analysis.load import AnalysisError, load
from parley_analysis.place_figures import all_places_figure, place_figure
from parley_analysis.style import look

REPLICATES = 6
PLACES = ("coast", "hills", "river_mouth")


@pytest.fixture(scope="module")
def batch(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("places") / "b"
    specs = fakes.specs(places=PLACES, replicates=REPLICATES)
    about = {"versions": {"parley-sim": "0.1.0"}, "months": [24]}
    manifest = fakes.manifest(
        specs, replicates=REPLICATES, **about, model_version="7", registry="abcdef"
    )
    with Store.create(folder, manifest) as store:
        store.append([fakes.fake_run(spec) for spec in specs])
        store.finish()
    return load(folder)


@pytest.fixture(scope="module")
def table(batch):
    return place_table.place_table(batch, "none")


def one(table, **wanted):
    for name, value in wanted.items():
        table = table[table[name] == value]
    (row,) = table.to_dict("records")
    return row


def last_trust(fakes, place, arm, group):
    return np.array(
        [
            fakes.fake_run(spec).series["trust_company"][-1, fakes.GROUPS.index(group)]
            for spec in fakes.specs(places=(place,), arms=(arm,), replicates=REPLICATES)
        ]
    )


@pytest.mark.parametrize("group", ["all", "marginalised"])
def test_levels_and_differences_by_hand(fakes, table, group):
    arm, reference = (last_trust(fakes, "hills", a, group) for a in ("hsbp", "none"))
    row = one(table, place="hills", arm="hsbp", outcome="trust_company", group=group)
    change = arm - reference
    half = stats.t.ppf(0.975, REPLICATES - 1) * change.std(ddof=1) / np.sqrt(REPLICATES)
    spread = stats.t.ppf(0.975, REPLICATES - 1) * arm.std(ddof=1) / np.sqrt(REPLICATES)
    assert row["n"] == REPLICATES
    assert row["mean"] == pytest.approx(arm.mean())
    assert row["high"] - row["mean"] == pytest.approx(spread)
    assert row["difference"] == pytest.approx(change.mean())
    assert row["difference_low"] == pytest.approx(change.mean() - half)
    assert row["same_sign"] == (np.sign(change) == np.sign(change.mean())).sum()
    # planted: 0.18 for everybody, minus half of that for the marginalised
    assert row["verdict"] == ("better" if group == "all" else "worse")


def test_the_same_outcomes_for_every_place_and_arm(table):
    held = ["trust_company", "grievance_at_company", "days_lost", "npv"]
    for _, rows in table.groupby(["place", "arm"]):
        assert list(dict.fromkeys(rows["outcome"])) == held
    assert list(dict.fromkeys(table["place"])) == list(PLACES)
    reference = table[table["arm"] == "none"]
    assert reference["difference"].isna().all()
    assert reference["mean"].notna().all()


def test_a_place_that_does_not_differ_is_said_not_to(fakes, tmp_path, monkeypatch):
    """The statistical check falls silent when the planted effect is switched off."""
    monkeypatch.setitem(fakes.EFFECT, "hsbp", 0.0)
    specs = fakes.specs(places=("coast",), replicates=REPLICATES)
    with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
        store.append([fakes.fake_run(spec) for spec in specs])
        store.finish()
    flat = place_table.place_table(load(tmp_path / "b"), "none")
    row = one(flat, arm="hsbp", outcome="trust_company", group="all")
    assert row["verdict"] == "too_small"
    assert -0.01 <= row["difference_low"] <= 0.0 <= row["difference_high"] <= 0.01
    ties = one(flat, arm="hsbp", outcome="days_lost", group="all")
    assert (ties["difference"], ties["same_sign"]) == (0.0, 0)


def test_unknown_arms_and_outcomes_are_refused(batch):
    with pytest.raises(AnalysisError, match="no arm 'csr'"):
        place_table.place_table(batch, "csr")
    with pytest.raises(AnalysisError, match="hold none of: violence"):
        place_table.place_table(batch, "none", ["violence"])


def test_the_terminal_shows_every_place_once(batch, table):
    *grids, notes = place_table.terminal(batch, table, "none")
    assert len(grids) == 4  # the planted outcomes that are shown
    for grid in grids:
        assert [str(cell) for cell in grid.columns[0]._cells] == ["Coast", "Hills", "River mouth"]
        assert len(grid.columns) == 4
    assert "6 replicates" in notes
    assert "near-tautological" not in notes.lower()  # none of the planted outcomes shown is


@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_terminal_table_fits(batch, table, width):
    screen = Console(width=width, record=True, file=io.StringIO())
    for part in place_table.terminal(batch, table, "none", width):
        screen.print(part)
    text = screen.export_text()
    assert max(map(len, text.splitlines())) <= width
    values = table[(table["outcome"] == "trust_company") & (table["group"] == "all")]
    row = one(values, place="hills", arm="hsbp")
    half = row["difference_high"] - row["difference"]
    assert f"+{row['difference']:.2f} ±{half:.2f} ▲" in text
    assert "…" not in text


def written(figure):
    with look():
        FigureCanvasAgg(figure).draw()
    found = figure.findobj(lambda artist: hasattr(artist, "get_fontsize"))
    hidden = {
        tick.label1
        for axes in figure.axes
        for tick in axes.xaxis.majorTicks
        if not axes.get_xlim()[0] <= tick.get_loc() <= axes.get_xlim()[1]
    }
    return [
        item
        for item in found
        if item.get_visible() and item.get_text().strip() and item not in hidden
    ]


def test_the_picture_of_all_places(batch, table):
    figure = all_places_figure(batch, table, "none")
    words = [item.get_text() for item in written(figure)]
    assert len(figure.axes) == 4
    assert [words.count(name) for name in ("Coast", "Hills", "River mouth")] == [1, 1, 1]
    assert words.count("6/6") >= 6  # trust under both arms in three places
    assert {"Transactional", "HSBP"} <= set(words)
    assert min(item.get_fontsize() for item in written(figure)) >= 12.0
    dots = [line for line in figure.axes[0].lines if line.get_marker() not in ("None", "")]
    assert len(dots) == 2 * len(PLACES)
    values = sorted(float(dot.get_xdata()[0]) for dot in dots)
    rows = table[(table["outcome"] == "trust_company") & (table["group"] == "all")]
    assert values == pytest.approx(sorted(rows["difference"].dropna()))
    filled = [float(dot.get_xdata()[0]) for dot in dots if dot.get_markerfacecolor() != "white"]
    told = rows[rows["verdict"].isin(["better", "worse"])]
    assert sorted(filled) == pytest.approx(sorted(told["difference"]))
    (band,) = [patch for patch in figure.axes[0].patches if patch.get_x() == -0.01]
    assert band.get_width() == pytest.approx(0.02)
    assert "Smallest difference worth telling: 0.01 of a share" in " ".join(" ".join(words).split())


def test_the_picture_turned_round(batch, table):
    figure = all_places_figure(batch, table, "none", turned=True)
    dots = [line for line in figure.axes[0].lines if line.get_marker() not in ("None", "")]
    rows = table[(table["outcome"] == "trust_company") & (table["group"] == "all")]
    values = sorted(float(dot.get_xdata()[0]) for dot in dots)
    assert values == pytest.approx(sorted(-rows["difference"].dropna()))


def test_nothing_to_draw_is_said(batch, table):
    with pytest.raises(AnalysisError, match="nothing to hold"):
        all_places_figure(batch, table[table["arm"] == "none"], "none")
    with pytest.raises(AnalysisError, match="no runs of 'moon'"):
        place_figure(batch, table, "moon")


def test_nothing_is_cut_off_on_a_page_s_picture(batch, table):
    figure = place_figure(batch, table, "coast")
    boxes = [(item.get_text(), item.get_window_extent()) for item in written(figure)]
    outside = [
        text
        for text, box in boxes
        if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1
    ]
    assert outside == []
    assert len(figure.axes) == 4


def test_what_is_committed(batch, tmp_path):
    files = place_pages.write(batch, tmp_path / "places")
    assert all(path.exists() for path in files)
    names = {path.relative_to(tmp_path / "places").as_posix() for path in files}
    pictures = {f"figures/{name}.png" for name in (*PLACES, "all-places")}
    assert names == {"results.csv", "results.toml"} | pictures
    assert sorted(p.suffix for p in (tmp_path / "places/figures").iterdir()) == [".png"] * 4
    about = tomllib.loads((tmp_path / "places/results.toml").read_text("utf-8"))
    assert (about["runs"], about["failed"], about["seed"]) == (54, 0, 5)
    assert (about["replicates"], about["months"], about["population"]) == (REPLICATES, 24, 200)
    assert (about["version"], about["model_version"]) == ("0.1.0", "7")
    assert "--arms none,transactional,hsbp --replicates 6" in about["command"]
    with (tmp_path / "places/results.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    row = next(r for r in rows if (r["place"], r["arm"], r["outcome"]) == ("hills", "none", "npv"))
    table = place_table.place_table(batch, "hsbp")
    same = one(table, place="hills", arm="none", outcome="npv", group="all")
    assert float(row["less"]) == pytest.approx(-same["difference"], rel=1e-3)
    assert float(row["less_low"]) == pytest.approx(-same["difference_high"], rel=1e-3)
    assert all(r["less"] == "" for r in rows if r["arm"] == "hsbp")


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    assert place_pages.main([str(tmp_path)]) == 2
    assert "error: " in capsys.readouterr().err
