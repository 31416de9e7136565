"""`parley handout`: one file of runs made beforehand, for rooms without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import AsJson, ProgressBar, command, console, names
from parley.errors import OptionError

if TYPE_CHECKING:
    from parley.results import RunSpec
    from parley_experiments.batch import BatchReport
    from parley_workshop.handout_grid import Grid

_ARMS = ("none", "transactional", "hsbp")
_PLACE = "colombia"
_VARY = ("sharing", "complaints_desk", "spoiler_presence")
_REPLICATES, _MONTHS, _POPULATION = 10, 120, 500


@dataclass(frozen=True)
class HandoutOptions:
    """Options of `parley handout`."""

    place: Annotated[
        str | None, typer.Option(help="The place, by name or file; colombia if left out.")
    ] = None
    arms: Annotated[
        list[str] | None,
        typer.Option(
            help="Two to four stacks of practices side by side, as for parley compare; "
            "none,transactional,hsbp if left out."
        ),
    ] = None
    vary: Annotated[
        list[str] | None,
        typer.Option(
            help="Up to three sliders: dials, facts of the place, or numbers of the model, with "
            "levels if wanted: sharing=0:own:1,spoiler_presence. `own` is what the stack or place "
            "has. sharing,complaints_desk,spoiler_presence if left out; none for no slider."
        ),
    ] = None
    outcomes: Annotated[
        list[str] | None, typer.Option(help="Outcomes to show; nine usual ones if left out.")
    ] = None
    replicates: Annotated[
        int | None, typer.Option(min=1, help="Draws of luck shared by all; 10 if left out.")
    ] = None
    months: Annotated[int | None, typer.Option(help="Length (months); 120 if left out.")] = None
    population: Annotated[
        int | None, typer.Option(help="Simulated residents; 500 if left out.")
    ] = None
    seed: Annotated[int | None, typer.Option(min=0, help="Root seed of the luck; 1.")] = None
    language: Annotated[
        str, typer.Option(help="Language it opens in: en, es or bs; a reader may switch.")
    ] = "en"
    results: Annotated[
        Path | None,
        typer.Option(help="Show the runs of this results folder; make none."),
    ] = None
    out: Annotated[Path | None, typer.Option(help="The file; handout-PLACE.html if left out.")] = (
        None
    )
    folder: Annotated[
        Path | None, typer.Option(help="Results folder; one under results/ if left out.")
    ] = None
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to use; one per processor if left out.")
    ] = None
    plan: Annotated[bool, typer.Option("--plan", help="Say what would be run, and stop.")] = False
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "handout", HandoutOptions, handout)


def handout(options: HandoutOptions) -> None:
    """Make one page of many runs that opens from a USB stick, without a network.

    Stacks side by side, sliders, bands over luck, predict and reveal, tables and sources, in three
    languages, in one file under 2 MB. Stopped with Ctrl-C or killed, the same command goes on
    where it was. With --results nothing is run: the page shows a folder of parley handout, of
    parley compare, or of a full-factorial sweep that kept its paths.

    Example: parley handout --place colombia --arms none,hsbp --vary sharing --language es
    """
    from parley_workshop.words import Words

    Words(options.language)
    if options.results is not None:
        _show(options, options.results, None)
        return
    grid = grid_of(options)
    folder = options.folder or _default_folder(grid.specs)
    out = _target(options, grid.specs[0].place)
    _say_plan(options, grid, folder, out)
    if options.plan:
        return
    report = _run(options, grid, folder)
    _show(options, folder, report)


def grid_of(options: HandoutOptions) -> Grid:
    """The runs asked for; what is not given keeps its default.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems at once.
    """
    from parley_workshop.handout_grid import make_grid

    given = {
        "months": (options.months, _MONTHS),
        "population": (options.population, _POPULATION),
        "root_seed": (options.seed, 1),
    }
    settings = {key: usual if value is None else value for key, (value, usual) in given.items()}
    vary = () if options.vary == ["none"] else names(options.vary, _VARY)
    replicates = options.replicates or _REPLICATES
    return make_grid(
        options.place or _PLACE, names(options.arms, _ARMS), vary, replicates, settings
    )


def _default_folder(specs: tuple[RunSpec, ...]) -> Path:
    """The same runs give the same name, so that they resume."""
    from parley_experiments.comparison import default_folder

    return default_folder(specs, "handout")


def _target(options: HandoutOptions, place: str) -> Path:
    """The file to write.

    Raises:
        OptionError: It cannot be written there.
    """
    out = options.out or Path(f"handout-{place}.html")
    if out.is_dir():
        raise OptionError(f"--out {out}: is a folder; name a file, e.g. {out / 'handout.html'}")
    if not out.parent.is_dir():
        raise OptionError(f"--out {out}: there is no folder {out.parent}; make it first")
    return out


def _say_plan(options: HandoutOptions, grid: Grid, folder: Path, out: Path) -> None:
    """Say what is about to be run, on standard error, or as the answer to --plan."""
    from parley_experiments.engines import available_processors

    one = grid.specs[0].scenario
    arms = list(dict.fromkeys(spec.arm for spec in grid.specs))
    lines = [
        f"{len(grid.specs):,} runs: {', '.join(arms)} in {one.place.key}, "
        f"{len(grid.points)} combinations; {one.population:,} residents, {one.months} months"
    ]
    lines += [
        f"  slider {v.key}: {', '.join(_level(level) for level in v.levels)}" for v in grid.varied
    ]
    if options.plan:
        from parley.runner import run
        from parley_experiments.trial import try_runs

        workers = options.processes or available_processors()
        trial = try_runs(grid.specs, run)
        minutes = len(grid.specs) * trial.seconds / workers / 60.0
        lines.append(f"about {minutes:.1f} minutes on {workers} processes")
        if trial.failures:
            tried = f"{len(trial.failures)} of the {trial.runs} runs made now failed"
            lines.append(f"{tried}: {trial.failures[0]}")
    lines += [f"Results go to {folder}, the page to {out}"]
    typer.echo("\n".join(lines), err=not options.plan)


def _level(level: float | None) -> str:
    return "own" if level is None else f"{level:g}"


def _run(options: HandoutOptions, grid: Grid, folder: Path) -> BatchReport:
    """Make the runs that are not there yet."""
    from parley_experiments.batch import BatchInterrupted, run_batch
    from parley_workshop.handout_page import place_words

    design = grid.describe() | {"place_file": place_words(options.place or _PLACE)}
    try:
        with ProgressBar() as bar:
            return run_batch(
                grid.specs,
                folder,
                processes=options.processes,
                progress=bar,
                about={"label": "handout", "question": "", "design": design},
                attached=grid.attached(),
                inputs="base",
            )
    except BatchInterrupted as stopped:
        typer.echo(f"Stopped: {stopped}.\nTo go on, give the same command again.", err=True)
        raise typer.Exit(130) from None


def _show(options: HandoutOptions, folder: Path, report: BatchReport | None) -> None:
    """Write the page and say where it is; leave with 1 when runs failed."""
    from parley_workshop.handout import collect
    from parley_workshop.handout_page import render, write

    if options.results is not None:
        _refuse_run_options(options)
    arms = () if report else names(options.arms)
    place = "" if report else options.place or ""
    found = collect(folder, place=place, arms=arms, outcomes=names(options.outcomes))
    out = _target(options, found.place)
    size = write(render(found, options.language), out)
    failed = report.failed if report else 0
    if options.json:
        about = {"file": str(out), "bytes": size, "folder": str(folder), "failed": failed}
        typer.echo(json.dumps(about, indent=1))
    else:
        say = console().print
        say(f"{out}: {size / 1e6:.2f} MB; open it in any browser", soft_wrap=True)
        if failed:
            say(f"{failed} runs failed and are left out: {folder / 'failures'}", soft_wrap=True)
    if failed:
        raise typer.Exit(1)


def _refuse_run_options(options: HandoutOptions) -> None:
    """With --results nothing is run, so what only a run could heed is an error.

    Raises:
        OptionError: Such an option was given.
    """
    given = {
        name: getattr(options, name)
        for name in ("vary", "replicates", "months", "population", "seed", "folder", "plan")
    }
    named = [f"--{name}" for name, value in given.items() if value not in (None, False)]
    if named:
        raise OptionError(
            f"{', '.join(named)}: cannot be given with --results, which shows runs as they are; "
            "leave out one or the other"
        )
