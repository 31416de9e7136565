"""Near misses and what is made of them: properties beyond the worked examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mechanisms.precursors import heeded_chance, near_miss_chance, step_ignored

share = st.floats(0.0, 1.0)


@given(share, share, share, share)
def test_heeding_is_a_chance_and_never_falls_with_any_of_its_causes(e, alone, power, learned):
    chance = heeded_chance(e, alone, power, learned)
    assert 0.0 <= chance <= 1.0 + 1e-12
    for higher in (
        heeded_chance(1.0, alone, power, learned),
        heeded_chance(e, 1.0, power, learned),
        heeded_chance(e, alone, 1.0, learned),
        heeded_chance(e, alone, power, 1.0),
    ):
        assert higher >= chance - 1e-12


@given(share, share)
def test_monitors_without_power_to_stop_change_nothing(alone, learned):
    assert heeded_chance(1.0, alone, 0.0, learned) == heeded_chance(0.0, alone, 0.0, learned)


@given(share)
def test_a_disaster_that_teaches_nothing_changes_nothing(e):
    assert heeded_chance(e, 0.2, 0.5, 0.0) == pytest.approx(0.2 + 0.4 * e)


def test_near_misses_at_their_rate():
    assert near_miss_chance(0.0) == 0.0
    assert near_miss_chance(1.2) == pytest.approx(1.0 - np.exp(-0.1), rel=1e-12)
    assert near_miss_chance(52.0) < 1.0


def test_the_stock_rests_where_what_comes_fades():
    stock = 0.0
    for _ in range(2000):
        stock = step_ignored(stock, True, 0.5)
    assert stock == pytest.approx(1.0 / (1.0 - 0.5 ** (1 / 12)), rel=1e-9)


def test_half_of_the_stock_is_left_after_a_year_at_half():
    stock = 8.0
    for _ in range(12):
        stock = step_ignored(stock, False, 0.5)
    assert stock == pytest.approx(4.0)
