"""Who is tied to whom.

People live in houses in a random order around their village. Most ties reach the next houses, a
few leap (Watts and Strogatz 1998); a share of ties is reserved for the own group, counting only
the houses of that group (homophily as in Coleman 1958); a share leaves the village; leaders have
more ties than others. Ties are kept in compressed rows, and every row sums its own neighbours, so
that a result never depends on the number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from parley.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    from parley.parameters import InfluenceParams
    from parley.population import Population
    from parley.streams import Streams

type RowIndices = npt.NDArray[np.int32]
"""Row numbers of people, in 32 bits."""

_LEAP_ATTEMPTS = 6
_OPEN_ATTEMPTS = 6


class Ties:
    """Symmetric ties between people, without weights.

    Attributes:
        n: Number of people.
        indptr: shape (n + 1,), where each person's neighbours begin in `indices`.
        indices: shape (2 x number of ties,), neighbours, ascending within each person.
        degree: shape (n,), number of neighbours.
    """

    def __init__(self, indptr: RowIndices, indices: RowIndices) -> None:
        """Take over compressed rows; `from_pairs` makes them from a list of ties."""
        self.n = len(indptr) - 1
        self.indptr = indptr
        self.indices = indices
        self.degree: Ints = np.diff(indptr).astype(np.int64)
        self._matrix = sparse.csr_array(
            (np.ones(len(indices)), indices, indptr), shape=(self.n, self.n)
        )
        self._alone = np.flatnonzero(self.degree == 0)
        self._divisor = np.maximum(self.degree, 1).astype(np.float64)

    @classmethod
    def from_pairs(cls, n: int, one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Ties:
        """Ties between pairs of people.

        Args:
            n: Number of people.
            one: shape (m,), a row of each pair.
            other: shape (m,), the other row; each pair given once, none with itself.
        """
        ends = np.concatenate((one, other)).astype(np.int32)
        starts = np.concatenate((other, one)).astype(np.int32)
        matrix = sparse.coo_array((np.ones(len(ends)), (starts, ends)), shape=(n, n)).tocsr()
        matrix.sort_indices()
        return cls(matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32))

    def row_mean(self, x: npt.NDArray[Any]) -> Floats:
        """Mean over each person's neighbours.

        Args:
            x: shape (n,) or (n, k), numbers or yes-no values.

        Returns:
            float64 of the same shape; a person without ties gets their own value.

        >>> Ties.from_pairs(4, np.array([0, 0]), np.array([1, 2])).row_mean(np.array([1, 2, 5, 7]))
        array([3.5, 1. , 1. , 7. ])
        """
        x = np.asarray(x, dtype=np.float64)
        mean: Floats = self._matrix @ x
        mean /= self._divisor if x.ndim == 1 else self._divisor[:, None]
        if len(self._alone):
            mean[self._alone] = x[self._alone]
        return mean

    def neighbours(self, row: int) -> RowIndices:
        """Rows of one person's neighbours, ascending; see them with `people[neighbours]`."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    @property
    def nbytes(self) -> int:
        """Size of everything kept (bytes)."""
        kept = (self.indptr, self.indices, self.degree, self._divisor, self._matrix.data)
        return sum(array.nbytes for array in kept)


@dataclass(frozen=True, slots=True)
class _Ring:
    """People in the order of their houses, all of them or each group apart.

    Attributes:
        order: shape (n,), rows in order.
        place: shape (n,), where each row stands in `order`.
        start: shape (n,), where the row's own village (or its part of the group) begins.
        size: shape (n,), people in it.
        outer_start: shape (n,), where everybody (or the whole group) begins.
        outer_size: shape (n,), people in that.
    """

    order: Ints
    place: Ints
    start: Ints
    size: Ints
    outer_start: Ints
    outer_size: Ints

    def step(self, rows: Ints, distance: Ints) -> Ints:
        """Who lives so many houses on in the village."""
        start, size = self.start[rows], self.size[rows]
        return self.order[start + (self.place[rows] - start + distance) % size]

    def inside(self, rows: Ints, u: Floats) -> Ints:
        """Anybody else in the village; oneself where there is nobody else."""
        others = self.size[rows] - 1
        return self.step(rows, np.where(others > 0, 1 + (u * others).astype(np.int64), 0))

    def outside(self, rows: Ints, u: Floats) -> Ints:
        """Anybody in other villages; oneself where there is nobody."""
        start, size = self.start[rows], self.size[rows]
        others = self.outer_size[rows] - size
        at = self.outer_start[rows] + (u * others).astype(np.int64)
        at += np.where(at >= start, size, 0)
        return np.where(others > 0, self.order[np.minimum(at, len(self.order) - 1)], rows)


@dataclass(frozen=True, slots=True)
class _Wishes:
    """One entry per wished tie.

    Attributes:
        rows: Who wishes it.
        distance: Houses to count on, from 1.
        own: Whether it is reserved for the own group.
        out: Whether it leaves the village.
        leap: Whether it leaps to anywhere in the village.
    """

    rows: Ints
    distance: Ints
    own: Bools
    out: Bools
    leap: Bools

    def take(self, which: Bools) -> _Wishes:
        """Some of the wishes."""
        return _Wishes(
            self.rows[which],
            self.distance[which],
            self.own[which],
            self.out[which],
            self.leap[which],
        )


def build_ties(population: Population, p: InfluenceParams, streams: Streams) -> Ties:
    """Tie people to each other.

    Every person wishes half their ties. A wish leaves the village with chance 1 - inside_share; it
    is reserved for the own group with chance homophily_share; inside the village it reaches the
    k-th next house for the k-th wish, or with chance rewiring_share leaps to anybody. A wish that
    meets oneself or an existing tie is drawn again, among the own group if it met one of them, at
    last among everybody: where a village or a group is too small for its ties, the shares give
    way before the degree does.

    Args:
        population: The people.
        p: `mean_degree`, `inside_share`, `homophily_share`, `rewiring_share` and
            `leader_degree_ratio`; a leader's ties beyond those of others leap.
        streams: The run's random streams; those named `network.*` are drawn.

    Returns:
        The ties: symmetric, none double, none to oneself.
    """
    houses = streams.uniform("network.houses", 0, population.n)
    # People of one block are drawn alike, so their rows may follow their houses: then neighbours
    # lie close in memory too.
    houses = houses[np.lexsort((houses, population["block"]))]
    village, group = population["village"], population["group"].astype(np.int64)
    rings = (_ring(np.zeros_like(group), village, houses), _ring(group, village, houses))
    wishes = _wish(population["leader"], p, streams, p.leader_degree_ratio)
    pairs = np.zeros(0, dtype=np.int64)
    for attempt in range(1 + _LEAP_ATTEMPTS + _OPEN_ATTEMPTS):
        u = streams.uniform("network.targets", attempt, len(wishes.rows))
        met = _meet(wishes, rings, u, attempt)
        low, high = np.minimum(wishes.rows, met), np.maximum(wishes.rows, met)
        key = low * population.n + high
        pairs, granted = _grant(pairs, key, low != high)
        # Who met one of their own group goes on looking there, or homophily would wear off.
        wishes.own[group[wishes.rows] == group[met]] = True
        wishes = wishes.take(~granted)
        if not len(wishes.rows):
            break
    return Ties.from_pairs(population.n, pairs // population.n, pairs % population.n)


def _ring(outer: Ints, village: npt.NDArray[Any], houses: Floats) -> _Ring:
    """Order people by outer part, village and house."""
    n = len(outer)
    order = np.lexsort((houses, village, outer))
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    cell = outer * (int(village.max()) + 1) + village
    return _Ring(order, place, *_runs(cell), *_runs(outer))


def _runs(code: Ints) -> tuple[Ints, Ints]:
    """Start and size of the run each row stands in once people are ordered by the code."""
    sizes = np.bincount(code)
    starts = np.cumsum(sizes) - sizes
    return starts[code], sizes[code]


def _wish(leader: Bools, p: InfluenceParams, streams: Streams, ratio: float) -> _Wishes:
    """How many ties everybody wishes, and of which kind."""
    n = len(leader)
    leaders = float(leader.mean())
    # Half of all ties come from others' wishes and are spread evenly; own wishes make the rest.
    usual = p.mean_degree / (1.0 - leaders + ratio * leaders)
    received = p.mean_degree / 2.0
    expected = np.maximum(np.where(leader, ratio, 1.0) * usual - received, 0.0)
    expected *= received / expected.mean()
    count = np.minimum(np.floor(expected + streams.uniform("network.degree", 0, n)), n - 1)
    rows = np.repeat(np.arange(n), count.astype(np.int64))
    distance = 1 + np.arange(len(rows)) - np.searchsorted(rows, rows)
    kind = streams.uniform("network.kind", 0, (len(rows), 3))
    return _Wishes(
        rows,
        distance,
        own=kind[:, 0] < p.homophily_share,
        out=kind[:, 1] >= p.inside_share,
        leap=(kind[:, 2] < p.rewiring_share) | (distance > np.ceil(received)),
    )


def _meet(wishes: _Wishes, rings: tuple[_Ring, _Ring], u: Floats, attempt: int) -> Ints:
    """Whom each wish meets at this attempt; oneself where there is nobody."""
    if attempt > _LEAP_ATTEMPTS + _OPEN_ATTEMPTS // 2:
        return (u * len(rings[0].order)).astype(np.int64)
    met = np.empty_like(wishes.rows)
    reserved = wishes.own & (attempt <= _LEAP_ATTEMPTS)
    leap = wishes.leap | (attempt > 0)
    for ring, mine in zip(rings, (~reserved, reserved), strict=True):
        for out, leaps in ((True, None), (False, True), (False, False)):
            which = mine & (wishes.out == out)
            if leaps is not None:
                which &= leap == leaps
            rows = wishes.rows[which]
            if out:
                met[which] = ring.outside(rows, u[which])
            elif leaps:
                met[which] = ring.inside(rows, u[which])
            else:
                met[which] = ring.step(rows, wishes.distance[which])
    return met


def _grant(pairs: Ints, key: Ints, valid: Bools) -> tuple[Ints, Bools]:
    """Grant every wish that makes a new pair, the first where several wish the same.

    Args:
        pairs: sorted keys of the pairs so far.
        key: key of the pair each wish would make.
        valid: whether it would be a pair at all.

    Returns:
        The sorted keys of all pairs, and whether each wish was granted.
    """
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    fresh = valid[order]
    fresh[1:] &= ordered[1:] != ordered[:-1]
    if len(pairs):
        at = np.minimum(np.searchsorted(pairs, ordered), len(pairs) - 1)
        fresh &= pairs[at] != ordered
    granted = np.empty_like(fresh)
    granted[order] = fresh
    return np.sort(np.concatenate((pairs, ordered[fresh]))), granted
