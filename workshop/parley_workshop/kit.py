"""The trainer's kit as data: prepared sessions and role cards, in every language.

A session is a board that the page can load and steps with their minutes. Names of the page's
controls stand in the steps as `{panel.key}`, so that a sheet names them as the page does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from parley.errors import OptionError, did_you_mean
from parley.place import available_places
from parley.practices import available_practices
from parley.reading import Bounds, Reading, Table, check_number
from parley.toml_files import read_toml
from parley_workshop.board import FEWEST_PEOPLE, MOST_ARMS, MOST_MONTHS, MOST_PEOPLE, Arm, Board
from parley_workshop.texts import Text, read_text, read_texts

if TYPE_CHECKING:
    from parley_workshop.words import Words

FOLDER = Path(__file__).resolve().parent / "kit"

_MINUTES = Bounds(1, 480, "minutes", integer=True)
_LENGTH = Bounds(12, MOST_MONTHS, "months", integer=True)
_PEOPLE = Bounds(FEWEST_PEOPLE, MOST_PEOPLE, "people", integer=True)
_SEED = Bounds(0, 2**31, "seed", integer=True)
_ARMS = Bounds(1, MOST_ARMS, "stacks side by side", integer=True)
_CONTROL = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a session.

    Attributes:
        minutes: How long it takes.
        title: What it is called.
        do: What to click, set or give out.
        say: What to say, in so many words.
        ask: What to ask the room; None for no question.
    """

    minutes: int
    title: Text
    do: Text
    say: Text
    ask: Text | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A prepared session.

    Attributes:
        key: Its name, that of its file.
        minutes: How long it takes, the sum of its steps.
        title: What it is called.
        aim: What it is for.
        bring: What to bring.
        board: What the page shows; columns are labelled with the keys of their presets.
        steps: In order.
        debrief: Questions at the end.
    """

    key: str
    minutes: int
    title: Text
    aim: Text
    bring: Text
    board: Board
    steps: tuple[Step, ...]
    debrief: tuple[Text, ...]

    def board_in(self, words: Words) -> Board:
        """The board with its columns labelled in a language."""
        arms = tuple(replace(arm, label=words(f"preset.{arm.preset}")) for arm in self.board.arms)
        return replace(self.board, arms=arms)


@dataclass(frozen=True, slots=True)
class Role:
    """A role card.

    Attributes:
        key: Its name.
        title: Who plays it is called so.
        who: Who you are.
        want: What you want.
        fear: What you fear.
        know: What you know.
        secret: What nobody else knows.
    """

    key: str
    title: Text
    who: Text
    want: Text
    fear: Text
    know: Text
    secret: Text


def load_plans(folder: Path = FOLDER / "sessions") -> tuple[Plan, ...]:
    """All prepared sessions, the shortest first.

    Raises:
        ScenarioError: A file is wrong; all problems of that file at once.
    """
    plans = map(load_plan, folder.glob("*.toml"))
    return tuple(sorted(plans, key=lambda plan: (plan.minutes, plan.key)))


def load_plan(path: Path) -> Plan:
    """Read a prepared session.

    Raises:
        ScenarioError: The file is wrong; all problems at once.
    """
    reading = Reading(path.name)
    table = Table(reading, read_toml(path))
    steps = tuple(map(_step, table.list_of_tables("steps")))
    plan = Plan(
        key=path.stem,
        minutes=int(table.number("minutes", _MINUTES)),
        title=read_text(table, "title"),
        aim=read_text(table, "aim"),
        bring=read_text(table, "bring"),
        board=_board(table.table("board")),
        steps=steps,
        debrief=read_texts(table, "debrief"),
    )
    table.close()
    total = sum(step.minutes for step in steps)
    if total != plan.minutes:
        table.fail("minutes", "is not the sum of its steps", f"{total} minutes", "change a step")
    if not plan.debrief:
        table.fail("debrief", "is missing or empty", "at least one question [[debrief]]")
    reading.stop_if_wrong()
    return plan


def _step(table: Table) -> Step:
    step = Step(
        minutes=int(table.number("minutes", _MINUTES)),
        title=read_text(table, "title"),
        do=read_text(table, "do"),
        say=read_text(table, "say"),
        ask=read_text(table, "ask") if table.has("ask") else None,
    )
    table.close()
    return step


def _board(table: Table) -> Board:
    """A board of bundled names; what else a board needs is checked when it is run."""
    raw = table.data["arms"] if table.has("arms") else []
    known = available_practices()
    arms = raw if isinstance(raw, list) and all(arm in known for arm in raw) else []
    if not arms:
        table.fail("arms", "is not a list of bundled stacks of practices", ", ".join(known))
    else:
        check_number(table.reading, table.key("arms"), len(arms), _ARMS)
    board = Board(
        place=table.choice("place", available_places()),
        arms=tuple(Arm(arm, arm) for arm in arms),
        months=table.integer("months", _LENGTH, 120),
        population=table.integer("population", _PEOPLE, 1000),
        seed=table.integer("seed", _SEED, 1),
    )
    table.close()
    return board


def load_roles(path: Path = FOLDER / "roles.toml") -> tuple[Role, ...]:
    """All role cards, in the order of the file.

    Raises:
        ScenarioError: The file is wrong; all problems at once.
    """
    reading = Reading(path.name)
    table = Table(reading, read_toml(path))
    roles = []
    for key in table.data:
        inner = table.table(key)
        names = [name for name in Role.__dataclass_fields__ if name != "key"]
        roles.append(Role(key, *(read_text(inner, name) for name in names)))
        inner.close()
    reading.stop_if_wrong()
    return tuple(roles)


def find_plan(key: str) -> Plan:
    """A prepared session by its name.

    Raises:
        OptionError: There is no such session.
    """
    plans = {plan.key: plan for plan in load_plans()}
    if key not in plans:
        hint = did_you_mean(key, plans)
        raise OptionError(f"session {key!r} is unknown; allowed: {', '.join(plans)}; {hint}")
    return plans[key]


def controls(text: str) -> list[str]:
    """Keys of the page's controls that a text names.

    >>> controls("Press {play.play}, then {paths.hide}.")
    ['play.play', 'paths.hide']
    """
    return _CONTROL.findall(text)


def plan_of(board: Board) -> Plan | None:
    """The prepared session that a board began as, whatever changed since; None if free."""

    def start(of: Board) -> tuple[object, ...]:
        return (of.place, tuple(arm.preset for arm in of.arms), of.months, of.population, of.seed)

    return next((plan for plan in load_plans() if start(plan.board) == start(board)), None)


def named(text: str, words: Words) -> str:
    """A text with the page's controls named as the page names them.

    Raises:
        KeyError: The page has no such control.
    """
    return _CONTROL.sub(lambda match: f"[{words(match[1])}]", text)
