"""Where in parameter space cases lie: boxes found on one part of the points, judged on the other.

Seven in ten points are searched, several boxes in turn; three in ten have no part in any search and
judge each box once. Shuffled labels say how dense a box the same search finds by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parley_analysis import discovery_prim
from parley_analysis.discovery_cases import FEWEST_CASES, usable_factors
from parley_analysis.discovery_results import (
    CHANCE,
    FEWEST_SHUFFLES,
    Box,
    Chance,
    Counts,
    Discovery,
    Limit,
    Plan,
    judge,
    share,
)
from parley_analysis.discovery_search import search
from parley_analysis.load import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.arrays import Bools, Floats, Ints
    from parley_analysis.discovery_search import Found, Peel


def discover(
    points: pd.DataFrame,
    label: pd.Series,
    factors: Sequence[str] | None = None,
    plan: Plan | None = None,
    peel: Peel | None = None,
) -> Discovery:
    """Find boxes in which cases lie, and judge them on points that did not find them.

    Args:
        points: One row per point, one column per factor, in the factors' own units.
        label: Whether a point is a case, by point; points that are missing in it are left out.
        factors: Factors that a box may be limited by; None for all that vary, without luck and
            dummies.
        plan: How much to search and check.
        peel: What makes the trajectory of the boxes shown, such as the EMA workbench's; None for
            `discovery_prim.peel`, which gives the same.

    Raises:
        AnalysisError: A label is missing its value or its point, no factor varies, or the plan
            asks for what cannot be.
    """
    plan = plan or Plan()
    _check(plan)
    chosen = list(usable_factors(points) if factors is None else factors)
    y_all = _labels(points, label)
    if not chosen:
        raise AnalysisError("no factor varies that a box could be limited by")
    part = points.loc[y_all.index]
    x, y = part[chosen].to_numpy(float), y_all.to_numpy(bool)
    if not np.isfinite(x).all():
        raise AnalysisError("a factor has a value that is missing or not finite")
    luck = np.random.default_rng([plan.seed, 0])
    order = luck.permutation(len(x))
    cut = round(len(x) * plan.held_out)
    held, searched = np.sort(order[:cut]), np.sort(order[cut:])
    search_of = _Search(x, y, chosen, plan, peel or discovery_prim.peel)
    boxes = search_of.boxes(searched, held)
    dummy = _dummy(points.loc[y_all.index], plan)
    limits, often = _noise_check(np.column_stack([x, dummy])[searched], y[searched], plan)
    numbers = part.index.to_numpy()
    return Discovery(
        tuple(boxes),
        tuple(chosen),
        tuple(numbers[searched].tolist()),
        tuple(numbers[held].tolist()),
        limits,
        often,
        plan,
    )


@dataclass(frozen=True)
class _Search:
    """The searches of one question."""

    x: Floats
    y: Bools
    factors: Sequence[str]
    plan: Plan
    peel: Peel

    def boxes(self, searched: Ints, held: Ints) -> list[Box]:
        """Boxes in turn, each among the points that the ones before left."""
        boxes: list[Box] = []
        for number in range(self.plan.boxes):
            y = self.y[searched]
            if boxes and (y.sum() < FEWEST_CASES or held.size == 0):
                break
            found = search(self.x[searched], y, self.plan.rule, self.peel)
            if found is None:
                break
            chance = shuffled(self.x[searched], y, found, self.plan, number)
            if boxes and chance.p > CHANCE:
                break
            boxes.append(self._box(found, chance, (searched, held), number))
            searched = searched[~found.box.holds(self.x[searched])]
            held = held[~found.box.holds(self.x[held])]
        return boxes

    def _box(self, found: Found, chance: Chance, parts: tuple[Ints, Ints], number: int) -> Box:
        searched, held = (self._count(found, part) for part in parts)
        x, y = self.x[parts[0]], self.y[parts[0]]
        limits = self._limits(found, reappearing(x, y, self.plan, number))
        curve = _curve(x, y, found)
        return Box(limits, searched, held, chance, judge(held, chance), curve)

    def _count(self, found: Found, part: Ints) -> Counts:
        inside = found.box.holds(self.x[part])
        y = self.y[part]
        return Counts(len(y), int(y.sum()), int(inside.sum()), int(y[inside].sum()))

    def _limits(self, found: Found, often: Floats) -> tuple[Limit, ...]:
        limits = []
        for j, name in enumerate(self.factors):
            low, high = float(found.box.low[j]), float(found.box.high[j])
            sides = np.isfinite([low, high])
            if not sides.any():
                continue
            values = self.x[:, j]
            limits.append(
                Limit(
                    name,
                    low,
                    high,
                    float((values < low).mean()),
                    float((values <= high).mean()),
                    float(found.quasi_p[j, 0]),
                    float(found.quasi_p[j, 1]),
                    float(often[j, sides].max()),
                )
            )
        return tuple(limits)


def shuffled(x: Floats, y: Bools, found: Found, plan: Plan, number: int = 0) -> Chance:
    """Repeat the search that found a box on shuffled labels.

    Args:
        x: Factors, shape (points, factors).
        y: Whether a point is a case, shape (points,).
        found: What the search found in the labels as they are.
        plan: How often, with which seed and rule.
        number: Number of the box, which has its own shuffles.
    """
    luck = np.random.default_rng([plan.seed, 1, number])
    base = float(y.mean())
    densities, beyond, any_found = [], 0, 0
    for _ in range(plan.shuffles):
        labels = luck.permutation(y)
        other = search(x, labels, plan.rule)
        if other is None:
            densities.append(base)
            continue
        any_found += 1
        beyond += other.excess >= found.excess
        densities.append(float(labels[other.box.holds(x)].mean()))
    p = (1 + beyond) / (1 + plan.shuffles)
    middle, high = (float(q) for q in np.quantile(densities or [base], (0.5, 0.95)))
    return Chance(middle, high, share(any_found, plan.shuffles), p, plan.shuffles)


def reappearing(x: Floats, y: Bools, plan: Plan, number: int = 0) -> Floats:
    """Share of searches on random halves that limit a factor from below and from above.

    Args:
        x: Factors, shape (points, factors).
        y: Whether a point is a case, shape (points,).
        plan: How often, with which seed and rule.
        number: Number of the box, which has its own halves.

    Returns:
        Shape (factors, 2).
    """
    luck = np.random.default_rng([plan.seed, 2, number])
    counts = np.zeros((x.shape[1], 2))
    for _ in range(plan.resamples):
        half = luck.permutation(len(x))[: len(x) // 2]
        found = search(x[half], y[half], plan.rule)
        if found is not None:
            counts += np.isfinite(np.stack([found.box.low, found.box.high], axis=1))
    return counts / max(plan.resamples, 1)


def _noise_check(x: Floats, y: Bools, plan: Plan) -> tuple[bool, float]:
    """Whether, and how often on halves, the last column, which is a dummy, limits a box."""
    found = search(x, y, plan.rule)
    limits = found is not None and bool(np.isfinite([found.box.low[-1], found.box.high[-1]]).any())
    return limits, float(reappearing(x, y, plan, plan.boxes)[-1].max())


def _dummy(points: pd.DataFrame, plan: Plan) -> Floats:
    """The design's dummy; evenly spread numbers of our own where it has none."""
    if "dummy" in points and points["dummy"].nunique() > 1:
        return points["dummy"].to_numpy(float)
    return np.random.default_rng([plan.seed, 3]).random(len(points))


def _check(plan: Plan) -> None:
    """Refuse a plan that cannot be carried out, all problems at once."""
    density = plan.rule.density
    wrong = [
        (plan.boxes < 1, f"boxes = {plan.boxes}: allowed: 1 or more"),
        (not 0.1 <= plan.held_out <= 0.9, f"held_out = {plan.held_out:g}: allowed: 0.1 to 0.9"),
        (
            plan.shuffles < FEWEST_SHUFFLES,
            f"shuffles = {plan.shuffles}: allowed: {FEWEST_SHUFFLES} or more",
        ),
        (plan.resamples < 1, f"resamples = {plan.resamples}: allowed: 1 or more"),
        (plan.seed < 0, f"seed = {plan.seed}: allowed: 0 or more"),
        (
            density is not None and not 0.0 < density <= 1.0,
            f"density = {density}: allowed: above 0, up to 1",
        ),
    ]
    problems = [message for is_wrong, message in wrong if is_wrong]
    if problems:
        raise AnalysisError("\n".join(problems))


def _labels(points: pd.DataFrame, label: pd.Series) -> pd.Series:
    if label.isna().any():
        raise AnalysisError(f"{int(label.isna().sum())} labels are missing; leave them out")
    unknown = label.index.difference(points.index)
    if len(unknown):
        raise AnalysisError(f"{len(unknown)} labels belong to no point, such as {unknown[0]}")
    return label.loc[points.index.intersection(label.index)]


def _curve(x: Floats, y: Bools, found: Found) -> pd.DataFrame:
    rows = []
    start = found.peeled[0]
    part = x[:, list(found.columns)]
    for box in found.peeled:
        limited = int(((box.low > start.low) | (box.high < start.high)).sum())
        rows.append(("peeled", limited, *_at(y[box.holds(part)], y)))
    for box in found.tidied:
        limited = int((np.isfinite(box.low) | np.isfinite(box.high)).sum())
        rows.append(("tidied", limited, *_at(y[box.holds(x)], y)))
    names = ["of", "limited", "coverage", "density", "mass"]
    return pd.DataFrame(rows, columns=names).drop_duplicates(ignore_index=True)


def _at(inside: Bools, y: Bools) -> tuple[float, float, float]:
    hits = int(inside.sum())
    return share(hits, int(y.sum())), share(hits, inside.size), share(inside.size, y.size)
