"""Means over each person's ties, for a block of people at a time; twin of `Ties.row_mean`."""

# Numba's own kinds of things have no types.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import types
from numba.core import cgutils
from numba.core.cgutils import ir  # type: ignore[attr-defined]
from numba.extending import intrinsic

from parley.arrays import Floats
from parley.compiled.jit import kernel

if TYPE_CHECKING:
    from parley.network import Ties


AHEAD = 128
"""Ties ahead of the one being added up whose numbers are fetched from memory meanwhile."""


@intrinsic
def _fetch(typing_context: Any, array: Any, place: Any) -> Any:  # noqa: ARG001
    """Ask for an element of a flat array before it is needed; changes nothing."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        insert: Any = cgutils.get_or_insert_function
        function = insert(builder.module, kind, "llvm.prefetch.p0")
        wanted = builder.bitcast(builder.gep(start, [arguments[1]]), pointer)
        # to be read, and to be read again soon, as data
        builder.call(function, [wanted, *(ir.Constant(number, code) for code in (0, 2, 1))])
        return context.get_dummy_value()

    return types.void(array, types.uint64), build


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
    """Means of three values that lie side by side, which costs less than one after the other.

    Of the first, what lies above 0 and what lies below, as a size, are averaged apart.

    Args:
        ties: who is tied to whom.
        x: shape (n, 3).
        low: first row.
        high: row after the last.
        out: shape (at least high - low, 4), written from its start: above, below, second, third.
    """
    flat, wide = x.reshape(-1), np.uint64(3)
    final = np.uint32(max(ties.neighbours.size - 1, 0))
    for at in range(high - low):
        begin, end = ties.starts[low + at], ties.starts[low + at + 1]
        total, size, second, third = 0.0, 0.0, 0.0, 0.0
        for k in range(begin, end):
            _fetch(flat, wide * np.uint64(ties.neighbours[min(k + np.uint32(AHEAD), final)]))  # type: ignore[call-arg]
            first = wide * np.uint64(ties.neighbours[k])
            total += flat[first]
            size += abs(flat[first])
            second += flat[first + np.uint64(1)]
            third += flat[first + np.uint64(2)]
        if end > begin:
            degree = end - begin
            out[at, 0], out[at, 1] = 0.5 * (size + total) / degree, 0.5 * (size - total) / degree
            out[at, 2], out[at, 3] = second / degree, third / degree
        else:
            own = x[low + at]
            out[at, 0], out[at, 1] = max(own[0], 0.0), max(-own[0], 0.0)
            out[at, 2], out[at, 3] = own[1], own[2]
