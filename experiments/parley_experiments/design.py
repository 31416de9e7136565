"""Designs: small TOML files that name a question and say which runs would answer it.

    question = "What decides whether partnering lowers days lost?"
    places = ["bosnia"]
    arms = ["hsbp", "transactional"]
    months = 120
    population = 2000
    horizons = [60, 120]

    [sample]
    method = "sobol"
    n = 256
    names = ["trust.asymmetry_max", "grievance.deprivation_inflow"]

All arms meet every point of the sample with the same luck. A file may extend another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from parley.backend import BACKENDS
from parley.errors import Problem, ScenarioError, did_you_mean
from parley.parameter_changes import read_changes
from parley.reading import Bounds, Reading, Table
from parley.registry import load_registry
from parley.scenario import MONTHS, POPULATION
from parley.toml_files import read_with_parents
from parley_experiments.factors import (
    COUNT,
    DUMMY,
    LUCK,
    Factor,
    dummy_factor,
    luck_factor,
    read_factors,
    word_list,
)
from parley_experiments.samplers import LARGEST_SAMPLE, METHODS, Settings

type Keep = Literal["levels", "paths"]

FOLDER = Path(__file__).parent / "designs"
KEEPS = ("levels", "paths")
_REPLICATES = Bounds(1, 100_000, "replicates", integer=True)
_SEED = Bounds(0, 2**62, "seed", integer=True)
_LEVELS = Bounds(1, 1000, "levels", integer=True)
_WITH_FLOOR = ("sobol", "morris", "latin_hypercube")
"""Methods whose indices need a noise floor, so that the dummy is on unless it is switched off."""


@dataclass(frozen=True, slots=True)
class Design:
    """Which runs would answer a question.

    Attributes:
        name: Name of the file.
        question: The question.
        arms: Names, files, expressions or families, as `parley_experiments.arms` reads them.
        places: Names or files of places.
        factors: What varies, in the order of the columns of the sample.
        settings: How it is sampled.
        interventions: Added to every arm, beside the arm without them.
        months: Length of the runs (months).
        population: Simulated residents (persons).
        replicates: Draws of luck at every point; 1 where luck is a factor.
        root_seed: Seed of the luck.
        outcomes: Outcomes the question is about; all when none is named.
        horizons: Months after which outcomes are read, ascending.
        backend: Who does the people's arithmetic; see `parley.backend`.
        keep: `levels` keeps one number per outcome, group and horizon; `paths` keeps every month.
        held: `section.name` to the value it has in every run.
        pilot: Points of the sample that are tried out; 0 for all of them, which is no pilot.
        given: The file's contents, from which the design can be read again.
    """

    name: str
    question: str
    arms: tuple[str, ...]
    places: tuple[str, ...]
    factors: tuple[Factor, ...]
    settings: Settings
    interventions: tuple[str, ...] = ()
    months: int = 120
    population: int = 2000
    replicates: int = 1
    root_seed: int = 1
    outcomes: tuple[str, ...] = ()
    horizons: tuple[int, ...] = (120,)
    backend: str = "numpy"
    keep: Keep = "levels"
    held: Mapping[str, float] = field(default_factory=dict)
    pilot: int = 0
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def luck_varies(self) -> bool:
        """Whether luck is a factor."""
        return any(factor.kind == LUCK for factor in self.factors)

    def describe(self) -> dict[str, object]:
        """What to record beside the runs, ready for JSON."""
        s = self.settings
        about: dict[str, object] = {"pilot": self.pilot} if self.pilot else {}
        return about | {
            "kind": "sweep",
            "name": self.name,
            "question": self.question,
            "method": s.method,
            "settings": {
                "n": s.n,
                "seed": s.seed,
                "second_order": s.second_order,
                "trajectories": s.trajectories,
                "levels": s.levels,
            },
            "factors": [factor.describe() for factor in self.factors],
            "arms": list(self.arms),
            "places": list(self.places),
            "interventions": list(self.interventions),
            "replicates": self.replicates,
            "outcomes": list(self.outcomes),
            "horizons": list(self.horizons),
            "months": self.months,
            "population": self.population,
            "root_seed": self.root_seed,
            "backend": self.backend,
            "keep": self.keep,
            "held": dict(self.held),
            "given": dict(self.given),
        }


def available_designs() -> tuple[str, ...]:
    """Names of the designs that come with Parley."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load_design(name: str | Path, changes: Mapping[str, object] | None = None) -> Design:
    """Read a design by name or file.

    Args:
        name: A design that comes with Parley, or the path of a `.toml` file.
        changes: Keys that replace those of the file, such as `population`.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems at once.
    """
    path = _find(str(name))
    content = read_with_parents(path, str(FOLDER.resolve()))
    return read_design({**content, **(changes or {})}, path.stem, str(path))


def _find(name: str) -> Path:
    if name.endswith(".toml") or "/" in name or "\\" in name:
        return Path(name)
    known = available_designs()
    if name in known:
        return FOLDER / f"{name}.toml"
    step = did_you_mean(name, known) or "give one of these names or the path of a .toml file"
    raise ScenarioError([Problem(name, "", None, "unknown design", ", ".join(known), step)])


def read_design(content: Mapping[str, Any], name: str, file: str) -> Design:
    """Read a design from the contents of a file.

    Args:
        content: The tables.
        name: Name of the design.
        file: What messages call the file.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems at once.
    """
    reading = Reading(file, frozenset(load_registry().references))
    table = Table(reading, content)
    question = table.text("question")
    arms, places = word_list(table, "arms"), word_list(table, "places")
    for key, words in (("arms", arms), ("places", places)):
        if not words and not (table.has(key) and reading.problems):
            table.fail(key, "is empty", "at least one name")
    months = table.integer("months", MONTHS, 120)
    known = [outcome.name for outcome in load_registry().outcomes]
    outcomes = word_list(table, "outcomes", known, listed="docs/reference/outcomes.md")
    sample = table.table("sample")
    settings, luck, dummy = _read_sampling(sample)
    held = read_changes(table.table("parameters"))
    factors = [one for one in read_factors(sample) if one.named or one.key not in held]
    factors += [luck_factor()] if luck else []
    factors += [dummy_factor()] if dummy else []
    sample.close()
    replicates = table.integer("replicates", _REPLICATES, 1)
    if luck and replicates > 1:
        step = "leave `replicates` out, or set sample.luck = false"
        table.fail("replicates", "luck varies from point to point already", "1", step)
    design = Design(
        name=name,
        question=question,
        arms=arms,
        places=places,
        factors=tuple(factors),
        settings=settings,
        interventions=word_list(table, "interventions"),
        months=months,
        population=table.integer("population", POPULATION, 2000),
        replicates=replicates,
        root_seed=table.integer("root_seed", _SEED, 1),
        outcomes=outcomes,
        horizons=_read_horizons(table, months),
        backend=table.choice("backend", BACKENDS, BACKENDS[0]),
        keep="paths" if table.choice("keep", KEEPS, "levels") == "paths" else "levels",
        held=held,
        given=json.loads(json.dumps(content, default=str)),
    )
    table.close()
    _check_held(table, design)
    _check_size(sample, design)
    reading.stop_if_wrong()
    return design


def _read_sampling(sample: Table) -> tuple[Settings, bool, bool]:
    """How to sample, whether luck is a factor, whether there is a dummy."""
    method = next(m for m in METHODS if m == sample.choice("method", METHODS))
    needs = {
        "sobol": ("n", "second_order"),
        "morris": ("trajectories", "levels"),
        "latin_hypercube": ("n",),
        "full_factorial": ("levels",),
        "one_at_a_time": ("levels",),
    }.get(method, ())
    n = trajectories = levels = 0
    second = False
    if "n" in needs:
        n = int(sample.number("n", COUNT))
        if method == "sobol" and n & (n - 1) and n > 0:
            near = 2 ** (n.bit_length() - 1)
            step = f"take {near} or {2 * near}"
            sample.fail("n", "is no power of two", "1, 2, 4, 8, ... base points", step)
    if "second_order" in needs:
        second = sample.boolean("second_order", default=False)
    if "trajectories" in needs:
        trajectories = int(sample.number("trajectories", COUNT))
    if "levels" in needs:
        levels = sample.integer("levels", _LEVELS, 4 if method == "morris" else 2)
        if method == "morris" and levels % 2:
            sample.fail("levels", "is odd", "an even number of grid levels")
    luck = sample.boolean("luck", default=False)
    dummy = sample.boolean("dummy", default=method in _WITH_FLOOR)
    seed = sample.integer("seed", _SEED, 1)
    return Settings(method, n, second, trajectories, levels, seed), luck, dummy


def _read_horizons(table: Table, months: int) -> tuple[int, ...]:
    """Months after which outcomes are read: ascending, within the run; its end by default."""
    raw = table.data["horizons"] if table.has("horizons") else [months]
    whole = isinstance(raw, list) and all(type(value) is int for value in raw)
    if not whole or not raw or sorted(set(raw)) != raw or raw[0] < 1 or raw[-1] > months:
        allowed = f"ascending whole numbers of months from 1 to {months}, such as [{months}]"
        table.fail("horizons", "is not a list of horizons", allowed)
        return (months,)
    return tuple(raw)


def _check_held(table: Table, design: Design) -> None:
    """A number is either held or varied."""
    both = [factor.key for factor in design.factors if factor.key in design.held and factor.named]
    for key in both:
        table.fail(
            "parameters", f"holds {key!r}, which the sample varies", "", "keep one of the two"
        )


def _check_size(sample: Table, design: Design) -> None:
    """A factorial over many factors is a slip of the pen."""
    count = len(design.factors)
    if design.settings.points(count) > LARGEST_SAMPLE:
        step = "vary fewer numbers, take fewer levels, or take a Latin hypercube"
        sample.fail(
            "method",
            f"gives far too many points for {count} factors",
            f"at most {LARGEST_SAMPLE:,} points",
            step,
        )


__all__ = [
    "DUMMY",
    "LUCK",
    "Design",
    "available_designs",
    "load_design",
    "read_design",
]
