"""`parley sensitivity`: which numbers move the outcomes of a sweep, and the differences of arms."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.options import AsJson, command, console, names

if TYPE_CHECKING:
    import pandas as pd

    from parley_analysis.sensitivity_sweep import Questions, Sensitivity


@dataclass(frozen=True)
class SensitivityOptions:
    """Options of `parley sensitivity`."""

    folder: Annotated[Path, typer.Argument(help="Results folder of a sweep.")]
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of page and pictures; below the results if left out."),
    ] = None
    outcome: Annotated[list[str] | None, typer.Option(help="Outcomes; all of the design.")] = None
    difference: Annotated[
        list[str] | None,
        typer.Option(help="Arms, such as hsbp-none; the first arm less each of the others."),
    ] = None
    method: Annotated[
        list[str] | None,
        typer.Option(help="sobol, morris, pawn, delta; those that the sample is for."),
    ] = None
    group: Annotated[
        list[str] | None,
        typer.Option(help="Reporting groups; all residents. The page shows the first."),
    ] = None
    as_json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "sensitivity", SensitivityOptions, sensitivity)


def sensitivity(options: SensitivityOptions) -> None:
    """Which numbers matter for which outcome and for which difference between arms?

    Sobol' indices for a sobol design, elementary effects for a morris design, PAWN and delta for
    any other; with intervals, a noise floor and a verdict in words. Needs pip install
    "parley-sim[sa]".

    Example: parley sensitivity results/trust-sweep --outcome trust_company --difference hsbp-none
    """
    from parley_analysis.sensitivity_page import headlines
    from parley_analysis.sensitivity_report import write_sensitivity
    from parley_analysis.sensitivity_sweep import Questions, pair_of, sweep_indices
    from parley_analysis.sweep_data import open_sweep

    sweep = open_sweep(options.folder)
    arms = [str(arm) for arm in sweep.design["arms"]]
    questions = Questions.of(
        sweep.design,
        names(options.outcome),
        [pair_of(text, arms) for text in names(options.difference)],
        names(options.method),
        names(options.group),
    )
    typer.echo(f"working out {questions.count} outcomes, horizons and arms ...", err=True)
    found = sweep_indices(sweep, questions)
    folder = options.out or options.folder / "sensitivity"
    paths = write_sensitivity(sweep, folder, questions, found, _command(options))
    if options.as_json:
        typer.echo(json.dumps(_record(questions, found, paths), indent=2, allow_nan=False))
        return
    screen = console()
    for line in headlines(questions, found, sweep.factors):
        screen.print(line, soft_wrap=True, markup=False)
    screen.print(f"Page, tables and {len(paths)} files in all: {paths[0]}", soft_wrap=True)


def _command(options: SensitivityOptions) -> str:
    """The command line that makes the page again."""
    words = ["parley", "sensitivity", str(options.folder)]
    for name in ("outcome", "difference", "method", "group"):
        given = names(getattr(options, name))
        words += [f"--{name}", ",".join(given)] if given else []
    return shlex.join(words)


def _record(questions: Questions, found: Sensitivity, paths: list[Path]) -> dict[str, Any]:
    """What a program reads."""
    return {
        "methods": list(questions.methods),
        "indices": _rows(found.indices),
        "luck": _rows(found.luck),
        "scale": _rows(found.scale),
        "refused": list(found.refused),
        "files": [str(path) for path in paths],
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table, with null where there is no number."""
    return [
        {str(key): None if value != value else value for key, value in row.items()}  # noqa: PLR0124
        for row in table.to_dict(orient="records")
    ]
