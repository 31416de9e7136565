"""What a room has said goes into the address and comes back; nothing that is odd comes in."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop.conftest import SMALL
from workshop.test_links import link_of

from parley_workshop.board import Arm
from parley_workshop.plain import LARGEST, LinkError
from parley_workshop.said import (
    LONGEST,
    MOST_PASSED,
    MOST_PATHS,
    MOST_POINTS,
    MOST_VOTES,
    PAIRS,
    Said,
    Vote,
    from_text,
    to_text,
)
from parley_workshop.session import SPEEDS, Target
from parley_workshop.votes import MOST_VOTERS

THREE = replace(SMALL, arms=(*SMALL.arms, Arm("Own", "csr")), months=360)
OUTCOMES = st.sampled_from(["trust_company", "benefit", "active_share", "days_lost"])
GROUPS = st.sampled_from(["all", "marginalised", "town"])
MONTHS = st.integers(0, THREE.months - 1)
VALUES = st.floats(-9e14, 9e14)
PATHS = st.dictionaries(
    st.tuples(st.integers(0, 2), OUTCOMES, GROUPS),
    st.dictionaries(MONTHS, VALUES, min_size=1, max_size=MOST_POINTS).map(
        lambda found: tuple(sorted(found.items()))
    ),
    max_size=MOST_PATHS,
)
COUNTS = st.tuples(*(st.integers(0, MOST_VOTERS) for _ in range(3)))
NAMES = st.tuples(st.text(max_size=40), st.text(max_size=40))
VOTES = st.builds(Vote, OUTCOMES, st.sampled_from(PAIRS), GROUPS, MONTHS, NAMES, COUNTS)
PASSED = st.tuples(st.integers(0, 2), st.sampled_from(["price_crash", "force_used"]), MONTHS)
SAID = st.builds(
    Said,
    PATHS.map(lambda found: tuple(found.items())),
    st.none() | st.builds(Target, OUTCOMES, GROUPS, VALUES),
    st.lists(VOTES, max_size=5).map(tuple),
    st.lists(PASSED, max_size=5).map(tuple),
    st.booleans(),
    st.sampled_from(SPEEDS),
    st.none() | PASSED,
)

FEW = Said(
    predictions=(((0, "trust_company", "all"), ((0, 0.5), (12, 0.123456), (25, 0.7))),),
    target=Target("benefit", "all", 1234567.0),
    votes=(Vote("benefit", (0, 1), "all", 25, ("hsbp", "none"), (20, 10, 0)),),
    passed=((1, "price_crash", 8),),
    from_start=False,
    speed=30.0,
)


@given(SAID)
def test_all_that_was_said_comes_back_to_four_digits(said):
    text = to_text(said, THREE)
    kept = from_text(text, THREE)
    assert kept == said.fitting(THREE)
    assert to_text(kept, THREE) == text
    for (key, points), (same, told) in zip(said.predictions, kept.predictions, strict=True):
        assert key == same
        assert [m for m, _ in points] == [m for m, _ in told]
        for (_, value), (_, rounded) in zip(points, told, strict=True):
            assert rounded == pytest.approx(value, rel=5.1e-4, abs=0.0)


def test_nothing_said_is_no_text():
    assert to_text(Said(), SMALL) == ""
    assert from_text("", SMALL) == Said()


def test_what_a_usual_room_says_is_short():
    text = to_text(FEW, SMALL)
    assert len(text) < 450
    assert text.replace("-", "").replace("_", "").isalnum()
    assert from_text(text, SMALL).predictions[0][1][1] == (12, 0.1235)


def most(names):
    """As much as may be kept, of what is hardest to pack, with names of columns of some length."""
    draw = random.Random(1)

    def name():
        return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz_0123456789") for _ in range(names))

    def path():
        months = sorted(draw.sample(range(THREE.months), MOST_POINTS))
        return tuple((m, draw.uniform(-1, 1) * 10.0 ** draw.randint(-9, 9)) for m in months)

    outcomes, groups = ["trust_company", "benefit", "fear", "days_lost"], ["all", "town", "women"]
    keys = [(arm, outcome, group) for arm in range(3) for outcome in outcomes for group in groups]
    return Said(
        tuple((key, path()) for key in keys),
        Target("benefit", "town", 0.3),
        tuple(
            Vote("benefit", draw.choice(PAIRS), "all", k, (name(), name()), (500, 499, k))
            for k in range(MOST_VOTES)
        ),
        tuple((k % 3, f"dilemma_{k}", draw.randint(0, 300)) for k in range(MOST_PASSED)),
    )


def test_as_much_as_may_be_kept_is_read_again_and_of_more_the_latest_is():
    said = most(20)
    assert len(said.predictions) == MOST_PATHS
    assert from_text(to_text(said, THREE), THREE) == said.fitting(THREE)
    more = replace(said, votes=(*said.votes, FEW.votes[0]))
    kept = from_text(to_text(more, THREE), THREE)
    assert (len(kept.votes), kept.votes[-1]) == (MOST_VOTES, FEW.votes[0])


def test_where_names_are_very_long_the_latest_of_it_is_still_kept():
    said = most(200)
    text = to_text(said, THREE)
    assert len(text) <= LONGEST
    kept = from_text(text, THREE)
    assert 0 < len(kept.votes) <= MOST_VOTES
    assert kept.votes[-1] == said.votes[-1]
    assert kept.passed == said.passed


def test_what_takes_more_room_when_it_is_written_again_gives_way():
    """Letters of other scripts are short in a text of somebody's own making."""
    draw = random.Random(1)

    def name():
        return "".join(chr(draw.randint(0x4E00, 0x9FFF)) for _ in range(200))

    left = [[0, name(), 3] for _ in range(19)]
    odd = json.dumps(told(paths=[], votes=[], passed=left), ensure_ascii=False).encode()
    said = from_text(link_of(odd), SMALL)
    assert len(said.passed) == len(left)
    text = to_text(said, SMALL)
    assert len(text) <= LONGEST
    kept = from_text(text, SMALL).passed
    assert 0 < len(kept) < len(left)
    assert kept == said.passed[-len(kept) :]


def test_what_does_not_fit_the_board_any_more_is_not_written():
    alone = replace(SMALL, arms=SMALL.arms[:1])
    kept = from_text(to_text(FEW, alone), alone)
    assert (len(kept.predictions), kept.votes, kept.passed) == (1, (), ())
    short = replace(SMALL, months=20)
    kept = from_text(to_text(FEW, short), short)
    assert (kept.predictions, kept.votes, len(kept.passed)) == ((), (), 1)


def told(**changes):
    whole = {
        "format": 1,
        "paths": [[0, "benefit", "all", [0, 25], [0.5, 1]]],
        "target": ["benefit", "all", 3],
        "votes": [["benefit", 0, "all", 25, ["hsbp", "none"], [1, 2, 3]]],
        "passed": [[1, "price_crash", 8]],
        "start": True,
        "speed": 6,
    }
    return whole | changes


def test_the_gallery_begins_with_something_that_reads():
    said = from_text(link_of(told()), SMALL)
    assert said.predictions == (((0, "benefit", "all"), ((0, 0.5), (25, 1.0))),)
    assert said.votes[0].counts == (1, 2, 3)


@pytest.mark.parametrize(
    "changes",
    [
        {"paths": {}},
        {"paths": [[2, "benefit", "all", [0], [0.5]]]},
        {"paths": [[-1, "benefit", "all", [0], [0.5]]]},
        {"paths": [[True, "benefit", "all", [0], [0.5]]]},
        {"paths": [[0, "no_outcome", "all", [0], [0.5]]]},
        {"paths": [[0, "npv", "all", [0], [0.5]]]},
        {"target": ["trust_community", "all", 3]},
        {"votes": [["benefit", 0, "all", 25, ["\ud800", "none"], [1, 2, 3]]]},
        {"votes": [["npv", 0, "all", 25, ["hsbp", "none"], [1, 2, 3]]]},
        {"paths": [[0, "benefit", "../x", [0], [0.5]]]},
        {"paths": [[0, "benefit", "all", [26], [0.5]]]},
        {"paths": [[0, "benefit", "all", [-1], [0.5]]]},
        {"paths": [[0, "benefit", "all", [3, 3], [0.5, 0.5]]]},
        {"paths": [[0, "benefit", "all", [4, 3], [0.5, 0.5]]]},
        {"paths": [[0, "benefit", "all", [3, 4], [0.5]]]},
        {"paths": [[0, "benefit", "all", [], []]]},
        {"paths": [[0, "benefit", "all", [3], ["0.5"]]]},
        {"paths": [[0, "benefit", "all", [3], [float("nan")]]]},
        {"paths": [[0, "benefit", "all", [3], [float("inf")]]]},
        {"paths": [[0, "benefit", "all", [3], [10**400]]]},
        {"paths": [[0, "benefit", "all", list(range(26)) * 2, [0.5] * 52]]},
        {"paths": [[0, "benefit", "all", [0], [0.5]]] * 37},
        {"target": ["benefit", "all"]},
        {"target": ["benefit", "all", None]},
        {"target": ["<script>", "all", 1]},
        {"votes": [["benefit", 1, "all", 25, ["a", "b"], [1, 2, 3]]]},
        {"votes": [["benefit", 3, "all", 25, ["a", "b"], [1, 2, 3]]]},
        {"votes": [["benefit", 0, "all", 25, ["a"], [1, 2, 3]]]},
        {"votes": [["benefit", 0, "all", 25, ["a", "b" * 201], [1, 2, 3]]]},
        {"votes": [["benefit", 0, "all", 25, ["a", "b"], [1, 2]]]},
        {"votes": [["benefit", 0, "all", 25, ["a", "b"], [1, 2, -3]]]},
        {"votes": [["benefit", 0, "all", 25, ["a", "b"], [1, 2, 501]]]},
        {"votes": [["benefit", 0, "all", 99, ["a", "b"], [1, 2, 3]]]},
        {"passed": [[2, "price_crash", 8]]},
        {"passed": [[1, "price_crash", 26]]},
        {"passed": [[1, "/etc/passwd", 8]]},
        {"passed": [[1, "price_crash"]]},
        {"passed": 7},
        {"alike": [2, "price_crash", 8]},
        {"alike": []},
        {"start": 1},
        {"speed": 7},
        {"speed": float("nan")},
        {"speed": True},
        {"format": 2},
    ],
)
def test_what_is_odd_is_refused(changes):
    with pytest.raises(LinkError, match="what the room said"):
        from_text(link_of(told(**changes)), SMALL)


@pytest.mark.parametrize("key", ["paths", "target", "votes", "passed", "start", "speed"])
def test_what_is_incomplete_is_refused(key):
    data = told()
    del data[key]
    with pytest.raises(LinkError, match=f"incomplete.*{key}"):
        from_text(link_of(data), SMALL)


@given(st.text(min_size=1, max_size=200) | st.binary(max_size=200).map(link_of))
def test_any_text_is_refused_in_words(text):
    with pytest.raises(LinkError):
        from_text(text, SMALL)


def test_what_is_cut_short_too_long_or_unfolds_to_much_is_refused():
    with pytest.raises(LinkError):
        from_text(to_text(FEW, SMALL)[:-8], SMALL)
    with pytest.raises(LinkError, match=f"at most {LONGEST}"):
        from_text("a" * (LONGEST + 1), SMALL)
    with pytest.raises(LinkError, match="too much"):
        from_text(link_of(b" " * (2 * LARGEST)), SMALL)
