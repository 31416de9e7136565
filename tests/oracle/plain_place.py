"""The place where plain people live: their month in order, and what they are together.

What people do together (a meeting, a week of protest) and what goes up from them to institutions
is worked out here by the plain definitions, person by person.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa
from oracle.arithmetic import Six, mean
from oracle.plain_life import BLOCKADE
from oracle.plain_person import PlainPerson
from oracle.plain_risk import WAITING

if TYPE_CHECKING:
    from oracle.news import News

    from parley.parameters import Parameters

WEEKS = 4
KINDS = range(6)


class Village:
    """Some neighbours, what they have in common, and what they believe acting together brings."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.people: list[PlainPerson] = []
        self.efficacy = 0.0

    def open_stores(self, news: News, life_months: float) -> None:
        """Use up a part of the public goods from company and state; services are used at once."""
        goods = [stock / life_months for stock in news.stores.company[self.number]]
        lasting = [stock / life_months for stock in news.stores.state[self.number]]
        services = [stock + fresh for stock, fresh in zip(lasting, news.services, strict=True)]
        self.goods_total, self.goods_mix = mix(goods)
        self.company_flow = goods
        self.services_total, self.services_mix = mix(services)
        self.flow = [one + other for one, other in zip(goods, services, strict=True)]

    def acting_share(self) -> float:
        """Share of the village that takes part in action."""
        return mean([person.active for person in self.people])


class PlainPlace(mesa.Model):
    """Plain people in villages. It owns no chance: every draw comes with the news."""

    def __init__(
        self,
        p: Parameters,
        trust_rule: str,
        cents_per_income: int,
        starts: list[dict[str, Any]],
        ties: list[list[int]],
    ) -> None:
        """Settle everybody.

        Args:
            p: the parameters.
            trust_rule: `linear` or `counts`.
            cents_per_income: cents in a median monthly income.
            starts: traits and starting views of each person, with the number of the village.
            ties: rows of each person's neighbours.
        """
        super().__init__(rng=0)
        self.p, self.trust_rule, self.cents_per_income = p, trust_rule, cents_per_income
        self.villages = [Village(v) for v in range(1 + max(s["village"] for s in starts))]
        for row, start in enumerate(starts):
            home = self.villages[start["village"]]
            home.people.append(PlainPerson(self, row, home, start))
        self.everyone = self.agents_by_type[PlainPerson]
        self.people: list[PlainPerson] = self.everyone.to_list()
        for person, rows in zip(self.people, ties, strict=True):
            person.neighbours = [self.people[row] for row in rows]
        self.size = len(self.people)
        self.power = sum(one.status**p.distribution.status_power for one in self.people)
        impatience = p.bargain.company_impatience_per_year
        self.fair = impatience / (impatience + p.bargain.community_impatience_per_year)
        self.groups = {
            group: [one for one in self.people if one.group == group]
            for group in sorted({one.group for one in self.people})
        }
        self.group_benefit = dict.fromkeys(self.groups, 0.0)
        self.hope = dict.fromkeys(self.groups, 0.0)
        self.blocks: dict[int, list[PlainPerson]] = {}
        for one in self.people:
            self.blocks.setdefault(one.block, []).append(one)
        leaders = [one for one in self.people if one.leader]
        self.leaders_need = [mean([one.needs[k] for one in leaders]) for k in KINDS]
        self.room: Six = []
        self.rounds, self.agreed = 0, False

    def live(self, news: News) -> None:
        """One month, in order; nobody acts on what others do only later in the same stage."""
        do = self.everyone.do
        do("meet_successors", news)
        do("forget_last_meeting", news)
        if news.agenda_month and news.practising and self.has_time_for(1):
            do("be_invited", news)
            do("attend", news)
        do("speak", news)
        self.meet(news)
        for village in self.villages:
            village.open_stores(news, self.p.distribution.goods_life_months)
        do("receive_benefits", news)
        do("lose_time", news)
        self.work(news)
        do("be_harmed", news)
        self.hear_cases(news)
        self.mobilise(news)
        do("be_met_by_force", news)
        do("face_reprisal", news)
        do("fear_more", news)
        self.compare_groups(news)
        do("judge_benefit", news)
        do("judge_voice", news)
        do("judge_company", news)
        do("gossip", news)
        do("judge_state", news)
        do("judge_neighbours", news)
        do("trust", news)
        do("aspire", news)
        if news.month % self.p.grievance.deprivation_interval_months == 0:
            self.look_up()
        do("grieve", news)
        do("listen", news)
        do("form_opinion", news)
        do("feel_dignity", news)

    def meet(self, news: News) -> None:
        """Pool what is said into the view of the room and see whether it comes to agree."""
        self.room, self.rounds, self.agreed = [], 0, False
        present = [one for one in self.people if one.attended]
        if news.admits == "officials" and news.practising and news.agenda_month:
            self.room, self.rounds, self.agreed = news.officials, 1, True
        if not present:
            return
        p = self.p.room
        said = sum(one.says for one in present)
        heard = [(one.says, one.states(one.needs, news)) for one in present]
        self.room = [sum(says * needs[k] for says, needs in heard) / said for k in KINDS]
        variance = [
            sum(says * (needs[k] - self.room[k]) ** 2 for says, needs in heard) / said
            for k in KINDS
        ]
        tone = self.p.desk.spillover_tone * (1.0 - news.separation) * news.heat
        apart = math.sqrt(mean(variance)) * max(1.0 + tone, 0.0)
        while self.rounds < p.max_rounds and not self.agreed and self.has_time_for(self.rounds + 1):
            self.rounds += 1
            apart *= 1.0 - p.consensus_step_share * news.understood
            self.agreed = apart <= p.agreement_spread

    def hear_cases(self, news: News) -> None:
        """Some file or give up; those who have waited longest are heard first."""
        for one in self.people:
            one.start_complaining()
        for desk, level in news.desk_levels.items():
            self.everyone.do("think_of_case", desk, level, news)
            turns = [draws[1] for draws in news.draws.cases[desk]]
            waiting = [one for one in self.people if getattr(one, f"case_{desk}") == WAITING]
            since = f"since_{desk}"
            waiting.sort(key=lambda one: (getattr(one, since), turns[one.row]))
            for rank, one in enumerate(waiting):
                one.be_heard(desk, rank, level, news)
        self.everyone.do("count_wait", news)

    def work(self, news: News) -> None:
        """Everybody earns a living; outside work pays less the more people look for it."""
        do = self.everyone.do
        if news.month == 0:
            do("begin", news)
            self.start_use = mean([one.start_use for one in self.people])
        do("turn_to_work", news)
        crowd = mean([one.use for one in self.people])
        crowd = crowd / self.start_use if crowd > 0.0 and self.start_use > 0.0 else 1.0
        do("earn", crowd)

    def has_time_for(self, rounds: int) -> bool:
        """Whether so many rounds fit into the hours people can give to meetings in a month."""
        return rounds * self.p.room.hours_per_round <= self.p.partnership.meeting_cap_hours

    def mobilise(self, news: News) -> None:
        """Four weeks in which some reconsider; then villages learn whether it helped."""
        p, r = self.p.mobilisation, self.p.response
        do = self.everyone.do
        do("take_stock", news)
        do("speak_out", news)
        self.blocking_share = self.disruption = 0.0
        self.events = [0, 0, 0, 0, 0]
        for week in range(WEEKS):
            self.acting = sum(one.active for one in self.people)
            for village in self.villages:
                village.seen_acting = min(village.acting_share() + news.protest_wave, 1.0)
            do("look_around")
            do("reconsider", week, news)
            share = mean([one.rung >= BLOCKADE for one in self.people])
            self.blocking_share += share / WEEKS
            if share > p.disruption_floor_share:
                size, half = (x**p.disruption_shape for x in (share, p.disruption_half_share))
                self.disruption += p.disruption_max * size / (size + half) / WEEKS
            self.events[self.highest_rung()] += 1
        for village in self.villages:
            if news.conceded[village.number]:
                village.efficacy += r.efficacy_gain * (1.0 - village.efficacy)
            elif village.acting_share() >= r.trigger_share:
                village.efficacy *= 1.0 - r.efficacy_loss

    def highest_rung(self) -> int:
        """The highest rung that enough people have reached."""
        for rung in (4, 3, 2, 1):
            if mean([one.rung >= rung for one in self.people]) >= self.p.response.trigger_share:
                return rung
        return 0

    def compare_groups(self, news: News) -> None:
        """Hope that gains of one's group raise at first, and what neighbours get."""
        p, scale = self.p.grievance, self.p.appraisal.benefit_scale_income
        patience = math.exp(-news.month / p.tunnel_months)
        for group, members in self.groups.items():
            now = mean([one.shared_benefit for one in members])
            if news.month == 0:
                self.group_benefit[group] = now
            change = (now - self.group_benefit[group]) / scale
            self.hope[group] = p.tunnel_hope * math.tanh(change) * patience
            self.group_benefit[group] = now
        for village in self.villages:
            village.mean_benefit = mean([one.budget_benefit for one in village.people])

    def look_up(self) -> None:
        """Once a year everybody looks at everybody who gets more."""
        incomes = [one.benefit for one in self.people]
        scale = self.p.appraisal.benefit_scale_income + mean(incomes)
        self.everyone.do("envy", incomes, scale)


def mix(amounts: Six) -> tuple[float, Six]:
    """The total of six amounts and the share of each in it; all 0 where there is nothing."""
    total = sum(amounts)
    return total, [amount / total for amount in amounts] if total > 0.0 else list(amounts)
