"""Block M3: orders pass through people, and people leave."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parley.arrays import Floats, Ints
from parley.mechanisms import chain
from parley.registry import default_parameters

P = default_parameters().chain
K, M, LAYERS = 4, 12, 3


def draws(seed: int, layers: int = LAYERS, tasks: int = M, k: int = K) -> Floats:
    return np.random.default_rng(seed).random((layers, 2, k, tasks))


UNIT = st.floats(0.0, 1.0)
WANTED = arrays(np.int64, K, elements=st.integers(0, M))
CHANCES = arrays(np.float64, LAYERS, elements=UNIT)
DRAWS = st.integers(0, 2**32 - 1).map(draws)
AMPLE = np.full(LAYERS, K * M)
QUICK = settings(deadline=None, max_examples=60)


@given(WANTED, CHANCES, DRAWS, UNIT)
@QUICK
def test_nothing_is_carried_out_that_was_not_wanted(
    wanted: Ints, chances: Floats, luck: Floats, bypass: float
) -> None:
    done = chain.through_chain(wanted, chances, AMPLE, luck, replace(P, bypass_share=bypass))
    assert np.all((done >= 0) & (done <= wanted))


@given(WANTED, DRAWS, UNIT)
@QUICK
def test_a_chain_that_passes_everything_on_loses_nothing(
    wanted: Ints, luck: Floats, bypass: float
) -> None:
    """Exactly, whatever the luck: full capacity leaves no gap."""
    p = replace(P, bypass_share=bypass)
    assert np.array_equal(chain.through_chain(wanted, np.ones(LAYERS), AMPLE, luck, p), wanted)
    assert np.all(chain.carried_share(wanted, wanted) == 1.0)


@given(WANTED, CHANCES, CHANCES, DRAWS, UNIT, UNIT)
@QUICK
def test_better_posts_and_a_wider_bypass_never_lose_a_task(
    wanted: Ints, one: Floats, other: Floats, luck: Floats, y: float, more: float
) -> None:
    """T-C with common luck: monotone in every chance and in the bypass, practice by practice."""
    low = chain.through_chain(
        wanted, np.minimum(one, other), AMPLE, luck, replace(P, bypass_share=min(y, more))
    )
    high = chain.through_chain(
        wanted, np.maximum(one, other), AMPLE, luck, replace(P, bypass_share=max(y, more))
    )
    assert np.all(high >= low)


@given(WANTED, WANTED, st.integers(0, 60), st.integers(0, 60))
@QUICK
def test_more_attention_never_looks_at_less(
    wanted: Ints, extra: Ints, slots: int, more: int
) -> None:
    few, many = (chain.looked_at(wanted, at) for at in sorted((slots, more)))
    assert np.all((few <= many) & (many <= wanted))
    assert many.sum() == min(max(slots, more), wanted.sum())
    crowded = chain.looked_at(wanted + extra, slots)
    assert crowded.sum() >= chain.looked_at(wanted, slots).sum()


def test_practices_that_take_turns_differ_by_one_task_at_most() -> None:
    seen = chain.looked_at(np.array([12, 12, 12, 2]), 20)
    assert seen.tolist() == [6, 6, 6, 2]
    assert chain.looked_at(np.array([12, 12, 12, 12]), 26).tolist() == [7, 7, 6, 6]


def mean_fidelity(chances: list[float], bypass: float = 0.0, seed: int = 1) -> float:
    """Share of very many tasks that arrive."""
    tasks = 50_000
    luck = draws(seed, len(chances), tasks, 1)
    slots = np.full(len(chances), tasks)
    p = replace(P, bypass_share=bypass)
    done = chain.through_chain(np.array([tasks]), np.array(chances), slots, luck, p)
    return float(done[0]) / tasks


@pytest.mark.parametrize("chances", [[0.8, 0.8, 0.8], [1.0, 0.4, 1.0], [0.9, 0.5], [0.7]])
def test_what_arrives_is_the_product_over_the_posts(chances: list[float]) -> None:
    """T-D8, within three standard errors: nothing in the rule takes a minimum."""
    product = float(np.prod(chances))
    error = 3.0 * np.sqrt(product * (1.0 - product) / 50_000)
    assert mean_fidelity(chances) == pytest.approx(product, abs=error)


def test_an_even_chain_beats_an_uneven_one_of_the_same_mean() -> None:
    """T-D8, exactly: the arithmetic mean is at least the geometric one, and order is no matter."""
    for uneven in ([1.0, 1.0, 0.4], [0.9, 0.8, 0.7], [0.6, 1.0, 0.8]):
        even = [float(np.mean(uneven))] * 3
        assert np.prod(even) > np.prod(uneven)
        assert mean_fidelity(even) > mean_fidelity(uneven) - 0.01
    assert mean_fidelity([0.8] * 3) - mean_fidelity([1.0, 1.0, 0.4]) == pytest.approx(
        0.8**3 - 0.4, abs=0.01
    )
    assert mean_fidelity([1.0, 1.0, 0.4]) == pytest.approx(mean_fidelity([0.4, 1.0, 1.0]), abs=0.01)


def test_a_bypass_saves_what_a_post_drops_but_not_what_the_last_one_drops() -> None:
    """Two posts: `(pi1 + (1 - pi1) y) pi2`."""
    expected = (0.5 + 0.5 * 0.4) * 0.8
    assert mean_fidelity([0.5, 0.8], bypass=0.4) == pytest.approx(expected, abs=0.007)
    assert mean_fidelity([1.0, 0.0], bypass=1.0) == 0.0
    assert mean_fidelity([0.0, 1.0], bypass=1.0) == 1.0


def test_by_default_a_post_passes_on_four_fifths() -> None:
    """The mean over incumbents, in closed form and by drawing them."""
    fails = (1 - P.commitment_mean) * (1 - P.indicator_weight)
    exact = 1 - fails * (1 - P.champion_share_company * P.champion_value)
    assert exact == pytest.approx(0.8, abs=0.005)
    luck = np.random.default_rng(2).random((100_000, 2))
    drawn = chain.pass_on(
        chain.commitment(luck[:, 0], P),
        P.indicator_weight,
        chain.champion_value(luck[:, 1], P.champion_share_company, P),
    )
    assert drawn.mean() == pytest.approx(exact, abs=0.001)
    assert drawn.std() > 0.0


@given(UNIT, UNIT, UNIT)
@QUICK
def test_commitment_stays_a_share_around_its_mean(u: float, mean: float, spread: float) -> None:
    p = replace(P, commitment_mean=mean, commitment_spread=spread)
    low, high = (float(chain.commitment(x, p)) for x in (u, 1.0 - u))
    assert -1e-12 <= low <= 1.0 + 1e-12
    assert (low + high) / 2.0 == pytest.approx(mean, abs=1e-12)
    assert float(chain.commitment(u, replace(p, commitment_spread=0.0))) == mean


@given(UNIT, UNIT, UNIT)
@QUICK
def test_any_one_of_duty_indicators_and_zeal_is_enough(c: float, w: float, z: float) -> None:
    chance = float(chain.pass_on(c, w, z))
    assert max(c, w, z) - 1e-12 <= chance <= 1.0
    for full in ((1.0, w, z), (c, 1.0, z), (c, w, 1.0)):
        assert float(chain.pass_on(*full)) == 1.0


def test_norms_eat_attention_unless_partnering_counts_for_everything() -> None:
    slots = [
        int(chain.slots_left(P.attention_tasks, P.indicator_weight, replace(P, norms=norms)))
        for norms in (0, 4, 8, 40)
    ]
    assert slots == sorted(slots, reverse=True)
    assert slots[0] == 320 - 84
    assert slots[-1] == 0
    assert int(chain.slots_left(320.0, 1.0, replace(P, norms=40))) == 320


@given(UNIT, UNIT, UNIT, UNIT)
@QUICK
def test_what_is_written_down_is_handed_on(doc: float, prot: float, r0: float, r1: float) -> None:
    p = replace(P, retention_base=r0, retention_practices=r1)
    kept = chain.retention(doc, prot, p)
    assert r0 - 1e-12 <= kept <= 1.0 + 1e-12
    assert chain.retention(doc, 1.0, p) >= kept - 1e-12
    assert chain.retention(1.0, prot, p) >= kept - 1e-12
    assert chain.retention(doc, prot, replace(p, retention_practices=0.0)) == r0
    assert chain.retention(doc, prot, p) == pytest.approx(chain.retention(prot, doc, p))
    assert chain.retention(1.0, 0.0, replace(p, retention_practices=1.0)) == pytest.approx(1.0)


@given(UNIT, UNIT, UNIT, UNIT)
@QUICK
def test_trust_goes_back_part_of_the_way_and_never_past_the_start(
    now: float, start: float, kept: float, share: float
) -> None:
    p = replace(P, personal_trust_share=share)
    after = float(chain.trust_left(now, start, kept, p))
    assert min(now, start) - 1e-12 <= after <= max(now, start) + 1e-12
    assert float(chain.trust_left(now, start, kept, replace(p, personal_trust_share=0.0))) == now
    assert float(chain.trust_left(now, now, kept, p)) == now
    assert float(chain.trust_left(now, start, 1.0, p)) == now


def test_nothing_is_lost_where_no_post_holds_anything() -> None:
    stock = np.linspace(0.0, 1.0, 5)
    for p, kept in ((replace(P, know_how_share=0.0), 0.1), (P, 1.0)):
        assert np.array_equal(chain.know_how_left(stock, kept, p), stock)
    assert not chain.changes_hands(np.zeros(3), 0.0, replace(P, turnover_per_month=0.0)).any()


def test_a_dismissal_adds_nothing_to_a_turnover_that_is_higher_anyway() -> None:
    """The chance is the larger of the two, post by post, with the same draws."""
    draws = np.linspace(0.0, 1.0, 1001)[:-1]
    p = replace(P, turnover_per_month=0.2)
    for dismissed, chance in ((0.0, 0.2), (0.1, 0.2), (0.2, 0.2), (0.7, 0.7), (1.0, 1.0)):
        gone = chain.changes_hands(draws, np.full(draws.size, dismissed), p)
        assert gone.sum() == round(1000 * chance)
        assert gone[: gone.sum()].all()
    assert np.array_equal(chain.changes_hands(draws, 0.0, p), draws < 0.2)
