"""Regions: what is planted is found, what is not there does not hold."""

import numpy as np
import pandas as pd
import pytest

from parley_analysis import discovery_cases as cases_of
from parley_analysis.discovery import discover, reappearing, shuffled
from parley_analysis.discovery_cases import Cases
from parley_analysis.discovery_results import FAILS, HOLDS, TOO_FEW, Chance, Counts, Plan, judge
from parley_analysis.discovery_search import Rule, search
from parley_analysis.discovery_words import limit_in_words, nothing_found, sentence
from parley_analysis.load import AnalysisError

SMALL = Plan(shuffles=19, resamples=2, boxes=1)
NAMES = ["trust.loss", "price.swing", "harm.rate", "budget.share", "skill.pace"]


def worlds(seed, n=300):
    luck = np.random.default_rng([seed, 99])
    return pd.DataFrame(luck.random((n, len(NAMES))), columns=NAMES), luck


def noisy(inside, luck, within=0.85, outside=0.1):
    chance = np.where(inside, within, outside)
    return pd.Series(luck.random(len(chance)) < chance)


def one_box(points):
    return (points["trust.loss"] > 0.6) & (points["budget.share"] < 0.5)


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_box_is_recovered_and_holds(seed):
    points, luck = worlds(seed)
    found = discover(points, noisy(one_box(points), luck), plan=SMALL)
    box = found.boxes[0]
    limits = {limit.factor: limit for limit in box.limits}
    assert set(limits) == {"trust.loss", "budget.share"}
    assert limits["trust.loss"].low == pytest.approx(0.6, abs=0.1)
    assert limits["trust.loss"].high == np.inf
    assert limits["budget.share"].high == pytest.approx(0.5, abs=0.1)
    assert limits["budget.share"].low == -np.inf
    assert limits["trust.loss"].low_quantile == pytest.approx(0.6, abs=0.12)
    assert box.verdict == HOLDS
    assert 0.5 < box.held.density <= 1.0
    assert box.chance.p == pytest.approx(1 / 20)
    assert box.chance.density < box.found.density
    assert not found.dummy_limits


def test_the_same_box_does_not_hold_once_its_effect_is_switched_off():
    points, luck = worlds(0)
    label = noisy(one_box(points), luck)
    shuffled_label = pd.Series(luck.permutation(label), label.index)
    found = discover(points, shuffled_label, plan=SMALL)
    assert not any(box.verdict == HOLDS for box in found.boxes)


def test_two_disjoint_boxes_are_found_in_turn():
    points, luck = worlds(7, n=500)
    first = (points["trust.loss"] < 0.4) & (points["price.swing"] > 0.5)
    second = (points["trust.loss"] > 0.7) & (points["harm.rate"] < 0.6)
    plan = Plan(shuffles=19, resamples=1, boxes=2)
    found = discover(points, noisy(first | second, luck), plan=plan)
    sets = [{limit.factor for limit in box.limits} for box in found.boxes]
    assert sorted(sets, key=sorted) == [{"harm.rate", "trust.loss"}, {"price.swing", "trust.loss"}]
    assert [box.verdict for box in found.boxes] == [HOLDS, HOLDS]
    one, two = (box.holds(points) for box in found.boxes)
    assert (one & two).sum() <= 5
    assert found.boxes[1].found.points == found.boxes[0].found.points - found.boxes[0].found.inside


@pytest.mark.slow
def test_nothing_planted_holds_in_at_most_one_seed_in_twenty():
    """Counted over 40 seeds; a box judged by the points that found it would hold far more often."""
    holds = naive = boxes = 0
    for seed in range(40):
        points, luck = worlds(1000 + seed, n=200)
        label = pd.Series(luck.random(len(points)) < 0.3)
        found = discover(points, label, plan=Plan(shuffles=19, resamples=1, boxes=1, seed=seed))
        boxes += len(found.boxes)
        holds += any(box.verdict == HOLDS for box in found.boxes)
        lucky = Chance(0.0, 0.0, 0.0, 0.0, 19)
        naive += any(judge(box.found, lucky) == HOLDS for box in found.boxes)
    assert boxes >= 8  # the search does find boxes in noise, and they look good where found
    assert naive >= 5
    assert holds <= 2


def test_searched_and_held_out_points_share_nothing_and_are_seeded():
    points, luck = worlds(3, n=120)
    label = noisy(one_box(points), luck).drop([5, 17, 80])
    found = discover(points, label, plan=SMALL)
    searched, held = set(found.searched), set(found.held)
    assert not searched & held
    assert searched | held == set(label.index)
    assert len(held) == round(0.3 * 117)
    box = found.boxes[0]
    assert box.held.points == len(held)
    inside = box.holds(points.loc[list(found.held)])
    assert box.held.hits == int(label.loc[list(found.held)][inside].sum())
    again = discover(points, label, plan=SMALL)
    assert repr(again.boxes[0].limits) == repr(box.limits)  # NaN is not equal to itself
    assert again.boxes[0].chance == box.chance
    other = discover(points, label, plan=Plan(shuffles=19, resamples=2, boxes=1, seed=2))
    assert set(other.held) != held


def test_luck_and_dummies_never_limit_a_box():
    points, luck = worlds(4, n=120)
    points["luck"] = luck.integers(0, 5, len(points)).astype(float)
    points["dummy"] = luck.random(len(points))
    label = noisy(points["dummy"] > 0.6, luck, 0.95, 0.05)  # as if the dummy decided everything
    found = discover(points, label, plan=SMALL)
    assert found.factors == tuple(NAMES)
    assert not {"luck", "dummy"} & {limit.factor for box in found.boxes for limit in box.limits}
    assert found.dummy_limits  # the noise check sees it
    assert found.dummy_reappears == 1.0


def test_a_stated_density_takes_the_largest_box_that_has_it():
    points, luck = worlds(5)
    y = noisy(one_box(points), luck, 0.9, 0.1).to_numpy()
    dense, wide = (search(points.to_numpy(), y, Rule(density=d)) for d in (0.85, 0.5))
    inside = [found.box.holds(points.to_numpy()) for found in (dense, wide)]
    assert y[inside[0]].mean() >= 0.85
    assert y[inside[1]].mean() >= 0.5
    assert y[inside[1]].sum() > y[inside[0]].sum()


def test_chance_and_resamples_tell_a_plant_from_noise():
    points, luck = worlds(6)
    x = points.to_numpy()
    y = noisy(one_box(points), luck).to_numpy()
    found = search(x, y, Rule())
    assert shuffled(x, y, found, SMALL).p == pytest.approx(0.05)
    weak = found._replace(excess=0.0)  # a box no better than its share overall
    assert shuffled(x, y, weak, SMALL).p > 0.05
    often = reappearing(x, y, Plan(shuffles=19, resamples=6))
    assert often[0, 0] >= 0.8  # trust.loss from below
    assert often[2].max() <= 0.4


@pytest.mark.parametrize(
    ("held", "p", "verdict"),
    [
        (Counts(200, 40, 30, 20), 0.02, HOLDS),
        (Counts(200, 40, 30, 20), 0.2, FAILS),
        (Counts(200, 40, 30, 8), 0.02, FAILS),
        (Counts(200, 40, 9, 9), 0.02, TOO_FEW),
        (Counts(200, 4, 30, 4), 0.02, TOO_FEW),
    ],
)
def test_verdicts(held, p, verdict):
    assert judge(held, Chance(0.2, 0.3, 0.1, p, 49)) == verdict


ANSWERS = pd.DataFrame(
    {"hsbp": [0.5, 0.3, np.nan, 0.6, 0.4], "transactional": [0.4, 0.4, 0.4, np.nan, 0.45]}
)


def test_points_without_a_value_are_left_out_never_false():
    cases = cases_of.arm_is_worse(ANSWERS, "trust_company", "hsbp", "transactional")
    assert cases.label.to_dict() == {0: False, 1: True, 4: True}
    assert (cases.number, cases.left_out) == (2, 2)
    assert cases.clause == "hsbp leaves trust in the company lower than transactional"
    wider = cases_of.arm_is_worse(ANSWERS, "trust_company", "hsbp", "transactional", 0.07)
    assert wider.label.to_dict() == {0: False, 1: True, 4: False}


def test_the_registry_says_which_direction_is_worse():
    lost = cases_of.arm_is_worse(ANSWERS, "days_lost", "hsbp", "transactional")
    assert lost.label.to_dict() == {0: True, 1: False, 4: False}
    high = cases_of.is_beyond(ANSWERS, "days_lost", "hsbp", 0.45)
    assert high.label.to_dict() == {0: True, 1: False, 3: True, 4: False}
    assert high.left_out == 1
    low = cases_of.is_beyond(ANSWERS, "trust_company", "hsbp", 0.45)
    assert low.label.to_dict() == {0: False, 1: True, 3: False, 4: True}


def test_the_worst_tenth():
    answers = pd.DataFrame({"hsbp": np.arange(100.0)})
    low = cases_of.is_among_worst(answers, "trust_company", "hsbp", 0.1)
    assert low.label[low.label].index.tolist() == list(range(10))
    high = cases_of.is_among_worst(answers, "days_lost", "hsbp", 0.1)
    assert high.label[high.label].index.tolist() == list(range(90, 100))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cases_of.arm_is_worse(ANSWERS, "trust_compny", "hsbp", "x"), "did you mean"),
        (lambda: cases_of.arm_is_worse(ANSWERS, "trust_company", "hsbpp", "hsbp"), "did you mean"),
        (lambda: cases_of.arm_is_worse(ANSWERS, "trust_company", "hsbp", "hsbp"), "itself"),
        (
            lambda: cases_of.arm_is_worse(ANSWERS, "trust_company", "hsbp", "transactional", -1),
            "margin",
        ),
        (lambda: cases_of.is_beyond(ANSWERS, "trust_company", "hsbp", np.nan), "finite"),
        (lambda: cases_of.is_among_worst(ANSWERS, "trust_company", "hsbp", 1.5), "between 0"),
    ],
)
def test_bad_questions(call, words):
    with pytest.raises(AnalysisError, match=words):
        call()


def labelled(yes, no, left_out=0):
    return Cases(pd.Series([True] * yes + [False] * no), left_out, "hsbp leaves trust lower")


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (labelled(15, 10, 7), "only 25 points have a value.*7 points have no value"),
        (labelled(0, 100), "0 of 100 points; at least 10 cases"),
        (labelled(100, 0), "nearly everywhere"),
    ],
)
def test_too_little_to_search_is_said(cases, words):
    with pytest.raises(AnalysisError, match=words):
        cases_of.check(cases)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"plan": Plan(shuffles=5, boxes=0)}, "boxes = 0.*\n.*shuffles = 5"),
        ({"plan": Plan(rule=Rule(density=1.5))}, "density = 1.5"),
        ({"factors": []}, "no factor"),
        ({"label": pd.Series([True, False], [0, 999])}, "belong to no point, such as 999"),
        ({"label": pd.Series([True, None], [0, 1])}, "1 labels are missing"),
    ],
)
def test_bad_searches(change, words):
    points, luck = worlds(0, n=50)
    given = {"points": points, "label": noisy(one_box(points), luck)} | change
    with pytest.raises(AnalysisError, match=words):
        discover(**given)


def test_a_sentence_says_inside_elsewhere_and_held_out():
    points, luck = worlds(0)
    found = discover(points, noisy(one_box(points), luck), plan=SMALL)
    box = found.boxes[0]
    cases = Cases(pd.Series([True]), 0, "hsbp leaves trust in the company lower than none")
    said = sentence(box, cases)
    inside, elsewhere = (f"{100 * s:.0f}" for s in (box.found.density, box.found.elsewhere))
    low, high = (f"{100 * end:.0f}" for end in box.held.density_interval)
    assert said == (
        f"Hsbp leaves trust in the company lower than none in {inside} of 100 of the worlds in "
        f"which {limit_in_words(box.limits[0])} and {limit_in_words(box.limits[1])}; elsewhere in "
        f"{elsewhere} of 100; held out: {100 * box.held.density:.0f} [{low}, {high}]."
    )
    assert limit_in_words(box.limits[0]).startswith("`trust.loss` is at least 0.")
    assert "No region found" in nothing_found(cases)
