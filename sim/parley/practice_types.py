"""What a stack of partnering practices is, and what it is in each of its phases."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal, Self

DIALS: tuple[str, ...] = (
    "locally_driven",
    "inclusive",
    "forward_looking",
    "trust_conduct",
    "sharing",
    "mapping",
    "facilitation",
    "communication",
    "protocols",
    "monitoring",
    "complaints_desk",
    "consultation_methods",
    "checklist",
    "digital",
    "joint_training",
    "documentation",
    "bespoke_metrics",
    "remedy_forum",
)
"""The eighteen partnering practices. The order is fixed; arrays follow it."""

UNPROTECTED = "none"
"""The word for a stack that shields nobody."""


@dataclass(frozen=True, slots=True)
class Practices:
    """A stack of partnering practices. Rules read the columns, never the name."""

    key: str
    label: str
    nominal: tuple[float, ...]
    """Announced level of each dial, in [0, 1], in the order of `DIALS`."""
    owner: Literal["company", "joint", "ngo", "un", "state"]
    payer: Literal["company", "pooled", "donor", "state"]
    admits: Literal["organisations", "individuals", "leaders", "officials"]
    """Who may enter the room; with `officials` nobody does, and local government speaks instead."""
    protection: Literal["none", "anonymity", "proxy", "pacing"]
    """What shields those who take part from being seen; each costs information."""
    judge: Literal["company", "joint", "outside"]
    """Who decides about complaints."""
    forum_separation: float
    """How far claims about the past are kept apart from the partnership, in [0, 1]."""
    spends: bool
    """False: the community budget stays unspent."""
    delivers: bool
    """False: delivery money leaves for outside suppliers."""
    transfer_share: float
    """Part of the delivery budget paid out per head instead of as projects, in [0, 1]."""
    hires_staff: bool
    hooks_connected: bool
    """False: practices are paid for but change nothing."""
    price_multiplier: float
    """Multiplies the price of every practice; 0 makes them free."""
    note: str
    initiator: Literal["owner", "company", "state", "ngo", "community"] = "owner"
    """Whose agenda opens the talks; `owner` derives it from who owns the process."""
    outside_share: float = 0.0
    """Part of the delivery budget spent where the firm has no plant, in [0, 1]."""
    apology: int = 0
    """Month of an apology that opens talks about an agreement; 0 for none."""
    disclosure: bool = False
    """Whether reporting is compulsory, with expulsion of a firm that falls below the standard."""
    phases: tuple[Phase, ...] = ()
    """Stacks that follow each other, the first from month 0; empty for one stack throughout."""
    repeat_months: int = 0
    """Length of a turn after which the phases start again (months); 0 to stay in the last."""

    def without_practices(self) -> Self:
        """The same stack with nothing announced."""
        return dataclasses.replace(self, nominal=(0.0,) * len(self.nominal))

    @property
    def offers_process(self) -> bool:
        """Whether anything is announced that would be carried out and not just paid for."""
        return self.hooks_connected and any(self.nominal)

    def in_force(self, month: int) -> Practices:
        """The stack in force in a month of the run, counted from 0; itself without phases."""
        turn = month % self.repeat_months if self.repeat_months else month
        stack = self
        for phase in self.phases:
            if phase.from_month <= turn:
                stack = phase.practices
        return stack

    def first_months(self, months: int) -> Self:
        """A copy with only those phases that begin within so many months."""
        phases = tuple(phase for phase in self.phases if phase.from_month < months)
        return dataclasses.replace(self, phases=phases)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stack of practices that is in force from some month on."""

    from_month: int
    """Months after the start of the run, or of the turn where phases repeat; 0 or more."""
    practices: Practices
