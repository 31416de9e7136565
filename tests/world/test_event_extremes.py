"""Events of the largest and smallest allowed size leave a run sound: books balance, ranges hold."""

from dataclasses import replace

import numpy as np
import pytest
import worlds
from world.dated import KINDS, dated
from world.helpers import finished
from world.test_contract import NEVER_NAN, SIGNED

from parley.event_kinds import EVENT_KINDS
from parley.registry import load_registry

MONTHS = 18


def at_an_end(kind, end):
    """The event at one end of its sizes, for a few months or for good."""
    bounds = EVENT_KINDS[kind].magnitude
    size = 0.0 if bounds is None else getattr(bounds, end)
    for_good = EVENT_KINDS[kind].lasting in ("good", "months or good")
    return dated(kind, 4, float(size), 0 if for_good else 6)


def beset(events):
    """A place that stands already, where people act and may be punished; money is counted."""
    at = replace(worlds.place(ramp_up_months=0.0), events=tuple(events))
    scenario = worlds.world(at=at, months=MONTHS, population=150)
    return scenario.with_parameters(
        **{"mobilisation.threshold_mean": 0.5, "risk.reprisal_per_visible_act": 0.3}
    )


def assert_sound(model):
    series = model.recorder.series
    for name in NEVER_NAN:
        assert np.isfinite(series[name]).all(), name
    for outcome in load_registry().outcomes:
        if outcome.level == "run":
            continue
        values = series[outcome.name]
        assert not np.isinf(values).any(), outcome.name
        low, high = np.nanmin(values, initial=0.0), np.nanmax(values, initial=0.0)
        if outcome.unit.startswith("share") or outcome.kind in ("index", "share"):
            assert high <= 1.0 + 1e-12, outcome.name
        if outcome.name not in SIGNED:
            assert low >= 0.0, outcome.name
    assert np.isfinite(model.people["income_now"]).all()
    assert ((model.people["security"] >= 0.0) & (model.people["security"] <= 1.0)).all()
    assert ((model.people["fear"] >= 0.0) & (model.people["fear"] <= 1.0)).all()


@pytest.mark.parametrize("end", ["minimum", "maximum"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_at_an_end_of_its_sizes(kind, end):
    assert_sound(finished(beset([at_an_end(kind, end)])))


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_all_kinds_at_an_end_of_their_sizes_twice_over(end):
    """All but the company's leaving, which would hide what the others do to it."""
    once = [at_an_end(kind, end) for kind in KINDS if kind != "company_leaves"]
    assert_sound(finished(beset(once * 2)))


def test_a_site_that_pays_away_all_its_revenue_runs_at_a_loss():
    """Five times a rate of 0.3 is more than everything: the rate stops at 1."""
    scenario = beset([dated("royalty_reform", 4, 5.0)])
    facts = replace(scenario.place.facts, royalty_rate_share=0.3)
    model = finished(replace(scenario, place=replace(scenario.place, facts=facts)))
    assert_sound(model)
    assert model.now.royalty == model.now.revenue > 0
    assert model.now.operating < 0
