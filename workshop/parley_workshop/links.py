"""A board as a link, and back: plain data, checked, small. A link can hold no code and no path."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import asdict
from typing import Any

from parley.errors import ParleyError
from parley.results import MODEL_VERSION
from parley_workshop.board import Arm, Board, Change

FORMAT = 1
LONGEST_LINK = 8_000
"""Characters; a browser's address bar takes more."""
LARGEST_BOARD = 100_000
"""Bytes of JSON that a link may unfold to."""
_LONGEST_TEXT = 200
_MOST_ENTRIES = 200


class LinkError(ParleyError):
    """A link or a saved board that does not read."""


def to_link(board: Board) -> str:
    """A board as letters, digits, `-` and `_`."""
    data = {"format": FORMAT, "model": MODEL_VERSION, "board": asdict(board)}
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


def from_link(text: str) -> tuple[Board, str]:
    """The board of a link.

    Names are only names of what comes with Parley: a path is refused. Whether places and presets
    exist and numbers are in range is checked when the board is run.

    Args:
        text: What `to_link` gave.

    Returns:
        The board, and a warning when another version of the model made the link, else empty.

    Raises:
        LinkError: The link is damaged, too long, or of another format.
    """
    if len(text) > LONGEST_LINK:
        raise LinkError(f"the link has {len(text)} characters; at most {LONGEST_LINK} are read")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unfolding = zlib.decompressobj()
        raw = unfolding.decompress(packed, LARGEST_BOARD)
        if unfolding.unconsumed_tail or not unfolding.eof:
            raise LinkError("the link is cut short or unfolds to too much; copy it whole")
        data = json.loads(raw)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise LinkError("the link is damaged; copy it whole, from the first letter") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise LinkError(f"the link is not of format {FORMAT}, which this version reads")
    made = data.get("model")
    warning = ""
    if made != MODEL_VERSION:
        warning = f"made with version {made!s:.20} of the model, shown with version {MODEL_VERSION}"
    return board_of(data.get("board")), warning


def board_of(data: Any) -> Board:  # noqa: ANN401  # anything that JSON may hold
    """A board from plain data.

    Raises:
        LinkError: Something is missing or of the wrong kind.
    """
    try:
        arms = tuple(_arm(one) for one in _entries(data["arms"]))
        return Board(
            place=_name(data["place"]),
            arms=arms,
            months=_whole(data["months"]),
            population=_whole(data["population"]),
            seed=_whole(data["seed"]),
            replicate=_whole(data["replicate"]),
            facts=_numbers(data["facts"]),
            parameters=_numbers(data["parameters"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LinkError(f"the saved board lacks something or is mistaken: {error!s:.80}") from None


def _arm(data: Any) -> Arm:  # noqa: ANN401
    return Arm(
        label=_text(data["label"]),
        preset=_name(data["preset"]),
        changes=tuple(_change(one) for one in _entries(data["changes"])),
        interventions=tuple(_name(one) for one in _entries(data["interventions"])),
    )


def _change(data: Any) -> Change:  # noqa: ANN401
    words = tuple((_name(key), _name(value)) for key, value in _entries(data["words"]))
    return Change(
        month=_whole(data["month"]),
        dials=_numbers(data["dials"]),
        words=words,
        decision=_text(data["decision"]),
        option=_text(data["option"]),
    )


def _entries(data: Any) -> list[Any]:  # noqa: ANN401
    if not isinstance(data, list | tuple) or len(data) > _MOST_ENTRIES:
        raise TypeError(f"expected a list of at most {_MOST_ENTRIES} entries")
    return list(data)


def _text(data: Any) -> str:  # noqa: ANN401
    if not isinstance(data, str) or len(data) > _LONGEST_TEXT:
        raise TypeError(f"expected a text of at most {_LONGEST_TEXT} characters")
    return data


def _name(data: Any) -> str:  # noqa: ANN401
    text = _text(data)
    if any(sign in text for sign in "/\\\0") or ".." in text or text.endswith(".toml"):
        raise TypeError(f"{text!r:.40} is a path; only names of what comes with Parley are taken")
    return text


def _whole(data: Any) -> int:  # noqa: ANN401
    if isinstance(data, bool) or not isinstance(data, int):
        raise TypeError(f"{data!r:.40} is no whole number")
    return data


def _numbers(data: Any) -> tuple[tuple[str, float], ...]:  # noqa: ANN401
    found = []
    for key, value in _entries(data):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{value!r:.40} is no number")
        found.append((_name(key), float(value)))
    return tuple(found)
