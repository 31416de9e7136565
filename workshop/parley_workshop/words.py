"""What the page says, in the room's language: message catalogues, complete in every language.

What the page or a printed sheet shows has a key here, but for what lies in the data: places, facts
and outcomes are told by `translations`; titles of sources and notes on numbers stay as they are.
"""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Mapping
from pathlib import Path

from parley.errors import OptionError, did_you_mean
from parley_workshop import figures

LANGUAGES = {"en": "English", "es": "Español", "bs": "Bosanski"}
"""Codes and own names of the languages."""

FOLDER = Path(__file__).resolve().parent / "messages"


class Words:
    """The texts of one language.

    >>> Words("es")("play.pause")
    'Pausa'
    """

    def __init__(self, language: str) -> None:
        """Choose a language.

        Raises:
            OptionError: There is no such language.
        """
        if language not in LANGUAGES:
            known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
            hint = did_you_mean(language, LANGUAGES)
            raise OptionError(f"language {language!r} is unknown; allowed: {known}; {hint}")
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key.

        Args:
            key: Dotted key.
            **values: What stands for `{name}` in it.

        Raises:
            KeyError: There is no such key, or a value is missing.
        """
        text = self._texts[key]
        return text.format(**values) if values else text

    def number(self, value: float, digits: int = 3) -> str:
        """A number of a few figures, as `figures.number` writes it.

        >>> Words("es").number(0.8125)
        '0,812'
        """
        return figures.number(value, self.language, digits)

    def fixed(self, value: float, places: int) -> str:
        """A number with so many decimals.

        >>> Words("bs").fixed(0.8, 2)
        '0,80'
        """
        return figures.fixed(value, self.language, places)

    def percent(self, share: float, places: int = 0) -> str:
        """A share as a percentage.

        >>> Words("en").percent(0.45)
        '45%'
        """
        return figures.percent(share, self.language, places)

    def group(self, name: str) -> dict[str, str]:
        """All texts whose keys begin with a name, by the rest of their keys."""
        start = f"{name}."
        found = self._texts.items()
        return {key.removeprefix(start): text for key, text in found if key.startswith(start)}

    def has(self, key: str) -> bool:
        """Whether there is such a key."""
        return key in self._texts


@functools.cache
def catalogue(language: str) -> Mapping[str, str]:
    """All texts of a language by dotted key; read once per process.

    They lie in `messages/<language>.toml` and, by subject, in `messages/<language>/*.toml`.
    """
    found: dict[str, str] = {}
    for path in files(language):
        with path.open("rb") as file:
            found |= _flat(tomllib.load(file), "")
    return found


def files(language: str) -> list[Path]:
    """The files of a language's texts."""
    return [FOLDER / f"{language}.toml", *sorted((FOLDER / language).glob("*.toml"))]


def _flat(table: Mapping[str, object], at: str) -> list[tuple[str, str]]:
    found = []
    for name, value in table.items():
        key = f"{at}.{name}" if at else name
        if isinstance(value, Mapping):
            found += _flat(value, key)
        else:
            found.append((key, str(value).strip()))
    return found


def placeholders(text: str) -> frozenset[str]:
    """Names that a text leaves open.

    >>> sorted(placeholders("{count} of {all} runs"))
    ['all', 'count']
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)
