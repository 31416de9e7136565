"""The residents and ties that every implementation of W starts from.

Residents are numbered by community. Ties form a ring of `degree` nearest neighbours with a tenth of
them rewired (Watts and Strogatz 1998), so that neighbours lie near each other in memory.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from reduced.rules import COMMUNITIES, TAU_BEFORE, Floats

if TYPE_CHECKING:
    from pathlib import Path

REWIRED = 0.1


@dataclass(frozen=True, slots=True)
class World:
    """Residents before the first month.

    Attributes:
        trust: shape (n,), in [0, 1].
        grievance: shape (n,), in [0, 1].
        income: shape (n,), above 0.
        expectation: shape (n,), in the unit of income.
        community: shape (n,), 0 to `COMMUNITIES` - 1, rising.
        indptr: shape (n + 1,), where each resident's ties begin in `indices`.
        indices: who they are tied to, ascending within each resident.
    """

    trust: Floats
    grievance: Floats
    income: Floats
    expectation: Floats
    community: npt.NDArray[np.int16]
    indptr: npt.NDArray[np.int32]
    indices: npt.NDArray[np.int32]

    @property
    def n(self) -> int:
        """Number of residents."""
        return len(self.trust)

    @property
    def mean_degree(self) -> float:
        """Mean number of ties."""
        return len(self.indices) / self.n

    def save(self, folder: Path) -> None:
        """Write every column, for other processes to load."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, column in asdict(self).items():
            np.save(folder / f"{name}.npy", column)


def load(folder: Path) -> World:
    """Read what `World.save` wrote."""
    columns: dict[str, Any] = {name: np.load(folder / f"{name}.npy") for name in World.__slots__}
    return World(**columns)


def make_world(n: int, degree: int = 8, seed: int = 1) -> World:
    """Draw residents and ties.

    Args:
        n: number of residents, at least 100.
        degree: mean number of ties, even.
        seed: of these draws.
    """
    rng = np.random.default_rng(seed)
    income = rng.lognormal(0.0, 0.5, n)
    indptr, indices = _small_world(n, degree, rng)
    return World(
        trust=rng.uniform(0.3, 0.8, n),
        grievance=rng.uniform(0.0, 0.4, n),
        income=income,
        expectation=TAU_BEFORE * income,
        community=(np.arange(n) * COMMUNITIES // n).astype(np.int16),
        indptr=indptr,
        indices=indices,
    )


def _small_world(
    n: int, degree: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Compressed rows of a rewired ring; a rewired tie that exists already is dropped."""
    one = np.tile(np.arange(n), degree // 2)
    other = (one + np.repeat(np.arange(1, degree // 2 + 1), n)) % n
    rewired = rng.random(len(one)) < REWIRED
    other[rewired] = rng.integers(0, n, int(rewired.sum()))
    apart = one != other
    low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
    pairs = np.unique(low * n + high)
    low, high = pairs // n, pairs % n
    both = np.sort(np.concatenate((pairs, high * n + low)))
    indptr = np.searchsorted(both, np.arange(n + 1) * n)
    return indptr.astype(np.int32), (both % n).astype(np.int32)
