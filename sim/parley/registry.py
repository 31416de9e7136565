"""The registry: every number, every measured quantity and every practice, as data.

Four files hold it: `parameters.toml`, `outcomes.toml`, `dials.toml` (in this package) and
`references.toml` (beside the scenarios). `parley.registry_rules` reads and checks them; here are
the types that come out and the ways to turn numbers into the frozen `Parameters` of a run.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_type_hints

from parley.errors import Problem, ScenarioError, did_you_mean
from parley.parameters import Parameters
from parley.paths import package_file, scenarios_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

type Kind = Literal["number", "integer", "vector6"]
type Role = Literal["lever", "uncertainty", "switch", "place"]
type Grade = Literal["measured", "estimated elsewhere", "expert", "assumption"]
type Measure = Literal["stock", "flow", "share", "index"]
type Aggregate = Literal["last", "mean", "sum"]
type Direction = Literal["higher", "lower", "neither"]
type Level = Literal["group", "site", "run"]
type Skill = Literal["facilitate", "account", "monitor", "negotiate", "technical"]
type Pillar = Literal["principles", "processes", "tools", "beside"]
type PriorKind = Literal["uniform", "triangular", "zero_inflated_uniform"]

ASSUMPTION = "assumption"
"""The source of a number that nobody has published."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed about a number before any data, for designs that sweep it.

    Attributes:
        kind: `uniform`, `triangular`, or `zero_inflated_uniform`, which puts `mass_at_low` on the
            lower end (the value that switches a mechanism off) and spreads the rest evenly.
        low: Lower end, in the unit of the parameter.
        high: Upper end, above `low`.
        mode: Most likely value of a triangular prior, else None.
        mass_at_low: Probability of exactly `low`, in [0, 1); 0 unless zero-inflated.
        integer: Whether draws are whole numbers.
    """

    kind: PriorKind
    low: float
    high: float
    mode: float | None = None
    mass_at_low: float = 0.0
    integer: bool = False

    def ppf(self, u: float) -> float:
        """Quantile at probability `u` in [0, 1]; never falls when `u` rises.

        Whole numbers from `low` to `high` are equally likely under an integer uniform prior.

        Raises:
            ValueError: `u` is not a probability.

        >>> Prior("uniform", 1.0, 3.0).ppf(0.25)
        1.5
        >>> Prior("zero_inflated_uniform", 0.0, 0.4, mass_at_low=0.5).ppf(0.5)
        0.0
        """
        if not 0.0 <= u <= 1.0:
            raise ValueError(f"a probability lies between 0 and 1, not {u!r}")
        low, high = self.low, self.high
        if self.integer:
            low, high = low - 0.5, high + 0.5
        if self.kind == "triangular":
            value = _triangular(u, low, self.low if self.mode is None else self.mode, high)
        elif u <= self.mass_at_low and self.mass_at_low > 0.0:
            value = self.low
        else:
            share = (u - self.mass_at_low) / (1.0 - self.mass_at_low)
            value = low + share * (high - low)
        if self.integer:
            value = math.floor(value + 0.5)
        return min(max(value, self.low), self.high)


def _triangular(u: float, low: float, mode: float, high: float) -> float:
    """Quantile of the triangular distribution with the given corners."""
    if u * (high - low) < mode - low:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _plain(limit: float) -> str:
    """A limit as a file may state it: 20_000_000 and not 2e+07."""
    return f"{limit:_.0f}" if limit >= 10**6 else f"{limit:g}"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model.

    Attributes:
        key: `section.name`, unique.
        section: Block of the model that reads it, as a field of `Parameters`; `place` for facts.
        name: Name within the section.
        label: Short label.
        description: One sentence for a reader who has not seen the equations.
        unit: Unit.
        block: Block of the model description, `M0` to `M24`.
        kind: `number`, `integer` or `vector6` (six numbers, one for each kind of need).
        minimum: Smallest allowed value, None for no limit.
        maximum: Largest allowed value, None for no limit.
        default: Value when nothing else is said; None for facts, which every place gives itself.
        prior: Belief to sweep over; None for facts.
        role: `lever` (a choice), `uncertainty` (swept), `switch` (turns a mechanism on), `place`.
        sources: Keys of references, or `("assumption",)`; empty for facts, whose source stands in
            the place file.
        where: Table or page in the source, and what it does not say; else empty.
        grade: How well the value is known; with `assumption` a source stands behind the mechanism,
            not the number. None for facts.
        null: Value that switches the mechanism off, None when there is none.
    """

    key: str
    section: str
    name: str
    label: str
    description: str
    unit: str
    block: str
    kind: Kind
    minimum: float | None
    maximum: float | None
    default: float | None
    prior: Prior | None
    role: Role
    sources: tuple[str, ...]
    where: str
    grade: Grade | None
    null: float | None

    @property
    def integer(self) -> bool:
        """Whether only whole numbers are allowed."""
        return self.kind == "integer"

    @property
    def source(self) -> str:
        """Keys of the references, or `assumption`."""
        return "; ".join(self.sources)

    @property
    def allowed(self) -> str:
        """What a scenario may set, in words and with the unit."""
        noun = "a whole number" if self.integer else "a number"
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            limits = f" from {_plain(low)} to {_plain(high)}"
        elif low is not None:
            limits = f" of at least {_plain(low)}"
        else:
            limits = "" if high is None else f" of at most {_plain(high)}"
        each = "six of: " if self.kind == "vector6" else ""
        return f"{each}{noun}{limits} ({self.unit})"

    def allows(self, value: object) -> bool:
        """Whether one number is finite, whole where it must be, and inside the bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if not math.isfinite(value) or (self.integer and value != int(value)):
            return False
        return (self.minimum is None or value >= self.minimum) and (
            self.maximum is None or value <= self.maximum
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measured quantity.

    Attributes:
        name: Name of its column in results.
        label: Short label.
        definition: One sentence saying what is measured.
        unit: Unit.
        kind: `stock`, `flow`, `share` or `index`.
        aggregate: How months become one number: `last`, `mean` or `sum`.
        direction: `higher` or `lower` is better for those named in `whom`, or `neither`.
        level: `group` (a value per reporting group), `site`, or `run` (known at the end only).
        path: Shortest chain of causes from a dial to the outcome, the dial first.
        whom: Whose quantity it is.
        sources: Keys of references for the definition, or `("assumption",)`.
    """

    name: str
    label: str
    definition: str
    unit: str
    kind: Measure
    aggregate: Aggregate
    direction: Direction
    level: Level
    path: tuple[str, ...]
    whom: str
    sources: tuple[str, ...]

    @property
    def by_group(self) -> bool:
        """Whether every reporting group has its own value."""
        return self.level == "group"

    @property
    def rule_steps(self) -> int:
        """Rules between the nearest dial and the outcome (count)."""
        return len(self.path) - 1

    @property
    def level_unit(self) -> str:
        """Unit of the outcome once its months are one number."""
        return self.unit.removesuffix(" per month") if self.aggregate == "sum" else self.unit

    @property
    def near_tautological(self) -> bool:
        """Whether a dial reaches the outcome in two rules or fewer."""
        return self.rule_steps <= 2

    @property
    def source(self) -> str:
        """Keys of the references, or `assumption`."""
        return "; ".join(self.sources)


@dataclass(frozen=True, slots=True)
class Dial:
    """One of the eighteen partnering practices.

    Attributes:
        key: Name, as in scenario files.
        code: Short code.
        label: Short label.
        changes: The inputs of rules that it changes; it changes nothing else.
        hooks: Blocks of the model that read its level.
        needs: What it costs.
        skill: Skill that carrying it out takes.
        help: Why it can help.
        harm: Why it can hurt.
        source: Key of the reference that proposes it.
        where: Page or heading in that reference.
        pillar: `principles`, `processes`, `tools`, or `beside` the framework.
        lines: Lines of the plain text of that reference that it stands for.
        tests: Tests that hold what it changes, as paths with names.
    """

    key: str
    code: str
    label: str
    changes: str
    hooks: tuple[str, ...]
    needs: str
    skill: Skill
    help: str
    harm: str
    source: str
    where: str
    pillar: Pillar
    lines: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """One publication or data set, named by its original publisher.

    Attributes:
        key: Key used in `source`.
        authors: Authors or publishing body.
        year: Year or span of years, or `undated`.
        title: Title.
        where: Journal, series or publisher.
        doi: DOI without a prefix, else empty.
        url: Address at the publisher, else empty.
        licence: Licence and attribution of data, else empty.
        note: What a reader should know about its quality, else empty.
        used_in: Where it is used when no file of the registry or scenario names it, else empty.
    """

    key: str
    authors: str
    year: str
    title: str
    where: str = ""
    doi: str = ""
    url: str = ""
    licence: str = ""
    note: str = ""
    used_in: str = ""

    @property
    def address(self) -> str:
        """Where to read it: the DOI's address, else the publisher's, else empty."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True)
class Section:
    """A group of parameters read together.

    Attributes:
        key: Field of `Parameters`, or `place`.
        title: Heading.
        block: Block of the model description.
        null: How the whole block is switched off, in words.
    """

    key: str
    title: str
    block: str
    null: str


@dataclass(frozen=True, slots=True)
class Registry:
    """All of it, checked.

    Attributes:
        sections: Sections in the order of the file.
        parameters: `section.name` to parameter, in the order of the file.
        outcomes: Measured quantities.
        dials: The eighteen practices, in their fixed order.
        references: Key to publication.
        digest: SHA-256 of all that can change a number; labels and sources are left out.
    """

    sections: tuple[Section, ...]
    parameters: Mapping[str, Parameter]
    outcomes: tuple[Outcome, ...]
    dials: tuple[Dial, ...]
    references: Mapping[str, Reference]
    digest: str


@functools.cache
def load_registry() -> Registry:
    """Read and check the registry, once per process.

    Raises:
        RegistryError: It does not read or contradicts itself; the message lists every problem.
    """
    from parley.registry_rules import read_registry

    names = ("parameters.toml", "outcomes.toml", "dials.toml")
    paths = [*map(package_file, names), scenarios_folder() / "references.toml"]
    return read_registry({path.name: path.read_text("utf-8") for path in paths})


def default_parameters() -> Parameters:
    """Every parameter at its default."""
    return build_parameters({})


def build_parameters(values: Mapping[str, float]) -> Parameters:
    """The parameters of a run: the defaults with some values changed.

    Args:
        values: `section.name` to value, e.g. `{"trust.asymmetry_max": 1.5}`.

    Raises:
        ScenarioError: A name is unknown or a value not allowed; all problems at once.
    """
    known = {p.key: p for p in load_registry().parameters.values() if p.role != "place"}
    problems: list[Problem] = []
    numbers = {key: p.default for key, p in known.items()}
    for key, value in values.items():
        if key not in known:
            hint = did_you_mean(key, known)
            problems.append(Problem("parameters", key, value, "unknown parameter", "", hint))
        elif not known[key].allows(value):
            problems.append(Problem("parameters", key, value, "not allowed", known[key].allowed))
        else:
            numbers[key] = int(value) if known[key].integer else float(value)
    if problems:
        raise ScenarioError(problems)
    sections: dict[str, dict[str, float | None]] = {}
    for key, parameter in known.items():
        sections.setdefault(parameter.section, {})[parameter.name] = numbers[key]
    classes = get_type_hints(Parameters)
    return Parameters(**{name: of(**sections.get(name, {})) for name, of in classes.items()})


def parameter_values(parameters: Parameters) -> dict[str, float]:
    """The reverse of `build_parameters`: `section.name` to value, complete."""
    return {
        f"{section.name}.{item.name}": getattr(getattr(parameters, section.name), item.name)
        for section in dataclasses.fields(parameters)
        for item in dataclasses.fields(getattr(parameters, section.name))
    }
