"""`parley sweep` and `parley resume`: a design made runs, on one machine or several."""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from parley.commands.options import AsJson, ProgressBar, command, console, numbers

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.table import Table

    from parley_experiments.batch import BatchReport
    from parley_experiments.sweep import Plan

_SHOWN = 12

Processes = Annotated[
    int | None, typer.Option(min=1, help="Processes to use; one per processor if left out.")
]
Engine = Annotated[
    str,
    typer.Option(help="What spreads the runs: local, dask (a cluster here), dask:ADDRESS."),
]
Shard = Annotated[
    str | None,
    typer.Option(help="Make only part i of n, as in 2/3; other parts may run elsewhere."),
]
MaxFailures = Annotated[
    float | None,
    typer.Option(min=0, help="Stop when more runs than this, or than this share of them, failed."),
]


@dataclass(frozen=True)
class SweepOptions:
    """Options of `parley sweep`."""

    design: Annotated[str, typer.Argument(help="A design file, or the name of a ready one.")]
    out: Annotated[
        Path | None, typer.Option(help="Results folder; one under results/ if left out.")
    ] = None
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be run, and stop.")] = False
    pilot: Annotated[
        bool, typer.Option("--pilot", help="A few points with several replicates, and advice.")
    ] = False
    precision: Annotated[
        list[str] | None,
        typer.Option(help="Half-width wanted, outcome=number; with --pilot, advises replicates."),
    ] = None
    population: Annotated[int | None, typer.Option(help="Another number of residents.")] = None
    replicates: Annotated[int | None, typer.Option(help="Another number of draws of luck.")] = None
    processes: Processes = None
    engine: Engine = "local"
    shard: Shard = None
    max_failures: MaxFailures = None
    json: AsJson = False


@dataclass(frozen=True)
class ResumeOptions:
    """Options of `parley resume`."""

    folder: Annotated[Path, typer.Argument(help="Results folder of a sweep.")]
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Make failed runs again, with the same luck.")
    ] = False
    processes: Processes = None
    engine: Engine = "local"
    shard: Shard = None
    max_failures: MaxFailures = None
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "sweep", SweepOptions, sweep)
    command(app, "resume", ResumeOptions, resume)


def sweep(options: SweepOptions) -> None:
    """Run a design: many worlds, the same arms in each, luck shared.

    The results folder keeps every run. Stopped with Ctrl-C or killed, the same command, or parley
    resume FOLDER, goes on where it was. See parley sensitivity and parley discover for answers.

    Example: parley sweep workshop-morris --out results/first-sweep
    """
    from parley_experiments.design import load_design
    from parley_experiments.sweep import default_folder, make_pilot, make_plan

    wanted = _half_widths(options)
    changes = {"population": options.population, "replicates": options.replicates}
    given = {name: value for name, value in changes.items() if value is not None}
    design = load_design(options.design, given)
    plan = make_pilot(design) if options.pilot else make_plan(design)
    if options.plan:
        _show_plan(plan, options)
        return
    report = _run(plan, options.out or default_folder(plan.design), options)
    if options.pilot and report.complete:
        _advise(report, wanted, as_json=options.json)
    else:
        _tell(report, as_json=options.json)


def _half_widths(options: SweepOptions) -> dict[str, float]:
    """Outcome to the half-width wanted.

    Raises:
        ScenarioError: There is no such outcome or half-width, or no pilot; all problems at once.
    """
    from parley.errors import Problem, ScenarioError, did_you_mean
    from parley.registry import load_registry

    wanted = numbers(options.precision, "--precision", "outcome=number, e.g. trust_company=0.02")
    known = {one.name: one.level for one in load_registry().outcomes}
    problems = []
    for name, width in wanted.items():
        if name not in known:
            hint = did_you_mean(name, known) or "docs/reference/outcomes.md lists them"
            problems.append(Problem("--precision", name, width, "is an unknown outcome", "", hint))
        elif known[name] == "run":
            what = "is known only at the end of a run, of which pilots tell nothing"
            problems.append(Problem("--precision", name, width, what))
        if not 0.0 < width < math.inf:
            what, allowed = "is no half-width", "a number above 0, in the outcome's unit"
            problems.append(Problem("--precision", name, width, what, allowed))
    if wanted and not options.pilot:
        problems.append(Problem("--precision", "", None, "is for pilots only", "", "add --pilot"))
    if problems:
        raise ScenarioError(problems)
    return wanted


def resume(options: ResumeOptions) -> None:
    """Go on with a sweep that was stopped, killed or capped; or make its failed runs again.

    Example: parley resume results/first-sweep --retry-failed
    """
    from parley_experiments.sweep import read_plan

    plan = read_plan(options.folder)
    report = _run(plan, options.folder, options, retry=options.retry_failed)
    if plan.design.pilot and report.complete:
        _advise(report, {}, as_json=options.json)
        return
    _tell(report, as_json=options.json)


def _run(
    plan: Plan, folder: Path, options: SweepOptions | ResumeOptions, *, retry: bool = False
) -> BatchReport:
    """Make the runs with a bar; say how to go on when stopped."""
    from parley_experiments.batch import BatchInterrupted
    from parley_experiments.failures import TooManyFailuresError
    from parley_experiments.sweep import run_sweep

    typer.echo(f"{_size(plan)}\nResults go to {folder}", err=True)
    try:
        with ProgressBar() as bar:
            return run_sweep(
                plan,
                folder,
                processes=options.processes,
                engine=options.engine,
                shard=options.shard,
                max_failures=options.max_failures,
                retry_failed=retry,
                progress=bar,
            )
    except BatchInterrupted as stopped:
        typer.echo(f"Stopped: {stopped}.\nTo go on: parley resume {folder}", err=True)
        raise typer.Exit(130) from None
    except TooManyFailuresError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None


def _size(plan: Plan) -> str:
    """The design in a line."""
    design = plan.design
    arms = list(dict.fromkeys(spec.arm for spec in plan.specs))
    places = list(dict.fromkeys(spec.place for spec in plan.specs))
    return (
        f"{len(plan.specs):,} runs: {len(plan.units):,} points of {len(design.factors)} factors "
        f"({design.settings.method.replace('_', ' ')}), {', '.join(arms)} in {', '.join(places)}; "
        f"{design.population:,} residents, {design.months} months"
    )


def _show_plan(plan: Plan, options: SweepOptions) -> None:
    """Runs, hours and megabytes, by a few runs made now."""
    from parley_experiments.engines import available_processors
    from parley_experiments.sweep import maker
    from parley_experiments.trial import try_runs

    trial = try_runs(plan.specs, maker(plan.design))
    workers = options.processes or available_processors()
    runs = len(plan.specs)
    minutes = runs * trial.seconds / workers / 60.0
    megabytes = runs * trial.bytes / 1e6
    if options.json:
        about: dict[str, Any] = {"runs": runs, "points": len(plan.units)}
        about |= {"seconds_per_run": trial.seconds, "processes": workers}
        about |= {"minutes": minutes, "megabytes": megabytes, "failures": list(trial.failures)}
        typer.echo(json.dumps(about, indent=1))
        return
    duration = f"{minutes:.1f} minutes" if minutes < 90 else f"{minutes / 60:.1f} hours"
    screen = console()
    screen.print(_size(plan))
    screen.print(
        f"about {duration} on {workers} processes ({trial.seconds:.2f} s a run, by {trial.runs} "
        f"runs made now), {megabytes:.0f} MB on disk"
    )
    if trial.failures:
        text = f"{len(trial.failures)} of the {trial.runs} runs failed: {trial.failures[0]}"
        screen.print(text, soft_wrap=True, markup=False)


def _advise(report: BatchReport, wanted: dict[str, float], *, as_json: bool) -> None:
    """Show how much is luck and how many replicates a wanted interval takes."""
    from parley_analysis.pilot import advise
    from parley_analysis.sweep_data import open_sweep

    advice = advise(open_sweep(report.folder), wanted or None)
    advice.to_csv(report.folder / "advice.csv", index=False)
    if as_json:
        typer.echo(advice.to_json(orient="records", indent=1))
        return
    screen = console()
    screen.print(_advice_table(advice if wanted else advice.head(_SHOWN)))
    screen.print(f"All of it: {report.folder / 'advice.csv'}", soft_wrap=True)


def _advice_table(advice: DataFrame) -> Table:
    from rich.table import Table

    shown = ["outcome", "of", "sd_luck", "sd_points", "half_width_1", "half_width_16", "replicates"]
    table = Table(title="Spread over luck and over points, and the 95% half-width it leaves")
    columns = [name for name in shown if name in advice]
    for name in columns:
        table.add_column(name.replace("_", " "), justify="left" if name in shown[:2] else "right")
    for row in advice[columns].itertuples(index=False):
        table.add_row(*(value if isinstance(value, str) else f"{value:.3g}" for value in row))
    return table


def _tell(report: BatchReport, *, as_json: bool) -> None:
    """Say what became of the runs; leave with 1 when any failed."""
    made = report.planned - report.resumed
    if as_json:
        about = {"folder": str(report.folder), "planned": report.planned, "failed": report.failed}
        about |= {"resumed": report.resumed, "seconds": round(report.seconds, 1)}
        typer.echo(json.dumps(about | {"complete": report.complete}, indent=1))
    else:
        screen = console()
        say = functools.partial(screen.print, soft_wrap=True)
        say(f"{made} runs in {report.seconds:.0f} s, {report.failed} failed: {report.folder}")
        if not report.complete:
            say(f"The other parts are still to come; then: parley resume {report.folder}")
        else:
            say(f"Next: parley sensitivity {report.folder}, or parley discover {report.folder}")
    if report.failed:
        raise typer.Exit(1)
