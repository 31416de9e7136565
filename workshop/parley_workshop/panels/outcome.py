"""What an outcome is, how a practice reaches it, and where its definition comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import about
from parley_workshop.panels.sources import source_line

if TYPE_CHECKING:
    from parley_workshop.screen import Screen


def explain_outcome(screen: Screen, name: str) -> None:
    """Open a dialog about an outcome.

    Args:
        screen: The page.
        name: Name of the outcome.
    """
    words, known = screen.words, about.outcomes()[name]
    rising = "worse" if known.direction == "lower" else "better"
    better = screen.text(f"outcome.{name}.{rising}", "")
    unit = screen.text(f"outcome.{name}.unit", known.unit)
    path = (screen.text(f"dial.{step}.label", step) for step in known.path)
    texts = [
        screen.told(known.definition),
        words("what.unit", unit=unit),
        words("what.better", better=better) if better else "",
        words("what.path", path=" → ".join(path)),
        words("paths.near") if known.near_tautological else "",
    ]
    with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
        ui.label(screen.outcome(name)).classes("parley-title")
        for text in filter(None, texts):
            ui.label(text).classes("parley-text")
        for key in known.sources:
            source_line(words, "what.source", key)
        ui.label(words("what.honest")).classes("parley-note")
        ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
    dialog.open()
