"""Votes of a room from its own phones: open only while the room decides, kept only in memory.

A ballot takes the key of an option and nothing else. Whoever votes again changes the vote. Nothing
says who voted for what.
"""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley_workshop.dilemmas import Dilemma

MOST_VOTERS = 500
MOST_BALLOTS = 20
"""Open at once, over all screens; the oldest are forgotten."""
_LONGEST_NAME = 64
_CODE_BYTES = 5


class Ballot:
    """One question to the room.

    Attributes:
        code: What an address needs to vote; hard to guess.
        dilemma: What is asked.
        open: Whether votes are taken.
    """

    def __init__(self, dilemma: Dilemma) -> None:
        """Open it."""
        self.code = secrets.token_hex(_CODE_BYTES)
        self.dilemma = dilemma
        self.open = True
        self._votes: dict[str, str] = {}
        self._lock = threading.Lock()

    def cast(self, voter: str, option: str) -> bool:
        """Count a vote, in place of an earlier one of the same voter.

        Args:
            voter: Any name that a phone keeps for itself.
            option: Key of an option.

        Returns:
            Whether it was counted: not when the ballot is closed or full, or there is no such
            option.
        """
        with self._lock:
            known = any(option == one.key for one in self.dilemma.options)
            full = voter not in self._votes and len(self._votes) >= MOST_VOTERS
            if not (self.open and known) or full or not 0 < len(voter) <= _LONGEST_NAME:
                return False
            self._votes[voter] = option
            return True

    def close(self) -> None:
        """Take no more votes."""
        self.open = False

    def counts(self) -> Mapping[str, int]:
        """Votes of every option, in the order of the dilemma."""
        with self._lock:
            given = list(self._votes.values())
        return {one.key: given.count(one.key) for one in self.dilemma.options}


class Ballots:
    """The ballots of a server."""

    def __init__(self) -> None:
        """None is open."""
        self._known: dict[str, Ballot] = {}

    def ask(self, dilemma: Dilemma) -> Ballot:
        """Open a ballot."""
        ballot = Ballot(dilemma)
        self._known[ballot.code] = ballot
        while len(self._known) > MOST_BALLOTS:
            self._known.pop(next(iter(self._known))).close()
        return ballot

    def find(self, code: str) -> Ballot | None:
        """The ballot of a code, None when there is none."""
        return self._known.get(code)
