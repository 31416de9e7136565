"""Step of harm and security: burden on the environment, harm to people, linked threats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.mechanisms.harm import harm, step_environment, step_security

if TYPE_CHECKING:
    from parley.model import PartneringModel

SAFETY, LIVELIHOOD, LAND, HEALTH_WATER = 0, 1, 2, 3


def expose(model: PartneringModel) -> None:
    """Output burdens the environment; exposed people are harmed; securities wear and mend.

    Pressure on safety follows dated events and force; pressure on land and on health and water
    follows harm; public goods mend the security they serve, and cash of
    interventions that of livelihoods.
    """
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
    now.harm = harm(people["exposure"], state.environment)
    direct = model.base_pressure.copy()
    direct[:, SAFETY] *= float(effects.safety_pressure[now.index])
    direct[:, LAND] += p.harm_direct_per_month * now.harm
    direct[:, HEALTH_WATER] += p.harm_direct_per_month * now.harm
    direct[:, SAFETY] += p.force_harm_per_month * state.forced
    repair = p.security_repair_per_month + p.goods_repair_per_income * (now.flow + now.state_flow)
    repair = repair[people["village"]]
    if now.livelihood_cash is not None:
        repair[:, LIVELIHOOD] += p.goods_repair_per_income * now.livelihood_cash
    people["security"][:] = step_security(people["security"], direct, repair, p)
