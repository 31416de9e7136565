"""The company: headquarters that expects dividends, and a site team that runs the practices."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import mesa
import numpy as np

from parley.dials import Levels

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats
    from parley.mechanisms.value import Trial
    from parley.model import PartneringModel
    from parley.parameters import BudgetParams

OPEN, SUSPENDED, CLOSED = "open", "suspended", "closed"


class Headquarters(mesa.Agent["PartneringModel"]):
    """Takes dividends; stands behind wages, suppliers and senior promises.

    Attributes:
        dividends: what it received net of what it paid in, per month so far (cents).
    """

    def __init__(self, model: PartneringModel) -> None:
        """Start with no dividends received."""
        super().__init__(model)
        self.dividends: list[int] = []


@dataclass(slots=True)
class PendingLesson:
    """A response whose cost is still being observed.

    Attributes:
        month: when it was chosen.
        action: index into `mechanisms.response.ACTIONS`.
        cost: cost so far, in months of reference surplus.
    """

    month: int
    action: int
    cost: float


class SiteTeam(mesa.Agent["PartneringModel"]):
    """Runs the practices on the ground and answers mobilisation.

    Attributes:
        funded: shape (18,), levels that money and hours allow this month.
        executed: shape (18,), levels carried out this month.
        levels: the levels that rules read (zero when the hooks are disconnected).
        announced: the levels that expectations read (likewise).
        attraction: shape (6,), learned value of each response, minus its cost.
        lessons: responses still being judged.
        queue: responses decided and waiting for their month, as (month, action, villages).
    """

    def __init__(self, model: PartneringModel, n_dials: int, n_actions: int) -> None:
        """Start with nothing funded and no experience."""
        super().__init__(model)
        self.funded: Floats = np.zeros(n_dials)
        self.executed: Floats = np.zeros(n_dials)
        self.levels = Levels()
        self.announced = Levels()
        self.attraction: Floats = np.zeros(n_actions)
        self.lessons: list[PendingLesson] = []
        self.queue: deque[tuple[int, int, Bools]] = deque()


class Company(mesa.Agent["PartneringModel"]):
    """One firm at one site.

    Attributes:
        headquarters: who receives the dividends.
        site_team: who runs the practices.
        reference_revenue: revenue of a normal month at full output (cents).
        reference_surplus: operating surplus after royalty of such a month (cents).
        capital: capital cost of the site (cents).
        rents: operating surplus after royalty of the last twelve months, in shares of
            reference revenue.
        expected_rent: mean of the positive part of the trailing rent, foreseen at the start.
        trust_in_community: share in [0, 1].
        status: `OPEN`, `SUSPENDED` or `CLOSED`.
        months_in_status: months since it last changed.
        losing_months: months in a row in which the result of the past year was a loss.
        results: result after everything paid beyond operating, of the last twelve months, in
            shares of reference revenue.
        burdens: what was paid beyond operating in the last twelve months (same unit).
        idle_shares: output lost to protest in the last twelve months, in [0, 1].
        cost_ratio: operating cost relative to the first owner's.
        believed_disruption: disruption that investors reckon with, share of output in [0, 1].
        own_results: result beyond what the price explains, of each month since the last review of
            the practices (shares of reference revenue).
        trial: the change of a practice that is being judged; None if nothing is tried.
        handed_back: cash handed back to headquarters at closing, not yet booked (cents).
    """

    def __init__(
        self,
        model: PartneringModel,
        headquarters: Headquarters,
        site_team: SiteTeam,
        reference_revenue: int,
        reference_surplus: int,
    ) -> None:
        """Start at the place's reference month."""
        super().__init__(model)
        self.headquarters = headquarters
        self.site_team = site_team
        self.reference_revenue = reference_revenue
        self.reference_surplus = reference_surplus
        self.capital = 0
        self.rents: deque[float] = deque(maxlen=12)
        self.expected_rent = 0.0
        self.trust_in_community = 0.5
        self.status = OPEN
        self.months_in_status = 0
        self.losing_months = 0
        self.results: deque[float] = deque(maxlen=12)
        self.burdens: deque[float] = deque(maxlen=12)
        self.idle_shares: deque[float] = deque(maxlen=12)
        self.cost_ratio = 1.0
        self.handed_back = 0
        self.believed_disruption = 0.0
        self.own_results: list[float] = []
        self.trial: Trial | None = None

    @property
    def closed(self) -> bool:
        """Whether the site has been given up for good."""
        return self.status == CLOSED

    def start_anew(self) -> None:
        """Forget what was being tried of another stack, and how it paid."""
        self.trial = None
        self.own_results.clear()

    def enter(self, status: str) -> None:
        """Change the status; losses and results are counted anew."""
        self.status = status
        self.months_in_status = self.losing_months = 0
        self.results.clear()

    def costs(self, p: BudgetParams) -> BudgetParams:
        """Budget parameters as they hold for the present owner."""
        if self.cost_ratio == 1.0:
            return p
        return replace(p, cost_share=p.cost_share * self.cost_ratio)

    @property
    def trailing_rent(self) -> float:
        """Mean rent of the last twelve months (share of reference revenue); 0 before the first."""
        return sum(self.rents) / len(self.rents) if self.rents else 0.0
