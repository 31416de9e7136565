"""Trust in company, state and neighbours; twin of `parley.steps.attitudes.move_trust`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of
from parley.steps.attitudes import TARGETS, move_trust_of_company

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel


class Learning(NamedTuple):
    """Numbers of both rules; `together` is how far company and state are seen as one."""

    asymmetry_max: float
    confirmation_share: float
    learning_per_month: float
    deception_cap: float
    spillover_share: float
    forgetting_per_month: float
    evidence_weight: float
    together: float
    linear: float


class Evidence(NamedTuple):
    """What is felt of a target, shape (n,) each, and the highest trust allowed."""

    positive: Floats
    negative: Floats
    cap: Floats


class Trusted(NamedTuple):
    """Trust in a target with counts of experience, and the counts that stand for its start."""

    trust: Floats
    good: Floats
    bad: Floats
    prior_good: Floats
    prior_bad: Floats


class Heard(NamedTuple):
    """Columns and arrays of `hear`: read, by village, written."""

    company_positive: Floats
    company_negative: Floats
    state_signal: Floats
    community_signal: Floats
    village: npt.NDArray[np.uint16]
    deceived: npt.NDArray[np.uint8]
    cap_company: Floats


@kernel
def learn(
    first: int,
    last: int,
    heard: Heard,
    targets: tuple[Trusted, Trusted, Trusted],
    p: Learning,
) -> None:
    """One month of trust in all three targets, block by block."""
    good, bad, free = np.empty(BLOCK), np.empty(BLOCK), np.ones(BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, heard.cap_company.size)
        size = high - low
        hear_of_deception(heard, p, low, heard.cap_company[low:high])
        positive, negative = heard.company_positive[low:high], heard.company_negative[low:high]
        step(targets[0], Evidence(positive, negative, heard.cap_company[low:high]), low, p)
        signal = heard.state_signal[low:high]
        for i in range(size):
            shared = p.spillover_share * (p.together * positive[i])
            good[i] = min(max(signal[i], 0.0) + shared, 1.0)
        for i in range(size):
            shared = p.spillover_share * (p.together * negative[i])
            bad[i] = min(max(-signal[i], 0.0) + shared, 1.0)
        step(targets[1], Evidence(good[:size], bad[:size], free[:size]), low, p)
        signal = heard.community_signal[low:high]
        for i in range(size):
            good[i] = max(signal[i], 0.0)
        for i in range(size):
            bad[i] = max(-signal[i], 0.0)
        step(targets[2], Evidence(good[:size], bad[:size], free[:size]), low, p)


@kernel
def hear_of_deception(heard: Heard, p: Learning, low: int, cap: Floats) -> None:
    """Deception caps trust in the company for good, in those who notice."""
    high = low + cap.size
    home, negative = heard.village[low:high], heard.company_negative[low:high]
    for i in range(cap.size):
        hurt = (heard.deceived[home[i]] > 0) & (negative[i] > 0.0)
        cap[i] = min(cap[i], p.deception_cap if hurt else 1.0)


@kernel
def step(target: Trusted, felt: Evidence, low: int, p: Learning) -> None:
    """Move trust of a block in one target by the rule of the scenario."""
    if p.linear > 0.0:
        step_linear(target.trust[low : low + felt.cap.size], felt, p)
    else:
        step_counts(target, felt, low, p)


@kernel
def step_linear(trust: Floats, felt: Evidence, p: Learning) -> None:
    """See `trust.step_linear`."""
    positive, negative, cap = felt.positive, felt.negative, felt.cap
    for i in range(trust.size):
        t = trust[i]
        tilt = p.confirmation_share * (2.0 * t - 1.0)
        weight = 1.0 + (p.asymmetry_max - 1.0) * 4.0 * t * (1.0 - t)
        rise = min(p.learning_per_month * (positive[i] * (1.0 + tilt)), 1.0)
        fall = min((p.learning_per_month * weight) * (negative[i] * (1.0 - tilt)), 1.0)
        moved = (t + rise * (1.0 - t)) - fall * t
        trust[i] = min(max(moved, 0.0), cap[i])


@kernel
def step_counts(target: Trusted, felt: Evidence, low: int, p: Learning) -> None:
    """See `trust.step_counts` and `trust.trust_from_counts`."""
    high = low + felt.cap.size
    trust, good, bad = target.trust[low:high], target.good[low:high], target.bad[low:high]
    prior_good, prior_bad = target.prior_good[low:high], target.prior_bad[low:high]
    positive, negative, cap = felt.positive, felt.negative, felt.cap
    keep = 1.0 - p.forgetting_per_month
    for i in range(trust.size):
        tilt = p.confirmation_share * (2.0 * trust[i] - 1.0)
        good[i] = keep * good[i] + p.evidence_weight * (positive[i] * (1.0 + tilt))
    for i in range(trust.size):
        t = trust[i]
        tilt = p.confirmation_share * (2.0 * t - 1.0)
        weight = 1.0 + (p.asymmetry_max - 1.0) * 4.0 * t * (1.0 - t)
        bad[i] = keep * bad[i] + p.evidence_weight * (weight * (negative[i] * (1.0 - tilt)))
    for i in range(trust.size):
        all_good = good[i] + prior_good[i]
        share = all_good / (all_good + (bad[i] + prior_bad[i]))
        trust[i] = min(max(share, 0.0), cap[i])


def move_trust(model: PartneringModel, crew: Crew) -> None:
    """Trust in company, state and neighbours follows evidence; deception caps it for good."""
    people, now = model.people, model.now
    arrays: dict[str, Any] = {
        "company_positive": now.company_positive,
        "company_negative": now.company_negative,
        "state_signal": now.state_signal,
        "community_signal": now.community_signal,
        "deceived": now.deceived,
    }
    targets = tuple(
        Trusted(
            people[f"trust_{name}"],
            people[f"good_{name}"],
            people[f"bad_{name}"],
            *model.trust_priors[name],
        )
        for name in TARGETS
    )
    linear = float(model.world.trust_rule == "linear")
    numbers = numbers_of(Learning, model.p.trust, together=float(now.seen_together), linear=linear)
    crew.run(learn, columns_of(Heard, people, **arrays), targets, numbers)
    move_trust_of_company(model)
