"""Community organisations, one per village, and the facilitator between the parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from parley.arrays import Ints
    from parley.model import PartneringModel


class CommunityOrganisation(mesa.Agent["PartneringModel"]):
    """Speaks and bargains for one village.

    Attributes:
        village: index of the village.
        leaders: rows of its leaders in the population, shape (n_leaders,).
        hardness: multiplier on its demands, in [0.5, 3].
        belief_mean: mean error of its belief about the rent (log).
        belief_sd: spread of that belief (log).
        standoff: whether its last claim was refused.
        conceded, broken, kept, refused: events since its last claim (counts).
    """

    def __init__(self, model: PartneringModel, village: int, leaders: Ints) -> None:
        """Start with ordinary demands and no standoff."""
        super().__init__(model)
        self.village = village
        self.leaders = leaders
        self.hardness = 1.0
        self.belief_mean = 0.0
        self.belief_sd = 0.0
        self.standoff = False
        self.forget()

    def forget(self) -> None:
        """Clear the events that the next claim looks back on."""
        self.conceded = 0
        self.broken = 0
        self.kept = 0
        self.refused = 0


class Facilitator(mesa.Agent["PartneringModel"]):
    """A third party whose word counts as far as it has proved right.

    Attributes:
        credibility: learned credibility, in [0, 1].
        company_payer_share: part of its fee that the company pays, in [0, 1].
    """

    def __init__(
        self, model: PartneringModel, credibility: float, company_payer_share: float
    ) -> None:
        """Start with the credibility of a newcomer."""
        super().__init__(model)
        self.credibility = credibility
        self.company_payer_share = company_payer_share
