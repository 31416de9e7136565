"""Officials in the place of residents: a mix of their own interest and the majority's needs."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parley.mechanisms.proxy import officials_view

shares = st.floats(0.0, 1.0)
weights = st.lists(st.floats(0.01, 1.0), min_size=6, max_size=6)


def params(own, services):
    return SimpleNamespace(official_own_share=own, official_services_share=services)


def test_by_hand():
    view = officials_view(np.array([0.4, 0.6, 0, 0, 0, 0]), params(0.25, 0.4))
    # own: 0.6 / 6 = 0.1 everywhere, and 0.4 more on services
    assert view == pytest.approx([0.325, 0.475, 0.025, 0.025, 0.125, 0.025], abs=1e-12)


@given(weights, shares, shares)
def test_a_view_is_a_composition(parts, own, services):
    majority = np.array(parts) / sum(parts)
    view = officials_view(majority, params(own, services))
    assert view.sum() == pytest.approx(1.0, abs=1e-12)
    assert (view >= 0.0).all()


@given(weights, shares)
def test_officials_without_an_interest_of_their_own_speak_for_the_majority(parts, services):
    majority = np.array(parts) / sum(parts)
    assert (officials_view(majority, params(0.0, services)) == majority).all()


def test_many_places_at_once():
    majorities = np.stack((np.eye(6)[0], np.eye(6)[5]))
    views = officials_view(majorities, params(0.5, 0.0))
    assert views.shape == (2, 6)
    assert views[1] == pytest.approx([1 / 12] * 5 + [7 / 12], abs=1e-12)
