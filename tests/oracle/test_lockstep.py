"""People in columns and plain people, given the same luck, live the same ten years.

Every column that may change, every decision and every reported outcome of people is compared in
each of 120 months: numbers to 1e-10, decisions exactly.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from oracle.cases import (
    ALWAYS,
    MONTHS,
    PROTEST,
    RISK,
    SLOW,
    fearful,
    left_alone,
    small_world,
    switched_on,
    unruly,
)
from oracle.lockstep import HAPPENINGS, TOLERANCE, DisagreementError, Lockstep
from worlds import practices

import parley.model
from parley.network import Ties


def test_ten_years_among_unruly_people() -> None:
    lockstep = Lockstep(unruly())
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= ALWAYS | PROTEST


def test_ten_years_among_fearful_people() -> None:
    lockstep = Lockstep(fearful())
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= ALWAYS | RISK


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_ten_years(name: str) -> None:
    case = SLOW[name]
    lockstep = Lockstep(case.scenario(), root_seed=len(name))
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= case.reaches


def test_people_without_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_half_alone(people: Any, *rest: Any) -> Ties:
        chain = np.arange(people.n // 2, people.n - 1)
        return Ties.from_pairs(people.n, chain, chain + 1)

    monkeypatch.setattr(parley.model, "build_ties", first_half_alone)
    lockstep = Lockstep(switched_on(small_world()))
    assert lockstep.run(24) <= TOLERANCE
    assert "without ties" in lockstep.reached


def test_nobody_is_left_out_of_a_meeting_that_is_not_held() -> None:
    lockstep = Lockstep(switched_on(small_world(stack=practices(0.0))))
    assert lockstep.run(24) <= TOLERANCE
    assert not {"meeting", "left out"} & lockstep.reached


def test_everything_that_can_happen_does_in_some_case() -> None:
    asked = set().union(*(case.reaches for case in SLOW.values()))
    assert asked | {"without ties"} == HAPPENINGS.keys()


# --- the comparison can fail ----------------------------------------------------------------------


def a_millionth_less(rule: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **named: rule(*given, **named) * (1.0 - 1e-6)


def first_a_millionth_less(rule: Callable[..., Any]) -> Callable[..., Any]:
    def planted(*given: Any) -> tuple[Any, ...]:
        first, *rest = rule(*given)
        return (first * (1.0 - 1e-6), *rest)

    return planted


def second_sign_swapped(rule: Callable[..., Any]) -> Callable[..., Any]:
    return lambda first, second, *rest: rule(first, -second, *rest)


def two_swapped(rule: Callable[..., Any]) -> Callable[..., Any]:
    return lambda zeroth, first, second, *rest: rule(zeroth, second, first, *rest)


PLANTS = {
    "parley.mechanisms.room.attendance_probability": lambda rule: lambda *given: 1 - rule(*given),
    "parley.mechanisms.room.speaking_weight": a_millionth_less,
    "parley.steps.benefits.public_good_value": a_millionth_less,
    "parley.steps.benefits.split_shares": a_millionth_less,
    "parley.steps.exposure.harm": a_millionth_less,
    "parley.steps.exposure.step_security": a_millionth_less,
    "parley.steps.exposure.security_pull": first_a_millionth_less,
    "parley.mechanisms.livelihood.outside_use": a_millionth_less,
    "parley.mechanisms.livelihood.outside_income": a_millionth_less,
    "parley.mechanisms.livelihood.step_skill": a_millionth_less,
    "parley.mechanisms.livelihood.step_ventures": first_a_millionth_less,
    "parley.mechanisms.mobilisation.willingness": lambda rule: lambda *given: -rule(*given),
    "parley.mechanisms.mobilisation.risk": lambda rule: lambda *given: 1 - rule(*given),
    "parley.mechanisms.mobilisation.disruption": a_millionth_less,
    "parley.mechanisms.response.step_efficacy": a_millionth_less,
    "parley.mechanisms.appraisal.benefit_signal": a_millionth_less,
    "parley.mechanisms.appraisal.voice_signal": first_a_millionth_less,
    "parley.mechanisms.appraisal.combine": a_millionth_less,
    "parley.steps.appraise.gossip": first_a_millionth_less,
    "parley.steps.appraise.tunnel": a_millionth_less,
    "parley.mechanisms.chain.trust_left": a_millionth_less,
    "parley.mechanisms.trust.step_linear": two_swapped,
    "parley.mechanisms.trust.asymmetry": a_millionth_less,
    "parley.mechanisms.trust.spillover": second_sign_swapped,
    "parley.steps.attitudes.step_aspiration": a_millionth_less,
    "parley.steps.attitudes.step_expected_influence": second_sign_swapped,
    "parley.mechanisms.grievance.operational_inflow": a_millionth_less,
    "parley.mechanisms.grievance.relative_deprivation": a_millionth_less,
    "parley.mechanisms.grievance.step_blame": a_millionth_less,
    "parley.mechanisms.grievance.partnership_inflow": a_millionth_less,
    "parley.mechanisms.grievance.step_legacy": a_millionth_less,
    "parley.steps.attitudes.step_opinion": a_millionth_less,
}


@pytest.mark.parametrize("where", PLANTS)
def test_a_planted_mistake_is_found(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name = where.rsplit(".", 1)
    rule = getattr(__import__(module, fromlist=[name]), name)
    monkeypatch.setattr(where, PLANTS[where](rule))
    start = left_alone() if "venture" in where else switched_on(small_world())
    scenario = replace(start, conservation_checks=False)
    with pytest.raises(DisagreementError, match="in columns"):
        Lockstep(scenario).run(MONTHS)


RISK_PLANTS = {
    "parley.mechanisms.risk.step_fear": a_millionth_less,
    "parley.mechanisms.risk.come_despite_fear": lambda rule: lambda *given: 1 - rule(*given),
    "parley.mechanisms.risk.shows": lambda rule: lambda *given: ~rule(*given),
    "parley.mechanisms.risk.reprisal_chance": lambda rule: lambda *given: 1 - rule(*given),
    "parley.mechanisms.desk.filing_chance": lambda rule: lambda *given: 0.5 * rule(*given),
    "parley.mechanisms.desk.queue_rank": lambda rule: lambda *given: rule(*given)[::-1],
    "parley.mechanisms.desk.resolved_chance": lambda rule: lambda *given: 1 - rule(*given),
}


@pytest.mark.parametrize("where", RISK_PLANTS)
def test_a_planted_mistake_about_risk_is_found(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name = where.rsplit(".", 1)
    rule = getattr(__import__(module, fromlist=[name]), name)
    monkeypatch.setattr(where, RISK_PLANTS[where](rule))
    scenario = replace(fearful(), conservation_checks=False)
    with pytest.raises(DisagreementError, match="in columns"):
        Lockstep(scenario).run(MONTHS)


def test_ties_that_are_ignored_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ties, "row_mean", lambda _, x: np.asarray(x, dtype=np.float64))
    with pytest.raises(DisagreementError):
        Lockstep(small_world()).run(MONTHS)


def test_other_luck_is_found() -> None:
    lockstep = Lockstep(small_world())
    news = lockstep.listener.month()
    draws = replace(news.draws, company=news.draws.company[::-1])
    lockstep.plain.live(replace(news, draws=draws))
    with pytest.raises(DisagreementError):
        lockstep.compare(news)


@pytest.mark.parametrize(
    "name",
    [
        *("arithmetic", "plain_income", "plain_life", "plain_risk"),
        *("plain_person", "plain_place", "plain_measures"),
    ],
)
def test_plain_people_are_written_independently(name: str) -> None:
    """Only Mesa, `math` and one another; of the model nothing that is more than a type."""
    tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
    typing_only = [
        node
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for node in ast.walk(branch)
    ]
    modules = set()
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module).partition(".")[0])
    assert modules <= {"__future__", "collections", "math", "mesa", "oracle", "typing"}
