"""Steps of slow change in people: trust, expectations, grievance, opinion, dignity."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import grievance, trust
from parley.mechanisms.appraisal import step_expected_influence
from parley.mechanisms.aspiration import step_aspiration
from parley.mechanisms.influence import step_opinion
from parley.mechanisms.standing import erosion_after
from parley.steps.appraise import current_influence

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

TARGETS = ("company", "state", "community")


def move_trust(model: PartneringModel) -> None:
    """Trust in company, state and neighbours follows evidence; deception caps it for good.

    The state shares in what is seen of the company, as far as the two are seen together.
    """
    people, now, p = model.people, model.now, model.p.trust
    deceived = people.spread_village(now.deceived) & (now.company_negative > 0.0)
    np.minimum(
        people["cap_company"], np.where(deceived, p.deception_cap, 1.0), out=people["cap_company"]
    )
    update_trust(model, "company", now.company_positive, now.company_negative)
    positive, negative = np.maximum(now.state_signal, 0.0), np.maximum(-now.state_signal, 0.0)
    update_trust(
        model,
        "state",
        trust.spillover(positive, now.company_positive, now.seen_together, p),
        trust.spillover(negative, now.company_negative, now.seen_together, p),
    )
    signal = now.community_signal
    update_trust(model, "community", np.maximum(signal, 0.0), np.maximum(-signal, 0.0))
    move_trust_of_company(model)


def update_trust(model: PartneringModel, target: str, positive: Floats, negative: Floats) -> None:
    """Apply the trust rule of the scenario to one target.

    Args:
        model: the running model.
        target: one of `TARGETS`.
        positive: shape (n,), good experience in [0, 1].
        negative: shape (n,), bad experience in [0, 1].
    """
    people, p = model.people, model.p.trust
    now = people[f"trust_{target}"]
    cap: Floats | float = people["cap_company"] if target == "company" else 1.0
    if model.world.trust_rule == "linear":
        now[:] = trust.step_linear(now, positive, negative, cap, p)
        return
    good, bad = people[f"good_{target}"], people[f"bad_{target}"]
    good[:], bad[:] = trust.step_counts(good, bad, now, positive, negative, p)
    prior_good, prior_bad = model.trust_priors[target]
    now[:] = trust.trust_from_counts(good, bad, prior_good, prior_bad, cap)


def move_trust_of_company(model: PartneringModel) -> None:
    """The company's trust in the community follows agreements reached and output lost."""
    company, now = model.company, model.now
    company.trust_in_community = float(
        trust.step_linear_constant(
            company.trust_in_community,
            float(now.agreed),
            model.state.disruption,
            float(trust.asymmetry(company.trust_in_community, model.p.trust)),
            model.p.trust.learning_per_month,
        )
    )


def move_expectations(model: PartneringModel) -> None:
    """Aspirations follow benefits, promises and price; expected influence follows experience."""
    people, now = model.people, model.now
    benefit = people["shared_benefit"]
    people["aspiration"][:] = step_aspiration(
        people["aspiration"],
        benefit,
        model.ties.row_mean(benefit),
        benefit + now.new_commitments,
        now.price_gap,
        now.growing,
        model.p.aspiration,
    )
    used_to = people["state_aspiration"]
    used_to += model.p.aspiration.adjustment_per_month * (people["state_benefit"] - used_to)
    if now.is_agenda_month:
        people["expected_influence"][:] = step_expected_influence(
            people["expected_influence"],
            current_influence(model, model.state.agenda),
            current_influence(model, model.state.agenda_announced),
            people["informed"],
            model.appraisal_per_decision,
        )


def move_grievance(model: PartneringModel) -> None:
    """Three stocks: operations, the partnership itself, and the past.

    A case that its claimant calls resolved takes a part of the grievance away; one that waits past
    its time adds to it.

    Deprivation is felt over what the company brings, once a year: inequality that was there
    before is not laid at its door.
    """
    people, now, p = model.people, model.now, model.p.grievance
    if now.index % p.deprivation_interval_months == 0:
        benefit = people["benefit"]
        scale = model.p.appraisal.benefit_scale_income + float(benefit.mean())
        people["deprivation"][:] = np.minimum(grievance.relative_deprivation(benefit) / scale, 1.0)
    harm = np.maximum(now.harm, model.state.forced)
    inflow = grievance.operational_inflow(
        harm, now.benefit_signal, now.voice_signal, people["deprivation"], p, now.overdue
    )
    from_state = grievance.state_inflow(harm, p)
    from_company = inflow - from_state
    failing = p.shortfall_inflow * np.maximum(-now.service_signal, 0.0)
    from_state = from_state + np.minimum(failing, 1.0 - inflow)
    inflow = from_company + from_state
    stock = people["grievance_operational"]
    people["blame_state"][:] = grievance.step_blame(
        people["blame_state"], from_company, from_state, stock
    )
    ending = p.decay_per_month + p.closure_relief * now.resolved["desk"]
    stock[:] = grievance.step_grievance(stock, inflow, np.minimum(ending, 1.0))
    move_partnership_grievance(model)
    people["grievance_legacy"][:] = grievance.step_legacy(
        people["grievance_legacy"],
        now.benefit_signal,
        replace(p, legacy_benefit_erosion=legacy_erosion(model)),
        now.resolved["forum"],
    )


def legacy_erosion(model: PartneringModel) -> float:
    """How fast benefit wears away grievance over the past, before or after an apology."""
    erosion = model.p.grievance.legacy_benefit_erosion
    return float(erosion_after(erosion, model.state.apologised, model.p.attributes))


def move_partnership_grievance(model: PartneringModel) -> None:
    """Those who have sat at the table resent promises broken in their village."""
    people, now, p = model.people, model.now, model.p.grievance
    breach = people.spread_village(now.broken) * people["ever_partner"]
    inflow = grievance.partnership_inflow(breach, p)
    ending = p.decay_per_month + p.closure_relief * now.resolved["desk"]
    people["grievance_partnership"][:] = grievance.step_grievance(
        people["grievance_partnership"], inflow, np.minimum(ending, 1.0)
    )


def move_opinion(model: PartneringModel) -> None:
    """Opinion of the company: own trust, mixed with what neighbours think."""
    people = model.people
    people["opinion"][:] = step_opinion(
        people["trust_company"], model.ties.row_mean(people["opinion"]), model.p.influence
    )


def move_dignity(model: PartneringModel) -> None:
    """An index that nothing else reads, moved at each decision: heard, answered, heeded, not fed.

    Four equal parts: took part; took part and was answered by an agreement; took part and was
    heeded as expected; share of private benefit that was earned and not handed out.
    """
    people, now = model.people, model.now
    if not now.is_agenda_month:
        return
    attended = people["attended"]
    heeded = attended & (now.voice_signal >= 0.0)
    heard = (attended.astype(np.float64) + (attended & now.agreed) + heeded) / 4.0
    felt = heard + (1.0 - handed_out_share(model)) / 4.0
    rate = model.appraisal_per_decision.influence_learning_per_month
    people["dignity"] += rate * (felt - people["dignity"])


def handed_out_share(model: PartneringModel) -> Floats:
    """Share of each person's private benefit that was handed out, cash of interventions included.

    Returns:
        shape (n,), in [0, 1].
    """
    people, now = model.people, model.now
    share: Floats = people.spread_block(now.handout_share)
    if not now.cash:
        return share
    private = people.spread_block(now.pay_per_head + now.given_per_head)
    aid = people["aid"]
    total = private + aid
    handed: Floats = np.zeros(people.n)
    np.divide(share * private + aid, total, out=handed, where=total > 0.0)
    return handed
