"""Lets the people in columns and the plain people live side by side and compares every month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from oracle.news import Listener
from oracle.plain_measures import measure
from oracle.plain_place import PlainPlace

from parley.couplings import linked_pairs
from parley.model import PartneringModel

if TYPE_CHECKING:
    from oracle.news import News

    from parley.scenario_types import Scenario

TOLERANCE = 1e-10

DECISIONS = (
    *("invited", "attended", "informed", "ever_partner", "active", "rung"),
    *("hit", "silent", "case_desk", "since_desk", "case_forum", "since_forum"),
)
VIEWS = (
    *("trust_company", "trust_state", "trust_community", "cap_company", "opinion"),
    *("good_company", "bad_company", "good_state", "bad_state", "good_community", "bad_community"),
    *("aspiration", "state_aspiration", "expected_influence"),
    *("grievance_operational", "grievance_partnership", "grievance_legacy", "blame_state"),
    *("security", "benefit", "budget_benefit", "shared_benefit", "state_benefit", "aid"),
    *("income_now", "income_usual", "outside_skill", "venture_income"),
    *("deprivation", "dignity", "fear"),
    *("signal_voice", "signal_benefit"),
)
"""Every column that may change in a month, with `DECISIONS`."""

PASSING = {
    "harm": "harm",
    "time_cost": "time_cost",
    "matched": "matched",
    "company_positive": "good_news",
    "company_negative": "bad_news",
    "state_signal": "state_signal",
    "service_signal": "service_signal",
    "community_signal": "community_signal",
    "shown_grievance": "shown",
    "filed": "filed",
    "overdue": "overdue",
}
"""What one step of the month leaves for another: name in `model.now`, attribute of a person."""


HAPPENINGS: dict[str, Callable[[PlainPlace, News], bool]] = {
    "meeting": lambda plain, _: plain.rounds > 0,
    "agreement": lambda plain, _: plain.agreed,
    "no agreement": lambda plain, _: bool(plain.room) and not plain.agreed,
    "left out": lambda plain, _: any(one.informed > one.attended for one in plain.people),
    "without ties": lambda plain, _: not all(one.neighbours for one in plain.people),
    "transfers": lambda _, news: news.transfers > 0,
    "cash from the company": lambda _, news: "company" in news.cash,
    "cash from the state": lambda _, news: "state" in news.cash,
    "cash from elsewhere": lambda _, news: "donor" in news.cash,
    "entitlements published": lambda _, news: any(news.told),
    "promises kept": lambda _, news: sum(news.kept) > 0.0,
    "promises broken": lambda _, news: sum(news.broken) > 0.0,
    "village stays away": lambda _, news: any(news.absent),
    "out of time": lambda plain, _: (
        plain.rounds > 0 and not plain.agreed and not plain.has_time_for(plain.rounds + 1)
    ),
    "published": lambda _, news: sum(news.published) > 0.0,
    "deceived": lambda plain, _: any(
        one.trust_company == one.cap_company < 1.0 for one in plain.people
    ),
    "standoff": lambda _, news: any(news.standoff),
    "concession": lambda _, news: any(news.conceded),
    "violence": lambda plain, _: plain.events[4] > 0,
    "blockade": lambda plain, _: plain.events[3] > 0,
    "disruption": lambda plain, _: plain.disruption > 0.0,
    "force": lambda plain, _: any(one.forced for one in plain.people),
    "hope": lambda plain, _: any(plain.hope.values()),
    "deprivation": lambda plain, _: any(one.deprivation > 0.0 for one in plain.people),
    "partnership grievance": lambda plain, _: any(
        one.grievance_partnership > 0.0 for one in plain.people
    ),
    "successor": lambda _, news: bool(news.successors),
    "reprisal": lambda plain, _: any(one.hit for one in plain.people),
    "reprisals heard of": lambda _, news: news.reprisals_heard > 0.0,
    "spoilers everywhere": lambda _, news: news.spoilers == 1.0,
    "hard times": lambda _, news: news.fortune < 1.0,
    "hidden grievance": lambda plain, _: any(one.silent for one in plain.people),
    "complaint": lambda plain, _: any(one.filed for one in plain.people),
    "remedy": lambda _, news: any(news.remedies.values()),
    "overdue": lambda plain, _: any(one.overdue for one in plain.people),
    **{
        f"{desk} case {what}": lambda plain, _, desk=desk, state=state: any(  # type: ignore[misc]
            getattr(one, f"case_{desk}") == state for one in plain.people
        )
        for desk in ("desk", "forum")
        for state, what in ((2, "just"), (3, "declared"), (4, "given up"))
    },
    "no rent": lambda _, news: news.rent == 0.0,
    "unrest elsewhere": lambda _, news: news.protest_wave > 0.0,
    "contact ban": lambda _, news: news.reach < 1.0,
    "ventures": lambda plain, _: any(one.venture_income > 0.0 for one in plain.people),
    "ventures lost": lambda plain, _: any(one.lost_to_venture > 0.0 for one in plain.people),
    "the company gone": lambda _, news: news.wages == 0,
    "peace": lambda _, news: news.safety_pressure != 1.0,
}
"""What a comparison should have gone through before it counts for much."""


class DisagreementError(AssertionError):
    """The two ways of living a month differ."""


class Lockstep:
    """A column model and plain people who start alike and hear the same news.

    Attributes:
        columns: the model with people in columns.
        plain: the plain people; nothing is copied into them after the start.
        worst: largest difference so far by what was compared.
        reached: what has happened so far, of `HAPPENINGS`.
    """

    def __init__(
        self,
        scenario: Scenario,
        root_seed: int = 0,
        replicate: int = 0,
        backend: str = "numpy",
    ) -> None:
        """Build both; `backend` is who does the arithmetic of the columns."""
        self.columns = PartneringModel(scenario, root_seed, replicate, backend)
        self.listener = Listener(self.columns)
        self.plain = settle(self.columns)
        self.worst: dict[str, float] = {}
        self.reached: set[str] = set()
        self._compare("mean needs", self.columns.mean_needs, mean_rows(self.plain.people))
        leaders = [one for one in self.plain.people if one.leader]
        self._compare("leaders' needs", self.columns.leader_needs, mean_rows(leaders))

    def run(self, months: int) -> float:
        """Live some months, comparing after each.

        Returns:
            The largest difference found.

        Raises:
            DisagreementError: in the first month in which the two differ by more than `TOLERANCE`,
                or in any decision.
        """
        for _ in range(months):
            news = self.listener.month()
            self.plain.live(news)
            self.compare(news)
            self.compare_reports(news)
            self.reached |= {what for what, yes in HAPPENINGS.items() if yes(self.plain, news)}
        return max(self.worst.values())

    def compare(self, news: News) -> None:
        """Compare people and what they are together."""
        model, people = self.columns, self.plain.people
        for name in DECISIONS:
            found = [getattr(one, name) for one in people]
            self._compare(name, model.people[name], found, exact=True)
        for name in VIEWS:
            self._compare(name, model.people[name], [getattr(one, name) for one in people])
        for name, attribute in PASSING.items():
            found = [getattr(one, attribute) for one in people]
            self._compare(f"now.{name}", getattr(model.now, name), found)
        self._compare_together(news)

    def compare_reports(self, news: News) -> None:
        """Compare what is reported of people."""
        for name, found in measure(self.plain, self.columns.world.place, news).items():
            row = self.columns.recorder.series[name][news.month]
            self._compare(f"outcome {name}", row[: len(found)], found)

    def _compare_together(self, news: News) -> None:
        plain, now, state = self.plain, self.columns.now, self.columns.state
        self._compare("forced", state.forced, [one.forced for one in plain.people], exact=True)
        for name, resolved in now.resolved.items():
            found = [one.settled[name] for one in plain.people]
            self._compare(f"resolved at {name}", resolved, found, exact=True)
        self._compare("efficacy", state.efficacy, [v.efficacy for v in plain.villages])
        self._compare(
            "group benefit",
            state.group_benefit[list(plain.groups)],
            list(plain.group_benefit.values()),
        )
        self._compare("disruption", state.disruption, plain.disruption)
        self._compare("blocking share", now.blocking_share, plain.blocking_share)
        self._compare("active share", now.active_share, [v.acting_share() for v in plain.villages])
        self._compare("events", now.events, plain.events, exact=True)
        self._compare("rounds", now.rounds, plain.rounds, exact=True)
        self._compare("agreed", now.agreed, plain.agreed, exact=True)
        if news.agenda_month:
            self._compare("speaking", now.speaking, [one.says for one in plain.people])
        if plain.room:
            self._compare("room", now.room, plain.room)

    def _compare(self, name: str, columns: Any, plain: Any, *, exact: bool = False) -> None:
        """Note the largest difference; complain where it is too large.

        Args:
            name: what is compared.
            columns: as the column model has it.
            plain: as the plain people have it.
            exact: whether any difference is too large.
        """
        ours, theirs = np.asarray(columns, dtype=float), np.asarray(plain, dtype=float)
        if ours.shape != theirs.shape:
            raise DisagreementError(f"{name}: shapes {ours.shape} and {theirs.shape}")
        missing = np.isnan(ours)
        apart = np.abs(np.where(missing, 0.0, ours) - np.where(np.isnan(theirs), 0.0, theirs))
        apart = np.where(missing == np.isnan(theirs), apart, np.inf)
        largest = float(apart.max())
        if largest > (0.0 if exact else TOLERANCE):
            where = np.unravel_index(apart.argmax(), apart.shape)
            place = tuple(int(i) for i in where)
            raise DisagreementError(
                f"month {self.columns.now.index}: {name} at {place}: "
                f"{ours[where]!r} in columns, {theirs[where]!r} in plain people"
            )
        self.worst[name] = max(self.worst.get(name, 0.0), largest)


def settle(model: PartneringModel) -> PlainPlace:
    """Plain people with the traits, ties and starting views of a model that has not begun."""
    columns: Mapping[str, Any] = model.people.columns
    values = {name: column.tolist() for name, column in columns.items()}
    starts = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    ties = [model.ties.neighbours(row).tolist() for row in range(model.people.n)]
    pairs = linked_pairs().tolist()
    return PlainPlace(model.p, model.world.trust_rule, model.cents_per_income, starts, ties, pairs)


def mean_rows(people: Sequence[Any]) -> list[float]:
    """Mean needs of some people."""
    return [sum(one.needs[k] for one in people) / len(people) for k in range(6)]
