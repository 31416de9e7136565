"""A channel: whoever hands money on, and may divert a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from parley.model import PartneringModel

CHANNELS = ("contractor", "organisations", "transfers", "public_works", "cash_programme")


class Channel(mesa.Agent["PartneringModel"]):
    """One channel between payer and resident.

    Attributes:
        name: one of `CHANNELS`.
        diverted_share: part of each payment it diverts, in (0, 1).
        temptation: what keeping a unit is worth to it more than delivering it.
        audited: whether the practices' monitoring and documentation reach this channel.
        paid: what passed through it this month (cents).
    """

    def __init__(
        self,
        model: PartneringModel,
        name: str,
        diverted_share: float,
        temptation: float,
        audited: bool,
    ) -> None:
        """Start at rest at the registry's share."""
        super().__init__(model)
        self.name = name
        self.diverted_share = diverted_share
        self.temptation = temptation
        self.audited = audited
        self.paid = 0
