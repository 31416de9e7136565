"""Step that carries the practices out: from announced to funded to executed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from parley.dials import Levels, levels
from parley.mechanisms.practice import executed
from parley.steps.chain import carried_out
from parley.steps.policy import fund_facilitation
from parley.steps.skills import owner_capacity

if TYPE_CHECKING:
    from parley.model import PartneringModel


def choose_stack(model: PartneringModel) -> None:
    """Announce the stack of this month's phase; an expelled company carries on without one.

    With its practices the partnership ends.
    """
    phase = model.world.practices.in_force(model.now.index)
    if phase is not model.phase:
        model.phase = phase
        model.adopt(phase)
        model.company.start_anew()
        model.note("practices_change", "company", "")
    if model.state.expelled and any(model.stack.nominal):
        model.adopt(replace(model.stack.without_practices(), disclosure=False))
        model.partnership.end()
    model.practices = model.stack


def execute_practices(model: PartneringModel) -> None:
    """Pay for the practices and carry out what the chain and the owner's skill allow.

    Rules later in the month read `levels` and `announced`; both are zero when the hooks of the
    stack are disconnected, although everything is paid for.
    """
    now, team, practices = model.now, model.site_team, model.practices
    model.ledger.transfer("company", "process", now.process_paid, "process")
    cut = now.process_paid / now.process_planned if now.process_planned > 0 else 1.0
    fund_facilitation(model, round(cut * now.facilitation_fee))
    team.funded = team.funded * cut
    team.executed = executed(
        team.funded, carried_out(model), owner_capacity(model), model.dial_skill
    )
    if practices.hooks_connected:
        team.levels = levels(team.executed)
        team.announced = Levels(*practices.nominal)
        announced = sum(practices.nominal)
        now.fidelity = float(team.executed.sum()) / announced if announced > 0 else math.nan
    else:
        team.levels = team.announced = Levels()
