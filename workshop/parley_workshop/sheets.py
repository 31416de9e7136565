"""Printed sheets of the kit as PDF: notes, cards, handouts, a debrief with a session's charts.

Each sheet is data in the room's language put into a template of `kit/templates`. Text goes in as
data, so that nothing in it is read as markup. Only letters that come with Typst are used, so that a
sheet looks the same everywhere.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parley.errors import MissingExtraError
from parley_workshop import sheet_data
from parley_workshop.kit import FOLDER
from parley_workshop.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from parley_workshop.board import Board
    from parley_workshop.dilemmas import Dilemma
    from parley_workshop.kit import Plan, Role
    from parley_workshop.sheet_data import Coming
    from parley_workshop.texts import Text

TEMPLATES = FOLDER / "templates"


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture for a debrief sheet.

    Attributes:
        caption: What it shows, in the room's language.
        content: The picture.
        kind: `svg` or `png`.
        near: Whether a practice reaches the outcome in two rules or fewer, which is then said.
    """

    caption: str
    content: bytes
    kind: str = "svg"
    near: bool = False


def facilitator_notes(plan: Plan, language: str, coming: Sequence[Coming] = ()) -> bytes:
    """Steps of a prepared session with their minutes.

    Args:
        plan: The session.
        language: Language of the sheet.
        coming: Dilemmas that come up if nothing is changed; none to leave them out.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    return printed("notes", sheet_data.notes(plan, Words(language), coming), language)


def role_cards(roles: Sequence[Role], language: str) -> bytes:
    """Role cards to cut and fold, two to a page.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    return printed("roles", sheet_data.roles(roles, Words(language)), language)


def dilemma_cards(dilemmas: Sequence[Dilemma], language: str) -> bytes:
    """One dilemma a page, the facilitator's note below the fold.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    return printed("dilemmas", sheet_data.dilemmas(dilemmas, Words(language)), language)


def place_handout(place: str, language: str, months: int = 120) -> bytes:
    """A place, and empty charts to sketch a prediction on.

    Args:
        place: Name of a bundled place.
        language: Language of the sheet.
        months: Length of the empty charts, a year or more.

    Raises:
        MissingExtraError: Typst is not installed.
        ScenarioError: There is no such place.
    """
    return printed("place", sheet_data.place(place, Words(language), months), language)


def debrief(
    board: Board,
    language: str,
    charts: Sequence[Chart] = (),
    questions: Sequence[Text] = (),
    title: str = "",
    said: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """What was decided, the session's charts, questions and room to write.

    Args:
        board: What the room ended with; decisions are among the changes of its columns.
        language: Language of the sheet.
        charts: The session's own; empty axes if there are none.
        questions: Those of a prepared session; none for a free one.
        title: Title of the session; the place's if empty.
        said: What the room said, see `sheet_said.told`.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    files = {f"chart{at}.{one.kind}": one.content for at, one in enumerate(charts)}
    data = sheet_data.debrief(board, Words(language), questions, title)
    pairs = zip(files, charts, strict=True)
    data["charts"] = [
        {"file": file, "caption": f"{one.caption} †" if one.near else one.caption}
        for file, one in pairs
    ]
    data["said"] = list(said)
    data["near"] = any(one.near for one in charts)
    return printed("debrief", data, language, files)


def printed(
    template: str,
    data: Mapping[str, Any],
    language: str,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A template filled with data, as PDF.

    Args:
        template: Name of a file of `kit/templates`.
        data: What it shows; texts and numbers only.
        language: Language, for hyphens and screen readers.
        files: Pictures by the name under which the data mention them.

    Raises:
        MissingExtraError: Typst is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("typst", "workshop") from error
    words = Words(language)
    whole = {**data, "language": language, "words": words.group("kit")}
    with tempfile.TemporaryDirectory(prefix="parley-sheet-") as name:
        folder = Path(name)
        for path in TEMPLATES.glob("*.typ"):
            (folder / path.name).write_bytes(path.read_bytes())
        for file, content in (files or {}).items():
            (folder / file).write_bytes(content)
        (folder / "data.json").write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
        pdf = typst.compile(
            folder / f"{template}.typ", root=folder, format="pdf", ignore_system_fonts=True
        )
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single document")
    return pdf
