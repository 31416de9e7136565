"""A question put to a sweep: which of its points are cases, and which of them can be searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from parley.errors import did_you_mean
from parley.registry import load_registry
from parley_analysis.discovery_cases import Cases, arm_is_worse, is_among_worst, is_beyond
from parley_analysis.load import AnalysisError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

USUAL_ARM = "hsbp"


class Sweep(Protocol):
    """What is read of a results folder that a design filled."""

    @property
    def design(self) -> Mapping[str, Any]:
        """`manifest["design"]`."""

    @property
    def factors(self) -> pd.DataFrame:
        """One row per factor: `unit`, `kind`, `low`, `high`, `null` and others."""

    @property
    def places(self) -> Sequence[str]:
        """Keys of the places."""

    @property
    def points(self) -> pd.DataFrame:
        """One row per point, one column per factor, in its own unit, in the order sampled."""

    def answers(
        self, outcome: str, place: str, group: str = "all", horizon: int | None = None
    ) -> pd.DataFrame:
        """Index point, columns arms; NaN where a run failed or has no value."""

    def paths(self, outcome: str, place: str, group: str = "all") -> pd.DataFrame:
        """Tidy: point, arm, month, value."""


@dataclass(frozen=True, slots=True)
class Question:
    """Where does an arm lose, or an outcome turn bad? One of the last three is asked.

    Attributes:
        outcome: Name of the outcome.
        place: Key of the place; None for the only one.
        group: Reporting group.
        horizon: Months from the start that count; None for the whole run.
        arm: The arm looked at; None for hsbp, or the only one.
        margin: Differences up to this are no losses (unit of the outcome).
        against: Cases are points at which the arm is worse than this one.
        worse_than: Cases are points at which the outcome is worse than this value.
        worst: Cases are this part of the points, those with the worst outcome.
    """

    outcome: str
    place: str | None = None
    group: str = "all"
    horizon: int | None = None
    arm: str | None = None
    margin: float = 0.0
    against: str | None = None
    worse_than: float | None = None
    worst: float | None = None


@dataclass(frozen=True)
class Answers:
    """What a sweep says to a question, before any search.

    Attributes:
        cases: Which points are cases.
        levels: All points by all arms.
        place: Key of the place.
        arm: The arm looked at.
        skipped: Points left out because they share most of their values with others.
    """

    cases: Cases
    levels: pd.DataFrame
    place: str
    arm: str
    skipped: int


def answer(sweep: Sweep, question: Question) -> Answers:
    """Read levels, and mark the cases among the points that can be searched.

    Raises:
        AnalysisError: The question is not one question, names something unknown, or the design
            cannot answer it.
    """
    asked = [question.against, question.worse_than, question.worst]
    if sum(part is not None for part in asked) != 1:
        raise AnalysisError(
            "say what counts as a case, in one way: worse than another arm (--against ARM), worse "
            "than a value (--worse-than VALUE), or the worst part (--worst 0.1)"
        )
    if question.margin and question.against is None:
        raise AnalysisError("--margin belongs to --against; leave it out")
    place = _one_of("place", question.place, list(sweep.places))
    kept = independent_points(sweep.design, sweep.points)
    levels = sweep.answers(question.outcome, place, question.group, question.horizon)
    levels = levels.loc[levels.index.isin(kept)]
    arms = [str(name) for name in levels]
    usual = USUAL_ARM if USUAL_ARM in arms else None
    arm = _one_of("arm", question.arm or usual, arms)
    if question.against is not None:
        cases = arm_is_worse(levels, question.outcome, arm, question.against, question.margin)
    elif question.worse_than is not None:
        cases = is_beyond(levels, question.outcome, arm, question.worse_than)
    else:
        cases = is_among_worst(levels, question.outcome, arm, question.worst or 0.0)
    return Answers(cases, levels, place, arm, len(sweep.points) - len(kept))


def independent_points(design: Mapping[str, Any], points: pd.DataFrame) -> Sequence[int]:
    """Points that share no values with others because of how the design was built.

    Designs for sensitivity change one factor at a time around base points. A point kept from a
    search would then be nearly the same as one that was searched, and judge nothing. Of a Sobol'
    sample the first and last point of each block are kept, of a Morris trajectory the first.

    Args:
        design: `manifest["design"]`.
        points: All points, in the order sampled.

    Returns:
        Their numbers.

    Raises:
        AnalysisError: A design of one factor at a time.
    """
    method, settings = str(design.get("method", "")), design.get("settings") or {}
    if method == "one_at_a_time":
        raise AnalysisError(
            "this design changes one factor at a time, so it has no regions; use a Latin "
            'hypercube: method = "latin_hypercube"'
        )
    blocks = {"sobol": settings.get("n"), "morris": settings.get("trajectories")}.get(method)
    numbers = [int(number) for number in points.index]
    if not blocks:
        return numbers
    size, rest = divmod(len(numbers), int(blocks))
    if rest or size < 2:
        raise AnalysisError(
            f"{len(numbers)} points are no {blocks} blocks of a {method} sample; the table of "
            "points does not belong to this design"
        )
    inner = {0, size - 1} if method == "sobol" else {0}
    return [number for i, number in enumerate(numbers) if i % size in inner]


def paths_of(sweep: Sweep, question: Question, answers: Answers) -> pd.DataFrame | None:
    """An outcome over time: every month where paths were kept, else the horizons.

    Returns:
        Tidy: point, arm, month, value; only the arms of the question; None with one horizon.
    """
    levels = {outcome.name: outcome.level for outcome in load_registry().outcomes}
    if levels.get(question.outcome) == "run":  # known only at the end
        return None
    arms = [arm for arm in (answers.arm, question.against) if arm is not None]
    if sweep.design.get("keep") == "paths":
        tidy = sweep.paths(question.outcome, answers.place, question.group)
    else:
        horizons = sorted(int(month) for month in sweep.design.get("horizons", ()))
        if len(horizons) < 2:
            return None
        pieces = []
        for horizon in horizons:
            table = sweep.answers(question.outcome, answers.place, question.group, horizon)
            table = table.rename_axis(index="point").reset_index()
            long = table.melt(id_vars="point", var_name="arm", value_name="value")
            pieces.append(long.assign(month=horizon))
        tidy = pd.concat(pieces, ignore_index=True)
    chosen = tidy["arm"].isin(arms) & tidy["point"].isin(answers.cases.label.index)
    return tidy[chosen].dropna(subset=["value"])


def _one_of(what: str, given: str | None, known: Sequence[str]) -> str:
    if given is None and len(known) == 1:
        return known[0]
    if given is None:
        raise AnalysisError(f"these results have several {what}s; name one: {', '.join(known)}")
    if given not in known:
        hint = did_you_mean(given, known) or f"these results have {', '.join(known)}"
        raise AnalysisError(f"{what} {given!r} is not in these results; {hint}")
    return given
