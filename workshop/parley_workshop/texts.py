"""Texts that lie in data files next to what they are about, in every language of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parley_workshop.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parley.reading import Table


@dataclass(frozen=True, slots=True)
class Text:
    """One text in every language.

    Attributes:
        by_language: Code of a language and the text in it, in the order of `LANGUAGES`.
    """

    by_language: tuple[tuple[str, str], ...]

    def __call__(self, language: str) -> str:
        """The text in one language.

        Raises:
            KeyError: There is no such language.
        """
        return dict(self.by_language)[language]


def read_text(table: Table, name: str) -> Text:
    """A table with one text a language; a language that is missing is noted as a problem.

    Args:
        table: The table that holds it.
        name: Its key there.
    """
    if not table.has(name):
        allowed = ", ".join(LANGUAGES)
        table.fail(name, "is missing", f"a table of texts by language: {allowed}")
        return Text(())
    inner = table.table(name)
    found = tuple((code, " ".join(inner.text(code).split())) for code in LANGUAGES)
    inner.close()
    return Text(found)


def read_texts(table: Table, name: str) -> tuple[Text, ...]:
    """Repeated tables, each with one text a language; there may be none."""
    found: list[Text] = []
    for inner in table.list_of_tables(name):
        found.append(_whole(inner))
        inner.close()
    return tuple(found)


def _whole(table: Table, codes: Sequence[str] = tuple(LANGUAGES)) -> Text:
    return Text(tuple((code, " ".join(table.text(code).split())) for code in codes))
