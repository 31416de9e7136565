"""Steps of the state's standing: votes, legitimacy, alignment, and what officials want."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms import government
from parley.mechanisms.state import MONTHS_PER_YEAR, step_capacity
from parley.promises import MAX_TASKS

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

OWNERS, MUNICIPALITY = 3, 1
"""Tasks of a promise go round three owners; the municipality is the second."""


def hold_vote(model: PartneringModel) -> None:
    """A vote may change government, which costs capacity, redraws alignment and drops work begun.

    Capacity then returns.
    """
    now, town, nation, p = model.now, model.municipality, model.nation, model.p.state
    voted = bool(model.effects.vote[now.index])
    draws = model.streams.uniform("state.vote", now.index, 2)
    chance = government.turnover_probability(town.legitimacy, town.start_legitimacy, p)
    changed = voted and bool(draws[0] < chance)
    town.capacity = float(step_capacity(town.capacity, town.normal_capacity, changed, p))
    if voted:
        model.note("vote", "municipality", "", float("nan"))
    if changed:
        model.note("government_changes", "municipality", "", chance)
        base = government.redrawn_alignment(nation.start_alignment, float(draws[1]), p)
        nation.alignment = nation.base_alignment = base
        drop_commitments(model)
    now.seen_together = government.seen_together(nation.alignment, p)


def drop_commitments(model: PartneringModel) -> None:
    """What the last government had done for promises still open counts for nothing in a part."""
    rows = model.promises.rows
    draws = model.streams.uniform("state.drop", model.now.index, len(model.promises))
    gone = government.dropped(draws, True, model.p.state) & np.any(model.promises.open_tasks(), 1)
    of_town = np.arange(MAX_TASKS) % OWNERS == MUNICIPALITY
    rows.done[np.ix_(gone, of_town)] = False


def officials_view(model: PartneringModel) -> Floats:
    """What officials would say that residents need this month, shape (6,), on the simplex.

    Own interest lies in services: works that can be shown, and contracts to give.
    """
    near = bool(model.effects.months_to_vote[model.now.index] < MONTHS_PER_YEAR)
    weights = government.official_weights(
        1.0 - model.municipality.normal_capacity, near, model.p.state
    )
    own = model.official_interest
    return government.official_needs(model.mean_needs, model.majority_needs, own, weights)


def move_standing(model: PartneringModel) -> None:
    """Legitimacy follows services, representation and force; alignment follows money and deeds.

    Both are held against the first month, so that a place rests as it starts.
    """
    now, town, nation, p = model.now, model.municipality, model.nation, model.p.state
    felt = float(now.service_signal.mean())
    town.misrepresentation = government.misrepresentation(officials_view(model), model.mean_needs)
    share = 1.0 - town.own_income / town.entitlement if town.entitlement > 0 else 0.0
    if now.index == 0:
        town.start_felt, town.start_misrepresentation = felt, town.misrepresentation
        town.start_company_share = share if model.world.place.facts.ramp_up_months == 0 else 0.0
    target = government.legitimacy_target(
        town.start_legitimacy,
        felt - town.start_felt,
        town.misrepresentation - town.start_misrepresentation,
        float(model.state.forced.mean()),
        p,
    )
    town.legitimacy = government.approach(
        town.legitimacy, target, p.legitimacy_adjustment_per_month
    )
    near = government.alignment_target(
        nation.base_alignment,
        share - town.start_company_share,
        float(model.state.forced.any()),
        p,
    )
    nation.alignment = government.approach(nation.alignment, near, p.alignment_adjustment_per_month)
