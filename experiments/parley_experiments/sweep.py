"""A sweep: a design made runs, run, and kept with the points it was sampled at.

Every point of the sample is a world. All arms meet it with the same luck, in every place. Points
that differ in nothing the model sees, such as the dummy alone, share one run.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from parley.backend import check_backend
from parley.errors import StoreError
from parley.place import read_place
from parley.registry import load_registry
from parley.results import RunSpec
from parley.store.files import MANIFEST, read_manifest
from parley_experiments import thin
from parley_experiments.batch import run_batch
from parley_experiments.comparison import RESULTS, comparison_specs
from parley_experiments.design import read_design
from parley_experiments.factors import LUCK
from parley_experiments.samplers import sample

if TYPE_CHECKING:
    import pyarrow as pa

    from parley.arrays import Floats
    from parley.scenario_types import Scenario
    from parley_experiments.batch import BatchReport, Options, Progress, RunOne
    from parley_experiments.design import Design

type Cell = tuple[int, RunSpec]
"""A point and a run that answers for it."""

PILOT = "-pilot"
"""End of a pilot's name."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The runs of a design.

    Attributes:
        design: The design.
        units: Shape (points, factors), positions in [0, 1].
        values: Shape (points, factors), values in the factors' units.
        cells: Every point with every run that answers for it, point by point.
        specs: The runs, each once, in the order in which they are first needed.
    """

    design: Design
    units: Floats
    values: Floats
    cells: tuple[Cell, ...]
    specs: tuple[RunSpec, ...]

    def describe(self) -> dict[str, object]:
        """What to record beside the runs, ready for JSON: the design, with families spelt out."""
        outcomes = self.design.outcomes or tuple(o.name for o in load_registry().outcomes)
        return self.design.describe() | {
            "arms": list(dict.fromkeys(spec.arm for spec in self.specs)),
            "places": list(dict.fromkeys(spec.place for spec in self.specs)),
            "outcomes": list(outcomes),
        }

    def attached(self) -> dict[str, pa.Table]:
        """The tables that a results folder keeps beside the runs."""
        import pyarrow as pa

        keys = [factor.key for factor in self.design.factors]
        point = pa.array(np.arange(len(self.units), dtype=np.int32))
        tables = {
            name: pa.table([point, *map(pa.array, array.T.copy())], ["point", *keys])
            for name, array in (("points", self.values), ("units", self.units))
        }
        rows = [(point, s.place, s.arm, s.replicate, s.identity) for point, s in self.cells]
        names = ("point", "place", "arm", "replicate", "identity")
        kinds = (pa.int32(), pa.string(), pa.string(), pa.int32(), pa.string())
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        return tables | {"cells": pa.table(arrays, names)}


def make_plan(design: Design) -> Plan:
    """Resolve every run of a design.

    Raises:
        ScenarioError: An arm, a place or an intervention is unknown; all problems at once.
        MissingExtraError: The sampler or the backend needs a library that is missing.
    """
    return _plan(design, sample(design.settings, design.factors))


def make_pilot(design: Design, points: int = 6, replicates: int = 8) -> Plan:
    """A few points spread over the sample, each with several draws of luck.

    Args:
        design: The design to try out.
        points: Points, at least 1.
        replicates: Draws of luck at each, at least 2; luck is no factor in a pilot.

    Returns:
        Its runs, as a design of its own.
    """
    units = sample(design.settings, design.factors)
    chosen = np.unique(np.linspace(0, len(units) - 1, points).round().astype(np.int64))
    fixed = [i for i, factor in enumerate(design.factors) if factor.kind != LUCK]
    pilot = replace(
        design,
        name=f"{design.name}{PILOT}",
        factors=tuple(design.factors[i] for i in fixed),
        replicates=replicates,
        keep="levels",
        pilot=points,
    )
    return _plan(pilot, units[chosen][:, fixed])


def _plan(design: Design, units: Floats) -> Plan:
    """The runs of a design at given positions of its factors, shape (points, factors)."""
    check_backend(design.backend)
    values = np.column_stack(
        [[f.value(u) for u in units[:, i].tolist()] for i, f in enumerate(design.factors)]
    )
    bases = _bases(design)
    cells: list[Cell] = []
    made: dict[tuple[object, ...], RunSpec] = {}
    for point, row in enumerate(values.tolist()):
        seen = {f.key: value for f, value in zip(design.factors, row, strict=True)}
        lucks = [int(seen[LUCK])] if design.luck_varies else range(design.replicates)
        for index, (base, free) in enumerate(bases):
            changes = {key: seen[key] for key in free}
            for luck in lucks:
                same = (index, luck, *changes.values())
                if same not in made:
                    world = base.with_parameters(**changes)
                    made[same] = RunSpec(world, luck, design.root_seed, design.backend)
                cells.append((point, made[same]))
    return Plan(design, units, values, tuple(cells), tuple(made.values()))


def _bases(design: Design) -> list[tuple[Scenario, tuple[str, ...]]]:
    """Every world before anything varies, with the numbers that vary in it.

    What a place file states holds there, unless the design names the number.
    """
    specs = comparison_specs(
        design.arms,
        design.places,
        1,
        months=design.months,
        population=design.population,
        root_seed=design.root_seed,
        parameters=design.held,
        interventions=design.interventions,
        question=design.question,
    )
    stated = {Path(place).stem: _stated(place) for place in design.places}
    factors = [factor for factor in design.factors if factor.kind == "parameter"]
    return [
        (
            spec.scenario,
            tuple(f.key for f in factors if f.named or f.key not in stated[spec.place]),
        )
        for spec in specs
    ]


def _stated(place: str) -> frozenset[str]:
    """Numbers of the model that a place file states."""
    return frozenset(dict(read_place(place, None, "replay").parameters))


def default_folder(design: Design) -> Path:
    """Where the runs of a design go when no folder is named."""
    return RESULTS / design.name


def run_sweep(
    plan: Plan,
    folder: Path,
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    run_one: RunOne | None = None,
    **options: Unpack[Options],
) -> BatchReport:
    """Make the runs of a plan; runs that are in the folder already are not made again.

    Args:
        plan: The runs.
        folder: Results folder: missing, empty, or holding this very design.
        processes: Processes to use, at least 1; None for one per processor.
        progress: Called after every run.
        run_one: What makes one run; None for the model.
        **options: As for `run_batch`.

    Raises:
        StoreError: The folder holds something else or is damaged.
        BatchInterrupted: Ctrl-C; finished runs are kept.
    """
    design, told = plan.design, plan.describe()
    _check_same(folder, told)
    options |= {"attached": plan.attached(), "inputs": "base"}
    return run_batch(
        plan.specs,
        folder,
        processes=processes,
        progress=progress,
        run_one=run_one or maker(design),
        about={"label": design.name, "question": design.question, "design": told},
        **options,
    )


def maker(design: Design) -> RunOne:
    """What makes one run of a design: the model, keeping what the design says."""
    if design.keep == "levels":
        return functools.partial(thin.run_levels, horizons=design.horizons)
    from parley.runner import run

    return run


def read_plan(folder: Path) -> Plan:
    """The plan of a results folder, to go on with it.

    Raises:
        StoreError: The folder holds no sweep.
    """
    design = read_manifest(folder).get("design")
    if not isinstance(design, Mapping) or design.get("kind") != "sweep":
        raise StoreError(
            f"{folder}: holds no sweep; a comparison or a study goes on when the command that "
            "started it is given again"
        )
    points, name = int(design.get("pilot", 0)), str(design["name"])
    if points:
        whole = read_design(design["given"], name.removesuffix(PILOT), str(folder))
        return make_pilot(whole, points, int(design["replicates"]))
    return make_plan(read_design(design["given"], name, str(folder)))


def _check_same(folder: Path, wanted: Mapping[str, object]) -> None:
    """Refuse a folder of the same runs under another design, such as with other horizons."""
    if not (folder / MANIFEST).exists():
        return
    found = read_manifest(folder).get("design")
    if found != wanted and isinstance(found, Mapping):
        other = sorted(key for key in wanted if found.get(key) != wanted[key] and key != "given")
        if other:
            raise StoreError(
                f"{folder}: already holds a design that differs in {', '.join(other)}; nothing was "
                "changed, choose another folder"
            )
