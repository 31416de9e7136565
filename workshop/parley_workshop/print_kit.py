"""Writes the whole kit, or the debrief sheet of one session, into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parley.errors import OptionError, did_you_mean
from parley.place import available_places
from parley_workshop import sheets
from parley_workshop.dilemmas import due, load_dilemmas
from parley_workshop.kit import load_plans, load_roles, plan_of
from parley_workshop.session_charts import charts_of, marks_of, run_board, run_whole
from parley_workshop.sheet_data import Coming
from parley_workshop.sheet_said import Seen, told
from parley_workshop.views import View
from parley_workshop.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from parley_workshop.board import Board


def write_kit(folder: Path, language: str, places: Sequence[str] = ()) -> list[Path]:
    """Write all sheets of a language.

    Args:
        folder: Where to; made if missing. Sheets of the same name are replaced.
        language: One of `words.LANGUAGES`.
        places: Places with a handout; those of the prepared sessions if empty.

    Returns:
        The files, in the order in which a session needs them.

    Raises:
        OptionError: The language or a place is unknown, or the folder cannot be written.
        MissingExtraError: Typst is not installed.
    """
    Words(language)
    known = available_places()
    for place in places:
        if place not in known:
            hint = did_you_mean(place, known)
            step = f"; {hint}" if hint else ""
            raise OptionError(f"place {place!r} is unknown; allowed: {', '.join(known)}{step}")
    return [_write(folder / name, content) for name, content in _sheets(language, places)]


def _sheets(language: str, places: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    plans, words = load_plans(), Words(language)
    for plan in plans:
        notes = sheets.facilitator_notes(plan, language, coming_up(plan.board))
        yield f"notes-{plan.key}.pdf", notes
    yield "roles.pdf", sheets.role_cards(load_roles(), language)
    yield "dilemmas.pdf", sheets.dilemma_cards(load_dilemmas(), language)
    for place in places or sorted({plan.board.place for plan in plans}):
        yield f"place-{place}.pdf", sheets.place_handout(place, language)
    for plan in plans:
        title, board = plan.title(language), plan.board_in(words)
        yield f"debrief-{plan.key}.pdf", sheets.debrief(board, language, (), plan.debrief, title)


def coming_up(board: Board) -> list[Coming]:
    """Dilemmas that come up on a board if nothing is changed, in order of time.

    Answers change what comes later, so the list is a forecast for whoever prepares a session.
    """
    known, found = load_dilemmas(), []
    for arm, frames in enumerate(run_board(board)):
        met: set[str] = set()
        for frame in frames:
            while (dilemma := due(known, frames, frame.month, met)) is not None:
                met.add(dilemma.key)
                found.append(Coming(frame.month, arm, dilemma))
    return sorted(found, key=lambda one: (one.month, one.dilemma.order, one.arm))


def write_session(folder: Path, language: str, board: Board, view: View | None = None) -> Path:
    """Write the debrief sheet of a session: its board is run again, which gives the same months.

    Args:
        folder: Where to; made if missing.
        language: One of `words.LANGUAGES`.
        board: What the room ended with.
        view: How it looked at it, and what it said.

    Raises:
        OptionError: The language is unknown, or the folder cannot be written.
        ScenarioError: Something on the board is unknown or out of range.
        MissingExtraError: Typst is not installed.
    """
    words, view = Words(language), view or View()
    opening, columns = run_whole(board)
    seen, saw = Seen(columns, opening.groups, opening.labels), view.said
    group = view.group if view.group in opening.groups else "all"
    whose = seen.whose(group)
    charts = charts_of(
        board,
        columns,
        words,
        view.outcomes,
        group=seen.at(group),
        group_label=whose(language) if whose else "",
        drawn=marks_of(dict(saw.predictions), saw.target, group),
    )
    plan = plan_of(board)
    title, asked = (plan.title(language), plan.debrief) if plan else ("", load_plans()[-1].debrief)
    said = told(saw.target, saw.votes, seen, words)
    content = sheets.debrief(board, language, charts, asked, title, said)
    return _write(folder / "debrief-session.pdf", content)


def _write(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OptionError(f"{path} cannot be written ({reason}); choose another --out") from error
    return path
