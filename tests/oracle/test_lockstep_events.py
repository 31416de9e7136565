"""People in columns, compiled or not, and plain people meet dated events of every kind alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from oracle.cases import BESET, eventful
from oracle.lockstep import TOLERANCE, DisagreementError, Lockstep

from parley.event_kinds import EVENT_KINDS

MONTHS = 66
"""The last dated event of the case, the company's leaving, falls in month 60."""


def test_the_case_has_every_kind_of_event() -> None:
    assert {event.kind for event in eventful().place.events} == EVENT_KINDS.keys()
    assert max(event.month for event in eventful().place.events) < MONTHS


def test_every_kind_of_event_in_columns() -> None:
    lockstep = Lockstep(eventful())
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= BESET


def test_every_kind_of_event_compiled() -> None:
    pytest.importorskip("numba")
    lockstep = Lockstep(eventful(), backend="compiled")
    assert lockstep.run(MONTHS) <= TOLERANCE
    assert lockstep.reached >= BESET


# --- the comparison can fail ----------------------------------------------------------------------


@pytest.mark.parametrize("backend", ["numpy", "compiled"])
@pytest.mark.parametrize("name", ["reprisals_heard", "spoilers", "outside_income"])
def test_an_event_that_columns_do_not_notice_is_found(name: str, backend: str) -> None:
    """The listener tells plain people of it; the month of the columns runs without it."""
    if backend == "compiled":
        pytest.importorskip("numba")
    lockstep = Lockstep(replace(eventful(), conservation_checks=False), backend=backend)
    model = lockstep.columns
    told = model.effects
    deaf = replace(told, **{name: unchanged(name, getattr(told, name))})
    step = model.step

    def step_deaf() -> None:
        model.effects = deaf
        step()
        model.effects = told  # what plain people are told is read off after the month

    model.step = step_deaf  # type: ignore[method-assign]
    with pytest.raises(DisagreementError, match="in columns"):
        lockstep.run(MONTHS)


def unchanged(name: str, values: Any) -> Any:
    """The input without events."""
    return values * 0.0 + (0.0 if name == "reprisals_heard" else 1.0)
