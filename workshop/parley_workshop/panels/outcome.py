"""What an outcome is, how a practice reaches it, and where its definition comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import about

if TYPE_CHECKING:
    from parley_workshop.screen import Screen


def explain_outcome(screen: Screen, name: str) -> None:
    """Open a dialog about an outcome.

    Args:
        screen: The page.
        name: Name of the outcome.
    """
    words, known = screen.words, about.outcomes()[name]
    sources = [
        words("facts.assumption") if key == "assumption" else about.cite(key)
        for key in known.sources
    ]
    rising = "worse" if known.direction == "lower" else "better"
    better = screen.text(f"outcome.{name}.{rising}", "")
    unit = screen.text(f"outcome.{name}.unit", known.unit)
    texts = [
        known.definition,
        words("what.unit", unit=unit),
        words("what.better", better=better) if better else "",
        words("what.path", path=" → ".join(known.path)),
        words("paths.near") if known.near_tautological else "",
        *(words("what.source", source=source) for source in sources),
    ]
    with ui.dialog() as dialog, ui.card().classes("parley-dialog"):
        ui.label(screen.outcome(name)).classes("parley-title")
        for text in filter(None, texts):
            ui.label(text).classes("parley-text")
        ui.label(words("what.honest")).classes("parley-note")
        ui.button(words("page.close"), on_click=dialog.close).props("flat no-caps")
    dialog.open()
