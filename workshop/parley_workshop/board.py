"""What a room has set up: the place, the stacks side by side, and how they were changed on the way.

A board is a frozen value. It holds no result; equal boards give equal months to the last bit. It
fits into a link and into a scenario file.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_ARMS = 3
LETTERS = "ABC"
"""By which columns are called."""
MOST_MONTHS = 360
FEWEST_PEOPLE, MOST_PEOPLE = 50, 100_000
"""Each column is a model of its own, and several pages may run theirs in one machine's memory."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a room changed in one stack from a month on.

    Attributes:
        month: First month it holds, 0 or more.
        dials: Dial and announced level in [0, 1], in the order they were set; others stay.
        words: Attribute of `Practices` such as `protection` or `payer`, and its value.
        decision: Key of the dilemma that it answers, empty for a change of the room's own.
        option: Key of the option chosen, empty likewise.
    """

    month: int
    dials: tuple[tuple[str, float], ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    decision: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """One column of the comparison.

    Attributes:
        label: What the room calls it.
        preset: Name of a bundled stack of practices without phases.
        changes: What was changed, by month; at month 0 the stack itself was edited.
        interventions: Names with settings, such as `cash_transfer:coverage=0.5`.
    """

    label: str
    preset: str
    changes: tuple[Change, ...] = ()
    interventions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that decides the months a room sees.

    Attributes:
        place: Name of a bundled place.
        arms: One to `MOST_ARMS` columns, under the same luck.
        months: Length, 12 to `MOST_MONTHS`.
        population: Simulated residents, `FEWEST_PEOPLE` to `MOST_PEOPLE`.
        seed: Root seed of the luck, 0 or more.
        replicate: Which draw of it, 0 or more.
        facts: Facts of the place that the room moved within their ranges, name and value.
        parameters: Parameters that it moved, `section.name` and value.
    """

    place: str
    arms: tuple[Arm, ...]
    months: int = 120
    population: int = 2_000
    seed: int = 1
    replicate: int = 0
    facts: tuple[tuple[str, float], ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
