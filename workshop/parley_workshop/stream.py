"""Who runs months for a page: an order goes in, months come out while the model runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from parley_workshop.board import Board
    from parley_workshop.frames import Ended, Frame, Opening

type Told = Opening | Frame | Ended


@dataclass(frozen=True, slots=True)
class Order:
    """What to run.

    Attributes:
        board: The stacks, places and luck.
        arms: Indices of the stacks wanted, all of them together or one after the other.
        first_month: Months before it are run but not told: the page has them already, bit for bit.
        asker: Who wants it, if there may be more orders: their columns stay where their models are.
    """

    board: Board
    arms: tuple[int, ...]
    first_month: int = 0
    asker: Hashable | None = None


class Running(Protocol):
    """An order that is being run."""

    def stop(self) -> None:
        """Stop it; what is told afterwards is ignored. May be called twice."""


class Engine(Protocol):
    """Runs orders in worker processes, never in the caller's; several at a time."""

    def start(self, order: Order, tell: Callable[[Told], None]) -> Running:
        """Start an order.

        Args:
            order: What to run.
            tell: Called for every opening, month and end, from a thread of the engine. A worker
                that dies is replaced and the order goes on after the last month told; a second
                death in its own turn is told as an `Ended` with its problem.
        """

    def close(self) -> None:
        """Stop everything and end the workers."""
