"""`parley merge`: parts of one batch, made by several machines, brought together."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import AsJson, command

if TYPE_CHECKING:
    from parley.store import MergeReport


@dataclass(frozen=True)
class MergeOptions:
    """Options of `parley merge`."""

    folders: Annotated[list[Path], typer.Argument(help="Results folders of one batch.")]
    into: Annotated[Path, typer.Option(help="Folder to bring them together in.")]
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "merge", MergeOptions, merge)


def merge(options: MergeOptions) -> None:
    """Bring together results folders that hold parts of one batch.

    The folders stay as they are. They may overlap, and be finished or not. Once every run is there,
    the merged folder is the same as that of a batch made in one go.

    Example: parley merge laptop/ server/ --into results/all
    """
    from parley.store import merge_results

    report = merge_results(options.folders, options.into)
    if options.json:
        content = dataclasses.asdict(report) | {"folder": str(report.folder)}
        typer.echo(json.dumps(content, ensure_ascii=False))
    else:
        typer.echo(_in_words(report))


def _in_words(report: MergeReport) -> str:
    words = f"{report.found:,} of {report.planned:,} runs, {report.failed:,} failed: "
    words += str(report.folder)
    missing = report.planned - report.found
    if missing:
        words += f"\n{missing:,} runs are missing: merge the folders that have them into this one, "
        words += "or resume it to make them"
    elif not report.complete:
        words += "\nNot finished: another process is writing to the folder; merge again after it"
    return words
