"""Which entries of the schedule run compiled, and what runs in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from parley.compiled import (
    appraisal,
    attitudes,
    benefits,
    books,
    desks,
    exposure,
    livelihood,
    record,
    risk,
    trust,
    week,
)
from parley.compiled.crew import Crew

if TYPE_CHECKING:
    from parley.model import PartneringModel

type Pass = Callable[[PartneringModel, Crew], None]

PASSES: Mapping[str, Pass] = {
    "benefits reach people": benefits.hand_out,
    "people earn their living": livelihood.earn_living,
    "harm and security": exposure.expose,
    "complaints are heard": desks.hear_cases,
    "four weeks of mobilisation": week.mobilise,
    "those who took part may be punished": risk.face_reprisal,
    "people appraise the company": appraisal.appraise_company,
    "people appraise the state and each other": appraisal.appraise_others,
    "trust moves": trust.move_trust,
    "expectations move": attitudes.move_expectations,
    "grievance moves": attitudes.move_grievance,
    "opinion spreads": attitudes.move_opinion,
    "the books are checked": books.check_books,
    "the month is recorded": record.record_month,
}
"""Label of the entry, and the pass that does the same."""


def passes(
    model: PartneringModel, threads: int | None = None
) -> dict[str, Callable[[PartneringModel], None]]:
    """What a compiled run does in place of entries of the schedule, by label.

    Args:
        model: the model, with people and ties.
        threads: how many threads work; chosen by the number of people if not given.
    """
    crew = Crew(model.people.n, model.ties, model.streams, threads)
    # Parts, not closures: a copy of the model then has a copy of the crew.
    return {label: partial(_make, run, crew) for label, run in PASSES.items()}


def _make(run: Pass, crew: Crew, model: PartneringModel) -> None:
    run(model, crew)
