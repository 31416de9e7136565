"""Columns, blocks and the sums over them."""

import pickle

import mesa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.blocks import Blocks
from parley.errors import RunError
from parley.person import Person, columns_of
from parley.population import Population
from parley.scenario_types import Group, Tag


def a_group(i, marginalised=False):
    return Group(f"g{i}", f"G{i}", 0.5, 0.5, marginalised, 1.0, (1.0, 0, 0, 0, 0, 0), 0.5, 0.5)


def a_tag(i, marginalised=False):
    return Tag(f"t{i}", f"T{i}", marginalised, (0.5,), 1.0, 1.0, 1.0)


@st.composite
def settlements(draw):
    """Blocks over up to 4 villages, 3 groups (one may be empty) and 2 tags."""
    villages, kinds, tags = (
        draw(st.integers(1, 4)),
        draw(st.integers(1, 3)),
        draw(st.integers(0, 2)),
    )
    per_village = st.lists(
        st.tuples(st.integers(0, kinds - 1), st.integers(0, 2**tags - 1)), min_size=1, max_size=12
    )
    rows = [(v, *kind) for v in range(villages) for kind in draw(per_village)]
    village, group, combination = np.array(sorted(rows)).T
    bits = combination[:, None] >> np.arange(tags)[::-1] & 1
    low = draw(st.lists(st.booleans(), min_size=5, max_size=5))
    return Blocks(
        village,
        group,
        bits.astype(bool),
        [a_group(i, low[i]) for i in range(kinds)],
        [a_tag(i, low[3 + i]) for i in range(tags)],
    ), (village, group, bits.astype(bool), np.array(low))


@given(settlements(), st.integers(0, 2**32 - 1))
def test_sums_agree_with_plain_masks(made, seed):
    blocks, (village, group, tags, low) = made
    generator = np.random.default_rng(seed)
    marginalised = low[group] | (tags & low[3 : 3 + tags.shape[1]]).any(axis=1)
    masks = [
        np.ones(blocks.n, bool),
        *(group == g for g in range(blocks.n_groups)),
        *tags.T,
        marginalised,
    ]
    assert len(masks) == len(blocks.reporting_groups)
    for x in (generator.normal(size=blocks.n), generator.random((blocks.n, 3)), marginalised):
        sums, means = blocks.report_sum(x), blocks.report_mean(x)
        for i, mask in enumerate(masks):
            np.testing.assert_array_equal(blocks.member(blocks.reporting_groups[i]), mask)
            assert blocks.report_counts[i] == mask.sum()
            np.testing.assert_allclose(sums[i], x[mask].sum(axis=0), atol=1e-12)
            expected = x[mask].mean(axis=0) if mask.any() else np.full(x.shape[1:], np.nan)
            np.testing.assert_allclose(means[i], expected, atol=1e-12)
        for v in range(blocks.n_villages):
            np.testing.assert_allclose(
                blocks.village_sum(x)[v], x[village == v].sum(axis=0), atol=1e-12
            )
            np.testing.assert_allclose(
                blocks.village_mean(x)[v], x[village == v].mean(axis=0), atol=1e-12
            )
        for b, (start, size) in enumerate(
            zip(blocks.block_starts, blocks.block_sizes, strict=True)
        ):
            np.testing.assert_allclose(
                blocks.block_sum(x)[b], x[start : start + size].sum(axis=0), atol=1e-12
            )


@given(settlements())
def test_blocks_are_the_runs_of_equal_people(made):
    blocks, (village, group, tags, _) = made
    assert blocks.block_sizes.min() >= 1
    assert blocks.block_sizes.sum() == blocks.n == blocks.village_sizes.sum()
    kinds = set(zip(village.tolist(), group.tolist(), map(tuple, tags.tolist()), strict=True))
    assert blocks.n_blocks == len(kinds)
    np.testing.assert_array_equal(blocks.spread_block(blocks.block_village), village)
    np.testing.assert_array_equal(blocks.spread_block(blocks.block_group), group)
    np.testing.assert_array_equal(blocks.spread_block(blocks.block_tags), tags)
    np.testing.assert_array_equal(blocks.spread_village(np.arange(blocks.n_villages)), village)
    two = np.arange(2 * blocks.n_villages).reshape(-1, 2)
    np.testing.assert_array_equal(blocks.spread_village(two), two[village])


def test_reporting_groups_by_hand():
    blocks = Blocks(
        np.array([0, 0, 0, 1]),
        np.array([0, 0, 1, 0]),
        np.array([[False], [True], [False], [True]]),
        [a_group(0), a_group(1, marginalised=True)],
        [a_tag(0)],
    )
    assert blocks.reporting_groups == ("all", "g0", "g1", "t0", "marginalised")
    assert blocks.report_counts.tolist() == [4, 3, 1, 2, 1]
    x = np.array([1.0, 2.0, 4.0, 8.0])
    assert blocks.report_mean(x).tolist() == [3.75, 11 / 3, 4.0, 5.0, 4.0]
    assert blocks.village_mean(x).tolist() == [7 / 3, 8.0]


@pytest.mark.parametrize(
    ("village", "group", "message"),
    [
        ([], [], "at least one"),
        ([1, 0], [0, 0], "sorted"),
        ([0, 0], [1, 0], "sorted"),
        ([0, 2], [0, 0], "village 1 has no people"),
        ([1, 1], [0, 0], "village 0 has no people"),
    ],
)
def test_wrong_layouts_are_refused(village, group, message):
    tags = np.zeros((len(village), 0), bool)
    with pytest.raises(RunError, match=message):
        Blocks(np.array(village, int), np.array(group, int), tags, [a_group(0), a_group(1)], [])


def test_sums_refuse_arrays_of_another_length(make_people):
    people = make_people(60)
    with pytest.raises(ValueError, match="expected 60 rows"):
        people.block_sum(np.zeros(59))
    with pytest.raises(KeyError):
        people.member("nobody")


def test_every_declared_column_is_there(make_people):
    people = make_people(200)
    declared = {column.name: column for column in columns_of(Person)}
    assert set(people.columns) == set(declared) | {"tag_women", "tag_displaced"}
    for name, column in declared.items():
        array = people[name]
        assert array.dtype == column.dtype
        assert array.shape == ((200, column.width) if column.width else (200,))
        assert array.flags.c_contiguous
        assert np.isfinite(array.astype(float)).all()
        assert column.meaning
    assert {people[n].dtype for n in ("village", "group")} == {np.dtype(np.int16)}
    assert people["rung"].dtype == np.int8
    assert people["needs"].shape == people["security"].shape == (200, 6)


def test_memory_of_a_person(make_people):
    """One number a column: 54 of 8 bytes, 6 wide, and small ones. A change here is deliberate."""
    people = make_people(1000)
    declared = sum(c.dtype.itemsize * max(c.width, 1) for c in columns_of(Person))
    assert people.nbytes == 1000 * (declared + 2)
    assert 350 <= people.nbytes / 1000 <= 450


def test_writing_a_column_keeps_the_array(make_people):
    people = make_people(60)
    held = people["benefit"]
    people["benefit"] = np.arange(60)
    people["benefit"] += 1
    people.set("benefit", people["benefit"] * 2)
    assert people["benefit"] is held
    assert held.tolist() == [2.0 * (i + 1) for i in range(60)]
    people["security"] = 0.25
    assert (people["security"] == 0.25).all()


def test_what_people_are_sorted_by_cannot_be_written(make_people):
    people = make_people(60)
    for name in ("village", "group", "block", "tag_women"):
        with pytest.raises(AttributeError, match="sorted"):
            people[name] = 0
        with pytest.raises(ValueError, match="read-only"):
            people[name][:] = 0
    with pytest.raises(TypeError):
        people.columns["benefit"] = np.zeros(60)
    with pytest.raises(KeyError, match="did you mean 'benefit'"):
        people["benefits"] = 0


def test_added_columns(make_people):
    people = make_people(60)
    assert people.add_column("visits", 0).dtype == np.int64
    assert people.add_column("hope", 0.5).dtype == np.float64
    assert people.add_column("met", False).dtype == np.bool_
    people["visits"][7] = 3
    assert people[7].visits == 3
    people[7].hope = 1.0
    assert people["hope"].sum() == 30.5
    for taken in ("visits", "income", "model", "tag_women", "row"):
        with pytest.raises(ValueError, match="already"):
            people.add_column(taken, 0)
    for wrong in ("two words", "_hidden", "1st"):
        with pytest.raises(ValueError, match="cannot be the name"):
            people.add_column(wrong, 0)


def test_columns_given_by_hand():
    model = mesa.Model(rng=1)
    given = {"village": np.array([0, 1]), "group": np.array([0, 0]), "income": np.array([1, 3])}
    people = Population(model, given, [a_group(0)], [])
    assert people["income"].tolist() == [1.0, 3.0]
    assert people["trust_company"].tolist() == [0.0, 0.0]
    with pytest.raises(RunError, match="'income' has shape"):
        Population(model, given | {"income": np.zeros(3)}, [a_group(0)], [])
    with pytest.raises(RunError, match="unknown columns of people: luck"):
        Population(model, given | {"luck": np.zeros(2)}, [a_group(0)], [])


def test_pickle_round_trip(make_people):
    people = make_people(60)
    people["benefit"][3] = 2.0
    person = people[3]
    copy = pickle.loads(pickle.dumps(person)).population
    assert copy is not people
    assert copy[3].benefit == 2.0
    copy[3].benefit = 5.0
    assert copy["benefit"][3] == 5.0
    assert people["benefit"][3] == 2.0
    with pytest.raises(AttributeError, match="sorted"):
        copy["village"] = 0
    for name, column in people.columns.items():
        if name != "benefit":
            np.testing.assert_array_equal(column, copy[name])
