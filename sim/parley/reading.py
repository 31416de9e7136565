"""Takes typed values out of TOML tables and keeps every problem, not only the first.

A `Reading` belongs to one file and collects its problems and its sourced numbers. A `Table` is one
TOML table of that file: it hands out typed values, remembers which keys were asked for, and refuses
the others at the end. A value that is wrong is noted and replaced by a harmless one, so that the
rest of the file can still be checked; `Reading.stop_if_wrong` then raises them all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from parley.errors import Problem, ScenarioError, did_you_mean

GRADES = ("measured", "estimated elsewhere", "expert", "assumption")
"""How well a number is known, best first."""

_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_LONGEST_SHOWN = 60
_LARGEST_NUMBER = 1e300
_PROVENANCE = 'source = "assumption", grade = "assumption" }'
_QUANTITY_KEYS = ("value", "unit", "source", "grade", "year", "note", "range", "why")


class Rule(Protocol):
    """What one number may be; a `registry.Parameter` is one."""

    @property
    def unit(self) -> str:
        """Unit of the number."""

    @property
    def allowed(self) -> str:
        """What is allowed, in words and with the unit."""

    def allows(self, value: object) -> bool:
        """Whether a value is allowed."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rule for numbers that the registry does not list.

    Attributes:
        minimum: Smallest allowed value.
        maximum: Largest allowed value.
        unit: Unit.
        integer: Whether only whole numbers are allowed.
        above: Whether the minimum itself is excluded.
    """

    minimum: float
    maximum: float
    unit: str
    integer: bool = False
    above: bool = False

    @property
    def allowed(self) -> str:
        """What is allowed, in words and with the unit.

        >>> Bounds(1, 1200, "months", integer=True).allowed
        'a whole number from 1 to 1200 (months)'
        """
        noun = "a whole number" if self.integer else "a number"
        low = (
            f"above {self.minimum:.10g} and up to" if self.above else f"from {self.minimum:.10g} to"
        )
        return f"{noun} {low} {self.maximum:.10g} ({self.unit})"

    def allows(self, value: object) -> bool:
        """Whether a value is a finite number, whole where it must be, and inside the bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if self.integer and not isinstance(value, int):
            return False
        return self.minimum <= value <= self.maximum and not (self.above and value == self.minimum)


SHARE = Bounds(0.0, 1.0, "share")
"""The rule for a share of something."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number together with where it comes from.

    Attributes:
        key: Dotted key in its file.
        value: The number, or one number per kind of need or per group.
        unit: Unit.
        source: Keys of references, or `assumption`.
        grade: One of `GRADES`.
        year: Year or span the value refers to, else empty.
        note: Arithmetic or caveats, else empty.
        low: Lower end of the plausible range, None when not stated.
        high: Upper end of the plausible range, None when not stated.
        exact: Whether the file says that the number has no range: a law, a count, a date.
    """

    key: str
    value: object
    unit: str
    source: str
    grade: str
    year: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None
    exact: bool = False


@dataclass
class Reading:
    """One file being read.

    Attributes:
        file: Name of the file, as shown in messages.
        sources: Keys of the references a number may name.
        sourced: Whether every number must say where it comes from.
    """

    file: str
    sources: frozenset[str] = frozenset()
    sourced: bool = False
    problems: list[Problem] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)

    def fail(
        self, key: str, value: object, message: str, allowed: str = "", next_step: str = ""
    ) -> None:
        """Note that a value is wrong."""
        self.problems.append(Problem(self.file, key, _short(value), message, allowed, next_step))

    def absorb(self, error: ScenarioError) -> None:
        """Take over the problems of another file that this one needs."""
        self.problems += [p for p in error.problems if p not in self.problems]

    def stop_if_wrong(self) -> None:
        """Raise everything that was wrong.

        Raises:
            ScenarioError: At least one value was wrong.
        """
        if self.problems:
            raise ScenarioError(self.problems)


@dataclass
class Table:
    """One TOML table of a file being read."""

    reading: Reading
    data: Mapping[str, Any]
    at: str = ""
    asked: set[str] = field(default_factory=set)

    def key(self, name: str) -> str:
        """Dotted key of an entry, for messages."""
        return f"{self.at}.{name}" if self.at else name

    def has(self, name: str) -> bool:
        """Whether the key is there; asking makes it a known key."""
        self.asked.add(name)
        return name in self.data

    def fail(self, name: str, message: str, allowed: str = "", next_step: str = "") -> None:
        """Note that the value under `name` is wrong."""
        key = self.key(name) if name else self.at
        self.reading.fail(key, self.data.get(name), message, allowed, next_step)

    def _missing(self, name: str, allowed: str) -> bool:
        """Whether a required key is absent, which is then noted."""
        if self.has(name):
            return False
        self.fail(name, "is missing", allowed)
        return True

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required when there is no default."""
        if not self.has(name) and default is not None:
            return default
        if self._missing(name, "text"):
            return ""
        value = self.data[name]
        if isinstance(value, str) and (value.strip() or default is not None):
            return value
        self.fail(name, "expected text" if not isinstance(value, str) else "is empty", "text")
        return ""

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """One of a few words."""
        allowed = " or ".join((", ".join(choices[:-1]), choices[-1])) if choices[1:] else choices[0]
        if not self.has(name) and default is not None:
            return default
        if self._missing(name, allowed):
            return choices[0]
        value = self.data[name]
        if isinstance(value, str) and value in choices:
            return value
        hint = did_you_mean(value, choices) if isinstance(value, str) else ""
        self.fail(name, "is not one of the known words", allowed, hint)
        return choices[0]

    def boolean(self, name: str, default: bool | None = None) -> bool:
        """True or false."""
        if not self.has(name) and default is not None:
            return default
        if self._missing(name, "true or false"):
            return False
        value = self.data[name]
        if not isinstance(value, bool):
            self.fail(name, f"expected true or false, not {_kind(value)}", "true or false")
        return value is True

    def integer(self, name: str, rule: Rule, default: int) -> int:
        """A whole number without a source, such as the length of a run."""
        return int(self.number(name, rule, default)) if self.has(name) else default

    def number(self, name: str, rule: Rule, default: float | None = None) -> float:
        """A number, or a table `{ value, unit, source, grade, year, note, range }`."""
        if not self.has(name):  # what is allowed is put into words only where it is needed
            if default is None:
                self.fail(name, "is missing", rule.allowed)
            return 0.0 if default is None else default
        raw = self.data[name]
        if isinstance(raw, Mapping):
            return self._quantity(name, rule)
        if self.reading.sourced and _is_number(raw):
            step = f'write {{ value = {_short(raw)!r}, unit = "{rule.unit}", ' + _PROVENANCE
            self.fail(name, "a number of a place needs its source", "", step)
        return check_number(self.reading, self.key(name), raw, rule)

    def _quantity(self, name: str, rule: Rule) -> float:
        """A number with its source, kept among the quantities of the file."""
        inner = self.quantity_table(name, rule.unit)
        if not inner.has("value"):
            inner.fail("value", "is missing", rule.allowed)
            return 0.0
        value = check_number(self.reading, inner.key("value"), inner.data["value"], rule)
        self.keep_quantity(name, inner, value, rule.unit)
        return value

    def quantity_table(self, name: str, unit: str) -> Table:
        """The table of a sourced number, with its unit checked."""
        inner = Table(self.reading, self.data[name], self.key(name))
        given = inner.text("unit", None if self.reading.sourced else unit)
        if given and given != unit:
            inner.fail("unit", "is the wrong unit", unit, "convert the value or correct the unit")
        return inner

    def keep_quantity(self, name: str, inner: Table, value: object, unit: str) -> None:
        """Check where a number comes from and keep it with its source."""
        optional = None if self.reading.sourced else ""
        source = inner.text("source", optional)
        inner.check_source("source", source)
        likely = "assumption" if source in ("", "assumption") else "estimated elsewhere"
        before = len(self.reading.problems)
        grade = inner.choice("grade", GRADES, None if self.reading.sourced else likely)
        published = grade in ("measured", "estimated elsewhere")
        fits = published != (source == "assumption") or not source
        if not fits and len(self.reading.problems) == before:
            inner.fail(
                "grade",
                f"does not fit the source {source!r}",
                "",
                'a published number is "measured" or "estimated elsewhere", an unpublished '
                'one has source = "assumption" and grade = "assumption" or "expert"',
            )
        low, high = _range(inner)
        year = str(inner.data["year"]) if inner.has("year") else ""
        note = inner.text("note", "") or inner.text("why", "")
        inner.close(_QUANTITY_KEYS)
        known = source, grade, year, note, low, high, inner.data.get("range") == "exact"
        self.reading.quantities.append(Quantity(self.key(name), value, unit, *known))

    def check_source(self, name: str, source: str) -> None:
        """Hold a source against the references; the empty one was noted or is allowed."""
        known = self.reading.sources
        for key in source.split("; ") if source else ():
            if key not in known and (key != "assumption" or source != key):
                allowed = 'keys of references.toml joined by "; ", or "assumption" alone'
                self.fail(name, f"there is no reference {key!r}", allowed, did_you_mean(key, known))

    def month(self, name: str, default: date | None = None) -> date:
        """A date `YYYY-MM` or `YYYY-MM-DD`; the first of the month when no day is given."""
        if not self.has(name) and default is not None:
            return default
        if self._missing(name, _DATES):
            return date(2000, 1, 1)
        return check_date(self.reading, self.key(name), self.data[name])

    def table(self, name: str) -> Table:
        """A table; an empty one when it is absent or wrong."""
        raw = self.data[name] if self.has(name) else {}
        if not isinstance(raw, Mapping):
            self.fail(name, f"expected a table, not {_kind(raw)}", f"[{self.key(name)}]")
            raw = {}
        return Table(self.reading, raw, self.key(name))

    def named_tables(self, name: str) -> list[tuple[str, Table]]:
        """Tables inside a table, each with its key."""
        outer = self.table(name)
        found = []
        for key in outer.data:
            if not _KEY.fullmatch(key):
                outer.fail(key, "is not a usable name", "lower-case letters, digits, underscores")
            found.append((key, outer.table(key)))
        return found

    def list_of_tables(self, name: str) -> list[Table]:
        """Repeated tables `[[name]]`."""
        raw = self.data[name] if self.has(name) else []
        if not isinstance(raw, list) or not all(isinstance(item, Mapping) for item in raw):
            self.fail(name, "expected repeated tables", f"[[{self.key(name)}]]")
            return []
        return [Table(self.reading, item, f"{self.key(name)}[{i}]") for i, item in enumerate(raw)]

    def close(self, known: Iterable[str] = ()) -> None:
        """Refuse keys that nobody asked for."""
        known = [*dict.fromkeys((*known, *sorted(self.asked)))]
        for name in self.data:
            if name not in self.asked:
                hint = did_you_mean(name, known)
                self.fail(name, "is an unknown key", "" if hint else ", ".join(known), hint)


_DATES = 'a month such as "2012-01", from 1800-01 to 2199-12'


def check_number(reading: Reading, key: str, value: object, rule: Rule) -> float:
    """One number held against its rule; 0 when it is wrong."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        reading.fail(key, value, f"expected a number, not {_kind(value)}", rule.allowed)
    elif isinstance(value, float) and not math.isfinite(value):
        reading.fail(key, value, "is not a finite number", rule.allowed)
    elif abs(value) > _LARGEST_NUMBER or not rule.allows(value):
        reading.fail(key, value, "is out of range", rule.allowed)
    else:
        return float(value) + 0.0  # no negative zero: it would be another identity
    return 0.0


def check_date(reading: Reading, key: str, value: object) -> date:
    """One date; the year 2000 when it is wrong."""
    if isinstance(value, date) and not isinstance(value, datetime):
        found: date | None = value
    else:
        match = _MONTH.fullmatch(value) if isinstance(value, str) else None
        try:
            found = date(*(int(part) for part in match.groups("1"))) if match else None
        except ValueError:
            found = None
    if found is not None and 1800 <= found.year < 2200:
        return found
    reading.fail(key, value, "is not a date", _DATES)
    return date(2000, 1, 1)


def _range(inner: Table) -> tuple[float | None, float | None]:
    """The plausible range of a number, if it states one."""
    if not inner.has("range"):
        return None, None
    raw = inner.data["range"]
    if raw == "exact":
        return None, None
    if isinstance(raw, list) and len(raw) == 2 and all(_is_number(end) for end in raw):
        low, high = raw
        if -_LARGEST_NUMBER < low <= high < _LARGEST_NUMBER:
            return float(low), float(high)
    allowed = 'two numbers, the lower one first: [0.1, 0.4], or "exact"'
    inner.fail("range", "is not a range", allowed)
    return None, None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: object) -> str:
    """What a TOML value is, in words."""
    names = {bool: "true or false", str: "text", list: "a list", int: "a whole number"}
    return names.get(type(value), "a table" if isinstance(value, Mapping) else "this")


def _short(value: object) -> object:
    """A value as messages show it: long ones are cut, tables are left out."""
    if isinstance(value, Mapping | list):
        return None
    if isinstance(value, int | str) and len(repr(value)) > _LONGEST_SHOWN:
        return repr(value)[:_LONGEST_SHOWN] + "..."
    return value
