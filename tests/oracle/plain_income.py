"""How a resident earns a living: outside work, pay, transfers, ventures.

Part of `PlainPerson`, see there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
from oracle.arithmetic import between

if TYPE_CHECKING:
    from oracle.news import News
    from oracle.plain_place import PlainPlace, Village

    from parley.parameters import LivelihoodParams, Parameters

LIVELIHOOD = 1


class PlainIncome(mesa.Agent):
    """Works, is paid, tries a venture, gets used to an income."""

    p: Parameters
    row: int
    home: Village
    model: PlainPlace
    income: float
    income_now: float
    income_usual: float
    outside_skill: float
    venture_income: float
    pay: float
    given: float
    aid: float
    aid_of_company: float

    @property
    def rules(self) -> LivelihoodParams:
        """The numbers of this block."""
        return self.p.livelihood

    def begin(self, news: News) -> None:
        """Settle what one lives on: where the site stands already, its pay is part of it."""
        pay = self.pay if news.stands_already else 0.0
        self.outside_start = max(self.income - pay, self.rules.outside_floor_share * self.income)
        self.income_start = self.income_usual = self.outside_start + pay
        self.start_use = self.time_left(pay, 0.0)
        grows = self.rules.skill_growth_per_month * self.start_use
        withers = self.rules.skill_withering_per_month * (1.0 - self.start_use)
        self.start_skill = grows / (grows + withers) if grows + withers > 0.0 else 1.0
        self.outside_skill = self.start_skill

    def time_left(self, pay: float, given: float) -> float:
        """Time for outside work that the company's money leaves."""
        gone = self.rules.crowding_pay * pay / (pay + self.outside_start)
        gone += self.rules.crowding_transfers * given / (given + self.outside_start)
        return between(0.0, 1.0 - gone, 1.0)

    def turn_to_work(self, news: News) -> None:
        """Decide on one's time, and perhaps start a venture."""
        p = self.rules
        handed = self.given + self.aid
        self.use = self.time_left(self.pay, handed)
        self.fortune = news.fortune
        money = self.home.company_flow[LIVELIHOOD] + p.venture_transfer_share * handed
        begun, luck = news.draws.venture[self.row]
        self.venture_income *= 1.0 - p.venture_closing_per_month
        self.venture_begun = begun < min(p.venture_money_share * money / p.venture_cost_income, 1.0)
        self.lost_to_venture = 0.0
        if self.venture_begun and luck < p.venture_success_share:
            self.venture_income += p.venture_yield_per_month * p.venture_cost_income
        elif self.venture_begun:
            self.lost_to_venture = p.venture_loss_share * p.venture_cost_income

    def earn(self, crowd: float) -> None:
        """Add up the month's income; skill follows its use, habit the income."""
        p = self.rules
        outside = self.outside_with(self.use, crowd)
        handed = self.given + self.aid
        earned = outside + self.pay + handed + self.venture_income - self.lost_to_venture
        self.income_now = max(earned, 0.0)
        self.is_ruined = self.income_now < (1.0 - p.ruin_loss_share) * self.income_usual
        self.income_usual += p.usual_adjustment_per_month * (self.income_now - self.income_usual)
        grown = p.skill_growth_per_month * self.use * (1.0 - self.outside_skill)
        withered = p.skill_withering_per_month * (1.0 - self.use) * self.outside_skill
        self.outside_skill = between(0.0, self.outside_skill + grown - withered, 1.0)

    def outside_with(self, use: float, crowd: float) -> float:
        """What outside work brings with so much time, when all offer so much."""
        income = self.outside_start
        if self.start_skill > 0.0:
            income *= self.outside_skill / self.start_skill
        if self.start_use > 0.0:
            income *= use / self.start_use
        income *= self.fortune
        return income * crowd ** (self.rules.outside_elasticity - 1.0)

    def alone(self) -> float:
        """Income if the company brought nothing and everybody turned to outside work."""
        start = self.model.start_use
        crowd = 1.0 / start if start > 0.0 else 1.0
        own = self.outside_with(1.0, crowd) + self.venture_income
        return own + self.aid - self.aid_of_company
