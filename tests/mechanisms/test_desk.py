"""Desks: the queue against Erlang's closed forms, who files, how cases end, what spills over."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mechanisms import desk
from parley.registry import default_parameters

P = default_parameters().desk
SHARE = st.floats(0.0, 1.0)


# --- the queue ----------------------------------------------------------------------------------


def simulate(arrivals, speed, servers, months, step, seed):
    """Steady arrivals at a desk in short steps.

    Args:
        arrivals: cases per month.
        speed: closings per busy server and month.
        servers: cases at a time.
        months: length.
        step: length of a step (months).
        seed: of the draws.

    Returns:
        Waiting and served cases at each step, and for each closed case the months it stayed and
        whether it found every server busy.
    """
    luck = np.random.default_rng(seed)
    p = replace(P, closing_per_month=speed * step)
    since = np.empty(0, dtype=np.int64)
    found_busy = np.empty(0, dtype=np.bool_)
    sizes, stays, busy = [], [], []
    for now in range(round(months / step)):
        new = int(luck.random() < arrivals * step)
        since = np.append(since, [now] * new)
        found_busy = np.append(found_busy, [len(sizes) > 0 and sizes[-1] >= servers] * new)
        rank = desk.queue_rank(since, luck.random(since.size))
        closed = luck.random(since.size) < desk.closing_chance(rank, servers, p)
        stays += ((now - since[closed]) * step).tolist()
        busy += found_busy[closed].tolist()
        since, found_busy = since[~closed], found_busy[~closed]
        sizes.append(since.size)
    return np.array(sizes), np.array(stays), np.array(busy)


def erlang_c(servers, load):
    """Chance that a case must wait, from Erlang 1917: load = arrivals / speed."""
    full = load**servers / math.factorial(servers) * servers / (servers - load)
    return full / (sum(load**k / math.factorial(k) for k in range(servers)) + full)


def batch_error(values, batches=20):
    """Standard error of the mean of a correlated series, from means of long batches."""
    means = np.array([part.mean() for part in np.array_split(values, batches)])
    return float(means.std(ddof=1) / math.sqrt(batches))


def test_one_server_is_the_queue_with_one_server():
    """Mean stay 1 / (speed - arrivals), mean number load / (1 - load)."""
    sizes, stays, _ = simulate(0.6, 1.0, 1, months=2500, step=0.05, seed=3)
    assert abs(stays.mean() - 1.0 / 0.4) < 3.0 * batch_error(stays) + 0.05
    assert abs(sizes.mean() - 0.6 / 0.4) < 3.0 * batch_error(sizes) + 0.05


@pytest.mark.parametrize(("servers", "arrivals"), [(2, 1.2), (4, 3.0)])
def test_several_servers_are_erlang_s(servers, arrivals):
    """Chance of waiting, and mean stay 1 / speed + C / (c speed - arrivals)."""
    sizes, stays, busy = simulate(arrivals, 1.0, servers, months=2000, step=0.05, seed=5)
    waits = erlang_c(servers, arrivals)
    stay = 1.0 + waits / (servers - arrivals)
    assert abs(busy.mean() - waits) < 3.0 * batch_error(busy.astype(float)) + 0.03
    assert abs(stays.mean() - stay) < 3.0 * batch_error(stays) + 0.05
    assert abs(sizes.mean() - arrivals * stay) < 3.0 * batch_error(sizes) + 0.1, "Little's law"


def test_erlang_would_notice_another_queue():
    """With one server more the same comparison fails."""
    _, stays, _ = simulate(1.2, 1.0, 3, months=2000, step=0.05, seed=5)
    stay = 1.0 + erlang_c(2, 1.2) / 0.8
    assert abs(stays.mean() - stay) > 3.0 * batch_error(stays) + 0.05


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30), st.integers(0, 1000))
def test_the_queue_is_a_queue(since, seed):
    since = np.array(since)
    rank = desk.queue_rank(since, np.random.default_rng(seed).random(since.size))
    assert sorted(rank.tolist()) == list(range(since.size))
    assert (np.diff(since[np.argsort(rank)]) >= 0).all(), "whoever has waited longer is first"


@given(st.integers(0, 100), st.floats(0.0, 8.0), st.floats(0.0, 8.0))
def test_more_servers_never_lengthen_the_queue(seed, few, more):
    """The same arrivals and the same luck: cases open with more servers are a part of those with
    fewer, month after month."""
    luck = np.random.default_rng(seed)
    open_few, open_many = np.zeros(40, bool), np.zeros(40, bool)
    since = np.zeros(40, dtype=np.int64)
    many = few + more
    for month in range(24):
        arrivals = (luck.random(40) < 0.1) & ~open_few & ~open_many
        since[arrivals] = month
        order, heard = luck.random((2, 40))
        open_few |= arrivals
        open_many |= arrivals
        for cases, servers in ((open_few, few), (open_many, many)):
            rows = np.flatnonzero(cases)
            rank = desk.queue_rank(since[rows], order[rows])
            cases[rows[heard[rows] < desk.closing_chance(rank, servers, P)]] = False
        assert not (open_many & ~open_few).any()


def test_nobody_is_heard_without_servers():
    assert desk.closing_chance(np.arange(5), 0.0, P).tolist() == [0.0] * 5
    assert float(desk.servers(0.0, 1000.0, P)) == 0.0


@given(SHARE, st.floats(0.0, 1e6))
def test_a_desk_grows_with_its_level_and_its_place(level, residents):
    found = float(desk.servers(level, residents, P))
    assert found == pytest.approx(level * P.servers_per_1000 * residents / 1000.0, rel=1e-12)
    assert 0.0 <= float(desk.knows(level, P)) <= P.known_share


# --- who files ----------------------------------------------------------------------------------


def test_over_the_time_of_the_survey_the_shares_of_the_survey_file():
    """At the belief of the start 17% go to an authority; made as easy as can be, 29%."""
    monthly = desk.filing_chance(np.array([0.0, 1.0]), P.belief_start, P)
    share = 1.0 - (1.0 - monthly) ** P.problem_months
    assert share.tolist() == pytest.approx([P.authority_share, P.seek_share], abs=1e-12)


@given(SHARE, SHARE)
def test_belief_and_ease_never_lower_the_chance_and_seekers_are_the_most(ease, belief):
    chance = float(desk.filing_chance(ease, belief, P))
    assert 0.0 <= chance <= 1.0 - (1.0 - P.seek_share) ** (1.0 / P.problem_months) + 1e-15
    assert chance <= float(desk.filing_chance(1.0, belief, P)) + 1e-15
    assert chance <= float(desk.filing_chance(ease, 1.0, P)) + 1e-15
    assert float(desk.filing_chance(ease, 0.0, P)) == 0.0


@given(SHARE, SHARE)
def test_fear_keeps_away_and_cover_brings_back(fear, cover):
    dares = float(desk.dares(fear, cover, P))
    assert math.exp(-P.dare_fear) <= dares <= 1.0
    assert float(desk.dares(fear, 1.0, P)) == 1.0
    assert float(desk.dares(0.0, cover, P)) == 1.0
    assert dares >= float(desk.dares(fear, 0.0, P))


# --- how cases end ------------------------------------------------------------------------------


@given(SHARE, SHARE, SHARE)
def test_the_judge_and_the_remedy_decide(fairness, adequacy, weight):
    p = replace(P, remedy_weight=weight)
    chance = float(desk.resolved_chance(fairness, adequacy, p))
    assert 0.0 <= chance <= fairness + 1e-12
    assert float(desk.resolved_chance(fairness, 1.0, p)) == pytest.approx(fairness, abs=1e-12)
    nothing = float(desk.resolved_chance(fairness, 0.0, p))
    assert nothing == pytest.approx(fairness * (1.0 - weight), abs=1e-12)


@given(st.integers(0, 50), st.integers(0, 50))
def test_belief_moves_towards_what_is_seen_and_only_by_cases(resolved, others):
    closed = resolved + others
    before = np.array([0.5])
    after = float(desk.step_belief(before, np.array([resolved]), np.array([closed]), P)[0])
    if closed == 0:
        assert after == 0.5
    else:
        target = resolved / closed
        assert after == pytest.approx(0.5 + P.belief_learning * (target - 0.5), abs=1e-12)


def test_belief_rests_where_cases_end():
    belief = np.array([0.9])
    for _ in range(400):
        belief = desk.step_belief(belief, np.array([3]), np.array([10]), P)
    assert belief[0] == pytest.approx(0.3, abs=1e-12)


def test_a_remedy_account_is_a_part_of_what_the_desk_costs():
    for level in (0.0, 0.3, 1.0):
        fund = float(desk.remedy_fund(level, 12_345.0, P))
        assert fund == pytest.approx(P.remedy_share * level * 12_345.0)
        assert fund <= level * 12_345.0


# --- what spills over ---------------------------------------------------------------------------


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_tone_and_attention_spill_over_with_either_sign_as_far_as_forums_are_one(sign):
    p = replace(P, spillover_tone=sign * 0.5, spillover_attention=sign * 0.5)
    assert desk.spread_by_tone(0.2, 0.5, 0.0, p) == pytest.approx(0.2 * (1.0 + sign * 0.25))
    assert desk.attention_left(0.5, 0.0, p) == pytest.approx(1.0 - sign * 0.25)
    assert desk.spread_by_tone(0.2, 0.5, 0.5, p) == pytest.approx(0.2 * (1.0 + sign * 0.125))
    assert desk.spread_by_tone(0.2, 0.5, 1.0, p) == 0.2
    assert desk.attention_left(0.5, 1.0, p) == 1.0


@given(SHARE, SHARE, st.floats(0.0, 1.0))
def test_by_default_nothing_spills_over_to_the_bit(hot, separation, spread):
    assert desk.spread_by_tone(spread, hot, separation, P) == spread
    assert desk.attention_left(hot, separation, P) == 1.0
    assert desk.candour(hot, P) == 1.0


def test_open_claims_silence_a_company_that_fears_liability():
    p = replace(P, liability_silence=0.8)
    assert [desk.candour(h, p) for h in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.6, 0.2])


def test_claims_are_hot_until_they_are_settled():
    assert desk.heat(0, 0) == 0.0
    assert desk.heat(7, 7) == 1.0
    assert desk.heat(1, 4) == 0.25


@given(SHARE, st.booleans())
def test_one_case_at_a_time_and_not_for_nothing(grievance, pending):
    may = bool(desk.may_file(grievance, pending, P))
    assert may == (grievance > P.file_threshold and not pending)
