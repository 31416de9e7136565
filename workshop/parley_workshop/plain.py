"""Plain data as a short text for an address, and back, checked: it can hold no code and no path."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from typing import Any

from parley.errors import ParleyError

LARGEST = 100_000
"""Bytes of JSON that a text may unfold to."""
_LONGEST_TEXT = 200
_MOST_ENTRIES = 200


class LinkError(ParleyError):
    """A part of an address, a link or a saved board that does not read."""


def pack(data: object) -> str:
    """Plain data as letters, digits, `-` and `_`."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


def unpack(text: str, longest: int) -> Any:  # noqa: ANN401  # anything that JSON may hold
    """What `pack` was given, of which nothing is known yet.

    Args:
        text: What `pack` gave.
        longest: Characters that are read.

    Raises:
        LinkError: The text is damaged or too long, or unfolds to too much.
    """
    if len(text) > longest:
        raise LinkError(f"the link has {len(text)} characters; at most {longest} are read")
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unfolding = zlib.decompressobj()
        raw = unfolding.decompress(packed, LARGEST)
        if unfolding.unconsumed_tail or not unfolding.eof:
            raise LinkError("the link is cut short or unfolds to too much; copy it whole")
        return json.loads(raw)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise LinkError("the link is damaged; copy it whole, from the first letter") from None


def entries(data: Any, most: int = _MOST_ENTRIES) -> list[Any]:  # noqa: ANN401
    """A list of at most so many entries.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(data, list | tuple) or len(data) > most:
        raise TypeError(f"expected a list of at most {most} entries")
    return list(data)


def text_of(data: Any) -> str:  # noqa: ANN401
    """A short text.

    Raises:
        TypeError: It is none.
        ValueError: It has halves of letters, which no page can be sent with.
    """
    if not isinstance(data, str) or len(data) > _LONGEST_TEXT:
        raise TypeError(f"expected a text of at most {_LONGEST_TEXT} characters")
    data.encode()
    return data


def name_of(data: Any) -> str:  # noqa: ANN401
    """A name of something that comes with Parley.

    Raises:
        TypeError: It is none, or a path.
    """
    text = text_of(data)
    if any(sign in text for sign in "/\\\0") or ".." in text or text.endswith(".toml"):
        raise TypeError(f"{text!r:.40} is a path; only names of what comes with Parley are taken")
    return text


def whole(data: Any, lowest: int | None = None, highest: int | None = None) -> int:  # noqa: ANN401
    """A whole number within limits, both included.

    Raises:
        TypeError: It is none.
        ValueError: It is out of range.
    """
    if isinstance(data, bool) or not isinstance(data, int):
        raise TypeError(f"{data!r:.40} is no whole number")
    if (lowest is not None and data < lowest) or (highest is not None and data > highest):
        raise ValueError(f"{data} is out of range; allowed: {lowest} to {highest}")
    return data


def number(data: Any) -> float:  # noqa: ANN401
    """A number, which JSON may have written without a point.

    Raises:
        TypeError: It is none.
        ValueError: It is larger than any number that can be reckoned with.
    """
    if isinstance(data, bool) or not isinstance(data, int | float):
        raise TypeError(f"{data!r:.40} is no number")
    try:
        return float(data)
    except OverflowError:
        raise ValueError("a number of several hundred digits") from None
