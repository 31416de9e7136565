"""`parley workshop-kit`: printed sheets for a session with a room."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from parley.commands.options import command, names


@dataclass(frozen=True)
class WorkshopKitOptions:
    """Options of `parley workshop-kit`."""

    out: Annotated[Path, typer.Option(help="Folder for the sheets; made if missing.")] = Path("kit")
    language: Annotated[str, typer.Option(help="en, es or bs.")] = "en"
    places: Annotated[
        list[str] | None,
        typer.Option(help="Places with a handout; those of the prepared sessions if left out."),
    ] = None
    link: Annotated[
        str | None,
        typer.Option(
            help="The address of the page: its debrief sheet, with charts and what was said, too."
        ),
    ] = None


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "workshop-kit", WorkshopKitOptions, workshop_kit)


def workshop_kit(options: WorkshopKitOptions) -> None:
    """Write the trainer's sheets as PDF: notes, role and dilemma cards, handouts, debrief sheets.

    Needs no internet. Needs the extra `workshop`.

    Example: parley workshop-kit --language es --out kit
    """
    from parley_workshop.links import read_link
    from parley_workshop.print_kit import write_kit, write_session
    from parley_workshop.views import View, view_of

    board, view, warning = None, View(), ""
    if options.link:  # a link that does not read is refused before anything is written
        board, warning = read_link(options.link)
        view = view_of(options.link, board)
    written = write_kit(options.out, options.language, names(options.places))
    if board is not None:
        written.append(write_session(options.out, options.language, board, view))
    if warning:
        typer.echo(warning, err=True)
    for path in written:
        typer.echo(path)
