"""What two backends do to the same people, compared as columns are with plain people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from oracle.lockstep import DECISIONS, PASSING, TOLERANCE, VIEWS, DisagreementError

from parley.model import PartneringModel

if TYPE_CHECKING:
    from parley.scenario_types import Scenario

BACKENDS = ("numpy", "compiled")
EXACT = {*DECISIONS, "forced", "events", "rounds", "agreed"}
TOGETHER = {
    "now": ("blocking_share", "active_share", "events", "rounds", "agreed", "speaking", "room"),
    "state": ("forced", "efficacy", "group_benefit", "disruption"),
}
"""What people are together, by who holds it."""


def compared(model: PartneringModel) -> Iterator[tuple[str, Any]]:
    """Everything that is compared after a month, by name."""
    for name in (*DECISIONS, *VIEWS):
        yield name, model.people[name]
    for name in PASSING:
        yield f"now.{name}", getattr(model.now, name)
    for holder, names in TOGETHER.items():
        for name in names:
            yield name, getattr(getattr(model, holder), name)
    for name, resolved in model.now.resolved.items():
        yield f"resolved at {name}", resolved
    for name, series in model.recorder.series.items():
        yield f"outcome {name}", series[model.now.index]


def live(scenario: Scenario, months: int, root_seed: int = 0, **planted: Any) -> None:
    """Let both backends live some months of a scenario and compare after each.

    Args:
        scenario: What they live in.
        months: How many.
        root_seed: Of their luck.
        planted: Passes of the compiled model to wrap, by label of the schedule.

    Raises:
        DisagreementError: A number differs by more than `TOLERANCE`, or a decision at all.
    """
    usual, other = (PartneringModel(scenario, root_seed, 0, name) for name in BACKENDS)
    wrapped = {label: wrap(other.passes[label]) for label, wrap in planted.items()}
    other.passes = dict(other.passes) | wrapped
    for _ in range(months):
        usual.step()
        other.step()
        for (name, ours), (_, theirs) in zip(compared(usual), compared(other), strict=True):
            one, two = (np.asarray(values, dtype=float) for values in (ours, theirs))
            if not alike(one, two, 0.0 if name in EXACT else TOLERANCE):
                raise DisagreementError(f"month {usual.now.index}: {name} differs between backends")


def alike(one: Any, two: Any, allowed: float) -> bool:
    """Whether two arrays of numbers differ by no more than what is allowed; NaN equals NaN."""
    if one.shape != two.shape:
        return False
    return bool((np.abs(one - two) <= allowed).all()) or np.allclose(
        one, two, 0.0, allowed, equal_nan=True
    )
