"""A screen has one room, which is opened with its first vote and closed with the screen."""

import pytest
from workshop.conftest import SMALL
from workshop.test_votes import question

from parley_workshop.serve import Serving
from parley_workshop.votes import Rooms
from parley_workshop.words import Words

voting_panel = pytest.importorskip("parley_workshop.panels.voting")


@pytest.fixture
def rooms():
    return Rooms()


@pytest.fixture
def voting(rooms):
    return voting_panel.Voting(Words("en"), Serving(SMALL, lan=True), rooms)


def test_the_room_is_opened_with_the_first_vote_and_kept_for_the_next(voting, rooms):
    assert len(rooms) == 0
    room, first = voting.ask(question())
    again, second = voting.ask(question())
    assert again is room is rooms.find(room.code)
    assert (first.closed, second.closed, len(rooms)) == (True, False, 1)


def test_the_code_is_gone_with_the_screen(voting, rooms):
    room, poll = voting.ask(question())
    voting.close()
    voting.close()
    assert (rooms.find(room.code), poll.closed, len(rooms)) == (None, True, 0)


def test_phones_see_the_result_until_the_dialog_is_left(voting):
    room, poll = voting.ask(question())
    voting.finish()
    assert poll.closed
    assert room.poll is poll
    voting.end()
    assert room.poll is None


def test_a_vote_is_told_once_when_it_is_closed_and_only_if_somebody_voted(voting):
    told = []
    room, poll = voting.ask(question(), told.append)
    room.vote(room.new_phone(), poll.number, 1)
    voting.finish()
    voting.finish()
    voting.end()
    assert told == [poll]
    voting.ask(question(), told.append)
    voting.end()
    assert told == [poll]


def test_addresses_name_port_and_code(voting):
    assert voting.address().endswith(":8080/vote/")
    assert voting.address("BCDFGH").endswith(":8080/vote/BCDFGH")
