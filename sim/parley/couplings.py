"""Which insecurities wear down which securities: read from `couplings.toml`."""

from __future__ import annotations

import functools
import tomllib
from typing import TYPE_CHECKING

import numpy as np

from parley.errors import RegistryError
from parley.paths import package_file
from parley.scenario_types import NEEDS

if TYPE_CHECKING:
    from parley.arrays import Floats

FILE = "couplings.toml"
KEYS = {"from", "to", "weight", "source", "where", "grade"}


@functools.cache
def linked_pairs() -> Floats:
    """Weights of the linked pairs, scaled so that the thirty pairs weigh 1 on average.

    Returns:
        shape (6, 6), row: security worn down, column: insecurity that wears it; zero diagonal.

    Raises:
        RegistryError: a pair is incomplete, names no security, links one with itself, comes twice,
            or has no weight above 0.
    """
    pairs = tomllib.loads(package_file(FILE).read_text(encoding="utf-8"))["pairs"]
    return read_pairs(pairs)


def read_pairs(pairs: list[dict[str, object]]) -> Floats:
    """Turn entries of the file into weights; see `linked_pairs`."""
    weights = np.zeros((len(NEEDS), len(NEEDS)))
    for number, pair in enumerate(pairs, 1):
        missing = KEYS ^ pair.keys()
        worn, wearing, weight = pair.get("to"), pair.get("from"), pair.get("weight")
        sound = not missing and worn in NEEDS and wearing in NEEDS and worn != wearing
        if not (sound and isinstance(weight, float | int) and weight > 0):
            raise RegistryError(f"{FILE}: pair {number} = {pair}: expected two of {NEEDS}")
        at = NEEDS.index(str(worn)), NEEDS.index(str(wearing))
        if weights[at]:
            raise RegistryError(f"{FILE}: pair {number}: {wearing} to {worn} is given twice")
        weights[at] = weight
    off_diagonal = len(NEEDS) * (len(NEEDS) - 1)
    return weights * (off_diagonal / weights.sum())
