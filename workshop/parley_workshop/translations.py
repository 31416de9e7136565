"""Translations of texts that lie in the data: of places, of facts, of what outcomes are.

They are found by the English text itself, so that a text which changes asks for a new translation.
A text without one stays in English; places of the user's own are told as their files tell them.
"""

from __future__ import annotations

import functools
import re
import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).resolve().parent / "translations"


@functools.cache
def translations(language: str) -> Mapping[str, str]:
    """English text -> the same in a language; empty for English. Read once per process.

    Every file of the folder is a list of tables `[[text]]` with one text a language.
    """
    found: dict[str, str] = {}
    if language != "en":
        for path in sorted(FOLDER.glob("*.toml")):
            for text in tomllib.loads(path.read_text("utf-8"))["text"]:
                found[one_line(text["en"])] = one_line(text[language])
    return MappingProxyType(found)


def translated(text: str, language: str) -> str:
    """A text of the data in a language, on one line; itself where there is no translation.

    >>> translated("Women", "es"), translated("Nobody translated this", "es")
    ('Mujeres', 'Nobody translated this')
    """
    line = one_line(text)
    return translations(language).get(line, line)


def one_line(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [one_line(part) for part in re.split(r"\n\s*\n", text) if part.strip()]
