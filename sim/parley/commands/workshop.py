"""`parley workshop`: the live page for trainers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from parley.commands.options import command, names


@dataclass(frozen=True)
class WorkshopOptions:
    """Options of `parley workshop`."""

    place: Annotated[str, typer.Option(help="The place shown first.")] = "bosnia"
    arms: Annotated[
        list[str] | None,
        typer.Option(help="Presets side by side, at most three: none,hsbp if left out."),
    ] = None
    population: Annotated[int, typer.Option(help="Simulated residents, at most 100,000.")] = 2_000
    months: Annotated[int, typer.Option(help="Length (months).")] = 120
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Port of the address.")] = 8080
    lan: Annotated[
        bool, typer.Option("--lan", help="Let phones vote, and other machines open it with a key.")
    ] = False
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False
    language: Annotated[str, typer.Option(help="en, es or bs; changed on the page too.")] = "en"
    link: Annotated[str | None, typer.Option(help="Start from a copied link instead.")] = None


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "workshop", WorkshopOptions, workshop)


def workshop(options: WorkshopOptions) -> None:
    """Open the live page with which a trainer shows a place and compares what follows.

    It needs no internet. Only this machine can open it, unless --lan says otherwise. Needs pip
    install "parley-sim[workshop]".

    Example: parley workshop --place bosnia --arms none hsbp --language es
    """
    from parley_workshop.links import read_link
    from parley_workshop.serve import Serving, first_board, serve

    if options.link:
        board, warning = read_link(options.link)
        if warning:
            typer.echo(warning, err=True)
    else:
        arms = names(options.arms, ("none", "hsbp"))
        board = first_board(options.place, arms, options.population, options.months)
    serving = Serving(board, options.port, options.lan, not options.no_browser, options.language)
    serve(serving, typer.echo)
