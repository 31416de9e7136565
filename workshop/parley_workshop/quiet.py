"""Keeps the terminal for what concerns whoever leads: browsers that leave are no fault."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from nicegui import App

    from parley_workshop.door import Application
    from parley_workshop.phones import Receive, Scope, Send

_NO_RESPONSE = "No response returned."


class Leaving:
    """An application whose callers may leave before they are answered.

    Starlette takes the answer that such a caller is not given for a fault of the application. Here
    that one error is dropped, if the caller has left; any other goes on.
    """

    def __init__(self, app: Application) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; see the ASGI specification."""
        left = False

        async def listen() -> MutableMapping[str, Any]:
            nonlocal left
            message = await receive()
            left = left or message["type"] == "http.disconnect"
            return message

        try:
            await self.app(scope, listen, send)
        except RuntimeError as error:
            if not left or str(error) != _NO_RESPONSE:
                raise


def is_worth_telling(record: logging.LogRecord) -> bool:
    """Whether a line of NiceGUI's concerns whoever leads.

    Browsers ask by themselves for pictures and files that there are not, and are told.
    """
    text = record.getMessage()
    return not (text.startswith("http") and text.endswith(" not found"))


def keep_quiet(app: App) -> None:
    """Have an application say nothing of browsers that leave or ask for what there is not."""

    def wrap() -> None:
        if app.middleware_stack is not None:
            app.middleware_stack = Leaving(app.middleware_stack)

    app.on_startup(wrap)
    logging.getLogger("nicegui").addFilter(is_worth_telling)
