"""What the model shows at a place: the table and the words of its page, from the committed batch.

The batch is `docs/places/results.csv`; how it was made stands in `docs/places/results.toml`. Both
are written by `python -m parley_analysis.place_pages`. The same outcomes are shown for every place,
and the words follow from the intervals alone, so that they say where the framework's stack loses
and where nothing can be told apart.
"""

from __future__ import annotations

import csv
import hashlib
import json
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.generate_docs import table
from parley.practices import load_practices
from parley.registry import load_registry
from parley.scenario import make_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from parley.registry import Outcome

STACK = "hsbp"
"""The stack that the other arms of the batch are held against."""
CHANCE = 0.05
"""Share of comparisons that would look clear by chance alone, half of them worse."""
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
    """

    mean: float
    low: float | None
    high: float | None
    less: float | None
    less_low: float | None
    less_high: float | None


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
            (row["place"], row["arm"], row["outcome"], row["group"]): Cell(
                float(row["mean"]),
                *(
                    float(row[name]) if row[name] else None
                    for name in ("low", "high", "less", "less_low", "less_high")
                ),
            )
            for row in csv.DictReader(file)
        }
    return BatchSummary(tomllib.loads(about.read_text("utf-8")), cells)


def verdict(cell: Cell, direction: str) -> str:
    """How the stack compares with an arm: `better`, `worse` or `unclear`.

    >>> verdict(Cell(1.0, 0.9, 1.1, -0.2, -0.3, -0.1), "higher")
    'worse'
    """
    if cell.less_low is None or cell.less_high is None or direction == "neither":
        return "unclear"
    if cell.less_low <= 0.0 <= cell.less_high:
        return "unclear"
    return "better" if (cell.less_low > 0.0) == (direction == "higher") else "worse"


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


def tally_words(better: int, worse: int, unclear: int) -> str:
    """The sentence that sums up comparisons; it follows from the counts alone.

    >>> tally_words(0, 0, 8)
    'Nothing tells it apart from the other arms.'
    >>> tally_words(1, 3, 4)
    'It loses more often than it wins (1 better, 3 worse, 4 not told apart).'
    >>> tally_words(2, 0, 38)
    'No more is clear than chance would give (2 better, 0 worse, 38 not told apart).'
    """
    if not better and not worse:
        return "Nothing tells it apart from the other arms."
    if better + worse <= CHANCE * (better + worse + unclear):
        how = "No more is clear than chance would give"
    elif better == worse:
        how = "It wins as often as it loses"
    elif worse > better:
        how = "It loses more often than it wins"
    else:
        how = "It wins more often than it loses"
    return f"{how} ({better} better, {worse} worse, {unclear} not told apart)."


def losses_words(lost: Mapping[str, int], arms: int) -> str:
    """On which outcomes the stack is worse, and against how many of the other arms.

    >>> losses_words({"Days of output lost": 2, "Benefit †": 0}, 10)
    'Over all outcomes it is worse on: Days of output lost (against 2 of 10 arms).'
    """
    worst = sorted((name for name in lost if lost[name]), key=lambda name: -lost[name])
    if not worst:
        return "Over all outcomes it is clearly worse on none."
    named = "; ".join(f"{name} (against {lost[name]} of {arms} arms)" for name in worst)
    return f"Over all outcomes it is worse on: {named}."


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
    """Three digits that count."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
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
    rows, far = [], {"better": 0, "worse": 0, "unclear": 0}
    lost: Counter[str] = Counter()
    others = [arm for arm in arms if arm != STACK]
    for arm in others:
        found: dict[str, list[str]] = defaultdict(list)
        for column in columns:
            cell = summary.cells.get((place, arm, *column))
            if cell is None or cell.less is None:
                continue
            outcome = _outcome(column[0])
            word = verdict(cell, outcome.direction)
            found[word].append(f"{outcome_name(*column)} ({_signed(cell.less)})")
            lost[outcome_name(*column)] += word == "worse"
            if not outcome.near_tautological:
                far[word] += 1
        cells = ("; ".join(found[word]) or "none" for word in far)
        rows.append((arm_label(arm), *cells, BATCH))
    head = ("Against", "Better on", "Worse on", "Not told apart on", "Source")
    total = sum(far.values())
    words = (
        f"**{arm_label(STACK)} against every other arm.** On the outcomes that lie far from the "
        f"practices ({total} comparisons, which share its runs; about {CHANCE * total:.2g} would "
        "look clear by chance, half of them worse): "
        f"{tally_words(far['better'], far['worse'], far['unclear'])} "
        f"{losses_words(lost, len(others))} In brackets: the stack less the other arm. *Better* "
        "and *worse* mean that the 95% interval of the paired difference is clear of zero "
        f"({BATCH})."
    )
    return [words, table(head, rows)]
