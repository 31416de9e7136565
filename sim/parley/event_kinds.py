"""What a dated event may do: a closed set of kinds, each of which moves one input of the model.

No kind touches what people feel or do. Trust, grievance, protest and value are for the model to
produce, so what happened between a firm and its neighbours enters as a `note` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from parley.reading import Bounds

type Combine = Literal["add", "multiply", "flag", "nothing"]
"""How a size joins what the input would be: added (0 changes nothing), multiplied (1 changes
nothing), a yes or no, or not at all."""

type Lasting = Literal["month", "months", "good", "months or good"]
"""How long: its month, the months it states, for good, or the latter where it states 0 months."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of dated event.

    Attributes:
        key: Its name in files.
        label: Its name on pages.
        changes: Which input it changes and how, in words.
        input: Field of `event_effects.EventEffects`, empty for a note.
        combine: How sizes join.
        lasting: How long it holds.
        magnitude: Allowed size with its unit, None when the kind has none.
    """

    key: str
    label: str
    changes: str
    input: str
    combine: Combine
    lasting: Lasting
    magnitude: Bounds | None = None

    @property
    def months(self) -> Bounds | None:
        """Allowed length, None when the kind has none."""
        match self.lasting:
            case "months":
                return Bounds(1, 1200, "months", integer=True)
            case "months or good":
                return Bounds(0, 1200, "months", integer=True)
            case _:
                return None


_SHARE = Bounds(0.0, 1.0, "share")
_CUT = Bounds(0.0, 1.0, "ratio")
_RATIO = Bounds(0.0, 5.0, "ratio")

_ALL = (
    EventKind(
        "price_shock",
        "Price shock",
        "added to the log price of what the company sells, on top of the recorded or drawn price",
        "price_shock",
        "add",
        "months",
        Bounds(-3.0, 3.0, "log price"),
    ),
    EventKind(
        "accident",
        "Accident",
        "added to the environmental burden in its month; the burden then fades at its usual rate",
        "accident",
        "add",
        "month",
        Bounds(0.0, 10.0, "index"),
    ),
    EventKind(
        "peace_accord",
        "Peace accord",
        "multiplies what wears down residents' safety, for good; below 1 where violence falls",
        "safety_pressure",
        "multiply",
        "good",
        Bounds(0.0, 2.0, "ratio"),
    ),
    EventKind(
        "violence",
        "Violence",
        "multiplies what wears down residents' safety while it lasts",
        "safety_pressure",
        "multiply",
        "months",
        _RATIO,
    ),
    EventKind(
        "leader_killed",
        "Leader killed",
        "added to the share of acquaintances of whom residents hear that they were punished",
        "reprisals_heard",
        "add",
        "month",
        _SHARE,
    ),
    EventKind(
        "armed_groups",
        "Armed groups come or go",
        "multiplies the presence of those who punish people seen to take part",
        "spoilers",
        "multiply",
        "months or good",
        _RATIO,
    ),
    EventKind(
        "protest_wave",
        "Protest elsewhere",
        "added to the share of others whom residents see acting; the residents decide themselves",
        "protest_wave",
        "add",
        "months",
        Bounds(0.0, 1.0, "share of residents"),
    ),
    EventKind(
        "contact_ban",
        "Meetings banned",
        "multiplies the reach of meetings while a pandemic or a curfew lasts",
        "meeting_reach",
        "multiply",
        "months",
        _CUT,
    ),
    EventKind(
        "civic_space",
        "Law on civic space",
        "multiplies the reach of meetings for good, as a law on associations may",
        "meeting_reach",
        "multiply",
        "good",
        _CUT,
    ),
    EventKind(
        "strike",
        "Strike",
        "multiplies output while it lasts, for reasons between the company and its workers",
        "output",
        "multiply",
        "months",
        _CUT,
    ),
    EventKind(
        "output_change",
        "Change of output",
        "multiplies output, as an expansion, an embargo or the closing of a unit does",
        "output",
        "multiply",
        "months or good",
        _RATIO,
    ),
    EventKind(
        "emission_change",
        "Change of emissions",
        "multiplies what the site emits at a given output, for good",
        "emission",
        "multiply",
        "good",
        _RATIO,
    ),
    EventKind(
        "ownership_change",
        "Ownership change",
        "the share of the company's posts that change hands in its month",
        "posts_change",
        "add",
        "month",
        _SHARE,
    ),
    EventKind(
        "company_leaves",
        "Closure or exit",
        "the company leaves in its month, whatever its result",
        "leaves",
        "flag",
        "month",
    ),
    EventKind(
        "royalty_reform",
        "Royalty reform",
        "multiplies the royalty rate for good; who receives it is the place's producing_area_share",
        "royalty",
        "multiply",
        "good",
        _RATIO,
    ),
    EventKind(
        "state_income",
        "Change of state money",
        "multiplies what local government has to spend of its own",
        "state_income",
        "multiply",
        "months or good",
        _RATIO,
    ),
    EventKind(
        "livelihood_shock",
        "Shock to livelihoods",
        "multiplies what residents earn without the company: drought, flood, a fallen currency",
        "outside_income",
        "multiply",
        "months or good",
        _RATIO,
    ),
    EventKind(
        "vote",
        "Municipal election",
        "a municipal election falls in its month; whether the government changes is drawn",
        "vote",
        "flag",
        "month",
    ),
    EventKind("note", "Note", "changes nothing; for readers only", "", "nothing", "month"),
)

EVENT_KINDS: dict[str, EventKind] = {kind.key: kind for kind in _ALL}
"""Every kind by its name."""
