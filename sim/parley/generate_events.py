"""The reference page of dated events, written from the table of kinds and the bundled places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.event_kinds import EVENT_KINDS
from parley.generate_docs import page, table
from parley.place import available_places, read_place
from parley.price_data import month_after, monthly_prices, series_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parley.event_kinds import EventKind
    from parley.reading import Bounds

INTRO = """\
A dated event is something that came to a place from outside, whatever the practices are: a fall
of the price, a peace accord, a pandemic. The kinds below are a closed set; a file that names
another is refused. Each kind changes **one input** of the model. None writes trust, grievance,
protest or value: those are for the model to produce. So what happened between a firm and its
neighbours – a march, a blockade, an agreement, a ruling – is a **note**: readers see it in the
timeline, the model does not. `parley describe events` shows the same list.

Events stand in a place file, where date, size and length each need a source and a grade, or in a
scenario file:

```toml
[[events]]
date = "2014-02"           # month in which it begins
kind = "livelihood_shock"
label = "Drought"
magnitude = 0.7            # outside incomes fall to seven tenths
months = 9
```

**Sizes join.** Sizes that are *added* sum where events overlap; 0 changes nothing. Sizes that are
*multiplied* are a product; 1 changes nothing. A *yes* needs no size. A run with an event of a size
that changes nothing is the run without it, to the last bit.

**Holding.** An event holds for its month alone, for the months it states, for good, or, where both
are possible, for good if it states `months = 0`.

**Before the start and after the end.** An event before the first month of a run has no effect, even
if it would still hold: the numbers of a place are those of its start. It stays in the timeline.
One after the last month has none either, and in a scenario file it is refused; only votes of a
place after the end say from when votes come regularly again.

**Nobody foresees an event**, with two exceptions. Votes are known, as their dates are. And the rent
that a sharing rule is held against is worked out at the start over all dated changes of price,
output and royalty, so that indexing a budget does not change its mean."""

EXAMPLES: dict[str, tuple[str, float, int]] = {
    "price_shock": ("Price falls by a third", -0.4, 12),
    "accident": ("Dam fails", 1.5, 0),
    "peace_accord": ("Peace accord signed", 0.6, 0),
    "violence": ("Fighting on the roads", 2.0, 6),
    "leader_killed": ("Leader killed", 0.3, 0),
    "armed_groups": ("A second armed group arrives", 1.5, 0),
    "protest_wave": ("General strike in the capital", 0.1, 2),
    "contact_ban": ("Pandemic: meetings banned", 0.2, 6),
    "civic_space": ("Law on associations", 0.7, 0),
    "strike": ("Miners' strike", 0.1, 2),
    "output_change": ("Second furnace opens", 1.4, 0),
    "emission_change": ("Filter installed", 0.6, 0),
    "ownership_change": ("Site sold to another firm", 0.5, 0),
    "company_leaves": ("Mine closed", 0.0, 0),
    "royalty_reform": ("Royalty raised by a half", 1.5, 0),
    "state_income": ("Transfers to municipalities cut", 0.7, 24),
    "livelihood_shock": ("Drought", 0.7, 9),
    "vote": ("Municipal election", 0.0, 0),
    "note": ("Neighbours block the road", 0.0, 0),
}
"""An invented event of each kind: label, size, months."""

REMARKS = {
    "price_shock": "The price itself is replayed or drawn (see below); this comes on top.",
    "accident": "Whoever is exposed is harmed by the burden for as long as it lasts.",
    "peace_accord": "What it multiplies is the pressure that holds safety at the level it has at "
    "the start; force and reprisals press on safety besides.",
    "violence": "As a peace accord, the other way round and for a time. Nobody in particular "
    "is hit.",
    "leader_killed": "Nobody in the model is hit. What is heard of reprisals, those in the model "
    "included, is at most 1. It makes people afraid, as far as they fear what neighbours met.",
    "armed_groups": "Multiplies the place's `spoiler_presence`, up to a presence of 1. A place "
    "without any (0) stays without: give it a small presence if groups may come.",
    "protest_wave": "What is seen is at most 1. Whether anybody follows is up to them.",
    "contact_ban": "Fewer are invited. At 0 nobody is, leaders included.",
    "civic_space": "As a ban on meetings, for good. It leaves protest alone.",
    "strike": "Local wages and purchases fall with output, costs as far as they are not fixed.",
    "output_change": "Above 1 the site works beyond the output of its reference revenue.",
    "emission_change": "A filter is below 1, a dirtier ore or process above.",
    "ownership_change": "In its month each post of the company changes hands with at least this "
    "chance. Successors inherit know-how and trust as any do. A site that the model itself "
    "sells, because work does not pay, is another matter and needs no event.",
    "company_leaves": "Promises still open are not paid; what else ends, and what stays, follows.",
    "royalty_reform": "The rate is at most 1. Owners value the site at the rate of the month.",
    "state_income": "The municipality's own income, not its part of the royalty. What residents "
    "are entitled to moves with it; what they are used to does not.",
    "livelihood_shock": "Outside work only: pay, transfers and ventures go on. People do not "
    "divide their time anew. What they would earn without the company falls alike.",
    "vote": "After the last dated vote, or from the start without one, votes follow every "
    "`election_interval_months`. Officials spend more visibly before a vote.",
    "note": "For the timeline, and for what the model itself must produce.",
}
"""What to know of a kind besides what it changes."""

_JOINS = {"add": "added", "multiply": "multiplied", "flag": "yes", "nothing": "–"}
_LASTING = {
    "month": "its month",
    "months": "the months it states",
    "good": "for good",
    "months or good": "the months it states; for good if 0",
}


def events_page() -> str:
    """`events.md`: the closed set, each kind, what is replayed where, and the price."""
    kinds = EVENT_KINDS.values()
    rows = (
        (f"[`{kind.key}`](#{anchor(kind)})", kind.changes, size(kind), joins(kind), lasting(kind))
        for kind in kinds
    )
    head = ("Kind", "What it changes", "Size", "Joins", "Holds for")
    parts = (f"## The closed set\n\n{table(head, rows)}", *map(_kind, kinds), _places(), _price())
    return page("Dated events", INTRO, parts)


def anchor(kind: EventKind) -> str:
    """Link to a kind's section, as GitHub names it."""
    return f"{kind.label} ({kind.key})".lower().replace(" ", "-").replace("(", "").replace(")", "")


def size(kind: EventKind) -> str:
    """Allowed size with its unit, in words."""
    return _allowed(kind.magnitude) if kind.magnitude else "none"


def joins(kind: EventKind) -> str:
    """How sizes join, in a word, and the size that changes nothing."""
    null = {"add": " (0: no change)", "multiply": " (1: no change)"}.get(kind.combine, "")
    return _JOINS[kind.combine] + null


def lasting(kind: EventKind) -> str:
    """How long it holds, in words."""
    return _LASTING[kind.lasting]


def example(kind: EventKind) -> str:
    """An invented event of the kind as it stands in a scenario file."""
    label, magnitude, months = EXAMPLES[kind.key]
    lines = ["[[events]]", 'date = "2014-02"', f'kind = "{kind.key}"', f'label = "{label}"']
    if kind.magnitude:
        lines.append(f"magnitude = {magnitude}")
    if kind.months:
        lines.append(f"months = {months}")
    return "\n".join(lines)


def _allowed(bounds: Bounds) -> str:
    return f"{bounds.minimum:g} to {bounds.maximum:g} ({bounds.unit})"


def _kind(kind: EventKind) -> str:
    """Section of one kind."""
    change = f"{kind.changes[0].upper()}{kind.changes[1:]}."
    size_and_time = f"Size: {size(kind)}, {joins(kind)}. Holds: {lasting(kind)}."
    if kind.combine in ("flag", "nothing"):
        size_and_time = f"No size. Holds: {lasting(kind)}."
    return "\n\n".join(
        (
            f"### {kind.label} (`{kind.key}`)",
            f"{change} {REMARKS[kind.key]}",
            size_and_time,
            f"```toml\n{example(kind)}\n```",
        )
    )


def _places() -> str:
    """What is replayed where, from the start that each place file suggests."""
    rows = []
    for name in available_places():
        file = read_place(name, None, "process")
        shown: dict[str, list[str]] = {}
        for event in file.history:
            told = event.month < 0 or event.kind == "note"
            shown.setdefault("note" if told else event.kind, []).append(f"{event.date:%Y-%m}")
        notes = len(shown.pop("note", []))
        replayed = "<br>".join(
            f"`{kind}` {', '.join(shown[kind])}" for kind in EVENT_KINDS if kind in shown
        )
        start = f"{file.start:%Y-%m}"
        rows.append((f"`{name}`<br>{file.place.title}", start, replayed or "–", str(notes)))
    head = ("Place", "Start", "Replayed from the start on", "Only told")
    return (
        "## What is replayed where\n\nDates are months. *Only told* counts notes and events "
        f"before the start. Sizes and sources stand in the place files.\n\n{table(head, rows)}"
    )


def _price() -> str:
    """How the price comes in, and how far its record goes."""
    first, last = _record(series_names())
    return f"""\
## The price is not an event

With `price_source = "replay"`, the default, the price of what the company sells is the monthly
record of the place's series (World Bank, {first} to {last}; some end earlier), from the first month
of the run on, relative to its mean over the place's reference window. The record is not thinned or
shifted: month by month it is the log of recorded price over that mean. **After its last month** the
price is drawn from the process fitted to the series (block M0 of [parameters](parameters.md)),
starting at the last recorded price, with a luck of its own in each replicate. A run that starts
after the record is refused. With `price_source = "process"` every month is drawn, from the mean on.
Price shocks come on top of either."""


def _record(names: Iterable[str]) -> tuple[str, str]:
    """First and last month of the record."""
    starts, ends = [], []
    for name in names:
        first, prices = monthly_prices(name)
        starts.append(first)
        ends.append(month_after(first, len(prices) - 1))
    return f"{min(starts):%Y-%m}", f"{max(ends):%Y-%m}"
