"""From a sweep to the page, and `parley discover` from its options to its exit."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from typer import Typer
from typer.testing import CliRunner

from parley.commands import discover as command
from parley_analysis.discovery_figures import tradeoff_figure
from parley_analysis.discovery_page import PAGE, explore, write_discovery
from parley_analysis.discovery_question import Question, answer, independent_points
from parley_analysis.discovery_results import HOLDS, Counts, Plan
from parley_analysis.discovery_words import MARK, NEAR
from parley_analysis.load import AnalysisError

FACTORS = ["trust.asymmetry_max", "budget.cost_share", "price.reversion_per_year"]
QUICK = Plan(shuffles=19, resamples=1, boxes=1)


class StandIn:
    """A sweep in memory: hsbp loses trust where asymmetry is high and cost is low."""

    def __init__(self, n=240, method="latin_hypercube", keep="levels", places=("colombia",)):
        luck = np.random.default_rng(11)
        self.points = pd.DataFrame(luck.random((n, 3)), columns=FACTORS)
        self.points["luck"] = (np.arange(n) % 7).astype(float)
        self.points["dummy"] = luck.random(n)
        kinds = ["parameter"] * 3 + ["luck", "dummy"]
        self.factors = pd.DataFrame(
            {"unit": "ratio", "kind": kinds, "low": 0.0, "high": 1.0, "null": np.nan},
            index=list(self.points),
        )
        self.factors.loc[FACTORS[0], "null"] = 0.0
        self.design = {
            "method": method,
            "settings": {"n": n // 8, "trajectories": n // 4},
            "horizons": [12, 60, 120],
            "keep": keep,
        }
        self.places = places
        bad = (self.points[FACTORS[0]] > 0.6) & (self.points[FACTORS[1]] < 0.6)
        drop = np.where(luck.random(n) < np.where(bad, 0.95, 0.05), -0.2, 0.1)
        level = 0.5 + 0.1 * luck.random(n)
        self.levels = pd.DataFrame({"transactional": level, "hsbp": level + drop})
        self.levels.loc[[3, 4], "hsbp"] = np.nan
        self.levels.index.name = "point"

    def answers(self, outcome, place, group="all", horizon=None):
        assert (outcome, place, group) == ("trust_company", "colombia", "all")
        table = 0.4 + (self.levels - 0.4) * (horizon or 120) / 120
        return table.rename_axis(columns="arm")

    def paths(self, outcome, place, group="all"):
        pieces = []
        for month in (0, 60, 119):
            tidy = self.answers(outcome, place, group, month + 1).stack().rename("value")
            pieces.append(tidy.reset_index().assign(month=month))
        return pd.concat(pieces)


QUESTION = Question("trust_company", against="transactional", horizon=120)


@pytest.fixture(scope="module")
def report():
    return explore(StandIn(), QUESTION, QUICK)


def test_what_is_planted_in_a_sweep_is_reported(report):
    box = report.found.boxes[0]
    assert {limit.factor for limit in box.limits} == set(FACTORS[:2])
    assert box.verdict == HOLDS
    assert report.answers.cases.left_out == 2
    assert report.found.factors == tuple(FACTORS)
    assert set(report.metrics["arm"]) == {"hsbp", "transactional"}
    assert set(report.paths["month"]) == {12, 60, 120}


def test_the_page_its_tables_and_its_pictures(report, tmp_path):
    files = write_discovery(report, tmp_path / "new", "parley discover x")
    assert files[0] == tmp_path / "new" / PAGE
    assert all(path.stat().st_size > 0 for path in files)
    assert len(files) == len(set(files))
    page = files[0].read_text(encoding="utf-8")
    for picture in ("box-1-tradeoff", "box-1-limits", "box-1-scatter", "box-1-paths", "robustness"):
        assert f"({picture}.png)" in page
        assert files[0].with_name(f"{picture}.png") in files
    assert "2 worlds have no value" in page
    assert "method latin hypercube" in page
    assert f"120 months) {MARK}\n" in page  # trust in the company stands next to a practice
    assert NEAR in page
    assert "held out" in page
    assert "It holds outside the points it was found on." in page
    assert page.rstrip().endswith("parley discover x\n```")
    box = report.found.boxes[0]
    row = pd.read_csv(files[0].with_name("boxes.csv")).iloc[0]
    assert row["held_inside"] == box.held.inside
    assert row["held_density"] == pytest.approx(box.held.density)
    limits = pd.read_csv(files[0].with_name("limits.csv")).set_index("factor")
    assert limits.loc[FACTORS[0], "low"] == pytest.approx(box.limits[0].low)


def test_a_box_of_nothing_but_cases_can_be_drawn(report):
    box = report.found.boxes[0]
    full = Counts(points=50, cases=12, inside=12, hits=12)  # both intervals end at 1
    figure = tradeoff_figure(replace(box, held=full), "cases")
    words = [text.get_text() for text in figure.axes[0].texts]
    assert "held out 1.00 [0.76, 1.00]" in words


def test_nothing_to_find_makes_a_page_that_says_so(tmp_path):
    sweep = StandIn()
    luck = np.random.default_rng(2)
    sweep.levels["hsbp"] = sweep.levels["transactional"] + luck.normal(0.0, 0.1, len(sweep.points))
    written = write_discovery(explore(sweep, QUESTION, QUICK), tmp_path)
    page = written[0].read_text(encoding="utf-8")
    assert "It holds outside" not in page
    assert "No region found" in page or "Do not rely on it" in page


def test_kept_paths_are_read_month_by_month():
    found = explore(StandIn(keep="paths"), QUESTION, QUICK)
    assert set(found.paths["month"]) == {0, 60, 119}


@pytest.mark.parametrize(("keep", "unit"), [("paths", "days per month"), ("levels", "days")])
def test_a_sum_over_months_is_drawn_month_by_month_in_the_unit_of_a_month(keep, unit, monkeypatch):
    answers = StandIn.answers
    monkeypatch.setattr(
        StandIn, "answers", lambda self, _, *rest: answers(self, "trust_company", *rest)
    )
    found = explore(StandIn(keep=keep), replace(QUESTION, outcome="days_lost"), QUICK)
    assert found.path_unit == unit


@pytest.mark.parametrize(
    ("method", "size", "kept"),
    [
        ("latin_hypercube", 16, list(range(16))),
        ("sobol", 16, [0, 7, 8, 15]),
        ("morris", 16, [0, 4, 8, 12]),
    ],
)
def test_points_that_share_values_are_not_used(method, size, kept):
    design = {"method": method, "settings": {"n": 2, "trajectories": 4}}
    assert independent_points(design, pd.DataFrame(index=range(size))) == kept


def test_the_points_kept_of_a_sobol_sample_share_no_value():
    sobol = pytest.importorskip("SALib.sample.sobol")
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    for second in (True, False):
        x = sobol.sample(problem, 8, calc_second_order=second, seed=1)
        design = {"method": "sobol", "settings": {"n": 8}}
        kept = independent_points(design, pd.DataFrame(x))
        assert len(kept) == 16
        assert all(len(set(column)) == 16 for column in x[kept].T)
        assert any(len(set(column)) < len(column) for column in x.T)  # the others do


@pytest.mark.parametrize(
    ("sweep", "question", "words"),
    [
        ({}, Question("trust_company"), "in one way"),
        ({}, Question("trust_company", against="transactional", worst=0.1), "in one way"),
        ({}, Question("trust_company", worst=0.1, margin=0.1), "--margin belongs to --against"),
        ({}, Question("trust_company", worst=0.1, place="columbia"), "did you mean 'colombia'"),
        ({"places": ("colombia", "peru")}, Question("trust_company", worst=0.1), "several places"),
        ({}, Question("trust_company", against="transactionl"), "did you mean 'transactional'"),
        ({"method": "one_at_a_time"}, Question("trust_company", worst=0.1), "latin_hypercube"),
        ({"method": "sobol", "n": 244}, Question("trust_company", worst=0.1), "no 30 blocks"),
    ],
)
def test_bad_questions(sweep, question, words):
    with pytest.raises(AnalysisError, match=words):
        answer(StandIn(**sweep), question)


@pytest.fixture
def run(monkeypatch):
    """The command as `parley` would call it, on the sweep in memory."""
    module = ModuleType("parley_analysis.sweep_data")
    module.open_sweep = lambda folder: StandIn()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    app = Typer()
    app.callback()(lambda: None)
    command.register(app)
    common = ["--outcome", "trust_company", "--shuffles", "19", "--boxes", "1"]
    return lambda *words: CliRunner().invoke(app, ["discover", *words, *common])


def test_the_command_says_the_sentence_and_where_the_page_is(run, tmp_path):
    done = run(str(tmp_path), "--against", "transactional")
    assert done.exit_code == 0, done.output
    said = " ".join(done.output.split())
    assert "worlds: hsbp leaves trust in the company lower than transactional" in said
    assert "of 100 of the worlds in which `trust.asymmetry_max` is at least 0." in said
    assert (tmp_path / "discovery" / "trust_company-against-transactional" / PAGE).exists()


def test_the_command_writes_json_that_any_program_reads(run, tmp_path):
    done = run(str(tmp_path), "--worst", "0.2", "--out", str(tmp_path / "o"), "--json")
    assert done.exit_code == 0, done.output

    def refuse(word):
        raise ValueError(word)

    found = json.loads(done.output, parse_constant=refuse)
    assert found["left_out"] == 2
    assert found["boxes"][0]["limits"][0]["factor"] in FACTORS
    assert found["boxes"][0]["limits"][0]["high"] is None
    assert 0.0 <= found["boxes"][0]["held_density"] <= 1.0
    assert str(tmp_path / "o" / PAGE) in found["files"]


def test_bad_input_is_a_parley_error(run, tmp_path):
    done = run(str(tmp_path))
    assert isinstance(done.exception, AnalysisError)


def test_the_lines_of_the_page_on_thresholds_run(run, capsys, monkeypatch):
    page = Path(__file__).parents[2] / "docs" / "how-to" / "discovery.md"
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    levels = pd.DataFrame({"hsbp": [0.5, 0.3], "none": [0.1, 0.1]})
    stand_in = SimpleNamespace(
        answers=lambda name, place: levels if name == "trust_company" else 30.0 * levels
    )
    monkeypatch.setattr(sys.modules["parley_analysis.sweep_data"], "open_sweep", lambda _: stand_in)
    names = {}
    exec(compile(code, str(page), "exec"), names)
    table = names["satisficing"](
        names["outcomes"], {"trust_company": 0.4, "days_lost": 20.0}
    ).set_index(["outcome", "arm"])["value"]
    assert table["all", "hsbp"] == 0.5
    assert table["all", "none"] == 0.0
    assert "days_lost" in capsys.readouterr().out
