"""Levels of the 18 dials of the practice stack, by name.

A dial is a level in [0, 1]. What each dial may change, what it costs and how it can hurt is
data (`dials.toml`); this file only gives the entries of an array of levels their names.
"""

from __future__ import annotations

from typing import NamedTuple

from parley.arrays import Floats


class Levels(NamedTuple):
    """Levels of the 18 dials, each a share in [0, 1], in the order of `practice_types.DIALS`."""

    locally_driven: float = 0.0
    inclusive: float = 0.0
    forward_looking: float = 0.0
    trust_conduct: float = 0.0
    sharing: float = 0.0
    mapping: float = 0.0
    facilitation: float = 0.0
    communication: float = 0.0
    protocols: float = 0.0
    monitoring: float = 0.0
    complaints_desk: float = 0.0
    consultation_methods: float = 0.0
    checklist: float = 0.0
    digital: float = 0.0
    joint_training: float = 0.0
    documentation: float = 0.0
    bespoke_metrics: float = 0.0
    remedy_forum: float = 0.0


def levels(values: Floats) -> Levels:
    """Name the 18 entries of an array of levels.

    Args:
        values: shape (18,), shares in [0, 1], in the order of `practice_types.DIALS`.

    Returns:
        The same levels by name.
    """
    return Levels(*values.tolist())
