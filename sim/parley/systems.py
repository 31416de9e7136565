"""Systems of the founding document as settings of the model: what each is, on and off.

`scenarios/systems.toml` holds one entry for each system: two settings of one world, on and off, a
window of months, the outcomes that must differ between them and those that may.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from parley.errors import Problem, ScenarioError, did_you_mean
from parley.paths import scenarios_folder
from parley.registry import load_registry
from parley.scenario import make_scenario
from parley.toml_files import merge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parley.scenario_types import Scenario

FILE = "systems.toml"
EVENTS = "events"
"""Stands for the record of events among the outcomes of an entry."""

_TEXTS = ("name", "lines", "setting")
_KEYS = {*_TEXTS, "months", "same_until", "on", "off", "must", "may"}


@dataclass(frozen=True, slots=True)
class System:
    """One system: two settings and what may differ between them.

    Attributes:
        key: `Y01` and so on.
        name: Its name.
        lines: Lines of the plain text of the document that describe it.
        setting: What is switched, in words.
        months: Length of the window (months).
        same_until: Months at the start in which nothing may differ yet.
        on: Keys of a scenario in which the system is at work.
        off: Keys of the same scenario without it.
        must: Outcomes that differ within the window.
        may: Outcomes that may differ; all others are the same to the bit.
    """

    key: str
    name: str
    lines: str
    setting: str
    months: int
    same_until: int
    on: Mapping[str, Any]
    off: Mapping[str, Any]
    must: tuple[str, ...]
    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Systems:
    """All systems, and the world that they share.

    Attributes:
        world: Keys of a scenario that hold in every setting.
        entries: The systems by key.
    """

    world: Mapping[str, Any]
    entries: Mapping[str, System]

    def scenario(self, system: System, *, on: bool) -> Scenario:
        """The world of a system, with it or without it.

        Raises:
            ScenarioError: The setting does not read; all problems at once.
        """
        keys = merge(self.world, system.on if on else system.off)
        return make_scenario(**cast("Any", {**keys, "months": system.months}))


def load_systems() -> Systems:
    """Read the file of systems.

    Raises:
        ScenarioError: An entry has unknown keys, outcomes or no contrast; all problems at once.
    """
    path = scenarios_folder() / FILE
    data = tomllib.loads(path.read_text("utf-8"))
    world, sets = data.pop("world"), data.pop("sets")
    problems: list[Problem] = []
    entries = {key: _entry(key, _spelled(table, sets), problems) for key, table in data.items()}
    if problems:
        raise ScenarioError(problems)
    return Systems(world, entries)


def _spelled(table: Mapping[str, Any], sets: Mapping[str, list[str]]) -> dict[str, Any]:
    """An entry whose words for several outcomes are spelled out, without those that must differ."""
    must = table.get("must", ())
    may = [name for word in table.get("may", ()) for name in sets.get(word, [word])]
    return {**table, "may": [name for name in may if name not in must]}


def _entry(key: str, table: Mapping[str, Any], problems: list[Problem]) -> System:
    """One entry, with its problems noted."""

    def fail(name: str, value: object, message: str, allowed: str = "", step: str = "") -> None:
        problems.append(Problem(FILE, f"{key}.{name}", value, message, allowed, step))

    for name in table.keys() - _KEYS:
        fail(name, None, "is an unknown key", ", ".join(sorted(_KEYS)), did_you_mean(name, _KEYS))
    for name in _TEXTS:
        if not table.get(name):
            fail(name, None, "is missing", "text")
    outcomes = {o.name for o in load_registry().outcomes if o.level != "run"} | {EVENTS}
    must, may = tuple(table.get("must", ())), tuple(table.get("may", ()))
    for name in (*must, *may):
        if name not in outcomes:
            fail("must", name, "is no outcome", "", did_you_mean(name, outcomes))
    for name in sorted(set(must) & set(may)):
        fail("may", name, "must differ already")
    if not (must and table.get("months") and table.get("on") != table.get("off")):
        fail("must", None, "has no contrast", "", "give on, off, months and must")
    return System(
        key=key,
        months=int(table.get("months", 1)),
        same_until=int(table.get("same_until", 0)),
        on=table.get("on", {}),
        off=table.get("off", {}),
        must=must,
        may=may,
        **{name: str(table.get(name, "")) for name in _TEXTS},
    )
