"""Compiled passes join the comparison with plain people and with columns, to the same bound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
from oracle.backends import live
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
from oracle.lockstep import TOLERANCE, DisagreementError, Lockstep

import parley.model
from parley.network import Ties

pytest.importorskip("numba")


def test_ten_years_among_unruly_people() -> None:
    lockstep = Lockstep(unruly(), backend="compiled")
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= ALWAYS | PROTEST


def test_ten_years_among_fearful_people() -> None:
    lockstep = Lockstep(fearful(), backend="compiled")
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= ALWAYS | RISK


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_ten_years(name: str) -> None:
    """As columns do, which `test_lockstep` compares with plain people in the same cases."""
    live(SLOW[name].scenario(), MONTHS, root_seed=len(name))


def test_people_without_ties(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_half_alone(people: Any, *rest: Any) -> Ties:
        chain = np.arange(people.n // 2, people.n - 1)
        return Ties.from_pairs(people.n, chain, chain + 1)

    monkeypatch.setattr(parley.model, "build_ties", first_half_alone)
    lockstep = Lockstep(switched_on(small_world()), backend="compiled")
    assert lockstep.run(24) <= TOLERANCE
    assert "without ties" in lockstep.reached


# --- the comparison can fail ----------------------------------------------------------------------

CHANGED = {
    "benefits reach people": "benefit",
    "people earn their living": "income_now",
    "harm and security": "security",
    "complaints are heard": "since_desk",
    "four weeks of mobilisation": "silent",
    "those who took part may be punished": "fear",
    "people appraise the company": "signal_benefit",
    "trust moves": "trust_state",
    "expectations move": "aspiration",
    "grievance moves": "grievance_legacy",
    "opinion spreads": "opinion",
}
"""Entry of the schedule, and a column that its compiled pass writes."""


def one_person_off(run: Callable[[Any], None], column: str) -> Callable[[Any], None]:
    def planted(model: Any) -> None:
        run(model)
        values = model.people.columns[column]
        if values.dtype == np.float64:
            values.flat[0] += 1e-8
        else:
            values[0] = not values[0]

    return planted


@pytest.mark.parametrize("label", CHANGED)
def test_a_mistake_is_found_beside_columns_too(label: str) -> None:
    start = left_alone() if "living" in label else fearful()
    scenario = replace(start, conservation_checks=False)
    off = {label: partial(one_person_off, column=CHANGED[label])}
    with pytest.raises(DisagreementError, match="between backends"):
        live(scenario, MONTHS, **off)


@pytest.mark.parametrize("label", CHANGED)
def test_a_planted_mistake_is_found(label: str) -> None:
    start = left_alone() if "living" in label else fearful()
    lockstep = Lockstep(replace(start, conservation_checks=False), backend="compiled")
    passes = dict(lockstep.columns.passes)
    lockstep.columns.passes = passes | {label: one_person_off(passes[label], CHANGED[label])}
    with pytest.raises(DisagreementError, match="in columns"):
        lockstep.run(MONTHS)
