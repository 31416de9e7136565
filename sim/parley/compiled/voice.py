"""Voice against what was expected, in months of decision; twin of parts of `steps.appraise`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats
from parley.compiled.draws import fill
from parley.compiled.functions import tanh
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of, numbers_of

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel

DRAWS = 3
"""Draws of `appraisal.seen` for a person; the first is whether they hear of being left out."""


class Hearing(NamedTuple):
    """Numbers of `judge_voice`."""

    voice_gain: float
    intrinsic_voice: float
    voice_frustration: float
    exclusion_hurt: float
    seen: float
    held: float


class Voices(NamedTuple):
    """Columns and arrays of `judge_voice`: read, by village, written."""

    influence: Floats
    expected_influence: Floats
    attended: npt.NDArray[np.uint8]
    invited: npt.NDArray[np.uint8]
    village: npt.NDArray[np.uint16]
    absent: npt.NDArray[np.uint8]
    informed: npt.NDArray[np.uint8]
    signal_voice: Floats


@kernel
def fit(first: int, last: int, needs: Floats, agenda: Floats, alone: Floats, out: Floats) -> None:
    """How much better an agenda fits each person than another; see `room.influence`."""
    for block in range(first, last):
        low, high = rows_of(block, out.size)
        wanted, gain = needs[low:high], out[low:high]
        for i in range(high - low):
            ours, theirs = 0.0, 0.0
            for kind in range(agenda.size):
                ours += min(agenda[kind], wanted[i, kind])
                theirs += min(alone[kind], wanted[i, kind])
            gain[i] = ours - theirs


@kernel
def judge_voice(
    first: int, last: int, people: Voices, p: Hearing, key: npt.NDArray[np.uint64]
) -> None:
    """Voice of those who attended or know that they were left out; see `appraisal.voice_signal`."""
    draws = np.empty(DRAWS * BLOCK)
    for block in range(first, last):
        low, high = rows_of(block, people.signal_voice.size)
        fill(draws, DRAWS * low, DRAWS * (high - low), key)
        attended, invited = people.attended[low:high], people.invited[low:high]
        home, informed = people.village[low:high], people.informed[low:high]
        influence, expected = people.influence[low:high], people.expected_influence[low:high]
        voice = people.signal_voice[low:high]
        for i in range(high - low):
            voice[i], informed[i] = 0.0, attended[i]
            if attended[i]:
                surplus = influence[i] - expected[i]
                extra = p.intrinsic_voice if surplus >= 0.0 else -p.voice_frustration
                voice[i] = min(max(tanh(p.voice_gain * surplus) + extra, -1.0), 1.0)
            elif (
                p.held > 0.0
                and not invited[i]
                and not people.absent[home[i]]
                and draws[DRAWS * i] < p.seen
            ):
                voice[i] = -p.exclusion_hurt
                informed[i] = p.exclusion_hurt != 0.0


def influence(model: PartneringModel, crew: Crew, agenda: Floats, name: str) -> Floats:
    """Twin of `parley.steps.appraise.current_influence`, kept in a working array of that name."""
    out = crew.array(name)
    crew.run(fit, model.people["needs"], agenda, model.state.agenda_alone, out)
    return out


def hear(model: PartneringModel, crew: Crew, seen: float) -> None:
    """In a month of decision, voice against what was expected; else nobody has news of one.

    Args:
        model: the running model.
        crew: its threads and arrays.
        seen: chance that a person who did not attend sees what happens.
    """
    people, now = model.people, model.now
    if not now.is_agenda_month:
        people["informed"][:] = False
        people["signal_voice"][:] = 0.0
        return
    arrays: dict[str, Any] = {
        "influence": influence(model, crew, model.state.agenda, "influence"),
        "absent": now.absent,
    }
    held = float(now.rounds > 0)  # nobody is left out of a meeting that does not take place
    numbers = numbers_of(Hearing, model.p.appraisal, seen=seen, held=held)
    key = crew.key("appraisal.seen", now.index)
    crew.run(judge_voice, columns_of(Voices, people, **arrays), numbers, key)
