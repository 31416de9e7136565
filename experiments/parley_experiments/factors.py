"""Factors of a design: which numbers vary, over what, and from a position to a value.

A sampler knows positions in [0, 1] only. A position becomes a value through the quantile function
of what is believed about the number, so equal steps are equally likely. Two factors are no number
of the model: `luck` is the replicate as an input, so that a sensitivity analysis can tell chance
from cause, and `dummy` is a number that the model never sees, the noise floor of any index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from parley.errors import did_you_mean
from parley.reading import Bounds
from parley.registry import Parameter, Prior, load_registry
from parley_experiments.draws import SWEPT_ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.reading import Table

type FactorKind = Literal["parameter", "luck", "dummy"]

LUCK, DUMMY = "luck", "dummy"
LUCKS = 1_000_000
"""Replicates that the factor `luck` is drawn from, so many that hardly two points share one."""

ROLES = ("lever", "uncertainty", "switch")
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that a design varies.

    Attributes:
        key: `section.name`, `luck` or `dummy`.
        kind: `parameter`, `luck` or `dummy`.
        label: Short label.
        unit: Unit of its values.
        role: Role in the registry; `luck` or `dummy` for those two.
        block: Block of the model; empty for those two.
        prior: What is believed about it, in its unit.
        default: Value when nothing is said; where one-at-a-time designs start.
        null: Value that switches the mechanism off, None when there is none.
        named: Whether the design names it, so that it varies in places that state it as well.
    """

    key: str
    kind: FactorKind
    label: str
    unit: str
    role: str
    block: str
    prior: Prior
    default: float
    null: float | None = None
    named: bool = False

    def value(self, position: float) -> float:
        """Value at a position in [0, 1]."""
        return self.prior.ppf(position)

    def position(self, value: float) -> float:
        """Lowest position at which that value is reached, in [0, 1]; the inverse of `value`."""
        low, high = 0.0, 1.0
        if self.value(low) >= value:
            return low
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            low, high = (low, middle) if self.value(middle) >= value else (middle, high)
        return high

    def describe(self) -> dict[str, object]:
        """What a results folder says of it, ready for JSON."""
        low, high = self.prior.low, self.prior.high
        mass = self.prior.mass_at_low
        words = f"{self.prior.kind} from {low:g} to {high:g}"
        words += "" if self.prior.mode is None else f", most likely {self.prior.mode:g}"
        words += f", {mass:.0%} at {low:g}" if mass else ""
        return {
            "key": self.key,
            "kind": self.kind,
            "label": self.label,
            "unit": self.unit,
            "role": self.role,
            "block": self.block,
            "prior": words,
            "low": low,
            "high": high,
            "default": self.default,
            "null": self.null,
        }


def luck_factor() -> Factor:
    """The replicate as a factor."""
    prior = Prior("uniform", 0, LUCKS - 1, integer=True)
    return Factor(LUCK, "luck", "luck of the run", "replicate", LUCK, "", prior, 0.0)


def dummy_factor() -> Factor:
    """A number the model never sees."""
    prior = Prior("uniform", 0.0, 1.0)
    return Factor(DUMMY, "dummy", "no effect by design", "1", DUMMY, "", prior, 0.5)


def read_factors(table: Table) -> tuple[Factor, ...]:
    """The numbers that a design varies, in the order of the registry.

    Args:
        table: `[sample]`, with any of `names`, `roles`, `blocks`, `except` and `[sample.ranges]`.
            Numbers are chosen by name or range, or by role and block together; without any of
            these all numbers of which only a belief is known are chosen.

    Returns:
        The chosen numbers; what is wrong is noted in the reading and left out.
    """
    known = {k: p for k, p in load_registry().parameters.items() if p.role != "place"}
    ranges = _read_ranges(table, known)
    named = {*word_list(table, "names", known), *ranges}
    roles = word_list(table, "roles", ROLES) or (() if named and not table.has("blocks") else None)
    blocks = word_list(table, "blocks", sorted({p.block for p in known.values()}))
    out = word_list(table, "except", known)
    roles = SWEPT_ROLES if roles is None else roles
    chosen = {
        key: parameter
        for key, parameter in known.items()
        if key not in out
        and (
            key in named or (parameter.role in roles and (not blocks or parameter.block in blocks))
        )
    }
    factors = []
    for key, parameter in chosen.items():
        prior = ranges.get(key, parameter.prior)
        if prior is not None and parameter.kind != "vector6":
            factors.append(_factor(parameter, prior, key in named))
        elif key in named:
            step = f"give it a range: [sample.ranges] {key!r} = {{ low = ..., high = ... }}"
            table.fail("names", f"nothing is believed about {key!r}", "", step)
    if not factors and not table.reading.problems:
        table.fail("", "chooses no number to vary", "", "give `names`, `roles` or `blocks`")
    return tuple(factors)


def _factor(parameter: Parameter, prior: Prior, named: bool) -> Factor:
    default = prior.low if parameter.default is None else parameter.default
    return Factor(
        parameter.key,
        "parameter",
        parameter.label,
        parameter.unit,
        parameter.role,
        parameter.block,
        prior,
        default,
        parameter.null,
        named,
    )


def word_list(
    table: Table,
    name: str,
    known: Sequence[str] | Mapping[str, object] | None = None,
    *,
    listed: str = "`parley params`",
) -> tuple[str, ...]:
    """A list of words of a file, each held against what is known.

    Args:
        table: The table that may hold the list.
        name: Key of the list; a missing one is empty.
        known: Words that may be given; None for any.
        listed: Where all that are known can be seen.
    """
    raw = table.data[name] if table.has(name) else []
    if not isinstance(raw, list) or not all(isinstance(word, str) and word for word in raw):
        table.fail(name, "expected a list of words", '["...", "..."]')
        return ()
    for word in sorted({word for word in raw if raw.count(word) > 1}):
        table.fail(name, f"names {word!r} twice")
    for word in raw:
        if known is not None and word not in known:
            few = ", ".join(known) if len(known) <= 12 else ""
            hint = did_you_mean(word, known) or ("" if few else f"{listed} lists them")
            table.fail(name, f"there is no {word!r}", few, hint)
    return tuple(dict.fromkeys(raw))


def _read_ranges(table: Table, known: Mapping[str, Parameter]) -> dict[str, Prior]:
    """Ranges that replace what is believed: evenly spread from `low` to `high`."""
    ranges: dict[str, Prior] = {}
    inner = table.table("ranges")
    for key in inner.data:
        if key not in known:
            inner.fail(
                key, "unknown parameter", "", did_you_mean(key, known) or "see parley params"
            )
            continue
        parameter, ends = known[key], inner.table(key)
        inner.has(key)
        low, high = ends.number("low", parameter), ends.number("high", parameter)
        ends.close()
        if low >= high and not table.reading.problems:
            ends.fail("low", f"is not below high = {high:g}", parameter.allowed)
        else:
            ranges[key] = Prior("uniform", low, high, integer=parameter.integer)
    inner.close()
    return ranges


COUNT = Bounds(1, 10_000_000, "points", integer=True)
"""The rule for a number of points."""
