"""Interventions for tests of the whole model, made without files."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from world.helpers import finished, small

from parley.intervention_kinds import load_kinds
from parley.intervention_types import Intervention

KINDS = tuple(load_kinds())
PAID = [(kind.key, payer) for kind in load_kinds().values() for payer in kind.payers]
"""Every kind with everybody who may pay for it."""

FIRST = 7
"""Month in which the interventions of these tests begin; the room meets in months 0 and 12."""

STRONG = {"royalty_rule": {"share": 0.9}}
"""Where a default strength takes away in one place what it adds in another."""


def intervention(kind: str, payer: str | None = None, **delivery: Any) -> Intervention:
    """An intervention at the default strengths of its kind, for everybody from month 7 on."""
    of = load_kinds()[kind]
    strengths = {strength.name: strength.default for strength in of.strengths}
    strengths |= STRONG.get(kind, {}) | delivery.pop("strengths", {})
    one = Intervention(
        key=kind,
        label=of.label,
        kind=kind,
        strengths=tuple(strengths.items()),
        first=FIRST,
        last=None,
        ramp_months=1,
        coverage=1.0,
        eligible=(),
        villages=(),
        paid_by=payer or of.payers[0],
    )
    return replace(one, **delivery)


def run_with(
    place: str, *interventions: Intervention, months: int = 16, stack: str = "hsbp"
) -> Any:
    """A finished run of 200 people with some interventions."""
    return finished(replace(small(place, stack, months, 200), interventions=interventions))


def costs(model: Any) -> list[float]:
    """What interventions cost in each month, summed from the events (cents)."""
    spent = [0.0] * model.world.months
    for event in model.recorder.events:
        if event.kind == "intervention_cost":
            spent[event.month] += event.amount
    return spent
