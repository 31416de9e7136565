"""What a chart of paths is made of: sent whole once, later only the series that changed."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley_workshop.screen import COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley_workshop.ensemble import Band
    from parley_workshop.sketches import Scale

BRANCH = "#b8489a"
BRANCH_DASHES = ((12, 4), (3, 3), (12, 4, 3, 4), (24, 4))
"""What was not chosen: one colour beside those of the columns, a line for each."""
DASHES: tuple[Any, ...] = ("solid", [9, 5], [2, 4])
"""The second sign of a column beside its colour."""
MARKS = ("circle", "rect", "triangle")
INK, FAINT = "#1d2a33", "#d5dde2"
FONT = "Roboto, sans-serif"
_ROOM_FOR_LABELS, _ROOM_FOR_LETTERS, _ROOM_FOR_TOOLS = 132, 66, 56
_NARROW, _NARROW_TITLE, _NARROW_UNIT = 360, 248, 180
"""Pixels: up to which width of a chart its lines end with their letters only, and how wide its
title and unit are beside the buttons that are there while the room draws."""
_DIGITS = 4
_PLOT_HEIGHT, _LINE = 90.0, 18.0
"""Pixels: a low plot's height, and a line of text."""


@dataclass(frozen=True, slots=True)
class Axes:
    """What a chart needs beside its numbers.

    Attributes:
        title: Name of the outcome, its mark included.
        unit: Unit of it.
        months: Months on the horizontal axis.
        arms: Names of the columns.
        top: Upper end of the vertical axis; None lets it grow with the numbers.
        month: Word for the horizontal axis.
        drawing: The vertical axis while the room draws; None leaves it to `top`.
    """

    title: str
    unit: str
    months: int
    arms: tuple[str, ...]
    top: float | None
    month: str
    drawing: Scale | None = None


def points(values: Sequence[float]) -> list[list[float | None]]:
    """Values by month as points, the first month at 1; a gap where there is no value."""
    return [
        [month, None if math.isnan(value) else round(value, _DIGITS)]
        for month, value in enumerate(values, start=1)
    ]


def options(axes: Axes) -> dict[str, Any]:
    """The whole chart, without numbers."""
    series = [_target(), *(_branch(place) for place in range(len(BRANCH_DASHES)))]
    for arm, name in enumerate(axes.arms):
        series += [_edge(arm), _band(arm), _before(arm), _sketch(arm), _line(arm, name)]
    return {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "fontSize": 14, "color": INK},
        "title": {
            "text": axes.title,
            "subtext": axes.unit,
            "left": 4,
            "top": 0,
            "itemGap": 4,
            "textStyle": {"fontSize": 18, "lineHeight": 20, "fontWeight": "bold", "color": INK},
            "subtextStyle": {"fontSize": 13, "lineHeight": 14, "color": "#3d4f5c"},
        },
        "grid": {"left": 52, "right": _ROOM_FOR_LABELS, "top": 52, "bottom": 26},
        "media": _by_width(len(axes.arms), _ROOM_FOR_LABELS),
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": axes.months,
            "name": axes.month,
            "nameLocation": "end",
            "nameGap": 8,
            "nameTextStyle": {"fontSize": 13, "color": INK, "verticalAlign": "top", "padding": 6},
            "interval": _interval(axes.months),
            "axisLabel": {
                "fontSize": 13,
                "color": INK,
                "showMaxLabel": False,
                "hideOverlap": True,
            },
            "splitLine": {"show": False},
            "axisLine": {"lineStyle": {"color": INK}},
        },
        "yAxis": {
            "type": "value",
            **_vertical(axes),
            "splitNumber": 4,
            "axisLabel": {"fontSize": 13, "color": INK, ":formatter": "(v) => parleyNumber(v, 4)"},
            "splitLine": {"lineStyle": {"color": FAINT}},
        },
        "tooltip": {
            "trigger": "axis",
            "confine": True,
            ":formatter": _tooltip(axes.month),
            "textStyle": {"fontSize": 15},
        },
        "series": series,
    }


def _vertical(axes: Axes) -> dict[str, Any]:
    """Where the vertical axis ends."""
    if axes.drawing is not None:
        return _held(axes.drawing)
    if axes.top is None:
        return {}
    return {"min": 0, ":max": _top(axes.top), "maxInterval": axes.top / 4}


def _held(scale: Scale) -> dict[str, Any]:
    """A vertical axis that stands still."""
    return {"min": scale.low, "max": scale.top, "interval": scale.step}


def _top(top: float) -> str:
    """Upper end of a share: it has two scales only, so that it does not creep."""
    return f"(v) => v.max > {top / 2} ? {top} : {top / 2}"


def to_draw_on(scale: Scale, arms: int, *, names: bool) -> str:
    """What changes in a chart while the room draws on it, as JavaScript.

    Args:
        scale: Its vertical axis.
        arms: Number of columns.
        names: Whether paths are shown, which have their names at their ends.
    """
    right = _ROOM_FOR_LABELS if names else _ROOM_FOR_TOOLS
    media = _by_width(arms, right)
    media[0]["option"]["title"] = _beside_tools(_NARROW_TITLE, _NARROW_UNIT, "truncate")
    media[1]["option"]["title"] = _beside_tools(None, None, "none")
    return script({"yAxis": _held(scale), "media": media})


def _beside_tools(title: int | None, unit: int | None, overflow: str) -> dict[str, Any]:
    """How far the title and the unit may go before they are cut off."""
    styles = {"textStyle": title, "subtextStyle": unit}
    return {key: {"width": width, "overflow": overflow} for key, width in styles.items()}


def to_read(top: float | None, arms: int) -> str:
    """What takes that back, as JavaScript: the axis ends where the numbers want it to.

    Args:
        top: As in `Axes`.
        arms: Number of columns.

    >>> to_read(None, 0)[:51]
    '{"yAxis": {"min": null, "max": null, "interval": nu'
    """
    ends: dict[str, Any] = {"min": None, "max": None, "interval": None}
    if top is not None:
        ends = {"min": 0, ":max": _top(top), "maxInterval": top / 4, "interval": None}
    title = _beside_tools(None, None, "none")
    return script({"yAxis": ends, "title": title, "media": _by_width(arms, _ROOM_FOR_LABELS)})


def script(value: object) -> str:
    """A value as JavaScript; what stands under a name that begins with a colon is code already.

    >>> script({"a": [1, None], ":b": "(v) => v"})
    '{"a": [1, null], "b": (v) => v}'
    """
    if isinstance(value, dict):
        entries = (
            f"{json.dumps(key.removeprefix(':'))}: {one if key[0] == ':' else script(one)}"
            for key, one in value.items()
        )
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(script, value)) + "]"
    return json.dumps(value)


def _by_width(arms: int, right: int) -> list[dict[str, Any]]:
    """What a chart leaves beside its plot: little where it is narrow, on a tablet for one."""

    def beside(room: int, text: str) -> dict[str, Any]:
        label = {"width": room - 6, ":formatter": text}
        ids = [f"line{arm}" for arm in range(arms)]
        ids += [f"branch{place}" for place in range(len(BRANCH_DASHES))]
        return {"grid": {"right": room}, "series": [{"id": key, "endLabel": label} for key in ids]}

    return [
        {
            "query": {"maxWidth": _NARROW},
            "option": beside(_ROOM_FOR_LETTERS, _value_and_name(".split(' ')[0]")),
        },
        {"option": beside(right, _value_and_name())},
    ]


def _value_and_name(part: str = "") -> str:
    """What stands at the end of a line: its value, and its name or only the sign it begins with."""
    return f"(p) => parleyNumber(p.value[1], 2, 2) + ' ' + p.seriesName{part}"


def _interval(months: int) -> int:
    """Whole years between marks, at most eleven marks."""
    return 12 * max(1, -(-months // 132))


def _tooltip(month: str) -> str:
    """Only paths are named; texts are escaped."""
    safe = month.replace("\\", "").replace("'", "’").replace("<", "")
    return (
        f"(all) => '{safe} ' + all[0].value[0] + all.filter(p => "
        "/^(line|branch)/.test(p.seriesId) && p.value[1] !== null).map(p => '<br>' + p.marker + "
        "p.seriesName.replace(/[<>&]/g, '') + ': <b>' + parleyNumber(p.value[1], 3, 3) + '</b>')"
        ".join('')"
    )


def _line(arm: int, name: str) -> dict[str, Any]:
    """The path of a column, with its name at its end."""
    colour = COLOURS[arm]
    return {
        "id": f"line{arm}",
        "name": name,
        "type": "line",
        "data": [],
        "symbol": MARKS[arm],
        "showSymbol": False,
        "connectNulls": False,
        "z": 5,
        "color": colour,
        "lineStyle": {"width": 4, "type": DASHES[arm], "color": colour},
        "endLabel": _end(colour, 15),
    }


def apart(ends: Sequence[float], span: float) -> list[int]:
    """How far to shift names at the ends of lines so that none covers another (pixels, down).

    Args:
        ends: Value at the end of each line; NaN where there is no line.
        span: Values from the bottom of the chart to its top.

    >>> apart([0.5, 0.5], 1.0)
    [0, -18]
    >>> apart([1.0, 1.0], 1.0)
    [18, 0]
    >>> apart([0.0, 0.0], 1.0)  # clear of the word beside the axis
    [-9, -27]
    """
    per_value = _PLOT_HEIGHT / span if span > 0 else 0.0
    known = [arm for arm in range(len(ends)) if not math.isnan(ends[arm])]
    rising = sorted(known, key=lambda arm: ends[arm])
    own = {arm: ends[arm] * per_value for arm in known}
    put: dict[int, float] = {}
    for arm, below in zip(rising, [None, *rising], strict=False):
        if below is not None:
            put[arm] = max(own[arm], put[below] + _LINE)
        else:
            put[arm] = max(own[arm], _LINE / 2) if own[arm] >= 0.0 else own[arm]
    ceiling = _PLOT_HEIGHT
    for arm in reversed(rising):
        put[arm] = min(put[arm], ceiling)
        ceiling = put[arm] - _LINE
    return [round(own[arm] - put[arm]) if arm in put else 0 for arm in range(len(ends))]


def _thin(key: str, kind: str, colour: str, width: int = 2) -> dict[str, Any]:
    """A line of lesser rank, without a name."""
    return {
        "id": key,
        "type": "line",
        "data": [],
        "showSymbol": False,
        "silent": True,
        "color": colour,
        "lineStyle": {"width": width, "type": kind, "color": colour},
    }


def _before(arm: int) -> dict[str, Any]:
    """How the path ran before the last change."""
    return _thin(f"before{arm}", "solid", COLOURS[arm], 1) | {
        "lineStyle": {"width": 1.5, "color": COLOURS[arm], "opacity": 0.55}
    }


def _sketch(arm: int) -> dict[str, Any]:
    """What the room thinks will happen."""
    return _thin(f"sketch{arm}", "dotted", COLOURS[arm], 3) | {
        "showSymbol": True,
        "symbol": "diamond",
        "symbolSize": 9,
        "z": 6,
    }


def _edge(arm: int) -> dict[str, Any]:
    """The lower end of a band, not seen."""
    line = _thin(f"low{arm}", "solid", COLOURS[arm])
    return line | {"stack": f"band{arm}", "lineStyle": {"opacity": 0}, "z": 1}


def _band(arm: int) -> dict[str, Any]:
    """A band: its height upon the lower end."""
    return _edge(arm) | {"id": f"band{arm}", "areaStyle": {"color": COLOURS[arm], "opacity": 0.16}}


def _branch(place: int) -> dict[str, Any]:
    """What the room did not choose, with its number and name at its end."""
    return _thin(f"branch{place}", "dashed", BRANCH, 3) | {
        "z": 6,
        "lineStyle": {"width": 3, "type": list(BRANCH_DASHES[place]), "color": BRANCH},
        "endLabel": _end(BRANCH, 13),
    }


def _end(colour: str, size: int) -> dict[str, Any]:
    """The last value of a line and its name."""
    return {
        "show": True,
        "width": _ROOM_FOR_LABELS - 10,
        "overflow": "truncate",
        "color": colour,
        "fontSize": size,
        "fontWeight": "bold",
        "backgroundColor": "rgba(255,255,255,0.85)",
        ":formatter": _value_and_name(),
    }


def _target() -> dict[str, Any]:
    """The line to reach."""
    return _thin("target", "dashed", "#000000") | {"z": 4}


def band_series(arm: int, band: Band | None) -> list[dict[str, Any]]:
    """A band's two series; empty ones take it away."""
    low = [] if band is None else points(band.low.tolist())
    high = [] if band is None else points((band.high - band.low).tolist())
    return [{"id": f"low{arm}", "data": low}, {"id": f"band{arm}", "data": high}]
