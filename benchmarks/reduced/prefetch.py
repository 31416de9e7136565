"""A hint to the processor to load an array's entry soon, for compiled code.

Neighbours far away in memory are waited for one after the other unless they are asked for before
they are needed. Numba has no word for it; LLVM has.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_READ, _KEEP_IN_ALL_CACHES, _DATA = 0, 3, 1


@intrinsic
def prefetch(_context: Any, array: Any, index: Any) -> Any:  # noqa: ANN401, ARG001  # Numba's
    """Ask for an entry of an array. Changes nothing but time.

    Args:
        array: one-dimensional.
        index: unsigned, within the array.
    """

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401
        entries = context.make_array(signature.args[0])(context, builder, values[0])
        entry = builder.gep(entries.data, [values[1]])
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
        how = [ir.Constant(number, value) for value in (_READ, _KEEP_IN_ALL_CACHES, _DATA)]
        builder.call(hint, [builder.bitcast(entry, pointer), *how])
        return context.get_dummy_value()

    return types.void(array, types.uint64), generate
