"""Small pieces that several panels use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nicegui.element import Element
    from nicegui.elements.button import Button
    from nicegui.elements.select import Select

STEP = 0.05
"""Step of a slider from 0 to 1."""


def name(element: Element, label: str) -> None:
    """Name an element for those who do not see it."""
    if element.props.get("aria-label") != label:
        element.props["aria-label"] = label


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


def number(value: float) -> str:
    r"""A number as a room reads it: three figures, no powers of ten; M for millions.

    Thousands stand apart with a narrow space, which reads alike in every language.

    >>> number(0.12345), number(12345.6), number(4.2e8), number(0)
    ('0.123', '12\u202f346', '420 M', '0')
    """
    if value == 0:
        return "0"
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g} M" if abs(value) < 1e9 else f"{apart(value / 1e6)} M"
    if abs(value) >= 1000:
        return apart(value)
    return f"{value:.3g}"


def apart(value: float) -> str:
    r"""A whole number with its thousands apart.

    >>> apart(1234567.0)
    '1\u202f234\u202f567'
    """
    return f"{value:,.0f}".replace(",", "\u202f")
