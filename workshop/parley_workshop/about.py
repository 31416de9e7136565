"""The registry by name, as the page asks for it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from parley.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parley.registry import Dial, Outcome, Parameter

OFFERED = (
    "trust_company",
    "grievance_at_company",
    "benefit",
    "active_share",
    "trust_state",
    "dignity",
    "fear",
    "inclusion",
    "need_match",
    "community_share",
    "blockades",
    "days_lost",
    "profit",
    "performance_gap",
    "partnership_alive",
)
"""Outcomes that have a value every month and that a room can make something of."""
MOST_OUTCOMES = 4
"""Drawn at a time."""


def offered(names: Iterable[str]) -> tuple[str, ...]:
    """Those of some names that are offered, each once, as many as are drawn at a time.

    >>> offered(["benefit", "npv", "benefit", "fear"])
    ('benefit', 'fear')
    """
    return tuple(name for name in dict.fromkeys(names) if name in OFFERED)[:MOST_OUTCOMES]


@functools.cache
def outcomes() -> Mapping[str, Outcome]:
    """Every outcome by its name."""
    return {outcome.name: outcome for outcome in load_registry().outcomes}


@functools.cache
def dials() -> Mapping[str, Dial]:
    """Every dial by its key, in order."""
    return {dial.key: dial for dial in load_registry().dials}


@functools.cache
def facts() -> Mapping[str, Parameter]:
    """Every fact of a place by its name."""
    parameters = load_registry().parameters.values()
    return {rule.name: rule for rule in parameters if rule.role == "place"}


def cite(key: str) -> str:
    """A reference in words; the key itself where there is no such reference."""
    found = load_registry().references.get(key)
    if found is None:
        return key
    parts = (f"{found.authors} ({found.year})", found.title, found.where, found.url)
    return ". ".join(part for part in parts if part)
