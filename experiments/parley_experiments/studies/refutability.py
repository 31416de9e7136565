"""The study of refutability, as a list of batches: runs that could show a model unable to say no.

Every batch is one results folder below the folder of the study and a design of draws (see
`parley_experiments.refutability`). Arms and places are those that come with Parley; switches,
constants and practices come from the registry, so what is added there is tested here.

* `main`: all arms in all places.
* `placebo`: doing nothing and paying for everything without effect, without felt deprivation.
* `planted`: worlds in which only one channel can matter, and one in which nothing can.
* `switches`: every switch at its null and at the far end of what is believed of it.
* `traces`: blocks, single numbers and practices taken out, where the matrix raised an alarm.
"""

from __future__ import annotations

import dataclasses
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from parley.practices import available_practices
from parley.registry import load_registry
from parley.toml_files import available
from parley_experiments import thin
from parley_experiments.arms import expand_arms, read_arm
from parley_experiments.draws import SWEPT_ROLES, swept_parameters
from parley_experiments.refutability import Design, design_specs, run_design

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from parley.registry import Parameter
    from parley_experiments.batch import BatchReport, Progress

_HERE = Path(__file__).parent
_TIMED_RUNS = 4


@dataclass(frozen=True)
class Size:
    """How large the study is.

    Attributes:
        draws: Draws of the main batch; those of all others are among them.
        places: Names or files of places.
        arms: Names or files of stacks of practices.
        months: Length of the runs (months).
        population: Simulated residents.
        seed: Seed of the draws and of the luck.
        placebo_draws: Draws of the batch `placebo`.
        planted_draws: Draws of each planted world.
        switch_draws: Draws at each setting of a switch.
        trace_draws: Draws of each trace.
        most: Look at no more than so many switches, blocks and practices; None for all.
    """

    draws: int = 500
    places: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()
    months: int = 120
    population: int = 500
    seed: int = 1
    placebo_draws: int = 200
    planted_draws: int = 24
    switch_draws: int = 12
    trace_draws: int = 12
    most: int | None = None


SMALL = Size(
    draws=6,
    places=("bosnia",),
    arms=("none", "transactional", "cash_equivalent", "placebo", "hsbp"),
    months=8,
    population=60,
    placebo_draws=6,
    planted_draws=3,
    switch_draws=3,
    trace_draws=3,
    most=1,
)
"""A study of seconds, which shows that everything works and nothing else."""


@dataclass(frozen=True)
class Part:
    """One batch of the study.

    Attributes:
        kind: `main`, `placebo`, `planted`, `switch`, or `trace`.
        label: What is different in it.
        folder: Where it goes, below the folder of the study.
        design: Its runs.
        about: What else to record, for whoever reads the results.
    """

    kind: str
    label: str
    folder: str
    design: Design
    about: Mapping[str, object]

    @property
    def runs(self) -> int:
        """Number of runs."""
        design = self.design
        draws = min(design.draws, design.first or design.draws)
        return draws * len(design.places) * len(design.arms)


def settings() -> dict[str, Any]:
    """What the file of the study says."""
    return tomllib.loads((_HERE / "refutability.toml").read_text(encoding="utf-8"))


def complete(size: Size) -> Size:
    """Fill in the places and arms that come with Parley where none are named."""
    return dataclasses.replace(
        size,
        places=size.places or available("places"),
        arms=expand_arms(size.arms or ()) or available_practices(),
    )


def fixed_parts(size: Size) -> tuple[Part, ...]:
    """The batches that are known before any run."""
    size, words = complete(size), settings()
    main = Design(size.draws, size.places, size.arms, size.months, size.population, size.seed)
    pair = (words["reference"], words["placebo"])
    without = dict(words["placebo_without"])
    placebo = _smaller(main, size.placebo_draws, arms=pair, held=without)
    return (
        Part("main", "as drawn", "main", main, {}),
        Part("placebo", _held_text(without), "placebo", placebo, {}),
        *_planted(size, main, words),
        *_switches(size, main, words),
    )


def _smaller(main: Design, first: int, **changes: object) -> Design:
    return dataclasses.replace(main, first=min(first, main.draws), **cast("Any", changes))


def _held_text(held: Mapping[str, float]) -> str:
    return ", ".join(f"{key} = {value:g}" for key, value in held.items())


def _planted(size: Size, main: Design, words: Mapping[str, Any]) -> list[Part]:
    """Worlds with a planted truth, and the same contrasts in the worlds of the main batch."""
    channels, worlds = words["channels"], dict(words["planted"])
    common = worlds.pop("common")
    ready = available_practices()
    arms = tuple(
        arm if arm in ready else str(_HERE / "stacks" / f"{arm}.toml") for arm in channels["arms"]
    )
    months = min(size.months, channels["months"])
    about = {key: channels[key] for key in ("outcome", "group", "contrasts")}
    parts = []
    for truth, held in {**worlds, "as drawn": None}.items():
        full = {} if held is None else {**common, **held}
        design = _smaller(main, size.planted_draws, arms=arms, months=months, held=full)
        name = truth.replace(" ", "-")
        parts.append(Part("planted", truth, f"planted/{name}", design, {**about, "truth": truth}))
    return parts


def switch_settings(parameter: Parameter) -> tuple[float, ...]:
    """Where a switch is looked at: its null, the far end of its prior, and the other sign of that.

    The other sign is looked at only where the registry allows it.
    """
    if parameter.prior is None or parameter.null is None:
        return ()
    null = parameter.null
    ends = (parameter.prior.ppf(0.0), parameter.prior.ppf(1.0))
    far = max(ends, key=lambda end: abs(end - null))
    values = [null, far]
    mirrored = 2.0 * null - far
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None and low < null < high:
        values.append(min(max(mirrored, low), high))
    return tuple(dict.fromkeys(values))


def _switches(size: Size, main: Design, words: Mapping[str, Any]) -> list[Part]:
    """Every switch of the registry, held in turn: the framework and a few controls."""
    switches = [p for p in swept_parameters() if p.role == "switch"][: size.most]
    controls = [arm for arm in words["switch_controls"] if arm in main.arms] or main.arms
    arms = tuple(dict.fromkeys((words["framework"], *controls)))
    return [
        Part(
            "switch",
            f"{switch.key} = {value:g}",
            f"switches/{switch.key}={value:g}",
            _smaller(main, size.switch_draws, arms=arms, held={switch.key: value}),
            {"switch": switch.key, "value": value},
        )
        for switch in switches
        for value in switch_settings(switch)
    ]


def blocks() -> dict[str, dict[str, float]]:
    """Sections of the registry with the values that switch all their mechanisms off."""
    found: dict[str, dict[str, float]] = {}
    for parameter in load_registry().parameters.values():
        if parameter.role in SWEPT_ROLES and parameter.null is not None:
            found.setdefault(parameter.section, {})[parameter.key] = parameter.null
    return found


def trace_parts(
    size: Size, places: Sequence[str], arms: Sequence[str], within: Collection[str] = ()
) -> tuple[Part, ...]:
    """What is taken out to find the path of an alarm.

    Args:
        size: Of the study.
        places: Places in which there is an alarm.
        arms: Arms that an alarm is about.
        within: Blocks whose numbers are switched off one by one; if empty, whole blocks and the
            practices of the framework are taken out in turn.
    """
    size, words = complete(size), settings()
    if not places or not arms:
        return ()
    main = Design(size.draws, (), (), size.months, size.population, size.seed)
    common = {"places": tuple(places)}
    parts = []
    found = list(blocks().items())[: size.most]
    if within:
        found = [(key, {key: null}) for name, held in blocks().items() if name in within
                 for key, null in held.items()]  # fmt: skip
        if size.most is not None:
            found = found[: size.most]
    for name, held in found:
        label = f"{name} = {held[name]:g}" if within else f"block {name} off"
        design = _smaller(main, size.trace_draws, arms=tuple(arms), held=held, **common)
        about = {"trace": label, "block": name.partition(".")[0], "stands_for": {}}
        parts.append(Part("trace", label, f"traces/{name}", design, about))
    framework = words["framework"]
    if not within and framework in arms:
        parts += _ablations(main, size, framework, tuple(places))
    return tuple(parts)


def _ablations(main: Design, size: Size, framework: str, places: tuple[str, ...]) -> list[Part]:
    """The framework with each of its practices taken out in turn."""
    stack = read_arm(framework)
    dials = [
        dial
        for dial, level in zip(load_registry().dials, stack.nominal, strict=True)
        if level > 0.0
    ]
    parts = []
    for dial in dials[: size.most]:
        arm = f"{framework}-{dial.key}"
        design = _smaller(main, size.trace_draws, arms=(arm,), places=places)
        about = {"trace": f"without {dial.label.lower()}", "stands_for": {arm: framework}}
        parts.append(Part("trace", f"without {dial.key}", f"traces/{arm}", design, about))
    return parts


def seconds_per_run(part: Part) -> float:
    """Time a few runs of a batch in this process.

    Raises:
        ScenarioError: The design does not read.
    """
    one = dataclasses.replace(part.design, first=1)
    specs = design_specs(one)[-_TIMED_RUNS:]
    thin.run_thin(specs[0])  # the first run of a process loads the model
    started = time.perf_counter()
    for spec in specs:
        thin.run_thin(spec)
    return (time.perf_counter() - started) / len(specs)


def run_part(
    part: Part, folder: Path, *, processes: int | None = None, progress: Progress | None = None
) -> BatchReport:
    """Make the runs of one batch; those that are there already are not made again.

    Raises:
        ScenarioError: The design does not read; nothing has been written.
        StoreError: The folder holds something else or is damaged.
        BatchInterrupted: Ctrl-C; finished runs are kept.
    """
    about = {"kept": thin.KEPT, "part": {"kind": part.kind, "label": part.label, **part.about}}
    return run_design(
        part.design,
        folder / part.folder,
        processes=processes,
        progress=progress,
        run_one=thin.run_thin,
        about=about,
    )
