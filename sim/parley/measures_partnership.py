"""What is measured of the partnership as a joint undertaking: its reviews and its life.

Nothing here changes the state. Definitions, units and directions are in `outcomes.toml`.
"""

from __future__ import annotations

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
