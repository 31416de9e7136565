"""Answers phones: a plain ASGI application of three addresses, mounted beside the trainer's page.

A phone gets one small page and asks every two seconds whether there is something new. It has no
connection of its own to the page's machinery, so that thirty of them cost next to nothing, and a
phone that sleeps or loses its network finds the room again by asking once more.

| Request | Answer |
|---|---|
| `GET /vote/` | a field for the code |
| `GET /vote/CODE` | the question, or the result; the phone gets its id |
| `GET /vote/CODE/now` | a few letters that change when the page does |
| `POST /vote/CODE` with `question=1&answer=0` | counted, then sent back to the page |
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from parley_workshop.phone_page import code_page, policy, refusal_page, room_page
from parley_workshop.vote_limits import Limit
from parley_workshop.votes import CODE, CODE_LENGTH, PHONE, Room, Rooms, Verdict
from parley_workshop.words import LANGUAGES, Words

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COOKIE = "parley_phone"
LONGEST_BODY = 64
"""Bytes; a vote has some twenty."""
SLOWEST_BODY = 5.0
"""Seconds that a phone may take to send it."""
KEPT_SECONDS = 43_200

_VOTE = re.compile(rb"question=([0-9]{1,6})&answer=([0-9]{1,2})")
_PATH = re.compile(rf"/([0-9A-Za-z]{{{CODE_LENGTH}}})(/now)?")
_TYPED = re.compile(rf"(?:^|&)code=([0-9A-Za-z]{{{CODE_LENGTH}}})(?:&|$)")
_LANGUAGE = re.compile(r"(?:^|&)in=([a-z]{2})(?:&|$)")
_COOKIE = re.compile(rf"(?:^|;\s*){COOKIE}=({PHONE.pattern})(?:;|$)")
_STATUS = {
    "no_room": 404,
    "no_page": 404,
    "method": 405,
    "large": 413,
    "slow": 408,
    "garbage": 400,
    "often": 429,
    Verdict.STRANGER: 403,
    Verdict.NOTHING: 409,
    Verdict.OVER: 409,
    Verdict.NO_ANSWER: 400,
    Verdict.FULL: 409,
}
"""Every way in which a phone is refused."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent to a phone.

    Attributes:
        status: HTTP status.
        body: Text of the page.
        headers: Beside those that every answer has.
        plain: Whether the text is no page.
    """

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    plain: bool = False


@dataclass
class Asked:
    """One request, as far as it is looked at.

    Attributes:
        method: HTTP method.
        path: Below `/vote`.
        query: What stands behind the path.
        caller: Address of the phone.
        phone: Its id, empty if it sends none that looks like one.
        words: Texts in its language.
        receive: Gives the body.
    """

    method: str
    path: str
    query: str
    caller: str
    phone: str
    words: Words
    receive: Receive = field(repr=False)


class Phones:
    """The application."""

    def __init__(self, rooms: Rooms, clock: Callable[[], float] = time.monotonic) -> None:
        """Answer for these rooms.

        Args:
            rooms: Those that are open.
            clock: Seconds.
        """
        self._rooms = rooms
        self._often = Limit(60.0, 300, clock=clock)  # a room behind one address stays below it
        self._wrong = Limit(0.2, 20, clock=clock)
        self._votes = Limit(1.0, 10, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        asked = _read(scope, receive)
        reply = await self._answer(asked)
        await _send(reply, asked, send)

    async def _answer(self, asked: Asked) -> Reply:
        if asked.method not in ("GET", "HEAD", "POST"):
            return _refuse(asked, "method")
        if not self._often.allows(asked.caller):
            return _refuse(asked, "often")
        if asked.path in ("", "/"):
            return self._door(asked)
        found = _PATH.fullmatch(asked.path)
        if not found or (found[2] and asked.method == "POST"):
            return self._guess(asked, "no_page")
        code = found[1].upper()
        room = self._rooms.find(code) if CODE.fullmatch(code) else None
        return self._guess(asked, "no_room") if room is None else await self._enter(asked, room)

    async def _enter(self, asked: Asked, room: Room) -> Reply:
        """Answer a phone that has the code; only one that has an id of this room may vote."""
        if not room.knows(asked.phone):
            asked.phone = ""
            if not self._wrong.open(asked.caller):
                return _refuse(asked, "often")
            if asked.method == "POST":
                return _refuse(asked, Verdict.STRANGER)
        if asked.method == "POST":
            return await self._vote(asked, room)
        return _show(asked, room, only_now=asked.path.endswith("/now"))

    def _guess(self, asked: Asked, why: str) -> Reply:
        """Refuse what may be somebody trying codes."""
        return _refuse(asked, why if self._wrong.allows(asked.caller) else "often")

    def _door(self, asked: Asked) -> Reply:
        if asked.method == "POST":
            return _refuse(asked, "method")
        typed = _TYPED.search(asked.query)
        if typed:
            return _go(typed[1].upper(), asked)
        if "code=" in asked.query:
            return self._guess(asked, "no_room")
        return Reply(200, code_page(asked.words))

    async def _vote(self, asked: Asked, room: Room) -> Reply:
        if not self._votes.allows(asked.phone):
            return _refuse(asked, "often")
        try:
            body = await asyncio.wait_for(_body(asked.receive), SLOWEST_BODY)
        except TimeoutError:
            return _refuse(asked, "slow")
        if body is None:
            return _refuse(asked, "large")
        vote = _VOTE.fullmatch(body)
        if not vote:
            return _refuse(asked, "garbage")
        verdict = room.vote(asked.phone, int(vote[1]), int(vote[2]))
        return _go(room.code, asked) if verdict is Verdict.COUNTED else _refuse(asked, verdict)


def _read(scope: Scope, receive: Receive) -> Asked:
    """What of a request is looked at; everything else is left."""
    headers = {name.lower(): value for name, value in scope.get("headers", ())}
    query = scope.get("query_string", b"").decode("ascii", "replace")[:200]
    path = scope["path"]
    cookie = _COOKIE.search(headers.get(b"cookie", b"")[:4_000].decode("ascii", "replace"))
    chosen = _LANGUAGE.search(query)
    language = chosen[1] if chosen and chosen[1] in LANGUAGES else ""
    accepted = headers.get(b"accept-language", b"")[:200].decode("ascii", "replace")
    client = scope.get("client")
    return Asked(
        method=scope["method"],
        path=path.removeprefix(scope.get("root_path", "")),
        query=query,
        caller=client[0] if client else "",
        phone=cookie[1] if cookie else "",
        words=Words(language or _preferred(accepted)),
        receive=receive,
    )


def _preferred(accepted: str) -> str:
    """The first language of a browser that there is; its neighbours read Bosnian.

    >>> _preferred("de-CH,es;q=0.8,en;q=0.5"), _preferred("hr-HR,hr"), _preferred("%00")
    ('es', 'bs', 'en')
    """
    for entry in accepted.lower().split(","):
        code = entry.strip()[:2]
        if code in ("hr", "sr"):
            return "bs"
        if code in LANGUAGES:
            return code
    return "en"


async def _body(receive: Receive) -> bytes | None:
    """The body, None as soon as it is too long; nothing more of it is then read."""
    body = b""
    while True:
        part = await receive()
        if part["type"] != "http.request":
            return b""
        body += bytes(part.get("body", b""))
        if len(body) > LONGEST_BODY:
            return None
        if not part.get("more_body", False):
            return body


def _show(asked: Asked, room: Room, *, only_now: bool) -> Reply:
    """The page of a room; a phone that is new gets its id."""
    if only_now:
        return Reply(200, room.now(asked.phone), plain=True)
    given: tuple[tuple[str, str], ...] = ()
    if not asked.phone:
        asked.phone = room.new_phone()
        cookie = f"{COOKIE}={asked.phone}; Path=/vote/{room.code}; Max-Age={KEPT_SECONDS}"
        given = (("set-cookie", f"{cookie}; HttpOnly; SameSite=Strict"),)
    return Reply(200, room_page(asked.words, room, asked.phone), given)


def _go(code: str, asked: Asked) -> Reply:
    return Reply(303, "", (("location", f"/vote/{code}?in={asked.words.language}"),))


def _refuse(asked: Asked, why: str) -> Reply:
    status = _STATUS[why]
    headers: tuple[tuple[str, str], ...] = ()
    if status in (408, 413):
        headers = (("connection", "close"),)
    elif status == 405:
        headers = (("allow", "GET, HEAD, POST"),)
    elif status == 429:
        headers = (("retry-after", "5"),)
    return Reply(status, refusal_page(asked.words, str(why)), headers)


async def _send(reply: Reply, asked: Asked, send: Send) -> None:
    body = reply.body.encode()
    kind = "text/plain" if reply.plain else "text/html"
    headers = (
        ("content-type", f"{kind}; charset=utf-8"),
        ("content-length", str(len(body))),
        ("cache-control", "no-store"),
        ("content-security-policy", policy()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        *reply.headers,
    )
    raw = [(name.encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    await send({"type": "http.response.body", "body": b"" if asked.method == "HEAD" else body})
