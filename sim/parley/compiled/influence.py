"""Influence of groups by paired counterfactual; twin of `parley.measures.measure_influence`.

Needs never change, so what the members of a group need in the mean is worked out once; who is
silent adds nothing to a view, so only those who speak are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.arrays import Floats
from parley.mechanisms import room

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel


def measure_influence(model: PartneringModel, crew: Crew) -> Floats:
    """Influence of each group: move its needs, decide again.

    Returns:
        shape (n_reporting_groups,), change of the agenda per unit change of the group's needs.
    """
    people, now = model.people, model.now
    speaks = np.flatnonzero(now.speaking)
    needs = people["needs"][speaks]
    said = now.speaking[speaks]
    weights = said * now.directness[speaks]
    total = float(weights.sum())
    if not total > 0.0:
        return np.zeros(len(people.reporting_groups))
    view = room.room_view(weights, needs)
    own, members = of_groups(model, crew)
    at_home = people["block"][speaks]
    moved = np.zeros(len(own))
    for group, mean in enumerate(own):
        if np.isnan(mean).any():
            continue  # a group without people
        wish = np.eye(mean.size)[mean.argmin()]
        asked = np.where(members[group, at_home][:, None], wish, needs)
        heard = room.room_view(weights, asked)
        before, after = (
            room.agenda(view, one, view, model.state.room_weight, model.p.room)
            for one in (view, heard)
        )
        moved[group] = np.abs(after - before).sum() / np.abs(wish - mean).sum()
    influence: Floats = total / float(said.sum()) * moved
    return influence


def of_groups(model: PartneringModel, crew: Crew) -> tuple[Floats, Floats]:
    """Mean needs of each reporting group, and whether each block belongs to it; worked out once.

    Returns:
        shape (n_reporting_groups, 6), NaN for a group without people; and
        shape (n_reporting_groups, n_blocks), 1 or 0.
    """
    people = model.people
    groups = people.reporting_groups
    own = crew.array("needs of groups", shape=(len(groups), people["needs"].shape[1]))
    members = crew.array("blocks of groups", np.bool_, (len(groups), people.n_blocks))
    if not members.any():
        own[:] = people.report_mean(people["needs"])
        members[:] = [people.member(group)[people.block_starts] for group in groups]
    return own, members
