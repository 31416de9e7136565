"""What one month of one stack looks like on the page: plain numbers, cheap to send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Village:
    """One village in one month.

    Attributes:
        trust: Mean trust in the company, 0 to 1.
        grievance: Mean grievance at the company, 0 to 1.
        acting: Share of residents who act in the open, 0 to 1.
        harm: Mean harm, 0 to 1.
        paid: Benefits that reached the village, median monthly incomes a resident.
    """

    trust: float
    grievance: float
    acting: float
    harm: float
    paid: float


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of the model's record.

    Attributes:
        kind: As in the results, e.g. `blockade`.
        actor: Who.
        target: To whom; may be empty.
        amount: How much; NaN where there is no amount.
    """

    kind: str
    actor: str
    target: str
    amount: float


@dataclass(frozen=True, slots=True)
class Frame:
    """One month of one stack.

    Attributes:
        arm: Index of the stack on the board.
        month: From 0.
        values: Outcome -> one value a reporting group (the order of `Opening.groups`); NaN where
            it has no value.
        villages: One entry a village.
        happenings: What happened in the month.
        practices: Dial -> announced, funded, executed level, each 0 to 1.
        money: Name -> median monthly incomes a resident in the month: `budget` and what became
            of it, and `process`, what the practices cost.
        price: Price relative to its reference, 1 at the reference.
    """

    arm: int
    month: int
    values: dict[str, tuple[float, ...]]
    villages: tuple[Village, ...]
    happenings: tuple[Happening, ...]
    practices: dict[str, tuple[float, float, float]]
    money: dict[str, float]
    price: float


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of one stack before its first month.

    Attributes:
        arm: Index of the stack on the board.
        groups: Keys of the reporting groups, `all` first.
        labels: Their names.
        village_sizes: Residents of each village.
        village_groups: Share of each of the place's groups in each village.
        ties: Pairs of people for a sketch of the network, at most 600; each person as
            (village, number within the sketch).
    """

    arm: int
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    village_sizes: tuple[int, ...]
    village_groups: tuple[tuple[float, ...], ...]
    ties: tuple[tuple[int, int], ...]

    def place_of(self, group: str) -> int:
        """Where a reporting group stands in rows of values; everybody's where there is none."""
        return self.groups.index(group) if group in self.groups else 0


@dataclass(frozen=True, slots=True)
class Ended:
    """The last word of one stack.

    Attributes:
        arm: Index of the stack on the board.
        problem: Empty when all months were run, else why not, for the room.
    """

    arm: int
    problem: str = ""
