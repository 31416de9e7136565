"""Posts through which an instruction passes: the company's, the officials', one of each partner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from parley.model import PartneringModel

COMPANY = "company"
OFFICIAL = "official"
COMMUNITY = "community"
FACILITATOR = "facilitator"

OFFICIAL_TITLES = ("ministry", "region", "municipality")


class ChainPosition(mesa.Agent["PartneringModel"]):
    """One post of a chain of command and whoever holds it now.

    Attributes:
        side: `COMPANY`, `OFFICIAL`, `COMMUNITY` or `FACILITATOR`.
        title: name of the post.
        layer: place in its chain, counted from 1 at the top.
        contact: whether residents deal with this post: the site and the municipality.
        attention: tasks that the incumbent can look at in a month (count).
        indicator_weight: weight of partnering work among the post's indicators, in [0, 1].
        commitment: how far the incumbent is committed to partnering, in [0, 1].
        champion_value: how far the incumbent is a champion beyond duty, in [0, 1].
        tenure: months since the incumbent came.
    """

    def __init__(
        self, model: PartneringModel, side: str, title: str, layer: int, contact: bool = False
    ) -> None:
        """Set up a post that nobody holds yet."""
        super().__init__(model)
        self.side = side
        self.title = title
        self.layer = layer
        self.contact = contact
        self.attention = model.p.chain.attention_tasks
        self.indicator_weight = model.p.chain.indicator_weight
        self.commitment = 0.0
        self.champion_value = 0.0
        self.tenure = 0


def company_titles(layers: int) -> tuple[str, ...]:
    """Posts of a company from the top to whoever does the work.

    Args:
        layers: posts in all, at least 1.

    >>> company_titles(1), company_titles(4)
    (('site',), ('headquarters', 'office 1', 'site', 'contractor'))
    """
    if layers < 3:
        return ("headquarters", "site")[-layers:]
    offices = (f"office {number}" for number in range(1, layers - 2))
    return ("headquarters", *offices, "site", "contractor")
