"""The EMA workbench as a library of analysis: its PRIM, its quasi-p values, its trees.

Nothing else of it is used: runs, their seeds and their store are Parley's own. Importing it sets no
log handler and no matplotlib setting; a test looks.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from parley.errors import MissingExtraError
from parley_analysis.discovery_prim import LEAST_MASS, PEEL, Bounds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.arrays import Bools, Floats

_AT_IMPORT = (
    ("ipyparallel not installed", UserWarning),
    ("altair based interactive inspection not available", ImportWarning),
)
"""What it says while it is imported of libraries that are not needed here."""

_IN_USE = (("The inplace keyword in DataFrame.drop is deprecated", DeprecationWarning),)
"""What pandas says of a line of its `Prim`."""


@contextmanager
def _without(known: tuple[tuple[str, type[Warning]], ...]) -> Iterator[None]:
    """Leave out the warnings named, and no others."""
    with warnings.catch_warnings():
        for message, category in known:
            warnings.filterwarnings("ignore", message, category)
        yield


def workbench() -> Any:  # noqa: ANN401 - it ships no types
    """Its module of analysis.

    Raises:
        MissingExtraError: It is not installed.
    """
    try:
        with _without(_AT_IMPORT):
            from ema_workbench import analysis
    except ModuleNotFoundError as missing:
        raise MissingExtraError("the EMA workbench", "discovery") from missing
    return analysis


def peel(
    x: pd.DataFrame, y: Bools, alpha: float = PEEL, least_mass: float = LEAST_MASS
) -> list[Bounds]:
    """The workbench's peeling and pasting trajectory.

    Args:
        x: Factors, one float column each.
        y: Whether a point is a case, shape (points,).
        alpha: Part of the points inside that one step gives up.
        least_mass: Share of all points that a box must hold at least.

    Returns:
        The boxes, as `discovery_prim.peel` gives them.

    Raises:
        MissingExtraError: The workbench is not installed.
    """
    box = prim_box(x, y, alpha, least_mass)
    return [Bounds(*np.asarray(limits[list(x)], dtype=np.float64)) for limits in box.box_lims]


def peel_arrays(
    x: Floats, y: Bools, alpha: float = PEEL, least_mass: float = LEAST_MASS
) -> list[Bounds]:
    """The same for factors without names, shape (points, factors)."""
    return peel(pd.DataFrame(x, columns=[f"x{j}" for j in range(x.shape[1])]), y, alpha, least_mass)


def prim_box(x: pd.DataFrame, y: Bools, alpha: float = PEEL, least_mass: float = LEAST_MASS) -> Any:  # noqa: ANN401
    """The workbench's own box object, with its trajectory and quasi-p values."""
    analysis = workbench()
    with _without(_IN_USE):
        search = analysis.Prim(
            x.astype(np.float64), np.asarray(y, bool), peel_alpha=alpha, paste_alpha=alpha,
            mass_min=least_mass,
        )  # fmt: skip
        return search.find_box()
