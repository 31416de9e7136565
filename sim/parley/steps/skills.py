"""Steps of skills: who is able to do what, and how that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np

from parley.institutions.chain import COMMUNITY, COMPANY, FACILITATOR, OFFICIAL
from parley.mechanisms import skills
from parley.practice_types import DIALS
from parley.registry import Skill, load_registry

if TYPE_CHECKING:
    from parley.arrays import Floats, Ints
    from parley.model import PartneringModel

SKILLS: tuple[str, ...] = get_args(Skill.__value__)
FACILITATE, TECHNICAL = SKILLS.index("facilitate"), SKILLS.index("technical")
SIDES = (COMPANY, OFFICIAL, COMMUNITY, FACILITATOR)
"""Organisations that have skills, named like the chains of their posts."""


def start_skills(model: PartneringModel) -> dict[str, Floats]:
    """Skills at the start: what the place says, and a facilitator between the two sides.

    Returns:
        side -> shape (5,), in [0, 1].
    """
    facts = model.world.place.facts
    between = (facts.company_capacity + facts.community_capacity) / 2.0
    levels = (facts.company_capacity, facts.state_capacity, facts.community_capacity, between)
    return {side: np.full(len(SKILLS), level) for side, level in zip(SIDES, levels, strict=True)}


def ordinary_growth(model: PartneringModel) -> dict[str, Floats]:
    """What ordinary work adds to each skill in a month, so that it rests where it starts."""
    posts = {side: sum(post.side == side for post in model.posts) for side in SIDES}
    c, p = model.p.chain, model.p.skills
    return {
        side: skills.base_growth(start, posts[side], c, p)
        for side, start in start_skills(model).items()
    }


def needed_skill() -> Ints:
    """Which skill each practice needs, shape (18,), indices into `SKILLS`."""
    return np.array([SKILLS.index(dial.skill) for dial in load_registry().dials])


def usable(model: PartneringModel, side: str) -> Floats:
    """Skills of an organisation as it can use them this month, shape (5,), in [0, 1]."""
    stock, town = model.state.skills[side], model.municipality
    if side == COMMUNITY:  # grants add to what organisations can do while they are fresh
        return np.minimum(stock + model.state.skill_gained, 1.0)
    if side != OFFICIAL:
        return stock
    return skills.ability(stock, town.capacity, town.normal_capacity)


def owners(model: PartneringModel) -> tuple[str, ...]:
    """Organisations whose people run the practices."""
    match model.practices.owner:
        case "company":
            return (COMPANY,)
        case "state":
            return (OFFICIAL,)
        case "joint":
            return (COMPANY, COMMUNITY)
        case _:
            return (COMMUNITY,)


def owner_capacity(model: PartneringModel) -> Floats:
    """Skill that whoever runs a practice has for it; the mean of both sides if joint.

    Neutral facilitation is done by the facilitator.

    Returns:
        shape (18,), in [0, 1].
    """
    sides = owners(model)
    mean = np.sum([usable(model, side) for side in sides], axis=0) / len(sides)
    capacity = np.asarray(mean[model.dial_needs], dtype=np.float64)
    capacity[DIALS.index("facilitation")] = model.state.skills[FACILITATOR][FACILITATE]
    return capacity


def task_skill(model: PartneringModel) -> tuple[float, ...]:
    """Technical skill of company, municipality and community, whose tasks take turns.

    A company that has closed works on nothing.
    """
    company = 0.0 if model.company.closed else float(usable(model, COMPANY)[TECHNICAL])
    return (company, *(float(usable(model, side)[TECHNICAL]) for side in (OFFICIAL, COMMUNITY)))


def move_skills(model: PartneringModel) -> None:
    """Skills grow by training in every organisation and by use in those that run the practices.

    Skill of the community that nobody counted shows with use. Training together also builds words
    that all parties understand alike.
    """
    state, p, levels = model.state, model.p.skills, model.site_team.levels
    dials = np.bincount(model.dial_needs, minlength=len(SKILLS))
    done = np.bincount(model.dial_needs, np.asarray(levels), len(SKILLS))
    use = done / np.maximum(dials, 1)
    running = owners(model)
    for side, stock in state.skills.items():
        used = use if side in running else np.zeros(len(SKILLS))
        if side == FACILITATOR:
            used = used + use * (np.arange(len(SKILLS)) == FACILITATE)
        growth = model.ordinary_growth[side]
        state.skills[side] = skills.step_skill(stock, growth, levels.joint_training, used, p)
        if side == COMMUNITY:
            shown = skills.revealed(state.latent_skill, used, p)
            state.latent_skill = state.latent_skill - shown
            state.skills[side] = np.minimum(state.skills[side] + shown, 1.0)
    state.vocabulary = skills.step_vocabulary(state.vocabulary, levels.joint_training, p)
