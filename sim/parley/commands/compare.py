"""`parley compare`: the same places and the same luck under different practices."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from parley.commands.compare_places import answer_all_places, chosen_places
from parley.commands.options import (
    AsJson,
    ProgressBar,
    TailEvents,
    With,
    Worth,
    command,
    console,
    entries,
    names,
    numbers,
    worth_changes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pandas import DataFrame

    from parley.results import RunSpec
    from parley_analysis.load import Batch
    from parley_experiments.batch import BatchReport

_ARMS = ("none", "transactional", "hsbp")
_PLACES = ("colombia", "bosnia")
_DEMO = {"population": 1000, "months": 120, "replicates": 8}
_PATHS = ("trust_company", "grievance_at_company", "benefit")
_FEWEST_ARMS = 2


@dataclass(frozen=True)
class CompareOptions:
    """Options of `parley compare`."""

    places: Annotated[
        list[str] | None, typer.Option(help="Places, by name or file; colombia,bosnia if left out.")
    ] = None
    all_places: Annotated[
        bool,
        typer.Option(
            "--all-places", help="All places that come with Parley; one table and one figure."
        ),
    ] = False
    arms: Annotated[
        list[str] | None,
        typer.Option(
            help="Stacks of practices: names, files, hsbp-sharing, transactional+mapping, "
            "hsbp@tools, random:1, or families such as presets, controls, ablations; "
            "none,transactional,hsbp if left out."
        ),
    ] = None
    replicates: Annotated[
        int | None, typer.Option(min=1, help="Draws of luck shared by all arms; 20 if left out.")
    ] = None
    months: Annotated[int | None, typer.Option(help="Length of the runs (months).")] = None
    population: Annotated[int | None, typer.Option(help="Simulated residents.")] = None
    seed: Annotated[int, typer.Option(min=0, help="Root seed of the luck.")] = 1
    parameters: Annotated[
        list[str] | None,
        typer.Option(help="Changed numbers, section.name=value; see parley params."),
    ] = None
    against: Annotated[
        str | None, typer.Option(help="Arm the others are held against; the first if left out.")
    ] = None
    interventions: With = None
    tail_events: TailEvents = None
    worth: Worth = None
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes to use; one per processor if left out.")
    ] = None
    out: Annotated[
        Path | None, typer.Option(help="Results folder; one under results/ if left out.")
    ] = None
    figures: Annotated[bool, typer.Option(help="Draw figures into the results folder.")] = True
    demo: Annotated[
        bool, typer.Option("--demo", help="A small comparison that ends within three minutes.")
    ] = False
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "compare", CompareOptions, compare)


def compare(options: CompareOptions) -> None:
    """Compare stacks of practices in places, replicate by replicate under the same luck.

    Every --with adds an intervention to all arms; each arm is then also run without, as its
    control. The results folder keeps every run. Stopped with Ctrl-C or killed, the same command
    goes on where it was.

    Example: parley compare --places bosnia --arms none,csr,hsbp --replicates 20
    """
    from parley_analysis.load import load
    from parley_experiments.batch import BatchInterrupted
    from parley_experiments.comparison import comparison_specs, default_folder, run_comparison

    settings, worth = _settings(options), worth_changes(options.worth)
    arms = names(options.arms, _ARMS)
    places = chosen_places(options.places, options.all_places, _PLACES)
    default = _DEMO["replicates"] if options.demo else 20
    specs = comparison_specs(arms, places, options.replicates or default, **settings)
    against = _reference(specs, options.against)
    folder = options.out or default_folder(specs, settings["label"])
    _announce(options, specs, folder)
    try:
        with ProgressBar() as bar:
            report = run_comparison(
                specs, folder, processes=options.processes, progress=bar, **settings
            )
    except BatchInterrupted as stopped:
        typer.echo(f"Stopped: {stopped}.\nTo go on, give the same command again.", err=True)
        raise typer.Exit(130) from None
    if options.all_places:
        drawn, as_json = options.figures, options.json
        answer_all_places(report, against, worth, figure=drawn, as_json=as_json)
    else:
        _answer(options, load(report.folder, worth=worth), report, against)


def _settings(options: CompareOptions) -> dict[str, Any]:
    """What holds for all runs alike; what is not given keeps its default."""
    small = _DEMO if options.demo else {}
    given: dict[str, Any] = {
        "months": small.get("months") if options.months is None else options.months,
        "population": small.get("population") if options.population is None else options.population,
        "parameters": numbers(options.parameters, "--parameters") or None,
        "interventions": entries(options.interventions) or None,
        "tail_events": entries(options.tail_events) or None,
        "root_seed": options.seed,
        "label": "demo" if options.demo else "places" if options.all_places else "comparison",
    }
    return {name: value for name, value in given.items() if value is not None}


def _reference(specs: Sequence[RunSpec], against: str | None) -> str:
    """The arm that the others are held against.

    Raises:
        ScenarioError: There is no such arm, or nothing to hold against it.
    """
    from parley.errors import Problem, ScenarioError, did_you_mean

    arms = list(dict.fromkeys(spec.arm for spec in specs))
    if len(arms) < _FEWEST_ARMS:
        step = "name more, or make a single run with parley run"
        raise ScenarioError([Problem("--arms", "", arms[0], "one arm is no comparison", "", step)])
    if against is None:
        return arms[0]
    if against not in arms:
        hint = did_you_mean(against, arms)
        raise ScenarioError(
            [Problem("--against", "", against, "is none of the arms", ", ".join(arms), hint)]
        )
    return against


def _announce(options: CompareOptions, specs: Sequence[RunSpec], folder: Path) -> None:
    """Say on standard error what is about to happen."""
    from parley.scenario import DEFAULT_POPULATION

    places = list(dict.fromkeys(spec.place for spec in specs))
    arms = list(dict.fromkeys(spec.arm for spec in specs))
    one = specs[0].scenario
    size = f"{one.population:,} residents, {one.months} months"
    if options.demo and one.population < DEFAULT_POPULATION:
        size += f" (a demo; usually {DEFAULT_POPULATION:,} residents or more, and 20 replicates)"
    typer.echo(
        f"{len(specs)} runs: {', '.join(arms)} in {', '.join(places)}; {size}\n"
        f"Results go to {folder}",
        err=True,
    )
    for word in _without_effect(specs):
        typer.echo(word, err=True)


def _without_effect(specs: Sequence[RunSpec]) -> list[str]:
    """What to say of interventions that have nothing to work on, once for each place."""
    from parley.no_effect import no_effect

    scenarios = {(spec.place, spec.arm): spec.scenario for spec in specs}
    found = {
        (place, one.label, reason): f"With {one.label!r} nothing changes in {place}: {reason}"
        for (place, _), scenario in scenarios.items()
        for one in scenario.interventions
        if (reason := no_effect(scenario, one))
    }
    return list(found.values())


def _answer(options: CompareOptions, batch: Batch, report: BatchReport, against: str) -> None:
    """Show what came out; leave with 1 when a run failed or too many did."""
    import pandas as pd

    from parley_analysis import tables
    from parley_analysis.load import AnalysisError

    try:
        table = tables.differences(batch, list(batch.outcomes), against)
    except AnalysisError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(1) from None
    table.to_csv(report.folder / "differences.csv", index=False)
    drawn = _draw(batch, against) if options.figures else []
    effects = _effects(batch)
    if effects:
        whole = pd.concat([part.assign(against=arm) for arm, part in effects.items()])
        whole.to_csv(report.folder / "interventions.csv", index=False)
    if options.json:
        typer.echo(tables.to_json(batch, table, against))
    else:
        screen = console()
        shown = table[table["outcome"].isin(tables.key_outcomes(batch))]
        for part in tables.terminal(batch, shown, against, screen.width):
            screen.print(part)
        for control, effect in effects.items():
            if control != against:
                _show_effect(batch, effect, control)
        if effects:
            screen.print(f"Effects of interventions: {report.folder / 'interventions.csv'}")
        screen.print(f"\nAll outcomes: {report.folder / 'differences.csv'}", soft_wrap=True)
        for path in drawn:
            screen.print(f"Figure: {path}", soft_wrap=True)
        made = report.planned - report.resumed
        if made:
            screen.print(f"[dim]{made} runs in {report.seconds:.0f} s[/]")
    if report.failed:
        raise typer.Exit(1)


def _effects(batch: Batch) -> dict[str, DataFrame]:
    """What interventions change, each arm with them held against the same arm without.

    Returns:
        Control arm -> the columns of `tables.differences`; empty without interventions.
    """
    from parley_analysis import tables

    found = {}
    arms = cast("dict[str, dict[str, str]]", batch.results.manifest["arms"])
    for arm, about in arms.items():
        if "control" in about:
            table = tables.differences(batch, list(batch.outcomes), about["control"])
            found[about["control"]] = table[table["arm"] == arm]
    return found


def _show_effect(batch: Batch, table: DataFrame, control: str) -> None:
    """Show one arm with interventions against its control."""
    from parley_analysis import tables

    screen = console()
    shown = table[table["outcome"].isin(tables.key_outcomes(batch))]
    *parts, _ = tables.terminal(batch, shown, control, screen.width)
    screen.print(f"\nWith interventions, against {batch.short_arm(control)} without:")
    for part in parts:
        screen.print(part)


def _draw(batch: Batch, against: str) -> list[Path]:
    """Draw the figures of a comparison; return the PNG files."""
    from parley_analysis import figures, tables
    from parley_analysis.style import save
    from parley_analysis.wins_figure import win_matrix_figure

    folder = batch.results.folder / "figures"
    folder.mkdir(exist_ok=True)
    monthly = [name for name in _PATHS if name in batch.outcomes] or tables.key_outcomes(batch)[:3]
    by_group = [name for name in monthly if batch.outcome(name).level == "group"]
    last = next(arm for arm in reversed(batch.arms) if arm != against)
    drawn = []
    for start in range(0, len(batch.places), 2):
        places = batch.places[start : start + 2]
        number = f"-{start // 2 + 1}" if len(batch.places) > 2 else ""
        pictures = {
            "paths": figures.paths_figure(batch, monthly, places=places),
            "wins": win_matrix_figure(batch, tables.key_outcomes(batch), last, places),
        }
        for name in by_group:
            figure = figures.groups_figure(batch, [name], against, places)
            pictures[f"groups-{name}"] = figure
        for name, figure in pictures.items():
            drawn.append(save(figure, folder / f"{name}{number}")[0])
    return drawn
