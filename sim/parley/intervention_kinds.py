"""The kinds of intervention as data: what each changes, its strengths, its reach and its payers.

Read from `interventions.toml`; the instrument of an intervention is one of these kinds.
"""

from __future__ import annotations

import functools
import math
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from parley.errors import RegistryError
from parley.paths import package_file

if TYPE_CHECKING:
    from collections.abc import Mapping

type Reach = Literal["people", "villages", "site"]

PAYERS: tuple[str, ...] = ("company", "state", "donor")
"""Who may pay for an intervention."""

_GRADES = ("measured", "estimated elsewhere", "expert", "assumption")


@dataclass(frozen=True, slots=True)
class Strength:
    """One number of a kind: how strong its effect is, or what it costs.

    Attributes:
        name: Name in files.
        label: Short label.
        description: One sentence.
        unit: Unit.
        minimum: Smallest allowed value.
        maximum: Largest allowed value.
        default: Value when nothing else is said.
        plausible: Lower and upper end of what is believed before any data.
        source: Keys of references, or `("assumption",)`.
        grade: How well the value is known.
        where: What the source says, else empty.
        null: Value that takes the effect away, None where there is none.
    """

    name: str
    label: str
    description: str
    unit: str
    minimum: float
    maximum: float
    default: float
    plausible: tuple[float, float]
    source: tuple[str, ...]
    grade: str
    where: str = ""
    null: float | None = None

    @property
    def allowed(self) -> str:
        """What is allowed, in words and with the unit."""
        return f"a number from {self.minimum:g} to {self.maximum:g} ({self.unit})"

    def allows(self, value: object) -> bool:
        """Whether a value is a finite number within the bounds."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return math.isfinite(value) and self.minimum <= value <= self.maximum


@dataclass(frozen=True, slots=True)
class Kind:
    """An instrument.

    Attributes:
        key: Name in files.
        label: Short label.
        changes: The inputs of rules that it changes; it changes nothing else.
        hooks: Blocks of the model whose rules read it.
        reach: What coverage counts: `people`, `villages`, or the `site` as a whole.
        payers: Who may pay, the usual payer first.
        needs: What it takes.
        help: Why it can help.
        harm: Why it can hurt.
        source: Keys of references, or `("assumption",)`.
        strengths: Its numbers.
        where: What the source says, else empty.
    """

    key: str
    label: str
    changes: str
    hooks: tuple[str, ...]
    reach: Reach
    payers: tuple[str, ...]
    needs: str
    help: str
    harm: str
    source: tuple[str, ...]
    strengths: tuple[Strength, ...]
    where: str = ""


@functools.cache
def load_kinds() -> Mapping[str, Kind]:
    """Read and check the kinds, once per process.

    Raises:
        RegistryError: The file does not read or contradicts itself.
    """
    try:
        raw = tomllib.loads(package_file("interventions.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RegistryError(f"interventions.toml: not valid TOML: {error}") from error
    return {key: _kind(key, entry) for key, entry in raw.items()}


def _kind(key: str, entry: Mapping[str, Any]) -> Kind:
    """One kind, checked."""
    given = {name: _plain(value) for name, value in entry.items() if name != "strengths"}
    strengths = tuple(
        _strength(f"{key}.{name}", name, row) for name, row in entry.get("strengths", {}).items()
    )
    try:
        kind = Kind(key=key, strengths=strengths, **given)
    except TypeError as error:
        raise RegistryError(f"interventions.toml: {key}: {error}") from error
    if not strengths or not kind.payers or not set(kind.payers) <= set(PAYERS):
        raise RegistryError(f"interventions.toml: {key}: needs strengths, and payers of {PAYERS}")
    if kind.reach not in ("people", "villages", "site"):
        raise RegistryError(f"interventions.toml: {key}.reach: unknown word {kind.reach!r}")
    return kind


def _strength(key: str, name: str, row: Mapping[str, Any]) -> Strength:
    """One number of a kind, checked."""
    try:
        strength = Strength(name=name, **{at: _plain(value) for at, value in row.items()})
    except TypeError as error:
        raise RegistryError(f"interventions.toml: {key}: {error}") from error
    if strength.grade not in _GRADES:
        raise RegistryError(f"interventions.toml: {key}.grade: unknown word {strength.grade!r}")
    low, high = strength.plausible
    numbers = [strength.default, low, high]
    numbers += [] if strength.null is None else [strength.null]
    if not all(strength.allows(number) for number in numbers):
        raise RegistryError(f"interventions.toml: {key}: default or another outside the bounds")
    if not low <= strength.default <= high:
        raise RegistryError(f"interventions.toml: {key}: default is not plausible")
    return strength


def _plain(value: object) -> Any:  # noqa: ANN401 - fields of several types
    """Lists as tuples, so that kinds can be hashed."""
    return tuple(value) if isinstance(value, list) else value
