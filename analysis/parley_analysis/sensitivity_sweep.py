"""Sensitivity of a whole sweep: every outcome, place, horizon, arm and difference between arms."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Protocol

from parley.errors import did_you_mean
from parley_analysis.load import ALL, AnalysisError
from parley_analysis.sensitivity import DUMMY, LUCK, Sampling, salib
from parley_analysis.sensitivity_given import delta_indices, pawn_indices
from parley_analysis.sensitivity_luck import NOT_MEASURED, luck_of_factor, luck_of_replicates
from parley_analysis.sensitivity_morris import morris_indices
from parley_analysis.sensitivity_sample import NO_INDICES, ONE_AT_A_TIME
from parley_analysis.sensitivity_scale import scale_of
from parley_analysis.sensitivity_sobol import sobol_indices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from parley_analysis.sensitivity_luck import LuckShare

METHODS = ("sobol", "morris", "pawn", "delta")
_USUAL = {"sobol": ("sobol", "pawn", "delta"), "morris": ("morris",)}
_MOST_SHOWN = 5  # reasons in an error
_OTHERWISE = ("pawn", "delta")


class SweptResults(Protocol):
    """A sweep as far as sensitivity needs it."""

    @property
    def design(self) -> Mapping[str, Any]:
        """The description of the design."""

    @property
    def factors(self) -> pd.DataFrame:
        """One row per factor, index key."""

    @property
    def units(self) -> pd.DataFrame:
        """The sample in unit space, index point, in the order of the sampler."""

    @property
    def made(self) -> str:
        """How many runs there are and what made them."""

    def answers(
        self, outcome: str, place: str, group: str = "all", horizon: int | None = None
    ) -> pd.DataFrame:
        """Mean over replicates by point and arm; NaN where there is no value."""

    def noise(
        self, outcome: str, place: str, group: str = "all", horizon: int | None = None
    ) -> pd.DataFrame:
        """Variance of one run's luck over replicates, by point and arm."""

    def runs(
        self, outcome: str, place: str, group: str = "all", horizon: int | None = None
    ) -> pd.DataFrame:
        """Single runs: the columns point, arm, replicate and value."""


@dataclass(frozen=True)
class Questions:
    """What is asked of a sweep.

    Attributes:
        outcomes: Names of outcomes.
        places: Keys of places.
        groups: Reporting groups.
        horizons: Months from the start that count.
        arms: Arms whose levels are looked at.
        differences: Pairs of arms; the second is taken from the first.
        methods: Some of `METHODS`.
    """

    outcomes: tuple[str, ...]
    places: tuple[str, ...]
    groups: tuple[str, ...]
    horizons: tuple[int, ...]
    arms: tuple[str, ...]
    differences: tuple[tuple[str, str], ...]
    methods: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many outcomes are looked at, every horizon, arm and difference counted."""
        each = (self.outcomes, self.places, self.groups, self.horizons)
        return math.prod(map(len, each)) * (len(self.arms) + len(self.differences))

    @classmethod
    def of(
        cls,
        design: Mapping[str, Any],
        outcomes: Sequence[str] = (),
        differences: Sequence[tuple[str, str]] = (),
        methods: Sequence[str] = (),
        groups: Sequence[str] = (),
    ) -> Questions:
        """What a design is asked if nothing else is said.

        All its outcomes, places, horizons and arms, all residents, the first arm less each of the
        others, and the methods its sample is for: Sobol', PAWN and delta for a Sobol' sample,
        Morris for a Morris sample, PAWN and delta otherwise.

        Args:
            design: The description of the design.
            outcomes: Only these.
            differences: Only these.
            methods: Only these.
            groups: Reporting groups; all residents if left out.

        Raises:
            AnalysisError: A name that the design does not have, a method its sample is not for, a
                design without outcomes, or a pilot.
        """
        if design.get("pilot"):
            raise AnalysisError(
                "a pilot has only a few points of the sample; run the design without --pilot first"
            )
        arms = tuple(map(str, design["arms"]))
        if not design["outcomes"]:
            raise AnalysisError("the design names no outcomes")
        offered = names_of(design["outcomes"])
        fitting = methods_for(str(design["method"]))
        _refuse_unknown("outcome", outcomes, offered)
        _refuse_unknown("arm", [arm for pair in differences for arm in pair], arms)
        _refuse_unknown("method", methods, fitting)
        return cls(
            tuple(outcomes) or offered,
            tuple(map(str, design["places"])),
            tuple(groups) or (ALL,),
            tuple(int(month) for month in design["horizons"]),
            arms,
            tuple(differences) or tuple((arms[0], other) for other in arms[1:]),
            tuple(methods) or fitting,
        )


@dataclass(frozen=True)
class Asked:
    """One outcome in one place, and how an arm or a difference comes out of it.

    Attributes:
        outcome: Name of the outcome.
        place: Key of the place.
        group: Reporting group.
        horizon: Months from the start.
        contrast: An arm, or `first - second`.
        y: The outcome by point.
        noise: Variance of one run's luck by point; NaN with one replicate.
    """

    outcome: str
    place: str
    group: str
    horizon: int
    contrast: str
    y: pd.Series[float]
    noise: pd.Series[float]

    @property
    def names(self) -> dict[str, Any]:
        """What it is, as columns of a table."""
        kept = ("outcome", "place", "group", "horizon", "contrast")
        return {name: getattr(self, name) for name in kept}


@dataclass(frozen=True)
class Sensitivity:
    """All indices of a sweep.

    Attributes:
        indices: Columns of `Asked.names`, `method`, and those of `sensitivity.COLUMNS`.
        luck: One row per `Asked`: how luck was measured, and its share.
        scale: One row per `Asked`: mean, spread and others over the worlds, see `Scale`.
        refused: What could not be worked out, and why.
    """

    indices: pd.DataFrame
    luck: pd.DataFrame
    scale: pd.DataFrame
    refused: tuple[str, ...]


def methods_for(design_method: str) -> tuple[str, ...]:
    """Methods of analysis that a sample is for.

    Raises:
        AnalysisError: There is none: the design varies one factor at a time.

    >>> methods_for("latin_hypercube")
    ('pawn', 'delta')
    """
    if design_method == ONE_AT_A_TIME:
        raise AnalysisError(NO_INDICES)
    return _USUAL.get(design_method, _OTHERWISE)


def names_of(outcomes: Iterable[Any]) -> tuple[str, ...]:
    """Names of outcomes, given as names or as descriptions with a name.

    >>> names_of(["trust", {"name": "days_lost"}])
    ('trust', 'days_lost')
    """
    return tuple(str(one["name"] if isinstance(one, dict) else one) for one in outcomes)


def pair_of(text: str, arms: Sequence[str]) -> tuple[str, str]:
    """Two arms written with a hyphen between them, which may stand in their names as well.

    Args:
        text: Such as `hsbp-none`.
        arms: The arms there are.

    Raises:
        AnalysisError: The text is no such pair.

    >>> pair_of("hsbp-cash-only", ["hsbp", "cash-only"])
    ('hsbp', 'cash-only')
    """
    pairs = {f"{one}-{other}": (one, other) for one in arms for other in arms if one != other}
    if text not in pairs:
        raise AnalysisError(
            f"difference {text!r} is not two arms with a hyphen between them; "
            f"{did_you_mean(text, pairs)} arms: {', '.join(arms)}"
        )
    return pairs[text]


def groups_of_factors(factors: pd.DataFrame) -> dict[str, list[str]]:
    """Factors by block of the model and by role, luck and the dummy left out.

    Args:
        factors: One row per factor, index key, with the columns `block` and `role`.

    Returns:
        Names such as `block M7` or `role uncertainty` -> keys.
    """
    groups: dict[str, list[str]] = {}
    for key, row in factors.iterrows():
        if key in (LUCK, DUMMY):
            continue
        for column in ("block", "role"):
            name = row.get(column)
            if isinstance(name, str) and name:
                groups.setdefault(f"{column} {name}", []).append(str(key))
    return dict(sorted(groups.items()))


def asked(
    sweep: SweptResults, questions: Questions, refused: list[str] | None = None
) -> Iterator[Asked]:
    """Everything that is looked at, one after the other.

    Args:
        sweep: The results.
        questions: What is asked.
        refused: Gets what the results do not hold, such as the company's value at a horizon
            before the end, with the reason.
    """
    wanted = product(questions.outcomes, questions.places, questions.groups, questions.horizons)
    for outcome, place, group, horizon in wanted:
        try:
            answers = sweep.answers(outcome, place, group, horizon)
            noise = sweep.noise(outcome, place, group, horizon)
        except AnalysisError as error:
            if refused is not None:
                refused.append(f"{outcome}, {place}, {group}, month {horizon}: {error}")
            continue
        for arm in questions.arms:
            yield Asked(outcome, place, group, horizon, arm, answers[arm], noise[arm])
        runs = sweep.runs(outcome, place, group, horizon)
        for one, other in questions.differences:
            name, y = f"{one} - {other}", answers[one] - answers[other]
            luck = noise_of_difference(runs, one, other).reindex(y.index)
            yield Asked(outcome, place, group, horizon, name, y, luck)


def noise_of_difference(runs: pd.DataFrame, one: str, other: str) -> pd.Series[float]:
    """Variance over replicates of the difference of two arms that share their luck, by point.

    Args:
        runs: The columns point, arm, replicate and value.
        one: An arm.
        other: The arm that is taken from it.
    """
    wide = runs.pivot(index=["point", "replicate"], columns="arm", values="value")
    return (wide[one] - wide[other]).groupby(level="point").var(ddof=1)


def sweep_indices(sweep: SweptResults, questions: Questions) -> Sensitivity:
    """Work out all indices that were asked for.

    The first method for every horizon; the others, which look at the same from another side and
    take longer, for the last.

    What cannot be worked out, because too many runs failed or an outcome has no value there, is
    named with its reason and does not stop the rest.

    Args:
        sweep: The results.
        questions: What is asked.

    Raises:
        AnalysisError: Nothing at all could be worked out.
    """
    import pandas as pd

    salib("analyze")  # without it, say so once
    sampling = Sampling.of(sweep.design)
    groups, units = groups_of_factors(sweep.factors), sweep.units
    replicates = int(sweep.design.get("replicates") or 1)
    tables: list[pd.DataFrame] = []
    shares: list[dict[str, Any]] = []
    scales: list[dict[str, Any]] = []
    refused: list[str] = []
    for one in asked(sweep, questions, refused):
        last = one.horizon == max(questions.horizons)
        methods = questions.methods if last else questions.methods[:1]
        found = _each(one, methods, (units, sampling, groups), refused)
        tables += [table.assign(method=name, **one.names) for name, table in found.items()]
        luck = luck_of_factor(found["sobol"]) if "sobol" in found else NOT_MEASURED
        shares.append(one.names | dataclasses.asdict(_luck(one, luck, replicates, sampling)))
        if found:
            scales.append(one.names | dataclasses.asdict(scale_of(units, one.y, sampling)))
    if not tables:
        shown = "\n".join(refused[:_MOST_SHOWN])
        more = f"\nand {len(refused) - _MOST_SHOWN} more" if len(refused) > _MOST_SHOWN else ""
        raise AnalysisError(f"no index could be worked out:\n{shown}{more}")
    indices = pd.concat(tables, ignore_index=True)
    front = ["outcome", "place", "group", "horizon", "contrast", "method"]
    indices = indices[front + [name for name in indices.columns if name not in front]]
    return Sensitivity(indices, pd.DataFrame(shares), pd.DataFrame(scales), tuple(refused))


def _each(
    one: Asked,
    methods: Sequence[str],
    drawn: tuple[pd.DataFrame, Sampling, Mapping[str, Sequence[str]]],
    refused: list[str],
) -> dict[str, pd.DataFrame]:
    """Indices by method; what cannot be worked out is noted with its reason."""
    units, sampling, groups = drawn
    found = {}
    for method in methods:
        try:
            found[method] = _indices(method, units, one.y, sampling, groups)
        except AnalysisError as error:
            refused.append(
                f"{method}, {one.outcome}, {one.place}, month {one.horizon}, "
                f"{one.contrast}: {error}"
            )
    return found


def _indices(
    method: str,
    units: pd.DataFrame,
    y: pd.Series[float],
    sampling: Sampling,
    groups: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    if method == "sobol":
        return sobol_indices(units, y, sampling, groups)
    if method == "morris":
        return morris_indices(units, y, sampling, groups)
    return (pawn_indices if method == "pawn" else delta_indices)(units, y, sampling)


def _luck(one: Asked, luck: LuckShare, replicates: int, sampling: Sampling) -> LuckShare:
    """Luck as a factor where it is one, else from replicates where there are some."""
    if luck is not NOT_MEASURED:
        return luck
    return luck_of_replicates(one.y, one.noise, replicates, sampling.seed)


def _refuse_unknown(what: str, given: Iterable[str], known: Sequence[str]) -> None:
    wrong = [
        f"{what} {name!r}: {did_you_mean(name, known)} allowed: {', '.join(known)}"
        for name in given
        if name not in known
    ]
    if wrong:
        raise AnalysisError("the design has no " + "\n".join(wrong))
