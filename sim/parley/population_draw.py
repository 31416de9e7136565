"""Draws the people of a place: who lives in which village, in which group, with which traits.

Everything is drawn once, from the streams `population.*` at step 0, so all arms of a comparison
start from the same people. Where a rule below has no source it is marked `assumption`.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import special

from parley.arrays import Bools, Floats, Ints
from parley.errors import RunError

if TYPE_CHECKING:
    from parley.scenario_types import Place, Scenario
    from parley.streams import Streams

LOWEST_STATUS = 0.001
"""Status stays above zero, so that powers and logarithms of it exist."""

_BETA_CELLS = 1024


@dataclass(frozen=True, slots=True)
class Layout:
    """Where people live and what they are, sorted by village, group and tag combination.

    Attributes:
        village: shape (n,), village from 0.
        group: shape (n,), group in the order of the place.
        tags: shape (n, number of tags), whether the person carries the tag.
    """

    village: Ints
    group: Ints
    tags: Bools


def draw_columns(scenario: Scenario, streams: Streams) -> dict[str, npt.NDArray[Any]]:
    """Draw all columns of the population.

    Args:
        scenario: The resolved scenario.
        streams: The run's random streams.

    Returns:
        Arrays with `scenario.population` rows, by column name. Columns that start at zero are
        left out.

    Raises:
        RunError: There are fewer people than villages.
    """
    place = scenario.place
    layout = draw_layout(
        place, scenario.population, streams, scenario.parameters.influence.group_mixing
    )
    columns: dict[str, npt.NDArray[Any]] = {"village": layout.village, "group": layout.group}
    columns |= {f"tag_{tag.key}": layout.tags[:, i] for i, tag in enumerate(place.tags)}
    columns |= _traits(scenario, layout, streams)
    columns |= _starting_views(scenario, streams)
    columns["security"] = _security(scenario, columns["income"])
    columns |= {name: columns["income"].copy() for name in ("income_now", "income_usual")}
    columns["outside_skill"] = np.ones(scenario.population)
    return columns


# --- where people live and what they are --------------------------------------------------------


def draw_layout(place: Place, n: int, streams: Streams, group_mixing: float) -> Layout:
    """Settle n people in villages and groups and give them tags.

    Villages are equal in size up to one person. Groups have their share of the whole place, up to
    one person, but cluster: a village's shares are drawn about the place's from a Dirichlet
    distribution and then fitted to both totals. A tag is carried by its share of each group, up to
    half a person, independently of the other tags and of the village.

    Args:
        place: The place.
        n: People to settle.
        streams: The run's random streams.
        group_mixing: Dirichlet concentration, above 0: how alike villages are.

    Raises:
        RunError: There are fewer people than villages.
    """
    villages = place.facts.villages
    if n < villages:
        raise RunError(f"population = {n}: fewer people than the {villages} villages of the place")
    shares = np.array([group.share for group in place.groups])
    sizes = apportion(n, np.ones(villages))
    draw = streams.generator("population.village_mix", 0)
    weights = draw.standard_gamma(group_mixing * shares / shares.sum(), (villages, len(shares)))
    counts = settle(weights, sizes, _with_everyone(apportion(n, shares), shares))

    cell = np.repeat(np.arange(counts.size), counts.ravel())
    group = cell % len(shares)
    combination = np.zeros(n, dtype=np.int64)
    for tag in place.tags:
        u = streams.uniform(f"population.tag.{tag.key}", 0, n)
        combination = combination << 1 | _quota(u, group, np.array(tag.shares))
    # People differ in nothing else yet, so sorting their codes sorts the people.
    code = np.sort(cell << len(place.tags) | combination)
    cell, bits = code >> len(place.tags), np.arange(len(place.tags))[::-1]
    tags = (code[:, None] >> bits & 1).astype(np.bool_)
    return Layout(cell // len(shares), cell % len(shares), tags)


def apportion(total: int, weights: Floats) -> Ints:
    """Split a whole number by weights: each part is its exact share, rounded up or down.

    Largest remainders are rounded up first (Hamilton's rule); ties go to the first.

    >>> apportion(10, np.array([0.5, 0.25, 0.25])).tolist()
    [5, 3, 2]
    """
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: total - parts.sum()]] += 1
    return parts


def settle(weights: Floats, rows: Ints, columns: Ints) -> Ints:
    """Whole numbers near the weights with given row and column totals.

    The weights are fitted to both totals by iterative proportional fitting (Deming and Stephan
    1940), rounded so that column totals hold, and then people of one column are moved between
    rows until row totals hold.

    Args:
        weights: shape (R, C), at least 0.
        rows: shape (R,), wanted row totals.
        columns: shape (C,), wanted column totals; same sum as rows.

    Returns:
        shape (R, C), at least 0, with exactly these totals.

    >>> settle(np.array([[1.0, 1.0], [3.0, 1.0]]), np.array([2, 3]), np.array([3, 2])).tolist()
    [[1, 1], [2, 1]]
    """
    fitted = weights + 1e-6 * weights.sum() / weights.size
    for _ in range(50):
        fitted *= _ratio(rows, fitted.sum(axis=1))[:, None]
        fitted *= _ratio(columns, fitted.sum(axis=0))
    edges = np.rint(np.cumsum(fitted, axis=0)).astype(np.int64)
    counts = np.diff(edges, axis=0, prepend=0)
    excess = counts.sum(axis=1) - rows
    while excess.any():
        full, short = int(excess.argmax()), int(excess.argmin())
        column = int(counts[full].argmax())
        moved = min(int(excess[full]), -int(excess[short]), int(counts[full, column]))
        counts[[full, short], column] += (-moved, moved)
        excess[[full, short]] += (-moved, moved)
    return counts


def _ratio(wanted: Ints, present: Floats) -> Floats:
    """Wanted over present; 0 where nothing is present."""
    return np.divide(wanted, present, out=np.zeros(len(present)), where=present > 0.0)


def _with_everyone(counts: Ints, shares: Floats) -> Ints:
    """Counts with at least one person in every group that has a share, as far as people suffice."""
    for missing in np.flatnonzero((counts == 0) & (shares > 0)):
        if counts.max() > 1:
            counts[counts.argmax()] -= 1
            counts[missing] = 1
    return counts


def _quota(u: Floats, group: Ints, shares: Floats) -> Bools:
    """Choose round(share x size) members of each group: those with the smallest u."""
    chosen = np.zeros(len(u), dtype=np.bool_)
    for g, share in enumerate(shares):
        members = np.flatnonzero(group == g)
        count = round(share * len(members))
        chosen[members[np.argsort(u[members], kind="stable")[:count]]] = True
    return chosen


# --- traits -------------------------------------------------------------------------------------


def _traits(scenario: Scenario, layout: Layout, streams: Streams) -> dict[str, npt.NDArray[Any]]:
    """What people bring along and keep."""
    place, facts, p = scenario.place, scenario.place.facts, scenario.parameters
    n = scenario.population
    status = np.clip(
        _by_group(place, layout, "status") * _by_tag(place, layout, "status_factor"),
        LOWEST_STATUS,
        1.0,
    )
    exposure = _exposure(scenario, layout, streams.uniform("population.distance", 0, n))
    income = _income(scenario, layout, streams.normal("population.income", 0, n))
    leader = _leaders(scenario, layout, status, streams.uniform("population.leader", 0, n))
    belongs = streams.uniform("population.affiliated", 0, n) < _by_group(
        place, layout, "affiliated_share"
    )
    normal = streams.normal("population.threshold", 0, n)
    return {
        "status": status,
        "exposure": exposure,
        "income": income,
        "needs": _needs(scenario, layout, streams.generator("population.needs", 0)),
        "known_factor": _by_tag(place, layout, "known_factor"),
        "connected": streams.uniform("population.connected", 0, n) < facts.internet_share,
        "leader": leader,
        "affiliated": belongs | leader,
        "threshold": np.maximum(  # nobody acts without a cause
            p.mobilisation.threshold_mean + p.mobilisation.threshold_sd * normal, 0.0
        ),
        "risk_aversion": streams.uniform("population.risk_aversion", 0, n),
        # A day costs the poorer half a day's income in full; the richer feel it less (assumption).
        "meeting_days": p.room.meeting_cost_days * np.minimum(1.0 / income, 1.0),
        # Those near the site and the poor have most to win or lose (assumption).
        "stake": 0.5 * (exposure + 1.0 / (1.0 + income)),
    }


def _by_group(place: Place, layout: Layout, name: str) -> Floats:
    """A number of each person's group."""
    of_group: Floats = np.array([getattr(group, name) for group in place.groups], dtype=float)
    return of_group[layout.group]


def _by_tag(place: Place, layout: Layout, name: str) -> Floats:
    """Product of a factor over the tags each person carries; 1 without tags."""
    product = np.ones(len(layout.group))
    for i, tag in enumerate(place.tags):
        product[layout.tags[:, i]] *= getattr(tag, name)
    return product


def _marginalised(place: Place, layout: Layout) -> Bools:
    """Whether each person's group or one of their tags is marginalised."""
    by_tag = layout.tags @ np.array([tag.marginalised for tag in place.tags], dtype=np.bool_)
    of_group = np.array([group.marginalised for group in place.groups])
    marginalised: Bools = of_group[layout.group] | by_tag
    return marginalised


def _exposure(scenario: Scenario, layout: Layout, u: Floats) -> Floats:
    """Exposure 1 - d at distance d, uniform within the nearer and within the farther half.

    A person lives in the nearer half with the group's odds, multiplied for marginalised people by
    the odds of `harm.marginalised_nearness`: 0.5 makes no difference.
    """
    share = _by_group(scenario.place, layout, "near_share")
    tendency = np.where(
        _marginalised(scenario.place, layout), scenario.parameters.harm.marginalised_nearness, 0.5
    )
    near = share * tendency
    odds_total = near + (1.0 - share) * (1.0 - tendency)
    chance = np.divide(near, odds_total, out=share.copy(), where=odds_total > 0.0)
    inside = u < chance
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(inside, u / chance, 1.0 + (u - chance) / (1.0 - chance)) / 2.0
    return 1.0 - distance


def _income(scenario: Scenario, layout: Layout, normal: Floats) -> Floats:
    """Lognormal about the median of group and tags; scaled so that the median of all is 1."""
    place = scenario.place
    median = _by_group(place, layout, "income_ratio") * _by_tag(place, layout, "income_factor")
    income = median * np.exp(place.facts.income_log_sd * normal)
    return income / float(np.median(income))


def _needs(scenario: Scenario, layout: Layout, draw: np.random.Generator) -> Floats:
    """Dirichlet weights about the group's mean needs."""
    means: Floats = np.array([group.needs for group in scenario.place.groups])[layout.group]
    needs = draw.standard_gamma(scenario.place.facts.need_concentration * means)
    total = needs.sum(axis=1, keepdims=True)
    # At a tiny concentration all six draws of a person may be too small for a float.
    return np.divide(needs, total, out=means, where=total > 0.0)


def _leaders(scenario: Scenario, layout: Layout, status: Floats, u: Floats) -> Bools:
    """Leaders of each village, at least one, drawn with chances in proportion to status.

    Sampling without replacement: the largest values of log(u)/status (Efraimidis and Spirakis
    2006).
    """
    per_person = scenario.place.facts.leaders_per_1000 / 1000.0
    with np.errstate(divide="ignore"):
        rank = -np.log(u) / status
    leader = np.zeros(len(u), dtype=np.bool_)
    starts = np.searchsorted(layout.village, np.arange(scenario.place.facts.villages + 1))
    for start, end in itertools.pairwise(starts):
        count = max(1, round(per_person * (end - start)))
        leader[start + np.argsort(rank[start:end], kind="stable")[:count]] = True
    return leader


# --- views at the start -------------------------------------------------------------------------


def _starting_views(scenario: Scenario, streams: Streams) -> dict[str, npt.NDArray[Any]]:
    """Trust and grievance at the start."""
    facts, p, n = scenario.place.facts, scenario.parameters, scenario.population
    columns: dict[str, npt.NDArray[Any]] = {}
    for whom in ("company", "state", "community"):
        u = streams.uniform(f"population.trust.{whom}", 0, n)
        trust = beta_quantile(u, getattr(facts, f"trust_{whom}"), p.trust.prior_strength)
        columns[f"trust_{whom}"] = trust
    affected = streams.uniform("population.legacy", 0, n) < facts.legacy_affected_share
    return columns | {
        "opinion": columns["trust_company"].copy(),
        "cap_company": np.ones(n),
        "grievance_operational": np.full(n, facts.operational_grievance_start),
        "grievance_legacy": np.where(affected, facts.legacy_grievance, 0.0),
        "blame_state": np.full(n, p.grievance.regulator_blame_share),
        "dignity": np.full(n, 0.25),  # nobody heard yet, nobody fed
    }


def _security(scenario: Scenario, income: Floats) -> Floats:
    """Six securities at the start, shape (n, 6): the place's levels, the poor below the rich.

    log odds of security = log odds of the place's level + spread x normal score of income rank,
    never below the monthly repair, where pressure could not hold it still
    """
    level = np.array(scenario.place.facts.security_start)
    rank = np.empty(len(income))
    rank[np.argsort(income, kind="stable")] = np.arange(len(income))
    score = special.ndtri((rank + 0.5) / len(income))
    spread = scenario.parameters.harm.security_spread
    security: Floats = special.expit(special.logit(level) + spread * score[:, None])
    return np.maximum(security, scenario.parameters.harm.security_repair_per_month, out=security)


def beta_quantile(u: Floats, mean: float, strength: float) -> Floats:
    """Values of a Beta distribution at probabilities u.

    Interpolated in a table of the distribution function at 1024 equal steps: within 1/1024 of the
    exact quantile and far quicker for a million people.

    Args:
        u: Probabilities in [0, 1], any shape.
        mean: Mean in [0, 1]; at 0 or 1 everybody has it.
        strength: Sum of the two shape parameters, above 0.

    >>> beta_quantile(np.array([0.0, 0.25, 1.0]), 0.5, 2.0).round(6).tolist()
    [0.0, 0.25, 1.0]
    """
    if mean in {0.0, 1.0}:
        return np.full(np.shape(u), mean)
    grid = np.linspace(0.0, 1.0, _BETA_CELLS + 1)
    below = special.betainc(mean * strength, (1.0 - mean) * strength, grid)
    return np.interp(u, below, grid)
