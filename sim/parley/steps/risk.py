"""Steps of risk: who is seen, who is punished, who is afraid, and what protection hides and costs.

What shields those who take part (`Practices.protection`) lowers their visibility and blurs what
they say: anonymous speakers weigh uncertainly and leave weaker records, proxies put in some of
their own needs and stay visible themselves, and small meetings reach fewer people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import risk

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel


def face_reprisal(model: PartneringModel) -> None:
    """Those seen to take part may be punished; fear spreads from them and fades.

    Seen are meetings attended and cases filed, the more so by records and digital traces, and
    acting in the open. The pressure on safety follows in the next month, as that of force does.
    A dated event may add to what everybody hears of reprisals; nobody is hit by it.
    """
    people, now, p = model.people, model.now, model.p.risk
    levels = model.site_team.levels
    named = risk.named_acts(
        people["attended"] + now.filed,
        people["connected"],
        levels.documentation,
        levels.digital,
        p,
    )
    visible = risk.visible_acts(named, cover(model), people["active"], p)
    visible = visible * (1.0 - model.policy.sheltered)
    facts, effects = model.world.place.facts, model.effects
    spoilers = effects.spoiler_presence(facts.spoiler_presence, now.index)
    chance = risk.reprisal_chance(visible, spoilers, p)
    hit = people["hit"]
    np.less(model.streams.uniform("risk.reprisal", now.index, people.n), chance, out=hit)
    heard: Floats | float = 0.0
    if hit.any():
        heard = model.ties.row_mean(hit.astype(np.float64))
        model.note("reprisal", "spoilers", "residents", float(hit.sum()))
    told = float(effects.reprisals_heard[now.index])
    if told > 0.0:
        heard = np.minimum(heard + told, 1.0)
    shock = np.maximum(hit, p.fear_from_force * model.state.forced)
    people["fear"][:] = risk.step_fear(people["fear"], shock, heard, p)


def show_grievance(model: PartneringModel, grievance: Floats) -> Floats:
    """Grievance as others see it: all of it, or nothing where showing it costs too much.

    Args:
        model: the running model.
        grievance: shape (n,), grievance that would count, in [0, 1].

    Returns:
        shape (n,), what is shown.
    """
    people = model.people
    shown = risk.shows(grievance, people["fear"], people["status"], model.p.risk)
    np.logical_and(np.greater(grievance, 0.0), ~shown, out=people["silent"])
    model.now.shown_grievance = np.where(shown, grievance, 0.0)
    return model.now.shown_grievance


def cover(model: PartneringModel) -> Floats | float:
    """Part of each person's visibility in taking part that protection hides, in [0, 1].

    Leaders who speak for others are seen as ever.
    """
    p = model.p.risk
    match model.protection:
        case "anonymity":
            return p.anonymity_cover
        case "proxy":
            return np.where(model.people["leader"], 0.0, p.proxy_cover)
        case "pacing":
            return p.pacing_cover
        case _:
            return 0.0


def blur(model: PartneringModel) -> float:
    """Part of what a room says and records that nobody can be held to, in [0, 1]."""
    return model.p.risk.anonymity_loss if model.protection == "anonymity" else 0.0


def meeting_size(model: PartneringModel) -> float:
    """Part of the invitations that is sent out where meetings are kept small, in [0, 1]."""
    return 1.0 - model.p.risk.pacing_cut if model.protection == "pacing" else 1.0


def directness(model: PartneringModel) -> Floats:
    """Part of their own needs with which people are heard, shape (n,); less through proxies."""
    loss = model.p.risk.proxy_loss if model.protection == "proxy" else 0.0
    return np.where(model.people["leader"], 1.0, 1.0 - loss)


def said_needs(model: PartneringModel) -> Floats:
    """Needs as they are stated in the room, shape (n, 6)."""
    needs: Floats = model.people["needs"]
    if model.protection != "proxy":
        return needs
    return risk.stated_needs(needs, model.leader_needs, directness(model))
