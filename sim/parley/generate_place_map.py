"""The schematic of a place: its villages around the site, and who lives in the nearer halves.

It shows the model's geometry, not the country's: villages are equal in size, every village has a
nearer and a farther half, and a person's exposure to the site falls from 1 at the site to 0 at the
outer edge (`population_draw`). Which village is where, and how far, no rule knows.
"""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parley.scenario_types import Place

WIDTH, HEIGHT = 900, 475
_MIDDLE = (215.0, 232.0)
_SITE, _HALF, _EDGE = 34.0, 112.0, 190.0
_BARS = 470.0
_BAR_WIDTH = 330.0
_ROW, _LINE = 46.0, 17.0
_CHARACTERS = 50
_STAR = "\u00a0*"  # never at the start of a line
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#777777", "#000000")
"""Palette of Okabe and Ito (2008); every bar also bears its name."""
_STYLE = "font-family:DejaVu Sans,Verdana,sans-serif;font-size:14px;fill:#222"


def schematic(place: Place) -> str:
    """Draw a place as an SVG; the same place gives the same text.

    Args:
        place: The place.

    Returns:
        The text of the file.
    """
    bars, end = _bars(place)
    height = max(HEIGHT, round(end))
    title = escape(f"Schematic of {place.title}")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
        f'height="{height}" role="img" aria-label="{title}" style="{_STYLE}">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *_villages(place.facts.villages),
        *bars,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _villages(count: int) -> Iterator[str]:
    """The site, the villages around it, and the line between their halves."""
    x, y = _MIDDLE
    yield _text(12, 24, "Schematic, not a map", "font-weight:bold;font-size:17px")
    yield f'<circle cx="{x:g}" cy="{y:g}" r="{_EDGE:g}" fill="#f3f3f3" stroke="#888"/>'
    yield f'<circle cx="{x:g}" cy="{y:g}" r="{_HALF:g}" fill="#d9d9d9" stroke="#888"/>'
    for i in range(count):
        turn = 2 * math.pi * i / count - math.pi / 2
        ends = [(x + r * math.cos(turn), y + r * math.sin(turn)) for r in (_SITE, _EDGE)]
        (x1, y1), (x2, y2) = ends
        yield (
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#fff" '
            'stroke-width="3"/>'
        )
        if count <= 60:
            middle = turn + math.pi / count
            far = (x + 172 * math.cos(middle), y + 172 * math.sin(middle) + 4)
            yield _text(*far, str(i + 1), "font-size:11px;fill:#555", "middle")
    yield f'<circle cx="{x:g}" cy="{y:g}" r="{_SITE:g}" fill="#222"/>'
    yield _text(x, y + 5, "site", "fill:#fff;font-weight:bold", "middle")
    yield _text(x, y + 78, "nearer half", "font-size:13px", "middle")
    yield _text(x, y + 143, "farther half", "font-size:13px", "middle")
    words = f"{count} villages of equal size, each with a nearer"
    yield _text(12, 446, words, "font-size:13px")
    yield _text(12, 463, "and a farther half; exposure falls outwards.", "font-size:13px")


def _bars(place: Place) -> tuple[list[str], float]:
    """Shares of groups, split into nearer and farther half, and of tags; and where they end."""
    bold, small = "font-weight:bold", "font-size:13px"
    parts = [
        _text(_BARS, 24.0, "Groups: share of residents", bold),
        _text(_BARS, 42.0, "dark: nearer half · light: farther half · *: marginalised", small),
    ]
    y = 68.0
    for i, group in enumerate(place.groups):
        colour = _COLOURS[i % len(_COLOURS)]
        parts += _label(y, group.label, group.share, group.marginalised)
        y += _LINE * (_lines(group.label) - 1)
        parts.append(_bar(y + 6, group.share, colour, "0.35"))
        parts.append(_bar(y + 6, group.share * group.near_share, colour))
        y += _ROW
    if place.tags:
        parts.append(_text(_BARS, y + 12, "Tags, which cut across groups", bold))
        y += 36
    for tag in place.tags:
        share = math.fsum(
            group.share * part for group, part in zip(place.groups, tag.shares, strict=True)
        )
        parts += _label(y, tag.label, share, tag.marginalised)
        y += _LINE * (_lines(tag.label) - 1)
        parts.append(_bar(y + 6, share, "#666666"))
        y += _ROW
    return parts, y


def _wrapped(label: str) -> list[str]:
    """A label in lines that fit beside the villages."""
    return textwrap.wrap(label, _CHARACTERS)


def _lines(label: str) -> int:
    """Lines that a label takes."""
    return len(_wrapped(f"100% {label}{_STAR}"))


def _label(y: float, label: str, share: float, marginalised: bool) -> list[str]:
    """Share and name above a bar."""
    lines = _wrapped(f"100% {label}{_STAR}")
    lines[0] = f"{100 * share:.2g}%" + lines[0].removeprefix("100%")
    if not marginalised:
        lines[-1] = lines[-1].removesuffix(_STAR)
    return [_text(_BARS, y + _LINE * i, line) for i, line in enumerate(lines)]


def _bar(y: float, share: float, colour: str, opacity: str = "1") -> str:
    """A bar as long as a share."""
    return (
        f'<rect x="{_BARS:g}" y="{y:g}" width="{_BAR_WIDTH * share:.1f}" height="13" '
        f'fill="{colour}" fill-opacity="{opacity}"/>'
    )


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    """One line of text."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">'
        f"{escape(words)}</text>"
    )
