"""A results folder as typed labels and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from parley.errors import ParleyError, StoreError, did_you_mean
from parley.store import Results, open_results
from parley.worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd

    from parley.worth import Worth

ALL = "all"
"""The reporting group of all residents; outcomes of the whole site stand under it too."""

LARGEST_FAILED_SHARE = 0.10
"""Above this share of failed runs, in all or in one arm of one place, nothing is concluded."""


_SHORT = 18  # characters that fit at the end of a line in a figure
_INITIALS = re.compile(r"\b[b-df-hj-np-tv-xz]+\b")  # words without a vowel: hsbp, csr


class AnalysisError(ParleyError):
    """The results cannot answer the question."""


@dataclass(frozen=True, slots=True)
class OutcomeInfo:
    """What a results folder says about one measured quantity.

    Attributes:
        name: Name of its column.
        label: Short label.
        unit: Unit.
        aggregate: How months become one number: `last`, `mean` or `sum`.
        direction: Whether `higher` or `lower` is better for those concerned, or `neither`.
        level: `group`, `site`, or `run` for a value known only at the end.
        rule_steps: Rules between the nearest practice and the outcome (count).
        whom: Whose quantity it is.
    """

    name: str
    label: str
    unit: str
    aggregate: Literal["last", "mean", "sum"]
    direction: Literal["higher", "lower", "neither"]
    level: Literal["group", "site", "run"]
    rule_steps: int
    whom: str

    @property
    def near_tautological(self) -> bool:
        """Whether a practice reaches the outcome in two rules or fewer."""
        return self.rule_steps <= 2

    @property
    def sign(self) -> int:
        """1 when higher is better, -1 when lower is better, 0 when neither."""
        return {"higher": 1, "lower": -1, "neither": 0}[self.direction]

    @property
    def level_unit(self) -> str:
        """Unit of the outcome once its months are one number."""
        return self.unit.removesuffix(" per month") if self.aggregate == "sum" else self.unit

    @property
    def marked_label(self) -> str:
        """The label, with a dagger when the outcome is near-tautological."""
        return f"{self.label} †" if self.near_tautological else self.label


@dataclass(frozen=True)
class Batch:
    """A results folder with its labels.

    Attributes:
        results: The tables.
        outcomes: Outcome name to what is known about it, for outcomes the results hold.
        worth: Smallest differences worth telling that somebody has given, by name of an outcome
            or `all`; the others stand in the registry.
    """

    results: Results
    outcomes: Mapping[str, OutcomeInfo]
    worth: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row per run."""
        return self.results.runs()

    @cached_property
    def months(self) -> int:
        """Length of the shortest finished run (months); 0 when none finished."""
        finished = self.runs.loc[self.runs["status"] == "ok", "months"]
        return int(finished.min()) if len(finished) else 0

    @property
    def length(self) -> int:
        """Months that were simulated, also where only one number per run was kept."""
        if self.results.manifest.get("kept") == "levels":
            return max(cast("list[int]", self.results.manifest["months"]))
        return self.months

    @property
    def places(self) -> tuple[str, ...]:
        """Keys of the places, in the order in which they were asked for."""
        return tuple(self._described("places"))

    @property
    def arms(self) -> tuple[str, ...]:
        """Keys of the arms, in the order in which they were asked for."""
        return tuple(self._described("arms"))

    def place_title(self, place: str) -> str:
        """Title of a place."""
        return str(self._described("places").get(place, {}).get("title") or place)

    def short_place(self, place: str) -> str:
        """Title of a place up to the colon."""
        return self.place_title(place).partition(":")[0]

    def arm_label(self, arm: str) -> str:
        """Label of an arm."""
        return str(self._described("arms").get(arm, {}).get("label") or arm)

    def short_arm(self, arm: str) -> str:
        """The shortest usual name of an arm: its initials if the key says so, else label or key."""
        label = self.arm_label(arm)
        initials = "".join(word[0] for word in label.replace("-", " ").split()).upper()
        if initials == arm.upper():
            return initials
        if len(label) > _SHORT:
            label = key_words(arm)
        return label[:1].upper() + label[1:]

    def groups(self, place: str) -> dict[str, str]:
        """Reporting groups of a place, key to label; the first is everybody."""
        return cast("dict[str, str]", self._described("places").get(place, {}).get("groups", {}))

    def all_groups(self) -> tuple[str, ...]:
        """Reporting groups of all places, each once."""
        return tuple(dict.fromkeys(group for place in self.places for group in self.groups(place)))

    def events(self, place: str) -> list[dict[str, Any]]:
        """Dated events of a place: month, date, kind, label."""
        found = self._described("places").get(place, {}).get("events", [])
        return cast("list[dict[str, Any]]", found)

    def outcome(self, name: str) -> OutcomeInfo:
        """Look up an outcome.

        Raises:
            AnalysisError: These results do not hold it.
        """
        if name not in self.outcomes:
            raise AnalysisError(_unknown("outcome", name, self.outcomes))
        return self.outcomes[name]

    def worth_of(self, name: str) -> Worth | None:
        """The smallest difference worth telling of an outcome; None where none is stated."""
        return worth_of(name, self.outcome(name).unit, self.worth)

    def margin(self, name: str, horizon: int | None = None) -> float:
        """The same over the months that count, in the unit of a level; 0 where none is stated."""
        worth = self.worth_of(name)
        months = horizon or self.length
        return worth.margin(self.outcome(name).aggregate, months) if worth else 0.0

    def arm(self, name: str) -> str:
        """Check the key of an arm.

        Raises:
            AnalysisError: These results do not hold it.
        """
        if name not in self.arms:
            raise AnalysisError(_unknown("arm", name, self.arms))
        return name

    def _described(self, section: str) -> dict[str, dict[str, Any]]:
        found = self.results.manifest.get(section)
        if not isinstance(found, dict):
            raise StoreError(f"{self.results.folder}: manifest.json has no table {section!r}")
        return found


def load(
    folder: Path | str, *, partial: bool = False, worth: Mapping[str, float] | None = None
) -> Batch:
    """Open a results folder with its labels.

    Args:
        folder: The folder.
        partial: Also accept a batch that is not finished.
        worth: Other smallest differences worth telling than the registry's, by outcome or `all`.

    Raises:
        StoreError: Not a results folder, unfinished or damaged.
    """
    results = open_results(folder, partial=partial)
    described = cast("list[dict[str, Any]]", results.manifest.get("outcomes", []))
    finals = set(results.runs().columns)
    known = {
        row["name"]: OutcomeInfo(**{name: row[name] for name in OutcomeInfo.__slots__})
        for row in described
        if row["name"] in (finals if row["level"] == "run" else results.outcomes)
    }
    return Batch(results, known, worth or {})


def key_words(key: str) -> str:
    """A key to be read where its label is not at hand: blanks, and capitals for initials.

    >>> key_words("hsbp_nominal"), key_words("colombia_coal")
    ('HSBP nominal', 'colombia coal')
    """
    return _INITIALS.sub(lambda word: word[0].upper(), key.replace("_", " "))


def failure_statement(batch: Batch) -> str:
    """Say in one sentence how many runs are missing and why, or that none is."""
    planned, runs = batch.results.planned, batch.runs
    failed = runs[runs["status"] != "ok"]
    missing = planned - len(runs)
    if failed.empty and not missing:
        return f"All {planned} runs finished."
    parts = [f"{missing} of {planned} runs not made yet"] if missing else []
    if not failed.empty:
        where = (failed["place"] + "/" + failed["arm"]).value_counts(sort=False)
        cells = ", ".join(f"{cell}: {n}" for cell, n in where.items())
        reason = str(failed["reason"].mode().iloc[0])
        parts.append(
            f"{len(failed)} of {planned} runs failed and are left out "
            f"({cells}; most often {reason})"
        )
    return "; ".join(parts) + "."


def require_enough_runs(batch: Batch, limit: float = LARGEST_FAILED_SHARE) -> None:
    """Refuse to conclude anything when too many runs failed.

    Args:
        batch: The results.
        limit: Largest tolerated share of failed runs, overall and in each arm of each place.

    Raises:
        AnalysisError: More failed, or nothing finished.
    """
    runs = batch.runs
    if not (runs["status"] == "ok").any():
        raise AnalysisError(f"{batch.results.folder}: no run finished. {failure_statement(batch)}")
    failed = (runs["status"] != "ok").astype(float)
    cells = failed.groupby(runs["place"] + "/" + runs["arm"]).mean()
    for share, where in ((failed.mean(), "all runs"), (cells.max(), str(cells.idxmax()))):
        if share > limit:
            raise AnalysisError(
                f"{batch.results.folder}: {share:.0%} of {where} failed, more than {limit:.0%}: "
                "what is left may not be a fair sample, so nothing is concluded. "
                f"{failure_statement(batch)} See the folder failures/."
            )


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, known)
    return f"no {kind} {name!r} in these results; {hint or 'there are: ' + ', '.join(known)}"
