"""Small pieces that several panels use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nicegui.element import Element
    from nicegui.elements.button import Button
    from nicegui.elements.label import Label
    from nicegui.elements.select import Select

STEP = 0.05
"""Step of a slider from 0 to 1."""


def name(element: Element, label: str) -> None:
    """Name an element for those who do not see it."""
    if element.props.get("aria-label") != label:
        element.props["aria-label"] = label


def line(classes: str) -> Label:
    """A text on one line, cut off where it is longer; a press shows the whole of it, or less again.

    Args:
        classes: How it looks.
    """
    made = ui.label().classes(classes)
    made.on("click", js_handler="(e) => e.currentTarget.classList.toggle('parley-whole')")
    return made


def tell(made: Label, text: str) -> None:
    """Put a text on a line, whole also for those who point at it."""
    if text != made.text:
        made.props["title"] = text
        made.set_text(text)


def button(icon: str, label: str, press: Callable[[], Any]) -> Button:
    """A round button with a name for those who do not see its picture.

    Args:
        icon: Name of the picture.
        label: What it does.
        press: Called when pressed.
    """
    made = ui.button(icon=icon, on_click=press, color=None).props("flat round")
    name(made, label)
    with made:
        ui.tooltip(label)
    return made


def choice(
    label: str,
    options: Mapping[str, str],
    value: str | list[str],
    choose: Callable[[object], object],
    *,
    several: bool = False,
) -> Select:
    """A list to choose from.

    Args:
        label: Its name, shown.
        options: Value -> what is shown.
        value: What is chosen at first.
        choose: Called with what is chosen.
        several: Whether several may be chosen.
    """
    made = ui.select(
        dict(options),
        label=label,
        value=value,
        multiple=several,
        on_change=lambda event: choose(event.value),
    ).props("outlined dense options-dense")
    name(made, label)
    return made
