r"""References as BibTeX, in UTF-8, for reference managers and for LaTeX with `biber`.

The type follows from what a reference states: a journal with its volume is an `@article`, a working
paper a `@techreport`, a book a `@book`; what was read on a page is `@misc`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parley.registry import Reference

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_JOURNAL = re.compile(
    r"(?P<journal>.+?) (?P<volume>\d+)(?:\((?P<number>[^)]+)\))?(?:, (?P<pages>[\w.]+(?:-\w+)?))?"
)
_PAPER = re.compile(
    r"(?P<publisher>.+?), (?P<kind>(?:Policy Research )?(?:Working Paper|Monograph))s? "
    r"(?P<number>[\d/]+)"
)
_IN_SERIES = re.compile(r".*\b(Proceedings of the \d|Lecture Notes|Conference)\b.*")
_BOOK = re.compile(r".+ (University )?Press")
_INITIALS = re.compile(r"(?:\w[\w'’]?\.[- ]?)+")


def bibtex(references: Iterable[Reference]) -> str:
    """All references as one BibTeX file.

    Args:
        references: Any of `Registry.references`.
    """
    return "\n\n".join(entry(reference) for reference in references) + "\n"


def entry(reference: Reference) -> str:
    r"""One reference as a BibTeX entry; its key is the key of the reference.

    >>> from parley.registry import Reference
    >>> print(entry(Reference("slovic_1993", "Slovic, P.", "1993", "Risk & trust",
    ...     "Risk Analysis 13(6), 675-682", "10.1111/j.1")))
    @article{slovic_1993,
      author = {Slovic, P.},
      title = {{Risk \& trust}},
      year = {1993},
      journal = {Risk Analysis},
      volume = {13},
      number = {6},
      pages = {675--682},
      doi = {10.1111/j.1}
    }
    """
    kind, own = _kind(reference)
    fields = {
        "author": _authors(reference.authors),
        "title": f"{{{_escaped(reference.title)}}}",
        "year": _escaped(reference.year),
        **{name: _escaped(value) for name, value in own.items()},
        "doi": reference.doi,
        "url": reference.url,
        "note": _escaped(" ".join(filter(None, (reference.note, reference.licence)))),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{reference.key},\n" + ",\n".join(lines) + "\n}"


def _kind(reference: Reference) -> tuple[str, dict[str, str]]:
    """Type of the entry, and the fields that come from where it appeared."""
    where = reference.where
    if paper := _PAPER.fullmatch(where):
        institution = {"institution": paper["publisher"], "type": paper["kind"]}
        return "techreport", {**institution, "number": paper["number"]}
    if _IN_SERIES.fullmatch(where):
        return "inproceedings", {"booktitle": where}
    if (journal := _JOURNAL.fullmatch(where)) and not _looks_like_date(journal):
        pages = (journal["pages"] or "").replace("-", "--")
        return "article", {
            "journal": journal["journal"],
            "volume": journal["volume"],
            "number": journal["number"] or "",
            "pages": pages,
        }
    if _BOOK.fullmatch(where):
        return "book", {"publisher": where}
    return "misc", {"howpublished": where}


def _looks_like_date(found: re.Match[str]) -> bool:
    """Whether a newspaper's date was taken for a volume."""
    months = "January|February|March|April|May|June|July|August|September|October|November|December"
    return bool(re.search(rf"\b({months})$", found["journal"])) or "," in found["journal"]


def _authors(authors: str) -> str:
    """Persons joined by `and`; a body with a name of its own in braces.

    >>> _authors("Brown, A. L., van den Bos, K. and others")
    'Brown, A. L. and van den Bos, K. and others'
    >>> _authors("World Bank and Friends")
    '{World Bank and Friends}'
    """
    words = [part for part in re.split(r", | and ", authors) if part]
    others = words[-1:] == ["others"]
    words = words[: len(words) - others]
    names, initials = words[::2], words[1::2]
    if len(names) != len(initials) or not all(_INITIALS.fullmatch(word) for word in initials):
        return f"{{{_escaped(authors)}}}"
    people = [f"{name}, {first}" for name, first in zip(names, initials, strict=True)]
    return " and ".join(map(_escaped, people + ["others"] * others))


def _escaped(words: str) -> str:
    """Text without letters that mean something to TeX."""
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(words.split()))
