"""What is measured of risk, fear, hidden grievance and complaints; nothing changes the state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parley.institutions.desk import DESKS

if TYPE_CHECKING:
    import numpy.typing as npt

    from parley.arrays import Floats
    from parley.model import PartneringModel


def risks(model: PartneringModel) -> dict[str, npt.NDArray[Any]]:
    """What is averaged over people of risk.

    Returns:
        outcome name -> shape (n,).
    """
    people = model.people
    return {
        "fear": people["fear"],
        "reprisals": people["hit"],
        "silent_share": people["silent"],
        "grievance_shown": model.now.shown_grievance,
    }


def participation_harm(model: PartneringModel) -> Floats:
    """Reprisals against those who attended, beyond those against others of the same block.

    Attenders of a block in which everybody attended have nobody to be compared with and are left
    out.

    Returns:
        shape (n_reporting_groups,), reprisals per 1000 attenders; NaN where nobody attended.
    """
    people = model.people
    if not people["attended"].any():
        return np.full(len(people.reporting_groups), np.nan)
    attended = people["attended"].astype(np.float64)
    hit = people["hit"].astype(np.float64)
    came = people.block_sum(attended)
    stayed = people.block_sizes - came
    hit_stayed = people.block_sum(hit * (1.0 - attended))
    usual = np.divide(hit_stayed, stayed, out=np.zeros(came.size), where=stayed > 0.0)
    matched = attended * people.spread_block(stayed > 0.0)
    excess = matched * (hit - people.spread_block(usual))
    total, heads = people.report_sum(excess), people.report_sum(matched)
    per_head: Floats = np.divide(total, heads, out=np.full(heads.size, np.nan), where=heads > 0.0)
    return 1000.0 * per_head


def measure_cases(model: PartneringModel) -> dict[str, float]:
    """Outcomes of both desks, for the site as a whole.

    Returns:
        outcome name -> value; cases per 1000 residents; NaN where no case was closed.
    """
    per_1000 = 1000.0 / model.people.n
    paid = 0
    found: dict[str, float] = {}
    for name in DESKS:
        office = model.desks[name]
        closed = office.new_closed
        paid += office.remedy * closed
        found |= {
            f"{name}_filed": office.new_filed * per_1000,
            f"{name}_open": office.open * per_1000,
            f"{name}_declared": closed * per_1000,
            f"{name}_resolved": office.new_resolved * per_1000,
            f"{name}_waiting": office.waited / closed if closed else float("nan"),
        }
    return found | {"remedy_paid": paid / model.people.n / model.cents_per_income}
