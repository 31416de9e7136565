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
    lost, won = np.empty(BLOCK), np.empty(BLOCK)
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
        for i in range(size):
            step(people, p, low + i, lost[i], won[i])


@kernel
def step(people: Exposed, p: Pulls, row: int, lost: float, won: float) -> None:
    """Move the six securities of one person."""
    security, base = people.security[row], people.base_pressure[row]
    goods = people.goods[people.village[row]]
    hurt = p.harm * people.harm[row]
    struck = p.force * people.forced[row] + p.hit * people.hit[row]
    dragged = coupled(security, people.weights)
    d0, d1, d2, d3, d4, d5 = dragged
    pull = p.coupling
    mend(security, SAFETY, goods[SAFETY], (base[SAFETY] * p.safety + struck) + pull * d0)
    mend(security, LIVELIHOOD, goods[LIVELIHOOD] + won, (base[LIVELIHOOD] + lost) + pull * d1)
    mend(security, LAND, goods[LAND], (base[LAND] + hurt) + pull * d2)
    mend(security, HEALTH_WATER, goods[HEALTH_WATER], (base[HEALTH_WATER] + hurt) + pull * d3)
    mend(security, 4, goods[4], base[4] + pull * d4)
    mend(security, 5, goods[5], base[5] + pull * d5)


@kernel
def coupled(
    security: Floats, weights: Floats
) -> tuple[float, float, float, float, float, float]:
    """Insecurity of the other kinds as it bears on each, before any of them moves."""
    a, b, c = 1.0 - security[0], 1.0 - security[1], 1.0 - security[2]
    d, e, f = 1.0 - security[3], 1.0 - security[4], 1.0 - security[5]
    w = weights
    return (
        w[0, 1] * b + w[0, 2] * c + w[0, 3] * d + w[0, 4] * e + w[0, 5] * f,
        w[1, 0] * a + w[1, 2] * c + w[1, 3] * d + w[1, 4] * e + w[1, 5] * f,
        w[2, 0] * a + w[2, 1] * b + w[2, 3] * d + w[2, 4] * e + w[2, 5] * f,
        w[3, 0] * a + w[3, 1] * b + w[3, 2] * c + w[3, 4] * e + w[3, 5] * f,
        w[4, 0] * a + w[4, 1] * b + w[4, 2] * c + w[4, 3] * d + w[4, 5] * f,
        w[5, 0] * a + w[5, 1] * b + w[5, 2] * c + w[5, 3] * d + w[5, 4] * e,
    )


@kernel
def mend(security: Floats, kind: int, repair: float, pressure: float) -> None:
    """Move one security by what mends and what wears it."""
    w = security[kind]
    security[kind] = min(max((w + repair * (1.0 - w)) - pressure * w, 0.0), 1.0)


def expose(model: PartneringModel, crew: Crew) -> None:
    """Output burdens the environment; exposed people are harmed; securities wear and mend."""
    people, now, state, p = model.people, model.now, model.state, model.p.harm
    effects = model.effects
    state.environment = float(
        step_environment(
            state.environment,
            now.built * now.use * float(effects.emission[now.index]),
            float(effects.accident[now.index]),
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
