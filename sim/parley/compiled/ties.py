"""Means over each person's ties, for a block of people at a time; twin of `Ties.row_mean`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.jit import kernel

if TYPE_CHECKING:
    from parley.network import Ties


class Rows(NamedTuple):
    """Compressed rows without signs: a sign would cost a test at every neighbour."""

    starts: npt.NDArray[np.uint32]
    neighbours: npt.NDArray[np.uint32]


def rows(ties: Ties) -> Rows:
    """The compressed rows of ties; no copy."""
    return Rows(ties.indptr.view(np.uint32), ties.indices.view(np.uint32))


@kernel
def mean_of_ties(ties: Rows, x: Floats, low: int, high: int, out: Floats) -> None:
    """Mean of x over each person's neighbours, own x without any, for rows low to high - 1.

    Args:
        ties: who is tied to whom.
        x: shape (n,).
        low: first row.
        high: row after the last.
        out: shape (at least high - low,), written from its start.
    """
    for at in range(high - low):
        begin, end = ties.starts[low + at], ties.starts[low + at + 1]
        total = 0.0
        for k in range(begin, end):
            total += x[ties.neighbours[k]]
        out[at] = total / (end - begin) if end > begin else x[low + at]


@kernel
def count_ties(
    ties: Rows, x: npt.NDArray[np.uint8], low: int, out: npt.NDArray[np.uint32]
) -> None:
    """How many neighbours say yes (1), for as many rows from low on as out has."""
    begin, end = ties.starts[low : low + out.size], ties.starts[low + 1 : low + 1 + out.size]
    for at in range(out.size):
        count = np.uint32(0)
        for k in range(begin[at], end[at]):
            count += np.uint32(x[ties.neighbours[k]])
        out[at] = count


@kernel
def two_means_of_ties(
    ties: Rows, x: Floats, low: int, high: int, out: tuple[Floats, Floats]
) -> None:
    """Means of what lies above 0 and of what lies below, as sizes; arguments as above."""
    for at in range(high - low):
        begin, end = ties.starts[low + at], ties.starts[low + at + 1]
        above = 0.0
        below = 0.0
        for k in range(begin, end):
            value = x[ties.neighbours[k]]
            above += max(value, 0.0)
            below += max(-value, 0.0)
        own = x[low + at]
        out[0][at] = above / (end - begin) if end > begin else max(own, 0.0)
        out[1][at] = below / (end - begin) if end > begin else max(-own, 0.0)
