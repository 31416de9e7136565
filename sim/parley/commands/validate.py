"""`parley validate`: does a file read, and if not, everything that is wrong with it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.options import AsJson, command

if TYPE_CHECKING:
    from collections.abc import Collection

    from parley.errors import Problem
    from parley.place_report import PlaceReport


@dataclass(frozen=True)
class ValidateOptions:
    """Options of `parley validate`."""

    files: Annotated[
        list[str],
        typer.Argument(help="Scenario, place, practices, intervention or tail event files."),
    ]
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "validate", ValidateOptions, validate)


def validate(options: ValidateOptions) -> None:
    """Check scenario, place, practices and intervention files; leave with 2 if one is wrong.

    Of a place that reads it also says how many of its numbers are assumptions and what is missing.

    Example: parley validate scenarios/*.toml
    """
    found = {name: problems_of(name) for name in options.files}
    if options.json:
        report = {
            name: {"kind": kind, "problems": [_plain(p) for p in problems]}
            | ({"report": asdict(_report(name))} if kind == "place" and not problems else {})
            for name, (kind, problems) in found.items()
        }
        typer.echo(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        for name, (kind, problems) in found.items():
            typer.echo(f"{name}: {kind}, {len(problems) or 'no'} problem(s)")
            for problem in problems:
                typer.echo(f"error: {problem}", err=True)
            if kind == "place" and not problems:
                _tell(_report(name))
    if any(problems for _, problems in found.values()):
        raise typer.Exit(2)


def _report(name: str) -> PlaceReport:
    """The state of a place file that reads."""
    from parley.place_report import place_report

    return place_report(name)


def _tell(report: PlaceReport) -> None:
    """How well a place is known, and what is still missing."""
    grades = ", ".join(f"{n} {grade}" for grade, n in report.by_grade.items())
    share = report.assumptions / report.numbers
    typer.echo(f"  {report.numbers} numbers: {grades} ({share:.0%} are assumptions)")
    typer.echo(f"  {report.events} dated events")
    for line in report.to_do:
        typer.echo(f"  to do: {line}")


UNKNOWN = "unknown"
"""What a file is that does not read and shows no key that tells."""

_TOP_KEY = re.compile(r"^\[*([a-z_]+)\s*(?:[=\].]|$)", re.MULTILINE)
_OF_ANY = {"title", "story", "source", "label", "note", "question"}
"""Keys that tell nothing of the kind of a file."""

_FOLDERS = ("places", "interventions", "tail_events")
"""Folders that hold files of one kind."""

_OF_PLACE = {"groups", "facts", "context", "country", "workshop", "tags", "price"}
"""Keys by which a place is told from a scenario."""

_OF_PRACTICES = {"dials", "owner", "payer", "phases", "grade"}
"""Keys by which a stack of practices is told from a scenario."""


def problems_of(name: str) -> tuple[str, tuple[Problem, ...]]:
    """Find out what a file is and everything that is wrong with it.

    Returns:
        `scenario`, `place`, `practices`, `intervention` or `tail event`, and the problems;
        `unknown` for a name that is none of them, or a file that does not show what it is.
    """
    from parley.errors import ScenarioError
    from parley.interventions import load_intervention
    from parley.place import load_place
    from parley.practices import load_practices
    from parley.scenario import load_scenario
    from parley.tail_events import load_tail_event

    if unknown := unknown_name(name):
        return UNKNOWN, (unknown,)
    kind = kind_of(name)
    readers: dict[str, Any] = {
        UNKNOWN: load_scenario,  # which says why it does not read
        "scenario": load_scenario,
        "place": load_place,
        "practices": load_practices,
        "intervention": load_intervention,
        "tail event": load_tail_event,
    }
    try:
        readers[kind](name)
    except ScenarioError as error:
        return kind, error.problems
    return kind, ()


def kind_of(name: str) -> str:
    """Say whether a name or file is a scenario, place, stack, intervention or tail event.

    A file is judged by its keys; what fits nothing counts as a scenario. Of a file that is not TOML
    the lines that look like keys are taken; `unknown` when they do not tell.
    """
    import tomllib

    from parley.interventions import available_interventions
    from parley.place import available_places
    from parley.practices import available_practices, available_variants
    from parley.tail_events import available_tail_events

    path = Path(name)
    if path.is_file():
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, ValueError):
            return UNKNOWN
        try:
            keys = set(tomllib.loads(text))
        except ValueError:
            keys = set(_TOP_KEY.findall(text))
            if keys <= _OF_ANY and path.parent.name not in _FOLDERS:
                return UNKNOWN
        return _kind_of_keys(keys, path.parent.name)
    for kind, known in (
        ("place", available_places()),
        ("intervention", available_interventions()),
        ("tail event", available_tail_events()),
        ("practices", (*available_practices(), *available_variants())),
    ):
        if name in known:
            return kind
    return "scenario"


def unknown_name(name: str) -> Problem | None:
    """What is wrong with a name, and no path, that is that of nothing which comes with Parley."""
    from parley.errors import Problem, did_you_mean
    from parley.interventions import available_interventions
    from parley.place import available_places
    from parley.practices import available_practices, available_variants
    from parley.scenario import available_scenarios
    from parley.tail_events import available_tail_events

    if name.endswith(".toml") or "/" in name or "\\" in name or Path(name).is_file():
        return None
    known = (
        *available_scenarios(),
        *available_places(),
        *available_practices(),
        *available_variants(),
        *available_interventions(),
        *available_tail_events(),
    )
    if name in known:
        return None
    what = "is no scenario, place, stack of practices, intervention or rare disaster"
    step = did_you_mean(name, known) or "see parley places, or give the path of a .toml file"
    return Problem(name, "", None, what, "", step)


def _kind_of_keys(keys: Collection[str], folder: str) -> str:
    """What a file with these keys is."""
    if "place" in keys:
        return "scenario"
    if _OF_PLACE & set(keys) or folder == "places":
        return "place"
    if "kind" in keys or folder == "interventions":
        return "intervention"
    if "numbers" in keys or folder == "tail_events":
        return "tail event"
    return "practices" if _OF_PRACTICES & set(keys) else "scenario"


def _plain(problem: Problem) -> dict[str, Any]:
    """A problem as JSON knows it."""
    plain = asdict(problem)
    value = plain["value"]
    if not isinstance(value, str | int | float | bool | None):
        plain["value"] = str(value)
    return plain
