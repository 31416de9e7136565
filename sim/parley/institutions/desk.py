"""Where complaints are taken: the partnership's own desk, and a forum for claims about the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

DESKS = {"desk": "complaints_desk", "forum": "remedy_forum"}
"""Name of each desk, and the practice that runs it."""

NO_CASE, OPEN, RESOLVED, DECLARED, WITHDRAWN = range(5)
"""State of a person's last case: none; waiting; closed and resolved as the claimant sees it;
closed as declared only; given up."""


class Desk(mesa.Agent["PartneringModel"]):
    """Takes cases, works on those that have waited longest, closes them and pays remedies.

    Attributes:
        name: one of `DESKS`.
        wallet: account from which it pays remedies.
        belief: shape (n_villages,), share of cases that people there expect to end well.
        filed, closed, resolved, withdrawn: cases ever (counts); `closed` are declared closed,
            `resolved` those of them that their claimants call resolved.
        new_filed, new_closed, new_resolved: the same this month.
        waited: months that the cases closed this month had waited, in all.
        remedy: remedy paid for each case closed this month (cents).
    """

    def __init__(self, model: PartneringModel, name: str, belief: float) -> None:
        """Start without a case, believed as much as any desk."""
        super().__init__(model)
        self.name = name
        self.wallet = f"remedy:{name}"
        self.belief: Floats = np.full(model.people.n_villages, belief)
        self.filed = self.closed = self.resolved = self.withdrawn = 0
        self.start_month()

    def start_month(self) -> None:
        """Forget what happened last month."""
        self.new_filed = self.new_closed = self.new_resolved = 0
        self.waited = 0
        self.remedy = 0

    @property
    def open(self) -> int:
        """Cases that are waiting (count)."""
        return self.filed - self.closed - self.withdrawn
