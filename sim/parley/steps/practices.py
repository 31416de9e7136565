"""Step that carries the practices out: from announced to funded to executed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from parley.dials import Levels, levels
from parley.mechanisms.practice import executed
from parley.steps.chain import carried_out
from parley.steps.policy import fund_facilitation
from parley.steps.skills import owner_capacity

if TYPE_CHECKING:
    from parley.model import PartneringModel


def choose_stack(model: PartneringModel) -> None:
    """Put the stack of this month's phase in force; an expelled company carries on without one."""
    stack = model.world.practices.in_force(model.now.index)
    if model.state.expelled:
        if any(model.practices.nominal):
            model.adopt(replace(stack, nominal=(0.0,) * len(stack.nominal), disclosure=False))
    elif stack is not model.practices:
        model.adopt(stack)
        model.note("practices_change", "company", "")


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
        team.announced = levels(np.asarray(practices.nominal))
        announced = sum(practices.nominal)
        now.fidelity = float(team.executed.sum()) / announced if announced > 0 else math.nan
    else:
        team.levels = team.announced = Levels()
