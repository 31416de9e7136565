"""Boxes in plain sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from parley_analysis.discovery_cases import FEWEST_CASES
from parley_analysis.discovery_results import CHANCE, FAILS, FEWEST_INSIDE, HOLDS, TOO_FEW

if TYPE_CHECKING:
    from parley_analysis.discovery_cases import Cases
    from parley_analysis.discovery_results import Box, Counts, Discovery, Limit

MARK = "†"
"""Marks what stands so near to a practice that hardly anything else could have come out."""

NEAR = f"{MARK} Near-tautological: at most two rules lie between a practice and this outcome."

VERDICTS = {
    HOLDS: "It holds outside the points it was found on.",
    FAILS: "It does not hold: outside the points it was found on its share of cases is "
    "not clearly above that of all of them, or the same search finds as much in shuffled labels. "
    "Do not rely on it.",
    TOO_FEW: "Too few held-out points or cases lie in it to say anything of it.",
}


def limit_in_words(limit: Limit, unit: str = "") -> str:
    """One limit: `trust.loss_rate` is above 0.31 per month."""
    ends = [f"{value:.3g}" for value in (limit.low, limit.high)]
    after = f" {unit}" if unit else ""
    if math.isinf(limit.low):
        return f"`{limit.factor}` is at most {ends[1]}{after}"
    if math.isinf(limit.high):
        return f"`{limit.factor}` is at least {ends[0]}{after}"
    return f"`{limit.factor}` is between {ends[0]} and {ends[1]}{after}"


def sentence(box: Box, cases: Cases, number: int = 1) -> str:
    """What a box says, where it was found, elsewhere, and on points that did not find it.

    Args:
        box: The box.
        cases: What a case is.
        number: Number of the box, the first being 1.
    """
    where = " and ".join(limit_in_words(limit) for limit in box.limits)
    left = "Of what the boxes before leave, " if number > 1 else ""
    clause = cases.clause if left else cases.clause[:1].upper() + cases.clause[1:]
    low, high = (_of_100(end) for end in box.held.density_interval)
    held = f"{_of_100(box.held.density)} [{low}, {high}]" if box.held.inside else "no points inside"
    return (
        f"{left}{clause} in {_of_100(box.found.density)} of 100 of the worlds in which {where}; "
        f"elsewhere in {_of_100(box.found.elsewhere)} of 100; held out: {held}."
    )


def details(box: Box) -> str:
    """How much of all cases the box holds, what chance gives, and the verdict."""
    found, held, chance = box.found, box.held, box.chance
    low, high = (_of_100(end) for end in held.coverage_interval)
    return (
        f"The region holds {_of_100(found.mass)} of 100 worlds ({found.inside} of {found.points}) "
        f"and {_of_100(found.coverage)} of 100 cases (held out: {_coverage(held)} [{low}, {high}]; "
        f"{held.inside} of {held.points} points inside, {_of_100(held.base)} in 100 of all are "
        f"cases). The same search in {chance.shuffles} shuffles of the labels found a region in "
        f"{_of_100(chance.found)} of 100, with a density that one in twenty exceeds of "
        f"{_of_100(chance.density_high)} of 100; p = {chance.p:.2g}. "
        f"**{VERDICTS[box.verdict]}**"
    )


def noise_check(found: Discovery) -> str:
    """What happens when a factor that the model never sees may limit a box."""
    often = (
        f"on random halves of the points it does so in {_of_100(found.dummy_reappears)} of 100 "
        "searches. A limit that reappears no more often than that is noise"
    )
    if found.dummy_limits:
        return (
            "Noise check: a factor that the model never sees **does** limit the first region once "
            f"it may, so its other limits can be noise as well; {often}."
        )
    return (
        "Noise check: a factor that the model never sees does not limit the first region though "
        f"it may; {often}."
    )


def nothing_found(cases: Cases) -> str:
    """What is said when there is no box."""
    return (
        f"No region found: nowhere within the ranges searched is it clearly more frequent that "
        f"{cases.clause} ({cases.number} of {len(cases.label)} worlds) than elsewhere. Limits that "
        "do no work were dropped, and none was left."
    )


def definitions(found: Discovery) -> str:
    """What the words on the page mean, with the thresholds."""
    plan = found.plan
    rule = plan.rule
    lines = [
        "**Density**: share of the worlds inside a region that are cases. **Coverage**: share of "
        "all cases that lie inside. **Mass**: share of all worlds that lie inside.",
        f"**Searched and held out**: {len(found.searched)} worlds were searched; "
        f"{len(found.held)}, drawn beforehand, had no part in any search and judge each region "
        f"once (share {plan.held_out:g}, assumption; seed {plan.seed}). Intervals are 95% Wilson "
        "intervals.",
        f"**Holds**: the interval of the density held out lies above the share of cases among all "
        f"held-out worlds, and shuffled labels give a region as far beyond chance at most in "
        f"{100 * CHANCE:.0f} of 100 searches. **Too few**: fewer than {FEWEST_INSIDE} held-out "
        f"worlds inside, or fewer than {FEWEST_CASES // 2} cases among all held out (assumptions).",
        f"**Choice**: {rule}. A region holds at least {100 * rule.least_mass:.0f} of 100 worlds "
        f"and limits at most {rule.most_limited} factors (assumptions).",
        f"**Quasi-p** of a limit: chance of so many cases inside if the density were that of the "
        f"region without this limit (Bryant and Lempert 2010). Limits above {rule.quasi_p:g} are "
        "dropped. It flatters: the limit was searched for. **Reappears**: share of searches on "
        f"{plan.resamples} random halves that limit the same factor on the same side.",
        "**Found in turn**: each further region is looked for among the worlds that the ones "
        "before leave; it is shown only if it lies beyond chance.",
        "**One question**: the check against shuffled labels is for this question alone. Of many "
        "questions asked of the same worlds, some will seem to hold by chance.",
        "A share of worlds is a share of assumptions, not a probability.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _coverage(counts: Counts) -> str:
    return _of_100(counts.coverage)


def _of_100(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.0f}"
