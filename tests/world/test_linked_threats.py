"""Linked threats: what moves one security reaches those it is linked to, and only those."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.helpers import differing, finished

from parley.build import resting_pressure
from parley.couplings import linked_pairs, read_pairs
from parley.errors import RegistryError
from parley.mechanisms.harm import coupling_pressure
from parley.model import PartneringModel
from parley.registry import default_parameters
from parley.scenario_types import NEEDS

P = default_parameters().harm
SAFETY, LIVELIHOOD, LAND, HEALTH, SERVICES, DIGNITY = range(6)


def linked(strength, breadth):
    return {"harm.threat_coupling_per_month": strength, "harm.coupling_breadth": breadth}


def test_the_file_links_pairs_of_securities():
    pairs = linked_pairs()
    assert pairs.shape == (6, 6)
    assert not np.diag(pairs).any()
    assert pairs.sum() == pytest.approx(30.0), "as strong in all as if all pairs were alike"
    assert pairs[LIVELIHOOD, SAFETY] > 0.0, "insecurity of the second wears the first"
    assert pairs[LAND].sum() == 0.0, "nothing in the file wears down land"


@pytest.mark.parametrize(
    "change",
    [
        {"to": "safety"},
        {"to": "money"},
        {"weight": 0.0},
        {"weight": "much"},
        {"source": None},
        {"more": 1},
    ],
)
def test_a_bad_pair_is_refused(change):
    pair = {"from": "safety", "to": "land", "weight": 1.0, "source": "assumption"}
    pair |= {"where": "", "grade": "assumption"}
    assert read_pairs([pair])[LAND, SAFETY] == 30.0
    bad = {k: v for k, v in (pair | change).items() if v is not None}
    with pytest.raises(RegistryError, match=r"couplings.toml: pair 1 "):
        read_pairs([bad])
    with pytest.raises(RegistryError, match="twice"):
        read_pairs([pair, pair])


def test_breadth_mixes_all_pairs_and_known_pairs():
    w = np.array([0.5, 0.8, 0.9, 0.7, 0.6, 1.0])
    p = {b: replace(P, threat_coupling_per_month=0.02, coupling_breadth=b) for b in (0.0, 0.5, 1.0)}
    narrow, half, broad = (coupling_pressure(w, linked_pairs(), p[b]) for b in (0.0, 0.5, 1.0))
    assert half == pytest.approx((narrow + broad) / 2.0)
    assert narrow == pytest.approx(0.02 * linked_pairs() @ (1.0 - w))
    assert broad == pytest.approx(0.02 * ((1.0 - w).sum() - (1.0 - w)))
    assert narrow[LAND] == 0.0


def test_a_place_with_linked_threats_rests_as_it_starts_while_links_are_weak():
    world = worlds.world().with_parameters(**linked(0.002, 0.5))
    model = PartneringModel(world)
    w = model.people["security"]
    pressure = model.base_pressure
    assert (pressure >= 0.0).all()
    drag = coupling_pressure(w, linked_pairs(), model.p.harm)
    moved = P.security_repair_per_month * (1.0 - w) - (pressure + drag) * w
    rests = pressure > 0.0
    assert np.abs(moved[rests]).max() < 1e-12
    assert rests.mean() > 0.9
    alone = resting_pressure(w, default_parameters().harm)
    assert (alone >= pressure).all()


def test_unlinked_threats_move_alone_and_linked_ones_together():
    """P23: what income does to livelihood reaches the kinds linked to it, by the pairs only."""
    income = "livelihood.security_response_per_month"
    far = {}
    for name, link in {
        "apart": linked(0.0, 0.0),
        "pairs": linked(0.02, 0.0),
        "all": linked(0.02, 1.0),
    }.items():
        world = worlds.world().with_parameters(**link)
        on, off = (finished(world.with_parameters(**{income: x})) for x in (0.1, 0.0))
        far[name] = np.abs(on.people["security"] - off.people["security"]).max(axis=0)
    moved = {name: [NEEDS[k] for k in np.flatnonzero(x)] for name, x in far.items()}
    assert moved["apart"] == ["livelihood"]
    assert "land" not in moved["pairs"]
    assert {"livelihood", "safety", "health_water", "dignity"} <= set(moved["pairs"])
    assert moved["all"] == list(NEEDS)


def test_breadth_is_nothing_without_coupling():
    one, two = (finished(worlds.world().with_parameters(**linked(0.0, b))) for b in (0.0, 1.0))
    assert differing(one, two) == []


def test_secure_in_all_is_at_most_secure_in_each():
    series = finished(worlds.world()).recorder.series
    parts = np.array([series[f"secure_{need}"] for need in NEEDS])
    whole = series["freedom_from_want"]
    assert (whole <= parts.min(axis=0) + 1e-12).all()
    assert (whole >= parts.sum(axis=0) - 5.0 - 1e-12).all()
