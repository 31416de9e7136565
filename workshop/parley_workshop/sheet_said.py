"""What a room said, in words for a debrief sheet: its target, its votes, and what came."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley_workshop.board import LETTERS, Arm
from parley_workshop.vote_questions import (
    came_true,
    name_of_column,
    name_of_group,
    question_of_outcome,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley_workshop.frames import Frame
    from parley_workshop.said import Vote
    from parley_workshop.session import Target
    from parley_workshop.texts import Text
    from parley_workshop.votes import Question
    from parley_workshop.words import Words


@dataclass(frozen=True, slots=True)
class Seen:
    """What a room has seen.

    Attributes:
        columns: Months of each column that were shown.
        groups: Keys of the reporting groups, in the order of the values.
        labels: What the place calls them.
    """

    columns: Sequence[Sequence[Frame]]
    groups: Sequence[str] = ("all",)
    labels: Sequence[str] = ("",)

    def at(self, group: str) -> int:
        """Index of a group; everybody's where there is no such group."""
        return list(self.groups).index(group) if group in self.groups else 0

    def whose(self, group: str) -> Text | None:
        """Name of a group; everybody need not be named."""
        known = dict(zip(self.groups, self.labels, strict=True))
        return None if group == "all" else name_of_group(group, known.get(group, group))

    def value(self, arm: int, outcome: str, group: str, month: int) -> float:
        """A value; NaN where it was not shown, or there is no such group."""
        frames = self.columns[arm] if arm < len(self.columns) else ()
        row = frames[month].values[outcome] if 0 <= month < len(frames) else ()
        if not row or group not in self.groups:
            return math.nan
        return row[min(self.at(group), len(row) - 1)]  # of the whole site there is one


def question_of_vote(vote: Vote, whose: Text | None) -> Question:
    """What was asked, of whom, with the names that the columns had then."""
    pairs = zip(vote.pair, vote.columns, strict=True)
    first, second = (name_of_column(LETTERS[place], Arm(name, name)) for place, name in pairs)
    return question_of_outcome(vote.outcome, first, second, vote.month + 1, whose)


def target_told(target: Target, seen: Seen, words: Words) -> dict[str, str]:
    """The line to reach, and how far each column has come in the last month shown."""
    whose = seen.whose(target.group)
    name = words(f"outcome.{target.outcome}.label")
    name += f" ({whose(words.language)})" if whose else ""
    unit = words(f"outcome.{target.outcome}.unit")
    last = min((len(frames) for frames in seen.columns), default=0) - 1
    values = [
        seen.value(arm, target.outcome, target.group, last) for arm in range(len(seen.columns))
    ]
    reached = [
        f"{letter} {words.number(value)}"
        for letter, value in zip(LETTERS, values, strict=False)
        if math.isfinite(value)
    ]
    came = words("sheet_said.reached", month=last + 1, values=", ".join(reached))
    return {
        "asked": words("sheet_said.target", outcome=name),
        "answers": f"{words.number(target.value)} ({unit})",
        "came": came if reached else "",
    }


def vote_told(vote: Vote, seen: Seen, words: Words) -> dict[str, str]:
    """A vote: its question, how many chose each answer, and which one came true if that is seen."""
    language, question = words.language, question_of_vote(vote, seen.whose(vote.group))
    labels = [answer.label(language) for answer in question.answers]
    counted = zip(labels, vote.counts, strict=True)
    first, second = (seen.value(arm, vote.outcome, vote.group, vote.month) for arm in vote.pair)
    came = came_true(first, second)
    month = vote.month + 1
    return {
        "asked": question.text(language),
        "answers": " · ".join(f"{label}: {count}" for label, count in counted),
        "came": "" if came is None else words("vote.came", month=month, answer=labels[came]),
    }


def told(
    target: Target | None, votes: Sequence[Vote], seen: Seen, words: Words
) -> list[dict[str, str]]:
    """What a room said, its target first.

    Args:
        target: The line to reach, if there is one.
        votes: Votes on columns, in their order.
        seen: What of the months the room has seen; of the rest nothing is told.
        words: The room's language.
    """
    first = [] if target is None else [target_told(target, seen, words)]
    return first + [vote_told(vote, seen, words) for vote in votes]
