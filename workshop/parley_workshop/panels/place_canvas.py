"""The canvas that draws a place; what it is told each month is a few numbers a village."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nicegui.element import Element

if TYPE_CHECKING:
    from parley_workshop.frames import Opening

_SCRIPT = Path(__file__).resolve().parents[1] / "static" / "place.js"


class PlaceCanvas(Element, component=_SCRIPT):
    """A picture of a place."""

    def __init__(self, label: str) -> None:
        """Nothing is drawn yet.

        Args:
            label: Its name for those who do not see it.
        """
        super().__init__()
        self.props["label"] = label

    def open(self, opening: Opening) -> None:
        """Draw villages and ties."""
        self.run_method(
            "open",
            {
                "sizes": opening.village_sizes,
                "groups": [[round(s, 3) for s in row] for row in opening.village_groups],
                "ties": opening.ties,
            },
        )

    def show(self, month: dict[str, Any]) -> None:
        """Draw a month; see `place.js`."""
        self.run_method("show", month)
