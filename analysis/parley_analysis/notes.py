"""The sentences that go under every table and figure: what was counted, and what was not."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING, cast

from parley.worth import FEWEST_PAIRS, worth_words
from parley_analysis.load import failure_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley_analysis.load import Batch, OutcomeInfo

CHANCE_OF_FALSE_WORSE = 0.025
"""Highest chance that an interval lies wholly on the bad side although there is no difference
worth telling."""

MARKS = {
    "better": "[bold blue]▲[/]",
    "worse": "[bold red]▼[/]",
    "too_small": "≈",
    "unclear": "·",
    "neutral": " ",
}
"""Marks of verdicts on a terminal."""
MARKS_NOTE = (
    "± half of the 95% interval; ▲ better, ▼ worse: all of it beyond the smallest difference worth "
    "telling; ≈ no difference worth telling: all of it within; · cannot be told."
)


def size_note(batch: Batch, horizon: int | None = None) -> str:
    """Say how much was simulated: replicates, residents, months, seed."""
    manifest = batch.results.manifest
    runs = batch.runs[batch.runs["status"] == "ok"]
    replicates = runs.groupby(["place", "arm"])["replicate"].nunique()
    people = sorted(int(n) for n in runs["people"].dropna().unique())
    seeds = cast("list[int]", manifest.get("root_seeds", []))
    return (
        f"{_span(sorted({int(n) for n in replicates}))} replicates, {_span(people)} simulated "
        f"residents, {horizon or batch.length} months, seed {_span(seeds)}."
    )


def half_interval_of_a_share(batch: Batch) -> float:
    """Half the 95% interval of a share of the replicates near one half, where it is widest."""
    runs = batch.runs[batch.runs["status"] == "ok"]
    fewest = int(runs.groupby(["place", "arm"])["replicate"].nunique().min())
    return min(0.98 / math.sqrt(fewest), 0.5)


def method_note(batch: Batch, against: str) -> str:
    """Say what a difference and its interval are."""
    return (
        f"Differences from {batch.short_arm(against)}: means over replicates with the same luck, "
        "with 95% intervals of the mean (Student's t)."
    )


def dagger_note(outcomes: Iterable[OutcomeInfo]) -> str:
    """Explain the dagger, if an outcome bears one."""
    if not any(outcome.near_tautological for outcome in outcomes):
        return ""
    return "† Near-tautological: at most two rules lie between a practice and this outcome."


def chance_note(comparisons: int) -> str:
    """Say how many of many comparisons look bad by chance alone."""
    expected = CHANCE_OF_FALSE_WORSE * comparisons
    return (
        f"Of {comparisons} comparisons, at most about {expected:.2g} would look worse by chance "
        "alone."
    )


def worth_note(batch: Batch, outcomes: Iterable[OutcomeInfo]) -> str:
    """The smallest differences worth telling of some outcomes, with their sources."""
    judged = [outcome for outcome in outcomes if outcome.sign]
    return worth_words(batch.worth_of(outcome.name) for outcome in judged)


def has_few(batch: Batch) -> bool:
    """Whether an arm of a place has fewer runs than a verdict needs."""
    runs = batch.runs[batch.runs["status"] == "ok"]
    return bool((runs.groupby(["place", "arm"])["replicate"].nunique() < FEWEST_PAIRS).any())


def few_note(batch: Batch) -> str:
    """Say why few runs get no verdict; empty where there are enough."""
    if not has_few(batch):
        return ""
    return (
        f"Fewer than {FEWEST_PAIRS} replicates get no verdict: that a handful of runs agree is "
        "often luck, and their intervals rest on an assumed shape alone."
    )


def all_notes(
    batch: Batch, outcomes: Sequence[OutcomeInfo], against: str, horizon: int | None = None
) -> list[str]:
    """All sentences that apply, in order of importance."""
    notes = [
        size_note(batch, horizon),
        method_note(batch, against),
        worth_note(batch, outcomes),
        few_note(batch),
        failure_statement(batch),
        dagger_note(outcomes),
    ]
    return [note for note in notes if note]


def limits(batch: Batch, outcomes: Sequence[OutcomeInfo]) -> list[str]:
    """What a reader must not overlook: lost runs and near-tautologies."""
    lost = failure_statement(batch)
    lost = "" if lost.startswith("All ") else lost
    return [note for note in (lost, dagger_note(outcomes)) if note]


def heading(batch: Batch) -> str:
    """The question of a batch, else the arms it compares."""
    question = batch.results.manifest.get("question")
    if question:
        return str(question)
    *others, last = map(batch.short_arm, batch.arms)
    return f"{', '.join(others)} and {last} compared" if others else last


def wrap(text: str, characters: int) -> str:
    r"""Break a text into lines.

    >>> wrap("one two three", 8)
    'one two\nthree'
    """
    return "\n".join(textwrap.wrap(text, characters))


def _span(values: Sequence[int]) -> str:
    """`8`, `8 to 20`, or `no` when there is nothing."""
    if not values:
        return "no"
    low, high = f"{values[0]:,}", f"{values[-1]:,}"
    return low if low == high else f"{low} to {high}"
