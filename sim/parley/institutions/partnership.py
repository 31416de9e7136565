"""The partnership: who has joined, what each expects of it, and whether it is still alive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats, Ints
    from parley.model import PartneringModel

COMPANY, MUNICIPALITY, ORGANISATIONS = 0, 1, 2
"""Places in every array over partners; organisations follow in the order of their villages."""


class Partnership(mesa.Agent["PartneringModel"]):
    """Company, municipality and one organisation per village, with undertakings to one another.

    The facilitator is hired and stays as long as the process is paid, so it decides nothing here.
    Arrays run over partners: company, municipality, organisations. Money is in each partner's own
    unit a month: shares of a normal month's revenue for the company, shares of its own money for
    the municipality, median monthly incomes for an organisation: what reaches
    residents as a leader counts it, and what it costs a leader.

    Attributes:
        alive: whether it has begun and not ended.
        ended: whether the company has left or is gone, or everybody else; it does not begin again.
        months: months lived so far.
        member: who has joined and not left.
        has_left: who has ever left.
        keeps: who kept its undertakings this month.
        effort: part of its ability that each puts into joint work, in [0, 1].
        direction: in which direction effort was last changed, -1 or 1.
        gain: what each believes it gains by the partnership in a month.
        cost: what each believes it costs.
        doubt: months in a row in which it did not seem worth it.
        contributed: what each put in since the last agenda, summed over months.
        payoff: what each got net since the last agenda, summed over months.
        payoff_before: the same for the period before, per month.
        period: months since the last agenda.
    """

    def __init__(self, model: PartneringModel, gain: Floats, cost: Floats) -> None:
        """Start with nobody in it.

        Args:
            model: the model.
            gain: first beliefs, shape (n_partners,).
            cost: likewise.
        """
        super().__init__(model)
        self.alive = False
        self.ended = False
        self.months = 0
        partners = gain.size
        self.member: Bools = np.zeros(partners, dtype=np.bool_)
        self.has_left: Bools = np.zeros(partners, dtype=np.bool_)
        self.keeps: Bools = np.ones(partners, dtype=np.bool_)
        self.effort: Floats = np.ones(partners)
        self.direction: Floats = -np.ones(partners)
        self.gain = gain
        self.cost = cost
        self.doubt: Ints = np.zeros(partners, dtype=np.int64)
        self.contributed: Floats = np.zeros(partners)
        self.payoff: Floats = np.zeros(partners)
        self.payoff_before: Floats = np.full(partners, -np.inf)
        self.period = 0

    def expect(self, before: tuple[Floats, Floats], after: tuple[Floats, Floats]) -> None:
        """Move beliefs by the difference between two stacks; nothing costs less than nothing.

        Args:
            before: gain and cost expected of the stack so far, shape (n_partners,) each.
            after: the same of the one announced now.
        """
        self.gain = self.gain + (after[0] - before[0])
        self.cost = np.maximum(self.cost + (after[1] - before[1]), 0.0)

    @property
    def offered(self) -> bool:
        """Whether there is a process to join or to stay in."""
        return bool(self.model.stack.offers_process)

    @property
    def running(self) -> bool:
        """Whether it lives and the stack of the month has a process; it pauses where not."""
        return self.alive and self.offered

    def end(self) -> None:
        """End it for good, if it has begun; nobody is in it any more."""
        if self.ended:
            return
        if self.alive:
            self.model.note("ended", "partnership", "", float(self.months))
        self.alive, self.ended = False, True

    @property
    def others_left(self) -> Floats:
        """Share of the other partners that are not members, per partner."""
        outside = (~self.member).astype(np.float64)
        share: Floats = (outside.sum() - outside) / (outside.size - 1)
        return share

    def others_mean(self, values: Floats) -> Floats:
        """Mean over the other members, per partner; one's own value where there are none."""
        inside = self.member.astype(np.float64)
        count = inside.sum() - inside
        total = float((values * inside).sum()) - values * inside
        return np.divide(total, count, out=values.astype(np.float64), where=count > 0.0)

    def name(self, partner: int) -> str:
        """What a partner is called in the record."""
        if partner == COMPANY:
            return "company"
        if partner == MUNICIPALITY:
            return "municipality"
        return f"organisation of {self.model.village_name(partner - ORGANISATIONS)}"
