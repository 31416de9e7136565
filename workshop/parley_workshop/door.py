"""Who may open the trainer's page: this machine, and whoever has the key; phones may only vote.

The page lets whoever opens it run the model on this machine. So with `--lan` others on the network
need the key that the terminal shows. It comes once, in the address or typed into a small page, and
is kept as a cookie; it stands in no link that a projector shows.

Whether somebody is at this machine is read from the connection alone, never from what a request
says. A browser at this machine may be led here by a page of somewhere else, under a name that was
made to mean this machine; so requests from here must name this machine, and no request may come
from a page of another address.
"""

from __future__ import annotations

import functools
import hmac
import ipaddress
import secrets
import time
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from parley_workshop.links import LONGEST_LINK
from parley_workshop.said import LONGEST
from parley_workshop.vote_limits import Limit
from parley_workshop.votes import CODE_LETTERS
from parley_workshop.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from parley_workshop.phones import Receive, Scope, Send

    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

KEY_LENGTH = 8
KEPT_SECONDS = 43_200
LONGEST_QUERY = LONGEST_LINK + LONGEST + 4_000
"""Of an address that is kept while the key is typed: a board, what was said of it, and the rest."""

_STYLE = """body{margin:0 auto;padding:16px;max-width:640px;background:#f4f6f7;color:#1d2a33;
font:18px/1.4 system-ui,sans-serif}h1{font-size:23px;line-height:1.25}section{background:#fff;
border:1px solid #4a5a66;border-radius:10px;padding:4px 14px;margin:12px 0}a{display:inline-block;
padding:8px 0;color:#003e6b;font-weight:700}label{display:block}input,button{font:inherit;
min-height:44px;padding:4px 12px;margin:6px 6px 6px 0;border:2px solid #005a9c;border-radius:8px}
button{background:#005a9c;color:#fff}:focus-visible{outline:3px solid #005a9c;outline-offset:3px}"""
_HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


def new_key() -> str:
    """A key that nobody guesses, of letters and digits that are not mistaken for one another."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(KEY_LENGTH))


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of a request is looked at.

    Attributes:
        path: As it was asked for.
        query: What stands behind it, name by name, without the key.
        key: What was given as the key, None if nothing was.
        host: Name under which this machine was asked, with its port.
        origin: Address of the page that asks, empty if it does not say.
        caller: Address of whoever asks.
        ours: Address of this machine that was asked.
        port: Its port.
        cookies: As they were sent.
    """

    path: str
    query: tuple[tuple[str, str], ...]
    key: str | None
    host: str
    origin: str
    caller: str
    ours: str
    port: int
    cookies: str

    def is_from_here(self) -> bool:
        """Whether this machine asks itself."""
        return bool(self.caller) and (self.caller == self.ours or _is_loopback(self.caller))

    def names_us(self) -> bool:
        """Whether the name under which we were asked is one of this machine's own."""
        name = self.host.lower()
        if name.rpartition("]")[2].rpartition(":")[2].isdigit() and ":" in name:
            name = name.rpartition(":")[0]
        name = name.strip("[]")
        return name in ("localhost", self.ours) or _is_loopback(name)

    def comes_from_elsewhere(self) -> bool:
        """Whether a page of another address asks."""
        return bool(self.origin) and self.origin.partition("://")[2] != self.host

    @property
    def here(self) -> str:
        """The same address without the key; never one of another machine."""
        path = "/" + quote(self.path.lstrip("/\\"), safe="/")
        return path + (f"?{urlencode(self.query)}" if self.query else "")


class Door:
    """The application behind it, for those who may come in."""

    def __init__(
        self, app: Application, key: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Close it.

        Args:
            app: The page and all that belongs to it.
            key: Opens it from other machines.
            clock: Seconds.
        """
        self._app, self._key = app, key
        self._pass = secrets.token_urlsafe(24)
        self._wrong = Limit(0.2, 20, clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through or answer it; see the ASGI specification."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = _read(scope)
        status, page, cookie = self._judge(asked)
        if status == 0:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await _send(status, page, cookie, send)

    def _judge(self, asked: _Asked) -> tuple[int, str, str]:
        """Status (0 to let it through), page and cookie of the answer."""
        from_here = asked.is_from_here()
        if from_here and not asked.names_us():
            return 403, _elsewhere(asked.port), ""
        if asked.path == "/vote" or asked.path.startswith("/vote/"):
            return 0, "", ""
        if asked.comes_from_elsewhere():
            return 403, _elsewhere(asked.port), ""
        if from_here or self._has_pass(asked):
            return (0, "", "") if asked.key is None else (200, _onward(asked), "")
        if asked.key is None:
            return 403, _closed(asked, ""), ""
        return self._try(asked)

    def _has_pass(self, asked: _Asked) -> bool:
        wanted = f"{_cookie(asked.port)}={self._pass}".encode()
        given = [one.strip().encode() for one in asked.cookies.split(";")[:50]]
        return any(hmac.compare_digest(wanted, one) for one in given)

    def _try(self, asked: _Asked) -> tuple[int, str, str]:
        """Somebody has given a key."""
        if not self._wrong.open(asked.caller):
            return 429, _closed(asked, "door.often"), ""
        given = (asked.key or "").strip().upper().encode()
        if hmac.compare_digest(self._key.encode(), given):
            cookie = f"{_cookie(asked.port)}={self._pass}; Path=/; Max-Age={KEPT_SECONDS}"
            return 200, _onward(asked), f"{cookie}; HttpOnly; SameSite=Strict"
        self._wrong.allows(asked.caller)
        return 403, _closed(asked, "door.wrong"), ""


def _cookie(port: int) -> str:
    """Cookies of one machine are common to all its ports, so each has a name of its own."""
    return f"parley_door_{port}"


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _read(scope: Scope) -> _Asked:
    headers: dict[bytes, bytes] = {}
    for name, value in scope.get("headers", ()):
        headers.setdefault(name.lower(), value)
    text = scope.get("query_string", b"")[:LONGEST_QUERY].decode("latin-1")
    query = parse_qsl(text, keep_blank_values=True, errors="replace")
    client, server = scope.get("client"), scope.get("server")
    return _Asked(
        path=scope["path"],
        query=tuple((name, value) for name, value in query if name != "key"),
        key=next((value for name, value in query if name == "key"), None),
        host=headers.get(b"host", b"").decode("latin-1"),
        origin=headers.get(b"origin", b"").decode("latin-1"),
        caller=client[0] if client else "",
        ours=server[0] if server else "",
        port=(server[1] or 0) if server else 0,
        cookies=headers.get(b"cookie", b"").decode("latin-1"),
    )


async def _send(status: int, page: str, cookie: str, send: Send) -> None:
    body = page.encode()
    headers = [*_HEADERS, (b"content-length", str(len(body)).encode())]
    if cookie:
        headers.append((b"set-cookie", cookie.encode()))
    if status == 429:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _onward(asked: _Asked) -> str:
    """Goes on to the address without the key.

    A redirect would not do: where the first link was followed from a page of another address, the
    browser would keep the new cookie back.
    """
    here = escape(asked.here)
    return _page(
        "Parley",
        f'<p><a href="{here}">Parley</a></p>',
        f'<meta http-equiv="refresh" content="0;url={here}">',
    )


def _closed(asked: _Asked, why: str) -> str:
    """Tells those who only want to vote where to go, and takes a key; in every language."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.query
    )
    action = escape(asked.here.partition("?")[0])
    inside = ""
    for language in LANGUAGES:
        words = Words(language)
        told = f"<p role='alert'><b>{escape(words(why))}</b></p>" if why else ""
        inside += (
            f'<section lang="{language}"><h1>{escape(words("door.closed"))}</h1>{told}'
            f'<p><a href="/vote/?in={language}">{escape(words("door.vote"))}</a></p>'
            f'<form method="get" action="{action}">{kept}'
            f'<label>{escape(words("door.key"))}<br><input name="key" maxlength="40" '
            'autocomplete="off" autocapitalize="characters" spellcheck="false" required></label>'
            f"<button>{escape(words('door.open'))}</button></form></section>"
        )
    return _page("Parley", inside)


@functools.cache
def _elsewhere(port: int) -> str:
    """Refuses a name that is not ours, and says which is."""
    address = f"http://localhost:{port}/"
    inside = "".join(
        f'<section lang="{language}"><p>{escape(Words(language)("door.name", address=address))}</p>'
        "</section>"
        for language in LANGUAGES
    )
    return _page("Parley", inside)


def _page(title: str, inside: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,">{head}<style>{_STYLE}</style></head>'
        f"<body><main>{inside}</main></body></html>"
    )
