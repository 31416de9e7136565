"""Shards, limits of failures, failed runs made again, manifests of large designs, progress."""

import functools
import json
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import RunError, StoreError
from parley.store import merge_results, open_results
from parley.store.files import COMPARED_TABLES, digest
from parley_experiments import thin
from parley_experiments.batch import retry_failures, run_batch
from parley_experiments.failures import TooManyFailuresError, allowed_failures
from parley_experiments.manifest import spec_key
from parley_experiments.pace import Pace, duration
from parley_experiments.shards import Shard, read_shard

FAILED = {("coast", "none", 0), ("hills", "hsbp", 2), ("hills", "none", 1)}


def digests(folder):
    return {name: digest(folder / f"{name}.parquet") for name in COMPARED_TABLES}


@pytest.fixture(scope="module")
def straight(fakes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards") / "straight"
    run_batch(fakes.specs(), folder, processes=1, run_one=fakes.fake_run)
    return digests(folder)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2)])
def test_shards_in_one_folder_make_the_same_tables(fakes, straight, tmp_path, order):
    reports = [
        run_batch(
            fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run, shard=f"{i}/3"
        )
        for i in order
    ]
    assert [r.planned for r in reports] == [6, 6, 6]
    assert [r.resumed for r in reports] == [0, 0, 0]
    assert [r.complete for r in reports] == [False, False, True]
    assert digests(tmp_path / "b") == straight


def test_shards_in_folders_of_their_own_are_merged(fakes, straight, tmp_path):
    for i in (2, 1):
        folder = tmp_path / str(i)
        run_batch(fakes.specs(), folder, processes=1, run_one=fakes.fake_run, shard=f"{i}/2")
        with pytest.raises(StoreError, match="incomplete: 9 of 18"):
            open_results(folder)
    assert merge_results([tmp_path / "1", tmp_path / "2"], tmp_path / "b").complete
    assert digests(tmp_path / "b") == straight


def test_a_shard_is_resumed_and_the_whole_batch_takes_up_what_shards_made(
    fakes, straight, tmp_path
):
    run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run, shard="1/3")
    again = run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=never, shard="1/3")
    assert (again.planned, again.resumed, again.complete) == (6, 6, False)
    whole = run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert (whole.planned, whole.resumed, whole.complete) == (18, 6, True)
    assert digests(tmp_path / "b") == straight


def never(spec):
    raise AssertionError("made again")


@given(count=st.integers(1, 30), data=st.data())
def test_shards_share_a_batch_out_evenly_and_whatever_its_order(fakes, count, data):
    keys = [spec_key(spec) for spec in fakes.specs()]
    shuffled = data.draw(st.permutations(keys))
    shares = [Shard(i, count).select(shuffled) for i in range(1, count + 1)]
    assert shares == [Shard(i, count).select(keys) for i in range(1, count + 1)]
    assert sorted(key for share in shares for key in share) == sorted(keys)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_more_shards_than_runs(fakes, tmp_path):
    specs = fakes.specs(places=("coast",), arms=("none",), replicates=2)
    reports = [
        run_batch(specs, tmp_path / "b", processes=1, run_one=fakes.fake_run, shard=f"{i}/3")
        for i in (1, 2, 3)
    ]
    assert [(r.planned, r.complete) for r in reports] == [(1, False), (1, True), (0, True)]


@pytest.mark.parametrize(
    ("shard", "message"),
    [
        ("4/3", "shard = 4/3: the first number must be from 1 to the second, here 1 to 3"),
        ("0/2", "shard = 0/2: the first number must be from 1"),
        ("1/0", "shard = 1/0: .*must be at least 1"),
        ("x", "shard = 'x': expected i/n, such as 2/3 for the second of three"),
        ("-1/3", "expected i/n"),
        ("1/2/3", "expected i/n"),
        (Shard(5, 2), "shard = 5/2"),
    ],
)
def test_bad_shards_write_nothing(fakes, tmp_path, shard, message):
    with pytest.raises(RunError, match=message):
        run_batch(fakes.specs(), tmp_path / "b", run_one=fakes.fake_run, shard=shard)
    assert list(tmp_path.iterdir()) == []


def test_shards_are_read_as_written():
    assert read_shard("2/3") == Shard(2, 3)
    assert read_shard(" 2 / 3 ") == Shard(2, 3)
    assert read_shard(None) == Shard(1, 1)
    assert Shard(2, 3).name == "2of3"


@pytest.mark.parametrize(("most", "made"), [(0, 1), (1, 3), (0.06, 3)])
def test_a_batch_stops_when_too_many_runs_fail(fakes, straight, tmp_path, most, made):
    """Orders come by place, arm and replicate, so the 1st, 3rd and 17th fail."""
    run_one = functools.partial(fakes.fake_run, fail={("coast", "none", 0), ("coast", "none", 2)})
    with pytest.raises(TooManyFailuresError, match=r"--retry-failed.*--max-failures") as caught:
        run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=run_one, max_failures=most)
    assert caught.value.left == 18 - made
    assert len(open_results(tmp_path / "b", partial=True).runs()) == made
    with pytest.raises(TooManyFailuresError):
        run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=never, max_failures=most)
    report = run_batch(
        fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run, max_failures=most,
        retry_failed=True,
    )  # fmt: skip
    assert (report.failed, report.complete) == (0, True)
    assert digests(tmp_path / "b") == straight


def test_a_limit_that_is_not_passed_changes_nothing(fakes, tmp_path):
    run_one = functools.partial(fakes.fake_run, fail=FAILED)
    report = run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=run_one, max_failures=3)
    assert (report.failed, report.complete) == (3, True)


def test_runs_under_way_are_kept_when_a_batch_stops(fakes, tmp_path):
    run_one = functools.partial(fakes.fake_run, fail=FAILED, pause=0.05)
    specs = fakes.specs(replicates=30)
    with pytest.raises(TooManyFailuresError) as caught:
        run_batch(specs, tmp_path / "b", processes=2, run_one=run_one, max_failures=0)
    runs = open_results(tmp_path / "b", partial=True).runs()
    assert 1 <= len(runs) < 120
    assert len(runs) == 180 - caught.value.left
    assert (runs["status"] == "failed").sum() >= 1


@pytest.mark.parametrize("most", [-1, 2.5, -0.1, math.inf, math.nan])
def test_limits_that_mean_nothing_are_refused(most):
    with pytest.raises((RunError, OverflowError), match="max_failures"):
        allowed_failures(most, 100)


def test_failed_runs_alone_are_made_again_with_the_same_seeds(fakes, straight, tmp_path):
    run_one = functools.partial(fakes.fake_run, fail=FAILED)
    run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=run_one)
    made = []

    def counted(spec):
        made.append((spec.place, spec.arm, spec.replicate, spec.root_seed))
        return fakes.fake_run(spec)

    report = retry_failures(fakes.specs(), tmp_path / "b", processes=1, run_one=counted)
    assert sorted(made) == sorted((*key, 5) for key in FAILED)
    assert (report.planned, report.resumed, report.failed) == (18, 15, 0)
    assert digests(tmp_path / "b") == straight
    assert not (tmp_path / "b" / "failures").exists()
    before = (tmp_path / "b" / "manifest.json").read_bytes()
    again = retry_failures(fakes.specs(), tmp_path / "b", processes=1, run_one=never)
    assert (again.resumed, again.complete) == (18, True)
    assert (tmp_path / "b" / "manifest.json").read_bytes() == before  # there was nothing to do


def test_retrying_an_unfinished_folder_leaves_missing_runs_missing(fakes, straight, tmp_path):
    run_one = functools.partial(fakes.fake_run, fail=FAILED)
    run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=run_one, shard="1/2")
    failed = open_results(tmp_path / "b", partial=True).runs()["status"].eq("failed").sum()
    assert failed >= 1
    report = retry_failures(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert not report.complete
    assert (report.planned, report.resumed) == (18, 9 - failed)
    runs = open_results(tmp_path / "b", partial=True).runs()
    assert len(runs) == 9
    assert set(runs["status"]) == {"ok"}
    run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert digests(tmp_path / "b") == straight


def test_a_run_that_fails_again_stays_one_row(fakes, tmp_path):
    run_one = functools.partial(fakes.fake_run, fail=FAILED)
    run_batch(fakes.specs(), tmp_path / "b", processes=1, run_one=run_one)
    report = retry_failures(fakes.specs(), tmp_path / "b", processes=1, run_one=run_one)
    assert (report.failed, report.complete) == (3, True)
    runs = open_results(tmp_path / "b").runs()
    assert len(runs) == 18
    assert (runs["status"] == "failed").sum() == 3
    assert len(list((tmp_path / "b" / "failures").iterdir())) == 3


def test_the_manifest_of_a_large_design_stays_small(fakes, tmp_path):
    specs = fakes.specs(places=("coast",), arms=("none", "hsbp"), replicates=1, months=24)
    specs += fakes.specs(places=("coast",), arms=("none", "hsbp"), replicates=1, months=12)
    manifests = {}
    for inputs in ("all", "base"):
        run_batch(
            specs, tmp_path / inputs, processes=1, run_one=fakes.fake_run, inputs=inputs,
            attached={"points": pa.table({"point": [0, 1]})}, about={"design": {"kind": "sweep"}},
        )  # fmt: skip
        manifests[inputs] = json.loads((tmp_path / inputs / "manifest.json").read_text())
    assert len(manifests["all"]["scenarios"]) == 4
    assert [row["arm"] for row in manifests["base"]["scenarios"]] == ["none", "hsbp"]
    assert [row["months"] for row in manifests["base"]["scenarios"]] == [24, 24]
    assert manifests["base"]["months"] == [12, 24]
    assert manifests["base"]["inputs_kept"] == "base"
    assert manifests["base"]["batch"] == manifests["all"]["batch"]
    assert digests(tmp_path / "base") == digests(tmp_path / "all")
    results = open_results(tmp_path / "base")
    assert results.attached("points")["point"].tolist() == [0, 1]
    assert results.manifest["design"] == {"kind": "sweep"}


def test_specs_are_made_when_they_are_needed(fakes, straight, tmp_path):
    """A design that makes its specs anew is gone through twice, and never held."""

    class Design:
        times = 0

        def __iter__(self):
            self.times += 1
            yield from fakes.specs()

    design = Design()
    run_batch(design, tmp_path / "b", processes=1, run_one=fakes.fake_run)
    assert design.times == 2
    assert digests(tmp_path / "b") == straight


def test_levels_up_to_horizons(fakes):
    run = fakes.fake_run(fakes.specs(arms=("hsbp",))[1])
    how = {"trust_company": "last", "inclusion": "mean", "days_lost": "sum"}
    known = {name: run.series[name] for name in how}
    kept = thin.thin(type(run)(**{**_fields(run), "series": known}), (6, 24))
    assert (kept.months, kept.kept_months, kept.events, kept.timings) == (24, (5, 23), (), {})
    np.testing.assert_array_equal(
        kept.series["trust_company"], run.series["trust_company"][[5, 23]]
    )
    inclusion = run.series["inclusion"]
    expected = [inclusion[:6].mean(axis=0), inclusion.mean(axis=0)]
    np.testing.assert_allclose(kept.series["inclusion"], expected)
    days = run.series["days_lost"][:, 0]
    assert kept.series["days_lost"][:, 0].tolist() == [days[:6].sum(), days.sum()]
    assert kept.finals == run.finals


@pytest.mark.parametrize("horizons", [(), (0, 6), (6, 6), (12, 6), (6, 25)])
def test_horizons_outside_the_run_are_refused(fakes, horizons):
    run = fakes.fake_run(fakes.specs()[0])
    with pytest.raises(RunError, match=r"horizons = .*from 1 to 24, the length of the run"):
        thin.thin(run, horizons)


def _fields(run):
    return {name: getattr(run, name) for name in run.__slots__}


def test_the_pace_is_that_of_this_call():
    """A resumed batch has most of its runs already: they say nothing of the rate."""
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace(9_000, 10_000, 0) == "9,000 of 10,000 runs"
    for done in range(9_001, 9_101):
        now[0] += 0.5
        text = pace(done, 10_000, 0)
    assert text == "9,100 of 10,000 runs, 2 a second, 8 min left"
    assert pace(10_000, 10_000, 3) == "10,000 of 10,000 runs, 3 failed"


def test_the_pace_says_nothing_it_does_not_know():
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace(0, 10, 0) == "0 of 10 runs"
    for done in (1, 2, 3):
        assert pace(done, 10, 0) == f"{done} of 10 runs"  # no time has passed
    now[0] = 600.0
    assert pace(4, 10, 1) == "4 of 10 runs, 24 an hour, 15 min left, 1 failed"
    assert Pace()(5, 5, 0) == "5 of 5 runs"
    assert duration(0.2) == "1 s"
