"""Every index of people is in its range; twin of the ranges in `parley.steps.books.check_books`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.arrays import Floats, Ints
from parley.compiled.jit import kernel, rows_of
from parley.errors import ConservationError
from parley.steps import books

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

SIX = "security"
"""The one share that has six values for everybody."""


@kernel
def find_strays(
    first: int,
    last: int,
    shares: tuple[Floats, ...],
    six: Floats,
    stocks: tuple[Floats, ...],
    strays: Ints,
) -> None:
    """Count the values of each block that are outside their range, or no numbers.

    Args:
        first: first block.
        last: block after the last.
        shares: columns that must lie in [0, 1].
        six: shape (6 n,), the same for columns of six.
        stocks: columns that must be finite and at least 0.
        strays: shape (blocks,), written.
    """
    for block in range(first, last):
        low, high = rows_of(block, stocks[0].size)
        count = outside(six[6 * low : 6 * high], 1.0)
        for k in range(len(shares)):
            count += outside(shares[k][low:high], 1.0)
        for k in range(len(stocks)):
            count += outside(stocks[k][low:high], np.finfo(np.float64).max)
        strays[block] = count


@kernel
def outside(values: Floats, most: float) -> int:
    """How many values are not in [0, most]."""
    inside = 0
    for i in range(values.size):
        inside += (values[i] >= 0.0) & (values[i] <= most)
    return values.size - inside


def check_books(model: PartneringModel, crew: Crew) -> None:
    """Money, promises and people balance; every index is in its range.

    Raises:
        ConservationError: naming what does not balance, by how much.
    """
    if not model.world.conservation_checks:
        return
    people, strays = model.people, crew.array("strays", np.int64, (crew.blocks,))
    shares = tuple(people[name] for name in books.SHARES if name != SIX)
    stocks = tuple(people[name] for name in books.STOCKS)
    crew.run(find_strays, shares, people[SIX].reshape(-1), stocks, strays)
    if strays.any():
        books.check_books(model)  # which names what is wrong first
        raise ConservationError("people: a share or stock is outside its range")
    model.ledger.check()
    books.check_benefits(model)
    model.promises.check()
    books.check_cases(model)
    books.check_goods(model)
    if int(people.block_sizes.sum()) != people.n or people.n != model.world.population:
        raise ConservationError(f"people: {people.n} of {model.world.population} are left")
    books.check_levels(model)
    books.check_skills(model)
