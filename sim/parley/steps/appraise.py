"""Step of appraisal: what each person feels about company, state and neighbours this month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import appraisal
from parley.mechanisms.bargain import bargaining_weight
from parley.mechanisms.grievance import tunnel
from parley.mechanisms.influence import gossip
from parley.mechanisms.room import influence

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats
    from parley.model import PartneringModel


def appraise_company(model: PartneringModel) -> None:
    """Five comparisons, weighed by those who see them; neighbours pass on what they saw.

    Benefit against its reference, influence against expectation, promises kept and broken, harm,
    and contact. A person without procedural information has no voice term.
    """
    people, now, p = model.people, model.now, model.p.appraisal
    attended = people["attended"]
    seen = chance_of_seeing(model, attended)
    draws = model.streams.uniform("appraisal.seen", now.index, (people.n, 3))
    now.benefit_signal = feel_benefit(model)
    if now.is_agenda_month:
        held = now.rounds > 0  # nobody is left out of a meeting that does not take place
        stayed_away = people.spread_village(now.absent)
        left_out = held & ~people["invited"] & ~stayed_away & (draws[:, 0] < seen)
        now.voice_signal, informed = appraisal.voice_signal(
            current_influence(model, model.state.agenda),
            people["expected_influence"],
            attended,
            left_out,
            p,
        )
    else:  # nobody has news of a decision
        now.voice_signal, informed = np.zeros(people.n), np.zeros(people.n, dtype=np.bool_)
    people["informed"][:] = informed
    people["signal_benefit"][:] = now.benefit_signal
    people["signal_voice"][:] = now.voice_signal
    against = now.broken + now.published
    promises = people.spread_village(appraisal.promise_signal(now.kept, against))
    settled = people.spread_village(now.kept + against > 0.0)
    hurt = np.maximum(now.harm, model.state.forced)
    harm_term = appraisal.harm_signal(hurt, 0.0)
    contact = 2.0 * draws[:, 2] - 1.0
    signal = appraisal.combine(
        (now.benefit_signal, now.voice_signal, promises, harm_term, contact),
        (True, informed, settled, hurt > 0.0, attended),
        appraisal.signal_weights(p),
    )
    signal = signal * (draws[:, 1] < seen)
    positive, negative = np.maximum(signal, 0.0), np.maximum(-signal, 0.0)
    heard = model.ties.row_mean(np.column_stack((positive, negative)))
    now.company_positive, now.company_negative = gossip(
        positive, negative, heard[:, 0], heard[:, 1], model.p.influence
    )


def chance_of_seeing(model: PartneringModel, attended: Bools) -> Floats:
    """Chance of seeing this month what the company does, of those who met and those who did not.

    Args:
        model: the running model.
        attended: who met, of any shape.

    Returns:
        the shape of `attended`, in [0, 1].
    """
    in_full_view, levels = model.now.in_full_view, model.site_team.levels
    communication = 1.0 if in_full_view else levels.communication
    return appraisal.seen_probability(communication, attended, model.p.appraisal)


def told_of_entitlement(model: PartneringModel) -> Floats:
    """How far residents of each village are told what the state owes them, shape (n_villages,)."""
    return model.policy.published


def feel_benefit(model: PartneringModel) -> Floats:
    """Shared benefit net of meeting time, against what seems fair and what one is used to.

    The gains of one's group may for a while raise hope besides.

    Returns:
        shape (n,), signal in [-1, 1].
    """
    people, now = model.people, model.now
    company = model.company
    rent = max(company.trailing_rent, 0.0) * company.reference_revenue
    per_head = rent / people.n / model.cents_per_income
    belief = np.array([organisation.belief_mean for organisation in model.organisations])
    fair = appraisal.fair_benefit(bargaining_weight(model.p.bargain), per_head * np.exp(belief))
    reference = appraisal.reference_benefit(
        people.spread_village(fair), people["aspiration"], model.p.appraisal
    )
    benefit = people["shared_benefit"]
    felt = appraisal.benefit_signal(benefit - now.time_cost, reference, model.p.appraisal)
    main = slice(1, 1 + people.n_groups)
    of_groups = people.report_mean(benefit)[main]
    if now.index == 0:
        model.state.group_benefit = of_groups
    change = (of_groups - model.state.group_benefit) / model.p.appraisal.benefit_scale_income
    model.state.group_benefit = of_groups
    hope = tunnel(change, float(now.index), model.p.grievance)
    signal: Floats = np.clip(felt + hope[people["group"]], -1.0, 1.0)
    return signal


def current_influence(model: PartneringModel, agenda: Floats) -> Floats:
    """How much better an agenda fits each person than what the company alone would have done.

    Args:
        model: the running model.
        agenda: shape (6,), on the simplex.

    Returns:
        shape (n,), in [-1, 1]. It depends on needs alone, so it changes only with the agenda.
    """
    return influence(agenda, model.state.agenda_alone, model.people["needs"])


def appraise_others(model: PartneringModel) -> None:
    """The state is held against entitlement and habit, neighbours against an equal part.

    Residents told of their entitlement hold it against that and less against habit.

    What is divided among neighbours is what the community budget brings.
    """
    people, now, p = model.people, model.now, model.p.appraisal
    entitled = model.municipality.entitlement / people.n / model.cents_per_income
    told = people.spread_village(told_of_entitlement(model))
    used_to = people["state_aspiration"]
    used_to = used_to + told * (entitled - used_to)
    reference = appraisal.reference_benefit(entitled, used_to, p)
    now.service_signal = appraisal.benefit_signal(people["state_benefit"], reference, p)
    blamed = model.p.grievance.regulator_blame_share * now.harm
    burden = np.maximum(blamed, model.state.forced)
    weights = np.array((p.weight_benefit, p.weight_harm))
    signal = weights[0] * now.service_signal - weights[1] * burden
    signal /= max(float(weights.sum()), 1e-12)
    draws = model.streams.uniform("appraisal.state_seen", now.index, people.n)
    now.state_signal = signal * (draws < appraisal.seen_probability(0.0, 0.0, p))
    from_budget = people["budget_benefit"]
    equal_part = people.spread_village(people.village_mean(from_budget))
    now.community_signal = appraisal.benefit_signal(from_budget, equal_part, p)
