"""Can the model say no? The same arms in many worlds drawn from the priors, luck shared.

Every draw of `parley_experiments.draws` is one world. All arms meet it with the same luck: the
number of the draw is the replicate. `parley_analysis.winmatrix` reads what comes out.

    python -m parley_experiments.refutability --draws 240 --places colombia bosnia

To find out why an outcome comes out as it does, run the same draws again with a number held at
the value that switches a mechanism off (`--set grievance.deprivation_inflow=0`), or an arm with a
practice taken out (`--arms hsbp hsbp-sharing`).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from parley.errors import ParleyError, Problem, ScenarioError
from parley.place import read_place
from parley.results import RunSpec
from parley.scenario import make_scenario
from parley_experiments.arms import expand_arms, read_arm
from parley_experiments.batch import BatchInterrupted, run_batch
from parley_experiments.draws import draw_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley.practice_types import Practices
    from parley.scenario_types import Scenario
    from parley_experiments.batch import BatchReport, Progress, RunOne

ARMS = (
    "none",
    "transactional",
    "csr",
    "cash_equivalent",
    "placebo",
    "hsbp",
    "hsbp_nominal",
    "transactional_plus",
)
"""Arms of the first win matrix: the framework, what it competes with, and its controls."""

QUESTION = "In what share of the worlds that the priors allow is each arm better than each other?"
LABEL = "refutability"


@dataclass(frozen=True)
class Design:
    """Which worlds, which arms.

    Attributes:
        draws: Draws in the Latin hypercube.
        places: Names or files of places.
        arms: Names, files, expressions or families, as `parley_experiments.arms` reads them.
        months: Length of the runs (months).
        population: Simulated residents.
        seed: Seed of the draws and of the luck.
        first: Run only so many of the draws; None for all. They are a subset of the full design.
        held: `section.name` to a value it has in every draw; the other numbers do not change.
    """

    draws: int = 240
    places: tuple[str, ...] = ("colombia", "bosnia")
    arms: tuple[str, ...] = ARMS
    months: int = 120
    population: int = 1000
    seed: int = 1
    first: int | None = None
    held: Mapping[str, float] = field(default_factory=dict)

    def worlds(self) -> list[dict[str, float]]:
        """Values of the swept parameters, one table per draw that is run."""
        return [{**draw, **self.held} for draw in draw_parameters(self.draws, self.seed)][
            : self.first
        ]

    def settled(self, place: str) -> frozenset[str]:
        """Parameters that a place file states, and that are not held: they are not drawn there."""
        return frozenset(dict(read_place(place, None, "replay").parameters)) - set(self.held)

    def describe(self) -> dict[str, object]:
        """What to record beside the runs, for whoever reads the results."""
        worlds = self.worlds()
        nowhere = frozenset.intersection(*map(self.settled, self.places))
        return {
            "kind": "latin hypercube over the priors of uncertainties and switches",
            "draws": self.draws,
            "run": len(worlds),
            "seed": self.seed,
            "held": dict(self.held),
            "parameters": {
                key: [world[key] for world in worlds] for key in worlds[0] if key not in nowhere
            },
        }


def design_specs(design: Design) -> tuple[RunSpec, ...]:
    """Resolve every run of a design.

    What a place file says about a number of the model holds in that place in every draw.

    Returns:
        The runs: draw by draw, so that an unfinished batch holds whole draws, place by place, arm
        by arm.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems of a kind at once.
    """
    problems: list[Problem] = []
    bases: list[tuple[Scenario, frozenset[str]]] = []
    stacks: list[Practices] = []
    for name in expand_arms(design.arms):
        try:
            stacks.append(read_arm(name))
        except ScenarioError as error:
            problems += error.problems
    for place in design.places:
        try:
            settled = design.settled(place)
            base = make_scenario(
                place=place,
                practices="none",
                months=design.months,
                population=design.population,
            )
            bases.append((base, settled))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(problems)
    specs = []
    for draw, values in enumerate(design.worlds()):
        for base, settled in bases:
            changes = {key: value for key, value in values.items() if key not in settled}
            world = base.with_parameters(**changes)
            specs += [RunSpec(world.with_practices(arm), draw, design.seed) for arm in stacks]
    return tuple(specs)


def run_design(
    design: Design,
    folder: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    run_one: RunOne | None = None,
    about: Mapping[str, object] | None = None,
) -> BatchReport:
    """Make the runs of a design; runs that are in the folder already are not made again.

    Raises:
        ScenarioError: The design does not read; nothing has been written.
        StoreError: The folder holds something else or is damaged.
        BatchInterrupted: Ctrl-C; finished runs are kept.
    """
    specs = design_specs(design)
    told = {"label": LABEL, "question": QUESTION, "design": design.describe(), **(about or {})}
    return run_batch(
        specs,
        folder,
        processes=processes,
        progress=progress,
        run_one=run_one,
        about=told,
    )


def read_options(words: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the options of the command line."""
    default = Design()
    parser = argparse.ArgumentParser(
        prog="python -m parley_experiments.refutability",
        description="The same arms in many worlds drawn from the priors, luck shared.",
    )
    parser.add_argument("--draws", type=int, default=default.draws, help="draws in the design")
    parser.add_argument("--first", type=int, help="run only so many of them")
    parser.add_argument("--places", nargs="+", default=default.places, help="names or files")
    parser.add_argument("--arms", nargs="+", default=default.arms, help="names or files")
    parser.add_argument("--months", type=int, default=default.months)
    parser.add_argument("--population", type=int, default=default.population)
    parser.add_argument("--seed", type=int, default=default.seed, help="of draws and of luck")
    parser.add_argument(
        "--set", nargs="+", metavar="KEY=VALUE", help="numbers to hold in every draw"
    )
    parser.add_argument("--processes", type=int, help="one per processor if left out")
    parser.add_argument("--out", type=Path, default=Path("results") / LABEL, help="results folder")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    from parley.commands.options import ProgressBar, console, numbers

    options = read_options(words)
    screen = console()
    try:
        design = Design(
            options.draws,
            tuple(options.places),
            tuple(options.arms),
            options.months,
            options.population,
            options.seed,
            options.first,
            numbers(options.set, "--set"),
        )
        with ProgressBar() as bar:
            report = run_design(design, options.out, processes=options.processes, progress=bar)
    except BatchInterrupted as stopped:
        screen.print(f"Stopped: {stopped}. To go on, give the same command again.")
        return 130
    except ParleyError as error:
        screen.print(f"error: {error}")
        return 2
    made = report.planned - report.resumed
    screen.print(f"{made} runs in {report.seconds:.0f} s, {report.failed} failed: {report.folder}")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
