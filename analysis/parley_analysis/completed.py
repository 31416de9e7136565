"""Offered and completed: what a partnership does where it was offered, and where it lasted.

Averages over the runs in which a partnership lasted compare the lucky with everybody. Both numbers
stand side by side here, and with them how much of the distance is selection: the reference arm,
which knows of no partnership, already fares differently in the worlds in which one lasts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parley_analysis.load import ALL
from parley_analysis.summarise import half_width, levels

if TYPE_CHECKING:
    from parley_analysis.load import Batch

ALIVE = "partnership_alive"
COLUMNS = (
    "place",
    "arm",
    "group",
    "n_offered",
    "n_completed",
    "offered",
    "offered_low",
    "offered_high",
    "completed",
    "completed_low",
    "completed_high",
    "reference_shift",
)


def offered_and_completed(
    batch: Batch, outcome: str, against: str, horizon: int | None = None
) -> pd.DataFrame:
    """Paired differences over all runs in which an arm was offered, and over those that lasted.

    Args:
        batch: The results.
        outcome: Name of an outcome.
        against: Key of the reference arm.
        horizon: Months from the start that count; None for all. A run is completed when its
            partnership is alive in the last of them.

    Returns:
        One row per place, arm that offers a partnership, and group: n_offered and n_completed
        (pairs of runs); offered and completed (mean paired differences from the reference, with
        95% t intervals `_low` and `_high`, NaN below two pairs); reference_shift (how much higher
        the reference arm alone stands in the completed pairs than in all: what selection does to a
        comparison that forgets the others). NaN where nothing was completed.

    Raises:
        AnalysisError: As `summarise.levels`, or an unknown arm.
    """
    batch.arm(against)
    table = levels(batch, outcome, horizon)
    alive = levels(batch, ALIVE, horizon)
    lasted: dict[tuple[object, ...], bool] = {
        (row.place, row.arm, row.replicate): bool(row.value == 1.0)
        for row in alive[alive["group"] == ALL].itertuples()
    }
    wide = table.pivot_table(index=["place", "group", "replicate"], columns="arm", values="value")
    rows = []
    for arm in (arm for arm in batch.arms if arm != against and {arm, against} <= set(wide)):
        pairs = wide[[arm, against]].dropna().reset_index()
        for (place, group), part in pairs.groupby(["place", "group"], sort=False):
            keys = [(place, arm, replicate) for replicate in part["replicate"]]
            if not any(key in lasted for key in keys):
                continue
            change = (part[arm] - part[against]).to_numpy(float)
            reference = part[against].to_numpy(float)
            kept = np.array([lasted.get(key, False) for key in keys])
            shift = reference[kept].mean() - reference.mean() if kept.any() else np.nan
            numbers = (*_interval(change), *_interval(change[kept]), float(shift))
            rows.append((place, arm, group, len(change), int(kept.sum()), *numbers))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and its 95% interval; NaN without values."""
    if values.size == 0:
        return np.nan, np.nan, np.nan
    mean = float(values.mean())
    sd = np.array(values.std(ddof=1) if values.size > 1 else np.nan)
    half = float(half_width(sd, np.array(values.size)))
    return mean, mean - half, mean + half
