"""What is measured of risk, fear, hidden grievance and complaints; nothing changes the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.institutions.desk import DESKS

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel


def measure_risk(model: PartneringModel) -> dict[str, Floats]:
    """Outcomes of risk, by reporting group.

    Returns:
        outcome name -> shape (n_reporting_groups,), group means.
    """
    people = model.people
    mean = people.report_mean
    return {
        "fear": mean(people["fear"]),
        "reprisals": 1000.0 * mean(people["hit"].astype(np.float64)),
        "silent_share": mean(people["silent"].astype(np.float64)),
        "grievance_shown": mean(model.now.shown_grievance),
        "participation_harm": participation_harm(model),
    }


def participation_harm(model: PartneringModel) -> Floats:
    """Reprisals against those who attended, beyond those against others of the same block.

    Attenders of a block in which everybody attended have nobody to be compared with and are left
    out.

    Returns:
        shape (n_reporting_groups,), reprisals per 1000 attenders; NaN where nobody attended.
    """
    people = model.people
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
