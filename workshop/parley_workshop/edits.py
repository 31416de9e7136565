"""What a room may do to a board: every edit gives a new board; nothing here runs anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parley.practice_types import DIALS
from parley.practices import load_practices
from parley_workshop.board import Arm, Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley_workshop.board import Board

ALL_OVER = 0
"""Month from which columns differ that have not a single month in common."""


def with_arm(board: Board, arm: int, column: Arm) -> Board:
    """The board with another column in one place."""
    return replace(board, arms=(*board.arms[:arm], column, *board.arms[arm + 1 :]))


def with_change(board: Board, arm: int, change: Change) -> Board:
    """The board with something more changed in a column.

    What is set again in the same month replaces what was set; answers to dilemmas stay apart.
    """
    column = board.arms[arm]
    same = [c for c in column.changes if _slot(c) == _slot(change)]
    merged = change
    for old in same:
        merged = replace(
            change,
            dials=tuple((dict(old.dials) | dict(change.dials)).items()),
            words=tuple((dict(old.words) | dict(change.words)).items()),
        )
    others = [c for c in column.changes if _slot(c) != _slot(change)]
    changes = tuple(sorted((*others, merged), key=lambda c: (c.month, c.decision)))
    return with_arm(board, arm, replace(column, changes=changes))


def _slot(change: Change) -> tuple[int, str]:
    return change.month, change.decision


def without_changes(board: Board, arm: int) -> Board:
    """The board with a column as its preset has it."""
    return with_arm(board, arm, replace(board.arms[arm], changes=(), interventions=()))


def first_difference(old: Board, new: Board, arm: int) -> int | None:
    """First month in which a column of two boards may differ.

    Args:
        old: One board.
        new: Another.
        arm: Index of the column, which both have or only one.

    Returns:
        The month; None when every month is the same.
    """
    if arm >= min(len(old.arms), len(new.arms)):
        return ALL_OVER
    before, after = old.arms[arm], new.arms[arm]
    if replace(old, arms=(), months=0) != replace(new, arms=(), months=0):
        return ALL_OVER
    if old.months != new.months or before.preset != after.preset:
        return ALL_OVER  # the rent that is foreseen depends on the length
    months = [change.month for change in set(before.changes) ^ set(after.changes)]
    months += [begins(name) for name in set(before.interventions) ^ set(after.interventions)]
    return min(months) if months else None


def begins(intervention: str) -> int:
    """Month in which an intervention begins, as its settings have it; 0 if they do not say.

    >>> begins("cash_transfer:coverage=0.5,first=24")
    24
    """
    found = re.search(r"[:,]first=(\d+)", intervention)
    return int(found[1]) if found else ALL_OVER


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that a column has differently from its preset.

    Attributes:
        month: First month it holds.
        what: `dial`, `word` or `intervention`.
        key: Name of the dial, the attribute or the intervention.
        before: What held before it; empty for an intervention.
        after: What holds from then on.
        decision: Key of the dilemma it answers, empty otherwise.
    """

    month: int
    what: str
    key: str
    before: float | str
    after: float | str
    decision: str = ""


def changed(arm: Arm) -> list[Changed]:
    """What a column has differently from its preset, in order of time.

    Raises:
        ScenarioError: There is no such preset.
    """
    preset = load_practices(arm.preset)
    dials: dict[str, float] = dict(zip(DIALS, preset.nominal, strict=True))
    words: dict[str, str] = {}
    found = [Changed(0, "intervention", name, "", name) for name in arm.interventions]
    for change in arm.changes:
        found += _moved(change, "dial", dials, change.dials)
        for name, _ in change.words:
            words.setdefault(name, str(getattr(preset, name)))
        found += _moved(change, "word", words, change.words)
    return found


def _moved[T: (float, str)](
    change: Change, what: str, held: dict[str, T], given: Sequence[tuple[str, T]]
) -> list[Changed]:
    """What really moved, and keep what holds now."""
    found = [
        Changed(change.month, what, name, held[name], value, change.decision)
        for name, value in given
        if held[name] != value
    ]
    held |= dict(given)
    return found


def levels(arm: Arm, month: int) -> Mapping[str, float]:
    """Announced level of every dial of a column in a month.

    Raises:
        ScenarioError: There is no such preset.
    """
    held: dict[str, float] = dict(zip(DIALS, load_practices(arm.preset).nominal, strict=True))
    for change in arm.changes:
        if change.month <= month:
            held |= dict(change.dials)
    return held
