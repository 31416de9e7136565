"""What commands share: options as typed records, lists of names, numbers by name, the console."""

from __future__ import annotations

import dataclasses
import inspect
import sys
import time
from typing import TYPE_CHECKING, Annotated, Any, cast, get_type_hints

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        help="An intervention, by name or file; may be repeated, or several with commas. Changes "
        "follow a colon: "
        "cash_transfer:coverage=0.5,first=24,amount=0.2. See parley describe interventions.",
    ),
]
"""The option that adds interventions."""

TailEvents = Annotated[
    list[str] | None,
    typer.Option(
        "--tail-events",
        help="Rare disasters to load, by name or file: bhopal,thor. Changes follow a colon: "
        "bhopal:hazard_per_year=0.1. See parley describe tail-events.",
    ),
]
"""The option that loads modules of rare disasters."""

Worth = Annotated[
    list[str] | None,
    typer.Option(
        "--worth",
        help="Another smallest difference worth telling, outcome=number, in the terms of "
        "docs/reference/outcomes.md: days_lost=2 (a year), all=0 (any difference clear of zero).",
    ),
]
"""The option that changes what difference is worth telling."""

Backend = Annotated[
    str,
    typer.Option(help="Who does the people's arithmetic: numpy, or compiled (large populations)."),
]
"""The option that chooses the backend; see `parley.backend`."""

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


_LISTS = ("--arms", "--places", "--parameters")
_FIRST_WORD = 2
_SECONDS_BETWEEN_LINES = 30.0


def command(
    app: typer.Typer, name: str, options: type[Any], function: Callable[[Any], None]
) -> None:
    """Make a command whose options are the fields of a dataclass.

    Args:
        app: The command line.
        name: Name of the command.
        options: A dataclass; every field is annotated with `typer.Option` or `typer.Argument`.
        function: What the command does, given the record. Its docstring is the help; lines after
            an empty line are kept as they are, for the example.
    """
    hints = get_type_hints(options, include_extras=True)

    def call(**values: object) -> None:
        function(options(**values))

    parameters = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty
            if field.default is dataclasses.MISSING
            else field.default,
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(options)
    ]
    wrapped = cast("Any", call)
    wrapped.__signature__ = inspect.Signature(parameters)
    wrapped.__annotations__ = hints
    # Help is read as rich's markup, in which a bare bracket opens a style and is not shown.
    wrapped.__doc__ = (function.__doc__ or "").replace("[", "\\[")
    app.command(name)(wrapped)


def names(given: Sequence[str] | None, default: Sequence[str] = ()) -> tuple[str, ...]:
    """Split lists of names given with commas, repeated options, or both.

    >>> names(["colombia,bosnia", "peru"])
    ('colombia', 'bosnia', 'peru')
    """
    if not given:
        return tuple(default)
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def entries(given: Sequence[str] | None) -> tuple[str, ...]:
    """Split names with changes given with commas, repeated options, or both.

    A comma parts changes of one name too: what follows it is a change if it has the form
    `key=value`, else the next name.

    >>> entries(["bhopal:hazard_per_year=0.1,damage_lowest=0.2,thor", "baia_mare"])
    ('bhopal:hazard_per_year=0.1,damage_lowest=0.2', 'thor', 'baia_mare')
    >>> entries(["bhopal,thor:hazard_per_year=0.02"])
    ('bhopal', 'thor:hazard_per_year=0.02')
    """
    found: list[str] = []
    for text in given or ():
        for at, piece in enumerate(text.split(",")):
            if at and "=" in piece.partition(":")[0]:
                found[-1] += f",{piece}"
            else:
                found.append(piece.strip())
    return tuple(found)


def gather(words: Sequence[str]) -> list[str]:
    """Let options that take a list be followed by several words, as in `--arms none hsbp`.

    >>> gather(["compare", "--arms", "none", "hsbp", "--json"])
    ['compare', '--arms', 'none,hsbp', '--json']
    """
    gathered: list[str] = []
    taking = 0  # words taken by the list that is being read
    for word in words:
        if word.startswith("-"):
            taking = 1 if word in _LISTS else 0
        elif taking:
            taking += 1
        if taking > _FIRST_WORD:
            gathered[-1] += f",{word}"
        else:
            gathered.append(word)
    return gathered


def numbers(
    given: Sequence[str] | None,
    option: str,
    form: str = "section.name=number, e.g. trust.asymmetry_max=1.5",
) -> dict[str, float]:
    """Read `key=value` pairs, separated by commas, repeated, or both.

    Args:
        given: As given.
        option: What messages call it.
        form: What to write, for messages.

    Raises:
        ScenarioError: A pair is not of that form; all problems at once.
    """
    from parley.errors import Problem, ScenarioError

    values: dict[str, float] = {}
    problems = []
    for pair in names(given):
        key, equals, text = (part.strip() for part in pair.partition("="))
        try:
            values[key] = float(text)
        except ValueError:
            what = "is not a number" if equals else "has no value"
            problems.append(Problem(option, key, text or None, what, "", f"write {form}"))
    if problems:
        raise ScenarioError(problems)
    return values


def worth_changes(given: Sequence[str] | None) -> dict[str, float]:
    """Smallest differences worth telling that are given, by name of an outcome or `all`.

    Raises:
        ScenarioError: A pair is not of that form, or an outcome is unknown; all problems at once.
    """
    from parley.worth import check_changes

    changes = numbers(given, "--worth", "outcome=number, e.g. trust_company=0.02")
    check_changes(changes, "--worth")
    return changes


def console(*, error: bool = False) -> Console:
    """Where text goes; plain when it is not a terminal."""
    from rich.console import Console

    return Console(stderr=error, highlight=False)


class ProgressBar:
    """How far a batch is, on standard error: a bar on a terminal, else a line now and then."""

    def __init__(self) -> None:
        from parley_experiments.pace import Pace

        self._pace = Pace()
        self._bar: Any = None
        self._task: Any = None
        self._told = time.monotonic()

    def __enter__(self) -> ProgressBar:
        """Show the bar."""
        if sys.stderr.isatty():
            from rich import progress

            self._bar = progress.Progress(
                progress.BarColumn(),
                progress.TextColumn("{task.description}"),
                console=console(error=True),
                transient=True,
            )
            self._bar.start()
        return self

    def __exit__(self, *about: object) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, planned: int, failed: int) -> None:
        """Move the bar, or say how far the batch is if that was not said for a while."""
        words = self._pace(done, planned, failed)
        if self._bar is None:
            if time.monotonic() - self._told >= _SECONDS_BETWEEN_LINES:
                self._told = time.monotonic()
                typer.echo(words, err=True)
            return
        if self._task is None:
            self._task = self._bar.add_task(words, total=planned, completed=done)
        self._bar.update(self._task, completed=done, description=words)
