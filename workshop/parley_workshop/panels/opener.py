"""A field that opens one small text file; nothing is written anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nicegui.element import Element

if TYPE_CHECKING:
    from collections.abc import Callable

_SCRIPT = Path(__file__).resolve().parents[1] / "static" / "opener.js"


class Opener(Element, component=_SCRIPT):
    """A named field for a file."""

    def __init__(self, label: str, accept: str, largest: int) -> None:
        """Draw it.

        Args:
            label: Its name.
            accept: Ending of the files that are offered, such as `.toml`.
            largest: Bytes of the largest file that is read.
        """
        super().__init__()
        with self.props.suspend_updates():
            self.props.update(label=label, accept=accept, largest=largest)

    def when_opened(self, told: Callable[[str], object], refused: Callable[[], object]) -> None:
        """Call something with the text of a file, and something else if it is too large."""
        self.on("opened", lambda event: told(str(event.args)))
        self.on("refused", refused)
