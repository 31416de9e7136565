"""Rare disasters as frozen values, and the numbers that describe one.

A tail event is a module of numbers that any place may load. Nothing here reads a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from parley.reading import SHARE, Bounds


@dataclass(frozen=True, slots=True)
class TailEvent:
    """One kind of rare disaster, resolved. `NUMBERS` gives label, unit and bounds of each number.

    Attributes:
        key: name of the module; its luck is drawn under this name.
    """

    key: str
    hazard_per_year: float
    near_misses_per_year: float
    heeded_share: float
    stop_power: float
    stop_output_share: float
    warning_rise: float
    warning_fade_per_year: float
    learning_share: float
    damage_lowest: float
    damage_highest: float
    damage_tail: float
    lasting_share: float
    closure_months: int
    claim_incomes: float
    equity_share: float
    shield: float
    share_paid: float
    payment_delay_years: float
    payment_delay_spread: float
    reversal_share: float
    clean_up_delay_years: float
    clean_up_delay_spread: float
    clean_up_share: float


@dataclass(frozen=True, slots=True)
class TailNumber:
    """What one number of a module means.

    Attributes:
        label: its name on pages.
        bounds: what is allowed, with its unit.
        meaning: one sentence.
        part: heading under which pages show it.
        null: value that takes its effect away, None where there is none.
    """

    label: str
    bounds: Bounds
    meaning: str
    part: str
    null: float | None = None


_YEARS = Bounds(0.0, 100.0, "years")
_SPREAD = Bounds(0.0, 3.0, "standard deviation of the logarithm")
_INDEX = Bounds(0.0, 10.0, "index")
_W, _D, _C, _R = "Warnings and hazard", "Damage", "Claim and liability", "Remedy"

NUMBERS: dict[str, TailNumber] = {
    "hazard_per_year": TailNumber(
        "Hazard",
        Bounds(0.0, 1.0, "probability per year"),
        "Chance of the disaster within a year while no warning has been ignored.",
        _W,
        0.0,
    ),
    "near_misses_per_year": TailNumber(
        "Near misses",
        Bounds(0.0, 52.0, "per year"),
        "How often something goes wrong that could have been the disaster.",
        _W,
        0.0,
    ),
    "heeded_share": TailNumber(
        "Heeded without monitors",
        SHARE,
        "Warnings that the company heeds when nobody from outside watches.",
        _W,
    ),
    "stop_power": TailNumber(
        "Power to stop",
        SHARE,
        "Part of the other warnings that monitors at full level make the company heed.",
        _W,
        0.0,
    ),
    "stop_output_share": TailNumber(
        "Cost of heeding", SHARE, "Output of the month that a heeded warning costs.", _W, 0.0
    ),
    "warning_rise": TailNumber(
        "Rise of the hazard",
        Bounds(0.0, 10.0, "per ignored warning"),
        "How much each ignored warning adds to the hazard, relative to the hazard itself.",
        _W,
        0.0,
    ),
    "warning_fade_per_year": TailNumber(
        "Fading of ignored warnings",
        Bounds(0.0, 1.0, "share per year"),
        "Ignored warnings that lose their bearing in a year, as parts are replaced.",
        _W,
    ),
    "learning_share": TailNumber(
        "Learning from the disaster",
        SHARE,
        "Part of the warnings still ignored that the company heeds after a disaster of its own.",
        _W,
        0.0,
    ),
    "damage_lowest": TailNumber(
        "Least damage", _INDEX, "Burden on the environment that is always exceeded.", _D, 0.0
    ),
    "damage_highest": TailNumber(
        "Most damage", _INDEX, "Burden that is never exceeded; 1 is a heavy burden.", _D, 0.0
    ),
    "damage_tail": TailNumber(
        "Tail exponent",
        Bounds(0.0, 10.0, "exponent", above=True),
        "Exponent of the Pareto law: the smaller, the more often the damage is extreme.",
        _D,
    ),
    "lasting_share": TailNumber(
        "What stays in the ground",
        SHARE,
        "Part of the damage that does not fade by itself, but stays until somebody cleans up.",
        _D,
        0.0,
    ),
    "closure_months": TailNumber(
        "Closure",
        Bounds(0, 1200, "months", integer=True),
        "Months without output, the one of the disaster included.",
        _D,
        0,
    ),
    "claim_incomes": TailNumber(
        "Claim",
        Bounds(0.0, 1000.0, "median monthly incomes per resident and unit of damage"),
        "What those harmed claim, for each unit of damage.",
        _C,
        0.0,
    ),
    "equity_share": TailNumber(
        "Equity of the subsidiary",
        Bounds(0.0, 10.0, "share of the site's capital cost"),
        "What the company at the site is worth in court.",
        _C,
    ),
    "shield": TailNumber(
        "Corporate shield",
        Bounds(-10.0, 1.0, "ratio"),
        "1 shields all of the subsidiary's equity, 0 none of it; below 0 the parent answers too, "
        "with up to so many times that equity where the company lacks the money.",
        _C,
    ),
    "share_paid": TailNumber(
        "Share paid", SHARE, "Part of the claim that a court or a settlement grants.", _C, 0.0
    ),
    "payment_delay_years": TailNumber(
        "Delay of the first decision", _YEARS, "Median time from disaster to decision.", _R
    ),
    "payment_delay_spread": TailNumber(
        "Spread of that delay", _SPREAD, "The delay is lognormal.", _R
    ),
    "reversal_share": TailNumber(
        "Reversal",
        SHARE,
        "Chance that the first decision is undone and another has to be waited for.",
        _R,
        0.0,
    ),
    "clean_up_delay_years": TailNumber(
        "Delay of the clean-up", _YEARS, "Median time from disaster to clean-up.", _R
    ),
    "clean_up_delay_spread": TailNumber(
        "Spread of that delay", _SPREAD, "The delay is lognormal.", _R
    ),
    "clean_up_share": TailNumber(
        "What the clean-up takes away",
        SHARE,
        "Part of what stayed in the ground that the clean-up removes.",
        _R,
        0.0,
    ),
}
"""Every number of a module by its name in files."""


@dataclass(slots=True)
class Claim:
    """What one disaster leaves to be settled. Money in cents.

    Attributes:
        damage: burden it added (index).
        filed: what those harmed claim, at least 1.
        granted: what a court or settlement grants.
        owed: part of it that is not paid yet.
        parent_left: what the parent will still put in where the company lacks it.
        decided: month of the first decision.
        again: month of the second decision where the first is reversed, else None.
        cleaned: month of the clean-up.
        lasting: burden that stays until then (index).
    """

    damage: float
    filed: int
    granted: int
    owed: int
    parent_left: int
    decided: int
    again: int | None
    cleaned: int
    lasting: float


@dataclass(slots=True)
class TailState:
    """What a module carries from month to month.

    Attributes:
        ignored: stock of ignored warnings, at least 0.
        shut_until: first month in which the site may work again after a disaster.
        claims: one for each disaster so far.
    """

    ignored: float = 0.0
    shut_until: int = 0
    claims: list[Claim] = field(default_factory=list)
