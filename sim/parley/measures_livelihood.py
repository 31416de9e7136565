"""What is measured of livelihoods and of the company's stay. Nothing here changes the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms.livelihood import dependency
from parley.steps.livelihood import without_company

if TYPE_CHECKING:
    from parley.arrays import Floats
    from parley.model import PartneringModel


def livelihoods(model: PartneringModel) -> dict[str, Floats]:
    """Outcomes of people's livelihoods by reporting group.

    Dependency is that of a group's income as a whole, so that no small income weighs too much.

    Returns:
        outcome name -> shape (n_reporting_groups,).
    """
    people = model.people
    income = people.report_mean(people["income_now"])
    alone = people.report_mean(without_company(model))
    return {
        "income_now": income,
        "outside_skill": people.report_mean(people["outside_skill"]),
        "dependency": np.where(np.isnan(income), np.nan, dependency(income, alone)),
    }


def standing(model: PartneringModel) -> dict[str, float]:
    """Outcomes of the state: how well it works, how rightful it seems, how near the firm.

    Returns:
        outcome name -> value in [0, 1].
    """
    town = model.municipality
    return {
        "state_capacity": town.capacity,
        "legitimacy": town.legitimacy,
        "alignment": model.nation.alignment,
    }


def company_stay(model: PartneringModel) -> dict[str, float]:
    """Outcomes of the company's stay, and of the poorest when times are bad.

    Returns:
        outcome name -> value. Ruin has a value in months without rent only.
    """
    now, poorest = model.now, model.state.livelihood.poorest
    bad = now.rent <= 0.0 and bool(poorest.any())
    return {
        "ruin_poorest": float(now.ruined[poorest].mean()) if bad else float("nan"),
        "closure": float(model.company.closed),
    }
