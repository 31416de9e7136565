"""One question, many runs: the same places and the same luck under different practices."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from parley.errors import Problem, ScenarioError
from parley.interventions import add_interventions, setting_of
from parley.results import RunSpec
from parley.scenario import make_scenario
from parley_experiments.arms import expand_arms, read_arm
from parley_experiments.batch import run_batch
from parley_experiments.manifest import batch_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley.scenario_types import Scenario, TrustRule
    from parley_experiments.batch import BatchReport, Progress, RunOne

ROOT_SEED = 1
REPLICATES = 20
RESULTS = Path("results")
"""Where results go when no folder is named, relative to the working folder."""


class Settings(TypedDict, total=False):
    """What may be set for all runs of a comparison alike; what is left out keeps its default."""

    months: int
    """Length of the runs (months)."""
    population: int
    """Simulated residents (persons)."""
    root_seed: int
    """Seed of the luck, 0 or more; 1 when left out."""
    parameters: Mapping[str, float]
    """`section.name` to value."""
    trust_rule: TrustRule
    """`linear` or `counts`."""
    interventions: Sequence[str | Mapping[str, Any]]
    """Added to every arm, beside the arm without them: names (`"cash_transfer:coverage=0.5"`), or
    tables with the keys of `[[interventions]]` in a scenario file."""
    tail_events: Sequence[str]
    """Names or files of rare disasters that every run loads; the place's own when left out."""
    question: str
    """What the comparison is to answer; the heading of its figures."""
    label: str
    """First part of the name of the results folder; `comparison` when left out."""


def comparison_specs(
    arms: Sequence[str],
    places: Sequence[str],
    replicates: int = REPLICATES,
    **settings: Unpack[Settings],
) -> tuple[RunSpec, ...]:
    """Resolve every run of a comparison; arms share place, seed and replicates, so also their luck.

    Args:
        arms: Names, files, expressions or families, as `parley_experiments.arms` reads them.
        places: Names or files of places.
        replicates: Draws of luck, at least 1.
        **settings: See `Settings`.

    Returns:
        The runs, place by place, arm by arm, an arm with interventions after the one without.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems at once.
    """
    root_seed = settings.get("root_seed", ROOT_SEED)
    problems = _check_lists(arms, places, replicates, root_seed)
    scenarios: list[Scenario] = []
    for place in places:
        for arm in expand_arms(arms):
            try:
                scenarios += _scenarios(place, arm, settings)
            except ScenarioError as error:
                problems += [problem for problem in error.problems if problem not in problems]
    pairs = [(scenario.place.key, scenario.arm) for scenario in scenarios]
    for pair in dict.fromkeys(pair for pair in pairs if pairs.count(pair) > 1 and not problems):
        problems.append(Problem("comparison", "arms", pair, "two arms or places have one name"))
    if problems:
        raise ScenarioError([_from_comparison(problem) for problem in problems])
    return tuple(
        RunSpec(scenario, replicate, root_seed)
        for scenario in scenarios
        for replicate in range(replicates)
    )


def default_folder(specs: Sequence[RunSpec], label: str = "comparison") -> Path:
    """Name the folder of a batch: the same runs give the same name, so that they resume."""
    return RESULTS / f"{label}-{batch_digest(specs)[:8]}"


def run_comparison(
    specs: Sequence[RunSpec],
    folder: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    run_one: RunOne | None = None,
    **settings: Unpack[Settings],
) -> BatchReport:
    """Make the runs of a comparison; see `run_batch` for what is raised and kept."""
    about = {
        "label": settings.get("label", "comparison"),
        "question": settings.get("question", ""),
    }
    return run_batch(
        specs, folder, processes=processes, progress=progress, run_one=run_one, about=about
    )


def compare(
    arms: Sequence[str],
    places: Sequence[str],
    replicates: int = REPLICATES,
    *,
    folder: Path | str | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
    **settings: Unpack[Settings],
) -> Path:
    """Run the same places under several stacks of practices and keep the results in a folder.

    Calling it again with the same arguments makes only the runs that are missing.

    Args:
        arms: Names, files, expressions or families of stacks, e.g. `["none", "hsbp-sharing"]`.
        places: Names or files of places, e.g. `["bosnia"]`.
        replicates: Draws of luck, at least 1. Replicate 3 of all arms meets the same luck.
        folder: Results folder; None for one under `results/` named after the runs.
        processes: Processes to use; None for one per processor.
        progress: Called after every run with runs done, runs planned, runs failed.
        **settings: See `Settings`.

    Returns:
        The results folder, for `parley.open_results` or `parley_analysis.load`.

    Raises:
        ScenarioError: Anything is unknown or not allowed; nothing has been written.
        StoreError: The folder holds something else or is damaged.
        BatchInterrupted: Ctrl-C; finished runs are kept.
    """
    specs = comparison_specs(arms, places, replicates, **settings)
    target = default_folder(specs, settings.get("label", "comparison"))
    target = target if folder is None else Path(folder)
    run_comparison(specs, target, processes=processes, progress=progress, **settings)
    return target


def _scenarios(place: str, arm: str, settings: Settings) -> list[Scenario]:
    """One world, from those settings that a scenario knows; and the same with interventions."""
    known = ("months", "population", "parameters", "trust_rule", "question", "tail_events")
    chosen = {name: settings[name] for name in known if name in settings}  # type: ignore[literal-required]
    control = make_scenario(place=place, practices=read_arm(arm), **chosen)
    given = settings.get("interventions", ())
    if not given:
        return [control]
    setting = setting_of(control.place, control.start, control.months)
    added = add_interventions(given, setting, "comparison")
    return [control, dataclasses.replace(control, interventions=added)]


def _from_comparison(problem: Problem) -> Problem:
    """A problem of a scenario made here is one of the comparison's settings."""
    return replace(problem, file="comparison") if problem.file == "make_scenario" else problem


def _check_lists(
    arms: Sequence[str], places: Sequence[str], replicates: int, root_seed: int
) -> list[Problem]:
    """Problems of the lists themselves."""
    problems: list[Problem] = []
    for key, names in (("arms", arms), ("places", places)):
        if not names:
            problems.append(Problem("comparison", key, None, "is empty", "at least one name"))
        twice = sorted({name for name in names if list(names).count(name) > 1})
        problems += [Problem("comparison", key, name, "is named twice") for name in twice]
    if replicates < 1:
        allowed = "a whole number of at least 1"
        problems.append(Problem("comparison", "replicates", replicates, "out of range", allowed))
    if root_seed < 0:
        allowed = "a whole number of at least 0"
        problems.append(Problem("comparison", "root_seed", root_seed, "out of range", allowed))
    return problems
