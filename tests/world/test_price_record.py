"""A replayed price is the record of its series, month by month; after its end it is drawn."""

import csv
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import worlds
from world.helpers import PLACES, small

from parley.errors import ScenarioError
from parley.mechanisms.price import step_log_price
from parley.model import PartneringModel
from parley.paths import scenarios_folder
from parley.price_data import FILE, month_after, monthly_prices
from parley.toml_files import find, read_with_parents

RECORDED, MONTHS = 12, 18
"""A run starts in the first of the last twelve months of its record, and goes on for six more."""


def price_of(name):
    """What the file of a place says of its price."""
    return read_with_parents(find(name, "places", None), "places")["price"]


SOLD = [name for name in PLACES if price_of(name)["series"]]
"""Places whose price has a record."""


def start_of(name):
    """First of the last twelve recorded months."""
    first, prices = monthly_prices(price_of(name)["series"])
    return month_after(first, len(prices) - RECORDED)


def recorded(name):
    """Log price about the mean of the reference window, read off the files by hand."""
    price, start = price_of(name), f"{start_of(name):%Y-%m}"
    path = scenarios_folder() / "data" / FILE
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    values = {row["month"]: float(row[price["series"]]) for row in rows if row[price["series"]]}
    first, last = str(price["reference_from"])[:7], str(price["reference_to"])[:7]
    window = [value for month, value in values.items() if first <= month <= last]
    mean = sum(window) / len(window)
    return [math.log(value / mean) for month, value in values.items() if month >= start]


def log_prices(scenario, replicate=0):
    """The price of a run by month, without dated shocks."""
    model = PartneringModel(scenario, 0, replicate)
    found = []
    for _ in range(scenario.months):
        model.step()
        found.append(model.state.log_price)
    return model, np.array(found)


@pytest.mark.parametrize("name", SOLD)
def test_replay_gives_the_series_own_months_and_goes_on_from_the_last(name):
    scenario = small(name, "none", MONTHS, 60, start=start_of(name))
    model, found = log_prices(scenario)
    np.testing.assert_allclose(found[:RECORDED], recorded(name), rtol=0.0, atol=1e-11)
    expected = found[RECORDED - 1]
    for month in range(RECORDED, MONTHS):
        luck = model.streams.normal("price", month, 1)[0]
        expected = step_log_price(expected, luck, model.p.price)
        assert found[month] == pytest.approx(float(expected), abs=1e-12)


@pytest.mark.parametrize("name", SOLD)
def test_replicates_share_the_record_and_nothing_after_it(name):
    scenario = small(name, "none", MONTHS, 60, start=start_of(name))
    one, other = (log_prices(scenario, replicate)[1] for replicate in (0, 1))
    assert (one[:RECORDED] == other[:RECORDED]).all()
    assert (one[RECORDED:] != other[RECORDED:]).all()


def test_most_records_end_in_may_2023():
    """Runs that start later cannot be replayed; runs that last longer are drawn from there on."""
    ends = {name: start_of(name) for name in SOLD}
    assert ends["colombia"] == ends["bosnia"] == date(2022, 6, 1)
    with pytest.raises(ScenarioError, match="after the price record"):
        small("bosnia", "none", 12, 60, start="2023-06")


def test_a_drawn_price_does_not_know_the_record():
    scenario = small(
        "colombia", "none", MONTHS, 60, start=start_of("colombia"), price_source="process"
    )
    _, found = log_prices(scenario)
    assert found[0] == 0.0  # from the mean on
    assert not np.isclose(found[1:RECORDED], recorded("colombia")[1:]).any()


def test_a_shock_comes_on_top_of_the_record():
    """`worlds` has a fall of 0.4 from month 10 for twelve months."""
    at = replace(worlds.place(), price_path=tuple(0.01 * month for month in range(15)))
    model = PartneringModel(worlds.world(at=at, months=15))
    for month in range(15):
        model.step()
        assert model.state.log_price == 0.01 * month
        shock = -0.4 if month >= 10 else 0.0
        assert model.now.price_gap == pytest.approx(0.01 * month + shock, abs=1e-15)
