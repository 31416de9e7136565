"""The month of W compiled: blocks of 1,024 residents, one simple loop a stage.

Six details make it quicker than a plain loop: row numbers are unsigned 32-bit, so that no index
is tested for a negative value; sums may be reordered, but comparisons with NaN stay true
(`reassoc`, `nsz`, `contract`); a stage works on buffers of a block that stay in the processor's
first cache and is simple enough to be vectorised; draws are a hash of (key, month, row), made in
the block; where a column is larger than the second cache, neighbours are asked for ahead; and there
every resident looks at as many as most have, without a branch. Sums are kept block by block, so
results do not depend on the number of threads.

Draws: splitmix64 (Steele, Lea and Flood 2014), for every month from a key that is itself drawn in
this way from a key of the run, which Parley's named streams give; normals by Acklam's rational
approximation of the inverse normal distribution, relative error below 1.15e-9. W measures speed;
neither has been through a full test battery here.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, prange, uint32, uint64

from reduced.prefetch import prefetch
from reduced.rules import (
    ADAPTATION,
    BENEFIT_NOISE,
    CONTAGION,
    COST,
    DISAPPOINTMENT,
    FADING,
    MOMENTUM,
    TRUST_GAIN,
    TRUST_LOSS,
)

BLOCK = 1024
REORDER = {"reassoc", "nsz", "contract"}
N_SUMS = 4
AHEAD = 300
"""Ties looked ahead: far enough for memory to answer, near enough to be cached still."""

WITHOUT_BRANCH = 9
"""Ties a row is taken to have: one above the mean, so that few rows have more."""

AHEAD_FROM = 250_000
"""Residents above which a column no longer fits the second cache (2 MB) and looking ahead pays."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_UNIT = 2.0**-53
_TAIL = 0.02425


@njit(inline="always")
def _hash(key: Any, row: Any) -> Any:  # noqa: ANN401  # compiled for its argument types
    """Number `row` of the splitmix64 sequence that starts at a key."""
    x = key + (row + uint64(1)) * _GOLDEN
    x = (x ^ (x >> uint64(30))) * _MIX_1
    x = (x ^ (x >> uint64(27))) * _MIX_2
    return x ^ (x >> uint64(31))


@njit(inline="always")
def _centre(p: float) -> float:
    """Inverse normal distribution for p in [0.02425, 0.97575]."""
    q = p - 0.5
    r = q * q
    above = -3.969683028665376e01 * r + 2.209460984245205e02
    above = (above * r - 2.759285104469687e02) * r + 1.383577518672690e02
    above = (above * r - 3.066479806614716e01) * r + 2.506628277459239e00
    below = -5.447609879822406e01 * r + 1.615858368580409e02
    below = (below * r - 1.556989798598866e02) * r + 6.680131188771972e01
    below = (below * r - 1.328068155288572e01) * r + 1.0
    return above * q / below


@njit(cache=True)
def _lower_tail(p: float) -> float:
    """Inverse normal distribution for p below 0.02425."""
    q = math.sqrt(-2.0 * math.log(p))
    above = -7.784894002430293e-03 * q - 3.223964580411365e-01
    above = (above * q - 2.400758277161838e00) * q - 2.549732539343734e00
    above = (above * q + 4.374664141464968e00) * q + 2.938163982698783e00
    below = 7.784695709041462e-03 * q + 3.224671290700398e-01
    below = ((below * q + 2.445134137142996e00) * q + 3.754408661907416e00) * q + 1.0
    return above / below


@njit(cache=True, fastmath=REORDER)
def draw_block(keys: Any, lo: int, normal: Any, uniform: Any) -> None:  # noqa: ANN401
    """Fill a block with draws.

    Args:
        keys: uint64 keys of the normal and the uniform draws.
        lo: first row of the block.
        normal: shape (m,), filled with standard normal draws.
        uniform: shape (m,), filled with draws from [0, 1).
    """
    first, one, other = uint64(lo), keys[0], keys[1]
    m = len(normal)
    for j in range(m):
        row = first + uint64(j)
        uniform[j] = np.float64(np.int64(_hash(other, row) >> uint64(11))) * _UNIT
        normal[j] = (np.float64(np.int64(_hash(one, row) >> uint64(12))) + 0.5) * 2.0 * _UNIT
    for j in range(m):
        p = normal[j]
        z = _centre(p)
        if p < _TAIL:
            z = _lower_tail(p)
        elif p > 1.0 - _TAIL:
            z = -_lower_tail(1.0 - p)
        normal[j] = z


@njit(cache=True, fastmath=REORDER)
def _gather(network: Any, grievance: Any, lo: int, heard: Any) -> None:  # noqa: ANN401
    """Mean of the neighbours' grievance for every row of a block."""
    indptr, indices = network
    for j in range(len(heard)):
        begin, end = indptr[lo + j], indptr[lo + j + 1]
        total = 0.0
        for k in range(begin, end):
            total += grievance[indices[uint32(k)]]
        heard[j] = total / np.float64(end - begin) if end > begin else grievance[lo + j]


@njit(cache=True, fastmath=REORDER)
def _gather_ahead(network: Any, grievance: Any, lo: int, heard: Any) -> None:  # noqa: ANN401
    """As `_gather`, asking for every neighbour `AHEAD` ties before it is needed.

    The first `WITHOUT_BRANCH` ties are read whether the row has them or not, and those it has not
    count as nothing: how many ties a row has is a guess the processor would often get wrong.
    """
    indptr, indices = network
    last = len(indices) - 1
    for j in range(len(heard)):
        begin, end = np.int64(indptr[lo + j]), np.int64(indptr[lo + j + 1])
        degree = end - begin
        total = 0.0
        for s in range(WITHOUT_BRANCH):
            prefetch(grievance, uint64(indices[uint64(min(begin + s + AHEAD, last))]))  # type: ignore[call-arg]
            value = grievance[indices[uint64(min(begin + s, last))]]
            total += value if s < degree else 0.0
        for k in range(begin + WITHOUT_BRANCH, end):
            total += grievance[indices[uint64(k)]]
        heard[j] = total / np.float64(degree) if degree > 0 else grievance[lo + j]


@njit(cache=True)
def _gather_block(network: Any, grievance: Any, lo: int, heard: Any) -> None:  # noqa: ANN401
    """The gather that suits the number of residents."""
    if len(grievance) > AHEAD_FROM:
        _gather_ahead(network, grievance, lo, heard)
    else:
        _gather(network, grievance, lo, heard)


@njit(cache=True, fastmath=REORDER)
def _update(columns: Any, buffers: Any, tau: float, lo: int, sums: Any) -> None:  # noqa: ANN401
    """Trust, expectation and grievance of a block, and their sums."""
    trust, grievance, _, income, expectation = columns
    normal, heard = buffers
    sum_t, sum_g, sum_gg, sum_e = 0.0, 0.0, 0.0, 0.0
    for j in range(len(heard)):
        i = lo + j
        e = expectation[i]
        gap = tau * income[i] + BENEFIT_NOISE * normal[j] - e
        t = trust[i] + (TRUST_GAIN if gap >= 0.0 else TRUST_LOSS) * gap
        t = min(max(t, 0.0), 1.0)
        e += ADAPTATION * gap
        g = grievance[i]
        g += CONTAGION * (heard[j] - g) + DISAPPOINTMENT * max(-gap, 0.0) - FADING * g
        g = min(max(g, 0.0), 1.0)
        trust[i], expectation[i], grievance[i] = t, e, g
        sum_t += t
        sum_g += g
        sum_gg += g * g
        sum_e += e
    sums[0], sums[1], sums[2], sums[3] = sum_t, sum_g, sum_gg, sum_e


@njit(cache=True)
def _protest(columns: Any, uniform: Any, community: Any, lo: int, counts: Any) -> None:  # noqa: ANN401
    """Who of a block protests, and how many in each community.

    Args:
        columns: trust, grievance and who protests.
        uniform: draws of the block.
        community: of everybody; and last month's shares.
        lo: first row of the block.
        counts: filled with the number protesting in each community.
    """
    trust, grievance, protest = columns
    where, shares = community
    counts[:] = 0
    for j in range(len(uniform)):
        i = lo + j
        place = where[i]
        acts = uniform[j] < grievance[i] * (1.0 - trust[i]) + MOMENTUM * shares[place] - COST
        protest[i] = acts
        counts[place] += acts


@njit(cache=True)
def _month_keys(draws: Any) -> Any:  # noqa: ANN401
    """Keys of the month for the normal and the uniform draws."""
    run_keys, index = draws[2], draws[3]
    keys = np.empty_like(run_keys)
    for k in range(len(keys)):
        keys[k] = _hash(run_keys[k], uint64(index))
    return keys


@njit(cache=True)
def _copy_block(columns: Any, b: int) -> None:  # noqa: ANN401
    """Keep the grievance that a block begins the month with."""
    lo = b * BLOCK
    columns[2][lo : lo + BLOCK] = columns[1][lo : lo + BLOCK]


@njit(cache=True)
def _live_block(
    columns: Any,  # noqa: ANN401
    network: Any,  # noqa: ANN401
    community: Any,  # noqa: ANN401
    draws: Any,  # noqa: ANN401
    tau: float,
    lo: int,
    filled: Any,  # noqa: ANN401
) -> None:
    """One month of a block, whose first row is `lo`; see `month`."""
    trust, grievance, before, income, expectation, protest = columns
    given_normal, given_uniform, keys = draws
    room, sums, counts = filled
    m = min(BLOCK, len(trust) - lo)
    normal, uniform, heard = room[0, :m], room[1, :m], room[2, :m]
    if len(given_normal):
        normal[:] = given_normal[lo : lo + m]
        uniform[:] = given_uniform[lo : lo + m]
    else:
        draw_block(keys, lo, normal, uniform)
    _gather_block(network, before, lo, heard)
    state = (trust, grievance, before, income, expectation)
    _update(state, (normal, heard), tau, lo, sums)
    _protest((trust, grievance, protest), uniform, community, lo, counts)


@njit(cache=True)
def month(  # compiled code takes arrays, not objects
    columns: Any,  # noqa: ANN401
    network: Any,  # noqa: ANN401
    community: Any,  # noqa: ANN401
    draws: Any,  # noqa: ANN401
    tau: float,
    sums: Any,  # noqa: ANN401
    counts: Any,  # noqa: ANN401
) -> None:
    """One month of everybody, on one thread.

    Args:
        columns: trust, grievance, a copy of grievance to fill, income, expectation, protest.
        network: indptr and indices, uint32.
        community: of everybody; and last month's shares.
        draws: prepared normal and uniform draws, empty to make them here; uint64 keys of the run
            for either; the month.
        tau: share of income that comes as benefit.
        sums: shape (blocks, `N_SUMS`), filled with sums of trust, grievance, its square and
            expectation.
        counts: shape (blocks, communities), filled with the number protesting.
    """
    given = (draws[0], draws[1], _month_keys(draws))
    for b in range(len(sums)):
        _copy_block(columns, b)
    room = np.empty((3, BLOCK))
    for b in range(len(sums)):
        filled = (room, sums[b], counts[b])
        _live_block(columns, network, community, given, tau, b * BLOCK, filled)


@njit(cache=True, parallel=True)
def _copy_on_threads(columns: Any, blocks: int) -> None:  # noqa: ANN401
    """All of `_copy_block`; apart, so that numba cannot merge it with a loop that needs it done."""
    for b in prange(blocks):
        _copy_block(columns, b)


@njit(cache=True, parallel=True)
def month_on_threads(
    columns: Any,  # noqa: ANN401
    network: Any,  # noqa: ANN401
    community: Any,  # noqa: ANN401
    draws: Any,  # noqa: ANN401
    tau: float,
    sums: Any,  # noqa: ANN401
    counts: Any,  # noqa: ANN401
) -> None:
    """As `month`, on as many threads as numba is set to; the same numbers.

    A function of its own: numba's cache tells functions apart by name and place, not by
    `parallel`, and would hand out the compiled code of the other.
    """
    given = (draws[0], draws[1], _month_keys(draws))
    _copy_on_threads(columns, len(sums))
    for b in prange(len(sums)):
        filled = (np.empty((3, BLOCK)), sums[b], counts[b])
        _live_block(columns, network, community, given, tau, b * BLOCK, filled)


@njit(cache=True)
def draw_all(keys: Any, n: int) -> float:  # noqa: ANN401
    """Only the draws of a month, to time them; gives their sum so that nothing is left out."""
    normal, uniform = np.empty(BLOCK), np.empty(BLOCK)
    total = 0.0
    for b in range(-(-n // BLOCK)):
        m = min(BLOCK, n - b * BLOCK)
        draw_block(keys, b * BLOCK, normal[:m], uniform[:m])
        total += normal[0] + uniform[0]
    return total


@njit(cache=True)
def gather_all(network: Any, grievance: Any) -> float:  # noqa: ANN401
    """Only the neighbours' means of a month, to time them."""
    heard = np.empty(BLOCK)
    n, total = len(grievance), 0.0
    for b in range(-(-n // BLOCK)):
        m = min(BLOCK, n - b * BLOCK)
        _gather_block(network, grievance, b * BLOCK, heard[:m])
        total += heard[0]
    return total
