"""The smallest difference worth telling, and what an interval of a difference says beside it.

One interval gives one of three verdicts. It lies wholly beyond the smallest difference worth
telling: more or less, hence better or worse. It lies wholly within it: no difference worth telling,
which two one-sided tests at 2.5% each would say too (Lakens 2017). Anything else cannot be told.
Kruschke (2018) decides in the same way on an interval beside a region of practical equivalence.
That the best estimate is beyond it, or that the interval is clear of zero, is not enough for a
verdict: in small batches the first is often luck, in large ones the second says nothing of size.

No run reads any of this; the numbers stand in `worth.toml`, by unit of the outcome.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from parley.errors import Problem, RegistryError, ScenarioError, did_you_mean
from parley.paths import package_file
from parley.registry import ASSUMPTION, load_registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

type Verdict = Literal["better", "worse", "too_small", "unclear", "neutral"]

FEWEST_PAIRS = 6
"""Pairs of runs below which no verdict is given. Six differences of one sign have by luck alone a
chance of 2 x (1/2)^6 = 3%, five one of 6%. With fewer a 95% interval rests on nothing but the
assumed shape of the differences, and two runs that happen to be alike have an interval of no width.
"""
ALL_OUTCOMES = "all"
"""Name that stands for every outcome where one is given another smallest difference."""
_FIELDS = ("units", "value", "months", "words", "why", "source")


@dataclass(frozen=True, slots=True)
class Worth:
    """A smallest difference worth telling.

    Attributes:
        units: Units of the outcomes it holds for.
        value: The difference, in that unit, within `months`.
        months: Months within which it adds up, for outcomes whose months are summed; else 1.
        words: The same in words.
        why: Why not less and not more.
        sources: Keys of references, or `("assumption",)`.
    """

    units: tuple[str, ...]
    value: float
    months: int
    words: str
    why: str
    sources: tuple[str, ...]

    def margin(self, aggregate: str, months: int) -> float:
        """The smallest difference of a level, in its unit.

        Args:
            aggregate: How the outcome's months become one number: `last`, `mean` or `sum`.
            months: Months that count.

        >>> Worth((), 1.0, 12, "1 day a year", "", ()).margin("sum", 120)
        10.0
        """
        return self.value * (months if aggregate == "sum" else 1) / self.months


@functools.cache
def load_worth() -> Mapping[str, Worth]:
    """Unit of an outcome to its smallest difference worth telling.

    Raises:
        RegistryError: The file does not read, leaves a unit of an outcome out or names one twice.
    """
    return read_worth(package_file("worth.toml").read_text("utf-8"))


def read_worth(text: str) -> dict[str, Worth]:
    """Read and check the file; see `load_worth`."""
    registry = load_registry()
    units = {outcome.unit for outcome in registry.outcomes}
    found: dict[str, Worth] = {}
    problems: list[Problem] = []

    def fail(key: str, value: object, message: str, step: str = "") -> None:
        problems.append(Problem("worth.toml", key, value, message, "", step))

    for name, entry in tomllib.loads(text).items():
        if set(entry) != set(_FIELDS):
            fail(name, sorted(entry), f"expected the keys {', '.join(_FIELDS)}")
            continue
        named = entry["source"]
        sources = tuple([named] if isinstance(named, str) else named)
        worth = Worth(
            tuple(entry["units"]), entry["value"], entry["months"], entry["words"], entry["why"],
            sources,
        )  # fmt: skip
        if not worth.value > 0.0 or not worth.months >= 1:
            fail(name, worth.value, "value and months must be above 0")
        for key in sources:
            if key != ASSUMPTION and key not in registry.references:
                fail(f"{name}.source", key, "no such key in references.toml")
        for unit in worth.units:
            if unit not in units:
                fail(f"{name}.units", unit, "no outcome has it", did_you_mean(unit, units))
            if unit in found:
                fail(f"{name}.units", unit, "named twice")
            found[unit] = worth
    for unit in sorted(units - set(found)):
        fail("", unit, "this unit of an outcome has no smallest difference worth telling")
    if problems:
        raise RegistryError("\n".join(map(str, problems)))
    return found


def check_changes(changes: Mapping[str, float], option: str) -> None:
    """Refuse smallest differences of unknown outcomes, or below zero; all at once.

    Args:
        changes: Name of an outcome, or `all`, to a difference.
        option: What messages call it.

    Raises:
        ScenarioError: A name is unknown or a value not allowed.
    """
    known = [outcome.name for outcome in load_registry().outcomes]
    problems = []
    for name, value in changes.items():
        if name != ALL_OUTCOMES and name not in known:
            hint = did_you_mean(name, known) or "see docs/reference/outcomes.md"
            problems.append(Problem(option, name, value, "no such outcome", "", hint))
        elif not 0.0 <= value < float("inf"):
            problems.append(Problem(option, name, value, "not allowed", "a number of at least 0"))
    if problems:
        raise ScenarioError(problems)


def worth_of(name: str, unit: str, changes: Mapping[str, float] | None = None) -> Worth | None:
    """The smallest difference worth telling of an outcome.

    Args:
        name: Name of the outcome.
        unit: Its unit.
        changes: What somebody has given instead, see `check_changes`.

    Returns:
        None for a unit that no outcome has any more, as in results of an older version.
    """
    worth = load_worth().get(unit)
    given = (changes or {}).get(name, (changes or {}).get(ALL_OUTCOMES))
    if given is None:
        return worth
    if worth is None:
        worth = Worth((unit,), given, 1, "", "", ())
    span = "" if worth.months == 1 else " a year" if worth.months == 12 else f" in {worth.months}"
    labels = {outcome.name: outcome.label for outcome in load_registry().outcomes}
    whose = labels.get(name, name) if name in (changes or {}) else unit.removesuffix(" per month")
    words = f"{given:g}{span} ({whose})"
    return replace(worth, value=given, words=words, why="", sources=("as asked for",))


def verdict_of(
    low: float | None, high: float | None, sign: int, margin: float, pairs: int
) -> Verdict:
    """What the 95% interval of a mean paired difference says.

    Args:
        low: Lower end; None or NaN where there is none.
        high: Upper end.
        sign: 1 when higher is better, -1 when lower is better, 0 when neither.
        margin: The smallest difference worth telling, in the unit of the interval; at 0 it is only
            asked whether the interval is clear of zero.
        pairs: Pairs of runs behind it.

    Returns:
        `better` or `worse` when the whole interval lies beyond the margin, `too_small` when all of
        it lies within, `unclear` otherwise and below six pairs; `neutral` without a sign.

    >>> [verdict_of(low, 0.03, 1, 0.01, 10) for low in (0.02, 0.005, -0.03)]
    ['better', 'unclear', 'unclear']
    >>> verdict_of(0.002, 0.008, 1, 0.01, 10)
    'too_small'
    """
    if sign == 0:
        return "neutral"
    if low is None or high is None or pairs < FEWEST_PAIRS:
        return "unclear"
    if low > margin or high < -margin:
        return "better" if (low > margin) == (sign > 0) else "worse"
    return "too_small" if low >= -margin and high <= margin else "unclear"


def worth_words(found: Iterable[Worth | None]) -> str:
    """The smallest differences that a table or figure uses, each once, with their sources."""
    used = [worth for worth in dict.fromkeys(found) if worth is not None]
    if not used:
        return ""
    parts = "; ".join(f"{one.words} ({'; '.join(one.sources)})" for one in used)
    sources = {one.sources for one in used}
    if len(sources) == 1:
        named = "; ".join(used[0].sources)
        if len(used) > 1 and named == ASSUMPTION:
            named = "assumptions"
        parts = f"{'; '.join(one.words for one in used)} ({named})"
    return f"Smallest difference worth telling: {parts}."
