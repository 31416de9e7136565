"""Harm and the six linked securities; twin of `parley.steps.exposure.expose`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.functions import expm1
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of
from parley.couplings import linked_pairs
from parley.mechanisms.harm import step_environment
from parley.steps.exposure import HEALTH_WATER, LAND, LIVELIHOOD, SAFETY
from parley.steps.livelihood import secure_income

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

KINDS = 6


class Pulls(NamedTuple):
    """Numbers of `expose_block`; `safety` multiplies the pressure on safety this month."""

    environment: float
    safety: float
    harm: float
    force: float
    hit: float
    income: float
    coupling: float


class Exposed(NamedTuple):
    """Columns and arrays of `expose_block`: read, by village, written."""

    exposure: Floats
    base_pressure: Floats
    forced: npt.NDArray[np.uint8]
    hit: npt.NDArray[np.uint8]
    income: Floats
    start_income: Floats
    village: npt.NDArray[np.uint16]
    goods: Floats
    weights: Floats
    security: Floats
    harm: Floats


@kernel
def expose_blocks(first: int, last: int, people: Exposed, p: Pulls) -> None:
    """Harm of the month, and securities after it; see `harm.harm` and `harm.step_security`."""
    lost, won, worn = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    insecure = np.empty((KINDS, BLOCK))
    for block in range(first, last):
        low, high = rows_of(block, people.harm.size)
        size = high - low
        exposure, harm = people.exposure[low:high], people.harm[low:high]
        for i in range(size):
            harm[i] = -expm1(-(exposure[i] * p.environment))
        income, start = people.income[low:high], people.start_income[low:high]
        for i in range(size):
            lost[i] = p.income * max(1.0 - income[i] / start[i], 0.0)
        for i in range(size):
            won[i] = p.income * (1.0 - start[i] / max(income[i], start[i]))
        for kind in range(KINDS):
            column, missing = people.security[low:high, kind], insecure[kind]
            for i in range(size):
                missing[i] = 1.0 - column[i]
        for kind in range(KINDS):
            drag(insecure, people.weights[kind], p, worn[:size])
            press(people, p, low, kind, worn[:size])
            if kind == LIVELIHOOD:
                for i in range(size):
                    worn[i] += lost[i]
            mend(people, low, kind, worn[:size], won)


@kernel
def drag(insecure: Floats, weights: Floats, p: Pulls, worn: Floats) -> None:
    """What insecurity of the other kinds adds to the pressure on one; see `coupling_pressure`."""
    for i in range(worn.size):
        worn[i] = 0.0
    if p.coupling != 0.0:
        for other in range(KINDS):
            weight, missing = p.coupling * weights[other], insecure[other]
            for i in range(worn.size):
                worn[i] += weight * missing[i]


@kernel
def press(people: Exposed, p: Pulls, low: int, kind: int, worn: Floats) -> None:
    """Add the resting pressure of a kind, and what harm, force and reprisals add to it."""
    high = low + worn.size
    base, harm = people.base_pressure[low:high, kind], people.harm[low:high]
    forced, hit = people.forced[low:high], people.hit[low:high]
    factor = p.safety if kind == SAFETY else 1.0
    for i in range(worn.size):
        worn[i] += base[i] * factor
    if kind == SAFETY:
        for i in range(worn.size):
            worn[i] += p.force * forced[i] + p.hit * hit[i]
    if kind in (LAND, HEALTH_WATER):
        for i in range(worn.size):
            worn[i] += p.harm * harm[i]


@kernel
def mend(people: Exposed, low: int, kind: int, worn: Floats, won: Floats) -> None:
    """Move one security of a block; `won` is read for livelihoods only."""
    high = low + worn.size
    security, home = people.security[low:high, kind], people.village[low:high]
    extra = 1.0 if kind == LIVELIHOOD else 0.0
    for i in range(worn.size):
        w = security[i]
        repair = people.goods[home[i], kind] + extra * won[i]
        security[i] = min(max((w + repair * (1.0 - w)) - worn[i] * w, 0.0), 1.0)


def expose(model: PartneringModel, crew: Crew) -> None:
    """Output burdens the environment; exposed people are harmed; securities wear and mend."""
    people, now, state, p = model.people, model.now, model.state, model.p.harm
    effects = model.effects
    state.environment = float(
        step_environment(
            state.environment,
            now.built * now.use * float(effects.emission[now.index]),
            float(effects.accident[now.index]) + now.spilled,
            p,
        )
    )
    now.harm = crew.array("harm")
    breadth = p.coupling_breadth
    alike = np.ones((KINDS, KINDS)) - np.eye(KINDS)
    arrays: dict[str, Any] = {
        "base_pressure": model.base_pressure,
        "forced": state.forced,
        "income": secure_income(model),
        "start_income": state.livelihood.income,
        "goods": p.security_repair_per_month
        + p.goods_repair_per_income * (now.flow + now.state_flow),
        "weights": breadth * alike + (1.0 - breadth) * linked_pairs(),
        "harm": now.harm,
    }
    numbers = Pulls(
        float(state.environment),
        float(effects.safety_pressure[now.index]),
        float(p.harm_direct_per_month),
        float(p.force_harm_per_month),
        float(model.p.risk.hit_harm_per_month),
        float(model.p.livelihood.security_response_per_month),
        float(p.threat_coupling_per_month),
    )
    crew.run(expose_blocks, columns_of(Exposed, people, **arrays), numbers)
