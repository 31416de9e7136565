"""M13: opinions and experience along ties (T-D11)."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.linalg import spsolve

from parley.mechanisms.influence import gossip, step_opinion
from parley.registry import default_parameters

P = default_parameters().influence
PEOPLE = 2000

share = st.floats(0.0, 1.0)


def random_ties(seed):
    """Row-normalised symmetric ties, mean degree about 8; the lonely listen to themselves."""
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, PEOPLE, (4 * PEOPLE, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    ties = sparse.coo_matrix((np.ones(len(ends)), ends.T), shape=(PEOPLE, PEOPLE)).tocsr()
    ties.data[:] = 1.0
    degree = np.asarray(ties.sum(axis=1)).ravel()
    ties = ties + sparse.diags((degree == 0).astype(float))
    return (sparse.diags(1.0 / np.maximum(degree, 1.0)) @ ties).tocsr()


@pytest.mark.parametrize("susceptibility", [0.0, 0.3, 0.8])
def test_opinions_settle_at_the_closed_form(susceptibility):
    """T-D11: (I - s W)^-1 (1 - s) o_own on a random network, to 1e-9."""
    p = replace(P, opinion_susceptibility=susceptibility)
    ties = random_ties(6)
    own = np.random.default_rng(7).random(PEOPLE)
    opinion = np.full(PEOPLE, 0.5)
    for _ in range(150):
        opinion = step_opinion(own, ties @ opinion, p)
    identity = sparse.identity(PEOPLE)
    exact = spsolve((identity - susceptibility * ties).tocsc(), (1.0 - susceptibility) * own)
    assert np.max(np.abs(opinion - exact)) < 1e-9


def test_settled_opinions_lie_closer_together_than_views():
    own = np.random.default_rng(8).random(PEOPLE)
    ties = random_ties(9)
    opinion = own
    for _ in range(60):
        opinion = step_opinion(own, ties @ opinion, replace(P, opinion_susceptibility=0.6))
    assert np.std(opinion) < 0.7 * np.std(own)
    assert np.mean(opinion) == pytest.approx(np.mean(own), abs=0.02)


def test_null_switches():
    p = replace(P, opinion_susceptibility=0.0, gossip_discount=0.0)
    own = np.array([0.1, 0.9])
    assert step_opinion(own, 0.5, p).tolist() == own.tolist()
    good, bad = gossip(own, own, 1.0, 1.0, p)
    assert (good.tolist(), bad.tolist()) == (own.tolist(), own.tolist())


def test_gossip_by_hand():
    p = replace(P, gossip_discount=0.5, bad_news_factor=2.0)
    good, bad = gossip(np.array([0.0, 0.9]), np.array([0.0, 0.1]), 0.4, 0.4, p)
    assert good == pytest.approx([0.2, 1.0], abs=1e-15)
    assert bad == pytest.approx([0.4, 0.5], abs=1e-15)


@settings(max_examples=50)
@given(share, share, share)
def test_opinion_lies_between_view_and_ties(own, neighbours, susceptibility):
    p = replace(P, opinion_susceptibility=susceptibility)
    opinion = step_opinion(own, neighbours, p)
    assert min(own, neighbours) - 1e-15 <= opinion <= max(own, neighbours) + 1e-15
    assert 0.0 <= opinion <= 1.0


@settings(max_examples=50)
@given(share, share, share, share, share, st.floats(1.0, 5.0))
def test_gossip_adds_and_stays_within_bounds(good, bad, their_good, their_bad, discount, factor):
    p = replace(P, gossip_discount=discount, bad_news_factor=factor)
    heard_good, heard_bad = gossip(good, bad, their_good, their_bad, p)
    assert good <= heard_good <= 1.0
    assert bad <= heard_bad <= 1.0
