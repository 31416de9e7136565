"""Step of claims: what organisations believe, what they ask for, whether it is granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import bargain
from parley.promises import SETTLEMENT

if TYPE_CHECKING:
    from parley.model import PartneringModel


def claim(model: PartneringModel) -> None:
    """Organisations claim a share of the rent they believe in.

    Every organisation claims in an agenda month; one with which the company has opened a
    dialogue claims at once; none claims while an earlier grant is being paid. A claim above what
    residents received over the last year is granted up to what a standoff would cost the company;
    otherwise a standoff stays open until the next claim. A granted claim becomes a promise of
    monthly payments until the next agenda.
    """
    now, state, p = model.now, model.state, model.p.bargain
    company = model.company
    if company.closed:  # nobody is left to claim from
        for organisation in model.organisations:
            organisation.standoff = False
        return
    rent = max(company.trailing_rent, 0.0)
    provided = sum(state.shared_out) / len(state.shared_out) if state.shared_out else 0.0
    weight = bargain.bargaining_weight(p)
    normals = model.streams.normal("bargain.belief", now.index, model.people.n_villages)
    precision = (
        p.disclosure_precision * model.site_team.levels.facilitation * model.believed_facilitation
        + state.explained
    )
    mean, sd = bargain.posterior(bargain.prior_mean(now.price_gap, p), precision, p)
    for organisation in model.organisations:
        organisation.belief_mean, organisation.belief_sd = float(mean), float(sd)
        if not (now.is_agenda_month or state.talks[organisation.village]):
            continue
        if model.promises.monthly_commitment(SETTLEMENT, organisation.village):
            organisation.standoff = False
            continue
        organisation.hardness = float(
            bargain.harden(
                organisation.hardness,
                organisation.conceded,
                organisation.broken,
                organisation.kept,
                organisation.refused,
                p,
            )
        )
        organisation.forget()
        error = float(mean + sd * normals[organisation.village])
        asked = float(bargain.claim(rent, error, weight, organisation.hardness))
        granted = bool(bargain.accepted(asked, rent, weight, p.standoff_margin_ratio))
        organisation.standoff = asked > provided and not granted
        if asked > provided and granted:
            share = model.people.village_sizes[organisation.village] / model.people.n
            cents = round((asked - provided) * company.reference_revenue * share)
            now.granted.append((organisation.village, cents))
        if organisation.standoff:
            organisation.refused += 1
            model.note("standoff", "organisation", model.village_name(organisation.village), asked)
    state.talks[:] = False
    if now.is_agenda_month:
        state.explained = 0.0


def learn_about_facilitator(model: PartneringModel) -> None:
    """The facilitator's word gains or loses weight with the promises kept since the last claim."""
    now = model.now
    if not now.is_agenda_month or model.site_team.levels.facilitation == 0.0:
        return
    kept = sum(organisation.kept for organisation in model.organisations)
    broken = sum(organisation.broken for organisation in model.organisations)
    if kept + broken > 0:
        model.facilitator.credibility = float(
            bargain.learn_credibility(
                model.facilitator.credibility, kept / (kept + broken), model.p.bargain
            )
        )


def villages_in_standoff(model: PartneringModel) -> np.ndarray:
    """Which villages have an open standoff, shape (n_villages,)."""
    return np.fromiter(
        (organisation.standoff for organisation in model.organisations),
        dtype=np.bool_,
        count=len(model.organisations),
    )
