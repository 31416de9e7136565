"""What happens to a resident in a month: meetings, benefits, harm, protest.

The first half of `PlainPerson`, see there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Self

from oracle.arithmetic import between, logistic, mean, overlap
from oracle.plain_income import LIVELIHOOD, PlainIncome

if TYPE_CHECKING:
    from oracle.news import News
    from oracle.plain_place import PlainPlace, Village

SAFETY, LAND, HEALTH_WATER = 0, 2, 3
BLOCKADE = 3
DAYS_PER_MONTH = 365.25 / 12
HOURS_PER_DAY = 8.0


class PlainLife(PlainIncome):
    """Meets, receives, is harmed, acts."""

    def __init__(self, place: PlainPlace, row: int, home: Village, start: dict[str, Any]) -> None:
        """Settle a person.

        Args:
            place: where the person lives.
            row: which draws are the person's.
            home: the village.
            start: traits and starting views by name.
        """
        super().__init__(place)
        self.p = place.p
        self.row = row
        self.home = home
        self.neighbours: list[Self] = []
        for name, value in start.items():
            setattr(self, name, value)
        repair, strength = self.p.harm.security_repair_per_month, self.p.trust.prior_strength
        self.usual_pressure = [
            max(repair * (1.0 - level) / level - self.wear_of_others(k), 0.0)
            for k, level in enumerate(self.security)
        ]
        self.earlier_evidence = {
            whom: (strength * trust, strength * (1.0 - trust))
            for whom, trust in (
                ("company", self.trust_company),
                ("state", self.trust_state),
                ("community", self.trust_community),
            )
        }
        self.first_trust = {"company": self.trust_company, "state": self.trust_state}
        self.forced = False
        self.lost_to_venture = 0.0

    # --- new faces ------------------------------------------------------------------------------

    def meet_successors(self, news: News) -> None:
        """Trust that was in a person who has left goes back towards where it came from."""
        lost = self.p.chain.personal_trust_share * (1.0 - news.retention)
        for whom in news.successors if lost > 0.0 else ():
            limit = self.cap_company if whom == "company" else 1.0
            before, first = getattr(self, f"trust_{whom}"), self.first_trust[whom]
            if self.model.trust_rule == "linear":
                after = (1.0 - lost) * before + lost * first
            else:
                pro = (1.0 - lost) * getattr(self, f"good_{whom}")
                con = (1.0 - lost) * getattr(self, f"bad_{whom}")
                setattr(self, f"good_{whom}", pro)
                setattr(self, f"bad_{whom}", con)
                earlier_pro, earlier_con = self.earlier_evidence[whom]
                after = (pro + earlier_pro) / (pro + earlier_pro + con + earlier_con)
            setattr(self, f"trust_{whom}", between(0.0, after, limit))

    # --- the meeting ----------------------------------------------------------------------------

    def forget_last_meeting(self, news: News) -> None:
        """Every month starts without an invitation."""
        self.invited = self.attended = self.informed = False

    def be_invited(self, news: News) -> None:
        """Known people are invited by chance; leaders always, where meetings are held at all."""
        p = self.p.room
        chosen = p.invite_base_share + (1.0 - p.invite_base_share) * news.inclusive
        chance = news.known[self.block] * p.meeting_reach_share * news.reach * chosen
        if news.protection == "pacing":
            chance *= 1.0 - self.p.risk.pacing_cut
        if news.admits == "organisations" and not self.affiliated:
            chance = 0.0
        drawn = news.draws.meeting[self.row][0] < chance
        self.invited = drawn or (self.leader and news.reach > 0.0)
        if news.admits == "leaders":
            self.invited = self.leader and news.reach > 0.0
        if news.admits == "officials" or news.absent[self.home.number]:
            self.invited = False

    def attend(self, news: News) -> None:
        """An invited person comes by a logit in stake, support, cost and trust in the host."""
        if not self.invited:
            return
        p = self.p.room
        readiness = (
            p.attend_intercept
            + p.attend_stake * self.stake
            + p.attend_stipend * news.inclusive
            - p.attend_opportunity * self.cost_of_a_day(news)
            + p.attend_trust * (self.trust_in_host(news.owner) - 0.5)
            - self.p.risk.attend_fear * self.fear * (1.0 - self.hidden(news))
        )
        if news.draws.meeting[self.row][1] < logistic(readiness):
            self.attended = self.ever_partner = True

    def trust_in_host(self, owner: str) -> float:
        """Trust in whoever runs the process."""
        if owner == "company":
            return self.trust_company
        if owner == "state":
            return self.trust_state
        if owner == "joint":
            return (self.trust_company + self.trust_community) / 2.0
        return self.trust_community

    def speak(self, news: News) -> None:
        """Standing makes people speak more; facilitation and adapted methods level it."""
        p = self.p.room
        slope = p.speech_inequality
        slope *= 1.0 - p.facilitation_effect * news.facilitation * news.credibility
        slope *= 1.0 - p.methods_effect * news.methods
        self.says = math.exp(slope * self.status) if self.attended else 0.0
        if news.protection == "anonymity":
            luck = 2.0 * news.draws.blur[self.row] - 1.0
            self.says *= 1.0 + self.p.risk.anonymity_loss * luck

    # --- benefits and harm ----------------------------------------------------------------------

    def receive_benefits(self, news: News) -> None:
        """Wages, purchases and transfers come by head and by power; goods as far as they match."""
        p, place, home = self.p.distribution, self.model, self.home
        power = self.status**p.status_power / place.power

        def mine(cents: float, by_power: float) -> float:
            share = (1.0 - by_power) / place.size + by_power * power
            return cents * share / place.cents_per_income

        pay = mine(news.wages + news.purchases, p.power_share)
        given = mine(news.transfers, p.power_share * (1.0 - news.protocols))
        self.pay, self.given = pay, given
        self.given_share = given / (pay + given) if pay + given > 0.0 else 0.0

        served = overlap(home.goods_mix, self.needs)
        self.matched = served if home.goods_total > 0.0 else math.nan
        self.budget_benefit = p.transfer_match * given
        self.budget_benefit += p.public_good_factor * home.goods_total * served
        self.shared_benefit = self.budget_benefit + self.p.appraisal.wage_rent_share * pay
        self.benefit = self.budget_benefit + pay
        served = overlap(home.services_mix, self.needs)
        self.state_benefit = p.public_good_factor * home.services_total * served
        if news.month == 0:  # people start out used to what they have
            self.aspiration, self.state_aspiration = self.shared_benefit, self.state_benefit
        self.receive_cash(news, pay + given, given)

    def receive_cash(self, news: News, private: float, given: float) -> None:
        """Cash of interventions; whoever paid gets the credit, a donor none."""
        match = self.p.distribution.transfer_match
        self.aid = sum(amounts[self.row] for amounts in news.cash.values())
        company = news.cash.get("company")
        self.aid_of_company = company[self.row] if company else 0.0
        for payer, amounts in news.cash.items():
            worth = match * amounts[self.row]
            if payer == "company":
                self.budget_benefit += worth
                self.benefit += worth
                self.shared_benefit += worth
            elif payer == "state":
                self.state_benefit += worth
        if private + self.aid > 0.0:
            self.given_share = (given + self.aid) / (private + self.aid)

    def lose_time(self, news: News) -> None:
        """A meeting costs days of income, fewer for those who join online."""
        days = self.model.rounds * self.p.room.hours_per_round / HOURS_PER_DAY
        cost = self.cost_of_a_day(news) * days / DAYS_PER_MONTH
        self.time_cost = cost if self.attended else 0.0

    def cost_of_a_day(self, news: News) -> float:
        """What a day of meeting costs (days of income)."""
        saved = self.p.room.digital_saving_share * news.digital if self.connected else 0.0
        return self.meeting_days * (1.0 - saved)

    def be_harmed(self, news: News) -> None:
        """Burden harms by exposure; pressure wears each security, goods mend it."""
        p = self.p.harm
        self.harm = 1.0 - math.exp(-self.exposure * news.environment)
        pressure = list(self.usual_pressure)
        pressure[SAFETY] *= news.safety_pressure
        pressure[LAND] += p.harm_direct_per_month * self.harm
        pressure[HEALTH_WATER] += p.harm_direct_per_month * self.harm
        if self.forced:  # last month
            pressure[SAFETY] += p.force_harm_per_month
        if self.hit:  # likewise
            pressure[SAFETY] += self.p.risk.hit_harm_per_month
        counted = self.income_now - self.aid + news.livelihood_cash[self.row]
        share = max(counted, 0.0) / self.income_start
        response = self.p.livelihood.security_response_per_month
        if share < 1.0:
            pressure[LIVELIHOOD] += response * (1.0 - share)
        before = self.security
        lacking = [1.0 - level for level in before]
        after = []
        for k, level in enumerate(before):
            mending = self.home.flow[k]
            repair = p.security_repair_per_month + p.goods_repair_per_income * mending
            if k == LIVELIHOOD and share > 1.0:
                repair += response * (1.0 - 1.0 / share)
            wear = pressure[k] + self.wear_of_others(k)
            after.append(between(0.0, level + repair * lacking[k] - wear * level, 1.0))
        self.security = after

    def wear_of_others(self, k: int) -> float:
        """How much insecurity of the other five kinds wears down one: alike, or along pairs."""
        p, wear = self.p.harm, 0.0
        for j, level in enumerate(self.security):
            if j != k:
                weight = p.coupling_breadth
                weight += (1.0 - p.coupling_breadth) * self.model.pairs[k][j]
                wear += p.threat_coupling_per_month * weight * (1.0 - level)
        return wear

    # --- acting ---------------------------------------------------------------------------------

    def take_stock(self, news: News) -> None:
        """Before the four weeks: how aggrieved one is, and what acting could bring."""
        p = self.p.mobilisation
        at_company = (1.0 - self.grievance_operational) * (
            1.0 - p.partnership_weight * self.grievance_partnership
        )
        self.resentment = 1.0 - at_company * (1.0 - p.legacy_weight * self.grievance_legacy)
        stake = max(self.stake, 1.0) if news.standoff[self.home.number] else self.stake
        self.prospect = self.home.efficacy * stake

    def look_around(self) -> None:
        """How many of one's ties are acting; oneself where there are none."""
        self.acting_nearby = mean([other.active for other in self.neighbours or [self]])

    def reconsider(self, week: int, news: News) -> None:
        """Some people weigh anew whether to act and how far; the others go on as before."""
        p, place = self.p.mobilisation, self.model
        if not news.draws.weeks[self.row][week] < p.redecide_share_per_week:
            return
        company = p.neighbour_share * self.acting_nearby
        company += (1.0 - p.neighbour_share) * self.home.seen_acting
        caught = 1.0 - math.exp(-p.enforcement_strength * news.officers / (place.acting + 1))
        willing = (
            p.weight_grievance * self.shown
            + p.weight_efficacy * self.prospect
            + p.weight_peers * company
            - p.weight_risk * self.risk_aversion * caught
            - p.weight_trust * (self.opinion - 0.5)
        )
        self.rung = 0
        for step in range(4):
            if willing > self.threshold + step * p.rung_step:
                self.rung += 1
        self.active = self.rung > 0

    def be_met_by_force(self, news: News) -> None:
        """Granted force meets everybody who is active."""
        self.forced = news.force_granted and self.active
