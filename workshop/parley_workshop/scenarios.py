"""From a board to scenarios: what the room set, checked as any scenario file is."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING, Any

from parley.errors import ScenarioError
from parley.practices import read_phases
from parley.reading import Bounds, Reading, Table, check_number
from parley.registry import load_registry
from parley.scenario import make_scenario
from parley_workshop.board import FEWEST_PEOPLE, MOST_ARMS, MOST_MONTHS, MOST_PEOPLE, Arm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.practice_types import Practices
    from parley.scenario_types import Scenario
    from parley_workshop.board import Board

_ARMS = Bounds(1, MOST_ARMS, "stacks side by side", integer=True)
_LENGTH = Bounds(12, MOST_MONTHS, "months", integer=True)
_PEOPLE = Bounds(FEWEST_PEOPLE, MOST_PEOPLE, "persons", integer=True)
_SEED = Bounds(0, 2**63 - 1, "seed", integer=True)


def scenario_of(board: Board, arm: int) -> Scenario:
    """The scenario of one column.

    Args:
        board: What the room has set.
        arm: Index of the column.

    Raises:
        ScenarioError: Something on the board is unknown or out of range; all problems at once.
        IndexError: There is no such column.
    """
    check(board)
    column = board.arms[arm]
    try:
        setting = _setting(dataclasses.replace(board, arms=()), column.interventions)
        return dataclasses.replace(setting, title=column.label, practices=_practices(column))
    except ScenarioError:
        return _whole(board, column)  # raises all problems together


def _practices(column: Arm) -> Practices:
    """The stack of a column, as `make_scenario` reads it."""
    reading = Reading("board", frozenset(load_registry().references))
    practices = read_phases(Table(reading, practices_table(column)), None)
    reading.stop_if_wrong()
    return dataclasses.replace(practices, key=practices.key or "phases")


@functools.lru_cache(maxsize=16)
def _setting(board: Board, interventions: tuple[str, ...]) -> Scenario:
    """All of a scenario but its practices: a moved dial need not read the place again."""
    return _whole(board, Arm("", "none", interventions=interventions))


def _whole(board: Board, column: Arm) -> Scenario:
    """The scenario of a column, everything read anew."""
    scenario = make_scenario(
        place=board.place,
        practices=practices_table(column),
        months=board.months,
        population=board.population,
        parameters=dict(board.parameters),
        interventions=list(column.interventions),
        title=column.label,
    )
    facts = dataclasses.replace(scenario.place.facts, **dict(board.facts))  # type: ignore[arg-type]
    return dataclasses.replace(scenario, place=dataclasses.replace(scenario.place, facts=facts))


def practices_table(arm: Arm) -> Mapping[str, Any]:
    """The stack of a column as the table `[practices]` of a scenario file.

    Every phase starts from the preset and repeats what was changed before it.
    """
    phases: list[dict[str, Any]] = []
    dials: dict[str, float] = {}
    words: dict[str, str] = {}
    months = sorted({0, *(change.month for change in arm.changes)})
    for month in months:
        for change in arm.changes:
            if change.month == month:
                dials |= dict(change.dials)
                words |= dict(change.words)
        phases.append({"from_month": month, "base": arm.preset, "dials": dict(dials), **words})
    return {"label": arm.label or arm.preset, "phases": phases}


def check(board: Board) -> None:
    """Check what no scenario file would: columns, length, people, seed, and facts in their bounds.

    Raises:
        ScenarioError: Something is out of range; all problems at once.
    """
    reading, rules = Reading("board"), load_registry().parameters
    check_number(reading, "arms", len(board.arms), _ARMS)
    check_number(reading, "months", board.months, _LENGTH)
    if board.population > MOST_PEOPLE:
        told, step = "is more than the page takes", "run such a scenario with parley run"
        reading.fail("population", board.population, told, _PEOPLE.allowed, step)
    else:
        check_number(reading, "population", board.population, _PEOPLE)
    for name in ("seed", "replicate"):
        check_number(reading, name, getattr(board, name), _SEED)
    movable = {rule.name: rule for rule in rules.values() if rule.role == "place"}
    for name, value in board.facts:
        rule = movable.get(name)
        if rule is None or rule.kind == "vector6" or rule.integer:
            reading.fail(f"facts.{name}", value, "is no number that can be moved", "")
        else:
            check_number(reading, f"facts.{name}", value, rule)
    reading.stop_if_wrong()
