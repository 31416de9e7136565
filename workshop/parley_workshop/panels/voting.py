"""Votes from phones on the trainer's page: a switch, where to vote, counts, and what won."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

from nicegui import app, ui

from parley.errors import ParleyError
from parley_workshop.panels.widgets import name
from parley_workshop.serve import LOOPBACK, own_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui import Client
    from nicegui.element import Element
    from nicegui.events import ValueChangeEventArguments

    from parley_workshop.serve import Serving
    from parley_workshop.votes import Poll, Question, Room, Rooms
    from parley_workshop.words import Words

_KEPT_AS, _KEPT_BY = "parley_room", "parley_tab"
_LOOKS_A_SECOND = 2.0
_QR_SCALE = 9
"""Pixels a dot: read from the back of a room when it is on a projector."""


class Memory(Protocol):
    """Keeps a text through a reload, for one tab of one browser and for nobody else.

    Browsers copy what a tab keeps when somebody duplicates it.
    """

    def keep(self, secret: str) -> None:
        """Keep a text in place of an earlier one."""

    def recall(self) -> str:
        """The text, empty if there is none or it cannot be known yet."""

    def is_copied(self) -> bool:
        """Whether it was another tab that kept the text."""

    def is_seen(self) -> bool:
        """Whether a browser shows the tab now."""


class _Forgetting:
    """Keeps nothing."""

    def keep(self, secret: str) -> None:
        """Forget it."""

    def recall(self) -> str:
        """Nothing was kept."""
        return ""

    def is_copied(self) -> bool:
        """It was not."""
        return False

    def is_seen(self) -> bool:
        """It cannot be known."""
        return False


class TabMemory:
    """Keeps it on the server under the number that a tab has given itself at random."""

    def __init__(self, client: Client) -> None:
        """The tab of a page."""
        self._client = client

    def keep(self, secret: str) -> None:
        """Keep a text in place of an earlier one."""
        if self._client.has_socket_connection:
            with self._client:
                app.storage.tab.update({_KEPT_AS: secret, _KEPT_BY: self._client.tab_id})

    def recall(self) -> str:
        """The text, empty if there is none or the tab has not spoken yet."""
        if not self._client.has_socket_connection:
            return ""
        with self._client:
            return str(app.storage.tab.get(_KEPT_AS, ""))

    def is_copied(self) -> bool:
        """Whether it was another tab that kept the text."""
        if not self._client.has_socket_connection:
            return False
        with self._client:
            return bool(app.storage.tab.get(_KEPT_BY) != self._client.tab_id)

    def is_seen(self) -> bool:
        """Whether a browser shows the tab now."""
        return self._client.has_socket_connection


class Voting:
    """One screen's room, opened with its first vote; it asks one thing at a time.

    Attributes:
        told: Called with a vote that is closed, if anybody voted.
    """

    def __init__(
        self, words: Words, serving: Serving, rooms: Rooms, memory: Memory | None = None
    ) -> None:
        """No room is open yet.

        Args:
            words: Texts.
            serving: How the page is served; phones can vote only where others may open it.
            rooms: Where the room is opened.
            memory: Keeps the room's secret through a reload; for this screen only, if not given.
        """
        self.told: Callable[[Poll], object] = lambda _poll: None
        self._words, self._serving, self._rooms = words, serving, rooms
        self._memory = memory if memory is not None else _Forgetting()
        self._mine: Room | None = None

    @property
    def room(self) -> Room | None:
        """The room, as long as this screen and no later one of the same tab has it."""
        return self._mine if self._mine is not None and self._mine.holder is self else None

    def resume(self) -> None:
        """Take up the room that this tab had before its page was loaded again, if it is open.

        A duplicated tab leaves it to the first one, as long as that is there.
        """
        if self._mine is None and (secret := self._memory.recall()):
            room = self._rooms.take_up(secret)
            if room is not None and not self._is_copy_beside(room.holder):
                self._hold(room)

    def _is_copy_beside(self, holder: object) -> bool:
        seen = isinstance(holder, Voting) and holder._memory.is_seen()
        return seen and self._memory.is_copied()

    def _hold(self, room: Room) -> None:
        self._mine, room.holder = room, self
        self._memory.keep(room.secret)

    def ask(self, question: Question, subject: object = None) -> tuple[Room, Poll]:
        """Ask the room, which is opened if it is not open.

        Args:
            question: What.
            subject: What it is about; kept with the vote.

        Raises:
            OptionError: Too many rooms are open.
        """
        room = self.room
        if room is None or room.closed:
            room = self._rooms.open()
            self._hold(room)
        return room, room.ask(question, subject=subject)

    def under_way(self, ours: Callable[[Poll], bool]) -> Poll | None:
        """The vote that phones see now, if it is the one meant."""
        self.resume()
        poll = self.room.poll if self.room is not None else None
        return poll if poll is not None and ours(poll) else None

    def finish(self) -> None:
        """Close the vote; phones see its result."""
        poll = self.room.poll if self.room is not None else None
        if poll is not None and not poll.closed:
            poll.close()
            if poll.voters:
                self.told(poll)

    def end(self) -> None:
        """Ask nothing any more; phones wait for the next question."""
        self.finish()
        if self.room is not None:
            self.room.quiet()

    def close(self) -> None:
        """The screen has gone; its room waits a while for the tab to come back."""
        room, self._mine = self.room, None
        if room is not None:
            room.holder = None
            self._rooms.leave(room)

    def offer(
        self,
        question: Callable[[], Question],
        take: Callable[[int], object] | None = None,
        subject: Callable[[], object] = lambda: None,
        ours: Callable[[Poll], bool] | None = None,
        beside: Callable[[], object] = lambda: None,
    ) -> None:
        """Draw the switch: off, or on where the vote is under way already.

        Args:
            question: What to ask, when it is switched on.
            take: Called with the answer that is taken once the vote is closed.
            subject: Gives what the vote is about, once the question is known.
            ours: Whether a vote is the one offered here; by its question, if not given.
            beside: Draws what else is to be set where an answer is taken.
        """
        under_way = self.under_way(ours or (lambda poll: poll.question == question()))
        with ui.element("div").classes("parley-wide"):
            switch = ui.switch(self._words("vote.switch"), value=under_way is not None)
            place = ui.element("div").classes("parley-wide")
        ballot = _Ballot(self, self._words, place, lambda: self.ask(question(), subject()))
        ballot.take, ballot.beside = take, beside
        if under_way is not None and self.room is not None:
            ballot.draw(self.room, under_way)

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
        ask: Callable[[], tuple[Room, Poll]],
    ) -> None:
        self.take: Callable[[int], object] | None = None
        self.beside: Callable[[], object] = lambda: None
        self._voting, self._words, self._place = voting, words, place
        self._ask = ask
        self._seen: object = None

    def start(self) -> None:
        """Ask, and draw where to vote."""
        self.draw(*self._ask())

    def draw(self, room: Room, poll: Poll) -> None:
        """Draw where to vote, and how many have."""
        words = self._words
        self._place.clear()
        with self._place:
            ui.label(words("vote.warning")).classes("parley-note")
            if own_address() == LOOPBACK:
                ui.label(words("vote.no_network")).classes("parley-note parley-over")
            where = ui.label(poll.question.text(words.language)).classes("parley-subtitle")
            if self.take is None:  # answers that are taken are buttons already
                answers = (answer.label(words.language) for answer in poll.question.answers)
                ui.label(" · ".join(answers)).classes("parley-text")
            with ui.element("div").classes("parley-vote") as self._door:
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
                self._door.set_visibility(False)  # room for what came out
                self._won(poll, labels)

    def _won(self, poll: Poll, labels: list[str]) -> None:
        words, leaders, winner = self._words, poll.leaders(), poll.winner()
        if winner is not None:
            text = words("vote.winner", answer=labels[winner])
        else:
            text = words("vote.tie") if leaders else words("vote.nobody")
        ui.label(text).classes("parley-subtitle")
        if not leaders or self.take is None:
            return
        with ui.element("div").classes("parley-choices"):
            self.beside()
            for leader in leaders:
                take = ui.button(words("vote.take", answer=labels[leader]))
                take.props("no-caps").on_click(functools.partial(self.take, leader))


def _tell(place: Element, text: str) -> None:
    place.clear()
    with place:
        ui.label(text).classes("parley-note")
