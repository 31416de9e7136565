"""The numbers of `parley.streams`, bit for bit, made where they are used.

A stream is NumPy's Philox with a key and a counter whose highest word is the step; every counter
gives four words, and a word gives one uniform number. So the numbers of any person can be had
without those of anybody else: what nobody looks at is never made.

Source: Salmon, Moraes, Dror and Shaw 2011, Philox4x64 with ten rounds.
"""

# Numba's own kinds of things have no types.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import types, uint64
from numba.core.cgutils import ir  # type: ignore[attr-defined]
from numba.extending import intrinsic

from parley.arrays import Floats
from parley.compiled.jit import kernel

WORDS = 4
"""Words, and so uniform numbers, of one counter."""

_MULTIPLY_0, _MULTIPLY_1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ZERO, _ONE, _SHIFT = np.uint64(0), np.uint64(1), np.uint64(11)
_BITS, _HALF = np.uint64(32), np.uint64(0xFFFFFFFF)
_LOW_0, _HIGH_0 = _MULTIPLY_0 & _HALF, _MULTIPLY_0 >> _BITS
_LOW_1, _HIGH_1 = _MULTIPLY_1 & _HALF, _MULTIPLY_1 >> _BITS
_TOGETHER = 256
"""Counters that `fill` works on at once."""
_UNIT = 1.0 / 9007199254740992.0


@intrinsic
def _high(typing_context: Any, one: Any, other: Any) -> Any:  # noqa: ARG001
    """The upper 64 of the 128 bits of a product."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        wide = ir.IntType(128)
        product = builder.mul(*(builder.zext(a, wide) for a in arguments))
        return builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), ir.IntType(64))

    return types.uint64(types.uint64, types.uint64), build


@kernel
def words(counter: int, key: npt.NDArray[np.uint64]) -> tuple[Any, Any, Any, Any]:
    """The four words of one counter.

    Args:
        counter: which counter of the step, from 0.
        key: shape (3,), the stream's two words of key and the step.
    """
    a, b, c, d = uint64(counter) + _ONE, _ZERO, _ZERO, key[2]  # NumPy counts up before it draws
    k0, k1 = key[0], key[1]
    for _ in range(10):
        high0: Any = _high(_MULTIPLY_0, a)  # type: ignore[call-arg]
        high1: Any = _high(_MULTIPLY_1, c)
        a, b, c, d = high1 ^ b ^ k0, _MULTIPLY_1 * c, high0 ^ d ^ k1, _MULTIPLY_0 * a
        k0 += _WEYL_0
        k1 += _WEYL_1
    return a, b, c, d


@kernel
def unit(word: Any) -> float:
    """A uniform number in [0, 1) from a word, as NumPy makes it."""
    return float(word >> _SHIFT) * _UNIT


@kernel
def fill(out: Floats, first: int, count: int, key: npt.NDArray[np.uint64]) -> None:
    """Uniform numbers in a row.

    Args:
        out: shape (at least count rounded up to a whole counter,), written from its start.
        first: which number of the step to begin with, a multiple of `WORDS`.
        count: how many.
        key: as in `words`.
    """
    counters = (count + WORDS - 1) // WORDS
    state = np.empty((WORDS, _TOGETHER), dtype=np.uint64)
    for low in range(0, counters, _TOGETHER):
        size = min(_TOGETHER, counters - low)
        a, b, c, d = state[0, :size], state[1, :size], state[2, :size], state[3, :size]
        start = uint64(first // WORDS + low) + _ONE
        for i in range(size):
            a[i], b[i], c[i], d[i] = start + uint64(i), _ZERO, _ZERO, key[2]
        k0, k1 = key[0], key[1]
        for _ in range(10):
            _turn(state, size, k0, k1)
            k0 += _WEYL_0
            k1 += _WEYL_1
        for i in range(size):
            at = WORDS * (low + i)
            out[at], out[at + 1] = unit(a[i]), unit(b[i])
            out[at + 2], out[at + 3] = unit(c[i]), unit(d[i])


@kernel
def _turn(state: npt.NDArray[np.uint64], size: int, k0: Any, k1: Any) -> None:
    """One round for many counters at once; twice as quick as round after round for each."""
    a, b, c, d = state[0, :size], state[1, :size], state[2, :size], state[3, :size]
    for i in range(size):
        one, other = a[i], c[i]
        a[i] = _high_of_halves(other, _LOW_1, _HIGH_1) ^ b[i] ^ k0
        c[i] = _high_of_halves(one, _LOW_0, _HIGH_0) ^ d[i] ^ k1
        b[i] = _MULTIPLY_1 * other
        d[i] = _MULTIPLY_0 * one


@kernel
def _high_of_halves(a: Any, low: Any, high: Any) -> Any:
    """The upper 64 bits of a product, from halves of 32 bits, which vector instructions can do.

    Args:
        a: one number.
        low: lower half of the other.
        high: upper half of the other.
    """
    a_low, a_high = a & _HALF, a >> _BITS
    crossed, carried = a_low * high, (a_low * low) >> _BITS
    middle = carried + (crossed & _HALF) + a_high * low
    return a_high * high + (crossed >> _BITS) + (middle >> _BITS)
