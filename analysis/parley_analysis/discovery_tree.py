"""A tree of yes-or-no questions over the factors: a second look that does not start from a box.

Grown on the searched part by the library that the EMA workbench's `CART` wraps, read through that
`CART`, and counted on the held-out part as well (Breiman et al. 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from parley_analysis.discovery_results import Counts
from parley_analysis.discovery_workbench import workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from parley.arrays import Bools

DEEPEST = 3
"""Questions on the way to a leaf, at most: more can hardly be read (assumption)."""

SMALLEST_LEAF = 0.05
"""Share of the searched points that a leaf must hold (assumption; as for boxes)."""


@dataclass(frozen=True, slots=True)
class Node:
    """A question, or a leaf.

    Attributes:
        depth: Questions above it.
        asks: Condition that leads here, such as `trust.loss_rate ≤ 0.31`; empty at the root.
        factor: Factor of the question asked here; empty at a leaf.
        threshold: Its value; NaN at a leaf.
        found: Counts on the searched part.
        held: Counts on the held-out part.
    """

    depth: int
    asks: str
    factor: str
    threshold: float
    found: Counts
    held: Counts


def grow(
    x: pd.DataFrame, y: Bools, deepest: int | None = DEEPEST, smallest: float = SMALLEST_LEAF
) -> Any:  # noqa: ANN401 - the workbench ships no types
    """The workbench's `CART` with a tree that does not depend on any global random state.

    Its own `build_tree` grows as deep as it can and orders equal splits by NumPy's global numbers.

    Args:
        x: Factors of the searched points.
        y: Whether a point is a case, shape (points,).
        deepest: Questions on the way to a leaf, at most; None for no limit.
        smallest: Share of the points that a leaf must hold.

    Raises:
        MissingExtraError: The workbench is not installed.
    """
    analysis = workbench()
    cart = analysis.CART(x, y, mass_min=smallest)
    cart.clf = analysis.cart.tree.DecisionTreeClassifier(  # the scikit-learn that it uses itself
        min_samples_leaf=max(int(smallest * len(x)), 1), max_depth=deepest, random_state=0
    )
    cart.clf.fit(x.to_numpy(float), y)
    return cart


def tree(
    points: pd.DataFrame, label: pd.Series, parts: tuple[Sequence[int], Sequence[int]]
) -> list[Node]:
    """Grow a tree and count cases at every node, on both parts.

    Args:
        points: Factors that may be asked about, by point.
        label: Whether a point is a case, by point.
        parts: Searched and held-out points.

    Returns:
        Nodes, each before those below it; a single one where no question helps.

    Raises:
        MissingExtraError: The workbench is not installed.
    """
    searched = points.loc[list(parts[0])]
    cart = grow(searched, label.loc[searched.index].to_numpy(bool))
    return _nodes(cart.clf.tree_, points, label, parts)


def text(nodes: Sequence[Node]) -> str:
    """The tree as indented lines, with shares on the searched part and, in brackets, held out."""
    lines = []
    for node in nodes:
        found, held = node.found, node.held
        low, high = held.density_interval
        share = f"{100 * found.density:.0f} of 100 (n = {found.inside})"
        checked = (
            f"held out {100 * held.density:.0f} [{100 * low:.0f}, {100 * high:.0f}] "
            f"(n = {held.inside})"
            if held.inside
            else "held out: no points"
        )
        lines.append(f"{'    ' * node.depth}{node.asks or 'all worlds'}: {share}; {checked}")
    return "\n".join(lines)


def _nodes(
    grown: Any,  # noqa: ANN401
    points: pd.DataFrame,
    label: pd.Series,
    parts: tuple[Sequence[int], Sequence[int]],
) -> list[Node]:
    names = [str(name) for name in points]
    values = [points.loc[list(part)].to_numpy(float) for part in parts]
    cases = [label.loc[list(part)].to_numpy(bool) for part in parts]
    nodes: list[Node] = []

    def visit(i: int, depth: int, asks: str, inside: list[Bools]) -> None:
        found, held = (
            Counts(len(y), int(y.sum()), int(here.sum()), int(y[here].sum()))
            for y, here in zip(cases, inside, strict=True)
        )
        leaf = grown.children_left[i] < 0
        name = "" if leaf else names[grown.feature[i]]
        cut = float("nan") if leaf else float(grown.threshold[i])
        nodes.append(Node(depth, asks, name, cut, found, held))
        if leaf:
            return
        column = int(grown.feature[i])
        for child, sign in ((grown.children_left[i], "≤"), (grown.children_right[i], ">")):
            sides = [
                here & ((x[:, column] <= cut) == (sign == "≤"))
                for x, here in zip(values, inside, strict=True)
            ]
            visit(int(child), depth + 1, f"{name} {sign} {cut:.3g}", sides)

    visit(0, 0, "", [np.ones(len(y), dtype=bool) for y in cases])
    return nodes
