"""National government, which may grant force, and the municipality, which spends royalties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from parley.model import PartneringModel


class NationalGovernment(mesa.Agent["PartneringModel"]):
    """Collects royalties, passes a part to the producing area and commands officers.

    Attributes:
        officers: officers within reach in an ordinary month (persons).
        alignment: chance that it grants a company's call for force, in [0, 1].
        goodwill: part of this month's community budget that the company spent on the nation at
            large, in [0, 1].
        start_alignment: the same at the start.
        base_alignment: alignment of the present government by itself.
        force_months: months for which granted force is still on the ground.
    """

    def __init__(self, model: PartneringModel, officers: float, alignment: float) -> None:
        """Start with no force deployed."""
        super().__init__(model)
        self.officers = officers
        self.goodwill = 0.0
        self.alignment = self.start_alignment = self.base_alignment = alignment
        self.force_months = 0


class Municipality(mesa.Agent["PartneringModel"]):
    """Spends its own income and the royalties it receives, with limited capacity.

    Attributes:
        capacity: present share of full competence, in [0, 1].
        normal_capacity: the level it returns to after a change of government.
        usual_income: own spending money in an ordinary month (cents).
        own_income: the same this month, after dated events (cents).
        entitlement: what residents are entitled to in a month: own income and the local part
            of the royalty (cents).
        legitimacy: how rightful residents find it as a whole, in [0, 1].
        misrepresentation: how far officials' wishes lie from residents' needs, in [0, 1].
        start_legitimacy, start_misrepresentation: the same at the start.
        start_felt: mean feeling about services in the first month, in [-1, 1].
        start_company_share: part of its money that came from the company at the start.
    """

    def __init__(
        self, model: PartneringModel, capacity: float, own_income: int, legitimacy: float
    ) -> None:
        """Start at normal capacity, as legitimate as the place's trust in it."""
        super().__init__(model)
        self.capacity = capacity
        self.normal_capacity = capacity
        self.usual_income = self.own_income = own_income
        self.entitlement = own_income
        self.legitimacy = self.start_legitimacy = legitimacy
        self.misrepresentation = self.start_misrepresentation = 0.0
        self.start_felt = self.start_company_share = 0.0
