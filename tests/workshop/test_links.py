"""A board in a link: whole, small, and nothing but data."""

import base64
import json
import zlib
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workshop.conftest import SMALL

from parley.errors import ParleyError
from parley.results import MODEL_VERSION
from parley_workshop.board import MOST_PEOPLE, Arm, Board, Change
from parley_workshop.links import from_link, part_of, read_link, to_link
from parley_workshop.plain import LARGEST, LinkError

NAMES = st.from_regex(r"[a-z][a-z_]{0,20}", fullmatch=True)
LEVELS = st.floats(0.0, 1.0)
CHANGES = st.builds(
    Change,
    st.integers(0, 359),
    st.lists(st.tuples(NAMES, LEVELS), max_size=5).map(tuple),
    st.lists(st.tuples(NAMES, NAMES), max_size=3).map(tuple),
    NAMES,
    NAMES,
)
ARMS = st.builds(Arm, st.text(max_size=30), NAMES, st.lists(CHANGES, max_size=4).map(tuple))
BOARDS = st.builds(
    Board,
    NAMES,
    st.lists(ARMS, min_size=1, max_size=3).map(tuple),
    st.integers(12, 360),
    st.integers(50, 10**6),
    st.integers(0, 2**62),
    st.integers(0, 1000),
    st.lists(st.tuples(NAMES, LEVELS), max_size=4).map(tuple),
)


def link_of(data):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


def saved(**changes):
    return {"format": 1, "model": MODEL_VERSION, "board": asdict(SMALL) | changes}


@given(BOARDS)
def test_any_board_comes_back_whole(board):
    assert from_link(to_link(board)) == (board, "")


def test_a_usual_board_is_a_short_link_of_plain_letters():
    link = to_link(SMALL)
    assert len(link) < 300
    assert link.replace("-", "").replace("_", "").isalnum()


def test_another_version_of_the_model_is_told():
    _, warning = from_link(link_of(saved() | {"model": "1"}))
    assert warning == f"made with version 1 of the model, shown with version {MODEL_VERSION}"


@given(st.text(max_size=200))
def test_any_text_is_refused_in_words(text):
    with pytest.raises(LinkError):
        from_link(text)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(raw):
    with pytest.raises(LinkError):
        from_link(link_of(raw))


@pytest.mark.parametrize(
    "changes",
    [
        {"place": "/etc/passwd"},
        {"place": "../secret"},
        {"place": "own.toml"},
        {"place": 3},
        {"place": "x" * 201},
        {"months": "12"},
        {"months": True},
        {"arms": {}},
        {"arms": [asdict(Arm("half a \ud800 letter", "hsbp"))]},
        {"arms": [{"label": "a"}]},
        {"arms": [asdict(Arm("a", "C:\\x"))]},
        {"arms": [asdict(Arm("a", "hsbp"))] * 201},
        {"facts": [["a", "b"]]},
        {"facts": [["a"]]},
        {"facts": [["spoiler_presence", 10**400]]},
        {"parameters": [["a.b", -(10**400)]]},
        {"arms": [asdict(Arm("a", "hsbp", (Change(3, (("sharing", 10**400),)),)))]},
    ],
)
def test_paths_and_wrong_kinds_are_refused(changes):
    with pytest.raises(LinkError, match="saved board"):
        from_link(link_of(saved(**changes)))


def test_a_small_link_cannot_unfold_to_much():
    with pytest.raises(LinkError, match="too much"):
        from_link(link_of(b" " * (2 * LARGEST)))


def test_a_link_cut_short_is_refused():
    with pytest.raises(LinkError):
        from_link(to_link(SMALL)[:-8])


def test_too_long_a_link_is_refused_with_what_is_allowed():
    with pytest.raises(LinkError, match="9000 characters; at most 8000"):
        from_link("a" * 9000)


def test_names_that_do_not_exist_are_left_to_the_run():
    board = replace(SMALL, place="atlantis")
    assert from_link(to_link(board))[0] == board


def test_a_link_is_read_bare_or_within_an_address():
    link = to_link(SMALL)
    assert read_link(f" {link}\n") == (SMALL, "")
    assert read_link(f" http://localhost:8080/es?board={link}&month=3&group=all ") == (SMALL, "")
    assert read_link(f"board={link}") == (SMALL, "")


def test_a_link_of_another_version_still_reads_and_says_so():
    _, warning = read_link(link_of(saved() | {"model": "1"}))
    assert "version 1 of the model" in warning


def test_a_link_to_a_place_that_is_none_is_refused():
    with pytest.raises(ParleyError, match="atlantis"):
        read_link(to_link(replace(SMALL, place="atlantis")))
    with pytest.raises(ParleyError, match="arms"):
        read_link(to_link(replace(SMALL, arms=())))


def test_a_link_to_more_people_than_the_page_takes_is_refused_with_the_next_step():
    most = replace(SMALL, population=MOST_PEOPLE)
    assert read_link(to_link(most))[0] == most
    told = r"population = 100001: .*a whole number from 50 to 100000 .*parley run"
    with pytest.raises(ParleyError, match=told):
        read_link(to_link(replace(SMALL, population=MOST_PEOPLE + 1)))


def test_parts_of_an_address():
    address = "http://localhost/en?board=a_b&month=3&said=-x&stops=0#top"
    found = [part_of(address, name) for name in ("board", "month", "said", "stops", "aid", "en")]
    assert found == ["a_b", "3", "-x", "0", "", ""]
