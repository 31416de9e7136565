"""`parley params`: every number of the model, with its range, source and grade."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import AsJson, command, console

if TYPE_CHECKING:
    from parley.registry import Parameter, Registry


@dataclass(frozen=True)
class ParamsOptions:
    """Options of `parley params`."""

    section: Annotated[
        str | None, typer.Argument(help="Section, e.g. trust; all sections if left out.")
    ] = None
    grep: Annotated[
        str | None, typer.Option(help="Only numbers whose name, label or text holds this.")
    ] = None
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "params", ParamsOptions, params)


def params(options: ParamsOptions) -> None:
    """List the numbers of the model: default, range, unit, source, grade.

    Example: parley params trust
    """
    from parley.registry import load_registry

    registry = load_registry()
    chosen = _choose(registry, options)
    if options.json:
        rows = [asdict(parameter) for parameter in chosen]
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    _show(registry, chosen)


def _choose(registry: Registry, options: ParamsOptions) -> list[Parameter]:
    """The parameters asked for.

    Raises:
        ScenarioError: There is no such section, or nothing holds the text.
    """
    from parley.errors import Problem, ScenarioError, did_you_mean

    sections = [section.key for section in registry.sections]
    if options.section is not None and options.section not in sections:
        hint = did_you_mean(options.section, sections)
        problem = Problem(
            "params", "", options.section, "no such section", ", ".join(sections), hint
        )
        raise ScenarioError([problem])
    word = (options.grep or "").casefold()
    chosen = [
        p
        for p in registry.parameters.values()
        if options.section in (None, p.section)
        and word in f"{p.key} {p.label} {p.description}".casefold()
    ]
    if not chosen:
        problem = Problem("params", "--grep", options.grep, "no number matches", "", "try less")
        raise ScenarioError([problem])
    return chosen


def _show(registry: Registry, chosen: list[Parameter]) -> None:
    """One table per section."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    screen = console()
    for section in registry.sections:
        rows = [parameter for parameter in chosen if parameter.section == section.key]
        if not rows:
            continue
        grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
        grid.title = f"[bold]{section.key}[/] {section.title}, block {section.block}"
        for name in ("Name", "Default", "Range", "Unit", "Source, grade"):
            grid.add_column(name, justify="right" if name == "Default" else "left")
        for p in rows:
            default = "–" if p.default is None else f"{p.default:g}"
            ends = ["" if end is None else f"{end:g}" for end in (p.minimum, p.maximum)]
            grid.add_row(
                f"{p.name}\n[dim]{escape(p.label)}[/]",
                default,
                " to ".join(ends),
                p.unit,
                f"{escape(p.source)}\n[dim]{p.grade}[/]" if p.sources else "in each place's file",
            )
        screen.print(grid)
    screen.print(f"[dim]{len(chosen)} numbers. Change one with --parameters section.name=value.[/]")
