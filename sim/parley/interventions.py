"""Interventions in files: an instrument and its delivery, read, checked and resolved.

A scenario lists them as `[[interventions]]`, each from a named file (`base = "cash_transfer"`) or
from a kind (`kind = "cash_transfer"`). Several are a bundle; dates make them a sequence. All
problems are noted, not only the first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from parley.errors import did_you_mean
from parley.intervention_kinds import Kind, load_kinds
from parley.intervention_types import Intervention
from parley.price_data import month_after, months_between
from parley.reading import GRADES, SHARE, Bounds, Reading, Table, check_date
from parley.registry import load_registry
from parley.toml_files import available, find, open_named, read_with_parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parley.scenario_types import Place

MONTH = Bounds(0, 1199, "months after the start", integer=True)
"""The rule for a month given as a number."""

RAMP = Bounds(1, 1200, "months", integer=True)
"""The rule for the months until coverage is complete."""

_KEYS = (
    *("kind", "label", "note", "source", "grade", "first", "last", "ramp_months"),
    *("coverage", "eligible", "villages", "payer", "strengths"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """An intervention before it meets a scenario: dates are not months of a run yet.

    Attributes are those of `Intervention`, but: `first` and `last` are months after the start or
    dates, and `villages` are counted from 1.
    """

    label: str
    kind: str
    strengths: tuple[tuple[str, float], ...]
    first: int | date
    last: int | date | None
    ramp_months: int
    coverage: float
    eligible: tuple[str, ...]
    villages: tuple[int, ...]
    payer: str
    source: str
    grade: str
    note: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What a scenario says that interventions have to fit.

    Attributes:
        start: First month.
        months: Length of the run (months).
        groups: Groups and tags of the place, and the word for all marginalised people.
        villages: Number of villages.
    """

    start: date
    months: int
    groups: tuple[str, ...]
    villages: int


def setting_of(place: Place, start: date, months: int) -> Setting:
    """What a place and a run say that interventions have to fit."""
    groups = (*(group.key for group in place.groups), *(tag.key for tag in place.tags))
    return Setting(start, months, (*groups, "marginalised"), place.facts.villages)


def available_interventions() -> tuple[str, ...]:
    """Names of the interventions that come with Parley."""
    return available("interventions")


def load_intervention(name: str | Path, near: Path | None = None) -> Draft:
    """Read an intervention file.

    Args:
        name: The name of one that comes with Parley, or the path of a file.
        near: Folder from which a relative path starts; None for the working directory.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    path = find(name, "interventions", near)
    data = read_with_parents(path, "interventions")
    reading = Reading(str(path), frozenset(load_registry().references))
    table = Table(reading, data)
    table.text("label")
    for name_of in ("source", "grade"):
        if not table.has(name_of):
            table.fail(name_of, "is missing", "where the idea comes from, and how well it is known")
    draft = _read(table, None)
    table.close(_KEYS)
    reading.stop_if_wrong()
    return draft


def read_interventions(
    tables: Iterable[Table], near: Path | None, setting: Setting | None
) -> tuple[Intervention, ...]:
    """The tables `[[interventions]]` of a scenario, in their order.

    Args:
        tables: One table for each; problems are noted in its reading.
        near: Folder from which a relative path of a base starts.
        setting: What they have to fit; None when place or run are wrong already.
    """
    found = []
    for table in tables:
        base_name, base = _base(table, near)
        draft = _read(table, base)
        key = table.text("name", base_name or draft.kind)
        table.close(("base", "name", *_KEYS))
        if setting is not None:
            found.append(_resolve(draft, table, key, setting))
    return tuple(found)


def tables_of(table: Table) -> list[Table]:
    """The entries of `interventions` in a scenario; a name alone stands for a table with a base."""
    raw = table.data.get("interventions")
    if not isinstance(raw, list | tuple) or not any(isinstance(item, str) for item in raw):
        return table.list_of_tables("interventions")
    entries = [parse(item) if isinstance(item, str) else item for item in raw]
    table.has("interventions")
    return Table(table.reading, {"interventions": entries}, table.at).list_of_tables(
        "interventions"
    )


def _base(table: Table, near: Path | None) -> tuple[str, Draft | None]:
    """The file that a table starts from, if any: its name and what it says."""
    if not table.has("base"):
        return "", None
    name = table.text("base")
    if table.has("kind"):
        table.fail("kind", "the base has a kind already", "", "leave out kind or base")
    at = (table.key("base"), table.data["base"])
    found = open_named(table.reading, at, name or ".toml", "interventions", near, load_intervention)
    return ("", _EMPTY) if found is None else (Path(name).stem, found)


def _read(table: Table, base: Draft | None) -> Draft:
    """Everything but the place and the run; what is left out comes from the base or a default."""
    kind = _kind(table) if base is None else load_kinds().get(base.kind)
    start = base or _EMPTY
    default_payer = start.payer or (kind.payers[0] if kind else "donor")
    source = table.text("source", start.source)
    if table.has("source"):
        table.check_source("source", source)
    return Draft(
        label=table.text("label", start.label or (kind.label if kind else "")),
        kind=kind.key if kind else "",
        strengths=_strengths(table.table("strengths"), kind, start),
        first=_when(table, "first", start.first) or 0,
        last=_when(table, "last", start.last),
        ramp_months=table.integer("ramp_months", RAMP, start.ramp_months) or 1,
        coverage=table.number("coverage", SHARE, start.coverage),
        eligible=cast("tuple[str, ...]", _list(table, "eligible", str, start.eligible)),
        villages=cast("tuple[int, ...]", _list(table, "villages", int, start.villages)),
        payer=_payer(table, kind, default_payer),
        source=source,
        grade=table.choice("grade", GRADES, start.grade),
        note=table.text("note", start.note),
    )


_EMPTY = Draft("", "", (), 0, None, 1, 1.0, (), (), "", "assumption", "assumption", "")


def _kind(table: Table) -> Kind | None:
    """The kind, if there is such a one and its rules are built."""
    kinds = load_kinds()
    if not table.has("kind"):
        step = "or base = the name of an intervention"
        table.fail("kind", "is missing", ", ".join(kinds), step)
        return None
    name = table.text("kind")
    if name not in kinds:
        hint = did_you_mean(name, kinds)
        table.fail("kind", "unknown kind of intervention", ", ".join(kinds), hint)
        return None
    return kinds[name]


def _strengths(table: Table, kind: Kind | None, start: Draft) -> tuple[tuple[str, float], ...]:
    """Every strength of the kind: given, of the base, or the default."""
    if kind is None:
        return ()
    old = dict(start.strengths)
    values = tuple(
        (rule.name, table.number(rule.name, rule, old.get(rule.name, rule.default)))
        for rule in kind.strengths
    )
    table.close()
    return values


def _payer(table: Table, kind: Kind | None, default: str) -> str:
    """Who pays: one of those who may pay for the kind."""
    if kind is not None:
        return table.choice("payer", kind.payers, default)
    table.has("payer")
    return default


def _when(table: Table, name: str, default: int | date | None) -> int | date | None:
    """A month of the run: a number from 0, or a date."""
    if not table.has(name):
        return default
    raw = table.data[name]
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return int(table.number(name, MONTH))
    return check_date(table.reading, table.key(name), raw).replace(day=1)


def _list(table: Table, name: str, of: type, default: tuple[Any, ...]) -> tuple[Any, ...]:
    """A list of words or whole numbers; one alone may stand without brackets."""
    if not table.has(name):
        return default
    raw = table.data[name]
    items = raw if isinstance(raw, list | tuple) else [raw]
    if all(isinstance(item, of) and not isinstance(item, bool) for item in items):
        return tuple(dict.fromkeys(items))
    allowed = "groups or tags of the place" if of is str else "villages, counted from 1"
    table.fail(name, "is not a list of such", allowed)
    return ()


def _resolve(draft: Draft, table: Table, key: str, setting: Setting) -> Intervention:
    """Fit a draft into a scenario; what does not fit is noted."""
    kind = load_kinds().get(draft.kind)
    _check_reach(draft, table, setting, kind)
    first, last = _months(draft, table, setting)
    fields = {f.name: getattr(draft, f.name) for f in dataclasses.fields(draft)}
    villages = tuple(sorted(village - 1 for village in draft.villages))
    eligible = tuple(sorted(draft.eligible))
    fields |= {"paid_by": fields.pop("payer")}
    fields |= {"first": first, "last": last, "villages": villages, "eligible": eligible}
    return Intervention(key=key, **fields)


def _months(draft: Draft, table: Table, setting: Setting) -> tuple[int, int | None]:
    """First and last month of the run, from 0."""

    def index(when: int | date) -> int:
        return months_between(setting.start, when) if isinstance(when, date) else when

    before = len(table.reading.problems)
    first = index(draft.first)
    last = None if draft.last is None else index(draft.last)
    end = month_after(setting.start, setting.months - 1)
    allowed = f"{setting.start:%Y-%m} to {end:%Y-%m}, or 0 to {setting.months - 1}"
    wrong = {problem.key for problem in table.reading.problems[:before]}
    for name, month in (("first", first), ("last", last)):
        if month is not None and not 0 <= month < setting.months and table.key(name) not in wrong:
            step = "change it, or the start or the months of the run"
            step += "" if name == "first" else "; leave `last` out to go on to the end"
            table.fail(name, "falls outside the run", allowed, step)
    if len(table.reading.problems) == before and last is not None and last < first:
        table.fail("last", "lies before the first month", "the first month or a later one")
    return first, last


def _check_reach(draft: Draft, table: Table, setting: Setting, kind: Kind | None) -> None:
    """Groups, tags and villages exist, and the kind is delivered to such."""
    if kind is None:
        return
    if draft.eligible and kind.reach != "people":
        table.fail("eligible", f"{kind.key} does not reach single people", "", "leave it out")
    elif draft.villages and kind.reach == "site":
        table.fail("villages", f"{kind.key} is for the whole site", "", "leave it out")
    for name in draft.eligible if kind.reach == "people" else ():
        if name not in setting.groups:
            hint = did_you_mean(name, setting.groups)
            what = f"the place has no group or tag {name!r}"
            table.fail("eligible", what, ", ".join(setting.groups), hint)
    odd = [village for village in draft.villages if not 1 <= village <= setting.villages]
    if odd and kind.reach != "site":
        what = f"there is no village {', '.join(map(str, odd))}"
        table.fail("villages", what, f"1 to {setting.villages}")


def add_interventions(
    given: Sequence[Any], setting: Setting, source: str = "with_interventions"
) -> tuple[Intervention, ...]:
    """Interventions given by a caller instead of a file.

    Args:
        given: Names (`"cash_transfer"`, with changes as `"cash_transfer:coverage=0.5"`), tables
            with the keys of a scenario file, or interventions.
        setting: What they have to fit.
        source: What messages name in place of a file.

    Raises:
        ScenarioError: Something is wrong; all problems at once.
    """
    reading = Reading(source, frozenset(load_registry().references))
    found: list[Intervention] = []
    for at, item in enumerate(given):
        if isinstance(item, Intervention):
            found.append(item)
            continue
        raw = parse(item) if isinstance(item, str | Path) else item
        key = (
            str(item).partition(":")[0] if isinstance(item, str | Path) else f"interventions[{at}]"
        )
        if not isinstance(raw, Mapping):
            step = "give a name, a table or an Intervention"
            reading.fail(key, None, "is no intervention", "", step)
            continue
        found += read_interventions([Table(reading, raw, key)], None, setting)
    reading.stop_if_wrong()
    return tuple(found)


def parse(text: str | Path) -> dict[str, Any]:
    """A name with changes, as on the command line, as a table of a scenario file.

    Changes follow a colon: `coverage=0.5,first=2014-01,eligible=youth+displaced,amount=0.2`; what
    is no key of delivery is a strength.

    >>> parse("cash_transfer:coverage=0.5,eligible=youth+displaced,amount=0.2")["strengths"]
    {'amount': 0.2}
    """
    name, _, changes = str(text).partition(":")
    table: dict[str, Any] = {"base": name.strip()}
    if changes.strip():
        table["name"] = str(text).strip()
    strengths: dict[str, Any] = {}
    for change in changes.split(",") if changes.strip() else ():
        key, _, value = (part.strip() for part in change.partition("="))
        target = table if key in _KEYS or key == "base" else strengths
        target[key] = _word(key, value)
    if strengths:
        table["strengths"] = strengths
    return table


def _word(key: str, text: str) -> str | float | list[Any]:
    """One value of the command line: a list, a number or a word."""
    if key in ("eligible", "villages"):
        return [_word("", part) for part in text.split("+")]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
