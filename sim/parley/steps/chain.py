"""Steps of the chain of command: posts change hands, tasks pass through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.chain import (
    COMMUNITY,
    COMPANY,
    FACILITATOR,
    OFFICIAL,
    OFFICIAL_TITLES,
    ChainPosition,
    company_titles,
)
from parley.mechanisms import chain, trust

if TYPE_CHECKING:
    from parley.arrays import Floats, Ints
    from parley.model import PartneringModel

TRUSTED = {COMPANY: "company", OFFICIAL: "state"}
"""Whom residents trust in the person of a post that they deal with."""


def fill_posts(model: PartneringModel) -> list[ChainPosition]:
    """All posts of all chains, with those who hold them at the start.

    The company's chain comes last, so that its length does not change the others' luck.
    """
    company = company_titles(model.p.practices.chain_layers)
    posts = [
        ChainPosition(model, COMMUNITY, "community organisation", 1),
        ChainPosition(model, FACILITATOR, "facilitator", 1),
    ]
    for side, titles, contact in (
        (OFFICIAL, OFFICIAL_TITLES, "municipality"),
        (COMPANY, company, "site"),
    ):
        posts += [
            ChainPosition(model, side, title, layer, title == contact)
            for layer, title in enumerate(titles, 1)
        ]
    draws = model.streams.uniform("chain.start", 0, (len(posts), 2))
    for post, luck in zip(posts, draws, strict=True):
        appoint(post, luck)
    return posts


def appoint(post: ChainPosition, luck: Floats) -> None:
    """Somebody takes a post, with a commitment and perhaps a champion's zeal.

    Args:
        post: the post.
        luck: shape (2,), draws for commitment and zeal.
    """
    p = post.model.p.chain
    company = post.side == COMPANY
    share = p.champion_share_company if company else p.champion_share_official
    post.commitment = float(chain.commitment(luck[0], p))
    post.champion_value = float(chain.champion_value(luck[1], share, p))
    if company and post.layer == p.weak_layer:
        post.commitment, post.champion_value = p.weak_layer_commitment, 0.0
    post.tenure = 0


def hand_over_posts(model: PartneringModel) -> None:
    """Some posts change hands; know-how and personal trust are handed on in part.

    What was written down until last month decides how much a successor inherits. A company that
    has closed has no successors. A dated event may clear posts of the company in its month.
    """
    now, p, levels = model.now, model.p.chain, model.site_team.levels
    now.retention = chain.retention(levels.documentation, levels.protocols, p)
    draws = model.streams.uniform("chain.turnover", now.index, (len(model.posts), 3))
    cleared = float(model.effects.posts_change[now.index])
    dismissed = np.array([cleared * (post.side == COMPANY) for post in model.posts])
    leaves = chain.changes_hands(draws[:, 0], dismissed, p)
    for post, gone, luck in zip(model.posts, leaves, draws[:, 1:], strict=True):
        if post.side == COMPANY and model.company.closed:
            continue
        post.tenure += 1
        if not gone:
            continue
        appoint(post, luck)
        model.note("turnover", post.side, post.title)
        skills = model.state.skills[post.side]
        model.state.skills[post.side] = chain.know_how_left(skills, now.retention, p)
        if post.contact:
            now.successors.append(TRUSTED[post.side])
    if p.personal_trust_share > 0.0:
        for target in now.successors:
            meet_successor(model, target)


def meet_successor(model: PartneringModel, target: str) -> None:
    """People lose the part of their trust that was in the person who left.

    Args:
        model: the running model.
        target: `company` or `state`.
    """
    people, kept, p = model.people, model.now.retention, model.p.chain
    now = people[f"trust_{target}"]
    cap: Floats | float = people["cap_company"] if target == "company" else 1.0
    if model.world.trust_rule == "linear":
        left = chain.trust_left(now, model.start_trust[target], kept, p)
        now[:] = np.minimum(left, cap)
        return
    good, bad = people[f"good_{target}"], people[f"bad_{target}"]
    good[:], bad[:] = (chain.trust_left(seen, 0.0, kept, p) for seen in (good, bad))
    now[:] = trust.trust_from_counts(good, bad, *model.trust_priors[target], cap)


def carried_out(model: PartneringModel) -> Floats:
    """Share of each practice's tasks that arrive at the end of the chain of whoever owns it.

    Partners outside company and state have a post of their own.

    Returns:
        shape (18,), in [0, 1].
    """
    p = model.p.chain
    wanted = chain.wanted_tasks(model.site_team.funded, p)
    shape = (len(model.posts), 2, wanted.size, p.tasks_per_practice)
    luck = model.streams.uniform("chain.tasks", model.now.index, shape)
    nothing = np.zeros_like(wanted)
    match model.practices.owner:
        case "company":
            shares = {COMPANY: wanted}
        case "state":
            shares = {OFFICIAL: wanted}
        case "joint":
            return chain.carried_share(jointly_done(model, wanted, luck), wanted)
        case _:
            shares = {COMMUNITY: wanted}
    done: Ints = sum((send(model, side, tasks, luck) for side, tasks in shares.items()), nothing)
    return chain.carried_share(done, wanted)


def jointly_done(model: PartneringModel, wanted: Ints, luck: Floats) -> Ints:
    """A joint process needs both chains for a part of its tasks and divides the others.

    What both must agree to passes the company's chain, and what is left of it the officials'; of
    the rest every other task goes down either chain. All of it takes attention there.

    Args:
        model: the running model.
        wanted: shape (18,), tasks by practice.
        luck: shape (n_posts, 2, 18, tasks_per_practice), draws of the month.

    Returns:
        shape (18,), tasks carried out.
    """
    both = chain.needs_both(wanted, model.p.chain)
    alone = wanted - both
    half = (alone + np.arange(wanted.size) % 2) // 2  # the odd task goes by turns
    draws = np.concatenate((luck, luck[..., ::-1]), axis=2)  # no task has the luck of another
    k = wanted.size
    ours = send(model, COMPANY, np.concatenate((half, both)), draws)
    theirs = send(model, OFFICIAL, np.concatenate((alone - half, ours[k:])), draws)
    return ours[:k] + theirs[:k] + theirs[k:]


def send(model: PartneringModel, side: str, tasks: Ints, luck: Floats) -> Ints:
    """Send tasks down one chain.

    Args:
        model: the running model.
        side: whose chain.
        tasks: shape (k,), tasks by practice.
        luck: shape (n_posts, 2, k, tasks_per_practice), draws of the month.

    Returns:
        shape (k,), tasks carried out.
    """
    rows = [row for row, post in enumerate(model.posts) if post.side == side]
    posts, p = [model.posts[row] for row in rows], model.p.chain
    weight = np.array([post.indicator_weight for post in posts])
    chances = chain.pass_on(
        np.array([post.commitment for post in posts]),
        weight,
        np.array([post.champion_value for post in posts]),
    )
    slots = chain.slots_left(np.array([post.attention for post in posts]), weight, p)
    return chain.through_chain(tasks, chances, slots, luck[rows], p)
