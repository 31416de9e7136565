"""Outcome arrays, allocated once from the registry, and the list of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.errors import RunError
from parley.results import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from parley.arrays import Floats
    from parley.registry import Outcome


class Recorder:
    """Keeps what a run is asked to report.

    Attributes:
        series: outcome name -> shape (months, n_groups); NaN where it has no value.
        events: what happened, in order.
    """

    def __init__(self, outcomes: Iterable[Outcome], months: int, groups: tuple[str, ...]) -> None:
        """Allocate one array per monthly outcome."""
        self.series: dict[str, Floats] = {
            outcome.name: np.full((months, len(groups)), np.nan)
            for outcome in outcomes
            if outcome.level != "run"
        }
        self._month = -1
        self.events: list[Event] = []

    def record(self, month: int, groups: Mapping[str, Floats], site: Mapping[str, float]) -> None:
        """Store one month.

        Args:
            month: month of the run, from 0.
            groups: outcome name -> shape (n_groups,).
            site: outcome name -> value for the whole site.

        Raises:
            RunError: an outcome is missing, unknown or infinite.
        """
        given = groups.keys() | site.keys()
        if given != self.series.keys():
            odd = ", ".join(sorted(given ^ self.series.keys()))
            raise RunError(f"month {month}: measured outcomes and registry differ in: {odd}")
        for name, values in groups.items():
            self.series[name][month] = values
        for name, value in site.items():
            self.series[name][month, 0] = value
        if np.isinf(np.concatenate([array[month] for array in self.series.values()])).any():
            odd = ", ".join(k for k, array in self.series.items() if np.isinf(array[month]).any())
            raise RunError(f"month {month}: outcome '{odd}' is infinite")
        self._month = month

    def last(self, name: str) -> Floats:
        """Last recorded values of an outcome, shape (n_groups,); NaN before the first month."""
        array = self.series[name]
        return array[self._month] if self._month >= 0 else np.full(array.shape[1], np.nan)

    def note(self, event: Event) -> None:
        """Add an event."""
        self.events.append(event)
