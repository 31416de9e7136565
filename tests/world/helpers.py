"""Runs of the whole model, and how two of them are compared."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np

from parley.model import PartneringModel
from parley.practices import available_practices
from parley.scenario import make_scenario
from parley.scenario_types import Scenario

PLACES = ("bosnia", "colombia")
"""Two places of different kinds, in which rules are tested; `scenario/test_place_contract.py` holds
what every bundled place must hold."""
PRESETS = available_practices()
ARMS = [(place, preset) for place in PLACES for preset in PRESETS]
"""Every stack of practices in every place."""


@cache
def small(place: str, practices: Any, months: int = 24, population: int = 200, **keys: Any) -> Any:
    """A short run with few people in a place that comes with Parley."""
    return make_scenario(
        place=place, practices=practices, months=months, population=population, **keys
    )


def started(scenario: Scenario, months: int, root_seed: int = 0, replicate: int = 0) -> Any:
    """A model that has run for so many months of its scenario."""
    model = PartneringModel(scenario, root_seed, replicate)
    for _ in range(months):
        model.step()
    return model


def finished(scenario: Scenario, root_seed: int = 0, replicate: int = 0) -> Any:
    """A model that has run to the end."""
    model = PartneringModel(scenario, root_seed, replicate)
    model.run_model()
    return model


def differing(one: Any, other: Any, months: int | None = None) -> list[str]:
    """Names of everything in which two runs differ by as much as a bit.

    Args:
        one: A model that has run.
        other: Another.
        months: Compare only so many months, outcomes and events alone; None for all that there is,
            people's columns and wallets included.
    """
    series = {
        name: (values[:months], other.recorder.series[name][:months])
        for name, values in one.recorder.series.items()
    }
    if months is None:
        columns = {
            name: (values, other.people[name]) for name, values in one.people.columns.items()
        }
        wallets = {
            "wallets": tuple(np.array([*m.ledger.balances().values()]) for m in (one, other))
        }
        series |= columns | wallets
    names = [name for name, (a, b) in series.items() if not same_bits(a, b)]
    a, b = (events(model, months) for model in (one, other))
    return names + ["events"] * (a != b)


def same_bits(a: Any, b: Any) -> bool:
    """Whether two arrays hold the same bits, NaN included; -0 is not 0."""
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def events(model: Any, months: int | None = None) -> list[tuple[Any, ...]]:
    """What happened, as text: a missing amount equals a missing amount."""
    return [
        (e.month, e.kind, e.actor, e.target, repr(e.amount))
        for e in model.recorder.events
        if months is None or e.month < months
    ]


def digest(series: Any) -> str:
    """One hash over all outcomes of a run, for comparing runs of different processes."""
    fold = hashlib.sha256()
    for name in sorted(series):
        fold.update(name.encode())
        fold.update(np.ascontiguousarray(series[name]).tobytes())
    return fold.hexdigest()


def mean_of(model: Any, outcome: str, group: int = 0) -> float:
    """Mean of an outcome over the months in which it has a value; 0 without any."""
    values = model.recorder.series[outcome][:, group]
    values = values[~np.isnan(values)]
    return float(values.mean()) if values.size else 0.0
