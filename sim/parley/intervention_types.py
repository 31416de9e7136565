"""An intervention of a scenario, as a frozen value: instrument and delivery."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Intervention:
    """An instrument, and how it is delivered.

    Rules never see it: `parley.policy` turns it into the values of a month.
    """

    key: str
    """Name, as in files and in the names of arms."""
    label: str
    kind: str
    """The instrument: a key of `interventions.toml`."""
    strengths: tuple[tuple[str, float], ...]
    """Name and value of every strength of the kind, in its order."""
    first: int
    """First month of the run in which it works, from 0."""
    last: int | None
    """Last month in which it works; None for the end of the run."""
    ramp_months: int
    """Months until coverage is complete; at 1 the first month has all of it."""
    coverage: float
    """Part of those eligible whom it reaches in the end, in [0, 1]."""
    eligible: tuple[str, ...]
    """Groups and tags of people who are eligible; a person of any of them is. Empty for all."""
    villages: tuple[int, ...]
    """Villages where it is delivered, counted from 0; empty for all."""
    paid_by: str
    """`company`, `state` or `donor`."""
    source: str = "assumption"
    grade: str = "assumption"
    note: str = ""

    def strength(self, name: str) -> float:
        """One of its strengths.

        Raises:
            KeyError: The kind has none of that name.
        """
        return dict(self.strengths)[name]

    def runs_in(self, month: int) -> bool:
        """Whether it works in a month of the run."""
        return self.first <= month and (self.last is None or month <= self.last)

    def within(self, months: int) -> Self:
        """The same intervention in a run of so many months, for its identity."""
        last = None if self.last is None or self.last >= months - 1 else self.last
        return dataclasses.replace(self, last=last)
