"""The room predicts by phone which of two columns will have more of an outcome at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.panels.widgets import choice
from parley_workshop.screen import LETTERS
from parley_workshop.vote_questions import came_true, name_of_column, question_of_outcome

if TYPE_CHECKING:
    from parley_workshop.screen import Screen
    from parley_workshop.votes import Poll, Question

PAIRS = ((0, 1), (0, 2), (1, 2))


@dataclass(frozen=True, slots=True)
class Said:
    """What a room said.

    Attributes:
        poll: The vote, closed.
        outcome: Name of the outcome.
        pair: The columns compared.
        group: Whose outcome.
        month: Month of the comparison, from 0.
    """

    poll: Poll
    outcome: str
    pair: tuple[int, int]
    group: str
    month: int

    def asks(self, other: Said) -> bool:
        """Whether another vote had the same question."""
        return self._question() == other._question()

    def _question(self) -> tuple[str, tuple[int, int], str, int]:
        return self.outcome, self.pair, self.group, self.month


class PredictVote:
    """A dialog with the switch, and what came of earlier votes."""

    def __init__(self, screen: Screen) -> None:
        """Nothing has been said."""
        self._screen, self._outcome = screen, ""
        self._pair = PAIRS[0]
        self._asked = ("", PAIRS[0], "all", 0)
        self.said: list[Said] = []

    def _pairs(self) -> dict[str, str]:
        """Columns that can be compared."""
        screen = self._screen
        count = len(screen.session.board.arms)
        return {f"{a}{b}": f"{screen.arm(a)} · {screen.arm(b)}" for a, b in PAIRS if b < count}

    def possible(self) -> bool:
        """Whether there is anything to vote on: a single column is compared with nothing."""
        return bool(self._pairs()) and self._screen.voting is not None

    def open(self) -> None:
        """Open the dialog."""
        screen, words = self._screen, self._screen.words
        self._outcome = screen.session.outcomes[0]
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(words("predict.title")).classes("parley-title")
            labels = {key: screen.outcome(key) for key in screen.session.outcomes}
            choice(words("predict.outcome"), labels, self._outcome, self._see)
            self._build()
            ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
        dialog.on_value_change(lambda event: None if event.value else self.leave())
        dialog.open()

    def _see(self, outcome: object) -> None:
        self._outcome = str(outcome)

    def _build(self) -> None:
        screen, pairs = self._screen, self._pairs()
        if not pairs or screen.voting is None:
            return
        self._pair = PAIRS[0]
        if len(pairs) > 1:
            choice(screen.words("vote.pair"), pairs, "01", self._choose)
        screen.voting.offer(self._question, closed=self._keep)
        for said in self.said[-3:]:
            self._tell(said)

    def _choose(self, pair: object) -> None:
        self._pair = next(one for one in PAIRS if f"{one[0]}{one[1]}" == pair)

    def _question(self) -> Question:
        session = self._screen.session
        first, second = (name_of_column(LETTERS[k], session.board.arms[k]) for k in self._pair)
        last = session.board.months - 1
        self._asked = self._outcome, self._pair, session.group, last
        return question_of_outcome(self._asked[0], first, second, last + 1)

    def _keep(self, poll: Poll) -> None:
        said = Said(poll, *self._asked)
        self.said = [one for one in self.said if not one.asks(said)] + [said]

    def leave(self) -> None:
        """The dialog is closed, and so is a vote that is still open."""
        if self._screen.voting is not None:
            self._screen.voting.end()

    def _tell(self, said: Said) -> None:
        words, language = self._screen.words, self._screen.words.language
        labels = [answer.label(language) for answer in said.poll.question.answers]
        counts = zip(labels, said.poll.counts(), strict=True)
        ui.label(said.poll.question.text(language)).classes("parley-subtitle")
        ui.label(" · ".join(f"{label}: {count}" for label, count in counts)).classes("parley-text")
        came = self._came(said)
        month = said.month + 1
        text = (
            words("vote.later", month=month)
            if came is None
            else words("vote.came", month=month, answer=labels[came])
        )
        ui.label(text).classes("parley-text")

    def _came(self, said: Said) -> int | None:
        """The answer that holds, once the room may see it."""
        session = self._screen.session
        if session.hidden or session.month < said.month:
            return None
        if max(said.pair) >= len(session.board.arms):
            return None
        first, second = (session.shown(a, said.outcome, said.group) for a in said.pair)
        return came_true(first[said.month], second[said.month])
