"""Where an arm wins and where it loses: which drawn numbers go with the difference.

Three looks, from broad to narrow: rank correlation of the paired gain with every drawn number,
win shares in the thirds of one number, and a box of one or two cuts at the thirds, found by
trying all of them on one half of the draws and checked on the other half.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from parley_analysis.winmatrix import wilson_interval, win_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from parley.arrays import Bools, Floats
    from parley_analysis.load import Batch

FALSE_ALARM = 0.05
"""Chance that the strongest of all correlations passes the threshold though there is none."""

SMALLEST_BOX = 1 / 6
"""Share of the draws that a box must hold at least."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A condition on one drawn number: at most, or above, the end of its first or second third."""

    parameter: str
    above: bool
    value: float

    def holds(self, worlds: pd.DataFrame) -> Bools:
        """Which draws meet the condition, shape (draws,)."""
        drawn = worlds[self.parameter].to_numpy(float)
        return drawn > self.value if self.above else drawn <= self.value

    def __str__(self) -> str:
        """The condition in words."""
        return f"{self.parameter} {'>' if self.above else '≤'} {self.value:.3g}"


@dataclass(frozen=True, slots=True)
class Box:
    """A region of drawn worlds, with what was found in it and what the other half says.

    Attributes:
        cuts: One or two conditions that hold together.
        share_found: Share of draws lost (ties as half) inside, on the half that found it.
        share_checked: The same on the other half.
        low: Lower end of the 95% Wilson interval of `share_checked`.
        high: Upper end.
        n_checked: Draws inside, on the other half.
        share_overall: Share of draws lost on the whole other half.
    """

    cuts: tuple[Cut, ...]
    share_found: float
    share_checked: float
    low: float
    high: float
    n_checked: int
    share_overall: float

    @property
    def confirmed(self) -> bool:
        """Whether the other half loses more inside the box than overall, outside chance."""
        return self.low > self.share_overall


def drawn_worlds(batch: Batch) -> pd.DataFrame:
    """The drawn numbers: one row per draw, one column per parameter that varies.

    Returns:
        An empty table when the results come from no design of draws.
    """
    design = batch.results.manifest.get("design")
    columns = design.get("parameters", {}) if isinstance(design, dict) else {}
    worlds = pd.DataFrame(columns, dtype=float)
    return worlds.loc[:, worlds.nunique() > 1]


def drivers(gain: pd.Series, worlds: pd.DataFrame) -> pd.DataFrame:
    """Spearman's rank correlation of a gain with every drawn number, the strongest first.

    Args:
        gain: Gains by replicate, which is the number of the draw.
        worlds: From `drawn_worlds`.

    Returns:
        Columns parameter, rho, beyond_chance (whether it passes the threshold that the strongest
        of all would pass by chance once in twenty designs, after Bonferroni). Empty when the gain
        does not vary.
    """
    drawn = worlds.loc[gain.index]
    if gain.nunique() < 2 or len(gain) < 4:
        return pd.DataFrame(columns=["parameter", "rho", "beyond_chance"])
    ranks = np.column_stack(
        [stats.rankdata(gain), *(stats.rankdata(drawn[name]) for name in drawn)]
    )
    ranks = ranks - ranks.mean(axis=0)
    norm = np.sqrt((ranks**2).sum(axis=0))
    rho = (ranks[:, 1:].T @ ranks[:, 0]) / np.maximum(norm[1:] * norm[0], 1e-300)
    table = pd.DataFrame({"parameter": list(drawn), "rho": rho})
    t = stats.t.ppf(1.0 - FALSE_ALARM / 2 / drawn.shape[1], len(gain) - 2)
    threshold = t / np.sqrt(len(gain) - 2 + t * t)
    table["beyond_chance"] = table["rho"].abs() > threshold
    return table.sort_values("rho", key=abs, ascending=False, kind="stable", ignore_index=True)


def shares_by_third(gain: pd.Series, drawn: pd.Series) -> tuple[float, float, float]:
    """Win shares where a drawn number is low, middling and high.

    Args:
        gain: Gains by replicate.
        drawn: The number by draw.

    Returns:
        Shares in the three thirds; NaN where a third is empty, as with a number that is 0 in half
        of the draws.
    """
    values = drawn.loc[gain.index].to_numpy(float)
    first, second = np.quantile(values, (1 / 3, 2 / 3))
    parts = (values <= first, (values > first) & (values <= second), values > second)
    low, middle, high = (win_share(gain.to_numpy(float)[part]) for part in parts)
    return low, middle, high


def find_box(gain: pd.Series, worlds: pd.DataFrame) -> Box | None:
    """Search all boxes of one or two cuts at thirds for where most draws are lost.

    Even draws search, odd draws check. The best box is that with the largest excess of losses
    over the share overall, in standard errors of a share; a second cut must earn its place on
    the searching half too, but only the checking half says what the box is worth.

    Args:
        gain: Gains by replicate; turn the sign to search for where draws are won.
        worlds: From `drawn_worlds`.

    Returns:
        The best box; None when all draws or none are lost, or there is nothing to cut.
    """
    loss = pd.Series(1.0 * (gain < 0.0) + 0.5 * (gain == 0.0), gain.index)
    even = np.asarray(gain.index) % 2 == 0
    drawn = worlds.loc[gain.index]
    base = float(loss[even].mean()) if even.any() else 0.0
    cuts = _possible_cuts(drawn)
    if not 0.0 < base < 1.0 or not cuts or even.all():
        return None
    chosen = _search(loss.to_numpy(float)[even], np.stack([c.holds(drawn) for c in cuts])[:, even])
    if chosen is None:
        return None
    box = tuple(cuts[i] for i in chosen)
    inside = np.all([cut.holds(drawn) for cut in box], axis=0)
    checked = loss[inside & ~even]
    share = float(checked.mean()) if len(checked) else float("nan")
    low, high = wilson_interval(share, len(checked)) if len(checked) else (0.0, 1.0)
    found = float(loss[inside & even].mean())
    return Box(box, found, share, low, high, len(checked), float(loss[~even].mean()))


def _possible_cuts(drawn: pd.DataFrame) -> list[Cut]:
    """Both sides of both thirds of every number, those that cut nothing off left out."""
    cuts = []
    for name in drawn:
        values = drawn[name].to_numpy(float)
        for value in dict.fromkeys(np.quantile(values, (1 / 3, 2 / 3)).tolist()):
            if values.min() <= value < values.max():
                cuts += [Cut(str(name), above, value) for above in (False, True)]
    return cuts


def _search(loss: Floats, holds: npt.NDArray[np.bool_]) -> Sequence[int] | None:
    """The one or two rows of `holds`, shape (cuts, draws), that together hold most losses."""
    base = float(loss.mean())
    mask = holds.astype(np.float64)
    count = mask @ mask.T  # the diagonal is the single cut
    lost = (mask * loss) @ mask.T
    enough = count >= SMALLEST_BOX * loss.size
    spread = np.sqrt(base * (1.0 - base) * np.maximum(count, 1.0))
    score = np.where(enough, (lost - base * count) / spread, -np.inf)
    if not np.isfinite(score.max()):
        return None
    best = divmod(int(score.argmax()), score.shape[1])
    return sorted(set(best))
