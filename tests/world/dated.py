"""Dated events for tests."""

from dataclasses import fields
from datetime import date

from parley.event_effects import EventEffects
from parley.event_kinds import EVENT_KINDS
from parley.price_data import month_after
from parley.scenario_types import TimedEvent

KINDS = tuple(EVENT_KINDS)
ARRAYS = tuple(field.name for field in fields(EventEffects))
"""Inputs that events change, and the countdown to the next vote."""


def dated(kind, month, size=0.0, months=0):
    """An event of a run that starts in January 2012."""
    when = month_after(date(2012, 1, 1), month)
    return TimedEvent(month, when, kind, "Event", size, months, "assumption")
