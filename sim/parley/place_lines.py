"""How numbers, texts and comments are written into a place file."""

from __future__ import annotations

import json
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parley.place_context import CONTEXT
from parley.reading import SHARE, Bounds, Rule
from parley.registry import load_registry

ASSUMED = "Assumption, to be replaced."
"""The note of a number that nobody has looked up yet."""

ANSWERED = "Assumption: as answered, no source yet."
"""The note of a number that was answered when the file was written."""

_WIDTH = 96
_DIGITS = 6
_LARGEST_PLAIN = 1e15


@dataclass(frozen=True, slots=True)
class Assumed:
    """A number without a source.

    Attributes:
        value: The number, or one for each kind of need or group.
        unit: Unit.
        low: Lower end of its range, None for numbers that must sum to one.
        high: Upper end of its range, None as above.
        note: Why this value.
    """

    value: float | Mapping[str, float]
    unit: str
    low: float | None = None
    high: float | None = None
    note: str = ASSUMED


def rule_of(key: str) -> Rule:
    """What a number of a place file may be, by its dotted key.

    >>> rule_of("facts.security_start.land").allowed
    'six of: a number from 0 to 1 (share of full security)'
    """
    section, name = key.split(".")[:2]
    if section == "facts":
        return load_registry().parameters[f"place.{name}"]
    if section == "parameters":
        return load_registry().parameters[key.removeprefix("parameters.")]
    if section == "context":
        return CONTEXT[name].bounds
    last = key.rpartition(".")[2]
    ratio = last.endswith("_factor") or last == "income_ratio"
    return Bounds(0.0, 10.0, "ratio") if ratio else SHARE


def clipped(value: float, rule: Rule) -> float:
    """A value moved inside what is allowed.

    >>> clipped(1.5, SHARE)
    1.0
    """
    low, high = getattr(rule, "minimum", None), getattr(rule, "maximum", None)
    value = value if low is None else max(value, low)
    value = value if high is None else min(value, high)
    return round(value) if getattr(rule, "integer", False) else value


def number(value: float) -> str:
    """A number as TOML writes it, with six digits at most.

    >>> number(24_000_000.0), number(0.1234567), number(3)
    ('24_000_000', '0.123457', '3')
    """
    if not isinstance(value, int):
        places = _DIGITS - 1 - math.floor(math.log10(abs(value))) if value else 0
        value = round(value, places)
    whole = value == int(value) and abs(value) < _LARGEST_PLAIN
    return f"{int(value):_}" if whole else f"{value:.{_DIGITS}g}"


def text(value: str) -> str:
    r"""A text as TOML writes it.

    >>> print(text('the "old" mine'))
    "the \"old\" mine"
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def block(value: str) -> str:
    """A text of several lines, as TOML writes it."""
    wrapped = textwrap.wrap(" ".join(value.split()), _WIDTH, break_long_words=False)
    escaped = "\n".join(wrapped).replace("\\", "\\\\").replace('"""', '""\\"')
    return f'"""\n{escaped}\n"""'


def comment(*sentences: str) -> list[str]:
    """Lines of a comment."""
    joined = " ".join(sentence for sentence in sentences if sentence)
    return [f"# {line}" for line in textwrap.wrap(joined, _WIDTH - 2, break_on_hyphens=False)]


def heading(words: str) -> list[str]:
    """The line that opens a part of the file."""
    return ["", f"# --- {words} ".ljust(_WIDTH, "-"), ""]


def _value(value: float | Mapping[str, float]) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {number(v)}" for key, v in value.items()) + " }"
    return number(value)


def fields(entry: Assumed) -> list[tuple[str, str]]:
    """What is said of a number, as pairs of key and TOML value."""
    pairs = [
        ("value", _value(entry.value)),
        ("unit", text(entry.unit)),
        ("source", '"assumption"'),
        ("grade", '"assumption"'),
    ]
    if entry.low is not None and entry.high is not None:
        pairs.append(("range", f"[{number(entry.low)}, {number(entry.high)}]"))
    return [*pairs, ("note", text(entry.note))]


def inline(entry: Assumed) -> str:
    """A number and what is said of it, on one line."""
    return joined(fields(entry))


def joined(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs of key and TOML value as one inline table.

    >>> joined([("value", "3"), ("unit", '"count"')])
    '{ value = 3, unit = "count" }'
    """
    return "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"


def lines(parts: Sequence[Sequence[str]]) -> str:
    """Parts of a file, one after the other."""
    return "\n".join(line for part in parts for line in part) + "\n"
