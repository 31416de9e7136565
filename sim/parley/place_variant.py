"""The text of a place file that extends another place and holds only what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from parley.place import PlaceFile, read_place
from parley.place_lines import (
    Assumed,
    block,
    clipped,
    comment,
    heading,
    inline,
    lines,
    rule_of,
    text,
)
from parley.place_template import (
    STORY,
    WORKSHOP,
    assumed,
    price_lines,
    price_parameters,
    starting_values,
)
from parley.reading import Quantity
from parley.scenario_types import NEEDS

_HEAD = """\
A variant, written by `parley new-place`: it holds what differs from {parent} and takes the rest
from there. Below, every number of {parent} stands as a comment; remove the sign of comment in front
of one to give your own. Then name its source, or leave it an assumption. Keep these lines above the
first line in square brackets."""

_ABROAD = """\
{parent} lies in another country. What was measured or derived there is no evidence here, so each
such number is restated as an assumption, to be looked up; its events are left out."""

_LEAST_SPREAD = 0.1
"""Width of the range of a restated zero, in its unit."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs from the place that is extended; None where nothing does.

    Attributes:
        title: Title.
        country: Country.
        start: First month (`YYYY-MM`).
        sells: Series of the price of what the company sells.
        people: Residents of the catchment (persons).
        income: Median income of an adult resident (US$ per month).
        revenue: Revenue of the site at the reference price (US$ per year).
    """

    title: str
    country: str
    start: str | None = None
    sells: str | None = None
    people: float | None = None
    income: float | None = None
    revenue: float | None = None


def variant_text(parent: str | Path, extends: str, changes: Changes) -> str:
    """The whole file of a variant.

    Args:
        parent: The place that is extended, by name or path.
        extends: What the file calls it.
        changes: What differs.

    Raises:
        ScenarioError: The parent is missing or wrong; all problems at once.
    """
    file = read_place(parent, None, "process")
    abroad = changes.country.casefold() != file.place.country.casefold()
    own = _answered(changes)
    if abroad:
        own = {q.key: _restated(q, file, extends) for q in _published(file)} | own
    if changes.sells:  # the price of another good has its own numbers
        own = {key: entry for key, entry in own.items() if not key.startswith("parameters.price.")}
    top = [f"extends = {text(extends)}", f"title = {text(changes.title)}"]
    top += [f"country = {text(changes.country)}"]
    top += [f"start = {text(changes.start)}"] if changes.start else []
    return lines(
        [
            comment(_HEAD.format(parent=extends)),
            comment(_ABROAD.format(parent=extends)) if abroad else [],
            ["", *top, f"story = {block(STORY)}", f"workshop = {block(WORKSHOP)}"],
            *([["events = []"]] if abroad else []),
            _price(changes.sells) if changes.sells else [],
            heading("What differs"),
            [f"{key} = {inline(entry)}" for key, entry in own.items()],
            heading(f"What is taken from {extends}"),
            list(_inherited(file, own, extends)),
            *([_royalties()] if abroad else []),
        ]
    )


def _answered(changes: Changes) -> dict[str, Assumed]:
    """Facts that the answers give."""
    start = starting_values()["facts"]
    given = {
        "catchment_population": changes.people,
        "median_income_usd": changes.income,
        "revenue_usd_per_year": changes.revenue,
    }
    own = {
        f"facts.{name}": assumed(f"facts.{name}", start[name], value)
        for name, value in given.items()
        if value is not None
    }
    if changes.revenue is not None:  # it is the revenue of the site alone
        for name in ("catchment_share", "capital_cost_usd"):
            factor = changes.revenue if name == "capital_cost_usd" else 1.0
            own[f"facts.{name}"] = assumed(f"facts.{name}", start[name], factor)
    return own


def _price(sells: str) -> list[str]:
    """The price of another good, as dotted keys."""
    written = price_lines(sells, "price.")
    for key, said in price_parameters(sells).items():
        written.append(f"{key} = {{ {', '.join(said)} }}")
    return written


def _plain(file: PlaceFile) -> Iterator[Quantity]:
    """Numbers that a variant can set by a dotted key: none inside repeated tables."""
    return (q for q in file.quantities if "[" not in q.key)


def _published(file: PlaceFile) -> Iterator[Quantity]:
    """Numbers that are evidence for the parent and not for a place in another country."""
    return (
        q
        for q in _plain(file)
        if q.grade in ("measured", "estimated elsewhere") and not q.key.startswith("parameters.pr")
    )


def _restated(quantity: Quantity, file: PlaceFile, parent: str) -> Assumed:
    """A number of the parent as an assumption for the new place."""
    rule = rule_of(quantity.key)
    value = _value(quantity, file)
    low, high = quantity.low, quantity.high
    if low is None and not isinstance(value, Mapping):
        low, high = clipped(0.5 * value, rule), clipped(1.5 * value, rule)
        high = high if high > low else clipped(low + _LEAST_SPREAD, rule)
    return Assumed(value, quantity.unit, low, high, f"Assumption: the figure of {parent}.")


def _value(quantity: Quantity, file: PlaceFile) -> float | dict[str, float]:
    """The number, or numbers by kind of need or by group."""
    if not isinstance(quantity.value, tuple):
        return float(str(quantity.value))
    groups = tuple(group.key for group in file.place.groups)
    names = groups if quantity.key.endswith(".share") else NEEDS
    return dict(zip(names, quantity.value, strict=True))


def _inherited(file: PlaceFile, own: Mapping[str, Assumed], parent: str) -> Iterator[str]:
    """What is not said here, each number as a comment ready for use."""
    for quantity in _plain(file):
        if quantity.key not in own:
            rest = Assumed(
                _value(quantity, file), quantity.unit, quantity.low, quantity.high, "Why?"
            )
            yield f"# {quantity.key} = {inline(rest)}"
            source = "" if quantity.source == "assumption" else f", {quantity.source}"
            yield f"#     {parent}: {quantity.grade}{source}"


def _royalties() -> list[str]:
    """The royalty law of another country, as an assumption; it must come last."""
    entry = starting_values()["producing_area"]["share"]
    share = inline(assumed("share.share", entry))
    return ["", "[[producing_area_share]]", 'from = "1990-01"', f"share = {share}"]
