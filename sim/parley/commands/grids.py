"""Tables on the screen that stay readable at a width of eighty characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from parley.commands.options import console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.table import Table

_FIRST, _LATER, _LEAST = 34, 20, 8
"""Longest word that stays whole in the first column and in those after it, and what a column
keeps where there is no room (characters)."""

_SHORT = 14
"""Longest line that is not broken between its words, where there is room (characters)."""


def grid(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table in which words stay whole, so that names can be read and copied.

    Args:
        title: Title, left and bold; empty for none.
        head: Names of the columns.
        rows: Cells as plain text.
    """
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    cells = [tuple(row) for row in rows]
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for name, width in zip(head, _widths([tuple(head), *cells], console().width), strict=True):
        table.add_column(name, overflow="fold", width=width)
    for row in cells:
        table.add_row(*(escape(word) for word in row))
    return table


def _widths(cells: Sequence[Sequence[str]], screen: int) -> list[int]:
    """How wide each column is: its words whole first, then a part of what is left.

    Args:
        cells: All rows, the head first.
        screen: Width of the screen (characters).
    """
    columns = list(zip(*cells, strict=True))
    full = [max(map(_longest_line, column)) for column in columns]
    room = screen - 3 * len(columns) + 1
    if sum(full) <= room:
        return full
    words = [max(map(_longest_word, column)) for column in columns]
    widths = [min(width, _LATER if at else _FIRST) for at, width in enumerate(words)]
    while sum(widths) > room and max(widths) > _LEAST:
        at = max(range(len(widths)), key=lambda n: (n > 0 and widths[n] > _LEAST, widths[n]))
        widths[at] -= 1
    for at, column in enumerate(columns):
        lines = max(map(_longest_line, column[1:]), default=0)
        if lines <= _SHORT:
            widths[at] += min(max(lines - widths[at], 0), max(room - sum(widths), 0))
    while sum(widths) < room:
        at = max(range(len(widths)), key=lambda n: full[n] / widths[n])
        widths[at] += 1
    return widths


def _longest_line(text: str) -> int:
    """Length of the longest line."""
    return max(map(len, text.split("\n")))


def _longest_word(text: str) -> int:
    """Length of the longest word; blanks before a line count with its first one."""
    return max(map(len, re.findall(r"^ +\S+|\S+", text, re.MULTILINE)), default=0)


def value_and_range(value: str, number: Mapping[str, Any]) -> str:
    """A value with its unit, and the stated range below it."""
    first = f"{value} {number['unit']}".strip()
    if number["low"] is None:
        return first
    return f"{first}\n{number['low']:g} to {number['high']:g}"


def source_and_grade(number: Mapping[str, Any]) -> str:
    """Where a number comes from; one word where nothing stands behind it."""
    source = str(number["source"]).replace("; ", "\n")
    return source if number["grade"] == source else f"{source}\n{number['grade']}"
