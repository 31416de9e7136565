"""Serves the page from this machine until it is stopped; who may open it is said aloud."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parley.errors import MissingExtraError, OptionError, did_you_mean
from parley.place import available_places
from parley.practices import available_practices
from parley_workshop.board import Arm, Board
from parley_workshop.door import new_key
from parley_workshop.scenarios import scenario_of
from parley_workshop.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parley_workshop.page import Pages

LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"
RECONNECT_SECONDS = 120
"""How long a lost browser, a closed lid or a phone asleep finds its screen again."""
_PORTS_TRIED = 50


@dataclass(frozen=True, slots=True)
class Serving:
    """How the page is served.

    Attributes:
        board: What a new screen starts with.
        port: Port of the address.
        lan: Whether others on the network may open it too.
        browser: Whether a browser is opened.
        language: Language of a new screen.
        key: Opens the page from other machines.
    """

    board: Board
    port: int = 8080
    lan: bool = False
    browser: bool = True
    language: str = "en"
    key: str = field(default_factory=new_key, repr=False)

    @property
    def host(self) -> str:
        """Where it listens."""
        return EVERYWHERE if self.lan else LOOPBACK


def first_board(place: str, arms: Sequence[str], population: int, months: int) -> Board:
    """The board of a new screen, checked.

    Args:
        place: Name of a bundled place.
        arms: Names of presets.
        population: Simulated residents.
        months: Length.

    Raises:
        OptionError: There is no such place or preset.
        ScenarioError: A number is out of range, or there are too many columns.
    """
    for option, given, known in (
        ("--place", [place], available_places()),
        ("--arms", arms, available_practices()),
    ):
        for name in given:
            if name not in known:
                hint = did_you_mean(name, known)
                allowed = ", ".join(known)
                raise OptionError(f"{option}: {name!r} is unknown; allowed: {allowed}; {hint}")
    board = Board(place, tuple(Arm("", name) for name in arms), months, population)
    for arm in range(len(arms)):
        scenario_of(board, arm)
    return board


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens at a port."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken, and name one that is not.

    Raises:
        OptionError: The port is taken, or not open to ordinary users.
    """
    if is_free(host, port):
        return
    later = range(port + 1, min(port + _PORTS_TRIED, 65_536))
    free = next((other for other in later if is_free(host, other)), None)
    step = f"; --port {free} is free" if free else "; choose another with --port"
    raise OptionError(f"--port: {port} is taken by another program{step}")


def addresses(serving: Serving, key: str = "") -> tuple[str, ...]:
    """Addresses to open, this machine's own first, then that of the network if it is served.

    Args:
        serving: How the page is served.
        key: Stands in the second one, where it is for whoever leads and not for a projector.
    """
    found = [f"http://localhost:{serving.port}/"]
    if serving.lan:
        given = f"?key={key}" if key else ""
        found.append(f"http://{own_address()}:{serving.port}/{given}")
    return tuple(found)


def own_address() -> str:
    """This machine's address on its network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        try:
            tried.connect(("10.255.255.255", 1))
        except OSError:
            return LOOPBACK
        return str(tried.getsockname()[0])


def serve(serving: Serving, say: Callable[[str], None]) -> None:
    """Serve the page until it is stopped with Ctrl-C.

    Args:
        serving: How.
        say: Told where the page is, and who can open it.

    Raises:
        MissingExtraError: NiceGUI is not installed.
        OptionError: The language is unknown or the port is taken.
    """
    words = Words(serving.language)
    check_port(serving.host, serving.port)
    from parley_workshop.engine import LocalEngine

    engine = LocalEngine()  # gets ready while the page is imported
    pages: Pages | None = None
    try:
        try:
            from nicegui import app, ui
        except ImportError:
            raise MissingExtraError("NiceGUI", "workshop") from None
        from parley_workshop import page
        from parley_workshop.quiet import keep_quiet

        keep_quiet(app)
        pages = page.Pages(engine, serving)
        pages.register()
        say(words("serve.at", address="  ".join(addresses(serving, serving.key))))
        say(words("serve.lan") if serving.lan else words("serve.alone"))
        say(words("serve.stop"))
        ui.run(
            host=serving.host,
            port=serving.port,
            title="Parley",
            reload=False,
            show=serving.browser,
            reconnect_timeout=RECONNECT_SECONDS,
            show_welcome_message=False,
            tailwind=False,
            uvicorn_logging_level="error",
            proxy_headers=False,  # who asks is read from the connection, not from what it says
        )
    finally:
        engine.close()
        if pages:
            pages.close()
