"""`parley discover`: where in parameter space an arm loses, or an outcome turns bad."""

from __future__ import annotations

import json
import math
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.options import AsJson, command, console

if TYPE_CHECKING:
    from parley_analysis.discovery_page import Report


@dataclass(frozen=True)
class DiscoverOptions:
    """Options of `parley discover`."""

    folder: Annotated[Path, typer.Argument(help="Results folder of a sweep.")]
    outcome: Annotated[str, typer.Option(help="Outcome; see docs/reference/outcomes.md.")]
    arm: Annotated[str | None, typer.Option(help="Arm looked at; hsbp if left out.")] = None
    against: Annotated[
        str | None, typer.Option(help="Cases: worlds in which the arm is worse than this one.")
    ] = None
    worse_than: Annotated[
        float | None,
        typer.Option("--worse-than", help="Cases: the outcome is worse than this (its unit)."),
    ] = None
    worst: Annotated[
        float | None, typer.Option(help="Cases: the worst part of the worlds, e.g. 0.1.")
    ] = None
    margin: Annotated[
        float, typer.Option(min=0.0, help="Smaller differences are no losses (its unit).")
    ] = 0.0
    place: Annotated[str | None, typer.Option(help="Place; the only one if left out.")] = None
    group: Annotated[str, typer.Option(help="Reporting group.")] = "all"
    horizon: Annotated[
        int | None, typer.Option(min=1, help="Months from the start; all if left out.")
    ] = None
    density: Annotated[
        float | None,
        typer.Option(help="Take the largest region at least so dense, e.g. 0.8."),
    ] = None
    boxes: Annotated[int, typer.Option(min=1, help="Regions looked for in turn, at most.")] = 3
    shuffles: Annotated[
        int, typer.Option(min=19, help="Searches on shuffled labels, per region.")
    ] = 49
    seed: Annotated[int, typer.Option(min=0, help="Seed of split and shuffles.")] = 1
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of page, tables and pictures; one below FOLDER/discovery."),
    ] = None
    as_json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "discover", DiscoverOptions, discover)


def discover(options: DiscoverOptions) -> None:
    """Where in parameter space does an arm lose, or an outcome turn bad?

    Regions are found on seven in ten points and judged on the others.

    Example: parley discover results/sweep --outcome trust_company --against transactional
    """
    from parley_analysis.discovery_page import explore, write_discovery
    from parley_analysis.discovery_question import Question
    from parley_analysis.discovery_results import Plan
    from parley_analysis.discovery_search import Rule
    from parley_analysis.sweep_data import open_sweep

    asked = ("outcome", "place", "group", "horizon", "arm", "margin", "against", "worse_than")
    question = Question(**{name: getattr(options, name) for name in (*asked, "worst")})
    plan = Plan(
        rule=Rule(density=options.density),
        boxes=options.boxes,
        shuffles=options.shuffles,
        seed=options.seed,
    )
    report = explore(open_sweep(options.folder), question, plan)
    folder = options.out or options.folder / "discovery" / _name(options)
    files = write_discovery(report, folder, _command(options))
    if options.as_json:
        typer.echo(json.dumps(_as_json(report, files), indent=2))
    else:
        _show(report, files)


def _name(options: DiscoverOptions) -> str:
    """A folder of its own for every question, so that none overwrites another's pictures."""
    parts = [options.outcome, options.place, options.arm]
    parts += [f"against-{options.against}"] if options.against else []
    parts += [f"worse-than-{options.worse_than:g}"] if options.worse_than is not None else []
    parts += [f"worst-{options.worst:g}"] if options.worst is not None else []
    parts += [f"margin-{options.margin:g}"] if options.margin else []
    parts += [options.group if options.group != "all" else None]
    parts += [f"{options.horizon}-months"] if options.horizon else []
    return "-".join(part for part in parts if part)


def _show(report: Report, files: list[Path]) -> None:
    """Say what was found, one sentence a region, and where the page is."""
    from parley_analysis import discovery_words as words

    screen = console()
    cases = report.answers.cases
    whole = len(cases.label)
    screen.print(f"{cases.number} of {whole} worlds: {cases.clause}", markup=False)
    if cases.left_out:
        screen.print(f"{cases.left_out} worlds without a value are left out")
    for number, box in enumerate(report.found.boxes, 1):
        screen.print(f"\n{number}. {words.sentence(box, cases, number)}", markup=False)
        screen.print(words.VERDICTS[box.verdict], markup=False)
    if not report.found.boxes:
        screen.print(words.nothing_found(cases), markup=False)
    screen.print(f"\n{words.noise_check(report.found)}".replace("**", ""), markup=False)
    screen.print(str(files[0]), soft_wrap=True, markup=False)


def _as_json(report: Report, files: list[Path]) -> dict[str, Any]:
    """Boxes, limits and counts as plain values; what does not exist is null."""
    from parley_analysis import discovery_page as page
    from parley_analysis.discovery_words import sentence

    found, cases = report.found, report.answers.cases
    limits = page.limit_table(found.boxes).to_dict(orient="records")
    boxes = page.box_table(found.boxes).to_dict(orient="records")
    for number, (row, box) in enumerate(zip(boxes, found.boxes, strict=True), 1):
        row["sentence"] = sentence(box, cases, number)
        row["limits"] = [limit for limit in limits if limit["box"] == number]
    content = {
        "case": cases.clause,
        "cases": cases.number,
        "worlds": len(cases.label),
        "left_out": cases.left_out,
        "skipped": report.answers.skipped,
        "boxes": boxes,
        "dummy_limits": found.dummy_limits,
        "dummy_reappears": found.dummy_reappears,
        "robustness": report.metrics.to_dict(orient="records"),
        "files": [str(path) for path in files],
    }
    return {str(key): _plain(value) for key, value in content.items()}


def _plain(value: object) -> object:
    """Tables as they are, with null for numbers that JSON does not know."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _command(options: DiscoverOptions) -> str:
    """The command line that makes this again."""
    words = ["parley", "discover", str(options.folder), "--outcome", options.outcome]
    plain = DiscoverOptions(options.folder, options.outcome)
    for name in plain.__dataclass_fields__:
        value = getattr(options, name)
        if name not in ("folder", "outcome", "as_json", "out") and value != getattr(plain, name):
            words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)
