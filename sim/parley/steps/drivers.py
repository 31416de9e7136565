"""Steps that bring the outside world in: price and dated events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.company import OPEN
from parley.mechanisms.price import step_log_price

if TYPE_CHECKING:
    from parley.model import PartneringModel


def move_price(model: PartneringModel) -> None:
    """Replay the recorded price where there is one; draw it otherwise."""
    state, now, path = model.state, model.now, model.world.place.price_path
    if now.index < len(path):
        state.log_price = path[now.index]
    elif now.index > 0:
        normal = model.streams.normal("price", now.index, 1)[0]
        state.log_price = float(step_log_price(state.log_price, normal, model.p.price))
    now.price_gap = state.log_price + float(model.effects.price_shock[now.index])
    now.price_ratio = float(np.exp(now.price_gap))


def set_output(model: PartneringModel) -> None:
    """What is built so far, and its use after dated stoppages and last month's disruption."""
    now = model.now
    now.built = built_share(now.index, model.world.place.facts.ramp_up_months)
    now.growing = float(now.built < 1.0)
    now.use = float(model.effects.output[now.index]) * (1.0 - model.state.disruption)
    if model.company.status != OPEN:
        now.use = 0.0


def built_share(month: int, ramp_up_months: float) -> float:
    """Share of the site that is built, growing evenly to full size.

    Args:
        month: month of the run, from 0.
        ramp_up_months: months to full size; 0 for a site that stands already.

    >>> built_share(2, 12.0), built_share(0, 0.0)
    (0.25, 1.0)
    """
    return min(1.0, (month + 1) / ramp_up_months) if ramp_up_months > 0 else 1.0
