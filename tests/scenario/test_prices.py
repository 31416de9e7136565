"""The price record: what is shipped, and how a month of it becomes a log price."""

import csv
import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.errors import ScenarioError
from parley.paths import scenarios_folder
from parley.price_data import (
    log_price_path,
    month_after,
    monthly_prices,
    months_between,
    series_names,
)
from parley.scenario import load_place, make_scenario

WINDOW = (date(2010, 1, 1), date(2019, 12, 1))
MONTHS = st.integers(0, 400).map(lambda months: month_after(date(1990, 1, 1), months))


def test_the_record_is_whole():
    assert len(series_names()) == 22
    for series in series_names():
        first, prices = monthly_prices(series)
        assert first == date(1990, 1, 1)
        assert len(prices) == (368 if series == "barley" else 401)
        assert min(prices) > 0


def test_every_series_has_a_unit_and_two_estimates():
    folder = scenarios_folder() / "data"
    for name, times in (("world_bank_price_units.csv", 1), ("price_process_estimates.csv", 2)):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            named = [row["series"] for row in csv.DictReader(file)]
        assert sorted(named) == sorted(list(series_names()) * times)


def test_the_data_are_attributed():
    text = (scenarios_folder() / "data" / "ATTRIBUTION.md").read_text("utf-8")
    assert "World Bank, Commodity Price Data (The Pink Sheet), licensed under" in text
    for path in (scenarios_folder() / "data").glob("*.csv"):
        assert path.name in text


def test_known_months():
    first, prices = monthly_prices("coal_za")
    assert prices[months_between(first, date(2012, 1, 1))] == 106.26
    path = log_price_path("coal_za", date(2012, 1, 1), WINDOW)
    assert len(path) == 137
    assert path[0] == pytest.approx(math.log(106.26 / 82.88), abs=1e-4)
    assert path[-1] == pytest.approx(math.log(103.0 / 82.88), abs=1e-4)


@settings(max_examples=50)
@given(series=st.sampled_from(series_names()), start=MONTHS, window=st.tuples(MONTHS, MONTHS))
def test_a_path_is_the_record_about_the_mean_of_its_window(series, start, window):
    first, prices = monthly_prices(series)
    low, high = sorted(window)
    if max(months_between(first, month) for month in (high, start)) >= len(prices):
        with pytest.raises(ScenarioError):
            log_price_path(series, start, (low, high))
        return
    path = log_price_path(series, start, (low, high))
    record = prices[months_between(first, start) :]
    assert len(path) == len(record)
    level = record[0] / math.exp(path[0])
    for log_price, price in zip(path, record, strict=True):
        assert math.exp(log_price) * level == pytest.approx(price, rel=1e-9)
    whole = log_price_path(series, first, (low, high))
    inside = whole[months_between(first, low) : months_between(first, high) + 1]
    mean = math.fsum(math.exp(x) for x in inside) / len(inside)
    assert mean == pytest.approx(1.0, abs=1e-9)
    assert path == whole[months_between(first, start) :]


@settings(max_examples=50)
@given(first=st.dates(date(1800, 1, 1), date(2100, 1, 1)), months=st.integers(-1000, 1190))
def test_months_count_forth_and_back(first, months):
    later = month_after(first, months)
    assert later.day == 1
    assert months_between(first, later) == months


def test_what_is_drawn_carries_no_path():
    replayed = make_scenario(place="colombia", practices="none")
    drawn = make_scenario(place="colombia", practices="none", price_source="process")
    assert len(replayed.place.price_path) == 137
    assert drawn.place.price_path == ()
    assert drawn.digest() != replayed.digest()


@pytest.mark.parametrize("start", ["1985-01", "2023-06", "2050-01"])
def test_a_start_outside_the_record_can_only_be_drawn(start):
    with pytest.raises(ScenarioError, match="the price record of iron_ore"):
        load_place("bosnia", start="2023-06")
    later = make_scenario(
        place="bosnia", practices="none", start=max(start, "1996-01"), price_source="process"
    )
    assert later.place.price_path == ()


def test_a_run_that_outlasts_the_record_keeps_what_there_is():
    scenario = make_scenario(place="colombia", practices="none", months=240)
    assert len(scenario.content()["place"]["price_path"]) == 137
