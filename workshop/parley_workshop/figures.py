"""Numbers as the language of a room writes them; data keep the point (links, files, JSON).

`static/figures.js` writes the same in a browser, and `handout_parts/data.js` in a handout.
"""

from __future__ import annotations

import math
from decimal import Decimal

POINTS = {"en": ".", "es": ",", "bs": ","}
"""What stands before the decimals, by language (Unicode CLDR: en, es, bs)."""
APART = "\u202f"
"""A narrow space sets thousands apart, which reads alike in every language."""
NO_VALUE = "–"


def number(value: float, language: str, digits: int = 3) -> str:
    r"""A number as a room reads it: a few figures, no powers of ten; M for millions.

    Args:
        value: Any number; one that is none is told as a dash.
        language: One of `words.LANGUAGES`.
        digits: Figures, as many as are there at most; whole numbers keep all of theirs.

    >>> number(0.12345, "es"), number(12345.6, "es"), number(4.2e8, "en"), number(0.5, "bs", 2)
    ('0,123', '12\u202f346', '420 M', '0,5')
    """
    if not math.isfinite(value):
        return NO_VALUE
    if abs(value) >= 1e6:
        return f"{_few(value / 1e6, language, digits)} M"
    return _few(value, language, digits)


def _few(value: float, language: str, digits: int) -> str:
    if abs(value) >= 10.0**digits:
        return fixed(value, language, 0)
    return _written(f"{Decimal(f'{value:z.{digits}g}'):,f}", language)


def fixed(value: float, language: str, places: int) -> str:
    r"""A number with as many decimals as asked for.

    Args:
        value: Any number; one that is none is told as a dash.
        language: One of `words.LANGUAGES`.
        places: Decimals.

    >>> fixed(0.8, "es", 2), fixed(-0.001, "en", 2), fixed(1234567.0, "bs", 0)
    ('0,80', '0.00', '1\u202f234\u202f567')
    """
    return _written(f"{value:z,.{places}f}", language) if math.isfinite(value) else NO_VALUE


def percent(share: float, language: str, places: int = 0) -> str:
    r"""A share as a percentage; Spanish and Bosnian set the sign apart.

    >>> percent(0.455, "en", 1), percent(0.455, "es", 1)
    ('45.5%', '45,5\xa0%')
    """
    space = "" if language == "en" else "\N{NO-BREAK SPACE}"
    return f"{fixed(100.0 * share, language, places)}{space}%"


def _written(text: str, language: str) -> str:
    """A number written in English, with commas between thousands, in a language."""
    return text.translate({ord(","): APART, ord("."): POINTS[language]})
