"""Builds the institutions and the first state of a run from its scenario."""

from __future__ import annotations

from collections import deque
from dataclasses import astuple
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from parley.couplings import linked_pairs
from parley.event_effects import event_effects
from parley.institutions.chain import COMMUNITY
from parley.institutions.community import CommunityOrganisation
from parley.institutions.company import Company, Headquarters, SiteTeam
from parley.institutions.desk import DESKS, Desk
from parley.institutions.partnership import COMPANY, MUNICIPALITY, ORGANISATIONS, Partnership
from parley.mechanisms import room
from parley.mechanisms.budget import operations
from parley.mechanisms.harm import coupling_pressure, start_pressure
from parley.mechanisms.price import shock_sd, step_log_price
from parley.mechanisms.response import ACTIONS
from parley.practice_types import DIALS
from parley.state import SiteState
from parley.steps.drivers import built_share
from parley.steps.partnership import leaders_regard
from parley.steps.skills import start_skills
from parley.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.arrays import Floats
    from parley.model import PartneringModel
    from parley.parameters import BudgetParams, HarmParams, PriceParams
    from parley.scenario_types import Place

FORESIGHT_PATHS = 1024
DAYS_PER_MONTH = 365.25 / 12


def six(values: Sequence[float]) -> Floats:
    """Six numbers, one for each kind of need, as an array of shape (6,)."""
    return np.asarray(values, dtype=np.float64)


def build_company(model: PartneringModel) -> Company:
    """The firm at the scale of the simulated population, with its opening cash."""
    facts, p = model.world.place.facts, model.p.budget
    scale = model.people.n / facts.catchment_population
    revenue = round(facts.revenue_usd_per_year * 100 / 12 * facts.catchment_share * scale)
    normal = operations(1.0, 1.0, facts.royalty_rate_share, p)
    surplus = round(max(float(normal.rent), 0.0) * revenue)
    company = Company(
        model,
        Headquarters(model),
        SiteTeam(model, len(DIALS), len(ACTIONS)),
        reference_revenue=revenue,
        reference_surplus=surplus,
    )
    company.capital = round(facts.capital_cost_usd * 100 * scale)
    company.believed_disruption = model.p.value.believed_disruption_start
    company.trust_in_community = facts.trust_in_community
    opening = round(p.reserve_months * surplus)
    model.ledger.transfer("headquarters", "company", opening, "opening_cash")
    return company


def build_organisations(model: PartneringModel) -> list[CommunityOrganisation]:
    """One community organisation per village, with the leaders who live there."""
    leaders = np.flatnonzero(model.people["leader"])
    homes = model.people["village"][leaders]
    return [
        CommunityOrganisation(model, village, leaders[homes == village])
        for village in range(model.people.n_villages)
    ]


def build_desks(model: PartneringModel) -> dict[str, Desk]:
    """The partnership's complaints desk and the forum for past wrongs, by name."""
    return {name: Desk(model, name, model.p.desk.belief_start) for name in DESKS}


def build_partnership(model: PartneringModel) -> Partnership:
    """The partnership, with what each partner expects of it before it has begun."""
    return Partnership(model, *expectations(model))


def expectations(model: PartneringModel) -> tuple[Floats, Floats]:
    """What a partner expects of the announced stack who knows nothing yet but its size and price.

    Returns:
        gain and cost a month, shape (n_partners,), in each partner's own unit.
    """
    people, p, practices = model.people, model.p, model.stack
    nominal = np.asarray(practices.nominal)
    revenue = model.company.reference_revenue
    budget = p.budget.social_budget_share * revenue * practices.spends
    process = min(float(nominal @ model.dial_prices), p.practices.process_cap_share * budget)
    gain = np.empty(ORGANISATIONS + people.n_villages)
    cost = np.empty(gain.size)
    gain[COMPANY] = p.partnership.feared_loss_share
    cost[COMPANY] = process / revenue + p.partnership.liability_fear_share
    gain[MUNICIPALITY] = p.partnership.credit_share * budget / max(model.municipality.own_income, 1)
    cost[MUNICIPALITY] = p.partnership.town_cost_share
    reaches = p.partnership.arrival_share * budget / people.n / model.cents_per_income
    gain[ORGANISATIONS:] = reaches * leaders_regard(model)
    cost[ORGANISATIONS:] = p.partnership.expected_meeting_days / DAYS_PER_MONTH
    return gain, cost


def dial_prices(model: PartneringModel) -> tuple[Floats, Floats, Floats]:
    """Price, staff hours and skill that each dial needs at full level.

    The price of the whole stack is that of an intensive programme: cost per direct beneficiary,
    the part of it that is process, and the part of residents it reaches directly.

    Returns:
        cents per month, hours per month and share of full competence, each of shape (18,).
    """
    p, multiplier = model.p.practices, model.practices.price_multiplier
    people = model.people.n
    weights = np.asarray(astuple(model.p.dial_cost), dtype=np.float64)
    stack = (
        p.programme_cost_usd_per_beneficiary_month
        * p.facilitation_share
        * p.direct_beneficiary_share
        * people
        * 100.0
    )
    hours = np.asarray(astuple(model.p.dial_hours), dtype=np.float64) * people / 1000.0
    skill = np.asarray(astuple(model.p.dial_skill), dtype=np.float64)
    return multiplier * stack * weights / (weights.sum() or 1.0), multiplier * hours, skill


def first_state(model: PartneringModel) -> SiteState:
    """Stocks of the site before the first month."""
    people, facts = model.people, model.world.place.facts
    villages = people.n_villages
    skills = start_skills(model)
    own = model.company_interest
    plan = room.company_agenda(model.mean_needs, own, model.p.room)
    alone = room.agenda(plan, own, own, 0.0, model.p.room)
    return SiteState(
        log_price=0.0,
        environment=facts.environment_start,
        known=np.zeros(people.n_blocks),
        agenda=alone,
        agenda_alone=alone,
        agenda_announced=alone,
        goods=np.zeros((villages, 6)),
        goods_used=np.zeros((villages, 6)),
        state_goods=np.zeros((villages, 6)),
        efficacy=np.zeros(villages),
        forced=np.zeros(people.n, dtype=np.bool_),
        talks=np.zeros(villages, dtype=np.bool_),
        group_benefit=np.zeros(people.n_groups),
        shared_out=deque(maxlen=12),
        skills=skills,
        latent_skill=model.p.skills.latent_share * (1.0 - skills[COMMUNITY]),
        plan=plan,
        reviewed=np.zeros((villages, 6)),
    )


def resting_pressure(security: Floats, p: HarmParams) -> Floats:
    """Pressure that holds the start still, less what linked threats press already.

    Where linked threats alone press more than natural repair can mend, nothing is left to take
    away, and the place does not rest.

    Args:
        security: starting securities, shape (n, 6), in (0, 1].
        p: block M4.

    Returns:
        shape (n, 6), 1/month, at least 0.
    """
    alone = np.asarray(start_pressure(security, p))
    if p.threat_coupling_per_month == 0.0:
        return alone
    return np.maximum(alone - coupling_pressure(security, linked_pairs(), p), 0.0)


@lru_cache(maxsize=64)
def foreseen_rent(place: Place, months: int, p: BudgetParams, price: PriceParams) -> float:
    """Mean positive trailing rent expected at the start, in shares of reference revenue.

    It makes the indexed budget mean-preserving: over the recorded price where it is replayed, and
    over many drawn prices where it is not. Dated changes of price, output and royalty rate are
    foreseen with it, each in its month; otherwise they would change the mean of the budget. The
    draws do not depend on seed or replicate, so every run of a scenario expects the same; it is
    worked out once. Rent is linear in the price, whose mean is known exactly; that takes most of
    the luck of the draws out (control variate, Lavenberg and Welch 1981).

    Args:
        place: the place.
        months: length of the run.
        p: block M1.
        price: block M0.
    """
    path, facts = place.price_path[:months], place.facts
    effects = event_effects(place.events, months, facts.election_interval_months)
    keep, shock = float(step_log_price(1.0, 0.0, price)), shock_sd(price)
    log_price, centre, variance = np.zeros(FORESIGHT_PATHS), 0.0, 0.0
    rents = np.empty((months, FORESIGHT_PATHS + 1))  # drawn prices, and last the mean price
    streams = Streams(0, 0)
    for month in range(months):
        if month < len(path):
            log_price, centre = np.full(FORESIGHT_PATHS, path[month]), path[month]
        elif month > 0:
            normals = streams.normal("price.foresight", month, FORESIGHT_PATHS)
            log_price = step_log_price(log_price, normals, price)
            centre, variance = keep * centre, keep**2 * variance + shock**2
        prices = np.append(log_price, centre + variance / 2.0) + effects.price_shock[month]
        use = np.full(prices.size, effects.output[month])
        rate = effects.royalty_rate(facts.royalty_rate_share, month)
        rent = operations(np.exp(prices), use, rate, p).rent
        rents[month] = rent * built_share(month, facts.ramp_up_months)
    total = np.cumsum(rents, axis=0)
    trailing = total.copy()
    trailing[12:] -= total[:-12]
    trailing /= np.minimum(np.arange(1, months + 1), 12)[:, None]
    mean, expected = trailing[:, :-1].mean(axis=0), float(trailing[:, -1].mean())
    gain = np.maximum(trailing[:, :-1], 0.0).mean(axis=0)
    spread = float(np.var(mean))
    slope = float(np.mean((gain - gain.mean()) * (mean - mean.mean()))) / spread if spread else 0.0
    return max(float(gain.mean()) - slope * (float(mean.mean()) - expected), 0.0)
