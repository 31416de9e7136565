"""Bands of plausibility: data with sources, on arms without partnering, and draws kept by them."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from parley.practices import load_practices
from parley.registry import load_registry
from parley.store import Store
from parley_analysis import plausible
from parley_analysis.load import load
from parley_analysis.plausible import Band, match, only, read_bands

DRAWS = 12


@pytest.fixture
def batch(fakes, tmp_path):
    specs = fakes.specs(places=("coast",), arms=("none", "hsbp"), replicates=DRAWS)

    def graded(spec):
        """Trust is a tenth of the number of the draw, ten times that in the framework."""
        result = fakes.fake_run(spec)
        level = spec.replicate / 10 * (10 if spec.arm == "hsbp" else 1)
        return dataclasses.replace(
            result, series=dict(result.series) | {"trust_company": np.full((24, 5), level)}
        )

    with Store.create(tmp_path / "r", fakes.manifest(specs, months=[24])) as store:
        store.append([graded(spec) for spec in specs])
        store.finish()
    return load(tmp_path / "r")


def band(**changes):
    usual = {
        "key": "trust", "label": "Trust", "outcome": "trust_company", "group": "all",
        "arms": ("none",), "per_month": False, "divide_by": 1.0, "unit": "share", "low": 0.25,
        "high": 0.75, "source": ("x",), "note": "",
    }  # fmt: skip
    return Band(**{**usual, **changes})


def test_draws_within_the_band_are_kept(batch):
    found = match(batch, [band()])
    assert found.kept == {"coast": (3, 4, 5, 6, 7)}
    assert found.total == {"coast": DRAWS}
    assert found.too_few("coast")
    row = found.table.iloc[0]
    assert (row["n"], row["inside"]) == (DRAWS, pytest.approx(5 / 12))
    assert row["median"] == pytest.approx(0.55)


def test_the_framework_is_never_looked_at(batch):
    """Its trust lies far outside in all but one draw, and no draw is lost for it."""
    assert match(batch, [band(arms=("none", "absent"))]).kept == match(batch, [band()]).kept


def test_a_level_is_turned_into_the_unit_of_the_band():
    scaled = band(per_month=True, divide_by=30.0).scaled(pd.Series([720.0]), 24)
    assert scaled.tolist() == [1.0]


def test_bands_hold_together(batch):
    other = band(key="more", low=0.45)
    assert match(batch, [band(), other]).kept == {"coast": (5, 6, 7)}
    missing = band(key="odd", outcome="not_measured", low=2.0, high=3.0)
    assert match(batch, [band(), missing]).kept == match(batch, [band()]).kept


def test_only_the_rows_that_are_kept():
    index = pd.MultiIndex.from_product(
        [["a", "b"], ["harm"], ["all"], range(3)], names=["place", "outcome", "group", "replicate"]
    )
    table = pd.DataFrame({"x": range(6)}, index)
    assert only(table, {"a": (0, 2), "b": (1,)})["x"].tolist() == [0, 2, 4]


def test_the_bands_that_come_with_parley():
    registry, bands = load_registry(), read_bands()
    outcomes = {outcome.name for outcome in registry.outcomes}
    assert len({one.key for one in bands}) == len(bands) >= 5
    for one in bands:
        assert one.outcome in outcomes, one.key
        assert set(one.source) <= set(registry.references), one.key
        assert 0.0 <= one.low < one.high, one.key
        assert len(one.note) > 40, one.key
        for arm in one.arms:
            dials = dict(zip(registry.dials, load_practices(arm).nominal, strict=True))
            partnering = [d.key for d, level in dials.items() if level and "M5" in d.hooks]
            assert partnering == [], f"{one.key} looks at an arm with partnering"
    assert plausible.FEWEST == 30
