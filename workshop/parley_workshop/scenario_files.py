"""A board as scenario files that `parley run` takes, and back.

Each column is a scenario file. Where facts of the place were moved, a place file lies beside it.
A file also holds the whole board as a link, in a comment. The page opens only files that are as it
wrote them: of a file changed by hand it could not say what it left out.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from parley.errors import ParleyError
from parley.place import read_place
from parley_workshop.links import LONGEST_LINK, read_link, to_link
from parley_workshop.scenarios import practices_table, scenario_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_workshop.board import Board

LARGEST_FILE = 200_000
"""Characters of a file that is read."""
_LINK = re.compile(rf"^# board: ([A-Za-z0-9_-]{{1,{LONGEST_LINK}}})$", re.MULTILINE)
_COLUMN = re.compile(r"^# column: ([1-9])$", re.MULTILINE)


class FileError(ParleyError):
    """A scenario file that the page cannot open."""


def scenario_files(board: Board, arm: int) -> dict[str, str]:
    """Files of one column, by name.

    Args:
        board: The board.
        arm: Index of the column.

    Returns:
        The scenario file first; then the place file, where facts were moved.

    Raises:
        ScenarioError: Something on the board is unknown or out of range.
    """
    scenario_of(board, arm)
    column = board.arms[arm]
    name = f"parley-{board.place}-{arm + 1}-{column.preset}"
    files = {f"{name}.toml": _scenario(board, arm, f"{name}-place.toml")}
    if board.facts:
        files[f"{name}-place.toml"] = _place(board)
    return files


def _scenario(board: Board, arm: int, place_file: str) -> str:
    column = board.arms[arm]
    run = f"parley run {place_file.removesuffix('-place.toml')}.toml --seed {board.seed}"
    lines = [
        "# Saved by the page of Parley. Run it: " + run + f" --replicate {board.replicate}",
        "# The next two lines let the page open it again; changed by hand, it is for parley run.",
        f"# board: {to_link(board)}",
        f"# column: {arm + 1}",
        "",
        f"title = {_text(column.label or column.preset)}",
        f"place = {_text(place_file if board.facts else board.place)}",
        f"months = {board.months}",
        f"population = {board.population}",
        f"interventions = [{', '.join(map(_text, column.interventions))}]",
    ]
    if board.parameters:
        lines += [
            "",
            "[parameters]",
            *(f"{_text(key)} = {value!r}" for key, value in board.parameters),
        ]
    table = practices_table(column)
    lines += ["", "[practices]", f"label = {_text(table['label'])}"]
    for phase in table["phases"]:
        lines += ["", "[[practices.phases]]", *_entries(phase)]
        if phase["dials"]:
            lines += ["", "[practices.phases.dials]", *_entries(phase["dials"])]
    return "\n".join([*lines, ""])


def _place(board: Board) -> str:
    """The place with the facts that the room moved; each is an assumption of the room."""
    known = {q.key: q for q in read_place(board.place, None, "process").quantities}
    lines = ["# Facts as a room set them. Everything else is as in the place named.", ""]
    lines.append(f"extends = {_text(board.place)}")
    for key, value in board.facts:
        own = known.get(f"facts.{key}")
        lines += ["", f"[facts.{key}]", f"value = {value!r}"]
        if own is not None:
            lines.append(f"unit = {_text(own.unit)}")
            if own.low is not None and own.high is not None:
                low, high = min(own.low, value), max(own.high, value)
                lines.append(f"range = [{low!r}, {high!r}]")
        lines += ['source = "assumption"', 'grade = "assumption"', 'note = "Set by a room."']
    return "\n".join([*lines, ""])


def _entries(table: Mapping[str, object]) -> list[str]:
    return [
        f"{key} = {_text(value) if isinstance(value, str) else repr(value)}"
        for key, value in table.items()
        if not isinstance(value, dict)
    ]


def _text(text: str) -> str:
    """A TOML string; JSON writes one that TOML reads."""
    return json.dumps(text, ensure_ascii=True)


def board_of_file(text: str) -> Board:
    """The board of a scenario file that the page saved.

    Args:
        text: The whole file.

    Raises:
        FileError: It is none, is too long, or was changed by hand.
        LinkError: The board in it does not read.
        ScenarioError: Something on the board is unknown or out of range.
    """
    if len(text) > LARGEST_FILE:
        raise FileError(f"the file has {len(text)} characters; at most {LARGEST_FILE} are read")
    link, column = _LINK.search(text), _COLUMN.search(text)
    if link is None or column is None:
        raise FileError(
            "the file was not saved by this page; open one that was, or run it with parley run"
        )
    board, _ = read_link(link[1])
    arm = int(column[1]) - 1
    if arm >= len(board.arms):
        raise FileError("the file names a column that its board has not")
    saved = next(iter(scenario_files(board, arm).values()))
    if saved.split() != text.split():
        raise FileError(
            "the file was changed by hand after the page saved it, or by another version; "
            "run it with parley run, or open an unchanged one"
        )
    return board
