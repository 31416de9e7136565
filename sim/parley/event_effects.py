"""Turns a place's dated events into one input per month and kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.arrays import Bools, Floats, Ints
    from parley.scenario_types import TimedEvent


@dataclass(frozen=True, slots=True)
class EventEffects:
    """What dated events do to the model's inputs; every array has shape (months,).

    Attributes:
        price_shock: added to the log price.
        accident: added to the environmental stock.
        safety_pressure: multiplies pressure on safety (1 = unchanged).
        protest_wave: added to the visible activity of others (share).
        meeting_reach: multiplies the reach of meetings (1 = unchanged).
        output: multiplies output (1 = unchanged).
        emission: multiplies emissions (1 = unchanged).
        leaves: the company leaves in the month, whatever its result.
        vote: a municipal election falls in the month.
        months_to_vote: months until the next municipal election, 0 in its month.
    """

    price_shock: Floats
    accident: Floats
    safety_pressure: Floats
    protest_wave: Floats
    meeting_reach: Floats
    output: Floats
    emission: Floats
    leaves: Bools
    vote: Bools
    months_to_vote: Ints


def event_effects(
    events: Sequence[TimedEvent], months: int, election_interval: int
) -> EventEffects:
    """Lay dated events out by month.

    Dated votes are used as given; after the last of them, or from the start if there is none,
    votes follow every `election_interval` months.

    Args:
        events: dated events of the place; those outside the run are ignored.
        months: length of the run.
        election_interval: months between two municipal elections, at least 1.

    Returns:
        One array per kind of effect.
    """
    zeros, ones = np.zeros(months), np.ones(months)
    effects = EventEffects(
        price_shock=zeros.copy(),
        accident=zeros.copy(),
        safety_pressure=ones.copy(),
        protest_wave=zeros.copy(),
        meeting_reach=ones.copy(),
        output=ones.copy(),
        emission=ones.copy(),
        leaves=np.zeros(months, dtype=np.bool_),
        vote=np.zeros(months, dtype=np.bool_),
        months_to_vote=np.zeros(months, dtype=np.int64),
    )
    for event in events:
        lasting = slice(event.month, None if event.months == 0 else event.month + event.months)
        onward = slice(event.month, None)
        match event.kind:
            case "price_shock":
                effects.price_shock[lasting] += event.magnitude
            case "accident":
                effects.accident[event.month : event.month + 1] += event.magnitude
            case "peace_accord":
                effects.safety_pressure[onward] *= event.magnitude
            case "protest_wave":
                effects.protest_wave[lasting] += event.magnitude
            case "contact_ban":
                effects.meeting_reach[lasting] *= event.magnitude
            case "output_change":
                effects.output[lasting] *= event.magnitude
            case "emission_change":
                effects.emission[onward] *= event.magnitude
            case "company_leaves":
                effects.leaves[event.month : event.month + 1] = True
            case "vote":
                effects.vote[event.month : event.month + 1] = True
            case _:
                pass
    dated = [event.month for event in events if event.kind == "vote"]
    first = (max(dated) if dated else 0) + election_interval
    effects.vote[first::election_interval] = True
    later = first + election_interval * np.arange(months // election_interval + 2)
    votes = np.concatenate((np.flatnonzero(effects.vote), later[later >= months]))
    month = np.arange(months)
    effects.months_to_vote[:] = votes[np.searchsorted(votes, month)] - month
    return effects
