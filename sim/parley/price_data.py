"""Monthly commodity prices of the World Bank, as a log price about its mean.

Source: World Bank, Commodity Price Data (The Pink Sheet), nominal US dollars, January 1990 to
May 2023, CC BY 4.0; see `scenarios/data/ATTRIBUTION.md`.
"""

from __future__ import annotations

import csv
import functools
import math
from datetime import date

from parley.errors import Problem, ScenarioError, did_you_mean
from parley.paths import scenarios_folder

FILE = "world_bank_prices_monthly.csv"

_DIGITS = 12
"""Decimals kept in a log price, so that its last bits do not depend on the machine."""


def months_between(first: date, last: date) -> int:
    """Calendar months from one date to another; days do not count.

    >>> months_between(date(2011, 12, 31), date(2012, 2, 1))
    2
    """
    return (last.year - first.year) * 12 + last.month - first.month


def month_after(first: date, months: int) -> date:
    """First day of the month so many months later.

    >>> month_after(date(2011, 12, 31), 2)
    datetime.date(2012, 2, 1)
    """
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def series_names() -> tuple[str, ...]:
    """Names of the price series that come with Parley."""
    return tuple(_record())


def monthly_prices(series: str) -> tuple[date, tuple[float, ...]]:
    """First month of a series and its prices, one a month without gaps.

    Raises:
        KeyError: There is no such series.
    """
    return _record()[series]


@functools.cache
def _record() -> dict[str, tuple[date, tuple[float, ...]]]:
    """All series, each cut at its first missing month; read once per process."""
    path = scenarios_folder() / "data" / FILE
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = date.fromisoformat(f"{rows[0]['month']}-01")
    record = {}
    for series in rows[0]:
        if series != "month":
            texts = [row[series] for row in rows]
            length = texts.index("") if "" in texts else len(texts)
            record[series] = (first, tuple(float(text) for text in texts[:length]))
    return record


def log_price_path(series: str, start: date, reference: tuple[date, date]) -> tuple[float, ...]:
    """The record from a month on, relative to the mean price of a reference window.

    `log(price / mean price over the window)`, one entry a month to the end of the record.

    Args:
        series: Name of the series.
        start: First month of the path.
        reference: First and last month of the window, both included.

    Returns:
        Log price (-), 0 at the mean of the window.

    Raises:
        ScenarioError: No such series, or the window or the start lie outside its record; all
            problems at once.
    """
    if series not in series_names():
        known = ", ".join(series_names())
        hint = did_you_mean(series, series_names())
        raise ScenarioError([Problem("price", "series", series, "unknown series", known, hint)])
    first, prices = monthly_prices(series)
    low, high = (months_between(first, month) for month in reference)
    begin = months_between(first, start)
    span = f"{first:%Y-%m} to {month_after(first, len(prices) - 1):%Y-%m}"
    problems = []
    if not 0 <= low <= high < len(prices):
        window = " to ".join(f"{month:%Y-%m}" for month in reference)
        message = f"the reference window is not inside the record of {series}"
        problems.append(Problem("price", "reference", window, message, span))
    if not 0 <= begin < len(prices):
        when = "before" if begin < 0 else "after"
        message = f"the run starts {when} the price record of {series}, so nothing can be replayed"
        step = 'choose another start, or set price_source = "process"'
        problems.append(Problem("price", "start", f"{start:%Y-%m}", message, span, step))
    if problems:
        raise ScenarioError(problems)
    mean = math.fsum(prices[low : high + 1]) / (high + 1 - low)
    return tuple(round(math.log(price / mean), _DIGITS) for price in prices[begin:])
