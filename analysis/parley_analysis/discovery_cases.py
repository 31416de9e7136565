"""Which points of a design are cases: an arm worse than another, an outcome beyond a value.

A point without a value, in either arm, is left out and counted. It is never taken for a point that
is no case.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from parley.errors import did_you_mean
from parley.registry import load_registry
from parley_analysis.load import AnalysisError
from parley_analysis.winmatrix import gains

if TYPE_CHECKING:
    from collections.abc import Mapping

FEWEST_POINTS = 40
"""Below so many points with a value, no region is looked for (assumption)."""

FEWEST_CASES = 10
"""Nor below so many cases, or so many points that are no cases (assumption)."""

NEVER_LIMITED = ("luck", "dummy")
"""Factors of a design that no box may be limited by: chance, and what the model never sees."""


@dataclass(frozen=True)
class Cases:
    """A yes or no for every point that has one.

    Attributes:
        label: Whether a point is a case, by point; only points with a value.
        left_out: Points without a value.
        clause: What a case is, as a clause: "hsbp leaves trust_company lower than none".
    """

    label: pd.Series
    left_out: int
    clause: str

    @property
    def number(self) -> int:
        """Number of cases."""
        return int(self.label.sum())


def direction(outcome: str) -> int:
    """1 where more of an outcome is better, -1 where less is.

    Raises:
        AnalysisError: The outcome is unknown, or neither direction is better.
    """
    known = {row.name: row for row in load_registry().outcomes}
    if outcome not in known:
        hint = did_you_mean(outcome, known) or "see docs/reference/outcomes.md"
        raise AnalysisError(f"outcome {outcome!r} is unknown; {hint}")
    sign = {"higher": 1, "lower": -1}.get(known[outcome].direction, 0)
    if not sign:
        raise AnalysisError(
            f"of {outcome!r} neither more nor less is better, so nothing can be worse; "
            "choose another outcome"
        )
    return sign


def in_words(outcome: str) -> str:
    """Label of an outcome as it stands inside a sentence.

    >>> in_words("trust_company")
    'trust in the company'
    """
    label = next((row.label for row in load_registry().outcomes if row.name == outcome), outcome)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def arm_is_worse(
    answers: pd.DataFrame, outcome: str, arm: str, against: str, margin: float = 0.0
) -> Cases:
    """Points at which one arm is worse than another by more than a margin.

    Args:
        answers: One row per point, one column per arm, in the unit of the outcome.
        outcome: Name of the outcome; the registry says which direction is better.
        arm: The arm in question.
        against: What it is held against.
        margin: Differences up to this are no cases (unit of the outcome), 0 or more.

    Raises:
        AnalysisError: An arm or the outcome is unknown, or the margin is below 0.
    """
    sign = direction(outcome)
    for name in (arm, against):
        _check_arm(answers, name)
    if arm == against:
        raise AnalysisError(f"{arm!r} is held against itself; name another arm with --against")
    if not (math.isfinite(margin) and margin >= 0.0):
        raise AnalysisError(f"margin = {margin:g}: allowed: 0 or more, in the unit of {outcome}")
    gain = gains(answers, arm, against, sign)
    side = "lower" if sign > 0 else "higher"
    unit = next(row.level_unit for row in load_registry().outcomes if row.name == outcome)
    by = f" by more than {margin:g} ({unit})" if margin else ""
    text = f"{arm} leaves {in_words(outcome)} {side} than {against}{by}"
    return Cases(gain < -margin, len(answers) - len(gain), text)


def is_beyond(answers: pd.DataFrame, outcome: str, arm: str, value: float) -> Cases:
    """Points at which an outcome is worse than a value.

    Args:
        answers: One row per point, one column per arm.
        outcome: Name of the outcome; the registry says which direction is better.
        arm: The arm looked at.
        value: The value, in the unit of the outcome; equal to it is no case.

    Raises:
        AnalysisError: The arm or the outcome is unknown, or the value is no number.
    """
    sign = direction(outcome)
    _check_arm(answers, arm)
    if not math.isfinite(value):
        raise AnalysisError(f"worse than {value}: give a finite number, in the unit of {outcome}")
    known = answers[arm].dropna()
    side = "below" if sign > 0 else "above"
    text = f"{arm} leaves {in_words(outcome)} {side} {value:.4g}"
    return Cases(sign * known < sign * value, len(answers) - len(known), text)


def is_among_worst(answers: pd.DataFrame, outcome: str, arm: str, share: float = 0.1) -> Cases:
    """Points whose outcome is in the worst part of all points.

    Args:
        answers: One row per point, one column per arm.
        outcome: Name of the outcome; the registry says which direction is better.
        arm: The arm looked at.
        share: The part, between 0 and 1. Ties at its edge are no cases.

    Raises:
        AnalysisError: The arm or the outcome is unknown, or the share is not between 0 and 1.
    """
    if not 0.0 < share < 1.0:
        raise AnalysisError(f"worst {share:g}: allowed: a share between 0 and 1, such as 0.1")
    sign = direction(outcome)
    _check_arm(answers, arm)
    known = sign * answers[arm].dropna()
    edge = float(np.quantile(known, share)) if len(known) else float("nan")
    found = is_beyond(answers, outcome, arm, sign * edge) if len(known) else None
    label = found.label if found else pd.Series(dtype=bool)
    side = "below" if sign > 0 else "above"
    worst = f"the worst {100 * share:.0f} of 100 ({side} {sign * edge:.4g})"
    text = f"{arm} leaves {in_words(outcome)} among {worst}"
    return Cases(label, len(answers) - len(known), text)


def check(cases: Cases) -> None:
    """Refuse labels that no region can be read from.

    Raises:
        AnalysisError: Too few points, too few cases, or hardly anything else.
    """
    points, number = len(cases.label), cases.number
    left = f" ({cases.left_out} points have no value and are left out)" if cases.left_out else ""
    if points < FEWEST_POINTS:
        raise AnalysisError(
            f"only {points} points have a value{left}; at least {FEWEST_POINTS} are needed. "
            "Run a design with more points"
        )
    if number < FEWEST_CASES:
        raise AnalysisError(
            f"{cases.clause} in {number} of {points} points{left}; at least {FEWEST_CASES} cases "
            "are needed to look for a region. Lower the margin, or ask for a milder value"
        )
    if points - number < FEWEST_CASES:
        raise AnalysisError(
            f"{cases.clause} in {number} of {points} points{left}: nearly everywhere, so there is "
            f"no region to look for (fewer than {FEWEST_CASES} points are no cases)"
        )


def usable_factors(points: pd.DataFrame, kinds: Mapping[str, str] | None = None) -> list[str]:
    """Factors that a box may be limited by: those that vary and are seen by the model.

    Args:
        points: One row per point, one column per factor.
        kinds: Kind of each factor (`parameter`, `luck`, `dummy`); None to go by the names.

    >>> usable_factors(pd.DataFrame({"a.b": [1.0, 2.0], "luck": [0.0, 1.0], "a.c": [3.0, 3.0]}))
    ['a.b']
    """
    kinds = kinds or {}
    return [
        str(name)
        for name in points
        if kinds.get(str(name), str(name)) not in NEVER_LIMITED
        and str(name) not in NEVER_LIMITED
        and points[name].nunique(dropna=False) > 1
    ]


def _check_arm(answers: pd.DataFrame, arm: str) -> None:
    known = [str(name) for name in answers]
    if arm not in known:
        hint = did_you_mean(arm, known) or f"it has {', '.join(known)}"
        raise AnalysisError(f"arm {arm!r} is not in these results; {hint}")
