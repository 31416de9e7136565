"""Parameters that a file or a caller sets: names, units and ranges held against the registry."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from dataclasses import replace

from parley.errors import did_you_mean
from parley.parameters import Parameters
from parley.reading import Reading, Table
from parley.registry import Parameter, load_registry


def read_changes(table: Table) -> dict[str, float]:
    """The table `[parameters]` of a scenario or place.

    Args:
        table: Sections with names inside (`trust.asymmetry_max = 1.5`), or quoted full names. A
            value is a number, or a table `{ value, unit, why, ... }`.

    Returns:
        `section.name` to value; what is wrong is noted in the reading and left out.
    """
    known = load_registry().parameters
    sections = {parameter.section for parameter in known.values()}
    changes: dict[str, float] = {}
    for head, content in table.data.items():
        if head in sections and isinstance(content, Mapping):
            inner = table.table(head)
            for name in content:
                _read_one(inner, name, f"{head}.{name}", changes)
        else:
            _read_one(table, head, head, changes)
    return changes


def _read_one(table: Table, name: str, key: str, changes: dict[str, float]) -> None:
    """One parameter, if there is such a one."""
    known = load_registry().parameters
    if key not in known:
        table.fail(name, "unknown parameter", "", _suggestion(key, known))
    elif known[key].role == "place":
        step = "set it under [facts] of a place file that extends the place"
        table.fail(name, "is a fact of the place, not a parameter", "", step)
    elif key in changes:
        table.fail(name, "is given twice", "", "keep one of the two")
    else:
        changes[key] = table.number(name, known[key])


def _suggestion(key: str, known: Mapping[str, Parameter]) -> str:
    """The closest full names; a bare name finds its section."""
    same = [full for full in known if full.partition(".")[2] == key]
    if same:
        return f"did you mean {same[0]!r}?"
    step = "`parley params` lists all parameters"
    near = did_you_mean(key, known)
    if not near and "." not in key:
        names = {full.partition(".")[2]: full for full in known}
        near = did_you_mean(key, names) or did_you_mean(key, {f.partition(".")[0] for f in known})
    return near or step


def change_parameters(parameters: Parameters, changes: Mapping[str, float]) -> Parameters:
    """A copy of the parameters with some of them changed.

    Args:
        parameters: The parameters to start from.
        changes: `section.name` to value; NumPy numbers are taken as well.

    Raises:
        ScenarioError: A name is unknown or a value not allowed; all problems at once.
    """
    reading = Reading("parameters")
    checked: dict[str, float] = {}
    table = Table(reading, {key: plain_number(value) for key, value in changes.items()})
    for key in changes:
        _read_one(table, key, key, checked)
    reading.stop_if_wrong()
    known = load_registry().parameters
    changed: dict[str, dict[str, float]] = {}
    for key, value in checked.items():
        number = int(value) if known[key].integer else value
        changed.setdefault(known[key].section, {})[known[key].name] = number
    sections = {name: replace(getattr(parameters, name), **new) for name, new in changed.items()}
    return replace(parameters, **sections)


def plain_number(value: object) -> object:
    """A NumPy number as Python's own; anything else unchanged."""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, numbers.Integral):
        return int(value)
    return float(value) if isinstance(value, numbers.Real) else value
