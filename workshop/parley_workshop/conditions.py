"""When a dilemma comes up: a closed set of comparisons with what the page knows of a stack.

A condition looks at the months of one column up to a given one and at nothing else. It reads what
was measured, never a regime's name, and changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.practice_types import DIALS
from parley.reading import Bounds
from parley.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from parley.reading import Table
    from parley_workshop.frames import Frame

LEVELS = ("announced", "funded", "executed")
"""The three levels of a dial, in the order of `Frame.practices`."""

HAPPENINGS = (
    *("petition", "march", "blockade", "violence", "response", "force", "reprisal", "standoff"),
    *("turnover", "vote", "government_changes", "joined", "left", "ended", "practices_change"),
    *("delivered", "diversion_found", "findings", "intervention_cost", "apology", "expulsion"),
    "intervention_unpaid",
    *("changed", "adopted", "abandoned", "suspended", "reopened", "sold", "closed"),
    *("near_miss", "warning_heeded", "warning_ignored", "catastrophe", "claim_filed", "liability"),
    *("settlement_granted", "settlement_paid", "settlement_reversed", "clean_up"),
)
"""Kinds of events that the model records; a test holds the list against the model's sources."""

_EVER = Bounds(0, 359, "month of the run", integer=True)
_MONTHS = Bounds(1, 360, "months", integer=True)
_TIMES = Bounds(1, 1000, "times", integer=True)
_LIMIT = Bounds(-1e6, 1e6, "in the unit of what is compared")


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison.

    Attributes:
        what: What is looked at:
            `price`: the price over its reference, in each of the last `months` months;
            `outcome`: the value of the outcome `name` for everybody, in each of those months;
            `dial`: the `level` of the dial `name`, in each of those months;
            `funding`: what is paid for as a share of what is announced, over all dials, in each;
            `happening`: events of the kind `name`, `times` or more in the last `months` months;
            `since`: the latest event of the kind `name` lies exactly or more than `months` back;
            `practices`: at least one practice is announced;
            `month`: the month has come (`month` or later, counted from 0).
        name: Outcome, dial or kind of event.
        target: Whom the event must concern; empty for anybody.
        level: Announced, funded or executed.
        above: Holds above this value; None for no lower limit.
        below: Holds below this value; None for no upper limit.
        months: How many months.
        times: How many events.
        month: From which month.
    """

    what: str
    name: str = ""
    target: str = ""
    level: str = "funded"
    above: float | None = None
    below: float | None = None
    months: int = 1
    times: int = 1
    month: int = 0

    def holds(self, frames: Sequence[Frame], month: int) -> bool:
        """Whether it holds in a month.

        Args:
            frames: The months of one column in order, without gaps; later ones are not looked at.
            month: The month, from 0. A month that is not there yet fulfils nothing.
        """
        if not frames or not frames[0].month <= month <= frames[-1].month:
            return False
        if self.what == "practices":
            now = frames[month - frames[0].month]
            return any(announced > 0.0 for announced, _, _ in now.practices.values())
        past = frames[: month - frames[0].month + 1]
        if self.what == "month":
            return month >= self.month
        if self.what == "happening":
            return sum(map(self._count, past[-self.months :])) >= self.times
        if self.what == "since":
            seen = [frame.month for frame in past if self._count(frame)]
            return bool(seen) and month - seen[-1] >= self.months
        recent = past[-self.months :]
        return len(recent) == self.months and all(self._fits(frame) for frame in recent)

    def _count(self, frame: Frame) -> int:
        return sum(
            one.kind == self.name and self.target in ("", one.target) for one in frame.happenings
        )

    def _fits(self, frame: Frame) -> bool:
        """Whether the value of a month lies within the limits; none, or NaN, does not."""
        value = self._value(frame)
        if math.isnan(value):
            return False
        above = self.above is None or value > self.above
        return above and (self.below is None or value < self.below)

    def _value(self, frame: Frame) -> float:
        match self.what:
            case "price":
                return frame.price
            case "outcome":
                return frame.values.get(self.name, (math.nan,))[0]
            case "dial":
                return frame.practices[self.name][LEVELS.index(self.level)]
            case _:
                announced = sum(levels[0] for levels in frame.practices.values())
                funded = sum(levels[1] for levels in frame.practices.values())
                return funded / announced if announced > 0.0 else math.nan


def read_condition(table: Table) -> Condition:
    """One condition of a dilemma's file; what is wrong with it is noted in the table's reading."""
    what = table.choice("what", tuple(_READERS))
    condition = Condition(what, **_READERS[what](table))
    table.close(("what",))
    return condition


def _limits(table: Table) -> dict[str, Any]:
    """A lower limit, an upper one, or both, and for how long."""
    ends = {
        name: table.number(name, _LIMIT) if table.has(name) else None for name in ("above", "below")
    }
    above, below = ends.values()
    if above is None and below is None:
        table.fail("above", "is missing", "`above`, `below` or both", "say what it is held against")
    elif above is not None and below is not None and below <= above:
        table.fail("below", "is not above the other limit", f"above {above:g}")
    return {**ends, "months": table.integer("months", _MONTHS, 1)}


def _outcome(table: Table) -> dict[str, Any]:
    known = tuple(outcome.name for outcome in load_registry().outcomes)
    return {"name": table.choice("name", known), **_limits(table)}


def _dial(table: Table) -> dict[str, Any]:
    level = table.choice("level", LEVELS, "funded")
    return {"name": table.choice("name", DIALS), "level": level, **_limits(table)}


def _happening(table: Table) -> dict[str, Any]:
    return {
        **_since(table),
        "times": table.integer("times", _TIMES, 1),
    }


def _since(table: Table) -> dict[str, Any]:
    return {
        "name": table.choice("name", HAPPENINGS),
        "target": table.text("target", ""),
        "months": table.integer("months", _MONTHS, 1),
    }


def _month(table: Table) -> dict[str, Any]:
    return {"month": int(table.number("month", _EVER))}


_READERS: Mapping[str, Callable[[Table], dict[str, Any]]] = {
    "price": _limits,
    "outcome": _outcome,
    "dial": _dial,
    "funding": _limits,
    "happening": _happening,
    "since": _since,
    "practices": lambda _: {},
    "month": _month,
}

KINDS = tuple(_READERS)
"""What a condition may look at; `Condition.what` says what each means."""
