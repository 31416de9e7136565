"""A screen has one room, which is opened with its first vote and waits when the screen has gone."""

import pytest
from workshop.conftest import SMALL
from workshop.test_votes import question

from parley_workshop.serve import Serving
from parley_workshop.votes import LEFT_SECONDS, Rooms
from parley_workshop.words import Words

voting_panel = pytest.importorskip("parley_workshop.panels.voting")


class Tab:
    """What a browser's tab keeps through a reload."""

    def __init__(self, secret="", by=None):
        self.secret, self.by, self.seen = secret, by, True

    def keep(self, secret):
        self.secret, self.by = secret, self

    def recall(self):
        return self.secret

    def is_copied(self):
        return self.by is not self

    def is_seen(self):
        return self.seen


class Time:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def rooms(time):
    return Rooms(clock=time)


@pytest.fixture
def new_voting(rooms):
    """The votes of one screen more."""

    def opened(tab=None):
        return voting_panel.Voting(Words("en"), Serving(SMALL, lan=True), rooms, tab)

    return opened


@pytest.fixture
def voting(new_voting):
    return new_voting()


def is_this(poll):
    return poll.question == question()


def test_the_room_is_opened_with_the_first_vote_and_kept_for_the_next(voting, rooms):
    assert len(rooms) == 0
    room, first = voting.ask(question())
    again, second = voting.ask(question())
    assert again is room is rooms.find(room.code)
    assert (first.closed, second.closed, len(rooms)) == (True, False, 1)


def test_a_room_left_behind_waits_with_its_vote_and_is_closed_in_the_end(voting, rooms, time):
    room, poll = voting.ask(question())
    voting.close()
    voting.close()
    time.now += LEFT_SECONDS - 1.0
    assert (rooms.find(room.code), poll.closed) == (room, False)
    time.now += 1.0
    assert (rooms.find(room.code), poll.closed, len(rooms)) == (None, True, 0)


@pytest.mark.parametrize("gone_first", [True, False])
def test_a_reload_finds_the_room_the_vote_and_its_counts(new_voting, rooms, gone_first, time):
    """The screen before it lives on for a while; it may end before or after the new one begins."""
    tab, told = Tab(), []
    before = new_voting(tab)
    room, poll = before.ask(question())
    phone, other = room.new_phone(), room.new_phone()
    room.vote(phone, poll.number, 1)
    if gone_first:
        before.close()
    after = new_voting(tab)
    after.told = told.append
    after.resume()
    if not gone_first:
        before.end()  # what its months still do does not reach the room
        before.close()
    time.now += 10 * LEFT_SECONDS
    assert after.room is room is rooms.find(room.code)
    assert after.under_way(is_this) is poll
    assert room.vote(other, poll.number, 1).value == "counted"
    after.finish()
    assert (told, poll.counts()) == ([poll], (0, 2, 0))
    assert after.ask(question())[0] is room


def test_the_room_is_found_when_it_is_first_needed_too(new_voting):
    tab = Tab()
    before = new_voting(tab)
    room, poll = before.ask(question())
    before.close()
    after = new_voting(tab)
    assert after.under_way(lambda _poll: False) is None
    assert after.room is room
    assert not poll.closed


def test_neither_another_tab_nor_a_phone_takes_a_room_over(new_voting, rooms):
    one = new_voting(Tab())
    room, _ = one.ask(question())
    phone = room.new_phone()
    for guess in ("", room.code, phone, phone.partition(".")[0], room.secret[:-1], "é"):
        tab = Tab()
        tab.keep(guess)
        other = new_voting(tab)
        other.resume()
        assert other.room is None
        assert rooms.take_up(guess) is None
    assert one.room is room
    assert room.code not in room.secret
    assert room.secret not in repr(room.poll) + room.now(phone)


def test_a_duplicated_tab_leaves_the_room_to_the_first_while_that_is_there(new_voting, rooms):
    tab = Tab()
    first = new_voting(tab)
    room, poll = first.ask(question())
    copy = Tab(tab.secret, tab)
    second = new_voting(copy)
    second.resume()
    assert (first.room, second.room) == (room, None)
    first.finish()
    assert poll.closed
    assert second.ask(question())[0] is not room  # a vote beside it has a room of its own
    assert (first.room, len(rooms)) == (room, 2)

    third = new_voting(Tab(tab.secret, tab))  # a tablet says of a reload that it is another tab
    tab.seen = False
    third.resume()
    assert (first.room, third.room) == (None, room)
    first.close()
    assert third.room is room
    again = new_voting(third._memory)
    again.resume()
    assert again.room is room


def test_a_room_that_waited_too_long_gives_way_to_a_new_one(new_voting, time):
    tab = Tab()
    before = new_voting(tab)
    room, _ = before.ask(question())
    before.close()
    time.now += LEFT_SECONDS
    after = new_voting(tab)
    after.resume()
    assert after.room is None
    fresh, _ = after.ask(question())
    assert fresh.code != room.code
    assert tab.secret == fresh.secret != room.secret


def test_phones_see_the_result_until_the_dialog_is_left(voting):
    room, poll = voting.ask(question())
    voting.finish()
    assert poll.closed
    assert room.poll is poll
    voting.end()
    assert room.poll is None


def test_a_vote_is_told_once_when_it_is_closed_and_only_if_somebody_voted(voting):
    told = []
    voting.told = told.append
    room, poll = voting.ask(question(), subject="prediction")
    assert poll.subject == "prediction"
    room.vote(room.new_phone(), poll.number, 1)
    voting.finish()
    voting.finish()
    voting.end()
    assert told == [poll]
    voting.ask(question())
    voting.end()
    assert told == [poll]


def test_addresses_name_port_and_code(voting):
    assert voting.address().endswith(":8080/vote/")
    assert voting.address("BCDFGH").endswith(":8080/vote/BCDFGH")
