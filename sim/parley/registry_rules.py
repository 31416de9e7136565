"""What a registry must satisfy before anything may use it.

Every rule that fails adds a `Problem`; the `RegistryError` at the end lists them all. An entry
without a source or a grade does not load. "Assumption" is an honest source; empty is not.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

from parley import registry as types
from parley.errors import Problem, RegistryError, did_you_mean
from parley.registry import (
    ASSUMPTION,
    Dial,
    Outcome,
    Parameter,
    Prior,
    Reference,
    Registry,
    Section,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_KINDS: tuple[types.Kind, ...] = get_args(types.Kind.__value__)
_ROLES: tuple[types.Role, ...] = get_args(types.Role.__value__)
_GRADES: tuple[types.Grade, ...] = get_args(types.Grade.__value__)
_PILLARS: tuple[types.Pillar, ...] = get_args(types.Pillar.__value__)
_PRIORS: tuple[types.PriorKind, ...] = get_args(types.PriorKind.__value__)
_MEASURES: tuple[types.Measure, ...] = get_args(types.Measure.__value__)
_AGGREGATES: tuple[types.Aggregate, ...] = get_args(types.Aggregate.__value__)
_DIRECTIONS: tuple[types.Direction, ...] = get_args(types.Direction.__value__)
_SKILLS: tuple[types.Skill, ...] = get_args(types.Skill.__value__)
_LEVELS: tuple[types.Level, ...] = get_args(types.Level.__value__)


@dataclass
class _Table:
    """One table of a file: reads typed values and remembers what was wrong with it."""

    file: str
    key: str
    raw: Mapping[str, Any]
    problems: list[Problem]
    read: set[str] = field(default_factory=set)

    def fail(self, name: str, message: str, allowed: str = "") -> None:
        """Note that the value called `name` is wrong."""
        key = f"{self.key}.{name}" if name else self.key
        self.problems.append(Problem(self.file, key, self.raw.get(name), message, allowed))

    def text(self, name: str, *, required: bool = True) -> str:
        """A string; empty when absent or wrong."""
        self.read.add(name)
        value = self.raw.get(name, "")
        if not isinstance(value, str):
            self.fail(name, "expected text")
            return ""
        if not value.strip() and (required or name in self.raw):
            self.fail(name, "missing")
        return value

    def word[W: str](self, name: str, choices: tuple[W, ...]) -> W:
        """One of a few words; the first of them when it is wrong."""
        self.read.add(name)
        value = self.raw.get(name)
        for choice in choices:
            if value == choice:
                return choice
        self.fail(name, "missing" if value is None else "unknown word", ", ".join(choices))
        return choices[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """One string or a list of them, at least one."""
        self.read.add(name)
        value = self.raw.get(name)
        items = [value] if isinstance(value, str) else value
        if not items or items == [""]:
            self.fail(name, "missing")
        elif not isinstance(items, list) or not all(isinstance(i, str) and i for i in items):
            self.fail(name, "expected text or a list of texts")
        elif len(set(items)) < len(items):
            self.fail(name, "named twice")
        else:
            return tuple(items)
        return ()

    def number(self, name: str, *, required: bool = False) -> float | None:
        """A finite number, None when absent."""
        self.read.add(name)
        value = self.raw.get(name)
        if value is None:
            if required:
                self.fail(name, "missing")
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e300:
            self.fail(name, "expected a finite number")
            return None
        return value

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        for name in self.raw.keys() - self.read:
            self.fail(name, f"unknown key; {did_you_mean(name, self.read)}".rstrip("; "))

    def tables(self) -> Iterator[tuple[str, _Table]]:
        """The tables inside this one, with their names; anything else is a problem."""
        for name, value in self.raw.items():
            if name in self.read:
                continue
            if not isinstance(value, dict):
                self.fail(name, "expected a table")
            elif not _NAME.fullmatch(name):
                self.fail(name, "expected a name in lower case with underscores")
            else:
                key = f"{self.key}.{name}" if self.key else name
                yield name, _Table(self.file, key, value, self.problems)


def read_registry(texts: Mapping[str, str]) -> Registry:
    """Read and check the whole registry.

    Args:
        texts: Contents of `parameters.toml`, `outcomes.toml`, `dials.toml` and
            `references.toml`, by these names.

    Raises:
        RegistryError: Something is wrong; the message has one line for each problem.
    """
    problems: list[Problem] = []
    roots = {name: _parse(name, text, problems) for name, text in texts.items()}
    references = {
        name: _reference(name, table) for name, table in roots["references.toml"].tables()
    }
    dials = tuple(_dial(name, table) for name, table in roots["dials.toml"].tables())
    sections, parameters = _sections(roots["parameters.toml"])
    keys = {dial.key for dial in dials}
    outcomes = tuple(_outcome(n, table, keys) for n, table in roots["outcomes.toml"].tables())
    _check_sources(parameters, outcomes, dials, references, problems)
    _check_duplicates(dials, references, problems)
    if problems:
        raise RegistryError("\n".join(map(str, problems)))
    digest = _digest(parameters, outcomes, dials)
    return Registry(sections, parameters, outcomes, dials, references, digest)


def _parse(file: str, text: str, problems: list[Problem]) -> _Table:
    """The top table of a file; an empty one when the file is not TOML (or repeats a table)."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(file, "", None, f"not valid TOML: {error}"))
        raw = {}
    return _Table(file, "", raw, problems)


def _sections(root: _Table) -> tuple[tuple[Section, ...], dict[str, Parameter]]:
    """All sections of `parameters.toml` and the entries inside them."""
    sections: list[Section] = []
    parameters: dict[str, Parameter] = {}
    for name, table in root.tables():
        title, block = table.text("title"), table.text("block")
        sections.append(Section(name, title, block, table.text("null", required=False)))
        for item, entry in table.tables():
            parameters[entry.key] = _parameter(name, item, block, entry)
    return tuple(sections), parameters


def _parameter(section: str, name: str, block: str, table: _Table) -> Parameter:
    """One entry of `parameters.toml`."""
    kind = table.word("type", _KINDS) if "type" in table.raw else "number"
    role = table.word("role", _ROLES)
    parameter = Parameter(
        key=table.key,
        section=section,
        name=name,
        label=table.text("label"),
        description=table.text("description"),
        unit=table.text("unit"),
        block=block,
        kind=kind,
        minimum=table.number("minimum"),
        maximum=table.number("maximum"),
        default=table.number("default", required=role != "place"),
        prior=_prior(table, integer=kind == "integer"),
        role=role,
        sources=() if role == "place" else table.texts("source"),
        where=table.text("where", required=False),
        grade=None if role == "place" else table.word("grade", _GRADES),
        null=table.number("null", required=role == "switch"),
    )
    _check_parameter(parameter, table)
    table.finish()
    return parameter


def _prior(table: _Table, *, integer: bool) -> Prior | None:
    """The `prior` of an entry, None when absent or wrong."""
    table.read.add("prior")
    raw = table.raw.get("prior")
    if raw is None:
        return None
    if not isinstance(raw, dict):
        table.fail("prior", "expected a table with named fields")
        return None
    inner = _Table(table.file, f"{table.key}.prior", raw, table.problems)
    before = len(table.problems)
    kind = inner.word("kind", _PRIORS)
    low, high = inner.number("low", required=True), inner.number("high", required=True)
    mode = inner.number("mode", required=True) if kind == "triangular" else None
    inflated = kind == "zero_inflated_uniform"
    mass = inner.number("mass_at_low", required=True) if inflated else 0.0
    inner.finish()
    if low is None or high is None or mass is None or len(table.problems) > before:
        return None
    if low >= high or (mode is not None and not low <= mode <= high):
        table.fail("prior", "expected low < high, with the mode between them")
    if inflated and not 0.0 < mass < 1.0:
        table.fail("prior", "expected a mass_at_low between 0 and 1")
    return Prior(kind, low, high, mode, mass, integer)


def _check_parameter(parameter: Parameter, table: _Table) -> None:
    """The rules that tie the fields of one entry together."""
    low, high, prior = parameter.minimum, parameter.maximum, parameter.prior
    if low is not None and high is not None and low >= high:
        table.fail("minimum", "not below the maximum")
    for name, value in (("default", parameter.default), ("null", parameter.null)):
        if value is not None and not parameter.allows(value):
            table.fail(name, "outside the bounds", parameter.allowed)
    if prior and not (parameter.allows(prior.low) and parameter.allows(prior.high)):
        table.fail("prior", "outside the bounds", parameter.allowed)
    is_place = parameter.role == "place"
    if is_place != (parameter.section == "place"):
        table.fail("role", "the role `place` belongs to the section `place` and to no other")
    for name in ("default", "prior", "source", "grade") if is_place else ():
        if name in table.raw:
            table.fail(name, "every place file gives its own value, source and grade")
            table.read.add(name)
    if parameter.kind == "vector6" and not is_place:
        table.fail("type", "only facts of a place may hold six numbers")
    if parameter.role in ("uncertainty", "switch") and "prior" not in table.raw:
        table.fail("prior", f"missing, but the role is {parameter.role}")
    published = parameter.grade in ("measured", "estimated elsewhere")
    if published and ASSUMPTION in parameter.sources:
        table.fail("grade", "an assumption cannot be graded as published")


def _outcome(name: str, table: _Table, dials: set[str]) -> Outcome:
    """One entry of `outcomes.toml`."""
    outcome = Outcome(
        name=name,
        label=table.text("label"),
        definition=table.text("definition"),
        unit=table.text("unit"),
        kind=table.word("kind", _MEASURES),
        aggregate=table.word("aggregate", _AGGREGATES),
        direction=table.word("direction", _DIRECTIONS),
        level=table.word("level", _LEVELS),
        path=table.texts("path"),
        whom=table.text("whom"),
        sources=table.texts("source"),
    )
    if len(outcome.path) < 2 or outcome.path[0] not in dials:
        table.fail("path", "expected a dial, then what it changes, down to the outcome")
    table.finish()
    return outcome


def _dial(name: str, table: _Table) -> Dial:
    """One entry of `dials.toml`."""
    dial = Dial(
        key=name,
        code=table.text("code"),
        label=table.text("label"),
        changes=table.text("changes"),
        hooks=table.texts("hooks"),
        needs=table.text("needs"),
        skill=table.word("skill", _SKILLS),
        help=table.text("help"),
        harm=table.text("harm"),
        source=table.text("source"),
        where=table.text("where", required=False),
        pillar=table.word("pillar", _PILLARS),
        lines=table.text("lines"),
        tests=table.texts("tests"),
    )
    table.finish()
    return dial


def _reference(name: str, table: _Table) -> Reference:
    """One entry of `references.toml`."""
    table.read.add("year")
    year = table.raw.get("year")
    if not isinstance(year, int | str) or not str(year).strip():
        table.fail("year", "missing", "a year, a span such as '2010-2018', or 'undated'")
    reference = Reference(
        key=name,
        authors=table.text("authors"),
        year=str(year),
        title=table.text("title"),
        **{
            optional: table.text(optional, required=False)
            for optional in ("where", "doi", "url", "licence", "note", "used_in")
        },
    )
    if not (reference.where or reference.address):
        table.fail("where", "missing; say who published it, or give a doi or url")
    table.finish()
    return reference


def _check_sources(
    parameters: Mapping[str, Parameter],
    outcomes: tuple[Outcome, ...],
    dials: tuple[Dial, ...],
    references: Mapping[str, Reference],
    problems: list[Problem],
) -> None:
    """Every source is a known reference or the word `assumption`, alone."""
    named = [("parameters.toml", key, entry.sources) for key, entry in parameters.items()]
    named += [("outcomes.toml", entry.name, entry.sources) for entry in outcomes]
    named += [("dials.toml", entry.key, (entry.source,)) for entry in dials]
    for file, key, sources in named:
        for source in sources:
            if source == ASSUMPTION and len(sources) > 1:
                text = "either references or the word `assumption`, not both"
                problems.append(Problem(file, f"{key}.source", sources, text))
            elif source and source != ASSUMPTION and source not in references:
                hint = did_you_mean(source, references)
                text = "no such key in references.toml"
                problems.append(Problem(file, f"{key}.source", source, text, "", hint))


def _check_duplicates(
    dials: tuple[Dial, ...], references: Mapping[str, Reference], problems: list[Problem]
) -> None:
    """Codes of dials and DOIs of publications are used once."""
    codes = [("dials.toml", dial.key, dial.code) for dial in dials]
    dois = [("references.toml", r.key, r.doi.lower()) for r in references.values() if r.doi]
    first: dict[tuple[str, str], str] = {}
    for file, key, value in (*codes, *dois):
        other = first.setdefault((file, value), key)
        if other != key:
            problems.append(Problem(file, key, value, f"already used by {other}"))


def _digest(
    parameters: Mapping[str, Parameter], outcomes: tuple[Outcome, ...], dials: tuple[Dial, ...]
) -> str:
    """SHA-256 of what can change a number, independent of wording and of sources."""
    content = {
        "parameters": [
            [p.key, p.unit, p.kind, p.minimum, p.maximum, p.default, p.role, p.null]
            + ([] if p.prior is None else list(dataclasses.astuple(p.prior)))
            for p in parameters.values()
        ],
        "outcomes": [[o.name, o.unit, o.kind, o.aggregate, o.direction, o.level] for o in outcomes],
        "dials": [[d.key, d.hooks, d.skill] for d in dials],
    }
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
