"""Step of harm and security: burden on the environment, harm to people, linked threats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.couplings import linked_pairs
from parley.mechanisms.harm import harm, step_environment, step_security
from parley.mechanisms.livelihood import security_pull
from parley.steps.livelihood import secure_income

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel

SAFETY, LIVELIHOOD, LAND, HEALTH_WATER = 0, 1, 2, 3


def expose(model: PartneringModel) -> None:
    """Output burdens the environment; exposed people are harmed; securities wear and mend.

    Pressure on safety follows dated events, force and last month's reprisals; pressure on land and
    on health and water follows harm, on livelihood lost income; public goods mend the security they
    serve, and income won that of livelihoods.
    """
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
    now.harm = harm(people["exposure"], state.environment)
    pressure, repair = pulls(model)
    people["security"][:] = step_security(people["security"], pressure, repair, p, linked_pairs())


def pulls(model: PartneringModel) -> tuple[Floats, Floats]:
    """What wears and what mends each person's securities this month; every cause has its line.

    Returns:
        (pressure, repair), two arrays of shape (n, 6), 1/month, at least 0.
    """
    people, now, state, p = model.people, model.now, model.state, model.p.harm
    pressure = model.base_pressure.copy()
    pressure[:, SAFETY] *= float(model.effects.safety_pressure[now.index])
    pressure[:, LAND] += p.harm_direct_per_month * now.harm
    pressure[:, HEALTH_WATER] += p.harm_direct_per_month * now.harm
    pressure[:, SAFETY] += p.force_harm_per_month * state.forced
    pressure[:, SAFETY] += model.p.risk.hit_harm_per_month * people["hit"]
    goods = p.security_repair_per_month + p.goods_repair_per_income * (now.flow + now.state_flow)
    repair = people.spread_village(goods)
    lost, won = security_pull(secure_income(model), state.livelihood.income, model.p.livelihood)
    pressure[:, LIVELIHOOD] += lost
    repair[:, LIVELIHOOD] += won
    return pressure, repair
