"""What is measured of livelihoods and of the company's stay. Nothing here changes the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.mechanisms.livelihood import dependency
from parley.scenario_types import NEEDS
from parley.steps.livelihood import without_company

if TYPE_CHECKING:
    from parley.arrays import Bools, Floats
    from parley.model import PartneringModel

SECURE = tuple(f"secure_{need}" for need in NEEDS)


def livelihoods(model: PartneringModel) -> dict[str, Floats]:
    """What is averaged over people of their livelihoods.

    Returns:
        outcome name -> shape (n,); besides, `income_alone` without the company.
    """
    people = model.people
    return {
        "income_now": people["income_now"],
        "outside_skill": people["outside_skill"],
        "income_alone": without_company(model),
    }


def group_dependency(income: Floats, alone: Floats) -> Floats:
    """Dependency of groups, of their income as a whole: so no small income weighs too much.

    Args:
        income: shape (g,), mean incomes; NaN for a group without people.
        alone: shape (g,), what they would be without the company.
    """
    return np.where(np.isnan(income), np.nan, dependency(income, alone))


def security(model: PartneringModel) -> dict[str, Bools]:
    """What is averaged over people of security: enough in each of six respects, and in all.

    Returns:
        outcome name -> shape (n,).
    """
    secure = model.people["security"] >= model.p.harm.security_threshold
    kinds = np.einsum("ik->i", secure.view(np.int8))
    in_each: dict[str, Bools] = dict(zip(SECURE, secure.T, strict=True))
    return in_each | {"freedom_from_want": kinds == len(SECURE)}


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
