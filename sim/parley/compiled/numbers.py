"""Fills the named tuples that kernels take from the model's parameters and columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from parley.population import Population


def numbers_of[T: tuple[float, ...]](kind: type[T], p: object, **others: float) -> T:
    """A named tuple of plain floats: those given by name, the rest from parameters.

    Args:
        kind: its class; every field that is not given is the name of a parameter.
        p: parameters of a block.
        others: values by name of field.
    """
    return _made(kind, (float(others[f] if f in others else getattr(p, f)) for f in _fields(kind)))


def columns_of[T: tuple[Any, ...]](
    kind: type[T], people: Population, **others: npt.NDArray[Any]
) -> T:
    """A named tuple of arrays: those given by name, the rest columns of people.

    Yes-no columns are seen as 0 and 1, codes without a sign, both without a copy.

    Args:
        kind: its class; every field that is not given is the name of a column.
        people: everybody.
        others: arrays by name of field.
    """
    columns = people.columns
    return _made(kind, (_plain(others[f] if f in others else columns[f]) for f in _fields(kind)))


def _fields(kind: type[Any]) -> tuple[str, ...]:
    names: tuple[str, ...] = kind._fields
    return names


def _made[T](kind: type[T], values: Iterable[Any]) -> T:
    return kind(*values)


def _plain(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Without a sign where there is none to lose."""
    if array.dtype == np.bool_:
        return array.view(np.uint8)
    if array.dtype == np.int16:
        return array.view(np.uint16)
    return array
