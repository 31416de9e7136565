"""The runs behind a handout: a few stacks in one place, at every combination of a few levels.

What varies is a dial, set alike in every stack; a fact of the place; or a number of the model. One
of its levels may be `own`: what each stack, or the place, has without a change.
"""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from parley.errors import Problem, ScenarioError, did_you_mean
from parley.place import place_quantities
from parley.practice_types import DIALS
from parley.practices import LEVEL, change_dials
from parley.reading import Reading, check_number
from parley.registry import load_registry
from parley.results import RunSpec
from parley_experiments.comparison import comparison_specs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from parley.reading import Quantity, Rule
    from parley.registry import Parameter
    from parley.scenario_types import Scenario

type Kind = Literal["dial", "fact", "parameter"]

OWN = "own"
MOST_ARMS, MOST_VARIED, MOST_LEVELS = 4, 3, 5
FEWEST_LEVELS = 2
_TAIL = 0.1
_OPTION = "--vary"
_FORM = "write name, or name=level:level:level, e.g. sharing=0:own:1"


@dataclass(frozen=True, slots=True)
class Varied:
    """One slider of a handout.

    Attributes:
        key: Dial, fact of the place, or `section.name` of a number of the model.
        kind: Which of the three.
        label: Its English label.
        unit: Unit of its levels.
        levels: Levels from low to high; None for what each stack, or the place, has of its own.
        own: Stack and the value that None stands for in it.
        source: Where the value of a fact or number comes from: keys of references, or
            `assumption`; empty for dials.
    """

    key: str
    kind: Kind
    label: str
    unit: str
    levels: tuple[float | None, ...]
    own: tuple[tuple[str, float], ...] = ()
    source: str = ""

    @property
    def start(self) -> int:
        """Index of the level at which a slider starts: the own one, else the middle."""
        return self.levels.index(None) if None in self.levels else len(self.levels) // 2


@dataclass(frozen=True, slots=True)
class Grid:
    """The runs of a handout.

    Attributes:
        varied: The sliders.
        points: Every combination of indices of levels, in the order of the points.
        cells: Point and the run that answers for it.
        specs: The runs, each once.
    """

    varied: tuple[Varied, ...]
    points: tuple[tuple[int, ...], ...]
    cells: tuple[tuple[int, RunSpec], ...]
    specs: tuple[RunSpec, ...]

    def describe(self) -> dict[str, object]:
        """What a results folder keeps of it, ready for JSON."""
        varied = [dataclasses.asdict(one) | {"levels": list(one.levels)} for one in self.varied]
        return {"kind": "handout", "varied": varied, "points": [list(p) for p in self.points]}

    def attached(self) -> dict[str, pa.Table]:
        """The table that says which run answers for which point."""
        import pyarrow as pa

        rows = [(point, s.place, s.arm, s.replicate, s.identity) for point, s in self.cells]
        names = ("point", "place", "arm", "replicate", "identity")
        kinds = (pa.int32(), pa.string(), pa.string(), pa.int32(), pa.string())
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
        return {"cells": pa.table(arrays, names)}


def make_grid(
    place: str,
    arms: Sequence[str],
    vary: Sequence[str],
    replicates: int,
    settings: Mapping[str, int],
) -> Grid:
    """Resolve every run of a handout.

    Args:
        place: Name or file of a place.
        arms: Two to `MOST_ARMS` stacks, as `parley compare` takes them.
        vary: At most `MOST_VARIED` of `name` or `name=level:level:level`.
        replicates: Draws of luck, shared by all stacks and points.
        settings: `months`, `population` and `root_seed`.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems at once.
    """
    chosen = {name: settings[name] for name in ("months", "population", "root_seed")}
    problems: list[Problem] = []
    bases: list[Scenario] = []
    try:
        specs = comparison_specs(arms, [place], 1, **chosen)  # type: ignore[arg-type]
        bases = [spec.scenario for spec in specs]
    except ScenarioError as error:
        problems += error.problems
    if bases and not FEWEST_LEVELS <= len(bases) <= MOST_ARMS:
        allowed = f"{FEWEST_LEVELS} to {MOST_ARMS} stacks, so that lines can be told apart"
        problems.append(Problem("--arms", "", len(bases), "is no readable number", allowed))
    varied: tuple[Varied, ...] = ()
    try:
        varied = read_varied(vary, place, bases)
    except ScenarioError as error:
        problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(problems)
    points = tuple(itertools.product(*(range(len(one.levels)) for one in varied)))
    cells = tuple(
        (number, RunSpec(world, replicate, settings["root_seed"]))
        for number, point in enumerate(points)
        for world in (_world(base, varied, point) for base in bases)
        for replicate in range(replicates)
    )
    return Grid(varied, points, cells, tuple(dict.fromkeys(spec for _, spec in cells)))


def _world(base: Scenario, varied: Sequence[Varied], point: Sequence[int]) -> Scenario:
    """A scenario with the levels of a point."""
    levels = [(one, one.levels[index]) for one, index in zip(varied, point, strict=True)]
    of: dict[str, dict[str, float]] = {"dial": {}, "fact": {}, "parameter": {}}
    for one, level in levels:
        if level is not None:
            of[one.kind][one.key] = level
    practices, place = base.practices, base.place
    if of["dial"]:
        practices = change_dials(practices, of["dial"], key=practices.key, label=practices.label)
    if of["fact"]:
        facts = dataclasses.replace(place.facts, **of["fact"])  # type: ignore[arg-type]
        place = dataclasses.replace(place, facts=facts)
    world = dataclasses.replace(base, practices=practices, place=place)
    return world.with_parameters(**of["parameter"]) if of["parameter"] else world


def read_varied(
    given: Sequence[str], place: str, bases: Sequence[Scenario] = ()
) -> tuple[Varied, ...]:
    """Read what varies, with its levels.

    Args:
        given: `name` or `name=level:level:level` each.
        place: Name or file of the place, whose ranges give the levels that are not given.
        bases: Worlds without a change, for the value of a number of the model.

    Raises:
        ScenarioError: Anything is unknown or not allowed; all problems at once.
    """
    reading = Reading(_OPTION)
    if len(given) > MOST_VARIED:
        allowed = f"at most {MOST_VARIED}"
        reading.fail("", len(given), "is too much to vary in one file", allowed, "leave some out")
    try:
        quantities = {one.key: one for one in place_quantities(place)}
    except ScenarioError:  # the place is complained about where it is resolved
        quantities = {}
    found = [_read_one(reading, text, quantities, bases) for text in given]
    keys = [one.key for one in found if one]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        reading.fail(key, None, "is varied twice", "", "name it once")
    reading.stop_if_wrong()
    return tuple(one for one in found if one)


def _read_one(
    reading: Reading, text: str, quantities: Mapping[str, Quantity], bases: Sequence[Scenario]
) -> Varied | None:
    key, equals, rest = (part.strip() for part in text.partition("="))
    registry = load_registry()
    dials = {dial.key: dial for dial in registry.dials}
    rules = {rule.name if rule.role == "place" else rule.key: rule for rule in _movable()}
    if key not in dials and key not in rules:
        allowed = "a dial, a fact of the place, or section.name of a number of the model"
        near = did_you_mean(key, (*dials, *rules))
        reading.fail(
            key, None, "is nothing that can be varied", allowed, near or "see parley params"
        )
        return None
    if key in dials:
        level = DIALS.index(key)
        own = tuple((base.arm, base.practices.nominal[level]) for base in bases)
        one = Varied(key, "dial", dials[key].label, LEVEL.unit, (0.0, None, 1.0), own)
        return _levels(reading, one, LEVEL, rest) if equals else one
    rule, quantity = rules[key], quantities.get(f"facts.{key}")
    own = tuple((base.arm, _own(base, rule)) for base in bases)
    ends: tuple[float | None, float | None] = (None, None)
    if quantity:
        ends = (quantity.low, quantity.high)
    elif rule.prior:
        ends = (rule.prior.ppf(_TAIL), rule.prior.ppf(1 - _TAIL))
    source = quantity.source if quantity else "; ".join(rule.sources)
    kind: Kind = "fact" if rule.role == "place" else "parameter"
    one = Varied(key, kind, rule.label, rule.unit, (None,), own, source)
    if equals:
        return _levels(reading, one, rule, rest)
    levels = _around(ends, own)
    if bases and len(levels) < FEWEST_LEVELS:
        step = f"give levels, e.g. {key}=low:own:high"
        reading.fail(key, None, "has no range of its own to take levels from", "", step)
    return dataclasses.replace(one, levels=levels)


def _own(base: Scenario, rule: Parameter) -> float:
    """What a world has of a number."""
    if rule.role == "place":
        return float(getattr(base.place.facts, rule.name))
    return float(getattr(getattr(base.parameters, rule.section), rule.name))


def _around(
    ends: tuple[float | None, float | None], own: Sequence[tuple[str, float]]
) -> tuple[float | None, ...]:
    """The ends of a range around what all stacks have."""
    low, high = ends
    value = own[0][1] if own else None
    if low is None or high is None or value is None:
        return (None,)
    below: list[float | None] = [low] if low < value else []
    above: list[float | None] = [high] if high > value else []
    return (*below, None, *above)


def _movable() -> list[Parameter]:
    """Numbers that a handout may vary: single, not whole."""
    return [
        rule
        for rule in load_registry().parameters.values()
        if rule.kind == "number" and not rule.integer
    ]


def _levels(reading: Reading, one: Varied, rule: Rule, text: str) -> Varied | None:
    """The levels given, from low to high as they stand."""
    words = [word.strip() for word in text.split(":")]
    before = len(reading.problems)
    if not FEWEST_LEVELS <= len(words) <= MOST_LEVELS or words.count(OWN) > 1:
        allowed = f"{FEWEST_LEVELS} to {MOST_LEVELS} levels, `{OWN}` at most once"
        reading.fail(one.key, text, "is no list of levels", allowed, _FORM)
        return None
    levels: list[float | None] = []
    for word in words:
        if word == OWN:
            levels.append(None)
            continue
        try:
            levels.append(check_number(reading, one.key, float(word), rule))
        except ValueError:
            reading.fail(one.key, word, "is not a number", rule.allowed, _FORM)
    plain = [level for level in levels if level is not None]
    if len(reading.problems) == before and plain != sorted(set(plain)):
        reading.fail(
            one.key, text, "does not rise from level to level", "", "put the levels in order"
        )
    return (
        None if len(reading.problems) > before else dataclasses.replace(one, levels=tuple(levels))
    )
