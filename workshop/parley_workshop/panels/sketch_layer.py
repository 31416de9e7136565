"""The sheet over a chart on which the room draws; the drawing itself is done in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nicegui.element import Element

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.elements.echart import EChart
    from nicegui.events import GenericEventArguments

    from parley_workshop.sketches import Point

_SCRIPT = Path(__file__).resolve().parents[1] / "static" / "sketch.js"


class SketchLayer(Element, component=_SCRIPT):
    """A sheet over one chart; it is there only while the room draws."""

    def __init__(self, chart: EChart, months: int) -> None:
        """Lay it over a chart.

        Args:
            chart: The chart, whose vertical axis has fixed ends.
            months: Months on its horizontal axis.
        """
        super().__init__()
        self.props["chart"] = chart.id
        self.props["months"] = months

    def hold(self, arm: int, colour: str, *, aim: bool) -> None:
        """Put a pen in hand.

        Args:
            arm: Index of the column whose path is drawn.
            colour: Of the line.
            aim: Whether a level is drawn, not a path.
        """
        with self.props.suspend_updates():
            self.props.update(arm=arm, colour=colour, aim=aim)
        self.update()

    def when_drawn(self, told: Callable[[int, list[Point]], object]) -> None:
        """Call something with the column and the months and values of each stroke."""

        def heard(event: GenericEventArguments) -> None:
            points = [(int(month), float(value)) for month, value in event.args["points"]]
            told(int(event.args["arm"]), points)
            self.run_method("wipe")

        self.on("drawn", heard)

    def when_aimed(self, told: Callable[[float], object]) -> None:
        """Call something with each level that was drawn."""

        def heard(event: GenericEventArguments) -> None:
            told(float(event.args))
            self.run_method("wipe")

        self.on("aimed", heard)
