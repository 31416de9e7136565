"""What taking part can cost a resident: complaints, reprisal, fear, silence.

Stands between `PlainLife` and `PlainPerson`, see there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oracle.arithmetic import Six, mean
from oracle.plain_life import PlainLife

if TYPE_CHECKING:
    from oracle.news import News

NONE, WAITING, JUST, DECLARED, GIVEN_UP = range(5)
"""What became of a person's last case."""


class PlainRisk(PlainLife):
    """Speaks through others or not, complains, is punished, is afraid."""

    # --- what protection hides and what it blurs ------------------------------------------------

    def hidden(self, news: News) -> float:
        """Part of taking part that others cannot see; leaders who speak for others are seen."""
        p = self.p.risk
        if news.protection == "proxy":
            return 0.0 if self.leader else p.proxy_cover
        return {"anonymity": p.anonymity_cover, "pacing": p.pacing_cover}.get(news.protection, 0.0)

    def states(self, needs: Six, news: News) -> Six:
        """Needs as the room hears them: proxies put in some of the leaders' own."""
        if self.leader or news.protection != "proxy":
            return needs
        loss, theirs = self.p.risk.proxy_loss, self.model.leaders_need
        return [(1.0 - loss) * own + loss * other for own, other in zip(needs, theirs, strict=True)]

    # --- complaints -----------------------------------------------------------------------------

    def start_complaining(self) -> None:
        """Nothing has been filed or settled this month."""
        self.filed, self.settled = 0, {}

    def think_of_case(self, desk: str, level: float, news: News) -> None:
        """Give up a waiting case, or file one: who is aggrieved, knows, dares, and believes."""
        p, draw = self.p.desk, news.draws.cases[desk][self.row][0]
        self.settled[desk] = False
        daring = math.exp(-p.dare_fear * self.fear * (1.0 - self.hidden(news)))
        if getattr(self, f"case_{desk}") == WAITING:
            if draw >= (1.0 - p.withdraw_per_month) * daring:
                setattr(self, f"case_{desk}", GIVEN_UP)
            return
        if desk == "forum":
            matter = self.grievance_legacy
        else:
            matter = max(self.grievance_operational, self.grievance_partnership)
        if not (matter > p.file_threshold and level * p.servers_per_1000 > 0.0):
            return
        most = max(p.seek_share, p.authority_share)
        online = p.digital_ease * news.digital if self.connected else 0.0
        alone = (1.0 - online) * (1.0 - news.filing_help[self.row])
        share = alone * p.authority_share + (1.0 - alone) * most
        share *= news.desk_beliefs[desk][self.home.number] / p.belief_start
        chance = 1.0 - (1.0 - min(share, most)) ** (1.0 / p.problem_months)
        if draw < p.known_share * level * chance * daring:
            setattr(self, f"case_{desk}", WAITING)
            setattr(self, f"since_{desk}", news.month)
            self.filed += 1

    def be_heard(self, desk: str, rank: int, level: float, news: News) -> None:
        """The case is worked on where a server has time for it, and may be closed."""
        p, (_, _, heard, judged) = self.p.desk, news.draws.cases[desk][self.row]
        servers = level * p.servers_per_1000 * self.model.size / 1000.0
        time_for_it = min(max(servers - rank, 0.0), 1.0)
        if not heard < 1.0 - math.exp(-p.closing_per_month * time_for_it):
            return
        remedy = news.remedies[desk] / self.model.cents_per_income
        wanted = round(p.remedy_income * self.model.cents_per_income)
        fair = {"company": p.judge_company, "joint": p.judge_joint}.get(news.judge, p.judge_outside)
        fair += news.outside_judge * (p.judge_outside - fair)
        met = news.remedies[desk] / wanted
        just = judged < fair * ((1.0 - p.remedy_weight) + p.remedy_weight * met)
        setattr(self, f"case_{desk}", JUST if just else DECLARED)
        self.settled[desk] = just
        self.benefit += remedy
        self.budget_benefit += remedy
        self.shared_benefit += remedy

    def count_wait(self, news: News) -> None:
        """Whether a case has waited past its time."""
        late = news.month - self.p.desk.due_months
        self.overdue = any(
            getattr(self, f"case_{desk}") == WAITING and getattr(self, f"since_{desk}") <= late
            for desk in news.desk_levels
        )

    # --- silence, reprisal, fear ----------------------------------------------------------------

    def speak_out(self, news: News) -> None:
        """Show one's grievance, unless that costs more than it weighs."""
        p = self.p.risk
        cost = p.speech_fear * self.fear * (1.0 - p.speech_status * self.status)
        self.silent = 0.0 < self.resentment <= cost
        self.shown = 0.0 if self.silent else self.resentment

    def face_reprisal(self, news: News) -> None:
        """Whoever was seen to take part may be punished."""
        p = self.p.risk
        acts = (self.attended + self.filed) * (
            1.0
            + p.record_exposure * news.documentation
            + (p.trace_exposure * news.digital if self.connected else 0.0)
        )
        seen = acts * (1.0 - self.hidden(news)) + (p.active_exposure if self.active else 0.0)
        seen *= 1.0 - news.sheltered[self.row]
        chance = min(news.spoilers * p.reprisal_per_visible_act * seen, 1.0)
        self.hit = news.draws.reprisal[self.row] < chance

    def fear_more(self, news: News) -> None:
        """Fear fades, and rises with what happened to oneself and to one's ties."""
        p = self.p.risk
        shock = max(float(self.hit), p.fear_from_force if self.forced else 0.0)
        around = mean([other.hit for other in self.neighbours or [self]])
        around = min(around + news.reprisals_heard, 1.0)
        after = (1.0 - p.fear_fading_per_month) * self.fear + shock
        self.fear = min(after + p.fear_from_neighbours * around, 1.0)
