"""Quantiles of the priors, against the distributions they name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from parley.registry import Prior, load_registry

PRIORS = {key: p.prior for key, p in load_registry().parameters.items() if p.prior}
PROBABILITIES = [0.0, 0.01, 0.25, 0.5, 0.75, 0.99, 1.0]


@pytest.mark.parametrize("u", PROBABILITIES)
def test_uniform_is_scipys(u):
    assert Prior("uniform", -0.3, 0.8).ppf(u) == pytest.approx(stats.uniform(-0.3, 1.1).ppf(u))


@pytest.mark.parametrize("mode", [1.0, 1.5, 2.4, 3.0])
@pytest.mark.parametrize("u", PROBABILITIES)
def test_triangular_is_scipys(mode, u):
    reference = stats.triang((mode - 1.0) / 2.0, 1.0, 2.0).ppf(u)
    assert Prior("triangular", 1.0, 3.0, mode).ppf(u) == pytest.approx(reference, abs=1e-12)


def test_mass_at_the_lower_end():
    prior = Prior("zero_inflated_uniform", 0.0, 0.4, mass_at_low=0.5)
    assert [prior.ppf(u) for u in (0.0, 0.3, 0.5)] == [0.0, 0.0, 0.0]
    assert prior.ppf(0.75) == pytest.approx(0.2)
    assert prior.ppf(1.0) == pytest.approx(0.4)


def test_whole_numbers_are_equally_likely():
    prior = Prior("uniform", 2, 5, integer=True)
    draws = [prior.ppf((i + 0.5) / 400) for i in range(400)]
    assert {value: draws.count(value) for value in set(draws)} == {2: 100, 3: 100, 4: 100, 5: 100}


@pytest.mark.parametrize("u", [-0.1, 1.1, float("nan")])
def test_only_probabilities_are_taken(u):
    with pytest.raises(ValueError, match="probability"):
        Prior("uniform", 0.0, 1.0).ppf(u)


@given(st.sampled_from(sorted(PRIORS)), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_every_prior_stays_in_its_range_and_never_falls(key, u, v):
    prior = PRIORS[key]
    low, high = sorted((prior.ppf(u), prior.ppf(v)))
    assert prior.low <= low <= high <= prior.high
    if u <= v:
        assert prior.ppf(u) <= prior.ppf(v)
    if prior.integer:
        assert prior.ppf(u) == int(prior.ppf(u))


@pytest.mark.parametrize("key", sorted(PRIORS))
def test_every_draw_is_allowed(key):
    parameter = load_registry().parameters[key]
    assert all(parameter.allows(PRIORS[key].ppf(u)) for u in PROBABILITIES)
    assert (PRIORS[key].ppf(0.0), PRIORS[key].ppf(1.0)) == (PRIORS[key].low, PRIORS[key].high)
