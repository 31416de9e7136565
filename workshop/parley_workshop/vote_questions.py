"""What a room votes on: the answers to a dilemma, or which of two columns ends higher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley_workshop.texts import Text
from parley_workshop.translations import translated
from parley_workshop.votes import Answer, Question
from parley_workshop.words import LANGUAGES, Words

if TYPE_CHECKING:
    from parley_workshop.board import Arm
    from parley_workshop.dilemmas import Dilemma

SAME_SHARE = 0.05
"""Two values count as about the same if they are no further apart than this share of the larger."""
FIRST, SECOND, SAME = range(3)
"""Answers to a question on two columns."""


def question_of(dilemma: Dilemma) -> Question:
    """A dilemma as a question to phones; answers in the order of its options."""
    answers = tuple(Answer(option.label, option.explains) for option in dilemma.options)
    return Question(dilemma.question, answers, dilemma.situation)


def name_of_column(letter: str, arm: Arm) -> Text:
    """A column's letter and name in every language; a label of its own is the same in all."""
    found = []
    for code in LANGUAGES:
        words = Words(code)
        keys = (f"{subject}.{arm.preset}" for subject in ("short", "preset"))
        preset = next((words(key) for key in keys if words.has(key)), arm.preset)
        own = arm.label if arm.label != arm.preset else ""
        found.append((code, f"{letter} {own or preset}"))
    return Text(tuple(found))


def name_of_group(key: str, label: str) -> Text:
    """A reporting group in every language, by the catalogue or by what the place calls it."""
    found = []
    for code in LANGUAGES:
        words = Words(code)
        known = words.has(f"group.{key}")
        found.append((code, words(f"group.{key}") if known else translated(label, code)))
    return Text(tuple(found))


def question_of_outcome(
    outcome: str, first: Text, second: Text, month: int, whose: Text | None = None
) -> Question:
    """Which of two columns has more of an outcome in a month: the first, the second, about alike.

    Args:
        outcome: Name of the outcome.
        first: Letter and name of a column.
        second: Letter and name of the other one.
        month: Month of the comparison, from 1.
        whose: The reporting group that is looked at; everybody if None.
    """
    percent = round(100 * SAME_SHARE)

    def each(key: str, arm: Text | None = None, **more: object) -> Text:
        found = []
        for code in LANGUAGES:
            words = Words(code)
            label = words(f"outcome.{outcome}.label")
            label += f" ({whose(code)})" if whose else ""
            of = arm(code) if arm else ""
            found.append((code, words(key, outcome=label, month=month, arm=of, **more)))
        return Text(tuple(found))

    return Question(
        each("vote.which"),
        (
            Answer(each("vote.higher", arm=first)),
            Answer(each("vote.higher", arm=second)),
            Answer(each("vote.same", percent=percent)),
        ),
    )


def came_true(first: float, second: float) -> int | None:
    """Which answer on two columns holds for two values; None where a value is missing.

    Args:
        first: Value of the first column, in the outcome's unit.
        second: Value of the second one.

    >>> came_true(0.5, 0.4), came_true(0.4, 0.5), came_true(0.5, 0.49), came_true(0.0, 0.0)
    (0, 1, 2, 2)
    """
    if first != first or second != second:  # noqa: PLR0124 - NaN
        return None
    if abs(first - second) <= SAME_SHARE * max(abs(first), abs(second)):
        return SAME
    return FIRST if first > second else SECOND
