"""Draws from the priors: what is not known about the numbers of the model, as worlds to run in.

A Latin hypercube (McKay, Beckman and Conover 1979): each prior is cut into as many equally likely
slices as there are draws, and every slice is used once. Each parameter has its own stream, so a
parameter added to the registry leaves the draws of all others as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.errors import RunError
from parley.registry import load_registry
from parley.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Collection

    from parley.arrays import Floats
    from parley.registry import Parameter

SWEPT_ROLES = ("uncertainty", "switch")
"""Roles that are drawn. Levers are choices and facts belong to places: both stay as they are."""


def swept_parameters(fixed: Collection[str] = ()) -> tuple[Parameter, ...]:
    """Parameters of which only a prior is known, in the order of the registry.

    Args:
        fixed: Full names (`section.name`) to leave out.
    """
    known = load_registry().parameters.values()
    return tuple(
        p for p in known if p.role in SWEPT_ROLES and p.prior is not None and p.key not in fixed
    )


def draw_parameters(
    draws: int, seed: int = 1, fixed: Collection[str] = ()
) -> list[dict[str, float]]:
    """Draw values for every swept parameter from its prior.

    Args:
        draws: How many draws, at least 1.
        seed: Seed of the design, at least 0.
        fixed: Full names to leave at their value; the draws of the others do not change.

    Returns:
        One table of `section.name` to value per draw, the same in every process.

    Raises:
        RunError: Fewer than one draw, or a negative seed.
    """
    if draws < 1:
        raise RunError(f"draws = {draws}: at least 1 draw is needed")
    columns: dict[str, list[float]] = {}
    for parameter in swept_parameters(fixed):
        prior = parameter.prior
        if prior is not None:
            positions = hypercube_column(parameter.key, draws, seed)
            columns[parameter.key] = [prior.ppf(u) for u in positions.tolist()]
    return [{key: values[draw] for key, values in columns.items()} for draw in range(draws)]


def hypercube_column(key: str, draws: int, seed: int) -> Floats:
    """One factor's column of a Latin hypercube: one position in each of `draws` equal slices.

    Args:
        key: Name of the factor, which has a stream of its own.
        draws: How many draws, at least 1.
        seed: Seed of the design, at least 0.

    Returns:
        Shape (draws,), in [0, 1).
    """
    luck = Streams(seed, 0).generator(f"draws.{key}", 0)
    within = luck.random(draws)
    return (luck.permutation(draws) + within) / draws
