"""How numbers should read, and what of a shown text reads otherwise."""

import re

TABLE = (
    (0.8, 3, "0.8", "0,8"),
    (0.12345, 3, "0.123", "0,123"),
    (0.12345, 2, "0.12", "0,12"),
    (0.25, 4, "0.25", "0,25"),
    (-0.5, 3, "-0.5", "-0,5"),
    (0, 3, "0", "0"),
    (-0.0, 3, "0", "0"),
    (1, 3, "1", "1"),
    (120, 3, "120", "120"),
    (123.4, 2, "123", "123"),
    (999.7, 3, "1\u202f000", "1\u202f000"),
    (1234.4, 4, "1\u202f234", "1\u202f234"),
    (12345.6, 3, "12\u202f346", "12\u202f346"),
    (-12345.6, 3, "-12\u202f346", "-12\u202f346"),
    (0.0000123, 3, "0.0000123", "0,0000123"),
    (1234567, 3, "1.23 M", "1,23 M"),
    (4.2e8, 3, "420 M", "420 M"),
    (2.53e9, 3, "2\u202f530 M", "2\u202f530 M"),
)
"""A number, its figures, how it reads in English, and in Spanish or Bosnian."""

_THOUSANDS = re.compile(r"\b[1-9]\d{0,2}(?:\.\d{3})+\b(?![.,]\d)")
"""Spanish and Bosnian texts of places, written as people there write, have "6.165 votes"."""
_POINT = re.compile(r"\S*\d\.\d\S*")


def decimal_points(text):
    """Numbers in a Spanish or Bosnian text that were written in English."""
    return _POINT.findall(_THOUSANDS.sub("", text))
