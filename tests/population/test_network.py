"""Ties: a symmetric small world with the asked degree, reach, homophily and leaders."""

import dataclasses
import time

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.network import Ties, build_ties
from parley.registry import default_parameters
from parley.streams import Streams

DEFAULT = default_parameters().influence


def tie(people, seed=0, ratio=3.0, **changes):
    p = dataclasses.replace(DEFAULT, leader_degree_ratio=ratio, **changes)
    return build_ties(people, p, Streams(seed, 0))


def ends(ties):
    return np.repeat(np.arange(ties.n), ties.degree), ties.indices


def share_alike(ties, column):
    one, other = ends(ties)
    return (column[one] == column[other]).mean()


@pytest.fixture(scope="module")
def town(make_people):
    return make_people(6000, villages=8)


@settings(max_examples=30)
@given(
    n=st.integers(50, 400),
    villages=st.integers(1, 20),
    degree=st.integers(2, 12),
    inside=st.floats(0, 1),
    homophily=st.floats(0, 1),
    rewiring=st.floats(0, 1),
    seed=st.integers(0, 1000),
)
def test_ties_are_simple_symmetric_and_as_many_as_asked(
    make_people, n, villages, degree, inside, homophily, rewiring, seed
):
    ties = tie(
        make_people(n, villages=villages, root_seed=seed),
        seed,
        mean_degree=degree,
        inside_share=inside,
        homophily_share=homophily,
        rewiring_share=rewiring,
    )
    one, other = ends(ties)
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    assert len(pairs) == len(one)
    assert all((b, a) in pairs and a != b for a, b in pairs)
    assert ties.indptr.dtype == ties.indices.dtype == np.int32
    assert (np.diff(ties.indices)[one[1:] == one[:-1]] > 0).all()
    assert ties.degree.sum() == len(ties.indices) == ties.indptr[-1]
    assert ties.degree.mean() == pytest.approx(degree, rel=0.1)


@pytest.mark.parametrize("degree", [2, 5, 8, 13, 40])
def test_mean_degree(town, degree):
    assert tie(town, mean_degree=degree).degree.mean() == pytest.approx(degree, rel=0.02)


@pytest.mark.parametrize("inside", [0.0, 0.5, 0.8, 1.0])
def test_share_of_ties_inside_the_village(town, inside):
    assert share_alike(tie(town, inside_share=inside), town["village"]) == pytest.approx(
        inside, abs=0.015
    )


@pytest.mark.parametrize("homophily", [0.0, 0.25, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("inside", [0.0, 0.8, 1.0])
def test_homophily_is_what_was_asked(town, homophily, inside):
    """Coleman's index: (own share - chance)/(1 - chance). At 0 the own share is chance."""
    group, village = town["group"].astype(int), town["village"].astype(int)
    of_group = np.bincount(group)[group]
    cell = np.bincount(village * 3 + group)[village * 3 + group]
    size = town.village_sizes[village]
    chance_inside = ((cell - 1) / (size - 1)).mean()
    chance_outside = ((of_group - cell) / (town.n - size)).mean()
    chance = inside * chance_inside + (1 - inside) * chance_outside
    # without leaders, whose ties weigh more
    ties = tie(town, ratio=1.0, homophily_share=homophily, inside_share=inside)
    index = (share_alike(ties, group) - chance) / (1 - chance)
    assert index == pytest.approx(homophily, abs=0.025)


def test_small_world(make_people):
    """Clustering of a ring lattice of degree 8 is 9/14; it falls with rewiring to about nothing."""
    village = make_people(400, villages=1)
    clustering, length = {}, {}
    for rewiring in (0.0, 0.1, 1.0):
        ties = tie(
            village, ratio=1.0, inside_share=1.0, homophily_share=0.0, rewiring_share=rewiring
        )
        graph = networkx.Graph(zip(*(e.tolist() for e in ends(ties)), strict=True))
        clustering[rewiring] = networkx.average_clustering(graph)
        length[rewiring] = networkx.average_shortest_path_length(graph)
    assert clustering[0.0] == pytest.approx(9 / 14, abs=1e-9)
    assert clustering[0.1] == pytest.approx(9 / 14 * 0.9**3, abs=0.04)
    assert clustering[1.0] == pytest.approx(8 / 400, abs=0.015)
    assert length[0.0] == pytest.approx(400 / 16, rel=0.03)
    assert length[0.1] < 5
    assert length[1.0] < 4


def test_default_ties_reach_everybody_and_cluster(town):
    ties = tie(town)
    graph = networkx.Graph(zip(*(e.tolist() for e in ends(ties)), strict=True))
    assert graph.number_of_nodes() == town.n
    assert networkx.is_connected(graph)
    random = DEFAULT.mean_degree / town.n
    assert networkx.average_clustering(graph) > 30 * random


@pytest.mark.parametrize("ratio", [1.0, 3.0, 6.0])
def test_leaders_have_more_ties(town, ratio):
    ties = tie(town, ratio=ratio)
    leaders = town["leader"]
    measured = ties.degree[leaders].mean() / ties.degree[~leaders].mean()
    assert measured == pytest.approx(ratio, rel=0.06)
    assert ties.degree.mean() == pytest.approx(8, rel=0.02)


@pytest.mark.parametrize("changes", [{"villages": 1}, {"villages": 50}, {"tags": ()}])
def test_shares_give_way_before_the_degree(make_people, changes):
    """One village has no outside, villages of one have no inside."""
    people = make_people(50, **changes)
    ties = tie(people, inside_share=0.5)
    assert ties.degree.mean() == pytest.approx(8, rel=0.1)


def test_more_ties_than_people_are_cut(make_people):
    ties = tie(make_people(50, villages=1), mean_degree=40)
    assert 30 <= ties.degree.mean() <= 49
    assert ties.degree.max() <= 49


def test_same_luck_same_ties(make_people):
    one, same = make_people(500), make_people(500)
    np.testing.assert_array_equal(tie(one).indices, tie(same).indices)
    assert not np.array_equal(tie(one).indptr, tie(one, seed=1).indptr)


# --- means over neighbours ----------------------------------------------------------------------


@given(n=st.integers(1, 30), seed=st.integers(0, 2**32 - 1), share=st.floats(0, 0.5))
def test_row_mean_agrees_with_a_loop(n, seed, share):
    generator = np.random.default_rng(seed)
    one, other = np.nonzero(np.triu(generator.random((n, n)) < share, 1))
    ties = Ties.from_pairs(n, one, other)
    for x in (generator.normal(size=n), generator.random((n, 3)), generator.random(n) < 0.5):
        mean = ties.row_mean(x)
        assert mean.dtype == np.float64
        assert mean.shape == x.shape
        for i in range(n):
            near = [*other[one == i], *one[other == i]]
            assert sorted(near) == ties.neighbours(i).tolist()
            expected = x[near].mean(axis=0) if near else x[i]
            np.testing.assert_allclose(mean[i], expected, atol=1e-14)


def test_row_mean_repeats_exactly_and_leaves_its_argument(town):
    ties = tie(town)
    x = np.random.default_rng(0).normal(size=(town.n, 2))
    held = x.copy()
    first = ties.row_mean(x)
    np.testing.assert_array_equal(first, ties.row_mean(x))
    np.testing.assert_array_equal(x, held)
    np.testing.assert_array_equal(first[:, 1], ties.row_mean(x[:, 1]))
    np.testing.assert_allclose(ties.row_mean(np.ones(town.n)), 1.0, rtol=1e-15)


def test_nobody_has_ties():
    ties = Ties.from_pairs(3, np.array([], int), np.array([], int))
    assert ties.row_mean(np.array([1.0, 2.0, 3.0])).tolist() == [1.0, 2.0, 3.0]
    assert ties.neighbours(1).tolist() == []


def test_neighbours_can_be_seen_as_people(town):
    ties = tie(town)
    friends = town[ties.neighbours(5)]
    assert len(friends) == ties.degree[5]
    assert friends.agg("income", np.mean) == pytest.approx(ties.row_mean(town["income"])[5])


def test_memory_of_a_tie(town):
    """A person of degree 8: 96 bytes of entries, 20 of row bookkeeping."""
    assert tie(town).nbytes / town.n == pytest.approx(8 * 12 + 4 + 8 + 8, rel=0.01)


@pytest.mark.slow
def test_a_hundred_thousand_people_are_tied_in_a_second(make_people):
    people = make_people(100_000, villages=30)
    start = time.process_time()
    tie(people)
    assert time.process_time() - start < 1.0
