"""Steps of the room: map who lives here, invite, meet, decide the agenda."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import desk, risk, room
from parley.mechanisms.partnership import rounds_within
from parley.mechanisms.skills import understood_share
from parley.steps.desks import forum_heat
from parley.steps.government import officials_view
from parley.steps.risk import blur, directness, meeting_size, said_needs

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel


def map_residents(model: PartneringModel) -> None:
    """Who is known grows with mapping and fades with turnover."""
    p, state = model.p.room, model.state
    mappers = p.mapper_count_base + model.site_team.levels.mapping * p.mapper_count_full
    view = np.clip(p.mapper_view_share * model.block_known_factor, 0.0, 1.0)
    state.known = room.step_known(state.known, room.known_share(view, mappers), p)


def meet(model: PartneringModel) -> None:
    """In an agenda month: invite, and see who comes. Leaders are always invited.

    Without a single practice carried out nobody meets, nor where people cannot give the time of
    a single round. A village whose organisation has stayed away is not invited.
    """
    people, now = model.people, model.now
    attended = people["attended"]
    attended[:] = False
    for name in ("invited", "informed"):
        people[name][:] = False
    if not (now.is_agenda_month and any(model.site_team.levels) and rounds_possible(model)):
        return
    p, levels = model.p.room, model.site_team.levels
    reach = float(model.effects.meeting_reach[now.index]) * meeting_size(model)
    invitation = reach * room.invitation(model.state.known, levels.inclusive, p)
    chance = people.spread_block(invitation)
    draws = model.streams.uniform("room.meet", now.index, (people.n, 2))
    invited = draws[:, 0] < chance
    leaders = people["leader"] & (reach > 0.0)
    match model.practices.admits:
        case "organisations":
            invited = (invited & people["affiliated"]) | leaders
        case "individuals":
            invited |= leaders
        case "leaders":
            invited = leaders
        case _:  # officials speak, residents do not
            invited[:] = False
    invited &= ~now.absent[people["village"]]
    saving = p.digital_saving_share * levels.digital * people["connected"]
    cost_days = people["meeting_days"] * (1.0 - saving)
    probability = room.attendance_probability(
        people["stake"], levels.inclusive, cost_days, host_trust(model), p
    )
    probability = risk.come_despite_fear(probability, people["fear"], model.p.risk)
    np.logical_and(invited, draws[:, 1] < probability, out=attended)
    np.logical_or(people["ever_partner"], attended, out=people["ever_partner"])
    people["invited"][:] = invited


def rounds_possible(model: PartneringModel) -> int:
    """Rounds that fit into the time people can give in a month, up to those a room holds."""
    p = model.p.room
    return rounds_within(model.p.partnership.meeting_cap_hours, p.hours_per_round, p.max_rounds)


def host_trust(model: PartneringModel) -> Floats:
    """Trust of every person in whoever hosts the meeting, shape (n,), in [0, 1]."""
    company: Floats = model.people["trust_company"]
    community: Floats = model.people["trust_community"]
    state: Floats = model.people["trust_state"]
    match model.practices.owner:
        case "company":
            return company
        case "state":
            return state
        case "joint":
            return (company + community) / 2.0
        case _:
            return community


def decide_agenda(model: PartneringModel) -> None:
    """In an agenda month: let the room speak, and weigh it against the company's plan.

    A room that does not agree in time leaves the decision to the company.
    """
    now, state, p = model.now, model.state, model.p.room
    if not now.is_agenda_month:
        return
    people, levels = model.people, model.site_team.levels
    attended = people["attended"]
    credibility = model.believed_facilitation
    gamma_weight = room.speaking_weight(
        people["status"], levels.facilitation, credibility, levels.consultation_methods, p
    )
    draws = model.streams.uniform("risk.blur", now.index, people.n)
    now.speaking = risk.blurred_weight(gamma_weight * attended, draws, blur(model))
    now.directness = directness(model)
    company = state.plan
    start = opening_agenda(model, levels.locally_driven)
    if attended.any():
        said = said_needs(model)
        now.room = room.room_view(now.speaking, said)
        apart = desk.spread_by_tone(
            room.spread(now.speaking, said),
            forum_heat(model),
            model.practices.forum_separation,
            model.p.desk,
        )
        now.understood = understood_share(state.vocabulary, model.p.skills)
        heard = replace(
            p,
            consensus_step_share=p.consensus_step_share * now.understood,
            max_rounds=rounds_possible(model),
        )
        now.rounds, now.agreed = room.rounds_to_agree(apart, heard)
    elif model.practices.admits == "officials" and any(levels):
        now.room, now.rounds, now.agreed = officials_view(model), 1, True
    else:
        now.room, now.rounds, now.agreed = company, 0, False
    now.community_hours = float(attended.sum()) * now.rounds * p.hours_per_round
    rights = model.decision_rights if now.agreed else 0.0
    if now.rounds > 0:
        state.terms = levels
    state.room_weight = levels.locally_driven * rights
    announced = model.site_team.announced.locally_driven * rights
    state.agenda = room.agenda(company, now.room, start, state.room_weight, p)
    start = opening_agenda(model, model.site_team.announced.locally_driven)
    state.agenda_announced = room.agenda(company, now.room, start, announced, p)
    state.agenda_alone = room.agenda(company, now.room, model.company_interest, 0.0, p)


def opening_agenda(model: PartneringModel, locally_driven: float) -> Floats:
    """Agenda with which the initiator opens, as far as the process is locally driven.

    The company's own; the officials' if the state opens; what marginalised people need on average
    if a civil-society organisation does; the leaders' if the community does. Where it is left to
    the owner of the process: the company's own, both in equal part if joint, else the leaders'.

    Args:
        model: the running model.
        locally_driven: level of that practice, in [0, 1].

    Returns:
        shape (6,), on the simplex.
    """
    own, leaders = model.company_interest, model.leader_needs
    match model.practices.initiator, model.practices.owner:
        case ("company", _) | ("owner", "company"):
            theirs = own
        case ("owner", "joint"):
            theirs = (own + leaders) / 2.0
        case ("state", _):
            theirs = officials_view(model)
        case ("ngo", _):
            theirs = model.served_needs
        case _:
            theirs = leaders
    return own + locally_driven * (theirs - own)
