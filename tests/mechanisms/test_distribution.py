"""Block M8: diversion, splits and the value of public goods."""

from collections.abc import Callable
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
    diversion_payoff,
    power_share,
    public_good_value,
    split_cents,
    split_shares,
)
from parley.parameters import DistributionParams
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
        [float(detection_probability(diverted, amount, e, verifiable, p)) for e in (low, high)],
        [float(detection_probability(diverted, amount, verifiable, v, p)) for v in (low, high)],
        [float(detection_probability(x, amount, 0.5, verifiable, p)) for x in (low, high)],
        [float(detection_probability(diverted, x, 0.5, verifiable, p)) for x in (low, high)],
    ]
    for less, more in chances:
        assert 0 <= less <= more + 1e-15
        assert more <= 1


@pytest.mark.parametrize(("praise", "quality", "sanction"), [(0.7, 0.5, 0.4), (0.5, 0.5, 1.0)])
def test_best_share_balances_praise_against_expected_sanction(
    praise: float, quality: float, sanction: float
) -> None:
    p = replace(P, sanction_share=sanction)
    shares = np.linspace(0, 1, 100_001)
    caught = quality * shares
    expected = (1 - caught) * diversion_payoff(shares, False, p, praise)
    expected += caught * diversion_payoff(shares, True, p, praise)
    best = (1 - praise) / (2 * quality * sanction)
    assert 0 < best < 1
    assert shares[np.argmax(expected)] == pytest.approx(best, abs=1e-4)


@given(DIVERTED, DIVERTED, st.floats(-1, 1), st.floats(-1, 1))
@settings(deadline=None, max_examples=50)
def test_the_share_goes_on_where_it_paid_and_turns_where_it_did_not(
    share: float, before: float, payoff: float, payoff_before: float
) -> None:
    p = replace(P, diversion_step=5.0)
    after = float(adapt_diversion(share, before, payoff, payoff_before, p))
    assert LOWEST_DIVERTED <= after <= HIGHEST_DIVERTED
    direction = 1 if share >= before else -1
    assert (after - share) * direction * (payoff - payoff_before) >= 0
    logit = np.log(share / (1 - share)) + 5 * direction * (payoff - payoff_before)
    written_out = np.clip(1 / (1 + np.exp(-logit)), LOWEST_DIVERTED, HIGHEST_DIVERTED)
    assert after == pytest.approx(float(written_out), rel=1e-9)


def test_nothing_moves_without_a_step_or_without_a_difference() -> None:
    shares = np.array([0.001, 0.2, 0.7, 0.999])
    still = adapt_diversion(shares, 0.5, 0.9, 0.1, replace(P, diversion_step=0.0))
    assert np.array_equal(still, shares)
    assert np.array_equal(adapt_diversion(shares, 0.5, 0.3, 0.3, P), shares)


def test_a_channel_that_stood_still_can_move_again() -> None:
    p = replace(P, diversion_step=5.0)
    assert float(adapt_diversion(0.3, 0.3, 0.5, 0.9, p)) < 0.3
    assert float(adapt_diversion(0.001, 0.001, 0.9, 0.5, p)) > 0.001
    assert float(adapt_diversion(0.999, 0.999, 0.5, 0.9, p)) < 0.999


def steady(channels: int) -> Callable[[np.random.Generator], Floats]:
    """Praise that is always 1."""
    return lambda _: np.ones(channels)


def shifting(channels: int) -> Callable[[np.random.Generator], Floats]:
    """Praise that varies from month to month between 0 and one half."""
    return lambda rng: rng.uniform(0.0, 0.5, channels)


def learn(
    start: float,
    p: DistributionParams,
    praise: Callable[[int], Callable[[np.random.Generator], Floats]] = shifting,
    seed: int = 7,
) -> Floats:
    """Diverted shares of 2,000 independent channels after 40 years."""
    channels, months = 2000, 480
    rng = np.random.default_rng(seed)
    draw = praise(channels)
    before = np.full(channels, start)
    share = np.clip(start + rng.choice([-0.01, 0.01], channels), LOWEST_DIVERTED, HIGHEST_DIVERTED)

    def payoff(share: Floats) -> Floats:
        chance = detection_probability(share, 1.0, 0.0, 0.0, p)
        return diversion_payoff(share, rng.random(channels) < chance, p, draw(rng))

    payoff_before = payoff(before)
    for _ in range(months):
        now = payoff(share)
        share, before = adapt_diversion(share, before, now, payoff_before, p), share
        payoff_before = now
    return share


def mean_and_error(shares: Floats) -> tuple[float, float]:
    return float(shares.mean()), float(shares.std() / np.sqrt(len(shares)))


CHECKED = replace(P, detection_base=0.5, sanction_share=0.4, diversion_step=5.0)


@pytest.mark.parametrize("off", [{"detection_base": 0.0}, {"sanction_share": 0.0}])
def test_without_detection_or_sanction_diversion_drifts_up(off: dict[str, float]) -> None:
    """T-D13: praise below 1 and no punishment."""
    mean, error = mean_and_error(learn(0.25, replace(CHECKED, **off)))
    assert mean - 0.25 > 5 * error
    assert 0.95 < mean <= HIGHEST_DIVERTED
    # The drift is the learning: without a step nothing moves.
    unmoved = learn(0.25, replace(CHECKED, **off, diversion_step=0.0))
    assert np.abs(unmoved - 0.25).max() <= 0.0101
    # And it is the missing praise: where delivering earns as much as keeping, nothing moves.
    assert np.abs(learn(0.25, replace(CHECKED, **off), steady) - 0.25).max() <= 0.0101


def test_constant_praise_soon_leaves_nothing_to_learn_from() -> None:
    """Undetected diversion would pay, but each move is smaller than the one before."""
    unseen = replace(CHECKED, detection_base=0.0)
    half = learn(0.25, unseen, lambda channels: lambda _: np.full(channels, 0.5))
    assert 0 < abs(float(half.mean()) - 0.25) < 0.02
    assert float(learn(0.25, unseen).mean()) > 0.95


def test_detection_and_sanction_give_an_interior_rest_point() -> None:
    """T-D13: the same mean from below and from above, away from both limits."""
    from_below, error_below = mean_and_error(learn(0.05, CHECKED, seed=8))
    from_above, error_above = mean_and_error(learn(0.95, CHECKED, seed=9))
    error = np.hypot(error_below, error_above)
    assert abs(from_below - from_above) < 4 * error
    assert 0.80 < from_below < 0.88
    # Punished harder and surely, diversion rests much lower.
    harsh = replace(CHECKED, detection_base=1.0, sanction_share=1.0)
    low, low_error = mean_and_error(learn(0.25, harsh))
    assert from_below - low > 5 * np.hypot(error_below, low_error)
    assert 0.05 < low < 0.20


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
