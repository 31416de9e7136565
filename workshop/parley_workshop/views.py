"""What an address of the page holds beside its board, for whoever has no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from parley_workshop import about
from parley_workshop.links import part_of
from parley_workshop.said import Said, from_text
from parley_workshop.session import OUTCOMES

if TYPE_CHECKING:
    from parley_workshop.board import Board


@dataclass(frozen=True, slots=True)
class View:
    """How a room looked at its board, and what it said of it.

    Attributes:
        said: Predictions, a target, votes.
        group: Reporting group whose values were shown.
        outcomes: What was drawn.
    """

    said: Said = Said()  # noqa: RUF009 - frozen
    group: str = "all"
    outcomes: tuple[str, ...] = OUTCOMES


def view_of(text: str, board: Board) -> View:
    """What an address holds beside its board; a link alone holds nothing more.

    Args:
        text: A link, or an address of the page with all that belongs to it.
        board: The board of it.

    Raises:
        LinkError: What the room said does not read, or does not fit the board.
    """
    named = unquote(part_of(text, "outcomes")).split(",")
    return View(
        said=from_text(part_of(text, "said"), board),
        group=unquote(part_of(text, "group")) or "all",
        outcomes=about.offered(named) or OUTCOMES,
    )
