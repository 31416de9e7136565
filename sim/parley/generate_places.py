"""A page for each place, their index and their schematics; pictures of runs are made elsewhere.

`parley.generate` writes them to `docs/places/`. What the model shows comes from the committed
batch, see `generate_place_results`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parley.event_kinds import EVENT_KINDS
from parley.generate_docs import NOTICE, table
from parley.generate_events import anchor as kind_anchor
from parley.generate_place_batch import batch_section, overview_section
from parley.generate_place_map import schematic
from parley.generate_place_numbers import (
    FACT,
    OPEN,
    SOURCES,
    PlacePage,
    anchor,
    counts,
    mark,
    most_open,
    name_of,
    number_link,
    number_tables,
    plain,
    source_cell,
    unit,
    value_text,
)
from parley.generate_place_results import read_summary, results_section
from parley.generate_sources import cited
from parley.paths import scenarios_folder
from parley.place import available_places, read_place
from parley.place_money import BUDGET, PlaceMoney, money_of_file, money_words, short, usd
from parley.registry import ASSUMPTION
from parley.toml_files import read_toml, read_with_parents

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from parley.generate_place_results import BatchSummary
    from parley.reading import Quantity
    from parley.registry import Registry

EVENTS_PAGE = "../reference/events.md"

_INDEX_INTRO = """\
The places that come with Parley. Each page tells what happened there, what the company's money
means, who lives there, every number with its source or the word *assumption*, the dated events,
and what the model shows under each stack of practices. A page is written from the place's file in
`scenarios/places/`; to bring your own, see `parley new-place`."""
_NEARNESS = """\
A schematic of the model's geometry, not a map. Villages are equal in size and have a nearer and a
farther half; a resident's exposure falls from 1 at the site to 0 at the outer edge. Which village
lies where, no rule knows. Groups cluster in villages, drawn anew for each replicate. The share in
the nearer half is the group's; marginalised people are moved nearer still by
[`harm.marginalised_nearness`](../reference/parameters.md), an assumption."""


def place_pages(registry: Registry, folder: Path) -> dict[str, str]:
    """Every file under `docs/places/` that follows from place files and the committed batch.

    Args:
        registry: The registry.
        folder: `docs/places`, where the committed batch lies.

    Returns:
        Path below the folder to text.
    """
    summary = read_summary(folder)
    pages = [read_page(key, registry) for key in available_places()]
    files = {f"{page.key}.md": place_page(page, summary) for page in pages}
    files |= {f"schematics/{page.key}.svg": schematic(page.file.place) for page in pages}
    return files | {"README.md": index_page(pages, summary)}


def read_page(key: str, registry: Registry) -> PlacePage:
    """Read what a page is made from."""
    path = scenarios_folder() / "places" / f"{key}.toml"
    raw = read_with_parents(path, "places")
    return PlacePage(key, read_place(key, None, "process"), raw, registry)


def place_page(page: PlacePage, summary: BatchSummary) -> str:
    """The page of one place."""
    file = page.file
    place = file.place
    facts, open_numbers = counts(file.quantities)
    head = (
        f"[All places](README.md) · {place.country} · runs start {file.start:%Y-%m} unless told "
        f"otherwise · `parley describe {page.key}` · {facts} numbers are sourced, {open_numbers} "
        f"are assumptions ([every number](#every-number))"
    )
    told = (
        "*What is told here rests on the [numbers](#every-number) and "
        "[events](#what-happened) below, each with its [source](#sources-of-this-page) or the "
        f"word {ASSUMPTION}.*"
    )
    parts = [
        NOTICE,
        f"# {place.title}",
        head,
        _flow(place.story),
        told,
        "## In a workshop",
        _flow(file.workshop),
        _money(page),
        _people(page),
        _history(page),
        *_tail_events(page),
        results_section(page.key, summary),
        _assumed(page),
        "## Every number",
        f"{FACT}: read in a source, or derived from one as the note says. {OPEN}: nobody has "
        "measured it here, or it is held true but was not looked up. Grades are those of the "
        "[parameters](../reference/parameters.md); a range is what is held possible.",
        number_tables(page),
        _sources(page),
    ]
    return "\n\n".join(parts) + "\n"


def index_page(pages: list[PlacePage], summary: BatchSummary) -> str:
    """`README.md`: all places in a table, what the batch shows over them, how it was made."""
    head = (
        "Place",
        "Country",
        "Start",
        "Residents",
        "Villages",
        "Revenue per resident and month",
        "In median incomes",
        "Numbers: sourced, assumptions",
        "Dated events",
    )
    rows = []
    for page in pages:
        money, place = money_of_file(page.file), page.file.place
        link = f"{page.key}.md#facts."
        rows.append(
            (
                f"[{place.title}]({page.key}.md)",
                place.country,
                f"{page.file.start:%Y-%m}",
                f"[{plain(place.facts.catchment_population)}]({link}catchment_population)",
                f"[{place.facts.villages}]({link}villages)",
                f"[{usd(money.revenue)}]({page.key}.md#the-money)",
                short(money.in_incomes(money.revenue)),
                f"{' , '.join(map(str, counts(page.file.quantities)))}".replace(" ,", ","),
                str(len(page.file.history)),
            )
        )
    parts = [NOTICE, "# Places", _INDEX_INTRO, table(head, rows)]
    titles = {page.key: page.file.place.title for page in pages}
    parts += [overview_section(titles, summary), batch_section(summary)]
    return "\n\n".join(parts) + "\n"


def _flow(text: str) -> str:
    """Text whose lines were broken for its file."""
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _money(page: PlacePage) -> str:
    """What the money means, and from which numbers it is computed."""
    money = money_of_file(page.file)
    budget = _budget(page)
    revenue = (
        f"{_fact('revenue_usd_per_year', 'firm')} × {_fact('catchment_share', 'part of it')} / "
        f"{_fact('catchment_population', 'residents')} / 12"
    )
    royalty = f"revenue × {_fact('royalty_rate_share', 'royalty')}"
    rows = [
        _money_row("Revenue of the site", money.revenue, money, revenue),
        _money_row("Community budget", money.budget, money, f"revenue × {budget}"),
        _money_row(
            "Wages to residents",
            money.wages,
            money,
            f"revenue × {_fact('local_wage_share', 'wages')}",
        ),
        _money_row(
            "Purchases from residents",
            money.purchases,
            money,
            f"revenue × {_fact('local_purchase_share', 'purchases')}",
        ),
        _money_row("Royalty", money.royalty, money, royalty),
        _money_row(
            "Royalty that stays in the producing area",
            money.royalty_kept,
            money,
            f"royalty × {number_link('producing_area_share[0].share', 'part that stays')}, as in "
            "force at the start",
        ),
    ]
    income = number_link("facts.median_income_usd", "median income")
    rows.append(_money_row("Median income of an adult", money.median_income, money, income))
    head = ("What", "US$ per resident and month", "Median incomes", "Computed from")
    words = f"{money_words(money)} Computed from [numbers of this page](#every-number):"
    return "\n\n".join(["## The money", words, table(head, rows)])


def _budget(page: PlacePage) -> str:
    """Where the community budget comes from: the place's file, or the model's default."""
    own = f"parameters.{BUDGET}"
    if any(quantity.key == own for quantity in page.file.quantities):
        return number_link(own, "community budget")
    parameter = page.registry.parameters[BUDGET]
    return (
        f"[community budget](../reference/parameters.md), the model's default: "
        f"{source_cell('; '.join(parameter.sources), page.registry)}"
    )


def _money_row(name: str, amount: float, money: PlaceMoney, formula: str) -> tuple[str, ...]:
    """One amount, in dollars and in median incomes."""
    return name, short(amount), short(money.in_incomes(amount)), formula


def _fact(name: str, words: str) -> str:
    """A link to a fact of the page."""
    return number_link(f"facts.{name}", words)


def _people(page: PlacePage) -> str:
    """The schematic, and the shares of groups and tags."""
    place = page.file.place
    groups = [
        (
            group.label,
            number_link(f"groups.{group.key}.share", f"{100 * group.share:.3g}%"),
            number_link(f"groups.{group.key}.near_share", f"{100 * group.near_share:.3g}%"),
            number_link(f"groups.{group.key}.income_ratio", plain(group.income_ratio)),
            "yes" if group.marginalised else "",
        )
        for group in place.groups
    ]
    tags = [
        (
            tag.label,
            number_link(
                f"tags.{tag.key}.share",
                " / ".join(f"{100 * share:.3g}%" for share in dict.fromkeys(tag.shares)),
            ),
            "yes" if tag.marginalised else "",
        )
        for tag in place.tags
    ]
    heads = (
        ("Group", "Share", "Of it in the nearer half", "Income relative to the median", "Left out"),
        ("Tag", "Share (of each group, where they differ)", "Left out"),
    )
    parts = [
        "## Who lives there",
        f"![Schematic of villages around the site, shares of groups](schematics/{page.key}.svg)",
        _NEARNESS,
        table(heads[0], groups),
        *([table(heads[1], tags)] if tags else []),
        "*Left out*: this project's reading of who is marginalised, an assumption.",
    ]
    return "\n\n".join(parts)


def _history(page: PlacePage) -> str:
    """All dated events, those before the start too, in order of time."""
    quantities = {quantity.key: quantity for quantity in page.file.quantities}
    order = sorted(enumerate(page.raw.get("events", [])), key=lambda entry: str(entry[1]["date"]))
    rows = []
    for i, event in order:
        sizes = (quantities.get(f"events[{i}].{name}") for name in ("magnitude", "months"))
        sized = "; ".join(f"[{_size(size)}](#{anchor(size.key)})" for size in sizes if size)
        rows.append(_event_row(event, sized, page))
    head = ("", "Date", "What happened", "What it changes", "Size", "Source", "Note")
    start = f"{page.file.start:%Y-%m}"
    words = (
        f"**Bold** kinds change an input of the model ([what each changes]({EVENTS_PAGE})); a "
        f"*note* changes nothing. Events before the start ({start}, an assumption of this file) "
        "are told and not replayed. What firms and neighbours did to each other is a note: it is "
        "for the model to produce. The mark and the source are those of the date; sizes have their "
        "own."
    )
    body = table(head, rows) if rows else "No dated events."
    return "\n\n".join(["## What happened", words, body])


def _size(quantity: Quantity) -> str:
    """The size or length of an event, with its unit."""
    number = plain(quantity.value)
    if quantity.unit == "ratio":
        return f"× {number}"
    if quantity.unit == "months":
        return (
            f"for {number} month{'' if quantity.value == 1 else 's'}"
            if quantity.value
            else "for good"
        )
    return f"{number} {quantity.unit}"


def _event_row(event: Mapping[str, Any], sized: str, page: PlacePage) -> tuple[str, ...]:
    """One dated event."""
    kind = EVENT_KINDS[event["kind"]]
    label = kind.label if kind.key == "note" else f"**{kind.label}**"
    source, grade = event["source"], event["grade"]
    return (
        mark(source, grade),
        str(event["date"]),
        _flow(event["label"]),
        f"*{label}*" if kind.key == "note" else f"[{label}]({EVENTS_PAGE}#{kind_anchor(kind)})",
        sized or "–",
        source_cell(source, page.registry),
        _flow(event.get("note", "")),
    )


def _tail_events(page: PlacePage) -> list[str]:
    """Modules of rare, grave events that the place loads."""
    lines = []
    for name in (str(given).partition(":")[0] for given in page.raw.get("tail_events", ())):
        module = read_toml(scenarios_folder() / "tail_events" / f"{name}.toml")
        links = [
            source_cell(key, page.registry)
            for key in dict.fromkeys(cited(module))
            if key == ASSUMPTION or key in page.registry.references
        ]
        title = _flow(str(module.get("title", name)))
        file = f"[`{name}`](../../scenarios/tail_events/{name}.toml)"
        lines.append(f"- **{title}** ({file}); sources: {'; '.join(links)}")
    return ["## Rare and grave events that this place loads", "\n".join(lines)] if lines else []


def _assumed(page: PlacePage) -> str:
    """How much is assumed, and the widest of it."""
    facts, open_numbers = counts(page.file.quantities)
    events = page.raw.get("events", [])
    dated = sum(event["source"] == ASSUMPTION for event in events)
    lines = [
        f"- {number_link(q.key, name_of(q, page))}: {value_text(q, page)} {unit(q)}, held possible "
        f"from {plain(q.low)} to {plain(q.high)}"
        for q in most_open(page.file.quantities)
    ]
    words = (
        f"{open_numbers} of {facts + open_numbers} [numbers](#every-number) and the dates of "
        f"{dated} of {len(events)} [events](#what-happened) are assumptions. The most open ones, "
        "by the width of their range relative to their value:"
    )
    return "\n\n".join(["## What is assumed", words, "\n".join(lines)])


def _sources(page: PlacePage) -> str:
    """Every reference that something on the page rests on."""
    keys = sorted(set(cited(page.raw)) - {ASSUMPTION})
    lines = (
        f"- {source_cell(key, page.registry)}: {page.registry.references[key].title}"
        for key in keys
    )
    words = f"All entries are on the [page of sources]({SOURCES})."
    return "\n\n".join(["## Sources of this page", words, "\n".join(lines)])
