"""Losing regions: boxes of the drawn numbers in which an arm is not better, checked on fresh draws.

With 250 numbers and 500 draws some box always looks bad. So the numbers are screened and the box is
found on the even draws, judged once on the odd ones, and corrected for all searches that were made
(Holm 1979). What the odd draws say of a box is an ordinary test, because they had no part in it.
After Friedman and Fisher (1999), with few limits and without peeling, since a box of three limits
can be searched through.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from parley_analysis.regions import Cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.arrays import Bools, Floats

FALSE_REGION = 0.05
"""Chance that any region at all is called established though there is none."""

SCREENED = 12
"""Numbers that the training half lets through to the search."""

SMALLEST = 1 / 8
"""Share of the training draws that a box must hold at least."""

MOST_LIMITS = 3
_QUANTILES = (1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4)
_EARNED = 1.5  # standard errors that a further limit must add on the training half
_KEPT = 12  # boxes of a size from which larger ones are grown


@dataclass(frozen=True, slots=True)
class Region:
    """A box in which an arm is not better, and what the draws that did not find it say of it.

    Attributes:
        limits: One to three conditions that hold together.
        density: Share of draws not better inside, on the checking half.
        overall: The same on the whole checking half.
        coverage: Share of all draws not better there that lie inside.
        inside: Draws inside, on the checking half.
        density_found: Density on the half that found it, which flatters.
        p: Chance of such a density or a higher one if the box meant nothing.
    """

    limits: tuple[Cut, ...]
    density: float
    overall: float
    coverage: float
    inside: int
    density_found: float
    p: float

    @property
    def lift(self) -> float:
        """Density relative to that overall."""
        return self.density / self.overall if self.overall > 0.0 else float("nan")

    def __str__(self) -> str:
        """The limits in words."""
        return " and ".join(map(str, self.limits))


def losses(gain: pd.Series) -> pd.Series:
    """1 where the arm is worse, 0 where it is better; a tie is half a loss."""
    return pd.Series(1.0 * (gain < 0.0) + 0.5 * (gain == 0.0), gain.index)


def find_region(gain: pd.Series, worlds: pd.DataFrame) -> Region | None:
    """Find the box in which most draws are not better, and check it.

    Args:
        gain: Gains by draw, above 0 where the arm is better; turn the sign to look for where it
            is better.
        worlds: From `regions.drawn_worlds`.

    Returns:
        The box; None when the training half holds no loss, or nothing else, or nothing to cut.
    """
    loss = losses(gain)
    drawn = worlds.loc[gain.index]
    even = np.asarray(gain.index) % 2 == 0
    base = float(loss[even].mean()) if even.any() else 0.0
    if not 0.0 < base < 1.0 or even.all() or drawn.empty:
        return None
    chosen = screen(gain[even], loss[even], drawn[even])
    cuts = _cuts(drawn.loc[even, chosen])
    if not cuts:
        return None
    holds = np.stack([cut.holds(drawn) for cut in cuts])
    box = _grow(loss[even].to_numpy(float), holds[:, even], [cut.parameter for cut in cuts])
    if box is None:
        return None
    inside = holds[list(box)].all(axis=0)
    checked = loss[~even].to_numpy(float)
    within = inside[~even]
    found = float(loss[even & inside].mean())
    n = int(within.sum())
    density = float(checked[within].mean()) if n else float("nan")
    lost = float(checked.sum())
    coverage = float(checked[within].sum()) / lost if lost > 0.0 else float("nan")
    limits = tuple(cuts[i] for i in box)
    p = chance_of_density(checked, within)
    return Region(limits, density, float(checked.mean()), coverage, n, found, p)


def screen(gain: pd.Series, loss: pd.Series, drawn: pd.DataFrame) -> list[str]:
    """The numbers whose ranks go most with the size or the frequency of losses."""
    targets = _ranks(np.column_stack([gain.to_numpy(float), loss.to_numpy(float)]))
    numbers = _ranks(drawn.to_numpy(float))
    strength = np.abs(numbers.T @ targets).max(axis=1)
    order = np.argsort(-strength, kind="stable")[:SCREENED]
    return [str(drawn.columns[i]) for i in order if strength[i] > 0.0]


def _ranks(columns: Floats) -> Floats:
    """Centred ranks of every column, of length one; zeros where nothing varies."""
    ranks = stats.rankdata(columns, axis=0)
    ranks = ranks - ranks.mean(axis=0)
    lengths = np.sqrt((ranks * ranks).sum(axis=0))
    return np.asarray(ranks / np.where(lengths > 0.0, lengths, 1.0))


def _cuts(drawn: pd.DataFrame) -> list[Cut]:
    """Both sides of the quantiles of every number, those that cut nothing off left out."""
    cuts = []
    for name in drawn:
        values = drawn[name].to_numpy(float)
        for value in dict.fromkeys(np.quantile(values, _QUANTILES).tolist()):
            if values.min() <= value < values.max():
                cuts += [Cut(str(name), above, value) for above in (False, True)]
    return cuts


def _grow(loss: Floats, holds: Bools, names: Sequence[str]) -> tuple[int, ...] | None:
    """The best box of one to three cuts; a further cut has to earn its place."""
    best: tuple[int, ...] | None = None
    best_score = -np.inf
    grown: list[tuple[int, ...]] = [()]
    for _ in range(MOST_LIMITS):
        boxes, scores = _extend(loss, holds, names, grown)
        if not boxes:
            break
        top = int(np.argmax(scores))
        if scores[top] > best_score + (_EARNED if best else 0.0):
            best, best_score = boxes[top], float(scores[top])
        order = np.argsort(-scores, kind="stable")[:_KEPT]
        grown = [boxes[i] for i in order]
    return best


def _extend(
    loss: Floats, holds: Bools, names: Sequence[str], grown: Sequence[tuple[int, ...]]
) -> tuple[list[tuple[int, ...]], Floats]:
    """All boxes with one cut more that hold enough draws, with their excess in standard errors."""
    base, n = float(loss.mean()), loss.size
    boxes: dict[tuple[int, ...], float] = {}
    for box in grown:
        inside = holds & holds[list(box)].all(axis=0) if box else holds
        count = inside.sum(axis=1)
        lost = inside @ loss
        spread = np.sqrt(base * (1.0 - base) * np.maximum(count, 1))
        score = (lost - base * count) / spread
        used = {names[i] for i in box}
        for i in np.flatnonzero(count >= SMALLEST * n).tolist():
            if names[i] not in used:
                boxes.setdefault(tuple(sorted((*box, i))), float(score[i]))
    return list(boxes), np.array(list(boxes.values()))


def chance_of_density(loss: Floats, inside: Bools) -> float:
    """Chance of at least this mean inside if the losses were dealt out anew among the draws.

    The permutation distribution of a mean, by its exact mean and variance and a normal tail with a
    correction for counting in steps.

    Args:
        loss: 0, one half or 1 by draw of the checking half.
        inside: Whether each lies inside.

    >>> loss = np.array([1.0] * 10 + [0.0] * 30)
    >>> inside = np.arange(40) < 12
    >>> chance_of_density(loss, inside) < 1e-6
    True
    """
    n, size = loss.size, int(inside.sum())
    if size in (0, n) or loss.min() == loss.max():
        return 1.0
    spread = np.sqrt(size * loss.var(ddof=1) * (1.0 - size / n))
    excess = float(loss[inside].sum()) - size * float(loss.mean())
    return float(stats.norm.sf((excess - 0.25) / spread))


def holm(p: Iterable[float]) -> Floats:
    """P values corrected for their number, after Holm (1979), in the order given.

    >>> holm([0.01, 0.5, 0.02]).round(3).tolist()
    [0.03, 0.5, 0.04]
    """
    values = np.asarray(list(p), dtype=np.float64)
    order = np.argsort(values, kind="stable")
    steps = np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(steps, 1.0)
    return corrected


def region_table(
    searches: Iterable[tuple[dict[str, str], pd.Series, pd.DataFrame]],
) -> pd.DataFrame:
    """Search once for every comparison, and correct for all of them together.

    Args:
        searches: What the comparison is, its gains, the drawn worlds.

    Returns:
        The description, then n, worse, ties (shares of all draws), limits, density, overall,
        lift, coverage, inside, density_found, p, p_corrected, established. Comparisons without
        a box have no limits and p 1.
    """
    rows = []
    for about, gain, worlds in searches:
        region = find_region(gain, worlds)
        row: dict[str, object] = {
            **about,
            "n": len(gain),
            "worse": float((gain < 0.0).mean()),
            "ties": float((gain == 0.0).mean()),
            "limits": "" if region is None else str(region),
        }
        for name in ("density", "overall", "lift", "coverage", "inside", "density_found"):
            row[name] = np.nan if region is None else getattr(region, name)
        row["p"] = 1.0 if region is None else region.p
        rows.append(row)
    table = pd.DataFrame(rows)
    if len(table):
        table["p_corrected"] = holm(table["p"])
        table["established"] = table["p_corrected"] <= FALSE_REGION
    return table


@dataclass(frozen=True, slots=True)
class Planted:
    """A region that is put into made-up results to see whether the search finds it.

    Attributes:
        label: In words.
        limits: Number of limits; 0 for no region at all.
        width: Share of its range that each limit keeps.
        inside: Share of draws lost inside.
        outside: Share of draws lost elsewhere.
    """

    label: str
    limits: int
    width: float
    inside: float
    outside: float


PLANTED = (
    Planted("nothing", 0, 1.0, 0.4, 0.4),
    Planted("one limit, a third of the draws, lost 0.70 against 0.30", 1, 1 / 3, 0.70, 0.30),
    Planted("two limits, a quarter of the draws, lost 0.80 against 0.30", 2, 1 / 2, 0.80, 0.30),
    Planted("two limits, a quarter of the draws, lost 0.60 against 0.40", 2, 1 / 2, 0.60, 0.40),
    Planted("three limits, an eighth of the draws, lost 0.90 against 0.30", 3, 1 / 2, 0.90, 0.30),
)


def measure_power(
    draws: int, numbers: int, searches: int, trials: int = 40, seed: int = 1
) -> pd.DataFrame:
    """How often the search finds what was planted, and finds something where nothing was.

    Args:
        draws: Draws of a design.
        numbers: Numbers drawn.
        searches: Searches that the correction counts.
        trials: Made-up results per planted region.
        seed: Of the made-up results.

    Returns:
        One row per region: found (share of trials in which a region was established after
        correction), true_limits (share in which it was and only planted numbers bound it),
        alone (share that would pass as the only search).
    """
    rows = []
    for planted, trial in itertools.product(PLANTED, range(trials)):
        luck = np.random.default_rng([seed, trial, PLANTED.index(planted)])
        values = luck.random((draws, numbers))
        worlds = pd.DataFrame(values, columns=[f"x.p{i}" for i in range(numbers)])
        inside = (values[:, : planted.limits] < planted.width).all(axis=1)
        chance = np.where(inside, planted.inside, planted.outside)
        sign = np.where(luck.random(draws) < chance, -1.0, 1.0)
        gain = pd.Series(sign * luck.lognormal(0.0, 1.0, draws))
        region = find_region(gain, worlds)
        p = 1.0 if region is None else region.p
        bound = {cut.parameter for cut in region.limits} if region else set()
        true = bound <= {f"x.p{i}" for i in range(planted.limits)} and bool(bound)
        found = p * searches <= FALSE_REGION
        rows.append((planted.label, found, found and true, p <= FALSE_REGION))
    table = pd.DataFrame(rows, columns=["planted", "found", "true_limits", "alone"])
    return table.groupby("planted", sort=False).mean().reset_index()
