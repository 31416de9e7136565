"""Turns a place's dated events into one input per month and kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from parley.event_kinds import EVENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.arrays import Bools, Floats, Ints
    from parley.event_kinds import EventKind
    from parley.scenario_types import TimedEvent


@dataclass(frozen=True, slots=True)
class EventEffects:
    """What dated events do to the model's inputs; every array has shape (months,).

    Attributes:
        price_shock: added to the log price.
        accident: added to the environmental stock.
        safety_pressure: multiplies pressure on safety (1 = unchanged).
        reprisals_heard: added to the share of acquaintances heard to be punished, at most 1.
        spoilers: multiplies the presence of spoilers (1 = unchanged).
        protest_wave: added to the visible activity of others (share).
        meeting_reach: multiplies the reach of meetings (1 = unchanged).
        output: multiplies output (1 = unchanged).
        emission: multiplies emissions (1 = unchanged).
        posts_change: part of the company's posts that change hands because of it, at most 1.
        royalty: multiplies the royalty rate (1 = unchanged).
        state_income: multiplies the municipality's own income (1 = unchanged).
        outside_income: multiplies what residents earn without the company (1 = unchanged).
        leaves: the company leaves in the month, whatever its result.
        vote: a municipal election falls in the month.
        months_to_vote: months until the next municipal election, 0 in its month.
    """

    price_shock: Floats
    accident: Floats
    safety_pressure: Floats
    reprisals_heard: Floats
    spoilers: Floats
    protest_wave: Floats
    meeting_reach: Floats
    output: Floats
    emission: Floats
    posts_change: Floats
    royalty: Floats
    state_income: Floats
    outside_income: Floats
    leaves: Bools
    vote: Bools
    months_to_vote: Ints

    def royalty_rate(self, usual: float, month: int) -> float:
        """Royalty rate in force in a month.

        Args:
            usual: the place's own rate, share of revenue, 0..1.
            month: month of the run, from 0.

        Returns:
            Share of revenue, at most 1.
        """
        return min(usual * float(self.royalty[month]), 1.0)

    def spoiler_presence(self, usual: float, month: int) -> float:
        """How far groups are present in a month who punish those seen to take part.

        Args:
            usual: the place's own presence, share, 0..1; none stays none.
            month: month of the run, from 0.

        Returns:
            Share, at most 1.
        """
        return min(usual * float(self.spoilers[month]), 1.0)


def event_effects(
    events: Sequence[TimedEvent], months: int, election_interval: int
) -> EventEffects:
    """Lay dated events out by month.

    Dated votes are used as given, those after the end of the run too: the date of the next one is
    known beforehand. After the last of them, or from the start if there is none, votes follow every
    `election_interval` months.

    Args:
        events: dated events of the place; those outside the run are ignored, also such as began
            before it and would still hold: the place's numbers are those of its start.
        months: length of the run.
        election_interval: months between two municipal elections, at least 1.

    Returns:
        One array per kind of effect.
    """
    inputs: dict[str, Any] = {
        kind.input: _unchanged(kind, months) for kind in EVENT_KINDS.values() if kind.input
    }
    for event in events:
        if event.month < 0:
            continue
        kind = EVENT_KINDS[event.kind]
        match kind.combine:
            case "add":
                inputs[kind.input][_held(kind, event)] += event.magnitude
            case "multiply":
                inputs[kind.input][_held(kind, event)] *= event.magnitude
            case "flag":
                inputs[kind.input][_held(kind, event)] = True
            case "nothing":
                pass
    for share in ("reprisals_heard", "posts_change"):
        np.minimum(inputs[share], 1.0, out=inputs[share])
    effects = EventEffects(**inputs, months_to_vote=np.zeros(months, dtype=np.int64))
    dated = [event.month for event in events if event.kind == "vote" and event.month >= 0]
    first = (max(dated) if dated else 0) + election_interval
    regular = first + election_interval * np.arange(months // election_interval + 2)
    votes = np.unique(np.concatenate((np.array(dated, dtype=np.int64), regular)))
    effects.vote[votes[votes < months]] = True
    month = np.arange(months)
    effects.months_to_vote[:] = votes[np.searchsorted(votes, month)] - month
    return effects


def _unchanged(kind: EventKind, months: int) -> Floats | Bools:
    """What an input is without any event, one entry a month."""
    if kind.combine == "flag":
        return np.zeros(months, dtype=np.bool_)
    return np.full(months, 1.0 if kind.combine == "multiply" else 0.0)


def _held(kind: EventKind, event: TimedEvent) -> slice:
    """The months that an event holds for."""
    if kind.lasting == "month":
        return slice(event.month, event.month + 1)
    for_good = kind.lasting == "good" or (kind.lasting == "months or good" and event.months == 0)
    return slice(event.month, None if for_good else event.month + event.months)
