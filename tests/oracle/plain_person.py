"""One resident's month, written out plainly: an ordinary Mesa agent with attributes.

A second, independent writing of the rules of people from their published equations. It uses
`math` and plain Python numbers, no arrays, and nothing of `parley.mechanisms`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oracle.arithmetic import between, mean, overlap
from oracle.plain_risk import PlainRisk

if TYPE_CHECKING:
    from oracle.arithmetic import Six
    from oracle.news import News


class PlainPerson(PlainRisk):
    """A resident. Traits and starting views are given once; all else the person works out.

    What happens to a person is in `PlainLife` and `PlainRisk`; what the person makes of it is here.
    """

    # --- appraisal ------------------------------------------------------------------------------

    def judge_benefit(self, news: News) -> None:
        """Benefit net of time against what is fair and usual, and the hope one's group raises."""
        place = self.model
        believed = news.rent / place.size / place.cents_per_income
        believed *= math.exp(news.beliefs[self.home.number])
        self.signal_benefit = between(
            -1.0,
            self.compare(
                self.shared_benefit - self.time_cost,
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
        elif (
            p.exclusion_hurt != 0.0
            and self.model.rounds > 0  # nobody is left out of a meeting that is not held
            and not self.invited
            and not news.absent[self.home.number]
            and news.draws.company[self.row][0] < self.sees(news.communication)
        ):
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
        kept, broken = news.kept[here], news.broken[here] + news.published[here]
        if kept + broken > 0.0:
            terms.append((p.weight_promises, (kept - broken) / max(kept + broken, 1.0)))
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
        entitled = news.entitlement / place.size / place.cents_per_income
        told = news.told[self.home.number]
        used_to = (1.0 - told) * self.state_aspiration + told * entitled
        self.service_signal = self.compare(self.state_benefit, self.yardstick(entitled, used_to))
        burden = max(self.p.grievance.regulator_blame_share * self.harm, float(self.forced))
        weight = p.weight_benefit + p.weight_harm
        felt = p.weight_benefit * self.service_signal - p.weight_harm * burden
        felt = felt / weight if weight > 0.0 else 0.0
        self.state_signal = felt if news.draws.state[self.row] < p.seen_base_share else 0.0

    def judge_neighbours(self, news: News) -> None:
        """Neighbours are judged by whether one gets what others in the village get."""
        self.community_signal = self.compare(self.budget_benefit, self.home.mean_benefit)

    # --- trust ----------------------------------------------------------------------------------

    def trust(self, news: News) -> None:
        """Trust follows evidence; the state shares in what is seen of the company."""
        p = self.p.trust
        if news.deceived[self.home.number] and self.bad_news > 0.0:
            self.cap_company = min(self.cap_company, p.deception_cap)
        self.learn("company", self.good_news, self.bad_news, self.cap_company)
        shared = p.spillover_share * news.seen_together
        good = max(self.state_signal, 0.0) + shared * self.good_news
        bad = max(-self.state_signal, 0.0) + shared * self.bad_news
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
        around = mean([other.shared_benefit for other in self.neighbours or [self]])
        usual = p.own_weight * self.shared_benefit + (1.0 - p.own_weight) * around
        before, speed = self.aspiration, p.adjustment_per_month
        self.aspiration = (
            (1.0 - speed) * before
            + speed * usual
            + p.promise_pull * max(self.shared_benefit + news.new_commitments - before, 0.0)
            + p.price_pull_income * max(news.price_gap, 0.0)
            + p.arrival_pull_income * news.growing
        )
        self.state_aspiration += speed * (self.state_benefit - self.state_aspiration)
        if news.agenda_month and self.informed:
            a = self.p.appraisal
            got = self.influence_of(news.agenda, news)
            promised = self.influence_of(news.agenda_announced, news)
            lesson = got + a.announced_pull * max(promised - got, 0.0) - self.expected_influence
            rate = self.learning_per_decision()
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
            + p.deprivation_inflow * self.deprivation
            + (p.overdue_inflow if self.overdue else 0.0),
            1.0,
        )
        state = p.regulator_blame_share * p.harm_inflow * harm
        company = inflow - state
        state += min(p.shortfall_inflow * max(-self.service_signal, 0.0), 1.0 - inflow)
        stock = self.grievance_operational
        fresh = (1.0 - stock) * (company + state)
        if stock + fresh > 0.0:
            aimed = self.blame_state * stock + (1.0 - stock) * state
            self.blame_state = between(0.0, aimed / (stock + fresh), 1.0)
        relief = {desk: p.closure_relief if just else 0.0 for desk, just in self.settled.items()}
        ending = min(p.decay_per_month + relief["desk"], 1.0)
        self.grievance_operational = stock + fresh - ending * stock

        breach = news.broken[self.home.number] if self.ever_partner else 0.0
        stock = self.grievance_partnership
        self.grievance_partnership += p.breach_inflow * breach * (1.0 - stock)
        self.grievance_partnership -= ending * stock

        fading = p.legacy_decay_per_month
        fading += news.legacy_erosion * max(self.signal_benefit, 0.0)
        fading += relief["forum"]
        self.grievance_legacy *= 1.0 - min(fading, 1.0)

    def listen(self, news: News) -> None:
        """Hear what one's ties think, before anybody changes their mind."""
        self.heard_opinion = mean([other.opinion for other in self.neighbours or [self]])

    def form_opinion(self, news: News) -> None:
        """Own trust, mixed with what one's ties think."""
        s = self.p.influence.opinion_susceptibility
        self.opinion = s * self.heard_opinion + (1.0 - s) * self.trust_company

    def feel_dignity(self, news: News) -> None:
        """At a decision: took part, was answered, was heeded, earned one's own: a quarter each."""
        if not news.agenda_month:
            return
        felt = (1.0 - self.given_share) / 4.0
        if self.attended:
            felt += (1.0 + self.model.agreed + (self.signal_voice >= 0.0)) / 4.0
        self.dignity += self.learning_per_decision() * (felt - self.dignity)

    def learning_per_decision(self) -> float:
        """What the monthly speed of learning adds up to between two decisions."""
        kept = 1.0 - self.p.appraisal.influence_learning_per_month
        return 1.0 - kept**self.p.room.agenda_interval_months
