"""Stacks of partnering practices: rows of data over the same eighteen dials.

A stack comes from a file of `scenarios/practices`, from a file of one's own, or from the table
`[practices]` of a scenario, which starts from another stack (`base`) and changes some of it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

from parley.errors import ScenarioError
from parley.practice_types import DIALS, Phase, Practices
from parley.reading import GRADES, Bounds, Reading, Table, check_number
from parley.registry import load_registry
from parley.toml_files import VARIANTS, available, find, read_with_parents

LEVEL = Bounds(0.0, 1.0, "level of a dial")
"""The rule for an announced level."""

_SHARE = Bounds(0.0, 1.0, "share of the delivery budget")
_FROM = Bounds(0, 1199, "months after the start", integer=True)
_PRICE = Bounds(0.0, 10.0, "ratio")
_APART = Bounds(0.0, 1.0, "share")
_WORDS = {
    name: get_args(hint)
    for name, hint in get_type_hints(Practices).items()
    if name in ("owner", "payer", "admits", "initiator", "protection", "judge")
}
_SWITCHES = ("spends", "delivers", "hires_staff", "hooks_connected", "disclosure")
_NUMBERS = {
    "transfer_share": _SHARE,
    "price_multiplier": _PRICE,
    "forum_separation": _APART,
    "outside_share": _SHARE,
}
_OPTIONAL: dict[str, Any] = {
    "initiator": "owner",
    "disclosure": False,
    "protection": "none",
    "judge": "company",
    "forum_separation": 1.0,
    "outside_share": 0.0,
}
"""Attributes that a file may leave out, and what they are then."""

_MONTH = Bounds(0, 1199, "month of the run; 0 for none", integer=True)


def available_practices() -> tuple[str, ...]:
    """Names of the stacks that come with Parley."""
    return available("practices")


def available_variants() -> tuple[str, ...]:
    """Names of the variants of stacks that come with Parley, in a folder of their own."""
    return available(f"practices/{VARIANTS}")


def load_practices(name: str | Path, near: Path | None = None) -> Practices:
    """Read a stack of practices.

    Args:
        name: The name of a stack that comes with Parley, or the path of a file.
        near: Folder from which a relative path starts; None for the working directory.

    Returns:
        The stack; its key is the name of the file.

    Raises:
        ScenarioError: The file is missing or wrong; all problems at once.
    """
    path = find(name, "practices", near)
    data = read_with_parents(path, "practices")
    reading = Reading(str(path), frozenset(load_registry().references))
    table = Table(reading, data)
    table.check_source("source", table.text("source"))
    table.choice("grade", GRADES)
    table.text("where", "")
    if "phases" in data:
        practices = dataclasses.replace(read_phases(table, path.parent), key=path.stem)
        table.close()
        reading.stop_if_wrong()
        return practices
    practices = dataclasses.replace(_read(table, None), key=path.stem)
    table.close()
    reading.stop_if_wrong()
    return practices


def read_phases(table: Table, near: Path | None) -> Practices:
    """A stack that consists of other stacks, one after the other (`[[phases]]`).

    Args:
        table: The file; each phase names a `base`, from when it holds, and what differs from it.
        near: Folder from which a relative path of a base starts.

    Returns:
        The first phase with the label and note of the file, holding all phases.
    """
    label, note = table.text("label"), table.text("note", "")
    repeat = table.integer("repeat_months", _MONTH, 0)
    phases: list[Phase] = []
    for inner in table.list_of_tables("phases"):
        month = round(inner.number("from_month", _FROM))
        last = phases[-1].from_month if phases else -1
        if not phases and month != 0:
            step = "give what holds from the first month on"
            inner.fail("from_month", "the first phase is not at month 0", "0", step)
        elif month <= last:
            step = "put the phases in order"
            inner.fail("from_month", "is not after the phase before it", f"above {last}", step)
        elif repeat and month >= repeat:
            step = "let phases begin within the turn, or lengthen it"
            inner.fail("from_month", "begins after the turn ends", f"below {repeat}", step)
        phases.append(Phase(month, read_inline(inner, near, ("from_month",))))
    if not phases:
        table.fail("phases", "is empty", "at least one phase", "leave it out or add a phase")
        return EMPTY
    return dataclasses.replace(
        phases[0].practices,
        label=label,
        note=note,
        phases=tuple(phases),
        repeat_months=repeat,
    )


def read_inline(table: Table, near: Path | None, also: tuple[str, ...] = ()) -> Practices:
    """The table `[practices]` of a scenario: another stack, changed in part.

    Args:
        table: The table; its problems are noted in its reading.
        near: Folder from which a relative path of the base starts.
        also: Keys that somebody else reads.

    Returns:
        The changed stack, or an empty one when the base does not read.
    """
    name = file_name(table, "base", "practices", near)
    base = EMPTY
    if name:
        try:
            base = load_practices(name, near)
        except ScenarioError as error:
            table.reading.absorb(error)
    if base.phases:
        step = "name a stack without phases, or the stack as it is"
        table.fail("base", "consists of phases, which cannot be changed in part", "", step)
    practices = _read(table, base)
    key = table.text("name", f"{base.key}_changed")
    table.close(("base", "name", "dials", *_WORDS, *_SWITCHES, *also))
    return dataclasses.replace(practices, key=key)


def file_name(table: Table, key: str, folder: str, near: Path | None) -> str:
    """The name or path of a file that another file mentions.

    Args:
        table: The table that mentions it; an unknown name is noted in its reading.
        key: Key of the name.
        folder: `places` or `practices`.
        near: Folder from which a relative path starts.

    Returns:
        The name, or the empty string when there is no file of that name.
    """
    name = table.text(key)
    try:
        find(name or ".toml", folder, near)
    except ScenarioError as error:
        problem = error.problems[0]
        table.fail(key, problem.message, problem.allowed, problem.next_step)
        return ""
    return name


def change_dials(
    practices: Practices, levels: Mapping[str, float], *, key: str, label: str = ""
) -> Practices:
    """A copy with other announced levels, e.g. one practice taken out.

    Args:
        practices: The stack to start from.
        levels: Level in [0, 1] by name of the dial.
        key: Name of the copy.
        label: Label of the copy; empty to use the key.

    Raises:
        ScenarioError: A dial is unknown or a level is not allowed.
    """
    reading = Reading(key)
    nominal = _read_dials(Table(reading, levels, "dials"), practices.nominal)
    reading.stop_if_wrong()
    phases = tuple(
        dataclasses.replace(phase, practices=change_dials(phase.practices, levels, key=key))
        for phase in practices.phases
    )
    return dataclasses.replace(
        practices, nominal=nominal, key=key, label=label or key, phases=phases
    )


EMPTY = Practices(
    key="",
    label="",
    nominal=(0.0,) * len(DIALS),
    owner="company",
    payer="company",
    admits="organisations",
    protection="none",
    judge="company",
    forum_separation=1.0,
    spends=True,
    delivers=True,
    transfer_share=0.0,
    hires_staff=False,
    hooks_connected=True,
    price_multiplier=1.0,
    note="",
)
"""A stack without any practice: what is left when a file does not read."""


def _read(table: Table, base: Practices | None) -> Practices:
    """Attributes and dials; each is required unless there is a base to take it from."""
    fields: dict[str, Any] = {}
    for name, words in _WORDS.items():
        fields[name] = table.choice(name, words, getattr(base, name, _OPTIONAL.get(name)))
    for name in _SWITCHES:
        fields[name] = table.boolean(name, getattr(base, name, _OPTIONAL.get(name)))
    for name, rule in _NUMBERS.items():
        fields[name] = table.number(name, rule, getattr(base, name, _OPTIONAL.get(name)))
    fields["apology"] = table.integer("apology", _MONTH, getattr(base, "apology", 0))
    fields["label"] = table.text("label", getattr(base, "label", None))
    fields["note"] = table.text("note", "")
    old = (base or EMPTY).nominal
    return Practices(key="", nominal=_read_dials(table.table("dials"), old), **cast("Any", fields))


def _read_dials(table: Table, old: tuple[float, ...]) -> tuple[float, ...]:
    """Announced levels on top of old ones."""
    levels = dict(zip(DIALS, old, strict=True))
    for name in DIALS:
        if not table.has(name):
            continue
        levels[name] = check_number(table.reading, table.key(name), table.data[name], LEVEL)
    table.close()
    return tuple(levels.values())
