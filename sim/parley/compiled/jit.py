"""How kernels are compiled: once, kept on disk, without Python's lock.

A kernel is a plain function over a run of blocks of 1,024 people: it takes the first block and the
one after the last, and writes into arrays it is given. Numbers and columns come in as named tuples
of plain floats and arrays. Within a block there is one simple loop for each stage, with one array
written and few read, because only such loops become vector instructions.

Compiled code is kept beside the source, or, where that cannot be written, in the user's cache
folder (`NUMBA_CACHE_DIR` names another). Numba compiles a kernel anew when its own file changes,
not when a function it calls changes: after changing `functions`, `draws` or `ties` empty the cache.
"""

# Numba's own kinds of things have no types.
# ruff: noqa: ANN401

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numba

BLOCK = 1024
"""People in a block: what a stage hands to the next stays in the fastest cache."""

_SUMS = {"reassoc", "nsz", "contract"}


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a function as it is written: every operation in its order, rounded as in NumPy."""
    return cast("F", _compile(function))


def summing[F: Callable[..., Any]](function: F) -> F:
    """Compile a function in which additions may be done in another, always the same, order."""
    return cast("F", _compile(function, fastmath=_SUMS))


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    except RuntimeError:  # there is no folder in which compiled code could be kept
        return numba.njit(nogil=True, error_model="numpy", **options)(function)


@kernel
def rows_of(block: int, n: int) -> tuple[int, int]:
    """First row of a block and the row after its last, of n rows."""
    low = block * BLOCK
    return low, min(low + BLOCK, n)
