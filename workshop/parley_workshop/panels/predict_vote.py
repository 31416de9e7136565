"""The room predicts by phone which of two columns will have more of an outcome at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop.panels.widgets import choice
from parley_workshop.said import PAIRS, Vote
from parley_workshop.sheet_said import question_of_vote
from parley_workshop.vote_questions import came_true, name_of_group

if TYPE_CHECKING:
    from parley_workshop.board import Arm
    from parley_workshop.screen import Screen
    from parley_workshop.texts import Text
    from parley_workshop.votes import Poll, Question

_SOON = 0.2
"""Seconds after the browser has said which tab it is."""


def _is_ours(poll: Poll) -> bool:
    return isinstance(poll.subject, Vote)


def _called(arm: Arm) -> str:
    """A column's own name, or its preset."""
    return arm.label or arm.preset


class PredictVote:
    """A dialog with the switch, and what came of earlier votes."""

    def __init__(self, screen: Screen) -> None:
        """Nothing has been said."""
        self._screen, self._outcome = screen, ""
        self._pair, self._asked = PAIRS[0], Vote("", PAIRS[0], "all", 0, ("", ""))
        if screen.voting is not None:
            screen.voting.told = self._keep
            ui.timer(_SOON, self._resume, once=True)

    def _resume(self) -> None:
        """Show a vote again that went on while the page was loaded anew."""
        voting = self._screen.voting
        poll = voting.under_way(_is_ours) if voting is not None else None
        if poll is not None and not poll.closed:
            self.open()

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
        poll = screen.voting.under_way(_is_ours) if screen.voting is not None else None
        if poll is not None and isinstance(poll.subject, Vote):
            self._asked = poll.subject
            if poll.subject.outcome in screen.session.outcomes:
                self._outcome = poll.subject.outcome
        with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
            ui.label(words("predict.title")).classes("parley-title")
            labels = {key: screen.outcome(key) for key in screen.session.outcomes}
            choice(words("predict.outcome"), labels, self._outcome, self._see)
            self._build()
            leave = ui.button(words("vote.leave"), on_click=dialog.close, icon="arrow_back")
            leave.props("flat no-caps").classes("parley-leave")
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
        screen.voting.offer(self._question, subject=lambda: self._asked, ours=_is_ours)
        for vote in screen.session.votes[-3:]:
            self._tell(vote)

    def _choose(self, pair: object) -> None:
        self._pair = next(one for one in PAIRS if f"{one[0]}{one[1]}" == pair)

    def _question(self) -> Question:
        session = self._screen.session
        names = (_called(session.board.arms[place]) for place in self._pair)
        last = session.board.months - 1
        columns = (next(names), next(names))
        self._asked = Vote(self._outcome, self._pair, session.group, last, columns)
        return question_of_vote(self._asked, self._whose(session.group))

    def _whose(self, group: str) -> Text | None:
        """Name of the group that is asked about; everybody need not be named."""
        opening = self._screen.session.opening(0)
        known = dict(zip(opening.groups, opening.labels, strict=True)) if opening else {}
        return None if group == "all" else name_of_group(group, known.get(group, group))

    def _keep(self, poll: Poll) -> None:
        """Keep a vote that is closed; one on something else is for whoever asked."""
        if isinstance(poll.subject, Vote):
            vote, votes = replace(poll.subject, counts=poll.counts()), self._screen.session.votes
            self._screen.session.votes = [one for one in votes if not one.asks(vote)] + [vote]
            self._screen.remember()

    def leave(self) -> None:
        """The dialog is closed, and so is a vote that is still open."""
        if self._screen.voting is not None:
            self._screen.voting.end()

    def _tell(self, vote: Vote) -> None:
        words, language = self._screen.words, self._screen.words.language
        question = question_of_vote(vote, self._whose(vote.group))
        labels = [answer.label(language) for answer in question.answers]
        counts = zip(labels, vote.counts, strict=True)
        ui.label(question.text(language)).classes("parley-subtitle")
        ui.label(" · ".join(f"{label}: {count}" for label, count in counts)).classes("parley-text")
        came = self._came(vote)
        month = vote.month + 1
        text = (
            words("vote.later", month=month)
            if came is None
            else words("vote.came", month=month, answer=labels[came])
        )
        ui.label(text).classes("parley-text")

    def _came(self, vote: Vote) -> int | None:
        """The answer that holds, once the room may see it."""
        session = self._screen.session
        if session.hidden or session.month < vote.month:
            return None
        arms = session.board.arms
        if max(vote.pair) >= len(arms) or vote.month >= session.board.months:
            return None
        first, second = (session.shown(a, vote.outcome, vote.group) for a in vote.pair)
        return came_true(first[vote.month], second[vote.month])
