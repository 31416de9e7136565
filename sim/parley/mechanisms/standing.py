"""What a firm's standing changes: an apology, goodwill elsewhere, a published record (block M2).

Null switches: apology_healing = 0 (an apology changes how nothing heals), goodwill_alignment = 0
(spending elsewhere buys nothing), standard_kept_share = 0 (nobody is expelled).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats
    from parley.parameters import AttributesParams


def erosion_after(
    erosion: Floats | float, apologised: Floats | bool, p: AttributesParams
) -> Floats | float:
    """Once the firm has apologised, benefits wear away old grievance faster, or slower.

    epsilon' = epsilon (1 + h A)

    Args:
        erosion: epsilon, any shape, share of the stock per unit of benefit signal, >= 0.
        apologised: A, whether the firm has apologised, broadcastable.
        p: Block M2; reads `apology_healing` (h); 0 = an apology changes nothing.

    Returns:
        Broadcast shape, >= 0.

    Source: assumption; both signs are swept.

    Example: 0.05 before, and three times as fast after.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(apology_healing=2.0)
    >>> erosion_after(0.05, False, p), round(erosion_after(0.05, True, p), 12)
    (0.05, 0.15)
    """
    return erosion * (1.0 + p.apology_healing * apologised)


def alignment(
    usual: Floats | float, spent_share: Floats | float, p: AttributesParams
) -> Floats | float:
    """Spending on the nation at large moves the state's readiness to help the firm.

    a' = a + g s (1 - a) if g >= 0, else a + g s a

    Args:
        usual: a, any shape, the state's readiness to grant a call, in [0, 1].
        spent_share: s, part of the community budget spent outside the catchment, in [0, 1].
        p: Block M2; reads `goodwill_alignment` (g); 0 = spending elsewhere buys nothing.

    Returns:
        Broadcast shape, in [0, 1].

    Source: assumption; both signs are swept.

    Example: half the budget, half effective, covers a quarter of the way from 0.4 to 1.

    >>> from types import SimpleNamespace
    >>> round(alignment(0.4, 0.5, SimpleNamespace(goodwill_alignment=0.5)), 12)
    0.55
    >>> round(alignment(0.4, 0.5, SimpleNamespace(goodwill_alignment=-0.5)), 12)
    0.3
    """
    strength = p.goodwill_alignment
    room = 1.0 - np.asarray(usual) if strength >= 0.0 else usual
    moved = usual + strength * spent_share * room
    return float(moved) if np.ndim(moved) == 0 else moved


def kept_share(kept: Floats | float, broken: Floats | float) -> Floats | float:
    """The published record: what was kept of all that was settled; full without a settlement.

    r = K / (K + B), 1 if K + B = 0

    Args:
        kept: K, any shape, promises kept over the window, >= 0.
        broken: B, same shape, promises broken over the window, >= 0.

    Returns:
        Broadcast shape, in [0, 1].

    Source: definition.

    Example: one kept for three broken.

    >>> kept_share(1.0, 3.0), kept_share(0.0, 0.0)
    (0.25, 1.0)
    """
    settled = np.add(kept, broken)
    share = np.divide(kept, settled, out=np.ones_like(settled), where=settled > 0.0)
    return float(share) if np.ndim(share) == 0 else share


def expelled(record: Floats | float, p: AttributesParams) -> Bools | bool:
    """A firm whose record is below the standard loses its place.

    r < s

    Args:
        record: r, any shape, part of settled promises that were kept, in [0, 1].
        p: Block M2; reads `standard_kept_share` (s); 0 = nobody is expelled.

    Returns:
        Same shape, booleans.

    Source: expulsion of members that do not report, martin_2018 on the CEO Water Mandate; that the
    standard is about promises kept is an assumption.

    Example: a standard of one half.

    >>> from types import SimpleNamespace
    >>> p = SimpleNamespace(standard_kept_share=0.5)
    >>> expelled(0.25, p), expelled(0.5, p)
    (True, False)
    """
    return record < p.standard_kept_share
