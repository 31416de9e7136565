"""One resident's month, written out plainly: an ordinary Mesa agent with attributes.

A second, independent writing of the rules of people from their published equations. It uses
`math` and plain Python numbers, no arrays, and nothing of `parley.mechanisms`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
from oracle.arithmetic import between, logistic, mean, overlap

if TYPE_CHECKING:
    from oracle.arithmetic import Six
    from oracle.news import News
    from oracle.plain_place import PlainPlace, Village

SAFETY, LAND, HEALTH_WATER = 0, 2, 3
BLOCKADE = 3
DAYS_PER_MONTH = 30.0


class PlainPerson(mesa.Agent):
    """A resident. Traits and starting views are given once; all else the person works out."""

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
        self.neighbours: list[PlainPerson] = []
        for name, value in start.items():
            setattr(self, name, value)
        repair, strength = self.p.harm.security_repair_per_month, self.p.trust.prior_strength
        self.usual_pressure = [repair * (1.0 - level) / level for level in self.security]
        self.earlier_evidence = {
            whom: (strength * trust, strength * (1.0 - trust))
            for whom, trust in (
                ("company", self.trust_company),
                ("state", self.trust_state),
                ("community", self.trust_community),
            )
        }
        self.forced = False

    # --- the meeting ----------------------------------------------------------------------------

    def forget_last_meeting(self, news: News) -> None:
        """Every month starts without an invitation."""
        self.invited = self.attended = self.informed = False

    def be_invited(self, news: News) -> None:
        """Known people are invited by chance; leaders always, where meetings are held at all."""
        p = self.p.room
        chosen = p.invite_base_share + (1.0 - p.invite_base_share) * news.inclusive
        chance = news.known[self.block] * p.meeting_reach_share * news.reach * chosen
        if news.admits == "organisations" and not self.affiliated:
            chance = 0.0
        drawn = news.draws.meeting[self.row][0] < chance
        self.invited = drawn or (self.leader and news.reach > 0.0)

    def attend(self, news: News) -> None:
        """An invited person comes by a logit in stake, support, cost and trust in the host."""
        if not self.invited:
            return
        p = self.p.room
        saved = p.digital_saving_share * news.digital if self.connected else 0.0
        readiness = (
            p.attend_intercept
            + p.attend_stake * self.stake
            + p.attend_stipend * news.inclusive
            - p.attend_opportunity * self.meeting_days * (1.0 - saved)
            + p.attend_trust * (self.trust_in_host(news.owner) - 0.5)
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

    # --- benefits and harm ----------------------------------------------------------------------

    def receive_benefits(self, news: News) -> None:
        """Wages, purchases and transfers come by head and by power; goods as far as they match."""
        p, place, home = self.p.distribution, self.model, self.home
        by_power = p.power_share * (1.0 - news.protocols)
        share = (1.0 - by_power) / place.size
        share += by_power * self.status**p.status_power / place.power
        earned = (news.wages + news.purchases) * share / place.cents_per_income
        given = news.transfers * share / place.cents_per_income
        self.given_share = given / (earned + given) if earned + given > 0.0 else 0.0

        served = overlap(home.goods_mix, self.needs)
        self.benefit = earned + p.transfer_match * given
        self.benefit += p.public_good_factor * home.goods_total * served
        self.matched = served if home.goods_total > 0.0 else math.nan
        self.state_benefit = (
            p.public_good_factor * home.services_total * overlap(home.services_mix, self.needs)
        )
        self.time_cost = self.meeting_days / DAYS_PER_MONTH if self.attended else 0.0

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
        before = self.security
        lacking = [1.0 - level for level in before]
        after = []
        for k, level in enumerate(before):
            repair = p.security_repair_per_month + p.goods_repair_per_income * self.home.flow[k]
            others = sum(lacking[:k]) + sum(lacking[k + 1 :])
            wear = pressure[k] + p.threat_coupling_per_month * others
            after.append(between(0.0, level + repair * lacking[k] - wear * level, 1.0))
        self.security = after

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
            p.weight_grievance * self.resentment
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

    # --- appraisal ------------------------------------------------------------------------------

    def judge_benefit(self, news: News) -> None:
        """Benefit net of time against what is fair and usual, and the hope one's group raises."""
        place = self.model
        believed = news.rent / place.size / place.cents_per_income
        believed *= math.exp(news.beliefs[self.home.number])
        self.signal_benefit = between(
            -1.0,
            self.compare(
                self.benefit - self.time_cost,
                self.yardstick(place.fair * believed, self.aspiration),
            )
            + place.hope[self.group],
            1.0,
        )

    def yardstick(self, due: float, used_to: float) -> float:
        """Between what is due and what one has got used to."""
        share = self.p.appraisal.adaptation_share
        return (1.0 - share) * due + share * used_to

    def compare(self, benefit: float, reference: float) -> float:
        """A difference is felt the more, the smaller the reference."""
        scale = self.p.appraisal.benefit_scale_income + reference
        return math.tanh((benefit - reference) / scale)

    def judge_voice(self, news: News) -> None:
        """Influence against expectation, for those who were there; hurt for those left out."""
        p = self.p.appraisal
        self.informed, self.signal_voice = False, 0.0
        if not news.agenda_month:
            return
        if self.attended:
            surplus = self.influence_of(news.agenda, news) - self.expected_influence
            felt = math.tanh(p.voice_gain * surplus)
            felt += p.intrinsic_voice if surplus >= 0.0 else -p.voice_frustration
            self.informed, self.signal_voice = True, between(-1.0, felt, 1.0)
        elif not self.invited and news.draws.company[self.row][0] < self.sees(news.communication):
            self.informed, self.signal_voice = True, -p.exclusion_hurt

    def influence_of(self, agenda: Six, news: News) -> float:
        """What an agenda gains for the person over what the company alone would have done."""
        return overlap(agenda, self.needs) - overlap(news.agenda_alone, self.needs)

    def sees(self, communication: float) -> float:
        """Chance of seeing what happened: by itself, by communication, by having been there."""
        blind = 1.0 - self.p.appraisal.seen_base_share
        return 1.0 - blind * (1.0 - communication) * (0.5 if self.attended else 1.0)

    def judge_company(self, news: News) -> None:
        """The weighted mean of the comparisons one can make, if one sees anything at all."""
        p, here = self.p.appraisal, self.home.number
        terms = [(p.weight_benefit, self.signal_benefit)]
        if self.informed:
            terms.append((p.weight_voice, self.signal_voice))
        else:  # judge by the outcome instead
            terms.append((p.weight_voice, self.signal_benefit))
        due = news.kept[here] + news.broken[here]
        if due > 0.0:
            terms.append((p.weight_promises, (news.kept[here] - news.broken[here]) / due))
        hurt = max(self.harm, float(self.forced))
        if hurt > 0.0:
            terms.append((p.weight_harm, -hurt))
        _, sight, contact = news.draws.company[self.row]
        if self.attended:
            terms.append((p.weight_contact, 2.0 * contact - 1.0))
        weight = sum(weight for weight, _ in terms)
        felt = sum(weight * signal for weight, signal in terms) / weight if weight > 0.0 else 0.0
        felt = between(-1.0, felt, 1.0) if sight < self.sees(news.communication) else 0.0
        self.own_good, self.own_bad = max(felt, 0.0), max(-felt, 0.0)

    def gossip(self, news: News) -> None:
        """What one's ties lived through counts like a part of one's own experience."""
        p = self.p.influence
        around = self.neighbours or [self]
        good = mean([other.own_good for other in around])
        bad = mean([other.own_bad for other in around])
        self.good_news = min(self.own_good + p.gossip_discount * good, 1.0)
        self.bad_news = min(self.own_bad + p.gossip_discount * p.bad_news_factor * bad, 1.0)

    def judge_state(self, news: News) -> None:
        """Services against what one is entitled to and used to; harm the state let happen."""
        p, place = self.p.appraisal, self.model
        if news.month == 0:
            self.state_aspiration = self.state_benefit
        entitled = news.entitlement / place.size / place.cents_per_income
        service = self.compare(self.state_benefit, self.yardstick(entitled, self.state_aspiration))
        burden = max(self.p.grievance.regulator_blame_share * self.harm, float(self.forced))
        weight = p.weight_benefit + p.weight_harm
        felt = p.weight_benefit * service - p.weight_harm * burden
        felt = felt / weight if weight > 0.0 else 0.0
        self.state_signal = felt if news.draws.state[self.row] < p.seen_base_share else 0.0

    def judge_neighbours(self, news: News) -> None:
        """Neighbours are judged by whether one gets what others in the village get."""
        self.community_signal = self.compare(self.benefit, self.home.mean_benefit)

    # --- trust ----------------------------------------------------------------------------------

    def trust(self, news: News) -> None:
        """Trust follows evidence; the state shares in what is seen of the company."""
        p = self.p.trust
        if news.deceived[self.home.number] and self.bad_news > 0.0:
            self.cap_company = min(self.cap_company, p.deception_cap)
        self.learn("company", self.good_news, self.bad_news, self.cap_company)
        good = max(self.state_signal, 0.0) + p.spillover_share * self.good_news
        bad = max(-self.state_signal, 0.0) + p.spillover_share * self.bad_news
        self.learn("state", min(good, 1.0), min(bad, 1.0), 1.0)
        signal = self.community_signal
        self.learn("community", max(signal, 0.0), max(-signal, 0.0), 1.0)

    def learn(self, whom: str, good: float, bad: float, cap: float) -> None:
        """Move trust in somebody by the place's rule, below a cap.

        People see more of what confirms their view; bad news weighs most for the undecided.
        """
        p, before = self.p.trust, getattr(self, f"trust_{whom}")
        tilt = p.confirmation_share * (2.0 * before - 1.0)
        good, bad = good * (1.0 + tilt), bad * (1.0 - tilt)
        heavier = 1.0 + (p.asymmetry_max - 1.0) * 4.0 * before * (1.0 - before)
        if self.model.trust_rule == "linear":
            rise = min(p.learning_per_month * good, 1.0)
            fall = min(p.learning_per_month * heavier * bad, 1.0)
            after = before + rise * (1.0 - before) - fall * before
        else:
            kept = 1.0 - p.forgetting_per_month
            pro = kept * getattr(self, f"good_{whom}") + p.evidence_weight * good
            con = kept * getattr(self, f"bad_{whom}") + p.evidence_weight * heavier * bad
            setattr(self, f"good_{whom}", pro)
            setattr(self, f"bad_{whom}", con)
            earlier_pro, earlier_con = self.earlier_evidence[whom]
            after = (pro + earlier_pro) / (pro + earlier_pro + con + earlier_con)
        setattr(self, f"trust_{whom}", between(0.0, after, cap))

    # --- expectations, grievance, opinion, dignity ----------------------------------------------

    def aspire(self, news: News) -> None:
        """Aspirations follow benefits, promises and booms; influence expected follows that had."""
        p = self.p.aspiration
        around = mean([other.benefit for other in self.neighbours or [self]])
        usual = p.own_weight * self.benefit + (1.0 - p.own_weight) * around
        before, speed = self.aspiration, p.adjustment_per_month
        self.aspiration = (
            (1.0 - speed) * before
            + speed * usual
            + p.promise_pull * max(news.announced_benefit - before, 0.0)
            + p.price_pull_income * max(news.log_price, 0.0)
            + p.arrival_pull_income * news.growing
        )
        self.state_aspiration += speed * (self.state_benefit - self.state_aspiration)
        if news.agenda_month and self.informed:
            a, months = self.p.appraisal, self.p.room.agenda_interval_months
            got = self.influence_of(news.agenda, news)
            promised = self.influence_of(news.agenda_announced, news)
            lesson = got + a.announced_pull * max(promised - got, 0.0) - self.expected_influence
            rate = 1.0 - (1.0 - a.influence_learning_per_month) ** months
            self.expected_influence = between(-1.0, self.expected_influence + rate * lesson, 1.0)

    def envy(self, incomes: list[float], scale: float) -> None:
        """Deprivation: how far everybody else is ahead, on average over all."""
        own = self.benefit
        ahead = sum(other - own for other in incomes if other > own) / len(incomes)
        self.deprivation = min(ahead / scale, 1.0)

    def grieve(self, news: News) -> None:
        """Three stocks: over operations, over the partnership, over the past."""
        p = self.p.grievance
        harm = max(self.harm, float(self.forced))
        inflow = min(
            p.harm_inflow * harm
            + p.shortfall_inflow * max(-self.signal_benefit, 0.0)
            + p.voice_inflow * max(-self.signal_voice, 0.0)
            + p.deprivation_inflow * self.deprivation,
            1.0,
        )
        state = p.regulator_blame_share * p.harm_inflow * harm
        company = inflow - state
        state += min(p.shortfall_inflow * max(-self.state_signal, 0.0), 1.0 - inflow)
        stock = self.grievance_operational
        fresh = (1.0 - stock) * (company + state)
        if stock + fresh > 0.0:
            aimed = self.blame_state * stock + (1.0 - stock) * state
            self.blame_state = between(0.0, aimed / (stock + fresh), 1.0)
        self.grievance_operational = stock + fresh - p.decay_per_month * stock

        here = self.home.number
        due = news.kept[here] + news.broken[here]
        breach = news.broken[here] / due if due > 0.0 and self.ever_partner else 0.0
        stock = self.grievance_partnership
        self.grievance_partnership += p.breach_inflow * breach * (1.0 - stock)
        self.grievance_partnership -= p.decay_per_month * stock

        fading = p.legacy_decay_per_month
        fading += p.legacy_benefit_erosion * max(self.signal_benefit, 0.0)
        self.grievance_legacy *= 1.0 - min(fading, 1.0)

    def listen(self, news: News) -> None:
        """Hear what one's ties think, before anybody changes their mind."""
        self.heard_opinion = mean([other.opinion for other in self.neighbours or [self]])

    def form_opinion(self, news: News) -> None:
        """Own trust, mixed with what one's ties think."""
        s = self.p.influence.opinion_susceptibility
        self.opinion = s * self.heard_opinion + (1.0 - s) * self.trust_company

    def feel_dignity(self, news: News) -> None:
        """Took part, was answered, was heeded, earned what one got: a quarter each."""
        felt = (1.0 - self.given_share) / 4.0
        if self.attended:
            felt += (1.0 + self.model.agreed + (self.signal_voice >= 0.0)) / 4.0
        rate = self.p.appraisal.influence_learning_per_month
        self.dignity += rate * (felt - self.dignity)
