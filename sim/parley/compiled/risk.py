"""Who is seen and punished, and who is afraid; twin of `parley.steps.risk.face_reprisal`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parley.arrays import Floats, Ints
from parley.compiled.draws import WORDS, unit, words
from parley.compiled.jit import BLOCK, kernel, rows_of
from parley.compiled.numbers import columns_of
from parley.compiled.ties import Rows, count_ties
from parley.steps.risk import cover

if TYPE_CHECKING:
    from parley.compiled.crew import Crew
    from parley.model import PartneringModel


class Seen(NamedTuple):
    """Numbers of `punish` and `fear_more`.

    `chance` is that of a single visible act, `told` what all hear of reprisals besides.
    """

    records: float
    traces: float
    active_exposure: float
    chance: float
    kept: float
    from_force: float
    from_neighbours: float
    told: float
    anybody: float


class Visible(NamedTuple):
    """Columns and arrays of both kernels: read, written."""

    attended: npt.NDArray[np.uint8]
    filed: npt.NDArray[np.int8]
    connected: npt.NDArray[np.uint8]
    active: npt.NDArray[np.uint8]
    cover: Floats
    sheltered: Floats
    forced: npt.NDArray[np.uint8]
    hit: npt.NDArray[np.uint8]
    fear: Floats
    hits: Ints


@kernel
def punish(first: int, last: int, people: Visible, p: Seen, key: npt.NDArray[np.uint64]) -> None:
    """Who meets a reprisal; only those who were seen draw. See `risk.visible_acts`."""
    for block in range(first, last):
        low, high = rows_of(block, people.hit.size)
        count = 0
        people.hit[low:high] = 0
        for row in range(np.uint64(low), np.uint64(high)):
            if people.attended[row] | people.active[row] | (people.filed[row] != 0):
                took_part = np.float64(people.attended[row]) + people.filed[row]
                named = took_part * ((1.0 + p.records) + p.traces * people.connected[row])
                acts = named * (1.0 - people.cover[row])
                acts = (acts + p.active_exposure * people.active[row]) * (
                    1.0 - people.sheltered[row]
                )
                luck = unit(words(row // WORDS, key)[row % WORDS])
                if luck < min(p.chance * acts, 1.0):
                    people.hit[row] = 1
                    count += 1
        people.hits[block] = count


@kernel
def fear_more(first: int, last: int, people: Visible, ties: Rows, p: Seen) -> None:
    """Fear fades, leaps in whoever is hit and spreads along ties; see `risk.step_fear`."""
    heard = np.zeros(BLOCK, dtype=np.uint32)
    for block in range(first, last):
        low, high = rows_of(block, people.hit.size)
        size = high - low
        if p.anybody > 0.0:
            count_ties(ties, people.hit, low, heard[:size])
        begin, end = ties.starts[low:high], ties.starts[low + 1 : high + 1]
        hit, forced, fear = people.hit[low:high], people.forced[low:high], people.fear[low:high]
        for i in range(size):
            degree = np.int64(end[i]) - np.int64(begin[i])
            share = np.int64(heard[i]) / max(degree, np.int64(1))
            share = share if degree > 0 else np.float64(hit[i])
            known = min(share + p.told, 1.0)
            shock = max(np.float64(hit[i]), p.from_force * forced[i])
            fear[i] = min((p.kept * fear[i] + shock) + p.from_neighbours * known, 1.0)


def face_reprisal(model: PartneringModel, crew: Crew) -> None:
    """Those seen to take part may be punished; fear spreads from them and fades."""
    people, now, p, levels = model.people, model.now, model.p.risk, model.site_team.levels
    hits = crew.array("hits", np.int64, (crew.blocks,))
    hidden = np.broadcast_to(np.asarray(cover(model), dtype=np.float64), (people.n,))
    arrays: dict[str, Any] = {
        "filed": now.filed,
        "cover": hidden,
        "sheltered": model.policy.sheltered,
        "forced": model.state.forced,
        "hits": hits,
    }
    columns = columns_of(Visible, people, **arrays)
    facts = model.world.place.facts
    spoilers = model.effects.spoiler_presence(facts.spoiler_presence, now.index)
    numbers = Seen(
        float(p.record_exposure * levels.documentation),
        float(p.trace_exposure * levels.digital),
        float(p.active_exposure),
        float(spoilers * p.reprisal_per_visible_act),
        float(1.0 - p.fear_fading_per_month),
        float(p.fear_from_force),
        float(p.fear_from_neighbours),
        float(model.effects.reprisals_heard[now.index]),
        0.0,
    )
    crew.run(punish, columns, numbers, crew.key("risk.reprisal", now.index))
    count = int(hits.sum())
    if count:
        model.note("reprisal", "spoilers", "residents", float(count))
    crew.run(fear_more, columns, crew.ties, numbers._replace(anybody=float(count)))
