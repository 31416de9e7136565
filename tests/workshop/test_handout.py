"""What a handout holds is what the runs gave."""

import base64
import dataclasses
import json
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from parley.commands import handout as commands
from parley.errors import OptionError, ScenarioError, StoreError
from parley.place import read_place
from parley.practice_types import DIALS
from parley_analysis.load import AnalysisError
from parley_experiments.batch import run_batch
from parley_workshop import handout, handout_page
from parley_workshop.handout_grid import make_grid, read_varied
from parley_workshop.words import LANGUAGES

FAKES = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "fake_runs.py")))
SHARING = DIALS.index("sharing")
SETTINGS = {"months": 30, "population": 50, "root_seed": 7}
ARMS = ("none", "transactional", "hsbp")
REPLICATES = 5


def planted(spec):
    """A fake run that trusts more by a tenth of the level of a dial, less by a fact's."""
    run = FAKES.fake_run(spec)
    shift = 0.1 * spec.scenario.practices.nominal[SHARING]
    shift -= 0.2 * spec.scenario.place.facts.spoiler_presence
    series = run.series | {"trust_company": run.series["trust_company"] + shift}
    return dataclasses.replace(run, series=series)


def batch_of(grid, folder, run_one=planted, **about):
    design = grid.describe() | about
    return run_batch(
        grid.specs,
        folder,
        processes=1,
        run_one=run_one,
        about={"label": "handout", "question": "", "design": design},
        attached=grid.attached(),
        inputs="base",
    )


@pytest.fixture(scope="module")
def grid():
    vary = ("sharing=0:own:1", "spoiler_presence=0.25:0.75")
    return make_grid("colombia", ARMS, vary, REPLICATES, SETTINGS)


@pytest.fixture(scope="module")
def folder(grid, tmp_path_factory):
    folder = tmp_path_factory.mktemp("handout") / "runs"
    batch_of(grid, folder)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return handout.collect(folder)


def opened(page):
    """The data of a page, with its codes made numbers again as the page does it."""
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL).group(1))
    codes = np.frombuffer(base64.b64decode(data["codes"]), "<u2").reshape(data["shape"])
    names = [name for name, _ in data["series"]]
    values = np.empty(codes.shape)
    for index, name in enumerate(names):
        low, high = data["scales"][name]
        values[:, index] = low + codes[:, index] / handout.TOP * (high - low)
    values[codes == handout.NOTHING] = np.nan
    return data, values


def expected(grid, point, arm, outcome, group):
    """By hand, run by run: shape (replicates, months)."""
    specs = [spec for at, spec in grid.cells if at == point and spec.arm == arm]
    column = FAKES.GROUPS.index(group)
    return np.stack([planted(spec).series[outcome][:, column] for spec in specs])


def test_a_grid_has_every_combination_and_makes_equal_worlds_once(grid):
    assert grid.points == ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1))
    assert len(grid.cells) == 6 * len(ARMS) * REPLICATES
    # sharing is 0 of its own in two stacks, so that `0` and `own` are one world there
    assert len(grid.specs) == (6 * len(ARMS) - 2 * 2) * REPLICATES
    levels = {
        (point, spec.arm): spec.scenario.practices.nominal[SHARING] for point, spec in grid.cells
    }
    assert (levels[0, "hsbp"], levels[4, "hsbp"], levels[4, "none"]) == (0.0, 1.0, 1.0)
    assert 0.0 < levels[2, "hsbp"] < 1.0
    facts = {spec.scenario.place.facts.spoiler_presence for _, spec in grid.cells}
    assert facts == {0.25, 0.75}


def test_levels_that_are_not_given_lie_around_what_there_is():
    sharing, spoilers, weight = read_varied(
        ["sharing", "spoiler_presence", "appraisal.weight_voice"],
        "colombia",
        [spec.scenario for spec in make_grid("colombia", ARMS, (), 1, SETTINGS).specs],
    )
    assert sharing.levels == (0.0, None, 1.0)
    assert (spoilers.levels, spoilers.own[0]) == ((0.3, None, 0.9), ("none", 0.6))
    assert [sharing.kind, spoilers.kind, weight.kind] == ["dial", "fact", "parameter"]
    low, _, high = weight.levels
    assert low < weight.own[0][1] < high


def test_bands_are_those_of_the_runs_within_the_rounding(grid, found):
    page = handout_page.render(found, "en")
    data, values = opened(page)
    assert data["months"] == list(range(1, 31))
    checked = 0
    for index, (outcome, group) in enumerate(map(tuple, data["series"])):
        low, high = data["scales"][outcome]
        for point in range(len(grid.points)):
            for a, arm in enumerate(ARMS):
                runs = expected(grid, point, arm, outcome, group)
                if outcome == "days_lost":
                    runs = runs.cumsum(axis=1)
                wanted = np.quantile(runs, [0.1, 0.5, 0.9], axis=0)
                assert np.abs(values[point, index, a] - wanted).max() <= (high - low) / 131_000
                checked += 1
    assert checked == 7 * 6 * 3  # three outcomes for two groups, one for the site
    assert (values[4, 0, 0, 1] - values[0, 0, 0, 1]).min() == pytest.approx(0.1, abs=1e-4)


def test_orders_are_counted_run_by_run(grid, found):
    data, _ = opened(handout_page.render(found, "en"))
    assert data["marks"] == [12, 24, 30]
    index = data["series"].index(["trust_company", "marginalised"])
    counted = data["orders"][3][index][1]
    runs = [expected(grid, 3, arm, "trust_company", "marginalised")[:, 23] for arm in ARMS]
    by_hand = {}
    for row in np.stack(runs, axis=1):
        key = "".join(str(int((row > value).sum())) for value in row)
        by_hand[key] = by_hand.get(key, 0) + 1
    assert counted == by_hand
    assert sum(counted.values()) == REPLICATES


def test_equal_runs_share_a_rank_and_failed_ones_are_left_out():
    assert handout.ranks(np.array([0.5, 0.5 + 1e-12, 0.1])) == "001"
    assert handout.ranks(np.array([0.0, 0.0])) == "00"
    assert handout.ranks(np.array([-2.0, 3.0])) == "10"


def test_a_month_without_a_value_stays_without_one(found):
    holes = found.bands.copy()
    holes[1, 0, 2, :, 4] = np.nan
    _, values = opened(handout_page.render(dataclasses.replace(found, bands=holes), "en"))
    assert np.isnan(values).sum() == 3
    assert np.isnan(values[1, 0, 2, :, 4]).all()


def test_runs_that_failed_are_left_out_and_told(grid, tmp_path):
    first = grid.specs[0]

    def broken(spec):
        return FAKES.fake_run(
            spec, fail={("colombia", "none", first.replicate)} if spec == first else ()
        )

    batch_of(grid, tmp_path / "runs", broken)
    found = handout.collect(tmp_path / "runs")
    data, values = opened(handout_page.render(found, "en"))
    assert "1 of 70 runs failed" in data["made"]["failures"]
    assert np.isfinite(values).all()
    assert sum(data["orders"][0][0][0].values()) == REPLICATES - 1


def test_too_many_failed_runs_give_no_page(grid, tmp_path):
    broken = {("colombia", "none", replicate) for replicate in range(2)}
    batch_of(grid, tmp_path / "runs", lambda spec: FAKES.fake_run(spec, fail=broken))
    with pytest.raises(AnalysisError, match="nothing is concluded"):
        handout.collect(tmp_path / "runs")


def test_a_page_that_would_be_too_large_keeps_fewer_months_and_says_so(found):
    whole = handout_page.render(found, "en")
    size = len(whole.encode())
    data, values = opened(handout_page.render(found, "en", size - 1))
    assert (data["step"], data["months"][-1], data["months"][0]) == (2, 30, 2)
    assert values.shape[-1] == 15
    with pytest.raises(OptionError, match=r"more than 0\.02; vary fewer dials"):
        handout_page.render(found, "en", 20_000)


@pytest.mark.slow
def test_the_usual_handout_is_under_two_megabytes_with_every_month(tmp_path):
    grid = commands.grid_of(commands.HandoutOptions())
    assert (len(grid.points), len(grid.specs)) == (27, 510)

    def all_outcomes(spec):
        run = FAKES.fake_run(spec)
        return dataclasses.replace(
            run, series=dict.fromkeys(handout.OUTCOMES, run.series["inclusion"])
        )

    batch_of(grid, tmp_path / "runs", all_outcomes, place_file=handout_page.place_words("colombia"))
    found = handout.collect(tmp_path / "runs")
    page = handout_page.render(found, "en")
    assert 1_000_000 < len(page.encode()) < handout_page.LARGEST_BYTES == 2_000_000
    data, values = opened(page)
    assert (data["step"], values.shape) == (1, (27, 14, 3, 3, 120))


def test_a_story_cannot_break_out_of_the_page(grid, tmp_path):
    evil = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> \u2028 @@style@@"
    words = {"story": evil, "numbers": []}
    batch_of(grid, tmp_path / "runs", place_file=words)
    found = handout.collect(tmp_path / "runs")
    title = found.batch.results.manifest["places"]["colombia"]
    title["title"] = '<b onload="x">&'
    page = handout_page.render(found, "en")
    assert page.count("<script") == page.count("</script") == 2
    assert "<!--" not in page
    assert "<img" not in page
    assert "<title>&lt;b onload=&quot;x&quot;&gt;&amp; · Parley</title>" in page
    data, _ = opened(page)
    (part,) = data["place"]["story"]
    assert set(part.values()) == {" ".join(evil.split())}
    assert set(data["place"]["title"].values()) == {'<b onload="x">&'}


def test_the_place_and_its_numbers_are_told_in_every_language():
    file = read_place("colombia", None, "replay")
    numbers = handout_page.place_words("colombia")["numbers"]
    labels = [handout_page.in_every_language(one["label"]) for one in numbers]
    assert {
        "en": "Women: income factor",
        "es": "Mujeres: factor de ingreso",
        "bs": "Žene: faktor prihoda",
    } in labels
    # the sizes of events are listed with the names of the events, in the order of the file
    sizes = {one["label"]: one["value"] for one in numbers if one["label"].endswith(": magnitude")}
    assert len(sizes) >= 5
    own = {f"{event.label}: magnitude": f"{event.magnitude:,.10g}" for event in file.history}
    assert {label: own[label] for label in sizes} == sizes
    own_place = "Los de arriba: share"
    assert handout_page.in_every_language(own_place)["bs"] == "Los de arriba: udio"


def test_a_page_is_the_same_text_every_time(folder):
    pages = {handout_page.render(handout.collect(folder), "bs") for _ in range(2)}
    assert len(pages) == 1
    assert '<html lang="bs">' in pages.pop()


def test_texts_that_the_script_asks_for_are_there_and_none_is_left_over():
    parts = [handout_page.FOLDER / name for name in handout_page.SCRIPTS]
    assert {*parts} == {*handout_page.FOLDER.glob("*.js")}
    script = "".join(part.read_text("utf-8") for part in parts)
    template = (handout_page.FOLDER / "handout.html").read_text("utf-8")
    asked = set(re.findall(r'say\("([a-z_]+)"', script))
    asked |= set(re.findall(r'data-(?:text|label)="([a-z_]+)"', template))
    built = ("group_", "better_", "column_", "grade_")
    texts = set(handout_page.describe_texts("en"))
    assert sorted(key for key in asked if key not in texts and key not in built) == []
    unused = {key for key in texts - asked if not key.startswith(built)}
    assert unused == {"noscript"}


def test_stacks_and_sliders_have_names_in_every_language(found):
    about = handout_page.describe(found)
    for labels in (about["arms"][0]["label"], about["varied"][0]["label"]):
        assert len({labels[code] for code in LANGUAGES}) == 3


def test_a_variant_of_a_stack_has_its_name_of_the_catalogue(found):
    english = "Partnership paid by the company"
    forms = ("handout.arm.{}", "short.{}", "preset.{}")
    labels = handout_page._labels("hsbp_paid_by_company", english, *forms)
    assert labels["bs"] == "Partnerstvo koje plaća kompanija"
    assert {arm["label"]["es"] for arm in handout_page.describe(found)["arms"]} >= {"HSBP"}


def test_a_comparison_gives_a_page_without_sliders(tmp_path):
    specs = FAKES.specs(replicates=2)
    run_batch(specs, tmp_path / "runs", processes=1, run_one=FAKES.fake_run)
    found = handout.collect(tmp_path / "runs", place="hills", arms=["hsbp", "none"])
    data, _ = opened(handout_page.render(found, "en"))
    assert (data["varied"], data["points"], data["numbers"]) == ([], [[]], [])
    assert [arm["key"] for arm in data["arms"]] == ["hsbp", "none"]
    with pytest.raises(
        OptionError, match="holds several places; name one; there are: coast, hills"
    ):
        handout.collect(tmp_path / "runs")
    with pytest.raises(OptionError, match=r"no arm .hspb.*did you mean .hsbp"):
        handout.collect(tmp_path / "runs", place="coast", arms=["hspb"])
    with pytest.raises(OptionError, match="no outcome with months 'npv'"):
        handout.collect(tmp_path / "runs", place="coast", outcomes=["npv"])


def test_a_full_disk_leaves_the_old_page_and_says_what_to_do(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    assert handout_page.write("old é", path) == 6

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OptionError, match=r"No space left on device\); the runs are kept"):
        handout_page.write("new", path)
    assert path.read_bytes() == "old é".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(StoreError):
        handout.collect(tmp_path)


@pytest.mark.parametrize(
    ("vary", "said"),
    [
        (["shring"], "did you mean 'sharing'"),
        (["sharing=0:2"], "out of range"),
        (["sharing=1:0"], "does not rise"),
        (["sharing=a:1"], "is not a number"),
        (["sharing=0"], "2 to 5 levels, `own` at most once"),
        (["sharing", "sharing=0:1"], "is varied twice"),
        (["sharing", "mapping", "inclusive", "digital"], "at most 3"),
        (["villages"], "is nothing that can be varied"),
        (["sharing=nan:1"], "--vary: sharing"),
    ],
)
def test_what_cannot_be_varied_is_refused_with_what_can(vary, said):
    with pytest.raises(ScenarioError, match=re.escape(said)):
        make_grid("colombia", ARMS, vary, 1, SETTINGS)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(ScenarioError) as caught:
        make_grid("colmbia", ["hsbp"], ["nothing"], 1, SETTINGS)
    told = str(caught.value)
    assert "did you mean 'colombia'" in told
    assert "nothing" in told
    with pytest.raises(ScenarioError, match="2 to 4 stacks"):
        make_grid("colombia", ["hsbp"], (), 1, SETTINGS)
