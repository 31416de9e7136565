"""Exponential and hyperbolic tangent that compilers turn into vector instructions.

NumPy has such versions of its own; those of the C library, which compiled loops would call, work on
one number at a time. Both branches of a case are computed and one is chosen.

Source: Moshier, Cephes Mathematical Library (1989), `exp.c`, `expm1` and `tanh.c`: rational
approximations for doubles, with errors of one or two units in the last place.
"""

# Numba's own kinds of things have no types.
# ruff: noqa: ANN401

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.core.cgutils import ir  # type: ignore[attr-defined]
from numba.extending import intrinsic

from parley.compiled.jit import kernel

_LOG2E = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6
_LOWEST, _HIGHEST = -708.0, 709.0


@intrinsic
def _as_double(typing_context: Any, bits: Any) -> Any:  # noqa: ARG001
    """The double with these 64 bits."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ARG001
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), build


@kernel
def _odd(x: float) -> tuple[float, float]:
    """Numerator p and denominator q with (e^x - 1) / 2 = p / (q - p), for |x| <= 0.5."""
    s = x * x
    p = x * ((1.26177193074810590878e-4 * s + 3.02994407707441961300e-2) * s + 1.0)
    q = (3.00198505138664455042e-6 * s + 2.52448340349684104192e-3) * s
    q = (q + 2.27265548208155028766e-1) * s + 2.0
    return p, q


@kernel
def exp(x: float) -> float:
    """e^x; beyond -708 and 709 as at them."""
    x = min(max(x, _LOWEST), _HIGHEST)
    power = np.floor(_LOG2E * x + 0.5)
    rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
    p, q = _odd(rest)
    scale: float = _as_double((np.int64(power) + 1023) << 52)  # type: ignore[call-arg]
    return (1.0 + 2.0 * (p / (q - p))) * scale


@kernel
def expm1(x: float) -> float:
    """e^x - 1, exact for small x too."""
    small = min(max(x, -0.5), 0.5)
    p, q = _odd(small)
    near = 2.0 * (p / (q - p))
    far = exp(x) - 1.0
    return near if abs(x) <= 0.5 else far


@kernel
def tanh(x: float) -> float:
    """Hyperbolic tangent."""
    size = abs(x)
    s = x * x
    p = (-9.64399179425052238628e-1 * s - 9.92877231001918586564e1) * s - 1.61468768441708447952e3
    q = ((s + 1.12811678491632931402e2) * s + 2.23548839060100448583e3) * s
    near = x * s * (p / (q + 4.84406305325125486048e3)) + x
    far = 1.0 - 2.0 / (exp(2.0 * min(size, 40.0)) + 1.0)
    far = far if x >= 0.0 else -far
    return near if size < 0.625 else far
