"""Last steps of the month: check that nothing was created or lost, and record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.errors import ConservationError
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
)
STOCKS = ("benefit", "state_benefit", "aspiration")


def check_books(model: PartneringModel) -> None:
    """Money, promises and people balance; every index is in its range.

    Raises:
        ConservationError: naming what does not balance, by how much.
    """
    if not model.world.conservation_checks:
        return
    model.ledger.check()
    now = model.now
    sent = now.wages + now.purchases + now.transfers_arrived
    if abs(now.handed_out - sent) > 1e-9 * max(sent, 1):
        raise ConservationError(f"people received {now.handed_out} cents of {sent} sent to them")
    model.promises.check()
    people = model.people
    if int(people.block_sizes.sum()) != people.n or people.n != model.world.population:
        raise ConservationError(f"people: {people.n} of {model.world.population} are left")
    for name in SHARES:
        low, high = float(people[name].min()), float(people[name].max())
        if not (low >= 0.0 and high <= 1.0):
            raise ConservationError(f"people: {name} runs from {low} to {high}, outside 0 to 1")
    for name in STOCKS:
        low = float(people[name].min())
        if not (low >= 0.0 and np.isfinite(people[name]).all()):
            raise ConservationError(f"people: {name} falls to {low}, below 0")
    check_levels(model)


def check_levels(model: PartneringModel) -> None:
    """Executed levels never exceed funded ones, nor funded ones what was announced.

    Raises:
        ConservationError: naming the dial's position.
    """
    team = model.site_team
    nominal = np.asarray(model.world.practices.nominal)
    slack = 1e-12
    wrong = (team.executed > team.funded + slack) | (team.funded > nominal + slack)
    if wrong.any():
        raise ConservationError(f"practices: levels out of order at {np.flatnonzero(wrong)}")


def record_month(model: PartneringModel) -> None:
    """Write this month's outcomes into the recorder."""
    groups = measure_groups(model)
    model.recorder.record(model.now.index, groups, measure_site(model, groups))
