"""Numbers of a place on its page: each with its mark, value, year, range, grade, source and note.

A reader can follow every number: its source is a link to an entry of `docs/reference/sources.md`,
or the word *assumption*.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.generate_docs import short_name, table
from parley.place_context import CONTEXT
from parley.registry import ASSUMPTION
from parley.scenario_types import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from parley.place import PlaceFile
    from parley.reading import Quantity
    from parley.registry import Registry

FACT = "● sourced"
"""Mark of what was read in a source or derived from one."""
OPEN = "○ *assumption*"
"""Mark of what nobody has measured here, or what could not be looked up."""

SOURCES = "../reference/sources.md"

_HEAD = ("", "What", "Value", "Unit", "Year", "Range", "Grade", "Source", "Note")
_MOST_OPEN = 8
_SECTIONS = (
    ("facts", "The company, the state and the people at the start"),
    ("parameters", "Numbers of the model that differ here"),
    ("producing_area_share", "Who receives the royalty"),
    ("groups", "Groups"),
    ("tags", "Tags, which cut across groups"),
    ("events", "Sizes and lengths of dated events"),
    ("context", "Where the place stands among others; read by no rule"),
)
_FIELDS = {
    "share": "share of residents",
    "status": "local standing",
    "income_ratio": "income relative to the median",
    "needs": "weights of needs",
    "near_share": "share living in the nearer half",
    "affiliated_share": "share in an organisation",
    "status_factor": "multiplies local standing",
    "income_factor": "multiplies income",
    "known_factor": "multiplies the chance of being known to those who invite",
    "magnitude": "size",
    "months": "length",
}
_INDEX = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What a page is made from.

    Attributes:
        key: Key of the place.
        file: The place, read.
        raw: Its file, parents merged in.
        registry: The registry.
    """

    key: str
    file: PlaceFile
    raw: Mapping[str, Any]
    registry: Registry


def is_fact(source: str, grade: str) -> bool:
    """Whether something rests on a source and not on an assumption.

    >>> is_fact("archila_2021", "measured"), is_fact("assumption", "expert")
    (True, False)
    """
    return ASSUMPTION not in (source, grade)


def mark(source: str, grade: str) -> str:
    """The mark that tells facts from assumptions."""
    return FACT if is_fact(source, grade) else OPEN


def source_cell(source: str, registry: Registry) -> str:
    """Links to the entries of the page of sources, or the word `assumption`."""
    return "; ".join(
        ASSUMPTION
        if key == ASSUMPTION
        else f"[{short_name(registry.references[key])}]({SOURCES}#{key})"
        for key in source.split("; ")
    )


def anchor(key: str) -> str:
    """Where on the page a number stands.

    >>> anchor("events[3].magnitude")
    'events.3.magnitude'
    """
    return _INDEX.sub(r".\1", key)


def number_link(key: str, words: str) -> str:
    """A link to the row of a number on the same page."""
    return f"[{words}](#{anchor(key)})"


def number_tables(page: PlacePage) -> str:
    """Every number of the place, one table for each part of the file."""
    parts = [_price(page)]
    for start, title in _SECTIONS:
        chosen = [q for q in page.file.quantities if _INDEX.split(q.key)[0].split(".")[0] == start]
        if chosen:
            rows = (_row(quantity, page) for quantity in chosen)
            parts.append(f"### {title}\n\n{table(_HEAD, rows)}")
    return "\n\n".join(parts)


def counts(quantities: Iterable[Quantity]) -> tuple[int, int]:
    """How many numbers are facts, and how many are assumptions."""
    facts = [is_fact(quantity.source, quantity.grade) for quantity in quantities]
    return sum(facts), len(facts) - sum(facts)


def most_open(quantities: Sequence[Quantity], most: int = _MOST_OPEN) -> list[Quantity]:
    """The assumptions with the widest range relative to their value, the widest first."""
    found = [q for q in quantities if not is_fact(q.source, q.grade) and relative_range(q) > 0.0]
    return sorted(found, key=lambda quantity: (-relative_range(quantity), quantity.key))[:most]


def relative_range(quantity: Quantity) -> float:
    """Width of the stated range relative to the value; 0 without a range or at a value of 0."""
    value = quantity.value
    if quantity.low is None or quantity.high is None or not isinstance(value, int | float):
        return 0.0
    return (quantity.high - quantity.low) / abs(value) if value else 0.0


def name_of(quantity: Quantity, page: PlacePage) -> str:
    """What a number is, in words."""
    head, *rest = quantity.key.split(".")
    parameters = page.registry.parameters
    if head == "facts":
        label = parameters[f"place.{rest[0]}"].label
        return f"{label}: {_words(rest[1])}" if rest[1:] else label
    if head == "parameters":
        return parameters[".".join(rest)].label
    if head == "context":
        return CONTEXT[rest[0]].label if rest[0] in CONTEXT else _words(rest[0])
    if head in ("groups", "tags"):
        label = str(page.raw[head][rest[0]]["label"])
        need = f", {_words(rest[2])}" if rest[2:] else ""
        return f"{label}: {_FIELDS.get(rest[1], _words(rest[1]))}{need}"
    return _name_in_list(quantity.key, page)


def _name_in_list(key: str, page: PlacePage) -> str:
    """What a number of a repeated table is: of an event or of a step of the royalty rule."""
    head, _, name = key.partition(".")
    match = _INDEX.search(head)
    if match is None:
        return key
    entry = page.raw[head.partition("[")[0]][int(match.group(1))]
    if "label" in entry:
        return f"{entry['label']}: {_FIELDS.get(name, name)}"
    return f"Part of the royalty that stays in the producing area, from {entry['from']}"


def value_text(quantity: Quantity, page: PlacePage) -> str:
    """The value, or one value for each kind of need or group, with names."""
    value = quantity.value
    if not isinstance(value, tuple):
        return plain(value)
    of_groups = quantity.key.startswith("tags.")
    names = [g.label for g in page.file.place.groups] if of_groups else list(map(_words, NEEDS))
    return "<br>".join(f"{name} {plain(v)}" for name, v in zip(names, value, strict=True))


def plain(value: object) -> str:
    """A number as a reader would write it.

    >>> plain(2.53e9), plain(0.05), plain(20000.0)
    ('2,530,000,000', '0.05', '20,000')
    """
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def unit(quantity: Quantity) -> str:
    """The unit; a number without one is told so."""
    return "(no unit)" if quantity.unit == "-" else quantity.unit


def _row(quantity: Quantity, page: PlacePage) -> tuple[str, ...]:
    """One number, with an anchor that other parts of the page lead to."""
    ends = (quantity.low, quantity.high)
    none = "exact" if quantity.exact else "–"
    name = f'<a id="{anchor(quantity.key)}"></a>{name_of(quantity, page)}'
    return (
        mark(quantity.source, quantity.grade),
        name,
        value_text(quantity, page),
        unit(quantity),
        quantity.year or "–",
        none if None in ends else " to ".join(map(plain, ends)),
        quantity.grade,
        source_cell(quantity.source, page.registry),
        " ".join(quantity.note.split()),
    )


def _price(page: PlacePage) -> str:
    """The price record that a run replays, and the months it is held against."""
    price = page.raw["price"]
    source, grade = str(price["source"]), str(price["grade"])
    row = (
        mark(source, grade),
        '<a id="price"></a>Price that is replayed',
        f"`{price['series']}`",
        "log of the price over its mean",
        f"{price['reference_from']} to {price['reference_to']}",
        "–",
        grade,
        source_cell(source, page.registry),
        " ".join(str(price.get("note", "")).split()),
    )
    return f"### The price of what is sold\n\n{table(_HEAD, [row])}"


def _words(key: str) -> str:
    """A key as words."""
    return "health and water" if key == "health_water" else key.replace("_", " ")
