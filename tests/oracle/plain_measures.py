"""What is reported of plain people: group means and how unequal groups are, by definition."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from oracle.arithmetic import Six, mean
from oracle.plain_person import PlainPerson
from oracle.plain_place import KINDS
from oracle.plain_risk import NONE, WAITING

if TYPE_CHECKING:
    from oracle.news import News
    from oracle.plain_place import PlainPlace

    from parley.scenario_types import Place

RUNGS = ("petitions", "marches", "blockades", "violence")
PLAIN = (
    *("trust_company", "trust_state", "trust_community"),
    *("grievance_operational", "grievance_partnership", "grievance_legacy"),
    *("benefit", "budget_benefit", "state_benefit", "aid", "dignity", "harm"),
)

type Members = dict[str, list[PlainPerson]]


def measure(plain: PlainPlace, place: Place, news: News) -> dict[str, list[float]]:
    """Outcomes of the month: one value per reporting group, or one for the site.

    Args:
        plain: the people, at the end of the month.
        place: what their groups and tags are.
        news: what came down to them.
    """
    members = reporting_groups(plain, place)
    of_person = person_outcomes(plain, place.facts.legacy_state_share)
    if news.agenda_month:
        of_person["inclusion"] = lambda one: one.attended
    found = {}
    for name, value in of_person.items():
        values = {one: value(one) for one in plain.people}
        found[name] = [mean_of_those_with_one(values, group) for group in members.values()]
    if news.agenda_month:
        found["influence"] = [voice(plain, group, news) for group in members.values()]
        hours = sum(one.attended for one in plain.people) * plain.rounds
        hours *= plain.p.room.hours_per_round
    else:
        hours = 0.0
    found["community_hours"] = [1000.0 * hours / plain.size]
    found["days_lost"] = [plain.disruption * 365.25 / 12]
    found |= {name: [float(n)] for name, n in zip(RUNGS, plain.events[1:], strict=True)}
    found |= {name: [harm] for name, harm in cases(plain, news).items()}
    found["participation_harm"] = [participation_harm(plain, group) for group in members.values()]
    found["dependency"] = [apart(group) for group in members.values()]
    main = [members[group.key] for group in place.groups]
    return found | inequality(found, main)


def mean_of_those_with_one(values: dict[PlainPerson, float], group: list[PlainPerson]) -> float:
    """Mean over the members who have a value; NaN if none has."""
    there = [values[one] for one in group if not math.isnan(values[one])]
    return mean(there) if there else math.nan


def apart(group: list[PlainPerson]) -> float:
    """The part of a group's income that would be gone without the company."""
    whole = sum(one.income_now for one in group)
    if not group or whole <= 0.0:
        return 0.0 if group else math.nan
    return 1.0 - sum(one.alone() for one in group) / whole


def reporting_groups(plain: PlainPlace, place: Place) -> Members:
    """Everybody, each group, the carriers of each tag, and whoever is marginalised."""
    people = plain.people
    low_groups = [i for i, group in enumerate(place.groups) if group.marginalised]
    low_tags = [f"tag_{tag.key}" for tag in place.tags if tag.marginalised]
    members: Members = {"all": people}
    members |= {g.key: [o for o in people if o.group == i] for i, g in enumerate(place.groups)}
    members |= {t.key: [o for o in people if getattr(o, f"tag_{t.key}")] for t in place.tags}
    members["marginalised"] = [
        one
        for one in people
        if one.group in low_groups or any(getattr(one, tag) for tag in low_tags)
    ]
    return members


def person_outcomes(
    plain: PlainPlace, old_state: float
) -> dict[str, Callable[[PlainPerson], float]]:
    """Outcomes that are the mean of something a person has.

    Args:
        plain: the people.
        old_state: part of the grievance over the past that is aimed at the state.
    """
    enough = plain.p.harm.security_threshold

    def at_company(one: PlainPerson) -> float:
        calm = 1.0 - one.grievance_operational * (1.0 - one.blame_state)
        calm *= 1.0 - one.grievance_partnership
        return 1.0 - calm * (1.0 - one.grievance_legacy * (1.0 - old_state))

    def at_state(one: PlainPerson) -> float:
        calm = 1.0 - one.grievance_operational * one.blame_state
        return 1.0 - calm * (1.0 - one.grievance_legacy * old_state)

    def plain_value(name: str) -> Callable[[PlainPerson], float]:
        return lambda one: getattr(one, name)

    return {name: plain_value(name) for name in PLAIN} | {
        "grievance_at_company": at_company,
        "grievance_at_state": at_state,
        "income_now": lambda one: one.income_now,
        "outside_skill": lambda one: one.outside_skill,
        "expectation_gap": lambda one: max(one.aspiration - one.shared_benefit, 0.0),
        "freedom_from_want": lambda one: all(level >= enough for level in one.security),
        "active_share": lambda one: one.active,
        "need_match": lambda one: one.matched,
        "fear": lambda one: one.fear,
        "reprisals": lambda one: 1000.0 * one.hit,
        "silent_share": lambda one: one.silent,
        "grievance_shown": lambda one: one.shown,
    }


def cases(plain: PlainPlace, news: News) -> dict[str, float]:
    """Cases filed, open and resolved, per 1000 people."""
    per_1000 = 1000.0 / plain.size
    found = {}
    for desk in news.desk_levels:
        state, since = f"case_{desk}", f"since_{desk}"
        waiting = [one for one in plain.people if getattr(one, state) == WAITING]
        found[f"{desk}_open"] = per_1000 * len(waiting)
        found[f"{desk}_resolved"] = per_1000 * sum(one.settled[desk] for one in plain.people)
        found[f"{desk}_filed"] = per_1000 * sum(
            getattr(one, state) != NONE and getattr(one, since) == news.month
            for one in plain.people
        )
    return found


def participation_harm(plain: PlainPlace, group: list[PlainPerson]) -> float:
    """Reprisals against attenders of a group beyond those against others of their block."""
    excess = []
    for one in group:
        others = [other.hit for other in plain.blocks[one.block] if not other.attended]
        if one.attended and others:
            excess.append(1000.0 * (one.hit - mean(others)))
    return mean(excess) if excess else math.nan


def voice(plain: PlainPlace, group: list[PlainPerson], news: News) -> float:
    """How far the agenda moves when a group asks only for what it now needs least."""
    said = sum(one.says for one in plain.people)
    if not group or not said:
        return 0.0
    own = [mean([one.needs[k] for one in group]) for k in KINDS]
    least = own.index(min(own))
    wish = [float(k == least) for k in KINDS]
    inside = set(group)

    def view(wanted: Callable[[PlainPerson], Six]) -> Six:
        heard = [(one.says, one.states(wanted(one), news)) for one in plain.people]
        return [sum(says * needs[k] for says, needs in heard) / said for k in KINDS]

    before = view(lambda one: one.needs)
    after = view(lambda one: wish if one in inside else one.needs)
    moved = sum(abs(b - a) for a, b in zip(before, after, strict=True))
    weight = (1.0 - plain.p.room.initiator_anchor_share) * news.room_weight
    return weight * moved / sum(abs(w - o) for w, o in zip(wish, own, strict=True))


def inequality(
    found: dict[str, list[float]], main: list[list[PlainPerson]]
) -> dict[str, list[float]]:
    """The worst-off group against the mean, and how unequal groups' benefits and voices are.

    Args:
        found: outcomes by reporting group: everybody, then the groups, then the rest.
        main: members of each group.
    """
    sizes = [len(group) for group in main]
    everybody, *rest = found["benefit"]
    several = slice(1, 1 + len(main))
    worst = min(value for value in rest if not math.isnan(value))
    unequal = {
        "worst_group_ratio": [worst / everybody if everybody > 0.0 else math.nan],
        "benefit_gini": [gini(found["benefit"][several], sizes)],
    }
    if "influence" in found:
        share = [size / sum(sizes) for size in sizes]
        loud = [v / s for v, s in zip(found["influence"][several], share, strict=True)]
        unequal["voice_equality"] = [1.0 - gini(loud, sizes)]
    return unequal


def gini(values: list[float], sizes: list[int]) -> float:
    """Mean distance between two people, each with the value of their group, over twice the mean."""
    people = sum(sizes)
    total = sum(value * size for value, size in zip(values, sizes, strict=True))
    if not total > 0.0:
        return math.nan
    pairs = [
        (v, n, w, m)
        for v, n in zip(values, sizes, strict=True)
        for w, m in zip(values, sizes, strict=True)
    ]
    apart = sum(n * m * abs(v - w) for v, n, w, m in pairs)
    return apart / people / total / 2.0
