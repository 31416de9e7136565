"""The smallest difference worth telling: its file, and the verdicts that rest on it."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.errors import RegistryError, ScenarioError
from parley.paths import package_file
from parley.registry import ASSUMPTION, load_registry
from parley.worth import (
    FEWEST_PAIRS,
    check_changes,
    load_worth,
    read_worth,
    verdict_of,
    worth_of,
    worth_words,
)

TEXT = package_file("worth.toml").read_text("utf-8")
ends = st.floats(-10.0, 10.0)


def test_every_outcome_has_one_with_its_source():
    found = load_worth()
    for outcome in load_registry().outcomes:
        worth = found[outcome.unit]
        assert worth.margin(outcome.aggregate, 120) > 0.0
        assert worth.words
        assert worth.why
        assert worth.sources == (ASSUMPTION,) or set(worth.sources) <= set(
            load_registry().references
        )
    assert len(set(found.values())) <= 10  # few enough to be remembered


@pytest.mark.parametrize(
    ("name", "margin"),
    [
        ("trust_company", 0.01),
        ("benefit", 0.01),
        ("days_lost", 10.0),
        ("violence", 1.0),
        ("npv", 1.0),
        ("community_hours", 1200.0),
        ("reprisals", 10.0),
        ("desk_waiting", 1.0),
    ],
)
def test_margins_of_ten_years(name, margin):
    outcome = next(one for one in load_registry().outcomes if one.name == name)
    worth = worth_of(name, outcome.unit)
    assert worth.margin(outcome.aggregate, 120) == pytest.approx(margin)


def test_it_changes_nothing_that_names_a_batch(monkeypatch):
    """The registry, whose digest every batch notes, is read without it."""
    asked = []
    monkeypatch.setattr(
        "parley.registry.package_file", lambda name: asked.append(name) or package_file(name)
    )
    assert load_registry.__wrapped__().digest == load_registry().digest
    assert asked
    assert "worth.toml" not in asked


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"days per month"', '"dayz per month"', "'dayz per month': no outcome has it; did you"),
        ('"share", ', "", "= 'share': this unit of an outcome has no smallest difference"),
        ('"share", ', '"share", "share", ', "'share': named twice"),
        ("value = 10.0", "value = 0.0", "value and months must be above 0"),
        ('why = "One hour', 'because = "One hour', "expected the keys units, value"),
        ('source = "assumption"', 'source = "nobody_2030"', "no such key in references.toml"),
    ],
)
def test_mistakes_in_the_file_are_named(old, new, message):
    with pytest.raises(RegistryError, match=re.escape(message)):
        read_worth(TEXT.replace(old, new, 1))


def test_changes_are_checked_all_at_once():
    check_changes({"trust_company": 0.02, "all": 0.0}, "--worth")
    with pytest.raises(ScenarioError) as caught:
        check_changes({"trust_companny": 0.02, "days_lost": -1.0, "npv": math.nan}, "--worth")
    text = str(caught.value)
    assert "did you mean 'trust_company'" in text
    assert "--worth: days_lost = -1.0: not allowed; allowed: a number of at least 0" in text
    assert "npv = nan" in text


def test_what_is_given_goes_before_what_is_stated():
    given = {"all": 0.5, "days_lost": 2.0}
    assert worth_of("trust_company", "share of full trust", given).margin("last", 120) == 0.5
    days = worth_of("days_lost", "days per month", given)
    assert days.margin("sum", 120) == 20.0
    assert days.words == "2 a year (Days of output lost)"
    assert worth_of("x", "furlongs") is None
    assert worth_of("x", "furlongs", given).margin("mean", 120) == 0.5


def test_the_words_name_every_source():
    share, days = (load_worth()[unit] for unit in ("share", "days per month"))
    assert worth_words([share, share]) == (
        "Smallest difference worth telling: 0.01 of a share or an index (assumption)."
    )
    assert "; 1 day a year (assumptions)." in worth_words([share, days, None])
    mixed = worth_words([share, worth_of("days_lost", "days per month", {"days_lost": 2.0})])
    assert "index (assumption); 2 a year (Days of output lost) (as asked for)." in mixed
    assert worth_words([None]) == ""


@given(ends, ends, st.floats(0.0, 5.0), st.integers(FEWEST_PAIRS, 50))
def test_verdicts_exclude_each_other_and_turn_round(one, other, margin, pairs):
    low, high = sorted((one, other))
    found = verdict_of(low, high, 1, margin, pairs)
    assert (found in ("better", "worse")) == (low > margin or high < -margin)
    assert (found == "too_small") == (max(-low, high) <= margin)
    turned = {"better": "worse", "worse": "better"}.get(found, found)
    assert verdict_of(low, high, -1, margin, pairs) == turned
    assert verdict_of(-high, -low, 1, margin, pairs) == turned
    assert verdict_of(low, high, 0, margin, pairs) == "neutral"
    assert verdict_of(low, high, 1, margin, FEWEST_PAIRS - 1) == "unclear"


def test_false_verdicts_are_as_rare_as_promised():
    """Ten pairs, SD 1: at a true difference on the margin, either verdict errs in 2.5%."""
    draws = np.random.default_rng(5).normal(2.0, 1.0, (40_000, 10))
    mean = draws.mean(axis=1)
    half = 2.2621571627 * draws.std(axis=1, ddof=1) / 10**0.5
    pairs = zip(mean - half, mean + half, strict=True)
    found = [verdict_of(low, high, 1, 2.0, 10) for low, high in pairs]
    shares = {word: found.count(word) / len(found) for word in ("better", "too_small", "worse")}
    assert shares["better"] == pytest.approx(0.025, abs=0.004)
    assert shares["too_small"] == pytest.approx(0.025, abs=0.004)
    assert shares["worse"] == 0.0


def test_six_pairs_are_the_fewest_that_a_sign_could_tell():
    assert 2 * 0.5**FEWEST_PAIRS < 0.05 < 2 * 0.5 ** (FEWEST_PAIRS - 1)


def test_without_an_interval_nothing_is_told():
    assert verdict_of(None, None, 1, 0.01, 10) == "unclear"
    assert verdict_of(math.nan, math.nan, 1, 0.01, 10) == "unclear"
