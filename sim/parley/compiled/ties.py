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
def count_ties(ties: Rows, x: npt.NDArray[np.uint8], low: int, out: npt.NDArray[np.uint32]) -> None:
    """How many neighbours say yes (1), for as many rows from low on as out has."""
    begin, end = ties.starts[low : low + out.size], ties.starts[low + 1 : low + 1 + out.size]
    for at in range(out.size):
        count = np.uint32(0)
        for k in range(begin[at], end[at]):
            count += np.uint32(x[ties.neighbours[k]])
        out[at] = count


@kernel
def means_of_ties(ties: Rows, x: Floats, low: int, high: int, out: Floats) -> None:
    """Means of four values that lie side by side, which costs little more than that of one.

    Args:
        ties: who is tied to whom.
        x: shape (n, 4).
        low: first row.
        high: row after the last.
        out: shape (at least high - low, 4), written from its start.
    """
    for at in range(high - low):
        begin, end = ties.starts[low + at], ties.starts[low + at + 1]
        a, b, c, d = 0.0, 0.0, 0.0, 0.0
        for k in range(begin, end):
            row = ties.neighbours[k]
            a += x[row, 0]
            b += x[row, 1]
            c += x[row, 2]
            d += x[row, 3]
        if end > begin:
            degree = end - begin
            out[at, 0], out[at, 1], out[at, 2] = a / degree, b / degree, c / degree
            out[at, 3] = d / degree
        else:
            out[at, :] = x[low + at]
