"""Answers checked by hand on three replicates of two arms."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from parley.store import Store
from parley_analysis import summarise
from parley_analysis.load import AnalysisError, failure_statement, load, require_enough_runs

T_2 = 4.302652729911275  # 97.5% point of Student's t with 2 degrees of freedom (tables: 4.303)
GROUPS = ("all", "near", "far")
NAMES = ("trust_company", "grievance_at_company", "inclusion", "days_lost", "diverted_share")


@pytest.fixture
def build(fakes, tmp_path):
    """A results folder with given series: (arm, replicate) -> outcome -> (months, groups)."""

    def make(cells, finals=None, fail=(), months=2):
        runs = []
        specs = [
            spec
            for spec in fakes.specs(("coast",), replicates=20, months=months)
            if (spec.arm, spec.replicate) in {*cells, *fail}
        ]
        empty = np.full((months, len(GROUPS)), np.nan)
        for spec in specs:
            key = (spec.arm, spec.replicate)
            if key in fail:
                runs.append(fakes.fake_run(spec, fail={("coast", *key)}))
                continue
            series = dict.fromkeys(NAMES, empty)
            series |= {name: np.asarray(values, float) for name, values in cells[key].items()}
            runs.append(
                dataclasses.replace(
                    fakes.fake_run(spec),
                    groups=GROUPS,
                    series=series,
                    finals={"npv": (finals or {}).get(key, 0.0)},
                )
            )
        with Store.create(tmp_path / "b", fakes.manifest(specs)) as store:
            store.append(runs)
            store.finish()
        return load(tmp_path / "b")

    return make


def end(all_, near, far):
    """Two months of which only the second should count for an outcome read at the end."""
    return [[9.0, 9.0, 9.0], [all_, near, far]]


@pytest.fixture
def trust(build):
    """Differences hsbp - none: all +.1 +.2 +.3; near +.4 +.4 +.4; far -.1 -.2 -.3."""
    base = {0: (0.5, 0.6, 0.4), 1: (0.4, 0.5, 0.3), 2: (0.6, 0.5, 0.7)}
    cells = {}
    for r, (a, n, f) in base.items():
        step = 0.1 * (r + 1)
        cells["none", r] = {"trust_company": end(a, n, f)}
        cells["hsbp", r] = {"trust_company": end(a + step, n + 0.4, f - step)}
    return build(cells)


def row(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_paired_difference_by_hand(trust):
    table = summarise.paired_differences(trust, "trust_company", "none")
    found = row(table, group="all", arm="hsbp")
    assert found["n"] == 3
    assert found["difference"] == pytest.approx(0.2, abs=1e-12)
    assert found["sd_paired"] == pytest.approx(0.1, abs=1e-12)
    half = T_2 * 0.1 / np.sqrt(3.0)  # 0.2484
    assert found["low"] == pytest.approx(0.2 - half, abs=1e-9)
    assert found["high"] == pytest.approx(0.2 + half, abs=1e-9)
    assert found["verdict"] == "unclear"
    assert found["level"] == pytest.approx((0.6 + 0.6 + 0.9) / 3)
    assert found["level_against"] == pytest.approx(0.5)
    # unpaired: variances of (.6, .6, .9) = .03 and of (.5, .4, .6) = .01
    assert found["sd_unpaired"] == pytest.approx(0.2, abs=1e-12)


def test_a_constant_difference_has_an_interval_of_no_width(trust):
    table = summarise.paired_differences(trust, "trust_company", "none")
    found = row(table, group="near")
    assert found["low"] == pytest.approx(0.4, abs=1e-12)
    assert found["high"] == pytest.approx(0.4, abs=1e-12)
    assert found["worth"] == 0.01
    assert found["verdict"] == "unclear"  # three pairs that happen to agree are no verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [(0.4, "better"), (-0.4, "worse"), (0.007, "too_small"), (0.012, "unclear")],
)
def test_verdicts_of_ten_pairs(build, change, verdict):
    """Differences of mean `change` and SD 0.0032: the interval is 0.0023 wide on either side."""
    cells = {}
    for r in range(10):
        more = 0.5 + change + 0.003 * (-1) ** r
        cells["none", r] = {"trust_company": end(0.5, 0.5, 0.5)}
        cells["hsbp", r] = {"trust_company": end(more, more, more)}
    found = row(summarise.paired_differences(build(cells), "trust_company", "none"), group="near")
    assert found["high"] - found["difference"] == pytest.approx(
        2.262157 * 0.0031623 / 10**0.5, rel=1e-4
    )
    assert found["verdict"] == verdict


def test_the_smallest_difference_of_a_sum_grows_with_the_months(build):
    cells = {}
    for r in range(10):
        days = np.full((24, 3), np.nan)
        days[:, 0] = 1.0 + r
        cells["none", r] = {"days_lost": days}
        cells["hsbp", r] = {"days_lost": days - 0.09}  # 1.08 a year, 2.16 in all
    batch = build(cells, months=24)
    found = row(summarise.paired_differences(batch, "days_lost", "none"), group="all")
    assert batch.outcome("days_lost").unit == "days"
    assert found["worth"] == 0.0  # no smallest difference is stated for results in that unit
    info = dataclasses.replace(batch.outcome("days_lost"), unit="days per month")
    now = dataclasses.replace(batch, outcomes={**batch.outcomes, "days_lost": info})
    found = row(summarise.paired_differences(now, "days_lost", "none"), group="all")
    assert (found["worth"], found["verdict"]) == (2.0, "better")
    found = row(summarise.paired_differences(now, "days_lost", "none", 12), group="all")
    assert (found["worth"], found["verdict"]) == (1.0, "better")
    other = dataclasses.replace(now, worth={"days_lost": 1.1})
    found = row(summarise.paired_differences(other, "days_lost", "none"), group="all")
    assert (found["worth"], found["verdict"]) == (2.2, "too_small")


def test_the_interval_agrees_with_scipys_paired_test(trust):
    values = summarise.levels(trust, "trust_company").query("group == 'far'")
    wide = values.pivot_table(index="replicate", columns="arm", values="value")
    expected = stats.ttest_rel(wide["hsbp"], wide["none"]).confidence_interval(0.95)
    found = row(summarise.paired_differences(trust, "trust_company", "none"), group="far")
    assert (found["low"], found["high"]) == pytest.approx((expected.low, expected.high))


def test_the_worst_group_is_found_run_by_run(trust):
    """Worst under none: .4 .3 .5; under hsbp: far .3 .1 .4 -> differences -.1 -.2 -.1."""
    found = row(summarise.paired_differences(trust, "trust_company", "none"), group="worst")
    assert found["level_against"] == pytest.approx(0.4)
    assert found["level"] == pytest.approx(0.8 / 3)
    assert found["difference"] == pytest.approx(-0.4 / 3)


def test_spread_is_the_distance_between_groups(trust):
    """None: .2 .2 .2; hsbp: near - far = 1.0-.3, .9-.1, .9-.4 = .7 .8 .5."""
    found = row(summarise.paired_differences(trust, "trust_company", "none"), group="spread")
    assert found["level_against"] == pytest.approx(0.2)
    assert found["level"] == pytest.approx(2.0 / 3)


def test_worst_turns_round_when_lower_is_better(build):
    cells = {("none", r): {"grievance_at_company": end(0.5, 0.2, 0.8)} for r in range(6)}
    cells |= {("hsbp", r): {"grievance_at_company": end(0.4, 0.1, 0.9)} for r in range(6)}
    table = summarise.paired_differences(build(cells), "grievance_at_company", "none")
    assert row(table, group="worst")["level"] == pytest.approx(0.9)
    assert row(table, group="worst")["verdict"] == "worse"
    assert row(table, group="all")["verdict"] == "better"


def test_losers_are_named(trust, build):
    cells = {("none", r): {"trust_company": end(0.5, 0.5, 0.5)} for r in range(3)}
    cells |= {("hsbp", r): {"trust_company": end(0.6, 0.7, 0.4)} for r in range(3)}
    found = summarise.losers(trust, ["trust_company"], "none")
    assert list(found["group"]) == []  # the interval of far holds 0
    assert "verdict" in found


def test_losers_outside_chance(build):
    cells = {("none", r): {"trust_company": end(0.5, 0.5, 0.5)} for r in range(6)}
    cells |= {("hsbp", r): {"trust_company": end(0.6, 0.7, 0.4 + r / 1000)} for r in range(6)}
    found = summarise.losers(build(cells), ["trust_company"], "none")
    assert [(r.outcome, r.arm, r.group) for r in found.itertuples()] == [
        ("trust_company", "hsbp", "far")
    ]


def test_months_are_aggregated_as_the_outcome_says(build):
    nothing = [np.nan, np.nan]
    cells = {
        (arm, 0): {
            "trust_company": [[0.1] * 3, [0.2] * 3, [0.4] * 3],
            "inclusion": [[0.1] * 3, [0.2] * 3, [0.6] * 3],
            "days_lost": [[1.0, *nothing], [2.0, *nothing], [4.0, *nothing]],
        }
        for arm in ("none", "hsbp")
    }
    batch = build(cells, finals={("none", 0): 3.0, ("hsbp", 0): 5.0}, months=3)

    def level(outcome, horizon=None):
        table = summarise.levels(batch, outcome, horizon)
        return row(table[table["arm"] == "none"], group="all")["value"]

    assert level("trust_company") == 0.4
    assert level("trust_company", 2) == 0.2
    assert level("inclusion") == pytest.approx(0.3)
    assert level("inclusion", 2) == pytest.approx(0.15)
    assert level("days_lost") == 7.0
    assert level("days_lost", 2) == 3.0
    assert level("npv") == 3.0
    difference = summarise.paired_differences(batch, "npv", "none").iloc[0]
    assert (difference["difference"], difference["n"]) == (2.0, 1)
    assert np.isnan(difference["low"])
    assert difference["verdict"] == "unclear"
    with pytest.raises(AnalysisError, match="known only at the end"):
        summarise.levels(batch, "npv", 2)
    for horizon in (0, 4):
        with pytest.raises(AnalysisError, match="allowed are 1 to 3 months"):
            summarise.levels(batch, "days_lost", horizon)


def test_bands_cumulate_what_is_summed(build):
    days = {0: (1.0, 2.0), 1: (3.0, 4.0)}
    nothing = [np.nan, np.nan]
    cells = {
        ("none", r): {"days_lost": [[a, *nothing], [b, *nothing]]} for r, (a, b) in days.items()
    }
    table = summarise.bands(build(cells), "days_lost")
    assert list(table["mean"]) == [2.0, 5.0]
    # second month: 3 and 7, sd sqrt(8), n = 2, t(1) = 12.706
    half = 12.706204736432095 * np.sqrt(8.0) / np.sqrt(2.0)
    assert table["high"].iloc[1] - table["mean"].iloc[1] == pytest.approx(half)
    assert list(table["n"]) == [2, 2]
    assert str(table["date"].iloc[1])[:10] == "2012-12-01"


def test_bands_of_the_worst_group(trust):
    table = summarise.bands(trust, "trust_company", "worst")
    assert list(row_means(table, "none")) == pytest.approx([9.0, 0.4])
    with pytest.raises(AnalysisError, match="no path"):
        summarise.bands(trust, "npv")


def row_means(table, arm):
    return table.loc[table["arm"] == arm, "mean"]


def test_win_shares_count_ties_apart(build):
    trust = {0: 0.6, 1: 0.5, 2: 0.4, 3: 0.7}
    cells = {("none", r): {"trust_company": end(0.5, 0.5, 0.5)} for r in trust}
    cells |= {("hsbp", r): {"trust_company": end(a, 0.5, 0.9)} for r, a in trust.items()}
    table = summarise.win_shares(build(cells), ["trust_company", "diverted_share"], "hsbp")
    found = row(table, group="all")
    assert (found["arm"], found["n"], found["wins"], found["ties"]) == ("none", 4, 0.5, 0.25)
    assert row(table, group="worst")["ties"] == 1.0
    assert set(table["outcome"]) == {"trust_company"}  # neither direction of the other is better


def test_neutral_outcomes_get_no_verdict(build):
    cells = {
        (arm, r): {"diverted_share": [[x, np.nan, np.nan]] * 2}
        for arm, x in (("none", 0.1), ("hsbp", 0.3))
        for r in range(3)
    }
    table = summarise.paired_differences(build(cells), "diverted_share", "none")
    assert list(table["verdict"]) == ["neutral"]
    assert list(table["group"]) == ["all"]


def test_a_failed_run_drops_its_pair_only(build):
    cells = {("none", r): {"trust_company": end(0.5, 0.5, 0.5)} for r in range(20)}
    cells |= {("hsbp", r): {"trust_company": end(0.6, 0.6, 0.6)} for r in range(19)}
    batch = build(cells, fail={("hsbp", 19)})
    table = summarise.paired_differences(batch, "trust_company", "none")
    assert set(table["n"]) == {19}
    assert failure_statement(batch) == (
        "1 of 40 runs failed and are left out (coast/hsbp: 1; most often ValueError in month 7, "
        "step harm: something broke)."
    )


def test_too_many_failures_are_refused(build):
    cells = {("none", r): {"trust_company": end(0.5, 0.5, 0.5)} for r in range(20)}
    cells |= {("hsbp", r): {"trust_company": end(0.6, 0.6, 0.6)} for r in range(17)}
    batch = build(cells, fail={("hsbp", r) for r in (17, 18, 19)})
    with pytest.raises(AnalysisError, match="15% of coast/hsbp failed, more than 10%"):
        summarise.paired_differences(batch, "trust_company", "none")
    require_enough_runs(batch, 0.2)


def test_nothing_finished_is_refused(build):
    batch = build({}, fail={("hsbp", 0), ("none", 0)})
    with pytest.raises(AnalysisError, match="no run finished"):
        require_enough_runs(batch)


@pytest.mark.parametrize(
    ("outcome", "against", "message"),
    [
        ("trust_compny", "none", "no outcome 'trust_compny'.*did you mean 'trust_company'"),
        ("trust_company", "nune", "no arm 'nune'.*did you mean 'none'"),
        ("trust_company", "xyz", "no arm 'xyz'.*there are: none, hsbp"),
    ],
)
def test_unknown_names_get_a_suggestion(trust, outcome, against, message):
    with pytest.raises(AnalysisError, match=message):
        summarise.paired_differences(trust, outcome, against)


def test_half_width_of_one_value_is_unknown():
    assert np.isnan(summarise.half_width(np.array([1.0]), np.array([1]))).all()
