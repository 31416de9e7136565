"""`parley references`: what stands behind the numbers, as a list or as BibTeX."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import AsJson, command, console

if TYPE_CHECKING:
    from parley.registry import Reference


@dataclass(frozen=True)
class ReferencesOptions:
    """Options of `parley references`."""

    grep: Annotated[
        str | None, typer.Option(help="Only references whose key, authors or title hold this.")
    ] = None
    cited_by: Annotated[
        str | None, typer.Option(help="Only those that this place cites, by name or file.")
    ] = None
    bibtex: Annotated[
        Path | None, typer.Option(help="Write them to this file as BibTeX; - for the screen.")
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "references", ReferencesOptions, references)


def references(options: ReferencesOptions) -> None:
    """List the publications and data behind the numbers, and who cites each.

    Example: parley references --cited-by bosnia --bibtex bosnia.bib
    """
    from parley.citations import citations

    chosen = _choose(options)
    if options.bibtex is not None:
        _write(chosen, options)
        return
    where = citations()
    if options.json:
        rows = [{**asdict(one), "cited_in": list(where.get(one.key, ()))} for one in chosen]
        typer.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    _show(chosen, where)


def _choose(options: ReferencesOptions) -> list[Reference]:
    """The references asked for, by key.

    Raises:
        ScenarioError: The place is missing or wrong, or nothing holds the text.
    """
    from parley.citations import cited_by
    from parley.errors import Problem, ScenarioError
    from parley.own_references import own_references
    from parley.place import place_quantities
    from parley.registry import load_registry

    known = dict(load_registry().references)
    keys = sorted(known)
    if options.cited_by is not None:
        place_quantities(options.cited_by)  # says everything that is wrong with the file
        known |= {one.key: one for one in own_references(options.cited_by)}
        keys = list(cited_by(options.cited_by))
    word = (options.grep or "").casefold()
    chosen = [
        known[key]
        for key in keys
        if word in f"{key} {known[key].authors} {known[key].title}".casefold()
    ]
    if options.grep and not chosen:
        problem = Problem(
            "references", "--grep", options.grep, "no reference matches", "", "try less"
        )
        raise ScenarioError([problem])
    return chosen


def _write(chosen: list[Reference], options: ReferencesOptions) -> None:
    """Write BibTeX.

    Raises:
        ScenarioError: The file exists or cannot be written.
    """
    from parley.bibtex import bibtex
    from parley.errors import Problem, ScenarioError

    path, content = options.bibtex, bibtex(chosen)
    if path is None or str(path) == "-":
        typer.echo(content, nl=False)
        return
    if path.exists() and not options.force:
        step = "choose another file, or replace it with --force"
        raise ScenarioError([Problem(str(path), "", None, "exists already", "", step)])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        raise ScenarioError([Problem(str(path), "", None, what)]) from error
    typer.echo(f"Wrote {_counted(chosen)} to {path}")


def _show(chosen: list[Reference], where: dict[str, tuple[str, ...]]) -> None:
    """One line for each reference."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Key", "Work", "Cited in"):
        grid.add_column(name, overflow="fold")
    for one in chosen:
        cited = where.get(one.key, ())
        more = f" and {len(cited) - 2} more" if len(cited) > 2 else ""
        grid.add_row(
            one.key,
            f"{escape(one.authors)} ({one.year}). {escape(one.title)}\n"
            f"[dim]{escape(one.where)} {escape(one.address)}[/]",
            escape(", ".join(cited[:2]) + more) or f"[dim]{escape(one.used_in)}[/]",
        )
    console().print(grid)
    console().print(f"[dim]{_counted(chosen)}.[/]")


def _counted(chosen: list[Reference]) -> str:
    return f"{len(chosen)} reference{'s' if len(chosen) != 1 else ''}"
