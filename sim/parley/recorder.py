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
        events: what happened, in order.
    """

    def __init__(self, outcomes: Iterable[Outcome], months: int, groups: tuple[str, ...]) -> None:
        """Allocate one array for all monthly outcomes."""
        names = [outcome.name for outcome in outcomes if outcome.level != "run"]
        self._kept = np.full((len(names), months, len(groups)), np.nan)
        self._row = {name: row for row, name in enumerate(names)}
        self._month = -1
        self.events: list[Event] = []

    @property
    def series(self) -> dict[str, Floats]:
        """Outcome name -> shape (months, n_groups); NaN where it has no value."""
        return dict(zip(self._row, self._kept, strict=True))

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
        if given != self._row.keys():
            odd = ", ".join(sorted(given ^ self._row.keys()))
            raise RunError(f"month {month}: measured outcomes and registry differ in: {odd}")
        self._kept[[self._row[name] for name in groups], month] = list(groups.values())
        self._kept[[self._row[name] for name in site], month, 0] = list(site.values())
        infinite = np.isinf(self._kept[:, month]).any(axis=1)
        if infinite.any():
            odd = ", ".join(name for name, row in self._row.items() if infinite[row])
            raise RunError(f"month {month}: outcome '{odd}' is infinite")
        self._month = month

    def last(self, name: str) -> Floats:
        """Last recorded values of an outcome, shape (n_groups,); NaN before the first month."""
        months = self._kept[self._row[name]]
        return months[self._month] if self._month >= 0 else np.full(months.shape[1], np.nan)

    def note(self, event: Event) -> None:
        """Add an event."""
        self.events.append(event)
