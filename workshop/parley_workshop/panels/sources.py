"""Where something comes from: words of the page around titles that stay in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from parley_workshop import about

if TYPE_CHECKING:
    from parley_workshop.words import Words

ENGLISH = "lang=en"
"""Property of an element that is told in English on a page in any language."""


def source_line(words: Words, key: str, reference: str, where: str = "") -> None:
    """A line such as "Source: ...", in which only the reference is read out in English.

    Args:
        words: Texts of the page.
        key: Text with a place for `{source}`.
        reference: Key of a reference, or `assumption`.
        where: Where in it, if that is known.
    """
    before, _, after = words(key).partition("{source}")
    assumed = reference == "assumption"
    told = words("facts.assumption") if assumed else about.cite(reference)
    with ui.element("div").classes("parley-text parley-source"):
        ui.label(before)
        ui.label(f"{told}. {where}" if where else told).props("" if assumed else ENGLISH)
        if after:
            ui.label(after)
