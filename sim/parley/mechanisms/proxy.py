"""Who speaks when residents do not: officials in their place (block M5).

Where the room is open to officials alone, they ask for a mix of what suits them and of what the
majority needs. Null switch: official_own_share = 0 (officials want what the majority needs).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.parameters import AttributesParams

SERVICES = 4
"""Position of services among the kinds of need."""


def officials_view(majority: Floats, p: AttributesParams) -> Floats:
    """Officials ask in part for what suits them, in part for what the majority needs.

    q_off = (1 - o) n_maj + o [v e_services + (1 - v) / 6]

    Args:
        majority: n_maj, (..., 6), mean needs of the largest group, shares summing to 1.
        p: Block M2; reads `official_own_share` (o) and `official_services_share` (v).

    Returns:
        (..., 6), shares summing to 1.

    Source: assumption.

    Example: a majority that needs land alone, officials half for themselves and all for services.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(official_own_share=0.5, official_services_share=1.0)
    >>> officials_view(np.eye(6)[2], p).tolist()
    [0.0, 0.0, 0.5, 0.0, 0.5, 0.0]
    """
    kinds = np.shape(majority)[-1]
    visible = p.official_services_share
    suits = (1.0 - visible) / kinds + visible * np.eye(kinds)[SERVICES]
    view: Floats = (1.0 - p.official_own_share) * majority + p.official_own_share * suits
    return view
