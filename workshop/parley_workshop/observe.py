"""Looks at a running model and takes out what the page shows of a month. Changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from parley.practice_types import DIALS
from parley_workshop.frames import Frame, Happening, Opening, Village

if TYPE_CHECKING:
    from parley.model import PartneringModel
    from parley.results import Event

SKETCHED_PEOPLE = 180
SKETCHED_TIES = 600


def open_up(model: PartneringModel, arm: int) -> Opening:
    """What is known before the first month.

    Args:
        model: Built, no month run.
        arm: Index of the stack on the board.
    """
    people, place = model.people, model.world.place
    labels = {"all": "Everybody", "marginalised": "Marginalised people"}
    labels |= {group.key: group.label for group in place.groups}
    labels |= {tag.key: tag.label for tag in place.tags}
    members = np.stack(
        [people.village_mean((people["group"] == k).astype(float)) for k in range(people.n_groups)],
        axis=1,
    )
    return Opening(
        arm=arm,
        groups=people.reporting_groups,
        labels=tuple(labels[key] for key in people.reporting_groups),
        village_sizes=tuple(people.village_sizes.tolist()),
        village_groups=tuple(tuple(row) for row in members.tolist()),
        ties=sketch(model),
    )


def sketch(model: PartneringModel) -> tuple[tuple[int, int], ...]:
    """Ties between villages of evenly chosen people, for a picture: village to village.

    Returns:
        At most `SKETCHED_TIES` pairs of villages; a pair occurs as often as people are tied.
    """
    people, ties = model.people, model.ties
    chosen = np.linspace(0, people.n - 1, min(SKETCHED_PEOPLE, people.n)).astype(int).tolist()
    village = people["village"]
    pairs = [
        (int(village[row]), int(village[other])) for row in chosen for other in ties.neighbours(row)
    ]
    return tuple(pairs[:: max(1, -(-len(pairs) // SKETCHED_TIES))])


def look(model: PartneringModel, arm: int) -> Frame:
    """The month that has just been run.

    Args:
        model: After at least one month.
        arm: Index of the stack on the board.
    """
    now, recorder = model.now, model.recorder
    levels = zip(DIALS, model.stack.nominal, team_levels(model), strict=True)
    return Frame(
        arm=arm,
        month=now.index,
        values={
            name: tuple(months[now.index].tolist()) for name, months in recorder.series.items()
        },
        villages=villages(model),
        happenings=tuple(
            Happening(event.kind, event.actor, event.target, event.amount)
            for event in events_of(model)
        ),
        practices={dial: (announced, *found) for dial, announced, found in levels},
        money=money(model),
        price=float(now.price_ratio),
    )


def team_levels(model: PartneringModel) -> list[tuple[float, float]]:
    """Funded and executed level of every dial."""
    team = model.site_team
    return list(zip(team.funded.tolist(), team.executed.tolist(), strict=True))


def villages(model: PartneringModel) -> tuple[Village, ...]:
    """Means of every village."""
    people, now = model.people, model.now
    operational, blame = people["grievance_operational"], people["blame_state"]
    columns = (
        people["trust_company"],
        1.0 - (1.0 - operational * (1.0 - blame)) * (1.0 - people["grievance_partnership"]),
        people["active"].astype(np.float64),
        np.broadcast_to(now.harm, (people.n,)),
        people["benefit"],
    )
    means = [people.village_mean(np.asarray(column)).tolist() for column in columns]
    return tuple(Village(*row) for row in zip(*means, strict=True))


def events_of(model: PartneringModel) -> list[Event]:
    """Events of the month, in order; the record is in order of time."""
    found = []
    for event in reversed(model.recorder.events):
        if event.month != model.now.index:
            break
        found.append(event)
    return found[::-1]


def money(model: PartneringModel) -> dict[str, float]:
    """Where the community budget went, in median monthly incomes a resident."""
    now = model.now
    unit = model.people.n * model.cents_per_income
    cents = {
        "budget": now.budget,
        "process": now.process_paid,
        "transfers": now.transfers_paid,
        "projects": int(now.instalments_paid.sum()),
        "elsewhere": now.outside_paid,
        "profit": now.operating,
    }
    return {name: value / unit for name, value in cents.items()}
