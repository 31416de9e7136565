"""A sweep read from its results folder: what varied, and what every arm answered at each point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from parley_analysis.load import (
    ALL,
    AnalysisError,
    failure_statement,
    load,
    require_enough_runs,
)
from parley_analysis.summarise import WORST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from parley_analysis.load import Batch, OutcomeInfo


@dataclass(frozen=True)
class Sweep:
    """A swept design with its answers.

    Attributes:
        batch: The results folder with its labels.
        design: What the folder says about the design.
    """

    batch: Batch
    design: Mapping[str, Any]

    @cached_property
    def factors(self) -> pd.DataFrame:
        """What varied, in the order of the sample: one row per factor, by key."""
        return pd.DataFrame(self.design["factors"]).set_index("key")

    @cached_property
    def points(self) -> pd.DataFrame:
        """Values of the factors at every point, in their units and in the order of the sample."""
        return self._sample("points")

    @cached_property
    def units(self) -> pd.DataFrame:
        """Positions of the factors at every point, in [0, 1], in the order of the sample."""
        return self._sample("units")

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Which run answers for which point: point, place, arm, replicate, identity."""
        return self.batch.results.attached("cells")

    @property
    def arms(self) -> tuple[str, ...]:
        """Keys of the arms, in the order of the design."""
        return tuple(dict.fromkeys(self.cells["arm"]))

    @property
    def places(self) -> tuple[str, ...]:
        """Keys of the places, in the order of the design."""
        return tuple(dict.fromkeys(self.cells["place"]))

    @property
    def made(self) -> str:
        """How many runs there are and what made them, in sentences."""
        manifest = cast("Mapping[str, Any]", self.batch.results.manifest)
        state = manifest.get("source") or {}
        dirty = ", with changes that were not committed" if state.get("dirty") else ""
        versions = manifest.get("versions") or {}
        return (
            f"{failure_statement(self.batch)} Parley {versions.get('parley-sim', 'unknown')}, "
            f"commit {str(state.get('commit', 'unknown'))[:12]}{dirty}, model version "
            f"{manifest.get('model_version', 'unknown')}, seed of luck {self.design['root_seed']}."
        )

    @property
    def horizons(self) -> tuple[int, ...]:
        """Months after which outcomes were read."""
        return tuple(self.design["horizons"])

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes the question is about, as far as the results hold them."""
        return tuple(name for name in self.design["outcomes"] if name in self.batch.outcomes)

    def answers(
        self, outcome: str, place: str, group: str = ALL, horizon: int | None = None
    ) -> pd.DataFrame:
        """Mean over replicates of an outcome at every point, with the arms side by side.

        Args:
            outcome: Name of an outcome.
            place: Key of a place.
            group: Reporting group, or `worst` for the group worst off in each run.
            horizon: Months that count; None for the last horizon.

        Returns:
            Shape (points, arms), indexed by point in the order of the sample. NaN where a run
            failed or the outcome has no value in one of the replicates.

        Raises:
            AnalysisError: An outcome, a place, a group or a horizon is not in the sweep.
        """
        return self._by_arm(self.runs(outcome, place, group, horizon), "mean")

    def noise(
        self, outcome: str, place: str, group: str = ALL, horizon: int | None = None
    ) -> pd.DataFrame:
        """Variance of an outcome over luck at every point: that of one run, not of the mean.

        Returns:
            As `answers`; NaN throughout with one replicate.
        """
        return self._by_arm(self.runs(outcome, place, group, horizon), "var")

    def paths(self, outcome: str, place: str, group: str = ALL) -> pd.DataFrame:
        """An outcome over time at every point: months where they were kept, else horizons.

        Returns:
            Columns point, arm, month (from 0), value: the mean over replicates, NaN where one of
            them failed or has no value.
        """
        info = self.batch.outcome(outcome)
        if info.level == "run":
            raise AnalysisError(f"{outcome} is known only at the end of a run: it has no path")
        values = self._values(info, place, group, None)
        values = _worst_off(info, values, ["identity", "month"])
        merged = self._here(place).merge(values, on="identity", how="left")
        grouped = merged.groupby(["point", "arm", "month"], sort=True)["value"]
        mean = grouped.mean()
        mean[grouped.count() < int(self.design["replicates"])] = np.nan
        return mean.reset_index()

    def _sample(self, name: str) -> pd.DataFrame:
        table = self.batch.results.attached(name).set_index("point").sort_index()
        return table[list(self.factors.index)]

    def _here(self, place: str) -> pd.DataFrame:
        if place not in self.places:
            raise AnalysisError(f"no place {place!r} in this sweep: {', '.join(self.places)}")
        return self.cells[self.cells["place"] == place]

    def runs(
        self, outcome: str, place: str, group: str = ALL, horizon: int | None = None
    ) -> pd.DataFrame:
        """The cells of a place with the value of each run: point, arm, replicate, value.

        Raises:
            AnalysisError: As `answers`.
        """
        info = self.batch.outcome(outcome)
        horizon = self.horizons[-1] if horizon is None else horizon
        if horizon not in self.horizons:
            known = ", ".join(map(str, self.horizons))
            raise AnalysisError(f"no horizon of {horizon} months in this sweep: {known}")
        here = self._here(place)
        if info.level == "run":
            if horizon != self.horizons[-1] or group != ALL:
                raise AnalysisError(
                    f"{outcome} is known for the whole site at the end of a run only"
                )
            runs = self.batch.runs
            values = runs.loc[runs["status"] == "ok", ["identity", outcome]]
            values = values.rename(columns={outcome: "value"})
        else:
            values = self._level(info, place, group, horizon)
        return here.merge(values, on="identity", how="left", validate="m:1")

    def _level(self, info: OutcomeInfo, place: str, group: str, horizon: int) -> pd.DataFrame:
        """One number per run: months up to the horizon, made one as the outcome prescribes."""
        kept = self.design["keep"] == "levels" or info.aggregate == "last"
        table = self._values(info, place, group, horizon - 1 if kept else None)
        if not kept:
            months = table[table["month"] < horizon]
            grouped = months.groupby(["identity", "group"], sort=False)["value"]
            value = grouped.mean() if info.aggregate == "mean" else grouped.sum(min_count=1)
            table = value.reset_index()
        return _worst_off(info, table, ["identity"])

    def _values(self, info: OutcomeInfo, place: str, group: str, month: int | None) -> pd.DataFrame:
        """Identity, month, group and value, for one group or for all that might be worst off."""
        groups = self._groups(info, place, group)
        series = self.batch.results.series([info.name], groups, month, identities=True)
        series = series.rename(columns={info.name: "value"})
        return series[["identity", "month", "group", "value"]]

    def _groups(self, info: OutcomeInfo, place: str, group: str) -> list[str]:
        known = list(self.batch.groups(place))
        if info.level == "site" and group != ALL:
            raise AnalysisError(f"{info.name} belongs to the whole site: it has no groups")
        if group == WORST:
            if not info.sign:
                raise AnalysisError(f"{info.name} has no better or worse: no group is worst off")
            return [name for name in known if name != ALL]
        if group not in known:
            raise AnalysisError(f"no group {group!r} in {place}: {', '.join([*known, WORST])}")
        return [group]

    def _by_arm(self, runs: pd.DataFrame, how: str) -> pd.DataFrame:
        """Points by arms, over replicates; a missing replicate leaves no value."""
        grouped = runs.groupby(["point", "arm"], sort=False)["value"]
        value = grouped.mean() if how == "mean" else grouped.var(ddof=1)
        value[grouped.count() < grouped.size()] = np.nan
        wide = value.unstack("arm")
        return wide.reindex(index=self.points.index, columns=list(self.arms))


def open_sweep(folder: Path | str, *, partial: bool = False) -> Sweep:
    """Open the results folder of a sweep.

    Args:
        folder: The folder.
        partial: Also accept a sweep that is not finished.

    Raises:
        StoreError: Not a results folder, unfinished or damaged.
        AnalysisError: It holds no sweep, or too many runs failed.
    """
    batch = load(folder, partial=partial)
    design = batch.results.manifest.get("design")
    if not isinstance(design, dict) or design.get("kind") != "sweep":
        raise AnalysisError(f"{folder}: holds no sweep; make one with `parley sweep`")
    require_enough_runs(batch)
    return Sweep(batch, cast("Mapping[str, Any]", design))


def _worst_off(info: OutcomeInfo, table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The columns `by` and value, of the group worst off where there are several."""
    if table["group"].nunique() <= 1:
        return table[[*by, "value"]]
    values = table.groupby(by, sort=False)["value"]
    return (values.min() if info.sign > 0 else values.max()).reset_index()


def pairs_of_arms(arms: Sequence[str]) -> list[tuple[str, str]]:
    """The first arm against each of the others."""
    return [(arms[0], other) for other in arms[1:]]
