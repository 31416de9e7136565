"""Charts of a session for paper: one outcome, one line a column, as SVG with labels at the lines.

The page draws its own charts; these are the same numbers for a printed sheet, without a browser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from parley.errors import OptionError
from parley.model import PartneringModel
from parley.registry import load_registry
from parley_workshop import sketches
from parley_workshop.board import LETTERS
from parley_workshop.figures import number
from parley_workshop.observe import look, open_up
from parley_workshop.scenarios import scenario_of
from parley_workshop.sheets import Chart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley_workshop.board import Board
    from parley_workshop.frames import Frame, Opening
    from parley_workshop.said import Key
    from parley_workshop.session import Target
    from parley_workshop.sketches import Path
    from parley_workshop.words import Words

COLOURS = ("#0072B2", "#D55E00", "#009E73")
"""Told apart by people who are colour-blind (Okabe and Ito); each has its dashes besides."""
DASHES = ("", "9 4", "2 3")
SHOWN = ("trust_company", "grievance_at_company", "benefit", "active_share")

_WIDTH, _HEIGHT = 420.0, 270.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 48.0, 62.0, 24.0, 44.0
_LETTER_HEIGHT, _NAME_HEIGHT = 22.0, 16.0


@dataclass(frozen=True, slots=True)
class Line:
    """One column's path.

    Attributes:
        label: Short label, drawn at the end of the line.
        values: One value a month; NaN where there is none.
        sketch: What the room had predicted, (month, value) points; months count from 0.
    """

    label: str
    values: Sequence[float]
    sketch: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """What a room had drawn before it saw, for the group that is shown.

    Attributes:
        sketches: (column, outcome) -> what it had predicted.
        targets: Outcome -> the line to reach.
    """

    sketches: Mapping[tuple[int, str], Sequence[tuple[float, float]]] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)


def marks_of(predictions: Mapping[Key, Path], target: Target | None, group: str) -> Marks:
    """What was drawn for a group, and for the whole site.

    Args:
        predictions: Every path that the room has sketched.
        target: The line to reach, if there is one.
        group: Key of the reporting group that is shown.
    """
    ours = target is not None and target.group == sketches.whose(target.outcome, group)
    targets = {target.outcome: target.value} if target is not None and ours else {}
    return Marks(sketches.of_group(predictions, group), targets)


def run_board(board: Board) -> list[list[Frame]]:
    """Run every column of a board here and now; see `run_whole`."""
    return run_whole(board)[1]


def run_whole(board: Board) -> tuple[Opening, list[list[Frame]]]:
    """Run every column of a board here and now, for a sheet without a page.

    Returns:
        What is known before the first month, and the months of each column.

    Raises:
        ScenarioError: Something on the board is unknown or out of range.
    """
    columns: list[list[Frame]] = []
    opening: Opening | None = None
    for arm in range(len(board.arms)):
        model = PartneringModel(scenario_of(board, arm), board.seed, board.replicate)
        opening = opening or open_up(model, arm)
        frames = []
        for _ in range(board.months):
            model.step()
            frames.append(look(model, arm))
        columns.append(frames)
    if opening is None:
        raise OptionError("a board without columns cannot be run; add one")
    return opening, columns


def charts_of(
    board: Board,
    columns: Sequence[Sequence[Frame]],
    words: Words,
    outcomes: Sequence[str] = SHOWN,
    *,
    group: int = 0,
    group_label: str = "",
    drawn: Marks | None = None,
) -> tuple[Chart, ...]:
    """The charts of a session.

    Args:
        board: What the room ended with.
        columns: Months of each column that were shown.
        words: The room's language.
        outcomes: What is drawn; their words are in the catalogue.
        group: Index of the reporting group; outcomes of the whole site are
            drawn for everybody.
        group_label: Its name, put into the captions of outcomes that have a value for it; empty
            for everybody.
        drawn: What the room had drawn before it saw.
    """
    drawn = drawn or Marks()
    decided = sorted({c.month for arm in board.arms for c in arm.changes if c.decision})
    known = {one.name: one for one in load_registry().outcomes}
    charts = []
    for outcome in outcomes:
        lines, apart = [], known[outcome].level == "group"
        for at, frames in enumerate(columns):
            values = [frame.values[outcome][group if apart else 0] for frame in frames]
            sketch = drawn.sketches.get((at, outcome), ())
            lines.append(Line(LETTERS[at], values, sketch))
        caption = words(f"outcome.{outcome}.label")
        caption += f" · {group_label}" if group_label and apart else ""
        labels = (words(f"outcome.{outcome}.unit"), words("kit.years"), words("kit.my_sketch"))
        near, target = known[outcome].near_tautological, drawn.targets.get(outcome)
        named = None
        if target is not None:
            named = target, words("sheet_said.line", value=words.number(target))
        picture = chart_svg(lines, labels, decided, words.language, named)
        charts.append(Chart(caption, picture, near=near))
    return tuple(charts)


def chart_svg(
    lines: Sequence[Line],
    labels: tuple[str, str, str],
    marks: Sequence[int] = (),
    language: str = "en",
    target: tuple[float, str] | None = None,
) -> bytes:
    """One chart.

    Args:
        lines: At most three.
        labels: Unit of the values, name of the years, name of a sketch.
        marks: Months in which something was decided, drawn as dotted lines.
        language: Language that numbers are written in.
        target: Where the line to reach lies, and what it is called.
    """
    ends_of_lines = [len(line.values) for line in lines]
    ends_of_lines += [math.ceil(month) + 1 for line in lines for month, _ in line.sketch]
    months = max(12, *ends_of_lines)
    low, high, step = _scale(lines, () if target is None else target[:1])

    def x(month: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * month / months

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    parts = _axes((low, high, step), months, labels, language)
    for month in marks:
        ends_of_mark = f'y1="{_TOP:.1f}" y2="{_HEIGHT - _BOTTOM:.1f}"'
        where = f'x1="{x(month):.1f}" x2="{x(month):.1f}" {ends_of_mark}'
        parts.append(f'<line {where} stroke="#777" stroke-width="0.8" stroke-dasharray="1 3"/>')
    if target is not None:
        parts += _target(y(target[0]), target[1])
    ends: list[tuple[float, str, str]] = []
    drawn: list[tuple[float, float, str, str]] = []
    for line, colour, dash in zip(lines, COLOURS, DASHES, strict=False):
        for run in _runs(line.values):
            points = " ".join(f"{x(m + 1):.1f},{y(v):.1f}" for m, v in run)
            parts.append(_polyline(points, colour, 3.0, dash))
        known = [value for value in line.values if math.isfinite(value)]
        if known:
            ends.append((y(known[-1]), line.label, colour))
        if line.sketch:
            points = " ".join(f"{x(at + 1):.1f},{y(v):.1f}" for at, v in line.sketch)
            parts.append(_polyline(points, colour, 1.6, "4 2 1 2"))
            last, value = line.sketch[-1]
            drawn.append((y(value) - 4, x(last + 1) - 2, f"{line.label} {labels[2]}", colour))
    parts += _names_of_sketches(drawn)
    for height, label, colour in spread(ends):
        parts.append(_text(_WIDTH - _RIGHT + 8, height + 7, label, colour, size=22, bold=True))
    size = f'width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"'
    body = "".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>'.encode()


def _polyline(points: str, colour: str, width: float, dash: str) -> str:
    style = f'fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-dasharray="{dash}"'
    return f'<polyline points="{points}" {style}/>'


def _target(height: float, label: str) -> list[str]:
    """The line to reach, named at its left end."""
    ends = f'x1="{_LEFT:.1f}" x2="{_WIDTH - _RIGHT:.1f}" y1="{height:.1f}" y2="{height:.1f}"'
    line = f'<line {ends} stroke="#000" stroke-width="1.6" stroke-dasharray="7 4"/>'
    below = height < _TOP + _NAME_HEIGHT  # above it stands the unit
    at = height + _NAME_HEIGHT if below else height - 4
    return [line, *_on_lines(_LEFT + 4, at, label, "#000", "start")]


def _names_of_sketches(ends: Sequence[tuple[float, float, str, str]]) -> list[str]:
    """Names left of the ends of sketches, so that none covers another or a column's letter.

    Args:
        ends: Height, where the name ends, name, colour.
    """
    parts: list[str] = []
    above = -math.inf
    placed = []
    for height, right, label, colour in sorted(ends):
        above = max(height, above + _NAME_HEIGHT, _TOP + _NAME_HEIGHT)
        placed.append((above, right, label, colour))
    excess = max(0.0, above - (_HEIGHT - _BOTTOM))
    for height, right, label, colour in placed:
        parts += _on_lines(right, height - excess, label, colour, "end")
    return parts


def _on_lines(x: float, y: float, text: str, colour: str, anchor: str) -> list[str]:
    """Text on a ground of its own, to be read where lines pass."""
    ground = _text(x, y, text, "#fff", anchor=anchor)
    halo = ground.replace("<text ", '<text stroke="#fff" stroke-width="4" ', 1)
    return [halo, _text(x, y, text, colour, anchor=anchor)]


def spread(ends: Sequence[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """Labels at the ends of lines, moved apart so that none covers another; inside the chart.

    >>> [round(at) for at, _, _ in spread([(50.0, "A", ""), (50.0, "B", "")])]
    [50, 72]
    """
    placed: list[tuple[float, str, str]] = []
    for at, label, colour in sorted(ends):
        lowest = placed[-1][0] + _LETTER_HEIGHT if placed else _TOP
        placed.append((max(at, lowest), label, colour))
    excess = placed[-1][0] - (_HEIGHT - _BOTTOM) if placed else 0.0
    return [(at - max(0.0, excess), label, colour) for at, label, colour in placed]


def _scale(lines: Sequence[Line], more: Sequence[float]) -> tuple[float, float, float]:
    """Lower end, upper end and step of the axis; 0 is always on it."""
    values = [v for line in lines for v in line.values if math.isfinite(v)]
    values += [*more, *(v for line in lines for _, v in line.sketch)]
    low, high = min([0.0, *values]), max([0.0, *values])
    if high - low < 1e-9:
        high = low + 1.0
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(k * power for k in (1.0, 2.0, 2.5, 5.0, 10.0) if k * power >= rough * 0.999)
    return step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9), step


def _axes(
    scale: tuple[float, float, float], months: int, labels: tuple[str, str, str], language: str
) -> list[str]:
    (low, high, step) = scale
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for k in range(round((high - low) / step) + 1):
        value = low + k * step
        at = _TOP + (bottom - _TOP) * (high - value) / (high - low)
        colour = "#1b1b1b" if abs(value) < step / 1e6 else "#cfcfcf"
        ends = f'x1="{_LEFT:.1f}" x2="{right:.1f}" y1="{at:.1f}" y2="{at:.1f}"'
        parts.append(f'<line {ends} stroke="{colour}" stroke-width="0.7"/>')
        parts.append(
            _text(
                _LEFT - 6,
                at + 5,
                number(0.0 if abs(value) < step / 1e6 else value, language, 4),
                anchor="end",
            )
        )
    years = max(1, -(-months // 12))
    every = 1 if years <= 6 else 2 if years <= 12 else 5
    for year in range(0, years + 1, every):
        at = _LEFT + (right - _LEFT) * min(1.0, 12 * year / months)
        parts.append(_text(at, bottom + 18, str(year), anchor="middle"))
    parts.append(_text((_LEFT + right) / 2, bottom + 38, labels[1], anchor="middle"))
    parts.append(_text(4, _TOP - 8, labels[0], "#5c5c5c"))
    return parts


def _runs(values: Sequence[float]) -> list[list[tuple[int, float]]]:
    """Stretches of months that have a value."""
    runs: list[list[tuple[int, float]]] = [[]]
    for month, value in enumerate(values):
        if math.isfinite(value):
            runs[-1].append((month, value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _text(
    x: float,
    y: float,
    text: str,
    colour: str = "#1b1b1b",
    *,
    anchor: str = "start",
    size: int = 16,
    bold: bool = False,
) -> str:
    style = f'font-family="Libertinus Serif" font-size="{size}" fill="{colour}"'
    weight = ' font-weight="bold"' if bold else ""
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f"<text {where} {style}{weight}>{escape(text)}</text>"
