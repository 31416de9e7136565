"""`parley places`: which places there are, and how they compare."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.grids import grid
from parley.commands.options import AsJson, command, console, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from parley.place_comparison import PlaceNumber, PlaceSummary

_MARKS = {"measured": "●", "estimated elsewhere": "◆", "expert": "◇", "assumption": "○"}
_KEY = f"{', '.join(f'{m} {g}' for g, m in _MARKS.items())}; [ ] the stated range, – not stated"


@dataclass(frozen=True)
class PlacesOptions:
    """Options of `parley places`."""

    places: Annotated[
        list[str] | None, typer.Argument(help="Places to compare, by name or file.")
    ] = None
    compare: Annotated[
        bool, typer.Option("--compare", help="Compare all places, or those named.")
    ] = False
    out: Annotated[
        Path | None, typer.Option(help="Folder for the comparison: places.csv and the figure.")
    ] = None
    figure: Annotated[
        Path | None, typer.Option(help="File for the figure; written as PNG and as SVG.")
    ] = None
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "places", PlacesOptions, places)


def places(options: PlacesOptions) -> None:
    """List the places, or compare them by numbers that say how well they are known.

    Without names all places are listed. With names, --compare, --out or --figure they are compared:
    governance, trust, poverty, violence, dependence and size.

    Example: parley places colombia bosnia --figure places.png
    """
    from parley.place_comparison import place_numbers, place_summaries

    chosen = names(options.places) or None
    summaries = place_summaries(chosen)
    if not (chosen or options.compare or options.out or options.figure):
        if options.json:
            typer.echo(json.dumps([asdict(s) for s in summaries], indent=1, ensure_ascii=False))
        else:
            console().print(_list(summaries))
            console().print("[dim]parley places --compare holds them against each other.[/]")
        return
    rows = place_numbers(chosen)
    written = _write(options, summaries, chosen)
    if options.json:
        typer.echo(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False))
        return
    for part in _comparison(summaries, rows):
        console().print(part)
    console().print(f"[dim]{_KEY}[/]")
    for path in written:
        typer.echo(f"Wrote {path}")


def _write(
    options: PlacesOptions, summaries: Sequence[PlaceSummary], chosen: Sequence[str] | None
) -> list[Path]:
    """Write the table and the figure that were asked for.

    Raises:
        ScenarioError: A file cannot be written.
    """
    if not (options.out or options.figure):
        return []
    from parley.errors import Problem, ScenarioError
    from parley.place_comparison import places_table
    from parley_analysis.places_figure import places_figure
    from parley_analysis.style import save

    table, written = places_table(chosen), []
    try:
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            written.append(options.out / "places.csv")
            table.to_csv(written[0], index=False)
        figure = places_figure(table, {one.key: one.title for one in summaries})
        targets = [options.out / "places"] if options.out else []
        targets += [options.figure.with_suffix("")] if options.figure else []
        for target in targets:
            target.parent.mkdir(parents=True, exist_ok=True)
            written += save(figure, target)
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        where = str(options.out or options.figure)
        raise ScenarioError([Problem("places", "--out", where, what)]) from error
    return written


def _list(summaries: Sequence[PlaceSummary]) -> Table:
    """One line for each place."""
    rows = []
    for one in summaries:
        country = "" if one.title.startswith(one.country) else f"\n{one.country}"
        people = f"{one.people:,.0f}\n{len(one.groups)} groups"
        assumed = f"{one.assumptions} of {one.numbers}"
        rows.append((one.key, one.title + country, people, f"{one.start}\n{one.sold}", assumed))
    return grid("", ("Place", "Title", "People", "Start, sells", "Assumed"), rows)


def _comparison(summaries: Sequence[PlaceSummary], rows: Sequence[PlaceNumber]) -> list[Table]:
    """One table for each aspect: places down, numbers across."""
    from parley.place_comparison import ASPECTS

    found = {(row.place, row.key): row for row in rows}
    tables = []
    for aspect in ASPECTS:
        keys = {row.key: row for row in rows if row.aspect == aspect}
        heads = [f"{row.label}\n({row.unit})" for row in keys.values()]
        lines = []
        for place in summaries:
            cells = [found.get((place.key, key)) for key in keys]
            lines.append((place.key, *(_cell(cell) if cell else "–" for cell in cells)))
        tables.append(grid(aspect.capitalize(), ("Place", *heads), lines))
    return tables


def _cell(row: PlaceNumber) -> str:
    """A number with its mark and its range."""
    span = "" if row.low is None else f"[{row.low:,.3g} to {row.high:,.3g}]"
    if row.low is not None and row.high is not None and row.high >= 1000:
        span = f"[{row.low:,.0f} to {row.high:,.0f}]"
    value = f"{row.value:,.0f}" if row.value >= 1000 else f"{row.value:.3g}"
    return f"{value} {_MARKS[row.grade]}\n{span}".strip()
