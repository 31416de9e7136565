"""A board as a link, and back: plain data, checked, small. A link can hold no code and no path."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from parley.results import MODEL_VERSION
from parley_workshop.board import Arm, Board, Change
from parley_workshop.plain import (
    LinkError,
    entries,
    name_of,
    number,
    pack,
    text_of,
    unpack,
    whole,
)
from parley_workshop.scenarios import check, scenario_of

FORMAT = 1
LONGEST_LINK = 8_000
"""Characters; a browser's address bar takes more."""


def to_link(board: Board) -> str:
    """A board as letters, digits, `-` and `_`."""
    return pack({"format": FORMAT, "model": MODEL_VERSION, "board": asdict(board)})


def from_link(text: str) -> tuple[Board, str]:
    """The board of a link.

    Names are only names of what comes with Parley: a path is refused. Whether places and presets
    exist and numbers are in range is checked when the board is run, or by `read_link`.

    Args:
        text: What `to_link` gave.

    Returns:
        The board, and a warning when another version of the model made the link, else empty.

    Raises:
        LinkError: The link is damaged, too long, or of another format.
    """
    data = unpack(text, LONGEST_LINK)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise LinkError(f"the link is not of format {FORMAT}, which this version reads")
    made = data.get("model")
    warning = ""
    if made != MODEL_VERSION:
        warning = f"made with version {made!s:.20} of the model, shown with version {MODEL_VERSION}"
    return board_of(data.get("board")), warning


def read_link(text: str) -> tuple[Board, str]:
    """The board of a link or of the address that holds it, checked so that it can be run.

    Args:
        text: A link, or an address of the page with all that belongs to it.

    Returns:
        The board, and a warning when another version of the model made the link, else empty.

    Raises:
        LinkError: It does not read.
        ScenarioError: Something on it is unknown or out of range.
    """
    board, warning = from_link(part_of(text, "board") or text.strip())
    check(board)  # a board without columns has none that could be wrong
    for arm in range(len(board.arms)):
        scenario_of(board, arm)
    return board, warning


def part_of(text: str, name: str) -> str:
    """What an address holds under a name, empty if it holds nothing.

    >>> part_of("http://localhost:8080/es?board=eJx&month=3", "month")
    '3'
    >>> part_of("eJx", "board")
    ''
    """
    found = re.search(rf"(?:^|[?&]){name}=([^&#\s]*)", text.strip())
    return found[1] if found else ""


def board_of(data: Any) -> Board:  # noqa: ANN401  # anything that JSON may hold
    """A board from plain data.

    Raises:
        LinkError: Something is missing or of the wrong kind.
    """
    try:
        arms = tuple(_arm(one) for one in entries(data["arms"]))
        return Board(
            place=name_of(data["place"]),
            arms=arms,
            months=whole(data["months"]),
            population=whole(data["population"]),
            seed=whole(data["seed"]),
            replicate=whole(data["replicate"]),
            facts=_numbers(data["facts"]),
            parameters=_numbers(data["parameters"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LinkError(f"the saved board lacks something or is mistaken: {error!s:.80}") from None


def _arm(data: Any) -> Arm:  # noqa: ANN401
    return Arm(
        label=text_of(data["label"]),
        preset=name_of(data["preset"]),
        changes=tuple(_change(one) for one in entries(data["changes"])),
        interventions=tuple(name_of(one) for one in entries(data["interventions"])),
    )


def _change(data: Any) -> Change:  # noqa: ANN401
    words = tuple((name_of(key), name_of(value)) for key, value in entries(data["words"]))
    return Change(
        month=whole(data["month"]),
        dials=_numbers(data["dials"]),
        words=words,
        decision=text_of(data["decision"]),
        option=text_of(data["option"]),
    )


def _numbers(data: Any) -> tuple[tuple[str, float], ...]:  # noqa: ANN401
    return tuple((name_of(key), number(value)) for key, value in entries(data))
