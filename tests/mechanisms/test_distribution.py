"""Block M8: diversion, splits and the value of public goods."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from parley.arrays import Floats
from parley.mechanisms.distribution import (
    HIGHEST_DIVERTED,
    LOWEST_DIVERTED,
    adapt_diversion,
    deliver,
    detection_probability,
    power_share,
    public_good_value,
    split_cents,
    split_shares,
    temptation,
)
from parley.registry import default_parameters

P = default_parameters().distribution
CENTS = st.integers(0, 10**13)
SHARE = st.floats(0.0, 1.0)
DIVERTED = st.floats(LOWEST_DIVERTED, HIGHEST_DIVERTED)
ROWS = arrays(np.float64, (5, 6), elements=st.integers(1, 100).map(float))
FLOW = arrays(np.float64, 6, elements=st.integers(0, 1000).map(lambda cents: cents / 100))


# --- what arrives -------------------------------------------------------------------------------


@given(CENTS, SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_delivery_keeps_every_cent(paid: int, diverted: float, overhead: float) -> None:
    parts = astuple(deliver(paid, diverted, replace(P, overhead_share=overhead)))
    assert sum(parts) == paid
    assert min(parts) >= 0
    assert all(isinstance(part, int) for part in parts)


@given(CENTS, SHARE, SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_more_diversion_never_raises_what_is_delivered(
    paid: int, one: float, other: float, overhead: float
) -> None:
    """T-C3."""
    p = replace(P, overhead_share=overhead)
    less, more = (deliver(paid, share, p) for share in sorted((one, other)))
    assert more.delivered <= less.delivered
    assert more.diverted >= less.diverted


def test_without_diversion_and_overhead_everything_arrives() -> None:
    assert deliver(12_345, 0.0, replace(P, overhead_share=0.0)).delivered == 12_345


def test_diversion_ranks_before_overhead() -> None:
    assert astuple(deliver(1000, 0.95, replace(P, overhead_share=0.1))) == (0, 950, 50)


@pytest.mark.parametrize(("paid", "share"), [(-1, 0.1), (10, -0.1), (10, 1.1), (10, np.nan)])
def test_impossible_deliveries_are_refused(paid: int, share: float) -> None:
    with pytest.raises(ValueError, match="must"):
        deliver(paid, share, P)


# --- learning to divert -------------------------------------------------------------------------


@given(SHARE, SHARE, SHARE, SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_detection_is_a_probability_and_rises_with_each_cause(
    diverted: float, amount: float, one: float, other: float, verifiable: float
) -> None:
    p = replace(P, detection_base=0.4, detection_monitoring=0.5, detection_verified=0.3)
    low, high = sorted((one, other))
    chances = [
        [float(detection_probability(diverted, e, verifiable, p)) for e in (low, high)],
        [float(detection_probability(diverted, verifiable, v, p)) for v in (low, high)],
        [float(detection_probability(x, 0.5, verifiable, p)) for x in (low, high)],
    ]
    for less, more in chances:
        assert 0 <= less <= more + 1e-15
        assert more <= 1


def payoff(share: Floats, quality: float, tempted: float, sanction: float) -> Floats:
    """What a channel's agent can expect, written out: delivering, keeping, and being caught."""
    return (1.0 - tempted) * (1.0 - share) + share - sanction * quality * share * share


@pytest.mark.parametrize(("tempted", "quality"), [(0.3, 0.5), (0.5, 0.8), (0.02, 0.1)])
def test_diversion_rests_where_the_expected_payoff_is_best(tempted: float, quality: float) -> None:
    """T-D13: the interior rest point, from below and from above, against a search."""
    p = replace(P, detection_base=quality, sanction_share=1.0, diversion_step=2.0)
    grid = np.linspace(0.001, 0.999, 9981)
    best = grid[np.argmax(payoff(grid, quality, tempted, 1.0))]
    share = np.array([0.01, 0.95])
    for _ in range(4000):
        share = adapt_diversion(share, detection_probability(share, 0.0, 0.0, p), tempted, p)
    assert share == pytest.approx(np.full(2, best), abs=2e-4)


@pytest.mark.parametrize("off", [{"detection_base": 0.0}, {"sanction_share": 0.0}])
def test_without_detection_or_sanction_diversion_drifts_up(off: dict[str, float]) -> None:
    """T-D13: the temptation of before stays when the check goes."""
    before = replace(P, detection_base=0.5, sanction_share=0.5)
    tempted = temptation(0.25, before)
    after = replace(before, **off)
    share = np.array(0.25)
    for _ in range(2400):
        share = adapt_diversion(
            share, detection_probability(share, 0.0, 0.0, after), tempted, after
        )
    assert float(share) > 0.95
    still = replace(after, diversion_step=0.0)
    assert float(adapt_diversion(0.25, 0.0, tempted, still)) == 0.25
    assert float(adapt_diversion(0.25, 0.0, 0.0, after)) == 0.25


@given(DIVERTED)
@settings(deadline=None, max_examples=50)
def test_the_start_is_a_rest_point(share: float) -> None:
    found = detection_probability(share, 0.0, 0.0, P)
    moved = adapt_diversion(share, found, temptation(share, P), P)
    assert float(moved) == pytest.approx(share, abs=1e-12)


@given(DIVERTED, SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_being_watched_never_raises_next_months_diversion(
    share: float, one: float, other: float
) -> None:
    seen = [float(detection_probability(share, me, 0.0, P)) for me in sorted((one, other))]
    less, more = (float(adapt_diversion(share, found, 0.1, P)) for found in seen)
    assert more <= less + 1e-15


# --- who gets it --------------------------------------------------------------------------------


@given(
    arrays(np.float64, 4, elements=st.integers(0, 10_000).map(float)),
    arrays(np.float64, 4, elements=SHARE),
    SHARE,
    st.floats(0.0, 2.0),
)
@settings(deadline=None, max_examples=50)
def test_split_shares_lie_on_the_simplex(
    people: Floats, status: Floats, power: float, steepness: float
) -> None:
    people[0] += 1
    shares = split_shares(people, status, power, replace(P, status_power=steepness))
    assert np.all((shares >= 0) & (shares <= 1 + 1e-12))
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert np.all(shares[people == 0] == 0)


def test_without_power_the_split_is_by_head() -> None:
    people, status = np.array([70.0, 20.0, 10.0]), np.array([0.1, 0.5, 1.0])
    for power, steepness in ((0.0, 1.5), (1.0, 0.0)):
        shares = split_shares(people, status, power, replace(P, status_power=steepness))
        assert np.allclose(shares, [0.7, 0.2, 0.1])
    assert np.allclose(split_shares(people, np.zeros(3), 1.0, P), [0.7, 0.2, 0.1])


@given(SHARE, SHARE)
@settings(deadline=None, max_examples=50)
def test_power_never_helps_the_lowest_nor_hurts_the_highest(one: float, other: float) -> None:
    people, status = np.array([70.0, 20.0, 10.0]), np.array([0.1, 0.5, 1.0])
    weak, strong = (split_shares(people, status, w, P) for w in sorted((one, other)))
    assert strong[0] <= weak[0] + 1e-12
    assert strong[2] >= weak[2] - 1e-12


def test_protocols_shrink_the_part_that_follows_power() -> None:
    p = replace(P, power_share=0.6)
    assert power_share(np.array([0.0, 0.5, 1.0]), p).tolist() == [0.6, 0.3, 0.0]


@pytest.mark.parametrize("people", [[0.0, 0.0], [5.0, -1.0]])
def test_a_split_needs_people(people: list[float]) -> None:
    with pytest.raises(ValueError, match="people"):
        split_shares(np.array(people), np.array([0.5, 0.5]), 0.5, P)


@given(FLOW, ROWS, st.integers(0, 5))
@settings(deadline=None, max_examples=50)
def test_value_lies_between_nothing_and_the_whole_flow(
    flow: Floats, raw: Floats, kind: int
) -> None:
    p = replace(P, public_good_factor=1.5)
    needs = raw / raw.sum(axis=1, keepdims=True)
    value = public_good_value(flow, needs, p)
    assert value.shape == (5,)
    assert np.all((value >= 0) & (value <= 1.5 * flow.sum() * (1 + 1e-12)))
    assert np.allclose(public_good_value(3 * flow, needs, p), 3 * value)
    more = flow.copy()
    more[kind] += 1.0
    assert np.all(public_good_value(more, needs, p) >= value - 1e-12)
    assert np.allclose(public_good_value(np.tile(flow, (5, 1)), needs, p), value)


def test_a_perfect_match_is_worth_the_factor() -> None:
    needs = np.array([[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]])
    p = replace(P, public_good_factor=1.3)
    assert public_good_value(4.0 * needs[0], needs, p) == pytest.approx(5.2)
    assert public_good_value(np.zeros(6), needs, p) == 0.0


# --- whole cents --------------------------------------------------------------------------------


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**6), min_size=1, max_size=40))
@settings(deadline=None, max_examples=50)
def test_split_cents_loses_none(total: int, weights: list[int]) -> None:
    weights[0] += 1
    shares = np.array(weights, dtype=np.float64)
    parts = split_cents(total, shares)
    exact = total * (shares / shares.sum())
    assert int(parts.sum()) == total
    assert parts.dtype == np.int64
    assert np.all(parts >= 0)
    assert np.all(np.abs(parts - exact) <= 1 + 1e-15 * total)
    assert np.all(parts[shares == 0] == 0)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40), SHARE)
@settings(deadline=None, max_examples=50)
def test_splitting_by_what_is_due_overpays_nobody(due: list[int], part: float) -> None:
    due[0] += 1
    total = int(part * sum(due))
    paid = split_cents(total, np.array(due, dtype=np.float64))
    assert np.all(paid <= np.array(due))


def test_splitting_thirds_loses_cents_if_only_rounded() -> None:
    """The problem that the largest remainder solves."""
    thirds = np.full(3, 1 / 3)
    assert np.floor(100 * thirds).sum() == 99
    assert split_cents(100, thirds).sum() == 100


@pytest.mark.parametrize(
    ("total", "shares"), [(-1, [1.0]), (10**16, [1.0]), (5, [0.0, 0.0]), (5, [1.0, -0.5])]
)
def test_impossible_splits_are_refused(total: int, shares: list[float]) -> None:
    with pytest.raises(ValueError, match="must"):
        split_cents(total, np.array(shares))
