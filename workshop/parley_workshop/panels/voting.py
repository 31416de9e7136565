"""Votes from phones on the trainer's page: a switch, where to vote, counts, and what won."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from nicegui import ui

from parley.errors import ParleyError
from parley_workshop.panels.widgets import name
from parley_workshop.serve import LOOPBACK, own_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element
    from nicegui.events import ValueChangeEventArguments

    from parley_workshop.serve import Serving
    from parley_workshop.votes import Poll, Question, Room, Rooms
    from parley_workshop.words import Words

_LOOKS_A_SECOND = 2.0
_QR_SCALE = 9
"""Pixels a dot: read from the back of a room when it is on a projector."""


class Voting:
    """One screen's room, opened with its first vote; it asks one thing at a time."""

    def __init__(self, words: Words, serving: Serving, rooms: Rooms) -> None:
        """No room is open yet.

        Args:
            words: Texts.
            serving: How the page is served; phones can vote only where others may open it.
            rooms: Where the room is opened.
        """
        self._words, self._serving, self._rooms = words, serving, rooms
        self._room: Room | None = None
        self._closed: Callable[[Poll], object] | None = None

    def ask(
        self, question: Question, closed: Callable[[Poll], object] | None = None
    ) -> tuple[Room, Poll]:
        """Ask the room, which is opened if it is not open.

        Args:
            question: What.
            closed: Called with the vote when it is closed.

        Raises:
            OptionError: Too many rooms are open.
        """
        if self._room is None:
            self._room = self._rooms.open()
        self._closed = closed
        return self._room, self._room.ask(question)

    def finish(self) -> None:
        """Close the vote; phones see its result."""
        poll = self._room.poll if self._room is not None else None
        if poll is not None and not poll.closed:
            poll.close()
            if self._closed is not None and poll.voters:
                self._closed(poll)

    def end(self) -> None:
        """Ask nothing any more; phones wait for the next question."""
        self.finish()
        if self._room is not None:
            self._room.quiet()

    def close(self) -> None:
        """Close the room; its code is no longer known."""
        if self._room is not None:
            self._rooms.close(self._room)
            self._room = None

    def offer(
        self,
        question: Callable[[], Question],
        take: Callable[[int], object] | None = None,
        closed: Callable[[Poll], object] | None = None,
    ) -> None:
        """Draw the switch, off.

        Args:
            question: What to ask, when it is switched on.
            take: Called with the answer that is taken once the vote is closed.
            closed: Called with a vote when it is closed.
        """
        with ui.element("div").classes("parley-wide"):
            switch = ui.switch(self._words("vote.switch"), value=False)
            place = ui.element("div").classes("parley-wide")
        ballot = _Ballot(self, self._words, place, question, take, closed)

        def turn(event: ValueChangeEventArguments[bool | None]) -> None:
            if not event.value:
                self.end()
                place.clear()
            elif not self._serving.lan:
                _tell(place, self._words("vote.how"))
            else:
                try:
                    ballot.start()
                except ParleyError as error:
                    _tell(place, str(error))

        switch.on_value_change(turn)

    def address(self, code: str = "") -> str:
        """Where phones vote."""
        return f"http://{own_address()}:{self._serving.port}/vote/{code}"


class _Ballot:
    """What the trainer sees of one vote."""

    def __init__(
        self,
        voting: Voting,
        words: Words,
        place: Element,
        question: Callable[[], Question],
        take: Callable[[int], object] | None,
        closed: Callable[[Poll], object] | None,
    ) -> None:
        self._voting, self._words, self._place = voting, words, place
        self._question, self._take, self._closed = question, take, closed
        self._seen: object = None

    def start(self) -> None:
        """Ask, and draw where to vote."""
        words = self._words
        room, poll = self._voting.ask(self._question(), self._closed)
        self._place.clear()
        with self._place:
            ui.label(words("vote.warning")).classes("parley-note")
            if own_address() == LOOPBACK:
                ui.label(words("vote.no_network")).classes("parley-note parley-over")
            with ui.element("div").classes("parley-vote") as where:
                self._picture(room)
                with ui.element("div").classes("parley-vote-where"):
                    ui.label(words("vote.open")).classes("parley-text")
                    ui.label(self._voting.address(room.code)).classes("parley-address")
                    door = words("vote.or_code", address=self._voting.address())
                    ui.label(door).classes("parley-note")
                    ui.label(room.code).classes("parley-code")
            hide = ui.checkbox(words("vote.secret"), value=poll.secret)
            hide.on_value_change(functools.partial(self._hide, poll))
            counts = ui.element("div").classes("parley-counts")
            name(counts, words("vote.title"))
            counts.props["role"] = "status"
            with ui.element("div").classes("parley-choices"):
                self._close = ui.button(words("vote.close")).props("no-caps")
                self._close.on_click(lambda: self._finish(poll, counts))
                ui.button(words("vote.again"), on_click=self.start).props("no-caps outline")
            looking = ui.timer(1.0 / _LOOKS_A_SECOND, lambda: self._count(poll, counts))
        self._seen, self._looking = None, looking
        self._count(poll, counts)
        ui.run_javascript(f"document.getElementById('{where.html_id}').scrollIntoView()")

    def _hide(self, poll: Poll, event: ValueChangeEventArguments[bool | None]) -> None:
        poll.secret = bool(event.value)

    def _picture(self, room: Room) -> None:
        """The address as a picture, made on this machine."""
        import segno

        drawn = segno.make(self._voting.address(room.code), error="m")
        picture = ui.html(drawn.svg_inline(scale=_QR_SCALE, border=3), sanitize=False)
        picture.classes("parley-qr").props["role"] = "img"
        name(picture, self._words("vote.qr"))

    def _finish(self, poll: Poll, counts: Element) -> None:
        self._voting.finish()
        self._count(poll, counts)

    def _count(self, poll: Poll, room: Element) -> None:
        """Show how many have voted, how, if that may be seen, and at the end what won."""
        state = (poll.number, poll.voters, poll.shown(), poll.closed)
        if state == self._seen:
            return
        self._seen = state
        words, language = self._words, self._words.language
        labels = [answer.label(language) for answer in poll.question.answers]
        room.clear()
        with room:
            ui.label(words("vote.voted", count=poll.voters)).classes("parley-subtitle")
            for label, count in zip(labels, poll.shown() or (), strict=False):
                with ui.element("div").classes("parley-count"):
                    ui.label(label)
                    share = count / max(poll.voters, 1)
                    with ui.element("div").classes("parley-count-bar"):
                        ui.element("div").style(f"width:{share:.0%}")
                    ui.label(str(count)).classes("parley-count-number")
            if poll.closed:
                self._looking.deactivate()
                self._close.set_visibility(False)
                self._won(poll, labels)

    def _won(self, poll: Poll, labels: list[str]) -> None:
        words, leaders, winner = self._words, poll.leaders(), poll.winner()
        if winner is not None:
            text = words("vote.winner", answer=labels[winner])
        else:
            text = words("vote.tie") if leaders else words("vote.nobody")
        ui.label(text).classes("parley-subtitle")
        for leader in leaders if self._take else ():
            take = ui.button(words("vote.take", answer=labels[leader]))
            take.props("no-caps").on_click(functools.partial(self._taken, leader))

    def _taken(self, answer: int) -> None:
        if self._take:
            self._take(answer)


def _tell(place: Element, text: str) -> None:
    place.clear()
    with place:
        ui.label(text).classes("parley-note")
