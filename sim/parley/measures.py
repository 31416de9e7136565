"""What is measured at the end of a month: outcomes by reporting group and for the whole site.

Nothing here changes the state. Definitions, units and directions are in `outcomes.toml`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from parley.institutions.chain import COMMUNITY, COMPANY
from parley.measures_livelihood import (
    company_stay,
    group_dependency,
    livelihoods,
    security,
    standing,
)
from parley.measures_partnership import measure_life, measure_reviews
from parley.measures_risk import measure_cases, participation_harm, risks
from parley.mechanisms import room
from parley.steps.skills import usable
from parley.steps.value import market_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from parley.arrays import Floats
    from parley.model import PartneringModel

DAYS_PER_MONTH = 365.25 / 12
PLAIN_COLUMNS = (
    "trust_company",
    "trust_state",
    "trust_community",
    "grievance_operational",
    "grievance_partnership",
    "grievance_legacy",
    "benefit",
    "budget_benefit",
    "state_benefit",
    "aid",
    "dignity",
)


def measure_groups(model: PartneringModel) -> dict[str, Floats]:
    """Outcomes of people, by reporting group.

    Returns:
        outcome name -> shape (n_reporting_groups,), group means.
    """
    recorder = model.recorder
    columns = personal(model) | security(model) | livelihoods(model) | risks(model)
    means = model.people.report_means(columns.values())
    measured = dict(zip(columns, means, strict=True))
    alone, served = measured.pop("income_alone"), measured.pop("served")
    measured["dependency"] = group_dependency(measured["income_now"], alone)
    measured["need_match"] = np.divide(
        measured["need_match"], served, out=np.full(served.size, np.nan), where=served > 0
    )
    measured["reprisals"] *= 1000.0
    measured["participation_harm"] = participation_harm(model)
    agenda_month = model.now.is_agenda_month
    measured["influence"] = measure_influence(model) if agenda_month else recorder.last("influence")
    if not agenda_month:
        measured["inclusion"] = recorder.last("inclusion")
    return measured


def personal(model: PartneringModel) -> dict[str, npt.NDArray[Any]]:
    """What is averaged over people as it stands: trust, grievance, benefit, security, voice.

    Returns:
        outcome name -> shape (n,). `need_match` is 0 for those whom nothing serves, and `served`
        is who is served.
    """
    people, now = model.people.columns, model.now
    columns: dict[str, npt.NDArray[Any]] = {name: people[name] for name in PLAIN_COLUMNS}
    operational, blame = people["grievance_operational"], people["blame_state"]
    legacy = people["grievance_legacy"]
    old_state = model.world.place.facts.legacy_state_share
    columns["grievance_at_company"] = 1.0 - (
        (1.0 - operational * (1.0 - blame))
        * (1.0 - people["grievance_partnership"])
        * (1.0 - legacy * (1.0 - old_state))
    )
    columns["grievance_at_state"] = 1.0 - (1.0 - operational * blame) * (1.0 - legacy * old_state)
    columns["expectation_gap"] = np.maximum(people["aspiration"] - people["shared_benefit"], 0.0)
    columns["harm"] = now.harm
    columns["active_share"] = people["active"]
    columns["served"] = ~np.isnan(now.matched)
    columns["need_match"] = np.where(columns["served"], now.matched, 0.0)
    if now.is_agenda_month:
        columns["inclusion"] = people["attended"]
    return columns


def measure_influence(model: PartneringModel) -> Floats:
    """Influence of each group by paired counterfactual: move its needs, decide again.

    Returns:
        shape (n_reporting_groups,), change of the agenda per unit change of the group's needs.
    """
    people, now = model.people, model.now
    own = now.speaking * now.directness  # what is said of one's own needs
    total, said = float(own.sum()), float(now.speaking.sum())
    passed_on = total / said if said > 0.0 else 1.0
    weight, p = model.state.room_weight, model.p.room
    return passed_on * np.array(
        [
            room.voice_of_group(own, people["needs"], people.member(group), weight, p)
            for group in people.reporting_groups
        ]
    )


def measure_site(model: PartneringModel, groups: Mapping[str, Floats]) -> dict[str, float]:
    """Outcomes of the site as a whole.

    Args:
        model: the running model.
        groups: this month's outcomes by group, from `measure_groups`.

    Returns:
        outcome name -> value; NaN where an outcome has no meaning yet.
    """
    now, people, ledger = model.now, model.people, model.ledger
    unit = people.n * model.cents_per_income
    flows = ledger.channel_flows()
    own_channels = [name for name, channel in model.channels.items() if channel.audited]
    paid = sum(flows[name, "paid"] for name in own_channels)
    diverted = sum(flows[name, "diverted"] for name in own_channels)
    spent = int(now.instalments_paid.sum()) + now.transfers_paid
    community = now.projects_arrived + now.transfers_arrived + now.company_cash_arrived
    profit = now.operating - now.beyond_operating
    gain = max(max(now.operating, 0) + now.royalty, community)  # reserves may pay for a bad month
    main = slice(1, 1 + people.n_groups)
    size = people.report_counts[main] / people.n
    benefit = groups["benefit"][main]
    mean_benefit = float(groups["benefit"][0])
    voice = groups["influence"][main] / size
    rungs = now.events
    return (
        {
            "trust_in_community": model.company.trust_in_community,
            "community_share": community / gain if gain > 0 else float("nan"),
            "worst_group_ratio": (
                float(np.fmin.reduce(groups["benefit"][1:])) / mean_benefit
                if mean_benefit > 0
                else float("nan")
            ),
            "benefit_gini": weighted_gini(benefit, size),
            "voice_equality": 1.0 - weighted_gini(voice, size),
            "tokenism": tokenism(model),
            "petitions": float(rungs[1]),
            "marches": float(rungs[2]),
            "blockades": float(rungs[3]),
            "violence": float(rungs[4]),
            "days_lost": model.state.disruption * DAYS_PER_MONTH,
            "profit": profit / unit,
            "intervention_cost": sum(now.intervention_costs) / unit,
            "process_cost": now.process_paid / unit,
            "community_spending": (spent + now.process_paid) / unit,
            "community_hours": 1000.0 * now.community_hours / people.n,
            "implementation_fidelity": now.fidelity,
            "company_skill": float(usable(model, COMPANY).mean()),
            "community_skill": float(usable(model, COMMUNITY).mean()),
            "diverted_share": diverted / paid if paid > 0 else float("nan"),
        }
        | measure_cases(model)
        | company_stay(model)
        | measure_reviews(model)
        | measure_life(model)
        | standing(model)
        | {"market_value": market_value(model)}
    )


def weighted_gini(values: Floats, weights: Floats) -> float:
    """Gini coefficient of group means; NaN where they sum to nothing.

    G = sum_ij w_i w_j |v_i - v_j| / (2 mean)

    Args:
        values: shape (g,), group means, at least 0.
        weights: shape (g,), population shares.

    >>> weighted_gini(np.array([1.0, 3.0]), np.array([0.5, 0.5]))
    0.25
    """
    weights = weights / weights.sum()
    mean = float(weights @ values)
    if not mean > 0.0:
        return float("nan")
    distance = np.abs(values[:, None] - values[None, :])
    return float(weights @ distance @ weights) / (2.0 * mean)


def tokenism(model: PartneringModel) -> float:
    """Part of what the room said that left no trace in the agenda; NaN without a meeting.

    Measured from the decision: how far the agenda moved from the company's own plan towards the
    room's view, against how far apart the two were.
    """
    now, state = model.now, model.state
    if not now.is_agenda_month:
        return float(model.recorder.last("tokenism")[0])
    apart = float(np.abs(now.room - state.agenda_alone).sum())
    if now.rounds == 0 or apart == 0.0:
        return float("nan")
    left = float(np.abs(now.room - state.agenda).sum())
    return float(np.clip(left / apart, 0.0, 1.0))
