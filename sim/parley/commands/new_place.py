"""`parley new-place`: from a few answers to a place file that validates and runs."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import AsJson, command, names

if TYPE_CHECKING:
    from parley.commands.new_place_answers import Asked
    from parley.place_report import PlaceReport


@dataclass(frozen=True)
class NewPlaceOptions:
    """Options of `parley new-place`."""

    name: Annotated[
        str, typer.Argument(help="Name of the place and of its file: river_valley, say.")
    ]
    title: Annotated[str | None, typer.Option(help="Title, as shown on pages.")] = None
    country: Annotated[str | None, typer.Option(help="Country.")] = None
    new_country: Annotated[
        bool,
        typer.Option(
            "--new-country",
            help="Take the country as it is, even if spelt much like another.",
        ),
    ] = False
    start: Annotated[str | None, typer.Option(help="First month of a run, YYYY-MM.")] = None
    sells: Annotated[
        str | None, typer.Option(help="Price series of what the company sells: copper, say.")
    ] = None
    people: Annotated[
        float | None, typer.Option(help="Residents whom the site can affect (persons).")
    ] = None
    income: Annotated[
        float | None, typer.Option(help="Median income of an adult resident (US$ per month).")
    ] = None
    revenue: Annotated[float | None, typer.Option(help="What the site earns (US$ per year).")] = (
        None
    )
    groups: Annotated[
        list[str] | None,
        typer.Option(help="Groups of residents with their shares: farmers=0.7,town=0.3."),
    ] = None
    left_out: Annotated[
        list[str] | None, typer.Option(help="Groups that are left out of talks: farmers.")
    ] = None
    like: Annotated[
        str | None,
        typer.Option(help="Extend this place, by name or file, and write only what differs."),
    ] = None
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path()
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist.")] = False
    yes: Annotated[
        bool, typer.Option("--yes", help="Ask nothing; take the usual answer where none is given.")
    ] = False
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "new-place", NewPlaceOptions, new_place)


def new_place(options: NewPlaceOptions) -> None:
    """Write a commented place file from a few questions, and a scenario that runs it.

    Every number that a place needs stands in the file with its unit, what it means and what is
    allowed, marked as an assumption. Without a terminal, or with --yes, nothing is asked.

    Example: parley new-place river_valley --country Peru --sells copper --people 12000 --yes
    """
    from parley.commands.new_place_answers import asked_of
    from parley.place_report import place_report

    asked = asked_of(options.name, options.like, options.out, force=options.force)
    asked = replace(asked, new_country=options.new_country)
    given = {
        "title": options.title,
        "country": options.country,
        "start": options.start,
        "sells": options.sells,
        "people": options.people,
        "income": options.income,
        "revenue": options.revenue,
        "groups": ",".join(names(options.groups)) or None,
        "left_out": ",".join(names(options.left_out)) or None,
    }
    texts = asked.texts(
        {name: _as_said(value) for name, value in given.items() if value is not None},
        ask=None if options.yes or not at_terminal() else _ask,
    )
    files = _write(texts, asked)
    report = place_report(files[0])
    if options.json:
        content = {
            "files": [str(path) for path in files],
            "numbers": report.numbers,
            "assumptions": report.assumptions,
            "to_do": list(report.to_do),
        }
        typer.echo(json.dumps(content, indent=1, ensure_ascii=False))
    else:
        _tell(files, report)


def _as_said(value: str | float) -> str:
    """An option as an answer; a number without a needless point or exponent."""
    return value if isinstance(value, str) else f"{value:.15g}"


def at_terminal() -> bool:
    """Whether somebody can answer questions."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(question: str, usual: str, wrong: str) -> str:
    """Put a question, again after a wrong answer; an empty answer is the usual one."""
    if wrong:
        typer.echo(f"error: {wrong}", err=True)
    return str(typer.prompt(question, default=usual or None, type=str)).strip()


def _write(texts: tuple[str, str], asked: Asked) -> tuple[Path, Path]:
    """Write the place and its scenario; a place that does not read leaves nothing behind.

    Raises:
        ScenarioError: The folder cannot be written to, or the place does not read.
    """
    from parley.errors import Problem, ScenarioError
    from parley.place import read_place
    from parley.scenario import load_scenario

    draft = asked.place_file.with_name(f".{asked.place_file.stem}_draft.toml")
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(texts[0], "utf-8")
        read_place(draft, None, "replay")
        draft.replace(asked.place_file)
        asked.run_file.write_text(texts[1], "utf-8")
    except OSError as error:
        what = f"cannot be written ({error.strerror or error})"
        folder = str(asked.place_file.parent)
        raise ScenarioError([Problem("new-place", "--out", folder, what)]) from error
    finally:
        draft.unlink(missing_ok=True)
    load_scenario(asked.run_file)
    return asked.place_file, asked.run_file


def _tell(files: tuple[Path, Path], report: PlaceReport) -> None:
    """What was written, what is assumed, and what to do next."""
    place, scenario = files
    typer.echo(f"Wrote {place} and {scenario}.")
    sourced = report.numbers - report.assumptions
    typer.echo(
        f"{report.numbers} numbers: {report.assumptions} are still assumptions, {sourced} have a "
        "source or an expert behind them."
    )
    typer.echo("Still to do:")
    for line in report.to_do:
        typer.echo(f"  {line}")
    typer.echo(
        f"Next:\n  parley validate {place}\n  parley run {scenario}\n"
        f"  parley places {place} colombia --compare"
    )
