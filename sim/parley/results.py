"""What crosses a process border: the order for one run and what came of it."""

from __future__ import annotations

import hashlib
import json
import traceback
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from parley.arrays import Floats
    from parley.scenario_types import Scenario

MODEL_VERSION = "3"
"""Raised whenever a change of the code may change a number in any run's results."""


@dataclass(frozen=True, slots=True)
class RunSpec:
    """Everything one run needs: the world, the partnering practices and the luck.

    Attributes:
        scenario: The resolved scenario; `scenario.practices` is the arm.
        replicate: Which draw of luck, 0, 1, 2, ...; equal replicates share luck across arms.
        root_seed: Seed of the whole batch, 0 or more.
        backend: Who does the arithmetic, one of `parley.backend.BACKENDS`. The same rules and luck,
            but the last bits of numbers may differ.
    """

    scenario: Scenario
    replicate: int
    root_seed: int
    backend: str = "numpy"

    @property
    def identity(self) -> str:
        """SHA-256 (64 hex digits) of all that decides the run's numbers, labels excluded."""
        content = {
            "scenario": self.scenario.content(),
            "replicate": self.replicate,
            "root_seed": self.root_seed,
            "model_version": MODEL_VERSION,
        }
        if self.backend != "numpy":
            content["backend"] = self.backend
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def place(self) -> str:
        """Key of the place."""
        return self.scenario.place.key

    @property
    def arm(self) -> str:
        """Key of the partnering practices, and of the interventions on top."""
        return self.scenario.arm


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a run.

    Attributes:
        month: Month of the run, from 0.
        kind: What happened, e.g. `petition`, `agreement`, `accident`.
        actor: Who did it.
        target: To whom or about what; may be empty.
        amount: How much, in the unit of its kind; NaN where there is no amount.
    """

    month: int
    kind: str
    actor: str
    target: str
    amount: float


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run.

    Attributes:
        identity: `RunSpec.identity` of the order.
        place: Key of the place.
        arm: Label of the arm.
        replicate: Which draw of luck.
        root_seed: Seed of the batch.
        start: First day of the first month.
        months: Number of months.
        groups: Reporting groups; the first is `all`.
        series: Outcome name -> array (kept months, groups); NaN where an outcome has no value.
        events: What happened, in order of time.
        finals: Values known only at the end, e.g. `npv`.
        timings: Seconds spent in each step of the month, summed over the run.
        people: Number of people.
        kept_months: Month, from 0, that each row of `series` stands for; None for all of them,
            0 to months - 1.
    """

    identity: str
    place: str
    arm: str
    replicate: int
    root_seed: int
    start: datetime.date
    months: int
    groups: tuple[str, ...]
    series: Mapping[str, Floats]
    events: tuple[Event, ...] = ()
    finals: Mapping[str, float] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    people: int = 0
    kept_months: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class RunFailure:
    """A run that stopped with an error, which costs the batch one row and no more.

    Attributes:
        identity: `RunSpec.identity` of the order.
        place: Key of the place.
        arm: Label of the arm.
        replicate: Which draw of luck.
        root_seed: Seed of the batch.
        error_type: Name of the exception's class.
        message: Its message.
        month: Month in which it happened; None before the first month.
        step: Step of the month in which it happened; None outside the month.
        traceback: The full traceback as text.
    """

    identity: str
    place: str
    arm: str
    replicate: int
    root_seed: int
    error_type: str
    message: str
    month: int | None = None
    step: str | None = None
    traceback: str = ""

    @classmethod
    def of(
        cls, spec: RunSpec, error: Exception, month: int | None = None, step: str | None = None
    ) -> Self:
        """Say that a run failed with an error, and where if that is known."""
        return cls(
            identity=spec.identity,
            place=spec.place,
            arm=spec.arm,
            replicate=spec.replicate,
            root_seed=spec.root_seed,
            error_type=type(error).__name__,
            message=str(error),
            month=month,
            step=step,
            traceback="".join(traceback.format_exception(error)),
        )

    @property
    def reason(self) -> str:
        """Why the run failed and where, on one line."""
        where = "" if self.month is None else f" in month {self.month}"
        where += "" if self.step is None else f", step {self.step}"
        message = self.message.partition("\n")[0]
        return f"{self.error_type}{where}: {message}" if message else f"{self.error_type}{where}"
