"""Every system of the document does what it should between on and off, and only that.

The entries of `scenarios/systems.toml` say which outcomes must differ in a window of months, and
which may; every other outcome, and the record of events, must be the same to the bit. Both runs
share their luck.
"""

from dataclasses import replace

import pytest
from world.helpers import differing, finished

from parley.errors import ScenarioError
from parley.systems import System, Systems, load_systems
from parley.toml_files import merge

SYSTEMS = load_systems()
SEED = 1


def runs(system: System, systems: Systems = SYSTEMS):
    """The two runs of a system, with it and without it."""
    return [finished(systems.scenario(system, on=on), SEED) for on in (True, False)]


def wrong(system: System, one, other):
    """What differs and may not, and what must differ and does not."""
    found = set(differing(one, other, system.months))
    return found - {*system.must, *system.may}, set(system.must) - found


def test_every_system_has_an_entry():
    assert list(SYSTEMS.entries) == [f"Y{number:02}" for number in range(1, 62)]


@pytest.mark.parametrize("key", SYSTEMS.entries)
def test_on_against_off(key):
    system = SYSTEMS.entries[key]
    one, other = runs(system)
    assert wrong(system, one, other) == (set(), set())
    if system.same_until:
        assert differing(one, other, system.same_until) == []


@pytest.mark.parametrize("key", SYSTEMS.entries)
def test_no_entry_allows_everything(key):
    system = SYSTEMS.entries[key]
    recorded = set(finished(SYSTEMS.scenario(replace(system, months=1), on=True)).recorder.series)
    assert len(recorded - {*system.must, *system.may}) >= 5


def test_a_system_that_reached_further_would_be_found():
    """Communication, run with spending besides: what it may change is exceeded."""
    system = SYSTEMS.entries["Y52"]
    worse = replace(system, months=3, off=merge(system.off, {"practices": {"spends": False}}))
    beyond, missing = wrong(worse, *runs(worse))
    assert "community_spending" in beyond
    assert missing == set()


def test_a_system_without_effect_would_be_found():
    system = SYSTEMS.entries["Y52"]
    idle = replace(system, off=system.on)
    assert wrong(idle, *runs(idle)) == (set(), {"trust_company"})


def test_an_entry_without_contrast_is_refused(monkeypatch, tmp_path):
    text = """
[world]
place = "colombia"
[sets]
[Y01]
name = "Nothing"
lines = "1"
setting = "none"
must = ["trust_compny"]
moths = 3
"""
    (tmp_path / "systems.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("parley.systems.scenarios_folder", lambda: tmp_path)
    with pytest.raises(ScenarioError) as caught:
        load_systems()
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    for part in ("Y01.moths", "did you mean 'trust_company'", "has no contrast"):
        assert part in text
