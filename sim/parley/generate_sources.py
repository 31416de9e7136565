"""The page of sources: every reference with an anchor and a list of where it is used."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from parley.paths import scenarios_folder
from parley.place import available_places, read_place
from parley.toml_files import read_toml, read_with_parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parley.registry import Reference, Registry

_MOST_NAMES = 6
_ELSEWHERE = ("interventions", "practices", "practices/variants", "tail_events", "")
_PAGES = {"interventions": "interventions.md", "practices": "practices.md"}

type Uses = Mapping[str, list[str]]


def sources_page_entries(registry: Registry) -> list[str]:
    """One entry for each reference, in the order of keys, with where it is used."""
    uses = where_used(registry)
    entries = sorted(registry.references.values(), key=lambda reference: reference.key)
    return [_entry(reference, uses.get(reference.key, [])) for reference in entries]


def where_used(registry: Registry) -> Uses:
    """Key of a reference to links that lead to where it is used."""
    uses: dict[str, list[str]] = defaultdict(list)
    for page, names in _registry_uses(registry):
        for key, found in names.items():
            uses[key].append(f"[{page}]({page}.md): {_names(found)}")
    for place in available_places():
        title = read_place(place, None, "process").place.title
        for key, count in place_sources(place).items():
            times = "once" if count == 1 else f"{count} times"
            uses[key].append(f"[{title}](../places/{place}.md), {times}")
    for folder in _ELSEWHERE:
        for path in sorted((scenarios_folder() / folder).glob("*.toml")):
            for key in sorted(set(cited(read_toml(path))) & set(registry.references)):
                uses[key].append(_file_link(folder, path.stem))
    return uses


def place_sources(place: str) -> Counter[str]:
    """How often each reference stands behind something at a place, inherited numbers included."""
    raw = read_with_parents(scenarios_folder() / "places" / f"{place}.toml", "places")
    return Counter(key for key in cited(raw) if key != "assumption")


def cited(content: object) -> Iterator[str]:
    """Every key under `source` in a table, at any depth.

    >>> list(cited({"a": {"value": 1, "source": "x; y"}, "b": [{"source": "z"}]}))
    ['x', 'y', 'z']
    """
    if isinstance(content, dict):
        source = content.get("source")
        if isinstance(source, str):
            yield from source.split("; ")
        elif isinstance(source, list):
            yield from map(str, source)
        for value in content.values():
            yield from cited(value)
    elif isinstance(content, list):
        for value in content:
            yield from cited(value)


def _registry_uses(registry: Registry) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Page of the reference, and key of a reference to the names of entries that cite it."""
    named: dict[str, list[tuple[str, tuple[str, ...]]]] = {
        "parameters": [(p.key, p.sources) for p in registry.parameters.values()],
        "outcomes": [(o.name, o.sources) for o in registry.outcomes],
        "practices": [(d.key, (d.source,)) for d in registry.dials],
    }
    for page, entries in named.items():
        found: dict[str, list[str]] = defaultdict(list)
        for name, sources in entries:
            for key in sources:
                found[key].append(name)
        yield page, found


def _names(found: list[str]) -> str:
    """A few names, and how many more there are."""
    shown = ", ".join(f"`{name}`" for name in found[:_MOST_NAMES])
    more = len(found) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _file_link(folder: str, stem: str) -> str:
    """A link to a file of scenario data."""
    kind = folder.partition("/")[0]
    if kind in _PAGES:
        return f"[{stem.replace('_', ' ')}]({_PAGES[kind]})"
    path = f"{folder}/{stem}.toml" if folder else f"{stem}.toml"
    return f"[`{path}`](../../scenarios/{path})"


def _entry(reference: Reference, uses: list[str]) -> str:
    """One entry of the bibliography, with an anchor and its uses."""
    title = reference.title
    if reference.address:
        title = f"[{title}]({reference.address})"
    parts: list[Any] = [f"{reference.authors} ({reference.year}). {title}", reference.where]
    parts += [reference.licence, reference.note]
    text = " ".join(f"{part.rstrip('.')}." for part in parts if part)
    where = list(dict.fromkeys(uses)) or [reference.used_in.rstrip(".") or "nowhere"]
    return (
        f'- <a id="{reference.key}"></a>`{reference.key}` {text}\n'
        f"  <br>Used in: {'; '.join(where)}."
    )
