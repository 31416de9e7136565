"""`parley run`: one scenario, one draw of luck."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from parley.commands.options import AsJson, Backend, TailEvents, With, command, console, entries

if TYPE_CHECKING:
    from rich.console import RenderableType

    from parley.registry import Outcome
    from parley.results import RunFailure, RunResult, RunSpec
    from parley.scenario_types import Scenario

    type Levels = dict[str, dict[str, float]]


@dataclass(frozen=True)
class RunOptions:
    """Options of `parley run`."""

    scenario: Annotated[str, typer.Argument(help="A scenario file, or the name of a ready one.")]
    out: Annotated[Path | None, typer.Option(help="Keep the run in this results folder.")] = None
    replicate: Annotated[int, typer.Option(min=0, help="Which draw of luck.")] = 0
    backend: Backend = "numpy"
    seed: Annotated[int, typer.Option(min=0, help="Root seed of the luck.")] = 1
    months: Annotated[int | None, typer.Option(help="Another length (months).")] = None
    population: Annotated[int | None, typer.Option(help="Another number of residents.")] = None
    interventions: With = None
    tail_events: TailEvents = None
    json: AsJson = False


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "run", RunOptions, run)


def run(options: RunOptions) -> None:
    """Run a scenario once and show where it ends.

    One run is one story, not evidence: other luck may end elsewhere. See parley compare.

    Example: parley run scenarios/colombia_hsbp.toml --replicate 3
    """
    from parley.backend import check_backend
    from parley.results import RunFailure, RunSpec
    from parley.scenario import load_scenario

    _refuse_place(options.scenario)
    scenario = load_scenario(options.scenario)
    scenario = scenario.with_run(months=options.months, population=options.population)
    scenario = with_interventions(scenario, options.interventions)
    scenario = scenario.with_tail_events(*entries(options.tail_events))
    check_backend(options.backend)
    spec = RunSpec(scenario, options.replicate, options.seed, options.backend)
    result = _make(spec, options.out)
    if isinstance(result, RunFailure):
        _tell_failure(result, options.out)
        raise typer.Exit(1)
    if options.json:
        typer.echo(_as_json(result))
    else:
        _show(spec, result)
        if options.out:
            typer.echo(f"Kept in {options.out}")


def _refuse_place(name: str) -> None:
    """A place alone does not run.

    Raises:
        ScenarioError: The name or file is that of a place.
    """
    from parley.commands.validate import kind_of
    from parley.errors import Problem, ScenarioError

    if kind_of(name) != "place":
        return
    beside = Path(name).with_name(f"{Path(name).stem}_run.toml")
    if beside.is_file():
        step = f"run {beside}, which names it"
    else:
        step = f"compare practices there with: parley compare --places {name} --arms none hsbp"
    message = "is a place, and a run needs a scenario, which names a place and practices"
    raise ScenarioError([Problem(name, "", None, message, "", step)])


def with_interventions(scenario: Scenario, given: list[str] | None) -> Scenario:
    """A scenario with the interventions of `--with` on top of its own.

    Raises:
        ScenarioError: One is unknown or does not fit; all problems at once.
    """
    from dataclasses import replace

    from parley.interventions import add_interventions, setting_of

    setting = setting_of(scenario.place, scenario.start, scenario.months)
    more = add_interventions(entries(given), setting, "--with")
    return replace(scenario, interventions=(*scenario.interventions, *more))


def _make(spec: RunSpec, out: Path | None) -> RunResult | RunFailure:
    """Make the run, and keep it if a folder is named."""
    from parley.runner import run as run_model

    if out is None:
        return run_model(spec)
    from parley.errors import StoreError
    from parley_experiments.batch import run_batch

    made: list[RunResult | RunFailure] = []

    def keep(order: RunSpec) -> RunResult | RunFailure:
        made.append(run_model(order))
        return made[-1]

    run_batch([spec], out, processes=1, run_one=keep, about={"label": "run"})
    if not made:
        raise StoreError(f"{out}: already holds this very run; choose another folder or read it")
    return made[0]


def _tell_failure(failure: RunFailure, out: Path | None) -> None:
    typer.echo(f"error: the run failed: {failure.reason}", err=True)
    where = f"The traceback is in {out / 'failures'}" if out else "Use --out to keep the traceback"
    typer.echo(where, err=True)


def _levels(result: RunResult, outcomes: tuple[Outcome, ...]) -> Levels:
    """Months made one number per outcome and group, as the registry prescribes."""
    import numpy as np

    levels: Levels = {}
    for outcome in outcomes:
        if outcome.name not in result.series:
            continue
        series = result.series[outcome.name]
        row = {}
        for column, group in enumerate(result.groups):
            values = series[:, column]
            known = values[~np.isnan(values)]
            if known.size:
                kinds = {"last": values[-1], "mean": known.mean(), "sum": known.sum()}
                row[group] = float(kinds[outcome.aggregate])
        levels[outcome.name] = {group: v for group, v in row.items() if math.isfinite(v)}
    return levels | {name: {"all": value} for name, value in result.finals.items()}


def _as_json(result: RunResult) -> str:
    from parley.registry import load_registry

    def plain(value: float) -> float | None:
        return value if math.isfinite(value) else None

    levels = _levels(result, load_registry().outcomes)
    content = {
        "identity": result.identity,
        "place": result.place,
        "arm": result.arm,
        "replicate": result.replicate,
        "root_seed": result.root_seed,
        "start": result.start.isoformat(),
        "months": result.months,
        "people": result.people,
        "levels": {name: {g: plain(v) for g, v in row.items()} for name, row in levels.items()},
        "series": {
            name: [plain(float(value)) for value in values[:, 0]]
            for name, values in result.series.items()
        },
        "events": [
            {
                "month": event.month,
                "kind": event.kind,
                "actor": event.actor,
                "target": event.target,
                "amount": plain(event.amount),
            }
            for event in result.events
        ],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False)


def _show(spec: RunSpec, result: RunResult) -> None:
    """Show where the run ends."""
    from parley.no_effect import no_effect
    from parley.registry import load_registry

    registry = load_registry()
    scenario = spec.scenario
    screen = console()
    title = scenario.title or f"{scenario.practices.label} in {scenario.place.title}"
    screen.print(f"[bold]{title}[/]")
    screen.print(f"{result.people:,} residents, {result.months} months from {result.start:%Y-%m}")
    for one in scenario.interventions:
        screen.print(f"With: {one.label}, paid by the {one.paid_by}")
        if reason := no_effect(scenario, one):
            screen.print(f"[yellow]It changes nothing in this run: {reason}[/]")
    if scenario.tail_events:
        names = ", ".join(event.key for event in scenario.tail_events)
        screen.print(f"Rare disasters loaded: {names}\n{_disasters(result)}")
    labels = {group.key: group.label for group in scenario.place.groups}
    labels |= {tag.key: tag.label for tag in scenario.place.tags}
    screen.print(_table(registry.outcomes, _levels(result, registry.outcomes), labels))
    kinds = Counter(event.kind for event in result.events)
    if kinds:
        screen.print("Events: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    screen.print("[dim]Levels: last month, mean or sum of all months, as each outcome prescribes.")
    screen.print("[dim]† Near-tautological: at most two rules lie between a practice and this.")


def _disasters(result: RunResult) -> str:
    """Whether a disaster struck, and when."""
    from parley.price_data import month_after

    struck = [event for event in result.events if event.kind == "catastrophe"]
    if not struck:
        return "None struck in this run; see hazard_per_year in parley describe tail-events."
    dates = (f"{one.actor} in {month_after(result.start, one.month):%Y-%m}" for one in struck)
    return f"Struck: {', '.join(dates)}"


def _table(outcomes: tuple[Outcome, ...], levels: Levels, labels: dict[str, str]) -> RenderableType:
    """One line per outcome: everybody, and the group that fares worst."""
    from rich import box
    from rich.table import Table

    grid = Table("", box=box.SIMPLE_HEAD, pad_edge=False)
    grid.add_column("All", justify="right", no_wrap=True)
    grid.add_column("Worst-off group")
    for outcome in outcomes:
        row = levels.get(outcome.name, {})
        groups = {group: value for group, value in row.items() if group != "all"}
        worst = ""
        if groups and outcome.direction != "neither":
            pick = min if outcome.direction == "higher" else max
            group = pick(groups, key=groups.__getitem__)
            worst = f"{groups[group]:.3g} {labels.get(group, group)}"
        summed = outcome.aggregate == "sum"
        unit = outcome.unit.removesuffix(" per month") if summed else outcome.unit
        mark = " †" if outcome.near_tautological else ""
        whole = f"{row['all']:.4g}" if "all" in row else "–"
        grid.add_row(f"{outcome.label}{mark}\n[dim]{unit}[/]", whole, worst)
    return grid
