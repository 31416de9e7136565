"""Fills the named tuples that kernels take from the model's parameters and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from parley.population import Population


def numbers_of[T: NamedTuple](kind: type[T], p: object, **others: float) -> T:
    """A named tuple of plain floats: those given by name, the rest from parameters.

    Args:
        kind: its class; every field that is not given is the name of a parameter.
        p: parameters of a block.
        others: values by name of field.
    """
    fields: tuple[str, ...] = kind._fields
    return kind(*(float(others[f] if f in others else getattr(p, f)) for f in fields))


def columns_of[T: NamedTuple](kind: type[T], people: Population, **others: Any) -> T:
    """A named tuple of arrays: those given by name, the rest columns of people.

    Yes-no columns are seen as 0 and 1, codes without a sign, both without a copy.

    Args:
        kind: its class; every field that is not given is the name of a column.
        people: everybody.
        others: arrays by name of field.
    """
    columns: Mapping[str, Any] = people.columns
    fields: tuple[str, ...] = kind._fields
    return kind(*(_plain(others[f] if f in others else columns[f]) for f in fields))


def _plain(array: Any) -> Any:
    """Without a sign where there is none to lose."""
    if array.dtype == np.bool_:
        return array.view(np.uint8)
    if array.dtype == np.int16:
        return array.view(np.uint16)
    return array
