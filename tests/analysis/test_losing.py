"""Losing regions: what is planted is found at the size of a study, and nothing where nothing is."""

import numpy as np
import pandas as pd
import pytest

from parley_analysis import losing
from parley_analysis.losing import PLANTED, chance_of_density, find_region, holm, measure_power


def made_up(draws=500, numbers=60, seed=1, inside=0.9, outside=0.2):
    """Losses in the quarter of the worlds where p3 is high and p8 is low."""
    luck = np.random.default_rng(seed)
    worlds = pd.DataFrame(
        luck.random((draws, numbers)), columns=[f"s.p{i}" for i in range(numbers)]
    )
    region = (worlds["s.p3"] > 0.5) & (worlds["s.p8"] <= 0.5)
    lost = luck.random(draws) < np.where(region, inside, outside)
    return pd.Series(np.where(lost, -1.0, 1.0)), worlds, region


def test_a_planted_box_is_found_and_described():
    gain, worlds, _ = made_up()
    found = find_region(gain, worlds)
    sides = {(cut.parameter, cut.above) for cut in found.limits}
    assert sides == {("s.p3", True), ("s.p8", False)}
    assert all(cut.value == pytest.approx(0.5, abs=0.2) for cut in found.limits)
    assert found.p < 1e-10
    odd = np.arange(500) % 2 == 1
    inside = np.all([cut.holds(worlds) for cut in found.limits], axis=0) & odd
    assert found.inside == inside.sum()
    assert found.density == pytest.approx((gain[inside] < 0).mean(), abs=1e-12)
    assert found.overall == pytest.approx((gain[odd] < 0).mean(), abs=1e-12)
    share = (gain[inside] < 0).sum() / (gain[odd] < 0).sum()
    assert found.coverage == pytest.approx(share, abs=1e-12)
    assert found.lift == pytest.approx(found.density / found.overall)


def test_the_half_that_checks_has_no_part_in_the_search():
    """Losses of the odd draws dealt out anew move the verdict, never the box."""
    gain, worlds, _ = made_up()
    other = gain.copy()
    odd = np.arange(500) % 2 == 1
    other[odd] = np.random.default_rng(9).permutation(gain[odd].to_numpy())
    first, second = find_region(gain, worlds), find_region(other, worlds)
    assert first.limits == second.limits
    assert first.density_found == second.density_found
    assert second.p > 1e-4 > first.p


def test_the_chance_of_a_density_is_that_of_dealing_losses_out_anew():
    luck = np.random.default_rng(5)
    loss = luck.choice([0.0, 0.5, 1.0], 250, p=[0.5, 0.2, 0.3])
    inside = np.arange(250) < 40
    order = np.argsort(-loss, kind="stable")
    loss = np.concatenate((loss[order[:14]], luck.permutation(loss[order[14:]])))
    seen = loss[inside].sum()
    dealt = np.array([luck.permutation(loss)[inside].sum() for _ in range(20_000)])
    assert chance_of_density(loss, inside) == pytest.approx((dealt >= seen).mean(), rel=0.25)


def test_no_chance_is_taken_where_there_is_nothing_to_compare():
    assert chance_of_density(np.ones(10), np.arange(10) < 4) == 1.0
    assert chance_of_density(np.arange(10) % 2 * 1.0, np.arange(10) < 0) == 1.0


def test_there_is_no_region_when_nothing_or_everything_is_lost():
    _, worlds, _ = made_up(60, 9)
    assert find_region(pd.Series(np.ones(60)), worlds) is None
    assert find_region(pd.Series(-np.ones(60)), worlds) is None


def test_holm_s_correction():
    """Worked by hand: 0.01 * 4, then 0.02 * 3, 0.03 * 2 held at the one before, 0.6 * 1."""
    assert holm([0.03, 0.01, 0.6, 0.02]).tolist() == pytest.approx([0.06, 0.04, 0.6, 0.06])


def test_the_table_corrects_for_every_search():
    gain, worlds, _ = made_up()
    luck = np.random.default_rng(7)
    noise = [pd.Series(luck.choice([-1.0, 1.0], 500)) for _ in range(30)]
    rows = [({"name": "planted"}, gain, worlds)]
    rows += [({"name": "noise"}, series, worlds) for series in noise]
    table = losing.region_table(rows)
    assert list(table.loc[table["established"], "name"]) == ["planted"]
    assert table.loc[0, "p_corrected"] == pytest.approx(31 * table.loc[0, "p"])
    assert table.loc[0, "worse"] == (gain < 0).mean()


@pytest.mark.slow
def test_power_and_false_alarms_at_the_size_of_the_study():
    """500 draws of 250 numbers, 400 searches: what can be found, and that noise is not."""
    table = measure_power(500, 250, 400, trials=30).set_index("planted")
    nothing, one, two, weak, three = (table.loc[planted.label] for planted in PLANTED)
    assert nothing["found"] == 0.0
    assert nothing["alone"] <= 0.15
    assert one["found"] >= 0.6
    assert two["found"] >= 0.6
    assert weak["found"] <= 0.2
    assert three["found"] <= two["found"]


@pytest.mark.slow
def test_alone_noise_passes_once_in_twenty():
    """200 searches in noise of a smaller size; between 0.2% and 10% pass an uncorrected test."""
    passed = 0
    for seed in range(200):
        luck = np.random.default_rng([3, seed])
        worlds = pd.DataFrame(luck.random((200, 60)), columns=[f"s.p{i}" for i in range(60)])
        passed += find_region(pd.Series(luck.choice([-1.0, 1.0], 200)), worlds).p <= 0.05
    assert 1 <= passed <= 20
