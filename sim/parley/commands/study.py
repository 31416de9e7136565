"""`parley study`: a question with its design and its verdict, made again in one command."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import ProgressBar, command, console, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from parley_analysis.study_data import Study
    from parley_experiments.studies.refutability import Part, Size

_USUAL = Path("results/refutability-study")


@dataclass(frozen=True)
class StudyOptions:
    """Options of `parley study refutability`."""

    out: Annotated[Path, typer.Option(help="Folder of the runs; resumed if it is there.")] = _USUAL
    findings: Annotated[
        Path | None, typer.Option(help="Folder of page and pictures; below --out if left out.")
    ] = None
    draws: Annotated[int | None, typer.Option(min=4, help="Draws of the main batch.")] = None
    arms: Annotated[list[str] | None, typer.Option(help="Stacks; all that come with it.")] = None
    places: Annotated[list[str] | None, typer.Option(help="Places; all that come with it.")] = None
    months: Annotated[int | None, typer.Option(help="Length of the runs (months).")] = None
    population: Annotated[int | None, typer.Option(help="Simulated residents.")] = None
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of draws and of luck.")] = None
    switch_draws: Annotated[int | None, typer.Option(min=2, help="Draws per switch.")] = None
    trace_draws: Annotated[int | None, typer.Option(min=2, help="Draws per trace.")] = None
    planted_draws: Annotated[int | None, typer.Option(min=2, help="Per planted world.")] = None
    processes: Annotated[int | None, typer.Option(min=1, help="One per processor.")] = None
    blocks_only: Annotated[
        bool, typer.Option("--blocks-only", help="Trace blocks and practices, not single numbers.")
    ] = False
    small: Annotated[bool, typer.Option("--small", help="A study of seconds, for tests.")] = False
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be run, and stop.")] = False
    page: Annotated[bool, typer.Option("--page", help="Write the page from what is there.")] = False


def register(app: typer.Typer) -> None:
    """Add the commands."""
    studies = typer.Typer(
        no_args_is_help=True,
        help="Studies: a question with its design and its verdict.\n\n"
        "Example: parley study refutability --plan",
    )
    command(studies, "refutability", StudyOptions, refutability)
    app.add_typer(studies, name="study")


def refutability(options: StudyOptions) -> None:
    """Can the model say no? Win matrix, flips, losing regions, planted truths, traced alarms.

    Stopped with Ctrl-C or killed, it goes on where it was when the same command is given again.

    Example: parley study refutability --draws 500 --findings docs/findings
    """
    from parley_experiments.batch import BatchInterrupted
    from parley_experiments.studies import refutability as study

    size, screen = _size(options), console()
    parts = study.fixed_parts(size)
    if not options.page:
        _show_plan(screen, size, parts, options.processes)
    if options.plan:
        return
    try:
        if not options.page:
            _run(parts, options)
            _run_traces(screen, size, options)
    except BatchInterrupted as stopped:
        screen.print(f"Stopped: {stopped}. To go on, give the same command again.")
        raise typer.Exit(130) from None
    _write(screen, options)


def _size(options: StudyOptions) -> Size:
    """The size asked for: the usual or the small one, with what was named put in."""
    from parley_experiments.studies.refutability import SMALL, Size, complete

    given = {
        field.name: getattr(options, field.name, None) for field in dataclasses.fields(Size)
    } | {"arms": names(options.arms) or None, "places": names(options.places) or None}
    changes = {name: value for name, value in given.items() if value is not None}
    return complete(dataclasses.replace(SMALL if options.small else Size(), **changes))


def _show_plan(screen: Console, size: Size, parts: Sequence[Part], processes: int | None) -> None:
    """Say how many runs of each kind there are, and how long they will take by a few timed ones."""
    import os

    from parley_experiments.studies import refutability as study

    counts: dict[str, int] = {}
    for part in parts:
        counts[part.kind] = counts.get(part.kind, 0) + part.runs
    seconds = study.seconds_per_run(parts[0])
    workers = processes or os.cpu_count() or 1
    for kind, runs in counts.items():
        screen.print(f"{kind:>8}: {runs:6d} runs, {_minutes(runs, seconds, workers)}")
    traces = study.trace_parts(size, size.places, size.arms)
    most = sum(part.runs for part in traces)
    within = sum(p.runs for p in study.trace_parts(size, size.places, size.arms, study.blocks()))
    screen.print(
        f"   trace: at most {most} runs, {_minutes(most, seconds, workers)}, if every arm has an "
        f"alarm in every place;\n          then the numbers of the blocks that matter, at most "
        f"{within} runs, {_minutes(within, seconds, workers)}\n"
        f"{seconds:.2f} s a run on {workers} processes; "
        f"{len(size.arms)} arms, {len(size.places)} places"
    )


def _minutes(runs: int, seconds: float, workers: int) -> str:
    return f"about {runs * seconds / workers / 60:.1f} minutes"


def _run(parts: Iterable[Part], options: StudyOptions) -> None:
    """Make the runs of several batches."""
    from parley_experiments.studies.refutability import run_part

    for part in parts:
        typer.echo(f"{part.kind}: {part.label}, {part.runs} runs", err=True)
        with ProgressBar() as bar:
            run_part(part, options.out, processes=options.processes, progress=bar)


def _study(options: StudyOptions) -> Study:
    from parley_analysis.plausible import read_bands
    from parley_analysis.study_data import read_study
    from parley_experiments.studies.refutability import settings

    return read_study(options.out, settings(), read_bands())


def _run_traces(screen: Console, size: Size, options: StudyOptions) -> None:
    """Take things out where there is an alarm: blocks and practices, then single numbers."""
    from parley_analysis.study_data import read_traces
    from parley_analysis.tracing import blocks_to_open
    from parley_experiments.studies.refutability import trace_parts

    found = _study(options)
    cells = found.cells()
    places = [place for place in size.places if any(Path(place).stem == c[0] for c in cells)]
    wanted = {arm for cell in cells for arm in cell[3:]}
    arms = [arm for arm in size.arms if {arm, Path(arm).stem} & wanted]
    screen.print(f"{len(cells)} alarms and gains of paying for nothing to trace")
    _run(trace_parts(size, places, arms), options)
    within = blocks_to_open(read_traces(found)) if cells else ()
    if within and not options.blocks_only:
        _run(trace_parts(size, places, arms, within), options)


def _write(screen: Console, options: StudyOptions) -> None:
    """Write the page and say where it is."""
    from parley_analysis import study_page, study_report

    folder = options.findings or options.out / "finding"
    words = study_report.read_words(folder)
    trials = 4 if options.small else study_page.TRIALS
    found = study_page.gather(_study(options), words, _command(options), trials)
    for path in study_report.write(found, folder):
        screen.print(str(path), soft_wrap=True)


def _command(options: StudyOptions) -> str:
    """The command line that makes this study again."""
    words = ["parley study refutability"]
    for field in dataclasses.fields(options):
        value = getattr(options, field.name)
        if field.name in ("plan", "page", "processes") or value == field.default:
            continue
        option = f"--{field.name.replace('_', '-')}"
        if value is True:
            words.append(option)
        elif isinstance(value, list):
            words += [option, *names(value)]
        else:
            words += [option, str(value)]
    return " ".join(words)
