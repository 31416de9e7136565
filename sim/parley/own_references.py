"""References that a place file brings along, so that it can be passed on by itself.

Places that come with Parley name their sources in `scenarios/references.toml` instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from parley.reading import Reading, Table
from parley.registry import Reference, load_registry
from parley.toml_files import find, read_with_parents

if TYPE_CHECKING:
    from collections.abc import Mapping

_OPTIONAL = ("where", "doi", "url", "licence", "note")
_KNOWN = "references.toml"


def own_references(name: str | Path) -> tuple[Reference, ...]:
    """The references in a place file, its parents included.

    Args:
        name: The name of a place that comes with Parley, or the path of a file.

    Raises:
        ScenarioError: The file does not read, or a reference is wrong; all problems at once.
    """
    path = find(name, "places")
    reading = Reading(str(path))
    found = read_own_references(Table(reading, read_with_parents(path, "places")))
    reading.stop_if_wrong()
    return found


def read_own_references(table: Table) -> tuple[Reference, ...]:
    """The tables `[references.<key>]` of a place file; what is wrong is noted in the reading."""
    known = load_registry().references
    return tuple(_reference(key, inner, known) for key, inner in table.named_tables("references"))


def _reference(key: str, table: Table, known: Mapping[str, Reference]) -> Reference:
    """One reference, with the keys that `references.toml` has too."""
    year = table.data.get("year")
    table.has("year")
    if isinstance(year, bool) or not isinstance(year, int | str) or not str(year).strip():
        table.fail("year", "is missing", "a year, a span such as '2010-2018', or 'undated'")
    reference = Reference(
        key=key,
        authors=table.text("authors"),
        year=str(year),
        title=table.text("title"),
        **{name: table.text(name, "") for name in _OPTIONAL},
    )
    table.close()
    if not (reference.where or reference.address):
        table.fail("where", "is missing", "who published it, or a doi or url")
    if key in known:
        step = f"name it as a source without bringing it along, or call this one {key}_2"
        table.fail("", f"is a key of {_KNOWN} already", "another key", step)
    same = [r.key for r in known.values() if r.doi and r.doi.lower() == reference.doi.lower()]
    if same:
        table.fail("doi", f"is that of {same[0]} in {_KNOWN}", "", f'write source = "{same[0]}"')
    return reference
