"""What stands on the printed sheets, as plain data in the room's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parley.place import read_place
from parley_workshop.board import LETTERS
from parley_workshop.dilemmas import load_dilemmas
from parley_workshop.kit import named
from parley_workshop.translations import paragraphs, translated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.scenario_types import TimedEvent
    from parley_workshop.board import Board
    from parley_workshop.dilemmas import Dilemma, Option
    from parley_workshop.kit import Plan, Role
    from parley_workshop.texts import Text
    from parley_workshop.words import Words

SKETCHED = ("trust_company", "grievance_at_company", "benefit", "active_share")
"""Outcomes that a handout leaves room to sketch: those that the page shows first."""
MOST_EVENTS = 12
"""Events on a handout; notes go first when there are more."""
_MONTHS_IN_YEAR = 12


@dataclass(frozen=True, slots=True)
class Coming:
    """A dilemma that comes up on a board if nothing is changed.

    Attributes:
        month: From 0.
        arm: Index of the column.
        dilemma: Which.
    """

    month: int
    arm: int
    dilemma: Dilemma


def notes(plan: Plan, words: Words, coming: Sequence[Coming] = ()) -> dict[str, Any]:
    """Facilitator's notes of a session, with what comes up if nothing is changed."""
    language, clock, steps = words.language, 0, []
    for step in plan.steps:
        steps.append(
            {
                "from": f"{clock // 60}:{clock % 60:02d}",
                "minutes": words("kit.minutes", minutes=step.minutes),
                "title": step.title(language),
                "do": named(step.do(language), words),
                "say": named(step.say(language), words),
                "ask": step.ask(language) if step.ask else "",
            }
        )
        clock += step.minutes
    board = plan.board
    arms = " ".join(arm.preset for arm in board.arms)
    command = (
        f"parley workshop --place {board.place} --arms {arms} --months {board.months} "
        f"--population {board.population} --language {language} --lan"
    )
    return {
        "title": plan.title(language),
        "aim": plan.aim(language),
        "bring": plan.bring(language),
        "steps": steps,
        "debrief": [question(language) for question in plan.debrief],
        "coming": [
            {
                "month": str(one.month + 1),  # as the page counts months
                "column": LETTERS[one.arm],
                "title": one.dilemma.title(language),
            }
            for one in coming
        ],
        "board": {
            "place": _title(board, words),
            "length": _length(board, words),
            "letters": [_column(at, words) for at in range(len(board.arms))],
            "columns": [words(f"preset.{arm.preset}") for arm in board.arms],
            "command": command,
        },
    }


def _title(board: Board, words: Words) -> str:
    """Title of the place of a board."""
    return translated(read_place(board.place, None, "process").place.title, words.language)


def _length(board: Board, words: Words) -> str:
    length = {"months": board.months, "population": words.fixed(board.population, 0)}
    return words("kit.length", **length, seed=board.seed)


def _column(at: int, words: Words) -> str:
    return words("kit.column", letter=LETTERS[at])


def roles(cards: Sequence[Role], words: Words) -> dict[str, Any]:
    """Role cards."""
    parts = ("title", "who", "want", "fear", "know", "secret")
    filled = [{name: getattr(card, name)(words.language) for name in parts} for card in cards]
    return {"title": words("kit.roles"), "roles": filled}


def dilemmas(cards: Sequence[Dilemma], words: Words) -> dict[str, Any]:
    """Dilemma cards."""
    language = words.language
    filled = [
        {
            "title": card.title(language),
            "situation": card.situation(language),
            "question": card.question(language),
            "options": [
                {
                    "label": option.label(language),
                    "explains": option.explains(language),
                    "changes": changes(option, words),
                }
                for option in card.options
            ],
            "ask": card.note.ask(language),
            "tells": card.note.tells(language),
            "silent": card.note.silent(language),
            "backfires": card.note.backfires(language),
        }
        for card in cards
    ]
    return {"title": words("kit.dilemmas"), "dilemmas": filled}


def changes(option: Option, words: Words) -> str:
    """What an option changes, in words and levels."""
    found = [
        f"{words(f'dial.{name}.label')} {words.fixed(level, 1)}" for name, level in option.dials
    ]
    levels = {level for _, level in option.dials}
    if len(levels) == 1 and len(found) > 3:
        found = [f"{words('kit.all_practices')} {words.fixed(levels.pop(), 1)}"]
    found += [
        f"{words(f'word.{name}.label')}: {words(f'word.{name}.{value}')}"
        for name, value in option.words
    ]
    found += [words(f"intervention.{name}") for name in option.interventions]
    return "; ".join(found) or words("kit.nothing")


def place(name: str, words: Words, months: int) -> dict[str, Any]:
    """A place, and empty charts."""
    file = read_place(name, None, "process")
    there = file.place

    def told(text: str) -> str:
        return translated(text, words.language)

    return {
        "title": told(there.title),
        "story": [told(part) for part in paragraphs(there.story)],
        "groups": [
            {
                "label": told(g.label),
                "share": _percent(g.share, words),
                "marginalised": g.marginalised,
            }
            for g in sorted(there.groups, key=lambda group: -group.share)
        ],
        "tags": "; ".join(told(tag.label) for tag in there.tags),
        "events": [
            {"date": f"{event.date:%Y-%m}", "label": told(event.label)}
            for event in _events(file.history)
        ],
        "outcomes": [_outcome(outcome, words) for outcome in SKETCHED],
        "years": max(1, months // _MONTHS_IN_YEAR),
        "letters": list(LETTERS[:2]),
    }


def _percent(share: float, words: Words) -> str:
    return f"{words.fixed(100 * share, 0 if share >= 0.095 else 1)} %"


def _events(history: Sequence[TimedEvent]) -> list[TimedEvent]:
    """In order of time; notes are left out first where there are too many."""
    kept = sorted(history, key=lambda event: event.date)
    for kind in ("note", "vote"):
        while len(kept) > MOST_EVENTS and any(event.kind == kind for event in kept):
            kept.remove(next(event for event in kept if event.kind == kind))
    return kept[:MOST_EVENTS]


LOWER_IS_BETTER = ("grievance_at_company", "blockades", "days_lost", "fear", "active_share")


def _outcome(name: str, words: Words) -> dict[str, str]:
    """An empty chart: its name, unit, and what its upper and lower end mean."""
    ends = [words(f"outcome.{name}.better"), words(f"outcome.{name}.worse")]
    if name in LOWER_IS_BETTER:
        ends.reverse()
    return {
        "label": words(f"outcome.{name}.label"),
        "unit": words(f"outcome.{name}.unit"),
        "upper": ends[0],
        "lower": ends[1],
    }


def debrief(board: Board, words: Words, questions: Sequence[Text], title: str) -> dict[str, Any]:
    """What was decided, and questions; charts are added by whoever has them."""
    known = {dilemma.key: dilemma for dilemma in load_dilemmas()}
    language, decided = words.language, []
    labels = [
        words(f"preset.{arm.preset}") if arm.label in ("", arm.preset) else arm.label
        for arm in board.arms
    ]
    for at, arm in enumerate(board.arms):
        for change in arm.changes:
            if change.decision in known:
                dilemma = known[change.decision]
                decided.append(
                    {
                        "month": str(change.month),
                        "column": f"{LETTERS[at]} · {labels[at]}",
                        "question": dilemma.title(language),
                        "answer": dilemma.option(change.option).label(language),
                    }
                )
    there = _title(board, words)
    columns = "; ".join(f"{_column(at, words)}: {label}" for at, label in enumerate(labels))
    return {
        "title": title or there,
        "board": f"{there}. {columns}. {_length(board, words)}.",
        "decisions": sorted(decided, key=lambda one: int(one["month"])),
        "questions": [question(language) for question in questions],
        "charts": [],
    }
