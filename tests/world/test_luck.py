"""The same order gives the same bits, whoever runs it, and nothing else changes the luck."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import worlds
from world.helpers import PRESETS, differing, digest, events, finished, small, started

from parley.event_kinds import EVENT_KINDS
from parley.model import PartneringModel
from parley.results import RunSpec
from parley.runner import run
from parley.scenario_types import TimedEvent

FOLDER = Path(__file__).parents[1]
SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import worlds
from world.helpers import digest, finished
print(digest(finished(worlds.world(months=12)).recorder.series))
"""


@pytest.mark.parametrize("seed", [0, 2**40])
def test_twice_is_the_same(seed):
    world = worlds.world(months=18)
    assert differing(finished(world, seed), finished(world, seed)) == []


def test_another_seed_or_replicate_is_another_run():
    world = worlds.world(months=18)
    runs = [finished(world, *luck) for luck in ((0, 0), (0, 1), (1, 0), (1, 1))]
    assert len({digest(model.recorder.series) for model in runs}) == 4
    assert "trust_company" in differing(runs[0], runs[1])


def test_arms_start_from_the_same_people_and_share_their_luck():
    """Before the practices do anything, two arms are the same place."""
    one, other = (PartneringModel(small("colombia", preset), 3, 4) for preset in ("none", "hsbp"))
    assert differing(one, other) == []
    assert (one.ties.indices == other.ties.indices).all()


def test_runs_that_interleave_do_not_mix():
    world = worlds.world(months=10)
    one, other = PartneringModel(world, 5), PartneringModel(world, 5)
    for _ in range(5):
        one.step()
    for _ in range(10):
        other.step()
    for _ in range(5):
        one.step()
    assert differing(one, other) == []


# --- processes ----------------------------------------------------------------------------------


def test_one_process_or_two():
    """Runs sent to two fresh processes come back with the bits of runs made here."""
    specs = [
        RunSpec(small(place, "hsbp", 6, 60), replicate, 9)
        for place in ("bosnia", "colombia")
        for replicate in (0, 1)
    ]
    here = [run(spec) for spec in specs]
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=fresh) as pool:
        there = list(pool.map(run, specs))
    assert [digest(r.series) for r in here] == [digest(r.series) for r in there]
    assert [events_of(r) for r in here] == [events_of(r) for r in there]
    assert [(r.finals, r.identity) for r in here] == [(r.finals, r.identity) for r in there]


def events_of(result):
    return [(e.month, e.kind, e.actor, e.target, repr(e.amount)) for e in result.events]


def test_the_seed_of_python_s_hashes_changes_nothing():
    """Sets and dictionaries of strings are walked in another order under another hash seed."""
    found = set()
    for hash_seed in ("1", "4294967295"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(FOLDER)],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert found == {digest(finished(worlds.world(months=12)).recorder.series) + "\n"}


# --- what must not matter -----------------------------------------------------------------------


def test_a_stream_that_nobody_uses_changes_nothing():
    """Drawing from a new stream in every month, before and between steps, is not noticed."""
    world = worlds.world(months=12)
    plain, curious = PartneringModel(world, 2), PartneringModel(world, 2)
    plain.run_model()
    for month in range(12):
        curious.streams.uniform("test.unused", month, 1000)
        curious.streams.normal("test.unused", month, (3, 5))
        curious.streams.generator("room.meet", month).random(50)
        curious.step()
    assert differing(plain, curious) == []


def test_a_draw_from_a_stream_in_use_is_not_noticed_either():
    """Streams have no history: reading one early leaves its later draws as they are."""
    world = worlds.world(months=6)
    plain, curious = PartneringModel(world), PartneringModel(world)
    plain.run_model()
    for month in range(6):
        curious.streams.uniform("mobilisation.redecide", month + 1, 7)
        curious.step()
    assert differing(plain, curious) == []


def test_looking_at_people_changes_nothing():
    world = worlds.world(months=6)
    plain, watched = PartneringModel(world), PartneringModel(world)
    for _ in range(6):
        plain.step()
        watched.step()
        assert sum(person.trust_company for person in watched.people) > 0.0
        watched.people.shuffle()
        watched.people.groupby("group").count()
    assert differing(plain, watched) == []


def test_a_note_in_the_timeline_changes_nothing():
    place = worlds.place()
    noted = replace(
        place,
        events=(*place.events, TimedEvent(5, date(2012, 6, 1), "note", "Noted", 0.9, 3, "x")),
    )
    plain = finished(worlds.world(months=24))
    same = finished(worlds.world(at=noted, months=24))
    assert differing(plain, same) == []


def with_event(kind, magnitude, threshold=0.5):
    """Two years of a tense place whose stack does not share, one of them with an event."""
    event = TimedEvent(12, date(2013, 1, 1), kind, "Event", magnitude, 6, "assumption")
    place = replace(worlds.place(), events=())
    stack = worlds.practices(0.6, sharing=0.0)
    tense = {"mobilisation.threshold_mean": threshold, "risk.reprisal_per_visible_act": 0.3}
    plain = worlds.world(stack, place, months=24).with_parameters(**tense)
    return finished(plain), finished(replace(plain, place=replace(place, events=(event,))))


OTHERWISE_TRIED = {"note", "vote"}
"""Kinds with a test of their own: one changes nothing, one is known beforehand."""

SIZES = {
    "price_shock": 0.3,
    "accident": 0.4,
    "peace_accord": 0.5,
    "violence": 2.0,
    "leader_killed": 0.5,
    "armed_groups": 2.0,
    "protest_wave": 0.5,
    "contact_ban": 0.0,
    "civic_space": 0.2,
    "strike": 0.2,
    "output_change": 0.5,
    "emission_change": 3.0,
    "ownership_change": 1.0,
    "company_leaves": 0.0,
    "royalty_reform": 2.0,
    "state_income": 0.5,
    "livelihood_shock": 0.5,
}


@pytest.mark.parametrize("kind", [kind for kind in EVENT_KINDS if kind not in OTHERWISE_TRIED])
def test_every_other_kind_of_event_changes_something_and_nothing_before_its_month(kind):
    """An event in month 12 leaves months 0 to 11 alone; a kind without a size here fails.

    A stack that shares would see dated changes of price, output and royalty beforehand, since they
    enter the rent foreseen at the start; the stack of this test does not share.
    """
    plain, hit = with_event(kind, SIZES[kind])
    assert [name for name in differing(plain, hit) if name != "events"]
    assert differing(plain, hit, months=12) == []


def test_a_vote_is_known_beforehand_and_moves_the_municipality_alone():
    """Nobody acts here: a blockade by those whom the state has let down would stop the site."""
    plain, hit = with_event("vote", 0.0, threshold=2.0)
    before = differing(plain, hit, months=12)
    assert "state_benefit" in before
    assert not {"benefit", "process_cost", "profit", "harm"} & set(before)


# --- one more month -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "preset"),
    [("replay", "hsbp"), ("replay", "none"), *(("process", preset) for preset in PRESETS)],
)
def test_one_more_month_leaves_the_earlier_ones_alone(preset, source):
    """The first 13 months of a run of 13 and of a run of 14 are the same bits.

    The horizon enters in one place alone: a stack that shares compares its rent with the mean
    foreseen at the start over the whole run, and a longer run foresees another mean. With that
    one number held, every stack has the property; without it, every stack that does not share.
    """
    short = finished(small("colombia", preset, 13, 100, price_source=source))
    longer = PartneringModel(small("colombia", preset, 14, 100, price_source=source))
    longer.company.expected_rent = short.company.expected_rent
    longer.run_model()
    assert differing(short, longer, months=13) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_only_sharing_stacks_see_how_long_the_run_will_be(preset):
    """What the test above holds fixed: the rent foreseen depends on the horizon, and only sharing
    reads it. So months of a sharing run may be compared between runs of one length only."""
    short, longer = (finished(small("colombia", preset, months, 100)) for months in (18, 24))
    assert short.company.expected_rent != longer.company.expected_rent
    shares = short.site_team.levels.sharing > 0.0
    assert (differing(short, longer, months=18) == []) == (not shares)


def test_a_run_can_be_stopped_anywhere():
    """Stepping to month 9 of a run of 36 gives what the run of 36 had in month 9."""
    world = worlds.world()
    part, whole = started(world, 9), finished(world)
    assert differing(part, whole, months=9) == []
    assert events(part) == events(whole, 9)
