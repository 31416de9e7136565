"""A channel: whoever hands money on, and may divert a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from parley.model import PartneringModel

CHANNELS = ("contractor", "organisations", "transfers", "public_works")


class Channel(mesa.Agent["PartneringModel"]):
    """One channel between payer and resident.

    Attributes:
        name: one of `CHANNELS`.
        diverted_share: part of each payment it diverts, in (0, 1).
        previous_share, previous_payoff: last month's, from which it learns.
        audited: whether the practices' monitoring and documentation reach this channel.
        paid: what passed through it this month (cents).
        largest: the largest monthly payment so far (cents).
    """

    def __init__(
        self, model: PartneringModel, name: str, diverted_share: float, audited: bool
    ) -> None:
        """Start at the registry's share with no experience."""
        super().__init__(model)
        self.name = name
        self.diverted_share = diverted_share
        self.previous_share = diverted_share
        self.previous_payoff = 1.0
        self.audited = audited
        self.paid = 0
        self.largest = 0
