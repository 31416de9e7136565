"""Votes of a room: questions, one vote a phone, counts, and rooms that phones find by a code.

A phone sends two numbers: which question, and which of its answers. Nothing else of it is kept, and
nothing of it is ever read as a text, a path or code. A room belongs to a screen. When the screen
has gone it waits for some minutes, and whoever has its secret takes it up again: the same tab of
the same browser, after a reload. Phones know its code and not its secret. Nothing here knows of a
page or a network.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from parley.errors import OptionError
from parley_workshop.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from parley_workshop.texts import Text

CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No two look alike on a projector, and no vowels, so that no word comes up."""
CODE_LENGTH = 6
CODE = re.compile(rf"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")
PHONE = re.compile(r"[A-Za-z0-9_-]{22}\.[0-9a-f]{32}")
"""What the id of a phone looks like: 16 random bytes and the room's seal on them."""

LEAST_ANSWERS, MOST_ANSWERS = 2, 6
LONGEST_TEXT = 1_000
"""Letters of a question, an answer or what is said about them."""
USUAL_VOTERS, MOST_VOTERS = 60, 500
MOST_ROOMS = 50
LEFT_SECONDS = 600.0
"""How long a room waits for its screen to come back."""


class Verdict(StrEnum):
    """What became of a vote."""

    COUNTED = "counted"
    STRANGER = "stranger"  # the phone is none of this room
    NOTHING = "nothing"  # nothing is asked
    OVER = "over"  # another question is asked by now, or the vote is closed
    NO_ANSWER = "no_answer"  # there is no such answer
    FULL = "full"  # as many phones as may have voted


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that can be chosen.

    Attributes:
        label: What it is called.
        explains: What it means, if that needs saying.
    """

    label: Text
    explains: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a room is asked, in every language of the page.

    Attributes:
        text: The question.
        answers: Two to six.
        about: What has happened, if that needs saying.
    """

    text: Text
    answers: tuple[Answer, ...]
    about: Text | None = None

    def __post_init__(self) -> None:
        """Check sizes.

        Raises:
            OptionError: There are too few or too many answers, or a text is too long.
        """
        if not LEAST_ANSWERS <= len(self.answers) <= MOST_ANSWERS:
            raise OptionError(
                f"vote: {len(self.answers)} answers; allowed: {LEAST_ANSWERS} to {MOST_ANSWERS}"
            )
        texts = [self.text, self.about]
        texts += [text for answer in self.answers for text in (answer.label, answer.explains)]
        lengths = [len(text(code)) for text in texts if text is not None for code in LANGUAGES]
        if max(lengths) > LONGEST_TEXT:
            raise OptionError(
                f"vote: a text of {max(lengths)} letters; allowed: up to {LONGEST_TEXT}; shorten it"
            )


@dataclass
class Poll:
    """One question and the votes on it.

    Attributes:
        number: Of the question in its room, from 1; a vote names it.
        question: What is asked.
        secret: Whether counts stay hidden until it is closed.
        most: Phones that may vote.
        closed: Whether it is over.
        subject: What it is about, for whoever asked; phones never see it.
    """

    number: int
    question: Question
    secret: bool = True
    most: int = USUAL_VOTERS
    closed: bool = False
    subject: object = None
    _votes: dict[str, int] = field(default_factory=dict, repr=False)

    def vote(self, phone: str, answer: int) -> Verdict:
        """Count a phone's vote in place of its earlier one.

        Args:
            phone: Its id.
            answer: Index of an answer.
        """
        if self.closed:
            return Verdict.OVER
        if not 0 <= answer < len(self.question.answers):
            return Verdict.NO_ANSWER
        if phone not in self._votes and len(self._votes) >= self.most:
            return Verdict.FULL
        self._votes[phone] = answer
        return Verdict.COUNTED

    def choice(self, phone: str) -> int | None:
        """What a phone has chosen, if it has."""
        return self._votes.get(phone)

    @property
    def voters(self) -> int:
        """Phones that have voted; shown at any time."""
        return len(self._votes)

    def counts(self) -> tuple[int, ...]:
        """Votes for each answer, for whoever may see them; see `shown`."""
        votes = list(self._votes.values())
        return tuple(votes.count(answer) for answer in range(len(self.question.answers)))

    def shown(self) -> tuple[int, ...] | None:
        """Votes for each answer, None as long as they are secret."""
        return None if self.secret and not self.closed else self.counts()

    def close(self) -> None:
        """Take no more votes."""
        self.closed = True

    def leaders(self) -> tuple[int, ...]:
        """Answers with most votes once it is closed; several in a tie, none if nobody voted."""
        counts = self.counts()
        if not self.closed or not any(counts):
            return ()
        return tuple(k for k, count in enumerate(counts) if count == max(counts))

    def winner(self) -> int | None:
        """The one answer with most votes once it is closed, None in a tie or without votes."""
        leaders = self.leaders()
        return leaders[0] if len(leaders) == 1 else None


class Room:
    """A place where phones vote, one question at a time.

    Attributes:
        code: What phones find it by.
        secret: What its screen takes it up with again; never shown and never in an address.
        poll: The question asked last, or None.
        closed: Whether it is over.
        holder: The screen that asks; a later one of the same tab takes its place.
    """

    def __init__(self, code: str) -> None:
        """Nothing is asked yet.

        Args:
            code: What phones find it by.
        """
        self.code, self.secret = code, secrets.token_urlsafe(32)
        self.poll: Poll | None = None
        self.closed = False
        self.holder: object = None
        self._key = secrets.token_bytes(32)
        self._asked = 0

    def _seal(self, random: str) -> str:
        return hmac.new(self._key, random.encode(), hashlib.sha256).hexdigest()[:32]

    def new_phone(self) -> str:
        """An id for a phone; nothing is kept until it votes."""
        random = secrets.token_urlsafe(16)
        return f"{random}.{self._seal(random)}"

    def knows(self, phone: str) -> bool:
        """Whether an id was given out by this room."""
        if not PHONE.fullmatch(phone):
            return False
        random, _, seal = phone.partition(".")
        return hmac.compare_digest(seal, self._seal(random))

    def ask(
        self,
        question: Question,
        *,
        secret: bool = True,
        most: int = USUAL_VOTERS,
        subject: object = None,
    ) -> Poll:
        """Ask something; what was asked before is closed.

        Args:
            question: What.
            secret: Whether counts stay hidden until it is closed.
            most: Phones that may vote.
            subject: What it is about, for whoever asks.

        Raises:
            OptionError: The room is closed, or so many may not vote.
        """
        if self.closed:
            raise OptionError("vote: this room is closed; open another")
        if not 1 <= most <= MOST_VOTERS:
            raise OptionError(f"vote: {most} voters; allowed: 1 to {MOST_VOTERS}")
        self.quiet()
        self._asked += 1
        self.poll = Poll(self._asked, question, secret, most, subject=subject)
        return self.poll

    def quiet(self) -> None:
        """Ask nothing any more until the next question; the one asked last is closed."""
        if self.poll is not None:
            self.poll.close()
        self.poll = None

    def vote(self, phone: str, number: int, answer: int) -> Verdict:
        """Count a phone's vote.

        Args:
            phone: Its id, given out by this room.
            number: Of the question that the phone has seen.
            answer: Index of an answer.
        """
        if not self.knows(phone):
            return Verdict.STRANGER
        if self.closed or self.poll is None:
            return Verdict.NOTHING
        if number != self.poll.number:
            return Verdict.OVER
        return self.poll.vote(phone, answer)

    def now(self, phone: str) -> str:
        """A few letters that change whenever a phone has something else to show."""
        if self.poll is None:
            return f"{self._asked}-"
        chosen = self.poll.choice(phone)
        state = "closed" if self.poll.closed else "open"
        return f"{self.poll.number}-{state}-{'' if chosen is None else chosen}"

    def close(self) -> None:
        """End it; its phones are no longer known anywhere."""
        self.quiet()
        self.closed = True


class Rooms:
    """All rooms that are open."""

    def __init__(self, most: int = MOST_ROOMS, clock: Callable[[], float] = time.monotonic) -> None:
        """None is open.

        Args:
            most: Rooms that may be open at a time.
            clock: Seconds.
        """
        self._most, self._clock = most, clock
        self._open: dict[str, Room] = {}
        self._left: dict[str, float] = {}

    def __len__(self) -> int:
        """Rooms that are open."""
        self.sweep()
        return len(self._open)

    def open(self) -> Room:
        """Open a room with a code that no other has; one left behind gives way if need be.

        Raises:
            OptionError: As many are open as may be.
        """
        if len(self) >= self._most and self._left:
            self.close(self._open[next(iter(self._left))])
        if len(self._open) >= self._most:
            raise OptionError(f"vote: {self._most} rooms are open; close one first")
        while (code := new_code()) in self._open:
            continue
        self._open[code] = Room(code)
        return self._open[code]

    def find(self, code: str) -> Room | None:
        """The room with a code, if it is open."""
        self.sweep()
        return self._open.get(code)

    def leave(self, room: Room) -> None:
        """A room's screen has gone; the room waits `LEFT_SECONDS` for it, its vote goes on."""
        if self._open.get(room.code) is room:
            self._left[room.code] = self._clock()

    def take_up(self, secret: str) -> Room | None:
        """The room with a secret, if it is open; it waits no longer.

        Args:
            secret: The room's own.
        """
        self.sweep()
        for room in self._open.values():
            if hmac.compare_digest(room.secret.encode(), secret.encode()):
                self._left.pop(room.code, None)
                return room
        return None

    def sweep(self) -> None:
        """Close the rooms that have waited too long."""
        now = self._clock()
        for code in [c for c, since in self._left.items() if now - since >= LEFT_SECONDS]:
            self.close(self._open[code])

    def close(self, room: Room) -> None:
        """Close a room; nothing happens if it is closed."""
        room.close()
        if self._open.get(room.code) is room:
            del self._open[room.code]
            self._left.pop(room.code, None)


def new_code() -> str:
    """A code that cannot be guessed from another."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
