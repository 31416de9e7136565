"""Last steps of the month: check that nothing was created or lost, and record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from parley.errors import ConservationError
from parley.institutions.desk import NO_CASE, OPEN, WITHDRAWN
from parley.measures import measure_groups, measure_site

if TYPE_CHECKING:
    from parley.model import PartneringModel

SHARES = (
    "trust_company",
    "trust_state",
    "trust_community",
    "grievance_operational",
    "grievance_partnership",
    "grievance_legacy",
    "blame_state",
    "opinion",
    "security",
    "dignity",
    "fear",
    "outside_skill",
)
STOCKS = (
    *("benefit", "state_benefit", "aspiration"),
    *("income_now", "income_usual", "venture_income"),
)


def check_books(model: PartneringModel) -> None:
    """Money, promises and people balance; every index is in its range.

    Raises:
        ConservationError: naming what does not balance, by how much.
    """
    if not model.world.conservation_checks:
        return
    model.ledger.check()
    check_benefits(model)
    model.promises.check()
    check_cases(model)
    check_goods(model)
    people = model.people
    if int(people.block_sizes.sum()) != people.n or people.n != model.world.population:
        raise ConservationError(f"people: {people.n} of {model.world.population} are left")
    columns = people.columns
    for name in SHARES:
        low, high = float(columns[name].min()), float(columns[name].max())
        if not (low >= 0.0 and high <= 1.0):
            raise ConservationError(f"people: {name} runs from {low} to {high}, outside 0 to 1")
    for name in STOCKS:
        low, high = float(columns[name].min()), float(columns[name].max())
        if not (low >= 0.0 and high < math.inf):
            raise ConservationError(f"people: {name} runs from {low} to {high}, outside 0 to inf")
    check_levels(model)
    check_skills(model)


def check_benefits(model: PartneringModel) -> None:
    """What people count as benefit is what wallets sent them and what goods are worth to them.

    Raises:
        ConservationError: naming both sums.
    """
    now, people, flows = model.now, model.people, model.ledger.flows()
    through = model.ledger.channel_flows()
    earned = flows.get("wages", 0) + flows.get("purchases", 0)
    given = through["transfers", "delivered"]
    budget = float(people["budget_benefit"].sum()) * model.cents_per_income
    aid = float(people["aid"].sum()) * model.cents_per_income
    sent_as_cash = through["cash_programme", "delivered"]
    private = float(people["benefit"].sum()) * model.cents_per_income - budget
    match = model.p.distribution.transfer_match
    worth = match * (given + now.company_cash_arrived) + now.goods_value * model.cents_per_income
    worth += flows.get("remedy", 0)
    settled = flows.get("settlement", 0)  # compensation is no benefit
    for received, sent in (
        (now.handed_out, earned + given),
        (private, earned),
        (budget, worth),
        (aid, sent_as_cash),
        (float(now.settled.sum()) * model.cents_per_income, settled),
    ):
        if not abs(received - sent) <= 1e-9 * max(earned + worth + sent_as_cash + settled, 1.0):
            raise ConservationError(f"people received {received} cents of {sent} sent to them")


def check_cases(model: PartneringModel) -> None:
    """Every case filed is closed, open or withdrawn, and every open one belongs to somebody.

    Raises:
        ConservationError: naming the desk and the counts.
    """
    for name, office in model.desks.items():
        case = model.people[f"case_{name}"]
        waiting = int((case == OPEN).sum())
        if office.filed != office.closed + office.withdrawn + waiting:
            raise ConservationError(
                f"{name}: {office.filed} cases filed, but {office.closed} closed, {waiting} open "
                f"and {office.withdrawn} withdrawn"
            )
        odd = case.min() < NO_CASE or case.max() > WITHDRAWN
        if odd or not 0 <= office.resolved <= office.closed:
            raise ConservationError(f"{name}: a case in no known state, or resolved before closed")


def check_goods(model: PartneringModel) -> None:
    """Public goods, in use and used up, are what finished projects have handed over.

    Raises:
        ConservationError: naming the village, counted from 0, and both sums.
    """
    state, people, rows = model.state, model.people, model.promises.rows
    per_head = (state.goods + state.goods_used).sum(axis=1)
    held = per_head * people.village_sizes * model.cents_per_income
    handed_over = np.bincount(rows.village, rows.handed_over, people.n_villages)
    wrong = ~(np.abs(held - handed_over) <= 1e-9 * np.maximum(handed_over, 1.0))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ConservationError(f"goods of village {at}: {held[at]} cents of {handed_over[at]}")


def check_levels(model: PartneringModel) -> None:
    """Executed levels never exceed funded ones, nor funded ones what was announced.

    Raises:
        ConservationError: naming the dial's position.
    """
    team = model.site_team
    nominal = np.asarray(model.practices.nominal)
    slack = 1e-12
    wrong = (team.executed > team.funded + slack) | (team.funded > nominal + slack)
    if wrong.any():
        raise ConservationError(f"practices: levels out of order at {np.flatnonzero(wrong)}")


def check_skills(model: PartneringModel) -> None:
    """Every skill of every organisation is a share of full competence.

    Raises:
        ConservationError: naming the organisation and its skills.
    """
    for side, stock in model.state.skills.items():
        if not bool(((stock >= 0.0) & (stock <= 1.0)).all()):
            raise ConservationError(f"skills of {side}: {stock.tolist()}, outside 0 to 1")


def record_month(model: PartneringModel) -> None:
    """Write this month's outcomes into the recorder."""
    groups = measure_groups(model)
    model.recorder.record(model.now.index, groups, measure_site(model, groups))
