"""What is measured of the partnership as a joint undertaking: its reviews and its life.

Nothing here changes the state. Definitions, units and directions are in `outcomes.toml`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.model import PartneringModel


def measure_reviews(model: PartneringModel) -> dict[str, float]:
    """Performance as reported and as experienced at the last review; NaN before the first."""
    state = model.state
    return {
        "reported_performance": state.reported,
        "experienced_performance": state.experienced,
        "performance_gap": state.reported - state.experienced,
    }


def measure_life(model: PartneringModel) -> dict[str, float]:
    """Who is in the partnership and who keeps its undertakings; NaN where none is offered.

    One that has begun and ended is counted as ended, also where none is offered any more. Nobody
    keeps or breaks an undertaking where the partnership is not alive.
    """
    body = model.partnership
    if not (body.offered or (body.ended and body.months)):
        return dict.fromkeys(("partnership_alive", "members_share", "undertakings_kept"), math.nan)
    inside = body.member & body.alive
    return {
        "partnership_alive": float(body.alive),
        "members_share": float(inside.mean()),
        "undertakings_kept": float(body.keeps[inside].mean()) if inside.any() else math.nan,
    }


def partnership_months(model: PartneringModel) -> float:
    """Months that the partnership has lived; NaN where none was ever offered."""
    body = model.partnership
    return float(body.months) if body.offered or body.months else math.nan
