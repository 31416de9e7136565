"""Block M20: joining, keeping undertakings without sanction, leaving."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.mechanisms import partnership as rules
from parley.registry import default_parameters

P = default_parameters().partnership
AMOUNT = st.floats(0.0, 1e3)
SHARE = st.floats(0.0, 1.0)

# --- T-D14: the repeated prisoner's dilemma -----------------------------------------------------

TEMPT, REWARD, PUNISH, SUCKER = 5.0, 3.0, 1.0, 0.0
ROUNDS = 10


@pytest.mark.parametrize(
    ("tempt", "reward", "punish"), [(5.0, 3.0, 1.0), (4.0, 3.0, 0.0), (10.0, 9.0, 1.0)]
)
def test_keeping_is_grim_cooperation(tempt: float, reward: float, punish: float) -> None:
    """The rule turns exactly at delta = (T - R) / (T - P)."""
    threshold = rules.grim_threshold(tempt, reward, punish)
    assert threshold == (tempt - reward) / (tempt - punish)
    for delta in np.linspace(0.0, 1.0, 101):
        kept = bool(rules.keeps(tempt - reward, reward - punish, float(delta)))
        if abs(delta - threshold) > 1e-9:
            assert kept == (delta > threshold), delta


def test_the_threshold_is_where_cooperating_for_ever_pays() -> None:
    """Known answer by summing the two streams of payoffs over 5,000 months."""
    months = np.arange(5_000)
    for delta in (0.3, 0.45, 0.55, 0.9):
        weights = delta**months
        cooperate = float(REWARD * weights.sum())
        defect = float(TEMPT + PUNISH * weights[1:].sum())
        kept = bool(rules.keeps(TEMPT - REWARD, REWARD - PUNISH, delta))
        assert kept == (cooperate >= defect)


PURE = replace(P, conditional_share=1.0, match_slope=1.0)
"""Effort that matches the other's last contribution and nothing else."""


def cooperate(own: list[float], other: list[float]) -> float:
    """Always."""
    return 1.0


def defect(own: list[float], other: list[float]) -> float:
    """Never: what neglect saves always exceeds a future that is worth nothing."""
    return float(rules.keeps(TEMPT - REWARD, 0.0, 0.9))


def tit_for_tat(own: list[float], other: list[float]) -> float:
    """What conditional effort is at slope 1, with two partners."""
    return float(rules.conditional_effort(other[-1], PURE)) if other else 1.0


def grim(own: list[float], other: list[float]) -> float:
    """The future is worth R - P as long as nobody has ever defected, and nothing after."""
    value = REWARD - PUNISH if all(move == 1.0 for move in other) else 0.0
    return float(rules.keeps(TEMPT - REWARD, value, 0.9))


def score(one: object, other: object) -> tuple[float, float]:
    """Play ten rounds."""
    mine: list[float] = []
    theirs: list[float] = []
    total = [0.0, 0.0]
    pay = {(1, 1): REWARD, (1, 0): SUCKER, (0, 1): TEMPT, (0, 0): PUNISH}
    for _ in range(ROUNDS):
        a, b = one(mine, theirs), other(theirs, mine)  # type: ignore[operator]
        mine.append(a)
        theirs.append(b)
        total[0] += pay[int(a), int(b)]
        total[1] += pay[int(b), int(a)]
    return total[0], total[1]


STRATEGIES = {"cooperate": cooperate, "defect": defect, "tit for tat": tit_for_tat, "grim": grim}
BY_HAND = {
    # ten rounds each: 10 R = 30; 10 T = 50; 10 P = 10; T + 9 P = 14; S + 9 P = 9
    "cooperate": {"cooperate": 30, "defect": 0, "tit for tat": 30, "grim": 30},
    "defect": {"cooperate": 50, "defect": 10, "tit for tat": 14, "grim": 14},
    "tit for tat": {"cooperate": 30, "defect": 9, "tit for tat": 30, "grim": 30},
    "grim": {"cooperate": 30, "defect": 9, "tit for tat": 30, "grim": 30},
}
"""Row's score against column, as in Axelrod's tournament with payoffs 5, 3, 1, 0."""


def test_a_round_robin_gives_the_scores_worked_by_hand() -> None:
    for name, against in BY_HAND.items():
        for other, points in against.items():
            got = score(STRATEGIES[name], STRATEGIES[other])
            assert got == (points, BY_HAND[other][name]), (name, other)
    totals = {name: sum(row.values()) for name, row in BY_HAND.items()}
    assert totals == {"cooperate": 90, "defect": 88, "tit for tat": 99, "grim": 99}


# --- joining and leaving ------------------------------------------------------------------------


def test_regard_counts_neighbours_in_part() -> None:
    """Half of what 4 neighbours get beside one's own: 3 shares; all of it: 5 shares."""
    for weight, shares in ((0.5, 3.0), (1.0, 5.0)):
        counted = rules.regard(np.array([5.0, 1.0]), replace(P, leader_regard=weight))
        assert counted.tolist() == [shares, 1.0], "who leads nobody else counts once"


@given(gain=st.floats(-10.0, 10.0), cost=AMOUNT, more=AMOUNT)
def test_a_higher_cost_never_makes_it_worth_it(gain: float, cost: float, more: float) -> None:
    dear = bool(rules.worth_it(gain, cost + more, 1.0))
    assert bool(rules.worth_it(gain, cost, 1.0)) or not dear


@given(temptation=AMOUNT, value=AMOUNT, delta=SHARE, more=SHARE)
def test_patience_never_makes_a_partner_neglect_its_work(
    temptation: float, value: float, delta: float, more: float
) -> None:
    longer = min(delta + more, 1.0)
    assert bool(rules.keeps(temptation, value, longer)) or not bool(
        rules.keeps(temptation, value, delta)
    )


def test_a_vote_shortens_the_horizon() -> None:
    months = np.array([1.0, 2.0, 48.0, np.inf])
    p = replace(P, believed_horizon=1.0, tenure_weight=1.0)
    assert rules.horizon(0.0, months, p).tolist() == [0.0, 0.5, 1.0 - 1 / 48, 1.0]
    yearly = rules.horizon(0.12, np.inf, replace(P, believed_horizon=1.0))
    assert float(yearly**12) == pytest.approx(np.exp(-0.12), rel=1e-12)


def test_beliefs_converge_to_what_is_seen() -> None:
    """Known answer: the distance shrinks by the rate each month."""
    p = replace(P, learning_per_month=0.1, neighbour_weight=0.25)
    belief = 1.0
    for _ in range(24):
        belief = float(rules.step_belief(belief, 0.4, 0.0, p))
    assert belief == pytest.approx(0.3 + 0.7 * 0.9**24, rel=1e-12)


def test_doubt_counts_months_in_a_row() -> None:
    doubt = np.array([0])
    found = []
    for worth in (False, False, True, False, False, False):
        doubt = rules.step_doubt(doubt, np.array([worth]))
        found.append(int(doubt[0]))
    assert found == [1, 2, 0, 1, 2, 3]


@given(gain=st.floats(-10.0, 10.0), shortfall=SHARE)
def test_bad_findings_never_raise_what_is_expected(gain: float, shortfall: float) -> None:
    belief, doubt = rules.reassess(np.array([gain]), np.array([4]), np.array([shortfall]), P)
    assert float(belief[0]) <= gain
    assert int(doubt[0]) == (0 if shortfall == 0.0 else 4)


# --- effort -------------------------------------------------------------------------------------


def test_matching_with_a_slope_below_one_decays() -> None:
    """Known answer: after n periods a share slope^n is left; with warm hearts a floor remains."""
    p = replace(P, conditional_share=1.0, match_slope=0.9)
    effort = 1.0
    for _ in range(20):
        effort = float(rules.conditional_effort(effort, p))
    assert effort == pytest.approx(0.9**20, rel=1e-12)
    p = replace(P, conditional_share=0.5, match_slope=0.8)
    for _ in range(200):
        effort = float(rules.conditional_effort(effort, p))
    assert effort == pytest.approx(0.5 / (1.0 - 0.4), rel=1e-12)


def test_payoff_learning_finds_that_neglect_pays_and_that_work_pays() -> None:
    """The rival reading: effort climbs one's own payoff, whatever others do."""
    p = replace(P, payoff_step=0.1)
    for slope, end in ((-1.0, 0.0), (1.0, 1.0)):
        effort, direction = np.array([0.5]), np.array([1.0])
        before = np.array([-np.inf])
        for _ in range(40):
            payoff = slope * effort
            effort, direction = rules.payoff_effort(effort, direction, payoff, before, p)
            before = payoff
        assert abs(float(effort[0]) - end) <= 0.2


@given(cap=st.floats(0.0, 800.0), hours=st.floats(0.1, 12.0), most=st.integers(1, 60))
def test_meetings_stay_within_the_cap(cap: float, hours: float, most: int) -> None:
    rounds = rules.rounds_within(cap, hours, most)
    assert 0 <= rounds <= most
    assert rounds * hours <= cap * (1 + 1e-12)
    assert rounds == most or (rounds + 1) * hours > cap * (1 - 1e-12)


# --- null switches ------------------------------------------------------------------------------


def test_null_switches() -> None:
    gain, cost = np.array([-5.0, 0.0, 1.0]), np.array([1.0, 1.0, 1e9])
    assert rules.worth_it(gain, cost, 0.0).all(), "everybody joins and stays"
    assert rules.keeps(np.zeros(3), np.zeros(3), np.array([0.0, 0.5, 1.0])).all()
    others = np.array([0.0, 0.3, 1.0])
    off = replace(P, conditional_share=0.0, payoff_learning_share=0.0)
    effort = rules.conditional_effort(others, off)
    assert effort.tolist() == [1.0, 1.0, 1.0]
    assert rules.mixed_effort(effort, np.zeros(3), off).tolist() == [1.0, 1.0, 1.0]
    left = np.array([0.0, 0.5, 1.0])
    still = rules.believed_gain(gain, left, replace(P, exit_spread=0.0))
    assert still.tolist() == gain.tolist()
    deaf = replace(P, review_weight=0.0)
    belief, doubt = rules.reassess(gain, np.array([1, 2, 3]), 0.0, deaf)
    assert (belief.tolist(), doubt.tolist()) == (gain.tolist(), [1, 2, 3])
    alone = replace(P, leader_regard=0.0)
    assert rules.regard(np.array([1.0, 3.7, 200.0]), alone).tolist() == [1.0, 1.0, 1.0]
    frozen = replace(P, learning_per_month=0.0)
    assert rules.step_belief(gain, 9.0, 9.0, frozen).tolist() == gain.tolist()
    assert rules.rounds_within(744.0, 12.0, 60) == 60
