"""What a room has said, beside its board: predictions, a target, votes, what it left undecided.

A frozen value that goes into the address of the page as a short text, so that it is found again
after a reload, in another language, in another browser and when the page is served anew. Like the
link of a board it is plain data: whatever does not fit the board is refused.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from parley_workshop import about
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
from parley_workshop.session import SPEEDS, USUAL_SPEED, Target
from parley_workshop.sketches import MOST_KNOTS, short
from parley_workshop.votes import MOST_VOTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_workshop.board import Board
    from parley_workshop.sketches import Path

FORMAT = 1
LONGEST = 12_000
"""Characters; as much as may be kept, and never more, fits in."""
LARGEST_VALUE = 1e15
MOST_PATHS, MOST_POINTS = 36, MOST_KNOTS
MOST_VOTES, MOST_PASSED = 24, 60
PAIRS = ((0, 1), (0, 2), (1, 2))
"""Columns that a room may compare."""
_ANSWERS = 3

type Key = tuple[int, str, str]
"""Index of a column, name of an outcome, reporting group."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What a room said of two columns when it was asked by phone.

    Attributes:
        outcome: Name of the outcome.
        pair: The columns compared.
        group: Whose outcome.
        month: Month of the comparison, from 0.
        columns: What the two columns were called, or else their presets.
        counts: Votes for the first, for the second, for about the same; none before it is closed.
    """

    outcome: str
    pair: tuple[int, int]
    group: str
    month: int
    columns: tuple[str, str]
    counts: tuple[int, ...] = (0, 0, 0)

    def asks(self, other: Vote) -> bool:
        """Whether another vote had the same question."""
        return replace(self, counts=()) == replace(other, counts=())

    def moved(self, places: Mapping[int, int]) -> Vote | None:
        """The vote where columns have moved from one place to another; None if one has gone."""
        if not all(place in places for place in self.pair):
            return None
        first, second = (places[place] for place in self.pair)
        return replace(self, pair=(first, second))


@dataclass(frozen=True, slots=True)
class Said:
    """What a room has said and how its page is set, where that is not on the board.

    Attributes:
        predictions: Paths that it has sketched.
        target: The line to reach, if there is one.
        votes: Votes that are closed, in their order.
        passed: Column, key of the dilemma and month of what it left undecided.
        from_start: Whether what is changed holds from the first month.
        speed: Months a second.
        alike: Column, key of the dilemma and month of what it decides for every column, while it
            decides.
    """

    predictions: tuple[tuple[Key, Path], ...] = ()
    target: Target | None = None
    votes: tuple[Vote, ...] = ()
    passed: tuple[tuple[int, str, int], ...] = ()
    from_start: bool = True
    speed: float = USUAL_SPEED
    alike: tuple[int, str, int] | None = None

    def fitting(self, board: Board) -> Said:
        """What of it belongs to a board, rounded and as much as is kept; the latest stays."""
        paths = tuple(
            (key, tuple((month, short(value)) for month, value in points))
            for key, points in self.predictions
            if key[0] < len(board.arms) and 0 < len(points) <= MOST_POINTS
            if points[-1][0] < board.months
        )
        votes = (v for v in self.votes if v.pair[1] < len(board.arms) and v.month < board.months)
        passed = (p for p in self.passed if p[0] < len(board.arms) and p[2] < board.months)
        target = self.target and replace(self.target, value=short(self.target.value))
        alike = self.alike
        if alike and (alike[0] >= len(board.arms) or alike[2] >= board.months):
            alike = None
        return replace(
            self,
            predictions=paths[-MOST_PATHS:],
            target=target,
            votes=tuple(votes)[-MOST_VOTES:],
            passed=tuple(passed)[-MOST_PASSED:],
            alike=alike,
        )


@functools.lru_cache(maxsize=16)
def to_text(said: Said, board: Board) -> str:
    """What a room has said as letters, digits, `-` and `_`; empty if it has said nothing.

    Pages ask every second, mostly for what they asked before.

    Args:
        said: What; of it goes in what fits the board, see `Said.fitting`.
        board: The board it belongs to.
    """
    kept = said.fitting(board)
    while len(text := _packed(kept)) > LONGEST:  # names of several hundred letters
        kept = _less(kept)
    return text


def _less(kept: Said) -> Said:
    """What a room has said without one thing: the first prediction, else vote, else left one."""
    if kept.predictions:
        return replace(kept, predictions=kept.predictions[1:])
    if kept.votes:
        return replace(kept, votes=kept.votes[1:])
    return replace(kept, passed=kept.passed[1:])


def _packed(kept: Said) -> str:
    if kept == Said():
        return ""
    target = kept.target
    alike = {"alike": kept.alike} if kept.alike else {}  # a page of before does not know it
    return pack(
        {
            "format": FORMAT,
            "paths": [
                [*key, *map(list, zip(*points, strict=True))] for key, points in kept.predictions
            ],
            "target": [target.outcome, target.group, target.value] if target else [],
            "votes": [
                [v.outcome, PAIRS.index(v.pair), v.group, v.month, v.columns, v.counts]
                for v in kept.votes
            ],
            "passed": kept.passed,
            "start": kept.from_start,
            "speed": kept.speed,
            **alike,
        }
    )


def from_text(text: str, board: Board) -> Said:
    """What a room has said, checked against its board.

    Args:
        text: What `to_text` gave; nothing was said if it is empty.
        board: The board it belongs to.

    Raises:
        LinkError: The text is damaged, or something in it does not fit the board.
    """
    if not text:
        return Said()
    data = unpack(text, LONGEST)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise LinkError(f"what the room said is not of format {FORMAT}, which this version reads")
    try:
        speed = number(data["speed"])
        if speed not in SPEEDS or not isinstance(data["start"], bool):
            raise ValueError(f"speed {speed!r:.20}; allowed: {SPEEDS}")
        paths = dict(_path(one, board) for one in entries(data["paths"], MOST_PATHS))
        return Said(
            predictions=tuple(paths.items()),
            target=_target(data["target"]),
            votes=tuple(_vote(one, board) for one in entries(data["votes"], MOST_VOTES)),
            passed=tuple(_passed(one, board) for one in entries(data["passed"], MOST_PASSED)),
            from_start=data["start"],
            speed=speed,
            alike=_passed(data["alike"], board) if "alike" in data else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LinkError(f"what the room said is mistaken or incomplete: {error!s:.80}") from None


def _path(data: Any, board: Board) -> tuple[Key, Path]:  # noqa: ANN401  # whatever JSON holds
    arm, outcome, group, months, values = entries(data)
    key = whole(arm, 0, len(board.arms) - 1), _outcome(outcome), name_of(group)
    found = [whole(month, 0, board.months - 1) for month in entries(months, MOST_POINTS)]
    if not found or found != sorted(set(found)):
        raise ValueError("months of a prediction are not in order")
    told = [_finite(value) for value in entries(values, MOST_POINTS)]
    return key, tuple(zip(found, told, strict=True))


def _target(data: Any) -> Target | None:  # noqa: ANN401
    if not entries(data):
        return None
    outcome, group, value = entries(data)
    return Target(_outcome(outcome), name_of(group), _finite(value))


def _vote(data: Any, board: Board) -> Vote:  # noqa: ANN401
    outcome, pair, group, month, columns, counts = entries(data)
    compared = PAIRS[whole(pair, 0, len(PAIRS) - 1)]
    whole(compared[1], 0, len(board.arms) - 1)
    first, second = map(text_of, entries(columns))
    counted = tuple(whole(count, 0, MOST_VOTERS) for count in entries(counts))
    if len(counted) != _ANSWERS:
        raise ValueError(f"a vote has {_ANSWERS} counts")
    return Vote(
        outcome=_outcome(outcome),
        pair=compared,
        group=name_of(group),
        month=whole(month, 0, board.months - 1),
        columns=(first, second),
        counts=counted,
    )


def _passed(data: Any, board: Board) -> tuple[int, str, int]:  # noqa: ANN401
    arm, dilemma, month = entries(data)
    return whole(arm, 0, len(board.arms) - 1), name_of(dilemma), whole(month, 0, board.months - 1)


def _outcome(data: Any) -> str:  # noqa: ANN401
    outcome = name_of(data)
    if outcome not in about.OFFERED:
        raise ValueError(f"{outcome!r:.40} is no outcome of the page")
    return outcome


def _finite(data: Any) -> float:  # noqa: ANN401
    value = number(data)
    if not abs(value) <= LARGEST_VALUE:  # nor is what is no number
        raise ValueError(f"value {value}; allowed: up to {LARGEST_VALUE:g} above or below zero")
    return value
