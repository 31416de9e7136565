"""One chart on the page with what stands about it, and what it shows now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nicegui.element import Element
    from nicegui.elements.echart import EChart
    from nicegui.elements.label import Label


@dataclass
class ChartBox:
    """A chart and what stands about it.

    Attributes:
        outcome: Name of the outcome.
        top: Upper end of the vertical axis; None lets it grow with the numbers.
        box: What holds the chart and the lines of text below it.
        chart: The chart.
        order: In how many runs the order of the columns holds.
        off: How far what was drawn lies from what came.
        sent: Series -> what was sent last of it.
    """

    outcome: str
    top: float | None
    box: Element
    chart: EChart
    order: Label
    off: Label
    sent: dict[str, Any] = field(default_factory=dict)
