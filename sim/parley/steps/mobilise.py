"""Steps of mobilisation, four weekly rounds, and of the answers of company and state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.company import OPEN, PendingLesson
from parley.mechanisms import desk, mobilisation, response
from parley.mechanisms.standing import alignment
from parley.promises import SETTLEMENT
from parley.steps.bargain import villages_in_standoff
from parley.steps.delivery import Undertaking, promise
from parley.steps.desks import forum_heat
from parley.steps.risk import show_grievance

if TYPE_CHECKING:
    import numpy.typing as npt

    from parley.arrays import Bools, Floats
    from parley.model import PartneringModel

WEEKS = 4
BLOCKADE = 3
RUNGS = ("", "petition", "march", "blockade", "violence")


def mobilise(model: PartneringModel) -> None:
    """Four times a month, some people reconsider whether and how far to act.

    Only grievance that is shown counts: what people hide for fear moves nobody.
    """
    people, now, p = model.people, model.now, model.p.mobilisation
    state = model.state
    public = mobilisation.public_grievance(
        people["grievance_operational"],
        people["grievance_partnership"],
        people["grievance_legacy"],
        p,
    )
    shown = show_grievance(model, public)
    in_standoff = villages_in_standoff(model)
    stake = np.maximum(people["stake"], people.spread_village(in_standoff))
    efficacy_stake = people.spread_village(state.efficacy) * stake
    officers = officers_present(model)
    rungs, active = people["rung"], people["active"]
    blocking = 0.0
    lost = 0.0
    draws: Floats | None = None
    moved = True
    for week in range(WEEKS):
        if moved:  # else everybody wants what they wanted last week
            wanted = wanted_rungs(model, shown, efficacy_stake, officers)
        moved = False
        if not np.array_equal(wanted, rungs):  # else luck decides nothing
            if draws is None:
                draws = model.streams.uniform("mobilisation.redecide", now.index, (people.n, WEEKS))
            new = mobilisation.redecide(rungs, wanted, draws[:, week], p)
            moved = not np.array_equal(new, rungs)
            rungs[:] = new
        if moved or week == 0:
            np.greater(rungs, 0, out=active)
            share = float((rungs >= BLOCKADE).mean())
            highest = highest_rung(model)
        blocking += share / WEEKS
        lost += float(mobilisation.disruption(share, p)) / WEEKS
        now.events[highest] += 1
    now.blocking_share = blocking
    state.disruption = lost if model.company.status == OPEN else 0.0  # an idle site loses nothing
    now.active_share = people.village_mean(active.astype(np.float64))
    for rung, count in zip(RUNGS[1:], now.events[1:], strict=True):
        if count:
            model.note(rung, "residents", "company", float(count))


def wanted_rungs(
    model: PartneringModel, shown: Floats, efficacy_stake: Floats, officers: float
) -> npt.NDArray[np.int8]:
    """How far everybody would act if they reconsidered now, shape (n,), given who acts already.

    Args:
        model: the running model.
        shown: shape (n,), grievance that is shown, in [0, 1].
        efficacy_stake: shape (n,), believed efficacy times one's stake, in [0, 1].
        officers: officers on the ground (persons).
    """
    people, p = model.people, model.p.mobilisation
    acting = people["active"].astype(np.float64)
    wave = float(model.effects.protest_wave[model.now.index])
    visible = people.spread_village(np.minimum(people.village_mean(acting) + wave, 1.0))
    peers = mobilisation.peers(model.ties.row_mean(acting), visible, p)
    risk = mobilisation.risk(officers, float(acting.sum()), p)
    u = mobilisation.willingness(
        shown, efficacy_stake, peers, people["risk_aversion"] * risk, people["opinion"], p
    )
    return mobilisation.rung(u, people["threshold"], p)


def highest_rung(model: PartneringModel) -> int:
    """The highest rung that enough residents have reached this week, 0 if too few act at all."""
    reached = np.bincount(model.people["rung"], minlength=5)[::-1].cumsum()[::-1] / model.people.n
    return int(np.flatnonzero(np.r_[True, reached[1:] >= model.p.response.trigger_share])[-1])


def respond(model: PartneringModel) -> None:
    """Enough active people call for an answer; earlier answers show what they cost.

    With protocols the answer may wait for its procedure; trust shown in conduct rules force out
    for a part of the answers.
    """
    team, now, p = model.site_team, model.now, model.p.response
    state = model.state
    state.forced[:] = False
    now.conceded = np.zeros(model.people.n_villages, dtype=np.bool_)
    acted = now.active_share >= p.trigger_share
    judge_lessons(model)
    present = not model.company.closed
    if present and float(model.people["active"].mean()) >= p.trigger_share and not team.queue:
        probabilities = response.choice_probabilities(
            team.attraction, 1.0 - state.terms.trust_conduct, p
        )
        draw, wait = model.streams.uniform("response.choose", now.index, 2)
        delay = int(team.levels.protocols * p.delay_months_full + wait)  # right in the mean
        team.queue.append((now.index + delay, response.choose(probabilities, draw), acted))
    if team.queue and team.queue[0][0] <= now.index:
        _, action, villages = team.queue.popleft()
        now.response = action
        carry_out(model, action, villages)
    state.efficacy = np.asarray(
        response.step_efficacy(state.efficacy, now.conceded, acted, p), dtype=np.float64
    )


def carry_out(model: PartneringModel, action: int, acted: Bools) -> None:
    """Do what was decided, through channels that exist already.

    Args:
        model: the running model.
        action: index into `response.ACTIONS`.
        acted: shape (n_villages,), villages with enough active people when it was decided.
    """
    now, p = model.now, model.p.response
    name = response.ACTIONS[action]
    cost = 0.0
    if name == "explain":
        trust = float(model.people["trust_company"].mean())
        candour = desk.candour(forum_heat(model), model.p.desk)
        model.state.explained += p.explain_precision * trust * candour
    elif name == "dialogue":
        model.state.talks |= acted
    elif name in ("concede_active", "concede_all"):
        now.conceded = acted.copy() if name == "concede_active" else np.ones_like(acted)
        cost = concede(model, now.conceded)
    elif name == "force":
        cost = ask_for_force(model)
    model.site_team.lessons.append(PendingLesson(now.index, action, cost))
    model.note("response", "company", name, cost)


def judge_lessons(model: PartneringModel) -> None:
    """What disruption cost in the three months after an answer is held against that answer."""
    team, now = model.site_team, model.now
    loss = disruption_cost(model)
    for lesson in team.lessons:
        lesson.cost += loss
    ready = [
        lesson
        for lesson in team.lessons
        if now.index - lesson.month >= model.p.response.lesson_months
    ]
    for lesson in ready:
        team.attraction = response.learn(
            team.attraction, lesson.action, lesson.cost, model.p.response
        )
        team.lessons.remove(lesson)


def officers_present(model: PartneringModel) -> float:
    """Officers on the ground this month: those within reach, and those sent when force was granted.

    Returns:
        persons.
    """
    nation = model.nation
    officers = nation.officers
    if nation.force_months > 0:
        nation.force_months -= 1
        officers += model.p.response.force_officers_per_1000 * model.people.n / 1000.0
    return officers


def concede(model: PartneringModel, villages: Bools) -> float:
    """Promise each conceded village a project on top of the budget; none if nobody is left.

    Args:
        model: the running model.
        villages: shape (n_villages,), to whom.

    Returns:
        Cost in months of reference surplus.
    """
    p, company = model.p, model.company
    normal = p.response.concession_share * p.budget.social_budget_share
    sizes = np.where(villages, model.people.village_sizes, 0.0)
    cents = round(normal * company.reference_revenue * float(sizes.sum()) / model.people.n)
    if cents > 0:
        short = cents > model.ledger.balance("company")
        promise(model, Undertaking(cents, 1, SETTLEMENT, short), sizes / sizes.sum())
    for organisation in model.organisations:
        organisation.conceded += int(villages[organisation.village])
    return cents / max(company.reference_surplus, 1)


def ask_for_force(model: PartneringModel) -> float:
    """Ask the state for officers; if it grants them, they meet whoever is active.

    Returns:
        Cost to the company of asking, in months of reference surplus.
    """
    now, nation = model.now, model.nation
    draw = float(model.streams.uniform("response.force", now.index, 1)[0])
    if draw < alignment(nation.alignment, nation.goodwill, model.p.attributes):
        nation.force_months = 1
        model.state.forced[:] = model.people["active"]
        model.note("force", "state", "residents", float(model.state.forced.sum()))
    return model.p.response.force_cost_share


def disruption_cost(model: PartneringModel) -> float:
    """Margin lost to this month's disruption, in months of reference surplus."""
    p, company = model.p.budget, model.company
    margin = model.now.price_ratio - p.cost_share * (1.0 - p.fixed_cost_share)
    lost = model.state.disruption * max(margin, 0.0) * company.reference_revenue
    return lost / max(company.reference_surplus, 1)
