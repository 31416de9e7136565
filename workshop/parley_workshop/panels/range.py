"""A slider: the browser's own, so that keys and screen readers know it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nicegui.element import Element

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.events import GenericEventArguments

_SCRIPT = Path(__file__).resolve().parents[1] / "static" / "range.js"
_SECONDS_BETWEEN_MOVES = 0.05


class Range(Element, component=_SCRIPT):
    """A slider.

    Attributes:
        value: Where it stands.
    """

    def __init__(self, label: str, bounds: tuple[float, float], step: float, value: float) -> None:
        """Draw it.

        Args:
            label: Its name.
            bounds: Lower and upper end.
            step: Smallest move.
            value: Where it stands at first.
        """
        super().__init__()
        self.value = value
        low, high = bounds
        with self.props.suspend_updates():
            self.props.update(min=low, max=high, step=step, value=value, label=label)

    def put(self, value: float) -> None:
        """Move it, unless it stands there."""
        if value != self.value:
            self.value = value
            self.props["value"] = value

    def hint(self, text: str) -> None:
        """Show a text when it is pointed at."""
        if self.props.get("hint") != text:
            self.props["hint"] = text

    def when_set(self, told: Callable[[float], object]) -> Range:
        """Call something once it was let go, or moved by a key."""

        def heard(event: GenericEventArguments) -> None:
            self.value = float(event.args)
            self.props["value"] = self.value
            told(self.value)

        self.on("set", heard)
        return self

    def when_moved(self, told: Callable[[float], object]) -> Range:
        """Call something while it is dragged."""

        def heard(event: GenericEventArguments) -> None:
            self.value = float(event.args)
            told(self.value)

        self.on("move", heard, throttle=_SECONDS_BETWEEN_MOVES)
        return self
