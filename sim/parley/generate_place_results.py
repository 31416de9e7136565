"""What the model shows at a place: the table and the words of its page, from the committed batch.

The batch is `docs/places/results.csv`; how it was made stands in `docs/places/results.toml`. Both
are written by `python -m parley_analysis.place_pages`. The same outcomes are shown for every place,
and the words follow from the intervals and the smallest differences worth telling alone, so that
they say where the framework's stack is worse, where it makes no difference worth telling, and where
that cannot be told.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.generate_docs import table
from parley.practices import load_practices
from parley.registry import load_registry
from parley.scenario import make_scenario
from parley.worth import FEWEST_PAIRS, load_worth, verdict_of, worth_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from parley.registry import Outcome
    from parley.worth import Verdict

STACK = "hsbp"
"""The stack that the other arms of the batch are held against."""
CHANCE = 0.05
"""Largest share of comparisons that would look better or worse by chance alone, half of each."""
SIGNS = {"higher": 1, "lower": -1, "neither": 0}
"""Which way is better."""
VERDICTS: Mapping[Verdict, str] = {
    "better": "better",
    "worse": "worse",
    "too_small": "no difference worth telling",
    "unclear": "cannot be told",
}
"""Verdicts of `parley.worth` and their words, in the order of tables."""
METHOD = "../reference/outcomes.md#smallest-differences-worth-telling"
BATCH = "[batch](README.md#the-batch)"
OUTCOMES = "../reference/outcomes.md"
_CHANGED = (
    "**The place's file has changed since these runs were made**; they show the place as it was."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One arm at one place on one outcome, means over replicates.

    Attributes:
        mean: Mean level.
        low: Lower end of its 95% interval.
        high: Upper end.
        less: The stack less this arm under the same luck; None for the stack itself.
        less_low: Lower end of the 95% interval of that mean difference.
        less_high: Upper end.
        pairs: Runs behind it, or pairs of runs.
    """

    mean: float
    low: float | None
    high: float | None
    less: float | None
    less_low: float | None
    less_high: float | None
    pairs: int


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """The committed batch.

    Attributes:
        about: How it was made; empty when there is none.
        cells: Place, arm, outcome and group to numbers.
    """

    about: Mapping[str, Any]
    cells: Mapping[tuple[str, str, str, str], Cell]

    def arms(self, place: str) -> tuple[str, ...]:
        """Arms of a place in the order of the batch."""
        return tuple(dict.fromkeys(key[1] for key in self.cells if key[0] == place))

    def columns(self, place: str) -> tuple[tuple[str, str], ...]:
        """Outcomes with their groups in the order of the batch."""
        return tuple(dict.fromkeys(key[2:] for key in self.cells if key[0] == place))


def read_summary(folder: Path) -> BatchSummary:
    """Read the committed batch; an empty one where there is none."""
    path, about = folder / "results.csv", folder / "results.toml"
    if not path.exists():
        return BatchSummary({}, {})
    with path.open(encoding="utf-8", newline="") as file:
        cells = {
            (row["place"], row["arm"], row["outcome"], row["group"]): _cell(row)
            for row in csv.DictReader(file)
        }
    return BatchSummary(tomllib.loads(about.read_text("utf-8")), cells)


def _cell(row: Mapping[str, str]) -> Cell:
    """One row of the table; an empty field is no number."""
    low, high, less, less_low, less_high = (
        float(row[name]) if row[name] else None
        for name in ("low", "high", "less", "less_low", "less_high")
    )
    return Cell(float(row["mean"]), low, high, less, less_low, less_high, int(row["n"]))


def verdict(cell: Cell, name: str, months: int) -> Verdict:
    """How the stack compares with an arm.

    Args:
        cell: The arm.
        name: Name of the outcome.
        months: Length of the runs, over which some outcomes are summed.

    >>> verdict(Cell(1.0, 0.9, 1.1, -0.2, -0.3, -0.1, 10), "trust_company", 120)
    'worse'
    """
    outcome = _outcome(name)
    margin = load_worth()[outcome.unit].margin(outcome.aggregate, months)
    sign = SIGNS[outcome.direction]
    return verdict_of(cell.less_low, cell.less_high, sign, margin, cell.pairs)


def is_clear(cell: Cell) -> bool:
    """Whether the interval of a difference is clear of zero, with enough pairs to say so."""
    if cell.less_low is None or cell.less_high is None or cell.pairs < FEWEST_PAIRS:
        return False
    return cell.less_low > 0.0 or cell.less_high < 0.0


def worth_line(names: Iterable[str]) -> str:
    """The smallest differences worth telling of some outcomes, in a sentence."""
    return worth_words(load_worth()[_outcome(name).unit] for name in names)


def results_section(place: str, summary: BatchSummary) -> str:
    """The section `What the model shows here` of a page."""
    title = "## What the model shows here"
    arms, columns = summary.arms(place), summary.columns(place)
    if not arms:
        return f"{title}\n\nThe committed batch holds no runs of this place yet."
    parts = [
        title,
        *([_CHANGED] if has_changed(place, summary.about) else []),
        _about(summary.about),
        f"![Levels of key outcomes under each arm, with 95% intervals](figures/{place}.png)",
        *(
            _levels(place, arms, chosen, summary)
            for chosen in (
                [column for column in columns if column[1] == "all"],
                [column for column in columns if column[1] != "all"],
            )
            if chosen
        ),
        *_comparison(place, arms, columns, summary),
    ]
    return "\n\n".join(parts)


def has_changed(place: str, about: Mapping[str, Any]) -> bool:
    """Whether the batch read other inputs of a place than its file gives now."""
    made_with = about.get("inputs", {}).get(place)
    if made_with is None:
        return False
    content = make_scenario(place=place, practices="none", months=about["months"]).content()
    text = json.dumps(content["place"], sort_keys=True, separators=(",", ":"), allow_nan=False)
    return not hashlib.sha256(text.encode()).hexdigest().startswith(made_with)


def outcome_name(name: str, group: str) -> str:
    """Label of an outcome, with its group and the dagger of the near-tautological."""
    outcome = _outcome(name)
    whom = "" if group == "all" else f", {group} residents"
    return f"{outcome.label}{whom}{' †' if outcome.near_tautological else ''}"


def arm_label(arm: str) -> str:
    """Label of an arm."""
    return load_practices(arm).label


def tally_words(counts: Mapping[str, int]) -> str:
    """The sentence that sums up comparisons; it follows from the counts alone.

    >>> tally_words({"better": 2, "worse": 0, "too_small": 15, "unclear": 23})
    'Better in 2 of 40, worse in 0; no difference worth telling in 15; 23 cannot be told. Chance alone may give that many better or worse.'
    >>> tally_words({"better": 1, "worse": 3, "too_small": 0, "unclear": 4})
    'Better in 1 of 8, worse in 3; no difference worth telling in 0; 4 cannot be told.'
    """  # noqa: E501
    better, worse, same, unclear = (counts.get(word, 0) for word in VERDICTS)
    total = better + worse + same + unclear
    words = (
        f"Better in {better} of {total}, worse in {worse}; no difference worth telling in {same}; "
        f"{unclear} cannot be told."
    )
    if 0 < better + worse <= CHANCE * total:
        words += " Chance alone may give that many better or worse."
    return words


def losses_words(lost: Mapping[str, int], arms: int) -> str:
    """On which outcomes the stack is worse, and against how many of the other arms.

    >>> losses_words({"Days of output lost": 2, "Benefit †": 0}, 10)
    'Over all outcomes, † too, it is worse on: Days of output lost (against 2 of 10 arms).'
    """
    worst = sorted((name for name in lost if lost[name]), key=lambda name: -lost[name])
    if not worst:
        return "Over all outcomes, † too, it is worse on none."
    named = "; ".join(f"{name} (against {lost[name]} of {arms} arms)" for name in worst)
    return f"Over all outcomes, † too, it is worse on: {named}."


def _signed(value: float) -> str:
    """A difference with its sign; none at zero.

    >>> _signed(-0.0), _signed(0.25)
    ('0', '+0.25')
    """
    if value == 0:
        return "0"
    return _digits(value) if value < 0 else f"+{_digits(value)}"


def _outcome(name: str) -> Outcome:
    """An outcome of the registry."""
    return next(outcome for outcome in load_registry().outcomes if outcome.name == name)


def _about(about: Mapping[str, Any]) -> str:
    """What the numbers are, in a sentence or two."""
    return (
        f"Means and 95% intervals of {about['replicates']} replicates of {about['months']} months "
        f"with {about['population']} simulated residents, from the committed {BATCH}. Every arm "
        "meets the same people, prices and shocks. The numbers follow from the model's "
        "assumptions; nothing is calibrated to this place. † near-tautological: at most two rules "
        "lie between a practice and this outcome, so it cannot carry a verdict."
    )


def _levels(
    place: str,
    arms: Sequence[str],
    columns: Sequence[tuple[str, str]],
    summary: BatchSummary,
) -> str:
    """Levels under every arm."""
    head = ("Arm", *(_head(*column) for column in columns), "Source")
    rows = []
    for arm in arms:
        found = (summary.cells.get((place, arm, *column)) for column in columns)
        rows.append((arm_label(arm), *map(_level, found), BATCH))
    return table(head, rows)


def _head(name: str, group: str) -> str:
    """Head of a column: label, unit, which way is better."""
    outcome = _outcome(name)
    better = "" if outcome.direction == "neither" else f"; {outcome.direction} is better"
    return f"[{outcome_name(name, group)}]({OUTCOMES})<br>{outcome.level_unit}{better}"


def _level(cell: Cell | None) -> str:
    """A mean with its interval."""
    if cell is None:
        return "–"
    if cell.low is None or cell.high is None:
        return _digits(cell.mean)
    return f"{_digits(cell.mean)} [{_digits(cell.low)}, {_digits(cell.high)}]"


def _digits(value: float) -> str:
    """Three digits that count, without an exponent.

    >>> _digits(-1234.5), _digits(0.404), _digits(-0.00009374)
    ('−1,234', '0.404', '−0.0000937')
    """
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    if "e" in text:
        text = f"{value:.{2 - math.floor(math.log10(abs(value)))}f}"
    return text.replace("-", "−")


def _comparison(
    place: str,
    arms: Sequence[str],
    columns: Sequence[tuple[str, str]],
    summary: BatchSummary,
) -> list[str]:
    """The stack against every other arm: on which outcomes better, worse, not told apart."""
    if STACK not in arms:
        return []
    rows = []
    far: dict[str, int] = dict.fromkeys(VERDICTS, 0)
    lost: Counter[str] = Counter()
    others = [arm for arm in arms if arm != STACK]
    for arm in others:
        found: dict[str, list[str]] = defaultdict(list)
        for column in columns:
            cell = summary.cells.get((place, arm, *column))
            if cell is None or cell.less is None:
                continue
            outcome = _outcome(column[0])
            word = verdict(cell, column[0], int(summary.about["months"]))
            if word == "neutral":
                continue
            sure = " ‡" if word == "unclear" and is_clear(cell) else ""
            found[word].append(f"{outcome_name(*column)} ({_signed(cell.less)}{sure})")
            lost[outcome_name(*column)] += word == "worse"
            if not outcome.near_tautological:
                far[word] += 1
        cells = ("; ".join(found[word]) or "none" for word in far)
        rows.append((arm_label(arm), *cells, BATCH))
    head = (
        "Against",
        "Better on",
        "Worse on",
        "No difference worth telling on",
        "Cannot be told on",
        "Source",
    )
    total = sum(far.values())
    words = (
        f"**{arm_label(STACK)} against every other arm.** On the outcomes that lie far from the "
        f"practices ({total} comparisons, which share its runs; by chance at most about "
        f"{CHANCE * total:.2g} would look better or worse): {tally_words(far)} "
        f"{losses_words(lost, len(others))} In brackets: the stack less the other arm ({BATCH}). "
        "*Better* and *worse*: the whole 95% interval of the paired difference lies beyond the "
        "smallest difference worth telling; *no difference worth telling*: it lies within it; "
        f"*cannot be told*: neither ([why]({METHOD})); ‡ then marks an interval clear of zero: "
        "which way is told, whether it matters is not. "
        f"{worth_line(name for name, _ in columns)}"
    )
    return [words, table(head, rows)]
