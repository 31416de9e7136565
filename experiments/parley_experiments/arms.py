"""Arms of a comparison: names, expressions over names, and families of them.

An arm is a stack of practices by name or file, or an expression over one:

    hsbp-sharing            the stack without a practice, or without several
    transactional+mapping   a practice added at the level it has in the framework's stack
    hsbp@principles         one of the three pillars alone
    random:7                a random stack that costs what the framework's stack costs

A family is one word for several arms, e.g. `presets` or `ablations`. Everything that compares arms
expands and reads them here.
"""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from parley.errors import Problem, ScenarioError, did_you_mean
from parley.practice_types import DIALS
from parley.practices import (
    available_practices,
    available_variants,
    change_dials,
    load_practices,
)
from parley.registry import load_registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley.arrays import Floats
    from parley.practice_types import Practices

FRAMEWORK = "hsbp"
"""The stack that added practices, pillars and random stacks are measured by."""

PRESETS = ("none", "transactional", "csr", "hrdd", "csbp", "msp", FRAMEWORK)
CONTROLS = ("cash_equivalent", "placebo", "hsbp_nominal", "transactional_plus")
PLAIN = "transactional"
"""The stack to which single practices are added."""

PILLARS = ("principles", "processes", "tools")
RANDOM = "random"
RANDOM_STACKS = 5
_EXPRESSION = re.compile(r"(?P<base>[^@+-]+)(?P<pillar>@[^+-]*)?(?P<changes>([+-][^+-]*)*)")
_NEWTON_STEPS = 60


def families() -> dict[str, tuple[str, ...]]:
    """Every family by name, with its arms."""
    framework, plain = _levels(load_practices(FRAMEWORK)), _levels(load_practices(PLAIN))
    return {
        "presets": PRESETS,
        "controls": CONTROLS,
        "variants": available_variants(),
        "ablations": tuple(f"{FRAMEWORK}-{dial}" for dial in DIALS if framework[dial] > 0.0),
        "additions": tuple(f"{PLAIN}+{dial}" for dial in DIALS if framework[dial] > plain[dial]),
        "pillars": tuple(f"{FRAMEWORK}@{pillar}" for pillar in PILLARS),
        "random_stacks": tuple(f"{RANDOM}:{seed}" for seed in range(1, RANDOM_STACKS + 1)),
    }


FAMILIES = (
    "presets",
    "controls",
    "variants",
    "ablations",
    "additions",
    "pillars",
    "random_stacks",
)
"""Names of the families."""


def expand_arms(names: Sequence[str]) -> tuple[str, ...]:
    """Put the arms of a family in the place of its name.

    Args:
        names: Names, files, expressions and families.

    Returns:
        The arms in order; those of a family only where they have not been named before.
    """
    if not set(names) & set(FAMILIES):
        return tuple(names)
    known = families()
    arms: list[str] = []
    for name in names:
        if name in known:
            arms += [arm for arm in known[name] if arm not in arms]
        else:
            arms.append(name)
    return tuple(arms)


def read_arm(name: str) -> Practices:
    """The stack of practices that a name, a file or an expression means.

    Raises:
        ScenarioError: There is no such stack, dial or pillar.
    """
    if Path(name).suffix:
        return load_practices(name)
    if name.partition(":")[0] == RANDOM and ":" in name:
        return random_stack(name)
    parts = _EXPRESSION.fullmatch(name)
    base = name if parts is None else parts["base"]
    practices = _load(base, name)
    if parts is None or base == name:
        return practices
    levels: dict[str, float] = {}
    if parts["pillar"]:
        levels |= _outside_pillar(parts["pillar"][1:], name)
    framework = _levels(load_practices(FRAMEWORK))
    for sign, dial in re.findall(r"([+-])([^+-]*)", parts["changes"]):
        levels[dial] = framework.get(dial, 0.0) if sign == "+" else 0.0
    return change_dials(practices, levels, key=name, label=_label(practices, parts))


def random_stack(name: str) -> Practices:
    """A random stack that needs the cash and the staff hours of the framework's stack.

    Levels are drawn evenly and then tilted by price and by hours, all by the same two numbers,
    until both sums are those of the framework; so the cash it needs is the same in every place, to
    the cent, at the registry's prices and hours. Where a design draws prices, costs part a little.

    Args:
        name: `random:` and a seed, a whole number.

    Raises:
        ScenarioError: The seed is no whole number.
    """
    seed = name.partition(":")[2]
    if not seed.isdecimal():
        allowed = "random: and a whole number"
        raise ScenarioError([Problem(name, "", None, "has no seed", allowed, "e.g. random:1")])
    framework = load_practices(FRAMEWORK)
    weights = np.stack((_costs("dial_cost"), _costs("dial_hours")))
    drawn = np.random.default_rng(int(seed)).uniform(size=len(DIALS))
    levels = tilt(drawn, weights, np.asarray(framework.nominal))
    return dataclasses.replace(
        framework,
        key=name,
        label=f"Random stack {seed} of equal cost",
        nominal=tuple(levels.tolist()),
        note="Control for any set of practices of equal cost.",
    )


def tilt(drawn: Floats, weights: Floats, target: Floats) -> Floats:
    """Levels closest to those drawn whose weighted sums are those of a target.

    l = s(logit(drawn) + a . weights), with a such that weights l = weights target (exponential
    tilting; Newton's method with halved steps on a convex function).

    Args:
        drawn: shape (n,), in (0, 1).
        weights: shape (m, n), prices and hours.
        target: shape (n,), in [0, 1].

    Returns:
        shape (n,), in (0, 1).

    >>> drawn = np.array([0.2, 0.5, 0.9, 0.4])
    >>> weights = np.array([[1.0, 2.0, 3.0, 1.0], [1.0, 1.0, 0.0, 2.0]])
    >>> target = np.array([0.8, 0.8, 0.2, 0.5])
    >>> bool(np.allclose(weights @ tilt(drawn, weights, target), weights @ target))
    True
    """
    scaled = weights / weights.sum(axis=1, keepdims=True)
    start, goal = np.log(drawn) - np.log1p(-drawn), scaled @ target
    push = np.zeros(len(weights))

    def off(push: Floats) -> tuple[Floats, Floats]:
        levels = 1.0 / (1.0 + np.exp(-np.clip(start + push @ scaled, -500.0, 500.0)))
        return levels, scaled @ levels - goal

    levels, error = off(push)
    for _ in range(_NEWTON_STEPS):
        slope = (scaled * (levels * (1.0 - levels))) @ scaled.T
        step = np.linalg.solve(slope, error)
        size = 1.0
        while size > 1e-6 and np.abs(off(push - size * step)[1]).max() > np.abs(error).max():
            size /= 2.0
        push = push - size * step
        levels, error = off(push)
    return levels


def _levels(practices: Practices) -> dict[str, float]:
    """Announced levels by dial."""
    return dict(zip(DIALS, practices.nominal, strict=True))


def _costs(section: str) -> Floats:
    """Default price weights or hours of the dials, shape (18,)."""
    parameters = load_registry().parameters
    values: list[float] = []
    for dial in DIALS:
        default = parameters[f"{section}.{dial}"].default
        values.append(0.0 if default is None else float(default))
    return np.array(values)


def _outside_pillar(pillar: str, name: str) -> Mapping[str, float]:
    """Every dial that is not of a pillar, at 0.

    Raises:
        ScenarioError: There is no such pillar.
    """
    if pillar not in PILLARS:
        hint = did_you_mean(pillar, PILLARS)
        problem = Problem(name, "", pillar, "unknown pillar", ", ".join(PILLARS), hint)
        raise ScenarioError([problem])
    return {dial.key: 0.0 for dial in load_registry().dials if dial.pillar != pillar}


def _label(practices: Practices, parts: re.Match[str]) -> str:
    """What an expression means, in words."""
    words = practices.label
    if parts["pillar"]:
        words += f", {parts['pillar'][1:]} alone"
    for sign, joint in (("+", "with"), ("-", "without")):
        dials = re.findall(rf"[{sign}]([^+-]*)", parts["changes"])
        if dials:
            words += f" {joint} {', '.join(dials).replace('_', ' ')}"
    return words


def _load(base: str, name: str) -> Practices:
    """A stack by its name; an unknown one is compared with everything that could be meant.

    Raises:
        ScenarioError: There is no such stack, or its file is wrong.
    """
    known = (*available_practices(), *available_variants())
    if base in known or "/" in base or "\\" in base:
        return load_practices(base)
    step = did_you_mean(base, (*known, *FAMILIES)) or "see docs/reference/practices.md"
    allowed = ", ".join((*available_practices(), *FAMILIES, f"{RANDOM}:SEED"))
    problem = Problem(name, "", None, "unknown practices", f"{allowed}, or a variant", step)
    raise ScenarioError([problem])
