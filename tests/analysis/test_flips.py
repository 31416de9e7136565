"""Signs that change within a number's range: planted ones are found, chance is counted."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from parley_analysis import flips

DRAWS, NUMBERS = 240, 40


def tables(gain, worlds, outcome="harm"):
    """Levels in which arm `new` exceeds arm `old` by a gain per draw."""
    index = pd.MultiIndex.from_product(
        [["coast"], [outcome], ["all"], range(len(gain))],
        names=["place", "outcome", "group", "replicate"],
    )
    return pd.DataFrame({"new": gain, "old": np.zeros(len(gain))}, index), worlds


def luck(seed):
    source = np.random.default_rng(seed)
    worlds = pd.DataFrame(
        source.random((DRAWS, NUMBERS)), columns=[f"s.p{i}" for i in range(NUMBERS)]
    )
    return source, worlds


@pytest.mark.parametrize("n", [6, 17, 20, 80, 166])
def test_the_interval_of_a_median_covers_it_often_enough(n):
    """Exact: the chance that the true median lies outside is that of a binomial."""
    values = np.arange(float(n))
    _, low, high = flips.median_interval(values)
    k = int(low) + 1
    assert high == n - k
    outside = 2.0 * stats.binom.cdf(k - 1, n, 0.5)
    assert outside <= 0.05
    assert 2.0 * stats.binom.cdf(k, n, 0.5) > 0.05


def test_with_too_few_values_there_is_no_interval():
    middle, low, high = flips.median_interval(np.array([1.0, 2.0, 3.0]))
    assert (middle, low, high) == (2.0, -np.inf, np.inf)


def test_a_planted_change_of_sign_is_found_and_no_other():
    source, worlds = luck(1)
    gain = worlds["s.p7"] - 0.5 + source.normal(0.0, 0.1, DRAWS)
    levels, worlds = tables(gain.to_numpy(), worlds)
    found = flips.constant_flips(levels, worlds, "new", ["old"], {"harm": 1})
    assert len(found) == NUMBERS
    assert list(found.loc[found["sign_changes"], "parameter"]) == ["s.p7"]
    row = found[found["parameter"] == "s.p7"].iloc[0]
    assert row["beyond_chance"]
    assert row["median_from"] == pytest.approx(-1 / 3, abs=0.05)
    assert row["median_to"] == pytest.approx(1 / 3, abs=0.05)
    drawn = np.sort(worlds["s.p7"].to_numpy())
    assert (row["from"], row["to"]) == (drawn[79], drawn[160])
    turned = flips.constant_flips(levels, worlds, "new", ["old"], {"harm": -1})
    again = turned[turned["parameter"] == "s.p7"].iloc[0]
    assert again["median_from"] == -row["median_from"]


def test_an_effect_that_only_shrinks_changes_no_sign():
    source, worlds = luck(2)
    gain = worlds["s.p7"] + 0.3 + source.normal(0.0, 0.1, DRAWS)
    levels, worlds = tables(gain.to_numpy(), worlds)
    assert not flips.constant_flips(levels, worlds, "new", ["old"], {"harm": 1})[
        "sign_changes"
    ].any()


def test_chance_changes_about_as_many_signs_as_is_said():
    changed = expected = survived = 0
    for seed in range(30):
        source, worlds = luck(100 + seed)
        levels, worlds = tables(source.normal(0.0, 1.0, DRAWS), worlds)
        found = flips.constant_flips(levels, worlds, "new", ["old"], {"harm": 1})
        changed += int(found["sign_changes"].sum())
        survived += int(found["beyond_chance"].sum())
        expected += flips.expected_by_chance(found)
    assert expected == pytest.approx(1.5)
    assert changed <= 6
    assert survived <= 1


def test_ties_change_no_sign():
    _, worlds = luck(3)
    levels, worlds = tables(np.zeros(DRAWS), worlds)
    found = flips.constant_flips(levels, worlds, "new", ["old"], {"harm": 1})
    assert not found["sign_changes"].any()
    assert (found["p"] == 1.0).all()


def test_a_switch_that_turns_the_sign():
    source, worlds = luck(4)
    noise = source.normal(0.0, 0.1, 20)
    settings = {
        "s.turns": {0.0: tables(noise - 0.5, worlds)[0], 1.0: tables(noise + 0.5, worlds)[0]},
        "s.idle": {0.0: tables(noise - 0.5, worlds)[0], 1.0: tables(noise - 0.4, worlds)[0]},
    }
    found = flips.switch_flips(settings, "new", {"harm": 1}).set_index("parameter")
    assert list(found["sign_changes"]) == [True, False]
    assert (found.loc["s.turns", "from"], found.loc["s.turns", "to"]) == (0.0, 1.0)
    assert found.loc["s.turns", "beyond_chance"]


def test_nothing_to_compare_gives_an_empty_table():
    assert flips.switch_flips({}, "new", {"harm": 1}).empty
    assert flips.expected_by_chance(flips.switch_flips({}, "new", {})) == 0.0
